//! The sentence of each counter, section by section; `#` stands for the value.
//!
//! Sorted by key. A key that is missing here is shown raw; some are missing on purpose, because
//! the original never finds their sentences.

use super::{Entry, Rule};

const fn entry(key: &'static str, rule: Rule, text: &'static str) -> Entry {
    Entry { key, rule, text }
}

/// `Ip`
pub(super) static IP: &[Entry] = &[
    entry("DefaultTTL", Rule::Hidden, ""),
    entry("ForwDatagrams", Rule::Always, "# forwarded"),
    entry("Forwarding", Rule::Hidden, ""),
    entry("FragCreates", Rule::NonZero, "# fragments created"),
    entry(
        "FragFails",
        Rule::NonZero,
        "# outgoing packets failed fragmentation",
    ),
    entry("FragOKs", Rule::NonZero, "# outgoing packets fragmented ok"),
    entry("InAddrErrors", Rule::NonZero, "# with invalid addresses"),
    entry("InDelivers", Rule::Always, "# incoming packets delivered"),
    entry("InDiscards", Rule::Always, "# incoming packets discarded"),
    entry("InHdrErrors", Rule::NonZero, "# with invalid headers"),
    entry("InReceives", Rule::Always, "# total packets received"),
    entry("InUnknownProtos", Rule::NonZero, "# with unknown protocol"),
    entry("OutDiscards", Rule::NonZero, "# outgoing packets dropped"),
    entry(
        "OutNoRoutes",
        Rule::NonZero,
        "# dropped because of missing route",
    ),
    entry("OutRequests", Rule::Always, "# requests sent out"),
    entry("ReasmFails", Rule::NonZero, "# packet reassemblies failed"),
    entry("ReasmOKs", Rule::NonZero, "# packets reassembled ok"),
    entry("ReasmReqds", Rule::NonZero, "# reassemblies required"),
    entry(
        "ReasmTimeout",
        Rule::NonZero,
        "# fragments dropped after timeout",
    ),
];

/// `Icmp`
pub(super) static ICMP: &[Entry] = &[
    entry("InAddrMaskReps", Rule::Input, "address mask replies: #"),
    entry("InAddrMasks", Rule::Input, "address mask request: #"),
    entry("InDestUnreachs", Rule::Input, "destination unreachable: #"),
    entry("InEchoReps", Rule::Input, "echo replies: #"),
    entry("InEchos", Rule::Input, "echo requests: #"),
    entry("InErrors", Rule::Always, "# input ICMP message failed"),
    entry("InMsgs", Rule::Always, "# ICMP messages received"),
    entry("InParmProbs", Rule::Input, "wrong parameters: #"),
    entry("InRedirects", Rule::Input, "redirects: #"),
    entry("InSrcQuenchs", Rule::Input, "source quenches: #"),
    entry("InTimeExcds", Rule::Input, "timeout in transit: #"),
    entry("InTimestampReps", Rule::Input, "timestamp reply: #"),
    entry("InTimestamps", Rule::Input, "timestamp request: #"),
    entry("OutAddrMaskReps", Rule::Output, "address mask replies: #"),
    entry("OutAddrMasks", Rule::Output, "address mask requests: #"),
    entry(
        "OutDestUnreachs",
        Rule::Output,
        "destination unreachable: #",
    ),
    entry("OutEchoReps", Rule::Output, "echo replies: #"),
    entry("OutEchos", Rule::Output, "echo requests: #"),
    entry("OutErrors", Rule::Always, "# ICMP messages failed"),
    entry("OutMsgs", Rule::Always, "# ICMP messages sent"),
    entry("OutParmProbs", Rule::Output, "wrong parameters: #"),
    entry("OutRedirects", Rule::Output, "redirect: #"),
    entry("OutSrcQuenchs", Rule::Output, "source quench: #"),
    entry("OutTimeExcds", Rule::Output, "time exceeded: #"),
    entry("OutTimestampReps", Rule::Output, "timestamp replies: #"),
    entry("OutTimestamps", Rule::Output, "timestamp requests: #"),
];

