//! A netlink socket with one request under way: sends it, walks the answers.

use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use netlink_packet_core::{DoneBuffer, ErrorBuffer, NLM_F_DUMP_INTR, NetlinkBuffer};
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType};

use super::request::SEQUENCE;
use crate::error::{Errno, Error, Operation};

const NLMSG_NOOP: u16 = 1;
pub(super) const NLMSG_ERROR: u16 = 2;
pub(super) const NLMSG_DONE: u16 = 3;

/// The kernel makes no dump packet above this, and makes large ones only for a large buffer.
const BUFFER: usize = 32 * 1024;

/// How a dump ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DumpEnd {
    /// `NLM_F_DUMP_INTR` was set: the table changed while it was read, rows may be missing.
    pub interrupted: bool,
    /// The visitor asked to stop before the end.
    pub stopped: bool,
}

/// One netlink socket.
pub(crate) struct Channel {
    socket: OwnedFd,
    protocol: Option<Protocol>,
    port: u32,
    buffer: Vec<u8>,
    name: &'static str,
    /// Each datagram is looked at before it is taken.
    peeks: bool,
}

/// What a dump hands out: each message's type and body, or each datagram whole.
pub(crate) trait DumpVisitor {
    fn datagram(&mut self, _bytes: &[u8]) {}
    fn message(&mut self, kind: u16, body: &[u8]) -> ControlFlow<()>;
}

impl<F: FnMut(u16, &[u8]) -> ControlFlow<()>> DumpVisitor for F {
    fn message(&mut self, kind: u16, body: &[u8]) -> ControlFlow<()> {
        self(kind, body)
    }
}

impl Channel {
    /// A channel to `NETLINK_SOCK_DIAG`.
    pub(crate) fn sock_diag() -> Result<Self, Error> {
        Self::open(Some(rustix::net::netlink::SOCK_DIAG), "sock_diag", 0)
    }

