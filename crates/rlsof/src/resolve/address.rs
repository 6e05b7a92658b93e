//! The argument of `-i`: `[46][PROTOCOL][@HOST][:PORTS]`.

use std::net::{IpAddr, Ipv6Addr};

use sockcore::addr::{Address, InetFamily};
use sockcore::names::NameService;

use crate::flags::leading_number;
use crate::selection::networks::Entry;
use crate::sockets::Transport;

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Protocol(Vec<u8>),
    Address,
    Prohibited(InetFamily),
    Host(Vec<u8>),
    Ports,
    /// The name of a service is empty.
    NoService,
    /// A service that is not known, for one protocol or any.
    Service(Vec<u8>, Option<Transport>),
    /// A service whose ports differ by protocol: TCP, UDP.
    Conflict(Vec<u8>, u16, u16),
    Incomplete,
}

impl Fault {
    /// The message, without the program's name. `argument`: as it is to be printed.
    pub(crate) fn text(&self, argument: &[u8]) -> Vec<u8> {
        let of = |text: &str| [text.as_bytes(), b": -i ", argument].concat();
        let of_word = |before: &str, word: &[u8], behind: &str| {
            let parts: [&[u8]; 5] = [
                before.as_bytes(),
                word,
                behind.as_bytes(),
                b": -i ",
                argument,
            ];
            parts.concat()
        };
        match self {
            Self::Protocol(name) => of_word("unknown protocol name (", name, ") in"),
            Self::Address => of("unacceptable Internet address in"),
            Self::Prohibited(InetFamily::V4) => of("IPv4 addresses are prohibited"),
            Self::Prohibited(InetFamily::V6) => of("IPv6 addresses are prohibited"),
            Self::Host(name) => of_word("unknown host name (", name, ") in"),
            Self::Ports => of("unacceptable port specification in"),
            Self::NoService => of("invalid service name"),
            Self::Service(name, None) => of_word("unknown service ", name, " in"),
            Self::Service(name, Some(transport)) => {
                let behind = format!(" for {} in", protocol_name(*transport));
                of_word("unknown service ", name, &behind)
            }
            Self::Conflict(name, tcp, udp) => {
                let name = String::from_utf8_lossy(name);
                let text = format!(
                    "TCP={tcp} and UDP={udp} {name} ports conflict;\n      \
                     specify \"tcp:{name}\" or \"udp:{name}\""
                );
                of(&text)
            }
            Self::Incomplete => of("incomplete Internet address specification"),
        }
    }
}

fn protocol_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
        Transport::UdpLite => "udplite",
    }
}

/// What an argument stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entries {
    pub(crate) entries: Vec<Entry>,
    /// How many of them the original counts: it gives IPv6 addresses of a host that has IPv4 ones
    /// only to the first item of a port list.
    pub(crate) counted: usize,
}

