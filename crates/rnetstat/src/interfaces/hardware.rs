//! The hardware line of an interface: class, address, title.

use super::Interface;
use crate::text::{self, HEX};

/// How an address is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// None, and no blank for it.
    None,
    /// Always empty, with its blank.
    Empty,
    Lower {
        bytes: usize,
        between: u8,
    },
    Upper {
        bytes: usize,
        between: u8,
    },
    /// From the last byte to the first.
    Reversed {
        bytes: usize,
    },
    /// A signed 16-bit number.
    Number,
    /// In brackets; left out when it is all zero.
    Brackets,
    /// An AX.25 callsign.
    Callsign,
    /// Hexadecimal digits without anything between.
    Digits {
        bytes: usize,
    },
    /// As it is, up to a NUL.
    Text,
}

/// A class of hardware.
pub(super) struct Class {
    kind: u16,
    name: &'static str,
    title: &'static str,
    form: Form,
    /// The address is longer than an ioctl tells.
    pub(super) warns: bool,
}

const fn plain(kind: u16, name: &'static str, title: &'static str, form: Form) -> Class {
    Class {
        kind,
        name,
        title,
        form,
        warns: false,
    }
}

const UNSPECIFIED: Class = plain(
    0xffff,
    "unspec",
    "UNSPEC",
    Form::Upper {
        bytes: 16,
        between: b'-',
    },
);

const CLASSES: &[Class] = &[
    plain(772, "loop", "Local Loopback", Form::None),
    plain(
        1,
        "ether",
        "Ethernet",
        Form::Lower {
            bytes: 6,
            between: b':',
        },
    ),
    Class {
        kind: 32,
        name: "infiniband",
        title: "InfiniBand",
        form: Form::Upper {
            bytes: 20,
            between: b':',
        },
        warns: true,
    },
    plain(
        27,
        "eui64",
        "Generic EUI-64",
        Form::Upper {
            bytes: 8,
            between: b':',
        },
    ),
    plain(512, "ppp", "Point-to-Point Protocol", Form::None),
    plain(768, "tunnel", "IPIP Tunnel", Form::Empty),
    plain(776, "sit", "IPv6-in-IPv4", Form::None),
    plain(256, "slip", "Serial Line IP", Form::None),
    plain(257, "cslip", "VJ Serial Line IP", Form::None),
    plain(258, "slip6", "6-bit Serial Line IP", Form::None),
    plain(259, "cslip6", "VJ 6-bit Serial Line IP", Form::None),
    plain(264, "adaptive", "Adaptive Serial Line IP", Form::None),
    plain(
        6,
        "tr",
        "16/4 Mbps Token Ring",
        Form::Upper {
            bytes: 6,
            between: b':',
        },
    ),
    plain(
        800,
        "tr",
        "16/4 Mbps Token Ring (New)",
        Form::Upper {
            bytes: 6,
            between: b':',
        },
    ),
    plain(
        774,
        "fddi",
        "Fiber Distributed Data Interface",
        Form::Upper {
            bytes: 6,
            between: b'-',
        },
    ),
    plain(
        780,
        "hippi",
        "HIPPI",
        Form::Upper {
            bytes: 6,
            between: b':',
        },
    ),
    plain(
        7,
        "arcnet",
        "ARCnet",
        Form::Upper {
            bytes: 1,
            between: b':',
        },
    ),
    plain(513, "hdlc", "(Cisco)-HDLC", Form::None),
    plain(516, "lapb", "LAPB", Form::None),
    plain(15, "dlci", "Frame Relay DLCI", Form::Number),
    plain(770, "frad", "Frame Relay Access Device", Form::None),
    plain(783, "irda", "IrLAP", Form::Reversed { bytes: 4 }),
    plain(3, "ax25", "AMPR AX.25", Form::Callsign),
    plain(270, "rose", "AMPR ROSE", Form::Digits { bytes: 5 }),
    plain(0, "netrom", "AMPR NET/ROM", Form::Callsign),
    plain(271, "x25", "generic X.25", Form::Text),
    plain(781, "ash", "Ash", Form::Brackets),
];

/// The class of an `ARPHRD_*`.
pub(super) fn class(kind: u16) -> &'static Class {
    CLASSES
        .iter()
        .find(|class| class.kind == kind)
        .unwrap_or(&UNSPECIFIED)
}

