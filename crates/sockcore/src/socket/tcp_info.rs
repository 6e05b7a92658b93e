//! `struct tcp_info` of any length: one table of members.

use super::bytes::{u8_at, u16_at, u32_at, u64_at};

/// `INET_DIAG_INFO` of a TCP socket: `struct tcp_info`, 104 bytes (Linux 3.14) to 280 (6.18) and
/// whatever comes after. Members past the kernel's length read as zero; [`TcpInfo::knows`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpInfo<'a>(pub &'a [u8]);

/// One member of `struct tcp_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpInfoMember {
    /// The kernel's name without the `tcpi_` prefix.
    pub name: &'static str,
    /// Byte offset.
    pub offset: usize,
    /// Width in bytes.
    pub width: usize,
}

impl TcpInfo<'_> {
    /// Whether the kernel's structure is long enough to hold `member`.
    #[must_use]
    pub fn knows(&self, member: TcpInfoMember) -> bool {
        self.0.len() >= member.offset + member.width
    }
}

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident: $type:ident @ $offset:literal;)*) => {
        /// Every member known here, in the kernel's order.
        pub const TCP_INFO_MEMBERS: &[TcpInfoMember] = &[$(
            TcpInfoMember {
                name: stringify!($name),
                offset: $offset,
                width: std::mem::size_of::<$type>(),
            },
        )*];

        impl TcpInfo<'_> {$(
            $(#[$doc])*
            #[inline]
            #[must_use]
            pub fn $name(&self) -> $type {
                members!(@read $type, self.0, $offset)
            }
        )*}
    };
    (@read u8, $bytes:expr, $offset:literal) => { u8_at($bytes, $offset) };
    (@read u16, $bytes:expr, $offset:literal) => { u16_at($bytes, $offset) };
    (@read u32, $bytes:expr, $offset:literal) => { u32_at($bytes, $offset) };
    (@read u64, $bytes:expr, $offset:literal) => { u64_at($bytes, $offset) };
}