/// Reads an argument that is more than a family. `inherited`: the family of earlier ones that
/// were no more; `number`: the argument's index.
pub(crate) fn read(
    argument: &[u8],
    inherited: Option<InetFamily>,
    number: usize,
    names: &dyn NameService,
) -> Result<Entries, Fault> {
    let (family, rest) = match family(argument) {
        Some((family, rest)) => (Some(family), rest),
        None => (inherited, argument),
    };
    let end = rest.iter().position(|byte| matches!(byte, b'@' | b':'));
    let (protocol, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let transport = transport(protocol)?;
    let (addresses, rest) = match rest.strip_prefix(b"@") {
        Some(host) => hosts(host, family, names)?,
        None => (Vec::new(), rest),
    };
    let ports = match rest {
        [] => vec![None],
        _ => ports(rest, transport, names)?
            .into_iter()
            .map(Some)
            .collect(),
    };
    let is_any = |address: &Address| address.is_unspecified();
    let only_any = addresses.iter().all(is_any);
    if transport.is_none() && only_any && ports == [None] {
        return Err(Fault::Incomplete);
    }
    let mut found = Entries {
        entries: Vec::new(),
        counted: 0,
    };
    let has_v4 = addresses
        .iter()
        .any(|address| address.family == InetFamily::V4);
    for (index, &ports) in ports.iter().enumerate() {
        let mut entry = Entry {
            argument: number,
            transport,
            family,
            address: None,
            ports,
        };
        if addresses.is_empty() {
            found.entries.push(entry);
            found.counted += 1;
        }
        for &address in &addresses {
            entry.family = Some(address.family);
            entry.address = Some(address).filter(|address| !is_any(address));
            found.entries.push(entry);
            let passed_over = index > 0 && has_v4 && address.family == InetFamily::V6;
            found.counted += usize::from(!passed_over);
        }
    }
    Ok(found)
}

/// The family that an argument begins with, and what follows.
pub(crate) fn family(argument: &[u8]) -> Option<(InetFamily, &[u8])> {
    match argument.split_first()? {
        (b'4', rest) => Some((InetFamily::V4, rest)),
        (b'6', rest) => Some((InetFamily::V6, rest)),
        _ => None,
    }
}

fn transport(name: &[u8]) -> Result<Option<Transport>, Fault> {
    match &*name.to_ascii_lowercase() {
        b"" => Ok(None),
        b"tcp" => Ok(Some(Transport::Tcp)),
        b"udp" => Ok(Some(Transport::Udp)),
        b"udplite" => Ok(Some(Transport::UdpLite)),
        _ => Err(Fault::Protocol(name.to_vec())),
    }
}

/// The addresses of a host, and what follows it.
fn hosts<'a>(
    text: &'a [u8],
    family: Option<InetFamily>,
    names: &dyn NameService,
) -> Result<(Vec<Address>, &'a [u8]), Fault> {
    if matches!(text, [] | [b':', ..]) {
        return Err(Fault::Address);
    }
    let admit = |address: Address| match family {
        Some(family) if family != address.family => Err(Fault::Prohibited(address.family)),
        _ => Ok(vec![address]),
    };
    if text.first() == Some(&b'[') {
        if family == Some(InetFamily::V4) {
            return Err(Fault::Prohibited(InetFamily::V6));
        }
        let close = text.iter().rposition(|&byte| byte == b']');
        let (inside, rest) = text.split_at(close.ok_or(Fault::Address)?);
        let inside = std::str::from_utf8(inside.get(1..).unwrap_or_default());
        let ip: Ipv6Addr = inside
            .ok()
            .and_then(|inside| inside.parse().ok())
            .filter(|ip: &Ipv6Addr| !ip.is_unspecified())
            .ok_or(Fault::Address)?;
        let address = match ip.to_ipv4_mapped() {
            Some(v4) => Address::v4(v4.octets()),
            None => Address::v6(ip.octets()),
        };
        return Ok((admit(address)?, rest.get(1..).unwrap_or_default()));
    }
    let end = text.iter().position(|&byte| byte == b':');
    let (host, rest) = text.split_at(end.unwrap_or(text.len()));
    if let Some(octets) = dotted(host) {
        return Ok((admit(Address::v4(octets))?, rest));
    }
    let families: &[InetFamily] = match family {
        Some(InetFamily::V4) => &[InetFamily::V4],
        Some(InetFamily::V6) => &[InetFamily::V6],
        None => &[InetFamily::V6, InetFamily::V4],
    };
    let found: Vec<IpAddr> = families
        .iter()
        .flat_map(|&family| names.addresses(host, family))
        .collect();
    if found.is_empty() {
        return Err(Fault::Host(host.to_vec()));
    }
    Ok((found.into_iter().map(Address::from).collect(), rest))
}

/// Four decimal numbers up to 255, whatever their leading zeros.
fn dotted(host: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = host.split(|&byte| byte == b'.');
    for octet in &mut octets {
        let part = parts.next()?;
        let (number, length) = leading_number(part)?;
        if length != part.len() {
            return None;
        }
        *octet = u8::try_from(number).ok()?;
    }
    parts.next().is_none().then_some(octets)
}

/// The items of a port list, the colon before it included.
fn ports(
    text: &[u8],
    transport: Option<Transport>,
    names: &dyn NameService,
) -> Result<Vec<(u64, u64)>, Fault> {
    let list = text.strip_prefix(b":").filter(|list| !list.is_empty());
    let mut rest = list.ok_or(Fault::Ports)?;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (low, behind) = port(rest, transport, names)?;
        let mut high = low;
        rest = behind;
        if let Some(end) = rest.strip_prefix(b"-") {
            if end.is_empty() {
                return Err(Fault::Ports);
            }
            (high, rest) = port(end, transport, names)?;
            if high < low {
                return Err(Fault::Ports);
            }
        }
        items.push((low, high));
        rest = match rest.split_first() {
            None => break,
            Some((b',', rest)) => rest,
            Some(_) => return Err(Fault::Ports),
        };
    }
    Ok(items)
}

