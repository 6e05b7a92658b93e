//! One socket of any family, as the kernel tells it, lent to a visitor.

pub(crate) mod bytes;
pub mod congestion;
pub mod inet;
pub mod md5;
pub mod memory;
pub mod mptcp_info;
pub mod netlink;
pub mod packet;
pub mod sctp_info;
pub mod state;
pub mod tcp_info;
pub mod tipc;
pub mod ulp;
pub mod unix;
pub mod vsock;
pub mod xdp;

pub use bytes::Words;
pub use inet::{InetAttributes, InetProtocol, InetSocket, TextColumns, Timer, TimerKind};
pub use memory::SocketMemory;
pub use netlink::NetlinkSocket;
pub use packet::PacketSocket;
pub use state::{SocketState, StateSet};
pub use tcp_info::TcpInfo;
pub use tipc::TipcSocket;
pub use unix::UnixSocket;
pub use vsock::VsockSocket;
pub use xdp::XdpSocket;

/// A socket. Borrows from the kernel's message or text line it was decoded from.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one record at a time is lent, never collected"
)]
pub enum Socket<'a> {
    /// TCP, MPTCP, UDP, UDP-Lite, raw, ICMP, SCTP, DCCP.
    Inet(InetSocket<'a>),
    /// `AF_UNIX`.
    Unix(UnixSocket<'a>),
    /// `AF_NETLINK`.
    Netlink(NetlinkSocket<'a>),
    /// `AF_PACKET`.
    Packet(PacketSocket<'a>),
    /// `AF_VSOCK`.
    Vsock(VsockSocket),
    /// `AF_TIPC`.
    Tipc(TipcSocket),
    /// `AF_XDP`.
    Xdp(XdpSocket<'a>),
}
