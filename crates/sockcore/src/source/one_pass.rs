//! TCP of both families by one walk of the kernel's table.
//!
//! The request type of old kernels (`TCPDIAG_GETSOCK`) does not select by family: IPv4 and IPv6
//! sockets come mixed, as messages identical to those of two separate dumps and, within a family,
//! in the same order. IPv4 is handed over at once, IPv6 is held until the end; when too much
//! would have to be held, it is dropped and asked for by a second dump.
//!
//! Where the process may, and little is asked of each socket, connections come from a walk of the
//! kernel's table by a program of ours instead; listeners, which the kernel tells first, and
//! bound sockets are dumped before.

use std::ops::ControlFlow;

use super::{Completeness, Origin, Visitor};
use crate::addr::InetFamily;
use crate::bpf::sees_everything;
use crate::bpf::tcp_walk::{self, TcpWalk};
use crate::error::{Error, Operation};
use crate::netlink::{self, Channel, inet_diag};
use crate::procfs::lines::Fields;
use crate::procfs::{KernelWalk, ProcRoot};
use crate::query::{InetDetails, InetQuery, PinnedPorts, QueryFamily, Storages};
use crate::socket::{InetSocket, Socket, SocketState, StateSet};

/// The program pays above so many TCP sockets: loading it takes as long as dumping that many.
const MANY_SOCKETS: u64 = 4000;

pub(super) enum Outcome {
    /// Everything was handed over.
    Done(Completeness),
    /// The kernel does not answer this way; nothing was handed over.
    Refused,
    /// It failed after the first record.
    Failed(Error),
}

/// Messages or records that wait for their turn.
struct Held {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    limit: usize,
    overflown: bool,
}

impl Held {
    fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            limit,
            overflown: false,
        }
    }

    fn push(&mut self, body: &[u8]) {
        if self.overflown {
            return;
        }
        self.overflown = self.bytes.len() + body.len() > self.limit;
        if self.overflown {
            self.bytes = Vec::new();
            self.ends = Vec::new();
        } else {
            self.bytes.extend_from_slice(body);
            self.ends
                .push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        }
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let body = self.bytes.get(start..end as usize).unwrap_or_default();
            start = end as usize;
            body
        })
    }
}

pub(super) fn visit(root: &ProcRoot, query: &InetQuery, each: Visitor<'_>) -> Outcome {
    let Ok(mut channel) = Channel::sock_diag() else {
        return Outcome::Refused;
    };
    let mut walk = walk_for(root, query);
    let walked = StateSet::ALL
        .without(StateSet::of(SocketState::LISTEN))
        .without(StateSet::of(SocketState::BOUND_INACTIVE));
    let mut dumped = query.states;
    if let Some(walk) = &walk {
        dumped = dumped.without(walked);
        let bound = StateSet::of(SocketState::BOUND_INACTIVE);
        if dumped.contains(SocketState::BOUND_INACTIVE) && walk.finds_none_bound() {
            dumped = dumped.without(bound);
        }
    }

    let mut answer = Completeness {
        origin: Origin::Netlink,
        interrupted: 0,
        skipped: 0,
    };
    let mut messages = Held::new(query.hold);
    let mut records = Held::new(query.hold);
    let mut delivered = false;
    let mut stopped = false;
    let mut hand_over = |socket: InetSocket<'_>| {
        delivered = true;
        let flow = each(&Socket::Inet(socket));
        stopped |= flow.is_break();
        flow
    };
    let mut outcome = Ok(());
    if !dumped.is_empty() {
        let family = QueryFamily::Inet(InetQuery {
            legacy: true,
            states: dumped,
            ..query.clone()
        });
        let dump = channel.dump(
            &netlink::dump_request(&family),
            &mut |_kind: u16, body: &[u8]| {
                let Some(socket) = inet_diag::decode(body, query.protocol) else {
                    answer.skipped += 1;
                    return ControlFlow::Continue(());
                };
                if socket.family == InetFamily::V4 {
                    return hand_over(socket);
                }
                messages.push(body);
                ControlFlow::Continue(())
            },
        );
        outcome = dump.map(|end| answer.interrupted = end.interrupted.into());
    }
    if let (Ok(()), Some(walk)) = (&outcome, &mut walk) {
        let whole = walk.visit(query.states, &mut |entry| {
            let socket = tcp_walk::decode(entry);
            if socket.family == InetFamily::V4 {
                return hand_over(socket);
            }
            records.push(entry);
            ControlFlow::Continue(())
        });
        outcome = whole.map_err(|errno| Error::new(Operation::Read, "the connection table", errno));
    }
    match outcome {
        Ok(()) => {}
        Err(error) if delivered => return Outcome::Failed(error),
        Err(_) => return Outcome::Refused,
    }
    if stopped {
        return Outcome::Done(answer);
    }
    if messages.overflown || records.overflown {
        let second = QueryFamily::Inet(InetQuery {
            family: InetFamily::V6,
            ..query.clone()
        });
        return match super::visit_netlink(&second, each) {
            Ok(second) => {
                answer.interrupted += second.interrupted;
                answer.skipped += second.skipped;
                Outcome::Done(answer)
            }
            Err(error) => Outcome::Failed(error),
        };
    }
    for body in messages.iter() {
        if let Some(socket) = inet_diag::decode(body, query.protocol) {
            if each(&Socket::Inet(socket)).is_break() {
                return Outcome::Done(answer);
            }
        }
    }
    for entry in records.iter() {
        if each(&Socket::Inet(tcp_walk::decode(entry))).is_break() {
            break;
        }
    }
    Outcome::Done(answer)
}

/// The kernel-side walk, where it answers the query, is allowed and pays.
fn walk_for(root: &ProcRoot, query: &InetQuery) -> Option<TcpWalk> {
    let plain = query.brief
        && query.details == InetDetails::default()
        && query.bytecode.is_empty()
        && query.ports == PinnedPorts::default()
        && query.storages == Storages::None;
    let listening = StateSet::of(SocketState::LISTEN);
    if !plain || query.states.without(listening).is_empty() {
        return None;
    }
    let pays = match root.kernel_walk() {
        KernelWalk::Never => return None,
        KernelWalk::Always => true,
        KernelWalk::Auto => tcp_sockets(root).is_some_and(|count| count >= MANY_SOCKETS),
    };
    if pays && sees_everything() {
        TcpWalk::open()
    } else {
        None
    }
}

/// `TCP: inuse N orphan N tw N …` of `/proc/net/sockstat`: connections and TIME_WAIT entries.
fn tcp_sockets(root: &ProcRoot) -> Option<u64> {
    let text = root.read("net/sockstat").ok()?;
    let line = text
        .split(|&byte| byte == b'\n')
        .find(|line| line.starts_with(b"TCP:"))?;
    let mut fields = Fields(line.get(4..)?);
    let mut count = 0;
    while let Some(key) = fields.word() {
        let value = fields.decimal()?;
        if matches!(key, b"inuse" | b"tw") {
            count += value;
        }
    }
    Some(count)
}