/// `Tcp`
pub(super) static TCP: &[Entry] = &[
    entry("ActiveOpens", Rule::Always, "# active connection openings"),
    entry("AttemptFails", Rule::Always, "# failed connection attempts"),
    entry("CurrEstab", Rule::Always, "# connections established"),
    entry("EstabResets", Rule::Always, "# connection resets received"),
    entry("InErrs", Rule::Always, "# bad segments received"),
    entry("InSegs", Rule::Always, "# segments received"),
    entry("MaxConn", Rule::Hidden, ""),
    entry("OutRsts", Rule::Always, "# resets sent"),
    entry("OutSegs", Rule::Always, "# segments sent out"),
    entry(
        "PassiveOpens",
        Rule::Always,
        "# passive connection openings",
    ),
    entry("RetransSegs", Rule::Always, "# segments retransmitted"),
    entry("RtoAlgorithm", Rule::Hidden, ""),
    entry("RtoMax", Rule::Hidden, ""),
    entry("RtoMin", Rule::Hidden, ""),
];

/// `Udp`
pub(super) static UDP: &[Entry] = &[
    entry(
        "InCsumErrors",
        Rule::Always,
        "# packets with invalid checksum",
    ),
    entry("InDatagrams", Rule::Always, "# packets received"),
    entry("InErrors", Rule::Always, "# packet receive errors"),
    entry(
        "NoPorts",
        Rule::Always,
        "# packets to unknown port received",
    ),
    entry("OutDatagrams", Rule::Always, "# packets sent"),
    entry("RcvbufErrors", Rule::Always, "# receive buffer errors"),
    entry("SndbufErrors", Rule::Always, "# send buffer errors"),
];

