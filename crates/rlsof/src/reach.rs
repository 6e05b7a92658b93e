//! Calls on paths: at once where they always come back, by a child with a deadline where a
//! server or another process may keep them waiting.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;
use sockcore::Errno;
use sockcore::guard::{FileStat, Guard};

/// The directories of one mount namespace below which calls may block.
pub(crate) type Space = Arc<[Blocking]>;

/// A mount that may not answer.
#[derive(Debug)]
pub(crate) struct Blocking {
    directory: Vec<u8>,
    /// It missed a deadline: nothing more is asked of it.
    silent: AtomicBool,
}

/// Makes the calls.
pub(crate) struct Reach {
    /// Of the own mount namespace.
    own: Space,
    /// Of other mount namespaces, by inode.
    others: Mutex<FxHashMap<u64, Space>>,
    guard: Mutex<Guard>,
    /// Paths that were not looked at because that was to be avoided.
    avoided: Mutex<Vec<Vec<u8>>>,
}

impl Reach {
    /// No call on a path below `blocking` takes longer than `deadline`.
    pub(crate) fn new(blocking: &[Vec<u8>], deadline: Duration) -> Self {
        Self {
            own: space(blocking),
            others: Mutex::default(),
            guard: Mutex::new(Guard::new(deadline)),
            avoided: Mutex::default(),
        }
    }

    /// The own mount namespace.
    pub(crate) fn own(&self) -> &Space {
        &self.own
    }

    /// Another mount namespace; `read` lists its blocking mounts when it is met first.
    pub(crate) fn other(&self, namespace: u64, read: impl FnOnce() -> Vec<Vec<u8>>) -> Space {
        Arc::clone(
            lock(&self.others)
                .entry(namespace)
                .or_insert_with(|| space(&read())),
        )
    }

    /// `stat` of a path as the own process sees it.
    pub(crate) fn stat(&self, path: &CStr) -> Result<FileStat, Errno> {
        self.by_name(path, FileStat::of, Guard::stat)
    }

    /// `lstat` of a path as the own process sees it.
    pub(crate) fn stat_link(&self, path: &CStr) -> Result<FileStat, Errno> {
        self.by_name(path, FileStat::of_link, Guard::stat_link)
    }

    /// `readlink` of a path as the own process sees it.
    pub(crate) fn read_link(&self, path: &CStr) -> Result<Vec<u8>, Errno> {
        self.by_name(path, sockcore::guard::read_link, Guard::read_link)
    }

    fn by_name<T>(
        &self,
        path: &CStr,
        at_once: impl FnOnce(&CStr) -> Result<T, Errno>,
        guarded: impl FnOnce(&mut Guard, &CStr) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        if self.own.is_empty() {
            return at_once(path);
        }
        let found = if path.to_bytes().first() == Some(&b'/') {
            blocking(&self.own, path.to_bytes())
        } else {
            let mut whole = std::env::current_dir()
                .map(|directory| directory.as_os_str().as_bytes().to_vec())
                .unwrap_or_default();
            whole.push(b'/');
            whole.extend_from_slice(path.to_bytes());
            blocking(&self.own, &whole)
        };
        match found {
            None => at_once(path),
            Some(mount) => self.guarded(mount, |guard| guarded(guard, path)),
        }
    }

    /// `stat` of an open file that is on `mount`, by its `/proc` path.
    pub(crate) fn stat_on(&self, mount: &Blocking, path: &[u8]) -> Result<FileStat, Errno> {
        let path = CString::new(path).map_err(|_| Errno::INVAL)?;
        self.guarded(mount, |guard| guard.stat(&path))
    }

    /// Process ids of children that could not be ended after a deadline, since the last call.
    pub(crate) fn take_stuck(&self) -> Vec<i32> {
        lock(&self.guard).take_stuck()
    }

    /// Notes that a path is not looked at.
    pub(crate) fn avoid(&self, path: &[u8]) {
        lock(&self.avoided).push(path.to_vec());
    }

    /// How many paths were not looked at, since they were last taken.
    pub(crate) fn avoided(&self) -> usize {
        lock(&self.avoided).len()
    }

    /// Of those from `start` on the first `count` become the last.
    pub(crate) fn avoided_later(&self, start: usize, count: usize) {
        let mut avoided = lock(&self.avoided);
        if let Some(paths) = avoided.get_mut(start..) {
            paths.rotate_left(count.min(paths.len()));
        }
    }

    /// The paths that were not looked at, since the last call.
    pub(crate) fn take_avoided(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *lock(&self.avoided))
    }

    fn guarded<T>(
        &self,
        mount: &Blocking,
        call: impl FnOnce(&mut Guard) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        if mount.silent.load(Ordering::Relaxed) {
            return Err(Errno::TIMEDOUT);
        }
        let outcome = call(&mut lock(&self.guard));
        if matches!(outcome, Err(Errno::TIMEDOUT)) {
            mount.silent.store(true, Ordering::Relaxed);
        }
        outcome
    }
}

/// The mount of the namespace that a path lies on or beyond, where that may block.
pub(crate) fn blocking<'s>(space: &'s [Blocking], path: &[u8]) -> Option<&'s Blocking> {
    space.iter().find(|mount| {
        let directory = match &*mount.directory {
            b"/" => &[],
            directory => directory,
        };
        path.strip_prefix(directory)
            .is_some_and(|rest| matches!(rest.first(), None | Some(b'/' | b' ')))
    })
}

fn space(directories: &[Vec<u8>]) -> Space {
    directories
        .iter()
        .map(|directory| Blocking {
            directory: directory.clone(),
            silent: AtomicBool::new(false),
        })
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_on_a_mount_by_whole_components() {
        let space = space(&[b"/mnt/n".to_vec()]);
        assert!(blocking(&space, b"/mnt/n").is_some());
        assert!(blocking(&space, b"/mnt/n/a").is_some());
        assert!(blocking(&space, b"/mnt/n (deleted)").is_some());
        assert!(blocking(&space, b"/mnt/nn").is_none());
        assert!(blocking(&space, b"/mnt").is_none());
        let everything = super::space(&[b"/".to_vec()]);
        assert!(blocking(&everything, b"/a").is_some());
    }

    #[test]
    fn a_mount_that_missed_its_deadline_is_left_alone() {
        let reach = Reach::new(&[b"/proc".to_vec()], Duration::from_secs(15));
        assert!(reach.stat(c"/proc/version").is_ok());
        for mount in reach.own().iter() {
            mount.silent.store(true, Ordering::Relaxed);
        }
        assert_eq!(reach.stat(c"/proc/version"), Err(Errno::TIMEDOUT));
        assert_eq!(reach.stat_link(c"/proc/self"), Err(Errno::TIMEDOUT));
        assert!(reach.stat(c"/").is_ok());
    }
}
