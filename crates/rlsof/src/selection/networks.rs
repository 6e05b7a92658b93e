//! Internet sockets by family, protocol, address and port (`-i`).

use sockcore::addr::{Address, Endpoint, InetFamily};

use super::{Bits, Mark};
use crate::sockets::{Inet, Transport};

/// All `-i` options.
#[derive(Debug, Default)]
pub(crate) struct Networks {
    /// `-i`, `-i4`, `-i6`
    pub(crate) any: Option<Any>,
    /// `-i` with an argument, each text once, in the order in which they were typed.
    pub(crate) arguments: Vec<Argument>,
    /// What the arguments stand for, in the order in which they were typed.
    pub(crate) entries: Vec<Entry>,
}

/// `-i`, `-i4`, `-i6`
#[derive(Debug, Default)]
pub(crate) struct Any {
    /// `None`: both.
    pub(crate) family: Option<InetFamily>,
    pub(crate) mark: Mark,
}

/// The text of an `-i` option.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) text: Vec<u8>,
    pub(crate) mark: Mark,
}

/// One combination that an argument stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Index of the argument.
    pub(crate) argument: usize,
    pub(crate) transport: Option<Transport>,
    /// The family of the address as it is shown.
    pub(crate) family: Option<InetFamily>,
    /// `None`: any.
    pub(crate) address: Option<Address>,
    /// From the first to the second; `None`: any.
    pub(crate) ports: Option<(u64, u64)>,
}

impl Entry {
    fn matches(&self, transport: Transport, end: Endpoint) -> bool {
        let port = u64::from(end.port);
        self.transport.is_none_or(|asked| asked == transport)
            && self.family.is_none_or(|asked| asked == end.address.family)
            && self.address.is_none_or(|asked| asked == end.address)
            && self
                .ports
                .is_none_or(|(low, high)| (low..=high).contains(&port))
    }
}

/// The two ends of a socket as they are shown: both as IPv4 when either is an IPv4 address in
/// IPv6 form.
pub(crate) fn shown_ends(inet: &Inet) -> (Endpoint, Endpoint) {
    let mapped = |end: Endpoint| end.address.mapped_v4();
    if mapped(inet.local).is_none() && mapped(inet.peer).is_none() {
        return (inet.local, inet.peer);
    }
    let as_v4 = |end: Endpoint| Endpoint {
        address: Address::v4(mapped(end).unwrap_or_else(|| {
            let [.., a, b, c, d] = end.address.bytes;
            [a, b, c, d]
        })),
        port: end.port,
    };
    (as_v4(inet.local), as_v4(inet.peer))
}

/// Whether there is anything to show of an end.
pub(crate) fn is_there(end: Endpoint) -> bool {
    end.port != 0 || !end.address.is_unspecified()
}

/// Where sockets that match are to be looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// In the tables of IPv4.
    pub(crate) v4: bool,
    /// In the tables of IPv6.
    pub(crate) v6: bool,
    /// TCP, UDP, UDP-Lite.
    pub(crate) transports: [bool; 3],
    /// Ranges of which one end's port must be in one; empty: any port.
    pub(crate) ports: Vec<(u16, u16)>,
}

impl Networks {
    /// Where sockets that match can be; more than that is no harm.
    pub(crate) fn reach(&self) -> Reach {
        let mut reach = Reach::default();
        if let Some(any) = &self.any {
            reach.v4 |= any.family != Some(InetFamily::V6);
            reach.v6 |= any.family != Some(InetFamily::V4);
            reach.transports = [true; 3];
        }
        for entry in &self.entries {
            // An IPv4 address may stand in the IPv6 table in its mapped form.
            reach.v4 |= entry.family != Some(InetFamily::V6);
            reach.v6 = true;
            for transport in [Transport::Tcp, Transport::Udp, Transport::UdpLite] {
                if entry.transport.is_none_or(|asked| asked == transport) {
                    if let Some(place) = reach.transports.get_mut(transport as usize) {
                        *place = true;
                    }
                }
            }
        }
        let range = |entry: &Entry| {
            let (low, high) = entry.ports?;
            let high = u16::try_from(high).unwrap_or(u16::MAX);
            Some((u16::try_from(low).ok()?, high))
        };
        let ranges: Option<Vec<_>> = self.entries.iter().map(range).collect();
        if self.any.is_none() {
            reach.ports = ranges.unwrap_or_default();
        }
        reach
    }

    pub(super) fn selects_any(&self) -> bool {
        self.any.is_some()
    }

    pub(super) fn selects_addresses(&self) -> bool {
        !self.entries.is_empty()
    }

    pub(super) fn has_unmarked(&self) -> bool {
        self.any.as_ref().is_some_and(|any| !any.mark.is_set())
            || self
                .arguments
                .iter()
                .any(|argument| !argument.mark.is_set())
    }

    /// Whether a socket matches anything; marks nothing.
    pub(super) fn fits(&self, inet: &Inet) -> bool {
        let fits_any = |any: &Any| any.family.is_none_or(|asked| asked == inet.family);
        if self.any.as_ref().is_some_and(fits_any) {
            return true;
        }
        let (local, peer) = shown_ends(inet);
        self.entries.iter().any(|entry| {
            let fits = |end| is_there(end) && entry.matches(inet.transport, end);
            fits(local) || fits(peer)
        })
    }

