//! The declared differences of netstat: the originals of Debian are of 2.10, ours follows 3.14.

use super::{ALL, Declared};
use crate::case::{Case, bytes};
use crate::compare::Seen;
use crate::fixture::tree::FRAME_ERRORS_PER_ERROR;
use crate::protocol::End;
use crate::text::{contains, fields, find, lines, replace, without_lines};

pub(super) const DIFFERENCES: &[Declared] = &[
    Declared {
        name: "--notrim",
        suites: ALL,
        reason: "2.10 does not know --notrim, so fewer abbreviations are ambiguous there",
        adapt: notrim,
    },
    Declared {
        name: "blank before overruns",
        suites: ALL,
        reason: "2.10 has one blank before `overruns` in the TX errors line of -ie, 3.14 two",
        adapt: overruns,
    },
    Declared {
        name: "compressed packets",
        suites: ALL,
        reason: "2.10 has a colon before the received ones, and shows them for two types of SLIP \
                 only; 3.14 has none, and shows them wherever the count is not zero",
        adapt: compressed,
    },
    Declared {
        name: "frame errors among RX-ERR",
        suites: ALL,
        reason: "2.10 shows the errors of an interface in -i, 3.14 adds those of frames",
        adapt: frame_errors,
    },
    Declared {
        name: "letter for point-to-point",
        suites: ALL,
        reason: "2.10 has `P` for POINTOPOINT in -i, as for PROMISC; 3.14 has `p`",
        adapt: point_to_point,
    },
    Declared {
        name: "counters that 3.14 words otherwise",
        suites: ALL,
        reason: "3.14 does not show Forwarding, and has a sentence for invalid UDP checksums (and, \
                 for IPv6, buffer errors) where 2.10 shows the key when it is not zero",
        adapt: counters,
    },
    Declared {
        name: "--tcpip",
        suites: ALL,
        reason: "the original complains of itself at --tcpip and ignores it; ours takes it as inet",
        adapt: tcpip,
    },
    Declared {
        name: "list of families on standard output",
        suites: ALL,
        reason: "the original's -h writes the end of its text to standard error; ours writes all of \
                 it to standard output",
        adapt: families,
    },
    Declared {
        name: "interface names of 15 bytes",
        suites: ALL,
        reason: "Debian's 2.10 loses the counters of an interface whose name has the greatest length",
        adapt: long_interface,
    },
    Declared {
        name: "hardware types of 3.14",
        suites: ALL,
        reason: "Debian's 2.10 is built without InfiniBand and token ring: it shows their addresses \
                 as `unspec`; of an Ash address it prints more bytes than it asked for",
        adapt: hardware,
    },
    Declared {
        name: "IPX ports",
        suites: ALL,
        reason: "2.10 swaps the two bytes of an IPX port, 3.14 does not",
        adapt: ipx_ports,
    },
    Declared {
        name: "routes of AppleTalk and ROSE",
        suites: ALL,
        reason: "the original dies of an AppleTalk table that lacks its title, and of ROSE nodes \
                 without a table of neighbours; ours shows the title, or says what is absent",
        adapt: dead_of_routes,
    },
    Declared {
        name: "reason of absent NET/ROM neighbours",
        suites: ALL,
        reason: "the original tells an error of something else where NET/ROM nodes are absent as well",
        adapt: absent_neighbours,
    },
    Declared {
        name: "reason of an empty routing cache",
        suites: ALL,
        reason: "the original tells the last error of whatever it did before, ours that there was none",
        adapt: empty_cache,
    },
    Declared {
        name: "addresses of ROSE and X.25",
        suites: ALL,
        reason: "the original loses the destination of a ROSE socket and the last digit of the \
                 source of an X.25 one",
        adapt: lost_addresses,
    },
    Declared {
        name: "unreadable IPv6 routes",
        suites: ALL,
        reason: "of a line of routes that it cannot read whole the original prints what it could, and \
                 the rest of the row before again, ours nothing",
        adapt: repeated_routes,
    },
    Declared {
        name: "control bytes in callsigns",
        suites: ALL,
        reason: "the original prints them as they are, ours leaves them out",
        adapt: callsigns,
    },
    Declared {
        name: "metrics above 2^31",
        suites: ALL,
        reason: "2.10 prints the metric of an IPv4 route as a signed number, 3.14 as an unsigned one",
        adapt: metrics,
    },
    Declared {
        name: "routes with more than two -e",
        suites: ALL,
        reason: "the original goes round: no rows at the third, then the layouts again; ours takes \
                 more than two as two",
        adapt: many_extensions,
    },
    Declared {
        name: "numeric SCTP hosts",
        suites: ALL,
        reason: "the original prints hosts of SCTP as numbers at each of --numeric-ports, \
                 --numeric-users and -N; ours only where hosts are to be numbers",
        adapt: sctp_hosts,
    },
    Declared {
        name: "--uni",
        suites: ALL,
        reason: "the original finds --uni ambiguous with itself, because its table holds --unix \
                 twice",
        adapt: twice_unix,
    },
    Declared {
        name: "version text",
        suites: ALL,
        reason: "each build tells its own version and features",
        adapt: version,
    },
    Declared {
        name: "program names",
        suites: ALL,
        reason: "2.10 prints the bytes of a program name as they are, 3.14 a dot for each that is \
                 not printable ASCII",
        adapt: program_names,
    },
    Declared {
        name: "control bytes in unix names",
        suites: ALL,
        reason: "the original prints them as they are, and takes what follows a newline for a row; \
                 ours prints `?` for each, and -W shows what follows a blank",
        adapt: unix_names,
    },
];

