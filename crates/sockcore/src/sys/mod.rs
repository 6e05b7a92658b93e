//! Foreign interfaces: the C library's name service and the calls that have no safe wrapper.
//! The only unsafe code of this crate; one file per interface.

pub(crate) mod bpf;
pub(crate) mod fork;
#[cfg(test)]
pub(crate) mod glob;
pub(crate) mod handle;
pub(crate) mod kcmp;
pub(crate) mod locale;
pub(crate) mod map;
pub(crate) mod netns;
pub(crate) mod nss;
pub(crate) mod regex;

use std::ffi::{CStr, CString};

/// The C library's text for an error number, never translated.
pub(crate) fn strerror(errno: i32) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: the buffer is writable for its length; the XSI function writes a terminated text.
    let failed = unsafe { libc::strerror_r(errno, buffer.as_mut_ptr().cast(), buffer.len()) } != 0;
    match CStr::from_bytes_until_nul(&buffer) {
        Ok(text) if !failed || !text.is_empty() => text.to_string_lossy().into_owned(),
        _ => format!("Unknown error {errno}"),
    }
}

/// Name of an interface index in the current network namespace.
pub(crate) fn interface_name(index: u32) -> Option<Vec<u8>> {
    let mut name = [0u8; libc::IF_NAMESIZE];
    // SAFETY: the buffer has IF_NAMESIZE bytes, as the function demands.
    let found = unsafe { libc::if_indextoname(index, name.as_mut_ptr().cast()) };
    if found.is_null() {
        return None;
    }
    Some(CStr::from_bytes_until_nul(&name).ok()?.to_bytes().to_vec())
}

/// Index of an interface name in the current network namespace.
pub(crate) fn interface_index(name: &[u8]) -> Option<u32> {
    let name = CString::new(name).ok()?;
    // SAFETY: the argument is a terminated string.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    (index != 0).then_some(index)
}