    /// A channel that receives the multicast `groups` (a bit mask).
    pub(crate) fn open(
        protocol: Option<Protocol>,
        name: &'static str,
        groups: u32,
    ) -> Result<Self, Error> {
        let fail = |errno: rustix::io::Errno| Error::new(Operation::OpenSocket, name, errno);
        let socket = rustix::net::socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            protocol,
        )
        .map_err(fail)?;
        rustix::net::bind(&socket, &SocketAddrNetlink::new(0, groups)).map_err(fail)?;
        let own = rustix::net::getsockname(&socket).map_err(fail)?;
        let port = SocketAddrNetlink::try_from(own).map_err(fail)?.pid();
        Ok(Self {
            socket,
            protocol,
            port,
            buffer: Vec::with_capacity(BUFFER),
            name,
            peeks: false,
        })
    }

    /// A channel to `NETLINK_SOCK_DIAG` that makes the kernel go on with a dump at the same steps
    /// as one that first looks how long a datagram is and can hold a megabyte of them. Where the
    /// table changes because of what is read, that decides what is read next.
    pub(crate) fn sock_diag_in_steps() -> Result<Self, Error> {
        let mut channel = Self::sock_diag()?;
        channel.peeks = true;
        channel.make_room()?;
        Ok(channel)
    }

    /// Lets a megabyte of datagrams wait.
    pub(crate) fn make_room(&self) -> Result<(), Error> {
        rustix::net::sockopt::set_socket_recv_buffer_size(&self.socket, 1 << 20)
            .map_err(|errno| Error::new(Operation::OpenSocket, self.name, errno))
    }

    /// Sends a complete message.
    pub(crate) fn send(&self, message: &[u8]) -> Result<(), Error> {
        rustix::net::send(&self.socket, message, SendFlags::empty())
            .map_err(|errno| Error::new(Operation::Send, self.name, errno))?;
        Ok(())
    }

    /// Receives one datagram into the buffer; `Err(length)` when it was longer.
    fn receive(&mut self) -> Result<Result<usize, usize>, Error> {
        while self.peeks {
            let flags = RecvFlags::PEEK | RecvFlags::TRUNC;
            match rustix::net::recv(&self.socket, &mut [0u8; 0][..], flags) {
                Ok((_, whole)) if whole > self.buffer.capacity() => {
                    self.buffer.clear();
                    self.buffer.reserve(whole);
                }
                Ok(_) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(Error::new(Operation::Receive, self.name, errno)),
            }
        }
        loop {
            // Memory that the kernel does not fill is never touched.
            self.buffer.clear();
            let space = rustix::buffer::spare_capacity(&mut self.buffer);
            match rustix::net::recv(&self.socket, space, RecvFlags::TRUNC) {
                Ok((filled, whole)) if filled == whole => return Ok(Ok(filled)),
                Ok((_, whole)) => return Ok(Err(whole)),
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(Error::new(Operation::Receive, self.name, errno)),
            }
        }
    }

    /// Sends a dump request and hands every answer to `visitor` until the end of the dump.
    ///
    /// A datagram longer than the buffer loses its end: the buffer grows and the dump starts
    /// again, leaving out the messages already handed over.
    pub(crate) fn dump(
        &mut self,
        request: &[u8],
        visitor: &mut dyn DumpVisitor,
    ) -> Result<DumpEnd, Error> {
        let mut delivered = 0usize;
        let mut end = DumpEnd::default();
        'dump: loop {
            self.send(request)?;
            let mut to_skip = delivered;
            loop {
                let length = match self.receive()? {
                    Ok(length) => length,
                    Err(whole) => {
                        *self = Self::open(self.protocol, self.name, 0)?;
                        self.buffer = Vec::with_capacity(whole.next_power_of_two().max(2 * BUFFER));
                        continue 'dump;
                    }
                };
                let datagram = &self.buffer[..length];
                visitor.datagram(datagram);
                for message in messages(datagram) {
                    if message.sequence != SEQUENCE || message.port != self.port {
                        continue;
                    }
                    end.interrupted |= message.flags & NLM_F_DUMP_INTR != 0;
                    match message.kind {
                        NLMSG_NOOP => {}
                        NLMSG_DONE => {
                            let code =
                                DoneBuffer::new_checked(message.body).map_or(0, |done| done.code());
                            if code < 0 {
                                return Err(self.failed(Operation::End, code));
                            }
                            return Ok(end);
                        }
                        NLMSG_ERROR => {
                            // A refusal without a reason is told as the original does; one
                            // that is cut short has none to tell.
                            let code = match ErrorBuffer::new_checked(message.body) {
                                Ok(error) => error.code().map_or(0, std::num::NonZeroI32::get),
                                Err(_) => -libc::EPROTO,
                            };
                            return Err(self.failed(Operation::Answer, code));
                        }
                        _ if to_skip > 0 => to_skip -= 1,
                        kind => {
                            delivered += 1;
                            if visitor.message(kind, message.body).is_break() {
                                end.stopped = true;
                                return Ok(end);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Sends a request that asks for an acknowledgment, and waits for it.
    pub(crate) fn order(&mut self, request: &[u8]) -> Result<(), Error> {
        self.send(request)?;
        loop {
            // An answer longer than the buffer is cut behind what is read of it.
            let length = self.receive()?.unwrap_or(self.buffer.len());
            for message in messages(self.buffer.get(..length).unwrap_or_default()) {
                let is_answer = message.sequence == SEQUENCE && message.port == self.port;
                if is_answer && message.kind == NLMSG_ERROR {
                    return match ErrorBuffer::new_checked(message.body) {
                        Err(_) => Err(self.failed(Operation::Answer, -libc::EPROTO)),
                        Ok(answer) => match answer.code() {
                            None => Ok(()),
                            Some(code) => Err(self.failed(Operation::Answer, code.get())),
                        },
                    };
                }
            }
        }
    }

    /// Hands over the messages that arrive by themselves, until the visitor breaks. What was lost
    /// because too much came at once is not told.
    pub(crate) fn listen(
        &mut self,
        visitor: &mut dyn FnMut(u16, &[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        loop {
            let length = match self.receive() {
                Ok(length) => length.unwrap_or(self.buffer.len()),
                Err(error) if error.errno.0 == libc::ENOBUFS => continue,
                Err(error) => return Err(error),
            };
            for message in messages(self.buffer.get(..length).unwrap_or_default()) {
                if visitor(message.kind, message.body).is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn failed(&self, operation: Operation, code: i32) -> Error {
        Error::new(operation, self.name, Errno(code.wrapping_neg()))
    }
}

/// One message inside a datagram or a recording.
pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    pub(crate) flags: u16,
    pub(crate) sequence: u32,
    pub(crate) port: u32,
    pub(crate) body: &'a [u8],
}

/// Walks the messages of a datagram; a bad length ends the walk.
pub(crate) fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let buffer = NetlinkBuffer::new_checked(datagram).ok()?;
        let length = usize::try_from(buffer.length()).ok()?;
        let message = Message {
            kind: buffer.message_type(),
            flags: buffer.flags(),
            sequence: buffer.sequence_number(),
            port: buffer.port_number(),
            body: buffer.payload(),
        };
        datagram = datagram
            .get(length.next_multiple_of(4)..)
            .unwrap_or_default();
        Some(message)
    })
}
