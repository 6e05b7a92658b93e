//! Mappings. A mapping made here stays for the life of the process.

use std::io;
use std::os::fd::AsRawFd;

use super::{checked, checked_long};

/// Maps `length` bytes of a file from its start, and leaves the mapping in place for good.
pub(crate) fn map(
    descriptor: &impl AsRawFd,
    length: usize,
    protection: i32,
    flags: i32,
    offset: i64,
) -> io::Result<()> {
    place(descriptor.as_raw_fd(), length, protection, flags, offset)
}

/// Maps memory that belongs to no file.
pub(crate) fn map_nothing(length: usize, flags: i32) -> io::Result<()> {
    place(
        -1,
        length,
        libc::PROT_READ | libc::PROT_WRITE,
        flags | libc::MAP_ANONYMOUS,
        0,
    )
}

fn place(number: i32, length: usize, protection: i32, flags: i32, offset: i64) -> io::Result<()> {
    // SAFETY: a null address lets the kernel choose a free range; nothing is ever read or written
    // through the mapping.
    let at = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            length,
            protection,
            flags,
            number,
            offset,
        )
    };
    if at == libc::MAP_FAILED {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// A System V segment of one page, attached, and removed again where wanted. The value is its
/// number.
pub(crate) fn shared_segment(key: i32, removed: bool) -> io::Result<i32> {
    // SAFETY: shmat at a null address lets the kernel choose; nothing is read or written there.
    // IPC_RMID takes no buffer.
    unsafe {
        let id = checked(libc::shmget(key, 4096, libc::IPC_CREAT | 0o600))?;
        if libc::shmat(id, std::ptr::null(), 0) as isize == -1 {
            return Err(io::Error::last_os_error());
        }
        if removed {
            checked(libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()))?;
        }
        Ok(id)
    }
}

/// An asynchronous I/O context, which maps a ring.
pub(crate) fn aio_context() -> io::Result<()> {
    let mut context: libc::c_ulong = 0;
    // SAFETY: the kernel writes one unsigned long to `context`.
    checked_long(unsafe { libc::syscall(libc::SYS_io_setup, 8, &raw mut context) }).map(drop)
}
