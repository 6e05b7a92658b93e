//! Usage, help and version: the texts and when each is printed.

use std::cell::OnceCell;

use sockcore::procfs::context;

use crate::options::Options;
use crate::output::style::FlagStyle;

/// The version of the original whose behaviour this is.
pub(crate) const VERSION: &str = "4.99.7";

const HOME: &str = "https://github.com/lsof-org/lsof";

/// What the original asks the system at start, and this only when it matters.
#[derive(Debug, Default)]
pub(crate) struct Build {
    contexts: OnceCell<bool>,
}

impl Build {
    /// A system that is known.
    pub(crate) fn with_contexts(contexts: bool) -> Self {
        Self {
            contexts: OnceCell::from(contexts),
        }
    }

    /// Whether SELinux is enabled.
    pub(crate) fn contexts(&self) -> bool {
        *self.contexts.get_or_init(context::is_enabled)
    }
}

/// What a command line that does not list prints, and whether that is an error. `None`: it lists.
pub(crate) fn text(
    program: &[u8],
    options: &Options,
    failed: bool,
    build: &Build,
) -> Option<Vec<u8>> {
    if !(failed || options.help || options.field_help || options.version) {
        return None;
    }
    let mut text = Vec::new();
    if failed || options.help {
        usage(program, build, &mut text);
        if options.help {
            help(options, &mut text);
        } else {
            text.extend_from_slice(b"Use the ``-h'' option to get more help information.\n");
            if !options.field_help {
                return Some(text);
            }
        }
    }
    if options.field_help {
        fields(program, build, &mut text);
    }
    if options.version {
        version(program, &mut text);
    }
    Some(text)
}

/// The block that follows an error found after the options were read.
pub(crate) fn after_error(program: &[u8], build: &Build) -> Vec<u8> {
    let mut text = Vec::new();
    usage(program, build, &mut text);
    text.extend_from_slice(b"Use the ``-h'' option to get more help information.\n");
    text
}

fn usage(program: &[u8], build: &Build, into: &mut Vec<u8>) {
    into.extend_from_slice(program);
    let context = if build.contexts() { " [-Z [Z]]" } else { "" };
    let text = format!(
        " {VERSION}\n \
         latest revision: {HOME}\n \
         latest FAQ: {HOME}/blob/master/00FAQ\n \
         latest (non-formatted) man page: {HOME}/blob/master/Lsof.8\n \
         usage: [-?abhHKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]\n \
         [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]\n \
         [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]]{context} [--] [names]\n"
    );
    into.extend_from_slice(text.as_bytes());
}

const HELP: &str = "\
Defaults in parentheses; comma-separated set (s) items; dash-separated ranges.
  -?|-h list help          -a AND selections (OR)     -b avoid kernel blocks
  -c c  cmd c ^c /c/[bix]  +c w  COMMAND width (9)    +d s  dir s files
  -d s  select by FD set   +D D  dir D tree *SLOW?*   +|-e s  exempt s *RISKY*
  -i select IPv[46] files  -K [i] list|(i)gn tasKs    -l list UID numbers
  -n no host names         -N select NFS files        -o list file offset
  -O no overhead *RISKY*   -P no port names           -Q allow failed search
  -R list paRent PID       -s list file size          -t terse listing
  -T disable TCP/TPI info  -U select Unix socket      -v list version info
  -V verbose search        +|-w  Warnings (+)         -X skip TCP&UDP* files
  -Z Z  context [Z]        -H human readable size     -- end option scan
  -E display endpoint info              +E display endpoint info and files
  +f|-f  +filesystem or -file names     +|-f[gG] flaGs ";

const MORE_HELP: &str = "
  -F [f] select fields; -F? for help  \n\
\x20 +|-L [l] list (+) suppress (-) link counts < l (0 = all; default = 0)
                                        +m [m] use|create mount supplement
  +|-M   portMap registration (-)       -o o   o 0t offset digits (8)
  -p s   exclude(^)|select PIDs         -S [t] t second stat timeout (15)
  -T fqs TCP/TPI Fl,Q,St (s) info
  -g [s] exclude(^)|select and print process group IDs
  -i i   select by IPv[46] address: [46][proto][@host|addr][:svc_list|port_list]
  +|-r [t[m<fmt>]] repeat every t seconds (15);  + until no files, - forever.
       An optional suffix to t is m<fmt>; m must separate t from <fmt> and
      <fmt> is an strftime(3) format for the marker line.
  -s p:s  exclude(^)|select protocol (p = TCP|UDP) states by name(s).
  -u s   exclude(^)|select login|UID set s
  -x [fl] cross over +d|+D File systems or symbolic Links
  names  select named files or files on named file systems
Anyone can list all files; /dev warnings disabled; kernel ID check disabled.
";

fn help(options: &Options, into: &mut Vec<u8>) {
    into.extend_from_slice(HELP.as_bytes());
    let flags = flags_in_force(options);
    if !flags.is_empty() {
        into.push(b'(');
        into.extend_from_slice(&flags);
        into.push(b')');
    }
    into.extend_from_slice(MORE_HELP.as_bytes());
}

