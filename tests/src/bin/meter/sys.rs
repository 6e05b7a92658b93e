//! `wait4`, which alone tells one child's own accounting.

use std::process::Child;

/// What the kernel accounted to one finished child.
pub(crate) struct Usage {
    /// User and system time, microseconds.
    pub(crate) processor: u64,
    /// Peak resident memory, KiB.
    pub(crate) memory: u64,
}

/// Waits for a child and takes its accounting.
pub(crate) fn reap(child: Child) -> Option<Usage> {
    let pid = libc::pid_t::try_from(child.id()).ok()?;
    let mut status = 0;
    // SAFETY: a zeroed rusage is a valid value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are valid for writing; the pid is our own child, not yet waited for.
    let reaped = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
    if reaped != pid {
        return None;
    }
    let micros = |time: libc::timeval| {
        u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000
            + u64::try_from(time.tv_usec).unwrap_or(0)
    };
    Some(Usage {
        processor: micros(usage.ru_utime) + micros(usage.ru_stime),
        memory: u64::try_from(usage.ru_maxrss).unwrap_or(0),
    })
}
