//! The declared differences of lsof: Debian's originals are of 4.99.4 and older, ours follows
//! 4.99.7.

mod misread;

use std::ffi::OsString;

use super::{ALL, Declared, INSTALLED};
use crate::case::{Case, bytes};
use crate::compare::Seen;
use crate::protocol::{End, Output};
use crate::table::{self, without_rows};
use crate::text::{contains, fields, find, lines, replace, without_lines};

pub(super) const DIFFERENCES: &[Declared] = &[
    Declared {
        name: "version",
        suites: ALL,
        reason: "each build tells its own version number, and what follows it in -v is the build's",
        adapt: version,
    },
    Declared {
        name: "processes that 4.99.4 misreads",
        suites: ALL,
        reason: "4.99.4 ends a command at its first unmatched parenthesis, or misses the process and \
                 what only that holds, or finds it by its number when it is a zombie, and prints a \
                 newline as an escape; it takes the parent of a process with a parenthesis at the \
                 end for its group, and a process whose leader is dead for one of another \
                 mount namespace. 4.99.7 does not. The rows of such processes are not compared",
        adapt: misread::adapt,
    },
    Declared {
        name: "state of connected UDP",
        suites: ALL,
        reason: "4.99.4 has no state for connected UDP sockets, 4.99.7 has ESTABLISHED",
        adapt: connected_udp,
    },
    Declared {
        name: "descriptor of five digits",
        suites: ALL,
        reason: "4.99.4 cuts a descriptor of five digits in -F as in the column",
        adapt: long_descriptor,
    },
    Declared {
        name: "death of the stat child",
        suites: ALL,
        reason: "where its child dies of a path that is too long, the original ends by the broken \
                 pipe to it or, if it hears of the death before, gives that as the reason",
        adapt: child_death,
    },
    Declared {
        name: "expression not found",
        suites: ALL,
        reason: "4.99.4 prints freed memory where -V names an expression that matched nothing",
        adapt: expression,
    },
    Declared {
        name: "crash on an exempted file system",
        suites: ALL,
        reason: "4.99.4 ends by SIGSEGV at -e with a file selector",
        adapt: exempt_crash,
    },
    Declared {
        name: "after an exempted file",
        suites: ALL,
        reason: "after a file on a file system that -e exempts, 4.99.4 gives the descriptors of the \
                 process no flags and the offset 0t64, and the exempted files those of another. \
                 Flags and offsets of such a process are not compared",
        adapt: exempt_offsets,
    },
    Declared {
        name: "one of several names",
        suites: ALL,
        reason: "where +d and +D entered one file under several names, its rows have the last \
                 entered one here; in the original mostly, but with some files another, and no \
                 rule was found in its runs",
        adapt: one_of_several,
    },
    Declared {
        name: "numbers beyond 32 bits",
        suites: ALL,
        reason: "the original keeps the lower 32 bits of a number of a process or group, and tells \
                 them with a sign; ours tells what was typed, which matches nothing",
        adapt: large_numbers,
    },
    Declared {
        name: "later services of a host",
        suites: ALL,
        reason: "of -i @HOST:LIST the original gives the IPv6 addresses of HOST to the first service \
                 only, ours to every one",
        adapt: later_services,
    },
    Declared {
        name: "UDP states",
        suites: ALL,
        reason: "4.99.4 knows no UDP state; ours knows ESTABLISHED and names what it does not know",
        adapt: udp_states,
    },
    Declared {
        name: "options of later versions",
        suites: INSTALLED,
        reason: "4.95 does not know -H",
        adapt: no_human_size,
    },
];

/// The number in the first line of the usage, and everything after it in `-v`.
fn version(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    for stream in [&mut theirs.stderr, &mut ours.stderr] {
        let mut changed = Vec::new();
        for line in lines(stream) {
            let number = find(line, b" 4.9").filter(|_| !line.contains(&b':'));
            if let Some(start) = number {
                changed.extend_from_slice(line.get(..start).unwrap_or_default());
                changed.extend_from_slice(b" VERSION\n");
            } else if line.starts_with(b"    revision: ") {
                changed.extend_from_slice(b"    revision: VERSION\n");
                break;
            } else {
                changed.extend_from_slice(line);
            }
        }
        *stream = changed;
    }
}

