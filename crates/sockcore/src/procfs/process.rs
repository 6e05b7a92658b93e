//! One process (or task) directory, read through a descriptor opened once: a pid that is used
//! again in between cannot be mistaken for the old one.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, RawDir, Stat};

use super::ProcRoot;
use crate::error::Errno;
use crate::id::{Fd, Pid, Tid, Uid};

/// The longest link text that is read; longer ones fail with `ENAMETOOLONG` in the kernel.
pub const LINK_MAX: usize = 4096;

/// How a directory is opened to be listed: with the flags of opendir(3).
const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// `/proc/PID`, or `/proc/PID/task/TID`.
#[derive(Debug)]
pub struct ProcessDir {
    directory: OwnedFd,
    pid: Pid,
    tid: Option<Tid>,
}

impl ProcessDir {
    /// Opens the directory of `pid` under an open root (see [`open_root`]).
    pub fn open(root: BorrowedFd<'_>, pid: Pid) -> Result<Self, Errno> {
        let mut name = [0; 16];
        let directory = open_directory(root, number_name(&mut name, pid.0))?;
        Ok(Self {
            directory,
            pid,
            tid: None,
        })
    }

    /// Opens the directory of a task of this process.
    pub fn open_task(&self, tid: Tid) -> Result<Self, Errno> {
        let mut name = [0; 32];
        let mut at = 5;
        name[..5].copy_from_slice(b"task/");
        at += write_number(&mut name[at..], tid.0);
        name[at] = 0;
        let name = CStr::from_bytes_until_nul(&name).unwrap_or_default();
        let directory = open_directory(self.directory.as_fd(), name)?;
        Ok(Self {
            directory,
            pid: self.pid,
            tid: Some(tid),
        })
    }

    /// The process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// The task, when this is a task's directory.
    #[must_use]
    pub fn tid(&self) -> Option<Tid> {
        self.tid
    }

    /// The open directory, for `…at` calls.
    #[must_use]
    pub fn directory(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    /// Whether the number is that of a process: the directory of a thread can be opened by its
    /// number as well, although the root does not list it.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        let mut status = Vec::new();
        if self.read(c"status", &mut status, 4096).is_err() {
            return false;
        }
        status.split(|&byte| byte == b'\n').any(|line| {
            line.strip_prefix(b"Tgid:")
                .is_some_and(|rest| super::lines::Fields(rest).decimal() == Some(self.pid.0.into()))
        })
    }

    /// Owner of the directory: the effective user id.
    pub fn owner(&self) -> Result<Uid, Errno> {
        Ok(Uid(rustix::fs::fstat(&self.directory)?.st_uid))
    }

    /// Reads a file below the directory into `into` (cleared first), at most `limit` bytes.
    pub fn read(&self, name: &CStr, into: &mut Vec<u8>, limit: usize) -> Result<(), Errno> {
        into.clear();
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.directory, name, flags, Mode::empty())?;
        let mut chunk = [0; 4096];
        while into.len() < limit {
            let wanted = chunk.len().min(limit - into.len());
            match rustix::io::read(&file, &mut chunk[..wanted]) {
                Ok(0) => break,
                Ok(count) => into.extend_from_slice(&chunk[..count]),
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    /// Reads a symbolic link below the directory (`c"cwd"`).
    pub fn link<'b>(&self, name: &CStr, buffer: &'b mut LinkBuffer) -> Result<&'b [u8], Errno> {
        read_link(self.directory.as_fd(), name, buffer)
    }

    /// `stat` of what a link below the directory leads to.
    pub fn stat_of(&self, name: &CStr) -> Result<Stat, Errno> {
        Ok(rustix::fs::statat(&self.directory, name, AtFlags::empty())?)
    }

    /// The line of `stat`, in `buffer`.
    pub fn stat_line<'b>(&self, buffer: &'b mut Vec<u8>) -> Result<StatLine<'b>, Errno> {
        self.read(c"stat", buffer, 4096)?;
        Ok(StatLine(buffer))
    }

    /// The directory of open descriptors.
    pub fn files(&self) -> Result<FileDir, Errno> {
        Ok(FileDir {
            directory: open_directory(self.directory.as_fd(), c"fd")?,
        })
    }

    /// The tasks of this process in the directory's order, the leader among them.
    pub fn tasks(&self) -> Result<Vec<Tid>, Errno> {
        let directory = open_directory(self.directory.as_fd(), c"task")?;
        let mut tasks = Vec::new();
        for_each_number(directory.as_fd(), &mut |number| tasks.push(Tid(number)))?;
        Ok(tasks)
    }
}

/// Space for one link text.
pub struct LinkBuffer(Box<[MaybeUninit<u8>; LINK_MAX]>);

impl LinkBuffer {
    /// A new buffer.
    #[must_use]
    pub fn new() -> Self {
        Self(Box::new([MaybeUninit::uninit(); LINK_MAX]))
    }
}