/// `TcpExt`
pub(super) static TCP_EXT: &[Entry] = &[
    entry(
        "DelayedACKLocked",
        Rule::NonZero,
        "# delayed acks further delayed because of locked socket",
    ),
    entry(
        "DelayedACKLost",
        Rule::NonZero,
        "Quick ack mode was activated # times",
    ),
    entry("DelayedACKs", Rule::NonZero, "# delayed acks sent"),
    entry(
        "EmbryonicRsts",
        Rule::NonZero,
        "# resets received for embryonic SYN_RECV sockets",
    ),
    entry(
        "ListenDrops",
        Rule::NonZero,
        "# SYNs to LISTEN sockets dropped",
    ),
    entry(
        "ListenOverflows",
        Rule::NonZero,
        "# times the listen queue of a socket overflowed",
    ),
    entry(
        "LockDroppedIcmps",
        Rule::NonZero,
        "# ICMP packets dropped because socket was locked",
    ),
    entry(
        "OfoPruned",
        Rule::NonZero,
        "# packets dropped from out-of-order queue because of socket buffer overrun",
    ),
    entry(
        "OutOfWindowIcmps",
        Rule::NonZero,
        "# ICMP packets dropped because they were out-of-window",
    ),
    entry(
        "PAWSActive",
        Rule::NonZero,
        "# active connections rejected because of time stamp",
    ),
    entry(
        "PAWSEstab",
        Rule::NonZero,
        "# packets rejected in established connections because of timestamp",
    ),
    entry(
        "PAWSPassive",
        Rule::NonZero,
        "# passive connections rejected because of time stamp",
    ),
    entry(
        "PruneCalled",
        Rule::NonZero,
        "# packets pruned from receive queue because of socket buffer overrun",
    ),
    entry(
        "RcvPruned",
        Rule::NonZero,
        "# packets pruned from receive queue",
    ),
    entry(
        "SockMallocOOM",
        Rule::NonZero,
        "Ran # times out of system memory during packet sending",
    ),
    entry(
        "SyncookiesFailed",
        Rule::NonZero,
        "# invalid SYN cookies received",
    ),
    entry("SyncookiesRecv", Rule::NonZero, "# SYN cookies received"),
    entry("SyncookiesSent", Rule::NonZero, "# SYN cookies sent"),
    entry(
        "TCPAbortFailed",
        Rule::NonZero,
        "# times unable to send RST due to no memory",
    ),
    entry(
        "TCPAbortOnClose",
        Rule::NonZero,
        "# connections reset due to early user close",
    ),
    entry(
        "TCPAbortOnData",
        Rule::NonZero,
        "# connections reset due to unexpected data",
    ),
    entry(
        "TCPAbortOnLinger",
        Rule::NonZero,
        "# connections aborted after user close in linger timeout",
    ),
    entry(
        "TCPAbortOnMemory",
        Rule::NonZero,
        "# connections aborted due to memory pressure",
    ),
    entry(
        "TCPAbortOnSyn",
        Rule::NonZero,
        "# connections reset due to unexpected SYN",
    ),
    entry(
        "TCPAbortOnTimeout",
        Rule::NonZero,
        "# connections aborted due to timeout",
    ),
    entry(
        "TCPDirectCopyFromBacklog",
        Rule::NonZero,
        "# bytes directly in process context from backlog",
    ),
    entry(
        "TCPFACKReorder",
        Rule::NonZero,
        "Detected reordering # times using FACK",
    ),
    entry("TCPFastRetrans", Rule::NonZero, "# fast retransmits"),
    entry("TCPForwardRetrans", Rule::NonZero, "# forward retransmits"),
    entry(
        "TCPFullUndo",
        Rule::NonZero,
        "# congestion windows fully recovered without slow start",
    ),
    entry("TCPHPAcks", Rule::NonZero, "# predicted acknowledgments"),
    entry("TCPHPHits", Rule::Always, "# packet headers predicted"),
    entry(
        "TCPHPHitsToUser",
        Rule::NonZero,
        "# packet headers predicted and directly queued to user",
    ),
    entry("TCPLossFailures", Rule::NonZero, "# timeouts in loss state"),
    entry(
        "TCPLossUndo",
        Rule::NonZero,
        "# congestion windows recovered without slow start after partial ack",
    ),
    entry("TCPLostRetransmits", Rule::NonZero, "# retransmits lost"),
    entry(
        "TCPMemoryPressures",
        Rule::NonZero,
        "TCP ran low on memory # times",
    ),
    entry(
        "TCPPartialUndo",
        Rule::NonZero,
        "# congestion windows partially recovered using Hoe heuristic",
    ),
    entry(
        "TCPPrequeued",
        Rule::NonZero,
        "# packets directly queued to recvmsg prequeue",
    ),
    entry(
        "TCPPureAcks",
        Rule::NonZero,
        "# acknowledgments not containing data payload received",
    ),
    entry(
        "TCPRcvCollapsed",
        Rule::NonZero,
        "# packets collapsed in receive queue due to low socket buffer",
    ),
    entry(
        "TCPRenoFailures",
        Rule::NonZero,
        "# timeouts after reno fast retransmit",
    ),
    entry(
        "TCPRenoRecovery",
        Rule::NonZero,
        "# times recovered from packet loss due to fast retransmit",
    ),
    entry(
        "TCPRenoReorder",
        Rule::NonZero,
        "Detected reordering # times using reno fast retransmit",
    ),
    entry(
        "TCPSACKReorder",
        Rule::NonZero,
        "Detected reordering # times using SACK",
    ),
    entry(
        "TCPSchedulerFailed",
        Rule::NonZero,
        "# times receiver scheduled too late for direct processing",
    ),
    entry(
        "TCPSlowStartRetrans",
        Rule::NonZero,
        "# retransmits in slow start",
    ),
    entry(
        "TCPTSReorder",
        Rule::NonZero,
        "Detected reordering # times using time stamp",
    ),
    entry(
        "TW",
        Rule::NonZero,
        "# TCP sockets finished time wait in fast timer",
    ),
    entry(
        "TWRecycled",
        Rule::NonZero,
        "# time wait sockets recycled by time stamp",
    ),
];

