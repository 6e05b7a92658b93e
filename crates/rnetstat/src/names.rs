//! Which name stands for a number, and which names are remembered.
//!
//! The services database is read once, at the first port that is not 0; of several entries of a
//! port the last one counts. Hosts and users are asked for once each.

use rustc_hash::FxHashMap;
use sockcore::addr::{Address, InetFamily};
use sockcore::id::Uid;
use sockcore::names::NameService;

use crate::address;

/// A protocol of the services database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Tcp,
    Udp,
    /// Services of the protocol `raw`, and the protocols database: a raw socket's port is a
    /// protocol number.
    Raw,
}

/// Names looked up so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    services: Option<Services>,
    hosts: FxHashMap<Address, Box<[u8]>>,
    users: FxHashMap<u32, Box<[u8]>>,
}

/// The longest service name shown.
const SERVICE_ROOM: usize = 63;
/// The longest host name shown.
const HOST_ROOM: usize = 127;

impl Names {
    /// The name of a port, if the database has one.
    pub(crate) fn service(
        &mut self,
        names: &dyn NameService,
        service: Service,
        port: u16,
    ) -> Option<&[u8]> {
        self.services
            .get_or_insert_with(|| Services::read(names))
            .find(service, port)
    }

    /// Appends the text of an address: its host name, or the numbers.
    pub(crate) fn host(&mut self, names: &dyn NameService, out: &mut Vec<u8>, address: &Address) {
        match (address.family, address.is_unspecified()) {
            (InetFamily::V4, true) => out.extend_from_slice(b"0.0.0.0"),
            (InetFamily::V6, true) => out.extend_from_slice(b"[::]"),
            _ => {
                let name = self
                    .hosts
                    .entry(*address)
                    .or_insert_with(|| look_up(names, address));
                out.extend_from_slice(name);
            }
        }
    }

    /// The name of a user, if there is one.
    pub(crate) fn user(&mut self, names: &dyn NameService, uid: u32) -> Option<&[u8]> {
        let name = self
            .users
            .entry(uid)
            .or_insert_with(|| names.user(Uid(uid)).unwrap_or_default().into());
        (!name.is_empty()).then_some(&**name)
    }
}

fn look_up(names: &dyn NameService, address: &Address) -> Box<[u8]> {
    let found = match (address.family, address.mapped_v4()) {
        (InetFamily::V4, _) => names.host(address.to_ip()).map(|mut name| {
            name.truncate(HOST_ROOM);
            name
        }),
        // Older C libraries do not find the IPv4 entry by the IPv6 address.
        (InetFamily::V6, Some(octets)) => names.host_text(octets.into()),
        (InetFamily::V6, None) => names.host_text(address.to_ip()),
    };
    let name = found
        .filter(|name| name.len() <= HOST_ROOM)
        .unwrap_or_else(|| {
            let mut text = Vec::new();
            address::numeric(&mut text, address);
            text
        });
    name.into_boxed_slice()
}

/// The services database, and the protocols as services of `raw`.
#[derive(Debug, Default)]
struct Services {
    names: Vec<u8>,
    /// Sorted by protocol and port; among equals in the order of the database.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    service: Service,
    port: u16,
    start: u32,
    length: u8,
}

impl Services {
    fn read(names: &dyn NameService) -> Self {
        let mut all = Self::default();
        names.services(&mut |name, port, protocol| {
            let service = match protocol {
                b"tcp" => Service::Tcp,
                b"udp" => Service::Udp,
                b"raw" => Service::Raw,
                _ => return,
            };
            all.add(service, port, name);
        });
        names.protocols(&mut |name, number| {
            if let Ok(number) = u16::try_from(number) {
                all.add(Service::Raw, number, name);
            }
        });
        all.entries.sort_by_key(|entry| (entry.service, entry.port));
        all
    }

    fn add(&mut self, service: Service, port: u16, name: &[u8]) {
        let name = name.get(..SERVICE_ROOM).unwrap_or(name);
        let (Ok(start), Ok(length)) = (u32::try_from(self.names.len()), u8::try_from(name.len()))
        else {
            return;
        };
        self.names.extend_from_slice(name);
        self.entries.push(Entry {
            service,
            port,
            start,
            length,
        });
    }