/// `        ether 02:00:00:aa:bb:cc  txqueuelen 1000  (Ethernet)`
pub(super) fn line(out: &mut Vec<u8>, interface: &Interface) {
    let class = class(interface.kind);
    out.extend_from_slice(b"        ");
    out.extend_from_slice(class.name.as_bytes());
    address(out, class.form, &interface.hardware);
    out.extend_from_slice(b"  txqueuelen ");
    text::decimal(out, interface.transmit_queue.into());
    out.extend_from_slice(b"  (");
    out.extend_from_slice(class.title.as_bytes());
    out.extend_from_slice(b")\n");
}

/// An ioctl tells so many bytes of an address.
const TOLD: usize = 14;

fn address(out: &mut Vec<u8>, form: Form, bytes: &[u8]) {
    let byte = |index: usize| {
        bytes
            .get(index)
            .copied()
            .filter(|_| index < TOLD)
            .unwrap_or(0)
    };
    match form {
        Form::None => {}
        Form::Empty => out.push(b' '),
        Form::Lower { bytes, between } => {
            out.push(b' ');
            for index in 0..bytes {
                pair(out, index, between, byte(index), false);
            }
        }
        Form::Upper { bytes, between } => {
            out.push(b' ');
            for index in 0..bytes {
                pair(out, index, between, byte(index), true);
            }
        }
        Form::Reversed { bytes } => {
            out.push(b' ');
            for index in 0..bytes {
                pair(out, index, b':', byte(bytes - 1 - index), false);
            }
        }
        Form::Number => {
            out.push(b' ');
            text::signed(out, i16::from_ne_bytes([byte(0), byte(1)]).into());
        }
        Form::Digits { bytes } => {
            out.push(b' ');
            for index in 0..bytes {
                digits(out, byte(index), false);
            }
        }
        Form::Brackets => {
            let length = (0..TOLD)
                .rev()
                .find(|&index| byte(index) != 0)
                .map_or(0, |last| last + 1);
            if length > 0 {
                out.extend_from_slice(b" [");
                for index in 0..length {
                    digits(out, byte(index), false);
                }
                out.push(b']');
            }
        }
        Form::Callsign => {
            out.push(b' ');
            let shifted = (0..6)
                .map(|index| byte(index) >> 1)
                // A short callsign is filled up with blanks.
                .take_while(|byte| !matches!(byte, 0 | b' '))
                .filter(u8::is_ascii_graphic);
            out.extend(shifted);
            let station = byte(6) >> 1 & 15;
            if station > 0 {
                out.push(b'-');
                text::decimal(out, station.into());
            }
        }
        Form::Text => {
            out.push(b' ');
            let end = bytes
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(bytes.len());
            out.extend_from_slice(bytes.get(..end.min(TOLD)).unwrap_or_default());
        }
    }
}

fn pair(out: &mut Vec<u8>, index: usize, between: u8, byte: u8, upper: bool) {
    if index > 0 {
        out.push(between);
    }
    digits(out, byte, upper);
}

fn digits(out: &mut Vec<u8>, byte: u8, upper: bool) {
    for half in [byte >> 4, byte & 15] {
        let digit = HEX.get(usize::from(half)).copied().unwrap_or(b'0');
        out.push(if upper {
            digit.to_ascii_uppercase()
        } else {
            digit
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(form: Form, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        address(&mut out, form, bytes);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_callsign_ends_at_a_blank_or_nul_and_keeps_its_station() {
        for (bytes, text) in [
            (*b"\x82\x84\x86\x8a\x8c\x8e\x26", " ABCEFG-3"),
            (*b"\x82\x84\x86\x8a\x8c\x8e\xfe", " ABCEFG-15"),
            (*b"\x82\x84\x86\x8a\x8c\x8e\x01", " ABCEFG"),
            (*b"\x82\x84\x86\x8a\x8c\x8e\xe0", " ABCEFG"),
            (*b"\x82\x84\x86\x88\x40\x40\x26", " ABCD-3"),
            (*b"\x82\x84\x00\x88\x40\x40\x26", " AB-3"),
            (*b"\x40\x40\x40\x40\x40\x40\x26", " -3"),
            (*b"\x00\x84\x86\x88\x40\x40\x26", " -3"),
        ] {
            assert_eq!(shown(Form::Callsign, &bytes), text);
        }
    }
}
