//! The table: a title line and rows, each column as wide as its widest cell.
//!
//! Cells are written once, when a process arrives, and only their text is kept. When all are
//! there, a second pass lays them out. Commands are cut to their column, so they are written then.

use applet::Streams;
use sockcore::id::Uid;

use super::style::{SizeColumn, Style};
use super::{Maker, Warnings, cell, escape, name};
use crate::kinds::decimal;
use crate::row::{Process, Row};

/// A user without a login takes so many bytes.
const NUMERIC_USER: usize = 8;

/// A column whose cell is the same for all rows of a process.
struct HolderColumn {
    title: &'static str,
    align: Align,
    shown: fn(&Style, Tasks) -> bool,
    cell: fn(&Maker<'_, '_>, &Process, &mut Vec<u8>),
}

/// A column of rows.
struct RowColumn {
    title: &'static str,
    align: Align,
    shown: fn(&Style) -> bool,
    cell: fn(&Maker<'_, '_>, &Process, &Row, &mut Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    /// TASKCMD: written when its width is known.
    Command,
    /// FD: the title stands over the text, not over access and lock.
    Descriptor,
    /// Neither measured nor padded.
    Free,
}

/// The columns behind COMMAND, from left to right.
const HOLDER_COLUMNS: [HolderColumn; 7] = [
    HolderColumn {
        title: "PID",
        align: Align::Right,
        shown: |_, _| true,
        cell: |_, process, into| decimal(process.pid.0.into(), into),
    },
    HolderColumn {
        title: "TID",
        align: Align::Right,
        shown: |_, tasks| tasks.tid,
        cell: |_, process, into| {
            if let Some(tid) = process.tid {
                decimal(tid.0.into(), into);
            }
        },
    },
    HolderColumn {
        title: "TASKCMD",
        align: Align::Command,
        shown: |_, tasks| tasks.command,
        cell: |_, process, into| {
            into.extend_from_slice(process.task_command.as_deref().unwrap_or_default());
        },
    },
    HolderColumn {
        title: "SECURITY-CONTEXT",
        align: Align::Left,
        shown: |style, _| style.context,
        cell: |maker, process, into| super::context(process, maker.style.warnings, into),
    },
    HolderColumn {
        title: "PPID",
        align: Align::Right,
        shown: |style, _| style.parent,
        cell: |_, process, into| super::signed(process.parent.into(), into),
    },
    HolderColumn {
        title: "PGID",
        align: Align::Right,
        shown: |style, _| style.group,
        cell: |_, process, into| super::signed(process.group.into(), into),
    },
    HolderColumn {
        title: "USER",
        align: Align::Right,
        shown: |_, _| true,
        cell: |maker, process, into| match maker.lookup.login(process.uid) {
            Some(login) => into.extend_from_slice(&login),
            None => super::numeric_user(process.uid, NUMERIC_USER, into),
        },
    },
];

/// The columns of rows, from left to right.
const ROW_COLUMNS: [RowColumn; 8] = [
    RowColumn {
        title: "FD",
        align: Align::Descriptor,
        shown: |_| true,
        cell: |_, _, row, into| {
            row.slot.write(into);
            let locked = row.lock != b' ' && row.access == b' ';
            into.extend_from_slice(&[if locked { b'-' } else { row.access }, row.lock]);
        },
    },
    RowColumn {
        title: "TYPE",
        align: Align::Right,
        shown: |_| true,
        cell: |_, _, row, into| row.kind.write(row.slot, into),
    },
    RowColumn {
        title: "FILE-FLAG",
        align: Align::Right,
        shown: |style| style.flag_column,
        cell: |maker, _, row, into| {
            if let Some(flags) = row.flags() {
                cell::open_flags(flags, maker.style.flag_style, into);
            }
        },
    },
    RowColumn {
        title: "DEVICE",
        align: Align::Right,
        shown: |_| true,
        cell: |_, process, row, into| cell::device(process, row, into),
    },
    RowColumn {
        title: "SIZE/OFF",
        align: Align::Right,
        shown: |_| true,
        cell: |maker, _, row, into| cell::size_or_offset(maker.style, row, into),
    },
    RowColumn {
        title: "NLINK",
        align: Align::Right,
        shown: |style| style.links,
        cell: |_, _, row, into| {
            if let Some(links) = row.links() {
                // The value carries a blank of its own, which makes the column wider.
                into.push(b' ');
                decimal(links, into);
            }
        },
    },
    RowColumn {
        title: "NODE",
        align: Align::Right,
        shown: |_| true,
        cell: |_, _, row, into| cell::node(row, into),
    },
    RowColumn {
        title: "NAME",
        align: Align::Free,
        shown: |_| true,
        cell: |maker, process, row, into| {
            name::name(process, row, maker.locale, maker.lookup, into);
            cell::info(process, row, maker.style.info, into);
        },
    },
];

/// Whether the columns of tasks are needed.
#[derive(Clone, Copy, Default)]
struct Tasks {
    tid: bool,
    command: bool,
}

/// A process whose rows are kept.
struct Holder {
    command: Box<[u8]>,
    uid: Uid,
    rows: u32,
}

/// The rows of one listing.
pub(super) struct Table<'t, 'n> {
    maker: Maker<'t, 'n>,
    tasks: Tasks,
    holders: Vec<Holder>,
    /// The cells of each holder and then of its rows, in order, each behind its length.
    cells: Vec<u8>,
    command_width: usize,
    holder_widths: [usize; HOLDER_COLUMNS.len()],
    row_widths: [usize; ROW_COLUMNS.len()],
}

impl<'t, 'n> Table<'t, 'n> {
    pub(super) fn new(maker: Maker<'t, 'n>) -> Self {
        Self {
            maker,
            tasks: Tasks::default(),
            holders: Vec::new(),
            cells: Vec::new(),
            command_width: "COMMAND".len(),
            holder_widths: HOLDER_COLUMNS.map(|column| column.title.len()),
            row_widths: ROW_COLUMNS.map(|column| title(column.title, maker.style).len()),
        }
    }

