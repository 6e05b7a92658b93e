//! The C library's pattern matching, for comparison.

use std::ffi::CString;

/// Whether `fnmatch` with `FNM_CASEFOLD` matches; neither side holds a NUL.
pub(crate) fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (Ok(pattern), Ok(name)) = (CString::new(pattern), CString::new(name)) else {
        return false;
    };
    // SAFETY: both arguments are terminated strings that live during the call.
    unsafe { libc::fnmatch(pattern.as_ptr(), name.as_ptr(), libc::FNM_CASEFOLD) == 0 }
}
