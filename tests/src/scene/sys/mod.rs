//! The kernel calls that scenes need and no safe interface offers: the one place with `unsafe`.

mod anon;
mod memory;
mod process;
mod socket;

pub(crate) use anon::*;
pub(crate) use memory::*;
pub(crate) use process::*;
pub(crate) use socket::*;

use std::io;
use std::os::fd::{FromRawFd as _, OwnedFd};

/// The result of a libc function that answers -1 and sets `errno`.
fn checked(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// The same for [`libc::syscall`].
fn checked_long(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// The descriptor that a libc function just made.
fn descriptor(result: libc::c_int) -> io::Result<OwnedFd> {
    let number = checked(result)?;
    // SAFETY: the kernel just made this descriptor for us and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// The descriptor that a system call just made.
fn descriptor_long(result: libc::c_long) -> io::Result<OwnedFd> {
    let number = checked_long(result)?;
    let number = libc::c_int::try_from(number).map_err(io::Error::other)?;
    // SAFETY: the kernel just made this descriptor for us and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}
