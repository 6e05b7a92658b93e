//! The table: a title line and rows, each column as wide as its widest cell.
//!
//! All cells but those of the command, which are cut to their column, are written once into one
//! arena; a second pass lays them out.

use applet::Streams;
use sockcore::locale::Locale;

use super::lookup::Lookup;
use super::style::{SizeColumn, Style};
use super::{Warnings, cell, escape, name};
use crate::kinds::decimal;
use crate::row::{Process, Row};

/// Commands are cut to this many bytes by default.
const NUMERIC_USER: usize = 8;

/// One column.
struct Column {
    title: &'static str,
    align: Align,
    shown: fn(&Table<'_, '_>) -> bool,
    cell: fn(&Table<'_, '_>, &Process, &Row, &mut Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    /// FD and what follows it have a law of their own.
    Descriptor,
    /// As wide as the cells say, plus one before the value.
    Links,
    /// Neither measured nor padded.
    Free,
}

/// The columns from left to right. COMMAND and TASKCMD are cut: their cells are written when
/// their width is known.
const COLUMNS: &[Column] = &[
    column(
        "PID",
        Align::Right,
        |_| true,
        |_, process, _, into| {
            decimal(process.pid.0.into(), into);
        },
    ),
    column(
        "TID",
        Align::Right,
        |table| table.tasks.tid,
        |_, process, _, into| {
            if let Some(tid) = process.tid {
                decimal(tid.0.into(), into);
            }
        },
    ),
    column(
        "TASKCMD",
        Align::Left,
        |table| table.tasks.command,
        |_, _, _, _| {},
    ),
    column(
        "SECURITY-CONTEXT",
        Align::Left,
        |table| table.style.context,
        |table, process, _, into| {
            super::context(process, table.style.warnings, into);
        },
    ),
    column(
        "PPID",
        Align::Right,
        |table| table.style.parent,
        |_, process, _, into| {
            signed(process.parent, into);
        },
    ),
    column(
        "PGID",
        Align::Right,
        |table| table.style.group,
        |_, process, _, into| {
            signed(process.group, into);
        },
    ),
    column(
        "USER",
        Align::Right,
        |_| true,
        |table, process, _, into| table.user(process, into),
    ),
    column(
        "FD",
        Align::Descriptor,
        |_| true,
        |_, _, row, into| {
            row.slot.write(into);
            into.push(if row.lock != b' ' && row.access == b' ' {
                b'-'
            } else {
                row.access
            });
            into.push(row.lock);
        },
    ),
    column(
        "TYPE",
        Align::Right,
        |_| true,
        |_, _, row, into| row.kind.write(row.slot, into),
    ),
    column(
        "FILE-FLAG",
        Align::Right,
        |table| table.style.flag_column,
        |table, _, row, into| {
            if let Some(flags) = row.flags() {
                cell::open_flags(flags, table.style.flag_style, into);
            }
        },
    ),
    column(
        "DEVICE",
        Align::Right,
        |_| true,
        |_, process, row, into| {
            cell::device(process, row, into);
        },
    ),
    column(
        "SIZE/OFF",
        Align::Right,
        |_| true,
        |table, _, row, into| {
            cell::size_or_offset(table.style, row, into);
        },
    ),
    column(
        "NLINK",
        Align::Links,
        |table| table.style.links,
        |_, _, row, into| {
            if let Some(links) = row.links() {
                into.push(b' ');
                decimal(links, into);
            }
        },
    ),
    column(
        "NODE",
        Align::Right,
        |_| true,
        |_, _, row, into| cell::node(row, into),
    ),
    column(
        "NAME",
        Align::Free,
        |_| true,
        |table, process, row, into| {
            name::name(process, row, table.locale, table.lookup, into);
            cell::info(process, row, table.style.info, into);
        },
    ),
];

const fn column(
    title: &'static str,
    align: Align,
    shown: fn(&Table<'_, '_>) -> bool,
    cell: fn(&Table<'_, '_>, &Process, &Row, &mut Vec<u8>),
) -> Column {
    Column {
        title,
        align,
        shown,
        cell,
    }
}

fn signed(value: i32, into: &mut Vec<u8>) {
    if value < 0 {
        into.push(b'-');
    }
    decimal(value.unsigned_abs().into(), into);
}

/// Whether the columns of tasks are needed.
#[derive(Clone, Copy, Default)]
struct Tasks {
    tid: bool,
    command: bool,
}

/// What cells are made with.
struct Table<'t, 'n> {
    style: &'t Style,
    locale: Locale,
    lookup: &'t Lookup<'n>,
    tasks: Tasks,
}

impl Table<'_, '_> {
    fn user(&self, process: &Process, into: &mut Vec<u8>) {
        match self.lookup.login(process.uid) {
            Some(login) => into.extend_from_slice(&login),
            None => super::numeric_user(process.uid, NUMERIC_USER, into),
        }
    }

