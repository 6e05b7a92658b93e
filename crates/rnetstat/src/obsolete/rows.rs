//! The rows of the obsolete families: the text of one line of each.

use sockcore::procfs::amateur_words::{
    Ax25Words, IpxAddress, IpxColumns, IpxError, NetromWords, Queues, RoseWords, X25Words,
    ax25_line, is_old_ax25_title, netrom_line, old_ax25_line, rose_line, x25_line,
};

use super::Table;
use crate::inet::Cells;
use crate::plan::Rows;
use crate::programs::Programs;
use crate::text;
use crate::work::Work;

/// What became of a line.
pub(super) enum Shown {
    Yes,
    /// It is none of the table's; the word says it in the table's own way.
    Bad(&'static str),
    /// An IPX address without a port: the listing ends.
    BadPort(&'static str),
}

/// Reads the lines of one table one after the other.
pub(super) struct Reader {
    table: Table,
    first: bool,
    /// The older form of AX.25's file.
    old: bool,
    ipx: IpxColumns,
}

impl Reader {
    pub(super) fn new(table: Table) -> Self {
        Self {
            table,
            first: true,
            old: false,
            ipx: IpxColumns::default(),
        }
    }

    pub(super) fn show(&mut self, work: &mut Work<'_, '_>, line: &[u8]) -> Shown {
        let first = std::mem::take(&mut self.first);
        if first && self.table == Table::Ax25 {
            self.old = is_old_ax25_title(line);
        }
        if first && (self.table != Table::Ax25 || self.old) {
            return Shown::Yes;
        }
        let out = work.streams.out.buffer();
        let told = match self.table {
            Table::Ipx => return self.ipx(work, line),
            Table::Ax25 if self.old => old_ax25_line(line).map(|socket| ax25(out, &socket)),
            Table::Ax25 => ax25_line(line).map(|socket| ax25(out, &socket)),
            Table::Netrom => netrom_line(line).map(|socket| netrom(out, &socket)),
            Table::Rose => rose_line(line).map(|socket| rose(out, &socket)),
            Table::X25 => {
                // The original checks nothing here, and shows what a bad line left in memory.
                if let Some(socket) = x25_line(line) {
                    x25(out, work.plan.rows, &socket);
                }
                return Shown::Yes;
            }
        };
        match told {
            Some(()) => Shown::Yes,
            None if self.table == Table::Ax25 && !self.old => Shown::Bad("problem"),
            None => Shown::Bad("Problem"),
        }
    }

    fn ipx(&mut self, work: &mut Work<'_, '_>, line: &[u8]) -> Shown {
        match self.ipx.read(line) {
            Ok(()) => {}
            Err(IpxError::Source) => return Shown::BadPort("source"),
            Err(IpxError::Destination) => return Shown::BadPort("destination"),
        }
        let programs = Programs::default();
        let mut cells = Cells {
            plan: work.plan,
            names: &mut work.names,
            service: &*work.system.names,
            programs: &programs,
        };
        ipx(&mut cells, work.streams.out.buffer(), &self.ipx);
        Shown::Yes
    }
}

/// The words of AX.25 and, as far as they go, of NET/ROM and ROSE.
fn state(names: [&'static [u8]; 5], state: i32) -> &'static [u8] {
    usize::try_from(state)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or(b"UNKNOWN")
}

fn ax25(out: &mut Vec<u8>, socket: &Ax25Words<'_>) {
    let names: [&[u8]; 5] = [
        b"LISTENING",
        b"SABM SENT",
        b"DISC SENT",
        b"ESTABLISHED",
        b"RECOVERY",
    ];
    for call in [socket.destination, socket.source] {
        column(out, call, 9, 2);
    }
    column(out, socket.device, 6, 2);
    column(out, state(names, socket.state), 11, 2);
    counters(out, socket.received, socket.sent, 3);
    queues(out, socket.queues);
}

fn netrom(out: &mut Vec<u8>, socket: &NetromWords<'_>) {
    let names: [&[u8]; 5] = [
        b"LISTENING",
        b"CONN SENT",
        b"DISC SENT",
        b"ESTABLISHED",
        b"UNKNOWN",
    ];
    for call in socket.calls {
        column(out, call, 9, 2);
    }
    column(out, socket.device, 6, 2);
    column(out, state(names, socket.state), 11, 2);
    counters(out, socket.received, socket.sent, 3);
    queues(out, socket.queues);
}

fn rose(out: &mut Vec<u8>, socket: &RoseWords<'_>) {
    let names: [&[u8]; 5] = [
        b"LISTENING",
        b"CONN SENT",
        b"DISC SENT",
        b"ESTABLISHED",
        b"UNKNOWN",
    ];
    column(out, socket.destination, 10, 2);
    column(out, socket.destination_call, 9, 2);
    column(out, socket.source, 10, 2);
    column(out, socket.source_call, 9, 1);
    column(out, socket.device, 5, 1);
    text::signed_right(out, socket.channel.into(), 3);
    out.push(b' ');
    text::signed_right(out, socket.neighbour.into(), 5);
    out.extend_from_slice(b"   ");
    out.extend_from_slice(state(names, socket.state));
    out.push(b'\n');
}

fn x25(out: &mut Vec<u8>, rows: Rows, socket: &X25Words<'_>) {
    if rows != Rows::All && socket.channel == 0 {
        return;
    }
    let names: [&[u8]; 5] = [
        b"LISTENING",
        b"SABM_SENT",
        b"DISC_SENT",
        b"ESTABLISHED",
        b"RECOVERY",
    ];
    for address in [socket.destination, socket.source] {
        column(out, address, 15, 1);
    }
    column(out, socket.device, 7, 1);
    let start = out.len();
    text::signed(out, socket.channel.into());
    text::fill(out, start, 3);
    out.extend_from_slice(b"  ");
    column(out, state(names, socket.state), 11, 2);
    counters(out, socket.received, socket.sent, 2);
    queues(out, socket.queues);
}

/// `IPX   ` and its columns. What the original calls received is the kernel's queue to send.
fn ipx(cells: &mut Cells<'_>, out: &mut Vec<u8>, columns: &IpxColumns) {
    out.extend_from_slice(b"IPX   ");
    for queue in [columns.send_queue, columns.recv_queue] {
        text::decimal_right(out, queue.into(), 6);
        out.push(b' ');
    }
    ipx_address(out, Some(&columns.local));
    ipx_address(out, columns.remote.as_ref());
    let word: &[u8] = match columns.state {
        1 => b"ESTAB",
        7 => b"",
        _ => b"UNK.",
    };
    text::left(out, word, 5);
    if cells.plan.extend > 0 {
        out.push(b' ');
        let start = out.len();
        cells.user(out, columns.uid.cast_unsigned());
        text::fill(out, start, 10);
    }
    out.push(b'\n');
}

/// `NETWORK:NODE:PORT`, without what is 0; none: `-`.
fn ipx_address(out: &mut Vec<u8>, address: Option<&IpxAddress>) {
    let start = out.len();
    match address {
        None => out.push(b'-'),
        Some(address) => {
            if address.network != 0 {
                hexadecimal(out, &address.network.to_be_bytes());
                if address.node != [0; 6] {
                    out.push(b':');
                    hexadecimal(out, &address.node);
                }
            }
            out.push(b':');
            hexadecimal(out, &address.port.to_be_bytes());
        }
    }
    text::fill(out, start, 26);
    out.push(b' ');
}

fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 0xf] {
            out.push(text::HEX[usize::from(digit)].to_ascii_uppercase());
        }
    }
}

fn column(out: &mut Vec<u8>, cell: &[u8], width: usize, gap: usize) {
    text::left(out, cell, width);
    text::blanks(out, gap);
}

/// `Vr/Vs`, each with leading zeros.
fn counters(out: &mut Vec<u8>, received: i32, sent: i32, width: usize) {
    let text = format!("{received:0width$}/{sent:0width$}  ");
    out.extend_from_slice(text.as_bytes());
}

fn queues(out: &mut Vec<u8>, [send, recv]: Queues) {
    for (queue, gap) in [(send, 2), (recv, 0)] {
        let start = out.len();
        text::signed(out, queue.into());
        text::fill(out, start, 6);
        text::blanks(out, gap);
    }
    out.push(b'\n');
}
