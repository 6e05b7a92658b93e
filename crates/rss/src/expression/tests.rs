//! Expressions against programs written with parentheses, and their error texts.

use std::net::IpAddr;

use sockcore::addr::InetFamily;
use sockcore::id::{IfIndex, Uid};
use sockcore::names::{EachService, NameService, NumericNames};

use super::*;

/// A few names of everything.
struct Table;

impl NameService for Table {
    fn user(&self, _: Uid) -> Option<Vec<u8>> {
        None
    }
    fn uid(&self, _: &[u8]) -> Option<Uid> {
        None
    }
    fn service(&self, _: u16, _: Option<&str>) -> Option<Vec<u8>> {
        None
    }
    fn port(&self, service: &[u8], protocol: Option<&str>) -> Option<u16> {
        match (service, protocol) {
            (b"ssh", Some("tcp")) => Some(22),
            (b"tftp", Some("udp")) => Some(69),
            _ => None,
        }
    }
    fn services(&self, _: EachService<'_>) {}
    fn protocol(&self, _: u8) -> Option<Vec<u8>> {
        None
    }
    fn protocols(&self, _: &mut dyn FnMut(&[u8], i32)) {}
    fn host(&self, _: IpAddr) -> Option<Vec<u8>> {
        None
    }
    fn host_text(&self, _: IpAddr) -> Option<Vec<u8>> {
        None
    }
    fn addresses(&self, host: &[u8], family: InetFamily) -> Vec<IpAddr> {
        match (host, family) {
            (b"two", InetFamily::V4) => vec![[10, 0, 0, 1].into()],
            (b"two", InetFamily::V6) => vec![IpAddr::from(1u128.to_be_bytes())],
            _ => Vec::new(),
        }
    }
    fn network(&self, _: u32) -> Option<Vec<u8>> {
        None
    }
    fn interface(&self, _: IfIndex) -> Option<Vec<u8>> {
        None
    }
    fn interface_index(&self, name: &[u8]) -> Option<IfIndex> {
        (name == b"lo").then_some(IfIndex(1))
    }
}

fn parse_as(
    text: &str,
    preferred: Option<Family>,
    tables: TableSet,
) -> Result<Parsed, FilterError> {
    let words = [OsString::from(text)];
    let context = Context {
        names: &Table,
        root: &ProcRoot::at("/nonexistent"),
        selection: Selection {
            tables,
            families: FamilySet::INET,
            preferred,
            states: CONNECTED,
        },
        programs: &[],
        caret_negates: true,
        is_refused: &mut |_| false,
    };
    parse(&words, None, context)
}

fn program(text: &str) -> Vec<u8> {
    let parsed = parse_as(text, None, TableSet::ALL).unwrap_or_else(|error| {
        panic!("{text}: {}", String::from_utf8_lossy(&error.message));
    });
    parsed.filter.unwrap().bytecode().unwrap()
}

fn refused(text: &str) -> (String, u8) {
    let error = parse_as(text, None, TableSet::ALL).unwrap_err();
    let message = String::from_utf8_lossy(&error.message).into_owned();
    assert_eq!(error.usage, message.contains("bison"));
    (message, error.exit.0)
}

#[test]
fn conditions_are_joined_from_left_to_right() {
    for (text, meant) in [
        (
            "sport 1 or sport 2 and sport 3",
            "( sport 1 or sport 2 ) and sport 3",
        ),
        (
            "sport 1 and sport 2 or sport 3",
            "( sport 1 and sport 2 ) or sport 3",
        ),
        (
            "sport 1 or sport 2 sport 3",
            "( sport 1 or sport 2 ) and sport 3",
        ),
        (
            "not sport 1 or sport 2",
            "( not ( sport 1 ) ) or ( sport 2 )",
        ),
        (
            "sport 1 or not sport 2 and sport 3",
            "( sport 1 or ( not sport 2 ) ) && sport 3",
        ),
        (
            "sport 1 ( sport 2 | sport 3 )",
            "sport = 1 & ( sport 2 || sport 3 )",
        ),
        ("sport != 1", "! sport == 1"),
        ("sport > 5", "not sport le 5"),
        ("sport lt 5", "not sport geq 5"),
        ("src *:5", "sport = :5"),
        ("src [10.0.0.1]22", "src 10.0.0.1:22"),
        ("src 127/8", "src = 127.0.0.0/0x8"),
        ("sport ssh", "sport 0x16"),
    ] {
        assert_eq!(program(text), program(meant), "{text}");
    }
    assert_ne!(
        program("sport 1 or sport 2 and sport 3"),
        program("sport 1 or ( sport 2 and sport 3 )")
    );
    assert_ne!(program("not not sport 1"), program("not sport 1"));
}

#[test]
fn a_mistake_in_the_grammar_ends_with_the_usage() {
    let told = "ss: bison bellows (while parsing filter): \"syntax error!\" Sorry.\n";
    for text in [
        "and",
        "sport",
        "sport =",
        "( sport 1",
        "sport 1 )",
        "( )",
        "not",
        "sport 1 or",
        "src != 10.0.0.1",
        "dst > x",
        "autobound = 1",
        "dev > lo",
        "fwmark ge 1",
        "10.0.0.1",
        "sport = = 1",
        "sport 1 2",
    ] {
        assert_eq!(refused(text), (told.to_owned(), 255), "{text}");
    }
}

#[test]
fn an_operand_that_is_none_is_told_first() {
    let prefix = |word: &str| {
        format!(
            "Error: an inet prefix is expected rather than \"{word}\".\nCannot parse dst/src address.\n"
        )
    };
    let port = |word: &str| {
        format!("Error: \"{word}\" does not look like a port.\nCannot parse dst/src address.\n")
    };
    let address = "Cannot parse dst/src address.\n".to_owned();
    for (text, message) in [
        ("foo", prefix("foo")),
        ("src ::1", prefix(":")),
        ("src 127.0.0.1/33:5", prefix("127.0.0.1/33")),
        ("src [::1", address.clone()),
        ("src [fe80::]/10", port("/10")),
        ("sport nosuch", port("nosuch")),
        ("sport 10.0.0.1:22", port("10.0.0.1:22")),
        ("sport 1 sport x", port("x")),
        ("src link:nosuch", address.clone()),
        ("src netlink:256", address.clone()),
        ("src vsock::", address.clone()),
        ("dev nosuch", "Cannot parse device.\n".to_owned()),
        ("fwmark 5/", "Cannot parse mark 5/.\n".to_owned()),
        (
            "cgroup \\",
            "Invalid cgroup2 path\nCannot parse cgroup .\n".to_owned(),
        ),
        ("src inet:1.2.3.4 or src [::1]", prefix("::1")),
    ] {
        assert_eq!(refused(text), (message, 1), "{text}");
    }
}

#[test]
fn services_are_those_of_the_tables() {
    let looks = |text: &str, tables| parse_as(text, None, tables).is_ok();
    assert!(looks("sport ssh", TableSet::TCP));
    assert!(!looks("sport ssh", TableSet::UDP));
    assert!(looks("sport tftp", TableSet::UDP));
    assert!(!looks("sport tftp", TableSet::TCP));
    assert!(looks("sport tftp", TableSet::TCP.with(TableSet::UDP)));
    assert!(!looks("sport ssh", TableSet::MPTCP));
}

#[test]
fn a_host_with_a_family_narrows_the_families() {
    let narrowed = |text: &str, preferred| {
        let parsed = parse_as(text, preferred, TableSet::ALL).unwrap();
        (parsed.selection.families, parsed.selection.preferred)
    };
    assert_eq!(narrowed("src 1.2.3.4", None), (FamilySet::INET, None));
    for (text, family) in [
        ("src unix:*", Family::Unix),
        ("sport inet6:22", Family::Inet6),
        ("src inet6:*:1 or src inet:*:1", Family::Inet),
        ("src inet:* or sport 5", Family::Inet),
        ("not src netlink:*", Family::Netlink),
    ] {
        assert_eq!(
            narrowed(text, None),
            (FamilySet::of(family), Some(family)),
            "{text}"
        );
    }
    assert_eq!(
        narrowed("dev lo", Some(Family::Unix)),
        (FamilySet::INET, Some(Family::Unix))
    );
    assert_eq!(
        narrowed("sport 5", Some(Family::Unix)),
        (FamilySet::of(Family::Unix), Some(Family::Unix))
    );
}

#[test]
fn of_a_host_with_several_addresses_the_kernel_is_told_the_first_one() {
    let once = program("src 10.0.0.1");
    let told = program("src two");
    assert_eq!(told.len(), 2 * once.len() + 4);
    assert!(told.ends_with(&once));
}

#[test]
fn nothing_to_read_is_no_filter() {
    for text in ["", " \t "] {
        let parsed = parse_as(text, None, TableSet::ALL).unwrap();
        assert!(parsed.filter.is_none());
    }
}

#[test]
fn a_nest_may_be_as_deep_as_the_originals_stack() {
    let nested =
        |depth: usize, inner: &str| format!("{}{inner}{}", "( ".repeat(depth), " )".repeat(depth));
    let ends = |text: &str| parse_as(text, None, TableSet::ALL).map_err(|error| error.message);
    for (inner, symbols) in [("sport = 1", 3), ("sport 1", 3), ("autobound", 1)] {
        // With the bottom of the stack, and where a list has come out, its closing parenthesis.
        let deepest = 9_999 - 1 - symbols.max(2);
        assert!(ends(&nested(deepest, inner)).is_ok(), "{inner}");
        let told = ends(&nested(deepest + 1, inner)).unwrap_err();
        assert!(told.starts_with(b"ss: bison bellows (while parsing filter): \"memory exhausted!"));
    }
    let long = "not ".repeat(9_990) + "autobound";
    assert!(ends(&long).is_ok());
    // Not nested, an expression may be as long as it likes.
    let long = "autobound or ".repeat(100_000) + "autobound";
    assert!(ends(&long).is_ok());
}

/// Bytes out of which an expression is likelier than out of any.
const PIECES: &[&str] = &[
    "src",
    "dst",
    "sport",
    "dport",
    "dev",
    "fwmark",
    "cgroup",
    "autobound",
    "(",
    ")",
    "not",
    "and",
    "or",
    "=",
    "!=",
    ">=",
    "<",
    "inet:",
    "inet6:",
    "unix:",
    "link:",
    "netlink:",
    "vsock:",
    "*",
    ":",
    "/",
    "[",
    "]",
    "1.2.3.4",
    "::1",
    "22",
    "0x",
    "-1",
    "99999999999999999999",
    "\\",
    "\\ ",
    "\t",
    "\n",
    "\0",
    "#",
    "0",
    "lo",
    "kernel",
    "ip",
    "%",
    "é",
    "!",
    "[!a-",
    "[[:alpha:]]",
];

#[test]
fn no_text_makes_the_reader_panic() {
    let mut seed = 0x5eed_1234_u64;
    let mut next = |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) as usize % limit
    };
    for _ in 0..30_000 {
        let mut text = Vec::new();
        for _ in 0..next(12) {
            match next(8) {
                0 => text.extend((0..next(4)).map(|_| next(256) as u8)),
                1 => text.push(b' '),
                _ => {
                    text.extend_from_slice(PIECES[next(PIECES.len())].as_bytes());
                    if next(3) > 0 {
                        text.push(b' ');
                    }
                }
            }
        }
        survives(&text);
        let words = [OsString::from(String::from_utf8_lossy(&text).into_owned())];
        let context = Context {
            names: &NumericNames,
            root: &ProcRoot::at("/nonexistent"),
            selection: Selection {
                tables: TableSet::ALL,
                families: FamilySet::INET,
                preferred: None,
                states: CONNECTED,
            },
            programs: &[],
            caret_negates: true,
            is_refused: &mut |_| false,
        };
        std::hint::black_box(parse(&words, None, context).is_ok());
    }
}
