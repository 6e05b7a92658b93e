//! The table of TCP connections, walked by a program of ours inside the kernel.
//!
//! It tells addresses, ports, state, queues, owner, inode and device of every connection of the
//! caller's network namespace – no listener, no timer, no attribute – in the order of a
//! sock_diag dump, several times cheaper.

use std::ops::ControlFlow;
use std::os::fd::{AsFd as _, OwnedFd};

use super::bound;
use super::btf::{Wanted, look_up};
use super::program::{
    BoundNumbers, LICENCE, TcpNumbers, tcp_context as context, tcp_record as record, tcp_walk,
};
use crate::addr::{Address, Endpoint, InetFamily};
use crate::error::Errno;
use crate::id::{Cookie, IfIndex, Inode, Uid};
use crate::socket::bytes::{be16_at, block16_at, u8_at, u16_at, u32_at, u64_at};
use crate::socket::{
    InetAttributes, InetProtocol, InetSocket, SocketState, StateSet, Timer, TimerKind,
};
use crate::sys::bpf::{ProgramKind, create_mappable_value, load_program, run_program};
use crate::sys::map::SharedBuffer;

/// `BPF_PROG_TYPE_SYSCALL`, `BPF_F_SLEEPABLE`.
pub(super) const PROGRAM: ProgramKind = ProgramKind {
    program: 31,
    flags: 1 << 4,
    attach: 0,
    btf_id: 0,
};
/// Bytes of records per run: few, as they count as memory of this process, and a run costs little.
const CAPACITY: u32 = 1 << 16;
/// Buckets per run: the walk holds the RCU read lock.
const BUCKETS: u64 = 8192;
/// Steps (a bucket or an entry each) per run.
const STEPS: i32 = 64 * 1024;
/// Runs in a row without progress before the walk is given up.
const PATIENCE: u32 = 64;

const AF_INET6: u16 = 10;

const FUNCTIONS: &[&str] = &[
    "bpf_iter_num_new",
    "bpf_iter_num_next",
    "bpf_iter_num_destroy",
    "bpf_rcu_read_lock",
    "bpf_rcu_read_unlock",
    "bpf_rdonly_cast",
];
const STRUCTURES: [&str; 3] = ["inet_ehash_bucket", "tcp_sock", "inet_timewait_sock"];
const MEMBERS: [(&str, &str); 25] = [
    ("task_struct", "nsproxy"),
    ("nsproxy", "net_ns"),
    ("net", "ipv4.tcp_death_row.hashinfo"),
    ("inet_hashinfo", "ehash"),
    ("inet_hashinfo", "ehash_mask"),
    ("inet_ehash_bucket", "chain.first"),
    ("sock_common", "skc_nulls_node"),
    ("sock_common", "skc_net.net"),
    ("sock_common", "skc_state"),
    ("sock_common", "skc_refcnt"),
    ("sock_common", "skc_daddr"),
    ("sock_common", "skc_rcv_saddr"),
    ("sock_common", "skc_dport"),
    ("sock_common", "skc_num"),
    ("sock_common", "skc_family"),
    ("sock_common", "skc_bound_dev_if"),
    ("sock_common", "skc_v6_daddr"),
    ("sock_common", "skc_v6_rcv_saddr"),
    ("inet_timewait_sock", "tw_substate"),
    ("sock", "sk_uid"),
    ("sock", "sk_ino"),
    ("tcp_sock", "rcv_nxt"),
    ("tcp_sock", "copied_seq"),
    ("tcp_sock", "write_seq"),
    ("tcp_sock", "snd_una"),
];

/// A loaded walk.
pub(crate) struct TcpWalk {
    program: OwnedFd,
    buffer: SharedBuffer,
    context: [u64; context::WORDS],
    numbers: TcpNumbers,
    bound: Option<BoundNumbers>,
    _map: OwnedFd,
}

