//! Where socket records come from: the live kernel, or a recording.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::addr::InetFamily;
use crate::error::{Errno, Error, Operation};
use crate::netlink::destroy::Destroyer;
use crate::netlink::monitor::{Groups, Monitor};
use crate::netlink::{self, Channel};
use crate::procfs::lines::Lines;
use crate::procfs::{ProcRoot, net};
use crate::query::{InetQuery, Query, QueryFamily, Storages, Via};
use crate::socket::{InetProtocol, Socket, StateSet};

mod one_pass;

/// Which way answered a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Netlink.
    Netlink,
    /// A `/proc/net` table.
    Text,
    /// A file of sock_diag messages.
    Recording,
}

/// How complete an answer was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// Which way answered.
    pub origin: Origin,
    /// Under how many of the dumps that were made the table changed; rows may be missing or doubled.
    pub interrupted: u32,
    /// Messages or lines that could not be decoded.
    pub skipped: u32,
}

/// The visitor of a query: `Break` ends the listing.
pub type Visitor<'v> = &'v mut dyn FnMut(&Socket<'_>) -> ControlFlow<()>;

/// A source of sockets.
pub trait SocketSource {
    /// Calls `each` for every socket the query asks for, in the kernel's order. The record is
    /// lent: it borrows from a buffer that is used again for the next one.
    fn visit(&mut self, query: &Query, each: Visitor<'_>) -> Result<Completeness, Error>;

    /// Calls `each` for the IPv4 sockets of a query and then for its IPv6 sockets; the query's
    /// own family counts for nothing. TCP comes in one pass over the kernel's table where that
    /// is possible, which halves the kernel's work.
    fn visit_both(
        &mut self,
        query: &InetQuery,
        via: Via,
        each: Visitor<'_>,
    ) -> Result<Completeness, Error> {
        visit_one_by_one(self, query, via, each)
    }

    /// A way to destroy Internet sockets while they are listed.
    ///
    /// # Errors
    /// The kernel gives no channel, or the source is a recording.
    fn destroyer(&mut self) -> Result<Destroyer, Error> {
        Err(no_kernel())
    }

    /// Listens to the kernel telling of Internet sockets as they are closed.
    ///
    /// # Errors
    /// The kernel gives no channel, or the source is a recording.
    fn monitor(&mut self, _groups: Groups) -> Result<Monitor, Error> {
        Err(no_kernel())
    }

    /// Calls `each` for every datagram of the kernel's answer as received, headers included:
    /// what a recording is made of.
    fn record(&mut self, query: &Query, each: &mut dyn FnMut(&[u8])) -> Result<(), Error>;
}

/// What a source without a kernel behind it answers.
fn no_kernel() -> Error {
    Error::new(Operation::OpenSocket, "a recording", Errno::OPNOTSUPP)
}

/// Two visits, IPv4 and then IPv6.
fn visit_one_by_one<S: SocketSource + ?Sized>(
    source: &mut S,
    query: &InetQuery,
    via: Via,
    each: Visitor<'_>,
) -> Result<Completeness, Error> {
    let stopped = Cell::new(false);
    let mut watched = |socket: &Socket<'_>| {
        let flow = each(socket);
        if flow.is_break() {
            stopped.set(true);
        }
        flow
    };
    let of = |family| Query {
        family: QueryFamily::Inet(InetQuery {
            family,
            ..query.clone()
        }),
        via,
    };
    let first = source.visit(&of(InetFamily::V4), &mut watched)?;
    if stopped.get() {
        return Ok(first);
    }
    let second = source.visit(&of(InetFamily::V6), &mut watched)?;
    Ok(Completeness {
        origin: first.origin,
        interrupted: first.interrupted + second.interrupted,
        skipped: first.skipped + second.skipped,
    })
}

/// The live kernel, with the text tables under `root`.
#[derive(Clone, Debug)]
pub struct Live {
    /// Where the text tables are.
    pub root: ProcRoot,
}

impl Live {
    /// The live kernel and its `/proc`.
    #[must_use]
    pub fn new(root: ProcRoot) -> Self {
        Self { root }
    }
}

impl SocketSource for Live {
    fn visit(&mut self, query: &Query, each: Visitor<'_>) -> Result<Completeness, Error> {
        match query.via {
            Via::Netlink => visit_netlink(&query.family, each),
            Via::Text => visit_text(&self.root, &query.family, each),
            Via::Any => {
                let mut delivered = false;
                let answer = visit_netlink(&query.family, &mut |socket| {
                    delivered = true;
                    each(socket)
                });
                match answer {
                    Err(_) if !delivered => visit_text(&self.root, &query.family, each),
                    answer => answer,
                }
            }
        }
    }

    fn visit_both(
        &mut self,
        query: &InetQuery,
        via: Via,
        each: Visitor<'_>,
    ) -> Result<Completeness, Error> {
        if via == Via::Netlink && query.storages != Storages::None {
            return visit_storages(query, each);
        }
        if via != Via::Text && query.protocol == InetProtocol::TCP {
            match one_pass::visit(&self.root, query, each) {
                one_pass::Outcome::Done(answer) => return Ok(answer),
                one_pass::Outcome::Refused => {}
                one_pass::Outcome::Failed(error) => return Err(error),
            }
        }
        visit_one_by_one(self, query, via, each)
    }

    fn destroyer(&mut self) -> Result<Destroyer, Error> {
        Destroyer::open()
    }

    fn monitor(&mut self, groups: Groups) -> Result<Monitor, Error> {
        Monitor::open(groups)
    }

    fn record(&mut self, query: &Query, each: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        struct Recorder<'r>(&'r mut dyn FnMut(&[u8]));
        impl netlink::channel::DumpVisitor for Recorder<'_> {
            fn datagram(&mut self, bytes: &[u8]) {
                (self.0)(bytes);
            }
            fn message(&mut self, _kind: u16, _body: &[u8]) -> ControlFlow<()> {
                ControlFlow::Continue(())
            }
        }
        let request = netlink::dump_request(&query.family);
        Channel::sock_diag()?.dump(&request, &mut Recorder(each))?;
        Ok(())
    }
}

