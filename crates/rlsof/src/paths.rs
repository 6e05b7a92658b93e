//! Names, `+d` and `+D`: which files and file systems they stand for.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::id::DeviceId;

use crate::ground::{Ground, without_trailing_slashes};
use crate::options::{Crossing, NameMode};
use crate::selection::names::Names;
use crate::voice::{Voice, printable};

/// `st_mode`: the type of file.
const TYPE: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const BLOCK: u32 = 0o060_000;
const SYMBOLIC_LINK: u32 = 0o120_000;

fn is_a(stat: &FileStat, kind: u32) -> bool {
    stat.mode & TYPE == kind
}

/// Why the run ends here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The mount table cannot be read.
    NoMounts,
    /// No name stands for anything.
    NoNames,
}

/// How names are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) mode: NameMode,
    /// `-Q`: a name that stands for nothing is no error.
    pub(crate) forgive: bool,
}

/// Enters the names. Whether any of them failed.
pub(crate) fn add_names(
    words: &[OsString],
    manner: Manner,
    names: &mut Names,
    ground: &mut Ground,
    voice: &mut Voice<'_, '_>,
) -> Result<bool, Stop> {
    let before = names.entries().len();
    let mut failed = false;
    // Not one of the options.
    ground.forget_path();
    for word in words {
        let typed = word.as_bytes();
        let Ok(resolved) = ground.resolve(typed, voice) else {
            failed = true;
            continue;
        };
        let resolved = without_trailing_slashes(&resolved);
        ground.read_mounts(voice).map_err(|()| Stop::NoMounts)?;
        if manner.mode != NameMode::Files
            && add_file_systems(typed, resolved, manner.mode, names, ground)
        {
            continue;
        }
        if manner.mode == NameMode::FileSystems {
            failed = true;
            if !manner.forgive {
                voice.say(&[b"not a file system: ", &printable(typed)]);
            }
            continue;
        }
        match ground.stat(resolved, voice) {
            Ok(stat) => names.add_file(typed, resolved, (stat.device, stat.inode.0)),
            Err(errno) => {
                failed = true;
                if !manner.forgive {
                    let reason = errno.text();
                    let name = printable(resolved);
                    voice.say(&[b"status error on ", &name, b": ", reason.as_bytes()]);
                }
            }
        }
    }
    if names.entries().len() == before && !words.is_empty() {
        return Err(Stop::NoNames);
    }
    Ok(failed)
}

/// Enters the mounts that a name is the directory or the device of.
fn add_file_systems(
    typed: &[u8],
    resolved: &[u8],
    mode: NameMode,
    names: &mut Names,
    ground: &Ground,
) -> bool {
    let Some(mounts) = ground.mounts() else {
        return false;
    };
    let mut found = false;
    for (index, mount) in mounts.iter().enumerate() {
        let is_device = || {
            mount.source == resolved
                && (mode == NameMode::FileSystems || is_block_device(&mount.source, ground))
        };
        if mount.directory != resolved && !is_device() {
            continue;
        }
        if let Some(device) = mount.device(ground.reach()) {
            let server = mount.is_nfs().then_some(index);
            names.add_file_system(typed, resolved, (device, server));
            found = true;
        }
    }
    found
}

fn is_block_device(path: &[u8], ground: &Ground) -> bool {
    std::ffi::CString::new(path)
        .ok()
        .and_then(|path| ground.reach().stat(&path).ok())
        .is_some_and(|stat| is_a(&stat, BLOCK))
}

/// A directory whose entries are entered.
struct Visit {
    path: Vec<u8>,
    file: (DeviceId, u64),
    /// Index of the directory it was found in.
    parent: Option<usize>,
}

