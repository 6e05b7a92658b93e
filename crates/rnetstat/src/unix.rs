//! The table of unix sockets.
//!
//! It comes from the kernel's text, which alone has the reference counts and the order. A path
//! may hold a newline and with it forge a row there; netlink tells the names whole, so what
//! follows such a newline is known to belong to the path.

mod path;

use std::fs::File;

use sockcore::Errno;
use sockcore::procfs::formatted::UnixColumns;
use sockcore::procfs::is_procfs;
use sockcore::procfs::lines::Lines;

use self::path::{NamesWithNewlines, Path};
use crate::absence;
use crate::plan::Plan;
use crate::programs::{self, Programs};
use crate::text;
use crate::work::{Outcome, Work};

const FILE: &str = "net/unix";

/// Column `Flags`: `__SO_ACCEPTCON` and two bits of old kernels.
const ACCEPTS: u64 = 0x10000;
const WAITS_FOR_DATA: u64 = 0x20000;
const NO_SPACE: u64 = 0x40000;

/// `SS_UNCONNECTED`
const UNCONNECTED: u32 = 1;

pub(crate) fn show(work: &mut Work<'_, '_>, programs: &Programs) -> Outcome {
    heading(work.plan, work.streams.out.buffer());
    match absence::open(work, FILE, absence::missing_or_refused)? {
        None => absence::report(work, "AF UNIX"),
        Some(file) => rows(work, programs, file),
    }
}

fn heading(plan: &Plan, out: &mut Vec<u8>) {
    out.extend_from_slice(b"Active UNIX domain sockets ");
    out.extend_from_slice(plan.rows.heading());
    out.extend_from_slice(b"Proto RefCnt Flags       Type       State         I-Node  ");
    programs::heading(plan, out);
    out.extend_from_slice(b" Path\n");
}

fn rows(work: &mut Work<'_, '_>, programs: &Programs, file: File) -> Outcome {
    let plan = work.plan;
    let live = is_procfs(&file);
    let sockets = &mut *work.system.sockets;
    let mut path = Path::new(plan.wide, || match live {
        true => NamesWithNewlines::ask(sockets),
        false => NamesWithNewlines::default(),
    });
    let streams = &mut *work.streams;
    let mut lines = Lines::new(file);
    let mut columns = UnixColumns::default();
    let mut has_inode = None;
    let failed = loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => break None,
            Err(error) => break Some(Errno::from(&error)),
        };
        // Kernels without the column have no inode to find an owner by.
        let Some(has_inode) = has_inode else {
            has_inode = Some(line.windows(5).any(|word| word == b"Inode"));
            continue;
        };
        if path.goes_on(streams.out.buffer(), line) {
            continue;
        }
        let Some(rest) = columns.read(line) else {
            streams.complain(b"warning, got bogus unix line.\n");
            continue;
        };
        let listener = columns.state == UNCONNECTED && columns.flags & ACCEPTS != 0;
        if !plan.rows.show(listener) {
            path.skip(&columns, line, rest);
            continue;
        }
        let out = streams.out.buffer();
        row(out, plan, programs, &columns, has_inode);
        if has_inode {
            path.begin(out, &columns, line, rest);
        } else {
            text::decimal(out, columns.inode);
            out.push(b'\n');
        }
        streams.out.settle();
    };
    path.end(streams.out.buffer());
    drop(path);
    match failed {
        None => Ok(()),
        Some(errno) => Err(absence::unusable(work, FILE, errno)),
    }
}

/// Everything before the path.
fn row(
    out: &mut Vec<u8>,
    plan: &Plan,
    programs: &Programs,
    columns: &UnixColumns,
    has_inode: bool,
) {
    out.extend_from_slice(if columns.protocol == 0 {
        b"unix  "
    } else {
        b"??    "
    });
    let start = out.len();
    // The original prints a signed number.
    text::signed(out, columns.references.cast_signed());
    text::fill(out, start, 6);
    out.push(b' ');
    if columns.flags & (ACCEPTS | WAITS_FOR_DATA | NO_SPACE) == 0 {
        out.extend_from_slice(b"[ ]         ");
    } else {
        flags(out, columns.flags);
    }
    out.extend_from_slice(kind(columns.kind));
    out.extend_from_slice(state(columns));
    let start = out.len();
    if has_inode {
        text::decimal(out, columns.inode);
    } else {
        out.push(b'-');
    }
    text::fill(out, start, 8);
    programs.cells(plan, out, if has_inode { columns.inode } else { 0 });
    out.push(b' ');
}

fn flags(out: &mut Vec<u8>, flags: u64) {
    let start = out.len();
    out.extend_from_slice(b"[ ");
    for (flag, word) in [
        (ACCEPTS, &b"ACC "[..]),
        (WAITS_FOR_DATA, b"W "),
        (NO_SPACE, b"N "),
    ] {
        if flags & flag != 0 {
            out.extend_from_slice(word);
        }
    }
    out.push(b']');
    text::fill(out, start, 11);
    out.push(b' ');
}

/// The column, filled up.
fn kind(kind: u32) -> &'static [u8; 11] {
    match kind {
        1 => b"STREAM     ",
        2 => b"DGRAM      ",
        3 => b"RAW        ",
        4 => b"RDM        ",
        5 => b"SEQPACKET  ",
        _ => b"UNKNOWN    ",
    }
}

/// The column, filled up.
fn state(columns: &UnixColumns) -> &'static [u8; 14] {
    match columns.state {
        0 => b"FREE          ",
        UNCONNECTED if columns.flags & ACCEPTS != 0 => b"LISTENING     ",
        UNCONNECTED => b"              ",
        2 => b"CONNECTING    ",
        3 => b"CONNECTED     ",
        4 => b"DISCONNECTING ",
        _ => b"UNKNOWN       ",
    }
}
