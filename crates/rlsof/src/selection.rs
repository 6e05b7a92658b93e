//! Which processes and files are printed, and which of the things asked for were found.
//!
//! Everything is asked through a shared reference: what was found is marked on the way, and a
//! mark is only ever set.

pub(crate) mod commands;
pub(crate) mod contexts;
pub(crate) mod names;
pub(crate) mod networks;
pub(crate) mod numbers;
pub(crate) mod slots;
pub(crate) mod states;
pub(crate) mod users;

use std::sync::atomic::{AtomicBool, Ordering};

use sockcore::id::{DeviceId, Pid, Uid};

use crate::row::Slot;
use crate::sockets::Inet;
use commands::Commands;
use contexts::Contexts;
use names::Names;
use networks::Networks;
use numbers::Numbers;
use slots::Slots;
use states::States;
use users::Users;

/// A set of selectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(u16);

impl Bits {
    pub(crate) const NONE: Self = Self(0);
    /// `-c`
    pub(crate) const COMMAND: Self = Self(1);
    /// `-p`
    pub(crate) const PID: Self = Self(1 << 1);
    /// `-g`
    pub(crate) const GROUP: Self = Self(1 << 2);
    /// `-u`
    pub(crate) const USER: Self = Self(1 << 3);
    /// `-K`
    pub(crate) const TASK: Self = Self(1 << 4);
    /// `-Z`
    pub(crate) const CONTEXT: Self = Self(1 << 5);
    /// `-d`
    pub(crate) const SLOT: Self = Self(1 << 6);
    /// `+L`
    pub(crate) const LINKS: Self = Self(1 << 7);
    /// `-N`
    pub(crate) const NFS: Self = Self(1 << 8);
    /// Names, `+d`, `+D`.
    pub(crate) const NAME: Self = Self(1 << 9);
    /// `-i` without protocol, address and port.
    pub(crate) const NET: Self = Self(1 << 10);
    /// `-i` with any of them.
    pub(crate) const ADDRESS: Self = Self(1 << 11);
    /// `-U`
    pub(crate) const UNIX: Self = Self(1 << 12);
    /// No selector, but what [`Selection::inet`] vetoes: `-s`.
    pub(crate) const STATE: Self = Self(1 << 13);
    /// No selector: a process that is shut out, but whose files may be asked for (see
    /// [`Selection::leaky`]).
    const SHUT_OUT: Self = Self(1 << 14);

    /// What is said of processes.
    pub(crate) const PROCESS: Self = Self(0x3f);
    /// What is said of files other than sockets.
    pub(crate) const FILE: Self = Self(0x3c0);
    /// What is said of sockets.
    pub(crate) const NETWORK: Self = Self(0x1c00);

    /// What only `stat` tells of a file that is no socket.
    pub(crate) const BY_STAT: Self = Self(Self::LINKS.0 | Self::NFS.0 | Self::NAME.0);
    /// What only the tables tell of a socket.
    pub(crate) const BY_TABLE: Self = Self(Self::NETWORK.0 | Self::STATE.0 | Self::NAME.0);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn is_single(self) -> bool {
        self.0.is_power_of_two()
    }
}

/// Whether a thing asked for was found.
#[derive(Debug, Default)]
pub(crate) struct Mark(AtomicBool);

impl Mark {
    /// Sets it; whether it was not set before.
    pub(crate) fn set(&self) -> bool {
        !self.is_set() && !self.0.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A process or task as the gate sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'s> {
    pub(crate) pid: Pid,
    pub(crate) is_task: bool,
    /// Process group.
    pub(crate) group: i32,
    /// Owner of the directory in `/proc`.
    pub(crate) uid: Uid,
    /// The process's command, of a task too.
    pub(crate) command: &'s [u8],
    /// SELinux context, where contexts select.
    pub(crate) context: &'s [u8],
}

/// What a name argument says about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameMatch<'s> {
    /// It is not asked for.
    None,
    /// It is the file of this argument, whose text becomes the base name.
    File(&'s [u8]),
    /// It is on a file system that was named.
    FileSystem,
}

/// All criteria.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// `-a`
    pub(crate) all: bool,
    /// `-K`; `Some(false)`: `-K i`.
    pub(crate) tasks: Option<bool>,
    pub(crate) commands: Commands,
    pub(crate) pids: Numbers,
    pub(crate) groups: Numbers,
    pub(crate) users: Users,
    pub(crate) contexts: Contexts,
    pub(crate) slots: Slots,
    /// `+L` with digits: rows with fewer links.
    pub(crate) links: Option<u64>,
    /// `-N`
    pub(crate) nfs: Option<Mark>,
    pub(crate) names: Names,
    pub(crate) networks: Networks,
    /// `-U`
    pub(crate) unix: bool,
    pub(crate) states: States,
    /// `-E`, `+E`: exclusions of processes let files through that are asked for otherwise, and
    /// those of commands everything, as the original has it.
    pub(crate) leaky: bool,
    /// `-K` found a task with any file; set by gathering.
    pub(crate) task_mark: Mark,
    active: Bits,
}

