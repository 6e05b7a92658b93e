//! `vsock_diag`: vsock sockets.

use netlink_packet_sock_diag::constants::SOCK_DIAG_BY_FAMILY;

use super::request::Request;
use crate::id::{Cookie, Inode};
use crate::socket::bytes::{u8_at, u32_at};
use crate::socket::{SocketState, StateSet, VsockSocket};

const AF_VSOCK: u8 = 40;
/// `sizeof(struct vsock_diag_msg)`.
const FIXED: usize = 32;

pub(super) fn request(states: StateSet) -> Vec<u8> {
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .body(&[AF_VSOCK, 0, 0, 0])
        .body(&states.0.to_ne_bytes())
        .body(&[0; 16])
        .finish()
}

/// Decodes a `struct vsock_diag_msg`.
pub(super) fn decode(body: &[u8]) -> Option<VsockSocket> {
    let (fixed, _) = body.split_at_checked(FIXED)?;
    Some(VsockSocket {
        kind: u8_at(fixed, 1),
        state: SocketState(u8_at(fixed, 2)),
        shutdown: u8_at(fixed, 3),
        local_cid: u32_at(fixed, 4),
        local_port: u32_at(fixed, 8),
        peer_cid: u32_at(fixed, 12),
        peer_port: u32_at(fixed, 16),
        inode: Inode(u32_at(fixed, 20).into()),
        cookie: Cookie(u64::from(u32_at(fixed, 28)) << 32 | u64::from(u32_at(fixed, 24))),
    })
}
