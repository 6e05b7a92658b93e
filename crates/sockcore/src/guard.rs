//! Calls on paths that may never return: a mount whose server is gone blocks whoever touches it.
//!
//! They are made by a child process, so that the caller can go on after a deadline. A thread
//! would not do: one that waits for a dead file system cannot be ended, and the process would
//! stay with it.

use std::convert::Infallible;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Access, AtFlags, CWD, Stat};

use crate::error::Errno;
use crate::id::{DeviceId, Inode};
use crate::sys::fork::{self, Child};

/// Milliseconds that a killed child gets to go away.
const PATIENCE: u32 = 200;

/// Of the thread that starts the child, which goes on on a copy of it.
const STACK: usize = 128 * 1024;

/// What `stat` tells of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// `st_mode`: type and permissions.
    pub mode: u32,
    /// `st_dev`
    pub device: DeviceId,
    /// `st_ino`
    pub inode: Inode,
    /// `st_rdev`: the device that a device node stands for.
    pub raw_device: DeviceId,
    /// `st_size`, bytes.
    pub size: u64,
    /// `st_nlink`
    pub links: u64,
}

impl From<Stat> for FileStat {
    #[allow(
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "widths differ by architecture"
    )]
    fn from(stat: Stat) -> Self {
        Self {
            mode: stat.st_mode.into(),
            device: DeviceId(stat.st_dev as u64),
            inode: Inode(stat.st_ino as u64),
            raw_device: DeviceId(stat.st_rdev as u64),
            size: (stat.st_size as i64).cast_unsigned(),
            links: stat.st_nlink as u64,
        }
    }
}

impl FileStat {
    /// `stat`, by the caller itself.
    pub fn of(path: &CStr) -> Result<Self, Errno> {
        Ok(rustix::fs::statat(CWD, path, AtFlags::empty())?.into())
    }

    /// `lstat`, by the caller itself.
    pub fn of_link(path: &CStr) -> Result<Self, Errno> {
        Ok(rustix::fs::statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW)?.into())
    }
}

/// `readlink`, by the caller itself.
pub fn read_link(path: &CStr) -> Result<Vec<u8>, Errno> {
    Ok(rustix::fs::readlinkat(CWD, path, Vec::new())?.into_bytes())
}

/// The caller's effective user: whom a file system of another process sees.
#[must_use]
pub fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether the path leads to something, by the caller's effective rights. No file system is asked
/// for more than the way there.
pub fn is_there(path: &CStr) -> Result<(), Errno> {
    access(path, Access::EXISTS)
}

/// Whether the directory lets the caller's effective rights through to its entries.
pub fn is_searchable(directory: &CStr) -> Result<(), Errno> {
    access(directory, Access::EXEC_OK)
}

fn access(path: &CStr, access: Access) -> Result<(), Errno> {
    Ok(rustix::fs::accessat(CWD, path, access, AtFlags::EACCESS)?)
}

const STAT: u8 = b's';
const STAT_LINK: u8 = b'l';
const READ_LINK: u8 = b'r';
const LONGEST: usize = 4096;
const HEAD: usize = 8;
const STAT_WORDS: usize = 6;

/// Makes blocking calls with a deadline. The child exists from the first call on.
pub struct Guard {
    deadline: Duration,
    child: Option<Kept>,
    stuck: Vec<i32>,
}

impl Guard {
    /// Calls that take longer than `deadline` fail with `ETIMEDOUT`.
    #[must_use]
    pub fn new(deadline: Duration) -> Self {
        Self {
            deadline,
            child: None,
            stuck: Vec::new(),
        }
    }

    /// `stat`.
    pub fn stat(&mut self, path: &CStr) -> Result<FileStat, Errno> {
        self.stat_by(STAT, path)
    }

    /// `lstat`.
    pub fn stat_link(&mut self, path: &CStr) -> Result<FileStat, Errno> {
        self.stat_by(STAT_LINK, path)
    }

    /// `readlink`.
    pub fn read_link(&mut self, path: &CStr) -> Result<Vec<u8>, Errno> {
        self.call(READ_LINK, path)
    }

    /// Process ids of children that did not go away after a deadline, since the last call.
    pub fn take_stuck(&mut self) -> Vec<i32> {
        std::mem::take(&mut self.stuck)
    }

    fn stat_by(&mut self, operation: u8, path: &CStr) -> Result<FileStat, Errno> {
        let answer = self.call(operation, path)?;
        let word = |index: usize| crate::socket::bytes::u64_at(&answer, index * 8);
        Ok(FileStat {
            mode: u32::try_from(word(0)).unwrap_or(0),
            device: DeviceId(word(1)),
            inode: Inode(word(2)),
            raw_device: DeviceId(word(3)),
            size: word(4),
            links: word(5),
        })
    }

