//! What TCP tells of itself, in the order in which it is shown.

use sockcore::socket::congestion::{Bbr, Dctcp};
use sockcore::socket::{InetSocket, SocketState, TcpInfo};

use super::{Context, keys, upper};
use crate::text::floating::{bandwidth, gain, milliseconds, one_decimal};
use crate::text::{decimal, labelled, signed};

/// The retransmission timeout that is not shown, microseconds.
const RTO_UNTOLD: u32 = 3_000_000;
/// A slow-start threshold from here on is none.
const SSTHRESH_NONE: u32 = 65535;
/// The reordering degree that is not shown.
const REORDERING_UNTOLD: u32 = 3;
/// Vegas' round-trip time when it has none.
const VEGAS_NO_RTT: u32 = 0x7fff_ffff;

/// Writes the internals, then keys and upper protocol.
pub(super) fn write(out: &mut Vec<u8>, socket: &InetSocket<'_>, context: &mut Context<'_, '_, '_>) {
    if let Some(info) = socket.attributes.tcp_info() {
        let mut padded = [0u8; PADDED];
        let info = whole(info, &mut padded);
        internals(out, socket, info, context);
    }
    if let Some(array) = socket.attributes.md5_keys {
        keys::write(out, array, context.names);
    }
    if let Some(told) = socket.attributes.upper_protocol() {
        upper::write(out, &told);
    }
}

/// The length of the structure up to its last member that is shown.
const PADDED: usize = 240;

/// The structure, with zeros for what an old kernel does not have.
fn whole<'b>(info: TcpInfo<'b>, padded: &'b mut [u8; PADDED]) -> TcpInfo<'b> {
    if info.0.len() >= PADDED {
        return info;
    }
    for (to, from) in padded.iter_mut().zip(info.0) {
        *to = *from;
    }
    TcpInfo(padded.as_slice())
}

/// A number that is left out when it is 0.
#[inline]
fn unless_zero(out: &mut Vec<u8>, label: &str, value: impl Into<u64>) {
    let value = value.into();
    if value != 0 {
        labelled(out, label, value);
    }
}

/// The same of a number that is shown as a signed one.
#[inline]
fn signed_unless_zero(out: &mut Vec<u8>, label: &str, value: u32) {
    if value != 0 {
        out.extend_from_slice(label.as_bytes());
        signed(out, value);
    }
}

/// Microseconds, shown as milliseconds unless 0.
#[inline]
fn time_unless_zero(out: &mut Vec<u8>, label: &str, value: u32) {
    if value != 0 {
        out.extend_from_slice(label.as_bytes());
        milliseconds(out, value);
    }
}

/// Bytes per second, shown as bits.
fn rate(out: &mut Vec<u8>, label: &str, bytes: u64, numeric: bool) {
    out.extend_from_slice(label.as_bytes());
    bandwidth(out, bytes as f64 * 8.0, numeric);
}

fn internals(
    out: &mut Vec<u8>,
    socket: &InetSocket<'_>,
    info: TcpInfo<'_>,
    context: &Context<'_, '_, '_>,
) {
    let numeric = context.numeric;
    let attributes = &socket.attributes;
    if context.show.timers {
        option_words(out, info.options());
    }
    if let Some(name) = attributes.congestion.filter(|name| !name.is_empty()) {
        out.push(b' ');
        out.extend_from_slice(name.get(..15).unwrap_or(name));
    }
    if info.options() & WSCALE != 0 {
        labelled(out, " wscale:", info.wscale() & 0xf);
        labelled(out, ",", info.wscale() >> 4);
    }
    if info.rto() != RTO_UNTOLD {
        time_unless_zero(out, " rto:", info.rto());
    }
    unless_zero(out, " backoff:", info.backoff());
    if info.rtt() != 0 {
        time_unless_zero(out, " rtt:", info.rtt());
        out.push(b'/');
        milliseconds(out, info.rttvar());
    }
    time_unless_zero(out, " ato:", info.ato());
    signed_unless_zero(out, " mss:", info.snd_mss());
    unless_zero(out, " pmtu:", info.pmtu());
    signed_unless_zero(out, " rcvmss:", info.rcv_mss());
    signed_unless_zero(out, " advmss:", info.advmss());
    unless_zero(out, " cwnd:", info.snd_cwnd());
    if info.snd_ssthresh() < SSTHRESH_NONE {
        signed_unless_zero(out, " ssthresh:", info.snd_ssthresh());
    }
    unless_zero(out, " bytes_sent:", info.bytes_sent());
    unless_zero(out, " bytes_retrans:", info.bytes_retrans());
    unless_zero(out, " bytes_acked:", info.bytes_acked());
    unless_zero(out, " bytes_received:", info.bytes_received());
    unless_zero(out, " segs_out:", info.segs_out());
    unless_zero(out, " segs_in:", info.segs_in());
    unless_zero(out, " data_segs_out:", info.data_segs_out());
    unless_zero(out, " data_segs_in:", info.data_segs_in());
    if let Some(told) = &attributes.dctcp {
        dctcp(out, told);
    }
    if let Some(told) = &attributes.bbr {
        bbr(out, told, numeric);
    }
    send_rate(out, socket, info, numeric);
    unless_zero(out, " lastsnd:", info.last_data_sent());
    unless_zero(out, " lastrcv:", info.last_data_recv());
    unless_zero(out, " lastack:", info.last_ack_recv());
    pacing(out, info, numeric);
    if info.delivery_rate() != 0 {
        rate(out, " delivery_rate ", info.delivery_rate(), numeric);
    }
    unless_zero(out, " delivered:", info.delivered());
    unless_zero(out, " delivered_ce:", info.delivered_ce());
    if info.app_limited_bits() & 1 != 0 {
        out.extend_from_slice(b" app_limited");
    }
    busy(out, info);
    unless_zero(out, " unacked:", info.unacked());
    if info.retrans() != 0 || info.total_retrans() != 0 {
        labelled(out, " retrans:", info.retrans());
        labelled(out, "/", info.total_retrans());
    }
    unless_zero(out, " lost:", info.lost());
    if socket.state != SocketState::LISTEN {
        unless_zero(out, " sacked:", info.sacked());
    }
    unless_zero(out, " dsack_dups:", info.dsack_dups());
    unless_zero(out, " fackets:", info.fackets());
    if info.reordering() != REORDERING_UNTOLD {
        out.extend_from_slice(b" reordering:");
        signed(out, info.reordering());
    }
    signed_unless_zero(out, " reord_seen:", info.reord_seen());
    time_unless_zero(out, " rcv_rtt:", info.rcv_rtt());
    signed_unless_zero(out, " rcv_space:", info.rcv_space());
    unless_zero(out, " rcv_ssthresh:", info.rcv_ssthresh());
    unless_zero(out, " notsent:", info.notsent_bytes());
    if info.min_rtt() != u32::MAX {
        time_unless_zero(out, " minrtt:", info.min_rtt());
    }
    unless_zero(out, " rcv_ooopack:", info.rcv_ooopack());
    unless_zero(out, " snd_wnd:", info.snd_wnd());
    unless_zero(out, " rcv_wnd:", info.rcv_wnd());
    unless_zero(out, " rehash:", info.rehash());
}

