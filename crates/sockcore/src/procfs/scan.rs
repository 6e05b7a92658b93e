//! The walk over every process's descriptors that looks for sockets.
//!
//! Results arrive in the root's order whatever way was taken: one thread, or several that share a
//! queue of processes.

mod kernel;
mod parallel;

pub use kernel::open_files_by_kernel;
pub(crate) use kernel::scan as scan_by_kernel;

pub use crate::bpf::open_files::{OpenFile, OpenFiles};

use std::os::fd::AsFd as _;

use rustc_hash::FxHashSet;
use rustix::fs::{AtFlags, PROC_SUPER_MAGIC, fstatfs, statat};

use super::ProcRoot;
use super::process::{FileDir, LinkBuffer, ProcessDir, open_root, pids, socket_inode};
use crate::error::Errno;
use crate::id::{Fd, Inode, Pid, Tid};

/// Probing 0, 1, 2 … gives up after so many numbers in a row that are not open; in a small table
/// sooner, as listing it is cheap then.
const MISSES: u32 = 256;
const MISSES_OF_SMALL: u32 = 16;
/// Threads, and the kernel's own walk, pay above so many open files on the machine: a thread
/// costs some 50 µs, loading the walk 2 ms, a descriptor read through `/proc` 3 µs.
const MANY_FILES: u64 = 4000;

/// The inodes that somebody may ask for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Every socket of the machine.
    All,
    /// Only these.
    Only(&'a FxHashSet<u32>),
}

impl Wanted<'_> {
    fn contains(&self, inode: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(set) => set.contains(&inode),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Only(set) if set.is_empty())
    }
}

/// What to look for.
pub struct ScanRequest<'a> {
    /// Visit the other tasks of each process as well.
    pub tasks: bool,
    /// Which sockets.
    pub wanted: Wanted<'a>,
    /// Called for a process or task with a wanted socket; gives its label. `None` leaves it out.
    pub describe: &'a (dyn Fn(&ProcessDir) -> Option<Vec<u8>> + Sync),
    /// At most so many threads; 0: as many as the machine has cores, up to 8.
    pub threads: usize,
}

/// The wanted sockets of one process or task. A large table may come in several portions, one
/// after the other.
#[derive(Debug)]
pub struct Holding {
    /// The process.
    pub pid: Pid,
    /// The task, for one that is not the leader.
    pub tid: Option<Tid>,
    /// What `describe` made of it.
    pub label: Vec<u8>,
    /// Descriptor and inode, ascending by descriptor.
    pub sockets: Vec<(Fd, u32)>,
}

/// What a scan met besides sockets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanReport {
    /// The root itself could not be read.
    pub root_unreadable: bool,
    /// Descriptor directories that refused access (`EACCES`, `EPERM`).
    pub refused: u32,
    /// Socket descriptors seen, wanted or not.
    pub sockets: u32,
}

impl ScanReport {
    fn add(&mut self, other: Self) {
        self.root_unreadable |= other.root_unreadable;
        self.refused += other.refused;
        self.sockets += other.sockets;
    }
}

/// Hands over every process with a wanted socket, in the root's order, a process's own
/// descriptors first and then those of its other tasks.
///
/// Processes that vanish on the way are left out silently. When nothing is wanted, nothing is
/// read and the report is empty.
pub fn scan(
    root: &ProcRoot,
    request: &ScanRequest<'_>,
    each: &mut dyn FnMut(Holding),
) -> ScanReport {
    if request.wanted.is_nothing() {
        return ScanReport::default();
    }
    let unreadable = ScanReport {
        root_unreadable: true,
        ..ScanReport::default()
    };
    let Ok(directory) = open_root(root) else {
        return unreadable;
    };
    let Ok(processes) = pids(directory.as_fd()) else {
        return unreadable;
    };
    // Only procfs numbers descriptors so that probing keeps the directory's order.
    let probe = fstatfs(&directory).is_ok_and(|fs| fs.f_type == PROC_SUPER_MAGIC);
    let counts = probe
        && statat(&directory, c"self/fd", AtFlags::empty()).is_ok_and(|stat| stat.st_size > 0);
    let walker = Walker {
        request,
        probe,
        counts,
    };
    let threads = if probe {
        thread_count(root, request.threads)
    } else {
        1
    };
    if threads > 1 {
        return parallel::scan(&walker, directory.as_fd(), &processes, threads, each);
    }
    let mut report = ScanReport::default();
    let mut buffer = LinkBuffer::new();
    for pid in processes {
        walker.process(directory.as_fd(), pid, &mut buffer, &mut report, each);
    }
    report
}

/// Every process with a wanted socket, in the root's order, by whatever way is fastest here: the
/// kernel's own walk, several threads, or one.
#[must_use]
pub fn holdings(root: &ProcRoot, request: &ScanRequest<'_>) -> (Vec<Holding>, ScanReport) {
    let mut all = Vec::new();
    if let Some(report) = kernel::scan(root, request, &mut |holding| all.push(holding)) {
        return (all, report);
    }
    // What a walk that broke off left behind does not count.
    all.clear();
    let report = scan(root, request, &mut |holding| all.push(holding));
    (all, report)
}

