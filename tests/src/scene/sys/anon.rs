//! Descriptors that are no files: events, timers, pidfds, bpf objects and the like.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::{checked, checked_long, descriptor, descriptor_long};

pub(crate) fn event(initial: u32, flags: i32) -> io::Result<OwnedFd> {
    // SAFETY: eventfd takes numbers only.
    descriptor(unsafe { libc::eventfd(initial, flags) })
}

pub(crate) fn poll_set() -> io::Result<OwnedFd> {
    // SAFETY: epoll_create1 takes numbers only.
    descriptor(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })
}

pub(crate) fn poll_add(set: &impl AsRawFd, member: i32) -> io::Result<()> {
    let mut event = libc::epoll_event {
        events: libc::EPOLLIN as u32,
        u64: 0,
    };
    // SAFETY: `event` is a valid struct epoll_event during the call.
    checked(unsafe {
        libc::epoll_ctl(set.as_raw_fd(), libc::EPOLL_CTL_ADD, member, &raw mut event)
    })
    .map(drop)
}

pub(crate) fn timer(clock: i32) -> io::Result<OwnedFd> {
    // SAFETY: timerfd_create takes numbers only.
    descriptor(unsafe { libc::timerfd_create(clock, libc::TFD_CLOEXEC) })
}

pub(crate) fn signals() -> io::Result<OwnedFd> {
    // SAFETY: sigset_t is plain data that sigemptyset fills before use; -1 asks for a new
    // descriptor.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        checked(libc::sigemptyset(&raw mut set))?;
        checked(libc::sigaddset(&raw mut set, libc::SIGUSR1))?;
        descriptor(libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC))
    }
}

/// An inotify instance that watches `paths`.
pub(crate) fn watches(paths: &[&CStr]) -> io::Result<OwnedFd> {
    // SAFETY: inotify_init1 takes numbers only.
    let set = descriptor(unsafe { libc::inotify_init1(libc::IN_CLOEXEC) })?;
    for path in paths {
        // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
        checked(unsafe {
            libc::inotify_add_watch(set.as_raw_fd(), path.as_ptr(), libc::IN_MODIFY)
        })?;
    }
    Ok(set)
}

/// A fanotify instance of the kind that needs no privilege.
pub(crate) fn access_watch() -> io::Result<OwnedFd> {
    const FAN_REPORT_FID: libc::c_uint = 0x200;
    // SAFETY: fanotify_init takes numbers only.
    descriptor(unsafe {
        libc::fanotify_init(
            FAN_REPORT_FID | libc::FAN_CLOEXEC,
            libc::O_CLOEXEC as libc::c_uint,
        )
    })
}

pub(crate) fn process_handle(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes numbers only.
    descriptor_long(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })
}

/// A userfaultfd that handles faults of user mode only, as is allowed without privilege.
pub(crate) fn fault_handler() -> io::Result<OwnedFd> {
    const UFFD_USER_MODE_ONLY: libc::c_int = 1;
    // SAFETY: userfaultfd takes numbers only.
    descriptor_long(unsafe {
        libc::syscall(libc::SYS_userfaultfd, UFFD_USER_MODE_ONLY | libc::O_CLOEXEC)
    })
}

pub(crate) fn memory_file(name: &CStr, flags: libc::c_uint) -> io::Result<OwnedFd> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    descriptor(unsafe { libc::memfd_create(name.as_ptr(), flags) })
}

pub(crate) fn secret_memory() -> io::Result<OwnedFd> {
    // SAFETY: memfd_secret takes numbers only.
    descriptor_long(unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) })
}

/// An io_uring instance of four entries.
pub(crate) fn ring() -> io::Result<OwnedFd> {
    // struct io_uring_params: 120 bytes, all zero for the defaults.
    let mut parameters = [0_u64; 15];
    // SAFETY: the kernel reads and writes the 120 bytes of `parameters`.
    descriptor_long(unsafe { libc::syscall(libc::SYS_io_uring_setup, 4, parameters.as_mut_ptr()) })
}

/// A software counter of the calling thread, user mode only.
pub(crate) fn counter() -> io::Result<OwnedFd> {
    // struct perf_event_attr of the first size (64 bytes): type 1 (software), config 0 (cpu clock),
    // flags exclude_kernel (bit 5) and exclude_hv (bit 6).
    let mut attributes = [0_u64; 8];
    attributes[0] = 1 | 64 << 32;
    attributes[5] = 1 << 5 | 1 << 6;
    // SAFETY: the kernel reads the 64 bytes that the size member tells.
    descriptor_long(unsafe {
        libc::syscall(
            libc::SYS_perf_event_open,
            attributes.as_mut_ptr(),
            0,
            -1_i32,
            -1_i32,
            libc::c_ulong::from(8_u8), // PERF_FLAG_FD_CLOEXEC
        )
    })
}

