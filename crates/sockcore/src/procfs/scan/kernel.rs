//! The walk by the kernel itself.

use std::os::fd::AsFd as _;

use super::{Holding, MANY_FILES, ScanReport, ScanRequest, open_files_of_machine};
use crate::bpf::open_files::OpenFiles;
use crate::bpf::sees_everything;
use crate::bpf::task_file::SocketDescriptors;
use crate::id::{Fd, Pid};
use crate::procfs::process::{ProcessDir, open_root};
use crate::procfs::{KernelWalk, ProcRoot};

/// Whether the kernel's own walk over descriptors is allowed, and faster than reading `/proc`.
fn may_and_pays(root: &ProcRoot) -> bool {
    let pays = match root.kernel_walk() {
        KernelWalk::Never => false,
        KernelWalk::Always => true,
        KernelWalk::Auto => open_files_of_machine(root).is_some_and(|open| open >= MANY_FILES),
    };
    // Numbers of another pid namespace would name other processes.
    pays && std::fs::read_link(root.file("self"))
        .is_ok_and(|own| own.to_str().map(str::parse) == Some(Ok(std::process::id())))
        && sees_everything()
}

/// All open files of the machine by the kernel's own walk. `None`: this way is not open, or does
/// not pay.
#[must_use]
pub fn open_files_by_kernel(root: &ProcRoot) -> Option<OpenFiles> {
    may_and_pays(root).then(OpenFiles::open)?
}

/// Like [`super::scan`], for processes' own tables. `None`: this way is not open, or broke off
/// after some results; the caller forgets those and takes the plain way.
pub(crate) fn scan(
    root: &ProcRoot,
    request: &ScanRequest<'_>,
    each: &mut dyn FnMut(Holding),
) -> Option<ScanReport> {
    if request.tasks || request.wanted.is_nothing() || !may_and_pays(root) {
        return None;
    }
    let directory = open_root(root).ok()?;
    let walk = SocketDescriptors::open()?;
    let mut report = ScanReport::default();
    let mut current = (Pid(0), Vec::new());
    let mut hand_over = |pid: Pid, sockets: Vec<(Fd, u32)>| {
        if sockets.is_empty() {
            return;
        }
        let Ok(process) = ProcessDir::open(directory.as_fd(), pid) else {
            return;
        };
        if let Some(label) = (request.describe)(&process) {
            each(Holding {
                pid,
                tid: None,
                label,
                sockets,
            });
        }
    };
    walk.visit(&mut |pid, fd, inode| {
        if pid != current.0 {
            let (before, sockets) = std::mem::replace(&mut current, (pid, Vec::new()));
            hand_over(before, sockets);
        }
        report.sockets += 1;
        if inode != 0 && request.wanted.contains(inode) {
            current.1.push((fd, inode));
        }
    })
    .ok()?;
    hand_over(current.0, current.1);
    Some(report)
}
