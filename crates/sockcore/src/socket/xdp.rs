//! `AF_XDP` sockets: `struct xdp_diag_msg`.

use super::memory::SocketMemory;
use crate::id::{Cookie, IfIndex, Inode, Uid};

/// An XDP socket.
#[derive(Clone, Debug)]
pub struct XdpSocket<'a> {
    /// `xdiag_ino`
    pub inode: Inode,
    /// `xdiag_cookie`
    pub cookie: Cookie,
    /// `XDP_DIAG_INFO`: interface and queue.
    pub info: Option<XdpInfo>,
    /// `XDP_DIAG_UID`
    pub uid: Option<Uid>,
    /// `XDP_DIAG_RX_RING`: entries.
    pub rx_ring: Option<u32>,
    /// `XDP_DIAG_TX_RING`: entries.
    pub tx_ring: Option<u32>,
    /// `XDP_DIAG_UMEM`
    pub umem: Option<XdpUmem>,
    /// `XDP_DIAG_UMEM_FILL_RING`: entries.
    pub fill_ring: Option<u32>,
    /// `XDP_DIAG_UMEM_COMPLETION_RING`: entries.
    pub completion_ring: Option<u32>,
    /// `XDP_DIAG_MEMINFO`
    pub memory: Option<SocketMemory<'a>>,
    /// `XDP_DIAG_STATS`
    pub stats: Option<XdpStats>,
}

/// `struct xdp_diag_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XdpInfo {
    /// `ifindex`
    pub interface: IfIndex,
    /// `queue_id`
    pub queue: u32,
}

/// `struct xdp_diag_umem`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XdpUmem {
    /// `size`, bytes.
    pub size: u64,
    /// `id`
    pub id: u32,
    /// `num_pages`
    pub num_pages: u32,
    /// `chunk_size`, bytes.
    pub chunk_size: u32,
    /// `headroom`, bytes.
    pub headroom: u32,
    /// `ifindex`
    pub interface: IfIndex,
    /// `queue_id`
    pub queue: u32,
    /// `flags`: bit 0 zero copy.
    pub flags: u32,
    /// `refs`
    pub refs: u32,
}

/// `struct xdp_diag_stats`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XdpStats {
    /// `n_rx_dropped`
    pub rx_dropped: u64,
    /// `n_rx_invalid`
    pub rx_invalid: u64,
    /// `n_rx_full`
    pub rx_full: u64,
    /// `n_fill_ring_empty`
    pub fill_ring_empty: u64,
    /// `n_tx_invalid`
    pub tx_invalid: u64,
    /// `n_tx_ring_empty`
    pub tx_ring_empty: u64,
}
