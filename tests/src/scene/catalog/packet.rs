//! Packet sockets: by protocol and device, with rings, filters and fanout groups; and vsock and XDP
//! sockets, which need no partner to exist.

use std::io;

use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{self, Sock};
use crate::scene::stage::Stage;
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "packet",
    about: "packet sockets, vsock and XDP sockets",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "sniffer",
        comm: b"sniffer",
        argv: &[b"sniffer"],
        uid: 0,
        run: sniff,
    },
    Role {
        key: "rarities",
        comm: b"rarities",
        argv: &[b"rarities"],
        uid: 0,
        run: rarities,
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    for role in ROLES {
        stage.start(role)?;
    }
    Ok(())
}

/// A packet socket of a protocol on an interface, 0 for any.
fn packet(kind: i32, protocol: u16, interface: u32) -> io::Result<Sock> {
    // Made without a protocol, so that nothing arrives before it is bound.
    let socket = Sock::new(libc::AF_PACKET, kind, 0)?;
    // Little room, which is soon full: then its queue does not change any more.
    socket.option(libc::SOL_SOCKET, libc::SO_RCVBUF, 1)?;
    socket.bind(&net::packet(protocol, interface))?;
    Ok(socket)
}

fn sniff(actor: &mut Actor) -> io::Result<()> {
    const ALL: u16 = 3;
    const IP: u16 = 0x0800;
    const ARP: u16 = 0x0806;
    const IPV6: u16 = 0x86dd;
    const LLDP: u16 = 0x88cc;
    let lo = sys::interface_index("lo")?;
    for (kind, protocol, interface) in [
        (libc::SOCK_RAW, ALL, 0),
        (libc::SOCK_RAW, IP, lo),
        (libc::SOCK_DGRAM, LLDP, lo),
        (libc::SOCK_RAW, 0x1234, 0),
        (libc::SOCK_DGRAM, 0x9000, lo),
        (libc::SOCK_RAW, IPV6, 0),
        (libc::SOCK_RAW, 0x88f7, lo),
        (libc::SOCK_DGRAM, 0x8100, 0),
    ] {
        actor.hold(packet(kind, protocol, interface)?);
    }
    // No protocol: bound to nothing, not even running.
    actor.hold(Sock::new(libc::AF_PACKET, libc::SOCK_RAW, 0)?);
    actor.hold(Sock::new(libc::AF_PACKET, libc::SOCK_DGRAM, 0)?);
    actor.attempt("AF_PACKET of the old kind", |actor| {
        const SOCK_PACKET: i32 = 10;
        actor.hold(Sock::new(
            libc::AF_PACKET,
            SOCK_PACKET,
            i32::from(IP.to_be()),
        )?);
        Ok(())
    });
    // Data that nobody reads.
    let reader = packet(libc::SOCK_RAW, IP, lo)?;
    let writer = Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    writer.send_to(&[b'p'; 100], &net::inet("127.0.0.1:9")?)?;
    actor.hold(reader);
    actor.attempt("packet filter", |actor| {
        let filtered = packet(libc::SOCK_DGRAM, ARP, 0)?;
        let instruction = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
        sys::attach_filter(
            &filtered,
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            &[
                instruction(0x28, 0, 0, 12),
                instruction(0x15, 0, 1, u32::from(ARP)),
                instruction(0x06, 0, 0, 262_144),
                instruction(0x06, 0, 0, 0),
            ],
        )?;
        filtered.option(libc::SOL_PACKET, libc::PACKET_AUXDATA, 1)?;
        actor.hold(filtered);
        Ok(())
    });
    for version in 0..3 {
        actor.attempt(&format!("packet ring of version {version}"), |actor| {
            ring(actor, lo, version)
        });
    }
    for (group, kind) in [(42_u32, 1_u32), (7, 3), (8, 0)] {
        actor.attempt(&format!("fanout of kind {kind}"), |actor| {
            for _ in 0..2 {
                let member = packet(libc::SOCK_RAW, ALL, lo)?;
                member.option(
                    libc::SOL_PACKET,
                    libc::PACKET_FANOUT,
                    (group | kind << 16).cast_signed(),
                )?;
                actor.hold(member);
            }
            Ok(())
        });
    }
    for (name, option) in [
        ("PACKET_ORIGDEV", libc::PACKET_ORIGDEV),
        ("PACKET_VNET_HDR", libc::PACKET_VNET_HDR),
        ("PACKET_LOSS", libc::PACKET_LOSS),
    ] {
        actor.attempt(name, |actor| {
            let socket = packet(libc::SOCK_RAW, IP, lo)?;
            socket.option(libc::SOL_PACKET, option, 1)?;
            actor.hold(socket);
            Ok(())
        });
    }
    actor.attempt("packet groups", |actor| {
        let socket = packet(libc::SOCK_RAW, IP, lo)?;
        // struct packet_mreq: interface, kind (1 is promiscuous), length, address.
        let request = [&lo.to_ne_bytes()[..], &1_u16.to_ne_bytes(), &[0; 10]].concat();
        socket.option_bytes(libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &request)?;
        actor.hold(socket);
        Ok(())
    });
    let pid = actor.split(b"sniffer 2", |_| Ok(()))?;
    actor.tell("SNIFFER_SECOND_PID", pid.to_string());
    actor.tell("PACKET_DEV", "lo");
    Ok(())
}

