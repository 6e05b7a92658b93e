//! Who holds which socket: inode → owners, built by one streaming walk.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

pub use crate::procfs::scan::Wanted;

use crate::id::{Fd, Inode, Pid, Tid};
use crate::procfs::ProcRoot;
use crate::procfs::process::ProcessDir;
use crate::procfs::scan::{Holding, ScanReport, ScanRequest, diag_inode, scan, scan_by_kernel};

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

/// Maps a socket's inode to its owners. Twelve bytes a descriptor and some twenty a socket.
#[derive(Debug, Default)]
pub struct OwnerIndex {
    /// Inode → first and last link of its chain.
    chains: FxHashMap<u32, (u32, u32)>,
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
    /// Walks all processes once. `describe` is called for each process or task with a wanted
    /// socket and gives its label; `None` leaves that process out.
    pub fn scan(
        root: &ProcRoot,
        tasks: bool,
        wanted: Wanted<'_>,
        describe: &(dyn Fn(&ProcessDir) -> Option<Vec<u8>> + Sync),
    ) -> Self {
        let request = ScanRequest {
            tasks,
            wanted,
            describe,
            threads: 0,
        };
        let mut index = Self::default();
        if let Some(report) = scan_by_kernel(root, &request, &mut |holding| index.add(holding)) {
            index.report = report;
            return index;
        }
        let mut index = Self::default();
        index.report = scan(root, &request, &mut |holding| index.add(holding));
        index
    }

    fn add(&mut self, holding: Holding) {
        let Holding {
            pid,
            tid,
            label,
            sockets,
        } = holding;
        // A large table arrives in portions.
        let again = self
            .holders
            .last()
            .is_some_and(|last| last.pid == pid && last.tid == tid);
        if !again {
            self.holders.push(Holder { pid, tid, label });
        }
        let holder = u32::try_from(self.holders.len() - 1).unwrap_or(NONE);
        for (fd, inode) in sockets {
            self.link(inode, holder, fd);
        }
    }

    fn link(&mut self, inode: u32, holder: u32, fd: Fd) {
        let Ok(number) = u32::try_from(self.links.len()) else {
            return;
        };
        if number == NONE {
            return;
        }
        self.links.push(Link {
            holder,
            fd: fd.0,
            next: NONE,
        });
        match self.chains.entry(inode) {
            Entry::Vacant(vacant) => {
                vacant.insert((number, number));
            }
            Entry::Occupied(mut occupied) => {
                let (_, last) = occupied.get_mut();
                if let Some(link) = self.links.get_mut(*last as usize) {
                    link.next = number;
                }
                *last = number;
            }
        }
    }

    /// The owners of a socket in the order in which the walk met them. Inode 0 has none.
    pub fn owners(&self, inode: Inode) -> impl Iterator<Item = Owner<'_>> {
        let mut next = self
            .chains
            .get(&diag_inode(inode))
            .map_or(NONE, |&(first, _)| first);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::os::fd::AsRawFd as _;

    fn own_sockets(threads: usize) -> Vec<(u32, Vec<(Fd, u32)>)> {
        let request = ScanRequest {
            tasks: false,
            wanted: Wanted::All,
            describe: &|_| Some(Vec::new()),
            threads,
        };
        let mut found = Vec::new();
        scan(&ProcRoot::live(), &request, &mut |holding| {
            if holding.pid.0 == std::process::id() {
                found.push((holding.pid.0, holding.sockets));
            }
        });
        found
    }

    #[test]
    fn a_socket_of_this_process_is_found_with_its_number_by_one_thread_and_by_several() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let number = u32::try_from(socket.as_raw_fd()).unwrap();
        let link = std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap();
        let text = link.to_str().unwrap();
        let inode: u32 = text
            .strip_prefix("socket:[")
            .unwrap()
            .strip_suffix(']')
            .unwrap()
            .parse()
            .unwrap();
        for threads in [1, 0] {
            let found = own_sockets(threads);
            let all: Vec<(Fd, u32)> = found.into_iter().flat_map(|(_, sockets)| sockets).collect();
            assert!(all.contains(&(Fd(number), inode)), "{threads} threads");
        }
        let index = OwnerIndex::scan(&ProcRoot::live(), false, Wanted::All, &|_| {
            Some(b"x".into())
        });
        let owner = index.owners(Inode(inode.into())).next().unwrap();
        assert_eq!(owner.holder.label, b"x");
        assert_eq!(index.owners(Inode(0)).count(), 0);
    }

    #[test]
    fn the_kernels_walk_gives_the_owners_of_the_plain_one() {
        use crate::procfs::KernelWalk;
        let held: Vec<UdpSocket> = (0..200)
            .map(|_| UdpSocket::bind("127.0.0.1:0").unwrap())
            .collect();
        let inodes: Vec<Inode> = held
            .iter()
            .map(|socket| Inode(rustix::fs::fstat(socket).unwrap().st_ino))
            .collect();
        let describe = |process: &ProcessDir| Some(process.pid().to_string().into_bytes());
        let owners = |walk: KernelWalk| -> Vec<(Holder, Fd)> {
            let root = ProcRoot::live().with_kernel_walk(walk);
            let index = OwnerIndex::scan(&root, false, Wanted::All, &describe);
            inodes
                .iter()
                .flat_map(|&inode| {
                    index
                        .owners(inode)
                        .map(|owner| (owner.holder.clone(), owner.fd))
                        .collect::<Vec<_>>()
                })
                .collect()
        };
        let plain = owners(KernelWalk::Never);
        assert_eq!(plain.len(), held.len());
        // Without the privilege both go the plain way, and agree all the more.
        assert_eq!(owners(KernelWalk::Always), plain);
    }

    #[test]
    fn several_threads_tell_a_large_and_sparse_table_like_one() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        setrlimit(Resource::Nofile, raised).unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let copies: Vec<_> = (0..9000)
            .map(|number| {
                // Holes of one, of some hundreds, and a far island.
                let at_least = if number == 8999 {
                    15_000
                } else {
                    number + number / 100 * 7
                };
                rustix::io::fcntl_dupfd_cloexec(&socket, at_least).unwrap()
            })
            .collect();
        let one: Vec<_> = own_sockets(1)
            .into_iter()
            .flat_map(|(_, sockets)| sockets)
            .collect();
        let several: Vec<_> = own_sockets(0)
            .into_iter()
            .flat_map(|(_, sockets)| sockets)
            .collect();
        let inode = one
            .iter()
            .find(|(fd, _)| i32::try_from(fd.0) == Ok(socket.as_raw_fd()))
            .map(|&(_, inode)| inode)
            .unwrap();
        // Other tests open and close sockets of their own meanwhile.
        let ours = |all: &[(Fd, u32)]| -> Vec<Fd> {
            all.iter()
                .filter(|(_, other)| *other == inode)
                .map(|&(fd, _)| fd)
                .collect()
        };
        assert_eq!(ours(&one).len(), copies.len() + 1);
        assert_eq!(ours(&one), ours(&several));
        assert!(ours(&one).is_sorted());
    }
}
