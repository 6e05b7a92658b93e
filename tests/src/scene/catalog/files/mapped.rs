//! Mappings: of files that are there, gone, replaced or covered, and of things that are no files.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::anonymous::bpf_map;
use super::{open, text};
use crate::scene::actor::Actor;
use crate::scene::stage::mount;
use crate::scene::sys;

fn map(path: &Path) -> io::Result<()> {
    let file = open(path, libc::O_RDWR)?;
    sys::map(&file, 4096, libc::PROT_READ, libc::MAP_PRIVATE, 0)
}

/// Makes a file of 5000 bytes and maps it.
fn make(path: PathBuf) -> io::Result<PathBuf> {
    fs::write(&path, vec![b'm'; 5000])?;
    map(&path)?;
    Ok(path)
}

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let directory = actor.path("files").join("mapped");
    fs::create_dir(&directory)?;
    let at = |name: &[u8]| directory.join(OsStr::from_bytes(name));
    // There; twice; and open as well.
    let there = make(at(b"there"))?;
    actor.tell("MAPPED_FILE", there.as_os_str());
    let twice = make(at(b"twice"))?;
    map(&twice)?;
    let file = open(&there, libc::O_RDONLY)?;
    sys::map(&file, 4096, libc::PROT_READ, libc::MAP_SHARED, 4096)?;
    actor.hold(file);
    // Gone; replaced; with a name that pretends to be gone; with a hard link; renamed.
    fs::remove_file(make(at(b"gone"))?)?;
    let replaced = make(at(b"replaced"))?;
    let new = at(b"new");
    fs::write(&new, b"another file")?;
    fs::rename(new, replaced)?;
    make(at(b"lit (deleted)"))?;
    make(at(b"really (deleted)"))?;
    fs::write(at(b"really"), b"the name without its end")?;
    // What is left of this name behind the tab is another file's.
    make(at(b"cut\tname"))?;
    fs::write(at(b"cut"), b"another file")?;
    let lost = make(at(b"lost name"))?;
    fs::hard_link(&lost, at(b"kept name"))?;
    fs::remove_file(lost)?;
    actor.tell("MAPPED_KEPT_FILE", at(b"kept name"));
    let linked = make(at(b"linked"))?;
    fs::hard_link(&linked, at(b"second name"))?;
    fs::rename(make(at(b"old name"))?, at(b"new name"))?;
    for name in [
        &b"with blank"[..],
        b"new\nline",
        b"ta\tb",
        b"back\\slash",
        b"bad\xff",
        b"co:lon",
        b"esc\x1b",
        b"del\x7f\x01",
        "h\u{f6}flich".as_bytes(),
    ] {
        make(at(name))?;
    }
    actor.attempt("covered by a mount", |_| {
        let point = at(b"point");
        fs::create_dir(&point)?;
        make(point.join("under"))?;
        make(point.join("hidden"))?;
        mount("cover", &text(&point), "tmpfs", 0, "")?;
        fs::write(point.join("under"), b"another file of that name")
    });
    actor.attempt("lower layer of an overlay", |actor| {
        map(&actor.path("layers").join("merged").join("below"))?;
        make(actor.path("layers").join("merged").join("above")).map(drop)
    });
    no_files(actor)
}

fn no_files(actor: &mut Actor) -> io::Result<()> {
    sys::map_nothing(8192, libc::MAP_SHARED)?;
    sys::map_nothing(4096, libc::MAP_PRIVATE)?;
    let zero = open("/dev/zero", libc::O_RDWR)?;
    sys::map(&zero, 4096, libc::PROT_READ, libc::MAP_PRIVATE, 0)?;
    sys::map(&zero, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
    for (name, key, removed) in [
        ("shared memory segment", 0x1234, false),
        ("removed segment", 0x1235, true),
        ("private segment", libc::IPC_PRIVATE, true),
        ("segment of the last key", -1, false),
    ] {
        actor.attempt(name, |_| sys::shared_segment(key, removed).map(drop));
    }
    let memory = sys::memory_file(c"mf2", libc::MFD_CLOEXEC)?;
    rustix::fs::ftruncate(&memory, 4096)?;
    sys::map(&memory, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
    actor.attempt("/dev/shm mapped", |_| {
        let path = Path::new("/dev/shm/psxshm");
        fs::write(path, [0; 4096])?;
        map(path)
    });
    actor.attempt("asynchronous I/O", |_| sys::aio_context());
    actor.attempt("io_uring mapped", |actor| {
        let ring = sys::ring()?;
        sys::map(&ring, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(ring);
        Ok(())
    });
    actor.attempt("bpf map mapped", |actor| {
        let map = bpf_map()?;
        sys::map(&map, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(map);
        Ok(())
    });
    actor.attempt("perf ring mapped", |actor| {
        let counter = sys::counter()?;
        sys::map(&counter, 2 * 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(counter);
        Ok(())
    });
    actor.attempt("huge pages", |_| {
        sys::map_nothing(
            2 << 20,
            libc::MAP_PRIVATE | libc::MAP_HUGETLB | libc::MAP_NORESERVE,
        )
    });
    actor.attempt("memfd_secret mapped", |actor| {
        let secret = sys::secret_memory()?;
        rustix::fs::ftruncate(&secret, 4096)?;
        sys::map(&secret, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(secret);
        Ok(())
    });
    actor.attempt("packet ring mapped", |actor| {
        let socket =
            crate::scene::net::Sock::new(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0)?;
        let request = [4096_u32, 4, 2048, 8].map(u32::to_ne_bytes).concat();
        socket.option_bytes(libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
        sys::map(&socket, 4 * 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
        actor.hold(socket);
        Ok(())
    });
    Ok(())
}