/// `Sctp`
pub(super) static SCTP: &[Entry] = &[
    entry("SctpAborteds", Rule::Always, "# Number of Aborteds "),
    entry("SctpActiveEstabs", Rule::Always, "# Active Associations"),
    entry(
        "SctpChecksumErrors",
        Rule::Always,
        "# Number of Packets with invalid Checksum",
    ),
    entry("SctpCurrEstab", Rule::Always, "# Current Associations"),
    entry(
        "SctpFragUsrMsgs",
        Rule::Always,
        "# Number of messages fragmented",
    ),
    entry(
        "SctpInCtrlChunks",
        Rule::Always,
        "# Number of control chunks received",
    ),
    entry(
        "SctpInOrderChunks",
        Rule::Always,
        "# Number of ordered chunks received",
    ),
    entry(
        "SctpInSCTPPacks",
        Rule::Always,
        "# Number of SCTP packets received",
    ),
    entry(
        "SctpInUnorderChunks",
        Rule::Always,
        "# Number of Unordered chunks received",
    ),
    entry(
        "SctpOutCtrlChunks",
        Rule::Always,
        "# Number of control chunks sent",
    ),
    entry(
        "SctpOutOfBlues",
        Rule::Always,
        "# Number of Out of Blue packets",
    ),
    entry(
        "SctpOutOrderChunks",
        Rule::Always,
        "# Number of ordered chunks sent",
    ),
    entry(
        "SctpOutSCTPPacks",
        Rule::Always,
        "# Number of SCTP packets sent",
    ),
    entry(
        "SctpOutUnorderChunks",
        Rule::Always,
        "# Number of Unordered chunks sent",
    ),
    entry("SctpPassiveEstabs", Rule::Always, "# Passive Associations"),
    entry(
        "SctpReasmUsrMsgs",
        Rule::Always,
        "# Number of messages reassembled ",
    ),
    entry(
        "SctpShutdowns",
        Rule::Always,
        "# Number of Graceful Terminations",
    ),
];

/// `Ip6`
pub(super) static IP6: &[Entry] = &[
    entry("Ip6FragCreates", Rule::NonZero, "# fragments created"),
    entry(
        "Ip6FragFails",
        Rule::NonZero,
        "# outgoing packets failed fragmentation",
    ),
    entry(
        "Ip6FragOKs",
        Rule::NonZero,
        "# outgoing packets fragmented ok",
    ),
    entry("Ip6InAddrErrors", Rule::NonZero, "# with invalid addresses"),
    entry(
        "Ip6InDelivers",
        Rule::Always,
        "# incoming packets delivered",
    ),
    entry(
        "Ip6InDiscards",
        Rule::Always,
        "# incoming packets discarded",
    ),
    entry("Ip6InHdrErrors", Rule::NonZero, "# with invalid headers"),
    entry(
        "Ip6InMcastPkts",
        Rule::NonZero,
        "# incoming multicast packets",
    ),
    entry(
        "Ip6InNoRoutes",
        Rule::NonZero,
        "# incoming packets with no route",
    ),
    entry("Ip6InReceives", Rule::Always, "# total packets received"),
    entry("Ip6InTooBigErrors", Rule::NonZero, "# with packets too big"),
    entry(
        "Ip6InTruncatedPkts",
        Rule::NonZero,
        "# with truncated packets",
    ),
    entry(
        "Ip6InUnknownProtos",
        Rule::NonZero,
        "# with unknown protocol",
    ),
    entry(
        "Ip6OutDiscards",
        Rule::NonZero,
        "# outgoing packets dropped",
    ),
    entry("Ip6OutForwDatagrams", Rule::Always, "# forwarded"),
    entry(
        "Ip6OutMcastPkts",
        Rule::NonZero,
        "# outgoing multicast packets",
    ),
    entry(
        "Ip6OutNoRoutes",
        Rule::NonZero,
        "# dropped because of missing route",
    ),
    entry("Ip6OutRequests", Rule::Always, "# requests sent out"),
    entry(
        "Ip6ReasmFails",
        Rule::NonZero,
        "# packet reassemblies failed",
    ),
    entry("Ip6ReasmOKs", Rule::NonZero, "# packets reassembled ok"),
    entry("Ip6ReasmReqds", Rule::NonZero, "# reassemblies required"),
    entry(
        "Ip6ReasmTimeout",
        Rule::NonZero,
        "# fragments dropped after timeout",
    ),
];

