//! The declared differences of lsof: Debian's originals are of 4.99.4 and older, ours follows
//! 4.99.7.

use super::{ALL, Declared, INSTALLED};
use crate::case::{Case, bytes};
use crate::compare::Seen;
use crate::protocol::{End, Output};
use crate::text::{contains, fields, find, lines, replace, without_lines};

pub(super) const DIFFERENCES: &[Declared] = &[
    Declared {
        name: "version",
        suites: ALL,
        reason: "each build tells its own version number, and what follows it in -v is the build's",
        adapt: version,
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
        name: "processes that 4.99.4 misreads",
        suites: ALL,
        reason: "4.99.4 ends a command at its first unmatched parenthesis, or misses the process, and \
                 prints a newline as an escape; it takes a process whose leader is dead for one of \
                 another mount namespace. 4.99.7 does not. The rows of such processes are not \
                 compared",
        adapt: odd_names,
    },
    Declared {
        name: "death of the stat child",
        suites: ALL,
        reason: "where its child dies of a path, the original ends by the broken pipe to it",
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
        let terminator = if contains(&ours.stdout, b"\0") {
            0
        } else {
            b'\n'
        };
        let mut their_fields = theirs
            .stdout
            .split_inclusive(|&byte| byte == terminator)
            .peekable();
        for field in ours.stdout.split_inclusive(|&byte| byte == terminator) {
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

fn odd_names(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let is_odd = |word: &[u8]| {
        case.odd_names
            .iter()
            .any(|number| number.as_bytes() == word)
    };
    for seen in [theirs, ours] {
        let mut in_columns = false;
        let mut in_odd_set = false;
        seen.stdout = without_lines(&seen.stdout, |line| {
            in_columns |= line.starts_with(b"COMMAND ");
            if in_columns {
                // Without a command the number is the first word.
                let place = usize::from(!line.starts_with(b" "));
                return fields(line).nth(place).is_some_and(is_odd);
            }
            let text = line
                .split(|&byte| byte == 0 || byte == b'\n')
                .next()
                .unwrap_or_default();
            match text.strip_prefix(b"p") {
                Some(number) => in_odd_set = is_odd(number),
                None if is_odd(text) => return true,
                None => {}
            }
            in_odd_set
        });
    }
}

fn child_death(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let to_pipe = !matches!(case.output, Output::File | Output::Full);
    if !to_pipe && theirs.end == End::Signalled(13) && matches!(ours.end, End::Exited(_)) {
        *theirs = ours.clone();
    }
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
    let exempts = case.args.iter().any(|word| {
        let word = bytes(word);
        (word.starts_with(b"-") || word.starts_with(b"+")) && word.contains(&b'e')
    });
    if exempts && theirs.end == End::Signalled(11) && matches!(ours.end, End::Exited(_)) {
        *theirs = ours.clone();
    }
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