    fn find(&self, service: Service, port: u16) -> Option<&[u8]> {
        let behind = self
            .entries
            .partition_point(|entry| (entry.service, entry.port) <= (service, port));
        let entry = self.entries.get(behind.checked_sub(1)?)?;
        if (entry.service, entry.port) != (service, port) {
            return None;
        }
        let start = entry.start as usize;
        self.names.get(start..start + usize::from(entry.length))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::net::IpAddr;

    use sockcore::id::IfIndex;
    use sockcore::names::EachService;

    use super::*;

    /// A name service of a few entries that counts how often a host is asked for.
    #[derive(Default)]
    struct Few {
        asked: Cell<u32>,
    }

    impl NameService for Few {
        fn user(&self, uid: Uid) -> Option<Vec<u8>> {
            (uid.0 == 0).then(|| b"root".to_vec())
        }
        fn uid(&self, _: &[u8]) -> Option<Uid> {
            None
        }
        fn service(&self, _: u16, _: Option<&str>) -> Option<Vec<u8>> {
            None
        }
        fn port(&self, _: &[u8], _: Option<&str>) -> Option<u16> {
            None
        }
        fn services(&self, each: EachService<'_>) {
            each(b"first", 80, b"tcp");
            each(b"last", 80, b"tcp");
            each(b"other", 80, b"udp");
            each(b"rawservice", 1, b"raw");
            each(&[b'x'; 100], 81, b"tcp");
        }
        fn protocol(&self, _: u8) -> Option<Vec<u8>> {
            None
        }
        fn protocols(&self, each: &mut dyn FnMut(&[u8], i32)) {
            each(b"icmp", 1);
        }
        fn host(&self, address: IpAddr) -> Option<Vec<u8>> {
            self.asked.set(self.asked.get() + 1);
            (address == IpAddr::from([1, 2, 3, 4])).then(|| vec![b'h'; 200])
        }
        fn host_text(&self, address: IpAddr) -> Option<Vec<u8>> {
            self.asked.set(self.asked.get() + 1);
            match address {
                IpAddr::V4(_) => Some(b"four".to_vec()),
                IpAddr::V6(six) if six.segments()[7] == 1 => Some(vec![b's'; 128]),
                IpAddr::V6(_) => Some(b"six".to_vec()),
            }
        }
        fn addresses(&self, _: &[u8], _: InetFamily) -> Vec<IpAddr> {
            Vec::new()
        }
        fn network(&self, _: u32) -> Option<Vec<u8>> {
            None
        }
        fn interface(&self, _: IfIndex) -> Option<Vec<u8>> {
            None
        }
        fn interface_index(&self, _: &[u8]) -> Option<IfIndex> {
            None
        }
    }

    #[test]
    fn of_several_services_of_a_port_the_last_counts_and_its_protocol_must_fit() {
        let mut names = Names::default();
        let few = Few::default();
        assert_eq!(names.service(&few, Service::Tcp, 80), Some(&b"last"[..]));
        assert_eq!(names.service(&few, Service::Udp, 80), Some(&b"other"[..]));
        assert_eq!(names.service(&few, Service::Raw, 80), None);
        assert_eq!(names.service(&few, Service::Tcp, 79), None);
        assert_eq!(
            names.service(&few, Service::Tcp, 81).map(<[u8]>::len),
            Some(63)
        );
    }

    #[test]
    fn a_protocol_beats_a_service_of_the_same_number() {
        let few = Few::default();
        assert_eq!(
            Names::default().service(&few, Service::Raw, 1),
            Some(&b"icmp"[..])
        );
    }

    fn host(address: &str) -> String {
        let mut out = Vec::new();
        let address: IpAddr = address.parse().unwrap();
        Names::default().host(&Few::default(), &mut out, &address.into());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn long_host_names_are_cut_for_ipv4_and_not_used_for_ipv6() {
        assert_eq!(host("1.2.3.4"), "h".repeat(127));
        assert_eq!(host("2001:db8::1"), "2001:db8::1");
        assert_eq!(host("2001:db8::2"), "six");
    }

    #[test]
    fn an_address_inside_ipv6_is_looked_up_as_ipv4() {
        assert_eq!(host("::ffff:9.9.9.9"), "four");
    }

    #[test]
    fn unspecified_addresses_have_a_text_of_their_own() {
        assert_eq!(host("0.0.0.0"), "0.0.0.0");
        assert_eq!(host("::"), "[::]");
    }

    #[test]
    fn a_host_is_asked_for_once_even_when_it_has_no_name() {
        let (mut names, few) = (Names::default(), Few::default());
        for _ in 0..3 {
            let mut out = Vec::new();
            names.host(&few, &mut out, &Address::v4([9, 9, 9, 9]));
            assert_eq!(out, b"9.9.9.9");
        }
        assert_eq!(few.asked.get(), 1);
    }

    #[test]
    fn a_user_without_a_name_has_none_twice() {
        let (mut names, few) = (Names::default(), Few::default());
        assert_eq!(names.user(&few, 0), Some(&b"root"[..]));
        assert_eq!(names.user(&few, 7), None);
        assert_eq!(names.user(&few, 7), None);
    }
}
