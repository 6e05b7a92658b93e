//! Messages about Internet sockets, member by member.

use conformance::fixture::diag::Message;

use self::attribute::*;
use self::member::*;

pub(crate) const ESTAB: u8 = 1;
pub(crate) const SYN_SENT: u8 = 2;
pub(crate) const SYN_RECV: u8 = 3;
pub(crate) const FIN_WAIT_1: u8 = 4;
pub(crate) const FIN_WAIT_2: u8 = 5;
pub(crate) const TIME_WAIT: u8 = 6;
pub(crate) const CLOSE: u8 = 7;
pub(crate) const CLOSE_WAIT: u8 = 8;
pub(crate) const LAST_ACK: u8 = 9;
pub(crate) const LISTEN: u8 = 10;
pub(crate) const CLOSING: u8 = 11;

/// `INET_DIAG_*`.
pub(crate) mod attribute {
    pub(crate) const MEMINFO: u16 = 1;
    pub(crate) const INFO: u16 = 2;
    pub(crate) const VEGASINFO: u16 = 3;
    pub(crate) const CONG: u16 = 4;
    pub(crate) const TOS: u16 = 5;
    pub(crate) const TCLASS: u16 = 6;
    pub(crate) const SKMEMINFO: u16 = 7;
    pub(crate) const SHUTDOWN: u16 = 8;
    pub(crate) const DCTCPINFO: u16 = 9;
    pub(crate) const PROTOCOL: u16 = 10;
    pub(crate) const SKV6ONLY: u16 = 11;
    pub(crate) const LOCALS: u16 = 12;
    pub(crate) const PEERS: u16 = 13;
    pub(crate) const MARK: u16 = 15;
    pub(crate) const BBRINFO: u16 = 16;
    pub(crate) const CLASS_ID: u16 = 17;
    pub(crate) const MD5SIG: u16 = 18;
    pub(crate) const ULP_INFO: u16 = 19;
    pub(crate) const CGROUP_ID: u16 = 21;
    pub(crate) const SOCKOPT: u16 = 22;
}
/// Where members of `struct tcp_info` lie, and how many bytes they have.
pub(crate) mod member {
    pub(crate) type Member = (usize, usize);
    pub(crate) const BACKOFF: Member = (4, 1);
    pub(crate) const OPTIONS: Member = (5, 1);
    pub(crate) const WSCALE: Member = (6, 1);
    pub(crate) const APP_LIMITED: Member = (7, 1);
    pub(crate) const RTO: Member = (8, 4);
    pub(crate) const ATO: Member = (12, 4);
    pub(crate) const SND_MSS: Member = (16, 4);
    pub(crate) const RCV_MSS: Member = (20, 4);
    pub(crate) const UNACKED: Member = (24, 4);
    pub(crate) const SACKED: Member = (28, 4);
    pub(crate) const LOST: Member = (32, 4);
    pub(crate) const RETRANS: Member = (36, 4);
    pub(crate) const FACKETS: Member = (40, 4);
    pub(crate) const LAST_DATA_SENT: Member = (44, 4);
    pub(crate) const LAST_ACK_SENT: Member = (48, 4);
    pub(crate) const LAST_DATA_RECV: Member = (52, 4);
    pub(crate) const LAST_ACK_RECV: Member = (56, 4);
    pub(crate) const PMTU: Member = (60, 4);
    pub(crate) const RCV_SSTHRESH: Member = (64, 4);
    pub(crate) const RTT: Member = (68, 4);
    pub(crate) const RTTVAR: Member = (72, 4);
    pub(crate) const SND_SSTHRESH: Member = (76, 4);
    pub(crate) const SND_CWND: Member = (80, 4);
    pub(crate) const ADVMSS: Member = (84, 4);
    pub(crate) const REORDERING: Member = (88, 4);
    pub(crate) const RCV_RTT: Member = (92, 4);
    pub(crate) const RCV_SPACE: Member = (96, 4);
    pub(crate) const TOTAL_RETRANS: Member = (100, 4);
    pub(crate) const PACING_RATE: Member = (104, 8);
    pub(crate) const MAX_PACING_RATE: Member = (112, 8);
    pub(crate) const BYTES_ACKED: Member = (120, 8);
    pub(crate) const BYTES_RECEIVED: Member = (128, 8);
    pub(crate) const SEGS_OUT: Member = (136, 4);
    pub(crate) const SEGS_IN: Member = (140, 4);
    pub(crate) const NOTSENT: Member = (144, 4);
    pub(crate) const MIN_RTT: Member = (148, 4);
    pub(crate) const DATA_SEGS_IN: Member = (152, 4);
    pub(crate) const DATA_SEGS_OUT: Member = (156, 4);
    pub(crate) const DELIVERY_RATE: Member = (160, 8);
    pub(crate) const BUSY: Member = (168, 8);
    pub(crate) const RWND_LIMITED: Member = (176, 8);
    pub(crate) const SNDBUF_LIMITED: Member = (184, 8);
    pub(crate) const DELIVERED: Member = (192, 4);
    pub(crate) const DELIVERED_CE: Member = (196, 4);
    pub(crate) const BYTES_SENT: Member = (200, 8);
    pub(crate) const BYTES_RETRANS: Member = (208, 8);
    pub(crate) const DSACK_DUPS: Member = (216, 4);
    pub(crate) const REORD_SEEN: Member = (220, 4);
    pub(crate) const RCV_OOOPACK: Member = (224, 4);
    pub(crate) const SND_WND: Member = (228, 4);
    pub(crate) const RCV_WND: Member = (232, 4);
    pub(crate) const REHASH: Member = (236, 4);
}
/// Bits of the member `OPTIONS`.
pub(crate) const TIMESTAMPS: u64 = 1;
pub(crate) const SACK: u64 = 2;
pub(crate) const SCALED: u64 = 4;
pub(crate) const ECN: u64 = 8;
pub(crate) const ECN_SEEN: u64 = 16;
pub(crate) const SYN_DATA: u64 = 32;

