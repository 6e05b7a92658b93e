//! `xdp_diag`: XDP sockets.

use netlink_packet_sock_diag::constants::SOCK_DIAG_BY_FAMILY;

use super::attributes;
use super::request::Request;
use crate::id::{Cookie, IfIndex, Inode, Uid};
use crate::socket::bytes::{u32_at, u64_at};
use crate::socket::xdp::{XdpInfo, XdpStats, XdpUmem};
use crate::socket::{SocketMemory, XdpSocket};

const AF_XDP: u8 = 44;
const XDP_DIAG_INFO: u16 = 1;
const XDP_DIAG_UID: u16 = 2;
const XDP_DIAG_RX_RING: u16 = 3;
const XDP_DIAG_TX_RING: u16 = 4;
const XDP_DIAG_UMEM: u16 = 5;
const XDP_DIAG_UMEM_FILL_RING: u16 = 6;
const XDP_DIAG_UMEM_COMPLETION_RING: u16 = 7;
const XDP_DIAG_MEMINFO: u16 = 8;
const XDP_DIAG_STATS: u16 = 9;

/// `XDP_SHOW_INFO | RING_CFG | UMEM | MEMINFO | STATS`.
const SHOW: u32 = 0x1f;
/// `sizeof(struct xdp_diag_msg)`.
const FIXED: usize = 16;

pub(super) fn request() -> Vec<u8> {
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .body(&[AF_XDP, 0, 0, 0])
        .body(&[0; 4])
        .body(&SHOW.to_ne_bytes())
        .body(&[0; 8])
        .finish()
}

/// Decodes a `struct xdp_diag_msg` and its attributes.
pub(super) fn decode(body: &[u8]) -> Option<XdpSocket<'_>> {
    let (fixed, rest) = body.split_at_checked(FIXED)?;
    let mut socket = XdpSocket {
        inode: Inode(u32_at(fixed, 4).into()),
        cookie: Cookie(u64::from(u32_at(fixed, 12)) << 32 | u64::from(u32_at(fixed, 8))),
        info: None,
        uid: None,
        rx_ring: None,
        tx_ring: None,
        umem: None,
        fill_ring: None,
        completion_ring: None,
        memory: None,
        stats: None,
    };
    for attribute in attributes(rest) {
        let value = attribute.value;
        match attribute.kind {
            XDP_DIAG_INFO => {
                let info = XdpInfo {
                    interface: IfIndex(u32_at(value, 0)),
                    queue: u32_at(value, 4),
                };
                socket.info = socket.info.or(Some(info));
            }
            XDP_DIAG_UID => socket.uid = socket.uid.or(Some(Uid(u32_at(value, 0)))),
            XDP_DIAG_RX_RING => socket.rx_ring = socket.rx_ring.or(Some(u32_at(value, 0))),
            XDP_DIAG_TX_RING => socket.tx_ring = socket.tx_ring.or(Some(u32_at(value, 0))),
            XDP_DIAG_UMEM => socket.umem = socket.umem.or(Some(decode_umem(value))),
            XDP_DIAG_UMEM_FILL_RING => {
                socket.fill_ring = socket.fill_ring.or(Some(u32_at(value, 0)));
            }
            XDP_DIAG_UMEM_COMPLETION_RING => {
                socket.completion_ring = socket.completion_ring.or(Some(u32_at(value, 0)));
            }
            XDP_DIAG_MEMINFO => socket.memory = socket.memory.or(Some(SocketMemory(value))),
            XDP_DIAG_STATS => socket.stats = socket.stats.or(Some(decode_stats(value))),
            _ => {}
        }
    }
    Some(socket)
}

fn decode_umem(bytes: &[u8]) -> XdpUmem {
    XdpUmem {
        size: u64_at(bytes, 0),
        id: u32_at(bytes, 8),
        num_pages: u32_at(bytes, 12),
        chunk_size: u32_at(bytes, 16),
        headroom: u32_at(bytes, 20),
        interface: IfIndex(u32_at(bytes, 24)),
        queue: u32_at(bytes, 28),
        flags: u32_at(bytes, 32),
        refs: u32_at(bytes, 36),
    }
}

fn decode_stats(bytes: &[u8]) -> XdpStats {
    XdpStats {
        rx_dropped: u64_at(bytes, 0),
        rx_invalid: u64_at(bytes, 8),
        rx_full: u64_at(bytes, 16),
        fill_ring_empty: u64_at(bytes, 24),
        tx_invalid: u64_at(bytes, 32),
        tx_ring_empty: u64_at(bytes, 40),
    }
}