impl Selection {
    /// To be called when all criteria are in.
    pub(crate) fn close(&mut self) {
        self.states.close();
        let mut active = Bits::NONE;
        let selectors = [
            (Bits::COMMAND, self.commands.selects()),
            (Bits::PID, self.pids.selects()),
            (Bits::GROUP, self.groups.selects()),
            (Bits::USER, self.users.selects()),
            (Bits::TASK, self.tasks == Some(true)),
            (Bits::CONTEXT, self.contexts.selects()),
            (Bits::SLOT, self.slots.selects()),
            (Bits::LINKS, self.links.is_some()),
            (Bits::NFS, self.nfs.is_some()),
            (Bits::NAME, self.names.selects()),
            (Bits::NET, self.networks.selects_any()),
            (Bits::ADDRESS, self.networks.selects_addresses()),
            (Bits::UNIX, self.unix),
        ];
        for (bit, selects) in selectors {
            if selects {
                active = active.or(bit);
            }
        }
        self.active = active;
    }

    /// The selectors in force.
    pub(crate) fn active(&self) -> Bits {
        self.active
    }

    /// Whether tasks are listed.
    pub(crate) fn lists_tasks(&self) -> bool {
        self.tasks.unwrap_or(self.active.is_empty())
    }

    /// The only processes that can matter, ascending, where the criteria tell.
    pub(crate) fn only_pids(&self) -> Option<Vec<Pid>> {
        // Groups, users and contexts count as found for processes that a list of numbers shuts
        // out.
        let elsewhere = Bits::GROUP.or(Bits::USER).or(Bits::CONTEXT);
        let by_pid = self.active == Bits::PID
            || (self.all && self.active.any(Bits::PID) && !self.active.any(elsewhere));
        by_pid.then(|| self.pids.included())
    }

    /// The process's own bits, or `None` when it is out, whatever its files are.
    pub(crate) fn gate(&self, subject: &Subject<'_>) -> Option<Bits> {
        let group = subject.group;
        let pid = subject.pid.0.cast_signed();
        if self.users.excludes(subject.uid)
            || self.groups.excludes(group)
            || self.pids.excludes(pid)
        {
            return self.leaky.then_some(Bits::SHUT_OUT);
        }
        let mut bits = Bits::NONE;
        if self.groups.find(group) {
            bits = bits.or(Bits::GROUP);
        }
        if self.pids.find(pid) {
            bits = bits.or(Bits::PID);
        }
        if self.users.find(subject.uid) {
            bits = bits.or(Bits::USER);
        }
        if subject.is_task && self.tasks == Some(true) {
            bits = bits.or(Bits::TASK);
        }
        if self.contexts.find(subject.context) {
            bits = bits.or(Bits::CONTEXT);
        }
        let early = Bits::PROCESS.without(Bits::COMMAND);
        if self.is_out(bits, early) {
            return None;
        }
        if self.commands.excludes(subject.command) && !self.leaky {
            return None;
        }
        if self.commands.find(subject.command) {
            bits = bits.or(Bits::COMMAND);
        }
        (!self.is_out(bits, Bits::PROCESS)).then_some(bits)
    }

    /// Whether a process with these bits cannot be listed, judged by the selectors `by`.
    fn is_out(&self, bits: Bits, by: Bits) -> bool {
        let active = self.active.and(by);
        if self.all {
            !active.without(bits).is_empty()
        } else {
            // Where there are several selectors, or one of files, its files may still be let in.
            // States count as found where the tasks of a process are all that is asked for.
            let is_looked_at = active == Bits::TASK && self.states.filters();
            self.active == active && active.is_single() && !bits.any(active) && !is_looked_at
        }
    }

