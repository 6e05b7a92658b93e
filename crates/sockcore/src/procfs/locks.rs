//! File locks: `/proc/locks`.

use super::lines::{Fields, is_space};
use crate::id::{DeviceId, Inode};

/// One granted lock: `n: KIND MODE ACCESS pid major:minor:inode start end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Shared or exclusive.
    pub access: LockAccess,
    /// The process that took it, as this `/proc` numbers it; -1 for locks of an open file
    /// description.
    pub pid: i64,
    /// Device of the file system; some file systems show another one in `stat`.
    pub device: DeviceId,
    /// The locked file.
    pub inode: Inode,
    /// First byte.
    pub start: u64,
    /// Last byte; `None`: to the end, however the file grows.
    pub end: Option<u64>,
}

/// Column 4 of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockAccess {
    /// `READ`
    Read,
    /// `WRITE`
    Write,
}

/// Reads one line. `None` for locks that somebody waits for (`->`), for those without a mode of
/// access (`UNLCK`), and for text that is no lock.
#[must_use]
pub fn line(text: &[u8]) -> Option<Lock> {
    let mut words = Fields(text);
    let mut next = || {
        let skip = words
            .0
            .iter()
            .take_while(|&&byte| byte == b':' || is_space(byte))
            .count();
        words.0 = &words.0[skip..];
        words.word_until(b':')
    };
    let _number = next()?;
    let kind = next()?;
    if kind == b"->" {
        return None;
    }
    let _mandatory = next()?;
    let access = match next()?.first()? {
        b'R' => LockAccess::Read,
        b'W' => LockAccess::Write,
        _ => return None,
    };
    let pid = whole(next()?, |fields| fields.signed())?;
    let major = u32::try_from(whole(next()?, |fields| fields.hex())?).ok()?;
    let minor = u32::try_from(whole(next()?, |fields| fields.hex())?).ok()?;
    let inode = Inode(whole(next()?, |fields| fields.decimal())?);
    let start = whole(next()?, |fields| fields.decimal())?;
    let end = match next()? {
        b"EOF" => None,
        digits => Some(whole(digits, |fields| fields.decimal())?),
    };
    Some(Lock {
        access,
        pid,
        device: DeviceId::from_parts(major, minor),
        inode,
        start,
        end,
    })
}

/// A number that fills the whole word.
fn whole<T>(word: &[u8], read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
    let mut fields = Fields(word);
    let value = read(&mut fields)?;
    fields.0.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] = b"3: POSIX  ADVISORY  READ 21172 fe:1a:10133506 5 14";

    #[test]
    fn a_lock_has_its_owner_file_and_range() {
        assert_eq!(
            line(LINE),
            Some(Lock {
                access: LockAccess::Read,
                pid: 21172,
                device: DeviceId::from_parts(0xfe, 0x1a),
                inode: Inode(10_133_506),
                start: 5,
                end: Some(14),
            })
        );
    }

    #[test]
    fn a_lock_of_an_open_file_description_has_no_owner_and_may_have_no_end() {
        let lock = line(b"1: OFDLCK ADVISORY  WRITE -1 00:15:7 0 EOF").unwrap();
        assert_eq!((lock.pid, lock.end), (-1, None));
    }

    #[test]
    fn waiters_and_unlocks_are_left_out() {
        assert_eq!(line(b"1: -> FLOCK  ADVISORY  WRITE 5 fe:00:9 0 EOF"), None);
        assert_eq!(line(b"1: LEASE  BREAKING  UNLCK 5 fe:00:9 0 EOF"), None);
        assert_eq!(line(b"1: POSIX  ADVISORY  WRITE 5 fe:00:9 0"), None);
        assert_eq!(line(b""), None);
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(12);
        for _ in 0..50_000 {
            let _ = line(&mutate(LINE, &mut random));
        }
    }
}
