//! Every socket descriptor of every process in one stream: `iter/task_file`.

use std::os::fd::{AsFd as _, OwnedFd};

use super::btf::{Wanted, look_up};
use super::program::{LICENCE, SOCKET_RECORD, SocketOffsets, sockets};
use crate::error::Errno;
use crate::id::{Fd, Pid};
use crate::sys::bpf::{ProgramKind, link_iterator, load_program, open_iterator};

/// `BPF_PROG_TYPE_TRACING`, `BPF_TRACE_ITER`.
const TRACING: u32 = 26;
const TRACE_ITER: u32 = 28;

/// Loads and links a program over `iter/task_file`: what it writes, to be read.
pub(super) fn run(function: u32, program: &[u64]) -> Result<OwnedFd, Errno> {
    let kind = ProgramKind {
        program: TRACING,
        attach: TRACE_ITER,
        btf_id: function,
        ..ProgramKind::default()
    };
    let program = load_program(kind, program, LICENCE)?;
    let link = link_iterator(program.as_fd(), TRACE_ITER)?;
    open_iterator(link.as_fd())
}

/// A loaded program, ready to run.
pub(crate) struct SocketDescriptors {
    iterator: OwnedFd,
}

impl SocketDescriptors {
    /// Loads and links the program; `None` when the kernel cannot or will not.
    pub(crate) fn open() -> Option<Self> {
        let found = look_up(&Wanted {
            functions: &["bpf_iter_task_file"],
            structures: &[],
            members: &[
                ("task_struct", "tgid"),
                ("task_struct", "pid"),
                ("file", "f_inode"),
                ("inode", "i_mode"),
                ("inode", "i_ino"),
                ("inode", "i_sb"),
                ("super_block", "s_magic"),
            ],
        })?;
        let (&[function], &[tgid, pid, f_inode, i_mode, i_ino, i_sb, s_magic]) =
            (found.functions.as_slice(), found.members.as_slice())
        else {
            return None;
        };
        let program = sockets(SocketOffsets {
            tgid,
            pid,
            f_inode,
            i_mode,
            i_ino,
            i_sb,
            s_magic,
        });
        Some(Self {
            iterator: run(function, &program).ok()?,
        })
    }

    /// Calls `each` for every socket descriptor of a process's own table, by process and then by
    /// descriptor. `Err` when the stream breaks off.
    pub(crate) fn visit(self, each: &mut dyn FnMut(Pid, Fd, u32)) -> Result<(), Errno> {
        // The kernel fills at most 32 KiB per read and ends it at a record.
        let mut buffer = vec![0u8; 32 * 1024];
        loop {
            let count = match rustix::io::read(&self.iterator, &mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                // A million descriptors without one record: read on.
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => continue,
                Err(errno) => return Err(errno.into()),
            };
            let records = buffer
                .get(..count)
                .unwrap_or_default()
                .chunks_exact(SOCKET_RECORD);
            if !records.remainder().is_empty() {
                return Err(Errno(libc::EPROTO));
            }
            for record in records {
                use crate::socket::bytes::{u32_at, u64_at};
                let (tgid, pid) = (u32_at(record, 0), u32_at(record, 4));
                // A thread with a table of its own is not part of the process's directory.
                if tgid != pid {
                    continue;
                }
                if let (Ok(fd), Ok(inode)) = (
                    u32::try_from(u64_at(record, 8)),
                    u32::try_from(u64_at(record, 16)),
                ) {
                    each(Pid(tgid), Fd(fd), inode);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procfs::ProcRoot;
    use crate::procfs::process::{LinkBuffer, ProcessDir, open_root, socket_inode};
    use std::net::UdpSocket;

    #[test]
    #[allow(clippy::print_stdout, reason = "a test says what it skipped")]
    fn the_kernels_walk_tells_this_process_like_its_directory() {
        if !super::super::sees_everything() {
            println!("skipped: needs root in the initial pid namespace");
            return;
        }
        let Some(walk) = SocketDescriptors::open() else {
            println!("skipped: the kernel has no such iterator or forbids it");
            return;
        };
        let held: Vec<UdpSocket> = (0..300)
            .map(|_| UdpSocket::bind("127.0.0.1:0").expect("a socket"))
            .collect();
        let own = Pid(std::process::id());
        let mut theirs = Vec::new();
        walk.visit(&mut |pid, fd, inode| {
            if pid == own {
                theirs.push((fd, inode));
            }
        })
        .expect("a whole stream");
        let root = open_root(&ProcRoot::live()).expect("/proc");
        let process = ProcessDir::open(root.as_fd(), own).expect("this process");
        let files = process.files().expect("its descriptors");
        let mut buffer = LinkBuffer::new();
        let mut plain = Vec::new();
        files
            .for_each(&mut |fd| {
                let inode = files.link(fd, &mut buffer).ok().and_then(socket_inode);
                if let Some(inode) = inode {
                    plain.push((fd, u32::try_from(inode).expect("32 bits")));
                }
            })
            .expect("a directory");
        // Other tests' sockets come and go; those held here stay.
        let kept = |all: &[(Fd, u32)]| -> Vec<(Fd, u32)> {
            use std::os::fd::AsRawFd as _;
            let numbers: Vec<u32> = held
                .iter()
                .map(|socket| socket.as_raw_fd().cast_unsigned())
                .collect();
            all.iter()
                .copied()
                .filter(|(fd, _)| numbers.contains(&fd.0))
                .collect()
        };
        assert_eq!(kept(&theirs).len(), held.len());
        assert_eq!(kept(&theirs), kept(&plain));
    }
}
