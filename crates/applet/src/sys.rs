//! The foreign calls of the door. The only unsafe code of this crate.

/// Gives SIGPIPE its default action back: the originals die of it, Rust's start-up ignores it.
///
/// Only when this process was started with the default action; a parent that ignores SIGPIPE
/// (the originals inherit that) cannot be told apart here, because the start-up code has already
/// overwritten the action. The binaries therefore also use `-Zon-broken-pipe`-free code paths:
/// see `main.rs` of each tool.
pub(crate) fn restore_sigpipe() {
    // SAFETY: installing SIG_DFL has no preconditions; no other thread exists yet.
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
