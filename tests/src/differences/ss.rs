//! The declared differences of ss.

use super::{ALL, Declared, INSTALLED, OLD};
use crate::case::{Case, bytes};
use crate::compare::Seen;
use crate::protocol::{COMMAND_PID, End, Output};
use crate::text::{contains, fields, find, lines, replace};

pub(super) const DIFFERENCES: &[Declared] = &[
    Declared {
        name: "usage text",
        suites: ALL,
        reason: "the usage is written anew: its first two lines, its stream and the status are \
                 compared, not the wording of its lines",
        adapt: usage,
    },
    Declared {
        name: "version",
        suites: ALL,
        reason: "each build tells its own version number",
        adapt: version,
    },
    Declared {
        name: "crash on a unix condition",
        suites: ALL,
        reason: "a unix: condition that meets an Internet socket ends the original by SIGSEGV; ours \
                 takes it as no match",
        adapt: crash,
    },
    Declared {
        name: "buffers of the lister's own socket",
        suites: ALL,
        reason: "ours leaves the buffers of its own netlink socket at other sizes; -m shows them in \
                 the one row of the lister itself",
        adapt: own_buffers,
    },
    Declared {
        name: "refused tables told",
        suites: OLD,
        reason: "before 7.0 a refused dump or filter was told on stderr",
        adapt: refusals,
    },
    Declared {
        name: "dccp",
        suites: OLD,
        reason: "the DCCP table was removed with 7.3",
        adapt: dccp,
    },
    Declared {
        name: "raw process names",
        suites: OLD,
        reason: "before 7.0 the bytes of a process name were printed as they are",
        adapt: process_names,
    },
    Declared {
        name: "unwritable dump file",
        suites: OLD,
        reason: "before 7.0 -D with a file that cannot be written ended silently with status 0",
        adapt: dump_file,
    },
    Declared {
        name: "delayed acknowledgement",
        suites: OLD,
        reason: "before 7.1 the timer of type 5 had no name; the new one is a byte shorter, which \
                 changes the width of the column",
        adapt: delayed_acknowledgement,
    },
    Declared {
        name: "last column padded",
        suites: OLD,
        reason: "before 7.0 the last visible column was padded to its width also without a screen",
        adapt: last_column,
    },
    Declared {
        name: "options of later versions",
        suites: INSTALLED,
        reason: "6.1 does not know -B, -Q, --bpf-maps and the state bound-inactive",
        adapt: unknown_options,
    },
    Declared {
        name: "layout of 6.1",
        suites: INSTALLED,
        reason: "6.1 always has the Process column, ignores COLUMNS, and prints times of 1 to 10 \
                 seconds in another unit: compared word by word",
        adapt: old_layout,
    },
];

fn usage(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const FIRST: &[u8] = b"Usage: ss [ OPTIONS ]";
    const SECOND: &[u8] = b"       ss [ OPTIONS ] [ FILTER ]";
    for stream in [
        &mut theirs.stdout,
        &mut theirs.stderr,
        &mut ours.stdout,
        &mut ours.stderr,
    ] {
        // A terminal puts a carriage return before each newline.
        for end in [&b"\n"[..], b"\r\n"] {
            let head = [FIRST, end, SECOND, end].concat();
            if let Some(start) = find(stream, &head) {
                stream.truncate(start + head.len());
            }
        }
    }
}

fn version(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const HEAD: &[u8] = b"ss utility, iproute2-";
    for stream in [&mut theirs.stdout, &mut ours.stdout] {
        if stream.starts_with(HEAD) {
            stream.truncate(HEAD.len());
        }
    }
}

fn crash(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    // An option that asks for unix sockets makes unix: of conditions without family.
    let unix = contains(&case.stdin, b"unix:")
        || case.args.iter().map(|word| bytes(word)).any(|word| {
            let short = word.starts_with(b"-") && !word.starts_with(b"--") && word.contains(&b'x');
            short || contains(word, b"unix")
        });
    if unix && theirs.end == End::Signalled(11) && matches!(ours.end, End::Exited(0)) {
        *theirs = ours.clone();
    }
}

