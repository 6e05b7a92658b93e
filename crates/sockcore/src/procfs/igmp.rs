//! Multicast groups: `/proc/net/igmp` and `/proc/net/igmp6`, read as formatted input reads them.

use super::formatted::Formatted;
use super::lines::{hex_digit, is_space};
use crate::addr::Address;

/// A line of `igmp` behind its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgmpLine<'a> {
    /// `Idx Device : Count Querier`: the groups behind it are this device's.
    Device(&'a [u8]),
    /// `Group Users Timer Reporter`
    Group {
        /// Column `Group`
        group: Address,
        /// Column `Users`: how many sockets joined.
        users: i32,
    },
}

/// The columns of a device line that the name stands in.
const NAME: usize = 15;

/// Reads lines of `igmp` one after the other. The name of a device is what stands in its columns, a
/// newline as well; behind the end of a line that is what the one before had there.
#[derive(Clone, Debug, Default)]
pub struct IgmpReader {
    name: [u8; NAME],
}

impl IgmpReader {
    /// Reads a line, with its newline: a tab begins a group.
    pub fn read(&mut self, line: &[u8]) -> Option<IgmpLine<'_>> {
        let mut input = Formatted::line(line);
        if line.first() == Some(&b'\t') {
            input.space();
            let digits = input.run(8, |byte| hex_digit(byte).is_some())?;
            let value = Formatted(digits).hexadecimal()? as u32;
            return Some(IgmpLine::Group {
                group: Address::v4(value.to_ne_bytes()),
                users: input.int()?,
            });
        }
        input.int()?;
        input.space();
        if input.0.is_empty() {
            return None;
        }
        for (held, byte) in self.name.iter_mut().zip(input.0) {
            *held = *byte;
        }
        let text = Formatted::line(&self.name).0;
        let colon = text.iter().rposition(|&byte| byte == b':');
        let text = text.get(..colon.unwrap_or(text.len()))?;
        let blanks = text.iter().rev().take_while(|&&byte| byte == b' ').count();
        let length = text.len() - blanks;
        if let Some(rest) = self.name.get_mut(length..) {
            for end in rest.iter_mut().take(colon.map_or(blanks, |_| blanks + 1)) {
                *end = 0;
            }
        }
        Some(IgmpLine::Device(Formatted::line(&self.name).0))
    }
}

/// A line of `igmp6`: `Idx Device Group Users …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Igmp6Line<'a> {
    /// The device.
    pub device: &'a [u8],
    /// The group.
    pub group: Address,
    /// How many sockets joined.
    pub users: i32,
}

/// Reads lines of `igmp6` one after the other: a group that is too short keeps the end of the one
/// before, its words turned round.
#[derive(Clone, Debug, Default)]
pub struct Igmp6Reader {
    words: [u32; 4],
}

impl Igmp6Reader {
    /// Reads a line.
    pub fn read<'l>(&mut self, line: &'l [u8]) -> Option<Igmp6Line<'l>> {
        let mut input = Formatted::line(line);
        input.int()?;
        input.space();
        let device = input.run(NAME, |byte| !is_space(byte))?;
        input.space();
        let digits = input.run(64, |byte| hex_digit(byte).is_some())?;
        let users = input.int()?;
        let mut bytes = [0; 16];
        for (word, digits) in self.words.iter_mut().zip(digits.chunks(8)) {
            *word = Formatted(digits).hexadecimal().unwrap_or(0) as u32;
        }
        for (target, word) in bytes.chunks_exact_mut(4).zip(&mut self.words) {
            *word = word.to_be();
            target.copy_from_slice(&word.to_ne_bytes());
        }
        Some(Igmp6Line {
            device,
            group: Address::v6(bytes),
            users,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const DEVICE: &[u8] = b"2\teth0      :     1      V3";
    const GROUP: &[u8] = b"\t\t\t\tFB0000E0     2 0:00000000\t\t0";
    const GROUP6: &[u8] = b"1    lo              ff020000000000000000000000000001     1 0000000C 0";

    #[test]
    fn devices_and_groups_take_turns() {
        let mut reader = IgmpReader::default();
        assert_eq!(reader.read(DEVICE), Some(IgmpLine::Device(b"eth0")));
        let group = Address::v4([224, 0, 0, 251]);
        assert_eq!(
            reader.read(GROUP),
            Some(IgmpLine::Group { group, users: 2 })
        );
        assert_eq!(reader.read(b""), None);
    }

    #[test]
    fn a_device_name_may_hold_a_colon_and_fill_its_field() {
        let mut reader = IgmpReader::default();
        let aliased = reader.read(b"4\tal:1      :     1");
        assert_eq!(aliased, Some(IgmpLine::Device(b"al:1")));
        let full = reader.read(b"4\taverylongname15x:     1");
        assert_eq!(full, Some(IgmpLine::Device(b"averylongname15")));
        let short = reader.read(b"4\tb\n");
        assert_eq!(short, Some(IgmpLine::Device(b"b\nerylongname15")));
    }

    #[test]
    fn an_ipv6_group_stands_in_one_line() {
        let mut reader = Igmp6Reader::default();
        let line = reader.read(GROUP6).unwrap();
        let group: std::net::Ipv6Addr = "ff02::1".parse().unwrap();
        assert_eq!((line.device, line.users), (&b"lo"[..], 1));
        assert_eq!(line.group, Address::v6(group.octets()));
        assert_eq!(reader.read(b"1 lo ff02"), None);
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(22);
        let mut reader = Igmp6Reader::default();
        let mut reader4 = IgmpReader::default();
        for _ in 0..20_000 {
            let _ = reader4.read(&mutate(DEVICE, &mut random));
            let _ = reader4.read(&mutate(GROUP, &mut random));
            let _ = reader.read(&mutate(GROUP6, &mut random));
        }
    }
}