    /// What a command adds to the width of its column: no more than the limit.
    fn limited(&self, command: &[u8]) -> usize {
        let width = escape::command_width(self.locale, command);
        match self.style.command_limit {
            0 => width,
            limit => width.min(limit),
        }
    }
}

/// Prints one cycle's rows. Nothing at all is printed when there are none.
pub(super) fn print(
    processes: &[Process],
    style: &Style,
    locale: Locale,
    lookup: &Lookup<'_>,
    warnings: &mut Warnings,
    streams: &mut Streams<'_>,
) {
    if processes.iter().all(|process| process.rows.is_empty()) {
        return;
    }
    let mut table = Table {
        style,
        locale,
        lookup,
        tasks: Tasks::default(),
    };
    let mut command_width = "COMMAND".len();
    let mut task_width = "TASKCMD".len();
    for process in processes.iter().filter(|process| !process.rows.is_empty()) {
        command_width = command_width.max(table.limited(&process.command));
        table.tasks.tid |= process.tid.is_some();
        if let Some(command) = &process.task_command {
            table.tasks.command = true;
            task_width = task_width.max(table.limited(command));
        }
    }

    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| (column.shown)(&table))
        .collect();
    let mut widths: Vec<usize> = columns
        .iter()
        .map(|column| title(column, style).len())
        .collect();
    // The cells of all rows one behind the other: where each ends.
    let mut cells = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for process in processes {
        for row in &process.rows {
            warnings.user_of_row(process, lookup, streams);
            for (column, width) in columns.iter().zip(&mut widths) {
                let start = cells.len();
                (column.cell)(&table, process, row, &mut cells);
                *width = (*width).max(cells.len() - start);
                ends.push(u32::try_from(cells.len()).unwrap_or(u32::MAX));
            }
        }
    }

    let mut layout = Layout {
        columns: &columns,
        widths: &widths,
        command_width,
        task_width,
    };
    layout.titles(style, streams.out.buffer());
    streams.out.settle();
    let mut ends = ends.into_iter();
    let mut start = 0;
    for process in processes {
        for _ in &process.rows {
            warnings.user_of_row(process, lookup, streams);
            let out = streams.out.buffer();
            padded(out, command_width, |out| {
                escape::command(locale, &process.command, command_width, out);
            });
            for index in 0..columns.len() {
                let end = ends.next().unwrap_or(start);
                let text = cells.get(start as usize..end as usize).unwrap_or_default();
                start = end;
                layout.cell(index, text, process, locale, out);
            }
            out.push(b'\n');
            streams.out.settle();
        }
    }
}

fn title(column: &Column, style: &Style) -> &'static str {
    match (column.title, style.size) {
        ("SIZE/OFF", _) if style.no_offsets => "SIZE",
        ("SIZE/OFF", SizeColumn::Size) => "SIZE",
        ("SIZE/OFF", SizeColumn::Offset) => "OFFSET",
        (title, _) => title,
    }
}

struct Layout<'l> {
    columns: &'l [&'l Column],
    widths: &'l [usize],
    command_width: usize,
    task_width: usize,
}

impl Layout<'_> {
    fn titles(&mut self, style: &Style, out: &mut Vec<u8>) {
        padded(out, self.command_width, |out| {
            out.extend_from_slice(b"COMMAND");
        });
        for (column, &width) in self.columns.iter().zip(self.widths) {
            let title = title(column, style).as_bytes();
            out.push(b' ');
            match column.align {
                Align::Left if column.title == "TASKCMD" => {
                    padded(out, self.task_width, |out| out.extend_from_slice(title));
                }
                Align::Left => padded(out, width, |out| out.extend_from_slice(title)),
                Align::Right | Align::Links => right(title, width, out),
                // The title stands over the text, access and lock are left over.
                Align::Descriptor => {
                    right(title, width.saturating_sub(2), out);
                    out.extend_from_slice(b"  ");
                }
                Align::Free => out.extend_from_slice(title),
            }
        }
        out.push(b'\n');
    }

    fn cell(
        &mut self,
        index: usize,
        text: &[u8],
        process: &Process,
        locale: Locale,
        out: &mut Vec<u8>,
    ) {
        let (Some(column), Some(&width)) = (self.columns.get(index), self.widths.get(index)) else {
            return;
        };
        out.push(b' ');
        match column.align {
            Align::Left if column.title == "TASKCMD" => {
                let command = process.task_command.as_deref().unwrap_or_default();
                padded(out, self.task_width, |out| {
                    escape::command(locale, command, self.task_width, out);
                });
            }
            Align::Left => padded(out, width, |out| out.extend_from_slice(text)),
            Align::Right | Align::Links | Align::Descriptor => right(text, width, out),
            Align::Free => out.extend_from_slice(text),
        }
    }
}

/// Blanks, then the text.
fn right(text: &[u8], width: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + width.saturating_sub(text.len()), b' ');
    out.extend_from_slice(text);
}

/// The text, then blanks.
fn padded(out: &mut Vec<u8>, width: usize, write: impl FnOnce(&mut Vec<u8>)) {
    let end = out.len() + width;
    write(out);
    if out.len() < end {
        out.resize(end, b' ');
    }
}
