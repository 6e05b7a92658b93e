//! File handles: the number by which a file system knows a file for good.

use std::ffi::{CStr, c_int, c_uint};
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

use crate::error::Errno;

/// The bytes of a handle that are kept: those of a control group. A longer handle is refused.
const BYTES: usize = 8;

/// `struct file_handle` with room for any handle.
#[repr(C)]
struct Handle {
    bytes: c_uint,
    kind: c_int,
    handle: [u8; BYTES],
}

unsafe extern "C" {
    fn name_to_handle_at(
        directory: c_int,
        path: *const std::ffi::c_char,
        handle: *mut Handle,
        mount: *mut c_int,
        flags: c_int,
    ) -> c_int;
    fn open_by_handle_at(mount: c_int, handle: *mut Handle, flags: c_int) -> c_int;
}

/// What a handle of eight bytes says, or how many bytes it has instead.
pub(crate) enum HandleId {
    Eight(u64),
    OtherSize,
}

/// The handle of a file, links in the last component not followed.
pub(crate) fn id_at(directory: BorrowedFd<'_>, path: &CStr) -> Result<HandleId, Errno> {
    let mut handle = Handle {
        bytes: BYTES as c_uint,
        kind: 0,
        handle: [0; BYTES],
    };
    let mut mount = 0;
    // SAFETY: the path is terminated; the handle has the room that its first member tells.
    let failed = unsafe {
        name_to_handle_at(
            directory.as_raw_fd(),
            path.as_ptr(),
            &raw mut handle,
            &raw mut mount,
            0,
        )
    } != 0;
    if failed {
        return Err(Errno::from(&std::io::Error::last_os_error()));
    }
    match (handle.bytes, handle.handle.first_chunk::<8>()) {
        (8, Some(bytes)) => Ok(HandleId::Eight(u64::from_ne_bytes(*bytes))),
        _ => Ok(HandleId::OtherSize),
    }
}

/// Opens the file with this handle of eight bytes on the file system of `mount`.
pub(crate) fn open_by_id(mount: BorrowedFd<'_>, id: u64) -> Result<OwnedFd, Errno> {
    let mut handle = Handle {
        bytes: 8,
        kind: 1,
        handle: [0; BYTES],
    };
    if let Some(bytes) = handle.handle.first_chunk_mut::<8>() {
        *bytes = id.to_ne_bytes();
    }
    let flags = libc::O_RDONLY | libc::O_CLOEXEC;
    // SAFETY: the handle has the bytes that its first member tells.
    let opened = unsafe { open_by_handle_at(mount.as_raw_fd(), &raw mut handle, flags) };
    if opened < 0 {
        return Err(Errno::from(&std::io::Error::last_os_error()));
    }
    // SAFETY: the descriptor was just opened and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(opened) })
}