/// `TCPI_OPT_WSCALE`
const WSCALE: u8 = 4;

fn option_words(out: &mut Vec<u8>, options: u8) {
    const WORDS: [(u8, &[u8]); 6] = [
        (0x01, b" ts"),
        (0x40, b" usec_ts"),
        (0x02, b" sack"),
        (0x08, b" ecn"),
        (0x10, b" ecnseen"),
        (0x20, b" fastopen"),
    ];
    for (bit, word) in WORDS {
        if options & bit != 0 {
            out.extend_from_slice(word);
        }
    }
}

fn dctcp(out: &mut Vec<u8>, told: &Dctcp) {
    if told.enabled == 0 {
        return out.extend_from_slice(b" dctcp:fallback_mode");
    }
    labelled(out, " dctcp:(ce_state:", told.ce_state);
    labelled(out, ",alpha:", told.alpha);
    labelled(out, ",ab_ecn:", told.ab_ecn);
    labelled(out, ",ab_tot:", told.ab_tot);
    out.push(b')');
}

fn bbr(out: &mut Vec<u8>, told: &Bbr, numeric: bool) {
    rate(out, " bbr:(bw:", told.bandwidth, numeric);
    out.extend_from_slice(b",mrtt:");
    milliseconds(out, told.min_rtt);
    for (label, value) in [
        (",pacing_gain:", told.pacing_gain),
        (",cwnd_gain:", told.cwnd_gain),
    ] {
        if value != 0 {
            out.extend_from_slice(label.as_bytes());
            gain(out, value);
        }
    }
    out.push(b')');
}

/// One window per round trip.
fn send_rate(out: &mut Vec<u8>, socket: &InetSocket<'_>, info: TcpInfo<'_>, numeric: bool) {
    let vegas = socket
        .attributes
        .vegas
        .filter(|vegas| vegas.enabled != 0 && vegas.rtt != 0 && vegas.rtt != VEGAS_NO_RTT);
    let rtt = vegas.map_or(info.rtt(), |vegas| vegas.rtt);
    if rtt == 0 || info.snd_mss() == 0 || info.snd_cwnd() == 0 {
        return;
    }
    let window = f64::from(info.snd_cwnd()) * f64::from(info.snd_mss());
    out.extend_from_slice(b" send ");
    bandwidth(out, window * 8_000_000.0 / f64::from(rtt), numeric);
}

fn pacing(out: &mut Vec<u8>, info: TcpInfo<'_>, numeric: bool) {
    let (pacing, max) = (info.pacing_rate(), info.max_pacing_rate());
    if pacing == 0 || pacing == u64::MAX {
        return;
    }
    rate(out, " pacing_rate ", pacing, numeric);
    if max != 0 && max != u64::MAX {
        rate(out, "/", max, numeric);
    }
}

fn busy(out: &mut Vec<u8>, info: TcpInfo<'_>) {
    let busy = info.busy_time();
    if busy == 0 {
        return;
    }
    labelled(out, " busy:", busy / 1000);
    out.extend_from_slice(b"ms");
    let limits = [
        (" rwnd_limited:", info.rwnd_limited()),
        (" sndbuf_limited:", info.sndbuf_limited()),
    ];
    for (label, limited) in limits {
        if limited != 0 {
            out.extend_from_slice(label.as_bytes());
            decimal(out, limited / 1000);
            out.extend_from_slice(b"ms(");
            one_decimal(out, 100.0 * limited as f64 / busy as f64);
            out.extend_from_slice(b"%)");
        }
    }
}
