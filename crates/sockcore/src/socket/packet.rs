//! `AF_PACKET` sockets: `struct packet_diag_msg`, or one line of `/proc/net/packet`.

use super::bytes::u32_at;
use super::memory::SocketMemory;
use crate::id::{Cookie, IfIndex, Inode, Uid};

/// A packet socket.
#[derive(Clone, Debug)]
pub struct PacketSocket<'a> {
    /// `pdiag_type`, column `Type`: 3 raw, 2 datagram, 10 packet.
    pub kind: u8,
    /// `pdiag_num`, column `Proto`: `ETH_P_*` in host order.
    pub protocol: u16,
    /// `pdiag_ino`, column `Inode`.
    pub inode: Inode,
    /// `pdiag_cookie`; from text 0.
    pub cookie: Cookie,
    /// `PACKET_DIAG_INFO`; from text only the interface is set.
    pub info: Option<PacketInfo>,
    /// `PACKET_DIAG_RX_RING`
    pub rx_ring: Option<PacketRing>,
    /// `PACKET_DIAG_TX_RING`
    pub tx_ring: Option<PacketRing>,
    /// `PACKET_DIAG_FANOUT`: id in the low, kind in the high 16 bits.
    pub fanout: Option<u32>,
    /// `PACKET_DIAG_UID`, column `User`.
    pub uid: Option<Uid>,
    /// `PACKET_DIAG_MEMINFO`
    pub memory: Option<SocketMemory<'a>>,
    /// `PACKET_DIAG_FILTER`: array of 8-byte `sock_filter`.
    pub filter: Option<&'a [u8]>,
    /// The columns only the text table has; `None` from netlink.
    pub text: Option<PacketText>,
}

/// `struct packet_diag_info`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketInfo {
    /// `pdi_index`: interface; 0 any.
    pub interface: IfIndex,
    /// `pdi_version`: of the ring.
    pub version: u32,
    /// `pdi_reserve`, bytes.
    pub reserve: u32,
    /// `pdi_copy_thresh`, bytes.
    pub copy_threshold: u32,
    /// `pdi_tstamp`
    pub timestamp: u32,
    /// `pdi_flags`: 1 running, 2 auxdata, 4 origdev, 8 vnethdr, 0x10 loss.
    pub flags: u32,
}

impl PacketInfo {
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self {
            interface: IfIndex(u32_at(bytes, 0)),
            version: u32_at(bytes, 4),
            reserve: u32_at(bytes, 8),
            copy_threshold: u32_at(bytes, 12),
            timestamp: u32_at(bytes, 16),
            flags: u32_at(bytes, 20),
        }
    }
}

/// `struct packet_diag_ring`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketRing {
    /// `pdr_block_size`, bytes.
    pub block_size: u32,
    /// `pdr_block_nr`
    pub block_count: u32,
    /// `pdr_frame_size`, bytes.
    pub frame_size: u32,
    /// `pdr_frame_nr`
    pub frame_count: u32,
    /// `pdr_retire_tmo`, milliseconds.
    pub retire_timeout: u32,
    /// `pdr_features`
    pub features: u32,
}

impl PacketRing {
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self {
            block_size: u32_at(bytes, 0),
            block_count: u32_at(bytes, 4),
            frame_size: u32_at(bytes, 8),
            frame_count: u32_at(bytes, 12),
            retire_timeout: u32_at(bytes, 16),
            features: u32_at(bytes, 24),
        }
    }
}

/// Columns of `/proc/net/packet`.
#[derive(Clone, Copy, Debug)]
pub struct PacketText {
    /// Column `sk`, hexadecimal.
    pub pointer: u64,
    /// Column `RefCnt`
    pub references: u32,
    /// Column `R`: running.
    pub running: bool,
    /// Column `Rmem`, bytes.
    pub rmem: u32,
}
