//! Which name stands for a number: services, hosts, protocols, devices. Each name is asked for
//! once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sockcore::addr::Address;
use sockcore::id::IfIndex;
use sockcore::names::NameService;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::lines::Fields;

use crate::rpc::RpcPort;
use crate::text::decimal;

/// What the ports of a table are names of. Tables that say nothing of their own go on with what
/// the table before them said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortKind {
    /// Services of any protocol: no table has said anything yet.
    Any,
    Tcp,
    Udp,
    /// The local end's "port" is an IP protocol.
    Raw,
}

/// The ports that the kernel hands out by itself, whose numbers mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EphemeralPorts {
    pub(crate) first: i32,
    pub(crate) last: i32,
}

impl EphemeralPorts {
    /// Reads the range of the network namespace.
    pub(crate) fn read(root: &ProcRoot) -> Self {
        let numbers = root
            .read("sys/net/ipv4/ip_local_port_range")
            .ok()
            .and_then(|text| {
                let mut fields = Fields(&text);
                Some((fields.signed()?, fields.signed()?))
            });
        let (first, last) = numbers.unwrap_or((1024, 4999));
        Self {
            first: first as i32,
            last: last as i32,
        }
    }

    pub(crate) fn contains(self, port: i32) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

/// Names, and what was learned of them.
pub(crate) struct Names<'s> {
    service: &'s dyn NameService,
    root: &'s ProcRoot,
    numeric: bool,
    resolve: bool,
    pub(crate) kind: PortKind,
    ephemeral: Option<EphemeralPorts>,
    programs: Vec<RpcPort>,
    /// Per kind, for each port a number: 0 not asked yet, 1 no name, else 2 and an index into
    /// `ports`.
    known: [Vec<u32>; 4],
    ports: Vec<Vec<u8>>,
    hosts: HashMap<Address, Option<Vec<u8>>>,
    devices: Vec<(u32, Vec<u8>)>,
}

impl<'s> Names<'s> {
    pub(crate) fn new(
        service: &'s dyn NameService,
        root: &'s ProcRoot,
        numeric: bool,
        resolve: bool,
    ) -> Self {
        Self {
            service,
            root,
            numeric,
            resolve,
            kind: PortKind::Any,
            ephemeral: None,
            programs: Vec::new(),
            known: Default::default(),
            ports: Vec::new(),
            hosts: HashMap::new(),
            devices: Vec::new(),
        }
    }

    /// The `/proc` that names come from.
    pub(crate) fn root(&self) -> &'s ProcRoot {
        self.root
    }

    /// The programs that ports are first looked for among.
    pub(crate) fn know_programs(&mut self, programs: Vec<RpcPort>) {
        self.programs = programs;
    }

    /// Writes a port: its name, its number, or `*` for none.
    #[inline]
    pub(crate) fn port(&mut self, out: &mut Vec<u8>, port: u16) {
        if port == 0 {
            out.push(b'*');
        } else if self.numeric {
            decimal(out, port);
        } else {
            self.named_port(out, port);
        }
    }

    fn named_port(&mut self, out: &mut Vec<u8>, port: u16) {
        let known = &mut self.known[self.kind as usize];
        if known.is_empty() {
            // Zeroed memory that is never looked at costs nothing.
            *known = vec![0; 1 << 16];
        }
        match known.get(usize::from(port)) {
            Some(0) | None => {}
            Some(1) => return decimal(out, port),
            Some(&index) => {
                let name = self.ports.get(index as usize - 2);
                return out.extend_from_slice(name.map_or(&[][..], Vec::as_slice));
            }
        }
        let name = self.ask_port(port);
        let mark = match name {
            None => {
                decimal(out, port);
                1
            }
            Some(name) => {
                out.extend_from_slice(&name);
                self.ports.push(name);
                u32::try_from(self.ports.len() + 1).unwrap_or(0)
            }
        };
        if let Some(slot) = self.known[self.kind as usize].get_mut(usize::from(port)) {
            *slot = mark;
        }
    }

    fn ask_port(&mut self, port: u16) -> Option<Vec<u8>> {
        if self.kind == PortKind::Raw {
            return Some(self.raw_protocol(port));
        }
        let program = self
            .programs
            .iter()
            .find(|program| program.port == i32::from(port) && program.kind == self.kind);
        if let Some(program) = program {
            return program.name.clone();
        }
        let root = self.root;
        let ephemeral = self
            .ephemeral
            .get_or_insert_with(|| EphemeralPorts::read(root));
        if ephemeral.contains(port.into()) {
            return None;
        }
        let protocol = match self.kind {
            PortKind::Tcp => Some("tcp"),
            PortKind::Udp => Some("udp"),
            PortKind::Any | PortKind::Raw => None,
        };
        self.service.service(port, protocol)
    }

    fn raw_protocol(&self, number: u16) -> Vec<u8> {
        let name = u8::try_from(number)
            .ok()
            .and_then(|number| self.service.protocol(number));
        name.unwrap_or_else(|| {
            let mut name = b"ipproto-".to_vec();
            decimal(&mut name, number);
            name
        })
    }

    /// The host name of an address, if names of hosts are wanted and it has one.
    pub(crate) fn host(&mut self, address: &Address) -> Option<&[u8]> {
        if !self.resolve {
            return None;
        }
        let asked = match address.mapped_v4() {
            Some(octets) => Address::v4(octets),
            None => *address,
        };
        let name = match self.hosts.entry(asked) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.service.host(asked.to_ip())),
        };
        name.as_deref()
    }

    /// Writes the name of a device, `if7` for one that is not there.
    pub(crate) fn device(&mut self, out: &mut Vec<u8>, index: IfIndex) {
        if let Some((_, name)) = self.devices.iter().find(|(known, _)| *known == index.0) {
            return out.extend_from_slice(name);
        }
        let name = self.service.interface(index).unwrap_or_else(|| {
            let mut name = b"if".to_vec();
            decimal(&mut name, index.0);
            name
        });
        out.extend_from_slice(&name);
        self.devices.push((index.0, name));
    }
}