/// How many threads pay for looking at every descriptor of the machine: at most `limit`, which is
/// 0 for as many as there are cores, up to 8.
#[must_use]
pub fn thread_count(root: &ProcRoot, limit: usize) -> usize {
    // The number of cores takes several files to find out, so it is asked for last.
    if limit == 1 || open_files_of_machine(root).is_none_or(|open| open < MANY_FILES) {
        return 1;
    }
    let cores = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    if limit == 0 { cores } else { limit.min(cores) }
}

/// The first number of `/proc/sys/fs/file-nr`.
fn open_files_of_machine(root: &ProcRoot) -> Option<u64> {
    super::lines::Fields(&root.read("sys/fs/file-nr").ok()?).decimal()
}

/// How one process is walked, whichever thread does it.
struct Walker<'a> {
    request: &'a ScanRequest<'a>,
    probe: bool,
    /// A directory of descriptors tells how many there are, so that an empty one is known as such.
    counts: bool,
}

impl Walker<'_> {
    /// One process and, if asked for, its other tasks.
    fn process(
        &self,
        root: rustix::fd::BorrowedFd<'_>,
        pid: Pid,
        buffer: &mut LinkBuffer,
        report: &mut ScanReport,
        each: &mut dyn FnMut(Holding),
    ) {
        let Ok(process) = ProcessDir::open(root, pid) else {
            return;
        };
        self.table(&process, buffer, report, each);
        self.tasks(&process, buffer, report, each);
    }

    fn tasks(
        &self,
        process: &ProcessDir,
        buffer: &mut LinkBuffer,
        report: &mut ScanReport,
        each: &mut dyn FnMut(Holding),
    ) {
        if !self.request.tasks {
            return;
        }
        for tid in process.tasks().unwrap_or_default() {
            if tid.0 == process.pid().0 {
                continue;
            }
            if let Ok(task) = process.open_task(tid) {
                self.table(&task, buffer, report, each);
            }
        }
    }

    /// One descriptor table.
    fn table(
        &self,
        process: &ProcessDir,
        buffer: &mut LinkBuffer,
        report: &mut ScanReport,
        each: &mut dyn FnMut(Holding),
    ) {
        let Some(files) = open_files(process, report) else {
            return;
        };
        let mut sockets = Vec::new();
        let mut from = 0;
        if self.probe {
            let open = files.open_count();
            if open == 0 && self.counts {
                return;
            }
            from = self.probe(&files, 0..u32::MAX, open, buffer, report, &mut sockets);
        }
        self.list(&files, from, buffer, report, &mut sockets);
        self.hand_over(process, sockets, each);
    }

    /// Tries the numbers of `range` until `open` were found; returns the number to go on with.
    /// Having found so many is no proof that there are no more: others may have been opened
    /// meanwhile.
    fn probe(
        &self,
        files: &FileDir,
        range: std::ops::Range<u32>,
        open: u32,
        buffer: &mut LinkBuffer,
        report: &mut ScanReport,
        sockets: &mut Vec<(Fd, u32)>,
    ) -> u32 {
        let patience = open.clamp(MISSES_OF_SMALL, MISSES);
        let mut found = 0;
        let mut misses = 0;
        let mut number = range.start;
        while number < range.end && found < open && misses < patience {
            match files.link(Fd(number), buffer) {
                Err(Errno::NOENT) => misses += 1,
                link => {
                    misses = 0;
                    found += 1;
                    self.note(Fd(number), link, report, sockets);
                }
            }
            number += 1;
        }
        number
    }

    /// The descriptors from `from` on that the directory lists.
    fn list(
        &self,
        files: &FileDir,
        from: u32,
        buffer: &mut LinkBuffer,
        report: &mut ScanReport,
        sockets: &mut Vec<(Fd, u32)>,
    ) {
        let walked = files.for_each_from(Fd(from), &mut |fd| {
            self.note(fd, files.link(fd, buffer), report, sockets);
        });
        if let Err(errno) = walked {
            report.refused += u32::from(errno.is_refused());
        }
    }

    fn note(
        &self,
        fd: Fd,
        link: Result<&[u8], Errno>,
        report: &mut ScanReport,
        sockets: &mut Vec<(Fd, u32)>,
    ) {
        // Socket inodes are 32 bits wide in every message that could ask for them.
        let inode = link
            .ok()
            .and_then(socket_inode)
            .and_then(|inode| u32::try_from(inode).ok());
        if let Some(inode) = inode {
            report.sockets += 1;
            if inode != 0 && self.request.wanted.contains(inode) {
                sockets.push((fd, inode));
            }
        }
    }

    fn hand_over(
        &self,
        process: &ProcessDir,
        sockets: Vec<(Fd, u32)>,
        each: &mut dyn FnMut(Holding),
    ) {
        if sockets.is_empty() {
            return;
        }
        if let Some(label) = (self.request.describe)(process) {
            each(Holding {
                pid: process.pid(),
                tid: process.tid(),
                label,
                sockets,
            });
        }
    }
}

fn open_files(process: &ProcessDir, report: &mut ScanReport) -> Option<FileDir> {
    match process.files() {
        Ok(files) => Some(files),
        Err(errno) => {
            report.refused += u32::from(errno.is_refused());
            None
        }
    }
}

/// The inode of a socket as the messages of sock_diag carry it.
#[must_use]
pub fn diag_inode(inode: Inode) -> u32 {
    u32::try_from(inode.0).unwrap_or(0)
}