/// Enters a directory and what is in it, or with `deep` below it. `false`: it is none.
pub(crate) fn add_directory(
    path: &[u8],
    (deep, crossing): (bool, Crossing),
    warnings: bool,
    names: &mut Names,
    ground: &mut Ground,
    voice: &mut Voice<'_, '_>,
) -> bool {
    let Ok(resolved) = ground.resolve_now(path, warnings, voice) else {
        return false;
    };
    let stat = match ground.stat(&resolved, voice) {
        Ok(stat) => stat,
        Err(errno) => {
            if warnings {
                complain(b"stat", &resolved, b"", errno, voice);
            }
            return false;
        }
    };
    if !is_a(&stat, DIRECTORY) {
        if warnings {
            let path = printable(&resolved);
            voice.say(&[b"WARNING: not a directory: ", &path]);
        }
        return false;
    }
    // What there is to say about mounts comes before what there is to say about entries.
    if ground.read_mounts_now(warnings, voice).is_err() {
        return false;
    }
    let file = (stat.device, stat.inode.0);
    names.add_file(&resolved, without_trailing_slashes(&resolved), file);
    let mut walk = Walk {
        crossing,
        device: stat.device,
        warnings,
        names,
        ground,
        voice,
        visits: Vec::new(),
    };
    let mut pending = vec![Visit {
        path: resolved,
        file,
        parent: None,
    }];
    while let Some(visit) = pending.pop() {
        walk.visits.push(visit);
        let below = walk.enter();
        if deep {
            pending.extend(below);
        }
    }
    true
}

fn complain(call: &[u8], path: &[u8], what: &[u8], errno: Errno, voice: &mut Voice<'_, '_>) {
    let (path, reason) = (printable(path), errno.text());
    let reason = reason.as_bytes();
    voice.say(&[
        b"WARNING: can't ",
        call,
        b"(",
        &path,
        b")",
        what,
        b": ",
        reason,
    ]);
}

struct Walk<'w, 'v, 's> {
    crossing: Crossing,
    /// Of the directory that was typed.
    device: DeviceId,
    warnings: bool,
    names: &'w mut Names,
    ground: &'w mut Ground,
    voice: &'w mut Voice<'v, 's>,
    /// The directories so far; the last one is in hand.
    visits: Vec<Visit>,
}

impl Walk<'_, '_, '_> {
    /// Enters what is in the directory in hand; returns the directories among that.
    fn enter(&mut self) -> Vec<Visit> {
        let mut below = Vec::new();
        let Some(visit) = self.visits.last() else {
            return below;
        };
        let directory = visit.path.clone();
        let entries = match std::fs::read_dir(OsStr::from_bytes(&directory)) {
            Ok(entries) => entries,
            Err(error) => {
                self.warn(b"opendir", &directory, b"", Errno::from(&error));
                return below;
            }
        };
        for entry in entries.flatten() {
            let mut path = directory.clone();
            if path.last() != Some(&b'/') {
                path.push(b'/');
            }
            path.extend_from_slice(entry.file_name().as_bytes());
            if let Some(stat) = self.entry(&path) {
                let file = (stat.device, stat.inode.0);
                self.names.add_file(&path, &path, file);
                if is_a(&stat, DIRECTORY) && !self.is_above(file) {
                    below.push(Visit {
                        path,
                        file,
                        parent: Some(self.visits.len() - 1),
                    });
                }
            }
        }
        below
    }

    /// What an entry is; `None`: it is left out.
    fn entry(&mut self, path: &[u8]) -> Option<FileStat> {
        let mut stat = match self.ground.stat_link(path, self.voice) {
            Ok(stat) => stat,
            Err(errno) => {
                if errno != Errno::NOENT {
                    self.warn(b"lstat", path, b"", errno);
                }
                return None;
            }
        };
        if is_a(&stat, SYMBOLIC_LINK) {
            if !self.crossing.links {
                return None;
            }
            stat = match self.ground.stat(path, self.voice) {
                Ok(stat) => stat,
                Err(errno) => {
                    if errno != Errno::NOENT {
                        self.warn(b"stat", path, b" symbolc link", errno);
                    }
                    return None;
                }
            };
        }
        (self.crossing.file_systems || stat.device == self.device).then_some(stat)
    }

    /// Whether a directory is the one in hand or above it: a link may lead back up.
    fn is_above(&self, file: (DeviceId, u64)) -> bool {
        let mut index = self.visits.len().checked_sub(1);
        while let Some(visit) = index.and_then(|index| self.visits.get(index)) {
            if visit.file == file {
                return true;
            }
            index = visit.parent;
        }
        false
    }

    fn warn(&mut self, call: &[u8], path: &[u8], what: &[u8], errno: Errno) {
        if self.warnings {
            complain(call, path, what, errno, self.voice);
        }
    }
}