members! {
    /// TCP state.
    state: u8 @ 0;
    /// State of congestion avoidance.
    ca_state: u8 @ 1;
    /// Retransmission timeouts in a row.
    retransmits: u8 @ 2;
    /// Unanswered zero-window or keepalive probes.
    probes: u8 @ 3;
    /// Exponent of the retransmission backoff.
    backoff: u8 @ 4;
    /// Bits: 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 0x10 ECN seen, 0x20 SYN data acked,
    /// 0x40 microsecond timestamps, 0x80 fast-open child.
    options: u8 @ 5;
    /// Bits 0-3 the send, bits 4-7 the receive window scale.
    wscale: u8 @ 6;
    /// Bit 0 delivery rate is application limited, bits 1-2 fast-open client failure.
    app_limited_bits: u8 @ 7;
    /// Retransmission timeout, microseconds.
    rto: u32 @ 8;
    /// Delayed-ack timeout, microseconds.
    ato: u32 @ 12;
    /// Send MSS, bytes.
    snd_mss: u32 @ 16;
    /// Estimated receive MSS, bytes.
    rcv_mss: u32 @ 20;
    /// Segments in flight; of a listener the length of the accept queue.
    unacked: u32 @ 24;
    /// Segments acknowledged selectively; of a listener the backlog limit.
    sacked: u32 @ 28;
    /// Segments held lost.
    lost: u32 @ 32;
    /// Segments retransmitted and in flight.
    retrans: u32 @ 36;
    /// Segments acknowledged forward.
    fackets: u32 @ 40;
    /// Since data was last sent, milliseconds.
    last_data_sent: u32 @ 44;
    /// Never filled by the kernel.
    last_ack_sent: u32 @ 48;
    /// Since data last came, milliseconds.
    last_data_recv: u32 @ 52;
    /// Since an acknowledgment last came, milliseconds.
    last_ack_recv: u32 @ 56;
    /// Path MTU, bytes.
    pmtu: u32 @ 60;
    /// Receive slow-start threshold, bytes.
    rcv_ssthresh: u32 @ 64;
    /// Smoothed round-trip time, microseconds.
    rtt: u32 @ 68;
    /// Its variation, microseconds.
    rttvar: u32 @ 72;
    /// Send slow-start threshold, segments.
    snd_ssthresh: u32 @ 76;
    /// Congestion window, segments.
    snd_cwnd: u32 @ 80;
    /// Advertised MSS, bytes.
    advmss: u32 @ 84;
    /// Reordering degree, segments.
    reordering: u32 @ 88;
    /// Receiver's round-trip time, microseconds.
    rcv_rtt: u32 @ 92;
    /// Receive queue space, bytes.
    rcv_space: u32 @ 96;
    /// Segments retransmitted in all.
    total_retrans: u32 @ 100;
    /// Bytes per second; all ones: no pacing.
    pacing_rate: u64 @ 104;
    /// Bytes per second; all ones: no limit.
    max_pacing_rate: u64 @ 112;
    /// Bytes acknowledged.
    bytes_acked: u64 @ 120;
    /// Bytes received.
    bytes_received: u64 @ 128;
    /// Segments sent.
    segs_out: u32 @ 136;
    /// Segments received.
    segs_in: u32 @ 140;
    /// Bytes not yet sent.
    notsent_bytes: u32 @ 144;
    /// Least round-trip time, microseconds; all ones: none yet.
    min_rtt: u32 @ 148;
    /// Segments with data received.
    data_segs_in: u32 @ 152;
    /// Segments with data sent.
    data_segs_out: u32 @ 156;
    /// Bytes per second.
    delivery_rate: u64 @ 160;
    /// Time busy sending, microseconds.
    busy_time: u64 @ 168;
    /// Of it limited by the receive window, microseconds.
    rwnd_limited: u64 @ 176;
    /// Of it limited by the send buffer, microseconds.
    sndbuf_limited: u64 @ 184;
    /// Segments delivered.
    delivered: u32 @ 192;
    /// Of them with an ECN mark.
    delivered_ce: u32 @ 196;
    /// Bytes sent, retransmissions included.
    bytes_sent: u64 @ 200;
    /// Bytes retransmitted.
    bytes_retrans: u64 @ 208;
    /// Duplicates reported by DSACK.
    dsack_dups: u32 @ 216;
    /// Reordering events seen.
    reord_seen: u32 @ 220;
    /// Out-of-order segments received.
    rcv_ooopack: u32 @ 224;
    /// Peer's window, bytes.
    snd_wnd: u32 @ 228;
    /// Own window, bytes.
    rcv_wnd: u32 @ 232;
    /// Times the transmit hash was changed.
    rehash: u32 @ 236;
    /// Retransmission timeouts in all.
    total_rto: u16 @ 240;
    /// Recoveries by timeout.
    total_rto_recoveries: u16 @ 242;
    /// Time in timeout recovery, milliseconds.
    total_rto_time: u32 @ 244;
    /// Congestion marks received.
    received_ce: u32 @ 248;
    /// AccECN byte counters follow.
    delivered_e1_bytes: u32 @ 252;
    /// Bytes delivered with ECT(0).
    delivered_e0_bytes: u32 @ 256;
    /// Bytes delivered with CE.
    delivered_ce_bytes: u32 @ 260;
    /// Bytes received with ECT(1).
    received_e1_bytes: u32 @ 264;
    /// Bytes received with ECT(0).
    received_e0_bytes: u32 @ 268;
    /// Bytes received with CE.
    received_ce_bytes: u32 @ 272;
    /// Bits: ECN mode (2), AccECN option seen (2), AccECN failure mode (4), further options (24).
    ecn_bits: u32 @ 276;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_past_the_kernels_length_read_as_zero() {
        let mut bytes = vec![0xff; 104];
        bytes.truncate(102);
        let info = TcpInfo(&bytes);
        assert_eq!(info.rcv_space(), u32::MAX);
        assert_eq!(info.total_retrans(), u32::from_ne_bytes([0xff, 0xff, 0, 0]));
        assert_eq!(info.pacing_rate(), 0);
    }

    #[test]
    fn members_lie_one_behind_the_other() {
        let mut end = 0;
        for member in TCP_INFO_MEMBERS {
            assert_eq!(member.offset, end, "{}", member.name);
            end = member.offset + member.width;
        }
        assert_eq!(end, 280);
    }
}
