//! The decoders of netlink messages against truncation, mutation, other lengths, and against an
//! independent decoder.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::ops::ControlFlow;

use sockcore::addr::InetFamily;
use sockcore::query::InetQuery;
use sockcore::socket::{InetProtocol, InetSocket, Socket, StateSet};
use sockcore::source::visit_messages;

/// A small generator of reproducible noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}

fn attribute(into: &mut Vec<u8>, kind: u16, value: &[u8]) {
    into.extend_from_slice(&u16::try_from(value.len() + 4).unwrap().to_ne_bytes());
    into.extend_from_slice(&kind.to_ne_bytes());
    into.extend_from_slice(value);
    into.resize(into.len().next_multiple_of(4), 0);
}

fn message(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&u32::try_from(body.len() + 16).unwrap().to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(&[0; 10]);
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A message of Linux 6.18 with every attribute known, and some unknown ones.
fn full_body(noise: &mut Noise) -> Vec<u8> {
    let mut body = noise.bytes(72);
    body[0] = if noise.below(2) == 0 { 2 } else { 10 };
    for kind in 0..30u16 {
        let length = match kind {
            2 => 280,
            4 => 16,
            7 => 36,
            18 => 200,
            _ => noise.below(64),
        };
        let flag = if noise.below(8) == 0 { 0x8000 } else { 0 };
        let value = noise.bytes(length);
        attribute(&mut body, kind | flag, &value);
    }
    body
}

fn query() -> InetQuery {
    InetQuery::new(InetFamily::V4, InetProtocol::TCP, StateSet::ALL)
}

/// Touches everything that can be asked of a record.
fn touch(socket: &InetSocket<'_>) -> u64 {
    let mut sum = socket.inode.0 ^ socket.cookie.0 ^ u64::from(socket.told_protocol().0);
    if let Some(info) = socket.attributes.tcp_info() {
        sum ^= info.bytes_acked() ^ u64::from(info.ecn_bits()) ^ u64::from(info.rtt());
    }
    if let Some(memory) = socket.attributes.memory {
        sum ^= u64::from(memory.drops().unwrap_or(1)) ^ u64::from(memory.rcvbuf().unwrap_or(1));
    }
    if let Some(words) = socket.attributes.memory_info {
        sum ^= words.iter().map(u64::from).sum::<u64>();
    }
    sum
}

fn visit(bytes: &[u8]) -> (u32, bool) {
    let mut count = 0;
    let answer = visit_messages(bytes, &query(), &mut |socket| {
        if let Socket::Inet(socket) = socket {
            std::hint::black_box(touch(socket));
            count += 1;
        }
        ControlFlow::Continue(())
    });
    (count, answer.is_ok())
}

#[test]
fn a_message_cut_at_any_byte_is_left_out_and_never_panics() {
    let mut noise = Noise(0x5eed);
    let body = full_body(&mut noise);
    let mut whole = message(20, &body);
    whole.extend_from_slice(&message(3, &[0; 4]));
    assert_eq!(visit(&whole), (1, true));
    for length in 0..whole.len() {
        let (count, complete) = visit(&whole[..length]);
        // The end marker's header decides; its body may be missing.
        assert!(
            complete || length < message(20, &body).len() + 16,
            "at {length}"
        );
        assert!(count <= 1);
    }
}

#[test]
fn a_body_cut_at_any_byte_keeps_the_attributes_before_the_cut() {
    let mut noise = Noise(77);
    let body = full_body(&mut noise);
    for length in 0..=body.len() {
        let mut bytes = message(20, &body[..length]);
        bytes.extend_from_slice(&message(3, &[]));
        let (count, complete) = visit(&bytes);
        assert!(complete);
        assert_eq!(count, u32::from(length >= 72), "at {length}");
    }
}

#[test]
fn randomly_mutated_messages_never_panic() {
    let mut noise = Noise(0xdead_beef);
    for _ in 0..3000 {
        let mut bytes = message(20, &full_body(&mut noise));
        bytes.extend_from_slice(&message(3, &[]));
        for _ in 0..1 + noise.below(12) {
            let at = noise.below(bytes.len());
            bytes[at] = noise.next().to_le_bytes()[0];
        }
        std::hint::black_box(visit(&bytes));
    }
}

#[test]
fn an_older_and_a_newer_tcp_info_are_both_read() {
    let mut noise = Noise(9);
    for length in [
        0usize, 1, 103, 104, 120, 136, 144, 160, 168, 192, 200, 224, 232, 240, 248, 280, 400,
    ] {
        let info = noise.bytes(length);
        let mut body = vec![0; 72];
        body[0] = 2;
        attribute(&mut body, 2, &info);
        let mut bytes = message(20, &body);
        bytes.extend_from_slice(&message(3, &[]));
        let mut seen = None;
        visit_messages(bytes.as_slice(), &query(), &mut |socket| {
            if let Socket::Inet(socket) = socket {
                seen = socket
                    .attributes
                    .tcp_info()
                    .map(|info| (info.snd_cwnd(), info.rehash()));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        let word = |at: usize| {
            let mut four = [0; 4];
            for (index, byte) in four.iter_mut().enumerate() {
                *byte = info.get(at + index).copied().unwrap_or(0);
            }
            u32::from_ne_bytes(four)
        };
        assert_eq!(seen, Some((word(80), word(236))), "length {length}");
    }
}

#[test]
fn the_crate_for_sock_diag_decodes_the_same_sockets() {
    use netlink_packet_core::Parseable as _;
    use netlink_packet_sock_diag::inet::{InetResponse, nlas::Nla};

    let mut noise = Noise(4711);
    let mut compared = 0;
    for _ in 0..500 {
        let mut body = noise.bytes(72);
        body[0] = if noise.below(2) == 0 { 2 } else { 10 };
        body[2] = 0;
        attribute(&mut body, 8, &[noise.next().to_le_bytes()[0]]);
        attribute(&mut body, 2, &noise.bytes(280));
        attribute(&mut body, 4, b"cubic\0");
        let Ok(theirs) = InetResponse::parse(body.as_slice()) else {
            continue;
        };
        let mut bytes = message(20, &body);
        bytes.extend_from_slice(&message(3, &[]));
        visit_messages(bytes.as_slice(), &query(), &mut |socket| {
            let Socket::Inet(ours) = socket else {
                panic!("an inet query gives inet sockets")
            };
            let header = &theirs.header;
            assert_eq!(ours.state.0, header.state);
            assert_eq!(ours.local.port, header.socket_id.source_port);
            assert_eq!(ours.peer.port, header.socket_id.destination_port);
            assert_eq!(ours.local.address.to_ip(), header.socket_id.source_address);
            assert_eq!(
                ours.peer.address.to_ip(),
                header.socket_id.destination_address
            );
            assert_eq!(ours.interface.0, header.socket_id.interface_id);
            assert_eq!(ours.recv_queue, header.recv_queue);
            assert_eq!(ours.send_queue, header.send_queue);
            assert_eq!(ours.uid.0, header.uid);
            assert_eq!(ours.inode.0, u64::from(header.inode));
            for nla in &theirs.nlas {
                match nla {
                    Nla::Shutdown(mask) => assert_eq!(ours.attributes.shutdown, Some(*mask)),
                    Nla::Congestion(name) => {
                        assert_eq!(ours.attributes.congestion, Some(name.as_bytes()));
                    }
                    _ => {}
                }
            }
            compared += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    }
    assert!(compared > 400, "only {compared} messages could be compared");
}
