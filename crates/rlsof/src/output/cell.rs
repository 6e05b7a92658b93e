//! The text of one cell, the same wherever it is shown.

use sockcore::addr::{Address, Endpoint, InetFamily};
use sockcore::id::DeviceId;
use sockcore::socket::SocketState;

use super::lookup::Lookup;
use super::style::{FlagStyle, InfoShown, SizeColumn, Style};
use crate::kinds::decimal;
use crate::kinds::flags::{self, hexadecimal};
use crate::row::{Info, Node, Process, Row, Slot};
use crate::selection::networks::{is_there, shown_ends};
use crate::selection::states::tcp_state;
use crate::sockets::{Inet, Transport};

/// FD without access and lock, every digit.
pub(crate) fn whole_slot(slot: Slot, into: &mut Vec<u8>) {
    match slot {
        Slot::Fd(number) => decimal(number.into(), into),
        named => named.write(into),
    }
}

/// DEVICE
pub(crate) fn device(process: &Process, row: &Row, into: &mut Vec<u8>) {
    match row.raw_device().or_else(|| row.device()) {
        Some(device) => numbers(device, into),
        None => into.extend_from_slice(process.text(row.device_text)),
    }
}

/// `major,minor`
pub(crate) fn numbers(device: DeviceId, into: &mut Vec<u8>) {
    decimal(device.major().into(), into);
    into.push(b',');
    decimal(device.minor().into(), into);
}

/// FILE-FLAG. By names nothing is written for no flags.
pub(crate) fn open_flags(value: u32, style: FlagStyle, into: &mut Vec<u8>) {
    match style {
        FlagStyle::Names => flags::names(value, into),
        FlagStyle::Hex => {
            hexadecimal(value.into(), into);
            into.extend_from_slice(b";0x0");
        }
    }
}

/// SIZE/OFF, SIZE or OFFSET
pub(crate) fn size_or_offset(style: &Style, row: &Row, into: &mut Vec<u8>) {
    let size = row.size().filter(|_| style.size != SizeColumn::Offset);
    if let Some(size) = size {
        if style.human {
            human(size, into);
        } else {
            decimal(size, into);
        }
    } else if style.size != SizeColumn::Size {
        if let Some(position) = row.offset() {
            offset(position, style.offset_digits, into);
        }
    }
}

/// `0t` and decimal digits, or hexadecimal when these are more than `digits` (0: no limit).
pub(crate) fn offset(position: u64, digits: usize, into: &mut Vec<u8>) {
    let start = into.len();
    into.extend_from_slice(b"0t");
    decimal(position, into);
    if digits > 0 && into.len() - start - 2 > digits {
        into.truncate(start);
        hexadecimal(position, into);
    }
}

/// `1000B`, `17.2K`: one decimal of the largest unit, from the unit's 1024th parts.
fn human(size: u64, into: &mut Vec<u8>) {
    if size < 1024 {
        decimal(size, into);
        into.push(b'B');
        return;
    }
    let mut parts = size;
    let mut unit = b'K';
    for next in b"MGTPE" {
        if parts < 1 << 20 {
            break;
        }
        parts >>= 10;
        unit = *next;
    }
    // `%.1f` of parts / 1024: ties, which are exact in binary, go to the even digit.
    let (whole, rest) = (parts >> 10, (parts & 1023) * 10);
    let mut tenths = whole * 10 + (rest >> 10);
    let remainder = rest & 1023;
    if remainder > 512 || (remainder == 512 && tenths % 2 == 1) {
        tenths += 1;
    }
    decimal(tenths / 10, into);
    into.push(b'.');
    decimal(tenths % 10, into);
    into.push(unit);
}

/// NODE
pub(crate) fn node(row: &Row, into: &mut Vec<u8>) {
    if row.node != Node::None {
        row.node.write(into);
    }
}

