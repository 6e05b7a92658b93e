//! Random trees over random sockets: the steps, and the kernel's program run by an interpreter of
//! what the kernel's headers say its instructions mean, against the tree itself.

use super::{Builder, Condition, End, Filter, Glob, Host, HostFamily, Node, NodeId, PortRange};
use super::{Facts, Relation};
use crate::addr::{Address, Endpoint, InetFamily};
use crate::id::{Cookie, IfIndex, Inode, Uid};
use crate::socket::{
    InetAttributes, InetProtocol, InetSocket, NetlinkSocket, Socket, SocketState, Timer,
    UnixSocket, VsockSocket,
};

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

const PORTS: [u16; 8] = [0, 1, 22, 80, 1023, 32768, 60999, 65535];
const RANGE: PortRange = PortRange {
    first: 32768,
    last: 60999,
};

fn address(dice: &mut Dice, family: InetFamily) -> Address {
    match family {
        InetFamily::V4 => Address::v4(dice.of(&[
            [0, 0, 0, 0],
            [127, 0, 0, 1],
            [127, 0, 0, 2],
            [10, 0, 0, 1],
            [255, 255, 255, 255],
        ])),
        InetFamily::V6 => {
            let text = dice.of(&[
                "::",
                "::1",
                "fe80::1",
                "7f00:1::",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "ffff::",
            ]);
            Address::from(text.parse::<std::net::IpAddr>().unwrap())
        }
    }
}

fn inet_socket(dice: &mut Dice) -> InetSocket<'static> {
    let family = dice.of(&[InetFamily::V4, InetFamily::V6]);
    let mut end = || Endpoint {
        address: address(dice, family),
        port: dice.of(&PORTS),
    };
    let (local, peer) = (end(), end());
    InetSocket {
        family,
        protocol: InetProtocol::TCP,
        state: SocketState::ESTABLISHED,
        local,
        peer,
        interface: IfIndex(dice.of(&[0, 0, 1, 2])),
        cookie: Cookie(1),
        timer: Timer::default(),
        recv_queue: 0,
        send_queue: 0,
        uid: Uid(0),
        inode: Inode(7),
        attributes: InetAttributes {
            mark: dice.of(&[None, Some(0), Some(5), Some(0x10)]),
            cgroup_id: dice.of(&[None, Some(1), Some(1 << 40)]),
            ..InetAttributes::default()
        },
        text: None,
    }
}

fn host(dice: &mut Dice) -> Host {
    let port = dice.of(&[-1, -1, 0, 22, 80, 65535, 65558, 1 << 32 | 22, 0xffff_ffff]);
    let family = dice.of(&[InetFamily::V4, InetFamily::V6]);
    let address = address(dice, family);
    let (family, longest) = match family {
        InetFamily::V4 => (HostFamily::Inet, 32),
        InetFamily::V6 => (HostFamily::Inet6, 128),
    };
    if dice.below(4) == 0 {
        return Host { port, ..Host::ANY };
    }
    Host {
        family,
        address: address.bytes,
        length: dice.of(&[0, 1, 7, 8, 9, 31, 32, longest, longest]),
        port,
    }
}

fn condition(dice: &mut Dice, with_devices: bool) -> Condition {
    let end = dice.of(&[End::Local, End::Peer]);
    match dice.below(if with_devices { 8 } else { 6 }) {
        0 | 1 => Condition::Host {
            end,
            hosts: (0..1 + dice.below(3) / 2).map(|_| host(dice)).collect(),
        },
        2 => Condition::Port {
            end,
            relation: dice.of(&[Relation::AtLeast, Relation::AtMost]),
            port: dice.of(&[-1, 0, 22, 23, 65535, 65558, 70000]),
        },
        3 => Condition::Mark {
            value: dice.of(&[0, 5, 4]),
            mask: dice.of(&[u32::MAX, 4, 0]),
        },
        4 => Condition::Cgroup(dice.of(&[0, 1, 1 << 40])),
        5 => Condition::Autobound(RANGE),
        6 => Condition::Device(IfIndex(dice.of(&[0, 1]))),
        _ => Condition::Name {
            end,
            pattern: Glob::new(dice.of(&[&b"*"[..], b"", b"@*", b"/A*", b"?"]), true),
        },
    }
}

