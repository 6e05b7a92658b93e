//! `AF_UNIX` sockets: `struct unix_diag_msg`, or one line of `/proc/net/unix`.

use super::bytes::Words;
use super::memory::SocketMemory;
use super::state::SocketState;
use crate::id::{Cookie, Inode, Uid};

/// A unix socket.
#[derive(Clone, Debug)]
pub struct UnixSocket<'a> {
    /// `udiag_type`, column `Type`: 1 stream, 2 datagram, 5 seqpacket.
    pub kind: u16,
    /// `udiag_state` in TCP's numbers. From text translated to them: see [`UnixText::state`].
    pub state: SocketState,
    /// `udiag_ino`, column `Inode`; 0: waits in a listener's queue.
    pub inode: Inode,
    /// `udiag_cookie`; from text 0.
    pub cookie: Cookie,
    /// `UNIX_DIAG_NAME`: the bound name; a leading NUL marks an abstract one. From text the
    /// column `Path`, where every NUL is written `@` and white space ends nothing.
    pub name: Option<&'a [u8]>,
    /// `UNIX_DIAG_VFS`: the file it is bound to.
    pub file: Option<UnixFile>,
    /// `UNIX_DIAG_PEER`: inode of the connected socket.
    pub peer: Option<Inode>,
    /// `UNIX_DIAG_ICONS`: inodes waiting to be accepted (`u32` each).
    pub pending: Option<Words<'a>>,
    /// `UNIX_DIAG_RQLEN`: bytes to read and sent-but-unread; of a listener the waiting
    /// connections and the backlog limit.
    pub queues: Option<Queues>,
    /// `UNIX_DIAG_MEMINFO`
    pub memory: Option<SocketMemory<'a>>,
    /// `UNIX_DIAG_SHUTDOWN`: bit 0 receiving, bit 1 sending is shut down.
    pub shutdown: Option<u8>,
    /// `UNIX_DIAG_UID`
    pub uid: Option<Uid>,
    /// The columns only the text table has; `None` from netlink.
    pub text: Option<UnixText<'a>>,
}

/// `UNIX_DIAG_VFS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnixFile {
    /// `udiag_vfs_ino`
    pub inode: u32,
    /// `udiag_vfs_dev` in the kernel's own coding: `major << 20 | minor`.
    pub device: u32,
}

/// `UNIX_DIAG_RQLEN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queues {
    /// `udiag_rqueue`
    pub recv: u32,
    /// `udiag_wqueue`
    pub send: u32,
}

/// Columns of `/proc/net/unix` as written.
#[derive(Clone, Copy, Debug)]
pub struct UnixText<'a> {
    /// Column `Num`: the hashed kernel pointer, 16 hexadecimal digits on 64-bit machines.
    pub pointer: &'a [u8],
    /// Column `RefCount`, hexadecimal.
    pub references: u32,
    /// Column `Protocol`, hexadecimal.
    pub protocol: u32,
    /// Column `Flags`, hexadecimal; 0x10000: listening.
    pub flags: u32,
    /// Column `St`, hexadecimal: `enum socket_state` (1 unconnected, 3 connected).
    pub state: u32,
}
