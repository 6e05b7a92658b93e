//! The numbered descriptors of a process, or the one row that says why there are none.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::OnceLock;

use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::id::{DeviceId, Fd, Inode};
use sockcore::procfs::fdinfo::{FdInfo, HEAD, InfoDir, WHOLE};
use sockcore::procfs::process::{FileDir, LinkBuffer, ProcessDir};
use sockcore::procfs::scan::{OpenFile, OpenFiles};

use super::Setting;
use super::file::{self, is_socket};
use super::scan::{Buffers, Holder, Scan};
use crate::endpoints::{Draft, End};
use crate::kinds::{Anonymous, Link, decimal, numbered};
use crate::mounts::Mounts;
use crate::reach::blocking;
use crate::row::{Kind, Row, Slot};
use crate::selection::Bits;

/// Trying 0, 1, 2 … gives up after so many numbers in a row that are not open.
const MISSES: u32 = 256;

/// Open flags that decide the access letter.
const O_PATH: u32 = 0o10_000_000;
const O_ACCMODE: u32 = 3;

/// The directories of a process's descriptors, opened when something is asked of them.
struct Table<'t> {
    process: &'t ProcessDir,
    files: OnceCell<Result<FileDir, Errno>>,
    info: OnceCell<Option<InfoDir>>,
}

impl<'t> Table<'t> {
    fn new(process: &'t ProcessDir) -> Self {
        Self {
            process,
            files: OnceCell::new(),
            info: OnceCell::new(),
        }
    }

    fn files(&self) -> Result<&FileDir, Errno> {
        let files = self.files.get_or_init(|| self.process.files());
        files.as_ref().map_err(|&errno| errno)
    }

    fn info(&self) -> Option<&InfoDir> {
        self.info
            .get_or_init(|| InfoDir::open(self.process).ok())
            .as_ref()
    }
}

/// One descriptor in hand.
pub(super) struct Descriptor<'d> {
    pub(super) holder: &'d Holder<'d>,
    pub(super) fd: Fd,
    table: &'d Table<'d>,
    /// What the kernel's own walk told of it.
    told: Option<&'d OpenFile<'d>>,
    /// Space for the text of fdinfo.
    space: &'d mut [u8; WHOLE],
}

impl Descriptor<'_> {
    pub(super) fn slot(&self) -> Slot {
        Slot::Fd(self.fd.0)
    }

    /// The text of fdinfo, at most `length` bytes; empty where it cannot be read.
    fn info(&mut self, length: usize) -> &[u8] {
        let space = self.space.get_mut(..length).unwrap_or_default();
        self.table
            .info()
            .and_then(|directory| directory.read(self.fd, space).ok())
            .unwrap_or_default()
    }

    /// The access letter by the mode of the link; a blank where that cannot be read.
    fn access(&self) -> u8 {
        if let Some(told) = self.told {
            return access_letter(told.reads, told.writes);
        }
        match self.stat_link() {
            Ok(link) => access_letter(link.mode & 0o400 != 0, link.mode & 0o200 != 0),
            Err(_) => b' ',
        }
    }

    /// `stat` of the open file, which may be a socket.
    pub(super) fn stat(&self) -> Result<FileStat, Errno> {
        if let Some(stat) = self.told.and_then(|told| told.stat) {
            return Ok(stat);
        }
        self.table.files()?.stat(self.fd).map(FileStat::from)
    }

    /// `lstat` of the link to it.
    fn stat_link(&self) -> Result<FileStat, Errno> {
        self.table.files()?.stat_link(self.fd).map(FileStat::from)
    }
}

/// By what it is open for, which the owner's permissions of the link tell. Only one of the two
/// tells something.
fn access_letter(reads: bool, writes: bool) -> u8 {
    match (reads, writes) {
        (true, false) => b'r',
        (false, true) => b'w',
        _ => b'u',
    }
}

/// The same by the open flags.
fn access_by_flags(flags: u32) -> u8 {
    match flags & O_ACCMODE {
        _ if flags & O_PATH != 0 => b'u',
        0 => b'r',
        1 => b'w',
        _ => b'u',
    }
}

/// What a number turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// No open file.
    Gone,
    /// An open file, printed or not.
    There,
}

