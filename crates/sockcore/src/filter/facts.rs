//! What conditions look at: the numbers of one socket, by family.
//!
//! An address is sixteen bytes whatever it stands for: of netlink and packet sockets it is the
//! protocol, of vsock the context id, as a native 32-bit word in front of zeros. A port is the
//! inode of a unix socket, the device of a packet socket, the port id of a netlink socket, the
//! queue of an XDP socket.

use super::{Condition, End, Glob, Host, HostFamily, PortRange, Relation};
use crate::addr::{Address, Endpoint, InetFamily};
use crate::socket::{InetSocket, Socket, UnixSocket};

/// One end.
#[derive(Clone, Copy, Default)]
struct EndFacts {
    address: [u8; 16],
    port: i64,
}

/// A socket as conditions see it.
pub(super) struct Facts<'s> {
    socket: &'s Socket<'s>,
    local: EndFacts,
    peer: EndFacts,
}

impl<'s> Facts<'s> {
    #[inline]
    pub(super) fn of(socket: &'s Socket<'s>) -> Self {
        let (local, peer) = match socket {
            Socket::Inet(socket) => (
                EndFacts::of_endpoint(&socket.local),
                EndFacts::of_endpoint(&socket.peer),
            ),
            Socket::Unix(socket) => unix_ends(socket),
            Socket::Netlink(socket) => (
                EndFacts {
                    address: word(socket.protocol.into()),
                    port: socket.port_id.cast_signed().into(),
                },
                EndFacts {
                    address: [0; 16],
                    port: -1,
                },
            ),
            Socket::Packet(socket) => {
                let device = socket.info.map_or(0, |info| info.interface.0);
                (
                    EndFacts {
                        address: word(socket.protocol.into()),
                        port: device.into(),
                    },
                    EndFacts::default(),
                )
            }
            Socket::Vsock(socket) => (
                EndFacts {
                    address: word(socket.local_cid),
                    port: socket.local_port.into(),
                },
                EndFacts {
                    address: word(socket.peer_cid),
                    port: socket.peer_port.into(),
                },
            ),
            Socket::Xdp(socket) => {
                let queue = socket.info.map_or(0, |info| info.queue);
                (
                    EndFacts {
                        address: [0; 16],
                        port: queue.into(),
                    },
                    EndFacts::default(),
                )
            }
            Socket::Tipc(_) => (EndFacts::default(), EndFacts::default()),
        };
        Self {
            socket,
            local,
            peer,
        }
    }

    #[inline]
    fn end(&self, end: End) -> &EndFacts {
        match end {
            End::Local => &self.local,
            End::Peer => &self.peer,
        }
    }

    pub(super) fn meet(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Host { end, hosts } => {
                let is_named = *end == End::Local && self.is_named_unix();
                let end = self.end(*end);
                hosts
                    .iter()
                    .any(|host| end.is_at(host) && !(is_named && host.length > 0))
            }
            Condition::Name { end, pattern } => self.is_named(*end, pattern),
            Condition::Port {
                end,
                relation,
                port,
            } => match relation {
                Relation::AtLeast => self.end(*end).port >= *port,
                Relation::AtMost => self.end(*end).port <= *port,
            },
            Condition::Device(device) => self.device() == device.0,
            Condition::Mark { value, mask } => self.inet_number(mark) & mask == *value,
            Condition::Cgroup(id) => self.inet_number(cgroup) == *id,
            Condition::Autobound(range) => self.is_autobound(*range),
        }
    }

    /// A unix socket that is bound to a name: its address is a number that nobody can ask for.
    fn is_named_unix(&self) -> bool {
        match self.socket {
            Socket::Unix(socket) => !name_bytes(socket).is_empty(),
            _ => false,
        }
    }

    fn is_named(&self, end: End, pattern: &Glob) -> bool {
        match (self.socket, end) {
            (Socket::Unix(socket), End::Local) => with_name(socket, |name| pattern.matches(name)),
            (Socket::Unix(_), End::Peer) => pattern.matches(b""),
            // Where a unix socket has its name, others have the first half of their address.
            _ => self.end(end).address.starts_with(&[0; 8]) && pattern.matches(b""),
        }
    }

    fn device(&self) -> u32 {
        match self.socket {
            Socket::Inet(socket) => socket.interface.0,
            Socket::Packet(socket) => socket.info.map_or(0, |info| info.interface.0),
            Socket::Xdp(socket) => socket.info.map_or(0, |info| info.interface.0),
            _ => 0,
        }
    }

    fn inet_number<N: Default>(&self, of: fn(&InetSocket<'_>) -> Option<N>) -> N {
        match self.socket {
            Socket::Inet(socket) => of(socket).unwrap_or_default(),
            _ => N::default(),
        }
    }

    fn is_autobound(&self, range: PortRange) -> bool {
        match self.socket {
            Socket::Unix(socket) => with_name(socket, |name| match name {
                [] => true,
                [b'@', number @ ..] => {
                    number.len() == 5
                        && number
                            .iter()
                            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                }
                _ => false,
            }),
            Socket::Packet(socket) => self.local.port == 0 && socket.protocol == 0,
            Socket::Netlink(_) => self.local.port < 0,
            Socket::Vsock(_) => self.local.port > 1023,
            _ => (range.first..=range.last).contains(&self.local.port),
        }
    }
}

