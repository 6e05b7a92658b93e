//! Which socket an inode is: the kernel's tables, each asked at most once and only when a socket
//! gets that far.
//!
//! The tables are consulted in the original's order and the first that knows the inode decides.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use sockcore::SocketSource;
use sockcore::addr::{Address, Endpoint, InetFamily};
use sockcore::filter::{Builder, Condition, End, Relation};
use sockcore::procfs::ProcRoot;
use sockcore::query::{InetQuery, Query, QueryFamily, UnixQuery, UnixShow, Via};
use sockcore::socket::{InetProtocol, InetSocket, Socket, SocketState, StateSet, UnixSocket};

mod rare;
#[cfg(test)]
mod tests;

/// A range of the arena.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text {
    start: u32,
    length: u32,
}

/// TCP, UDP or UDP-Lite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Transport {
    /// NODE `TCP`
    Tcp,
    /// NODE `UDP`
    Udp,
    /// NODE `UDPLITE`
    UdpLite,
}

/// What a table knows about an Internet socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inet {
    pub(crate) transport: Transport,
    /// The table it stands in, not the address: v4-mapped sockets are IPv6.
    pub(crate) family: InetFamily,
    pub(crate) state: SocketState,
    pub(crate) local: Endpoint,
    pub(crate) peer: Endpoint,
    pub(crate) recv_queue: u32,
    pub(crate) send_queue: u32,
}

/// What a table knows about a unix socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unix<'t> {
    /// The hashed kernel pointer as written; `None` when it was not asked for.
    pub(crate) pointer: Option<&'t [u8]>,
    /// The bound name as far as the text table's reader would see it; empty: none.
    pub(crate) path: &'t [u8],
    /// `SOCK_*`
    pub(crate) kind: u16,
    pub(crate) state: SocketState,
}

/// A socket that a table knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'t> {
    Inet(Inet),
    Unix(Unix<'t>),
    /// The protocol's number.
    Netlink(u8),
    Packet {
        /// `SOCK_*`
        kind: u8,
        /// `ETH_P_*`
        protocol: u16,
    },
    /// The whole name was made when the table was read.
    Named(Named<'t>),
}

/// A socket of a table that is shown nearly as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'t> {
    pub(crate) kind: NamedKind,
    pub(crate) name: &'t [u8],
    /// AX.25: the interface.
    pub(crate) device: &'t [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedKind {
    Ax25,
    Ipx,
    Raw,
    Raw6,
    Sctp,
    Icmp,
}

/// Which tables may be asked, and for what.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Raw, netlink, packet and the rare families.
    pub(crate) others: bool,
    /// Unix sockets.
    pub(crate) unix: UnixScope,
    /// TCP, UDP and UDP-Lite over IPv4.
    pub(crate) v4: bool,
    /// TCP, UDP and UDP-Lite over IPv6.
    pub(crate) v6: bool,
    /// The transports among them.
    pub(crate) transports: [bool; 3],
    /// The states of Internet sockets.
    pub(crate) states: StateSet,
    /// Ranges of which the port of one end must be in one; empty: any port. More than that may
    /// be read.
    pub(crate) ports: Vec<(u16, u16)>,
    /// Not even with `-X`.
    pub(crate) raw6: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnixScope {
    /// Not at all.
    None,
    /// Which they are, with name and state.
    Names,
    /// The kernel pointer as well.
    Pointers,
}

impl Scope {
    /// Every socket.
    pub(crate) fn all() -> Self {
        Self {
            others: true,
            unix: UnixScope::Pointers,
            v4: true,
            v6: true,
            transports: [true; 3],
            states: StateSet::LISTED,
            ports: Vec::new(),
            raw6: true,
        }
    }
}

/// The states of UDP sockets.
const CONNECTED_OR_NOT: StateSet =
    StateSet::of(SocketState::ESTABLISHED).with(StateSet::of(SocketState::CLOSE));

