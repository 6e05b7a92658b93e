//! Which rows there are: every process in turn, and of each the files that selection lets
//! through.
//!
//! Nothing is asked of the kernel about a file that no surviving row needs.

mod by_socket;
mod descriptor;
mod file;
mod locks;
mod mapped;
mod parallel;
mod scan;
mod socket;

use std::fs::File;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;

use sockcore::error::Operation;
use sockcore::id::{DeviceId, Pid};
use sockcore::procfs::ProcRoot;
use sockcore::procfs::process::{ProcessDir, open_root, pids};
use sockcore::procfs::scan::{open_files_by_kernel, thread_count};
use sockcore::procfs::sharing::Sharing;
use sockcore::{Errno, SocketSource};

use crate::endpoints::{self, Draft};
use crate::mounts::{Exemption, Mounts};
use crate::plan::{Endpoints, Gathering};
use crate::reach::Reach;
use crate::row::{Process, Slot};
use crate::selection::{Bits, Selection};
use crate::sockets::{Scope, Tables, UnixScope};
use locks::Locks;
use scan::{Buffers, Holder, Scan};
use socket::Lookup;

/// What a listing is made of and for.
#[derive(Clone, Copy)]
pub(crate) struct World<'w> {
    pub(crate) root: &'w ProcRoot,
    /// `None`: not needed, so that no file is on NFS or among message queues.
    pub(crate) mounts: Option<&'w Mounts>,
    pub(crate) reach: &'w Reach,
    pub(crate) gathering: &'w Gathering,
    pub(crate) selection: &'w Selection,
}

/// Why there is no listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The root of `/proc` cannot be listed.
    Processes,
    /// `-E`, `+E`: there is no way to ask the kernel for the peers of unix sockets.
    Peers(Errno),
}

/// Hands over every process and task that has rows to print, in ascending order. `Some`: the peers
/// of unix sockets are missing, because asking for them failed.
pub(crate) fn gather(
    world: World<'_>,
    sockets: &mut dyn SocketSource,
    each: &mut dyn FnMut(Process),
) -> Result<Option<Errno>, Failure> {
    let no_processes = |_| Failure::Processes;
    let setting = Setting::new(world).map_err(no_processes)?;
    let mut tables = Tables::new(scope(&world));
    if by_socket::is_possible(&setting) {
        by_socket::gather(&setting, &mut tables, sockets, each);
        return Ok(None);
    }
    let pids = setting.pids().map_err(no_processes)?;
    let mut drafts = Vec::new();
    let with_endpoints = setting.with_endpoints();
    let mut keep = |draft: Draft| {
        if with_endpoints || setting.avoids {
            drafts.push(draft);
        } else {
            each(draft.process);
        }
    };
    let many = setting.live && pids.len() > 1 && !setting.avoids;
    let walk = if many && looks_at_all_files(&world) {
        open_files_by_kernel(world.root)
    } else {
        None
    };
    // One process is not divided, nor is the kernel's walk.
    let threads = if many && walk.is_none() {
        thread_count(world.root, 0)
    } else {
        1
    };
    if threads > 1 {
        tables.read_all(sockets, world.root);
        parallel::scan(&setting, &tables, &pids, threads, &mut keep);
    } else {
        let lookup = Lookup::Reading {
            tables: &mut tables,
            source: sockets,
            root: world.root,
        };
        let mut scan = Scan::new(&setting, lookup);
        scan.walk = walk;
        let mut buffers = Buffers::new();
        for pid in pids {
            scan.process(pid, &mut buffers, &mut keep);
        }
    }
    let mut unasked = None;
    if with_endpoints {
        let asked = endpoints::complete(&mut drafts, world.gathering, &tables, sockets);
        if let Err(error) = asked {
            if error.operation == Operation::OpenSocket {
                return Err(Failure::Peers(error.errno));
            }
            unasked = Some(error.errno);
        }
    }
    drafts.into_iter().for_each(|draft| each(draft.process));
    Ok(unasked)
}

/// The sockets that any row could be about.
fn scope(world: &World<'_>) -> Scope {
    let mut scope = Scope::all();
    if world.gathering.skip_inet {
        scope.v4 = false;
        scope.v6 = false;
        scope.raw6 = false;
    }
    if !world.gathering.shows.device_text {
        scope.unix = UnixScope::Names;
    }
    let selection = world.selection;
    let by_file = Bits::NAME.or(Bits::LINKS).or(Bits::NFS);
    let files_alone = !selection.active().is_empty()
        && selection.active().without(by_file).is_empty()
        && world.gathering.endpoints == Endpoints::None;
    if files_alone {
        // No socket but a unix one has a name, and none has a link count.
        scope.others = false;
        scope.raw6 = false;
        scope.v4 &= selection.states.asks();
        scope.v6 &= selection.states.asks();
        return scope;
    }
    if !sockets_alone(world) {
        return scope;
    }
    scope.others = false;
    scope.raw6 = false;
    // A name counts as found whatever else the socket is.
    if !selection.active().any(Bits::UNIX.or(Bits::NAME)) {
        scope.unix = UnixScope::None;
    }
    if selection.states.asks() {
        // A state is found whatever else the socket is.
        scope.states = selection.states.tcp_set();
    } else if selection.active().any(Bits::NETWORK.without(Bits::UNIX)) {
        let reach = selection.networks.reach();
        scope.v4 &= reach.v4;
        scope.v6 &= reach.v6;
        scope.transports = reach.transports;
        scope.states = selection.states.tcp_set();
        if world.gathering.endpoints == Endpoints::None {
            scope.ports = reach.ports;
        }
    } else {
        scope.v4 = false;
        scope.v6 = false;
    }
    scope
}

