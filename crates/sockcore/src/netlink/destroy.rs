//! Destroying Internet sockets that a dump lists (`SOCK_DESTROY`): a connection is reset, any
//! other socket closed under its owner's hands.

use std::ops::ControlFlow;

use netlink_packet_core::{NLM_F_ACK, NLM_F_REQUEST};

use super::channel::{Channel, DumpEnd};
use super::request::Request;
use super::{dump_request, inet_diag};
use crate::addr::InetFamily;
use crate::error::Error;
use crate::query::{InetQuery, QueryFamily};
use crate::socket::{InetProtocol, InetSocket};

const SOCK_DESTROY: u16 = 21;

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;

/// A dump under way, and beside it a channel for orders.
pub struct Destroyer {
    dump: Channel,
    orders: Orders,
}

/// The channel for orders.
pub struct Orders {
    channel: Channel,
}

/// What a destroyer's dump is lent to.
pub type OrderingVisitor<'v> = &'v mut dyn FnMut(&InetSocket<'_>, &mut Orders) -> ControlFlow<()>;

impl Destroyer {
    /// Opens both channels.
    ///
    /// # Errors
    /// The kernel gives none.
    pub fn open() -> Result<Self, Error> {
        Ok(Self {
            dump: Channel::sock_diag_in_steps()?,
            orders: Orders {
                channel: Channel::sock_diag()?,
            },
        })
    }

    /// Calls `each` for every socket that the query asks for, with the channel for orders.
    ///
    /// After a visit that was broken off, the next one begins with what was left of it: the same
    /// channel is asked again, and the kernel does not forget what it was asked before.
    ///
    /// # Errors
    /// The kernel does not answer, or with an error; sockets before that were handed over.
    pub fn visit(
        &mut self,
        query: &InetQuery,
        each: OrderingVisitor<'_>,
    ) -> Result<DumpEnd, Error> {
        let Self { dump, orders } = self;
        let request = dump_request(&QueryFamily::Inet(query.clone()));
        dump.dump(
            &request,
            &mut |_kind: u16, body: &[u8]| match inet_diag::decode(body, query.protocol) {
                Some(socket) => each(&socket, orders),
                None => ControlFlow::Continue(()),
            },
        )
    }
}

impl Orders {
    /// Opens a channel for orders alone.
    ///
    /// # Errors
    /// The kernel gives none.
    pub fn open() -> Result<Self, Error> {
        Ok(Self {
            channel: Channel::sock_diag()?,
        })
    }

    /// Destroys a socket, known by its addresses, ports, device and cookie.
    ///
    /// # Errors
    /// `Answer` with `ENOENT` when it is not there any more, `EOPNOTSUPP` when the kernel cannot
    /// destroy its kind, `EPERM` for lack of privilege.
    pub fn destroy(&mut self, socket: &InetSocket<'_>) -> Result<(), Error> {
        self.channel.order(&request(socket))
    }
}

/// `struct inet_diag_req_v2`, of raw sockets its variant with the protocol in place of the pad.
fn request(socket: &InetSocket<'_>) -> Vec<u8> {
    let (family, width) = match socket.family {
        InetFamily::V4 => (AF_INET, 4),
        InetFamily::V6 => (AF_INET6, 16),
    };
    let [protocol, _] = socket.protocol.0.to_le_bytes();
    let raw_protocol = match socket.protocol {
        InetProtocol::RAW => socket.attributes.protocol.unwrap_or(0),
        _ => 0,
    };
    let address = |bytes: &[u8; 16]| {
        let mut wide = [0; 16];
        wide[..width].copy_from_slice(&bytes[..width]);
        wide
    };
    let cookie = socket.cookie.0;
    Request::with_flags(SOCK_DESTROY, NLM_F_REQUEST | NLM_F_ACK)
        .body(&[family, protocol, 0, raw_protocol])
        .body(&[0; 4])
        .body(&socket.local.port.to_be_bytes())
        .body(&socket.peer.port.to_be_bytes())
        .body(&address(&socket.local.address.bytes))
        .body(&address(&socket.peer.address.bytes))
        .body(&socket.interface.0.to_ne_bytes())
        .body(&(cookie as u32).to_ne_bytes())
        .body(&((cookie >> 32) as u32).to_ne_bytes())
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes behind the header, of a socket at 127.0.0.1:22 with a peer.
    #[test]
    fn a_socket_is_named_by_its_whole_identity() {
        let mut message = vec![0u8; 72];
        message[0] = AF_INET;
        message[4..8].copy_from_slice(&[0, 22, 0xe7, 0xa8]);
        message[8..12].copy_from_slice(&[127, 0, 0, 1]);
        // What stands behind an IPv4 address is not part of it.
        message[12] = 9;
        message[24..28].copy_from_slice(&[127, 0, 0, 2]);
        message[40..44].copy_from_slice(&7u32.to_ne_bytes());
        message[44..48].copy_from_slice(&0x723b3u32.to_ne_bytes());
        message[48..52].copy_from_slice(&1u32.to_ne_bytes());
        let socket = inet_diag::decode(&message, InetProtocol::TCP).unwrap();
        let request = request(&socket);
        assert_eq!(request.len(), 72);
        assert_eq!(request[4..6], SOCK_DESTROY.to_ne_bytes());
        assert_eq!(request[6..8], 5u16.to_ne_bytes());
        let mut expected = vec![0u8; 56];
        expected[..2].copy_from_slice(&[2, 6]);
        expected[8..12].copy_from_slice(&[0, 22, 0xe7, 0xa8]);
        expected[12..16].copy_from_slice(&[127, 0, 0, 1]);
        expected[28..32].copy_from_slice(&[127, 0, 0, 2]);
        expected[44..48].copy_from_slice(&7u32.to_ne_bytes());
        expected[48..52].copy_from_slice(&0x723b3u32.to_ne_bytes());
        expected[52..56].copy_from_slice(&1u32.to_ne_bytes());
        assert_eq!(request[16..], expected);
    }
}
