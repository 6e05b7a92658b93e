//! What congestion controls tell of themselves: `union tcp_cc_info`.

use super::bytes::{u16_at, u32_at};

/// `struct tcpvegas_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vegas {
    /// `tcpv_enabled`
    pub enabled: u32,
    /// `tcpv_rttcnt`
    pub rttcnt: u32,
    /// `tcpv_rtt`, microseconds; 0x7fffffff: none.
    pub rtt: u32,
    /// `tcpv_minrtt`, microseconds.
    pub minrtt: u32,
}

impl Vegas {
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self {
            enabled: u32_at(bytes, 0),
            rttcnt: u32_at(bytes, 4),
            rtt: u32_at(bytes, 8),
            minrtt: u32_at(bytes, 12),
        }
    }
}

/// `struct tcp_dctcp_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dctcp {
    /// `dctcp_enabled`
    pub enabled: u16,
    /// `dctcp_ce_state`
    pub ce_state: u16,
    /// `dctcp_alpha`
    pub alpha: u32,
    /// `dctcp_ab_ecn`, bytes.
    pub ab_ecn: u32,
    /// `dctcp_ab_tot`, bytes.
    pub ab_tot: u32,
}

impl Dctcp {
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self {
            enabled: u16_at(bytes, 0),
            ce_state: u16_at(bytes, 2),
            alpha: u32_at(bytes, 4),
            ab_ecn: u32_at(bytes, 8),
            ab_tot: u32_at(bytes, 12),
        }
    }
}

/// `struct tcp_bbr_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bbr {
    /// `bbr_bw_hi << 32 | bbr_bw_lo`: estimated bandwidth, bytes per second.
    pub bandwidth: u64,
    /// `bbr_min_rtt`, microseconds; all ones: none yet.
    pub min_rtt: u32,
    /// `bbr_pacing_gain`, in 1/256.
    pub pacing_gain: u32,
    /// `bbr_cwnd_gain`, in 1/256.
    pub cwnd_gain: u32,
}

impl Bbr {
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self {
            bandwidth: u64::from(u32_at(bytes, 4)) << 32 | u64::from(u32_at(bytes, 0)),
            min_rtt: u32_at(bytes, 8),
            pacing_gain: u32_at(bytes, 12),
            cwnd_gain: u32_at(bytes, 16),
        }
    }
}
