//! Netlink: recordings of Internet sockets, datagrams and bodies of the other families, interfaces
//! and addresses; and the port mapper's answer, which is as binary.

use std::ops::ControlFlow;

use conformance::random::Dice;
use sockcore::addr::InetFamily;
use sockcore::fuzzing;
use sockcore::query::InetQuery;
use sockcore::socket::mptcp_info::MptcpInfo;
use sockcore::socket::sctp_info::SctpInfo;
use sockcore::socket::{InetProtocol, InetSocket, Socket, StateSet, md5, sctp_info};
use sockcore::source::visit_messages;

use super::{Reader, Target};
use crate::shape::Shape;

/// Names and attribute headers.
const WORDS: &[&[u8]] = &[
    b"cubic\0",
    b"tls\0",
    b"mptcp\0",
    b"\x08\0\x01\0",
    b"\x08\0\x02\0",
    b"\x05\0\x08\0",
    b"\x08\0\x0f\x80",
    b"\x04\0\x02\0",
    b"\x04\0\x13\x80",
    b"\0\0\0\0",
    b"\xff\xff\x02\0",
    b"\x14\0\0\0\x03\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0",
    b"\x10\0\0\0\x14\0\x02\0",
];

pub(super) const NETLINK: Target = Target {
    name: "netlink",
    about: "messages of the kernel, and the port mapper's answer",
    readers: &[
        Reader {
            name: "tcp",
            seeds: || recordings(280),
            words: WORDS,
            read: |input, shape| recording(input, InetProtocol::TCP, shape),
        },
        Reader {
            name: "mptcp",
            seeds: || recordings(72),
            words: WORDS,
            read: |input, shape| recording(input, InetProtocol(262), shape),
        },
        Reader {
            name: "sctp",
            seeds: || recordings(368),
            words: WORDS,
            read: |input, shape| recording(input, InetProtocol(132), shape),
        },
        Reader {
            name: "datagram",
            seeds: || {
                let bodies = (0..7).flat_map(bodies).map(|body| message(20, &body));
                vec![[bodies.collect::<Vec<_>>().concat(), message(3, &[0; 4])].concat()]
            },
            words: WORDS,
            read: datagram,
        },
        Reader {
            name: "unix",
            seeds: || bodies(1),
            words: WORDS,
            read: |input, shape| body(1, input, shape),
        },
        Reader {
            name: "netlink",
            seeds: || bodies(2),
            words: WORDS,
            read: |input, shape| body(2, input, shape),
        },
        Reader {
            name: "packet",
            seeds: || bodies(3),
            words: WORDS,
            read: |input, shape| body(3, input, shape),
        },
        Reader {
            name: "vsock",
            seeds: || bodies(4),
            words: WORDS,
            read: |input, shape| body(4, input, shape),
        },
        Reader {
            name: "tipc",
            seeds: || bodies(5),
            words: WORDS,
            read: |input, shape| body(5, input, shape),
        },
        Reader {
            name: "xdp",
            seeds: || bodies(6),
            words: WORDS,
            read: |input, shape| body(6, input, shape),
        },
        Reader {
            name: "route",
            seeds: || {
                let attributes = (0..60).map(|kind| (kind, 4 + usize::from(kind) % 32));
                vec![
                    structure(16, attributes.clone()),
                    structure(8, attributes.take(12)),
                ]
            },
            words: WORDS,
            read: |input, shape| fuzzing::route(input, &mut |one| shape.saw(one)),
        },
        Reader {
            name: "portmapper",
            seeds: port_mapper,
            words: &[
                b"\0\0\0\x01",
                b"\x80\0\0\x04",
                b"\0\x01\x86\xa0",
                b"\xff\xff\xff\xff",
            ],
            read: |input, shape| shape.saw(fuzzing::port_mapper(input)),
        },
    ],
};

fn attribute(into: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(value.len() + 4).unwrap_or(4);
    into.extend_from_slice(&length.to_ne_bytes());
    into.extend_from_slice(&kind.to_ne_bytes());
    into.extend_from_slice(value);
    into.resize(into.len().next_multiple_of(4), 0);
}

fn message(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 16).unwrap_or(16);
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(&[0; 10]);
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A fixed part and attributes, of kinds and lengths, all of noise.
fn structure(fixed: usize, attributes: impl Iterator<Item = (u16, usize)>) -> Vec<u8> {
    let mut dice = Dice::new(fixed as u64, 0);
    let mut noise =
        |length: usize| -> Vec<u8> { (0..length).map(|_| dice.bits().to_ne_bytes()[3]).collect() };
    let mut body = noise(fixed);
    for (kind, length) in attributes {
        attribute(&mut body, kind, &noise(length));
    }
    body
}

/// Attributes within an attribute, their values being `number`s of four bytes.
fn nested(kinds: std::ops::Range<u16>) -> Vec<u8> {
    let mut all = Vec::new();
    for kind in kinds {
        attribute(&mut all, kind, &u32::from(kind).to_ne_bytes());
    }
    all
}