/// Whether nearly every descriptor of the machine has to be looked at.
fn looks_at_all_files(world: &World<'_>) -> bool {
    let active = world.selection.active();
    let by_process = active.any(Bits::PROCESS);
    let by_file = active.any(Bits::FILE.or(Bits::NETWORK));
    let all_processes = !by_process || (by_file && !world.selection.all);
    // Numbers that are selected are few.
    !active.any(Bits::SLOT) && (all_processes || world.gathering.endpoints != Endpoints::None)
}

/// Whether every row there can be is an Internet or unix socket.
fn sockets_alone(world: &World<'_>) -> bool {
    let active = world.selection.active();
    let other = active.without(Bits::NETWORK);
    active.any(Bits::NETWORK) && (world.selection.all || other.is_empty())
}

/// What is the same for every process of a listing.
struct Setting<'w> {
    world: World<'w>,
    directory: File,
    /// The root is a procfs: a link text says what it leads to.
    live: bool,
    /// No file is looked at: `-b`, and there is NFS. What would be is told, of every file that
    /// the original would look at.
    avoids: bool,
    locks: Locks,
    /// The own mount namespace, where it can be told.
    namespace: Option<u64>,
    sharing: Sharing,
    socket_device: OnceLock<DeviceId>,
    pipe_device: OnceLock<DeviceId>,
}

impl<'w> Setting<'w> {
    fn new(world: World<'w>) -> Result<Self, Errno> {
        let directory = File::from(open_root(world.root)?);
        let live = sockcore::procfs::is_procfs(&directory);
        let files_matter = !sockets_alone(&world);
        let locks = if world.gathering.shows.lock && files_matter {
            Locks::read(world.root)
        } else {
            Locks::default()
        };
        let namespace = world
            .root
            .inode_of("self/ns/mnt")
            .ok()
            .map(|inode| inode.0)
            .filter(|_| files_matter);
        Ok(Self {
            world,
            directory,
            live,
            avoids: world.gathering.avoid && world.mounts.is_some_and(Mounts::lists_nfs),
            locks,
            namespace,
            sharing: Sharing::new(world.root),
            socket_device: OnceLock::new(),
            pipe_device: OnceLock::new(),
        })
    }

    /// The processes to look at, ascending.
    fn pids(&self) -> Result<Vec<Pid>, Errno> {
        let directory = self.directory();
        if self.world.gathering.endpoints == Endpoints::None && self.live {
            if let Some(mut only) = self.world.selection.only_pids() {
                // A thread's number leads to a directory too, although none is listed.
                only.retain(|&pid| {
                    ProcessDir::open(directory, pid).is_ok_and(|process| process.is_leader())
                });
                return Ok(only);
            }
        }
        let mut all = pids(directory)?;
        all.sort_unstable();
        Ok(all)
    }

    fn open(&self, pid: Pid) -> Result<ProcessDir, Errno> {
        ProcessDir::open(self.directory(), pid)
    }

    fn directory(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    fn with_endpoints(&self) -> bool {
        self.world.gathering.endpoints != Endpoints::None
    }

    /// Whether files are looked at that cannot be printed.
    fn looks_at_all(&self) -> bool {
        self.with_endpoints() || self.avoids
    }

    /// Whether anything is shown that `stat` tells. The name says where it failed; it and what
    /// the tables tell are others for sockets, also where only `stat` says that it is one.
    fn shows_stat(&self) -> bool {
        let shows = self.world.gathering.shows;
        shows.name
            || shows.kind
            || shows.device
            || shows.device_text
            || shows.info
            || shows.size
            || shows.offset
            || shows.links
            || shows.node
            || shows.lock
    }

    /// The exempt file system that a name is on: of several the one typed last.
    fn exemption(&self, name: &[u8]) -> Option<&'w Exemption> {
        let mut exempt = self.world.gathering.exempt.iter().rev();
        exempt.find(|exempt| name.starts_with(&exempt.directory))
    }

    /// The whole path of something below the directory `name` of a process or task.
    fn path(&self, name: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let mut path = self.world.root.path().as_os_str().as_bytes().to_vec();
        for part in std::iter::once(&name).chain(parts) {
            path.push(b'/');
            path.extend_from_slice(part);
        }
        path
    }

    /// Whether a row is printed of which `own` holds and `open` may hold; `None`: that has to be
    /// found out.
    pub(super) fn verdict(
        &self,
        holder: &Holder<'_>,
        slot: Slot,
        own: Bits,
        open: Bits,
    ) -> Option<bool> {
        let Some(process) = holder.bits else {
            return Some(false);
        };
        let selection = self.world.selection;
        selection.verdict(process.or(selection.slot(slot)).or(own), open)
    }

    /// Whether a row is printed of which everything is known.
    pub(super) fn is_selected(&self, holder: &Holder<'_>, slot: Slot, own: Bits) -> bool {
        self.verdict(holder, slot, own, Bits::NONE) == Some(true)
    }
}
