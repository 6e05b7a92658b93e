//! Where `/proc` is: the live mount, or a directory shaped like it.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, PROC_SUPER_MAGIC, fstatfs};

use crate::error::{Errno, Error, Operation};
use crate::guard::FileStat;
use crate::id::Inode;

impl KernelWalk {
    /// By a word of the user's: `0` never, `1` always, anything else or nothing where it pays.
    #[must_use]
    pub fn of_word(word: Option<&[u8]>) -> Self {
        match word {
            Some(b"0") => Self::Never,
            Some(b"1") => Self::Always,
            _ => Self::Auto,
        }
    }
}

/// The root of a `/proc`, with files that were moved elsewhere.
#[derive(Clone, Debug)]
pub struct ProcRoot {
    path: PathBuf,
    moved: Vec<(&'static str, PathBuf)>,
    kernel_walk: KernelWalk,
}

/// Whether the kernel may walk its own tables in place of `/proc` being read (see
/// [`crate::procfs::scan`]). The outcome is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KernelWalk {
    /// Where it pays and reveals nothing that `/proc` would not.
    #[default]
    Auto,
    /// Never.
    Never,
    /// Also where it does not pay.
    Always,
}

impl ProcRoot {
    /// The live `/proc`.
    #[must_use]
    pub fn live() -> Self {
        Self {
            kernel_walk: KernelWalk::Auto,
            ..Self::at("/proc")
        }
    }

    /// The directory `path`, read as it is.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            moved: Vec::new(),
            kernel_walk: KernelWalk::Never,
        }
    }

    /// Sets whether the kernel may walk its own tables.
    #[must_use]
    pub fn with_kernel_walk(mut self, kernel_walk: KernelWalk) -> Self {
        self.kernel_walk = kernel_walk;
        self
    }

    /// Whether the kernel may walk its own tables.
    #[must_use]
    pub fn kernel_walk(&self) -> KernelWalk {
        self.kernel_walk
    }

    /// Reads `relative` (`net/tcp`) from `path` instead.
    pub fn moved(&mut self, relative: &'static str, path: impl Into<PathBuf>) {
        self.moved.push((relative, path.into()));
    }

    /// The root directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file under the root: `net/tcp`, `1/stat`.
    #[must_use]
    pub fn file(&self, relative: &str) -> PathBuf {
        if let Some((_, path)) = self.moved.iter().find(|(name, _)| *name == relative) {
            return path.clone();
        }
        let mut path = OsString::from_vec(self.path.as_os_str().as_bytes().to_vec());
        path.push("/");
        path.push(relative);
        PathBuf::from(path)
    }

    /// Opens a file under the root for reading.
    pub fn open(&self, relative: &str) -> Result<std::fs::File, Error> {
        let path = self.file(relative);
        open_at(CWD, &path)
            .map(std::fs::File::from)
            .map_err(|errno| Error::new(Operation::Open, path.display().to_string(), errno))
    }

    /// Inode of what a link under the root leads to (`self/ns/mnt`).
    pub fn inode_of(&self, relative: &str) -> Result<Inode, Errno> {
        let stat = rustix::fs::stat(self.file(relative))?;
        Ok(FileStat::from(stat).inode)
    }

    /// Reads a whole file under the root.
    pub fn read(&self, relative: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.open(relative)?
            .read_to_end(&mut bytes)
            .map_err(|error| {
                Error::new(
                    Operation::Read,
                    self.file(relative).display().to_string(),
                    &error,
                )
            })?;
        Ok(bytes)
    }
}

/// Whether an open file is the kernel's own and not one laid over it.
#[must_use]
pub fn is_procfs(file: &std::fs::File) -> bool {
    fstatfs(file).is_ok_and(|fs| fs.f_type == PROC_SUPER_MAGIC)
}

fn open_at(directory: rustix::fd::BorrowedFd<'_>, path: &Path) -> rustix::io::Result<OwnedFd> {
    rustix::fs::openat(
        directory,
        path,
        OFlags::RDONLY | OFlags::CLOEXEC,
        Mode::empty(),
    )
}