    /// Keeps the rows of a process.
    pub(super) fn take(&mut self, process: &Process) {
        let maker = self.maker;
        self.command_width = self.command_width.max(limited(maker, &process.command));
        self.tasks.tid |= process.tid.is_some();
        self.tasks.command |= process.task_command.is_some();
        for (column, width) in HOLDER_COLUMNS.iter().zip(&mut self.holder_widths) {
            let length = put(&mut self.cells, |into| (column.cell)(&maker, process, into));
            let own = match (column.align, &process.task_command) {
                (Align::Command, Some(command)) => limited(maker, command),
                (Align::Command, None) => 0,
                _ => length,
            };
            *width = (*width).max(own);
        }
        for row in &process.rows {
            for (column, width) in ROW_COLUMNS.iter().zip(&mut self.row_widths) {
                if (column.shown)(maker.style) {
                    let length = put(&mut self.cells, |into| {
                        (column.cell)(&maker, process, row, into);
                    });
                    *width = (*width).max(length);
                }
            }
        }
        self.holders.push(Holder {
            command: process.command.clone(),
            uid: process.uid,
            rows: u32::try_from(process.rows.len()).unwrap_or(u32::MAX),
        });
    }

    /// Prints everything that was kept; nothing at all where there are no rows.
    pub(super) fn finish(self, warnings: &Warnings, streams: &mut Streams<'_>) {
        if self.holders.is_empty() {
            return;
        }
        self.titles(streams.out.buffer());
        let mut cells = Cells(&self.cells);
        // What stands before the cells of a row is the same for the whole process.
        let mut before = Vec::new();
        for holder in &self.holders {
            before.clear();
            self.before(holder, &mut cells, &mut before);
            for _ in 0..holder.rows {
                // Each pass of the original asks for the user of each row.
                warnings.user(holder.uid, self.maker.lookup, streams);
                let out = streams.out.buffer();
                out.extend_from_slice(&before);
                self.row(&mut cells, out);
                streams.out.settle();
            }
        }
    }

    fn titles(&self, out: &mut Vec<u8>) {
        left(b"COMMAND", self.command_width, out);
        for (column, &width) in HOLDER_COLUMNS.iter().zip(&self.holder_widths) {
            if (column.shown)(self.maker.style, self.tasks) {
                out.push(b' ');
                aligned(column.title.as_bytes(), column.align, width, out);
            }
        }
        for (column, &width) in ROW_COLUMNS.iter().zip(&self.row_widths) {
            if !(column.shown)(self.maker.style) {
                continue;
            }
            let title = title(column.title, self.maker.style).as_bytes();
            out.push(b' ');
            if column.align == Align::Descriptor {
                right(title, width.saturating_sub(2), out);
                out.extend_from_slice(b"  ");
            } else {
                aligned(title, column.align, width, out);
            }
        }
        out.push(b'\n');
    }