fn ring(actor: &mut Actor, interface: u32, version: i32) -> io::Result<()> {
    let socket = Sock::new(libc::AF_PACKET, libc::SOCK_RAW, 0)?;
    socket.option(libc::SOL_PACKET, libc::PACKET_VERSION, version)?;
    // struct tpacket_req: block size and number, frame size and number; version 3 adds a timeout,
    // a private size and features.
    let mut request = [4096_u32, 4, 2048, 8].map(u32::to_ne_bytes).concat();
    if version == 2 {
        request.extend([60_u32, 0, 1].map(u32::to_ne_bytes).concat());
    }
    socket.option_bytes(libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
    let mut length = 4 * 4096;
    if version != 2 {
        socket.option_bytes(libc::SOL_PACKET, libc::PACKET_TX_RING, &request)?;
        length *= 2;
    }
    socket.bind(&net::packet(0x0800, interface))?;
    if version == 1 {
        sys::map(&socket, length, libc::PROT_READ, libc::MAP_SHARED, 0)?;
    }
    actor.hold(socket);
    Ok(())
}

/// Families that this kernel may have or not.
fn rarities(actor: &mut Actor) -> io::Result<()> {
    actor.attempt("vsock", |actor| {
        // Ports of this family belong to the whole machine and connections leave it: take any free
        // port, and call nobody.
        let any = net::vsock(u32::MAX, u32::MAX);
        let fresh = Sock::new(libc::AF_VSOCK, libc::SOCK_STREAM, 0)?;
        let bound = Sock::new(libc::AF_VSOCK, libc::SOCK_STREAM, 0)?;
        bound.bind(&any)?;
        let listener = Sock::new(libc::AF_VSOCK, libc::SOCK_STREAM, 0)?;
        listener.bind(&any)?;
        listener.listen(5)?;
        let packets = Sock::new(libc::AF_VSOCK, libc::SOCK_SEQPACKET, 0);
        for socket in [fresh, bound, listener] {
            actor.hold(socket);
        }
        actor.hold(packets?);
        Ok(())
    });
    actor.attempt("XDP sockets", |actor| {
        actor.hold(Sock::new(libc::AF_XDP, libc::SOCK_RAW, 0)?);
        Ok(())
    });
    for (name, family, kind, protocol) in [
        (
            "SCTP",
            libc::AF_INET,
            libc::SOCK_SEQPACKET,
            libc::IPPROTO_SCTP,
        ),
        ("SMC", 43, libc::SOCK_STREAM, 0),
        ("TIPC", libc::AF_TIPC, libc::SOCK_RDM, 0),
        ("Bluetooth", libc::AF_BLUETOOTH, libc::SOCK_RAW, 1),
        ("AF_ALG", libc::AF_ALG, libc::SOCK_SEQPACKET, 0),
        ("AF_KEY", libc::AF_KEY, libc::SOCK_RAW, 2),
        ("CAN", libc::AF_CAN, libc::SOCK_RAW, 1),
        ("RDS", libc::AF_RDS, libc::SOCK_SEQPACKET, 0),
        ("LLC", libc::AF_LLC, libc::SOCK_DGRAM, 0),
        ("AX.25", libc::AF_AX25, libc::SOCK_DGRAM, 0),
        ("IPX", libc::AF_IPX, libc::SOCK_DGRAM, 0),
        ("X.25", libc::AF_X25, libc::SOCK_SEQPACKET, 0),
        ("NET/ROM", libc::AF_NETROM, libc::SOCK_SEQPACKET, 0),
        ("ROSE", libc::AF_ROSE, libc::SOCK_SEQPACKET, 0),
    ] {
        actor.attempt(name, |actor| {
            actor.hold(Sock::new(family, kind, protocol)?);
            Ok(())
        });
    }
    Ok(())
}
