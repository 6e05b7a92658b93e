//! What is printed of the rows: columns, fields, JSON or process ids.

pub(crate) mod cell;
mod columns;
pub(crate) mod escape;
mod fields;
mod json;
pub(crate) mod lookup;
mod name;
pub(crate) mod style;
mod terse;

use applet::Streams;
use sockcore::id::Uid;
use sockcore::locale::Locale;

use crate::kinds::decimal;
use crate::row::{Kind, Process, Row};
use lookup::Lookup;
use style::{FlagStyle, Form, Style};

/// Prints one cycle's processes and rows.
pub(crate) fn print(
    processes: &[Process],
    style: &Style,
    lookup: &Lookup<'_>,
    warnings: &mut Warnings,
    streams: &mut Streams<'_>,
) {
    match style.form {
        Form::Terse => terse::print(processes, streams),
        Form::Columns => {
            let locale = Locale::of_environment();
            columns::print(processes, style, locale, lookup, warnings, streams);
        }
        Form::Fields { letters, nul } => {
            let locale = Locale::of_environment();
            let form = (letters, nul);
            fields::print(processes, form, style, locale, lookup, warnings, streams);
        }
        Form::Json { letters, lines } => {
            json::print(
                processes,
                (letters, lines),
                style,
                lookup,
                warnings,
                streams,
            );
        }
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
    fn user(&mut self, process: &Process, lookup: &Lookup<'_>, streams: &mut Streams<'_>) {
        if !self.on || !lookup.wants_logins() || lookup.login(process.uid).is_some() {
            return;
        }
        let mut message = self.program.clone();
        message.extend_from_slice(b": no pwd entry for UID ");
        decimal(process.uid.0.into(), &mut message);
        message.push(b'\n');
        streams.complain(&message);
    }

    /// Columns ask for the user of every row, once in each pass.
    fn user_of_row(&mut self, process: &Process, lookup: &Lookup<'_>, streams: &mut Streams<'_>) {
        if self.on {
            self.user(process, lookup, streams);
        }
    }
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