impl Default for LinkBuffer {
    fn default() -> Self {
        Self::new()
    }
}

fn read_link<'b>(
    directory: BorrowedFd<'_>,
    name: &CStr,
    buffer: &'b mut LinkBuffer,
) -> Result<&'b [u8], Errno> {
    let (text, _) = rustix::fs::readlinkat_raw(directory, name, buffer.0.as_mut_slice())?;
    Ok(text)
}

/// `/proc/PID/fd`.
#[derive(Debug)]
pub struct FileDir {
    directory: OwnedFd,
}

impl FileDir {
    /// The open directory, for `…at` calls.
    #[must_use]
    pub fn directory(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    /// How many descriptors are open: the directory's size since Linux 6.2, 0 before.
    #[must_use]
    pub fn open_count(&self) -> u32 {
        let size = rustix::fs::fstat(&self.directory).map_or(0, |stat| stat.st_size);
        u32::try_from(size).unwrap_or(0)
    }

    /// Calls `each` for every descriptor in the directory's (ascending) order.
    pub fn for_each(&self, each: &mut dyn FnMut(Fd)) -> Result<(), Errno> {
        for_each_number(self.directory.as_fd(), &mut |number| each(Fd(number)))
    }

    /// As [`for_each`](Self::for_each), for the descriptors from `first` on. What lies before is
    /// not read.
    ///
    /// A `first` other than 0 is for directories of procfs only: there the position is the number
    /// of the descriptor plus 2.
    pub fn for_each_from(&self, first: Fd, each: &mut dyn FnMut(Fd)) -> Result<(), Errno> {
        let position = rustix::fs::SeekFrom::Start(u64::from(first.0) + 2);
        if first.0 > 0 {
            rustix::fs::seek(&self.directory, position)?;
        }
        self.for_each(&mut |fd| {
            if fd >= first {
                each(fd);
            }
        })
    }

    /// The link text of a descriptor: `socket:[4711]`, `/path`.
    pub fn link<'b>(&self, fd: Fd, buffer: &'b mut LinkBuffer) -> Result<&'b [u8], Errno> {
        let mut name = [0; 16];
        read_link(self.directory.as_fd(), number_name(&mut name, fd.0), buffer)
    }

    /// `stat` of the open file behind a descriptor.
    pub fn stat(&self, fd: Fd) -> Result<Stat, Errno> {
        let mut name = [0; 16];
        let name = number_name(&mut name, fd.0);
        Ok(rustix::fs::statat(&self.directory, name, AtFlags::empty())?)
    }

    /// `lstat` of the link itself; its mode bits tell how the file was opened.
    pub fn stat_link(&self, fd: Fd) -> Result<Stat, Errno> {
        let mut name = [0; 16];
        let name = number_name(&mut name, fd.0);
        Ok(rustix::fs::statat(
            &self.directory,
            name,
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }
}

/// The text of `/proc/PID/stat`. The command may contain anything but is at most 15 bytes (64
/// for kernel workers), so the tools disagree where it ends; both readings are offered.
#[derive(Clone, Copy, Debug)]
pub struct StatLine<'a>(pub &'a [u8]);

impl<'a> StatLine<'a> {
    /// The command: from the first `(` to the **first** `)` behind it.
    #[must_use]
    pub fn command_to_first_close(&self) -> Option<&'a [u8]> {
        let open = self.0.iter().position(|&byte| byte == b'(')?;
        let rest = self.0.get(open + 1..)?;
        let close = rest.iter().position(|&byte| byte == b')')?;
        rest.get(..close)
    }

    /// The command: from the first `(` to the **last** `)`.
    #[must_use]
    pub fn command_to_last_close(&self) -> Option<&'a [u8]> {
        let open = self.0.iter().position(|&byte| byte == b'(')?;
        let close = self.0.iter().rposition(|&byte| byte == b')')?;
        self.0.get(open + 1..close)
    }

    /// Column 20: how many threads the process has, of a zombie the living ones.
    #[must_use]
    pub fn threads(&self) -> Option<u32> {
        let close = self.0.iter().rposition(|&byte| byte == b')')?;
        let mut fields = super::lines::Fields(self.0.get(close + 1..)?);
        for _ in 0..17 {
            fields.word()?;
        }
        u32::try_from(fields.decimal()?).ok()
    }

    /// What follows the last `)`: state, parent, group.
    #[must_use]
    pub fn status(&self) -> Option<ProcessStatus> {
        let close = self.0.iter().rposition(|&byte| byte == b')')?;
        let mut fields = super::lines::Fields(self.0.get(close + 1..)?);
        let state = *fields.word()?.first()?;
        let parent = Pid(u32::try_from(fields.signed()?).ok()?);
        let group = Pid(u32::try_from(fields.signed()?).ok()?);
        Some(ProcessStatus {
            state,
            parent,
            group,
        })
    }
}

