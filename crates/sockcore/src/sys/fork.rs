//! A child process that shares nothing but two pipes with its parent.

use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};

use crate::error::Errno;

/// A forked child and the pipes to it.
pub(crate) struct Child {
    /// Process id.
    pub(crate) pid: i32,
    /// What the child reads.
    pub(crate) requests: OwnedFd,
    /// What the child writes.
    pub(crate) answers: OwnedFd,
}

/// Forks. The child runs `serve` with the requests as descriptor 0 and the answers as descriptor
/// 1, everything else closed, and ends when that returns. `serve` must not allocate, print or
/// panic: other threads of the parent may have held any lock.
pub(crate) fn fork(serve: fn()) -> Result<Child, Errno> {
    let (child_requests, requests) = pipe()?;
    let (answers, child_answers) = pipe()?;
    // SAFETY: fork has no precondition; the child calls only system calls (`serve` by contract).
    match unsafe { libc::fork() } {
        -1 => Err(Errno(
            std::io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::EAGAIN),
        )),
        0 => {
            // SAFETY: plain system calls on descriptors of this child alone, which never returns
            // into the program; a requests pipe at 1 is moved away before it is overwritten.
            unsafe {
                let requests = libc::dup(child_requests.as_raw_fd());
                libc::dup2(child_answers.as_raw_fd(), 1);
                libc::dup2(requests, 0);
                libc::close(2);
                libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0);
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                serve();
                libc::_exit(0)
            }
        }
        pid => Ok(Child {
            pid,
            requests,
            answers,
        }),
    }
}

fn pipe() -> Result<(OwnedFd, OwnedFd), Errno> {
    let pipe = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    // Numbers below 3 would be overwritten in the child before they are copied.
    let above = |end: OwnedFd| match end.as_raw_fd() {
        0..3 => rustix::io::fcntl_dupfd_cloexec(end.as_fd(), 3),
        _ => Ok(end),
    };
    Ok((above(pipe.0)?, above(pipe.1)?))
}

/// Ends a child; `false` when it does not go away within `patience` milliseconds.
pub(crate) fn end(pid: i32, patience: u32) -> bool {
    // SAFETY: the pid is that of a child not yet waited for, so it names no other process.
    unsafe { libc::kill(pid, libc::SIGKILL) };
    for round in 0..=patience {
        // SAFETY: as above; no status is asked for.
        match unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG) } {
            0 if round < patience => std::thread::sleep(std::time::Duration::from_millis(1)),
            0 => return false,
            _ => return true,
        }
    }
    false
}
