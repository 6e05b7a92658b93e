//! `-J`, `-j`: one object for the listing, or one for each row.

use applet::Streams;

use super::style::Letters;
use super::{Maker, cell, name};
use crate::kinds::decimal;
use crate::kinds::flags::hexadecimal;
use crate::row::{Info, Process, Row};
use crate::usage::VERSION;

/// What stands before the processes.
pub(super) fn begin(streams: &mut Streams<'_>) {
    streams.out.put(b"{\"lsof_version\":\"");
    streams.out.put(VERSION.as_bytes());
    streams.out.put(b"\",\"processes\":[");
}

/// What stands behind them.
pub(super) fn end(streams: &mut Streams<'_>) {
    streams.out.put(b"]}\n");
}

/// Prints a process and its rows as one object.
pub(super) fn print(
    process: &Process,
    is_first: bool,
    letters: Letters,
    maker: Maker<'_, '_>,
    streams: &mut Streams<'_>,
) {
    let out = streams.out.buffer();
    out.extend_from_slice(if is_first { b"{" } else { b",{" });
    let mut object = Object {
        out,
        first: true,
        letters,
        maker,
    };
    object.process(process);
    object.key("files");
    out.push(b'[');
    for (index, row) in process.rows.iter().enumerate() {
        let out = streams.out.buffer();
        out.extend_from_slice(if index == 0 { b"{" } else { b",{" });
        let mut object = Object {
            out,
            first: true,
            letters,
            maker,
        };
        object.row(process, row);
        out.push(b'}');
        streams.out.settle();
    }
    streams.out.put(b"]}");
}

/// Prints each row of a process as an object of its own.
pub(super) fn print_lines(
    process: &Process,
    letters: Letters,
    maker: Maker<'_, '_>,
    streams: &mut Streams<'_>,
) {
    for row in &process.rows {
        let out = streams.out.buffer();
        out.push(b'{');
        let mut object = Object {
            out,
            first: true,
            letters,
            maker,
        };
        object.process(process);
        object.row(process, row);
        out.extend_from_slice(b"}\n");
        streams.out.settle();
    }
}

/// An object under way.
struct Object<'o, 'n> {
    out: &'o mut Vec<u8>,
    first: bool,
    letters: Letters,
    maker: Maker<'o, 'n>,
}

impl Object<'_, '_> {
    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn number(&mut self, letter: u8, key: &str, value: Option<i64>) {
        if let (Some(value), true) = (value, self.letters.has(letter)) {
            self.key(key);
            if value < 0 {
                self.out.push(b'-');
            }
            decimal(value.unsigned_abs(), self.out);
        }
    }

    fn text(&mut self, letter: u8, key: &str, write: impl FnOnce(&mut Vec<u8>)) {
        if self.letters.has(letter) {
            let mut text = Vec::new();
            write(&mut text);
            self.key(key);
            string(&text, self.out);
        }
    }

    fn optional<T>(
        &mut self,
        letter: u8,
        key: &str,
        value: Option<T>,
        write: impl FnOnce(T, &mut Vec<u8>),
    ) {
        if let Some(value) = value {
            self.text(letter, key, |into| write(value, into));
        }
    }

    fn process(&mut self, process: &Process) {
        let Maker { style, lookup, .. } = self.maker;
        self.key("pid");
        decimal(process.pid.0.into(), self.out);
        self.number(b'K', "tid", process.tid.map(|tid| tid.0.into()));
        self.optional(
            b'M',
            "task_cmd",
            process.task_command.as_deref(),
            |command, into| {
                into.extend_from_slice(command);
            },
        );
        if style.context {
            self.text(b'Z', "security_context", |into| {
                super::context(process, style.warnings, into);
            });
        }
        self.number(b'g', "pgid", Some(process.group.into()));
        self.number(b'R', "ppid", Some(process.parent.into()));
        self.text(b'c', "command", |into| {
            into.extend_from_slice(&process.command)
        });
        self.number(b'u', "uid", Some(process.uid.0.cast_signed().into()));
        self.optional(b'L', "login", lookup.login(process.uid), |login, into| {
            into.extend_from_slice(&login);
        });
    }