/// Columns 3 to 5 of `/proc/PID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessStatus {
    /// `R`, `S`, `D`, `Z`, `T` …
    pub state: u8,
    /// Parent process.
    pub parent: Pid,
    /// Process group.
    pub group: Pid,
}

/// Opens the root directory for [`ProcessDir::open`].
pub fn open_root(root: &ProcRoot) -> Result<OwnedFd, Errno> {
    Ok(rustix::fs::openat(
        CWD,
        root.path(),
        DIRECTORY,
        Mode::empty(),
    )?)
}

/// The processes under an open root, in the directory's (ascending) order.
pub fn pids(root: BorrowedFd<'_>) -> Result<Vec<Pid>, Errno> {
    let mut pids = Vec::new();
    for_each_number(root, &mut |number| pids.push(Pid(number)))?;
    Ok(pids)
}

/// The inode in a socket's link text: `socket:[4711]`, or `[0000]:4711` of old kernels.
#[inline]
#[must_use]
pub fn socket_inode(link: &[u8]) -> Option<u64> {
    let digits = match link.strip_prefix(b"socket:[") {
        Some(rest) => rest.strip_suffix(b"]")?,
        None => link.strip_prefix(b"[0000]:")?,
    };
    number(digits)
}

fn open_directory(at: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    Ok(rustix::fs::openat(at, name, DIRECTORY, Mode::empty())?)
}

/// Calls `each` for every all-digit entry of a directory.
fn for_each_number(directory: BorrowedFd<'_>, each: &mut dyn FnMut(u32)) -> Result<(), Errno> {
    let mut buffer = [MaybeUninit::<u8>::uninit(); 32 * 1024];
    let mut entries = RawDir::new(directory, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        if let Some(value) = number(entry.file_name().to_bytes()) {
            if let Ok(value) = u32::try_from(value) {
                each(value);
            }
        }
    }
    Ok(())
}

#[inline]
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    digits.iter().try_fold(0u64, |value, &byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u64::from(byte - b'0'))
    })
}

/// Writes `value` in decimal; returns how many digits.
#[inline]
fn write_number(into: &mut [u8], mut value: u32) -> usize {
    let mut digits = [0u8; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        let digit = (value % 10) as u8;
        digits[at] = b'0' + digit;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    let length = digits.len() - at;
    into[..length].copy_from_slice(&digits[at..]);
    length
}

/// A number as the name of a directory entry.
#[inline]
pub(super) fn number_name(buffer: &mut [u8; 16], value: u32) -> &CStr {
    let length = write_number(buffer, value);
    buffer[length] = 0;
    CStr::from_bytes_until_nul(buffer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_parentheses_is_read_both_ways() {
        let line = StatLine(b"5 (a) (b) S 1 5 5 0 -1");
        assert_eq!(line.command_to_first_close(), Some(&b"a"[..]));
        assert_eq!(line.command_to_last_close(), Some(&b"a) (b"[..]));
        assert_eq!(
            line.status(),
            Some(ProcessStatus {
                state: b'S',
                parent: Pid(1),
                group: Pid(5)
            })
        );
    }

    #[test]
    fn threads_are_the_twentieth_column() {
        let line = StatLine(b"5 (a b) S 1 5 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 12 0 99");
        assert_eq!(line.threads(), Some(12));
        assert_eq!(StatLine(b"5 (a) S 1 5 5 0 -1").threads(), None);
    }

    #[test]
    fn a_command_that_begins_with_a_parenthesis_is_empty_by_the_first_reading() {
        let line = StatLine(b"5 ()x) S 1 5");
        assert_eq!(line.command_to_first_close(), Some(&b""[..]));
        assert_eq!(line.command_to_last_close(), Some(&b")x"[..]));
    }

    #[test]
    fn only_socket_links_have_a_socket_inode() {
        assert_eq!(socket_inode(b"socket:[4711]"), Some(4711));
        assert_eq!(socket_inode(b"[0000]:4711"), Some(4711));
        assert_eq!(socket_inode(b"pipe:[4711]"), None);
        assert_eq!(socket_inode(b"socket:[]"), None);
        assert_eq!(socket_inode(b"socket:[47x1]"), None);
        assert_eq!(socket_inode(b"/socket:[4711]"), None);
    }

    #[test]
    fn the_process_itself_is_found_with_its_descriptors() {
        let root = open_root(&ProcRoot::live()).unwrap();
        let own = Pid(std::process::id());
        assert!(pids(root.as_fd()).unwrap().contains(&own));
        let process = ProcessDir::open(root.as_fd(), own).unwrap();
        let mut fds = Vec::new();
        process
            .files()
            .unwrap()
            .for_each(&mut |fd| fds.push(fd))
            .unwrap();
        assert!(fds.is_sorted());
        assert!(fds.len() >= 3);
    }
}