fn connected_udp(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const STATE: &[u8] = b"TST=ESTABLISHED";
    let mut changed = Vec::new();
    if ours.stdout.starts_with(b"p") {
        // Without the protocol among the fields only the other side tells whose state it is.
        let ends = |byte: &u8| *byte == 0 || *byte == b'\n';
        let mut their_fields = theirs.stdout.split_inclusive(ends).peekable();
        for field in ours.stdout.split_inclusive(ends) {
            let there = their_fields
                .peek()
                .is_some_and(|field| field.starts_with(STATE));
            if field.starts_with(STATE) && !there {
                continue;
            }
            their_fields.next();
            changed.extend_from_slice(field);
        }
    } else {
        for line in lines(&ours.stdout) {
            let row = contains(line, b" UDP ") || contains(line, b" UDPLITE ");
            if row && contains(line, b"->") {
                let line = replace(line, b"(ESTABLISHED)\n", b"\n");
                changed.extend(replace(&line, b"(ESTABLISHED QR=", b"(QR="));
            } else {
                changed.extend_from_slice(line);
            }
        }
    }
    ours.stdout = changed;
}

/// `f12345` as `f*345`.
fn long_descriptor(_: &Case, _: &mut Seen, ours: &mut Seen) {
    if !ours.stdout.starts_with(b"p") {
        return;
    }
    let mut changed = Vec::new();
    for line in lines(&ours.stdout) {
        let digits = line.get(1..).unwrap_or_default();
        let length = digits
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if line.starts_with(b"f") && length > 4 {
            changed.extend_from_slice(b"f*");
            changed.extend_from_slice(digits.get(length - 3..).unwrap_or_default());
        } else {
            changed.extend_from_slice(line);
        }
    }
    ours.stdout = changed;
}

fn child_death(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let to_pipe = !matches!(case.output, Output::File | Output::Full);
    if !to_pipe && theirs.end == End::Signalled(13) && matches!(ours.end, End::Exited(_)) {
        *theirs = ours.clone();
        return;
    }
    let mut own = lines(&ours.stderr);
    theirs.stderr = lines(&theirs.stderr)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default();
            let path = own.strip_suffix(b": File name too long\n");
            let died = line.strip_suffix(b": No child processes\n");
            if path.is_some() && path == died {
                own
            } else {
                line
            }
        })
        .copied()
        .collect();
}

/// Flags and offsets of the descriptors of a process that has a file on an exempted file system.
fn exempt_offsets(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if !exempts(case) {
        return;
    }
    let mut confused: Vec<Vec<u8>> = Vec::new();
    walk(&theirs.stdout, |number, _, field| {
        let shown = contains(field, b" (-e /") || contains(field, b" 0t64 ") || field == b"o0t64";
        if shown && !confused.iter().any(|known| known == number) {
            confused.push(number.to_vec());
        }
    });
    if confused.is_empty() {
        return;
    }
    for seen in [theirs, ours] {
        let mut changed = Vec::with_capacity(seen.stdout.len());
        walk(&seen.stdout, |number, heading, field| {
            let confused = confused.iter().any(|known| known == number);
            match (confused, heading) {
                (true, Some(heading)) => {
                    let mut row = field.to_vec();
                    for title in [&b"FILE-FLAG"[..], b"SIZE/OFF", b"OFFSET"] {
                        table::blank(heading, title, &mut row);
                    }
                    changed.extend(row);
                }
                (true, None) if field.starts_with(b"G") || field.starts_with(b"o0") => return,
                _ => changed.extend_from_slice(field),
            }
            changed.push(b'\n');
        });
        seen.stdout = changed;
    }
}

