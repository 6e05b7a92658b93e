//! Locks of every kind, on descriptors, directories and mappings; one that is waited for.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use super::open;
use crate::scene::actor::Actor;
use crate::scene::sys;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let directory = actor.path("files").join("locks");
    fs::create_dir(&directory)?;
    actor.tell("LOCKS_DIR", directory.as_os_str());
    let make = |name: &str| -> io::Result<(PathBuf, OwnedFd)> {
        let path = directory.join(name);
        fs::write(&path, vec![b'k'; 100])?;
        let file = open(&path, libc::O_RDWR)?;
        Ok((path, file))
    };
    let posix = |file: &OwnedFd, kind, start, length| {
        sys::lock_range(file, libc::F_SETLK, kind, start, length)
    };
    // POSIX: whole, part, reading, writing, and several at once.
    let (path, file) = make("whole write")?;
    posix(&file, libc::F_WRLCK, 0, 0)?;
    actor.tell("LOCKED_FILE", path.as_os_str());
    // The lock shows on every descriptor of the file. Closing one would lose it: it stays open.
    actor.hold(open(&path, libc::O_RDONLY)?);
    actor.hold(file);
    let (_, file) = make("whole read")?;
    posix(&file, libc::F_RDLCK, 0, 0)?;
    actor.hold(file);
    let (_, file) = make("part write")?;
    posix(&file, libc::F_WRLCK, 5, 10)?;
    actor.hold(file);
    let (_, file) = make("part read")?;
    posix(&file, libc::F_RDLCK, 5, 10)?;
    actor.hold(file);
    let (_, file) = make("several")?;
    posix(&file, libc::F_WRLCK, 0, 5)?;
    posix(&file, libc::F_RDLCK, 10, 5)?;
    posix(&file, libc::F_WRLCK, 20, 5)?;
    actor.hold(file);
    let (_, file) = make("two gigabytes")?;
    posix(&file, libc::F_WRLCK, 0, 0x8000_0000)?;
    actor.hold(file);
    let (_, file) = make("from the middle")?;
    posix(&file, libc::F_WRLCK, 50, 0)?;
    actor.hold(file);
    // BSD: shared and exclusive; on a read-only descriptor, a directory, a mapped file.
    let (_, file) = make("flock exclusive")?;
    sys::flock(&file, libc::LOCK_EX)?;
    actor.hold(file);
    let (path, file) = make("flock shared")?;
    drop(file);
    let file = open(&path, libc::O_RDONLY)?;
    sys::flock(&file, libc::LOCK_SH)?;
    actor.hold(file);
    let (path, file) = make("both kinds")?;
    sys::flock(&file, libc::LOCK_SH)?;
    posix(&file, libc::F_WRLCK, 0, 0)?;
    actor.hold(open(path, libc::O_PATH)?);
    actor.hold(file);
    let (_, file) = make("mapped")?;
    sys::map(&file, 4096, libc::PROT_READ, libc::MAP_SHARED, 0)?;
    sys::flock(&file, libc::LOCK_EX)?;
    actor.hold(file);
    let program = open("/proc/self/exe", libc::O_RDONLY)?;
    sys::flock(&program, libc::LOCK_SH)?;
    actor.hold(program);
    let place = open(&directory, libc::O_RDONLY | libc::O_DIRECTORY)?;
    std::env::set_current_dir(&directory)?;
    sys::flock(&place, libc::LOCK_SH)?;
    actor.hold(place);
    // Of the open file.
    actor.attempt("lock of the open file", |actor| {
        let (_, file) = make("open file")?;
        sys::lock_range(&file, libc::F_OFD_SETLK, libc::F_WRLCK, 0, 0)?;
        actor.hold(file);
        Ok(())
    });
    // Leases: on a file that nobody else has open.
    actor.attempt("write lease", |actor| {
        let (_, file) = make("write lease")?;
        sys::control(&file, libc::F_SETLEASE, libc::F_WRLCK)?;
        actor.hold(file);
        Ok(())
    });
    actor.attempt("read lease", |actor| {
        let (path, file) = make("read lease")?;
        drop(file);
        let file = open(path, libc::O_RDONLY)?;
        sys::control(&file, libc::F_SETLEASE, libc::F_RDLCK)?;
        actor.hold(file);
        Ok(())
    });
    waiting(actor, &directory.join("whole write"))?;
    // A child inherits a BSD lock and no POSIX lock.
    let pid = actor.split(b"lock heir", |_| Ok(()))?;
    actor.tell("LOCK_HEIR_PID", pid.to_string());
    Ok(())
}

/// A child that waits for a lock which this process never gives back.
fn waiting(actor: &mut Actor, path: &std::path::Path) -> io::Result<()> {
    let pid = actor.split_waiting(b"lock waiter", libc::SYS_fcntl, || {
        let file = open(path, libc::O_RDWR)?;
        sys::lock_range(&file, libc::F_SETLKW, libc::F_WRLCK, 0, 0)
    })?;
    actor.tell("LOCK_WAITER_PID", pid.to_string());
    Ok(())
}
