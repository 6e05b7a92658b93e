//! The C library's own conversion of floating-point numbers.

use std::ffi::CStr;

/// What `printf` makes of a number by a format with one conversion of a `double`.
pub(crate) fn printf(format: &CStr, value: f64) -> String {
    let mut text = [0u8; 512];
    // SAFETY: the buffer is writable for its length, the format is terminated and takes one
    // double.
    let length =
        unsafe { libc::snprintf(text.as_mut_ptr().cast(), text.len(), format.as_ptr(), value) };
    let length = usize::try_from(length).unwrap();
    String::from_utf8(text[..length].to_vec()).unwrap()
}
