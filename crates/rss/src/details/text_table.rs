//! What the text table tells of a TCP socket: less, and some of it otherwise.

use sockcore::procfs::lines::{Fields, is_space};
use sockcore::socket::{InetSocket, TextColumns};

use super::timer;
use crate::options::Show;
use crate::text::floating::six_digits;
use crate::text::{decimal, hex, labelled, signed};

/// Ticks of the kernel's clock in a second, as the table counts time.
const TICKS: u64 = 100;

/// Writes everything that the options ask for and the table has.
pub(super) fn write(
    out: &mut Vec<u8>,
    socket: &InetSocket<'_>,
    text: &TextColumns<'_>,
    show: &Show,
) {
    let count = if text.timer == 1 {
        text.retransmits
    } else {
        text.timeout
    };
    if show.timers {
        let name = u8::try_from(text.timer).map_or(&b"unknown"[..], timer::name);
        let expires = text.when.saturating_mul(1000).div_ceil(TICKS);
        timer::write_parts(out, text.timer, name, expires as u32, count);
    }
    let columns = Columns::read(text.rest);
    if show.details {
        if socket.uid.0 != 0 {
            labelled(out, " uid:", socket.uid.0);
        }
        labelled(out, " ino:", socket.inode.0);
        out.extend_from_slice(b" sk:");
        hex(out, text.pointer, 1);
        if !columns.options.is_empty() {
            out.extend_from_slice(b" opt:\"");
            out.extend_from_slice(columns.options);
            out.push(b'"');
        }
    }
    if show.internals {
        internals(out, &columns, count);
    }
}

/// The columns behind the pointer.
struct Columns<'t> {
    rto: u64,
    ato: u64,
    quick_ack: u32,
    window: u32,
    threshold: i64,
    options: &'t [u8],
}

impl<'t> Columns<'t> {
    /// A line may end before them: the window is then 2.
    fn read(rest: &'t [u8]) -> Self {
        let mut fields = Fields(rest);
        fields.skip_space();
        let mut columns = Self {
            rto: 0,
            ato: 0,
            quick_ack: 0,
            window: if fields.0.is_empty() { 2 } else { 0 },
            threshold: -1,
            options: &[],
        };
        let mut read = || {
            columns.rto = fields.decimal()?;
            columns.ato = fields.decimal()?;
            columns.quick_ack = fields.decimal()? as u32;
            columns.window = fields.decimal()? as u32;
            columns.threshold = fields.signed()?;
            Some(())
        };
        if read().is_some() {
            let blanks = fields.0.iter().take_while(|&&byte| is_space(byte)).count();
            columns.options = fields.0.get(blanks..).unwrap_or_default();
        }
        columns
    }
}

fn internals(out: &mut Vec<u8>, columns: &Columns<'_>, count: u32) {
    for (label, ticks, untold) in [(" rto:", columns.rto, 3 * TICKS), (" ato:", columns.ato, 0)] {
        if ticks != 0 && ticks != untold {
            out.extend_from_slice(label.as_bytes());
            six_digits(out, ticks as f64 / TICKS as f64);
        }
    }
    let quick = columns.quick_ack / 2;
    if quick != 0 {
        labelled(out, " qack:", quick);
    }
    // Read off the halved number, as the original does.
    if quick & 1 != 0 {
        out.extend_from_slice(b" bidir");
    }
    if columns.window != 0 {
        labelled(out, " cwnd:", columns.window);
    }
    // Zero is what the kernel tells of listeners.
    if !matches!(columns.threshold, -1 | 0) {
        out.extend_from_slice(b" ssthresh:");
        signed(out, columns.threshold as u32);
    }
    if count != 0 {
        out.extend_from_slice(b" retrans:");
        decimal(out, count);
        out.extend_from_slice(b"/0");
    }
    out.extend_from_slice(b" reordering:0");
}
