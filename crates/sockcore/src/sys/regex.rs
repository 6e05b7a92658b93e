//! POSIX regular expressions and shell patterns of the C library.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;

/// A compiled expression.
pub(crate) struct Compiled(Box<libc::regex_t>);

// SAFETY: regexec only reads the expression, or takes a lock of its own where it keeps a cache in
// it (POSIX demands that it may be called by several threads at once).
unsafe impl Sync for Compiled {}
// SAFETY: an expression belongs to no thread.
unsafe impl Send for Compiled {}

impl Compiled {
    /// `regcomp` in the locale of the environment, which decides what a character is; the error is
    /// the text of `regerror`.
    pub(crate) fn new(source: &CStr, flags: i32) -> Result<Self, Vec<u8>> {
        super::locale::enter();
        let mut expression = Box::new(MaybeUninit::<libc::regex_t>::zeroed());
        // SAFETY: the expression is writable and the source terminated.
        let failure = unsafe { libc::regcomp(expression.as_mut_ptr(), source.as_ptr(), flags) };
        if failure != 0 {
            let mut text = [0u8; 256];
            // SAFETY: the buffer is writable for its length; the expression is what regcomp left.
            unsafe {
                libc::regerror(
                    failure,
                    expression.as_ptr(),
                    text.as_mut_ptr().cast(),
                    text.len(),
                )
            };
            let text = CStr::from_bytes_until_nul(&text).unwrap_or_default();
            return Err(text.to_bytes().to_vec());
        }
        // SAFETY: regcomp succeeded, so it has initialised the expression.
        Ok(Self(unsafe { expression.assume_init() }))
    }

    /// `regexec`: whether the expression matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &CStr) -> bool {
        // SAFETY: the expression is compiled, the text terminated, and no positions are asked for.
        unsafe {
            libc::regexec(
                &raw const *self.0,
                text.as_ptr(),
                0,
                std::ptr::null_mut(),
                0,
            ) == 0
        }
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        // SAFETY: compiled by regcomp and freed once.
        unsafe { libc::regfree(&raw mut *self.0) };
    }
}

/// `fnmatch` without flags.
pub(crate) fn glob_matches(pattern: &[u8], text: &[u8]) -> bool {
    let (Ok(pattern), Ok(text)) = (CString::new(pattern), CString::new(text)) else {
        return false;
    };
    // SAFETY: both are terminated.
    unsafe { libc::fnmatch(pattern.as_ptr(), text.as_ptr(), 0) == 0 }
}
