//! What `stat` tells about a file, as a row; and the rows `cwd`, `rtd` and `txt`.

use std::ffi::CStr;

use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::id::DeviceId;

use super::Setting;
use super::scan::{Buffers, Holder, Scan};
use crate::endpoints::{Draft, End};
use crate::mounts::Exemption;
use crate::reach::blocking;
use crate::row::{Kind, Node, Row, Slot};
use crate::selection::{Bits, NameMatch};

/// `st_mode`: the type of file.
const TYPE: u32 = 0o170_000;
const SOCKET: u32 = 0o140_000;
const SYMBOLIC_LINK: u32 = 0o120_000;
const REGULAR: u32 = 0o100_000;
const BLOCK: u32 = 0o060_000;
const DIRECTORY: u32 = 0o040_000;
const CHARACTER: u32 = 0o020_000;
pub(super) const FIFO: u32 = 0o010_000;

/// Whether `stat` found a socket.
pub(super) fn is_socket(stat: &FileStat) -> bool {
    stat.mode & TYPE == SOCKET
}

/// What selection says of a file by its `stat`.
#[derive(Clone, Copy, Default)]
pub(super) struct Judged<'s> {
    /// The selectors that it matches.
    pub(super) own: Bits,
    /// The name argument that it is.
    pub(super) argument: Option<&'s [u8]>,
    /// The NFS mount that it is on.
    pub(super) server: Option<&'s [u8]>,
}

