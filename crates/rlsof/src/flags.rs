//! The option table: every letter with its signs, whether it takes a value, and what it notes.

use crate::grammar::{Letter, Taken, Takes};
use crate::options::{Crossing, NameMode, Options, Step};
use crate::output::style::{FlagStyle, InfoShown};
use crate::plan::Endpoints;
use crate::repeat;

/// The value that an option may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    None,
    /// Whatever follows; its placeholder in documents.
    Any(&'static str),
    /// What follows, unless it begins with a sign.
    Unsigned(&'static str),
    /// [`Value::Unsigned`] where SELinux is enabled, else [`Value::Any`].
    Context(&'static str),
}

/// The signs that a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `-`; a plus sign means the same, unless there is a row for it.
    Dash,
    /// `+` only.
    Plus,
    /// Both, and they differ.
    Either,
}

/// One row.
pub(crate) struct Flag {
    pub(crate) letter: u8,
    pub(crate) sign: Sign,
    pub(crate) value: Value,
    /// One line for documents.
    #[cfg_attr(
        not(feature = "doc"),
        expect(dead_code, reason = "documents are made on demand")
    )]
    pub(crate) brief: &'static str,
    /// Notes the option: whether it has a plus sign, and what could be its value.
    pub(crate) apply: fn(&mut Options, bool, Option<&[u8]>) -> Taken,
}

impl Flag {
    /// What the letter may take; `contexts`: whether SELinux is enabled.
    pub(crate) fn takes(&self, contexts: impl FnOnce() -> bool) -> Takes {
        match self.value {
            Value::None => Takes::Nothing,
            Value::Any(_) => Takes::Any,
            Value::Unsigned(_) => Takes::Unsigned,
            Value::Context(_) if contexts() => Takes::Unsigned,
            Value::Context(_) => Takes::Any,
        }
    }
}

#[cfg(feature = "doc")]
impl Flag {
    /// The option as documents show it.
    pub(crate) fn document(&'static self) -> applet::doc::DocOption {
        applet::doc::DocOption {
            sign: match self.sign {
                Sign::Dash => applet::doc::Sign::Dash,
                Sign::Plus => applet::doc::Sign::Plus,
                Sign::Either => applet::doc::Sign::Either,
            },
            shorts: std::slice::from_ref(&self.letter),
            longs: &[],
            takes: match self.value {
                Value::None => applet::Takes::Nothing,
                Value::Any(name) => applet::Takes::Required(name),
                Value::Unsigned(name) | Value::Context(name) => applet::Takes::Optional(name),
            },
            brief: self.brief,
        }
    }
}

/// The row of a letter.
pub(crate) fn find(letter: Letter) -> Option<&'static Flag> {
    let rows = || FLAGS.iter().filter(|flag| flag.letter == letter.letter);
    let plus = rows().find(|flag| flag.sign == Sign::Plus);
    plus.filter(|_| letter.plus)
        .or_else(|| rows().find(|flag| flag.sign != Sign::Plus))
}

/// An option without a value.
macro_rules! switch {
    ($letter:literal, $sign:ident, $brief:literal, $note:expr) => {
        Flag {
            letter: $letter,
            sign: Sign::$sign,
            value: Value::None,
            brief: $brief,
            apply: |options, plus, _| {
                let note: fn(&mut Options, bool) = $note;
                note(options, plus);
                Taken::All
            },
        }
    };
}

/// An option that takes all of its value, if there is one.
macro_rules! valued {
    ($letter:literal, $sign:ident, $value:expr, $brief:literal, $note:expr) => {
        Flag {
            letter: $letter,
            sign: Sign::$sign,
            value: $value,
            brief: $brief,
            apply: |options, plus, value| {
                let note: fn(&mut Options, bool, Option<&[u8]>) = $note;
                note(options, plus, value);
                Taken::All
            },
        }
    };
}

/// An option that takes what it likes of its value.
macro_rules! partly {
    ($letter:literal, $sign:ident, $value:expr, $brief:literal, $note:expr) => {
        Flag {
            letter: $letter,
            sign: Sign::$sign,
            value: $value,
            brief: $brief,
            apply: $note,
        }
    };
}