/// The tables in the order in which they are asked.
const STAGES: [Stage; 9] = [
    Stage::Rare(NamedKind::Ax25),
    Stage::Rare(NamedKind::Ipx),
    Stage::Raw(InetFamily::V4),
    Stage::Netlink,
    Stage::Packet,
    Stage::Unix,
    Stage::Raw(InetFamily::V6),
    Stage::Inet,
    Stage::Last,
];

#[derive(Clone, Copy)]
enum Stage {
    Rare(NamedKind),
    Raw(InetFamily),
    Netlink,
    Packet,
    Unix,
    Inet,
    /// SCTP and ICMP.
    Last,
}

/// One entry, 8 bytes: the details are in the vector of its kind.
#[derive(Clone, Copy)]
enum Known {
    V4(u32),
    V6(u32),
    Unix(u32),
    Netlink(u8),
    Packet { kind: u8, protocol: u16 },
    Named(u32),
}

struct Compact<const N: usize> {
    local: [u8; N],
    peer: [u8; N],
    local_port: u16,
    peer_port: u16,
    recv_queue: u32,
    send_queue: u32,
    transport: Transport,
    state: SocketState,
}

struct UnixEntry {
    pointer: Text,
    path: Text,
    kind: u16,
    state: SocketState,
}

struct NamedEntry {
    kind: NamedKind,
    name: Text,
    device: Text,
}

/// The sockets of this network namespace by inode.
pub(crate) struct Tables {
    scope: Scope,
    next: usize,
    known: FxHashMap<u32, Known>,
    v4: Vec<Compact<4>>,
    v6: Vec<Compact<16>>,
    unix: Vec<UnixEntry>,
    named: Vec<NamedEntry>,
    arena: Vec<u8>,
}

impl Tables {
    /// Tables of which none is read yet.
    pub(crate) fn new(scope: Scope) -> Self {
        Self {
            scope,
            next: 0,
            known: FxHashMap::default(),
            v4: Vec::new(),
            v6: Vec::new(),
            unix: Vec::new(),
            named: Vec::new(),
            arena: Vec::new(),
        }
    }