fn notrim(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    ours.stderr = replace(&ours.stderr, b" '--notrim'", b"");
    if contains(&theirs.stderr, b"unrecognized option '--not") {
        *theirs = ours.clone();
    }
}

fn overruns(_: &Case, _: &mut Seen, ours: &mut Seen) {
    ours.stdout = lines(&ours.stdout)
        .flat_map(|line| {
            if line.starts_with(b"        TX errors ") {
                replace(line, b"  overruns ", b" overruns ")
            } else {
                line.to_vec()
            }
        })
        .collect();
}

fn compressed(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    theirs.stdout = replace(
        &theirs.stdout,
        b"        RX compressed:",
        b"        RX compressed ",
    );
    let told = |line: &[u8]| {
        line.starts_with(b"        RX compressed ") || line.starts_with(b"        TX compressed ")
    };
    let mut there = lines(&theirs.stdout).peekable();
    ours.stdout = lines(&ours.stdout)
        .filter(|line| {
            if told(line) && !there.peek().is_some_and(|line| told(line)) {
                return false;
            }
            there.next();
            true
        })
        .flatten()
        .copied()
        .collect();
}

/// The fourth word of a row where ours has the frame errors too, and everything else is the same.
/// Only recorded interfaces have frame errors: so many for each error.
fn frame_errors(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const RX_ERR: usize = 3;
    if !contains(&theirs.stdout, b" RX-ERR ") {
        return;
    }
    let mut own = lines(&ours.stdout);
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        let Some(own_line) = own.next() else { return };
        let number = |line| {
            let word = fields(line).nth(RX_ERR)?;
            std::str::from_utf8(word).ok()?.parse::<u64>().ok()
        };
        let rest = |line| {
            fields(line)
                .enumerate()
                .filter(|(index, _)| *index != RX_ERR)
        };
        let added = number(own_line)
            .zip(number(line))
            .is_some_and(|(own, their)| Some(own) == their.checked_mul(1 + FRAME_ERRORS_PER_ERROR));
        let taken = if added && rest(line).eq(rest(own_line)) {
            line
        } else {
            own_line
        };
        changed.extend_from_slice(taken);
    }
    changed.extend(own.flatten());
    ours.stdout = changed;
}

