//! Processes, namespaces, mounts and identities.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd as _, OwnedFd};

use super::{checked, checked_long};

/// Splits the process; `None` is the child.
///
/// The child goes on with a copy of everything, so the caller must be single-threaded. Scenes start
/// threads only in processes that do not split afterwards.
pub(crate) fn fork() -> io::Result<Option<i32>> {
    // SAFETY: fork has no memory preconditions; the process has one thread (see above), so the
    // child finds no lock held by a thread that is gone.
    let pid = checked(unsafe { libc::fork() })?;
    Ok((pid != 0).then_some(pid))
}

/// Replaces the program of this process. Comes back only with an error.
pub(crate) fn exec(file: &CStr, argv: &[CString], env: &[CString]) -> io::Error {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        strings
            .iter()
            .map(|text| text.as_ptr())
            .chain([std::ptr::null()])
            .collect()
    };
    let (argv, env) = (pointers(argv), pointers(env));
    // SAFETY: the three pointers are to NUL-terminated strings and NULL-terminated arrays of them,
    // all alive during the call.
    unsafe { libc::execve(file.as_ptr(), argv.as_ptr(), env.as_ptr()) };
    io::Error::last_os_error()
}

/// Ends the process at once, without running destructors or exit handlers.
pub(crate) fn exit_now(status: i32) -> ! {
    // SAFETY: _exit has no preconditions and does not return.
    unsafe { libc::_exit(status) }
}

/// Sleeps for the rest of the process's life.
pub(crate) fn pause_forever() -> ! {
    loop {
        // SAFETY: pause has no preconditions.
        unsafe { libc::pause() };
    }
}

/// Waits for `pid`; -1 is any child. The value is the raw wait status.
pub(crate) fn wait(pid: i32) -> io::Result<i32> {
    let mut status = 0;
    loop {
        // SAFETY: `status` is valid for writing one int.
        match checked(unsafe { libc::waitpid(pid, &raw mut status, 0) }) {
            Ok(_) => return Ok(status),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until `pid` is a zombie, and leaves it one.
pub(crate) fn wait_zombie(pid: i32) -> io::Result<()> {
    let id = libc::id_t::try_from(pid).map_err(io::Error::other)?;
    // SAFETY: siginfo_t is plain data for which all zeroes is a value, and it is valid for writing.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        checked(libc::waitid(
            libc::P_PID,
            id,
            &raw mut info,
            libc::WEXITED | libc::WNOWAIT,
        ))?;
    }
    Ok(())
}

/// Waits until `pid` is stopped.
pub(crate) fn wait_stopped(pid: i32) -> io::Result<()> {
    let mut status = 0;
    // SAFETY: `status` is valid for writing one int.
    checked(unsafe { libc::waitpid(pid, &raw mut status, libc::WUNTRACED) }).map(drop)
}

/// Sends a signal to one process.
pub(crate) fn kill(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: kill has no memory preconditions.
    checked(unsafe { libc::kill(pid, signal) }).map(drop)
}

/// Leaves the namespaces named by the `CLONE_NEW*` bits, or un-shares the file table.
pub(crate) fn unshare(flags: libc::c_int) -> io::Result<()> {
    // SAFETY: unshare has no memory preconditions; descriptors keep their numbers, also with
    // CLONE_FILES, where this thread goes on with a copy of the table.
    checked(unsafe { libc::unshare(flags) }).map(drop)
}

/// Enters the namespace that a descriptor stands for.
pub(crate) fn enter(namespace: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: setns takes numbers only; 0 lets the kernel see the kind of namespace.
    checked(unsafe { libc::setns(namespace.as_raw_fd(), 0) }).map(drop)
}

/// Mounts; empty strings stand for absent arguments.
pub(crate) fn mount(
    source: &CStr,
    target: &CStr,
    kind: &CStr,
    flags: libc::c_ulong,
    data: &CStr,
) -> io::Result<()> {
    // SAFETY: all pointers are to NUL-terminated strings that live during the call.
    checked(unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            data.as_ptr().cast(),
        )
    })
    .map(drop)
}

/// Takes a mount away from the tree; it lives on as long as it is used.
pub(crate) fn unmount_lazily(target: &CStr) -> io::Result<()> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    checked(unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) }).map(drop)
}

/// Changes the root directory of this process.
pub(crate) fn chroot(target: &CStr) -> io::Result<()> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    checked(unsafe { libc::chroot(target.as_ptr()) }).map(drop)
}

/// The short name of this thread (the kernel cuts it to 15 bytes).
pub(crate) fn set_comm(name: &CStr) -> io::Result<()> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    checked(unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) }).map(drop)
}

/// Has the kernel kill this process when its parent ends.
pub(crate) fn die_with_parent() -> io::Result<()> {
    // SAFETY: this prctl takes numbers only.
    checked(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) }).map(drop)
}

/// Whether /proc shows this process to its own user.
pub(crate) fn set_dumpable(dumpable: bool) -> io::Result<()> {
    // SAFETY: this prctl takes numbers only.
    checked(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, libc::c_ulong::from(dumpable)) }).map(drop)
}

/// Becomes this user, with the group of the same number and no other groups.
pub(crate) fn become_user(uid: u32) -> io::Result<()> {
    // SAFETY: no group is read from the pointer, as their number is 0; the rest takes numbers only.
    unsafe {
        checked(libc::setgroups(0, std::ptr::null()))?;
        checked(libc::setresgid(uid, uid, uid))?;
        checked(libc::setresuid(uid, uid, uid))?;
    }
    set_dumpable(true)
}