    /// Finds a socket, reading as many tables as it takes.
    pub(crate) fn find_or_read(
        &mut self,
        inode: u64,
        source: &mut dyn SocketSource,
        root: &ProcRoot,
    ) -> Option<Found<'_>> {
        let key = key(inode)?;
        while !self.known.contains_key(&key) {
            if !self.read_next(source, root) {
                return None;
            }
        }
        self.find(inode)
    }

    /// Finds a socket in what was read.
    pub(crate) fn find(&self, inode: u64) -> Option<Found<'_>> {
        match *self.known.get(&key(inode)?)? {
            Known::V4(index) => self
                .v4
                .get(index as usize)
                .map(|entry| Found::Inet(entry.expand(InetFamily::V4, Address::v4))),
            Known::V6(index) => self
                .v6
                .get(index as usize)
                .map(|entry| Found::Inet(entry.expand(InetFamily::V6, Address::v6))),
            Known::Unix(index) => self
                .unix
                .get(index as usize)
                .map(|entry| Found::Unix(self.unix_of(entry))),
            Known::Netlink(protocol) => Some(Found::Netlink(protocol)),
            Known::Packet { kind, protocol } => Some(Found::Packet { kind, protocol }),
            Known::Named(index) => self.named.get(index as usize).map(|entry| {
                Found::Named(Named {
                    kind: entry.kind,
                    name: self.text(entry.name),
                    device: self.text(entry.device),
                })
            }),
        }
    }

    /// Reads every table of the scope that is not read yet.
    pub(crate) fn read_all(&mut self, source: &mut dyn SocketSource, root: &ProcRoot) {
        while self.read_next(source, root) {}
    }

    /// Every Internet socket that was read, with its inode.
    pub(crate) fn internet(&self) -> impl Iterator<Item = (u32, Inet)> + '_ {
        self.known
            .keys()
            .filter_map(|&inode| match self.find(inode.into()) {
                Some(Found::Inet(inet)) => Some((inode, inet)),
                _ => None,
            })
    }

    /// The inodes that were read.
    pub(crate) fn inodes(&self) -> impl Iterator<Item = u32> + '_ {
        self.known.keys().copied()
    }

    /// Reads one more table; `false` when all are read. A table that cannot be read is empty.
    fn read_next(&mut self, source: &mut dyn SocketSource, root: &ProcRoot) -> bool {
        let Some(&stage) = STAGES.get(self.next) else {
            return false;
        };
        self.next += 1;
        let scope = &self.scope;
        match stage {
            Stage::Rare(kind) if scope.others => rare::read(self, kind, root),
            Stage::Raw(InetFamily::V4) if scope.others => self.read_raw(source, InetFamily::V4),
            Stage::Raw(InetFamily::V6) if scope.raw6 => self.read_raw(source, InetFamily::V6),
            Stage::Netlink if scope.others => self.read_netlink(source),
            Stage::Packet if scope.others => self.read_packet(source),
            Stage::Unix if scope.unix != UnixScope::None => self.read_unix(source),
            Stage::Inet => self.read_inet(source),
            Stage::Last if scope.others => {
                rare::read(self, NamedKind::Sctp, root);
                self.read_icmp(source);
            }
            _ => {}
        }
        true
    }

    fn read_inet(&mut self, source: &mut dyn SocketSource) {
        const ORDER: [(Transport, InetProtocol); 3] = [
            (Transport::Tcp, InetProtocol::TCP),
            (Transport::Udp, InetProtocol::UDP),
            (Transport::UdpLite, InetProtocol::UDPLITE),
        ];
        let scope = self.scope.clone();
        let bytecode = by_ports(&scope.ports).unwrap_or_default();
        for ((transport, protocol), wanted) in ORDER.into_iter().zip(scope.transports) {
            let possible = match transport {
                Transport::Tcp => StateSet::LISTED,
                _ => CONNECTED_OR_NOT,
            };
            let states = StateSet(scope.states.0 & possible.0);
            if !wanted || states.is_empty() {
                continue;
            }
            let query = |family| InetQuery {
                brief: true,
                bytecode: bytecode.clone(),
                ..InetQuery::new(family, protocol, states)
            };
            let mut each = |socket: &Socket<'_>| {
                if let Socket::Inet(socket) = socket {
                    self.add_inet(transport, socket);
                }
                ControlFlow::Continue(())
            };
            // A table that fails leaves its sockets unknown, as a missing file does.
            let one = |family| Query::any(QueryFamily::Inet(query(family)));
            let _ = match (scope.v4, scope.v6) {
                (true, true) => source.visit_both(&query(InetFamily::V6), Via::Any, &mut each),
                (true, false) => source.visit(&one(InetFamily::V4), &mut each),
                (false, true) => source.visit(&one(InetFamily::V6), &mut each),
                (false, false) => return,
            };
        }
    }

    fn add_inet(&mut self, transport: Transport, socket: &InetSocket<'_>) {
        let Some(key) = key(socket.inode.0) else {
            return;
        };
        // The queue field of a listener is its backlog limit, which the text table never showed.
        let send_queue = match socket.state {
            SocketState::LISTEN if transport == Transport::Tcp => 0,
            _ => socket.send_queue,
        };
        let v6 = socket.family == InetFamily::V6;
        // The subflows of one MPTCP connection share an inode: the first IPv6 one counts, or
        // else the first.
        match self.known.get(&key) {
            None => {}
            Some(Known::V4(_)) if v6 => {}
            Some(_) => return,
        }
        let known = match socket.family {
            InetFamily::V4 => {
                self.v4.push(Compact {
                    local: socket.local.address.octets4(),
                    peer: socket.peer.address.octets4(),
                    local_port: socket.local.port,
                    peer_port: socket.peer.port,
                    recv_queue: socket.recv_queue,
                    send_queue,
                    transport,
                    state: socket.state,
                });
                Known::V4(last(&self.v4))
            }
            InetFamily::V6 => {
                self.v6.push(Compact {
                    local: socket.local.address.bytes,
                    peer: socket.peer.address.bytes,
                    local_port: socket.local.port,
                    peer_port: socket.peer.port,
                    recv_queue: socket.recv_queue,
                    send_queue,
                    transport,
                    state: socket.state,
                });
                Known::V6(last(&self.v6))
            }
        };
        self.known.insert(key, known);
    }

    fn read_unix(&mut self, source: &mut dyn SocketSource) {
        let query = QueryFamily::Unix(UnixQuery {
            states: StateSet(u32::MAX),
            show: UnixShow::NAME,
        });
        // Only the text table has the pointer.
        let query = match self.scope.unix {
            UnixScope::Pointers => Query::text(query),
            _ => Query::any(query),
        };
        let _ = source.visit(&query, &mut |socket| {
            if let Socket::Unix(socket) = socket {
                self.add_unix(socket);
            }
            ControlFlow::Continue(())
        });
    }

    fn add_unix(&mut self, socket: &UnixSocket<'_>) {
        let Some(key) = self.free_key(socket.inode.0) else {
            return;
        };
        let pointer = self.store(socket.text.map_or(&[][..], |text| text.pointer));
        let path = match (socket.name, socket.text) {
            (None, _) => Text::default(),
            (Some(name), Some(_)) => self.store(text_path(name)),
            (Some(name), None) => self.store_diag_path(name),
        };
        self.unix.push(UnixEntry {
            pointer,
            path,
            kind: socket.kind,
            state: socket.state,
        });
        self.known.insert(key, Known::Unix(last(&self.unix)));
    }

    /// Stores a name as the text table's reader would see it.
    fn store_diag_path(&mut self, name: &[u8]) -> Text {
        let name = match name {
            [0, ..] => name,
            _ => name.strip_suffix(&[0]).unwrap_or(name),
        };
        let line = name.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let written: Vec<u8> = line
            .iter()
            .map(|&byte| if byte == 0 { b'@' } else { byte })
            .collect();
        self.store(text_path(&written))
    }

    fn read_netlink(&mut self, source: &mut dyn SocketSource) {
        let _ = source.visit(&Query::any(QueryFamily::Netlink), &mut |socket| {
            if let Socket::Netlink(socket) = socket {
                if let Some(key) = self.free_key(socket.inode.0) {
                    self.known.insert(key, Known::Netlink(socket.protocol));
                }
            }
            ControlFlow::Continue(())
        });
    }

    fn read_packet(&mut self, source: &mut dyn SocketSource) {
        let _ = source.visit(&Query::any(QueryFamily::Packet), &mut |socket| {
            if let Socket::Packet(socket) = socket {
                if let Some(key) = self.free_key(socket.inode.0) {
                    let (kind, protocol) = (socket.kind, socket.protocol);
                    self.known.insert(key, Known::Packet { kind, protocol });
                }
            }
            ControlFlow::Continue(())
        });
    }

    fn read_raw(&mut self, source: &mut dyn SocketSource, family: InetFamily) {
        let kind = match family {
            InetFamily::V4 => NamedKind::Raw,
            InetFamily::V6 => NamedKind::Raw6,
        };
        let query = InetQuery::new(family, InetProtocol::RAW, StateSet(u32::MAX));
        let _ = source.visit(&Query::any(QueryFamily::Inet(query)), &mut |socket| {
            if let Socket::Inet(socket) = socket {
                self.add_named(socket.inode.0, kind, &[], |into| {
                    rare::hexadecimal_pair(socket, into);
                    into.extend_from_slice(b" st=");
                    rare::upper_hex(u32::from(socket.state.0), 2, into);
                });
            }
            ControlFlow::Continue(())
        });
    }

    fn read_icmp(&mut self, source: &mut dyn SocketSource) {
        let query = InetQuery::new(InetFamily::V4, InetProtocol::ICMP, StateSet(u32::MAX));
        let _ = source.visit(&Query::text(QueryFamily::Inet(query)), &mut |socket| {
            if let Socket::Inet(socket) = socket {
                self.add_named(socket.inode.0, NamedKind::Icmp, &[], |into| {
                    rare::hexadecimal_pair(socket, into);
                });
            }
            ControlFlow::Continue(())
        });
    }

    /// Adds a socket with the name that `write` makes, unless its inode is known already.
    fn add_named(
        &mut self,
        inode: u64,
        kind: NamedKind,
        device: &[u8],
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        let Some(key) = self.free_key(inode) else {
            return;
        };
        let device = self.store(device);
        let start = self.arena.len();
        write(&mut self.arena);
        let name = text_at(start, self.arena.len() - start);
        self.named.push(NamedEntry { kind, name, device });
        self.known.insert(key, Known::Named(last(&self.named)));
    }

    /// The key of an inode that no table has shown yet.
    fn free_key(&self, inode: u64) -> Option<u32> {
        key(inode).filter(|key| !self.known.contains_key(key))
    }

    fn store(&mut self, bytes: &[u8]) -> Text {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        text_at(start, bytes.len())
    }

    fn text(&self, text: Text) -> &[u8] {
        let start = text.start as usize;
        self.arena
            .get(start..start + text.length as usize)
            .unwrap_or_default()
    }

    fn unix_of(&self, entry: &UnixEntry) -> Unix<'_> {
        Unix {
            pointer: Some(self.text(entry.pointer)).filter(|pointer| !pointer.is_empty()),
            path: self.text(entry.path),
            kind: entry.kind,
            state: entry.state,
        }
    }
}