/// Every option.
pub(crate) static FLAGS: &[Flag] = &[
    switch!(b'?', Dash, "print help", |o, _| o.help = true),
    switch!(b'a', Dash, "files must match all selections", |o, _| o
        .all =
        true),
    switch!(b'b', Dash, "avoid calls that may block", |o, _| o.avoid =
        true),
    valued!(
        b'c',
        Dash,
        Value::Any("COMMAND"),
        "select commands that begin so, ^ without those, /expression/[bix]",
        |o, _, value| match value {
            None | Some([b'-' | b'+', ..]) => o.error(b"missing -c option value"),
            Some(command) => o.step(Step::Command(command.to_vec())),
        }
    ),
    partly!(
        b'c',
        Plus,
        Value::Any("WIDTH"),
        "width of COMMAND, 0 without limit",
        command_width
    ),
    valued!(
        b'd',
        Dash,
        Value::Any("SET"),
        "select descriptors, ^ all others",
        |o, _, value| {
            match value {
                None | Some([]) => o.error(b"no file descriptor specified"),
                Some(set) => o.step(Step::Slots(set.to_vec())),
            }
        }
    ),
    valued!(
        b'd',
        Plus,
        Value::Any("DIRECTORY"),
        "select the files in a directory",
        |o, _, path| {
            directory(o, path, false);
        }
    ),
    valued!(
        b'D',
        Dash,
        Value::Any("MODE"),
        "refused: there is no device cache",
        |o, _, _| {
            o.error(b"unsupported option: -D");
        }
    ),
    valued!(
        b'D',
        Plus,
        Value::Any("DIRECTORY"),
        "select the files below a directory",
        |o, _, path| {
            directory(o, path, true);
        }
    ),
    valued!(
        b'e',
        Either,
        Value::Any("MOUNT"),
        "do not look at files on a file system",
        exempt
    ),
    switch!(
        b'E',
        Either,
        "show other ends of pipes and sockets, with + their files too",
        |o, plus| {
            o.endpoints = if plus {
                Endpoints::Files
            } else {
                Endpoints::Texts
            };
        }
    ),
    valued!(
        b'f',
        Either,
        Value::Unsigned("gG"),
        "names are plain files, with + file systems; with g or G show open flags",
        flags_and_names
    ),
    valued!(
        b'F',
        Dash,
        Value::Unsigned("FIELDS"),
        "print fields for programs",
        fields
    ),
    valued!(
        b'g',
        Dash,
        Value::Unsigned("SET"),
        "show process groups, select some",
        |o, _, value| {
            o.group_column = true;
            if let Some(set) = value {
                o.step(Step::Groups(set.to_vec()));
            }
        }
    ),
    switch!(b'h', Dash, "print help", |o, _| o.help = true),
    switch!(b'H', Dash, "print sizes with units", |o, _| o.human = true),
    valued!(
        b'i',
        Dash,
        Value::Unsigned("[46][PROTOCOL][@HOST][:PORTS]"),
        "select Internet sockets",
        |o, _, value| o.step(Step::Network(value.map(<[u8]>::to_vec)))
    ),
    switch!(b'J', Dash, "print one JSON object", |o, plus| {
        if plus {
            o.error(b"+J is not supported");
        } else {
            o.json = true;
        }
    }),
    switch!(
        b'j',
        Dash,
        "print a JSON object for each file",
        |o, plus| {
            if plus {
                o.error(b"+j is not supported");
            } else {
                o.json_lines = true;
            }
        }
    ),
    valued!(
        b'K',
        Dash,
        Value::Unsigned("i"),
        "list tasks, or ignore them",
        |o, _, value| {
            match value {
                None => o.tasks = Some(true),
                Some(b"i" | b"I") => o.tasks = Some(false),
                Some(other) => {
                    o.step(Step::Error(
                        [b"-K not followed by i (but by ", other, b")"].concat(),
                    ));
                }
            }
        }
    ),
    switch!(b'l', Dash, "print user numbers", |o, _| o.numeric_users =
        true),
    partly!(
        b'L',
        Either,
        Value::Unsigned("LIMIT"),
        "with + show link counts and select those below a limit",
        links
    ),
    valued!(
        b'm',
        Dash,
        Value::Any("KERNEL"),
        "refused: there is no kernel memory file",
        |o, _, _| {
            o.error(b"-m not supported");
        }
    ),
    valued!(
        b'm',
        Plus,
        Value::Unsigned("FILE"),
        "report mounts, or use such a report",
        |o, _, file| {
            match file {
                None => o.report_mounts = true,
                Some(file) => o.supplement = Some(file.to_vec()),
            }
        }
    ),
    switch!(
        b'M',
        Either,
        "do not ask the port mapper, with + do",
        |o, plus| o.portmap = plus
    ),
    switch!(
        b'n',
        Either,
        "do not look up host names, with + do",
        |o, plus| o.host_names = plus
    ),
    switch!(b'N', Dash, "select files on NFS", |o, _| o.nfs = true),
    partly!(
        b'o',
        Dash,
        Value::Unsigned("DIGITS"),
        "print offsets, or set their digits",
        offsets
    ),
    switch!(
        b'O',
        Dash,
        "make calls that may block without a deadline",
        |o, _| o.direct = true
    ),
    valued!(
        b'p',
        Dash,
        Value::Any("SET"),
        "select processes, ^ without those",
        |o, _, value| {
            match value {
                None => o.error(b"no process ID specified"),
                Some(set) => o.step(Step::Pids(set.to_vec())),
            }
        }
    ),
    switch!(
        b'P',
        Either,
        "do not look up port names, with + do",
        |o, plus| o.port_names = plus
    ),
    switch!(b'Q', Dash, "a failed search is no error", |o, _| o
        .forgive =
        true),
    partly!(
        b'r',
        Either,
        Value::Unsigned("SECONDS[cCOUNT][mFORMAT]"),
        "repeat, with + until nothing is found",
        |o, plus, value| {
            let (repeat, taken) = repeat::read(value);
            o.until_none |= plus;
            match repeat {
                Ok(repeat) => o.repeat = repeat,
                Err(message) => o.error(message),
            }
            taken
        }
    ),
    switch!(b'R', Dash, "show parent processes", |o, _| o
        .parent_column =
        true),
    valued!(
        b's',
        Dash,
        Value::Unsigned("PROTOCOL:STATES"),
        "print sizes, or filter sockets by state",
        |o, _, value| match value {
            None => o.size_column = true,
            Some(states) => o.step(Step::States(states.to_vec())),
        }
    ),
    partly!(
        b'S',
        Dash,
        Value::Unsigned("SECONDS"),
        "deadline of calls that may block",
        deadline
    ),
    switch!(b't', Dash, "print process numbers only", |o, _| {
        o.terse = true;
        o.warnings = false;
    }),
    valued!(
        b'T',
        Either,
        Value::Unsigned("fqs"),
        "show state or queues of sockets, or none",
        info
    ),
    valued!(
        b'u',
        Dash,
        Value::Any("SET"),
        "select users, ^ without those",
        |o, _, value| {
            match value {
                None => o.error(b"no UIDs specified"),
                Some(set) => o.step(Step::Users(set.to_vec())),
            }
        }
    ),
    switch!(b'U', Dash, "select unix sockets", |o, _| o.unix = true),
    switch!(b'v', Dash, "print the version", |o, _| o.version = true),
    switch!(b'V', Dash, "report what was not found", |o, _| o.verbose =
        true),
    switch!(b'w', Either, "no warnings, with + warnings", |o, plus| o
        .warnings =
        plus),
    valued!(
        b'x',
        Dash,
        Value::Unsigned("fl"),
        "+d and +D cross file systems and links",
        crossing
    ),
    switch!(b'X', Dash, "do not read the TCP and UDP tables", |o, _| {
        o.skip_inet = !o.skip_inet;
    }),
    valued!(
        b'Z',
        Dash,
        Value::Context("CONTEXT"),
        "show SELinux contexts, select some",
        |o, _, value| {
            o.step(Step::Context(value.map(<[u8]>::to_vec)));
        }
    ),
];