impl Scan<'_> {
    /// All descriptors, ascending.
    pub(super) fn descriptors(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        buffers: &mut Buffers,
    ) {
        let setting = self.setting;
        let by_number = setting.world.selection.active().any(Bits::SLOT);
        let impossible = |slot| {
            let open = Bits::BY_STAT.or(Bits::BY_TABLE);
            setting.verdict(holder, slot, Bits::NONE, open) == Some(false)
        };
        let nothing = !by_number && impossible(Slot::Fd(0)) && impossible(Slot::NoFd);
        if nothing && !setting.looks_at_all() {
            return;
        }
        let table = Table::new(holder.directory);
        let mut from = 0;
        let is_own = setting.sharing.own() == Some(holder.directory.pid());
        // This process is asked the plain way: reading it leaves traces in it that are listed.
        let of_the_walk = self
            .walk
            .as_ref()
            .filter(|_| is_own)
            .map(OpenFiles::own_number);
        if !by_number && !is_own && holder.is_process() {
            match self.told_descriptors(holder, draft, buffers, &table) {
                Ok(true) => return,
                Ok(false) => {}
                Err(next) => from = next,
            }
        }
        let files = match table.files() {
            Ok(files) => files,
            Err(errno) => {
                self.addition.clear();
                self.say_failure("opendir", errno);
                return self.no_descriptors(holder, draft);
            }
        };
        let link = &mut buffers.link;
        let mut each = |scan: &mut Self, draft: &mut Draft, fd, probing| {
            if Some(fd) == of_the_walk {
                return Seen::There;
            }
            let descriptor = Descriptor {
                holder,
                fd,
                table: &table,
                told: None,
                space: &mut buffers.info,
            };
            scan.descriptor(draft, descriptor, link, probing)
        };
        // Where numbers are selected, the others are not looked at: not even whether they are
        // in use.
        if setting.live && !by_number && from == 0 {
            let open = files.open_count();
            let (mut found, mut misses) = (0, 0);
            while found < open && misses < MISSES {
                match each(self, draft, Fd(from), true) {
                    Seen::Gone => misses += 1,
                    Seen::There => {
                        misses = 0;
                        found += 1;
                    }
                }
                from += 1;
            }
        }
        // Also when all were found: others may have been opened meanwhile and counted in.
        let _ = files.for_each_from(Fd(from), &mut |fd| {
            each(self, draft, fd, false);
        });
    }

    /// The descriptors of a process by the kernel's own walk. `false`: it told none, which leaves
    /// open why. `Err`: it broke off, and this is the number to go on with.
    fn told_descriptors(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        buffers: &mut Buffers,
        table: &Table<'_>,
    ) -> Result<bool, u32> {
        let Some(mut walk) = self.walk.take() else {
            return Ok(false);
        };
        let mut next = 0;
        let told = walk.of_process(holder.directory.pid(), &mut |open| {
            next = open.fd.0 + 1;
            let descriptor = Descriptor {
                holder,
                fd: open.fd,
                table,
                told: Some(open),
                space: &mut buffers.info,
            };
            self.descriptor(draft, descriptor, &mut buffers.link, false);
        });
        let count = told.map_err(|_| next)?;
        self.walk = Some(walk);
        Ok(count > 0)
    }

    /// Some descriptors that are known to be sockets.
    pub(super) fn some_sockets(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        sockets: &[(Fd, u32)],
        buffers: &mut Buffers,
    ) {
        let table = Table::new(holder.directory);
        for &(fd, inode) in sockets {
            let mut descriptor = Descriptor {
                holder,
                fd,
                table: &table,
                told: None,
                space: &mut buffers.info,
            };
            self.addition.clear();
            self.socket(draft, &mut descriptor, inode.into(), None);
        }
    }

    /// The row NOFD, if failures are to be told.
    fn no_descriptors(&self, holder: &Holder<'_>, draft: &mut Draft) {
        let told = self.setting.world.gathering.warnings;
        if told && self.setting.is_selected(holder, Slot::NoFd, Bits::NONE) {
            let mut row = Row::new(Slot::NoFd, Kind::Unset);
            row.name = draft.store_own_path(&holder.name, &[b"fd"]);
            self.push(draft, row, true, None);
        }
    }

    /// One number. `probing`: nothing says that it is open.
    fn descriptor(
        &mut self,
        draft: &mut Draft,
        mut descriptor: Descriptor<'_>,
        link: &mut LinkBuffer,
        probing: bool,
    ) -> Seen {
        let holder = descriptor.holder;
        let slot = descriptor.slot();
        let setting = self.setting;
        let ends = setting.with_endpoints();
        let everything = Bits::BY_STAT.or(Bits::BY_TABLE);
        let first = setting.verdict(holder, slot, Bits::NONE, everything);
        let looks_at_all = setting.looks_at_all();
        if first == Some(false) && !looks_at_all {
            return Seen::There;
        }
        self.addition.clear();
        let mut stat = None;
        if first.is_none() && setting.is_search(holder, slot) {
            if let Ok(found) = descriptor.stat() {
                let no_match = if is_socket(&found) {
                    self.is_no_socket_match(holder, slot, found.inode.0)
                } else {
                    self.is_no_match(holder, slot, &found)
                };
                if no_match {
                    return Seen::There;
                }
                stat = Some(Ok(found));
            }
        }
        let told = descriptor.told.and_then(|told| told.link);
        let read = match told {
            Some(text) => Ok(text),
            None => descriptor
                .table
                .files()
                .and_then(|files| files.link(descriptor.fd, link)),
        };
        let text = match read {
            Ok(text) => text,
            Err(Errno::NOENT) if probing => return Seen::Gone,
            Err(errno) => {
                self.say_failure("readlink", errno);
                self.unread_descriptor(draft, &mut descriptor);
                return Seen::There;
            }
        };
        let parsed = Link::of(text);
        if setting.live && !setting.avoids {
            if let Link::Socket(inode) = parsed {
                self.socket(draft, &mut descriptor, inode, None);
                return Seen::There;
            }
            if holder.sockets_only && !self.may_be_socket_file(&descriptor, parsed) {
                return Seen::There;
            }
        }
        let open = if setting.live {
            Bits::BY_STAT
        } else {
            everything
        };
        let verdict = setting.verdict(holder, slot, Bits::NONE, open);
        if verdict == Some(false) && !looks_at_all {
            return Seen::There;
        }
        if let Some(exemption) = setting.exemption(text) {
            let mut row = Row::new(slot, Kind::Exempt);
            setting.opened(&mut row, &mut descriptor, None);
            row.access = b' ';
            self.exempt_row(holder, draft, row, text, exemption);
            return Seen::There;
        }
        if setting.avoids {
            self.avoided_descriptor(draft, &mut descriptor, text);
            return Seen::There;
        }
        let needed = verdict.is_none() || ends || setting.shows_stat();
        if needed && stat.is_none() {
            stat = Some(setting.stat_descriptor(&descriptor, text, parsed));
        }
        match stat {
            Some(Ok(stat)) if is_socket(&stat) => {
                self.socket(draft, &mut descriptor, stat.inode.0, Some(&stat));
            }
            Some(Ok(_)) if holder.sockets_only => {}
            Some(Ok(stat)) => self.open_file(draft, &mut descriptor, text, parsed, &stat),
            Some(Err(errno)) => {
                let link = descriptor.stat_link().err();
                self.failed_descriptor(draft, &mut descriptor, text, (link, errno));
            }
            None => {
                let mut row = Row::new(slot, Kind::Unknown);
                let named = setting.world.gathering.shows.name;
                let named = named.then(|| base_name(&mut descriptor, parsed, row.kind));
                let (base, info) = named.unwrap_or_default();
                setting.opened(&mut row, &mut descriptor, info);
                row.name = draft.process.store(|into| into.extend_from_slice(&base));
                self.push(draft, row, true, None);
            }
        }
        Seen::There
    }

    /// Whether a file that is no socket cannot be printed, by its `stat`.
    fn is_no_match(&self, holder: &Holder<'_>, slot: Slot, stat: &FileStat) -> bool {
        let setting = self.setting;
        let links = setting.world.selection.links(stat.links);
        let own = setting.judge_number(stat.device, stat.inode.0, None).own;
        setting.verdict(holder, slot, own.or(links), Bits::NFS) == Some(false)
    }

    /// Whether a link that does not say so may lead to the file of a unix socket (`O_PATH`) that
    /// is printed for its process's sake.
    fn may_be_socket_file(&self, descriptor: &Descriptor<'_>, parsed: Link<'_>) -> bool {
        matches!(parsed, Link::Path(_))
            && self
                .setting
                .is_selected(descriptor.holder, descriptor.slot(), Bits::NONE)
    }

    /// Whether a socket cannot be printed, by its inode.
    fn is_no_socket_match(&mut self, holder: &Holder<'_>, slot: Slot, inode: u64) -> bool {
        let by_number = Bits::BY_TABLE.without(Bits::NAME);
        // Only unix sockets have names.
        self.setting.verdict(holder, slot, Bits::NONE, by_number) == Some(false)
            && !self.lookup.is_known(inode)
    }

    /// The row of an open file that is no socket.
    fn open_file(
        &mut self,
        draft: &mut Draft,
        descriptor: &mut Descriptor<'_>,
        text: &[u8],
        parsed: Link<'_>,
        stat: &FileStat,
    ) {
        let setting = self.setting;
        let slot = descriptor.slot();
        let judged = setting.judge(stat, text);
        let selected = setting.is_selected(descriptor.holder, slot, judged.own);
        let ends = setting.with_endpoints();
        if !selected && !ends {
            return;
        }
        let mut row = Row::new(slot, Kind::Unknown);
        setting.describe(draft, &mut row, stat, text);
        let (base, info) = if setting.world.gathering.shows.name || ends {
            base_name(descriptor, parsed, row.kind)
        } else {
            (Cow::Borrowed(&[][..]), None)
        };
        let end = ends
            .then(|| setting.end_of(descriptor, &row, stat, info.as_ref()))
            .flatten();
        if !selected && end.is_none() {
            return;
        }
        setting.opened(&mut row, descriptor, info);
        self.name(draft, &mut row, &base, &judged);
        self.push(draft, row, selected, end);
    }

    /// The row of a descriptor whose file is not looked at.
    fn avoided_descriptor(
        &mut self,
        draft: &mut Draft,
        descriptor: &mut Descriptor<'_>,
        text: &[u8],
    ) {
        let mut number = Vec::new();
        decimal(descriptor.fd.0.into(), &mut number);
        let setting = self.setting;
        let path = setting.path(&descriptor.holder.name, &[b"fd", &number]);
        let link = setting.avoid_opened(&path, text);
        let stat = setting.avoid_opened(&path, text);
        self.failed_descriptor(draft, descriptor, text, (Some(link), stat));
    }

    /// The row of a descriptor whose file cannot be looked at: why its link cannot, and why it
    /// cannot itself.
    fn failed_descriptor(
        &mut self,
        draft: &mut Draft,
        descriptor: &mut Descriptor<'_>,
        text: &[u8],
        (link, errno): (Option<Errno>, Errno),
    ) {
        let setting = self.setting;
        if let Some(errno) = link {
            self.say_failure("lstat", errno);
        }
        let own = self.say_stat_failure(errno);
        let slot = descriptor.slot();
        // Nothing tells that it is a socket.
        if !descriptor.holder.sockets_only && setting.is_selected(descriptor.holder, slot, own) {
            let mut row = Row::new(slot, Kind::Unknown);
            setting.opened(&mut row, descriptor, None);
            if link.is_some() {
                row.access = b' ';
            }
            setting.guess_device(&mut row, text, errno);
            row.name = draft
                .process
                .store(|into| into.extend_from_slice(Link::of(text).name()));
            self.push(draft, row, true, None);
        }
    }

    /// The row of a descriptor whose link cannot be read, if failures are to be told.
    fn unread_descriptor(&mut self, draft: &mut Draft, descriptor: &mut Descriptor<'_>) {
        let setting = self.setting;
        let slot = descriptor.slot();
        if setting.world.gathering.warnings
            && setting.is_selected(descriptor.holder, slot, Bits::NONE)
        {
            let mut row = Row::new(slot, Kind::Unknown);
            setting.opened(&mut row, descriptor, None);
            row.access = b' ';
            let mut number = Vec::new();
            decimal(descriptor.fd.0.into(), &mut number);
            row.name = draft.store_own_path(&descriptor.holder.name, &[b"fd", &number]);
            self.push(draft, row, true, None);
        }
    }
}

