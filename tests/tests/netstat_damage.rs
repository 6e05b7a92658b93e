//! netstat before kernel files whose lines are damaged byte by byte: every kind of file that it
//! reads.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::case::Case;
use conformance::fixture::{self, tree};
use conformance::hall::{Hall, built};
use conformance::random::Dice;
use conformance::stage::Setting;
use conformance::text::fields;
use conformance::tool::Tool;
use sockcore::procfs::amateur_words;
use sockcore::procfs::formatted::{Formatted, InetColumns};
use sockcore::procfs::igmp::Igmp6Reader;
use sockcore::procfs::inet6_addresses::Inet6Addresses;
use sockcore::procfs::routes::Route6Columns;

fn netstat(words: &str) -> Case {
    let mut case = Case::words(Tool::Netstat, words);
    case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
    case
}

fn directory(name: &str) -> PathBuf {
    fixture::place(built(), "netstat-damage").join(name)
}

/// A few bytes of a text changed, removed, doubled, put in, or its end cut.
fn damage(line: &[u8], dice: &mut Dice) -> Vec<u8> {
    const ODD: &[u8] = b"  \t:-+0x9fF/*.%";
    let mut line = line.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(line.len() + 1);
        let byte = ODD[dice.below(ODD.len())];
        match dice.below(8) {
            0 | 1 if at < line.len() => line[at] = byte,
            2 if at < line.len() => {
                line.remove(at);
            }
            3 => line.truncate(at),
            4 => {
                let number = (dice.bits() >> dice.below(64)).to_string();
                line.splice(at..at, number.bytes());
            }
            _ => line.insert(at, byte),
        }
    }
    line
}

/// Whether the original's answer to a line of a file follows from the files: it looks behind the
/// end of a table for a state that does not exist, behind the end of a line that is too short, and
/// shows of an IPv6 address that is not whole what memory held.
fn is_defined(file: &str, line: &[u8]) -> bool {
    match file {
        "net/ax25" | "net/rose" | "net/nr" | "net/x25" | "net/nr_nodes" => {
            is_defined_of_obsolete(file, line)
        }
        "net/sctp/eps" | "net/sctp/assocs" => fields(line).all(is_whole_or_other),
        // Of a part of a line it shows that part, and for the rest the line before.
        "net/ipv6_route" => Route6Columns::default().read(line, |_| true).is_some(),
        "net/igmp6" => {
            // The same whatever was read before.
            let after = |before: &[u8]| {
                let mut reader = Igmp6Reader::default();
                reader.read(before);
                reader.read(line)
            };
            let other = format!("1 lo {} 1", "f".repeat(32));
            after(b"") == after(other.as_bytes())
        }
        "net/if_inet6" => is_one_address(line),
        // A name that is no interface's ends the listing.
        "net/dev" => {
            let name = fields(line).next().unwrap_or_default();
            let titles = line.starts_with(b"Inter") || line.starts_with(b" face");
            titles || name == b"lo" || name.starts_with(b"lo:")
        }
        _ => {
            let mut columns = InetColumns::default();
            columns.read(line);
            // The first digits of a line of unix sockets are a pointer.
            let no_short_address = fields(line).take(4).enumerate().all(|(number, word)| {
                let runs = word.split(|byte| !byte.is_ascii_hexdigit());
                runs.skip(usize::from(number == 0))
                    .all(|digits| !(9..32).contains(&digits.len()))
            });
            columns.state <= 11 && no_short_address
        }
    }
}