/// The only loopback address that the original looks for.
const LOCALHOST: Address = Address {
    family: InetFamily::V4,
    bytes: [127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// The addresses of an Internet socket: `LOCAL->FOREIGN`.
pub(crate) fn addresses(inet: &Inet, lookup: &Lookup<'_>, into: &mut Vec<u8>) {
    let (local, peer) = shown_ends(inet);
    if is_there(local) {
        endpoint(local, inet.transport, lookup, into);
        lookup.program(local.port, inet.transport, into);
    }
    if is_there(peer) {
        into.extend_from_slice(b"->");
        endpoint(peer, inet.transport, lookup, into);
        let is_here = peer.address == local.address || peer.address == LOCALHOST;
        if is_here {
            lookup.program(peer.port, inet.transport, into);
        }
    }
}

fn endpoint(end: Endpoint, transport: Transport, lookup: &Lookup<'_>, into: &mut Vec<u8>) {
    if end.address.is_unspecified() {
        into.push(b'*');
    } else {
        lookup.host(end.address, into);
    }
    into.push(b':');
    if end.port == 0 {
        into.push(b'*');
    } else {
        lookup.port(end.port, transport, into);
    }
}

/// The state of an Internet socket; `None` where none shows.
pub(crate) fn state(inet: &Inet) -> Option<SocketState> {
    match inet.transport {
        Transport::Tcp => Some(inet.state),
        Transport::Udp => Some(inet.state).filter(|&state| state == SocketState::ESTABLISHED),
        Transport::UdpLite => None,
    }
}

/// Appends the name of a state.
pub(crate) fn state_name(state: SocketState, into: &mut Vec<u8>) {
    match tcp_state(state) {
        Some(name) => into.extend_from_slice(name.as_bytes()),
        None => {
            into.extend_from_slice(b"UNKNOWN_TCP_STATE_");
            decimal(state.0.into(), into);
        }
    }
}

/// The blank and the parentheses behind NAME.
pub(crate) fn info(process: &Process, row: &Row, shown: InfoShown, into: &mut Vec<u8>) {
    if !shown.any || row.info == Info::None {
        return;
    }
    into.push(b' ');
    let open = into.len();
    if shown.state {
        match row.info {
            Info::Unix(state) => into.extend_from_slice(state.text().as_bytes()),
            _ => {
                if let Some(state) = process.inet(row).and_then(state) {
                    state_name(state, into);
                }
            }
        }
    }
    if let Some(inet) = process.inet(row).filter(|_| shown.queues) {
        if into.len() > open {
            into.push(b' ');
        }
        into.extend_from_slice(b"QR=");
        decimal(inet.recv_queue.into(), into);
        into.extend_from_slice(b" QS=");
        decimal(inet.send_queue.into(), into);
    }
    if into.len() > open {
        into.insert(open, b'(');
        into.push(b')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut into = Vec::new();
        write(&mut into);
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn sizes_for_people_round_without_moving_to_the_next_unit() {
        for (size, shown) in [
            (0, "0B"),
            (1000, "1000B"),
            (17584, "17.2K"),
            (1_251_248, "1.2M"),
            (1_048_575, "1024.0K"),
            (1_048_576, "1.0M"),
            (u64::MAX, "16.0E"),
        ] {
            assert_eq!(text(|into| human(size, into)), shown, "{size}");
        }
    }

    #[test]
    fn sizes_for_people_agree_with_the_decimal_formatting_of_their_value() {
        let mut seed = 7u64;
        for _ in 0..20_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(99);
            let size = seed >> (seed % 60);
            if size < 1024 {
                continue;
            }
            let mut parts = size;
            let mut unit = 0;
            while parts >= 1 << 20 && unit < 5 {
                parts /= 1024;
                unit += 1;
            }
            let value = parts as f64 / 1024.0;
            let wanted = format!("{value:.1}{}", ["K", "M", "G", "T", "P", "E"][unit]);
            assert_eq!(text(|into| human(size, into)), wanted, "{size}");
        }
    }

    #[test]
    fn offsets_turn_hexadecimal_beyond_their_digits() {
        assert_eq!(text(|into| offset(12_345_678, 8, into)), "0t12345678");
        assert_eq!(text(|into| offset(123_456_789, 8, into)), "0x75bcd15");
        assert_eq!(
            text(|into| offset(123_456_789_012, 0, into)),
            "0t123456789012"
        );
        assert_eq!(text(|into| offset(u64::MAX, 8, into)), "0xffffffffffffffff");
    }

    #[test]
    fn large_descriptors_show_their_last_three_digits() {
        assert_eq!(text(|into| Slot::Fd(9999).write(into)), "9999");
        assert_eq!(text(|into| Slot::Fd(10_000).write(into)), "*000");
        assert_eq!(text(|into| Slot::Fd(12_345).write(into)), "*345");
        assert_eq!(text(|into| whole_slot(Slot::Fd(12_345), into)), "12345");
    }
}
