//! Files with names: regular ones in every mode, directories, links, fifos, devices, terminals.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use rustix::fs::{FileType, Mode, SeekFrom};

use super::{c_path, open, open_bare};
use crate::scene::actor::Actor;
use crate::scene::net::{self, Sock};
use crate::scene::stage::mount;
use crate::scene::sys;

const CREATE: i32 = libc::O_RDWR | libc::O_CREAT;

fn at(actor: &Actor, name: &str) -> PathBuf {
    actor.path("files").join(name)
}

pub(super) fn files(actor: &mut Actor) -> io::Result<()> {
    let reg = at(actor, "reg");
    // The same file in every mode.
    let modes = [
        libc::O_RDONLY,
        libc::O_WRONLY,
        libc::O_RDWR,
        libc::O_WRONLY | libc::O_APPEND,
        libc::O_RDWR | libc::O_SYNC,
        libc::O_RDWR | libc::O_DSYNC,
        libc::O_RDONLY | libc::O_NONBLOCK,
        libc::O_RDONLY | libc::O_NOFOLLOW,
        libc::O_RDONLY | libc::O_NOATIME,
        libc::O_PATH,
        3,
    ];
    for mode in modes {
        actor.hold(open(&reg, mode)?);
    }
    actor.attempt("O_DIRECT", |actor| {
        actor.hold(open(&reg, libc::O_RDONLY | libc::O_DIRECT)?);
        Ok(())
    });
    actor.hold(open_bare(&reg, libc::O_RDONLY)?);
    positions(actor)?;
    gone(actor)?;
    // Links: two hard ones, a soft one followed and one not.
    fs::hard_link(&reg, at(actor, "reg2"))?;
    std::os::unix::fs::symlink("reg", at(actor, "soft"))?;
    actor.tell("LINK_PATH", at(actor, "soft"));
    actor.tell("HARD_FILE", at(actor, "reg2"));
    actor.hold(open(at(actor, "reg2"), libc::O_RDONLY)?);
    actor.hold(open(at(actor, "soft"), libc::O_RDONLY)?);
    actor.hold(open(at(actor, "soft"), libc::O_PATH | libc::O_NOFOLLOW)?);
    directories(actor)?;
    // Sizes at the borders of units; the files are empty inside.
    for (name, size) in [
        ("size0", 0),
        ("size1023", 1023),
        ("size1024", 1024),
        ("size1048575", 1_048_575),
        ("size5g", 5 << 30),
        ("size3t", 3 << 40),
    ] {
        let file = open(at(actor, name), CREATE)?;
        rustix::fs::ftruncate(&file, size)?;
        actor.hold(file);
    }
    // Elsewhere: another mount, the machine's own disk, /proc, /sys, shared memory.
    actor.hold(open(actor.path("mnt").join("there"), CREATE)?);
    actor.hold(open("/proc/self/exe", libc::O_RDONLY)?);
    for path in [
        "/proc/mounts",
        "/proc/self/status",
        "/proc/1",
        "/sys/kernel",
        "/etc/passwd",
    ] {
        actor.attempt(path, |actor| {
            actor.hold(open(path, libc::O_RDONLY)?);
            Ok(())
        });
    }
    actor.attempt("/dev/shm", |actor| {
        actor.hold(open("/dev/shm/shared memory", CREATE)?);
        Ok(())
    });
    // High numbers.
    let pipe = rustix::pipe::pipe()?;
    actor.hold_as(pipe.0, 12_345)?;
    actor.hold_as(pipe.1, 10_000)?;
    actor.hold_as(open(&reg, libc::O_RDONLY)?, 9999)?;
    Ok(())
}

