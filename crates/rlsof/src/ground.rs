//! The ground that a run stands on: mounted file systems and how paths are reached.
//!
//! The mount table is read when something needs it; what there is to say about it is said then.

use std::ffi::CString;
use std::time::Duration;

use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::procfs::ProcRoot;

use crate::mounts::{Exemption, Mounts, Notice, Reading};
use crate::reach::Reach;
use crate::supplement::{self, Supplement};
use crate::voice::{Voice, printable};

/// Mounts, and the way to paths.
pub(crate) struct Ground {
    root: ProcRoot,
    /// `-b`
    avoid: bool,
    /// `-O`: calls have no deadline.
    direct: bool,
    deadline: Duration,
    /// Off with `-w`.
    warnings: bool,
    /// `+m F`
    supplement: Option<Vec<u8>>,
    /// `+m`: the table is printed when it is read.
    report: bool,
    exempt: Vec<Exemption>,
    mounts: Option<Mounts>,
    reach: Reach,
    /// The last path whose links were replaced.
    resolved: Vec<u8>,
    /// The way to paths is known, though the table may not count yet.
    is_reach_known: bool,
}

/// How the ground is to be trodden.
#[derive(Clone, Debug)]
pub(crate) struct Care {
    pub(crate) avoid: bool,
    pub(crate) direct: bool,
    pub(crate) deadline: Duration,
    pub(crate) warnings: bool,
    pub(crate) supplement: Option<Vec<u8>>,
    pub(crate) report: bool,
}

impl Ground {
    pub(crate) fn new(root: ProcRoot, care: Care) -> Self {
        Self {
            root,
            avoid: care.avoid,
            direct: care.direct,
            deadline: care.deadline,
            warnings: care.warnings,
            supplement: care.supplement,
            report: care.report,
            exempt: Vec::new(),
            mounts: None,
            reach: Reach::new(&[], care.deadline),
            resolved: Vec::new(),
            is_reach_known: false,
        }
    }

    /// To be called before the table is read.
    pub(crate) fn exempt(&mut self, exemption: Exemption) {
        let known = |earlier: &Exemption| earlier.directory == exemption.directory;
        if !self.exempt.iter().any(known) {
            self.exempt.push(exemption);
        }
    }

    /// Whether calls that may block are to be avoided from now on.
    pub(crate) fn avoid(&mut self, avoid: bool) {
        self.avoid = avoid;
    }

    /// Forgets the path that an empty one stands for.
    pub(crate) fn forget_path(&mut self) {
        self.resolved.clear();
    }

    /// The file systems that are not to be touched, first typed first.
    pub(crate) fn exemptions(&self) -> &[Exemption] {
        &self.exempt
    }

