//! Processes in namespaces other than the scene's own: what the tools see of them from outside, and
//! a network namespace that has a name.

use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::files::open;
use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{self, Sock, inet, pair};
use crate::scene::rtnl::Net;
use crate::scene::stage::{Stage, bind, mount};
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "namespaces",
    about: "processes in other network, mount, IPC and user namespaces; a named network",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "other_network",
        comm: b"other network",
        argv: &[b"other network"],
        uid: 0,
        run: other_network,
    },
    Role {
        key: "other_mounts",
        comm: b"other mounts",
        argv: &[b"other mounts"],
        uid: 0,
        run: other_mounts,
    },
    Role {
        key: "other_queues",
        comm: b"other queues",
        argv: &[b"other queues"],
        uid: 0,
        run: other_queues,
    },
    Role {
        key: "other_user",
        comm: b"other user",
        argv: &[b"other user"],
        uid: 0,
        run: |actor| actor.attempt_all("user namespace", other_user),
    },
    Role {
        key: "other_pids",
        comm: b"other pids",
        argv: &[b"other pids"],
        uid: 0,
        run: |actor| actor.attempt_all("pid namespace", other_pids),
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    fs::create_dir_all("/run/netns")?;
    for role in ROLES {
        let pid = stage.start(role)?;
        if role.key == "other_network" {
            let name = Path::new("/run/netns/other");
            File::create(name)?;
            bind(Path::new(&format!("/proc/{pid}/ns/net")), name)?;
            stage.facts.tell("NETNS", "other");
        }
    }
    // A name that leads to no namespace.
    File::create("/run/netns/broken")?;
    Ok(())
}

/// A few sockets of every family.
fn open_some(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_listener("127.0.0.1:8081", 3)?;
    actor.hold(Sock::tcp_connection("127.0.0.1:48081", "127.0.0.1:8081")?);
    actor.hold(listener.accept()?);
    actor.hold(listener);
    actor.hold(Sock::tcp_listener("[::]:8082", 3)?);
    let udp = Sock::udp_at("127.0.0.1:8083")?;
    udp.connect(&inet("127.0.0.1:9")?)?;
    actor.hold(udp);
    actor.hold(Sock::udp_at("[::]:8084")?);
    for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM] {
        let (one, other) = pair(kind)?;
        actor.hold(one);
        actor.hold(other);
    }
    let abroad = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    abroad.bind(&net::unix(b"\0abroad"))?;
    abroad.listen(1)?;
    actor.hold(abroad);
    let route = Sock::new(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE)?;
    route.bind(&net::netlink(0, 1))?;
    actor.hold(route);
    for (family, kind, protocol) in [
        (libc::AF_PACKET, libc::SOCK_RAW, 0),
        (libc::AF_INET, libc::SOCK_RAW, 89),
        (libc::AF_INET, libc::SOCK_DGRAM, libc::IPPROTO_UDPLITE),
        (libc::AF_INET, libc::SOCK_STREAM, 262),
        (libc::AF_INET6, libc::SOCK_RAW, 58),
    ] {
        actor.attempt(
            &format!("family {family} protocol {protocol} abroad"),
            |actor| {
                actor.hold(Sock::new(family, kind, protocol)?);
                Ok(())
            },
        );
    }
    Ok(())
}

fn other_network(actor: &mut Actor) -> io::Result<()> {
    let home = Sock::udp_at("127.0.0.1:6901")?;
    let namespace = File::open("/proc/self/ns/net")?;
    sys::unshare(libc::CLONE_NEWNET)?;
    Net::open()?.up("lo")?;
    open_some(actor)?;
    // One socket and the namespace itself are from where it came.
    actor.hold(home);
    actor.hold(namespace);
    Ok(())
}

fn other_mounts(actor: &mut Actor) -> io::Result<()> {
    let make = |path: &Path| -> io::Result<_> {
        fs::write(path, vec![b'm'; 5000])?;
        let file = open(path, libc::O_RDWR)?;
        sys::map(&file, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        Ok(file)
    };
    let before = actor.path("before the mounts");
    actor.hold(make(&before)?);
    sys::unshare(libc::CLONE_NEWNS)?;
    let point = actor.path("point");
    fs::create_dir(&point)?;
    mount("inner", &point.to_string_lossy(), "tmpfs", 0, "")?;
    actor.hold(make(&point.join("inner file"))?);
    actor.hold(make(&point.join("gone"))?);
    fs::remove_file(point.join("gone"))?;
    actor.hold(make(&point.join("bl ank\nnl"))?);
    let socket = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    socket.bind(&net::unix(point.join("socket").as_os_str().as_bytes()))?;
    actor.hold(socket);
    sys::map_nothing(4096, libc::MAP_SHARED)?;
    actor.attempt("things mapped in another mount namespace", |actor| {
        sys::shared_segment(0x4321, true)?;
        sys::aio_context()?;
        let ring = sys::ring()?;
        sys::map(&ring, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(ring);
        let memory = sys::memory_file(c"abroad", libc::MFD_CLOEXEC)?;
        rustix::fs::ftruncate(&memory, 4096)?;
        sys::map(&memory, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(memory);
        Ok(())
    });
    std::env::set_current_dir(&point)?;
    Ok(())
}

fn other_queues(actor: &mut Actor) -> io::Result<()> {
    sys::unshare(libc::CLONE_NEWIPC)?;
    actor.attempt("message queue abroad", |actor| {
        actor.hold(sys::message_queue(c"/abroad")?);
        Ok(())
    });
    actor.attempt("segment abroad", |_| {
        sys::shared_segment(0x1234, false).map(drop)
    });
    Ok(())
}

fn other_user(actor: &mut Actor) -> io::Result<()> {
    // In a child of its own, because it does not come back from there.
    let pid = actor.split(b"other user", |actor| {
        sys::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET)?;
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", "1000 0 1")?;
        fs::write("/proc/self/gid_map", "1000 0 1")?;
        Net::open()?.up("lo")?;
        actor.hold(Sock::tcp_listener("127.0.0.1:8085", 1)?);
        Ok(())
    })?;
    actor.tell("OTHER_USER_CHILD_PID", pid.to_string());
    Ok(())
}

/// A process whose own number is 1; its handle and its locks are seen from outside.
fn other_pids(actor: &mut Actor) -> io::Result<()> {
    sys::unshare(libc::CLONE_NEWPID)?;
    let pid = actor.split(b"first", |actor| {
        let path = actor.path("locked abroad");
        fs::write(&path, "locked")?;
        let file = open(&path, libc::O_RDWR)?;
        sys::lock_range(&file, libc::F_SETLK, libc::F_WRLCK, 0, 0)?;
        actor.hold(file);
        actor.hold(sys::process_handle(1)?);
        actor.hold(Sock::udp_at("127.0.0.1:6902")?);
        Ok(())
    })?;
    actor.hold(sys::process_handle(pid)?);
    actor.tell("FIRST_PID", pid.to_string());
    Ok(())
}
