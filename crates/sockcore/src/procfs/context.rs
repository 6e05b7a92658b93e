//! Security contexts as SELinux keeps them: of processes in `/proc/PID/attr`, of files in an
//! extended attribute.

use std::path::Path;

use super::mounts::mount_line;
use super::process::ProcessDir;

/// The longest context that is read.
const CONTEXT_MAX: usize = 4096;

/// Whether the kernel runs with SELinux and a policy: its file system is mounted, and this
/// process has a context other than the one before a policy is loaded.
#[must_use]
pub fn is_enabled() -> bool {
    let mounted = std::fs::read("/proc/self/mounts").is_ok_and(|mounts| {
        mounts
            .split(|&byte| byte == b'\n')
            .filter_map(mount_line)
            .any(|mount| mount.kind == b"selinuxfs")
    });
    mounted
        && std::fs::read("/proc/self/attr/current")
            .is_ok_and(|context| until_nul(&context) != Some(b"kernel"))
}

/// The context of a process or task (`attr/current`); `None`: not told.
#[must_use]
pub fn of_process(process: &ProcessDir) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    process.read(c"attr/current", &mut text, CONTEXT_MAX).ok()?;
    until_nul(&text).map(<[u8]>::to_vec)
}

/// The context that the kernel itself has by the policy.
#[must_use]
pub fn of_kernel() -> Option<Vec<u8>> {
    let text = std::fs::read("/sys/fs/selinux/initial_contexts/kernel").ok()?;
    until_nul(&text).map(<[u8]>::to_vec)
}

/// The context of the file, or of the open socket, that a path leads to (`security.selinux`).
#[must_use]
pub fn of_file(path: &Path) -> Option<Vec<u8>> {
    let mut text = [0u8; CONTEXT_MAX];
    let length = rustix::fs::getxattr(path, c"security.selinux", &mut text).ok()?;
    until_nul(text.get(..length)?).map(<[u8]>::to_vec)
}

/// The text before the first NUL and newline, if there is any.
fn until_nul(text: &[u8]) -> Option<&[u8]> {
    let text = text.split(|&byte| byte == 0 || byte == b'\n').next()?;
    (!text.is_empty()).then_some(text)
}