/// Calls `each` for every line of a table, with its heading, or for every field of `-F`; before
/// these with the number of the process.
fn walk(text: &[u8], mut each: impl FnMut(&[u8], Option<&[u8]>, &[u8])) {
    let mut heading = None;
    let mut number: &[u8] = b"";
    for line in lines(text) {
        if table::is_heading(line) {
            heading = Some(line);
            number = b"";
        } else if heading.is_some() {
            number = table::process(line).unwrap_or_default();
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if heading.is_some() {
            each(number, heading, line);
            continue;
        }
        for field in line.split(|&byte| byte == 0) {
            number = field.strip_prefix(b"p").unwrap_or(number);
            each(number, None, field);
        }
    }
}

/// Rows that differ in nothing but the name, the same name for the same other one throughout, and
/// what `-V` says about these names.
fn one_of_several(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let searches = |word: &OsString| {
        [&b"+d"[..], b"+D"]
            .iter()
            .any(|o| bytes(word).starts_with(o))
    };
    if !case.args.iter().any(searches) || theirs.end != ours.end {
        return;
    }
    let pieces = |text: &[u8]| -> Vec<Vec<u8>> {
        let pieces = text.split(|&byte| byte == b'\n' || byte == 0);
        pieces.map(<[u8]>::to_vec).collect()
    };
    let (their_pieces, our_pieces) = (pieces(&theirs.stdout), pieces(&ours.stdout));
    if their_pieces.len() != our_pieces.len() {
        return;
    }
    let mut column = None;
    let mut renamed: Vec<(&[u8], &[u8])> = Vec::new();
    let (mut their_missed, mut our_missed) = (Vec::new(), Vec::new());
    for (their, our) in their_pieces.iter().zip(&our_pieces) {
        if their.ends_with(b" NAME") && their.starts_with(b"COMM") {
            // After descriptors of one place the heading is one column to the right.
            column = Some(their.len() - b" NAME".len());
        }
        let name = |piece: &'_ [u8]| -> Option<usize> {
            match column {
                Some(column) => find(piece.get(column..)?, b"/").map(|start| column + start),
                None => piece.starts_with(b"n/").then_some(1),
            }
        };
        if let (Some(their_name), Some(our_name)) = (missed(their), missed(our)) {
            their_missed.push(their_name);
            our_missed.push(our_name);
        } else if their != our {
            let (Some(their_start), Some(our_start)) = (name(their), name(our)) else {
                return;
            };
            if their.get(..their_start) != our.get(..our_start) {
                return;
            }
            let pair = (&their[their_start..], &our[our_start..]);
            if renamed
                .iter()
                .any(|known| known.0 == pair.0 && known.1 != pair.1)
            {
                return;
            }
            renamed.push(pair);
        }
    }
    let explained = their_missed
        .iter()
        .all(|name| our_missed.contains(name) || renamed.iter().any(|pair| pair.1 == *name))
        && our_missed
            .iter()
            .all(|name| their_missed.contains(name) || renamed.iter().any(|pair| pair.0 == *name));
    if explained && !renamed.is_empty() {
        theirs.stdout.clone_from(&ours.stdout);
    }
}

fn large_numbers(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const TEXT: &[u8] = b" ID not located: ";
    let split = |line: &'_ [u8]| -> Option<(usize, String)> {
        let start = find(line, TEXT)? + TEXT.len();
        let number = String::from_utf8_lossy(line.get(start..)?);
        Some((start, number.trim_end().to_owned()))
    };
    let mut own = lines(&ours.stdout);
    theirs.stdout = lines(&theirs.stdout)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default();
            let (Some((start, kept)), Some((own_start, typed))) = (split(line), split(own)) else {
                return line;
            };
            let wrapped = typed
                .parse()
                .ok()
                .filter(|&typed: &u64| typed > i32::MAX as u64)
                .map(|typed| (typed as u32).cast_signed().to_string());
            let same = line.get(..start) == own.get(..own_start);
            if same && wrapped.as_deref() == Some(&*kept) {
                own
            } else {
                line
            }
        })
        .copied()
        .collect();
}

fn missed(line: &[u8]) -> Option<&[u8]> {
    const TEXT: &[u8] = b": no file use located: ";
    find(line, TEXT).and_then(|start| line.get(start + TEXT.len()..))
}

fn exempts(case: &Case) -> bool {
    case.args.iter().any(|word| {
        let word = bytes(word);
        (word.starts_with(b"-") || word.starts_with(b"+")) && word.contains(&b'e')
    })
}

fn expression(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if !case.args.iter().any(|word| contains(bytes(word), b"/")) {
        return;
    }
    for seen in [theirs, ours] {
        seen.stdout = without_lines(&seen.stdout, |line| {
            contains(line, b": no command found for regex: ")
        });
    }
}

fn exempt_crash(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if exempts(case) && theirs.end == End::Signalled(11) && matches!(ours.end, End::Exited(_)) {
        *theirs = ours.clone();
    }
}

/// Rows of IPv6 that only ours has, in a table.
fn later_services(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let lists = case.args.iter().any(|word| {
        let mut parts = bytes(word).splitn(2, |&byte| byte == b'@');
        let address = parts.nth(1).unwrap_or_default();
        let host = address.first().is_some_and(u8::is_ascii_alphabetic);
        host && contains(address, b":") && contains(address, b",")
    });
    if !lists || ours.end != theirs.end {
        return;
    }
    let known: Vec<Vec<&[u8]>> = lines(&theirs.stdout)
        .map(|row| fields(row).collect())
        .collect();
    let kept = without_rows(
        &ours.stdout,
        |row| contains(row, b" IPv6 ") && !known.contains(&fields(row).collect()),
        |_| false,
    );
    ours.stdout = kept;
}

fn udp_states(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let theirs_text: &[u8] = b": no UDP state names available: ";
    if contains(&theirs.stderr, theirs_text) {
        for seen in [theirs, ours] {
            seen.stderr = without_lines(&seen.stderr, |line| {
                contains(line, theirs_text) || contains(line, b": unknown UDP state name: ")
            });
        }
    }
}

fn no_human_size(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if contains(&theirs.stderr, b"illegal option character: H\n") {
        *theirs = ours.clone();
    }
}