impl TcpWalk {
    /// Loads the program; `None` when the kernel cannot or will not.
    pub(crate) fn open() -> Option<Self> {
        let structures = [&STRUCTURES, bound::STRUCTURES].concat();
        let members = [&MEMBERS, bound::MEMBERS].concat();
        // A kernel may lack what only the look for bound sockets needs.
        let found = look_up(&Wanted {
            functions: FUNCTIONS,
            structures: &structures,
            members: &members,
        })
        .or_else(|| {
            look_up(&Wanted {
                functions: FUNCTIONS,
                structures: &STRUCTURES,
                members: &MEMBERS,
            })
        })?;
        let &[num_new, num_next, num_destroy, rcu_lock, rcu_unlock, cast] =
            found.functions.as_slice()
        else {
            return None;
        };
        let (own, others) = found.structures.split_at_checked(STRUCTURES.len())?;
        let &[bucket_type, socket_type, time_wait_type] = own else {
            return None;
        };
        let (own, of_bound) = found.members.split_at_checked(MEMBERS.len())?;
        let &[
            nsproxy,
            net_ns,
            hashinfo,
            ehash,
            ehash_mask,
            chain,
            nulls_node,
            skc_net,
            skc_state,
            skc_refcnt,
            skc_daddr,
            skc_rcv_saddr,
            skc_dport,
            skc_num,
            skc_family,
            skc_bound_dev_if,
            skc_v6_daddr,
            skc_v6_rcv_saddr,
            tw_substate,
            sk_uid,
            sk_ino,
            rcv_nxt,
            copied_seq,
            write_seq,
            snd_una,
        ] = own
        else {
            return None;
        };
        let map = create_mappable_value(CAPACITY).ok()?;
        let numbers = TcpNumbers {
            nsproxy,
            net_ns,
            hashinfo,
            ehash,
            ehash_mask,
            chain,
            nulls_node,
            skc_net,
            skc_state,
            skc_refcnt,
            skc_daddr,
            skc_rcv_saddr,
            skc_dport,
            skc_num,
            skc_family,
            skc_bound_dev_if,
            skc_v6_daddr,
            skc_v6_rcv_saddr,
            tw_substate,
            sk_uid,
            sk_ino,
            rcv_nxt,
            copied_seq,
            write_seq,
            snd_una,
            bucket_type,
            socket_type,
            time_wait_type,
            num_new,
            num_next,
            num_destroy,
            rcu_lock,
            rcu_unlock,
            cast,
        };
        let sizes = found.sizes.get(STRUCTURES.len()..).unwrap_or_default();
        let bound = bound::numbers(others, sizes, of_bound);
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(&map);
        let code = tcp_walk(&numbers, descriptor, CAPACITY.cast_signed(), STEPS)?;
        let program = load_program(PROGRAM, &code, LICENCE).ok()?;
        let buffer = SharedBuffer::of_array(&map, CAPACITY as usize).ok()?;
        let mut context = [0; context::WORDS];
        context[context::NODE] = 1;
        Some(Self {
            program,
            buffer,
            context,
            numbers,
            bound,
            _map: map,
        })
    }

    /// Whether the caller's namespace has certainly no socket that is bound, and neither listens
    /// nor is connected: a dump of such sockets passes all others, and mostly finds none.
    pub(crate) fn finds_none_bound(&self) -> bool {
        self.bound
            .is_some_and(|bound| bound::finds_none(&self.numbers, &bound))
    }

    /// Hands the records of one run to `each` and goes on until the table's end.
    ///
    /// # Errors
    /// A run that fails, or a bucket that changes faster than it can be walked; records before it
    /// were handed over.
    pub(crate) fn visit(
        &mut self,
        states: StateSet,
        each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Errno> {
        let mut stuck = 0;
        loop {
            let first = self.context[context::BUCKET];
            self.context[context::POSITION] = 0;
            self.context[context::MARK] = 0;
            let end = first.saturating_add(BUCKETS);
            // The first run learns the table's size; a bucket beyond it is never asked for.
            let known = self.context[context::TABLE] != 0;
            let last = self.context[context::MASK] + 1;
            self.context[context::END] = if known { end.min(last) } else { 0 };
            run_program(self.program.as_fd(), &mut self.context)?;
            if !known {
                if self.context[context::TABLE] == 0 {
                    return Err(Errno::NOENT);
                }
                continue;
            }
            let filled = usize::try_from(self.context[context::POSITION]).unwrap_or(0);
            let records = self.buffer.bytes().get(..filled).unwrap_or_default();
            for entry in records.chunks_exact(record::SIZE) {
                if asked_for(entry, states) && each(entry).is_break() {
                    return Ok(());
                }
            }
            let next = self.context[context::BUCKET];
            if next >= last {
                return Ok(());
            }
            stuck = if next > first { 0 } else { stuck + 1 };
            if stuck > PATIENCE {
                return Err(Errno(libc::EAGAIN));
            }
        }
    }
}

fn asked_for(entry: &[u8], states: StateSet) -> bool {
    let mut state = SocketState(u8_at(entry, record::STATE));
    if state == SocketState::TIME_WAIT {
        state = SocketState(u8_at(entry, record::SUBSTATE));
    }
    states.contains(state)
}

/// What sock_diag would tell of the entry of a record.
pub(crate) fn decode(entry: &[u8]) -> InetSocket<'static> {
    let family = if u16_at(entry, record::FAMILY) == AF_INET6 {
        InetFamily::V6
    } else {
        InetFamily::V4
    };
    let address = |v4: usize, v6: usize| match family {
        InetFamily::V4 => Address::v4(u32_at(entry, v4).to_ne_bytes()),
        InetFamily::V6 => Address::v6(block16_at(entry, v6)),
    };
    let mut socket = InetSocket {
        family,
        protocol: InetProtocol::TCP,
        state: SocketState(u8_at(entry, record::STATE)),
        local: Endpoint {
            address: address(record::RCV_SADDR, record::V6_RCV_SADDR),
            port: u16_at(entry, record::NUM),
        },
        peer: Endpoint {
            address: address(record::DADDR, record::V6_DADDR),
            port: be16_at(entry, record::DPORT),
        },
        interface: IfIndex(u32_at(entry, record::BOUND_DEV_IF)),
        cookie: Cookie(0),
        timer: Timer::default(),
        recv_queue: 0,
        send_queue: 0,
        uid: Uid(0),
        inode: Inode(0),
        attributes: InetAttributes::default(),
        text: None,
    };
    match socket.state {
        SocketState::TIME_WAIT => {
            socket.state = SocketState(u8_at(entry, record::SUBSTATE));
            socket.timer.kind = TimerKind::TIME_WAIT;
        }
        SocketState::NEW_SYN_RECV => {
            socket.state = SocketState::SYN_RECV;
            socket.timer.kind = TimerKind::ON;
        }
        _ => {
            let received =
                u32_at(entry, record::RCV_NXT).wrapping_sub(u32_at(entry, record::COPIED_SEQ));
            // A received FIN may be counted before the data behind it was.
            socket.recv_queue = received.cast_signed().max(0).cast_unsigned();
            socket.send_queue =
                u32_at(entry, record::WRITE_SEQ).wrapping_sub(u32_at(entry, record::SND_UNA));
            socket.uid = Uid(u32_at(entry, record::UID));
            socket.inode = Inode(u64_at(entry, record::INODE) & 0xffff_ffff);
        }
    }
    socket
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procfs::ProcRoot;
    use crate::query::{InetQuery, Via};
    use crate::socket::Socket;
    use crate::source::{Live, SocketSource as _};
    use std::net::{TcpListener, TcpStream};