    fn before(&self, holder: &Holder, cells: &mut Cells<'_>, out: &mut Vec<u8>) {
        self.command(&holder.command, self.command_width, out);
        for (column, &width) in HOLDER_COLUMNS.iter().zip(&self.holder_widths) {
            let text = cells.next();
            if !(column.shown)(self.maker.style, self.tasks) {
                continue;
            }
            out.push(b' ');
            match column.align {
                Align::Command => self.command(text, width, out),
                align => aligned(text, align, width, out),
            }
        }
    }

    fn command(&self, command: &[u8], width: usize, out: &mut Vec<u8>) {
        let end = out.len() + width;
        escape::command(self.maker.locale, command, width, out);
        out.resize(end.max(out.len()), b' ');
    }

    fn row(&self, cells: &mut Cells<'_>, out: &mut Vec<u8>) {
        for (column, &width) in ROW_COLUMNS.iter().zip(&self.row_widths) {
            if (column.shown)(self.maker.style) {
                out.push(b' ');
                aligned(cells.next(), column.align, width, out);
            }
        }
        out.push(b'\n');
    }
}

/// What a command adds to the width of its column: no more than the limit.
fn limited(maker: Maker<'_, '_>, command: &[u8]) -> usize {
    let width = escape::command_width(maker.locale, command);
    match maker.style.command_limit {
        0 => width,
        limit => width.min(limit),
    }
}

fn title(title: &'static str, style: &Style) -> &'static str {
    match (title, style.size) {
        ("SIZE/OFF", _) if style.no_offsets => "SIZE",
        ("SIZE/OFF", SizeColumn::Size) => "SIZE",
        ("SIZE/OFF", SizeColumn::Offset) => "OFFSET",
        (title, _) => title,
    }
}

/// A length of this many bytes or more takes four bytes behind this one.
const LONG: u8 = u8::MAX;

/// Appends a cell behind its length, which it returns.
fn put(cells: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> usize {
    let start = cells.len();
    cells.push(0);
    write(cells);
    let length = cells.len() - start - 1;
    let short = u8::try_from(length).unwrap_or(LONG);
    if let Some(place) = cells.get_mut(start) {
        *place = short;
    }
    if short == LONG {
        let long = u32::try_from(length).unwrap_or(0).to_ne_bytes();
        cells.splice(start + 1..start + 1, long);
    }
    length
}

/// The cells that [`put`] appended, from the first to the last.
struct Cells<'c>(&'c [u8]);

impl<'c> Cells<'c> {
    fn next(&mut self) -> &'c [u8] {
        let (length, rest) = match *self.0 {
            [LONG, a, b, c, d, ref rest @ ..] => {
                let length = u32::from_ne_bytes([a, b, c, d]);
                (usize::try_from(length).unwrap_or(usize::MAX), rest)
            }
            [length, ref rest @ ..] => (usize::from(length), rest),
            [] => (0, self.0),
        };
        let (cell, rest) = rest.split_at(length.min(rest.len()));
        self.0 = rest;
        cell
    }
}

fn aligned(text: &[u8], align: Align, width: usize, out: &mut Vec<u8>) {
    match align {
        Align::Left | Align::Command => left(text, width, out),
        Align::Right | Align::Descriptor => right(text, width, out),
        Align::Free => out.extend_from_slice(text),
    }
}

/// The text, then blanks.
fn left(text: &[u8], width: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(text);
    blanks(width.saturating_sub(text.len()), out);
}

/// Blanks, then the text.
fn right(text: &[u8], width: usize, out: &mut Vec<u8>) {
    blanks(width.saturating_sub(text.len()), out);
    out.extend_from_slice(text);
}

fn blanks(count: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + count, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_put_whatever_their_length() {
        let texts: Vec<Vec<u8>> = [0, 1, 254, 255, 256, 70_000]
            .map(|length| vec![b'x'; length])
            .to_vec();
        let mut kept = Vec::new();
        for text in &texts {
            let length = put(&mut kept, |into| into.extend_from_slice(text));
            assert_eq!(length, text.len());
        }
        let mut cells = Cells(&kept);
        for text in &texts {
            assert_eq!(cells.next(), text);
        }
        assert_eq!(cells.next(), b"");
    }

    #[test]
    fn a_text_wider_than_its_column_shifts_what_follows() {
        let mut out = Vec::new();
        right(b"FD", 1, &mut out);
        left(b"ab", 4, &mut out);
        assert_eq!(out, b"FDab  ");
    }
}