/// `struct tcp_info` of `length` bytes that says nothing but this, and the usual reordering.
pub(crate) fn info_of(length: usize, members: &[(Member, u64)]) -> (u16, Vec<u8>) {
    let mut bytes = vec![0; length];
    for ((offset, width), value) in [(REORDERING, 3)].iter().chain(members) {
        let value = &value.to_ne_bytes()[..*width];
        if let Some(place) = bytes.get_mut(*offset..offset + width) {
            place.copy_from_slice(value);
        }
    }
    (INFO, bytes)
}

pub(crate) fn info(members: &[(Member, u64)]) -> (u16, Vec<u8>) {
    info_of(280, members)
}

pub(crate) fn congestion(name: &str) -> (u16, Vec<u8>) {
    (CONG, [name.as_bytes(), b"\0"].concat())
}

pub(crate) fn words(kind: u16, words: &[u32]) -> (u16, Vec<u8>) {
    (
        kind,
        words.iter().flat_map(|word| word.to_ne_bytes()).collect(),
    )
}

pub(crate) fn bbr(bandwidth: u64, min_rtt: u32, gains: [u32; 2]) -> (u16, Vec<u8>) {
    let (low, high) = (bandwidth as u32, (bandwidth >> 32) as u32);
    words(BBRINFO, &[low, high, min_rtt, gains[0], gains[1]])
}

/// An attribute that stands in another.
pub(crate) fn put(inside: &mut Vec<u8>, kind: u16, payload: &[u8]) {
    inside.extend_from_slice(&(payload.len() as u16 + 4).to_ne_bytes());
    inside.extend_from_slice(&kind.to_ne_bytes());
    inside.extend_from_slice(payload);
    inside.resize(inside.len().next_multiple_of(4), 0);
}

/// `INET_DIAG_ULP_INFO`: the name, and what `kind` (2 TLS, 3 MPTCP) says.
pub(crate) fn upper_layer(name: &str, kind: u16, children: &[(u16, Vec<u8>)]) -> (u16, Vec<u8>) {
    let (mut inside, mut all) = (Vec::new(), Vec::new());
    for (kind, payload) in children {
        put(&mut inside, *kind, payload);
    }
    put(&mut all, 1, &[name.as_bytes(), b"\0"].concat());
    put(&mut all, kind, &inside);
    (ULP_INFO, all)
}

pub(crate) fn md5_key(address: [u8; 4], key: &[u8]) -> Vec<u8> {
    let mut entry = vec![2, 32, key.len() as u8, 0];
    entry.extend_from_slice(&address);
    entry.resize(20, 0);
    entry.extend_from_slice(key);
    entry.resize(100, 0);
    entry
}

/// `struct sockaddr_storage`.
pub(crate) fn storage(address: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    match address.parse().expect("an address") {
        std::net::IpAddr::V4(address) => {
            bytes.extend_from_slice(&2_u16.to_ne_bytes());
            bytes.extend_from_slice(&[0; 2]);
            bytes.extend_from_slice(&address.octets());
        }
        std::net::IpAddr::V6(address) => {
            bytes.extend_from_slice(&10_u16.to_ne_bytes());
            bytes.extend_from_slice(&[0; 6]);
            bytes.extend_from_slice(&address.octets());
        }
    }
    bytes.resize(128, 0);
    bytes
}

/// The connection of most examples.
pub(crate) fn plain() -> Message {
    Message::inet(ESTAB, ([10, 0, 0, 1], 1000), ([10, 0, 0, 2], 2000))
}

pub(crate) fn connection(state: u8, local: ([u8; 4], u16), peer: ([u8; 4], u16)) -> Message {
    Message::inet(state, local, peer)
}

pub(crate) trait Told: Sized {
    fn told(self, attributes: impl IntoIterator<Item = (u16, Vec<u8>)>) -> Self;
    fn timer(self, kind: u8, expires: u32, retransmits: u8) -> Self;
    fn queues(self, receive: u32, send: u32) -> Self;
    /// Inode number and the lower half of the cookie.
    fn known(self, inode: u32, cookie: u32) -> Self;
    fn v6(self) -> Self;
}

impl Told for Message {
    fn told(mut self, attributes: impl IntoIterator<Item = (u16, Vec<u8>)>) -> Self {
        self.attributes.extend(attributes);
        self
    }

    fn timer(mut self, kind: u8, expires: u32, retransmits: u8) -> Self {
        (self.timer, self.expires, self.retransmits) = (kind, expires, retransmits);
        self
    }

    fn queues(mut self, receive: u32, send: u32) -> Self {
        self.queues = [receive, send];
        self
    }

    fn known(mut self, inode: u32, cookie: u32) -> Self {
        (self.inode, self.cookie) = (inode, [cookie, 0]);
        self
    }

    fn v6(mut self) -> Self {
        self.family = 10;
        self
    }
}

/// The connection where names of services are wanted: these ports have none.
pub(crate) fn nameless() -> Message {
    Message {
        ports: [40001, 40002],
        ..plain()
    }
}
