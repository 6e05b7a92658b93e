//! `AF_NETLINK` sockets: `struct netlink_diag_msg`, or one line of `/proc/net/netlink`.

use super::memory::SocketMemory;
use super::state::SocketState;
use crate::id::{Cookie, Inode};

/// A netlink socket.
#[derive(Clone, Debug)]
pub struct NetlinkSocket<'a> {
    /// `ndiag_type`; from text 0.
    pub kind: u8,
    /// `ndiag_protocol`, column `Eth`.
    pub protocol: u8,
    /// `ndiag_state`: 1 connected; from text 0.
    pub state: SocketState,
    /// `ndiag_portid`, column `Pid`: the owner's port id; 0 the kernel.
    pub port_id: u32,
    /// `ndiag_dst_portid`; from text 0.
    pub peer_port_id: u32,
    /// `ndiag_dst_group`; from text 0.
    pub peer_group: u32,
    /// `ndiag_ino`, column `Inode`.
    pub inode: Inode,
    /// `ndiag_cookie`; from text 0.
    pub cookie: Cookie,
    /// `NETLINK_DIAG_MEMINFO`
    pub memory: Option<SocketMemory<'a>>,
    /// `NETLINK_DIAG_GROUPS`: bitmap of subscribed groups in native longs.
    pub groups: Option<&'a [u8]>,
    /// The columns only the text table has; `None` from netlink.
    pub text: Option<NetlinkText>,
}

/// Columns of `/proc/net/netlink`.
#[derive(Clone, Copy, Debug)]
pub struct NetlinkText {
    /// Column `sk`, hexadecimal.
    pub pointer: u64,
    /// Column `Groups`, hexadecimal: the first 32 groups.
    pub groups: u32,
    /// Column `Rmem`, bytes.
    pub rmem: u32,
    /// Column `Wmem`, bytes.
    pub wmem: u32,
    /// Column `Dump` (older kernels: `cb`, hexadecimal pointer).
    pub callback: u64,
}
