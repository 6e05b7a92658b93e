//! Internet sockets: TCP, MPTCP, UDP, UDP-Lite, raw, ICMP, SCTP, DCCP – one record for all.

use super::bytes::Words;
use super::congestion::{Bbr, Dctcp, Vegas};
use super::memory::SocketMemory;
use super::state::SocketState;
use super::tcp_info::TcpInfo;
use super::ulp::UpperProtocol;
use crate::addr::{Endpoint, InetFamily};
use crate::id::{Cookie, IfIndex, Inode, Uid};

/// An IP protocol number, as `sdiag_protocol` or `INET_DIAG_REQ_PROTOCOL` take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InetProtocol(pub u16);

impl InetProtocol {
    /// `IPPROTO_ICMP`
    pub const ICMP: Self = Self(1);
    /// `IPPROTO_TCP`
    pub const TCP: Self = Self(6);
    /// `IPPROTO_UDP`
    pub const UDP: Self = Self(17);
    /// `IPPROTO_DCCP`
    pub const DCCP: Self = Self(33);
    /// `IPPROTO_ICMPV6`
    pub const ICMPV6: Self = Self(58);
    /// `IPPROTO_SCTP`
    pub const SCTP: Self = Self(132);
    /// `IPPROTO_UDPLITE`
    pub const UDPLITE: Self = Self(136);
    /// `IPPROTO_RAW`: every raw socket, when asked for.
    pub const RAW: Self = Self(255);
    /// `IPPROTO_MPTCP`
    pub const MPTCP: Self = Self(262);
}

/// An Internet socket: `struct inet_diag_msg` with its attributes, or one line of
/// `/proc/net/{tcp,udp,udplite,raw,icmp}{,6}`.
#[derive(Clone, Debug)]
pub struct InetSocket<'a> {
    /// `idiag_family`; of a text line the family of its file.
    pub family: InetFamily,
    /// The protocol asked for. [`InetAttributes::protocol`] may say more.
    pub protocol: InetProtocol,
    /// `idiag_state`, column `st`.
    pub state: SocketState,
    /// Own end: `idiag_src`, `idiag_sport`; column `local_address`.
    pub local: Endpoint,
    /// Other end: `idiag_dst`, `idiag_dport`; column `rem_address`.
    pub peer: Endpoint,
    /// `idiag_if`: device the socket is bound to; 0 none (always 0 from text).
    pub interface: IfIndex,
    /// `idiag_cookie`; from text 0.
    pub cookie: Cookie,
    /// `idiag_timer`, `idiag_expires`, `idiag_retrans`.
    pub timer: Timer,
    /// `idiag_rqueue`, bytes; of a listener the length of its accept queue.
    pub recv_queue: u32,
    /// `idiag_wqueue`, bytes; of a listener the backlog limit – from text 0.
    pub send_queue: u32,
    /// `idiag_uid`, column `uid`.
    pub uid: Uid,
    /// `idiag_inode`, column `inode`; 0: no file (TIME_WAIT, SYN_RECV, not yet accepted).
    pub inode: Inode,
    /// What the message carries behind its fixed part; all `None` from text.
    pub attributes: InetAttributes<'a>,
    /// The columns only the text tables have; `None` from netlink.
    pub text: Option<TextColumns<'a>>,
}

impl InetSocket<'_> {
    /// The protocol for naming: `INET_DIAG_PROTOCOL` where the kernel sends it, else the one
    /// asked for.
    #[must_use]
    pub fn told_protocol(&self) -> InetProtocol {
        self.attributes
            .protocol
            .map_or(self.protocol, |number| InetProtocol(number.into()))
    }
}

/// The timer of an Internet socket as inet_diag tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    /// Which timer runs.
    pub kind: TimerKind,
    /// `idiag_retrans`: retransmissions for [`TimerKind::ON`], else unanswered probes.
    pub retransmits: u8,
    /// `idiag_expires`, milliseconds.
    pub expires: u32,
}

/// `idiag_timer`, column `tr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimerKind(pub u8);

impl TimerKind {
    /// No timer.
    pub const OFF: Self = Self(0);
    /// Retransmission (and SYN-ACK retransmission, loss probe).
    pub const ON: Self = Self(1);
    /// Keepalive and other long timers.
    pub const KEEPALIVE: Self = Self(2);
    /// TIME_WAIT.
    pub const TIME_WAIT: Self = Self(3);
    /// Zero-window probe.
    pub const PERSIST: Self = Self(4);
    /// Delayed acknowledgment.
    pub const DELACK: Self = Self(5);
}

