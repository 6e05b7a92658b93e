//! A name service of fixed tables, for tests.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sockcore::addr::InetFamily;
use sockcore::id::{IfIndex, Uid};
use sockcore::names::{EachService, NameService};

/// A few names of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TableNames;

const SERVICES: &[(&str, u16, &str)] = &[
    ("domain", 53, "tcp"),
    ("domain", 53, "udp"),
    ("ntp", 123, "udp"),
    ("odd", 1, "tcp"),
    ("odd", 2, "udp"),
    ("https", 443, "tcp"),
];

const USERS: &[(&str, u32)] = &[("root", 0), ("daemon", 1)];

impl NameService for TableNames {
    fn user(&self, uid: Uid) -> Option<Vec<u8>> {
        let found = USERS.iter().find(|(_, number)| *number == uid.0);
        found.map(|(name, _)| name.as_bytes().to_vec())
    }

    fn uid(&self, login: &[u8]) -> Option<Uid> {
        let found = USERS.iter().find(|(name, _)| name.as_bytes() == login);
        found.map(|(_, number)| Uid(*number))
    }

    fn service(&self, port: u16, protocol: Option<&str>) -> Option<Vec<u8>> {
        let found = SERVICES.iter().find(|(_, number, of)| {
            *number == port && protocol.is_none_or(|protocol| protocol == *of)
        });
        found.map(|(name, ..)| name.as_bytes().to_vec())
    }

    fn port(&self, service: &[u8], protocol: Option<&str>) -> Option<u16> {
        let found = SERVICES.iter().find(|(name, _, of)| {
            name.as_bytes() == service && protocol.is_none_or(|protocol| protocol == *of)
        });
        found.map(|(_, number, _)| *number)
    }

    fn services(&self, each: EachService<'_>) {
        for (name, number, protocol) in SERVICES {
            each(name.as_bytes(), *number, protocol.as_bytes());
        }
    }

    fn protocol(&self, _: u8) -> Option<Vec<u8>> {
        None
    }

    fn protocols(&self, _: &mut dyn FnMut(&[u8], i32)) {}

    fn host(&self, address: IpAddr) -> Option<Vec<u8>> {
        address.is_loopback().then(|| b"both".to_vec())
    }

    fn host_text(&self, _: IpAddr) -> Option<Vec<u8>> {
        None
    }

    fn addresses(&self, host: &[u8], family: InetFamily) -> Vec<IpAddr> {
        match (host, family) {
            (b"both", InetFamily::V4) => vec![Ipv4Addr::LOCALHOST.into()],
            (b"both", InetFamily::V6) => vec![Ipv6Addr::LOCALHOST.into()],
            _ => Vec::new(),
        }
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
