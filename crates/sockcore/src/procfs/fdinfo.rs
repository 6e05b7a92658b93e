//! What the kernel tells of one open file: `/proc/PID/fdinfo/N`.

use std::os::fd::{AsFd as _, OwnedFd};

use rustix::fs::{Mode, OFlags};

use super::process::{ProcessDir, number_name};
use crate::error::Errno;
use crate::id::Fd;

/// Bytes that hold `pos`, `flags`, `mnt_id` and `ino` of any file.
pub const HEAD: usize = 256;

/// Bytes that hold at least the first 32 targets of an epoll file as well.
pub const WHOLE: usize = 4096;

/// `/proc/PID/fdinfo`.
#[derive(Debug)]
pub struct InfoDir {
    directory: OwnedFd,
}

impl InfoDir {
    /// Opens the directory of a process or task.
    pub fn open(process: &ProcessDir) -> Result<Self, Errno> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self {
            directory: rustix::fs::openat(process.directory(), c"fdinfo", flags, Mode::empty())?,
        })
    }

    /// Reads the text of a descriptor by one read: as much as `space` holds.
    pub fn read<'b>(&self, fd: Fd, space: &'b mut [u8]) -> Result<&'b [u8], Errno> {
        let mut name = [0; 16];
        let name = number_name(&mut name, fd.0);
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.directory, name, flags, Mode::empty())?;
        loop {
            match rustix::io::read(file.as_fd(), &mut *space) {
                Ok(count) => return Ok(space.get(..count).unwrap_or_default()),
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }
}

/// The lines that all files have and those that tell what an anonymous one is about.
/// `None`: the text has no such line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FdInfo {
    /// `pos`: the file position.
    pub position: Option<i64>,
    /// `flags`: `O_*` as of open and fcntl, with `O_CLOEXEC` of the descriptor.
    pub flags: Option<u32>,
    /// `mnt_id`: the mount it was opened through.
    pub mount: Option<u32>,
    /// `ino`: its inode (Linux 5.14 and later).
    pub inode: Option<u64>,
    /// `eventfd-id`
    pub eventfd: Option<u64>,
    /// `tty-index`: the terminal a pty master drives.
    pub tty_index: Option<u32>,
    /// `Pid`: of a pidfd, as this `/proc` numbers it; 0 not visible here, -1 reaped.
    pub pid: Option<i64>,
}

impl FdInfo {
    /// Reads the text of `fdinfo/N`, of which the end may be missing.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        let mut info = Self::default();
        for (key, value) in pairs(text) {
            match key {
                b"pos" => info.position = number(value),
                b"flags" => info.flags = narrow(value),
                b"mnt_id" => info.mount = narrow(value),
                b"ino" => info.inode = number(value).map(i64::cast_unsigned),
                b"eventfd-id" => info.eventfd = number(value).map(i64::cast_unsigned),
                b"tty-index" => info.tty_index = narrow(value),
                b"Pid" => info.pid = number(value),
                _ => {}
            }
        }
        info
    }
}

/// The descriptors an epoll file watches (`tfd`), in the kernel's order.
pub fn epoll_targets(text: &[u8]) -> impl Iterator<Item = u32> + '_ {
    pairs(text)
        .filter(|(key, _)| *key == b"tfd")
        .filter_map(|(_, value)| narrow(value))
}

/// The `key: value` lines.
fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|&byte| byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        Some((line.get(..colon)?, line.get(colon + 1..)?))
    })
}

fn narrow(value: &[u8]) -> Option<u32> {
    u32::try_from(number(value)?).ok()
}

/// A number as C reads it with base 0: octal after `0`, hexadecimal after `0x`. Wraps at 64 bits.
fn number(value: &[u8]) -> Option<i64> {
    let mut rest = value.trim_ascii_start();
    let negative = rest.first() == Some(&b'-');
    if negative {
        rest = rest.get(1..)?;
    }
    let (base, digits) = match rest {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', ..] => (8, rest),
        _ => (10, rest),
    };
    let mut value = 0u64;
    let mut count = 0;
    for digit in digits
        .iter()
        .map_while(|&byte| char::from(byte).to_digit(base))
    {
        value = value
            .wrapping_mul(u64::from(base))
            .wrapping_add(u64::from(digit));
        count += 1;
    }
    let value = value.cast_signed();
    (count > 0).then_some(if negative {
        value.wrapping_neg()
    } else {
        value
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const EPOLL: &[u8] = b"pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t18\n\
        tfd:       40 events:       19 data: ffffffff00000028  pos:0 ino:1e7 sdev:f\n\
        tfd:        7 events:       19 data:               7  pos:0 ino:1e7 sdev:f\n";

    #[test]
    fn position_and_flags_of_a_file() {
        let info = FdInfo::parse(b"pos:\t123456789\nflags:\t0100002\nmnt_id:\t24\nino:\t3\n");
        assert_eq!(info.position, Some(123_456_789));
        assert_eq!(info.flags, Some(0o100_002));
        assert_eq!((info.mount, info.inode), (Some(24), Some(3)));
        assert_eq!((info.eventfd, info.tty_index, info.pid), (None, None, None));
    }

    #[test]
    fn what_anonymous_files_are_about() {
        let eventfd = FdInfo::parse(b"pos:\t0\nflags:\t04002\neventfd-count: 0\neventfd-id: 12\n");
        assert_eq!(eventfd.eventfd, Some(12));
        let pidfd = FdInfo::parse(b"pos:\t0\nflags:\t02\nPid:\t-1\nNSpid:\t-1\n");
        assert_eq!(pidfd.pid, Some(-1));
        let master = FdInfo::parse(b"pos:\t0\nflags:\t02\ntty-index:\t4\n");
        assert_eq!(master.tty_index, Some(4));
        assert_eq!(epoll_targets(EPOLL).collect::<Vec<_>>(), [40, 7]);
        assert_eq!(FdInfo::parse(EPOLL).inode, Some(18));
    }

    #[test]
    fn a_position_may_be_negative_and_a_text_may_end_early() {
        let info = FdInfo::parse(b"pos:\t-10485760\nflags:\t010");
        assert_eq!(info.position, Some(-10_485_760));
        assert_eq!(info.flags, Some(0o10));
        assert_eq!(FdInfo::parse(b"pos:\t").position, None);
        assert_eq!(FdInfo::parse(b""), FdInfo::default());
    }

    #[test]
    fn numbers_are_read_with_their_base() {
        assert_eq!(number(b" 0x1f rest"), Some(31));
        assert_eq!(number(b"017"), Some(15));
        assert_eq!(number(b"08"), Some(0));
        assert_eq!(number(b"19 x"), Some(19));
        assert_eq!(number(b"x"), None);
        assert_eq!(number(b"-"), None);
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(13);
        for _ in 0..20_000 {
            let text = mutate(EPOLL, &mut random);
            let _ = FdInfo::parse(&text);
            assert!(epoll_targets(&text).count() <= 4);
        }
    }
}