fn command_width(options: &mut Options, _: bool, value: Option<&[u8]>) -> Taken {
    /// The longest command that the kernel keeps.
    const LONGEST: usize = 15;
    match value.map(|value| (value, leading_number(value))) {
        Some((_, Some((width, _)))) => {
            let width = usize::try_from(width).unwrap_or(usize::MAX);
            options.command_limit = width.min(LONGEST);
            if width > LONGEST {
                let text = format!("+c {width} > what system provides ({LONGEST})");
                options.error(text.as_bytes());
            }
            Taken::All
        }
        _ => {
            options.error(b"+c not followed by width number");
            Taken::Nothing
        }
    }
}

fn directory(options: &mut Options, path: Option<&[u8]>, deep: bool) {
    match path {
        None | Some([] | [b'-' | b'+', ..]) => {
            let text = b"+d not followed by a directory path";
            options.step(Step::QuietableError(text.to_vec()));
        }
        Some(path) => options.step(Step::Directory {
            path: path.to_vec(),
            deep,
            crossing: options.crossing.unwrap_or_default(),
        }),
    }
}

fn exempt(options: &mut Options, plus: bool, path: Option<&[u8]>) {
    match path {
        Some(path @ [b'/', ..]) => options.step(Step::Exempt {
            path: path.to_vec(),
            plus,
        }),
        other => {
            let typed = other.unwrap_or(b"(null)");
            let text: [&[u8]; 3] = [b"-e not followed by a file system path: \"", typed, b"\""];
            options.step(Step::QuietableError(text.concat()));
        }
    }
}

fn flags_and_names(options: &mut Options, plus: bool, letters: Option<&[u8]>) {
    let Some(letters) = letters else {
        options.name_mode = if plus {
            NameMode::FileSystems
        } else {
            NameMode::Files
        };
        return;
    };
    for &letter in letters {
        let style = match letter {
            b'g' => FlagStyle::Names,
            b'G' => FlagStyle::Hex,
            other => {
                options.error_about(b"unknown file struct option: ", &[other]);
                continue;
            }
        };
        options.flag_column = plus;
        options.flags_off = !plus;
        options.flag_style = Some(style);
    }
}

