//! Entering a network namespace, with a `/sys` that shows it.

use std::ffi::{CString, OsStr};
use std::fs::File;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, StatVfsMountFlags, fstatfs, openat, statvfs};

use crate::error::Errno;
use crate::id::Pid;
use crate::sys::netns::{detach, enter_network, mount, unshare_mounts};

/// Where namespaces have names: each is a file that a namespace is mounted on.
const NAMES: &str = "/run/netns";
/// Where a name may have files that stand for those in `/etc`.
const FILES: &str = "/etc/netns";
/// `NSFS_MAGIC`
const NSFS: i64 = 0x6e73_6673;

/// An open network namespace.
#[derive(Debug)]
pub struct NetworkNamespace(OwnedFd);

/// The step of [`NetworkNamespace::enter`] that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `setns`
    Enter,
    /// `unshare(CLONE_NEWNS)`
    UnshareMounts,
    /// Keeping mounts from coming back to where they were copied from.
    MakeSlave,
    /// Mounting `/sys` anew.
    MountSys,
}

/// A file of `/etc/netns/NAME` that could not be laid over its fellow in `/etc`.
#[derive(Debug)]
pub struct Unbound {
    /// The file.
    pub source: PathBuf,
    /// Where it was to be seen.
    pub target: PathBuf,
    /// Why it is not.
    pub errno: Errno,
}

fn open(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, Mode::empty())?)
}

impl NetworkNamespace {
    /// Opens the file that has a name. Whether it is a namespace shows only when it is entered.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn named(name: &OsStr) -> Result<Self, Errno> {
        // Not joined: a name that begins with a slash is still a name.
        let path = [NAMES.as_bytes(), b"/", name.as_bytes()].concat();
        open(Path::new(OsStr::from_bytes(&path))).map(Self)
    }

    /// The namespace that a process is in.
    ///
    /// # Errors
    /// There is no such process, or it may not be looked at.
    pub fn of_process(pid: Pid) -> Result<Self, Errno> {
        open(Path::new(&format!("/proc/{pid}/ns/net"))).map(Self)
    }

    /// The namespace that a file stands for.
    ///
    /// # Errors
    /// The file cannot be opened; `EINVAL`: it is another kind of file.
    pub fn at(path: &Path) -> Result<Self, Errno> {
        // Opening a device or a pipe may do something; these files are neither.
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let seen = openat(CWD, path, flags, Mode::empty())?;
        if fstatfs(&seen)?.f_type != NSFS {
            return Err(Errno::INVAL);
        }
        open(path).map(Self)
    }

    /// Moves this thread into the namespace and gives it mounts of its own, in which `/sys`
    /// shows the namespace's devices. `label` is what the new mount is called.
    ///
    /// # Errors
    /// The step that failed; those before it are done.
    pub fn enter(&self, label: &OsStr) -> Result<(), (Step, Errno)> {
        let step = |step| move |errno| (step, errno);
        enter_network(self.0.as_fd()).map_err(step(Step::Enter))?;
        unshare_mounts().map_err(step(Step::UnshareMounts))?;
        mount(c"", c"/", c"none", libc::MS_SLAVE | libc::MS_REC).map_err(step(Step::MakeSlave))?;
        let mut flags = 0;
        if detach(c"/sys").is_err() {
            let read_only =
                statvfs("/sys").is_ok_and(|told| told.f_flag.contains(StatVfsMountFlags::RDONLY));
            if read_only {
                flags = libc::MS_RDONLY;
            }
        }
        let label = CString::new(label.as_bytes()).unwrap_or_default();
        mount(&label, c"/sys", c"sysfs", flags).map_err(step(Step::MountSys))
    }
}

/// Lays every file in `/etc/netns/NAME` over the file of that name in `/etc`. Calls `each` for
/// those that cannot be.
pub fn bind_files(name: &OsStr, each: &mut dyn FnMut(&Unbound)) {
    let directory = [FILES.as_bytes(), b"/", name.as_bytes()].concat();
    let Ok(opened) = open(Path::new(OsStr::from_bytes(&directory))).map(File::from) else {
        return;
    };
    let Ok(entries) = rustix::fs::Dir::read_from(&opened) else {
        return;
    };
    for entry in entries.flatten() {
        let file = entry.file_name();
        if matches!(file.to_bytes(), b"." | b"..") {
            continue;
        }
        let source = [&directory, &b"/"[..], file.to_bytes()].concat();
        let target = [b"/etc/", file.to_bytes()].concat();
        let (Ok(from), Ok(to)) = (CString::new(source.clone()), CString::new(target.clone()))
        else {
            continue;
        };
        if let Err(errno) = mount(&from, &to, c"none", libc::MS_BIND) {
            each(&Unbound {
                source: PathBuf::from(OsStr::from_bytes(&source)),
                target: PathBuf::from(OsStr::from_bytes(&target)),
                errno,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_namespaces_are_taken_for_namespaces() {
        let own = Pid(std::process::id());
        assert!(NetworkNamespace::of_process(own).is_ok());
        assert!(NetworkNamespace::at(Path::new("/proc/self/ns/net")).is_ok());
        let null = NetworkNamespace::at(Path::new("/dev/null"));
        assert_eq!(null.unwrap_err(), Errno::INVAL);
        let none = NetworkNamespace::at(Path::new("/nonexistent"));
        assert_eq!(none.unwrap_err(), Errno::NOENT);
        // An absolute path is no name.
        let name = NetworkNamespace::named(OsStr::new("/proc/self/ns/net"));
        assert_eq!(name.unwrap_err(), Errno::NOENT);
    }
}
