//! A desk for lsof: one process whose descriptors have agreed numbers, a few others beside it, and
//! a directory with everything that names on a command line can point at.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use rustix::fs::SeekFrom;

use super::files::open;
use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{self, Sock, inet};
use crate::scene::stage::{Stage, open_to_all};
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "lsof",
    about: "one process with agreed descriptor numbers, and names to point at (not in all)",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "proc",
        comm: b"scene proc",
        argv: &[b"scene proc", b"-x"],
        uid: 0,
        run: desk,
    },
    Role {
        key: "single",
        comm: b"single",
        argv: &[b"single"],
        uid: 0,
        run: |actor| {
            actor.hold(File::open(actor.path("desk").join("reg"))?);
            let zombie = actor.split_zombie(b"zombie")?;
            actor.tell("ZOMBIE_PID", zombie.to_string());
            Ok(())
        },
    },
    Role {
        key: "stranger",
        comm: b"stranger",
        argv: &[b"stranger"],
        uid: 3_000_000_000,
        run: |_| Ok(()),
    },
    Role {
        key: "outermost",
        comm: b"outermost",
        argv: &[b"outermost"],
        uid: 4_294_967_294,
        run: |_| Ok(()),
    },
    Role {
        key: "nobody",
        comm: b"nobody's",
        argv: &[b"nobody's"],
        uid: 65_534,
        run: |actor| {
            actor.hold(File::open(actor.path("desk").join("reg"))?);
            actor.hold(Sock::udp_at("127.0.0.1:6800")?);
            Ok(())
        },
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let desk = stage.directory.join("desk");
    fs::create_dir(&desk)?;
    open_to_all(&desk)?;
    fs::write(desk.join("reg"), [b'r'; 1000])?;
    fs::hard_link(desk.join("reg"), desk.join("hard"))?;
    for name in ["empty", "sub"] {
        fs::create_dir(desk.join(name))?;
    }
    fs::hard_link(desk.join("reg"), desk.join("sub").join("again"))?;
    for (target, name) in [
        ("reg", "relative link"),
        ("self", "self"),
        ("loop2", "loop1"),
        ("loop1", "loop2"),
        ("sub", "linked directory"),
        ("nowhere", "dangling"),
    ] {
        symlink(target, desk.join(name))?;
    }
    symlink(desk.join("reg"), desk.join("absolute link"))?;
    for (name, path) in [
        ("DIRECTORY", ""),
        ("FILE", "reg"),
        ("HARD_FILE", "hard"),
        ("RELATIVE_PATH", "relative link"),
        ("ABSOLUTE_PATH", "absolute link"),
        ("SELF_PATH", "self"),
        ("LOOP_PATH", "loop1"),
        ("DANGLING_PATH", "dangling"),
        ("EMPTY_DIR", "empty"),
        ("SUB_DIR", "sub"),
        ("LINKED_DIR", "linked directory"),
    ] {
        // No slash at the end.
        let whole = if path.is_empty() {
            desk.clone()
        } else {
            desk.join(path)
        };
        stage.facts.tell(name, whole);
    }
    for role in ROLES {
        stage.start(role)?;
    }
    for (name, port) in [
        ("LISTEN_PORT", "8080"),
        ("DUAL_PORT", "22"),
        ("UDP_PORT", "53"),
    ] {
        stage.facts.tell(name, port);
    }
    Ok(())
}

fn desk(actor: &mut Actor) -> io::Result<()> {
    std::env::set_current_dir(actor.path("desk"))?;
    actor.reserve(3..40)?;
    let at = |file, position| -> io::Result<_> {
        rustix::fs::seek(&file, SeekFrom::Start(position))?;
        Ok(file)
    };
    let create = libc::O_RDWR | libc::O_CREAT;
    let file = at(open("reg", libc::O_RDWR)?, 1000)?;
    let again = file.try_clone()?;
    actor.hold_as(file, 3)?;
    actor.hold_as(again, 12_345)?;
    let locked = open("locked", create)?;
    // Closing any descriptor of the file ends such a lock, so it is taken in its place.
    let locked = actor.hold_as(locked, 4)?;
    sys::lock_range(locked, libc::F_SETLK, libc::F_WRLCK, 0, 0)?;
    let mut deleted = File::create("deleted")?;
    deleted.write_all(&[b'd'; 77])?;
    fs::remove_file("deleted")?;
    actor.hold_as(deleted, 5)?;
    let odd = OsStr::from_bytes("odd b\tt\nn\\s\u{1}c\u{7f}d\u{e9}".as_bytes());
    actor.hold_as(open(odd, create)?, 6)?;
    actor.hold_as(open(OsStr::from_bytes(b"bad\xff\xfe\x80end"), create)?, 7)?;
    let length = open("size1048575", create)?;
    rustix::fs::ftruncate(&length, 1_048_575)?;
    actor.hold_as(length, 8)?;

    let listener = Sock::tcp_listener("127.0.0.1:8080", 5)?;
    let near = Sock::tcp_connection("127.0.0.1:48080", "127.0.0.1:8080")?;
    let far = listener.accept()?;
    near.send(&[b't'; 77])?;
    actor.hold_as(listener, 9)?;
    actor.hold_as(near, 11)?;
    actor.hold_as(far, 12)?;
    let listener = Sock::tcp_listener("[::]:22", 5)?;
    let near = Sock::tcp_connection("127.0.0.1:40022", "127.0.0.1:22")?;
    let far = listener.accept()?;
    actor.hold_as(listener, 13)?;
    actor.hold_as(near, 14)?;
    actor.hold_as(far, 15)?;

    actor.hold_as(Sock::udp_at("0.0.0.0:53")?, 16)?;
    let connected = Sock::udp_at("127.0.0.1:40053")?;
    connected.connect(&inet("127.0.0.1:53")?)?;
    actor.hold_as(connected, 17)?;
    actor.hold_as(Sock::udp_at("[::1]:123")?, 18)?;

    let path = actor.path("desk").join("unix socket");
    let listener = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    listener.bind(&net::unix(path.as_os_str().as_bytes()))?;
    listener.listen(3)?;
    let (one, other) = net::pair(libc::SOCK_STREAM)?;
    actor.hold_as(listener, 19)?;
    actor.hold_as(one, 20)?;
    actor.hold_as(other, 21)?;
    actor.tell("SOCKET_PATH", path);

    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    actor.hold_as(reader, 26)?;
    actor.hold_as(writer, 27)?;
    actor.hold_as(open("/dev/zero", libc::O_RDONLY)?, 31)?;
    for (number, position) in [(34, 123_456_789_012), (35, 12_345_678), (36, 123_456_789)] {
        actor.hold_as(at(open("reg", libc::O_RDONLY)?, position)?, number)?;
    }
    actor.release();
    let pid = actor.split(b"scene kid", |_| Ok(()))?;
    actor.tell("KID_PID", pid.to_string());
    actor.tell("DESK_PGID", std::process::id().to_string());
    rustix::process::setpgid(None, None)?;
    for comm in [c"second", c"third one"] {
        let (told, hear) = std::sync::mpsc::channel();
        std::thread::Builder::new()
            .stack_size(65_536)
            .spawn(move || {
                let _ = told.send(sys::set_comm(comm).map(|()| sys::thread_id()));
                sys::pause_forever()
            })?;
        let tid = hear.recv().map_err(io::Error::other)??;
        actor.tell("DESK_TID", tid.to_string());
    }
    Ok(())
}
