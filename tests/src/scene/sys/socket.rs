//! Sockets by raw address bytes, so that every family can be reached.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::{checked, descriptor};

fn length(bytes: &[u8]) -> libc::socklen_t {
    libc::socklen_t::try_from(bytes.len()).unwrap_or(libc::socklen_t::MAX)
}

pub(crate) fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<OwnedFd> {
    // SAFETY: socket takes numbers only.
    descriptor(unsafe { libc::socket(family, kind, protocol) })
}

pub(crate) fn socket_pair(family: i32, kind: i32) -> io::Result<(OwnedFd, OwnedFd)> {
    let mut pair = [0; 2];
    // SAFETY: `pair` has room for two ints.
    checked(unsafe { libc::socketpair(family, kind, 0, pair.as_mut_ptr()) })?;
    Ok((descriptor(pair[0])?, descriptor(pair[1])?))
}

pub(crate) fn bind(socket: &impl AsRawFd, address: &[u8]) -> io::Result<()> {
    // SAFETY: pointer and length describe the bytes of `address`.
    checked(unsafe { libc::bind(socket.as_raw_fd(), address.as_ptr().cast(), length(address)) })
        .map(drop)
}

pub(crate) fn connect(socket: &impl AsRawFd, address: &[u8]) -> io::Result<()> {
    // SAFETY: pointer and length describe the bytes of `address`.
    checked(unsafe { libc::connect(socket.as_raw_fd(), address.as_ptr().cast(), length(address)) })
        .map(drop)
}

pub(crate) fn listen(socket: &impl AsRawFd, backlog: i32) -> io::Result<()> {
    // SAFETY: listen takes numbers only.
    checked(unsafe { libc::listen(socket.as_raw_fd(), backlog) }).map(drop)
}

pub(crate) fn accept(socket: &impl AsRawFd) -> io::Result<OwnedFd> {
    // SAFETY: null pointers mean that the address of the peer is not wanted.
    descriptor(unsafe {
        libc::accept4(
            socket.as_raw_fd(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            libc::SOCK_CLOEXEC,
        )
    })
}

pub(crate) fn shutdown(socket: &impl AsRawFd, how: i32) -> io::Result<()> {
    // SAFETY: shutdown takes numbers only.
    checked(unsafe { libc::shutdown(socket.as_raw_fd(), how) }).map(drop)
}

pub(crate) fn set_option(
    socket: &impl AsRawFd,
    level: i32,
    name: i32,
    value: &[u8],
) -> io::Result<()> {
    // SAFETY: pointer and length describe the bytes of `value`.
    checked(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            value.as_ptr().cast(),
            length(value),
        )
    })
    .map(drop)
}

/// Sends from a connected socket, or to `address`. Never waits, never raises SIGPIPE.
pub(crate) fn send(
    socket: &impl AsRawFd,
    bytes: &[u8],
    flags: i32,
    address: Option<&[u8]>,
) -> io::Result<usize> {
    let (pointer, size) = match address {
        Some(address) => (address.as_ptr().cast(), length(address)),
        None => (std::ptr::null(), 0),
    };
    let flags = flags | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: pointers and lengths describe `bytes` and `address`; null with 0 is no address.
    let sent = unsafe {
        libc::sendto(
            socket.as_raw_fd(),
            bytes.as_ptr().cast(),
            bytes.len(),
            flags,
            pointer,
            size,
        )
    };
    usize::try_from(sent).map_err(|_| io::Error::last_os_error())
}

/// Receives without waiting beyond the socket's own timeout.
pub(crate) fn receive(socket: &impl AsRawFd, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: pointer and length describe the bytes of `buffer`.
    let got = unsafe {
        libc::recv(
            socket.as_raw_fd(),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            flags,
        )
    };
    usize::try_from(got).map_err(|_| io::Error::last_os_error())
}

/// Sends one byte and copies of descriptors over a unix socket, so that they are in flight.
pub(crate) fn send_descriptors(socket: &impl AsRawFd, descriptors: &[i32]) -> io::Result<()> {
    let mut byte = [0_u8];
    let mut part = libc::iovec {
        iov_base: byte.as_mut_ptr().cast(),
        iov_len: 1,
    };
    let payload = u32::try_from(size_of_val(descriptors)).map_err(io::Error::other)?;
    // SAFETY: CMSG_SPACE only computes. The control buffer is aligned for cmsghdr (u64 elements)
    // and has room for one header and the payload; every pointer lives until sendmsg is done.
    unsafe {
        let space = libc::CMSG_SPACE(payload) as usize;
        let mut control = vec![0_u64; space.div_ceil(8)];
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = space;
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        if header.is_null() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(payload) as usize;
        std::ptr::copy_nonoverlapping(
            descriptors.as_ptr().cast::<u8>(),
            libc::CMSG_DATA(header),
            payload as usize,
        );
        let sent = libc::sendmsg(socket.as_raw_fd(), &raw const message, libc::MSG_NOSIGNAL);
        if sent < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    }
}

/// The number of a network interface.
pub(crate) fn interface_index(name: &str) -> io::Result<u32> {
    let name = std::ffi::CString::new(name)?;
    // SAFETY: the pointer is to a NUL-terminated string that lives during the call.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        index => Ok(index),
    }
}

/// An interface request: the name in the first 16 bytes, then what the request is about.
pub(crate) fn interface_request(
    descriptor: &impl AsRawFd,
    request: libc::c_ulong,
    ifreq: &mut [u8; 40],
) -> io::Result<()> {
    // SAFETY: callers pass requests that read and write at most a struct ifreq (40 bytes).
    checked(unsafe { libc::ioctl(descriptor.as_raw_fd(), request as _, ifreq.as_mut_ptr()) })
        .map(drop)
}

/// A device request whose argument is a number.
pub(crate) fn device_request(
    descriptor: &impl AsRawFd,
    request: libc::c_ulong,
    value: libc::c_ulong,
) -> io::Result<libc::c_int> {
    // SAFETY: callers pass requests whose argument is a number.
    checked(unsafe { libc::ioctl(descriptor.as_raw_fd(), request as _, value) })
}

/// A device request that makes a descriptor.
pub(crate) fn made_by_request(
    descriptor: &impl AsRawFd,
    request: libc::c_ulong,
    value: libc::c_ulong,
) -> io::Result<OwnedFd> {
    super::descriptor(device_request(descriptor, request, value)?)
}

/// A BPF program of the classic kind, attached as the socket's filter.
pub(crate) fn attach_filter(
    socket: &impl AsRawFd,
    level: i32,
    name: i32,
    program: &[libc::sock_filter],
) -> io::Result<()> {
    let program = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_ptr().cast_mut(),
    };
    // SAFETY: the kernel copies `len` instructions from `filter`, which live during the call.
    checked(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            (&raw const program).cast(),
            size_of_val(&program) as libc::socklen_t,
        )
    })
    .map(drop)
}
