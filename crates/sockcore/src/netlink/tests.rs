//! Every family's decoder on random attributes, cut and mutated.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::ops::ControlFlow;

use super::{decode, messages_of};
use crate::addr::InetFamily;
use crate::netlink::request::push_attribute;
use crate::procfs::{KernelWalk, ProcRoot};
use crate::query::{InetQuery, Query, QueryFamily, UnixQuery, UnixShow, Via};
use crate::socket::{InetProtocol, Socket, StateSet};
use crate::source::{Live, SocketSource as _};

fn noise(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn families() -> Vec<(QueryFamily, usize)> {
    vec![
        (
            QueryFamily::Inet(InetQuery::new(
                InetFamily::V4,
                InetProtocol::TCP,
                StateSet::ALL,
            )),
            72,
        ),
        (
            QueryFamily::Unix(UnixQuery {
                states: StateSet::ALL,
                show: UnixShow(0x3f),
            }),
            16,
        ),
        (QueryFamily::Netlink, 28),
        (QueryFamily::Packet, 16),
        (QueryFamily::Vsock(StateSet::ALL), 32),
        (QueryFamily::Tipc(StateSet::ALL), 0),
        (QueryFamily::Xdp, 16),
    ]
}

fn random_body(fixed: usize, seed: &mut u64) -> Vec<u8> {
    let mut body: Vec<u8> = (0..fixed).map(|_| noise(seed).to_le_bytes()[2]).collect();
    for _ in 0..noise(seed) % 12 {
        let mut value = Vec::new();
        for _ in 0..noise(seed) % 4 {
            let inner: Vec<u8> = (0..noise(seed) % 50)
                .map(|_| noise(seed).to_le_bytes()[1])
                .collect();
            push_attribute(&mut value, (noise(seed) % 14) as u16, &inner);
        }
        push_attribute(&mut body, (noise(seed) % 24) as u16, &value);
    }
    body
}

#[test]
fn every_decoder_survives_cuts_and_mutations() {
    let mut seed = 0x1234_5678;
    for (family, fixed) in families() {
        for _ in 0..200 {
            let mut body = random_body(fixed, &mut seed);
            for length in 0..body.len() {
                let decoded = decode(&family, &body[..length]);
                assert!(fixed == 0 || decoded.is_some() == (length >= fixed));
            }
            if body.is_empty() {
                continue;
            }
            for _ in 0..20 {
                let at = (noise(&mut seed) % body.len() as u64) as usize;
                body[at] = noise(&mut seed).to_le_bytes()[0];
                std::hint::black_box(decode(&family, &body));
            }
        }
    }
}

#[test]
fn a_datagram_with_a_bad_length_ends_the_walk() {
    let mut seed = 99;
    for _ in 0..2000 {
        let length = (noise(&mut seed) % 200) as usize;
        let datagram: Vec<u8> = (0..length)
            .map(|_| noise(&mut seed).to_le_bytes()[3])
            .collect();
        let walked: usize = messages_of(&datagram)
            .map(|message| 16 + message.body.len())
            .sum();
        assert!(walked <= datagram.len());
    }
}

/// The live kernel: the one-pass dump tells what two dumps tell, in the same order.
#[test]
fn one_pass_over_tcp_gives_the_rows_of_two_dumps() {
    let mut held: Vec<(TcpListener, TcpStream)> = Vec::new();
    for number in 0..40 {
        let listener = if number % 2 == 0 {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        } else {
            TcpListener::bind((Ipv6Addr::LOCALHOST, 0))
        };
        let Ok(listener) = listener else { continue };
        let Ok(address) = listener.local_addr() else {
            continue;
        };
        if let Ok(client) = TcpStream::connect(address) {
            held.push((listener, client));
        }
    }
    assert!(held.len() >= 20, "loopback gives connections");
    let ports: Vec<u16> = held
        .iter()
        .filter_map(|(listener, _)| Some(listener.local_addr().ok()?.port()))
        .collect();
    let rows = |both: bool, kernel_walk: KernelWalk| {
        let mut source = Live::new(ProcRoot::live().with_kernel_walk(kernel_walk));
        let query = InetQuery {
            brief: true,
            ..InetQuery::new(InetFamily::V4, InetProtocol::TCP, StateSet::ALL)
        };
        let mut rows = Vec::new();
        let mut each = |socket: &Socket<'_>| {
            if let Socket::Inet(socket) = socket {
                // Other tests come and go on the same machine; these sockets stay.
                if ports.contains(&socket.local.port) || ports.contains(&socket.peer.port) {
                    rows.push((
                        socket.state,
                        socket.local,
                        socket.peer,
                        socket.inode,
                        socket.uid,
                    ));
                }
            }
            ControlFlow::Continue(())
        };
        if both {
            source.visit_both(&query, Via::Netlink, &mut each).unwrap();
        } else {
            for family in [InetFamily::V4, InetFamily::V6] {
                let family = QueryFamily::Inet(InetQuery {
                    family,
                    ..query.clone()
                });
                source
                    .visit(
                        &Query {
                            family,
                            via: Via::Netlink,
                        },
                        &mut each,
                    )
                    .unwrap();
            }
        }
        rows
    };
    let one = rows(true, KernelWalk::Never);
    let two = rows(false, KernelWalk::Never);
    assert!(one.len() >= held.len() * 3);
    assert_eq!(one, two);
    // Without the privilege this is the one-pass dump again.
    assert_eq!(rows(true, KernelWalk::Always), two);
}
