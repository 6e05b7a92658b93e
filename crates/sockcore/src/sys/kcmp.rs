//! kcmp(2): whether two tasks share a kernel object.

/// `enum kcmp_type` of `linux/kcmp.h`.
const KCMP_VM: libc::c_long = 1;
const KCMP_FILES: libc::c_long = 2;
const KCMP_FS: libc::c_long = 3;

/// Whether two tasks of the own pid namespace share memory, descriptors, and directories. `false`
/// also where the kernel does not tell.
pub(crate) fn share_all(one: u32, other: u32) -> bool {
    [KCMP_FILES, KCMP_FS, KCMP_VM].into_iter().all(|kind| {
        // SAFETY: no pointer is passed; the numbers are checked by the kernel.
        let order = unsafe {
            libc::syscall(
                libc::SYS_kcmp,
                libc::c_long::from(one),
                libc::c_long::from(other),
                kind,
                0,
                0,
            )
        };
        order == 0
    })
}