fn point_to_point(_: &Case, _: &mut Seen, ours: &mut Seen) {
    if !contains(&ours.stdout, b"TX-ERR") {
        return;
    }
    let mut changed = Vec::new();
    for line in lines(&ours.stdout) {
        let start = changed.len();
        changed.extend_from_slice(line);
        let flags = fields(line).last().map_or(0, <[u8]>::len) + 1;
        if let Some(flags) = changed.get_mut(start..).and_then(|line| {
            let length = line.len();
            line.get_mut(length.saturating_sub(flags)..)
        }) {
            for letter in flags {
                if *letter == b'p' {
                    *letter = b'P';
                }
            }
        }
    }
    ours.stdout = changed;
}

fn counters(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let sentences: [&[u8]; 3] = [
        b" packets with invalid checksum\n",
        b" receive buffer errors\n",
        b" send buffer errors\n",
    ];
    let keys: [&[u8]; 5] = [
        b"    Forwarding: ",
        b"    Udp6InCsumErrors: ",
        b"    InCsumErrors: ",
        b"    Udp6RcvbufErrors: ",
        b"    Udp6SndbufErrors: ",
    ];
    let mut section = Vec::new();
    let mut told_otherwise = |line: &[u8]| {
        // A terminal puts a carriage return before each newline.
        let line = &replace(line, b"\r\n", b"\n")[..];
        if !line.starts_with(b" ") {
            section = line.to_vec();
        }
        let udp = section.starts_with(b"Udp");
        line.starts_with(keys[0])
            || (udp && keys.iter().any(|key| line.starts_with(key)))
            || (section.starts_with(b"Udp") && line.ends_with(sentences[0]))
            || (section.starts_with(b"Udp6") && sentences.iter().any(|end| line.ends_with(end)))
    };
    theirs.stdout = without_lines(&theirs.stdout, &mut told_otherwise);
    ours.stdout = without_lines(&ours.stdout, &mut told_otherwise);
}

fn tcpip(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const COMPLAINT: &[u8] = b"netstat.c: Internal Error `longopts 1 range'.\n";
    if theirs.stderr.starts_with(COMPLAINT)
        && !contains(&ours.stderr, COMPLAINT)
        && case
            .args
            .iter()
            .any(|word| bytes(word).starts_with(b"--tcp"))
    {
        *theirs = ours.clone();
    }
}

fn families(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    const LIST: &[u8] = b"  List of possible address families (which support routing):\n";
    let end = [LIST, &replace(LIST, b"\n", b"\r\n")]
        .into_iter()
        .position(|list| theirs.stdout.ends_with(list));
    match end {
        None => {}
        Some(0) => theirs.stdout.append(&mut theirs.stderr),
        // On a terminal.
        Some(_) => {
            let rest = std::mem::take(&mut theirs.stderr);
            theirs.stdout.extend(replace(&rest, b"\n", b"\r\n"));
        }
    }
}

/// Takes the tables of IPv4 out of both. That ours are those of two `-e` is a test of its own.
fn many_extensions(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const FULL: &[u8] = b" Use Iface    MSS   Window irtt";
    let given: usize = case.args.iter().map(|word| extensions(bytes(word))).sum();
    if given < 3 || !contains(&ours.stdout, FULL) {
        return;
    }
    for seen in [theirs, ours] {
        let mut in_table = false;
        seen.stdout = without_lines(&seen.stdout, |line| {
            let title = line.starts_with(b"Kernel ");
            if title {
                in_table = line.starts_with(b"Kernel IP routing ");
            }
            in_table && !title
        });
    }
}

/// How often a word says `-e`.
fn extensions(word: &[u8]) -> usize {
    match word {
        [b'-', b'-', name @ ..] => (!name.is_empty() && b"extend".starts_with(name)).into(),
        [b'-', cluster @ ..] => {
            let letters = cluster
                .split(|&byte| byte == b'A')
                .next()
                .unwrap_or_default();
            letters.iter().filter(|&&letter| letter == b'e').count()
        }
        _ => 0,
    }
}

