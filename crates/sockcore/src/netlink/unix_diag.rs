//! `unix_diag`: unix sockets.

use netlink_packet_sock_diag::constants::{AF_UNIX, SOCK_DIAG_BY_FAMILY};
use netlink_packet_sock_diag::unix::{ShowFlags, StateFlags, UnixRequest};

use super::attributes;
use super::request::Request;
use crate::id::{Cookie, Inode, Uid};
use crate::query::UnixQuery;
use crate::socket::bytes::{Words, u8_at, u32_at};
use crate::socket::unix::{Queues, UnixFile};
use crate::socket::{SocketMemory, SocketState, UnixSocket};

const UNIX_DIAG_NAME: u16 = 0;
const UNIX_DIAG_VFS: u16 = 1;
const UNIX_DIAG_PEER: u16 = 2;
const UNIX_DIAG_ICONS: u16 = 3;
const UNIX_DIAG_RQLEN: u16 = 4;
const UNIX_DIAG_MEMINFO: u16 = 5;
const UNIX_DIAG_SHUTDOWN: u16 = 6;
const UNIX_DIAG_UID: u16 = 7;

/// `sizeof(struct unix_diag_msg)`.
const FIXED: usize = 16;

pub(super) fn request(query: &UnixQuery) -> Vec<u8> {
    debug_assert_eq!(AF_UNIX, 1);
    Request::dump(SOCK_DIAG_BY_FAMILY)
        .emit(&UnixRequest {
            state_flags: StateFlags::from_bits_retain(query.states.0),
            inode: 0,
            show_flags: ShowFlags::from_bits_retain(query.show.0),
            cookie: [0; 8],
        })
        .finish()
}

/// Decodes a `struct unix_diag_msg` and its attributes.
pub(super) fn decode(body: &[u8]) -> Option<UnixSocket<'_>> {
    let (fixed, rest) = body.split_at_checked(FIXED)?;
    let mut socket = UnixSocket {
        kind: u8_at(fixed, 1).into(),
        state: SocketState(u8_at(fixed, 2)),
        inode: Inode(u32_at(fixed, 4).into()),
        cookie: Cookie(u64::from(u32_at(fixed, 12)) << 32 | u64::from(u32_at(fixed, 8))),
        name: None,
        file: None,
        peer: None,
        pending: None,
        queues: None,
        memory: None,
        shutdown: None,
        uid: None,
        text: None,
    };
    for attribute in attributes(rest) {
        let value = attribute.value;
        match attribute.kind {
            UNIX_DIAG_NAME => socket.name = socket.name.or(Some(value)),
            UNIX_DIAG_VFS => {
                let file = UnixFile {
                    inode: u32_at(value, 0),
                    device: u32_at(value, 4),
                };
                socket.file = socket.file.or(Some(file));
            }
            UNIX_DIAG_PEER => {
                socket.peer = socket.peer.or(Some(Inode(u32_at(value, 0).into())));
            }
            UNIX_DIAG_ICONS => socket.pending = socket.pending.or(Some(Words(value))),
            UNIX_DIAG_RQLEN => {
                let queues = Queues {
                    recv: u32_at(value, 0),
                    send: u32_at(value, 4),
                };
                socket.queues = socket.queues.or(Some(queues));
            }
            UNIX_DIAG_MEMINFO => socket.memory = socket.memory.or(Some(SocketMemory(value))),
            UNIX_DIAG_SHUTDOWN => socket.shutdown = socket.shutdown.or(Some(u8_at(value, 0))),
            UNIX_DIAG_UID => socket.uid = socket.uid.or(Some(Uid(u32_at(value, 0)))),
            _ => {}
        }
    }
    Some(socket)
}
