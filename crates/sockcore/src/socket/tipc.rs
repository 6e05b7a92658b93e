//! `AF_TIPC` sockets: the attribute `TIPC_NLA_SOCK`.

use super::state::SocketState;
use crate::id::{Cookie, Inode, Uid};

/// A TIPC socket. Numbers that were not sent are 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct TipcSocket {
    /// `TIPC_NLA_SOCK_TYPE`: 1 stream, 2 datagram, 4 rdm, 5 seqpacket.
    pub kind: u32,
    /// `TIPC_NLA_SOCK_TIPC_STATE`, in TCP's numbers.
    pub state: SocketState,
    /// `TIPC_NLA_SOCK_ADDR`: node.
    pub node: u32,
    /// `TIPC_NLA_SOCK_REF`: port.
    pub reference: u32,
    /// `TIPC_NLA_SOCK_INO`
    pub inode: Inode,
    /// `TIPC_NLA_SOCK_UID`
    pub uid: Uid,
    /// `TIPC_NLA_SOCK_COOKIE`
    pub cookie: Cookie,
    /// `TIPC_NLA_SOCK_HAS_PUBL` was sent.
    pub published: bool,
    /// `TIPC_NLA_SOCK_CON`
    pub connection: Option<TipcConnection>,
    /// `TIPC_NLA_SOCK_STAT_RCVQ`
    pub recv_queue: u32,
    /// `TIPC_NLA_SOCK_STAT_SENDQ`
    pub send_queue: u32,
    /// `TIPC_NLA_SOCK_STAT_LINK_CONG` was sent.
    pub link_congested: bool,
    /// `TIPC_NLA_SOCK_STAT_CONN_CONG` was sent.
    pub connection_congested: bool,
    /// `TIPC_NLA_SOCK_STAT_DROP`
    pub drops: u32,
}

/// `TIPC_NLA_SOCK_CON`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TipcConnection {
    /// `TIPC_NLA_CON_NODE`
    pub node: u32,
    /// `TIPC_NLA_CON_SOCK`
    pub socket: u32,
    /// `TIPC_NLA_CON_FLAG` was sent: made through a name.
    pub by_name: bool,
    /// `TIPC_NLA_CON_TYPE`
    pub kind: u32,
    /// `TIPC_NLA_CON_INST`
    pub instance: u32,
}
