//! `netlink_diag`: netlink sockets.

use netlink_packet_sock_diag::constants::{AF_NETLINK, SOCK_DIAG_BY_FAMILY};

use super::attributes;
use super::request::Request;
use crate::id::{Cookie, Inode};
use crate::socket::bytes::{u8_at, u32_at};
use crate::socket::{NetlinkSocket, SocketMemory, SocketState};

const NETLINK_DIAG_MEMINFO: u16 = 0;
const NETLINK_DIAG_GROUPS: u16 = 1;

/// `NDIAG_PROTO_ALL`.
const ALL_PROTOCOLS: u8 = 0xff;
/// `NDIAG_SHOW_MEMINFO | NDIAG_SHOW_GROUPS`.
const SHOW: u32 = 3;
/// `sizeof(struct netlink_diag_msg)`.
const FIXED: usize = 28;

pub(super) fn request() -> Vec<u8> {
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .body(&[AF_NETLINK, ALL_PROTOCOLS, 0, 0])
        .body(&[0; 4])
        .body(&SHOW.to_ne_bytes())
        .body(&[0; 8])
        .finish()
}

/// Decodes a `struct netlink_diag_msg` and its attributes.
pub(super) fn decode(body: &[u8]) -> Option<NetlinkSocket<'_>> {
    let (fixed, rest) = body.split_at_checked(FIXED)?;
    let mut socket = NetlinkSocket {
        kind: u8_at(fixed, 1),
        protocol: u8_at(fixed, 2),
        state: SocketState(u8_at(fixed, 3)),
        port_id: u32_at(fixed, 4),
        peer_port_id: u32_at(fixed, 8),
        peer_group: u32_at(fixed, 12),
        inode: Inode(u32_at(fixed, 16).into()),
        cookie: Cookie(u64::from(u32_at(fixed, 24)) << 32 | u64::from(u32_at(fixed, 20))),
        memory: None,
        groups: None,
        text: None,
    };
    for attribute in attributes(rest) {
        match attribute.kind {
            NETLINK_DIAG_MEMINFO => {
                socket.memory = socket.memory.or(Some(SocketMemory(attribute.value)));
            }
            NETLINK_DIAG_GROUPS => socket.groups = socket.groups.or(Some(attribute.value)),
            _ => {}
        }
    }
    Some(socket)
}
