//! What is printed of the rows: columns, fields, JSON or process ids.

pub(crate) mod cell;
mod columns;
pub(crate) mod escape;
mod fields;
mod json;
pub(crate) mod lookup;
mod name;
pub(crate) mod style;

use applet::Streams;
use sockcore::id::{Pid, Uid};
use sockcore::locale::Locale;

use crate::kinds::decimal;
use crate::row::{Kind, Process, Row};
use columns::Table;
use lookup::Lookup;
use style::{FlagStyle, Form, Letters, Style};

/// The original writes blocks of so many bytes.
const BLOCK: usize = 4096;

/// What texts are made with.
#[derive(Clone, Copy)]
struct Maker<'m, 'n> {
    style: &'m Style,
    locale: Locale,
    lookup: &'m Lookup<'n>,
}

/// Prints the processes of one listing as they come. Only columns, whose widths the last row may
/// still change, are kept until the end.
pub(crate) struct Printer<'m, 'n> {
    maker: Maker<'m, 'n>,
    warnings: &'m Warnings,
    shape: Shape<'m, 'n>,
    /// Any process came.
    any: bool,
}

enum Shape<'m, 'n> {
    Terse { last: Option<Pid> },
    Columns(Box<Table<'m, 'n>>),
    Fields { letters: Letters, nul: bool },
    Json { letters: Letters },
    JsonLines { letters: Letters },
}

impl<'m, 'n> Printer<'m, 'n> {
    pub(crate) fn new(
        style: &'m Style,
        lookup: &'m Lookup<'n>,
        warnings: &'m Warnings,
        streams: &mut Streams<'_>,
    ) -> Self {
        let maker = Maker {
            style,
            locale: Locale::of_environment(),
            lookup,
        };
        let shape = match style.form {
            Form::Terse => Shape::Terse { last: None },
            Form::Columns => Shape::Columns(Box::new(Table::new(maker))),
            Form::Fields { letters, nul } => Shape::Fields { letters, nul },
            Form::Json {
                letters,
                lines: false,
            } => {
                json::begin(streams);
                Shape::Json { letters }
            }
            Form::Json {
                letters,
                lines: true,
            } => Shape::JsonLines { letters },
        };
        Self {
            maker,
            warnings,
            shape,
            any: false,
        }
    }

    /// Prints or keeps the rows of a process, if it has any.
    pub(crate) fn take(&mut self, process: &Process, streams: &mut Streams<'_>) {
        if process.rows.is_empty() {
            return;
        }
        let is_first = !std::mem::replace(&mut self.any, true);
        let logins_are_asked = |times: usize, streams: &mut Streams<'_>| {
            for _ in 0..times {
                self.warnings.user(process.uid, self.maker.lookup, streams);
            }
        };
        let has_logins = |letters: Letters| usize::from(letters.has(b'L'));
        match &mut self.shape {
            Shape::Terse { last } => {
                // Tasks add nothing.
                if *last != Some(process.pid) {
                    *last = Some(process.pid);
                    decimal(process.pid.0.into(), streams.out.buffer());
                    streams.out.put(b"\n");
                }
            }
            Shape::Columns(table) => {
                // Each pass of the original asks for the user of each row.
                logins_are_asked(process.rows.len(), streams);
                table.take(process);
            }
            Shape::Fields { letters, nul } => {
                logins_are_asked(has_logins(*letters), streams);
                fields::print(process, (*letters, *nul), self.maker, streams);
            }
            Shape::Json { letters } => {
                logins_are_asked(has_logins(*letters), streams);
                json::print(process, is_first, *letters, self.maker, streams);
            }
            Shape::JsonLines { letters } => {
                logins_are_asked(has_logins(*letters) * process.rows.len(), streams);
                json::print_lines(process, *letters, self.maker, streams);
            }
        }
    }

    /// Ends the listing. Whether anything came.
    pub(crate) fn finish(self, streams: &mut Streams<'_>) -> bool {
        match self.shape {
            Shape::Columns(table) => table.finish(self.warnings, streams),
            Shape::Json { .. } => json::end(streams),
            Shape::Terse { .. } | Shape::Fields { .. } | Shape::JsonLines { .. } => {}
        }
        self.any
    }
}

/// Says on standard error which users have no entry: as often as the original asks for them.
pub(crate) struct Warnings {
    /// The program's name in messages.
    pub(crate) program: Vec<u8>,
    /// Off with `-w`, `-t`.
    pub(crate) on: bool,
}

impl Warnings {
    fn user(&self, uid: Uid, lookup: &Lookup<'_>, streams: &mut Streams<'_>) {
        if !self.on || !lookup.wants_logins() || lookup.login(uid).is_some() {
            return;
        }
        // A reader that is gone ends the original at its next block, and so the warnings.
        let held = if streams.screen.terminal { 1 } else { BLOCK };
        if streams.out.buffer().len() >= held {
            streams.out.flush_all();
        }
        let mut message = self.program.clone();
        message.extend_from_slice(b": no pwd entry for UID ");
        decimal(uid.0.into(), &mut message);
        message.push(b'\n');
        streams.complain(&message);
    }
}

fn signed(value: i64, into: &mut Vec<u8>) {
    if value < 0 {
        into.push(b'-');
    }
    decimal(value.unsigned_abs(), into);
}

/// A user without a login: right-aligned in so many columns, and cut to them.
fn numeric_user(uid: Uid, width: usize, into: &mut Vec<u8>) {
    let mut digits = Vec::with_capacity(10);
    decimal(uid.0.into(), &mut digits);
    digits.truncate(width);
    into.resize(into.len() + width - digits.len(), b' ');
    into.extend_from_slice(&digits);
}

/// The SELinux context, or why there is none.
fn context(process: &Process, warnings: bool, into: &mut Vec<u8>) {
    match &process.context {
        Some(Ok(context)) => into.extend_from_slice(context),
        Some(Err(errno)) if warnings => {
            into.extend_from_slice(b"(getpidcon: ");
            into.extend_from_slice(errno.text().as_bytes());
            into.push(b')');
        }
        _ => {}
    }
}

/// Whether fields and JSON tell a type.
fn has_type(row: &Row) -> bool {
    row.kind != Kind::Unset
}

/// No flags have no names.
fn flags_show(style: &Style, flags: u32) -> bool {
    flags != 0 || style.flag_style == FlagStyle::Hex
}
