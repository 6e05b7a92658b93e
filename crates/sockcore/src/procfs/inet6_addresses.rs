//! The IPv6 addresses of interfaces: `/proc/net/if_inet6`.

use std::net::Ipv6Addr;

use super::formatted::Formatted;
use crate::addr::Address;

/// One address: `address index prefix scope flags device`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inet6Address<'a> {
    /// The address.
    pub address: Address,
    /// Its prefix length.
    pub prefix: i32,
    /// Its scope: 0 global, 0x10 host, 0x20 link, 0x40 site, 0x80 compatible.
    pub scope: u32,
    /// The device's name, at most twenty bytes.
    pub device: &'a [u8],
}

/// The addresses of a whole text, as C's formatted input reads it: as one stream, in which a
/// newline is white space like any other. What cannot be read keeps its value from the address
/// before, and the next address begins where reading stopped.
#[derive(Clone, Debug)]
pub struct Inet6Addresses<'a> {
    input: Formatted<'a>,
    groups: [&'a [u8]; 8],
    last: Inet6Address<'a>,
}

impl<'a> Inet6Addresses<'a> {
    /// The addresses in `text`.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self {
            input: Formatted(text),
            groups: [b""; 8],
            last: Inet6Address {
                address: Address::v6([0; 16]),
                ..Inet6Address::default()
            },
        }
    }

    /// The next address; `None` at the end of the text.
    pub fn next_address(&mut self) -> Option<Inet6Address<'a>> {
        self.input.space();
        if self.input.0.is_empty() {
            return None;
        }
        let _ = self.convert();
        if let Some(address) = self.address() {
            self.last.address = address;
        }
        Some(self.last)
    }

    /// Goes on until something cannot be read.
    fn convert(&mut self) -> Option<()> {
        for group in &mut self.groups {
            *group = Formatted::line(self.input.word_within(4)?).0;
        }
        let _index = self.input.hexadecimal_within(8)?;
        self.last.prefix = self.input.hexadecimal_within(2)?.cast_signed();
        self.last.scope = self.input.hexadecimal_within(2)?;
        let _flags = self.input.hexadecimal_within(2)?;
        self.last.device = Formatted::line(self.input.word_within(20)?).0;
        Some(())
    }

    /// The eight groups as text of an address.
    fn address(&self) -> Option<Address> {
        let text = self.groups.join(&b':');
        let address: Ipv6Addr = str::from_utf8(&text).ok()?.parse().ok()?;
        Some(Address::v6(address.octets()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] = b"fe8000000000000000000000000000aa 02 40 20 80     eth0\n";

    fn all(text: &[u8]) -> Vec<(u16, i32, u32, &[u8])> {
        let mut addresses = Inet6Addresses::new(text);
        let mut all = Vec::new();
        while let Some(next) = addresses.next_address() {
            let bytes = next.address.significant();
            let tail = bytes.last_chunk::<2>().copied().unwrap_or_default();
            all.push((
                u16::from_be_bytes(tail),
                next.prefix,
                next.scope,
                next.device,
            ));
        }
        all
    }

    #[test]
    fn a_line_of_the_kernel_is_an_address() {
        assert_eq!(all(LINE), [(0xaa, 64, 0x20, &b"eth0"[..])]);
        assert_eq!(all(b""), []);
        assert_eq!(all(b" \n"), []);
    }

    #[test]
    fn fields_have_two_digits_and_what_follows_is_the_next_field() {
        let text = b"00000000000000000000000000000001 101 40 20 80lo\n\
            00000000000000000000000000000002 1 -4 2 8 lo\n\
            00000000000000000000000000000003 1 40 120 80 lo\n";
        assert_eq!(
            all(text),
            [
                (1, 64, 0x20, &b"lo"[..]),
                (2, -4, 2, b"lo"),
                (3, 64, 0x12, b"80"),
                // Too few groups are left for an address.
                (3, 64, 0x12, b"80"),
            ]
        );
    }

    #[test]
    fn what_is_missing_is_as_it_was_before() {
        let text = b"00000000000000000000000000000001 1 40 20 80 lo\n\
            00000000000000000000000000000002 1 30 zz";
        assert_eq!(
            all(text),
            [
                (1, 64, 0x20, &b"lo"[..]),
                (2, 48, 0x20, b"lo"),
                (2, 48, 0x20, b"lo")
            ]
        );
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(4);
        let text = LINE.repeat(3);
        for _ in 0..5000 {
            std::hint::black_box(all(&mutate(&text, &mut random)));
        }
    }
}
