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
