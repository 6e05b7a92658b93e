//! What was typed. Nothing here looks at the system: what has to be looked up waits as a step, in
//! the order in which it was typed.

use std::ffi::OsString;

use crate::grammar::{Letter, Scanner};
use crate::output::style::{FlagStyle, InfoShown, Letters};
use crate::plan::Endpoints;
use crate::repeat::Repeat;

/// How names are understood (`-f`, `+f`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NameMode {
    /// Mount points stand for their file systems.
    #[default]
    Either,
    /// `-f`: every name is a plain file.
    Files,
    /// `+f`: every name is a file system.
    FileSystems,
}

/// What `+d` and `+D` cross (`-x`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crossing {
    pub(crate) file_systems: bool,
    pub(crate) links: bool,
}

/// What has to be done or said in the order of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An option error and its text, without the program's name.
    Error(Vec<u8>),
    /// An option error whose text `-w` suppresses.
    QuietableError(Vec<u8>),
    /// A text that is no error.
    Notice(Vec<u8>),
    /// `-c`
    Command(Vec<u8>),
    /// `-p`
    Pids(Vec<u8>),
    /// `-g` with a list.
    Groups(Vec<u8>),
    /// `-u`
    Users(Vec<u8>),
    /// `-d`
    Slots(Vec<u8>),
    /// `-i`
    Network(Option<Vec<u8>>),
    /// `-s` with states.
    States(Vec<u8>),
    /// `+d`, `+D`
    Directory {
        path: Vec<u8>,
        deep: bool,
        crossing: Crossing,
    },
    /// `-e`, `+e`
    Exempt { path: Vec<u8>, plus: bool },
    /// `-Z`
    Context(Option<Vec<u8>>),
}

/// What `-F` asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldChoice {
    pub(crate) letters: Letters,
    /// `0`: NUL ends a field.
    pub(crate) nul: bool,
    /// Something other than `p` and `m` was named.
    pub(crate) named: bool,
}

/// Everything that was typed.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// `-a`
    pub(crate) all: bool,
    /// `-b`
    pub(crate) avoid: bool,
    /// `+c`; 0: none.
    pub(crate) command_limit: usize,
    /// `-E`, `+E`
    pub(crate) endpoints: Endpoints,
    /// `-f`, `+f` without letters.
    pub(crate) name_mode: NameMode,
    /// `+fg`, `+fG`
    pub(crate) flag_column: bool,
    /// How flags are written, if anything said so.
    pub(crate) flag_style: Option<FlagStyle>,
    /// `-fg` behind `-F`: no flags there either.
    pub(crate) flags_off: bool,
    /// `-F`
    pub(crate) fields: Option<FieldChoice>,
    /// `-F ?`
    pub(crate) field_help: bool,
    /// `-g`
    pub(crate) group_column: bool,
    /// `-h`, `-?`
    pub(crate) help: bool,
    /// `-H`
    pub(crate) human: bool,
    /// `-J`
    pub(crate) json: bool,
    /// `-j`
    pub(crate) json_lines: bool,
    /// `-K`; `Some(false)`: `-K i`.
    pub(crate) tasks: Option<bool>,
    /// `-l`
    pub(crate) numeric_users: bool,
    /// `+L`
    pub(crate) links_column: bool,
    /// `+L` with digits; a later `-L` or `+L` makes it 0.
    pub(crate) links_below: Option<u64>,
    /// `+m`
    pub(crate) report_mounts: bool,
    /// `+m F`
    pub(crate) supplement: Option<Vec<u8>>,
    /// `+M`
    pub(crate) portmap: bool,
    /// Off with `-n`.
    pub(crate) host_names: bool,
    /// `-N`
    pub(crate) nfs: bool,
    /// `-o` without digits.
    pub(crate) offset_column: bool,
    /// `-o` with digits; 0: none.
    pub(crate) offset_digits: usize,
    /// `-O`
    pub(crate) direct: bool,
    /// Off with `-P`.
    pub(crate) port_names: bool,
    /// `-Q`
    pub(crate) forgive: bool,
    /// `-r`, `+r`
    pub(crate) repeat: Option<Repeat>,
    /// `+r`, also one that does not repeat.
    pub(crate) until_none: bool,
    /// `-R`
    pub(crate) parent_column: bool,
    /// `-s` without states.
    pub(crate) size_column: bool,
    /// `-S`, seconds.
    pub(crate) timeout: u64,
    /// `-t`
    pub(crate) terse: bool,
    /// `-T`
    pub(crate) info: InfoShown,
    /// `-U`
    pub(crate) unix: bool,
    /// `-v`
    pub(crate) version: bool,
    /// `-V`
    pub(crate) verbose: bool,
    /// Off with `-w`, `-t`.
    pub(crate) warnings: bool,
    /// `-x`
    pub(crate) crossing: Option<Crossing>,
    /// `-X`
    pub(crate) skip_inet: bool,
    pub(crate) steps: Vec<Typed>,
    /// The words that are no options.
    pub(crate) names: Vec<OsString>,
}

/// What is done in the order of the command line, under what was typed before it.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) step: Step,
    /// Whether warnings were on.
    pub(crate) warnings: bool,
    /// Whether calls that may block were to be avoided.
    pub(crate) avoid: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            all: false,
            avoid: false,
            command_limit: 9,
            endpoints: Endpoints::None,
            name_mode: NameMode::Either,
            flag_column: false,
            flag_style: None,
            flags_off: false,
            fields: None,
            field_help: false,
            group_column: false,
            help: false,
            human: false,
            json: false,
            json_lines: false,
            tasks: None,
            numeric_users: false,
            links_column: false,
            links_below: None,
            report_mounts: false,
            supplement: None,
            portmap: false,
            host_names: true,
            nfs: false,
            offset_column: false,
            offset_digits: 8,
            direct: false,
            port_names: true,
            forgive: false,
            repeat: None,
            until_none: false,
            parent_column: false,
            size_column: false,
            timeout: 15,
            terse: false,
            info: InfoShown::STATE,
            unix: false,
            version: false,
            verbose: false,
            warnings: true,
            crossing: None,
            skip_inet: false,
            steps: Vec::new(),
            names: Vec::new(),
        }
    }
}

impl Options {
    /// Reads a command line. `contexts`: whether SELinux is enabled, which is asked only if it
    /// matters.
    pub(crate) fn read(words: &[OsString], contexts: impl Fn() -> bool) -> Self {
        let mut options = Self::default();
        let mut scanner = Scanner::new(words);
        while let Some(letter) = scanner.letter() {
            match crate::flags::find(letter) {
                Some(flag) => scanner.value(flag.takes(&contexts), |value| {
                    (flag.apply)(&mut options, letter.plus, value)
                }),
                None => options.unknown(letter),
            }
        }
        options.names = scanner.names().to_vec();
        options
    }

    fn unknown(&mut self, letter: Letter) {
        if letter.letter == b':' {
            self.error(b"colon is an illegal option character.");
        } else {
            self.error_about(b"illegal option character: ", &[letter.letter]);
        }
    }

    pub(crate) fn step(&mut self, step: Step) {
        self.steps.push(Typed {
            step,
            warnings: self.warnings,
            avoid: self.avoid,
        });
    }

    pub(crate) fn error(&mut self, text: &[u8]) {
        self.step(Step::Error(text.to_vec()));
    }

    /// An error whose text ends with what was typed.
    pub(crate) fn error_about(&mut self, text: &[u8], typed: &[u8]) {
        self.step(Step::Error([text, typed].concat()));
    }
}