impl<const N: usize> Compact<N> {
    fn expand(&self, family: InetFamily, address: impl Fn([u8; N]) -> Address) -> Inet {
        Inet {
            transport: self.transport,
            family,
            state: self.state,
            local: Endpoint {
                address: address(self.local),
                port: self.local_port,
            },
            peer: Endpoint {
                address: address(self.peer),
                port: self.peer_port,
            },
            recv_queue: self.recv_queue,
            send_queue: self.send_queue,
        }
    }
}

/// A filter for the kernel: the port of either end is in one of the ranges.
fn by_ports(ranges: &[(u16, u16)]) -> Option<Vec<u8>> {
    let mut builder = Builder::new();
    let mut whole = None;
    for &(low, high) in ranges {
        for end in [End::Local, End::Peer] {
            let mut limit = |relation, port: u16| {
                builder.condition(Condition::Port {
                    end,
                    relation,
                    port: port.into(),
                })
            };
            let low = limit(Relation::AtLeast, low);
            let high = limit(Relation::AtMost, high);
            let range = builder.and(low, high);
            whole = Some(match whole {
                None => range,
                Some(others) => builder.or(others, range),
            });
        }
    }
    builder.finish(whole?).bytecode()
}

/// Sockets without an inode (in TIME_WAIT, not yet accepted) have no file.
fn key(inode: u64) -> Option<u32> {
    u32::try_from(inode).ok().filter(|&inode| inode != 0)
}

fn last<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len())
        .unwrap_or(u32::MAX)
        .wrapping_sub(1)
}

fn text_at(start: usize, length: usize) -> Text {
    Text {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        length: u32::try_from(length).unwrap_or(0),
    }
}

/// The name as the original's reader of the text table sees it: leading blanks do not count, and
/// the first blank, tab or colon ends it.
fn text_path(written: &[u8]) -> &[u8] {
    let skip = written
        .iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t'))
        .count();
    let rest = written.get(skip..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|&byte| matches!(byte, b' ' | b'\t' | b':'))
        .unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}
