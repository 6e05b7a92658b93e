//! Stands in for the kernel's socket dumps: what a command sends to `NETLINK_SOCK_DIAG` is answered
//! from a file, where there is one for the family that it asks for.
//!
//! The commands run under a seccomp filter that hands their sends and receives to this process. It
//! leaves to the kernel whatever is not on a socket of that protocol, or asks for something of
//! which there is no file. So original and ours are answered alike, each through its own system
//! calls, also for families that the kernel does not have.
//!
//! The file of a family is its number, for Internet families with the protocol (`1`, `10-262`). It
//! holds messages; their sequence numbers and ports become those of the request. Kinds of message
//! are as in the file, so an error can stand there as well.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, sockopt};

use crate::sys::{self, Call, Reply};

const BY_FAMILY: u16 = 20;
const DUMP: u16 = 0x300;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
/// An attribute of the request that tells a protocol beyond eight bits.
const REQ_PROTOCOL: u16 = 3;
/// `struct nlmsghdr`; and `struct inet_diag_req_v2` behind it.
const HEADER: usize = 16;
const INET_REQUEST: usize = 56;
/// The kernel fills about so much before it begins another datagram.
const DATAGRAM: usize = 3 * 4096;

/// Runs `work` and all processes that it starts so that files of `directory` answer dumps.
pub(crate) fn during(
    directory: &Path,
    work: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> io::Result<()> {
    let (listener, arrived) = std::sync::mpsc::channel();
    let worker = std::thread::spawn(move || {
        let filtered = sys::hand_over_messages();
        let go = filtered.is_ok();
        listener.send(filtered).map_err(io::Error::other)?;
        if go { work() } else { Ok(()) }
    });
    let listener = arrived.recv().map_err(io::Error::other)??;
    let mut kernel = StandIn {
        directory: directory.to_owned(),
        waiting: HashMap::new(),
    };
    // Ends with the last process under the filter.
    while let Some(call) = sys::next_call(&listener)? {
        let reply = kernel.answer(&call).unwrap_or(Reply::Kernel);
        sys::reply(&listener, &call, reply)?;
    }
    worker
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the server panicked")))
}

struct StandIn {
    directory: PathBuf,
    /// The datagrams that wait in a socket, by the socket's inode.
    waiting: HashMap<u64, VecDeque<Vec<u8>>>,
}

impl StandIn {
    /// What a call gets; `None` when it is the kernel's, or the caller is gone.
    fn answer(&mut self, call: &Call) -> Option<Reply> {
        let socket = sys::descriptor_of(call.pid, call.arguments[0]).ok()?;
        if !is_sock_diag(&socket) {
            return None;
        }
        let inode = rustix::fs::fstat(&socket).ok()?.st_ino;
        let memory = open_memory(call.pid)?;
        if sys::sends(call) {
            let request = sent(call, &memory)?;
            let port = rustix::net::getsockname(&socket).ok()?;
            let port = SocketAddrNetlink::try_from(port).ok()?.pid();
            let answers = self.answers(&request, port)?;
            self.waiting.insert(inode, answers);
            return Some(Reply::Value(request.len() as i64));
        }
        let waiting = self.waiting.get_mut(&inode)?;
        let datagram = waiting.front()?;
        let (length, flags) = receive(call, &memory, datagram)?;
        if flags & libc::MSG_PEEK == 0 {
            waiting.pop_front();
        }
        Some(Reply::Value(length))
    }

    /// The datagrams that answer a request.
    fn answers(&self, request: &[u8], port: u32) -> Option<VecDeque<Vec<u8>>> {
        let kind = half(request, 4)?;
        let flags = half(request, 6)?;
        let sequence = word(request, 8)?;
        if kind != BY_FAMILY || flags & DUMP != DUMP {
            return None;
        }
        let family = *request.get(HEADER)?;
        let name = match family {
            AF_INET | AF_INET6 => format!("{family}-{}", protocol(request)?),
            _ => family.to_string(),
        };
        let mut file = fs::read(self.directory.join(name)).ok()?;
        let mut datagrams = VecDeque::from([Vec::new()]);
        let mut at = 0;
        while let Some(length) = word(&file, at).filter(|length| *length as usize >= HEADER) {
            let end = (at + length as usize).next_multiple_of(4).min(file.len());
            file.get_mut(at + 8..at + 12)?
                .copy_from_slice(&sequence.to_ne_bytes());
            file.get_mut(at + 12..at + 16)?
                .copy_from_slice(&port.to_ne_bytes());
            let message = &file[at..end];
            if datagrams.back()?.len() + message.len() > DATAGRAM {
                datagrams.push_back(Vec::new());
            }
            datagrams.back_mut()?.extend_from_slice(message);
            at = end;
        }
        Some(datagrams)
    }
}

fn is_sock_diag(socket: &OwnedFd) -> bool {
    let netlink = sockopt::socket_domain(socket.as_fd());
    let protocol = sockopt::socket_protocol(socket.as_fd());
    netlink == Ok(AddressFamily::NETLINK) && protocol == Ok(Some(rustix::net::netlink::SOCK_DIAG))
}

fn open_memory(pid: u32) -> Option<File> {
    let path = format!("/proc/{pid}/mem");
    let memory = fs::OpenOptions::new().read(true).write(true).open(path);
    memory.ok()
}

/// What a send holds.
fn sent(call: &Call, memory: &File) -> Option<Vec<u8>> {
    if !sys::has_vector(call) {
        let mut bytes = vec![0; usize::try_from(call.arguments[2]).ok()?];
        memory.read_exact_at(&mut bytes, call.arguments[1]).ok()?;
        return Some(bytes);
    }
    let mut all = Vec::new();
    for (address, length) in vector(memory, call.arguments[1])? {
        let mut bytes = vec![0; length];
        memory.read_exact_at(&mut bytes, address).ok()?;
        all.extend_from_slice(&bytes);
    }
    Some(all)
}

/// Puts a datagram where a receive wants it. Returns the call's value and its flags.
fn receive(call: &Call, memory: &File, datagram: &[u8]) -> Option<(i64, i32)> {
    // `struct msghdr`: name, its length, vector and its count, control and its length, flags.
    const NAME_LENGTH: u64 = 8;
    const CONTROL_LENGTH: u64 = 40;
    const FLAGS: u64 = 48;
    let with_vector = sys::has_vector(call);
    let [_, at, second, third, name, name_length] = call.arguments;
    let (places, flags) = if with_vector {
        (vector(memory, at)?, second)
    } else {
        (vec![(at, usize::try_from(second).ok()?)], third)
    };
    let flags = i32::try_from(flags & 0xffff_ffff).ok()?;
    let mut left = datagram;
    for (address, length) in places {
        let (now, later) = left.split_at(length.min(left.len()));
        memory.write_all_at(now, address).ok()?;
        left = later;
    }
    let (name, name_length) = if with_vector {
        (number(memory, at)?, at + NAME_LENGTH)
    } else {
        (name, name_length)
    };
    if name != 0 {
        // The kernel itself: port 0, no groups.
        let mut kernel = [0; 12];
        kernel[..2].copy_from_slice(&(libc::AF_NETLINK as u16).to_ne_bytes());
        memory.write_all_at(&kernel, name).ok()?;
        memory
            .write_all_at(&12_u32.to_ne_bytes(), name_length)
            .ok()?;
    }
    if with_vector {
        let cut = if left.is_empty() { 0 } else { libc::MSG_TRUNC };
        memory
            .write_all_at(&0_u64.to_ne_bytes(), at + CONTROL_LENGTH)
            .ok()?;
        memory.write_all_at(&cut.to_ne_bytes(), at + FLAGS).ok()?;
    }
    let whole = flags & libc::MSG_TRUNC != 0;
    let told = datagram.len() - if whole { 0 } else { left.len() };
    Some((told as i64, flags))
}

/// The places of the vector of a `struct msghdr`.
fn vector(memory: &File, header: u64) -> Option<Vec<(u64, usize)>> {
    let first = number(memory, header + 16)?;
    let count = number(memory, header + 24)?;
    (0..count.min(1024))
        .map(|place| {
            let at = first + place * 16;
            let length = usize::try_from(number(memory, at + 8)?).ok()?;
            Some((number(memory, at)?, length))
        })
        .collect()
}

fn number(memory: &File, address: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    memory.read_exact_at(&mut bytes, address).ok()?;
    Some(u64::from_ne_bytes(bytes))
}

/// The protocol that an Internet request asks for.
fn protocol(request: &[u8]) -> Option<u32> {
    let mut at = HEADER + INET_REQUEST;
    while let Some(length) = half(request, at)
        .map(usize::from)
        .filter(|length| *length >= 4)
    {
        if half(request, at + 2)? & 0x3fff == REQ_PROTOCOL {
            return word(request, at + 4);
        }
        at += length.next_multiple_of(4);
    }
    request.get(HEADER + 1).copied().map(u32::from)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_ne_bytes(bytes.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}