    fn row(&mut self, process: &Process, row: &Row) {
        let Maker { style, lookup, .. } = self.maker;
        self.text(b'f', "fd", |into| cell::whole_slot(row.slot, into));
        let mark = |letter: u8| Some(letter).filter(|&letter| letter != b' ');
        self.optional(b'a', "access", mark(row.access), |access, into| {
            into.push(access)
        });
        self.optional(b'l', "lock", mark(row.lock), |lock, into| into.push(lock));
        if super::has_type(row) {
            self.text(b't', "type", |into| row.kind.write(row.slot, into));
        }
        if !row.device_text.is_empty() {
            self.text(b'd', "device", |into| {
                into.extend_from_slice(process.text(row.device_text))
            });
        }
        self.optional(b'D', "device_number", row.device(), |device, into| {
            hexadecimal(device.0, into);
        });
        self.optional(b'r', "raw_device", row.raw_device(), |device, into| {
            hexadecimal(device.0, into);
        });
        self.optional(b's', "size", row.size(), decimal);
        self.optional(b'o', "offset", row.offset(), decimal);
        self.optional(b'i', "inode", row.inode(), decimal);
        let links = row
            .links()
            .map(|links| i64::try_from(links).unwrap_or(i64::MAX));
        self.number(b'k', "nlink", links);
        if row.node.is_protocol() {
            self.text(b'P', "protocol", |into| cell::node(row, into));
        }
        let flags = row.flags().filter(|&flags| super::flags_show(style, flags));
        self.optional(b'G', "flags", flags, |flags, into| {
            cell::open_flags(flags, style.flag_style, into);
        });
        let named = !row.name.is_empty() || !row.addition.is_empty() || process.inet(row).is_some();
        if named {
            self.text(b'n', "name", |into| {
                name::raw_name(process, row, lookup, into)
            });
        }
        if row.info != Info::None && self.letters.has(b'T') {
            self.info(process, row);
        }
    }

    fn info(&mut self, process: &Process, row: &Row) {
        let style = self.maker.style;
        self.key("tcp_info");
        self.out.push(b'{');
        let outer = std::mem::replace(&mut self.first, true);
        let inet = process.inet(row);
        if style.info.state {
            if let Info::Unix(state) = row.info {
                self.text(b'T', "state", |into| {
                    into.extend_from_slice(state.text().as_bytes())
                });
            }
            self.optional(b'T', "state", inet.and_then(cell::state), |state, into| {
                cell::state_name(state, into);
            });
        }
        if let Some(inet) = inet.filter(|_| style.info.queues) {
            self.number(b'T', "recv_queue", Some(inet.recv_queue.into()));
            self.number(b'T', "send_queue", Some(inet.send_queue.into()));
        }
        self.first = outer;
        self.out.push(b'}');
    }
}

/// A string with JSON's escapes; bytes that are no UTF-8 pass as they are.
fn string(text: &[u8], into: &mut Vec<u8>) {
    into.push(b'"');
    for &byte in text {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x00..0x20 => {
                let digit = |half: u8| {
                    b"0123456789abcdef"
                        .get(usize::from(half))
                        .copied()
                        .unwrap_or(b'0')
                };
                into.extend_from_slice(b"\\u00");
                into.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
                continue;
            }
            _ => {
                into.push(byte);
                continue;
            }
        };
        into.extend_from_slice(&[b'\\', short]);
    }
    into.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_escape_control_bytes_and_pass_everything_else() {
        let mut into = Vec::new();
        string(b"a\"b\\c\n\t\x01\x1f\x7f\xff", &mut into);
        assert_eq!(into, b"\"a\\\"b\\\\c\\n\\t\\u0001\\u001f\x7f\xff\"");
    }
}