/// `Icmp6`
pub(super) static ICMP6: &[Entry] = &[
    entry(
        "Icmp6InDestUnreachs",
        Rule::Input,
        "destination unreachable: #",
    ),
    entry("Icmp6InEchoReplies", Rule::Input, "echo replies: #"),
    entry("Icmp6InEchos", Rule::Input, "echo requests: #"),
    entry("Icmp6InErrors", Rule::Always, "# input ICMP message failed"),
    entry(
        "Icmp6InGroupMembQueries",
        Rule::Input,
        "group member queries: #",
    ),
    entry(
        "Icmp6InGroupMembReductions",
        Rule::Input,
        "group member reductions: #",
    ),
    entry(
        "Icmp6InGroupMembResponses",
        Rule::Input,
        "group member responses: #",
    ),
    entry("Icmp6InMsgs", Rule::Always, "# ICMP messages received"),
    entry(
        "Icmp6InNeighborAdvertisements",
        Rule::Input,
        "neighbour advertisement: #",
    ),
    entry(
        "Icmp6InNeighborSolicits",
        Rule::Input,
        "neighbour solicits: #",
    ),
    entry("Icmp6InParmProblems", Rule::Input, "parameter problem: #"),
    entry("Icmp6InPktTooBigs", Rule::Input, "packets too big: #"),
    entry("Icmp6InRedirects", Rule::Input, "redirects: #"),
    entry(
        "Icmp6InRouterAdvertisements",
        Rule::Input,
        "router advertisement: #",
    ),
    entry("Icmp6InRouterSolicits", Rule::Input, "router solicits: #"),
    entry(
        "Icmp6InTimeExcds",
        Rule::Input,
        "received ICMPv6 time exceeded: #",
    ),
    entry(
        "Icmp6OutDestUnreachs",
        Rule::Output,
        "destination unreachable: #",
    ),
    entry("Icmp6OutEchoReplies", Rule::Output, "echo replies: #"),
    entry("Icmp6OutEchos", Rule::Output, "echo requests: #"),
    entry(
        "Icmp6OutGroupMembQueries",
        Rule::Output,
        "group member queries: #",
    ),
    entry(
        "Icmp6OutGroupMembReductions",
        Rule::Output,
        "group member reductions: #",
    ),
    entry(
        "Icmp6OutGroupMembResponses",
        Rule::Output,
        "group member responses: #",
    ),
    entry("Icmp6OutMsgs", Rule::Always, "# ICMP messages sent"),
    entry(
        "Icmp6OutNeighborAdvertisements",
        Rule::Output,
        "neighbor advertisements: #",
    ),
    entry(
        "Icmp6OutNeighborSolicits",
        Rule::Output,
        "neighbor solicits: #",
    ),
    entry("Icmp6OutParmProblems", Rule::Output, "parameter problem: #"),
    entry("Icmp6OutPktTooBigs", Rule::Output, "packets too big: #"),
    entry("Icmp6OutRedirects", Rule::Output, "redirects: #"),
    entry("Icmp6OutRouterSolicits", Rule::Output, "router solicits: #"),
    entry(
        "Icmp6OutTimeExcds",
        Rule::Output,
        "sent ICMPv6 time exceeded: #",
    ),
];

/// `Udp6`
pub(super) static UDP6: &[Entry] = &[
    entry(
        "Udp6InCsumErrors",
        Rule::Always,
        "# packets with invalid checksum",
    ),
    entry("Udp6InDatagrams", Rule::Always, "# packets received"),
    entry("Udp6InErrors", Rule::Always, "# packet receive errors"),
    entry(
        "Udp6NoPorts",
        Rule::Always,
        "# packets to unknown port received",
    ),
    entry("Udp6OutDatagrams", Rule::Always, "# packets sent"),
    entry("Udp6RcvbufErrors", Rule::Always, "# receive buffer errors"),
    entry("Udp6SndbufErrors", Rule::Always, "# send buffer errors"),
];
