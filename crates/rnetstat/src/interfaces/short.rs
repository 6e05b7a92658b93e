//! One line an interface.

use super::Interface;
use crate::switches;
use crate::text;

/// Flags and letters in order.
const LETTERS: [(u16, u8); 14] = [
    (0x200, b'A'),
    (0x2, b'B'),
    (0x4, b'D'),
    (0x8, b'L'),
    (0x1000, b'M'),
    (0x8000, b'd'),
    (0x100, b'P'),
    (0x20, b'N'),
    (0x80, b'O'),
    (0x10, b'p'),
    (0x800, b's'),
    (0x400, b'm'),
    (0x40, b'R'),
    (0x1, b'U'),
];

pub(super) fn titles(out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n",
    );
}

pub(super) fn row(out: &mut Vec<u8>, interface: &Interface) {
    let name = interface.name.get(..15).unwrap_or(&interface.name);
    text::left(out, name, 15);
    out.push(b' ');
    text::decimal_right(out, interface.mtu.into(), 5);
    out.push(b' ');
    match &interface.counters {
        None => text::left(out, b"     - no statistics available -", 56),
        Some(counters) => {
            let errors = if switches::FRAME_ERRORS {
                counters.rx_errors.wrapping_add(counters.rx_frame)
            } else {
                counters.rx_errors
            };
            text::decimal_right(out, counters.rx_packets, 8);
            out.push(b' ');
            text::decimal_right(out, errors, 6);
            out.push(b' ');
            text::decimal_right(out, counters.rx_dropped, 6);
            out.push(b' ');
            let start = out.len();
            text::decimal(out, counters.rx_fifo);
            text::fill(out, start, 6);
            out.push(b' ');
            text::decimal_right(out, counters.tx_packets, 8);
            out.push(b' ');
            for value in [counters.tx_errors, counters.tx_dropped, counters.tx_fifo] {
                text::decimal_right(out, value, 6);
                out.push(b' ');
            }
        }
    }
    let start = out.len();
    for (bit, letter) in LETTERS {
        if interface.flags & bit != 0 {
            out.push(letter);
        }
    }
    if out.len() == start {
        out.extend_from_slice(b"[NO FLAGS]");
    }
    out.push(b'\n');
}
