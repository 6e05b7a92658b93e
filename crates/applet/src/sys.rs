//! The foreign calls of the door. The only unsafe code of this crate.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the parent handed SIGPIPE down as ignored.
static SIGPIPE_WAS_IGNORED: AtomicBool = AtomicBool::new(false);

/// Runs before Rust's start-up code, which sets SIGPIPE to "ignore" whatever it was.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE_SIGPIPE: extern "C" fn() = note_sigpipe;

extern "C" fn note_sigpipe() {
    // SAFETY: an all-zero sigaction is a valid value, and sigaction only fills it in when the new
    // action is null.
    let ignored = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGPIPE, std::ptr::null(), &raw mut action) == 0
            && action.sa_sigaction == libc::SIG_IGN
    };
    SIGPIPE_WAS_IGNORED.store(ignored, Ordering::Relaxed);
}

/// Gives SIGPIPE the action this process was started with, as the originals have it: with the
/// default one a closed pipe kills, under a parent that ignores the signal it is a failed write.
pub(crate) fn restore_sigpipe() {
    if SIGPIPE_WAS_IGNORED.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: installing SIG_DFL has no preconditions.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
    }
}

/// Whether the kernel started this process with raised privileges (set-id bits, file
/// capabilities): its environment is then not to be trusted.
pub(crate) fn runs_with_raised_privileges() -> bool {
    // SAFETY: getauxval only reads the auxiliary vector the kernel passed to this process.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// Closes every descriptor above standard error.
pub(crate) fn close_inherited() {
    const FIRST: libc::c_uint = 3;
    // SAFETY: called at the door of a process, before anything of the program is open. Kernels
    // before 5.9 refuse, which does no harm.
    unsafe {
        libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, 0);
    }
}
