//! What is said of a command line, and how it ends the run, option by option.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use applet::Screen;
use sockcore::procfs::ProcRoot;

use super::*;
use crate::testing::TableNames;

/// What comes of a command line: the exit status if the run ends before the listing, and what
/// stands on standard error.
fn outcome(words: Vec<OsString>) -> (Option<u8>, Vec<u8>) {
    let mut said = Vec::new();
    let mut system = System::recorded(ProcRoot::at("/nonexistent"));
    system.names = Box::new(TableNames);
    let (nowhere, screen) = (Box::new(std::io::sink()), Screen::default());
    let mut streams = Streams::captured(nowhere, Box::new(&mut said), screen);
    let build = Build::with_contexts(false);
    let options = Options::read(&words, || false);
    let resolved = resolve(b"lsof", &options, &build, &system, &mut streams);
    drop(streams);
    (resolved.err().map(|exit| exit.0), said)
}

fn words(line: &[&str]) -> Vec<OsString> {
    line.iter().map(OsString::from).collect()
}

/// The messages of a command line that is in error, the usage block left out.
#[track_caller]
fn messages(line: &[&str]) -> Vec<String> {
    let (exit, said) = outcome(words(line));
    assert_eq!(exit, Some(1), "{line:?}");
    let said = String::from_utf8(said).unwrap();
    let own = said.lines().filter_map(|line| line.strip_prefix("lsof: "));
    own.map(str::to_owned).collect()
}

#[track_caller]
fn says(line: &[&str], expected: &[&str]) {
    assert_eq!(messages(line), expected, "{line:?}");
}

#[test]
fn unknown_letters_are_told_in_order() {
    says(
        &["-q:", "+y"],
        &[
            "illegal option character: q",
            "colon is an illegal option character.",
            "illegal option character: y",
        ],
    );
    says(
        &["--version"],
        &[
            "illegal option character: -",
            "-e not followed by a file system path: \"rsion\"",
        ],
    );
}

#[test]
fn what_an_option_gives_back_is_read_as_letters() {
    says(
        &["-i-q"],
        &["illegal option character: -", "illegal option character: q"],
    );
    says(&["-o9q"], &["illegal option character: q"]);
    says(
        &["+c", "-1"],
        &[
            "+c not followed by width number",
            "illegal option character: 1",
        ],
    );
    says(
        &["-L3q"],
        &["no number may follow -L", "illegal option character: q"],
    );
    says(
        &["-S", "1q"],
        &[
            "WARNING: -S time (1) changed to 2",
            "illegal option character: q",
        ],
    );
    says(&["-r", "1 c2"], &["illegal option character:  "]);
}

#[test]
fn refused_options_and_values_have_their_texts() {
    says(
        &["-D", "x", "-m"],
        &["unsupported option: -D", "-m not supported"],
    );
    says(&["+c", "16"], &["+c 16 > what system provides (15)"]);
    says(&["-Kiq"], &["-K not followed by i (but by iq)"]);
    says(
        &["-f", "gx/"],
        &[
            "unknown file struct option: x",
            "unknown file struct option: /",
        ],
    );
    says(&["-Tw"], &["unsupported TCP/TPI info selection: w"]);
    says(&["-F", "Qx"], &["unknown field: Q", "unknown field: x"]);
    says(&["+J"], &["+J is not supported"]);
    says(&["-Z"], &["-Z limited to SELinux"]);
    says(
        &["-Z", "-q", "-z", "-Z", "--", "-q"],
        &[
            "-Z limited to SELinux",
            "illegal option character: z",
            "-Z limited to SELinux",
        ],
    );
    says(&["-rm"], &["illegal <fmt>: \"\""]);
}

#[test]
fn command_lists_have_their_texts() {
    says(&["-c"], &["missing -c option value"]);
    says(&["-c", "-x"], &["missing -c option value"]);
    says(
        &["-c", "^aaaa aaaa aaaaaaaa"],
        &["\"-c aaaa\\x20aaaa\\x20aaaaaaaa\" length (18) > what system provides (15)"],
    );
    says(&["-c", "a", "-c", "^a"], &["-c^a and -ca conflict."]);
    says(&["-c", "/x"], &["regexp doesn't end with '/': /x"]);
    says(
        &["-c", "/a b/bbx/"],
        &[
            "b regexp modifier already used: /a b/bbx/",
            "b and x regexp modifiers conflict: /a b/bbx/",
            "invalid regexp modifier: /",
        ],
    );
}

#[test]
fn number_lists_have_their_texts() {
    says(&["-p"], &["no process ID specified"]);
    says(&["-p", "1,x"], &["illegal process ID: 1,x"]);
    says(&["-gR"], &["illegal process group ID: R"]);
    says(
        &["-p", "1,^1", "-g1,^1"],
        &[
            "PID 1 has been included and excluded.",
            "PGID 1 has been included and excluded.",
        ],
    );
}

#[test]
fn user_lists_have_their_texts_and_a_conflict_ends_the_run() {
    says(
        &["-u", "nosuch,0x"],
        &["can't get UID for nosuch", "can't get UID for 0x"],
    );
    says(
        &["-u", "0,^root", "-q"],
        &["UID 0 has been included and excluded."],
    );
    let long = "x".repeat(40);
    says(
        &["-u", &format!("^{long}")],
        &[&format!(
            "-u login name > 32 characters: ^{}",
            "x".repeat(39)
        )],
    );
}

