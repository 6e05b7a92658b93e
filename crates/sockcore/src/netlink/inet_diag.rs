//! `inet_diag`: Internet sockets.

use netlink_packet_sock_diag::constants::*;
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, SocketId, StateFlags};

use super::request::{Request, push_attribute};
use super::{NESTED, attributes};
use crate::addr::{Address, Endpoint, InetFamily};
use crate::id::{Cookie, IfIndex, Inode, Uid};
use crate::query::{InetQuery, Storages};
use crate::socket::bytes::{Words, be16_at, block16_at, u8_at, u16_at, u32_at, u64_at};
use crate::socket::congestion::{Bbr, Dctcp, Vegas};
use crate::socket::inet::InetAttributes;
use crate::socket::{InetProtocol, InetSocket, SocketMemory, SocketState, Timer, TimerKind};

/// Message types of kernels before `SOCK_DIAG_BY_FAMILY`.
const TCPDIAG_GETSOCK: u16 = 18;
const DCCPDIAG_GETSOCK: u16 = 19;

/// Request attributes.
const INET_DIAG_REQ_BYTECODE: u16 = 1;
const INET_DIAG_REQ_SK_BPF_STORAGES: u16 = 2;
const INET_DIAG_REQ_PROTOCOL: u16 = 3;
const SK_DIAG_BPF_STORAGE_REQ_MAP_FD: u16 = 1;

/// Reply attributes the crate of constants does not have yet.
const INET_DIAG_ULP_INFO: u16 = 19;
const INET_DIAG_SK_BPF_STORAGES: u16 = 20;
const INET_DIAG_CGROUP_ID: u16 = 21;
const INET_DIAG_SOCKOPT: u16 = 22;

/// `sizeof(struct inet_diag_msg)`.
const FIXED: usize = 72;

pub(super) fn request(query: &InetQuery) -> Vec<u8> {
    let family = match query.family {
        InetFamily::V4 => AF_INET,
        InetFamily::V6 => AF_INET6,
    };
    let mut request = if query.legacy {
        legacy_request(query, family)
    } else {
        let [protocol, _] = query.protocol.0.to_le_bytes();
        Request::dump(SOCK_DIAG_BY_FAMILY).emit(&InetRequest {
            family,
            protocol,
            extensions: ExtensionFlags::from_bits_retain(query.details.0),
            states: StateFlags::from_bits_retain(query.states.0),
            socket_id: SocketId {
                source_port: query.ports.local,
                destination_port: query.ports.peer,
                cookie: [0; 8],
                ..SocketId::new_v4()
            },
        })
    };
    if !query.bytecode.is_empty() {
        request = request.attribute(INET_DIAG_REQ_BYTECODE, &query.bytecode);
    }
    if query.protocol.0 > 255 {
        let protocol = u32::from(query.protocol.0);
        request = request.attribute(INET_DIAG_REQ_PROTOCOL, &protocol.to_ne_bytes());
    }
    let maps: &[i32] = match &query.storages {
        Storages::None => return request.finish(),
        Storages::All => &[],
        Storages::Maps(descriptors) => descriptors,
    };
    let mut nested = Vec::new();
    for map in maps {
        push_attribute(
            &mut nested,
            SK_DIAG_BPF_STORAGE_REQ_MAP_FD,
            &map.to_ne_bytes(),
        );
    }
    request
        .attribute(INET_DIAG_REQ_SK_BPF_STORAGES | NESTED, &nested)
        .finish()
}

/// `struct inet_diag_req`: four bytes, the socket id, states, dbs.
fn legacy_request(query: &InetQuery, family: u8) -> Request {
    let kind = if query.protocol == InetProtocol::DCCP {
        DCCPDIAG_GETSOCK
    } else {
        TCPDIAG_GETSOCK
    };
    Request::dump(kind)
        .body(&[family, 0, 0, query.details.0])
        .body(&query.ports.local.to_be_bytes())
        .body(&query.ports.peer.to_be_bytes())
        .body(&[0; 44])
        .body(&query.states.0.to_ne_bytes())
        .body(&[0; 4])
}