fn tree(dice: &mut Dice, builder: &mut Builder, depth: usize, with_devices: bool) -> NodeId {
    let shape = if depth == 0 { 0 } else { dice.below(6) };
    match shape {
        0 => builder.condition(condition(dice, with_devices)),
        1 => {
            let inner = tree(dice, builder, depth - 1, with_devices);
            builder.not(inner)
        }
        even => {
            let left = tree(dice, builder, depth - 1, with_devices);
            let right = tree(dice, builder, depth - 1, with_devices);
            if even % 2 == 0 {
                builder.and(left, right)
            } else {
                builder.or(left, right)
            }
        }
    }
}

fn random_filter(dice: &mut Dice, with_devices: bool) -> Filter {
    let mut builder = Builder::new();
    let depth = dice.below(7);
    let root = tree(dice, &mut builder, depth, with_devices);
    builder.finish(root)
}

/// The tree judged node by node.
fn judge(filter: &Filter, index: usize, is_met: &dyn Fn(&Condition) -> bool) -> bool {
    match &filter.nodes[index] {
        Node::Condition(condition) => is_met(condition),
        Node::Not(inner) => !judge(filter, *inner, is_met),
        // Both sides always, unlike the steps.
        Node::And(left, right) => judge(filter, *left, is_met) & judge(filter, *right, is_met),
        Node::Or(left, right) => judge(filter, *left, is_met) | judge(filter, *right, is_met),
    }
}

#[test]
fn the_steps_say_what_the_tree_says() {
    let mut dice = Dice(0x5eed_0001);
    let mut matched = 0;
    for _ in 0..4000 {
        let filter = random_filter(&mut dice, true);
        for _ in 0..8 {
            let name: &[u8] = dice.of(&[&b""[..], b"/a", b"\0abc12", b"/b\0c"]);
            let socket = match dice.below(4) {
                0 => unix_socket(name),
                _ => Socket::Inet(inet_socket(&mut dice)),
            };
            let facts = Facts::of(&socket);
            let expected = judge(&filter, filter.root, &|condition| facts.meet(condition));
            assert_eq!(filter.matches(&socket), expected, "{filter:?}\n{socket:?}");
            matched += u32::from(expected);
        }
    }
    assert!(
        (8000..24000).contains(&matched),
        "both outcomes occur: {matched}"
    );
}

/// What the kernel decides about one condition, told in terms of the socket.
fn kernel_meets(socket: &InetSocket<'_>, condition: &Condition) -> bool {
    let end_of = |end: &End| match end {
        End::Local => &socket.local,
        End::Peer => &socket.peer,
    };
    match condition {
        Condition::Host { end, hosts } => {
            let (end, host) = (end_of(end), &hosts[0]);
            let port = host.port as i32;
            if port != -1 && port != i32::from(end.port) {
                return false;
            }
            let bits = |bytes: &[u8]| {
                (0..usize::from(host.length))
                    .all(|bit| (bytes[bit / 8] ^ host.address[bit / 8]) << (bit % 8) & 0x80 == 0)
            };
            match (host.family, socket.family) {
                (HostFamily::Unspecified, _) => true,
                (HostFamily::Inet, InetFamily::V4) | (HostFamily::Inet6, InetFamily::V6) => {
                    bits(&end.address.bytes)
                }
                (HostFamily::Inet, InetFamily::V6) => {
                    end.address.mapped_v4().is_some_and(|octets| bits(&octets))
                }
                _ => false,
            }
        }
        Condition::Port {
            end,
            relation,
            port,
        } => match relation {
            Relation::AtLeast => end_of(end).port >= *port as u16,
            Relation::AtMost => end_of(end).port <= *port as u16,
        },
        Condition::Mark { value, mask } => socket.attributes.mark.unwrap_or(0) & mask == *value,
        Condition::Cgroup(id) => socket.attributes.cgroup_id.unwrap_or(0) == *id,
        // The kernel's lock on a chosen port is no part of a message.
        Condition::Autobound(_) => socket.uid == Uid(1),
        Condition::Device(_) | Condition::Name { .. } => unreachable!("not asked of the kernel"),
    }
}