#[test]
fn descriptor_sets_have_their_texts_and_an_unknown_name_ends_the_run() {
    says(
        &["-d", "5-3,1-1,5-,-5,a-b"],
        &[
            "-d FD range's low >= its high: 5-3",
            "-d FD range's low >= its high: 1-1",
            "-d FD range's low >= its high: 5-",
            "illegal FD range for -d: -5",
            "non-digit in -d FD range: a-b",
        ],
    );
    says(&["-d", "3,^foo"], &["exclude in an include -d list: ^foo"]);
    says(&["-d", "^3,4"], &["include in an exclude -d list: 4"]);
    says(&["-w", "-d", "^3,4"], &[]);
    says(
        &["-d", "3,foo", "-q"],
        &["invalid fd type given in -d option"],
    );
    says(&["-d", ""], &["no file descriptor specified"]);
}

#[test]
fn state_lists_have_their_texts() {
    says(&["-s", "tcp"], &["unknown -s protocol: \"tcp\""]);
    says(&["-s", "tcp:"], &["no TCP state names in: tcp:"]);
    says(&["-s", "udp:listen"], &["unknown UDP state name: listen"]);
    says(
        &["-s", "tcp:foo,,bar"],
        &[
            "unknown TCP state name: foo",
            "NULL TCP state name in: tcp:foo,,bar",
        ],
    );
    says(
        &["-s", "tcp:Listen,listen,^LISTEN"],
        &[
            "duplicate TCP inclusion: listen",
            "can't include and exclude TCP state: LISTEN",
        ],
    );
}

#[test]
fn more_than_a_hundred_addresses_are_refused() {
    let list = (1..=101).map(|port| port.to_string()).collect::<Vec<_>>();
    let argument = format!(":{}", list.join(","));
    let expected = format!("network address limit (100) exceeded: -i {argument}");
    says(&["-i", &argument], &[&expected]);
    let (exit, _) = outcome(words(&["-n", "-i", &format!(":{}", list[..100].join(","))]));
    assert_eq!(exit, None);
}

#[test]
fn what_does_not_go_together_is_told_after_everything_else() {
    says(
        &["-J", "-t", "-o", "-s", "-x", "-q"],
        &[
            "illegal option character: q",
            "-o and -s are mutually exclusive",
            "-F and -t are mutually exclusive",
            "-x must accompany +d or +D",
            "-J/-j and -t are mutually exclusive",
        ],
    );
    says(&["-J", "-j"], &["-J and -j are mutually exclusive"]);
    says(
        &["-F", "-r", "1m%n"],
        &["%n illegal in -r m<fmt> when -F has been specified: \"%n\""],
    );
    says(&["-Fo", "-s"], &["-o and -s are mutually exclusive"]);
}

#[test]
fn a_selection_is_needed_for_and() {
    let expected = &["no select options to AND via -a"][..];
    for rest in ["-R", "-p^1", "+L", "-Ki", "-d,"] {
        says(&["-a", rest], expected);
    }
    says(&["-X", "-i"], &["-i is useless when -X is specified."]);
}

#[test]
fn names_that_lead_nowhere_end_the_run() {
    let (exit, said) = outcome(words(&["-i", "--"]));
    assert_eq!((exit, said), (None, Vec::new()));
    says(&["+d", ""], &["+d not followed by a directory path"]);
    says(
        &["+D", "/nonexistent/x"],
        &["WARNING: can't stat(/nonexistent/x): No such file or directory"],
    );
    says(&["-w", "+d", "/nonexistent/x"], &[]);
}

#[test]
fn warnings_count_where_they_were_typed() {
    says(&["+d", "", "-w"], &["+d not followed by a directory path"]);
    says(
        &["-w", "+w", "+d", ""],
        &["+d not followed by a directory path"],
    );
}

/// A generator that gives the same numbers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap_or(0)
    }

    fn word(&mut self) -> Vec<u8> {
        const PARTS: &[&[u8]] = &[
            b"-",
            b"+",
            b"--",
            b"^",
            b",",
            b":",
            b"@",
            b"/",
            b"0",
            b"9",
            b"4294967296",
            b"tcp",
            b"udp",
            b"listen",
            b"fd",
            b"cwd",
            b"root",
            b"m",
            b"%n",
            b"\xff",
            b"\xc3\xa9",
            b" ",
            b"[::1]",
            b"127.0.0.1",
            b"a",
            b"b",
            b"c",
            b"d",
            b"D",
            b"e",
            b"f",
            b"F",
            b"g",
            b"i",
            b"K",
            b"L",
            b"o",
            b"p",
            b"r",
            b"s",
            b"S",
            b"T",
            b"u",
            b"x",
            b"Z",
            b"99999999999999999999",
        ];
        let mut word = Vec::new();
        for _ in 0..self.below(6) {
            match self.below(4) {
                0 => word.push(u8::try_from(1 + self.below(255)).unwrap_or(1)),
                _ => word.extend_from_slice(PARTS[self.below(PARTS.len())]),
            }
        }
        word
    }
}

#[test]
fn no_command_line_panics() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let line: Vec<OsString> = (0..dice.below(6))
            .map(|_| OsString::from_vec(dice.word()))
            .collect();
        // A walk over real directories is no matter of reading words.
        let walks = |typed: &crate::options::Typed| matches!(typed.step, Step::Directory { .. });
        if Options::read(&line, || false).steps.iter().any(walks) {
            continue;
        }
        let (exit, said) = outcome(line);
        assert!(exit.is_none_or(|exit| exit <= 1));
        assert!(said.is_empty() || said.ends_with(b"\n"));
    }
}