fn sctp_hosts(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let asked = case.letter(b'N')
        || case.args.iter().any(|word| {
            let word = bytes(word);
            word.starts_with(b"--numeric-p")
                || word.starts_with(b"--numeric-u")
                || word.starts_with(b"--sy")
        });
    if !asked || case.letter(b'n') {
        return;
    }
    let mut own = lines(&ours.stdout);
    let mut in_row = false;
    theirs.stdout = lines(&theirs.stdout)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default();
            // Further addresses stand in lines of their own.
            let begins = [line, own].map(|line| line.starts_with(b"sctp"));
            let goes_on = [line, own].map(|line| line.starts_with(&[b' '; 20]));
            in_row = begins == [true; 2] || (in_row && goes_on == [true; 2]);
            if in_row { own } else { line }
        })
        .copied()
        .collect();
}

fn twice_unix(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let ambiguous = b"is ambiguous; possibilities: '--unix' '--unix'\n";
    if contains(&theirs.stderr, ambiguous) && !contains(&ours.stderr, ambiguous) {
        *theirs = ours.clone();
    }
}

/// An inode that no socket of a running machine has any more: the names of scenes forge such ones.
fn has_forged_inode(row: &[u8]) -> bool {
    const HIGHEST: u32 = 99;
    let mut numbers =
        fields(row).filter_map(|word| std::str::from_utf8(word).ok()?.parse::<u32>().ok());
    // The reference count comes first.
    numbers.nth(1).is_some_and(|inode| inode <= HIGHEST)
}

fn version(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const HEAD: &[u8] = b"net-tools ";
    if theirs.stdout.starts_with(HEAD) && ours.stdout.starts_with(HEAD) {
        theirs.stdout.truncate(HEAD.len());
        ours.stdout.truncate(HEAD.len());
    }
}

fn unix_names(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const COMPLAINT: &[u8] = b"warning, got bogus unix line.\n";
    if !contains(&theirs.stdout, b"Active UNIX domain sockets") {
        return;
    }
    let wide = case.letter(b'W')
        || case.args.iter().any(|word| bytes(word).starts_with(b"--w"))
        || case.has("--notrim");
    let mut changed = Vec::new();
    let mut own = lines(&ours.stdout).peekable();
    let mut after_newline = false;
    for line in lines(&theirs.stdout) {
        if !line.starts_with(b"unix ") && !line.starts_with(b"??    ") {
            changed.extend_from_slice(line);
            own.next();
            continue;
        }
        let end = [&b"\r\n"[..], b"\n"]
            .into_iter()
            .find(|end| line.ends_with(end));
        let end = end.unwrap_or_default();
        let text = line.strip_suffix(end).unwrap_or(line);
        let hidden: Vec<u8> = text
            .iter()
            .map(|&byte| {
                if byte < 0x20 || byte == 0x7f {
                    b'?'
                } else {
                    byte
                }
            })
            .collect();
        // Where the original ended the name, ours goes on only after a newline or, with -W, a
        // blank.
        let own_line = own.peek().copied().unwrap_or_default();
        let rest = own_line.strip_prefix(hidden.as_slice());
        if rest.is_none() && (after_newline || has_forged_inode(line)) {
            // A row made of what follows the newline.
            continue;
        }
        own.next();
        after_newline = rest.is_some_and(|rest| rest.starts_with(b"?"));
        if after_newline || (wide && rest.is_some_and(|rest| rest.starts_with(b" "))) {
            changed.extend_from_slice(own_line);
        } else {
            changed.extend_from_slice(&hidden);
            changed.extend_from_slice(end);
        }
    }
    theirs.stdout = changed;
    if !contains(&ours.stderr, COMPLAINT) {
        theirs.stderr = without_lines(&theirs.stderr, |line| line == COMPLAINT);
    }
}

