//! Files and file systems by name (names, `+d`, `+D`).

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHasher;
use sockcore::id::DeviceId;

use super::{Mark, NameMatch};

/// A file system: its device and, where it is NFS, which mount of it. Mounts of one server may
/// share a device.
type FileSystem = (DeviceId, Option<usize>);

type Map<K, V> = HashMap<K, V, BuildHasherDefault<FxHasher>>;

/// Everything that was named.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// There were names, whatever became of them.
    pub(crate) asked: bool,
    /// In the order in which they were typed or, below a directory, met.
    entries: Vec<Entry>,
    /// The last one of each file.
    files: Map<(DeviceId, u64), usize>,
    /// The one of each file system that is found: the last or, of a device whose last one is a
    /// mount of a server, the first.
    file_systems: Map<FileSystem, usize>,
    /// The first of each device that is no mount of a server.
    first_of_device: Map<DeviceId, usize>,
    /// The last file of each text.
    texts: Map<Vec<u8>, usize>,
    /// Files and file systems that were met.
    found: AtomicUsize,
}

/// One file or file system.
#[derive(Debug)]
pub(crate) struct Entry {
    /// As typed.
    pub(crate) typed: Vec<u8>,
    /// The name with symbolic links resolved, which shows as NAME.
    pub(crate) name: Vec<u8>,
    pub(crate) is_file_system: bool,
    pub(crate) mark: Mark,
}

impl Names {
    /// Adds a file.
    pub(crate) fn add_file(&mut self, typed: &[u8], name: &[u8], file: (DeviceId, u64)) {
        self.files.insert(file, self.entries.len());
        self.texts.insert(typed.to_vec(), self.entries.len());
        self.add(typed, name, false);
    }

    /// Adds a file system.
    pub(crate) fn add_file_system(&mut self, typed: &[u8], name: &[u8], which: FileSystem) {
        let index = self.entries.len();
        self.file_systems.insert(which, index);
        let (device, server) = which;
        if server.is_none() {
            self.first_of_device.entry(device).or_insert(index);
        } else if let Some(first) = self.first_of_device.get(&device) {
            self.file_systems.insert((device, None), *first);
        }
        self.add(typed, name, true);
    }

    fn add(&mut self, typed: &[u8], name: &[u8], is_file_system: bool) {
        self.entries.push(Entry {
            typed: typed.to_vec(),
            name: name.to_vec(),
            is_file_system,
            mark: Mark::default(),
        });
    }

    /// All of them, in order.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn selects(&self) -> bool {
        self.asked || !self.entries.is_empty()
    }

    /// Whether there is one that has not been met though it could be.
    pub(super) fn has_unmarked(&self) -> bool {
        self.found.load(Ordering::Relaxed) < self.files.len() + self.file_systems.len()
    }

    pub(super) fn find(
        &self,
        device: DeviceId,
        inode: u64,
        server: Option<usize>,
    ) -> NameMatch<'_> {
        if let Some(entry) = self.met(self.files.get(&(device, inode))) {
            return NameMatch::File(&entry.name);
        }
        match self.met(self.file_systems.get(&(device, server))) {
            Some(_) => NameMatch::FileSystem,
            None => NameMatch::None,
        }
    }

    pub(super) fn find_unix(&self, path: &[u8], file: Option<(DeviceId, u64)>) -> bool {
        let index = match file {
            Some(file) => self.files.get(&file),
            // A socket without a name goes by this one in the original.
            None if path.is_empty() => self.texts.get(&b"socket"[..]),
            None => self.texts.get(path),
        };
        self.met(index).is_some()
    }

    fn met(&self, index: Option<&usize>) -> Option<&Entry> {
        let entry = self.entries.get(*index?)?;
        if entry.mark.set() {
            self.found.fetch_add(1, Ordering::Relaxed);
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId(7);

    fn marks(names: &Names) -> Vec<bool> {
        let marks = names.entries().iter().map(|entry| &entry.mark);
        marks.map(Mark::is_set).collect()
    }

    #[test]
    fn of_two_names_of_a_file_the_last_typed_is_found() {
        let mut names = Names::default();
        names.add_file(b"a", b"/d/a", (DEVICE, 1));
        names.add_file(b"b", b"/d/b", (DEVICE, 1));
        assert!(names.has_unmarked());
        assert_eq!(names.find(DEVICE, 1, None), NameMatch::File(b"/d/b"));
        assert_eq!(names.find(DEVICE, 2, None), NameMatch::None);
        assert_eq!(marks(&names), [false, true]);
        assert!(!names.has_unmarked());
    }

    #[test]
    fn any_file_of_a_named_file_system_is_found() {
        let mut names = Names::default();
        names.add_file_system(b"/mnt", b"/mnt", (DEVICE, None));
        assert_eq!(names.find(DEVICE, 9, None), NameMatch::FileSystem);
        assert_eq!(names.find(DeviceId(8), 9, None), NameMatch::None);
        assert_eq!(marks(&names), [true]);
    }

    #[test]
    fn mounts_of_one_server_are_told_apart() {
        let mut names = Names::default();
        names.add_file_system(b"/a", b"/a", (DEVICE, Some(1)));
        names.add_file_system(b"/b", b"/b", (DEVICE, Some(2)));
        assert_eq!(names.find(DEVICE, 9, None), NameMatch::None);
        assert_eq!(names.find(DEVICE, 9, Some(1)), NameMatch::FileSystem);
        assert_eq!(names.find(DEVICE, 9, Some(3)), NameMatch::None);
        assert_eq!(marks(&names), [true, false]);
    }

    #[test]
    fn a_mount_of_a_server_puts_the_first_of_its_device_before_the_others() {
        let find = |servers: [Option<usize>; 3]| {
            let mut names = Names::default();
            for server in servers {
                names.add_file_system(b"/a", b"/a", (DEVICE, server));
            }
            names.find(DEVICE, 9, None);
            marks(&names)
        };
        assert_eq!(find([None, None, Some(1)]), [true, false, false]);
        assert_eq!(find([None, Some(1), None]), [false, false, true]);
        assert_eq!(find([Some(1), None, None]), [false, false, true]);
    }

    #[test]
    fn a_unix_socket_whose_path_leads_nowhere_is_found_by_its_text() {
        let mut names = Names::default();
        names.add_file(b"./s", b"./s", (DEVICE, 1));
        assert!(!names.find_unix(b"./s", Some((DEVICE, 2))));
        assert!(names.find_unix(b"./s", None));
        assert!(names.find_unix(b"other", Some((DEVICE, 1))));
        assert!(!names.find_unix(b"other", None));
    }
}