/// The letters of file structure values in force, of which only `g` and `G` exist here.
fn flags_in_force(options: &Options) -> Vec<u8> {
    let named = |letter: u8| {
        let choice = options.fields.unwrap_or_default();
        choice.letters.has(letter).then_some(letter)
    };
    let flags = match options.flag_style {
        Some(FlagStyle::Hex) => Some(b'g'),
        Some(FlagStyle::Names) => Some(b'G'),
        None => None,
    };
    let flags = flags.filter(|_| !options.flags_off);
    let letters = [named(b'C'), named(b'F'), flags, named(b'N')];
    letters.into_iter().flatten().collect()
}

/// The letters of `-F` in the order in which they are explained.
const FIELDS: &[(char, &str)] = &[
    ('a', "access: r = read; w = write; u = read/write"),
    ('c', "command name"),
    ('d', "device character code"),
    ('D', "major/minor device number as 0x<hex>"),
    ('f', "file descriptor"),
    ('G', "file flaGs"),
    ('i', "inode number"),
    ('k', "link count"),
    ('K', "task ID (TID)"),
    ('l', "lock: r/R = read; w/W = write; u = read/write"),
    ('L', "login name"),
    ('m', "marker between repeated output"),
    ('M', "task comMand name"),
    ('n', "comment, name, Internet addresses"),
    ('o', "file offset as 0t<dec> or 0x<hex>"),
    ('p', "process ID (PID)"),
    ('g', "process group ID (PGID)"),
    ('P', "protocol name"),
    ('r', "raw device number as 0x<hex>"),
    ('R', "paRent PID"),
    ('s', "file size"),
    ('S', "stream module and device names"),
    ('t', "file type"),
    ('T', "TCP/TPI info"),
    ('u', "user ID (UID)"),
    ('Z', "security context"),
    ('0', "(zero) use NUL field terminator instead of NL"),
];

fn fields(program: &[u8], build: &Build, into: &mut Vec<u8>) {
    into.extend_from_slice(program);
    into.extend_from_slice(b":\tID    field description\n");
    for (letter, text) in FIELDS {
        if *letter != 'Z' || build.contexts() {
            into.extend_from_slice(format!("\t {letter}    {text}\n").as_bytes());
        }
    }
}

fn version(program: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(program);
    let own = env!("CARGO_PKG_VERSION");
    let text = format!(
        " version information:
    revision: {VERSION}
    copyright notice: written anew; no part of the original is in it. MIT licence.
    latest revision: {HOME}
    latest FAQ: {HOME}/blob/master/00FAQ
    latest (non-formatted) man page: {HOME}/blob/master/Lsof.8
    implementation: rlsof {own}, which prints what this revision prints
    features enabled: ipv6 ptyept rpc selinux soopt sostate tasks uxsockept
    Anyone can list all files.
    /dev warnings are disabled.
    Kernel ID check is disabled.
"
    );
    into.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::flags::{FLAGS, Sign};

    fn printed(words: &[&str], failed: bool) -> Vec<&'static str> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let text = text(
            b"lsof",
            &Options::read(&words, || false),
            failed,
            &Build::with_contexts(false),
        )
        .unwrap_or_default();
        let text = String::from_utf8(text).unwrap();
        let parts = [
            ("usage:", "usage"),
            ("Use the", "pointer"),
            ("Defaults in", "help"),
            ("field description", "fields"),
            ("version information", "version"),
        ];
        let present = parts.iter().filter(|(mark, _)| text.contains(mark));
        present.map(|(_, name)| *name).collect()
    }

    #[test]
    fn an_error_without_help_stops_at_the_usage_unless_fields_were_asked_for() {
        assert_eq!(printed(&["-v"], true), ["usage", "pointer"]);
        assert_eq!(printed(&["-v", "-h"], true), ["usage", "help", "version"]);
        assert_eq!(
            printed(&["-F", "?", "-v"], true),
            ["usage", "pointer", "fields", "version"]
        );
    }

    #[test]
    fn what_was_asked_for_is_printed_in_a_fixed_order() {
        assert_eq!(printed(&["-v"], false), ["version"]);
        assert_eq!(printed(&["-v", "-h"], false), ["usage", "help", "version"]);
        assert_eq!(printed(&["-v", "-F", "?"], false), ["fields", "version"]);
        assert!(printed(&[], false).is_empty());
    }

    #[test]
    fn help_shows_the_flags_in_force() {
        let shown = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            String::from_utf8(flags_in_force(&Options::read(&words, || false))).unwrap()
        };
        assert_eq!(shown(&[]), "");
        assert_eq!(shown(&["+fg"]), "G");
        assert_eq!(shown(&["+fG"]), "g");
        assert_eq!(shown(&["+fG", "-fG"]), "");
        assert_eq!(shown(&["-F"]), "CFgN");
        assert_eq!(shown(&["-F", "+fg"]), "CFGN");
        assert_eq!(shown(&["-F", "-fg"]), "CFN");
        assert_eq!(shown(&["-FCG"]), "Cg");
    }

    #[test]
    fn every_option_stands_in_the_help() {
        let text = [HELP, MORE_HELP].concat();
        for flag in FLAGS {
            let letter = char::from(flag.letter);
            // Refused options, and those that the original's help leaves out.
            if matches!((flag.sign, letter), (Sign::Dash, 'D' | 'm' | 'J' | 'j')) {
                continue;
            }
            let forms = match flag.sign {
                Sign::Plus => vec![format!("+{letter}"), format!("+|-{letter}")],
                _ => vec![format!("-{letter}"), format!("|-{letter}")],
            };
            assert!(forms.iter().any(|form| text.contains(form)), "{letter}");
        }
    }
}