/// In every ` PID/name` the bytes outside printable ASCII as dots. The cell may hold a newline, so
/// rows are not looked for.
fn program_names(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    const CELL: usize = 20;
    if !contains(&theirs.stdout, b"PID/Program name") {
        return;
    }
    let text = &mut theirs.stdout;
    let mut place = 0;
    while let Some(slash) = text.iter().skip(place).position(|&byte| byte == b'/') {
        let slash = place + slash;
        place = slash + 1;
        let digits = text
            .iter()
            .take(slash)
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let start = slash - digits;
        if digits == 0 || start == 0 || text.get(start - 1) != Some(&b' ') {
            continue;
        }
        // A terminal puts a carriage return before the newline.
        let cell = |text: &[u8]| slash..(start + CELL).min(text.len());
        while let Some(at) = text.get(cell(text)).and_then(|cell| find(cell, b"\r\n")) {
            text.remove(slash + at);
        }
        let end = cell(text).end;
        for byte in text.get_mut(slash..end).unwrap_or_default() {
            if !(0x20..0x7f).contains(byte) {
                *byte = b'.';
            }
        }
    }
}

fn long_interface(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const LONGEST: usize = 15;
    let name = |line: &[u8]| {
        let word = line
            .split(|byte| *byte == b' ' || *byte == b':')
            .next()
            .unwrap_or_default();
        word.len() == LONGEST && !line.starts_with(b"Destination")
    };
    let mut own = lines(&ours.stdout);
    let mut in_block = false;
    theirs.stdout = lines(&theirs.stdout)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default();
            if !line.starts_with(b" ") {
                in_block = name(line) && name(own);
            }
            let lost = contains(line, b" packets 0  bytes 0 (0.0 B)")
                || contains(
                    line,
                    b" 0      0      0 0             0      0      0      0 ",
                );
            if in_block && lost { own } else { line }
        })
        .copied()
        .collect();
}

fn hardware(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const WARNING: &[u8] =
        b"Infiniband hardware address can be incorrect! Please read BUGS section in \
                             ifconfig(8).\n";
    let mut own = lines(&ours.stdout);
    theirs.stdout = lines(&theirs.stdout)
        .flat_map(|line| {
            let own = own.next().unwrap_or_default();
            let known = own.starts_with(b"        infiniband ") || own.starts_with(b"        tr ");
            let unread = own.starts_with(b"        ash ") && line.starts_with(b"        ash ");
            if unread || (known && line.starts_with(b"        unspec ")) {
                own
            } else {
                line
            }
        })
        .copied()
        .collect();
    ours.stderr = replace(&ours.stderr, WARNING, b"");
}

fn callsigns(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        if line.starts_with(b"        netrom ") || line.starts_with(b"        ax25 ") {
            let end: &[u8] = if line.ends_with(b"\r\n") {
                b"\r\n"
            } else {
                b"\n"
            };
            let text = line.strip_suffix(end).unwrap_or(line);
            changed.extend(text.iter().filter(|byte| **byte >= 0x20 && **byte != 0x7f));
            // The title of the class ends the line: before it the callsign holds the newline.
            if text.ends_with(b")") {
                changed.extend_from_slice(end);
            }
        } else {
            changed.extend_from_slice(line);
        }
    }
    theirs.stdout = changed;
}

/// Takes out of theirs the rows that ours has not and whose end, from the flags on, is that of the
/// row before.
fn repeated_routes(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let end = |row: &[u8]| {
        let words: Vec<_> = fields(row).skip(2).map(<[u8]>::to_vec).collect();
        words
    };
    let mut own = lines(&ours.stdout).peekable();
    let mut before: &[u8] = b"";
    let mut in_table = false;
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        if line.starts_with(b"Kernel ") {
            in_table = line.starts_with(b"Kernel IPv6 rout");
        }
        let repeated = !end(line).is_empty() && end(line) == end(before);
        if in_table && repeated && own.peek() != Some(&line) {
            continue;
        }
        before = line;
        own.next();
        changed.extend_from_slice(line);
    }
    theirs.stdout = changed;
}

/// Takes out of ours what the original loses, where it is there.
fn lost_addresses(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    // Where the columns lie that are blank in theirs.
    let mut lost = None;
    let mut own = lines(&ours.stdout);
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        let Some(own_line) = own.next() else { return };
        if line.starts_with(b"Active ") {
            lost = match line {
                line if line.starts_with(b"Active ROSE ") => Some(0..10),
                line if line.starts_with(b"Active X.25 ") => Some(25..26),
                _ => None,
            };
        }
        let start = changed.len();
        changed.extend_from_slice(own_line);
        let Some(range) = &lost else { continue };
        let blank = line
            .get(range.clone())
            .is_some_and(|cell| cell.iter().all(|&byte| byte == b' '));
        let row = changed.get_mut(start..).unwrap_or_default();
        if let Some(cell) = row.get_mut(range.clone()).filter(|_| blank) {
            cell.fill(b' ');
        }
    }
    changed.extend(own.flatten());
    ours.stdout = changed;
}

