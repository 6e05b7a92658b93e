//! Files and kernel buffers as memory.

use std::ops::Deref;
use std::os::fd::AsFd;

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

use crate::error::Errno;

/// A private read-only mapping of a whole file.
pub(crate) struct ReadOnlyMap {
    start: *mut core::ffi::c_void,
    length: usize,
}

impl ReadOnlyMap {
    /// Maps the kernel's own type information, which is part of the running kernel's image and
    /// neither shrinks nor changes.
    pub(crate) fn of_kernel_types(file: impl AsFd) -> Result<Self, Errno> {
        let length = usize::try_from(rustix::fs::fstat(&file)?.st_size).unwrap_or(0);
        // SAFETY: a new mapping at an address of the kernel's choice touches nothing that exists.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ,
                MapFlags::PRIVATE,
                file,
                0,
            )
        }?;
        Ok(Self { start, length })
    }
}

impl Deref for ReadOnlyMap {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the mapping covers `length` readable bytes until it is dropped, and its file
        // never changes (see the constructor).
        unsafe { std::slice::from_raw_parts(self.start.cast(), self.length) }
    }
}

impl Drop for ReadOnlyMap {
    fn drop(&mut self) {
        // SAFETY: start and length are those of the mapping, which nobody borrows any more.
        let _ = unsafe { munmap(self.start, self.length) };
    }
}

/// A buffer shared with a BPF program, which writes to it only while it runs.
pub(crate) struct SharedBuffer {
    start: *mut core::ffi::c_void,
    length: usize,
}

impl SharedBuffer {
    /// Maps the one value of a mappable array of at least `length` bytes.
    pub(crate) fn of_array(map: impl AsFd, length: usize) -> Result<Self, Errno> {
        // SAFETY: a new mapping at an address of the kernel's choice touches nothing that exists.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ,
                MapFlags::SHARED,
                map,
                0,
            )
        }?;
        Ok(Self { start, length })
    }

    /// The bytes as the last run left them. Whoever runs the program again must not hold them:
    /// the owner of both lends them by one `&mut self`.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping covers `length` readable bytes until it is dropped; the program is
        // run by this thread only, never while the bytes are borrowed (see above).
        unsafe { std::slice::from_raw_parts(self.start.cast(), self.length) }
    }
}

impl Drop for SharedBuffer {
    fn drop(&mut self) {
        // SAFETY: start and length are those of the mapping, which nobody borrows any more.
        let _ = unsafe { munmap(self.start, self.length) };
    }
}