impl Scan<'_> {
    /// `cwd`, `rtd`, `txt`, and then the mappings.
    pub(super) fn linked_rows(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        buffers: &mut Buffers,
    ) {
        self.linked_row(holder, draft, buffers, Slot::Cwd, c"cwd");
        self.linked_row(holder, draft, buffers, Slot::Root, c"root");
        let executable = self.linked_row(holder, draft, buffers, Slot::Text, c"exe");
        self.mappings(holder, draft, buffers, executable);
    }

    /// One of them. Returns device and inode of what the link leads to.
    fn linked_row(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        buffers: &mut Buffers,
        slot: Slot,
        name: &CStr,
    ) -> Option<(DeviceId, u64)> {
        let first = self
            .setting
            .verdict(holder, slot, Bits::NONE, Bits::BY_STAT);
        // The mappings leave out the executable, so that has to be known in any case.
        let is_text = slot == Slot::Text;
        if first == Some(false) && !self.setting.looks_at_all() && !is_text {
            return None;
        }
        self.addition.clear();
        let link = match holder.directory.link(name, &mut buffers.link) {
            Ok(link) => link,
            Err(errno) => {
                // A kernel thread has no executable, which is no failure.
                let expected = is_text && errno == Errno::NOENT && holder.uid.0 == 0;
                if !expected {
                    self.say_failure("readlink", errno);
                }
                self.unread_row(holder, draft, slot, name.to_bytes());
                return None;
            }
        };
        if let Some(exemption) = self.setting.exemption(link) {
            self.exempt_row(holder, draft, Row::new(slot, Kind::Exempt), link, exemption);
            return None;
        }
        let stat = self.setting.stat_of_link(holder, name, link);
        self.file_row(holder, draft, slot, link, stat);
        stat.ok().map(|stat| (stat.device, stat.inode.0))
    }

    /// The row of a link that could not be read, if failures are to be told.
    pub(super) fn unread_row(
        &self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        slot: Slot,
        name: &[u8],
    ) {
        if self.setting.world.gathering.warnings
            && self.setting.is_selected(holder, slot, Bits::NONE)
        {
            let mut row = Row::new(slot, Kind::Unknown);
            row.name = draft.store_own_path(&holder.name, &[name]);
            self.push(draft, row, true, None);
        }
    }

    /// The row of a file on an exempt file system.
    pub(super) fn exempt_row(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        mut row: Row,
        name: &[u8],
        exemption: &Exemption,
    ) {
        if !self.setting.is_selected(holder, row.slot, Bits::NONE) {
            return;
        }
        row.name = draft.process.store(|into| into.extend_from_slice(name));
        let device = self
            .setting
            .world
            .mounts
            .and_then(|mounts| mounts.supplemented(&exemption.directory));
        match device {
            _ if row.device().is_some() => {}
            Some(device) => row.set_device(device),
            None => {
                row.device_text = draft
                    .process
                    .store(|into| into.extend_from_slice(b"UNKNOWN"));
            }
        }
        let sign: &[u8] = if exemption.plus { b"(+e " } else { b"(-e " };
        self.addition.extend_from_slice(sign);
        self.addition.extend_from_slice(&exemption.directory);
        self.addition.push(b')');
        self.push(draft, row, true, None);
    }

    /// The row of a file that is no socket, by what `stat` said.
    fn file_row(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        slot: Slot,
        link: &[u8],
        stat: Result<FileStat, Errno>,
    ) {
        match stat {
            Ok(stat) => {
                let judged = self.setting.judge(&stat, link);
                let selected = self.setting.is_selected(holder, slot, judged.own);
                let end = self.setting.queue_end(&stat);
                if selected || end.is_some() {
                    let mut row = Row::new(slot, Kind::Unknown);
                    self.setting.describe(draft, &mut row, &stat, link);
                    self.name(draft, &mut row, link, &judged);
                    self.push(draft, row, selected, end);
                }
            }
            Err(errno) => {
                let own = self.say_stat_failure(errno);
                if self.setting.is_selected(holder, slot, own) {
                    let mut row = Row::new(slot, Kind::Unknown);
                    self.setting.guess_device(&mut row, link, errno);
                    row.name = draft.process.store(|into| into.extend_from_slice(link));
                    self.push(draft, row, true, None);
                }
            }
        }
    }

    /// Says that `stat` failed; returns the selectors that the failure itself matches.
    pub(super) fn say_stat_failure(&mut self, errno: Errno) -> Bits {
        self.say_failure("stat", errno);
        let selection = self.setting.world.selection;
        if errno != Errno::STALE || selection.links.is_none() {
            return Bits::NONE;
        }
        let separator: &[u8] = if self.addition.is_empty() {
            b" "
        } else {
            b"  "
        };
        self.addition.extend_from_slice(separator);
        self.addition.extend_from_slice(b"(STALE)");
        Bits::LINKS
    }

    /// The stored name, and the server behind it.
    pub(super) fn name(
        &mut self,
        draft: &mut Draft,
        row: &mut Row,
        base: &[u8],
        judged: &Judged<'_>,
    ) {
        if !self.setting.world.gathering.shows.name {
            return;
        }
        let name = judged.argument.unwrap_or(base);
        row.name = draft.process.store(|into| into.extend_from_slice(name));
        if let (Some(server), None) = (judged.server, judged.argument) {
            let behind = std::mem::take(&mut self.addition);
            self.addition.push(b'(');
            self.addition.extend_from_slice(server);
            self.addition.push(b')');
            if !behind.is_empty() {
                self.addition.push(b' ');
                self.addition.extend_from_slice(&behind);
            }
        }
    }
}