fn positions(actor: &mut Actor) -> io::Result<()> {
    let big = at(actor, "big");
    fs::write(&big, b"big")?;
    for position in [
        1,
        5,
        1000,
        12_345_678,
        99_999_999,
        123_456_789,
        123_456_789_012,
        i64::MAX.cast_unsigned(),
    ] {
        let file = open(&big, libc::O_RDWR)?;
        rustix::fs::seek(&file, SeekFrom::Start(position))?;
        actor.hold(file);
    }
    // Memory of a process has addresses that look negative.
    actor.attempt("negative positions", |actor| {
        for position in [0xffff_ffff_ff60_0000, 1 << 63, u64::MAX] {
            let memory = open("/proc/self/mem", libc::O_RDONLY)?;
            // Such an address is answered as it is, and looks like an error to whoever asks.
            let _ = rustix::fs::seek(&memory, SeekFrom::Start(position));
            actor.hold(memory);
        }
        Ok(())
    });
    Ok(())
}

fn gone(actor: &mut Actor) -> io::Result<()> {
    let path = at(actor, "willdel");
    fs::write(&path, vec![b'd'; 100])?;
    actor.hold(open(&path, libc::O_RDWR)?);
    fs::remove_file(&path)?;
    // A new file has the name of one that is gone.
    let path = at(actor, "again");
    fs::write(&path, b"old")?;
    actor.hold(open(&path, libc::O_RDWR)?);
    fs::remove_file(&path)?;
    fs::write(&path, b"new one")?;
    actor.hold(open(&path, libc::O_RDWR)?);
    actor.tell("AGAIN_FILE", path);
    // The name it was opened by is gone, another one stays.
    let path = at(actor, "lost name");
    let kept = at(actor, "kept name");
    actor.hold(open(&path, CREATE)?);
    fs::hard_link(&path, &kept)?;
    fs::remove_file(&path)?;
    actor.tell("KEPT_FILE", kept);
    // A name that pretends.
    let path = at(actor, "there (deleted)");
    actor.hold(open(&path, CREATE)?);
    // Never had a name.
    actor.hold(open(actor.path("files"), libc::O_RDWR | libc::O_TMPFILE)?);
    // Renamed.
    let path = at(actor, "before");
    actor.hold(open(&path, CREATE)?);
    fs::rename(&path, at(actor, "after"))?;
    Ok(())
}

fn directories(actor: &mut Actor) -> io::Result<()> {
    let directory = at(actor, "directory");
    fs::create_dir(&directory)?;
    for name in ["one", "two"] {
        let path = directory.join(name);
        actor.hold(open(&path, CREATE)?);
    }
    fs::create_dir(directory.join("deeper"))?;
    actor.hold(open(directory.join("deeper").join("three"), CREATE)?);
    actor.hold(open(&directory, libc::O_RDONLY | libc::O_DIRECTORY)?);
    actor.hold(open(&directory, libc::O_PATH | libc::O_DIRECTORY)?);
    std::os::unix::fs::symlink("directory", at(actor, "linked"))?;
    actor.tell("INNER_DIR", directory);
    actor.tell("LINKED_DIR", at(actor, "linked"));
    let removed = at(actor, "removed directory");
    fs::create_dir(&removed)?;
    actor.hold(open(&removed, libc::O_RDONLY | libc::O_DIRECTORY)?);
    fs::remove_dir(&removed)?;
    actor.hold(open("/", libc::O_RDONLY | libc::O_DIRECTORY)?);
    // A directory that is not empty keeps a place of its own while it is read.
    let read = rustix::fs::Dir::read_from(open("/proc", libc::O_RDONLY | libc::O_DIRECTORY)?);
    drop(read);
    Ok(())
}