/// `bpf(2)` with the attributes as words, for the commands that make a descriptor.
pub(crate) fn bpf(command: i32, attributes: &mut [u64]) -> io::Result<OwnedFd> {
    // SAFETY: pointer and size describe `attributes`; addresses inside them are the caller's live
    // buffers, which the kernel only reads.
    descriptor_long(unsafe {
        libc::syscall(
            libc::SYS_bpf,
            command,
            attributes.as_mut_ptr(),
            size_of_val(attributes),
        )
    })
}

/// `bpf(2)` for the commands that make no descriptor.
pub(crate) fn bpf_change(command: i32, attributes: &mut [u64]) -> io::Result<()> {
    // SAFETY: as in `bpf`.
    checked_long(unsafe {
        libc::syscall(
            libc::SYS_bpf,
            command,
            attributes.as_mut_ptr(),
            size_of_val(attributes),
        )
    })
    .map(drop)
}

/// What the kernel tells first about the bpf object of a descriptor.
pub(crate) fn bpf_info(descriptor: &impl AsRawFd) -> io::Result<[u32; 20]> {
    let mut info = [0_u32; 20];
    let (number, size) = (descriptor.as_raw_fd().cast_unsigned(), size_of_val(&info));
    // union bpf_attr for BPF_OBJ_GET_INFO_BY_FD: descriptor and size, then the address.
    let mut attributes = [
        u64::from(number) | (size as u64) << 32,
        info.as_mut_ptr().expose_provenance() as u64,
    ];
    // SAFETY: pointer and size describe `attributes`; the kernel writes at most `size` bytes to
    // `info`.
    checked_long(unsafe {
        libc::syscall(
            libc::SYS_bpf,
            15,
            attributes.as_mut_ptr(),
            size_of_val(&attributes),
        )
    })?;
    Ok(info)
}

/// The configuration of a file system that is not mounted.
pub(crate) fn file_system(kind: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    descriptor_long(unsafe {
        libc::syscall(libc::SYS_fsopen, kind.as_ptr(), 1) // FSOPEN_CLOEXEC
    })
}

/// Makes the file system of such a configuration, and a mount of it that is in no tree.
pub(crate) fn detached_mount(context: &impl AsRawFd) -> io::Result<OwnedFd> {
    const FSCONFIG_CMD_CREATE: libc::c_uint = 6;
    let null = std::ptr::null::<libc::c_char>();
    // SAFETY: null pointers stand for absent key and value; the rest are numbers.
    unsafe {
        checked_long(libc::syscall(
            libc::SYS_fsconfig,
            context.as_raw_fd(),
            FSCONFIG_CMD_CREATE,
            null,
            null,
            0,
        ))?;
        descriptor_long(libc::syscall(libc::SYS_fsmount, context.as_raw_fd(), 1, 0))
    }
}

/// A detached copy of the tree at `path`.
pub(crate) fn detached_copy(path: &CStr) -> io::Result<OwnedFd> {
    const OPEN_TREE_CLONE: libc::c_uint = 1;
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    descriptor_long(unsafe {
        libc::syscall(
            libc::SYS_open_tree,
            libc::AT_FDCWD,
            path.as_ptr(),
            OPEN_TREE_CLONE | libc::O_CLOEXEC as libc::c_uint,
        )
    })
}

/// A landlock rule set that handles reading and writing of files.
pub(crate) fn rule_set() -> io::Result<OwnedFd> {
    let handled: u64 = 0b110;
    // SAFETY: pointer and size describe one u64, which is the first struct landlock_ruleset_attr.
    descriptor_long(unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, &raw const handled, 8, 0)
    })
}

/// A POSIX message queue: a small one, because their memory is counted for the user on the whole
/// machine.
pub(crate) fn message_queue(name: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: mq_attr is plain data for which all zeroes is a value.
    let mut attributes: libc::mq_attr = unsafe { std::mem::zeroed() };
    attributes.mq_maxmsg = 1;
    attributes.mq_msgsize = 16;
    // SAFETY: the name is NUL-terminated; name and attributes live during the call.
    descriptor(unsafe {
        libc::mq_open(
            name.as_ptr(),
            libc::O_RDWR | libc::O_CREAT | libc::O_CLOEXEC,
            0o600 as libc::mode_t,
            &raw mut attributes,
        )
    })
}

pub(crate) fn unlink_message_queue(name: &CStr) -> io::Result<()> {
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    checked(unsafe { libc::mq_unlink(name.as_ptr()) }).map(drop)
}

/// The listener of a seccomp filter that lets everything pass; the filter stays on this process.
pub(crate) fn seccomp_listener() -> io::Result<OwnedFd> {
    let allow = libc::sock_filter {
        code: 0x06,
        jt: 0,
        jf: 0,
        k: libc::SECCOMP_RET_ALLOW,
    };
    let program = libc::sock_fprog {
        len: 1,
        filter: (&raw const allow).cast_mut(),
    };
    // SAFETY: the first prctl takes numbers only; the kernel copies one instruction from
    // `program`, which lives during the call.
    unsafe {
        checked(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
        descriptor_long(libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        ))
    }
}
