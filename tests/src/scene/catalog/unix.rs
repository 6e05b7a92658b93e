//! Unix sockets: kinds, states, and names of every shape.

use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;

use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{self, Sock, pair};
use crate::scene::stage::{Stage, open_to_all};
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "unix",
    about: "unix sockets of every kind, state and name",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "bus",
        comm: b"bus",
        argv: &[b"/usr/bin/bus", b"--session"],
        uid: 0,
        run: bus,
    },
    VISITOR,
    Role {
        key: "names",
        comm: b"names",
        argv: &[b"names"],
        uid: 0,
        run: names,
    },
    Role {
        key: "pairs",
        comm: b"pairs",
        argv: &[b"pairs"],
        uid: 0,
        run: pairs,
    },
];

/// Apart, because programs that read the kernel's table as text are deceived by it.
pub(super) const HOSTILE: Scene = Scene {
    name: "hostile",
    about: "unix names that pretend to be lines of the kernel's table",
    build: |stage, _| stage.start(&FORGER).map(drop),
    roles: &[FORGER],
};

const FORGER: Role = Role {
    key: "forger",
    comm: b"forger",
    argv: &[b"forger"],
    uid: 0,
    run: forge,
};

fn forge(actor: &mut Actor) -> io::Result<()> {
    let names: [&[u8]; 2] = [
        b"\0x\n0000000000000000: 00000002 00000000 00010000 0001 01 99 /forged",
        b"\0y\n0000000000000001: 00000003 00000000 00000000 0001 03 1 @init",
    ];
    for name in names {
        actor.hold(bound(libc::SOCK_STREAM, name)?);
    }
    Ok(())
}

const VISITOR: Role = Role {
    key: "visitor",
    comm: b"visitor",
    argv: &[b"visitor"],
    uid: 65_534,
    run: visit,
};

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let directory = stage.directory.join("unix");
    fs::create_dir(&directory)?;
    open_to_all(&directory)?;
    stage.facts.tell("UNIX_DIR", directory.as_os_str());
    for role in ROLES {
        if role.key != VISITOR.key {
            stage.start(role)?;
        }
    }
    Ok(())
}

fn bound(kind: i32, name: &[u8]) -> io::Result<Sock> {
    let socket = Sock::new(libc::AF_UNIX, kind, 0)?;
    socket.bind(&net::unix(name))?;
    Ok(socket)
}

/// A name in the directory of the scene's unix sockets, readable for all.
fn at(actor: &Actor, name: &str) -> Vec<u8> {
    actor
        .path("unix")
        .join(name)
        .into_os_string()
        .into_encoded_bytes()
}

/// Servers that others visit.
fn bus(actor: &mut Actor) -> io::Result<()> {
    let stream = bound(libc::SOCK_STREAM, &at(actor, "stream"))?;
    stream.listen(3)?;
    let packets = bound(libc::SOCK_SEQPACKET, &at(actor, "packets"))?;
    packets.listen(128)?;
    let datagrams = bound(libc::SOCK_DGRAM, &at(actor, "datagrams"))?;
    let hidden = bound(libc::SOCK_STREAM, b"\0bus")?;
    hidden.listen(4096)?;
    for name in ["stream", "packets", "datagrams"] {
        open_to_all(&actor.path("unix").join(name))?;
    }
    actor.tell("UNIX_PATH", actor.path("unix").join("stream"));
    actor.tell("UNIX_DGRAM_PATH", actor.path("unix").join("datagrams"));

    actor.start(&VISITOR)?;

    // One caller was taken in, the others wait.
    let guest = stream.accept()?;
    guest.send(b"welcome")?;
    actor.hold(guest);
    let guest = packets.accept()?;
    actor.hold(guest);
    actor.hold(hidden.accept()?);
    for socket in [stream, packets, datagrams, hidden] {
        actor.hold(socket);
    }
    let pid = actor.split(b"bus (helper)", |_| Ok(()))?;
    actor.tell("BUS_HELPER_PID", pid.to_string());
    Ok(())
}

fn visit(actor: &mut Actor) -> io::Result<()> {
    let call = |kind: i32, name: &[u8]| -> io::Result<Sock> {
        let socket = Sock::new(libc::AF_UNIX, kind, 0)?;
        socket.connect(&net::unix(name))?;
        Ok(socket)
    };
    for _ in 0..3 {
        let caller = call(libc::SOCK_STREAM, &at(actor, "stream"))?;
        caller.send(&[b'v'; 100])?;
        actor.hold(caller);
    }
    actor.hold(call(libc::SOCK_SEQPACKET, &at(actor, "packets"))?);
    for _ in 0..2 {
        actor.hold(call(libc::SOCK_STREAM, b"\0bus")?);
    }
    // Two that send to one receiver, and a third with a name of its own.
    for _ in 0..2 {
        let sender = call(libc::SOCK_DGRAM, &at(actor, "datagrams"))?;
        sender.send(b"datagram")?;
        actor.hold(sender);
    }
    let named = bound(libc::SOCK_DGRAM, b"\0visitor")?;
    named.connect(&net::unix(&at(actor, "datagrams")))?;
    actor.hold(named);
    // A caller with a name.
    let named = bound(libc::SOCK_STREAM, &at(actor, "caller"))?;
    named.connect(&net::unix(&at(actor, "stream")))?;
    actor.hold(named);
    Ok(())
}

