//! Namespaces and mounts of this process.

use std::ffi::CStr;
use std::os::fd::{AsRawFd as _, BorrowedFd};

use crate::error::Errno;

fn checked(result: libc::c_int) -> Result<(), Errno> {
    match result {
        0 => Ok(()),
        _ => Err(Errno::from(&std::io::Error::last_os_error())),
    }
}

/// Moves this thread into the network namespace behind a descriptor.
pub(crate) fn enter_network(namespace: BorrowedFd<'_>) -> Result<(), Errno> {
    // SAFETY: takes no pointers; the descriptor is open.
    checked(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) })
}

/// Gives this thread an empty network namespace.
#[cfg(test)]
pub(crate) fn unshare_network() -> Result<(), Errno> {
    // SAFETY: takes no pointers, and shares nothing more than before.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNET) })
}

/// Gives this thread mounts of its own.
pub(crate) fn unshare_mounts() -> Result<(), Errno> {
    // SAFETY: takes no pointers, and shares nothing more than before.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNS) })
}

/// `mount`, without data.
pub(crate) fn mount(
    source: &CStr,
    target: &CStr,
    kind: &CStr,
    flags: libc::c_ulong,
) -> Result<(), Errno> {
    // SAFETY: all strings are terminated and live during the call; no data is given.
    checked(unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            std::ptr::null(),
        )
    })
}

/// Takes a mount away at once, busy or not.
pub(crate) fn detach(target: &CStr) -> Result<(), Errno> {
    // SAFETY: the string is terminated.
    checked(unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) })
}