/// The attributes of an `inet_diag_msg` (`INET_DIAG_*`). `None`: not sent.
#[derive(Clone, Debug, Default)]
pub struct InetAttributes<'a> {
    /// `INET_DIAG_MEMINFO` (1): rmem, wmem, fmem, tmem, bytes.
    pub memory_info: Option<Words<'a>>,
    /// `INET_DIAG_INFO` (2), raw: `tcp_info`, `mptcp_info` or `sctp_info` by protocol.
    pub info: Option<&'a [u8]>,
    /// `INET_DIAG_VEGASINFO` (3).
    pub vegas: Option<Vegas>,
    /// `INET_DIAG_CONG` (4): name of the congestion control, without the final NUL.
    pub congestion: Option<&'a [u8]>,
    /// `INET_DIAG_TOS` (5).
    pub tos: Option<u8>,
    /// `INET_DIAG_TCLASS` (6).
    pub tclass: Option<u8>,
    /// `INET_DIAG_SKMEMINFO` (7).
    pub memory: Option<SocketMemory<'a>>,
    /// `INET_DIAG_SHUTDOWN` (8): bit 0 receiving, bit 1 sending is shut down.
    pub shutdown: Option<u8>,
    /// `INET_DIAG_DCTCPINFO` (9).
    pub dctcp: Option<Dctcp>,
    /// `INET_DIAG_PROTOCOL` (10).
    pub protocol: Option<u8>,
    /// `INET_DIAG_SKV6ONLY` (11): 0 or 1.
    pub v6_only: Option<u8>,
    /// `INET_DIAG_LOCALS` (12): array of 128-byte `sockaddr_storage`.
    pub locals: Option<&'a [u8]>,
    /// `INET_DIAG_PEERS` (13): array of 128-byte `sockaddr_storage`.
    pub peers: Option<&'a [u8]>,
    /// `INET_DIAG_MARK` (15), without the nested flag.
    pub mark: Option<u32>,
    /// `INET_DIAG_BBRINFO` (16).
    pub bbr: Option<Bbr>,
    /// `INET_DIAG_CLASS_ID` (17).
    pub class_id: Option<u32>,
    /// `INET_DIAG_MD5SIG` (18): array of 100-byte `tcp_diag_md5sig`.
    pub md5_keys: Option<&'a [u8]>,
    /// `INET_DIAG_ULP_INFO` (19): nested attributes.
    pub ulp: Option<&'a [u8]>,
    /// `INET_DIAG_SK_BPF_STORAGES` (20): nested attributes.
    pub bpf_storages: Option<&'a [u8]>,
    /// `INET_DIAG_CGROUP_ID` (21).
    pub cgroup_id: Option<u64>,
    /// The cgroup id or mark came with the nested flag set, which no kernel sends.
    pub flagged: Flagged,
    /// `INET_DIAG_SOCKOPT` (22): two bytes of bits (`struct inet_diag_sockopt`).
    pub socket_options: Option<u16>,
}

/// Which scalar attributes carried the nested flag 0x8000 (only synthetic messages do).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flagged {
    /// The first `INET_DIAG_MARK`.
    pub mark: bool,
    /// The first `INET_DIAG_CGROUP_ID`.
    pub cgroup_id: bool,
}

impl<'a> InetAttributes<'a> {
    /// `INET_DIAG_INFO` as `tcp_info`.
    #[must_use]
    pub fn tcp_info(&self) -> Option<TcpInfo<'a>> {
        self.info.map(TcpInfo)
    }

    /// `INET_DIAG_ULP_INFO` decoded.
    #[must_use]
    pub fn upper_protocol(&self) -> Option<UpperProtocol<'a>> {
        self.ulp.map(crate::netlink::ulp::decode)
    }
}

/// The columns of a `/proc/net` socket line that netlink does not have, or has otherwise.
#[derive(Clone, Copy, Debug)]
pub struct TextColumns<'a> {
    /// Column `local_address` as written: `0100007F:1F90`.
    pub local: &'a [u8],
    /// Column `rem_address` as written.
    pub peer: &'a [u8],
    /// Column `tr`, hexadecimal.
    pub timer: u32,
    /// Column `tm->when`, hexadecimal, in ticks of `USER_HZ` (1/100 s).
    pub when: u64,
    /// Column `retrnsmt`, hexadecimal.
    pub retransmits: u32,
    /// Column `timeout`: unanswered probes.
    pub timeout: u32,
    /// Column `ref`; 0 when the line ends before it.
    pub references: u32,
    /// Column `pointer`, hexadecimal; 0 when the line ends before it.
    pub pointer: u64,
    /// Everything after the pointer, without the newline: tcp has rto, ato, quick|pingpong,
    /// cwnd, ssthresh, then options; udp and raw have drops.
    pub rest: &'a [u8],
}
