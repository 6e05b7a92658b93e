//! UDP, UDP-Lite, raw and ping sockets: bound, connected, with data that waits, in groups.

use std::io;

use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{Sock, family_of, inet};
use crate::scene::rtnl::{Net, Route};
use crate::scene::stage::Stage;
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "udp",
    about: "UDP, UDP-Lite, raw and ping sockets",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "resolver",
        comm: b"resolver",
        argv: &[b"/usr/sbin/resolver", b"-f"],
        uid: 0,
        run: resolver,
    },
    Role {
        key: "asker",
        comm: b"asker",
        argv: &[b"asker"],
        uid: 65_534,
        run: asker,
    },
    Role {
        key: "groups",
        comm: b"groups",
        argv: &[b"groups"],
        uid: 0,
        run: groups,
    },
    Role {
        key: "raw",
        comm: b"raw",
        argv: &[b"raw"],
        uid: 0,
        run: raw,
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    // Groups need an interface that carries them; the loopback does once it is told.
    let mut net = Net::open()?;
    for group in ["224.0.0.0/4", "ff00::/8"] {
        stage.attempt("route to groups", |_| {
            net.add_route(&Route {
                device: Some("lo"),
                ..Route::to(group)
            })
        });
    }
    for role in ROLES {
        stage.start(role)?;
    }
    stage.facts.tell("UDP_PORT", "53");
    Ok(())
}

/// Servers: nobody in particular on the other side.
fn resolver(actor: &mut Actor) -> io::Result<()> {
    for address in [
        "0.0.0.0:53",
        "0.0.0.0:68",
        "[::]:5353",
        "127.0.0.1:54",
        "[::1]:123",
        "0.0.0.0:7070",
    ] {
        actor.hold(Sock::udp_at(address)?);
    }
    // Data that nobody reads, and some that no longer fits.
    let reader = Sock::udp_at("127.0.0.1:2000")?;
    reader.option(libc::SOL_SOCKET, libc::SO_RCVBUF, 2304)?;
    let writer = Sock::udp_at("127.0.0.1:42000")?;
    writer.connect(&inet("127.0.0.1:2000")?)?;
    for _ in 0..8 {
        writer.send(b"abc")?;
    }
    actor.hold(reader);
    actor.hold(writer);
    // Both ends connected to each other, of either family and mixed.
    for (one, other) in [
        ("127.0.0.1:2001", "127.0.0.1:42001"),
        ("[::1]:2002", "[::1]:42002"),
        ("[::ffff:127.0.0.1]:2003", "[::ffff:127.0.0.1]:42003"),
        ("[::ffff:127.0.0.1]:2004", "127.0.0.1:42004"),
    ] {
        let first = Sock::udp_at(one)?;
        let second = Sock::udp_at(other)?;
        let mapped = |address: &str| match address.strip_prefix("[::ffff:") {
            Some(rest) if family_of(other) == libc::AF_INET => rest.replace(']', ""),
            _ => address.to_owned(),
        };
        second.connect(&inet(&mapped(one))?)?;
        let towards = match family_of(one) == family_of(other) {
            true => other.to_owned(),
            false => other.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        };
        first.connect(&inet(&towards)?)?;
        actor.hold(first);
        actor.hold(second);
    }
    // One socket connected to itself, one to nobody, one on a device, one bound to nothing.
    let alone = Sock::udp_at("127.0.0.1:2005")?;
    alone.connect(&inet("127.0.0.1:2005")?)?;
    alone.send(&[b'z'; 50])?;
    actor.hold(alone);
    let tied = Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    tied.on_device("lo")?;
    tied.bind(&inet("0.0.0.0:2006")?)?;
    actor.hold(tied);
    let only = Sock::new(libc::AF_INET6, libc::SOCK_DGRAM, 0)?;
    only.option(libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1)?;
    only.bind(&inet("[::]:2007")?)?;
    actor.hold(only);
    actor.hold(Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?);
    actor.hold(Sock::new(libc::AF_INET6, libc::SOCK_DGRAM, 0)?);
    actor.attempt("SO_MARK on UDP", |actor| {
        let marked = Sock::udp_at("127.0.0.1:2008")?;
        marked.option(libc::SOL_SOCKET, libc::SO_MARK, 0x1f)?;
        marked.option(libc::IPPROTO_IP, libc::IP_TOS, 0x10)?;
        actor.hold(marked);
        Ok(())
    });
    // Several sockets with one address.
    for _ in 0..2 {
        let socket = Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
        socket.option(libc::SOL_SOCKET, libc::SO_REUSEPORT, 1)?;
        socket.bind(&inet("127.0.0.1:2009")?)?;
        actor.hold(socket);
    }
    let pid = actor.split(b"resolver helper", |_| Ok(()))?;
    actor.tell("RESOLVER_HELPER_PID", pid.to_string());
    actor.attempt("UDP-Lite", |actor| {
        for (address, peer) in [
            ("127.0.0.1:777", None),
            ("[::1]:778", None),
            ("0.0.0.0:779", None),
            ("[::]:780", None),
            ("127.0.0.1:42777", Some("127.0.0.1:777")),
            ("[::1]:42778", Some("[::1]:778")),
        ] {
            let socket = Sock::new(family_of(address), libc::SOCK_DGRAM, libc::IPPROTO_UDPLITE)?;
            socket.bind(&inet(address)?)?;
            if let Some(peer) = peer {
                socket.connect(&inet(peer)?)?;
                socket.send(b"lite")?;
            }
            actor.hold(socket);
        }
        Ok(())
    });
    Ok(())
}