/// Decodes a `struct inet_diag_msg` and its attributes.
pub(crate) fn decode(body: &[u8], protocol: InetProtocol) -> Option<InetSocket<'_>> {
    let (fixed, rest) = body.split_at_checked(FIXED)?;
    let family = if u8_at(fixed, 0) == AF_INET6 {
        InetFamily::V6
    } else {
        InetFamily::V4
    };
    Some(InetSocket {
        family,
        protocol,
        state: SocketState(u8_at(fixed, 1)),
        timer: Timer {
            kind: TimerKind(u8_at(fixed, 2)),
            retransmits: u8_at(fixed, 3),
            expires: u32_at(fixed, 52),
        },
        local: Endpoint {
            address: Address {
                family,
                bytes: block16_at(fixed, 8),
            },
            port: be16_at(fixed, 4),
        },
        peer: Endpoint {
            address: Address {
                family,
                bytes: block16_at(fixed, 24),
            },
            port: be16_at(fixed, 6),
        },
        interface: IfIndex(u32_at(fixed, 40)),
        cookie: Cookie(u64::from(u32_at(fixed, 48)) << 32 | u64::from(u32_at(fixed, 44))),
        recv_queue: u32_at(fixed, 56),
        send_queue: u32_at(fixed, 60),
        uid: Uid(u32_at(fixed, 64)),
        inode: Inode(u32_at(fixed, 68).into()),
        attributes: decode_attributes(rest),
        text: None,
    })
}

/// The first occurrence of an attribute counts.
fn decode_attributes(bytes: &[u8]) -> InetAttributes<'_> {
    let mut all = InetAttributes::default();
    for attribute in attributes(bytes) {
        let value = attribute.value;
        match attribute.kind {
            INET_DIAG_MEMINFO => first(&mut all.memory_info, || Words(value)),
            INET_DIAG_INFO => first(&mut all.info, || value),
            INET_DIAG_VEGASINFO => first(&mut all.vegas, || Vegas::decode(value)),
            INET_DIAG_CONG => first(&mut all.congestion, || until_nul(value)),
            INET_DIAG_TOS => first(&mut all.tos, || u8_at(value, 0)),
            INET_DIAG_TCLASS => first(&mut all.tclass, || u8_at(value, 0)),
            INET_DIAG_SKMEMINFO => first(&mut all.memory, || SocketMemory(value)),
            INET_DIAG_SHUTDOWN => first(&mut all.shutdown, || u8_at(value, 0)),
            INET_DIAG_DCTCPINFO => first(&mut all.dctcp, || Dctcp::decode(value)),
            INET_DIAG_PROTOCOL => first(&mut all.protocol, || u8_at(value, 0)),
            INET_DIAG_SKV6ONLY => first(&mut all.v6_only, || u8_at(value, 0)),
            INET_DIAG_LOCALS => first(&mut all.locals, || value),
            INET_DIAG_PEERS => first(&mut all.peers, || value),
            INET_DIAG_MARK if all.mark.is_none() => {
                all.mark = Some(u32_at(value, 0));
                all.flagged.mark = attribute.nested;
            }
            INET_DIAG_BBRINFO => first(&mut all.bbr, || Bbr::decode(value)),
            INET_DIAG_CLASS_ID => first(&mut all.class_id, || u32_at(value, 0)),
            INET_DIAG_MD5SIG => first(&mut all.md5_keys, || value),
            INET_DIAG_ULP_INFO => first(&mut all.ulp, || value),
            INET_DIAG_SK_BPF_STORAGES => first(&mut all.bpf_storages, || value),
            INET_DIAG_CGROUP_ID if all.cgroup_id.is_none() => {
                all.cgroup_id = Some(u64_at(value, 0));
                all.flagged.cgroup_id = attribute.nested;
            }
            INET_DIAG_SOCKOPT if value.len() >= 2 => {
                first(&mut all.socket_options, || u16_at(value, 0).to_le());
            }
            _ => {}
        }
    }
    all
}

#[inline]
fn first<T>(slot: &mut Option<T>, value: impl FnOnce() -> T) {
    if slot.is_none() {
        *slot = Some(value());
    }
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}
