//! Internet addresses as a filter takes them: numbers with a prefix length, or names of hosts.

use std::net::Ipv6Addr;

use sockcore::addr::{Address, InetFamily};
use sockcore::filter::{Host, HostFamily};
use sockcore::names::NameService;

use super::number;
use crate::tables::Family;

/// Which addresses there may be.
pub(super) struct Kinds {
    ipv4: bool,
    ipv6: bool,
    /// What one is called that stands for any.
    any: HostFamily,
}

impl Kinds {
    /// The addresses of a family; `None`: all of them.
    pub(super) fn of(family: Option<Family>) -> Self {
        Self {
            ipv4: matches!(family, None | Some(Family::Inet)),
            ipv6: matches!(family, None | Some(Family::Inet6)),
            any: match family {
                Some(Family::Inet) => HostFamily::Inet,
                Some(Family::Inet6) => HostFamily::Inet6,
                _ => HostFamily::Unspecified,
            },
        }
    }
}

/// Every host that the text stands for, with any port; `None`: there is none.
pub(super) fn hosts(text: &[u8], kinds: &Kinds, names: &dyn NameService) -> Option<Vec<Host>> {
    if let Some(host) = prefix(text, kinds) {
        return Some(vec![host]);
    }
    // The resolver takes a number for any family but IPv6.
    let is_number = text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
    let families = [
        (kinds.ipv4 || (is_number && !kinds.ipv6), InetFamily::V4),
        (kinds.ipv6, InetFamily::V6),
    ];
    let hosts: Vec<Host> = families
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .flat_map(|(_, family)| names.addresses(text, family))
        .map(|address| whole(&Address::from(address)))
        .collect();
    (!hosts.is_empty()).then_some(hosts)
}

/// All bits of an address.
fn whole(address: &Address) -> Host {
    let (family, length) = kind(address.family);
    Host {
        family,
        address: address.bytes,
        length,
        port: -1,
    }
}

/// What a condition calls a family, and how many bits its addresses have.
fn kind(family: InetFamily) -> (HostFamily, u8) {
    match family {
        InetFamily::V4 => (HostFamily::Inet, 32),
        InetFamily::V6 => (HostFamily::Inet6, 128),
    }
}

/// An address in numbers, with a length behind a slash or without.
fn prefix(text: &[u8], kinds: &Kinds) -> Option<Host> {
    if matches!(text, b"default" | b"all" | b"any") {
        return Some(Host {
            family: kinds.any,
            ..Host::ANY
        });
    }
    let mut parts = text.splitn(2, |&byte| byte == b'/');
    let address = numeric(parts.next().unwrap_or_default(), kinds)?;
    let mut host = whole(&address);
    if let Some(length) = parts.next() {
        let length = match number::unsigned(length) {
            Some(length) => u8::try_from(length).ok()?,
            None => netmask(length)?,
        };
        if length > host.length {
            return None;
        }
        host.length = length;
    }
    Some(host)
}

fn numeric(text: &[u8], kinds: &Kinds) -> Option<Address> {
    if text.contains(&b':') {
        if !kinds.ipv6 {
            return None;
        }
        let address: Ipv6Addr = std::str::from_utf8(text).ok()?.parse().ok()?;
        return Some(Address::v6(address.octets()));
    }
    if !kinds.ipv4 {
        return None;
    }
    ipv4(text).map(Address::v4)
}

/// One to four numbers with dots between; those that are missing are zero.
fn ipv4(text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut rest = text;
    for octet in &mut octets {
        let (value, behind) = number::leading_unsigned(rest)?;
        *octet = u8::try_from(value).ok()?;
        match behind {
            [] => return Some(octets),
            [b'.', behind @ ..] => rest = behind,
            _ => return None,
        }
    }
    None
}

/// How many bits are set in front of a mask; `None`: others are set, too.
fn netmask(text: &[u8]) -> Option<u8> {
    if matches!(text, b"default" | b"all" | b"any") {
        return Some(0);
    }
    let mask = u32::from_be_bytes(ipv4(text)?);
    let ones = mask.leading_ones();
    (mask.count_ones() == ones).then_some(ones as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<([u8; 4], u8)> {
        let host = prefix(text.as_bytes(), &Kinds::of(None))?;
        let [a, b, c, d, ..] = host.address;
        Some(([a, b, c, d], host.length))
    }

    #[test]
    fn missing_octets_are_zero_on_the_right() {
        for (text, octets, length) in [
            ("127/8", [127, 0, 0, 0], 8),
            ("10.8", [10, 8, 0, 0], 32),
            ("0x0a.0/8", [10, 0, 0, 0], 8),
            ("0x7f/8", [127, 0, 0, 0], 8),
            ("127.0.0.1/255.0.0.0", [127, 0, 0, 1], 8),
            ("127.0.0.1/255.0", [127, 0, 0, 1], 8),
            ("0/0", [0, 0, 0, 0], 0),
            ("1.2.3.4/any", [1, 2, 3, 4], 0),
        ] {
            assert_eq!(parsed(text), Some((octets, length)), "{text}");
        }
        for text in [
            "",
            "300",
            "1.2.3.4.5",
            "1.",
            "1..2",
            "x",
            "127.0.0.1/33",
            "127.0.0.1/255.0.255.0",
            "127.0.0.1/",
            "all/8",
            "localhost/8",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn a_colon_makes_it_ipv6() {
        let host = prefix(b"fe80::/10", &Kinds::of(None)).unwrap();
        assert_eq!((host.family, host.length), (HostFamily::Inet6, 10));
        assert_eq!(prefix(b"fe80::", &Kinds::of(Some(Family::Inet))), None);
        assert_eq!(prefix(b"fe80::1%lo", &Kinds::of(None)), None);
        assert_eq!(prefix(b"1.2.3.4", &Kinds::of(Some(Family::Inet6))), None);
        assert_eq!(
            prefix(b"::1/255.0.0.0", &Kinds::of(None)).unwrap().length,
            8
        );
    }
}