    /// The mount table, if it has been read.
    pub(crate) fn mounts(&self) -> Option<&Mounts> {
        self.mounts.as_ref()
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Reads the mount table, unless that has been done. `Err`: it cannot be read, which ends the
    /// run; that has been said.
    pub(crate) fn read_mounts(&mut self, voice: &mut Voice<'_, '_>) -> Result<(), ()> {
        self.read_mounts_now(self.warnings, voice)
    }

    /// The same while the options are still being read, with warnings as they are so far.
    pub(crate) fn read_mounts_now(
        &mut self,
        warnings: bool,
        voice: &mut Voice<'_, '_>,
    ) -> Result<(), ()> {
        if self.mounts.is_some() {
            return Ok(());
        }
        let supplement = self.supplement.as_deref().map(supplement::read);
        let mut told = Told {
            voice,
            warnings,
            supplement: self.supplement.as_deref().zip(supplement.as_ref()),
            is_supplement_told: false,
        };
        let reading = Reading {
            avoid: self.avoid,
            exempt: &self.exempt,
            supplement: match &supplement {
                Some(Ok(entries)) => entries,
                _ => &[],
            },
        };
        let mounts = Mounts::read(&self.root, reading, &mut |notice| told.notice(notice));
        match mounts {
            Ok(mounts) => {
                self.know_reach(&mounts);
                if self.report {
                    report(&mounts, &self.reach, voice);
                }
                self.mounts = Some(mounts);
                Ok(())
            }
            Err(error) => {
                let reason = error.errno.text();
                voice.say(&[b"can't fopen(/proc/mounts, \"r\"): ", reason.as_bytes()]);
                Err(())
            }
        }
    }

    fn know_reach(&mut self, mounts: &Mounts) {
        // What is known of mounts that did not answer is kept.
        if !self.direct && !self.is_reach_known {
            self.reach = Reach::new(mounts.blocking(), self.deadline);
        }
        self.is_reach_known = true;
    }

    /// Finds out which paths may block, without a word.
    fn find_reach(&mut self) {
        if !self.is_reach_known {
            match Mounts::read(&self.root, Reading::default(), &mut |_| ()) {
                Ok(mounts) => self.know_reach(&mounts),
                Err(_) => self.is_reach_known = true,
            }
        }
    }

    /// `stat` of a path that was typed, unless that is to be avoided.
    pub(crate) fn stat(
        &mut self,
        path: &[u8],
        voice: &mut Voice<'_, '_>,
    ) -> Result<FileStat, Errno> {
        self.call(b"stat", path, voice, Reach::stat)
    }

    /// `lstat` of a path below one that was typed.
    pub(crate) fn stat_link(
        &mut self,
        path: &[u8],
        voice: &mut Voice<'_, '_>,
    ) -> Result<FileStat, Errno> {
        self.call(b"lstat", path, voice, Reach::stat_link)
    }

    fn call<T>(
        &mut self,
        name: &[u8],
        path: &[u8],
        voice: &mut Voice<'_, '_>,
        call: impl FnOnce(&Reach, &std::ffi::CStr) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        if self.avoid {
            if self.warnings {
                voice.say(&[b"avoiding ", name, b"(", path, b"): -b was specified."]);
            }
            return Err(Errno::AGAIN);
        }
        self.find_reach();
        let path = CString::new(path).map_err(|_| Errno::NOENT)?;
        call(&self.reach, &path)
    }

    /// The path with every symbolic link in it replaced. An empty one is the one before, as the
    /// original has it. `Err`: there are too many links; that has been said.
    pub(crate) fn resolve(
        &mut self,
        path: &[u8],
        voice: &mut Voice<'_, '_>,
    ) -> Result<Vec<u8>, ()> {
        self.resolve_now(path, self.warnings, voice)
    }

    /// The same while the options are still being read, with warnings as they are so far.
    pub(crate) fn resolve_now(
        &mut self,
        path: &[u8],
        warnings: bool,
        voice: &mut Voice<'_, '_>,
    ) -> Result<Vec<u8>, ()> {
        /// `MAXSYMLINKS` of the C library.
        const ROUNDS: usize = 20;
        if self.avoid {
            if warnings {
                let path = printable(path);
                voice.say(&[b"avoiding readlink(", &path, b"): -b was specified."]);
            }
            return Ok(path.to_vec());
        }
        self.find_reach();
        let mut resolved = match path {
            [] => self.resolved.clone(),
            path => path.to_vec(),
        };
        for _ in 0..=ROUNDS {
            let next = self.resolve_once(&resolved);
            if next == resolved {
                self.resolved.clone_from(&resolved);
                return Ok(resolved);
            }
            resolved = next;
        }
        self.resolved = resolved;
        if warnings {
            let path = printable(path);
            let text = b"too many (> 20) symbolic links in readlink() path: ";
            voice.say(&[text, &path]);
        }
        Err(())
    }

    /// Replaces each component that is a link once.
    fn resolve_once(&self, path: &[u8]) -> Vec<u8> {
        let mut resolved: Vec<u8> = Vec::with_capacity(path.len());
        for component in path.split_inclusive(|&byte| byte == b'/') {
            let name = component.strip_suffix(b"/").unwrap_or(component);
            let before = resolved.len();
            resolved.extend_from_slice(name);
            if !name.is_empty() {
                let link = CString::new(&*resolved)
                    .ok()
                    .and_then(|path| self.reach.read_link(&path).ok());
                if let Some(link) = link {
                    let keep = if link.first() == Some(&b'/') {
                        0
                    } else {
                        before
                    };
                    resolved.truncate(keep);
                    resolved.extend_from_slice(&link);
                }
            }
            if component.len() > name.len() {
                resolved.push(b'/');
            }
        }
        resolved
    }
}

/// The path without slashes at its end, unless it is the root.
pub(crate) fn without_trailing_slashes(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&byte| byte != b'/');
    match end {
        Some(last) => path.get(..=last).unwrap_or_default(),
        None => path.get(..1).unwrap_or_default(),
    }
}

/// `+m`: a line for each mount.
fn report(mounts: &Mounts, reach: &Reach, voice: &mut Voice<'_, '_>) {
    for mount in mounts.iter() {
        let device = mount.device(reach).map_or(0, |device| device.0);
        let mut line = mount.directory.clone();
        line.extend_from_slice(format!(" {device:#x}\n").as_bytes());
        voice.streams.out.put(&line);
    }
}

/// Says what there is to say about mounts.
struct Told<'t, 'v, 's> {
    voice: &'t mut Voice<'v, 's>,
    warnings: bool,
    supplement: Option<(&'t [u8], &'t Supplement)>,
    is_supplement_told: bool,
}

impl Told<'_, '_, '_> {
    fn notice(&mut self, notice: Notice<'_>) {
        match notice {
            // The original escapes the name here and nowhere else in this family of texts.
            Notice::AvoidedReadLink(directory) => {
                self.avoided(b"readlink", &printable(directory));
            }
            Notice::AvoidedStat(directory) => self.avoided(b"stat", directory),
            Notice::Unreachable { kind, directory } => {
                if self.warnings {
                    let (kind, directory) = (printable(kind), printable(directory));
                    let text = b"WARNING: can't stat() ";
                    self.voice.say(&[text, &kind, b" file system ", &directory]);
                    let more = b"      Output information may be incomplete.\n";
                    self.voice.streams.complain(more);
                }
            }
            Notice::Sought => self.supplement(),
            Notice::Assumed { device, directory } => {
                let (file, _) = self.supplement.unwrap_or((&[], &Ok(Vec::new())));
                let text = format!("assuming dev={device:#x} for ");
                let (directory, file) = (printable(directory), printable(file));
                self.voice
                    .say(&[text.as_bytes(), &directory, b" from ", &file]);
            }
        }
    }

    fn avoided(&mut self, call: &[u8], directory: &[u8]) {
        if self.warnings {
            let parts: [&[u8]; 5] = [b"avoiding ", call, b"(", directory, b"): -b was specified."];
            self.voice.say(&parts);
        }
    }

    /// What is wrong with the supplement, when it is needed first.
    fn supplement(&mut self) {
        if self.is_supplement_told || !self.warnings {
            return;
        }
        self.is_supplement_told = true;
        if let Some((file, Err(faults))) = self.supplement {
            for fault in faults {
                self.voice.say(&[&fault.text(file)]);
            }
        }
    }
}