    /// The selectors that a socket matches; marks what it was asked for by.
    pub(super) fn find(&self, inet: &Inet) -> Bits {
        let mut bits = Bits::NONE;
        if let Some(any) = &self.any {
            if any.family.is_none_or(|asked| asked == inet.family) {
                any.mark.set();
                bits = bits.or(Bits::NET);
            }
        }
        if !self.entries.is_empty() {
            let (local, peer) = shown_ends(inet);
            // Both ends are looked at: each marks the last typed that fits.
            let by_local = self.find_end(inet.transport, local);
            let by_peer = self.find_end(inet.transport, peer);
            if by_local || by_peer {
                bits = bits.or(Bits::ADDRESS);
            }
        }
        bits
    }

    fn find_end(&self, transport: Transport, end: Endpoint) -> bool {
        if !is_there(end) {
            return false;
        }
        let mut fitting = self.entries.iter().rev();
        let Some(entry) = fitting.find(|entry| entry.matches(transport, end)) else {
            return false;
        };
        if let Some(argument) = self.arguments.get(entry.argument) {
            argument.mark.set();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use sockcore::socket::SocketState;

    use super::*;

    const LOCALHOST: [u8; 4] = [127, 0, 0, 1];

    fn v4(octets: [u8; 4], port: u16) -> Endpoint {
        Endpoint {
            address: Address::v4(octets),
            port,
        }
    }

    fn mapped(octets: [u8; 4], port: u16) -> Endpoint {
        let address = std::net::Ipv4Addr::from(octets).to_ipv6_mapped();
        Endpoint {
            address: Address::v6(address.octets()),
            port,
        }
    }

    fn socket(family: InetFamily, local: Endpoint, peer: Endpoint) -> Inet {
        Inet {
            transport: Transport::Tcp,
            family,
            state: SocketState::ESTABLISHED,
            local,
            peer,
            recv_queue: 0,
            send_queue: 0,
        }
    }

    fn entry(argument: usize) -> Entry {
        Entry {
            argument,
            transport: None,
            family: None,
            address: None,
            ports: None,
        }
    }

    fn networks(entries: Vec<Entry>) -> Networks {
        let arguments = entries.iter().map(|_| Argument {
            text: Vec::new(),
            mark: Mark::default(),
        });
        Networks {
            any: None,
            arguments: arguments.collect(),
            entries,
        }
    }

    fn marks(networks: &Networks) -> Vec<bool> {
        let marks = networks.arguments.iter().map(|argument| &argument.mark);
        marks.map(Mark::is_set).collect()
    }

    #[test]
    fn address_and_port_must_fit_the_same_end() {
        let mut asked = entry(0);
        asked.address = Some(Address::v4(LOCALHOST));
        asked.ports = Some((22, 22));
        let networks = networks(vec![asked]);
        let split = socket(InetFamily::V4, v4(LOCALHOST, 1), v4([10, 0, 0, 1], 22));
        assert_eq!(networks.find(&split), Bits::NONE);
        let peer = socket(InetFamily::V4, v4([10, 0, 0, 1], 1), v4(LOCALHOST, 22));
        assert_eq!(networks.find(&peer), Bits::ADDRESS);
        assert_eq!(marks(&networks), [true]);
    }

    #[test]
    fn each_end_marks_the_last_typed_that_fits() {
        let mut port = entry(0);
        port.ports = Some((22, 22));
        let mut protocol = entry(1);
        protocol.transport = Some(Transport::Tcp);
        let networks = networks(vec![port, protocol]);
        let found = socket(InetFamily::V4, v4(LOCALHOST, 22), v4(LOCALHOST, 5));
        assert_eq!(networks.find(&found), Bits::ADDRESS);
        assert_eq!(marks(&networks), [false, true]);
    }

    #[test]
    fn a_mapped_socket_is_ipv6_by_type_and_ipv4_by_address() {
        let mut asked = entry(0);
        asked.family = Some(InetFamily::V4);
        let mut networks = networks(vec![asked]);
        let family = Some(InetFamily::V4);
        networks.any = Some(Any {
            family,
            mark: Mark::default(),
        });
        let found = socket(InetFamily::V6, mapped(LOCALHOST, 22), mapped(LOCALHOST, 5));
        assert_eq!(networks.find(&found), Bits::ADDRESS);
        assert!(networks.has_unmarked());
    }

    #[test]
    fn a_socket_with_neither_end_fits_no_address() {
        let networks = networks(vec![entry(0)]);
        let unbound = socket(InetFamily::V4, v4([0; 4], 0), v4([0; 4], 0));
        assert_eq!(networks.find(&unbound), Bits::NONE);
    }

    #[test]
    fn the_wildcard_beside_a_mapped_address_shows_as_ipv4() {
        let local = mapped(LOCALHOST, 22);
        let peer = Endpoint {
            address: Address::v6([0; 16]),
            port: 0,
        };
        let (local, peer) = shown_ends(&socket(InetFamily::V6, local, peer));
        assert_eq!(local, v4(LOCALHOST, 22));
        assert_eq!(peer, v4([0; 4], 0));
        assert!(is_there(local) && !is_there(peer));
    }
}