/// Closes the descriptors `first..=last`.
pub(crate) fn close_range(first: i32, last: i32) -> io::Result<()> {
    if first > last {
        return Ok(());
    }
    let (first, last) = (libc::c_long::from(first), libc::c_long::from(last));
    // SAFETY: callers own no descriptor in the range that they still use: it is called at the
    // start of a process, for what it inherited.
    checked_long(unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) }).map(drop)
}

/// Gives a descriptor the number `number`, closing what had it.
pub(crate) fn move_to(descriptor: OwnedFd, number: i32, flags: libc::c_int) -> io::Result<OwnedFd> {
    let new = copy_to(&descriptor, number, flags)?;
    drop(descriptor);
    Ok(new)
}

/// A copy of a descriptor with the number `number`, closing what had it.
pub(crate) fn copy_to(
    descriptor: &impl AsRawFd,
    number: i32,
    flags: libc::c_int,
) -> io::Result<OwnedFd> {
    // SAFETY: scenes choose numbers that no other owner has.
    let new = checked(unsafe { libc::dup3(descriptor.as_raw_fd(), number, flags) })?;
    // SAFETY: the kernel just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(new) })
}

/// Takes over the descriptor `number` that this process was started with.
pub(crate) fn adopt(number: i32) -> io::Result<OwnedFd> {
    // SAFETY: F_GETFD takes no third argument; the descriptor is checked to be open and belongs to
    // the caller alone by the agreement between starter and started.
    unsafe {
        checked(libc::fcntl(number, libc::F_GETFD))?;
        Ok(OwnedFd::from_raw_fd(number))
    }
}

/// Clears or sets close-on-exec.
pub(crate) fn set_cloexec(descriptor: &impl AsRawFd, on: bool) -> io::Result<()> {
    let flag = if on { libc::FD_CLOEXEC } else { 0 };
    // SAFETY: fcntl with an int argument touches no memory of ours.
    checked(unsafe { libc::fcntl(descriptor.as_raw_fd(), libc::F_SETFD, flag) }).map(drop)
}

/// `fcntl` with an int argument.
pub(crate) fn control(
    descriptor: &impl AsRawFd,
    command: libc::c_int,
    value: libc::c_int,
) -> io::Result<libc::c_int> {
    // SAFETY: callers pass commands whose argument is a number.
    checked(unsafe { libc::fcntl(descriptor.as_raw_fd(), command, value) })
}

/// A record lock: POSIX (`F_SETLK`) or of the open file (`F_OFD_SETLK`). Length 0 is to the end.
pub(crate) fn lock_range(
    descriptor: &impl AsRawFd,
    command: libc::c_int,
    kind: libc::c_int,
    start: i64,
    length: i64,
) -> io::Result<()> {
    // SAFETY: flock is plain data for which all zeroes is a value.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    lock.l_whence = libc::SEEK_SET as libc::c_short;
    lock.l_start = start;
    lock.l_len = length;
    // SAFETY: `lock` is a valid struct flock during the call.
    checked(unsafe { libc::fcntl(descriptor.as_raw_fd(), command, &raw mut lock) }).map(drop)
}

/// `flock(2)`.
pub(crate) fn flock(descriptor: &impl AsRawFd, operation: libc::c_int) -> io::Result<()> {
    // SAFETY: flock takes numbers only.
    checked(unsafe { libc::flock(descriptor.as_raw_fd(), operation) }).map(drop)
}

/// Ends only the calling thread, leaving the process to its other threads.
pub(crate) fn exit_thread() -> ! {
    loop {
        // SAFETY: the exit system call ends the calling thread; nothing of it is used afterwards,
        // and its stack stays mapped until the process ends.
        unsafe { libc::syscall(libc::SYS_exit, 0) };
    }
}

/// The kernel's number of the calling thread.
pub(crate) fn thread_id() -> i32 {
    // SAFETY: gettid has no preconditions.
    unsafe { libc::gettid() }
}

/// The effective user number.
pub(crate) fn effective_user() -> u32 {
    // SAFETY: geteuid has no preconditions.
    unsafe { libc::geteuid() }
}

/// The effective group number.
pub(crate) fn effective_group() -> u32 {
    // SAFETY: getegid has no preconditions.
    unsafe { libc::getegid() }
}

/// The name of the machine in this UTS namespace.
pub(crate) fn set_host_name(name: &str) -> io::Result<()> {
    // SAFETY: pointer and length describe the bytes of `name`.
    checked(unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) }).map(drop)
}

/// Raises the soft limit of open files to the hard one, which is raised as well where allowed.
/// The value is the limit reached.
pub(crate) fn raise_file_limit(wanted: u64) -> io::Result<u64> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is valid for reading and writing during the calls.
    unsafe {
        checked(libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit))?;
        if limit.rlim_max < wanted {
            let higher = libc::rlimit {
                rlim_cur: wanted,
                rlim_max: wanted,
            };
            if libc::setrlimit(libc::RLIMIT_NOFILE, &raw const higher) == 0 {
                return Ok(wanted);
            }
        }
        limit.rlim_cur = limit.rlim_max.min(wanted.max(limit.rlim_cur));
        checked(libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit))?;
    }
    Ok(limit.rlim_cur)
}