    /// Whether of a process with these bits only sockets are looked at.
    pub(crate) fn sockets_only(&self, process: Bits, with_endpoints: bool) -> bool {
        let active = self.active;
        if !active.any(Bits::NETWORK) {
            return false;
        }
        if self.all || active.without(Bits::NETWORK).is_empty() {
            return true;
        }
        !active.any(Bits::FILE) && (with_endpoints || process.is_empty())
    }

    /// Whether a row is printed whose bits (its own and those of its process) are `known`, while
    /// `open` could still turn out either way. `None`: that matters, for the row or for what is
    /// marked as found on the way.
    pub(crate) fn verdict(&self, known: Bits, open: Bits) -> Option<bool> {
        if open.any(Bits::STATE) && self.states.filters() {
            return None;
        }
        let open = open.and(self.active).without(known);
        if self.has_unmarked(open) {
            return None;
        }
        let shut_out = known.any(Bits::SHUT_OUT);
        let (known, missing) = (known.and(self.active), self.active.without(known));
        if shut_out && self.active.is_empty() {
            return Some(false);
        }
        if self.all || missing.is_empty() {
            match missing {
                Bits::NONE => Some(true),
                _ if !missing.without(open).is_empty() => Some(false),
                _ => None,
            }
        } else {
            match () {
                () if !known.is_empty() => Some(true),
                () if open.is_empty() => Some(false),
                () => None,
            }
        }
    }

    fn has_unmarked(&self, open: Bits) -> bool {
        (open.any(Bits::NAME) && self.names.has_unmarked())
            || (open.any(Bits::NFS) && self.nfs.as_ref().is_some_and(|mark| !mark.is_set()))
            || (open.any(Bits::NETWORK) && self.networks.has_unmarked())
    }

    /// The bits of a row's slot.
    pub(crate) fn slot(&self, slot: Slot) -> Bits {
        if self.slots.matches(slot) {
            Bits::SLOT
        } else {
            Bits::NONE
        }
    }

    /// The bits of a link count.
    pub(crate) fn links(&self, links: u64) -> Bits {
        match self.links {
            Some(limit) if links < limit => Bits::LINKS,
            _ => Bits::NONE,
        }
    }

    /// The bits of a file on NFS.
    pub(crate) fn nfs(&self) -> Bits {
        match &self.nfs {
            Some(mark) => {
                mark.set();
                Bits::NFS
            }
            None => Bits::NONE,
        }
    }

    /// Whether a file with this device and inode is asked for by name. `server`: the NFS mount that
    /// it is on.
    pub(crate) fn file(
        &self,
        device: DeviceId,
        inode: u64,
        server: Option<usize>,
    ) -> NameMatch<'_> {
        self.names.find(device, inode, server)
    }

    /// Whether a unix socket is asked for by name: by the device and inode that its bound path
    /// leads to now, else by that path as text.
    pub(crate) fn unix_name(&self, path: &[u8], file: Option<(DeviceId, u64)>) -> bool {
        self.names.find_unix(path, file)
    }

    /// The bits of any unix socket.
    pub(crate) fn unix(&self) -> Bits {
        if self.unix { Bits::UNIX } else { Bits::NONE }
    }

    /// The bits of a TCP, UDP or UDP-Lite socket; `None` when its state is filtered out: then it
    /// is never printed.
    pub(crate) fn inet(&self, inet: &Inet) -> Option<Bits> {
        if !self.states.admits(inet) {
            return None;
        }
        Some(self.networks.find(inet))
    }

    /// Whether a TCP, UDP or UDP-Lite socket may be printed for what it is, or counts as found
    /// without being printed; marks nothing.
    pub(crate) fn may_select(&self, inet: &Inet) -> bool {
        self.states.lets(inet) && (self.networks.fits(inet) || self.states.is_unmarked(inet))
    }

    /// Whether there are names, so that paths of unix sockets and devices and inodes of files
    /// matter.
    pub(crate) fn has_names(&self) -> bool {
        self.active.any(Bits::NAME)
    }
}