/// `NET:NODE:4000` for `NET:NODE:0040`, in both addresses of a row.
fn ipx_ports(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    const PORT: usize = ":4000".len();
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        let start = changed.len();
        changed.extend_from_slice(line);
        if !line.starts_with(b"IPX ") {
            continue;
        }
        let row = changed.get_mut(start..).unwrap_or_default();
        for word in row.split_mut(|&byte| byte == b' ') {
            let port = word.len().checked_sub(PORT);
            if let Some([b':', port @ ..]) = port.and_then(|port| word.get_mut(port..)) {
                port.rotate_left(2);
            }
        }
    }
    theirs.stdout = changed;
}

fn absent_neighbours(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    theirs.stderr = replace(
        &theirs.stderr,
        b"/proc/net/nr_neigh: Invalid argument\n",
        b"/proc/net/nr_neigh: No such file or directory\n",
    );
}

fn empty_cache(_: &Case, theirs: &mut Seen, ours: &mut Seen) {
    const COMPLAINT: &[u8] = b"/proc/net/rt_cache: ";
    let own = lines(&ours.stderr).find(|line| *line == [COMPLAINT, b"Success\n"].concat());
    let Some(own) = own.filter(|_| theirs.stdout.ends_with(b"Kernel IP routing cache\n")) else {
        return;
    };
    theirs.stderr = lines(&theirs.stderr)
        .flat_map(|line| {
            if line.starts_with(COMPLAINT) {
                own
            } else {
                line
            }
        })
        .copied()
        .collect();
}

/// Takes ours where theirs died of a table that lacks its title, or of an absent one.
fn dead_of_routes(case: &Case, theirs: &mut Seen, ours: &mut Seen) {
    let families: [&[u8]; 5] = [b"rose", b"ddp", b"appletalk", b"atalk", b"ap"];
    let asked = case.args.iter().any(|word| {
        let word = bytes(word);
        families.iter().any(|family| contains(word, family)) || word.starts_with(b"--ro")
    });
    let told: [&[u8]; 2] = [
        b"/proc/net/rose_neigh: ",
        b"Destination     Gateway         Device          Flags\n",
    ];
    let ends = contains(&ours.stderr, told[0]) || contains(&ours.stdout, told[1]);
    if asked && ends && matches!(theirs.end, End::Signalled(_)) {
        *theirs = ours.clone();
    }
}

/// The fifth word of a row of the IPv4 table, where it is a negative number.
fn metrics(_: &Case, theirs: &mut Seen, _: &mut Seen) {
    const WIDTH: usize = 6;
    let mut in_table = false;
    let mut changed = Vec::new();
    for line in lines(&theirs.stdout) {
        // Where the table before broke off, the title stands behind its last row.
        let holds = |title: &[u8]| line.windows(title.len()).any(|part| part == title);
        if holds(b"Kernel ") {
            in_table = holds(b"Kernel IP routing ");
        }
        let metric = fields(line)
            .nth(4)
            .filter(|word| in_table && word.starts_with(b"-"));
        let number = metric
            .and_then(|word| std::str::from_utf8(word).ok())
            .and_then(|word| word.parse::<i32>().ok());
        let (Some(metric), Some(number)) = (metric, number) else {
            changed.extend_from_slice(line);
            continue;
        };
        let cell = format!("{:WIDTH$}", String::from_utf8_lossy(metric));
        let unsigned = format!("{:<WIDTH$}", number.cast_unsigned());
        changed.extend(replace(line, cell.as_bytes(), unsigned.as_bytes()));
    }
    theirs.stdout = changed;
}