fn visit_netlink(family: &QueryFamily, each: Visitor<'_>) -> Result<Completeness, Error> {
    let mut channel = match family {
        QueryFamily::Inet(query) if query.storages != Storages::None => {
            Channel::sock_diag_in_steps()?
        }
        _ => Channel::sock_diag()?,
    };
    visit_channel(&mut channel, family, each)
}

/// Two visits, IPv4 and then IPv6, by one channel that reads in steps: where in a datagram a
/// stored value lies is part of what is told of it, because a reader may see whether it is
/// aligned.
fn visit_storages(query: &InetQuery, each: Visitor<'_>) -> Result<Completeness, Error> {
    let mut channel = Channel::sock_diag_in_steps()?;
    let stopped = Cell::new(false);
    let mut watched = |socket: &Socket<'_>| {
        let flow = each(socket);
        stopped.set(flow.is_break());
        flow
    };
    let mut visit = |family| {
        let query = InetQuery {
            family,
            ..query.clone()
        };
        visit_channel(&mut channel, &QueryFamily::Inet(query), &mut watched)
    };
    let mut answer = visit(InetFamily::V4)?;
    if !stopped.get() {
        let second = visit(InetFamily::V6)?;
        answer.interrupted += second.interrupted;
        answer.skipped += second.skipped;
    }
    Ok(answer)
}

fn visit_channel(
    channel: &mut Channel,
    family: &QueryFamily,
    each: Visitor<'_>,
) -> Result<Completeness, Error> {
    let request = netlink::dump_request(family);
    let mut skipped = 0;
    let end = channel.dump(
        &request,
        &mut |_kind: u16, body: &[u8]| match netlink::decode(family, body) {
            Some(socket) => each(&socket),
            None => {
                skipped += 1;
                ControlFlow::Continue(())
            }
        },
    )?;
    Ok(Completeness {
        origin: Origin::Netlink,
        interrupted: end.interrupted.into(),
        skipped,
    })
}

