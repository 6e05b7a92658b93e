//! Sockets as scenes make them: addresses as text or parts, everything else in one call.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use super::sys;

/// A socket that stays open as long as the value.
#[derive(Debug)]
pub(crate) struct Sock(pub(crate) OwnedFd);

impl AsRawFd for Sock {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// `127.0.0.1:80`, `[::1]:80`, `[fe80::1%3]:80` as the kernel's address bytes.
pub(crate) fn inet(text: &str) -> io::Result<Vec<u8>> {
    let address: SocketAddr = text
        .parse()
        .map_err(|error| io::Error::other(format!("{text}: {error}")))?;
    let mut bytes = Vec::with_capacity(28);
    match address {
        SocketAddr::V4(v4) => {
            bytes.extend((libc::AF_INET as u16).to_ne_bytes());
            bytes.extend(v4.port().to_be_bytes());
            bytes.extend(v4.ip().octets());
            bytes.extend([0; 8]);
        }
        SocketAddr::V6(v6) => {
            bytes.extend((libc::AF_INET6 as u16).to_ne_bytes());
            bytes.extend(v6.port().to_be_bytes());
            bytes.extend(v6.flowinfo().to_be_bytes());
            bytes.extend(v6.ip().octets());
            bytes.extend(v6.scope_id().to_ne_bytes());
        }
    }
    Ok(bytes)
}

/// A unix address: a path (the kernel wants a final NUL), or an abstract name that begins with NUL
/// and is used to its exact length. Empty asks the kernel for a name.
pub(crate) fn unix(name: &[u8]) -> Vec<u8> {
    let mut bytes = (libc::AF_UNIX as u16).to_ne_bytes().to_vec();
    bytes.extend_from_slice(name);
    if !matches!(name.first(), None | Some(0)) {
        bytes.push(0);
    }
    bytes
}

/// A netlink address. Port 0 lets the kernel choose.
pub(crate) fn netlink(port: u32, groups: u32) -> Vec<u8> {
    let mut bytes = (libc::AF_NETLINK as u16).to_ne_bytes().to_vec();
    bytes.extend([0; 2]);
    bytes.extend(port.to_ne_bytes());
    bytes.extend(groups.to_ne_bytes());
    bytes
}

/// A packet address: protocol and interface number, 0 for any.
pub(crate) fn packet(protocol: u16, interface: u32) -> Vec<u8> {
    let mut bytes = (libc::AF_PACKET as u16).to_ne_bytes().to_vec();
    bytes.extend(protocol.to_be_bytes());
    bytes.extend(interface.to_ne_bytes());
    bytes.extend([0; 12]);
    bytes
}

/// A vsock address.
pub(crate) fn vsock(cid: u32, port: u32) -> Vec<u8> {
    let mut bytes = (libc::AF_VSOCK as u16).to_ne_bytes().to_vec();
    bytes.extend([0; 2]);
    bytes.extend(port.to_ne_bytes());
    bytes.extend(cid.to_ne_bytes());
    bytes.extend([0; 4]);
    bytes
}

impl Sock {
    /// A close-on-exec socket.
    pub(crate) fn new(family: i32, kind: i32, protocol: i32) -> io::Result<Self> {
        sys::socket(family, kind | libc::SOCK_CLOEXEC, protocol).map(Self)
    }

    /// TCP of the family of `address`, bound to it, with its address free for use again.
    pub(crate) fn tcp_at(address: &str) -> io::Result<Self> {
        Self::stream_at(address, 0)
    }

    /// The same with another stream protocol.
    pub(crate) fn stream_at(address: &str, protocol: i32) -> io::Result<Self> {
        let socket = Self::new(family_of(address), libc::SOCK_STREAM, protocol)?;
        socket.option(libc::SOL_SOCKET, libc::SO_REUSEADDR, 1)?;
        socket
            .bind(&inet(address)?)
            .map_err(|error| at(address, &error))?;
        Ok(socket)
    }