/// Clients of another user.
fn asker(actor: &mut Actor) -> io::Result<()> {
    for (from, to) in [
        ("127.0.0.1:42100", "127.0.0.1:53"),
        ("[::1]:42101", "[::1]:123"),
        ("[::ffff:127.0.0.1]:42102", "[::ffff:127.0.0.1]:53"),
    ] {
        let socket = Sock::udp_at(from)?;
        socket.connect(&inet(to)?)?;
        socket.send(b"what is the time")?;
        actor.hold(socket);
    }
    // Ping sockets: a new one, one with a number, one connected, and the same of IPv6.
    actor.attempt("ping sockets", ping);
    Ok(())
}

fn ping(actor: &mut Actor) -> io::Result<()> {
    let four = || Sock::new(libc::AF_INET, libc::SOCK_DGRAM, libc::IPPROTO_ICMP);
    let six = || Sock::new(libc::AF_INET6, libc::SOCK_DGRAM, libc::IPPROTO_ICMPV6);
    actor.hold(four()?);
    let bound = four()?;
    bound.bind(&inet("127.0.0.1:57065")?)?;
    actor.hold(bound);
    let connected = four()?;
    connected.bind(&inet("127.0.0.1:57066")?)?;
    connected.connect(&inet("127.0.0.2:0")?)?;
    actor.hold(connected);
    actor.hold(six()?);
    let bound = six()?;
    bound.bind(&inet("[::1]:57067")?)?;
    actor.hold(bound);
    Ok(())
}

/// Members of groups: what is listed with interfaces and users.
fn groups(actor: &mut Actor) -> io::Result<()> {
    let lo = sys::interface_index("lo")?;
    let shared = |address: &str| -> io::Result<Sock> {
        let socket = Sock::new(family_of(address), libc::SOCK_DGRAM, 0)?;
        socket.option(libc::SOL_SOCKET, libc::SO_REUSEADDR, 1)?;
        socket.bind(&inet(address)?)?;
        Ok(socket)
    };
    let four = shared("224.0.0.251:5354")?;
    for group in [[224, 0, 0, 251], [239, 1, 2, 3]] {
        // struct ip_mreqn: group, own address, interface.
        let request = [&group[..], &[0; 4], &lo.to_ne_bytes()].concat();
        four.option_bytes(libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP, &request)?;
    }
    actor.hold(four);
    let again = shared("0.0.0.0:5355")?;
    let request = [&[239, 1, 2, 3][..], &[0; 4], &lo.to_ne_bytes()].concat();
    again.option_bytes(libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP, &request)?;
    actor.hold(again);
    actor.attempt("IPv6 group", |actor| {
        let six = shared("[::]:5356")?;
        for group in ["[ff02::fb]:0", "[ff05::1234:5678:9abc:def0]:0"] {
            let address = inet(group)?;
            // struct ipv6_mreq: the 16 bytes of the group, the interface.
            let bytes = address.get(8..24).unwrap_or_default();
            let request = [bytes, &lo.to_ne_bytes()].concat();
            six.option_bytes(libc::IPPROTO_IPV6, libc::IPV6_ADD_MEMBERSHIP, &request)?;
        }
        actor.hold(six);
        Ok(())
    });
    Ok(())
}

/// A raw socket that lets nothing in: what is on its way in a scene would pile up at it.
fn quiet(family: i32, protocol: i32) -> io::Result<Sock> {
    let socket = Sock::new(family, libc::SOCK_RAW, protocol)?;
    let drop_all = libc::sock_filter {
        code: 0x06,
        jt: 0,
        jf: 0,
        k: 0,
    };
    sys::attach_filter(
        &socket,
        libc::SOL_SOCKET,
        libc::SO_ATTACH_FILTER,
        &[drop_all],
    )?;
    Ok(socket)
}

/// Raw sockets: the "port" of their own end is the protocol.
fn raw(actor: &mut Actor) -> io::Result<()> {
    for protocol in [1, 2, 6, 17, 47, 58, 89, 99, 253, 255] {
        actor.attempt(&format!("raw protocol {protocol}"), |actor| {
            actor.hold(quiet(libc::AF_INET, protocol)?);
            Ok(())
        });
    }
    for protocol in [58, 89, 255] {
        actor.attempt(&format!("raw IPv6 protocol {protocol}"), |actor| {
            actor.hold(quiet(libc::AF_INET6, protocol)?);
            Ok(())
        });
    }
    actor.attempt("raw, bound and connected", |actor| {
        for (family, from, to, protocol) in [
            (libc::AF_INET, "127.0.0.1:0", None, 1),
            (libc::AF_INET, "127.0.0.1:0", Some("127.0.0.2:0"), 99),
            (libc::AF_INET6, "[::1]:0", Some("[::1]:0"), 58),
            (libc::AF_INET6, "[::1]:0", None, 99),
        ] {
            let socket = quiet(family, protocol)?;
            socket.bind(&inet(from)?)?;
            if let Some(to) = to {
                socket.connect(&inet(to)?)?;
            }
            actor.hold(socket);
        }
        let tied = quiet(libc::AF_INET, 89)?;
        tied.on_device("lo")?;
        actor.hold(tied);
        // What waits to be read.
        let reader = Sock::new(libc::AF_INET, libc::SOCK_RAW, 252)?;
        let writer = Sock::new(libc::AF_INET, libc::SOCK_RAW, 252)?;
        writer.send_to(&[b'r'; 40], &inet("127.0.0.1:0")?)?;
        actor.hold(reader);
        actor.hold(writer);
        Ok(())
    });
    Ok(())
}