/// Runs a program as `linux/inet_diag.h` describes it; `None`: it is not one.
fn interpret(program: &[u8], socket: &InetSocket<'_>) -> Option<bool> {
    let word = |at: usize| {
        Some(u32::from_ne_bytes(
            program.get(at..at + 4)?.try_into().ok()?,
        ))
    };
    let half = |at: usize| {
        Some(u16::from_ne_bytes(
            program.get(at..at + 2)?.try_into().ok()?,
        ))
    };
    let mut at = 0;
    loop {
        if at == program.len() {
            return Some(true);
        }
        if at == program.len() + 4 {
            return Some(false);
        }
        let (code, yes, no) = (*program.get(at)?, *program.get(at + 1)?, half(at + 2)?);
        let number = |local: bool| {
            if local {
                socket.local.port
            } else {
                socket.peer.port
            }
        };
        let met = match code {
            1 => false,
            2 | 4 => number(code == 2) >= half(at + 6)?,
            3 | 5 => number(code == 3) <= half(at + 6)?,
            6 => socket.uid == Uid(1),
            7 | 8 => {
                let end = if code == 7 {
                    &socket.local
                } else {
                    &socket.peer
                };
                let (family, length) = (*program.get(at + 4)?, *program.get(at + 5)?);
                let port = word(at + 8)? as i32;
                let address = program.get(at + 12..at + usize::from(yes))?;
                let same = |bytes: &[u8]| {
                    (0..usize::from(length))
                        .all(|bit| (bytes[bit / 8] ^ address[bit / 8]) & 0x80 >> (bit % 8) == 0)
                };
                let own = match socket.family {
                    InetFamily::V4 => 2,
                    InetFamily::V6 => 10,
                };
                let bytes = &end.address.bytes;
                (port == -1 || port == i32::from(end.port))
                    && if family == 0 || family == own {
                        same(bytes)
                    } else {
                        (family, own) == (2, 10)
                            && bytes[..12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
                            && same(&bytes[12..])
                    }
            }
            10 => socket.attributes.mark.unwrap_or(0) & word(at + 8)? == word(at + 4)?,
            13 => {
                let id = u64::from_ne_bytes(program.get(at + 4..at + 12)?.try_into().ok()?);
                socket.attributes.cgroup_id.unwrap_or(0) == id
            }
            _ => return None,
        };
        let distance = if met {
            usize::from(yes)
        } else {
            usize::from(no)
        };
        // Jumps lead forward, by whole instructions.
        if distance < 4 || distance % 4 != 0 {
            return None;
        }
        at += distance;
    }
}

#[test]
fn the_kernels_program_says_what_the_tree_says() {
    let mut dice = Dice(0x5eed_0002);
    let mut matched = 0;
    for _ in 0..4000 {
        let filter = random_filter(&mut dice, false);
        let program = filter.bytecode().expect("no device");
        for _ in 0..8 {
            let mut socket = inet_socket(&mut dice);
            socket.uid = Uid(dice.of(&[0, 1]));
            let expected = judge(&filter, filter.root, &|condition| {
                kernel_meets(&socket, condition)
            });
            assert_eq!(
                interpret(&program, &socket),
                Some(expected),
                "{filter:?}\n{socket:?}\n{program:?}"
            );
            matched += u32::from(expected);
        }
    }
    assert!(
        (8000..24000).contains(&matched),
        "both outcomes occur: {matched}"
    );
}

#[test]
fn programs_are_the_documented_bytes() {
    let with = |build: &dyn Fn(&mut Builder) -> NodeId| {
        let mut builder = Builder::new();
        let root = build(&mut builder);
        builder.finish(root).bytecode().unwrap()
    };
    let port = |port| Condition::Host {
        end: End::Local,
        hosts: vec![Host { port, ..Host::ANY }],
    };
    let half = |number: u16| number.to_ne_bytes();
    let number = |number: i32| number.to_ne_bytes();
    let cond = |no: u16, port: i32| {
        [
            &[7, 16],
            &half(no)[..],
            &[0, 0, 0, 0],
            &number(port),
            &[0; 4],
        ]
        .concat()
    };
    assert_eq!(with(&|b| b.condition(port(22))), cond(20, 22));
    assert_eq!(
        with(&|b| {
            let inner = b.condition(port(22));
            b.not(inner)
        }),
        [&cond(20, 22)[..], &[1, 4], &half(8)].concat()
    );
    let either = with(&|b| {
        let (left, right) = (b.condition(port(22)), b.condition(port(23)));
        b.or(left, right)
    });
    assert_eq!(
        either,
        [&cond(20, 22)[..], &[1, 4], &half(20), &cond(20, 23)].concat()
    );
    let at_most = Condition::Port {
        end: End::Peer,
        relation: Relation::AtMost,
        port: 70000,
    };
    let both = with(&|b| {
        let (left, right) = (b.condition(port(22)), b.condition(at_most.clone()));
        b.and(left, right)
    });
    assert_eq!(
        both,
        [&cond(28, 22)[..], &[5, 8], &half(12), &[0, 0], &half(4464)].concat()
    );
    let two_hosts = Condition::Host {
        end: End::Local,
        hosts: vec![
            Host {
                port: 1,
                ..Host::ANY
            },
            Host {
                port: 2,
                ..Host::ANY
            },
        ],
    };
    assert_eq!(
        with(&|b| b.condition(two_hosts.clone())),
        [&cond(20, 1)[..], &[1, 4], &half(20), &cond(20, 1)].concat()
    );
}

#[test]
fn a_device_anywhere_leaves_no_program() {
    let mut builder = Builder::new();
    let device = builder.condition(Condition::Device(IfIndex(1)));
    let autobound = builder.condition(Condition::Autobound(RANGE));
    let root = builder.or(autobound, device);
    assert_eq!(builder.finish(root).bytecode(), None);
}

/// An expression is as deep as it is long; nothing may recurse over it.
#[test]
fn a_very_long_expression_is_judged_and_compiled() {
    let mut builder = Builder::new();
    let mut root = builder.condition(Condition::Cgroup(9));
    for number in 0..400_000 {
        let next = builder.condition(Condition::Cgroup(number));
        root = builder.or(root, next);
        if number % 3 == 0 {
            root = builder.not(root);
        }
    }
    let filter = builder.finish(root);
    let socket = Socket::Inet(inet_socket(&mut Dice(3)));
    std::hint::black_box(filter.matches(&socket));
    assert!(filter.bytecode().unwrap().len() > 65_500);
}

fn unix_socket(name: &[u8]) -> Socket<'_> {
    Socket::Unix(UnixSocket {
        kind: 1,
        state: SocketState::ESTABLISHED,
        inode: Inode(3_000_000_000),
        cookie: Cookie(0),
        name: Some(name),
        file: None,
        peer: Some(Inode(5)),
        pending: None,
        queues: None,
        memory: None,
        shutdown: None,
        uid: None,
        text: None,
    })
}