/// Files whose names are the point.
pub(super) fn names(actor: &mut Actor) -> io::Result<()> {
    let names: [&[u8]; 20] = [
        b"with blank",
        b" leading",
        b"trailing ",
        b"ta\tb",
        b"new\nline",
        b"carriage\rreturn",
        b"back\\slash",
        b"esc\x1b[2Jape",
        b"bell\x07\x08\x0c\x0b",
        b"control\x01\x02\x1f",
        b"del\x7f",
        b"co:lon",
        b"quo\"te'",
        "h\u{f6}flich".as_bytes(),
        "\u{65e5}\u{672c}\u{8a9e}".as_bytes(),
        "\u{200b}\u{202e}\u{e000}\u{ad}".as_bytes(),
        "\u{1f600}".as_bytes(),
        b"bad\xff\xfe\x80end",
        b"half\xe2\x82",
        b"\xc2\x85\xc0\xaf",
    ];
    let directory = at(actor, "names");
    fs::create_dir(&directory)?;
    actor.tell("NAMES_DIR", directory.as_os_str());
    for (index, name) in names.into_iter().enumerate() {
        let path = directory.join(OsStr::from_bytes(name));
        actor.hold(open(&path, CREATE)?);
        actor.tell(&format!("ODD_FILE_{index}"), path);
    }
    let longest = directory.join(OsStr::from_bytes(&[b'n'; 255]));
    actor.hold(open(longest, CREATE)?);
    // Working directory with a name, and one with more than a path can hold. Each step is short.
    std::env::set_current_dir(&directory)?;
    let step = "s".repeat(250);
    for depth in 0..17 {
        fs::create_dir(&step)?;
        std::env::set_current_dir(&step)?;
        if depth == 14 {
            actor.hold(open("below the limit", CREATE)?);
        }
    }
    actor.hold(open("beyond the limit", CREATE)?);
    actor.hold(open(".", libc::O_RDONLY | libc::O_DIRECTORY)?);
    std::env::set_current_dir(&directory)?;
    let odd = directory.join(OsStr::from_bytes(b"cwd \x1b\n\xff"));
    fs::create_dir(&odd)?;
    std::env::set_current_dir(&odd)?;
    Ok(())
}

