//! Control groups by number: the id that a socket carries is the file handle of a directory.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};

use super::ProcRoot;
use super::mounts::{mount_line, unescape};
use crate::error::Errno;
use crate::sys::handle::{HandleId, id_at, open_by_id};

/// Why there is no id for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoId {
    /// The path has no handle.
    Failed(Errno),
    /// It has one, of another size than control groups have.
    OtherSize,
}

/// The first mounted `cgroup2` file system (`/proc/mounts`).
#[must_use]
pub fn mount_point(root: &ProcRoot) -> Option<PathBuf> {
    let mounts = root.read("mounts").ok()?;
    let mount = mounts
        .split(|&byte| byte == b'\n')
        .filter_map(mount_line)
        .find(|mount| mount.kind == b"cgroup2")?;
    let mut point = Vec::new();
    unescape(mount.directory, &mut point);
    Some(PathBuf::from(OsString::from_vec(point)))
}

/// The id of the control group that a directory stands for.
pub fn id_of(path: &Path) -> Result<u64, NoId> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| NoId::Failed(Errno::NOENT))?;
    id_below(CWD, &path)
}

/// The id of the control group at `path` below an open directory.
pub fn id_below(directory: BorrowedFd<'_>, path: &CStr) -> Result<u64, NoId> {
    match id_at(directory, path) {
        Ok(HandleId::Eight(id)) => Ok(id),
        Ok(HandleId::OtherSize) => Err(NoId::OtherSize),
        Err(errno) => Err(NoId::Failed(errno)),
    }
}

/// Opens a directory for [`id_below`] and [`CgroupPaths::read`].
pub fn open_mount(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(CWD, path, flags, Mode::empty())?)
}

/// The paths of all control groups below a mount, by id.
#[derive(Debug)]
pub struct CgroupPaths {
    mount: OwnedFd,
    point: PathBuf,
    paths: FxHashMap<u64, Vec<u8>>,
}

impl CgroupPaths {
    /// Walks the directories of the file system that is mounted there.
    #[must_use]
    pub fn read(mount: OwnedFd, point: PathBuf) -> Self {
        let mut all = Self {
            mount,
            point,
            paths: FxHashMap::default(),
        };
        let Ok(stat) = rustix::fs::fstat(&all.mount) else {
            return all;
        };
        if let Ok(id) = id_below(all.mount.as_fd(), c".") {
            all.paths.insert(id, b"/".to_vec());
        }
        // Directories whose children are still to be walked, opened when it is their turn.
        let mut pending: Vec<Vec<u8>> = vec![Vec::new()];
        while let Some(path) = pending.pop() {
            all.walk(&path, stat.st_dev, &mut pending);
        }
        all
    }

    /// Notes the directories directly below `path`.
    fn walk(&mut self, path: &[u8], device: u64, pending: &mut Vec<Vec<u8>>) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let below = match path.strip_prefix(b"/") {
            Some(relative) => OsStr::from_bytes(relative),
            None => OsStr::new("."),
        };
        let Ok(directory) = rustix::fs::openat(&self.mount, below, flags, Mode::empty()) else {
            return;
        };
        let Ok(entries) = Dir::read_from(&directory) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if entry.file_type() != FileType::Directory || matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let stat = rustix::fs::statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW);
            if !stat.is_ok_and(|stat| stat.st_dev == device) {
                continue;
            }
            let path = [path, b"/", name.to_bytes()].concat();
            if let Ok(id) = id_below(directory.as_fd(), name) {
                self.paths.insert(id, path.clone());
            }
            pending.push(path);
        }
    }

    /// The path of a control group, as seen from the mount. One that was made after the walk is
    /// opened by its id.
    ///
    /// # Errors
    /// `ESTALE`: it is not below the mount; `EPERM`: it would have to be opened by its id, and
    /// that needs a privilege.
    pub fn path(&mut self, id: u64) -> Result<&[u8], Errno> {
        if !self.paths.contains_key(&id) {
            let opened = open_by_id(self.mount.as_fd(), id)?;
            let link = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&opened));
            let target = rustix::fs::readlinkat(CWD, link, Vec::new())?;
            let path = target.to_bytes();
            let relative = path
                .strip_prefix(self.point.as_os_str().as_bytes())
                .unwrap_or(path);
            let path = if relative.is_empty() { b"/" } else { relative };
            self.paths.insert(id, path.to_vec());
        }
        self.paths.get(&id).map(Vec::as_slice).ok_or(Errno::NOENT)
    }
}