/// Names of every shape, on sockets that do nothing else.
fn names(actor: &mut Actor) -> io::Result<()> {
    std::env::set_current_dir(actor.path("unix"))?;
    let directory = at(actor, "");
    let shapes: [&[u8]; 16] = [
        b"with blank",
        b"new\nline",
        b"quo\"te",
        b"apostro'phe",
        b"co:lon",
        b":first colon",
        b"ta\tb",
        b"esc\x1b[31mred",
        "h\u{f6}flich \u{65e5}\u{672c}".as_bytes(),
        b"bad\xff\xfeutf8",
        b"back\\slash",
        b"star*name?",
        b"@at",
        b"trailing ",
        b"del\x7fete",
        b"(deleted)",
    ];
    for (index, shape) in shapes.into_iter().enumerate() {
        let name = [&directory[..], shape].concat();
        let kind = match index % 3 {
            0 => libc::SOCK_STREAM,
            1 => libc::SOCK_DGRAM,
            _ => libc::SOCK_SEQPACKET,
        };
        let socket = bound(kind, &name)?;
        if kind == libc::SOCK_STREAM {
            socket.listen(1)?;
        }
        actor.hold(socket);
    }
    // Relative, and as long as a name can be: with the final NUL it fills the address.
    actor.hold(bound(libc::SOCK_STREAM, b"relative")?);
    actor.hold(bound(libc::SOCK_STREAM, b"./dotted")?);
    actor.hold(bound(libc::SOCK_DGRAM, &[b'l'; 107])?);
    // Abstract names.
    let hidden: [&[u8]; 11] = [
        b"\0",
        b"\0plain",
        b"\0em\0bed\0ded",
        b"\0trailing\0\0",
        b"\0 leading blank",
        b"\0with blank",
        b"\0:colon",
        b"\0new\nline",
        b"\0esc\x1b]0;title\x07",
        b"\0\xff\xfe\x80",
        b"\0/looks/like/a path",
    ];
    for name in hidden {
        let socket = bound(libc::SOCK_STREAM, name)?;
        socket.listen(0)?;
        actor.hold(socket);
    }
    actor.hold(bound(libc::SOCK_DGRAM, &[&[0][..], &[b'n'; 107]].concat())?);
    // Named by the kernel; by nobody.
    actor.hold(bound(libc::SOCK_STREAM, b"")?);
    actor.hold(bound(libc::SOCK_DGRAM, b"")?);
    for kind in [
        libc::SOCK_STREAM,
        libc::SOCK_DGRAM,
        libc::SOCK_SEQPACKET,
        libc::SOCK_RAW,
    ] {
        actor.hold(Sock::new(libc::AF_UNIX, kind, 0)?);
    }
    // The file is gone, was renamed, was replaced, has a second name.
    for name in ["gone", "renamed", "replaced", "linked"] {
        let socket = bound(libc::SOCK_STREAM, &at(actor, name))?;
        socket.listen(1)?;
        actor.hold(socket);
    }
    fs::remove_file("gone")?;
    fs::rename("renamed", "new name")?;
    fs::remove_file("replaced")?;
    actor.hold(bound(libc::SOCK_STREAM, &at(actor, "replaced"))?);
    fs::hard_link("linked", "second name")?;
    // A blocking connect to a full listener waits, and shows as connecting only while it does:
    // not waiting, it is refused.
    let full = bound(libc::SOCK_STREAM, b"\0full")?;
    full.listen(0)?;
    let first = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    first.connect(&net::unix(b"\0full"))?;
    actor.hold(full);
    actor.hold(first);
    let pid = actor.split_waiting(b"waiting", libc::SYS_connect, || {
        let second = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
        second.connect(&net::unix(b"\0full"))
    })?;
    actor.tell("UNIX_WAITING_PID", pid.to_string());
    // A datagram socket connected to itself.
    let alone = bound(libc::SOCK_DGRAM, b"\0alone")?;
    alone.connect(&net::unix(b"\0alone"))?;
    actor.hold(alone);
    Ok(())
}

/// Pairs without names, whole and half.
fn pairs(actor: &mut Actor) -> io::Result<()> {
    for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET] {
        let (one, other) = pair(kind)?;
        one.send(b"waits to be read")?;
        actor.hold(one);
        actor.hold(other);
    }
    // The other end is gone.
    let (one, other) = pair(libc::SOCK_STREAM)?;
    drop(other);
    actor.hold(one);
    let (one, other) = pair(libc::SOCK_DGRAM)?;
    drop(other);
    actor.hold(one);
    // Shut: sending, receiving, both.
    for how in [libc::SHUT_WR, libc::SHUT_RD, libc::SHUT_RDWR] {
        let (one, other) = pair(libc::SOCK_STREAM)?;
        sys::shutdown(&one, how)?;
        actor.hold(one);
        actor.hold(other);
    }
    // Full: nothing more goes in.
    let (one, other) = pair(libc::SOCK_STREAM)?;
    one.fill()?;
    actor.hold(one);
    actor.hold(other);
    // Descriptors on their way, one of which nobody else holds.
    let (one, other) = pair(libc::SOCK_STREAM)?;
    let (flying, rest) = pair(libc::SOCK_STREAM)?;
    sys::send_descriptors(&one, &[flying.as_raw_fd(), rest.as_raw_fd()])?;
    drop(flying);
    actor.hold(one);
    actor.hold(other);
    actor.hold(rest);
    // Shared with children under other names.
    let (one, other) = pair(libc::SOCK_STREAM)?;
    actor.hold(one);
    actor.hold(other);
    for comm in [&b"a\tb"[..], "\u{e9}".as_bytes(), b"exactly15bytes!"] {
        actor.split(comm, |_| Ok(()))?;
    }
    Ok(())
}
