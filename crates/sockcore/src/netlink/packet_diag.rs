//! `packet_diag`: packet sockets.

use netlink_packet_sock_diag::constants::{AF_PACKET, SOCK_DIAG_BY_FAMILY};

use super::attributes;
use super::request::Request;
use crate::id::{Cookie, Inode, Uid};
use crate::socket::bytes::{u8_at, u16_at, u32_at};
use crate::socket::packet::{PacketInfo, PacketRing};
use crate::socket::{PacketSocket, SocketMemory};

const PACKET_DIAG_INFO: u16 = 0;
const PACKET_DIAG_RX_RING: u16 = 2;
const PACKET_DIAG_TX_RING: u16 = 3;
const PACKET_DIAG_FANOUT: u16 = 4;
const PACKET_DIAG_UID: u16 = 5;
const PACKET_DIAG_MEMINFO: u16 = 6;
const PACKET_DIAG_FILTER: u16 = 7;

/// `PACKET_SHOW_INFO | RING_CFG | FANOUT | MEMINFO | FILTER`.
const SHOW: u32 = 0x3d;
/// `sizeof(struct packet_diag_msg)`.
const FIXED: usize = 16;

pub(super) fn request() -> Vec<u8> {
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .body(&[AF_PACKET, 0, 0, 0])
        .body(&[0; 4])
        .body(&SHOW.to_ne_bytes())
        .body(&[0; 8])
        .finish()
}

/// Decodes a `struct packet_diag_msg` and its attributes.
pub(super) fn decode(body: &[u8]) -> Option<PacketSocket<'_>> {
    let (fixed, rest) = body.split_at_checked(FIXED)?;
    let mut socket = PacketSocket {
        kind: u8_at(fixed, 1),
        protocol: u16_at(fixed, 2),
        inode: Inode(u32_at(fixed, 4).into()),
        cookie: Cookie(u64::from(u32_at(fixed, 12)) << 32 | u64::from(u32_at(fixed, 8))),
        info: None,
        rx_ring: None,
        tx_ring: None,
        fanout: None,
        uid: None,
        memory: None,
        filter: None,
        text: None,
    };
    for attribute in attributes(rest) {
        let value = attribute.value;
        match attribute.kind {
            PACKET_DIAG_INFO => socket.info = socket.info.or(Some(PacketInfo::decode(value))),
            PACKET_DIAG_RX_RING => {
                socket.rx_ring = socket.rx_ring.or(Some(PacketRing::decode(value)));
            }
            PACKET_DIAG_TX_RING => {
                socket.tx_ring = socket.tx_ring.or(Some(PacketRing::decode(value)));
            }
            PACKET_DIAG_FANOUT => socket.fanout = socket.fanout.or(Some(u32_at(value, 0))),
            PACKET_DIAG_UID => socket.uid = socket.uid.or(Some(Uid(u32_at(value, 0)))),
            PACKET_DIAG_MEMINFO => socket.memory = socket.memory.or(Some(SocketMemory(value))),
            PACKET_DIAG_FILTER => socket.filter = socket.filter.or(Some(value)),
            _ => {}
        }
    }
    Some(socket)
}
