//! The C library's character classes of a locale, and its way of writing a time.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

unsafe extern "C" {
    fn mbrtowc(
        wide: *mut libc::wchar_t,
        bytes: *const c_char,
        length: usize,
        state: *mut c_void,
    ) -> usize;
    fn iswprint(wide: WideInt) -> c_int;
    fn __ctype_get_mb_cur_max() -> usize;
    fn tzset();
}

/// `wint_t`
type WideInt = u32;

/// Room for an `mbstate_t`, which has 8 bytes in the C libraries of Linux.
type ConversionState = [u64; 16];

/// Puts the character classes of the environment's locale in force, once; everything else stays
/// in the C locale. Returns the longest character in bytes.
pub(crate) fn enter() -> usize {
    static LONGEST: OnceLock<usize> = OnceLock::new();
    *LONGEST.get_or_init(|| {
        // SAFETY: called once; whoever reads the locale in this crate comes through here first,
        // and the Rust library does not read it. The name is a terminated empty string.
        unsafe {
            libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
            __ctype_get_mb_cur_max()
        }
    })
}

/// `isprint` of one byte.
pub(crate) fn is_printable_byte(byte: u8) -> bool {
    // SAFETY: the argument is in the range of unsigned char.
    unsafe { libc::isprint(c_int::from(byte)) != 0 }
}

/// Length and printability of the character at the beginning of `bytes`; `None`: there is none.
pub(crate) fn character(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut wide: libc::wchar_t = 0;
    let mut state: ConversionState = [0; 16];
    // SAFETY: the bytes are readable for their length; a zeroed state is the initial one and has
    // more room than the type; wide is writable.
    let length = unsafe {
        mbrtowc(
            &raw mut wide,
            bytes.as_ptr().cast(),
            bytes.len(),
            (&raw mut state).cast(),
        )
    };
    // -1: invalid, -2: incomplete, 0: a NUL.
    if length == 0 || length > bytes.len() {
        return None;
    }
    #[allow(clippy::cast_sign_loss, reason = "wint_t holds every wchar_t as it is")]
    let wide = wide as WideInt;
    // SAFETY: the value came from mbrtowc.
    Some((length, unsafe { iswprint(wide) } != 0))
}

/// `strftime` of a time in seconds since 1970, in local time; at most `room` bytes.
pub(crate) fn format_local(format: &CStr, seconds: i64, room: usize) -> Vec<u8> {
    let mut text = vec![0u8; room];
    // SAFETY: tzset reads the environment, which nobody changes; a zeroed tm is valid and
    // writable; the buffer is writable for its length.
    let length = unsafe {
        tzset();
        let mut broken: libc::tm = std::mem::zeroed();
        let seconds = seconds as libc::time_t;
        if libc::localtime_r(&raw const seconds, &raw mut broken).is_null() {
            return Vec::new();
        }
        libc::strftime(
            text.as_mut_ptr().cast(),
            text.len(),
            format.as_ptr(),
            &raw const broken,
        )
    };
    text.truncate(length);
    text
}