/// Devices, fifos, terminals, sockets as files, mounts that are gone or were never there.
pub(super) fn special(actor: &mut Actor) -> io::Result<()> {
    for (path, flags) in [
        ("/dev/null", libc::O_RDWR),
        ("/dev/zero", libc::O_RDONLY),
        ("/dev/full", libc::O_WRONLY),
        ("/dev/random", libc::O_RDONLY),
        ("/dev/urandom", libc::O_RDONLY),
        ("/dev/tty0", libc::O_PATH),
        ("/dev/kmsg", libc::O_RDONLY),
        ("/dev/loop0", libc::O_RDONLY),
        ("/dev/loop1", libc::O_PATH),
        ("/dev/fuse", libc::O_RDWR),
        ("/dev/net/tun", libc::O_RDWR),
        ("/dev/vsock", libc::O_RDONLY),
        ("/dev/hwrng", libc::O_PATH),
    ] {
        actor.attempt(path, |actor| {
            actor.hold(open(path, flags)?);
            Ok(())
        });
    }
    actor.tell("ZERO_FILE", "/dev/zero");
    actor.attempt("block device read in the middle", |actor| {
        let device = open("/dev/loop0", libc::O_RDONLY | libc::O_NONBLOCK)?;
        let _ = rustix::fs::seek(&device, SeekFrom::Start(0));
        actor.hold(device);
        Ok(())
    });
    fifos(actor)?;
    actor.attempt("pseudo terminals", terminals);
    let path = at(actor, "socket");
    let socket = Sock::new(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    socket.bind(&net::unix(path.as_os_str().as_bytes()))?;
    actor.hold(socket);
    actor.hold(open(&path, libc::O_PATH)?);
    actor.tell("SOCKET_PATH", path);
    // Asynchronous, by flag.
    let (one, other) = net::pair(libc::SOCK_STREAM)?;
    sys::control(&one, libc::F_SETFL, libc::O_ASYNC)?;
    other.set_waiting(false)?;
    actor.hold(one);
    actor.hold(other);
    actor.attempt("lazily unmounted file system", |actor| {
        let point = at(actor, "lazy");
        fs::create_dir(&point)?;
        mount("lazy", &super::text(&point), "tmpfs", 0, "")?;
        fs::create_dir(point.join("a"))?;
        actor.hold(open(point.join("a").join("x"), CREATE)?);
        sys::unmount_lazily(&c_path(&point)?)
    });
    actor.attempt("mount in no tree", |actor| {
        let context = sys::file_system(c"tmpfs")?;
        let root = sys::detached_mount(&context)?;
        let inner = rustix::fs::openat(
            &root,
            "inner",
            rustix::fs::OFlags::RDWR | rustix::fs::OFlags::CREATE | rustix::fs::OFlags::CLOEXEC,
            Mode::from_raw_mode(0o600),
        )?;
        actor.hold(context);
        actor.hold(root);
        actor.hold(inner);
        Ok(())
    });
    actor.attempt("copied tree", |actor| {
        let tree = sys::detached_copy(&c_path(&actor.path("files"))?)?;
        actor.hold(tree);
        Ok(())
    });
    queues(actor);
    Ok(())
}

fn fifos(actor: &mut Actor) -> io::Result<()> {
    let path = at(actor, "fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &path,
        FileType::Fifo,
        Mode::from_raw_mode(0o666),
        0,
    )?;
    actor.hold(open(&path, libc::O_RDWR)?);
    actor.hold(open(&path, libc::O_RDONLY | libc::O_NONBLOCK)?);
    actor.hold(open(&path, libc::O_WRONLY)?);
    actor.hold(open(&path, libc::O_PATH)?);
    actor.tell("FIFO_PATH", path);
    for flags in [
        rustix::pipe::PipeFlags::CLOEXEC,
        rustix::pipe::PipeFlags::CLOEXEC | rustix::pipe::PipeFlags::NONBLOCK,
        rustix::pipe::PipeFlags::CLOEXEC | rustix::pipe::PipeFlags::DIRECT,
    ] {
        let (reader, writer) = rustix::pipe::pipe_with(flags)?;
        rustix::io::write(&writer, b"in the pipe")?;
        actor.hold(reader);
        actor.hold(writer);
    }
    // A pipe with one end only, one that is shared with a child.
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    drop(writer);
    actor.hold(reader);
    let pid = actor.split(b"kid (1) x", |_| Ok(()))?;
    actor.tell("SPECIAL_KID_PID", pid.to_string());
    Ok(())
}

fn terminals(actor: &mut Actor) -> io::Result<()> {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    for number in 0..3 {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let name = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        if number < 2 {
            actor.hold(open(&name, libc::O_RDWR | libc::O_NOCTTY)?);
            actor.tell("TERMINAL_FILE", name);
        }
        actor.hold(master);
    }
    actor.hold(open("/dev/pts/ptmx", libc::O_RDWR | libc::O_NOCTTY)?);
    actor.hold(open("/dev/ptmx", libc::O_PATH)?);
    Ok(())
}

fn queues(actor: &mut Actor) {
    for (name, stays) in [(c"/queue", true), (c"/deleted queue", false)] {
        actor.attempt("message queue", |actor| {
            actor.hold(sys::message_queue(name)?);
            if !stays {
                sys::unlink_message_queue(name)?;
            }
            Ok(())
        });
    }
    actor.attempt("message queue by its file", |actor| {
        let directory = actor.path("mq");
        actor.hold(open(directory.join("queue"), libc::O_RDWR)?);
        actor.hold(open(&directory, libc::O_RDONLY | libc::O_DIRECTORY)?);
        Ok(())
    });
}

/// Files of an ordinary user, so that one who is not root finds something of its own.
pub(super) fn of_user(actor: &mut Actor) -> io::Result<()> {
    let path = at(actor, "of user");
    actor.hold(open(&path, CREATE)?);
    actor.hold(open(at(actor, "reg"), libc::O_RDONLY)?);
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    actor.hold(reader);
    actor.hold(writer);
    let (one, other) = net::pair(libc::SOCK_DGRAM)?;
    actor.hold(one);
    actor.hold(other);
    sys::map(
        &open(&path, libc::O_RDONLY)?,
        4096,
        libc::PROT_READ,
        libc::MAP_PRIVATE,
        0,
    )?;
    let copy: OwnedFd = open(&path, libc::O_RDONLY)?;
    actor.tell("USER_FD", copy.as_raw_fd().to_string());
    actor.hold(copy);
    actor.tell("USER_FILE", path);
    Ok(())
}
