//! Netlink sockets: protocols, port numbers of every kind, groups, connections.

use std::io;

use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{self, Sock};
use crate::scene::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "netlink",
    about: "netlink sockets of many protocols",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "monitor",
        comm: b"monitor",
        argv: &[b"monitor"],
        uid: 0,
        run: monitor,
    },
    Role {
        key: "listener",
        comm: b"link (user)",
        argv: &[b"link"],
        uid: 65_534,
        run: listen,
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    for role in ROLES {
        stage.start(role)?;
    }
    Ok(())
}

fn bound(protocol: i32, port: u32, groups: u32) -> io::Result<Sock> {
    let socket = Sock::new(libc::AF_NETLINK, libc::SOCK_RAW, protocol)?;
    socket.bind(&net::netlink(port, groups))?;
    Ok(socket)
}

fn monitor(actor: &mut Actor) -> io::Result<()> {
    // The first of a protocol gets the process number, the others what the kernel invents: numbers
    // of its choice are left to those whose number is chosen here.
    for protocol in 0..23 {
        actor.attempt(&format!("netlink protocol {protocol}"), |actor| {
            actor.hold(bound(protocol, 0, 0)?);
            Ok(())
        });
    }
    for (protocol, port, groups) in [
        (libc::NETLINK_ROUTE, 4242, 0x11),
        (libc::NETLINK_ROUTE, 4_000_000_000, 0x8000_0001),
        (libc::NETLINK_ROUTE, 1, 0),
        (libc::NETLINK_KOBJECT_UEVENT, 7, 1),
        (libc::NETLINK_GENERIC, 99_999, 0),
        (libc::NETLINK_USERSOCK, 0x7fff_ffff, 0),
    ] {
        actor.hold(bound(protocol, port, groups)?);
    }
    // A group beyond the first thirty-two.
    actor.attempt("NETLINK_ADD_MEMBERSHIP", |actor| {
        let member = bound(libc::NETLINK_ROUTE, 4243, 0)?;
        member.option(libc::SOL_NETLINK, libc::NETLINK_ADD_MEMBERSHIP, 33)?;
        member.option(libc::SOL_NETLINK, libc::NETLINK_ADD_MEMBERSHIP, 5)?;
        actor.hold(member);
        Ok(())
    });
    // Connected to the kernel, and to another process.
    for (port, to) in [(4244, 0), (4245, 0x7fff_ffff)] {
        let connected = bound(libc::NETLINK_USERSOCK, port, 0)?;
        connected.connect(&net::netlink(to, 0))?;
        actor.hold(connected);
    }
    // An answer that nobody reads: the links of the scene.
    let asking = bound(libc::NETLINK_ROUTE, 4246, 0)?;
    let request = [
        &32_u32.to_ne_bytes()[..],
        &18_u16.to_ne_bytes(),
        &0x301_u16.to_ne_bytes(),
        &[0; 24],
    ]
    .concat();
    asking.send(&request)?;
    actor.hold(asking);
    // Not bound.
    actor.hold(Sock::new(
        libc::AF_NETLINK,
        libc::SOCK_RAW,
        libc::NETLINK_ROUTE,
    )?);
    actor.hold(Sock::new(
        libc::AF_NETLINK,
        libc::SOCK_DGRAM,
        libc::NETLINK_GENERIC,
    )?);
    Ok(())
}

fn listen(actor: &mut Actor) -> io::Result<()> {
    actor.hold(bound(libc::NETLINK_ROUTE, 0, 0x1)?);
    actor.hold(bound(libc::NETLINK_KOBJECT_UEVENT, 0, 0)?);
    let pid = actor.split(b"link (child)", |actor| {
        // Its port number is that of another process.
        actor.hold(bound(libc::NETLINK_GENERIC, 0, 0)?);
        Ok(())
    })?;
    actor.tell("LISTENER_CHILD_PID", pid.to_string());
    Ok(())
}
