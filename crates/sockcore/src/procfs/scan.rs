//! The walk over every process's descriptors that looks for sockets.

use std::os::fd::AsFd as _;

use super::ProcRoot;
use super::process::{LinkBuffer, ProcessDir, open_root, pids, socket_inode};
use crate::error::Errno;
use crate::id::{Fd, Inode};

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

/// Calls `each` for every socket descriptor of every process, in the root's order, a process's
/// own descriptors first and then, with `threads`, those of its other tasks.
///
/// Tasks are read at `/proc/TID/fd`, which the kernel resolves without listing it. Processes
/// that vanish on the way are left out silently.
pub fn visit_sockets(
    root: &ProcRoot,
    threads: bool,
    each: &mut dyn FnMut(&ProcessDir, Fd, Inode),
) -> ScanReport {
    let mut report = ScanReport::default();
    let Ok(directory) = open_root(root) else {
        report.root_unreadable = true;
        return report;
    };
    let Ok(processes) = pids(directory.as_fd()) else {
        report.root_unreadable = true;
        return report;
    };
    let mut buffer = LinkBuffer::new();
    for pid in processes {
        let Ok(process) = ProcessDir::open(directory.as_fd(), pid) else {
            continue;
        };
        visit_process(&process, &mut buffer, &mut report, each);
        if !threads {
            continue;
        }
        for tid in process.tasks().unwrap_or_default() {
            if tid.0 == pid.0 {
                continue;
            }
            if let Ok(task) = process.open_task(tid) {
                visit_process(&task, &mut buffer, &mut report, each);
            }
        }
    }
    report
}

fn visit_process(
    process: &ProcessDir,
    buffer: &mut LinkBuffer,
    report: &mut ScanReport,
    each: &mut dyn FnMut(&ProcessDir, Fd, Inode),
) {
    let files = match process.files() {
        Ok(files) => files,
        Err(errno) => {
            report.refused += u32::from(errno.is_refused());
            return;
        }
    };
    let walked: Result<(), Errno> = files.for_each(&mut |fd| {
        let Ok(link) = files.link(fd, buffer) else {
            return;
        };
        if let Some(inode) = socket_inode(link) {
            report.sockets += 1;
            each(process, fd, Inode(inode));
        }
    });
    if let Err(errno) = walked {
        report.refused += u32::from(errno.is_refused());
    }
}
