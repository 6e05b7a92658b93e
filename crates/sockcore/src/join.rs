//! Who holds which socket: inode → owners, built by one streaming walk.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::id::{Fd, Inode, Pid, Tid};
use crate::procfs::ProcRoot;
use crate::procfs::process::ProcessDir;
use crate::procfs::scan::{ScanReport, visit_sockets};

const NONE: u32 = u32::MAX;

/// One process or task that holds at least one wanted socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub pid: Pid,
    /// The task, for one that is not the leader.
    pub tid: Option<Tid>,
    /// What the caller's `describe` made of it.
    pub label: Vec<u8>,
}

/// One descriptor of a socket.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'i> {
    /// Whose it is.
    pub holder: &'i Holder,
    /// Its number there.
    pub fd: Fd,
}

/// The inodes that somebody may ask for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Every socket of the machine.
    All,
    /// Only these.
    Only(&'a FxHashSet<u64>),
}

/// Maps a socket's inode to its owners.
#[derive(Debug, Default)]
pub struct OwnerIndex {
    heads: FxHashMap<u64, (u32, u32)>,
    links: Vec<Link>,
    holders: Vec<Holder>,
    report: ScanReport,
}

#[derive(Debug)]
struct Link {
    holder: u32,
    fd: u32,
    next: u32,
}

impl OwnerIndex {
    /// Walks all processes once. `describe` is called once for each process or task with a
    /// wanted socket and gives its label; `None` leaves that process out.
    pub fn scan(
        root: &ProcRoot,
        threads: bool,
        wanted: Wanted<'_>,
        describe: &dyn Fn(&ProcessDir) -> Option<Vec<u8>>,
    ) -> Self {
        let mut index = Self::default();
        let mut current: Option<(Pid, Option<Tid>, Option<u32>)> = None;
        index.report = visit_sockets(root, threads, &mut |process, fd, inode| {
            if let Wanted::Only(set) = wanted {
                if !set.contains(&inode.0) {
                    return;
                }
            }
            let known =
                current.filter(|&(pid, tid, _)| (pid, tid) == (process.pid(), process.tid()));
            let holder = match known {
                Some((_, _, holder)) => holder,
                None => {
                    let holder = describe(process).map(|label| index.add_holder(process, label));
                    current = Some((process.pid(), process.tid(), holder));
                    holder
                }
            };
            if let Some(holder) = holder {
                index.add(inode, holder, fd);
            }
        });
        index
    }

    fn add_holder(&mut self, process: &ProcessDir, label: Vec<u8>) -> u32 {
        let number = u32::try_from(self.holders.len()).unwrap_or(NONE);
        self.holders.push(Holder {
            pid: process.pid(),
            tid: process.tid(),
            label,
        });
        number
    }

    fn add(&mut self, inode: Inode, holder: u32, fd: Fd) {
        let number = u32::try_from(self.links.len()).unwrap_or(NONE);
        if number == NONE {
            return;
        }
        self.links.push(Link {
            holder,
            fd: fd.0,
            next: NONE,
        });
        match self.heads.entry(inode.0) {
            Entry::Vacant(vacant) => {
                vacant.insert((number, number));
            }
            Entry::Occupied(mut occupied) => {
                let (_, tail) = occupied.get_mut();
                if let Some(last) = self.links.get_mut(*tail as usize) {
                    last.next = number;
                }
                *tail = number;
            }
        }
    }

    /// The owners of a socket in the order in which the walk met them.
    pub fn owners(&self, inode: Inode) -> impl Iterator<Item = Owner<'_>> {
        // Inode 0 is no socket: TIME_WAIT and not yet accepted connections carry it.
        let mut next = match self.heads.get(&inode.0) {
            Some(&(head, _)) if inode.0 != 0 => head,
            _ => NONE,
        };
        std::iter::from_fn(move || {
            let link = self.links.get(next as usize)?;
            next = link.next;
            let holder = self.holders.get(link.holder as usize)?;
            Some(Owner {
                holder,
                fd: Fd(link.fd),
            })
        })
    }

    /// What the walk met besides.
    #[must_use]
    pub fn report(&self) -> ScanReport {
        self.report
    }
}