fn visit_text(
    root: &ProcRoot,
    family: &QueryFamily,
    each: Visitor<'_>,
) -> Result<Completeness, Error> {
    let file = match family {
        QueryFamily::Inet(query) => net::inet_file(query.family, query.protocol),
        QueryFamily::Unix(_) => Some("net/unix"),
        QueryFamily::Netlink => Some("net/netlink"),
        QueryFamily::Packet => Some("net/packet"),
        QueryFamily::Vsock(_) | QueryFamily::Tipc(_) | QueryFamily::Xdp => None,
    };
    let missing = || Error::new(Operation::Open, "a text table", Errno::NOENT);
    let file = file.ok_or_else(missing)?;
    let mut lines = Lines::new(root.open(file)?);
    let failed = |error: io::Error| Error::new(Operation::Read, file, &error);
    // The title line.
    lines.next_line().map_err(failed)?;
    let mut skipped = 0;
    while let Some(line) = lines.next_line().map_err(failed)? {
        let socket = match family {
            QueryFamily::Inet(query) => net::inet_line(line, query.protocol).map(Socket::Inet),
            QueryFamily::Unix(_) => net::unix_line(line).map(Socket::Unix),
            QueryFamily::Netlink => net::netlink_line(line).map(Socket::Netlink),
            QueryFamily::Packet => net::packet_line(line).map(Socket::Packet),
            QueryFamily::Vsock(_) | QueryFamily::Tipc(_) | QueryFamily::Xdp => None,
        };
        match socket {
            None => skipped += 1,
            Some(socket) if !asked_for(family, &socket) => {}
            Some(socket) => {
                if each(&socket).is_break() {
                    break;
                }
            }
        }
    }
    Ok(Completeness {
        origin: Origin::Text,
        interrupted: 0,
        skipped,
    })
}

/// The states a text table cannot select by itself.
fn asked_for(family: &QueryFamily, socket: &Socket<'_>) -> bool {
    let states: StateSet = match family {
        QueryFamily::Inet(query) => query.states,
        QueryFamily::Unix(query) => query.states,
        _ => return true,
    };
    match socket {
        Socket::Inet(socket) => states.contains(socket.state),
        Socket::Unix(socket) => states.contains(socket.state),
        _ => true,
    }
}

/// A recording: a `/proc`-shaped directory, and for TCP optionally a file of sock_diag messages
/// as [`SocketSource::record`] hands them out.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The directory.
    pub root: ProcRoot,
    /// The file of messages; `None`: TCP comes from the directory as well.
    pub messages: Option<PathBuf>,
}

impl SocketSource for Recorded {
    fn visit(&mut self, query: &Query, each: Visitor<'_>) -> Result<Completeness, Error> {
        match (&query.family, &self.messages) {
            (QueryFamily::Inet(inet), Some(path)) if inet.protocol.0 == 6 => {
                let open = |error: io::Error| {
                    Error::new(Operation::Open, path.display().to_string(), &error)
                };
                // One recording holds both families; it answers the IPv4 half.
                if inet.family == InetFamily::V6 {
                    return Ok(Completeness {
                        origin: Origin::Recording,
                        interrupted: 0,
                        skipped: 0,
                    });
                }
                visit_messages(File::open(path).map_err(open)?, inet, each)
            }
            (family, _) if query.via == Via::Netlink => {
                let _ = family;
                Err(Error::new(
                    Operation::OpenSocket,
                    "a recording",
                    Errno::OPNOTSUPP,
                ))
            }
            (family, _) => visit_text(&self.root, family, each),
        }
    }

    fn record(&mut self, _query: &Query, _each: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        Err(Error::new(
            Operation::OpenSocket,
            "a recording",
            Errno::OPNOTSUPP,
        ))
    }
}

/// Reads sock_diag messages one by one up to the end of the first dump. States and families are
/// whatever the file holds.
///
/// # Errors
/// `Read` with `ENODATA` when the file ends before the dump does, with `EBADMSG` when it holds an
/// error message too short to be one, with the file's own error when it cannot be read; `Answer`
/// for a recorded error message. Records before it were handed over.
pub fn visit_messages(
    file: impl Read,
    query: &InetQuery,
    each: Visitor<'_>,
) -> Result<Completeness, Error> {
    let mut skipped = 0;
    netlink::recording::read(file, &mut |body| match netlink::inet_diag::decode(
        body,
        query.protocol,
    ) {
        None => {
            skipped += 1;
            ControlFlow::Continue(())
        }
        Some(socket) => each(&Socket::Inet(socket)),
    })?;
    Ok(Completeness {
        origin: Origin::Recording,
        interrupted: 0,
        skipped,
    })
}