/// Recordings with every attribute known and some unknown ones; `info` is the length of
/// `INET_DIAG_INFO`.
fn recordings(info: usize) -> Vec<Vec<u8>> {
    let length = move |kind: u16| match kind {
        2 => info,
        7 => 36,
        12 | 13 => 256,
        18 => 200,
        _ => 16,
    };
    let mut full = structure(
        72,
        (1..=22)
            .filter(|&kind| kind != 19)
            .map(|kind| (kind, length(kind))),
    );
    let mut upper = Vec::new();
    attribute(&mut upper, 1, b"tls\0");
    attribute(&mut upper, 2, &nested(1..7));
    attribute(&mut upper, 3, &nested(1..11));
    attribute(&mut full, 19, &upper);
    attribute(&mut full, 20, &[&[0; 4][..], &nested(1..4)].concat());
    let mut plain = structure(72, [(8, 1)].into_iter());
    attribute(&mut plain, 4, b"cubic\0");
    if let (Some(full), Some(plain)) = (full.first_mut(), plain.first_mut()) {
        (*full, *plain) = (2, 10);
    }
    let done = message(3, &[0; 4]);
    vec![
        [message(20, &full), message(20, &plain), done.clone()].concat(),
        [message(20, &plain), done.clone()].concat(),
        [message(20, &plain), message(2, &(-2_i32).to_ne_bytes())].concat(),
        done,
    ]
}

fn bodies(family: usize) -> Vec<Vec<u8>> {
    let all =
        |fixed, kinds: u16, length| structure(fixed, (0..=kinds).map(move |kind| (kind, length)));
    match family {
        0 => vec![all(72, 22, 16)],
        1 => vec![all(16, 8, 8), {
            let mut body = structure(16, std::iter::empty());
            attribute(&mut body, 0, b"\0abstract name");
            attribute(&mut body, 3, &nested(0..3));
            body
        }],
        2 => vec![all(28, 5, 16), all(28, 5, 36)],
        3 => vec![all(24, 10, 24), all(24, 10, 8)],
        4 => vec![all(36, 0, 0), structure(36, std::iter::empty())],
        // No fixed part: a socket's attributes, its connection and its counters among them.
        5 => vec![{
            let mut inner = nested(0..11);
            attribute(&mut inner, 3, &nested(0..6));
            attribute(&mut inner, 5, &nested(0..8));
            let mut body = Vec::new();
            attribute(&mut body, 2, &inner);
            body
        }],
        _ => vec![all(16, 9, 40), all(16, 9, 8)],
    }
}

fn port_mapper() -> Vec<Vec<u8>> {
    let mut record = Vec::new();
    let mut words = |words: &[u32]| {
        for word in words {
            record.extend_from_slice(&word.to_be_bytes());
        }
    };
    words(&[0x8000_0000 | 60, 1, 1, 0, 0, 0, 0]);
    words(&[
        1,
        100_003,
        4,
        3,
        0x7463_7000,
        4,
        0x302e_302e,
        2,
        0x6130_0000,
        0,
    ]);
    vec![record]
}

fn recording(input: &[u8], protocol: InetProtocol, shape: &mut Shape) {
    let query = InetQuery::new(InetFamily::V4, protocol, StateSet::ALL);
    let answer = visit_messages(input, &query, &mut |socket| {
        shape.saw(socket);
        if let Socket::Inet(socket) = socket {
            deeper(socket, shape);
        }
        ControlFlow::Continue(())
    });
    shape.saw(answer);
}

/// What is decoded only when it is asked for.
fn deeper(socket: &InetSocket<'_>, shape: &mut Shape) {
    shape.saw(socket.told_protocol());
    let all = &socket.attributes;
    if let Some(info) = all.tcp_info() {
        shape.saw((
            info.snd_cwnd(),
            info.bytes_acked(),
            info.rtt(),
            info.ecn_bits(),
        ));
        shape.saw((info.rehash(), info.delivery_rate(), info.rcv_ooopack()));
    }
    if let Some(info) = all.info {
        let (mptcp, sctp) = (MptcpInfo(info), SctpInfo(info));
        shape.saw((mptcp.token(), mptcp.snd_una(), mptcp.subflows()));
        shape.saw((sctp.tag(), sctp.adaptation_ind(), sctp.rwnd()));
    }
    if let Some(memory) = all.memory {
        shape.saw((memory.drops(), memory.rcvbuf()));
    }
    if let Some(words) = all.memory_info {
        shape.saw(words.iter().count());
    }
    for array in [all.locals, all.peers].into_iter().flatten() {
        shape.saw(sctp_info::addresses(array).collect::<Vec<_>>());
    }
    if let Some(keys) = all.md5_keys {
        shape.saw(md5::keys(keys).collect::<Vec<_>>());
    }
    shape.saw(all.upper_protocol());
}

fn datagram(input: &[u8], shape: &mut Shape) {
    for family in fuzzing::families() {
        fuzzing::datagram(&family, input, &mut |socket| {
            shape.saw(socket);
            ControlFlow::Continue(())
        });
    }
}

fn body(family: usize, input: &[u8], shape: &mut Shape) {
    let families = fuzzing::families();
    if let Some(socket) = families
        .get(family)
        .and_then(|family| fuzzing::body(family, input))
    {
        shape.saw(&socket);
    }
}