/// The row whose owner has the lister's process number: equal up to its memory, and as long. The
/// blanks behind it stay theirs.
fn own_buffers(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let owner = [format!("/{COMMAND_PID} "), format!(":{COMMAND_PID} ")];
    let mut own = lines(&ours.stdout);
    theirs.stdout = lines(&theirs.stdout)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default().trim_ascii_end();
            let (text, blanks) = line.split_at(line.trim_ascii_end().len());
            let memory = find(text, b" skmem:(");
            let listers = owner.iter().any(|owner| contains(text, owner.as_bytes()));
            let text = match memory {
                Some(memory)
                    if listers
                        && text.len() == own.len()
                        && own.get(..memory) == text.get(..memory) =>
                {
                    own
                }
                _ => text,
            };
            [text, blanks].concat()
        })
        .collect();
}

fn refusals(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    // Not by lines: a message without a newline may stand before it.
    for reason in ["Invalid argument", "Operation not permitted"] {
        let told = format!("RTNETLINK answers: {reason}\n");
        theirs.stderr = replace(&theirs.stderr, told.as_bytes(), b"");
    }
}

fn dccp(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if contains(&theirs.stderr, b"is ambiguous; possibilities:") {
        theirs.stderr = replace(&theirs.stderr, b" '--dccp'", b"");
    }
    let refused: [&[u8]; 3] = [
        b"invalid option -- 'd'",
        b"unrecognized option '--dc",
        b"\"dccp\" is illegal socket table id",
    ];
    // `--d`, with a value or without: what is left of the list is no ambiguity.
    let ambiguous = contains(&theirs.stderr, b"' is ambiguous; possibilities: '--diag'\n");
    let unknown = |seen: &Seen| refused.iter().any(|text| contains(&seen.stderr, text));
    if ambiguous || (unknown(ours) && !unknown(theirs)) {
        *theirs = ours.clone();
    }
}

/// What a newline became: a terminal puts a carriage return before it.
fn newline(case: &Case) -> &'static [u8] {
    match case.output {
        Output::Terminal(_) => b"\r\n",
        _ => b"\n",
    }
}

/// In `("name",pid=`: control bytes as `.`, all above ASCII as `?`.
fn process_names(case: &Case, theirs: &mut Seen, _: &mut Seen) {
    let newline = newline(case);
    let mut start = 0;
    while let Some(found) = find(theirs.stdout.get(start..).unwrap_or_default(), b"(\"") {
        start += found + 2;
        let rest = theirs.stdout.get(start..).unwrap_or_default();
        let name = find(rest, b"\",pid=").and_then(|length| rest.get(..length));
        let Some((length, name)) = name.map(|name| (name.len(), replace(name, newline, b"\n")))
        else {
            return;
        };
        if name.len() < 16 {
            let shown = name.iter().map(|byte| match byte {
                1..=0x1f | 0x7f => b'.',
                0x80.. => b'?',
                byte => *byte,
            });
            theirs.stdout.splice(start..start + length, shown);
        }
    }
}

fn dump_file(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let silent = theirs.stderr.is_empty() && theirs.end == End::Exited(0);
    if silent && ours.stderr.starts_with(b"fopen dump file: ") {
        *theirs = ours.clone();
    }
}

fn delayed_acknowledgement(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if !contains(&theirs.stdout, b" timer:(unknown,") {
        return;
    }
    // Ours has `unknown` too, for types that still have no name.
    let renamed = |text: &[u8]| squeezed(&replace(text, b" timer:(unknown,", b" timer:(delack,"));
    if renamed(&theirs.stdout) == renamed(&ours.stdout) {
        theirs.stdout.clone_from(&ours.stdout);
    }
}

/// Every run of blanks as one.
fn squeezed(text: &[u8]) -> Vec<u8> {
    let mut squeezed = Vec::new();
    for line in lines(text) {
        for word in fields(line) {
            squeezed.extend_from_slice(word);
            squeezed.push(b' ');
        }
        squeezed.push(b'\n');
    }
    squeezed
}

fn last_column(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let newline = newline(case);
    let text = |seen: &Seen| replace(&seen.stdout, newline, b"\n");
    if padded_at_one_column(&text(theirs), &text(ours)) {
        theirs.stdout.clone_from(&ours.stdout);
    }
}

