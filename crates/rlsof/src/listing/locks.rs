//! Which lock letter a file shows for a process.

use rustc_hash::FxHashMap;
use sockcore::id::{DeviceId, Pid};
use sockcore::procfs::ProcRoot;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::locks::{self, Lock, LockAccess};

/// The end of a lock that counts as the end of every file.
const WHOLE: u64 = 0x7fff_ffff;

/// The locks of the machine by holder and file.
#[derive(Debug, Default)]
pub(crate) struct Locks(FxHashMap<(i64, DeviceId, u64), Letters>);

/// The distinct letters of one holder and file in order of appearance, at most four.
#[derive(Clone, Copy, Debug, Default)]
struct Letters {
    seen: [u8; 4],
    count: usize,
}

impl Locks {
    /// Reads the table; empty where there is none.
    pub(crate) fn read(root: &ProcRoot) -> Self {
        let mut table = Self::default();
        if let Ok(file) = root.open("locks") {
            let mut lines = Lines::new(file);
            while let Ok(Some(line)) = lines.next_line() {
                if let Some(lock) = locks::line(line) {
                    table.add(&lock);
                }
            }
        }
        table
    }

    fn add(&mut self, lock: &Lock) {
        let whole = lock.start == 0 && lock.end.unwrap_or(WHOLE) == WHOLE;
        let letter = match (lock.access, whole) {
            (LockAccess::Read, true) => b'R',
            (LockAccess::Read, false) => b'r',
            (LockAccess::Write, true) => b'W',
            (LockAccess::Write, false) => b'w',
        };
        let key = (lock.pid, lock.device, lock.inode.0);
        let letters = self.0.entry(key).or_default();
        let known = letters.seen.get(..letters.count).unwrap_or_default();
        if !known.contains(&letter) {
            if let Some(place) = letters.seen.get_mut(letters.count) {
                *place = letter;
                letters.count += 1;
            }
        }
    }

    /// The letter of a file in a process; a blank without a lock. Of several letters the one
    /// that first appeared last.
    pub(crate) fn letter(&self, pid: Pid, device: DeviceId, inode: u64) -> u8 {
        self.0
            .get(&(pid.0.into(), device, inode))
            .and_then(|letters| letters.seen.get(letters.count.checked_sub(1)?))
            .copied()
            .unwrap_or(b' ')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(lines: &[&str]) -> char {
        let mut table = Locks::default();
        for line in lines {
            let line = format!("1: POSIX ADVISORY {line}");
            if let Some(lock) = locks::line(line.as_bytes()) {
                table.add(&lock);
            }
        }
        table
            .letter(Pid(5), DeviceId::from_parts(0xfe, 1), 7)
            .into()
    }

    #[test]
    fn a_whole_file_lock_is_upper_case() {
        assert_eq!(letter(&["WRITE 5 fe:01:7 0 EOF"]), 'W');
        assert_eq!(letter(&["WRITE 5 fe:01:7 0 2147483647"]), 'W');
        assert_eq!(letter(&["READ 5 fe:01:7 0 2147483646"]), 'r');
        assert_eq!(letter(&["READ 5 fe:01:7 1 EOF"]), 'r');
        assert_eq!(letter(&["READ 6 fe:01:7 0 EOF"]), ' ');
        assert_eq!(letter(&["READ 5 fe:01:8 0 EOF"]), ' ');
    }

    #[test]
    fn of_several_locks_the_letter_that_appeared_last_for_the_first_time_shows() {
        let first = "WRITE 5 fe:01:7 0 4";
        let second = "READ 5 fe:01:7 10 14";
        assert_eq!(letter(&[first, second, "WRITE 5 fe:01:7 20 24"]), 'r');
        assert_eq!(letter(&[first, "WRITE 5 fe:01:7 0 EOF", first]), 'W');
    }
}