impl EndFacts {
    #[inline]
    fn of_endpoint(endpoint: &Endpoint) -> Self {
        let address = match endpoint.address.family {
            // Whatever a message holds behind an IPv4 address does not count.
            InetFamily::V4 => Address::v4(endpoint.address.octets4()).bytes,
            InetFamily::V6 => endpoint.address.bytes,
        };
        Self {
            address,
            port: endpoint.port.into(),
        }
    }

    #[inline]
    fn is_at(&self, host: &Host) -> bool {
        if host.port != -1 && host.port != self.port {
            return false;
        }
        if share_prefix(&self.address, &host.address, host.length) {
            return true;
        }
        host.family == HostFamily::Inet
            && self.address.starts_with(&MAPPED)
            && share_prefix(&self.address[12..], &host.address, host.length)
    }
}

/// `::ffff:0:0/96`
const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/// Whether the first `length` bits of two addresses are the same.
#[inline]
fn share_prefix(one: &[u8], other: &[u8], length: u8) -> bool {
    let whole = usize::from(length / 8);
    let (Some(head), Some(other_head)) = (one.get(..whole), other.get(..whole)) else {
        return false;
    };
    if head != other_head {
        return false;
    }
    let bits = length % 8;
    if bits == 0 {
        return true;
    }
    match (one.get(whole), other.get(whole)) {
        (Some(one), Some(other)) => (one ^ other) >> (8 - bits) == 0,
        _ => false,
    }
}

fn word(value: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&value.to_ne_bytes());
    bytes
}

/// The text table tells no inodes in time for a filter.
fn unix_ends(socket: &UnixSocket<'_>) -> (EndFacts, EndFacts) {
    let port = |inode: u64| EndFacts {
        address: [0; 16],
        port: if socket.text.is_some() {
            0
        } else {
            i64::try_from(inode).unwrap_or(i64::MAX)
        },
    };
    (
        port(socket.inode.0),
        port(socket.peer.map_or(0, |peer| peer.0)),
    )
}

/// The name as it was sent, without what stands behind a path's end.
fn name_bytes<'n>(socket: &UnixSocket<'n>) -> &'n [u8] {
    match socket.name {
        None => b"",
        Some(name @ [0, ..]) => name,
        Some(name) => name.split(|&byte| byte == 0).next().unwrap_or_default(),
    }
}

/// Lends the name with `@` for the NULs of an abstract one.
fn with_name<T>(socket: &UnixSocket<'_>, use_name: impl FnOnce(&[u8]) -> T) -> T {
    let name = name_bytes(socket);
    if name.first() != Some(&0) {
        return use_name(name);
    }
    // A name has 108 bytes at most; a longer one is not the kernel's.
    let mut shown = [0u8; 108];
    if let Some(shown) = shown.get_mut(..name.len()) {
        copy_shown(name, shown);
        return use_name(shown);
    }
    let mut long = vec![0; name.len()];
    copy_shown(name, &mut long);
    use_name(&long)
}

fn copy_shown(name: &[u8], shown: &mut [u8]) {
    for (to, &from) in shown.iter_mut().zip(name) {
        *to = if from == 0 { b'@' } else { from };
    }
}

fn mark(socket: &InetSocket<'_>) -> Option<u32> {
    let attributes = &socket.attributes;
    attributes.mark.filter(|_| !attributes.flagged.mark)
}

fn cgroup(socket: &InetSocket<'_>) -> Option<u64> {
    let attributes = &socket.attributes;
    attributes
        .cgroup_id
        .filter(|_| !attributes.flagged.cgroup_id)
}