/// Whether `padded` is `plain` with blanks put in at no more than one place of each line, always
/// so many that they end at the same column of the row. A row may hold newlines: then its column is
/// counted from a line before.
fn padded_at_one_column(padded: &[u8], plain: &[u8]) -> bool {
    /// Lines that one row is taken to have at most.
    const ROW: usize = 6;
    let mut plain_lines = lines(plain);
    // For each widened line the columns at which its gap can end, lowest and highest, counted from
    // the start of that line and of the lines before it.
    let mut gaps: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut before: Vec<usize> = Vec::new();
    for wide in lines(padded) {
        let Some(narrow) = plain_lines.next() else {
            return false;
        };
        let Some(extra) = wide.len().checked_sub(narrow.len()) else {
            return false;
        };
        if extra > 0 {
            let Some((lowest, highest)) = gap(wide, narrow, extra) else {
                return false;
            };
            let mut start = 0;
            let mut columns = vec![(lowest + extra, highest + extra)];
            for length in before.iter().rev().take(ROW - 1) {
                start += length;
                columns.push((start + lowest + extra, start + highest + extra));
            }
            gaps.push(columns);
        } else if wide != narrow {
            return false;
        }
        before.push(wide.len());
    }
    let Some(first) = gaps.first() else {
        return false;
    };
    plain_lines.next().is_none()
        && first.iter().any(|&(lowest, highest)| {
            (lowest..=highest).any(|column| {
                gaps.iter().all(|columns| {
                    columns
                        .iter()
                        .any(|&(lowest, highest)| (lowest..=highest).contains(&column))
                })
            })
        })
}

/// The first and the last place where `extra` blanks put into `narrow` make it `wide`.
fn gap(wide: &[u8], narrow: &[u8], extra: usize) -> Option<(usize, usize)> {
    let front = wide
        .iter()
        .zip(narrow)
        .take_while(|(one, other)| one == other)
        .count();
    let back = wide.iter().rev().zip(narrow.iter().rev());
    let back = back.take_while(|(one, other)| one == other).count();
    let blank = |place: &usize| {
        wide.get(*place..place + extra)
            .is_some_and(|gap| gap.iter().all(|&byte| byte == b' '))
    };
    let mut places = (narrow.len().saturating_sub(back)..=front).filter(blank);
    let first = places.next()?;
    Some((first, places.next_back().unwrap_or(first)))
}

fn unknown_options(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let refused: [&[u8]; 6] = [
        b"invalid option -- 'B'",
        b"invalid option -- 'Q'",
        b"unrecognized option '--bo",
        b"unrecognized option '--no-q",
        b"unrecognized option '--bpf-",
        b"wrong state name: bound-inactive",
    ];
    if refused.iter().any(|text| contains(&theirs.stderr, text)) {
        *theirs = ours.clone();
    }
}

fn old_layout(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    for stream in [&mut theirs.stdout, &mut ours.stdout] {
        let text = replace(stream, b"PortProcess", b"Port");
        *stream = squeezed(&replace(&text, b"Port Process", b"Port"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newline_in_a_name_is_one_byte_on_a_terminal_too() {
        let shown = |output, text: &[u8]| {
            let mut theirs = Seen {
                end: End::Exited(0),
                stdout: text.to_vec(),
                stderr: Vec::new(),
            };
            let mut ours = theirs.clone();
            let case = Case::words(crate::tool::Tool::Ss, "-p").to(output);
            process_names(&case, &mut theirs, &mut ours);
            theirs.stdout.escape_ascii().to_string()
        };
        let names = b"((\"a\r\nb\",pid=1,fd=2),(\"\xc3\xa9\r\r\n\",pid=2,fd=2))\r\n";
        assert_eq!(
            shown(Output::Terminal(80), names),
            r#"((\"a.b\",pid=1,fd=2),(\"??..\",pid=2,fd=2))\r\n"#
        );
        assert_eq!(
            shown(Output::File, names),
            r#"((\"a..b\",pid=1,fd=2),(\"??...\",pid=2,fd=2))\r\n"#
        );
    }

    #[test]
    fn padding_of_one_column_is_recognised() {
        assert!(padded_at_one_column(
            b"a:22  \nb:1   x\nc:4444\n",
            b"a:22\nb:1 x\nc:4444\n"
        ));
        assert!(!padded_at_one_column(
            b"a:22   \nb:1   x\n",
            b"a:22\nb:1 x\n"
        ));
        assert!(!padded_at_one_column(b"a:22  y\n", b"a:22x\n"));
        assert!(!padded_at_one_column(b"a b c\n", b"abc\n"));
    }
}
