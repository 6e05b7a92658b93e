//! `AF_VSOCK` sockets: `struct vsock_diag_msg`.

use super::state::SocketState;
use crate::id::{Cookie, Inode};

/// A vsock socket.
#[derive(Clone, Copy, Debug)]
pub struct VsockSocket {
    /// `vdiag_type`: 1 stream, 2 datagram, 5 seqpacket.
    pub kind: u8,
    /// `vdiag_state`
    pub state: SocketState,
    /// `vdiag_shutdown`
    pub shutdown: u8,
    /// `vdiag_src_cid`; all ones: any.
    pub local_cid: u32,
    /// `vdiag_src_port`; all ones: any.
    pub local_port: u32,
    /// `vdiag_dst_cid`
    pub peer_cid: u32,
    /// `vdiag_dst_port`
    pub peer_port: u32,
    /// `vdiag_ino`
    pub inode: Inode,
    /// `vdiag_cookie`
    pub cookie: Cookie,
}