/// Likewise, for the sockets and nodes of families that current kernels do not have.
fn is_defined_of_obsolete(file: &str, line: &[u8]) -> bool {
    /// Words in which a line of AX.25 is cut before it is read.
    const AX25_WORDS: usize = 8;
    /// An interface's name that has room everywhere.
    const NAME: usize = 9;
    let exists = |state: i32| (0..=4).contains(&state);
    match file {
        "net/ax25" => match amateur_words::ax25_line(line) {
            Some(socket) => exists(socket.state),
            None => line.iter().filter(|&&byte| byte == b' ').count() >= AX25_WORDS,
        },
        // Addresses that are longer than their columns lie over one another.
        "net/rose" => {
            let state = amateur_words::rose_line(line).map_or(0, |socket| socket.state);
            let mut words = fields(line).zip([10, 8, 10, 8, 5]);
            exists(state) && words.all(|(word, width)| word.len() <= width)
        }
        "net/nr" => amateur_words::netrom_line(line)
            .is_none_or(|socket| exists(socket.state) && socket.device.len() <= NAME),
        // What a line lacks it shows as in the line before.
        "net/x25" => amateur_words::x25_line(line)
            .is_some_and(|socket| exists(socket.state) && socket.device.len() <= NAME),
        // The ways that there can be.
        _ => {
            let way = line.get(19..).and_then(|text| Formatted(text).int());
            way.is_some_and(|way| (0..=3).contains(&way))
        }
    }
}

/// Whether a line of `if_inet6`, which is a stream, holds one address and nothing for the next.
/// Where something is missing the original shows what it showed last, without a bit of the scope.
fn is_one_address(line: &[u8]) -> bool {
    let whole = |digit: &str, scope: &str| format!("{} 01 40 {scope} 80 lo\n", digit.repeat(32));
    let behind = whole("1", "7f");
    let seen = |before: &str| {
        let text = [before.as_bytes(), line, b"\n", behind.as_bytes()].concat();
        let mut addresses = Inet6Addresses::new(&text);
        let next = std::iter::from_fn(|| addresses.next_address());
        let seen = next.skip(1);
        seen.map(|address| (address.address, address.prefix, address.scope))
            .collect::<Vec<_>>()
    };
    let after = seen(&whole("0", "80"));
    after == seen(&whole("2", "20")) && matches!(after.as_slice(), [_, (_, _, 0x7f)])
}

/// Whether a word is an IPv6 address with all its groups, or has nothing of one.
fn is_whole_or_other(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"*").unwrap_or(word);
    let groups: Vec<_> = word.split(|&byte| byte == b':').collect();
    let whole =
        |group: &&[u8]| (1..=4).contains(&group.len()) && group.iter().all(u8::is_ascii_hexdigit);
    groups.len() == 1 || (groups.len() == 8 && groups.iter().all(whole))
}

/// Damages lines of a file. Its title stays, and so does the first line behind it: what a later
/// line lacks is then what that one has, and not what happened to be in memory.
fn damage_file(place: &Path, name: &str, whole: usize, dice: &mut Dice) {
    let file = place.join(name);
    let Ok(text) = fs::read(&file) else { return };
    let lines = text.split(|&byte| byte == b'\n').enumerate();
    let lines: Vec<_> = lines
        .map(|(number, line)| {
            if number >= whole && !line.is_empty() && dice.chance(40) {
                let damaged = damage(line, dice);
                if is_defined(name, &damaged) {
                    return damaged;
                }
            }
            line.to_vec()
        })
        .collect();
    fs::write(file, lines.join(&b'\n')).expect("a file of the recording");
}

/// How many trees are damaged: `DAMAGED_TREES`, or as many as a test has time for.
fn rounds() -> u64 {
    const USUAL: u64 = 40;
    #[expect(clippy::disallowed_methods, reason = "a switch of the test programs")]
    let asked = std::env::var("DAMAGED_TREES").ok();
    asked.map_or(USUAL, |text| text.parse().expect("a number of trees"))
}

