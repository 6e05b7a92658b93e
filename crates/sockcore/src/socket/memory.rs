//! Socket memory: the array of `SK_MEMINFO_*` numbers.

use super::bytes::u32_at;

/// `INET_DIAG_SKMEMINFO`, `UNIX_DIAG_MEMINFO`, `PACKET_DIAG_MEMINFO`, `NETLINK_DIAG_MEMINFO`,
/// `XDP_DIAG_MEMINFO`: an array of `u32`, any length. All values are bytes except `drops`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketMemory<'a>(pub &'a [u8]);

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident = $index:literal;)*) => {
        impl SocketMemory<'_> {$(
            $(#[$doc])*
            /// `None` when the kernel's array ends before it.
            #[must_use]
            pub fn $name(&self) -> Option<u32> {
                self.0.get($index * 4..$index * 4 + 4)?;
                Some(u32_at(self.0, $index * 4))
            }
        )*}
    };
}

members! {
    /// `SK_MEMINFO_RMEM_ALLOC`: receive memory in use.
    rmem_alloc = 0;
    /// `SK_MEMINFO_RCVBUF`: limit of the receive buffer.
    rcvbuf = 1;
    /// `SK_MEMINFO_WMEM_ALLOC`: send memory in use.
    wmem_alloc = 2;
    /// `SK_MEMINFO_SNDBUF`: limit of the send buffer.
    sndbuf = 3;
    /// `SK_MEMINFO_FWD_ALLOC`: memory reserved ahead.
    fwd_alloc = 4;
    /// `SK_MEMINFO_WMEM_QUEUED`: memory of the persistent send queue.
    wmem_queued = 5;
    /// `SK_MEMINFO_OPTMEM`: memory of options.
    optmem = 6;
    /// `SK_MEMINFO_BACKLOG`: memory of the backlog.
    backlog = 7;
    /// `SK_MEMINFO_DROPS`: packets dropped.
    drops = 8;
}
