//! `struct mptcp_info` of any length.

use super::bytes::{u8_at, u32_at, u64_at};

/// `INET_DIAG_INFO` of an MPTCP socket: `struct mptcp_info` of `<linux/mptcp.h>`, 48 bytes
/// (Linux 5.8) to 96 and more. Members past the kernel's length read as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MptcpInfo<'a>(pub &'a [u8]);

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident: $type:ident = $read:ident @ $offset:literal;)*) => {
        impl MptcpInfo<'_> {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $type {
                $read(self.0, $offset)
            }
        )*}
    };
}

members! {
    /// Subflows beyond the first.
    subflows: u8 = u8_at @ 0;
    /// Addresses announced.
    add_addr_signal: u8 = u8_at @ 1;
    /// Announced addresses accepted.
    add_addr_accepted: u8 = u8_at @ 2;
    /// Limit of `subflows`.
    subflows_max: u8 = u8_at @ 3;
    /// Limit of `add_addr_signal`.
    add_addr_signal_max: u8 = u8_at @ 4;
    /// Limit of `add_addr_accepted`.
    add_addr_accepted_max: u8 = u8_at @ 5;
    /// Bits: 1 fell back to TCP, 2 the peer's key is known.
    flags: u32 = u32_at @ 8;
    /// Local token.
    token: u32 = u32_at @ 12;
    /// Data sequence number of the next byte to send.
    write_seq: u64 = u64_at @ 16;
    /// Data sequence number of the first byte not acknowledged.
    snd_una: u64 = u64_at @ 24;
    /// Data sequence number of the next byte to receive.
    rcv_nxt: u64 = u64_at @ 32;
    /// Local addresses in use.
    local_addr_used: u8 = u8_at @ 40;
    /// Limit of `local_addr_used`.
    local_addr_max: u8 = u8_at @ 41;
    /// Data is checksummed.
    csum_enabled: u8 = u8_at @ 42;
    /// Retransmissions at the level of the connection.
    retransmits: u32 = u32_at @ 44;
    /// Bytes retransmitted.
    bytes_retrans: u64 = u64_at @ 48;
    /// Bytes sent.
    bytes_sent: u64 = u64_at @ 56;
    /// Bytes received.
    bytes_received: u64 = u64_at @ 64;
    /// Bytes acknowledged.
    bytes_acked: u64 = u64_at @ 72;
    /// All subflows, the first among them.
    subflows_total: u8 = u8_at @ 80;
    /// Limit of endpoints of the laminar kind.
    endp_laminar_max: u8 = u8_at @ 81;
    /// Since data was last sent, milliseconds.
    last_data_sent: u32 = u32_at @ 84;
    /// Since data last came, milliseconds.
    last_data_recv: u32 = u32_at @ 88;
    /// Since an acknowledgment last came, milliseconds.
    last_ack_recv: u32 = u32_at @ 92;
}
