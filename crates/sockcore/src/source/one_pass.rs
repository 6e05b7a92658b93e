//! TCP of both families by one walk of the kernel's table.
//!
//! The request type of old kernels (`TCPDIAG_GETSOCK`) does not select by family: IPv4 and IPv6
//! sockets come mixed, as messages identical to those of two separate dumps and, within a family,
//! in the same order. IPv4 is handed over at once, IPv6 is held until the end; when too much
//! would have to be held, it is dropped and asked for by a second dump.

use std::ops::ControlFlow;

use super::{Completeness, Origin, Visitor};
use crate::addr::InetFamily;
use crate::error::Error;
use crate::netlink::{self, Channel, inet_diag};
use crate::query::{InetQuery, QueryFamily};
use crate::socket::Socket;

/// How many bytes of IPv6 messages are held at most.
const HELD: usize = 2 << 20;

pub(super) enum Outcome {
    /// Everything was handed over.
    Done(Completeness),
    /// The kernel does not answer this way; nothing was handed over.
    Refused,
    /// It failed after the first record.
    Failed(Error),
}

pub(super) fn visit(query: &InetQuery, each: Visitor<'_>) -> Outcome {
    let Ok(mut channel) = Channel::sock_diag() else {
        return Outcome::Refused;
    };
    let mut answer = Completeness {
        origin: Origin::Netlink,
        interrupted: false,
        skipped: 0,
    };
    let mut held: Vec<u8> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    let mut overflown = false;
    let mut delivered = false;
    let request = netlink::dump_request(&QueryFamily::Inet(InetQuery {
        legacy: true,
        ..query.clone()
    }));
    let end = channel.dump(&request, &mut |_kind: u16, body: &[u8]| {
        let Some(socket) = inet_diag::decode(body, query.protocol) else {
            answer.skipped += 1;
            return ControlFlow::Continue(());
        };
        if socket.family == InetFamily::V4 {
            delivered = true;
            return each(&Socket::Inet(socket));
        }
        if !overflown {
            overflown = held.len() + body.len() > HELD;
            if overflown {
                held = Vec::new();
                ends = Vec::new();
            } else {
                held.extend_from_slice(body);
                ends.push(u32::try_from(held.len()).unwrap_or(u32::MAX));
            }
        }
        ControlFlow::Continue(())
    });
    let end = match end {
        Ok(end) => end,
        Err(error) if delivered => return Outcome::Failed(error),
        Err(_) => return Outcome::Refused,
    };
    answer.interrupted = end.interrupted;
    if end.stopped {
        return Outcome::Done(answer);
    }
    if overflown {
        let second = QueryFamily::Inet(InetQuery {
            family: InetFamily::V6,
            ..query.clone()
        });
        return match super::visit_netlink(&second, each) {
            Ok(second) => {
                answer.interrupted |= second.interrupted;
                answer.skipped += second.skipped;
                Outcome::Done(answer)
            }
            Err(error) => Outcome::Failed(error),
        };
    }
    let mut start = 0;
    for end in ends {
        let body = held.get(start..end as usize).unwrap_or_default();
        start = end as usize;
        if let Some(socket) = inet_diag::decode(body, query.protocol) {
            if each(&Socket::Inet(socket)).is_break() {
                break;
            }
        }
    }
    Outcome::Done(answer)
}
