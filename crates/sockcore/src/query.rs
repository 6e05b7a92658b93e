//! What to ask the kernel for: a value that any source of sockets can answer.

use crate::addr::InetFamily;
use crate::socket::{InetProtocol, StateSet};

/// One dump of one family.
#[derive(Clone, Debug)]
pub struct Query {
    /// Which sockets.
    pub family: QueryFamily,
    /// Where they may come from.
    pub via: Via,
}

impl Query {
    /// A query that may be answered by netlink or, where the kernel lacks the diag module, by
    /// the text table.
    #[must_use]
    pub fn any(family: QueryFamily) -> Self {
        Self {
            family,
            via: Via::Any,
        }
    }

    /// A query for netlink alone.
    #[must_use]
    pub fn netlink(family: QueryFamily) -> Self {
        Self {
            family,
            via: Via::Netlink,
        }
    }

    /// A query for the text table alone.
    #[must_use]
    pub fn text(family: QueryFamily) -> Self {
        Self {
            family,
            via: Via::Text,
        }
    }
}

/// Where a query may be answered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// sock_diag only; its error is returned.
    Netlink,
    /// `/proc/net` text only. States are applied here; packet and netlink have none.
    Text,
    /// sock_diag, and when that fails before the first record the text table.
    Any,
}

/// Which sockets, and what to tell of them.
#[derive(Clone, Debug)]
pub enum QueryFamily {
    /// Internet sockets.
    Inet(InetQuery),
    /// Unix sockets.
    Unix(UnixQuery),
    /// Netlink sockets of all protocols.
    Netlink,
    /// Packet sockets.
    Packet,
    /// Vsock sockets in these states.
    Vsock(StateSet),
    /// TIPC sockets in these states.
    Tipc(StateSet),
    /// XDP sockets.
    Xdp,
}

/// A dump of Internet sockets (`struct inet_diag_req_v2`).
#[derive(Clone, Debug)]
pub struct InetQuery {
    /// `sdiag_family`
    pub family: InetFamily,
    /// `sdiag_protocol` (and `INET_DIAG_REQ_PROTOCOL` above 255)
    pub protocol: InetProtocol,
    /// `idiag_states`
    pub states: StateSet,
    /// `idiag_ext`
    pub details: InetDetails,
    /// A filter for the kernel to run (`INET_DIAG_REQ_BYTECODE`); empty: none. Not applied to
    /// text tables.
    pub bytecode: Vec<u8>,
    /// Ask for BPF socket storage.
    pub storages: Storages,
    /// Ports to compare before anything else; for TCP connections the kernel does it before it
    /// takes a reference. Not applied to text tables, and by the kernel not to every state: a
    /// hint that the caller checks again.
    pub ports: PinnedPorts,
    /// Nothing is asked of a socket but addresses, ports, state, queues, uid, inode and device:
    /// cookie, timer and attributes may stay empty. Opens cheaper ways to the same sockets.
    pub brief: bool,
    /// How many bytes of IPv6 sockets may wait in memory while [`visit_both`] hands over those of
    /// IPv4; when there are more they are asked for again.
    ///
    /// [`visit_both`]: crate::SocketSource::visit_both
    pub hold: usize,
    /// Use the request type of old kernels (`TCPDIAG_GETSOCK`, `DCCPDIAG_GETSOCK`). It does not
    /// select by family: IPv4 and IPv6 sockets come mixed.
    pub legacy: bool,
}

impl InetQuery {
    /// Every socket of a family and protocol in `states`, without details.
    #[must_use]
    pub fn new(family: InetFamily, protocol: InetProtocol, states: StateSet) -> Self {
        Self {
            family,
            protocol,
            states,
            details: InetDetails::default(),
            bytecode: Vec::new(),
            storages: Storages::None,
            ports: PinnedPorts::default(),
            brief: false,
            hold: 2 << 20,
            legacy: false,
        }
    }
}

/// Ports in the request's socket id (`idiag_sport`, `idiag_dport`), host order; 0: any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinnedPorts {
    /// The local port.
    pub local: u16,
    /// The peer's port.
    pub peer: u16,
}

/// Which attributes to ask for: bits `1 << (INET_DIAG_* - 1)` of `idiag_ext`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InetDetails(pub u8);

impl InetDetails {
    /// `INET_DIAG_MEMINFO` and `INET_DIAG_SKMEMINFO`.
    pub const MEMORY: Self = Self(0x41);
    /// `INET_DIAG_INFO` alone.
    pub const INFO: Self = Self(0x02);
    /// `INET_DIAG_INFO`, `INET_DIAG_VEGASINFO` (brings DCTCP and BBR too), `INET_DIAG_CONG`.
    pub const INTERNALS: Self = Self(0x0e);
    /// `INET_DIAG_TOS` and `INET_DIAG_TCLASS` (brings the class id).
    pub const TOS: Self = Self(0x30);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Which BPF socket storage to ask for (`INET_DIAG_REQ_SK_BPF_STORAGES`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Storages {
    /// None.
    #[default]
    None,
    /// Every map's.
    All,
    /// Those of the maps behind these descriptors.
    Maps(Vec<i32>),
}

/// A dump of unix sockets (`struct unix_diag_req`).
#[derive(Clone, Copy, Debug)]
pub struct UnixQuery {
    /// `udiag_states`
    pub states: StateSet,
    /// `udiag_show`
    pub show: UnixShow,
}

/// Which attributes to ask for: `UDIAG_SHOW_*`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnixShow(pub u32);

impl UnixShow {
    /// `UDIAG_SHOW_NAME`
    pub const NAME: Self = Self(0x01);
    /// `UDIAG_SHOW_VFS`
    pub const VFS: Self = Self(0x02);
    /// `UDIAG_SHOW_PEER`
    pub const PEER: Self = Self(0x04);
    /// `UDIAG_SHOW_ICONS`
    pub const PENDING: Self = Self(0x08);
    /// `UDIAG_SHOW_RQLEN`
    pub const QUEUES: Self = Self(0x10);
    /// `UDIAG_SHOW_MEMINFO`
    pub const MEMORY: Self = Self(0x20);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