/// Damages some files of many trees and compares after each.
fn damaged(name: &str, files: &[(&str, usize)], commands: &[&str]) {
    let place = directory(name);
    fs::create_dir_all(&place).expect("the recording's directory");
    let Some(mut hall) = Hall::recorded(Tool::Netstat, Setting::Recorded(place.clone())) else {
        return;
    };
    for round in 0..rounds() {
        let mut dice = Dice::new(31, round);
        let made = directory(&format!("{name}-new"));
        tree::netstat(&made, tree::Kind::Obsolete, &mut dice).expect("a recording");
        for (file, whole) in files {
            let target = place.join(file);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).expect("the recording's directory");
            }
            // The kernel's file lies in a directory of the name that netstat reads.
            let source = match *file {
                "net/x25" => "net/x25/socket",
                other => other,
            };
            let _ = fs::copy(made.join(source), &target);
            damage_file(&place, file, *whole, &mut dice);
        }
        for words in commands {
            hall.case(&netstat(words));
        }
    }
    hall.close();
}

#[test]
fn damaged_lines_of_internet_sockets_are_read_as_by_the_original() {
    damaged(
        "internet",
        &[
            ("net/tcp", 2),
            ("net/tcp6", 2),
            ("net/udp", 2),
            ("net/udp6", 2),
            ("net/udplite", 2),
            ("net/udplite6", 2),
            ("net/raw", 2),
            ("net/raw6", 2),
        ],
        &["-tuwUaneo", "-t6naW", "-wl", "-ta --numeric-hosts"],
    );
}

#[test]
fn damaged_lines_of_sctp_are_read_as_by_the_original() {
    damaged(
        "sctp-damaged",
        &[("net/sctp/eps", 2), ("net/sctp/assocs", 2)],
        &["-San", "-Saneo", "-Sln"],
    );
}

#[test]
fn damaged_routes_are_read_as_by_the_original() {
    damaged(
        "routes",
        &[("net/route", 0), ("net/ipv6_route", 1), ("net/rt_cache", 1)],
        &[
            "-rn", "-rnee", "-6rn", "-rnC", "-rneC", "-rneeC", "-6rnC", "-r",
        ],
    );
}

#[test]
fn damaged_interfaces_are_read_as_by_the_original() {
    damaged(
        "interfaces",
        &[("net/dev", 0), ("net/if_inet6", 0)],
        // Without -e the errors of frames are among the others, which is declared for some only.
        &["-iae", "-ie"],
    );
}

#[test]
fn damaged_sockets_of_obsolete_families_are_read_as_by_the_original() {
    damaged(
        "obsolete",
        &[
            ("net/ax25", 0),
            ("net/nr", 1),
            ("net/rose", 1),
            ("net/x25", 1),
            ("net/ipx/socket", 2),
        ],
        &["--ax25", "--netrom", "--rose", "--x25", "--ipx -e -n"],
    );
}

#[test]
fn damaged_routes_of_obsolete_families_are_read_as_by_the_original() {
    damaged(
        "obsolete-routes",
        &[
            ("net/ax25_route", 1),
            ("net/nr_nodes", 1),
            ("net/nr_neigh", 1),
            ("net/rose_nodes", 1),
            ("net/rose_neigh", 1),
            ("net/ipx/route", 0),
            ("net/x25/route", 1),
            ("net/atalk_route", 0),
        ],
        &[
            "-r -A ax25",
            "-rn -A netrom",
            "-rn -A rose",
            "-rn -A ipx",
            "-rn -A x25",
            "-rn -A ddp",
        ],
    );
}

#[test]
fn damaged_masquerading_is_read_as_by_the_original() {
    damaged(
        "masquerading",
        &[("net/ip_masquerade", 0)],
        &["-M", "-Mn", "-Men"],
    );
}

#[test]
fn damaged_lines_of_unix_sockets_and_groups_are_read_as_by_the_original() {
    damaged(
        "unix",
        &[("net/unix", 2), ("net/igmp", 3), ("net/igmp6", 1)],
        &["-xan", "-xl", "-g6n", "-gn"],
    );
}

#[test]
fn damaged_counters_are_read_as_by_the_original() {
    damaged(
        "counters",
        &[
            ("net/snmp", 0),
            ("net/netstat", 0),
            ("net/snmp6", 1),
            ("net/sctp/snmp", 0),
        ],
        &["-s", "-s6", "-st", "-sw"],
    );
}
