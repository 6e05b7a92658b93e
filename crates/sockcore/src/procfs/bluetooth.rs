//! Bluetooth connections: `bluetooth/l2cap` and `bluetooth/rfcomm` of debugfs. The files have no
//! title line.

use std::fs::File;

use super::formatted::Formatted;
use crate::error::{Error, Operation};

/// Where the kernel has these files.
const DIRECTORY: &str = "/sys/kernel/debug/bluetooth/";

/// Opens `l2cap` or `rfcomm`.
pub fn open(name: &str) -> Result<File, Error> {
    let path = format!("{DIRECTORY}{name}");
    File::open(&path).map_err(|error| Error::new(Operation::Open, path, &error))
}

/// A line of `l2cap`: two addresses, each perhaps with its type in parentheses, `state psm`, two
/// channel ids, two sizes of units, the level of security, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct L2capLine<'a> {
    /// The first and the second address, as written.
    pub addresses: [&'a [u8]; 2],
    /// `enum bt_sock_state`: 1 connected, 4 listening.
    pub state: i32,
    /// Protocol and service multiplexer.
    pub psm: i32,
    /// The first and the second channel id.
    pub channels: [u32; 2],
    /// Maximum transmission units, bytes: incoming, outgoing.
    pub units: [i32; 2],
    /// `BT_SECURITY_*`
    pub security: i32,
}

/// Reads a line of `l2cap`.
#[must_use]
pub fn l2cap_line(line: &[u8]) -> Option<L2capLine<'_>> {
    let mut input = Formatted::line(line);
    let addresses = [address(&mut input)?, address(&mut input)?];
    Some(L2capLine {
        addresses,
        state: input.int()?,
        psm: input.int()?,
        channels: [input.hexadecimal()? as u32, input.hexadecimal()? as u32],
        units: [input.int()?, input.int()?],
        security: input.int()?,
    })
}

/// A line of `rfcomm`: two addresses, `state channel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RfcommLine<'a> {
    /// The first and the second address, as written.
    pub addresses: [&'a [u8]; 2],
    /// `enum bt_sock_state`
    pub state: i32,
    /// The channel.
    pub channel: i32,
}

/// Reads a line of `rfcomm`.
#[must_use]
pub fn rfcomm_line(line: &[u8]) -> Option<RfcommLine<'_>> {
    let mut input = Formatted::line(line);
    Some(RfcommLine {
        addresses: [address(&mut input)?, address(&mut input)?],
        state: input.int()?,
        channel: input.int()?,
    })
}

/// `AA:BB:CC:DD:EE:FF`, and behind it perhaps ` (type)`.
fn address<'a>(input: &mut Formatted<'a>) -> Option<&'a [u8]> {
    let word = input.word()?;
    let mut rest = *input;
    rest.space();
    if rest.byte(b'(').is_some() {
        rest.int()?;
        rest.byte(b')')?;
        *input = rest;
    }
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const L2CAP: &[u8] =
        b"AA:11:22:33:44:55 (1) AA:00:00:00:00:01 (0) 1 25 0x0041 0x0042 672 48 3 0";
    const RFCOMM: &[u8] = b"00:11:22:33:44:55 00:00:00:00:00:00 4 3";

    #[test]
    fn both_forms_of_an_l2cap_line_are_read_alike() {
        let typed = l2cap_line(L2CAP).unwrap();
        let plain = b"AA:11:22:33:44:55 AA:00:00:00:00:01 1 25 0x0041 0x0042 672 48 3 0";
        assert_eq!(l2cap_line(plain), Some(typed));
        assert_eq!((typed.psm, typed.channels), (25, [0x41, 0x42]));
        assert_eq!((typed.units, typed.security), ([672, 48], 3));
        assert_eq!(l2cap_line(b"AA:11:22:33:44:55 1 2"), None);
    }

    #[test]
    fn an_rfcomm_line_ends_with_its_channel() {
        let line = rfcomm_line(RFCOMM).unwrap();
        assert_eq!((line.state, line.channel), (4, 3));
        assert_eq!(line.addresses[1], b"00:00:00:00:00:00");
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(26);
        for _ in 0..20_000 {
            let _ = l2cap_line(&mutate(L2CAP, &mut random));
            let _ = rfcomm_line(&mutate(RFCOMM, &mut random));
        }
    }
}