fn meets(socket: &Socket<'_>, condition: &Condition) -> bool {
    Facts::of(socket).meet(condition)
}

#[test]
fn ports_of_other_families_are_their_numbers() {
    let at_least = |end, port| Condition::Port {
        end,
        relation: Relation::AtLeast,
        port,
    };
    let socket = unix_socket(b"/x");
    assert!(meets(&socket, &at_least(End::Local, 3_000_000_000)));
    assert!(!meets(&socket, &at_least(End::Local, 3_000_000_001)));
    assert!(!meets(&socket, &at_least(End::Peer, 6)));
    let netlink = Socket::Netlink(NetlinkSocket {
        kind: 3,
        protocol: 9,
        state: SocketState::CLOSE,
        port_id: u32::MAX - 3,
        peer_port_id: 0,
        peer_group: 0,
        inode: Inode(1),
        cookie: Cookie(0),
        memory: None,
        groups: None,
        text: None,
    });
    assert!(!meets(&netlink, &at_least(End::Local, 0)));
    assert!(meets(&netlink, &at_least(End::Local, -4)));
    assert!(!meets(&netlink, &at_least(End::Peer, 0)));
    assert!(meets(&netlink, &Condition::Autobound(RANGE)));
    let vsock = Socket::Vsock(VsockSocket {
        kind: 1,
        state: SocketState::LISTEN,
        shutdown: 0,
        local_cid: 2,
        local_port: u32::MAX,
        peer_cid: 0,
        peer_port: 0,
        inode: Inode(1),
        cookie: Cookie(0),
    });
    assert!(meets(&vsock, &at_least(End::Local, 4_294_967_295)));
    assert!(meets(&vsock, &Condition::Autobound(RANGE)));
}