    #[test]
    #[allow(clippy::print_stdout, reason = "a test says what it skipped")]
    fn the_walk_tells_connections_like_sock_diag() {
        if !super::super::sees_everything() {
            println!("skipped: needs root in the initial pid namespace");
            return;
        }
        let Some(mut walk) = TcpWalk::open() else {
            println!("skipped: the kernel cannot run such a program");
            return;
        };
        let mut held: Vec<(TcpListener, TcpStream)> = Vec::new();
        for number in 0..200 {
            let address = if number % 3 == 0 {
                "[::1]:0"
            } else {
                "127.0.0.1:0"
            };
            let listener = TcpListener::bind(address).expect("a listener");
            let client =
                TcpStream::connect(listener.local_addr().expect("an address")).expect("a client");
            if number % 2 == 0 {
                std::io::Write::write_all(&mut &client, &vec![0; number]).expect("data");
            }
            held.push((listener, client));
        }
        let ports: Vec<u16> = held
            .iter()
            .map(|(listener, _)| listener.local_addr().expect("an address").port())
            .collect();
        let ours = |socket: &InetSocket<'_>| {
            ports.contains(&socket.local.port) || ports.contains(&socket.peer.port)
        };
        let show = |socket: &InetSocket<'_>| {
            format!(
                "{:?} {:?} {:?} {:?} {} {} {} {}",
                socket.state,
                socket.local,
                socket.peer,
                socket.interface,
                socket.recv_queue,
                socket.send_queue,
                socket.uid,
                socket.inode
            )
        };
        let mut records: Vec<Vec<u8>> = Vec::new();
        walk.visit(StateSet::ALL, &mut |entry| {
            records.push(entry.to_vec());
            ControlFlow::Continue(())
        })
        .expect("a whole walk");
        let walked: Vec<InetSocket<'_>> = records
            .iter()
            .map(|entry| decode(entry))
            .filter(ours)
            .collect();
        let by_family = |family| walked.iter().filter(move |socket| socket.family == family);
        let told: Vec<String> = by_family(InetFamily::V4)
            .chain(by_family(InetFamily::V6))
            .map(show)
            .collect();
        let mut dumped = Vec::new();
        let states = StateSet::LISTED.without(StateSet::of(SocketState::LISTEN));
        let query = InetQuery::new(InetFamily::V4, InetProtocol::TCP, states);
        Live::new(ProcRoot::live())
            .visit_both(&query, Via::Netlink, &mut |socket| {
                if let Socket::Inet(socket) = socket {
                    if ours(socket) {
                        dumped.push(show(socket));
                    }
                }
                ControlFlow::Continue(())
            })
            .expect("a whole dump");
        assert_eq!(dumped.len(), 2 * held.len());
        assert_eq!(told, dumped);
    }
}
