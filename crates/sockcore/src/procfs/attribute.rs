//! What a socket says of itself when no table lists it: its extended attribute.

use std::ffi::CStr;

use crate::error::Errno;

/// Reads `system.sockprotoname` of a socket by the path of its descriptor: the name of its
/// protocol in the kernel (`TCP`, `UNIX-STREAM`, `AF_VSOCK`).
///
/// # Errors
/// `EOPNOTSUPP` for what is no socket; what a vanished process or a missing privilege gives.
pub fn socket_protocol<'b>(path: &CStr, space: &'b mut [u8; 64]) -> Result<&'b [u8], Errno> {
    let length = rustix::fs::getxattr(path, c"system.sockprotoname", &mut space[..])?;
    let name = space.get(..length).unwrap_or_default();
    Ok(name.split(|&byte| byte == 0).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;
    use std::os::fd::AsRawFd as _;

    use super::*;

    #[test]
    fn a_socket_tells_its_protocol_and_a_file_does_not() {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let path = CString::new(format!("/proc/self/fd/{}", socket.as_raw_fd())).unwrap();
        assert_eq!(socket_protocol(&path, &mut [0; 64]), Ok(&b"UDP"[..]));
        assert!(socket_protocol(c"/proc/self/exe", &mut [0; 64]).is_err());
    }
}