#[test]
fn names_are_compared_as_they_are_shown() {
    let named = |end, pattern: &[u8]| Condition::Name {
        end,
        pattern: Glob::new(pattern, true),
    };
    let local =
        |name: &[u8], pattern: &[u8]| meets(&unix_socket(name), &named(End::Local, pattern));
    assert!(local(b"/run/X.sock", b"/RUN/*"));
    assert!(local(b"\0a\0b", b"@a@b"));
    assert!(local(b"/a\0junk", b"/a"));
    assert!(local(b"", b""));
    assert!(!local(b"/a", b""));
    assert!(meets(&unix_socket(b"/a"), &named(End::Peer, b"*")));
    assert!(!meets(&unix_socket(b"/a"), &named(End::Peer, b"?*")));
    let autobound = |name: &[u8]| meets(&unix_socket(name), &Condition::Autobound(RANGE));
    assert!(autobound(b"") && autobound(b"\x000a1f9"));
    assert!(!autobound(b"\x000A1f9") && !autobound(b"\x000a1f99") && !autobound(b"/a"));
}

#[test]
fn patterns_match_as_the_c_library_says() {
    let mut dice = Dice(0x5eed_0003);
    let alphabet = b"aAbB*?[]!^-\\.:=/@z\x80 1";
    let pieces: [&[u8]; 14] = [
        b"[:alpha:]",
        b"[[:digit:]]",
        b"[[:upper:]]",
        b"[a-z]",
        b"[!a]",
        b"[^b]",
        b"[]a]",
        b"[\\]a]",
        b"[[=a=]]",
        b"[[.-.]b]",
        b"[[:foo:]]",
        b"[b-a]",
        b"[A-b]",
        b"[[.a.]-z]",
    ];
    let mut matched = 0;
    for _ in 0..300_000 {
        let mut pattern = Vec::new();
        for _ in 0..dice.below(7) {
            if dice.below(8) == 0 {
                pattern.extend_from_slice(pieces[dice.below(pieces.len())]);
            } else {
                pattern.push(dice.of(alphabet));
            }
        }
        let name: Vec<u8> = (0..dice.below(6)).map(|_| dice.of(alphabet)).collect();
        let expected = crate::sys::glob::matches(&pattern, &name);
        matched += u32::from(expected);
        assert_eq!(
            Glob::new(&pattern, true).matches(&name),
            expected,
            "{} {}",
            pattern.escape_ascii(),
            name.escape_ascii()
        );
    }
    assert!(matched > 10_000, "{matched}");
}

#[test]
fn a_hostile_pattern_takes_no_longer_than_its_length_times_the_names() {
    let pattern: Vec<u8> = b"*a".repeat(500);
    let name = vec![b'a'; 60_000];
    assert!(!Glob::new(&[&pattern[..], b"b"].concat(), true).matches(&name));
}
