//! Entrances for fuzzers to what otherwise runs only behind a kernel's or a daemon's answer.
//! No part of the library's interface.

use std::fmt::Debug;

use crate::addr::InetFamily;
use crate::netlink::{self, channel, route};
use crate::procfs::maps;
use crate::query::{InetQuery, QueryFamily, UnixQuery, UnixShow};
use crate::socket::{InetProtocol, Socket, StateSet};
use crate::{rpcbind, source};

/// One of each family that has a decoder of its own.
#[must_use]
pub fn families() -> Vec<QueryFamily> {
    let inet = InetQuery::new(InetFamily::V4, InetProtocol::TCP, StateSet::ALL);
    let unix = UnixQuery {
        states: StateSet::ALL,
        show: UnixShow::NAME,
    };
    vec![
        QueryFamily::Inet(inet),
        QueryFamily::Unix(unix),
        QueryFamily::Netlink,
        QueryFamily::Packet,
        QueryFamily::Vsock(StateSet::ALL),
        QueryFamily::Tipc(StateSet::ALL),
        QueryFamily::Xdp,
    ]
}

/// Decodes every message of a datagram as one of a family.
pub fn datagram(family: &QueryFamily, bytes: &[u8], each: source::Visitor<'_>) {
    for message in channel::messages(bytes) {
        if let Some(socket) = body(family, message.body)
            && each(&socket).is_break()
        {
            return;
        }
    }
}

/// Decodes the body of one message.
#[must_use]
pub fn body<'a>(family: &QueryFamily, bytes: &'a [u8]) -> Option<Socket<'a>> {
    netlink::decode(family, bytes)
}

/// Decodes a body as an interface and as an address.
pub fn route(bytes: &[u8], each: &mut dyn FnMut(&dyn Debug)) {
    each(&route::decode_link(bytes));
    each(&route::decode_address(bytes));
}

/// Splits a text that comes in reads of `step` bytes into the pieces in which mappings are read.
pub fn pieces(mut text: &[u8], step: usize, each: &mut dyn FnMut(&[u8])) {
    let mut read = |space: &mut [u8]| {
        let count = step.max(1).min(space.len()).min(text.len());
        let (now, later) = text.split_at(count);
        if let Some(space) = space.get_mut(..count) {
            space.copy_from_slice(now);
        }
        text = later;
        count
    };
    maps::visit_pieces(&mut read, &mut maps::MapsBuffer::new(), each);
}

/// Reads bytes as the port mapper's answer to call 1.
#[must_use]
pub fn port_mapper(mut bytes: &[u8]) -> impl Debug + use<> {
    rpcbind::read_record(&mut bytes).and_then(|record| rpcbind::parse(&record, 1))
}