    /// A TCP listener.
    pub(crate) fn tcp_listener(address: &str, backlog: i32) -> io::Result<Self> {
        let socket = Self::tcp_at(address)?;
        socket.listen(backlog)?;
        Ok(socket)
    }

    /// A TCP connection from a chosen address.
    pub(crate) fn tcp_connection(from: &str, to: &str) -> io::Result<Self> {
        let socket = Self::tcp_at(from)?;
        socket.connect(&inet(to)?).map_err(|error| at(to, &error))?;
        Ok(socket)
    }

    /// UDP of the family of `address`, bound to it.
    pub(crate) fn udp_at(address: &str) -> io::Result<Self> {
        let socket = Self::new(family_of(address), libc::SOCK_DGRAM, 0)?;
        socket
            .bind(&inet(address)?)
            .map_err(|error| at(address, &error))?;
        Ok(socket)
    }

    pub(crate) fn bind(&self, address: &[u8]) -> io::Result<()> {
        sys::bind(self, address)
    }

    pub(crate) fn connect(&self, address: &[u8]) -> io::Result<()> {
        sys::connect(self, address)
    }

    /// Begins a connection and does not wait for its end.
    pub(crate) fn begin_connection(&self, address: &[u8]) -> io::Result<()> {
        self.set_waiting(false)?;
        match sys::connect(self, address) {
            Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(()),
            other => other,
        }
    }

    pub(crate) fn set_waiting(&self, waits: bool) -> io::Result<()> {
        let flags = sys::control(self, libc::F_GETFL, 0)?;
        let flags = if waits {
            flags & !libc::O_NONBLOCK
        } else {
            flags | libc::O_NONBLOCK
        };
        sys::control(self, libc::F_SETFL, flags).map(drop)
    }

    pub(crate) fn listen(&self, backlog: i32) -> io::Result<()> {
        sys::listen(self, backlog)
    }

    pub(crate) fn accept(&self) -> io::Result<Self> {
        sys::accept(self).map(Self)
    }

    /// An option whose value is an int.
    pub(crate) fn option(&self, level: i32, name: i32, value: i32) -> io::Result<()> {
        sys::set_option(self, level, name, &value.to_ne_bytes())
    }

    pub(crate) fn option_bytes(&self, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
        sys::set_option(self, level, name, value)
    }

    /// Ties the socket to an interface.
    pub(crate) fn on_device(&self, name: &str) -> io::Result<()> {
        self.option_bytes(libc::SOL_SOCKET, libc::SO_BINDTODEVICE, name.as_bytes())
    }

    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        sys::send(self, bytes, 0, None).map(drop)
    }

    pub(crate) fn send_to(&self, bytes: &[u8], address: &[u8]) -> io::Result<()> {
        sys::send(self, bytes, 0, Some(address)).map(drop)
    }

    /// Sends until the kernel takes no more.
    pub(crate) fn fill(&self) -> io::Result<()> {
        let block = vec![b'x'; 1 << 16];
        // A small quiet time decides that nothing moves any more: the peer's kernel part may still
        // be taking data when the first refusal comes.
        let mut refused = 0;
        while refused < 3 {
            match sys::send(self, &block, 0, None) {
                Ok(_) => refused = 0,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    refused += 1;
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Ends the sending direction.
    pub(crate) fn finish(&self) -> io::Result<()> {
        sys::shutdown(self, libc::SHUT_WR)
    }
}

/// An error that names the address it is about.
fn at(address: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("{address}: {error}"))
}

/// The address family of an internet address text.
pub(crate) fn family_of(address: &str) -> i32 {
    if address.starts_with('[') {
        libc::AF_INET6
    } else {
        libc::AF_INET
    }
}

/// A connected unix pair.
pub(crate) fn pair(kind: i32) -> io::Result<(Sock, Sock)> {
    let (one, other) = sys::socket_pair(libc::AF_UNIX, kind | libc::SOCK_CLOEXEC)?;
    Ok((Sock(one), Sock(other)))
}
