//! `-F`: a letter and a text for each datum, process sets and their file sets.

use applet::Streams;

use super::style::Letters;
use super::{Maker, cell, escape, name, signed};
use crate::kinds::decimal;
use crate::kinds::flags::hexadecimal;
use crate::row::{Info, Process, Row};

/// Prints a process and its rows.
pub(super) fn print(
    process: &Process,
    (letters, nul): (Letters, bool),
    maker: Maker<'_, '_>,
    streams: &mut Streams<'_>,
) {
    let terminator = if nul { 0 } else { b'\n' };
    let mut set = Set {
        out: streams.out.buffer(),
        letters,
        terminator,
        maker,
    };
    set.process(process);
    set.end(nul);
    for row in &process.rows {
        let mut set = Set {
            out: streams.out.buffer(),
            letters,
            terminator,
            maker,
        };
        let start = set.out.len();
        set.row(process, row);
        if set.out.len() > start {
            set.end(nul);
        }
        streams.out.settle();
    }
}

/// One set under way.
struct Set<'o, 'n> {
    out: &'o mut Vec<u8>,
    letters: Letters,
    terminator: u8,
    maker: Maker<'o, 'n>,
}

impl Set<'_, '_> {
    fn field(&mut self, letter: u8, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(letter);
        write(self.out);
        self.out.push(self.terminator);
    }

    fn asked(&mut self, letter: u8, write: impl FnOnce(&mut Vec<u8>)) {
        if self.letters.has(letter) {
            self.field(letter, write);
        }
    }

    fn known<T>(&mut self, letter: u8, value: Option<T>, write: impl FnOnce(T, &mut Vec<u8>)) {
        if let Some(value) = value {
            self.asked(letter, |into| write(value, into));
        }
    }

    fn end(&mut self, nul: bool) {
        if nul {
            self.out.push(b'\n');
        }
    }

    fn process(&mut self, process: &Process) {
        let Maker {
            style,
            locale,
            lookup,
        } = self.maker;
        self.field(b'p', |into| decimal(process.pid.0.into(), into));
        self.known(b'K', process.tid, |tid, into| decimal(tid.0.into(), into));
        self.known(b'M', process.task_command.as_deref(), |command, into| {
            into.extend_from_slice(command);
        });
        if style.context {
            self.asked(b'Z', |into| super::context(process, style.warnings, into));
        }
        self.asked(b'g', |into| signed(process.group.into(), into));
        self.asked(b'R', |into| signed(process.parent.into(), into));
        self.asked(b'c', |into| escape::name(locale, &process.command, into));
        self.asked(b'u', |into| {
            signed(process.uid.0.cast_signed().into(), into)
        });
        self.known(b'L', lookup.login(process.uid), |login, into| {
            into.extend_from_slice(&login)
        });
    }

    fn row(&mut self, process: &Process, row: &Row) {
        let Maker {
            style,
            locale,
            lookup,
        } = self.maker;
        self.asked(b'f', |into| cell::whole_slot(row.slot, into));
        self.asked(b'a', |into| into.push(row.access));
        self.asked(b'l', |into| into.push(row.lock));
        if super::has_type(row) {
            self.asked(b't', |into| row.kind.write(row.slot, into));
        }
        let flags = row.flags().filter(|&flags| super::flags_show(style, flags));
        self.known(b'G', flags, |flags, into| {
            cell::open_flags(flags, style.flag_style, into)
        });
        if !row.device_text.is_empty() {
            self.asked(b'd', |into| {
                into.extend_from_slice(process.text(row.device_text))
            });
        }
        self.known(b'D', row.device(), |device, into| {
            hexadecimal(device.0, into)
        });
        self.known(b'r', row.raw_device(), |device, into| {
            hexadecimal(device.0, into)
        });
        self.known(b's', row.size(), decimal);
        self.known(b'o', row.offset(), |offset, into| {
            cell::offset(offset, style.offset_digits, into);
        });
        self.known(b'i', row.inode(), decimal);
        self.known(b'k', row.links(), decimal);
        if row.node.is_protocol() {
            self.asked(b'P', |into| cell::node(row, into));
        }
        self.asked(b'n', |into| name::name(process, row, locale, lookup, into));
        if style.info.any {
            self.info(process, row);
        }
    }

    fn info(&mut self, process: &Process, row: &Row) {
        let style = self.maker.style;
        if let (Info::Unix(state), true) = (row.info, style.info.state) {
            self.asked(b'T', |into| {
                into.extend_from_slice(b"ST=");
                into.extend_from_slice(state.text().as_bytes());
            });
        }
        let Some(inet) = process.inet(row) else {
            return;
        };
        if style.info.state {
            self.known(b'T', cell::state(inet), |state, into| {
                into.extend_from_slice(b"ST=");
                cell::state_name(state, into);
            });
        }
        if style.info.queues {
            self.asked(b'T', |into| {
                into.extend_from_slice(b"QR=");
                decimal(inet.recv_queue.into(), into);
            });
            self.asked(b'T', |into| {
                into.extend_from_slice(b"QS=");
                decimal(inet.send_queue.into(), into);
            });
        }
    }
}
