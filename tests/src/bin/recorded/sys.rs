//! Kernel calls of the stand-in that no safe interface offers: seccomp's notifications.

use std::io;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};

/// A system call that waits for a reply.
pub(crate) struct Call {
    id: u64,
    /// Who made it, in this process's namespace.
    pub(crate) pid: u32,
    number: libc::c_long,
    pub(crate) arguments: [u64; 6],
}

/// What becomes of a call.
pub(crate) enum Reply {
    /// The kernel does it.
    Kernel,
    /// It returns this.
    Value(i64),
}

const HANDED_OVER: [libc::c_long; 4] = [
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
];

/// Whether it is a send, not a receive.
pub(crate) fn sends(call: &Call) -> bool {
    call.number == libc::SYS_sendto || call.number == libc::SYS_sendmsg
}

/// Whether its second argument is a `struct msghdr`.
pub(crate) fn has_vector(call: &Call) -> bool {
    call.number == libc::SYS_sendmsg || call.number == libc::SYS_recvmsg
}

/// From now on sends and receives of this thread, and of all processes that it starts, wait for a
/// reply through the descriptor.
pub(crate) fn hand_over_messages() -> io::Result<OwnedFd> {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, k, jt| libc::sock_filter { code, jt, jf: 0, k };
    // `seccomp_data.nr` is the first word.
    let mut program = vec![step(LOAD, 0, 0)];
    for (place, number) in HANDED_OVER.into_iter().enumerate() {
        let jump = (HANDED_OVER.len() - place) as u8;
        let number = u32::try_from(number).map_err(io::Error::other)?;
        program.push(step(EQUAL, number, jump));
    }
    program.push(step(RETURN, libc::SECCOMP_RET_ALLOW, 0));
    program.push(step(RETURN, libc::SECCOMP_RET_USER_NOTIF, 0));
    let program = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: prctl takes numbers here; `program` points to as many instructions as it says, alive
    // during the call, which copies them.
    let listener = unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    };
    owned(listener)
}

/// The next call that waits; `None` when no process is left that could make one.
pub(crate) fn next_call(listener: &OwnedFd) -> io::Result<Option<Call>> {
    loop {
        let mut poll = libc::pollfd {
            fd: listener.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one pollfd, valid for reading and writing during the call.
        if unsafe { libc::poll(&raw mut poll, 1, -1) } < 0 {
            let error = io::Error::last_os_error();
            if error.kind() == io::ErrorKind::Interrupted {
                continue;
            }
            return Err(error);
        }
        if poll.revents & libc::POLLIN == 0 {
            return Ok(None);
        }
        // SAFETY: the structure is plain numbers, for which the kernel asks that they be zero; it
        // is valid for writing during the call.
        let (result, call) = unsafe {
            let mut call: libc::seccomp_notif = std::mem::zeroed();
            let request = libc::SECCOMP_IOCTL_NOTIF_RECV;
            let result = libc::ioctl(listener.as_raw_fd(), request, &raw mut call);
            (result, call)
        };
        if result == 0 {
            return Ok(Some(Call {
                id: call.id,
                pid: call.pid,
                number: call.data.nr.into(),
                arguments: call.data.args,
            }));
        }
        // The caller was killed meanwhile.
        let error = io::Error::last_os_error();
        let gone = error.raw_os_error() == Some(libc::ENOENT);
        if !gone && error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Lets a call go on. That its caller is gone is no error.
pub(crate) fn reply(listener: &OwnedFd, call: &Call, reply: Reply) -> io::Result<()> {
    let (val, flags) = match reply {
        Reply::Kernel => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        Reply::Value(value) => (value, 0),
    };
    let mut response = libc::seccomp_notif_resp {
        id: call.id,
        val,
        error: 0,
        flags,
    };
    let request = libc::SECCOMP_IOCTL_NOTIF_SEND;
    // SAFETY: `response` is valid for reading and writing during the call.
    let result = unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut response) };
    let error = io::Error::last_os_error();
    if result < 0 && error.raw_os_error() != Some(libc::ENOENT) {
        return Err(error);
    }
    Ok(())
}

/// A second descriptor of what a process has under this number.
pub(crate) fn descriptor_of(pid: u32, number: u64) -> io::Result<OwnedFd> {
    // SAFETY: both calls take numbers only.
    unsafe {
        let process = owned(libc::syscall(libc::SYS_pidfd_open, pid, 0))?;
        owned(libc::syscall(
            libc::SYS_pidfd_getfd,
            process.as_raw_fd(),
            number,
            0,
        ))
    }
}

fn owned(result: libc::c_long) -> io::Result<OwnedFd> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    let number = i32::try_from(result).map_err(io::Error::other)?;
    // SAFETY: the kernel just made this descriptor for us and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}