impl Setting<'_> {
    /// Whether files are looked for of which most will not be printed, so that `stat` alone
    /// should decide.
    fn is_search(&self, holder: &Holder<'_>, slot: Slot) -> bool {
        self.live
            && !self.avoids
            // A file system on NFS is told by the name as well.
            && !self.world.mounts.is_some_and(Mounts::has_nfs)
            && !holder.sockets_only
            && !self.with_endpoints()
            && holder.space.is_empty()
            && self.world.selection.active().any(Bits::BY_STAT)
            && self.verdict(holder, slot, Bits::NONE, Bits::NONE) == Some(false)
    }

    /// `stat` of a descriptor whose link says that it is no socket.
    fn stat_descriptor(
        &self,
        descriptor: &Descriptor<'_>,
        text: &[u8],
        parsed: Link<'_>,
    ) -> Result<FileStat, Errno> {
        if let (Link::Pipe(inode), true) = (parsed, self.live) {
            if let Some(device) = device_of(&self.pipe_device, descriptor, inode) {
                return Ok(FileStat {
                    mode: file::FIFO,
                    device,
                    inode: Inode(inode),
                    raw_device: DeviceId(0),
                    size: 0,
                    links: 1,
                });
            }
        }
        match blocking(&descriptor.holder.space, text) {
            None => descriptor.stat(),
            Some(mount) => {
                let mut name = Vec::new();
                decimal(descriptor.fd.0.into(), &mut name);
                let path = self.path(&descriptor.holder.name, &[b"fd", &name]);
                self.world.reach.stat_on(mount, &path)
            }
        }
    }

    /// How the file was opened: access letter, flags and offset, as far as they are shown.
    /// `info`: fdinfo, where that was read already.
    pub(super) fn opened(
        &self,
        row: &mut Row,
        descriptor: &mut Descriptor<'_>,
        info: Option<FdInfo>,
    ) {
        let shows = self.world.gathering.shows;
        let offset = shows.offset && (shows.offset_beside_size || row.size().is_none());
        // Nothing moves the position of a pipe or socket.
        let fixed = self.live && row.kind.has_no_position();
        let info = info.or_else(|| {
            (shows.flags || (offset && !fixed)).then(|| FdInfo::parse(descriptor.info(HEAD)))
        });
        match &info {
            Some(info) => {
                row.set_flags(info.flags);
                let position = info.position.filter(|&position| position != -1);
                row.set_offset(position.map(i64::cast_unsigned));
            }
            None => row.set_offset((offset && fixed).then_some(0)),
        }
        if shows.access || self.with_endpoints() {
            let flags = info.and_then(|info| info.flags);
            row.access = match flags {
                _ if self.live && row.kind.is_socket() => b'u',
                Some(flags) if self.live => access_by_flags(flags),
                _ => descriptor.access(),
            };
        }
    }

    /// What the file may be matched with by `-E`.
    fn end_of(
        &self,
        descriptor: &mut Descriptor<'_>,
        row: &Row,
        stat: &FileStat,
        info: Option<&FdInfo>,
    ) -> Option<End> {
        /// Devices of pseudo terminals: the master's, and the majors of slaves.
        const MASTER: (u32, u32) = (5, 2);
        const SLAVES: std::ops::RangeInclusive<u32> = 136..=143;
        match row.kind {
            Kind::Fifo => Some(End::Pipe(low32(stat.inode.0))),
            Kind::AnonymousInode => info.and_then(|info| info.eventfd).map(End::Eventfd),
            Kind::Character => {
                let number = (stat.raw_device.major(), stat.raw_device.minor());
                if number == MASTER {
                    let info = FdInfo::parse(descriptor.info(WHOLE));
                    info.tty_index.map(End::Master)
                } else {
                    SLAVES.contains(&number.0).then_some(End::Slave(number.1))
                }
            }
            _ => self.queue_end(stat),
        }
    }
}

