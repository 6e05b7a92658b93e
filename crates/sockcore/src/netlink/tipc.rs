//! TIPC's own socket diag: a message of nested attributes.

use netlink_packet_sock_diag::constants::SOCK_DIAG_BY_FAMILY;

use super::attributes;
use super::request::Request;
use crate::id::{Cookie, Inode, Uid};
use crate::socket::bytes::{u32_at, u64_at};
use crate::socket::tipc::TipcConnection;
use crate::socket::{SocketState, StateSet, TipcSocket};

const AF_TIPC: u8 = 30;
const TIPC_NLA_SOCK: u16 = 2;

pub(super) fn request(states: StateSet) -> Vec<u8> {
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .body(&[AF_TIPC, 0, 0, 0])
        .body(&states.0.to_ne_bytes())
        .finish()
}

/// Decodes the attributes of one TIPC socket.
pub(super) fn decode(body: &[u8]) -> Option<TipcSocket> {
    let outer = attributes(body).find(|attribute| attribute.kind == TIPC_NLA_SOCK)?;
    let mut socket = TipcSocket::default();
    for attribute in attributes(outer.value) {
        let value = attribute.value;
        match attribute.kind {
            1 => socket.node = u32_at(value, 0),
            2 => socket.reference = u32_at(value, 0),
            3 => socket.connection = Some(decode_connection(value)),
            4 => socket.published = true,
            5 => decode_statistics(&mut socket, value),
            6 => socket.kind = u32_at(value, 0),
            7 => socket.inode = Inode(u32_at(value, 0).into()),
            8 => socket.uid = Uid(u32_at(value, 0)),
            9 => socket.state = SocketState(u32_at(value, 0).min(255) as u8),
            10 => socket.cookie = Cookie(u64_at(value, 0)),
            _ => {}
        }
    }
    Some(socket)
}

fn decode_connection(bytes: &[u8]) -> TipcConnection {
    let mut connection = TipcConnection::default();
    for attribute in attributes(bytes) {
        match attribute.kind {
            1 => connection.by_name = true,
            2 => connection.node = u32_at(attribute.value, 0),
            3 => connection.socket = u32_at(attribute.value, 0),
            4 => connection.kind = u32_at(attribute.value, 0),
            5 => connection.instance = u32_at(attribute.value, 0),
            _ => {}
        }
    }
    connection
}

fn decode_statistics(socket: &mut TipcSocket, bytes: &[u8]) {
    for attribute in attributes(bytes) {
        match attribute.kind {
            0 => socket.recv_queue = u32_at(attribute.value, 0),
            1 => socket.send_queue = u32_at(attribute.value, 0),
            2 => socket.link_congested = true,
            3 => socket.connection_congested = true,
            4 => socket.drops = u32_at(attribute.value, 0),
            _ => {}
        }
    }
}