fn fields(options: &mut Options, _: bool, letters: Option<&[u8]>) {
    const KNOWN: &[u8] = b"acCdDfFgGiKklLmMnNopPrRsStTuzZ";
    let mut choice = options.fields.unwrap_or_default();
    match letters {
        Some(b"?") => {
            options.field_help = true;
            return;
        }
        None | Some(b"0") => {
            choice.nul |= letters.is_some();
            choice.named = true;
            choice.letters.insert(b'Z');
            for &letter in KNOWN.iter().filter(|letter| !b"rZ".contains(letter)) {
                choice.letters.insert(letter);
                field_effects(options, letter);
            }
        }
        Some(letters) => {
            for &letter in letters {
                match letter {
                    b'0' => {
                        choice.nul = true;
                        choice.named = true;
                    }
                    letter if KNOWN.contains(&letter) => {
                        choice.letters.insert(letter);
                        choice.named |= !matches!(letter, b'p' | b'm');
                        options.offset_column |= letter == b'o';
                        field_effects(options, letter);
                    }
                    other => options.error_about(b"unknown field: ", &[other]),
                }
            }
        }
    }
    options.fields = Some(choice);
}

/// What else a field letter turns on. A bare `-F` does not ask for offsets in place of sizes.
fn field_effects(options: &mut Options, letter: u8) {
    match letter {
        b'g' => options.group_column = true,
        b'R' => options.parent_column = true,
        b'k' => options.links_column = true,
        b'T' => options.info = InfoShown::ALL,
        b'G' => {
            options.flags_off = false;
            options.flag_style = Some(FlagStyle::Hex);
        }
        _ => {}
    }
}

fn links(options: &mut Options, plus: bool, value: Option<&[u8]>) -> Taken {
    let (limit, taken) = digits(value);
    options.links_column = plus;
    match limit {
        Some(_) if !plus => options.error(b"no number may follow -L"),
        // The selection stays on, with a limit that no file is below.
        None => options.links_below = options.links_below.map(|_| 0),
        limit => options.links_below = limit,
    }
    taken
}

fn offsets(options: &mut Options, _: bool, value: Option<&[u8]>) -> Taken {
    let (count, taken) = digits(value);
    match count {
        Some(count) => options.offset_digits = usize::try_from(count).unwrap_or(usize::MAX),
        None => options.offset_column = true,
    }
    taken
}

fn deadline(options: &mut Options, _: bool, value: Option<&[u8]>) -> Taken {
    let (seconds, taken) = digits(value);
    options.timeout = match seconds {
        None => 15,
        Some(seconds @ 0..2) => {
            let text = format!("WARNING: -S time ({seconds}) changed to 2");
            options.step(Step::Notice(text.into_bytes()));
            2
        }
        Some(seconds) => seconds,
    };
    taken
}

fn info(options: &mut Options, plus: bool, letters: Option<&[u8]>) {
    let letters = letters.unwrap_or_default();
    if letters.is_empty() {
        options.info = if plus {
            InfoShown::STATE
        } else {
            InfoShown::NONE
        };
        return;
    }
    options.info = InfoShown::NONE;
    for &letter in letters {
        match letter {
            b'f' => {}
            b'q' => options.info.queues = true,
            b's' => options.info.state = true,
            other => {
                options.error_about(b"unsupported TCP/TPI info selection: ", &[other]);
                continue;
            }
        }
        options.info.any = true;
    }
}

fn crossing(options: &mut Options, _: bool, letters: Option<&[u8]>) {
    let mut crossing = options.crossing.unwrap_or_default();
    match letters {
        None => {
            crossing = Crossing {
                file_systems: true,
                links: true,
            };
        }
        Some(letters) => {
            for &letter in letters {
                match letter {
                    b'f' => crossing.file_systems = true,
                    b'l' => crossing.links = true,
                    other => options.error_about(b"unknown cross-over option: ", &[other]),
                }
            }
        }
    }
    if crossing != Crossing::default() {
        options.crossing = Some(crossing);
    }
}

/// The number that a value begins with, and how much of the value that is: nothing of one that
/// begins with something else.
fn digits(value: Option<&[u8]>) -> (Option<u64>, Taken) {
    let Some(value) = value else {
        return (None, Taken::All);
    };
    match leading_number(value) {
        Some((number, length)) => (Some(number), Taken::AllBut(value.len() - length)),
        None if value.is_empty() => (None, Taken::All),
        None => (None, Taken::Nothing),
    }
}

/// The decimal number at the beginning of a text and its length; too large ones are the largest.
pub(crate) fn leading_number(text: &[u8]) -> Option<(u64, usize)> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = text.get(..length).unwrap_or_default();
    let number = digits.iter().fold(0u64, |number, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    });
    (length > 0).then_some((number, length))
}
