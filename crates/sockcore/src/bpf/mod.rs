//! Fast paths: the kernel walks its own tables and writes the few numbers asked for.
//!
//! Nothing here is needed for a result: every step may fail, and then the caller takes the plain
//! way. Names and offsets come from the kernel's own type information (BTF), so a kernel that lays
//! its structures out otherwise is either understood or refused.
//!
//! These paths pass by the checks of `/proc`. They are taken only by a process that `/proc` would
//! refuse nothing: effective uid 0 with `CAP_SYS_PTRACE` and `CAP_DAC_READ_SEARCH`, in the initial
//! pid namespace.

mod bound;
mod btf;
pub(crate) mod open_files;
mod program;
pub(crate) mod task_file;
pub(crate) mod tcp_walk;

use rustix::thread::CapabilitySet;

/// The inode of the initial pid namespace (`PROC_PID_INIT_INO`).
const INITIAL_PID_NAMESPACE: u64 = 0xefff_fffc;

/// Whether `/proc` would show this process everything that the kernel's tables hold.
pub(crate) fn sees_everything() -> bool {
    let wanted = CapabilitySet::SYS_PTRACE | CapabilitySet::DAC_READ_SEARCH;
    rustix::process::geteuid().is_root()
        && rustix::thread::capabilities(None).is_ok_and(|sets| sets.effective.contains(wanted))
        && rustix::fs::stat("/proc/self/ns/pid")
            .is_ok_and(|stat| stat.st_ino == INITIAL_PID_NAMESPACE)
}