/// The one device that all files of a kind are on: that of the first with the inode that its link
/// said. By then the number may be another file's.
pub(super) fn device_of(
    known: &OnceLock<DeviceId>,
    descriptor: &Descriptor<'_>,
    inode: u64,
) -> Option<DeviceId> {
    if let Some(device) = known.get() {
        return Some(*device);
    }
    let stat = descriptor.stat().ok()?;
    (stat.inode.0 == inode).then(|| *known.get_or_init(|| stat.device))
}

/// The stored name by the link text, and fdinfo where that had to be read for it.
fn base_name<'t>(
    descriptor: &mut Descriptor<'_>,
    parsed: Link<'t>,
    kind: Kind,
) -> (Cow<'t, [u8]>, Option<FdInfo>) {
    match parsed {
        Link::Anonymous(rest) if matches!(kind, Kind::AnonymousInode | Kind::Unknown) => {
            let special = Anonymous::of(rest);
            if special == Anonymous::Plain {
                return (Cow::Borrowed(rest), None);
            }
            let text = descriptor.info(WHOLE);
            let mut name = Vec::new();
            special.name(rest, text, &mut name);
            (Cow::Owned(name), Some(FdInfo::parse(text)))
        }
        // Some kernels make pidfds regular files.
        Link::Other { name: b"pidfd", .. } if kind == Kind::Regular => {
            let info = FdInfo::parse(descriptor.info(WHOLE));
            let mut name = Vec::new();
            match info.pid {
                Some(pid) => numbered(b"[pidfd:", pid, &mut name),
                None => name.extend_from_slice(b"pidfd"),
            }
            (Cow::Owned(name), Some(info))
        }
        _ => (Cow::Borrowed(parsed.name()), None),
    }
}

/// The original compares no more of an inode number.
fn low32(inode: u64) -> u32 {
    u32::try_from(inode & 0xffff_ffff).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_letter_follows_from_the_open_flags() {
        assert_eq!(access_by_flags(0o100_000), b'r');
        assert_eq!(access_by_flags(0o2_001), b'w');
        assert_eq!(access_by_flags(0o2), b'u');
        assert_eq!(access_by_flags(0o3), b'u');
        assert_eq!(access_by_flags(O_PATH), b'u');
    }
}
