//! The processes whose line of `/proc` 4.99.4 misreads, and what follows from that.

use std::ops::Range;

use crate::case::{Case, bytes};
use crate::compare::Seen;
use crate::odd::{How, Odd};
use crate::protocol::End;
use crate::table::{self, without_rows};
use crate::text::{contains, fields, find, lines, without_lines};

/// Takes out what such processes have, after a look at whether the rest of their rows agrees.
pub(super) fn adapt(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    if !rows_agree(case, theirs, ours) {
        return;
    }
    drop_rows(case, theirs, ours);
    for process in &case.odd {
        endpoints(&process.pid, &mut theirs.stdout, &mut ours.stdout);
        missed_zombie(case, &process.pid, theirs, ours);
        parent_for_group(case, &process.parent, theirs, ours);
    }
}

fn is_odd(case: &Case, word: &[u8]) -> bool {
    case.odd.iter().any(|odd| odd.pid.as_bytes() == word)
}

/// Whether the rows of each such process that both have are the same but for its command, its
/// parent and its group. By these one side may select more of them than the other.
fn rows_agree(case: &Case, theirs: &Seen, ours: &Seen) -> bool {
    // Endpoints tell commands in names.
    if case.args.iter().any(|word| has_letter(bytes(word), b'E')) {
        return true;
    }
    case.odd.iter().all(|odd| {
        let [their_rows, our_rows] =
            [theirs, ours].map(|seen| rows_of(odd, &seen.stdout).collect::<Vec<_>>());
        is_within(&their_rows, &our_rows) || is_within(&our_rows, &their_rows)
    })
}

fn has_letter(word: &[u8], letter: u8) -> bool {
    matches!(word.first(), Some(b'-' | b'+')) && word.contains(&letter)
}

/// Whether all of `few` are among `many`, in the same order.
fn is_within(few: &[Vec<u8>], many: &[Vec<u8>]) -> bool {
    let mut many = many.iter();
    few.iter().all(|row| many.any(|other| other == row))
}

/// The user and what is right of it of every row of a process, or its fields but those of the
/// command, the parent and the group.
fn rows_of<'t>(odd: &'t Odd, stdout: &'t [u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut user_end = None;
    let mut in_set = false;
    lines(stdout).flat_map(move |line| {
        if table::is_heading(line) {
            user_end = find(line, b" USER ").map(|start| start + 5);
            return Vec::new();
        }
        let Some(end) = user_end else {
            let parts = line.split(|&byte| byte == 0 || byte == b'\n');
            let mut kept = Vec::new();
            for field in parts.filter(|field| !field.is_empty()) {
                if let Some(number) = field.strip_prefix(b"p") {
                    // Mappings cannot be told from other files here.
                    in_set = odd.how == How::Name && number == odd.pid.as_bytes();
                } else if in_set && !matches!(field.first(), Some(b'c' | b'g' | b'R' | b'M')) {
                    kept.push(field.to_vec());
                }
            }
            return kept;
        };
        if table::process(line) != Some(odd.pid.as_bytes()) || line.len() < end {
            return Vec::new();
        }
        let (left, right) = line.split_at(end);
        let mut words: Vec<_> = fields(left)
            .last()
            .into_iter()
            .chain(fields(right))
            .collect();
        // Mappings of a process without a leader are looked up in another way.
        let mapped = words
            .get(1)
            .is_some_and(|word| matches!(*word, b"mem" | b"DEL"));
        if mapped && odd.how == How::Leaderless {
            words.clear();
        }
        if words.is_empty() {
            Vec::new()
        } else {
            vec![words.join(&b' ')]
        }
    })
}

fn drop_rows(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let mut dropped = Vec::new();
    for seen in [&mut *theirs, &mut *ours] {
        let mut in_odd_set = false;
        let before = seen.stdout.len();
        seen.stdout = without_rows(
            &seen.stdout,
            |row| table::process(row).is_some_and(|number| is_odd(case, number)),
            |line| {
                if contains(line, b" located") && contains(line, b": ") {
                    return false;
                }
                let text = line
                    .split(|&byte| byte == 0 || byte == b'\n')
                    .next()
                    .unwrap_or_default();
                match text.strip_prefix(b"p") {
                    Some(number) => in_odd_set = is_odd(case, number),
                    None if is_odd(case, text) => return true,
                    None => {}
                }
                in_odd_set
            },
        );
        dropped.push(seen.stdout.len() < before);
    }
    match dropped[..] {
        [false, true] | [true, true] => held_by_missed(case, theirs, ours),
        [true, false] => added_for_misread(case, theirs, ours),
        _ => {}
    }
}