impl<'w> Setting<'w> {
    /// What selection says of a file; `name` is its path.
    pub(super) fn judge(&self, stat: &FileStat, name: &[u8]) -> Judged<'w> {
        let can_be_nfs = matches!(stat.mode & TYPE, REGULAR | DIRECTORY | SYMBOLIC_LINK);
        let mounts = self.world.mounts.filter(|mounts| mounts.has_nfs());
        let mount = mounts
            .filter(|_| can_be_nfs)
            .and_then(|mounts| Some((mounts, mounts.nfs_of(stat.device, name)?)));
        let server = mount.map(|(_, index)| index);
        let mut judged = self.judge_number(stat.device, stat.inode.0, server);
        let selection = self.world.selection;
        judged.own = judged.own.or(selection.links(stat.links));
        if let Some((mounts, index)) = mount {
            judged.server = mounts.source(index);
            judged.own = judged.own.or(selection.nfs());
        }
        judged
    }

    /// What selection says of a file by device, inode and NFS mount alone.
    pub(super) fn judge_number(
        &self,
        device: DeviceId,
        inode: u64,
        server: Option<usize>,
    ) -> Judged<'w> {
        let mut judged = Judged::default();
        let selection = self.world.selection;
        if selection.has_names() {
            match selection.file(device, inode, server) {
                NameMatch::None => {}
                NameMatch::File(argument) => {
                    judged.own = Bits::NAME;
                    judged.argument = Some(argument);
                }
                NameMatch::FileSystem => judged.own = Bits::NAME,
            }
        }
        judged
    }

    /// The cells that `stat` tells. `link`: the text of the link that led there.
    pub(super) fn describe(&self, draft: &Draft, row: &mut Row, stat: &FileStat, link: &[u8]) {
        row.kind = match stat.mode & TYPE {
            REGULAR if self.is_queue(stat) => Kind::MessageQueue,
            REGULAR => Kind::Regular,
            DIRECTORY => Kind::Directory,
            CHARACTER => Kind::Character,
            BLOCK => Kind::Block,
            FIFO => Kind::Fifo,
            SYMBOLIC_LINK => Kind::SymbolicLink,
            SOCKET => Kind::Socket,
            0 if link.starts_with(b"anon_inode:") => Kind::AnonymousInode,
            bits => Kind::Bits(u8::try_from(bits >> 12).unwrap_or(0)),
        };
        row.set_device(stat.device);
        row.node = Node::Inode(stat.inode.0);
        row.set_links(Some(stat.links));
        match row.kind {
            Kind::Character | Kind::Block => row.set_raw_device(stat.raw_device),
            Kind::Fifo | Kind::Socket => {}
            _ => row.set_size(Some(stat.size)),
        }
        self.lock(draft, row, stat.device, stat.inode.0);
    }

    /// The lock letter.
    pub(super) fn lock(&self, draft: &Draft, row: &mut Row, device: DeviceId, inode: u64) {
        row.lock = self.locks.letter(draft.process.pid, device, inode);
    }

    /// Whether the file is on the file system of message queues.
    fn is_queue(&self, stat: &FileStat) -> bool {
        let world = self.world;
        world
            .mounts
            .is_some_and(|mounts| mounts.message_queues(world.reach) == Some(stat.device))
    }

    /// Message queues are matched with whatever else is open on their file system.
    pub(super) fn queue_end(&self, stat: &FileStat) -> Option<End> {
        (self.with_endpoints() && self.is_queue(stat)).then_some(End::Queue(stat.inode.0))
    }

    /// Where the server refuses `stat` of a file on NFS, the device of the nearest directory that
    /// it lets be seen.
    pub(super) fn guess_device(&self, row: &mut Row, path: &[u8], errno: Errno) {
        let world = self.world;
        if !errno.is_refused() || !world.mounts.is_some_and(crate::mounts::Mounts::has_nfs) {
            return;
        }
        let mut path = path;
        while let Some(slash) = path.iter().rposition(|&byte| byte == b'/') {
            path = path.get(..slash.max(1)).unwrap_or_default();
            let found = std::ffi::CString::new(path).map(|path| world.reach.stat(&path));
            if let Ok(Ok(stat)) = found {
                row.set_device(stat.device);
                return;
            }
            if slash == 0 {
                return;
            }
        }
    }

    /// What comes of a `stat` that is avoided.
    pub(super) fn avoid(&self, path: &[u8]) -> Errno {
        if self.world.gathering.warnings {
            self.world.reach.avoid(path);
        }
        Errno::AGAIN
    }

    /// The same of a link in a process's directory; `link` is its text. In the place of the file
    /// its directory would be looked at.
    pub(super) fn avoid_opened(&self, path: &[u8], link: &[u8]) -> Errno {
        self.avoid(path);
        let slash = link.iter().rposition(|&byte| byte == b'/');
        match slash.and_then(|slash| link.get(..slash)) {
            Some(directory @ [b'/', ..]) => self.avoid(directory),
            _ => Errno::NOENT,
        }
    }

    /// `stat` of a link in the process's directory; `link` is its text.
    fn stat_of_link(
        &self,
        holder: &Holder<'_>,
        name: &CStr,
        link: &[u8],
    ) -> Result<FileStat, Errno> {
        if self.avoids {
            let path = self.path(&holder.name, &[name.to_bytes()]);
            return Err(self.avoid_opened(&path, link));
        }
        match blocking(&holder.space, link) {
            None => holder.directory.stat_of(name).map(FileStat::from),
            Some(mount) => {
                let path = self.path(&holder.name, &[name.to_bytes()]);
                self.world.reach.stat_on(mount, &path)
            }
        }
    }
}
