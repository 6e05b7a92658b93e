//! The janitor: a process in the scene's network namespace but outside its PID namespace, so that
//! no listing in the scene sees it. When the scene is over, however it ended, it ends the
//! connections that would outlive their owners: they would keep the network namespace for as long
//! as their peers stay silent, and the machine counts them.

use std::fs;
use std::io;

use super::net::{self, Sock};
use super::sys;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const SOCK_DESTROY: u16 = 21;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_DUMP: u16 = 0x300;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;

/// A janitor that waits to be told what to wait for.
pub(crate) struct Janitor {
    pid: i32,
    word: std::fs::File,
}

impl Janitor {
    /// To be called in the scene's network namespace, before its PID namespace is made.
    pub(crate) fn hire() -> io::Result<Self> {
        let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let Some(pid) = sys::fork()? else {
            drop(writer);
            let outcome = work(reader.into());
            sys::exit_now(outcome.is_err().into());
        };
        Ok(Self {
            pid,
            word: writer.into(),
        })
    }

    /// Tells it which process is the first of the scene.
    pub(crate) fn watch(&mut self, pid: i32) -> io::Result<()> {
        use std::io::Write as _;
        self.word.write_all(&pid.to_ne_bytes())
    }

    /// Waits until it has cleaned up.
    pub(crate) fn wait(self) -> io::Result<()> {
        drop(self.word);
        sys::wait(self.pid).map(drop)
    }
}

fn work(mut word: std::fs::File) -> io::Result<()> {
    use std::io::Read as _;
    // A signal to the group of the scene's starter is not for this process, and its output must
    // not be kept open.
    rustix::process::setsid()?;
    sys::close_range(0, 2)?;
    let mut pid = [0; 4];
    word.read_exact(&mut pid)?;
    let first = sys::process_handle(i32::from_ne_bytes(pid))?;
    // A process handle becomes readable when the process has ended.
    let mut set = [rustix::event::PollFd::new(
        &first,
        rustix::event::PollFlags::IN,
    )];
    while rustix::event::poll(&mut set, None) == Err(rustix::io::Errno::INTR) {}
    // What cannot be ended by request ends soon by itself.
    let _ = fs::write("/proc/sys/net/ipv4/tcp_orphan_retries", "1");
    let _ = fs::write("/proc/sys/net/ipv4/tcp_fin_timeout", "1");
    for family in [libc::AF_INET, libc::AF_INET6] {
        for id in sockets(family)? {
            destroy(family, &id)?;
        }
    }
    Ok(())
}

/// struct inet_diag_req_v2 for TCP sockets of all states.
fn request(kind: u16, flags: u16, family: i32, id: &[u8]) -> Vec<u8> {
    let mut message = 72_u32.to_ne_bytes().to_vec();
    message.extend(kind.to_ne_bytes());
    message.extend((flags | NLM_F_REQUEST).to_ne_bytes());
    message.extend([0; 8]);
    message.extend([family as u8, libc::IPPROTO_TCP as u8, 0, 0]);
    message.extend(u32::MAX.to_ne_bytes());
    message.extend_from_slice(id);
    message.resize(72, 0);
    message
}

fn door() -> io::Result<Sock> {
    let door = Sock::new(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_SOCK_DIAG)?;
    door.bind(&net::netlink(0, 0))?;
    Ok(door)
}

/// The identities (struct inet_diag_sockid) of all TCP sockets of a family.
fn sockets(family: i32) -> io::Result<Vec<Vec<u8>>> {
    let door = door()?;
    door.send(&request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, family, &[]))?;
    let mut found = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let got = sys::receive(&door, &mut buffer, 0)?;
        let mut rest = buffer.get(..got).unwrap_or_default();
        while let Some((length, kind)) = header(rest) {
            match kind {
                NLMSG_DONE | NLMSG_ERROR => return Ok(found),
                // After the header: family, state, timer, retransmissions; then the identity.
                _ => found.extend(rest.get(20..68).map(<[u8]>::to_vec)),
            }
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
    }
}

fn header(message: &[u8]) -> Option<(usize, u16)> {
    let length = u32::from_ne_bytes(message.get(..4)?.try_into().ok()?) as usize;
    let kind = u16::from_ne_bytes(message.get(4..6)?.try_into().ok()?);
    (length >= 16).then_some((length, kind))
}

fn destroy(family: i32, id: &[u8]) -> io::Result<()> {
    // The answer is not waited for: a socket may be gone, or of a kind that cannot be ended so.
    door()?.send(&request(SOCK_DESTROY, 0, family, id))
}
