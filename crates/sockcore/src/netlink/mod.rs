//! The only place that knows netlink's numbers: requests out, records in.
//!
//! Each `*_diag` module holds one family: its request, and the decoder of its message. A family's
//! attribute is one arm in that decoder.

pub(crate) mod bytecode;
pub(crate) mod channel;
pub mod destroy;
pub(crate) mod inet_diag;
pub mod monitor;
pub(crate) mod netlink_diag;
pub(crate) mod packet_diag;
pub(crate) mod recording;
mod request;
pub mod route;
#[cfg(test)]
mod tests;
pub(crate) mod tipc;
pub(crate) mod ulp;
pub(crate) mod unix_diag;
pub(crate) mod vsock_diag;
pub(crate) mod xdp_diag;

pub(crate) use channel::Channel;
pub use channel::DumpEnd;
#[cfg(test)]
pub(crate) use channel::messages as messages_of;

use netlink_packet_core::{NLA_F_NESTED, NlaBuffer, NlasIterator};

use crate::query::QueryFamily;
use crate::socket::Socket;

/// The request for one dump, complete with its header.
pub(crate) fn dump_request(family: &QueryFamily) -> Vec<u8> {
    match family {
        QueryFamily::Inet(query) => inet_diag::request(query),
        QueryFamily::Unix(query) => unix_diag::request(query),
        QueryFamily::Netlink => netlink_diag::request(),
        QueryFamily::Packet => packet_diag::request(),
        QueryFamily::Vsock(states) => vsock_diag::request(*states),
        QueryFamily::Tipc(states) => tipc::request(*states),
        QueryFamily::Xdp => xdp_diag::request(),
    }
}

/// Decodes one message's body. `None`: too short to be one.
pub(crate) fn decode<'a>(family: &QueryFamily, body: &'a [u8]) -> Option<Socket<'a>> {
    match family {
        QueryFamily::Inet(query) => inet_diag::decode(body, query.protocol).map(Socket::Inet),
        QueryFamily::Unix(_) => unix_diag::decode(body).map(Socket::Unix),
        QueryFamily::Netlink => netlink_diag::decode(body).map(Socket::Netlink),
        QueryFamily::Packet => packet_diag::decode(body).map(Socket::Packet),
        QueryFamily::Vsock(_) => vsock_diag::decode(body).map(Socket::Vsock),
        QueryFamily::Tipc(_) => tipc::decode(body).map(Socket::Tipc),
        QueryFamily::Xdp => xdp_diag::decode(body).map(Socket::Xdp),
    }
}

/// One attribute: its number without flags, its bytes, and whether the nested flag was set.
pub(crate) struct Attribute<'a> {
    pub(crate) kind: u16,
    pub(crate) value: &'a [u8],
    pub(crate) nested: bool,
}

/// Walks attributes without allocating; a bad tail ends the walk, what came before stays.
#[inline]
pub(crate) fn attributes(bytes: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    NlasIterator::new(bytes)
        .map_while(Result::ok)
        .map(|attribute| Attribute {
            kind: attribute.kind(),
            nested: attribute.nested_flag(),
            value: value_of(attribute),
        })
}

fn value_of(attribute: NlaBuffer<&[u8]>) -> &[u8] {
    let length = usize::from(attribute.length());
    attribute.into_inner().get(4..length).unwrap_or_default()
}

/// The flag as the kernel's `nla_type` carries it, for requests.
pub(crate) const NESTED: u16 = NLA_F_NESTED;