/// The port that a text begins with, by number or by the name of its service.
fn port<'a>(
    text: &'a [u8],
    transport: Option<Transport>,
    names: &dyn NameService,
) -> Result<(u64, &'a [u8]), Fault> {
    if let Some((number, length)) = leading_number(text) {
        return Ok((number, text.get(length..).unwrap_or_default()));
    }
    let end = text.iter().position(|&byte| byte == b',');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    if name.is_empty() {
        return Err(Fault::NoService);
    }
    let ask = |transport| names.port(name, Some(protocol_name(transport)));
    let found = match transport {
        Some(transport) => ask(transport),
        None => match (ask(Transport::Tcp), ask(Transport::Udp)) {
            (Some(tcp), Some(udp)) if tcp != udp => {
                return Err(Fault::Conflict(name.to_vec(), tcp, udp));
            }
            (tcp, udp) => tcp.or(udp),
        },
    };
    match found {
        Some(port) => Ok((port.into(), rest)),
        None => Err(Fault::Service(name.to_vec(), transport)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TableNames;

    /// Reads an argument and tells each entry, or what is wrong.
    fn told(argument: &str) -> String {
        told_after(argument, None)
    }

    fn told_after(argument: &str, inherited: Option<InetFamily>) -> String {
        let names = TableNames;
        match read(argument.as_bytes(), inherited, 0, &names) {
            Err(fault) => String::from_utf8(fault.text(argument.as_bytes())).unwrap(),
            Ok(found) => {
                let entries = found.entries.iter().map(|entry| {
                    let transport = entry.transport.map_or("*", protocol_name);
                    let family = match entry.family {
                        None => "*",
                        Some(InetFamily::V4) => "4",
                        Some(InetFamily::V6) => "6",
                    };
                    let address = entry.address.map(|address| address.to_ip().to_string());
                    let ports = entry.ports.map(|(low, high)| format!("{low}-{high}"));
                    format!(
                        "{transport} {family} {} {}",
                        address.unwrap_or_else(|| "*".into()),
                        ports.unwrap_or_else(|| "*".into())
                    )
                });
                entries.collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn each_part_may_be_left_out_but_not_all() {
        assert_eq!(told("tcp"), "tcp * * *");
        assert_eq!(told("4tcp"), "tcp 4 * *");
        assert_eq!(told(":22"), "* * * 22-22");
        assert_eq!(told("6:22"), "* 6 * 22-22");
        assert_eq!(told("@10.0.0.1"), "* 4 10.0.0.1 *");
        assert_eq!(told("UDP@[::1]:1-9"), "udp 6 ::1 1-9");
        assert_eq!(told(""), "incomplete Internet address specification: -i ");
    }

    #[test]
    fn the_zero_address_stands_for_any_ipv4_address() {
        assert!(told("@0.0.0.0").starts_with("incomplete"));
        assert_eq!(told("@0.0.0.0:22"), "* 4 * 22-22");
        assert_eq!(told("tcp@0.0.0.0"), "tcp 4 * *");
        assert!(told("@[::]:22").starts_with("unacceptable Internet address in"));
        assert_eq!(told("@[::ffff:0.0.0.0]:22"), "* 4 * 22-22");
    }

    #[test]
    fn a_mapped_address_is_an_ipv4_one() {
        assert_eq!(told("@[::ffff:127.0.0.1]"), "* 4 127.0.0.1 *");
        assert!(told("6@[::ffff:127.0.0.1]").starts_with("IPv4 addresses are prohibited"));
        assert!(told("4@[::1]").starts_with("IPv6 addresses are prohibited"));
        assert!(told("4@[zz]").starts_with("IPv6 addresses are prohibited"));
    }

    #[test]
    fn a_family_is_inherited_where_none_is_typed() {
        assert_eq!(told_after(":22", Some(InetFamily::V6)), "* 6 * 22-22");
        assert_eq!(told_after("4:22", Some(InetFamily::V6)), "* 4 * 22-22");
    }

    #[test]
    fn a_host_gives_all_its_addresses_to_every_item() {
        assert_eq!(
            told("@both:1,2"),
            "* 6 ::1 1-1; * 4 127.0.0.1 1-1; * 6 ::1 2-2; * 4 127.0.0.1 2-2"
        );
        let found = read(b"@both:1,2", None, 0, &TableNames).unwrap();
        assert_eq!(found.counted, 3);
        assert_eq!(told("4@both"), "* 4 127.0.0.1 *");
        assert_eq!(
            told("@1.2.3.400"),
            "unknown host name (1.2.3.400) in: -i @1.2.3.400"
        );
    }

    #[test]
    fn ports_are_numbers_ranges_and_services() {
        assert_eq!(told(":22,"), "* * * 22-22");
        assert_eq!(told(":1-domain"), "* * * 1-53");
        assert_eq!(told("udp:ntp"), "udp * * 123-123");
        assert_eq!(told(":70000"), "* * * 70000-70000");
        for wrong in [":", ":22-", ":22-20", ":22x", ":1-2-3", "4tcp:"] {
            let expected = format!("unacceptable port specification in: -i {wrong}");
            assert_eq!(told(wrong), expected);
        }
        for wrong in [":,22", ":22-,80", ":22,,23"] {
            assert_eq!(told(wrong), format!("invalid service name: -i {wrong}"));
        }
    }

    #[test]
    fn a_service_that_is_not_known_is_told_with_its_protocol() {
        assert_eq!(
            told("tcp:ntp"),
            "unknown service ntp for tcp in: -i tcp:ntp"
        );
        assert_eq!(told(":no-no"), "unknown service no-no in: -i :no-no");
        assert_eq!(
            told("udplite:domain"),
            "unknown service domain for udplite in: -i udplite:domain"
        );
        assert_eq!(
            told(":odd"),
            "TCP=1 and UDP=2 odd ports conflict;\n      \
             specify \"tcp:odd\" or \"udp:odd\": -i :odd"
        );
    }
}