    fn call(&mut self, operation: u8, path: &CStr) -> Result<Vec<u8>, Errno> {
        if path.to_bytes().len() >= LONGEST {
            return Err(Errno(libc::ENAMETOOLONG));
        }
        let child = match &mut self.child {
            Some(child) => child,
            empty => empty.insert(Kept::start()?),
        };
        let limit = Instant::now() + self.deadline;
        let outcome = exchange(&child.child, operation, path, limit);
        if let Err(Failure::Child(errno)) = outcome {
            if let Some(Kept { child, .. }) = self.child.take() {
                if !fork::end(child.pid, PATIENCE) {
                    self.stuck.push(child.pid);
                }
            }
            return Err(errno);
        }
        outcome.map_err(|failure| match failure {
            Failure::Call(errno) | Failure::Child(errno) => errno,
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(Kept { child, .. }) = self.child.take() {
            fork::end(child.pid, PATIENCE);
        }
    }
}

/// A child, and what keeps the thread waiting that started it. The kernel ends such a child with
/// the thread that it comes from, and the thread that asks first may end long before the last.
struct Kept {
    child: Child,
    _keeper: Sender<Infallible>,
}

impl Kept {
    fn start() -> Result<Self, Errno> {
        let (keeper, kept) = channel();
        let (give, take) = channel();
        let wait = move || {
            // Nobody waits for it only where this thread could not be started.
            let _ = give.send(fork::fork(serve));
            // Ends when the other side is dropped: nothing can be sent.
            let _ = kept.recv();
        };
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn(wait).map_err(|error| Errno::from(&error))?;
        let child = take.recv().map_err(|_| Errno(libc::ECHILD))??;
        Ok(Self {
            child,
            _keeper: keeper,
        })
    }
}

enum Failure {
    /// The call failed in the child, which goes on.
    Call(Errno),
    /// The child is late or gone.
    Child(Errno),
}

fn exchange(child: &Child, operation: u8, path: &CStr, limit: Instant) -> Result<Vec<u8>, Failure> {
    let gone = || Failure::Child(Errno(libc::ECHILD));
    let bytes = path.to_bytes();
    let mut request = Vec::with_capacity(HEAD + bytes.len());
    request.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(0).to_ne_bytes());
    request.extend_from_slice(&[operation, 0, 0, 0]);
    request.extend_from_slice(bytes);
    // Whoever writes to a child that was killed ends by SIGPIPE.
    let mut polled = [PollFd::new(&child.requests, PollFlags::OUT)];
    let at_once = rustix::event::Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    if poll(&mut polled, Some(&at_once)).is_ok() && polled[0].revents().contains(PollFlags::ERR) {
        return Err(gone());
    }
    // A pipe holds more than one request, so this never waits.
    write_all(child.requests.as_fd(), &request).ok_or_else(gone)?;
    let mut head = [0; HEAD];
    receive(child, &mut head, limit)?;
    let [l0, l1, l2, l3, e0, e1, e2, e3] = head;
    let errno = i32::from_ne_bytes([e0, e1, e2, e3]);
    if errno != 0 {
        return Err(Failure::Call(Errno(errno)));
    }
    let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
    let mut answer = vec![0; length.min(LONGEST)];
    receive(child, &mut answer, limit)?;
    Ok(answer)
}

fn receive(child: &Child, into: &mut [u8], limit: Instant) -> Result<(), Failure> {
    let mut filled = 0;
    while filled < into.len() {
        let left = limit.saturating_duration_since(Instant::now());
        let timeout = rustix::event::Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        let mut polled = [PollFd::new(&child.answers, PollFlags::IN)];
        match poll(&mut polled, Some(&timeout)) {
            Ok(0) => return Err(Failure::Child(Errno::TIMEDOUT)),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(errno) => return Err(Failure::Child(errno.into())),
        }
        let space = into.get_mut(filled..).unwrap_or_default();
        match rustix::io::read(child.answers.as_fd(), space) {
            Ok(count) if count > 0 => filled += count,
            Err(rustix::io::Errno::INTR) => {}
            _ => return Err(Failure::Child(Errno(libc::ECHILD))),
        }
    }
    Ok(())
}

fn write_all(pipe: BorrowedFd<'_>, mut bytes: &[u8]) -> Option<()> {
    while !bytes.is_empty() {
        match rustix::io::write(pipe, bytes) {
            Ok(count) => bytes = bytes.get(count..)?,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
    Some(())
}

fn read_all(pipe: BorrowedFd<'_>, into: &mut [u8]) -> Option<()> {
    let mut filled = 0;
    while filled < into.len() {
        match rustix::io::read(pipe, into.get_mut(filled..)?) {
            Ok(0) => return None,
            Ok(count) => filled += count,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
    Some(())
}

/// The child: answers until the requests end. Nothing here allocates.
fn serve() {
    while serve_one().is_some() {}
}

fn serve_one() -> Option<()> {
    let (requests, answers) = (rustix::stdio::stdin(), rustix::stdio::stdout());
    let mut head = [0; HEAD];
    read_all(requests, &mut head)?;
    let [l0, l1, l2, l3, operation, ..] = head;
    let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
    let mut path = [0; LONGEST];
    read_all(requests, path.get_mut(..length)?)?;
    let path = CStr::from_bytes_until_nul(&path).ok()?;
    let mut text = [MaybeUninit::<u8>::uninit(); LONGEST];
    let mut words = [0; STAT_WORDS * 8];
    let outcome = match operation {
        READ_LINK => {
            rustix::fs::readlinkat_raw(CWD, path, text.as_mut_slice()).map(|(text, _)| &*text)
        }
        _ => {
            let flags = match operation {
                STAT => AtFlags::empty(),
                _ => AtFlags::SYMLINK_NOFOLLOW,
            };
            rustix::fs::statat(CWD, path, flags).map(|stat| {
                let stat = FileStat::from(stat);
                let values: [u64; STAT_WORDS] = [
                    stat.mode.into(),
                    stat.device.0,
                    stat.inode.0,
                    stat.raw_device.0,
                    stat.size,
                    stat.links,
                ];
                for (space, value) in words.chunks_exact_mut(8).zip(values) {
                    space.copy_from_slice(&value.to_ne_bytes());
                }
                &words[..]
            })
        }
    };
    let (body, errno) = match outcome {
        Ok(body) => (body, 0),
        Err(errno) => (&[][..], errno.raw_os_error()),
    };
    let mut head = [0; HEAD];
    let (length, code) = head.split_at_mut(4);
    length.copy_from_slice(&u32::try_from(body.len()).unwrap_or(0).to_ne_bytes());
    code.copy_from_slice(&errno.to_ne_bytes());
    write_all(answers, &head)?;
    write_all(answers, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_child_answers_as_the_caller_would() {
        let mut guard = Guard::new(Duration::from_secs(15));
        assert_eq!(guard.stat(c"/"), FileStat::of(c"/"));
        assert_eq!(guard.stat(c"/dev/null"), FileStat::of(c"/dev/null"));
        assert_eq!(guard.stat(c"/proc/self/nothing"), Err(Errno::NOENT));
        assert_eq!(
            guard.stat_link(c"/proc/self"),
            FileStat::of_link(c"/proc/self")
        );
        assert_eq!(guard.read_link(c"/"), Err(Errno::INVAL));
        let link = guard.read_link(c"/proc/1/ns/user");
        assert!(link == Err(Errno::ACCES) || link.is_ok_and(|text| text.starts_with(b"user:[")));
        assert!(guard.take_stuck().is_empty());
    }

    #[test]
    fn a_call_that_does_not_return_fails_at_the_deadline_and_the_next_one_works() {
        let mut guard = Guard::new(Duration::from_millis(50));
        assert!(guard.stat(c"/").is_ok());
        // A stopped child stands for one that waits for a dead server.
        let pid = guard.child.as_ref().map(|kept| kept.child.pid).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
        let before = Instant::now();
        assert_eq!(guard.stat(c"/"), Err(Errno::TIMEDOUT));
        assert!(before.elapsed() < Duration::from_secs(5));
        assert!(guard.stat(c"/").is_ok());
        assert!(guard.take_stuck().is_empty());
    }

    #[test]
    fn the_child_outlives_the_thread_that_asked_first() {
        let mut guard = Guard::new(Duration::from_secs(15));
        let first = std::thread::scope(|scope| {
            let asker = scope.spawn(|| guard.stat(c"/"));
            asker.join().unwrap()
        });
        assert_eq!(first, FileStat::of(c"/"));
        let child = guard.child.as_ref().map(|kept| kept.child.pid);
        // Time for what would come with the end of that thread.
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(guard.stat(c"/"), FileStat::of(c"/"));
        assert_eq!(guard.child.as_ref().map(|kept| kept.child.pid), child);
    }

    #[test]
    fn a_child_that_is_gone_fails_one_call() {
        let mut guard = Guard::new(Duration::from_secs(15));
        assert!(guard.stat(c"/").is_ok());
        let pid = guard.child.as_ref().map(|kept| kept.child.pid).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(guard.stat(c"/"), Err(Errno(libc::ECHILD)));
        assert!(guard.stat(c"/").is_ok());
    }
}