/// `+E` gives the other ends of what a process has that only the original selected, for a group
/// that is none.
fn added_for_misread(case: &Case, theirs: &mut Seen, ours: &Seen) {
    let has = |sign: u8, letter: u8| {
        let mut words = case.args.iter().map(|word| bytes(word));
        words.any(|word| word.first() == Some(&sign) && word.contains(&letter))
    };
    if !has(b'+', b'E') || !has(b'-', b'g') {
        return;
    }
    let own: Vec<Vec<&[u8]>> = lines(&ours.stdout)
        .map(|row| fields(row).collect())
        .collect();
    let is_own = |row: &[u8]| own.contains(&fields(row).collect());
    theirs.stdout = without_rows(&theirs.stdout, |row| !is_own(row), |line| !is_own(line));
}

/// The original takes the parent of a process that it misreads for its group, which may be one of
/// which nothing is.
fn parent_for_group(case: &Case, parent: &str, theirs: &Seen, ours: &mut Seen) {
    let told = format!(": process group ID not located: {parent}\n");
    let told = told.as_bytes();
    let has = |text: &[u8]| case.args.iter().any(|word| contains(bytes(word), text));
    let asked = case.args.iter().any(|word| {
        let mut numbers = bytes(word).split(|byte| !byte.is_ascii_digit());
        numbers.any(|number| number == parent.as_bytes())
    });
    if !asked || !has(b"g") || contains(&theirs.stdout, told) || ours.end != End::Exited(1) {
        return;
    }
    let left = without_lines(&ours.stdout, |line| line.ends_with(told));
    let explained = left != ours.stdout || !tells_misses(case);
    if explained && theirs.end == End::Exited(0) {
        ours.end = theirs.end.clone();
    }
    ours.stdout = left;
}

/// What only a process has that the original misses, it does not find.
fn held_by_missed(case: &Case, theirs: &mut Seen, ours: &Seen) {
    if theirs.end != End::Exited(1) || ours.end != End::Exited(0) {
        return;
    }
    let own: Vec<_> = lines(&ours.stdout).collect();
    let told = without_lines(&theirs.stdout, |line| {
        contains(line, b" not located: ") && !own.contains(&line)
    });
    if told != theirs.stdout || !tells_misses(case) {
        theirs.stdout = told;
        theirs.end = ours.end.clone();
    }
}

/// Whether `-V` may be among the options.
fn tells_misses(case: &Case) -> bool {
    case.args.iter().any(|word| contains(bytes(word), b"V"))
}

/// The original misreads the state of such a process too, and finds one that has ended.
fn missed_zombie(case: &Case, number: &str, theirs: &mut Seen, ours: &mut Seen) {
    let asked = case.args.iter().any(|word| {
        let mut numbers = bytes(word).split(|byte| !byte.is_ascii_digit());
        numbers.any(|word| word == number.as_bytes())
    });
    if !asked || ours.end != End::Exited(1) {
        return;
    }
    let told = format!(": process ID not located: {number}\n");
    if !contains(&theirs.stdout, told.as_bytes()) {
        let left = without_lines(&ours.stdout, |line| line.ends_with(told.as_bytes()));
        let explained = left != ours.stdout || !tells_misses(case);
        if explained && theirs.end == End::Exited(0) {
            theirs.end = ours.end.clone();
        }
        ours.stdout = left;
    }
}

/// Gives a process its whole command where it is the other end of something, or takes it away where
/// the original misses it.
fn endpoints(number: &str, theirs: &mut Vec<u8>, ours: &mut Vec<u8>) {
    let before = format!(" {number},");
    let (in_theirs, in_ours) = (
        ends(theirs, before.as_bytes()),
        ends(ours, before.as_bytes()),
    );
    let text = |stream: &[u8], place: &Range<usize>| -> Vec<u8> {
        stream.get(place.clone()).unwrap_or_default().to_vec()
    };
    if in_theirs.is_empty() {
        for place in in_ours.iter().rev() {
            let end = place.end + end_of_descriptor(ours.get(place.end..).unwrap_or_default());
            ours.drain(place.start - before.len()..end);
        }
    } else if in_theirs.len() == in_ours.len() {
        for (one, other) in in_theirs.iter().zip(&in_ours).rev() {
            let (cut, whole) = (text(theirs, one), text(ours, other));
            if whole.starts_with(&cut) {
                theirs.splice(one.clone(), whole);
            }
        }
    }
}

/// Where the commands after `before` stand, which a descriptor with an access letter follows.
fn ends(text: &[u8], before: &[u8]) -> Vec<Range<usize>> {
    /// Beyond the longest command with escapes.
    const LONGEST: usize = 64;
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(place) = find(text.get(start..).unwrap_or_default(), before) {
        start += place + before.len();
        let rest = text.get(start..).unwrap_or_default();
        let length =
            (0..LONGEST.min(rest.len())).find(|&length| end_of_descriptor(&rest[length..]) > 0);
        if let Some(length) = length {
            found.push(start..start + length);
        }
    }
    found
}

/// The length of `,3u` at the start of a text; 0 when there is none.
fn end_of_descriptor(text: &[u8]) -> usize {
    let Some(rest) = text.strip_prefix(b",") else {
        return 0;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest.get(digits) {
        Some(b'r' | b'w' | b'u') if digits > 0 => digits + 2,
        _ => 0,
    }
}
