//! The socket tables of `/proc/net` as text: one line, one record.
//!
//! Lines are parsed here; what a malformed line means is the caller's decision.

use super::lines::{Fields, hex_digit};
use crate::addr::{Address, Endpoint, InetFamily};
use crate::id::{Cookie, IfIndex, Inode, Uid};
use crate::socket::inet::InetAttributes;
use crate::socket::netlink::NetlinkText;
use crate::socket::packet::{PacketInfo, PacketText};
use crate::socket::unix::UnixText;
use crate::socket::{
    InetProtocol, InetSocket, NetlinkSocket, PacketSocket, SocketState, TextColumns, Timer,
    TimerKind, UnixSocket,
};

/// The files of an Internet protocol's table under `/proc`: `net/tcp`, `net/tcp6`.
#[must_use]
pub fn inet_file(family: InetFamily, protocol: InetProtocol) -> Option<&'static str> {
    Some(match (protocol, family) {
        (InetProtocol::TCP, InetFamily::V4) => "net/tcp",
        (InetProtocol::TCP, InetFamily::V6) => "net/tcp6",
        (InetProtocol::UDP, InetFamily::V4) => "net/udp",
        (InetProtocol::UDP, InetFamily::V6) => "net/udp6",
        (InetProtocol::UDPLITE, InetFamily::V4) => "net/udplite",
        (InetProtocol::UDPLITE, InetFamily::V6) => "net/udplite6",
        (InetProtocol::RAW, InetFamily::V4) => "net/raw",
        (InetProtocol::RAW, InetFamily::V6) => "net/raw6",
        (InetProtocol::ICMP, InetFamily::V4) => "net/icmp",
        (InetProtocol::ICMPV6, InetFamily::V6) => "net/icmp6",
        _ => return None,
    })
}

/// A line of `/proc/net/{tcp,udp,udplite,raw,icmp}{,6}`:
/// `sl: local rem st tx:rx tr:when retrnsmt uid timeout inode ref pointer …`.
///
/// `None` when a column up to and including `inode` is missing or no number. The Internet family
/// follows the length of the local address (8 or 32 digits), as the text has no other mark.
#[must_use]
pub fn inet_line(line: &[u8], protocol: InetProtocol) -> Option<InetSocket<'_>> {
    let mut fields = Fields(line);
    fields.word_until(b':')?;
    fields.eat(b':').then_some(())?;
    let local_text = fields.word()?;
    let peer_text = fields.word()?;
    let local = endpoint(local_text)?;
    let peer = endpoint(peer_text)?;
    let state = fields.hex()?;
    let send_queue = fields.hex()?;
    fields.eat(b':').then_some(())?;
    let recv_queue = fields.hex()?;
    let timer = fields.hex()?;
    fields.eat(b':').then_some(())?;
    let when = fields.hex()?;
    let retransmits = fields.hex()?;
    let uid = fields.decimal()?;
    let timeout = fields.signed()?;
    let inode = fields.decimal()?;
    let references = fields.decimal().unwrap_or(0);
    let pointer = fields.hex().unwrap_or(0);
    let counted = if timer == 1 {
        retransmits
    } else {
        timeout.cast_unsigned()
    };
    Some(InetSocket {
        family: local.address.family,
        protocol,
        state: SocketState(low8(state)),
        local,
        peer,
        interface: IfIndex(0),
        cookie: Cookie(0),
        timer: Timer {
            kind: TimerKind(low8(timer)),
            retransmits: low8(counted),
            // USER_HZ is 100 on every architecture that has netlink.
            expires: low32(when.wrapping_mul(10)),
        },
        recv_queue: low32(recv_queue),
        send_queue: low32(send_queue),
        uid: Uid(low32(uid)),
        inode: Inode(inode),
        attributes: InetAttributes::default(),
        text: Some(TextColumns {
            local: local_text,
            peer: peer_text,
            timer: low32(timer),
            when,
            retransmits: low32(retransmits),
            timeout: low32(timeout.cast_unsigned()),
            references: low32(references),
            pointer,
            rest: fields.0,
        }),
    })
}

/// `0100007F:1F90`, or with 32 digits: 32-bit words in host order, the port as a number.
fn endpoint(text: &[u8]) -> Option<Endpoint> {
    let colon = text.iter().position(|&byte| byte == b':')?;
    let (address, port) = (text.get(..colon)?, text.get(colon + 1..)?);
    let mut fields = Fields(port);
    let port = u16::try_from(fields.hex()?).ok()?;
    let address = match address.len() {
        8 => Address::v4(word(address)?),
        32 => {
            let mut bytes = [0; 16];
            for (target, digits) in bytes.chunks_exact_mut(4).zip(address.chunks_exact(8)) {
                target.copy_from_slice(&word(digits)?);
            }
            Address::v6(bytes)
        }
        _ => return None,
    };
    Some(Endpoint { address, port })
}

/// Eight digits: a 32-bit word in host order, whose memory is the address.
fn word(digits: &[u8]) -> Option<[u8; 4]> {
    let mut value = 0u32;
    for &digit in digits {
        value = value << 4 | u32::from(hex_digit(digit)?);
    }
    Some(value.to_ne_bytes())
}

/// A line of `/proc/net/unix`: `Num: RefCount Protocol Flags Type St Inode Path`.
///
/// `None` when a column up to and including `St` is missing. The name is everything behind the
/// blank after the inode, as written.
#[must_use]
pub fn unix_line(line: &[u8]) -> Option<UnixSocket<'_>> {
    let mut fields = Fields(line);
    let pointer = fields.word_until(b':')?;
    fields.eat(b':').then_some(())?;
    let references = low32(fields.hex()?);
    let protocol = low32(fields.hex()?);
    let flags = low32(fields.hex()?);
    let kind = fields.hex()?;
    let state = low32(fields.hex()?);
    let inode = fields.decimal().unwrap_or(0);
    let name = fields.0.strip_prefix(b" ").filter(|name| !name.is_empty());
    Some(UnixSocket {
        kind: u16::try_from(kind).unwrap_or(u16::MAX),
        state: unix_state(flags, state),
        inode: Inode(inode),
        cookie: Cookie(0),
        name,
        file: None,
        peer: None,
        pending: None,
        queues: None,
        memory: None,
        shutdown: None,
        uid: None,
        text: Some(UnixText {
            pointer,
            references,
            protocol,
            flags,
            state,
        }),
    })
}

/// `enum socket_state` and the listening flag in TCP's numbers.
fn unix_state(flags: u32, state: u32) -> SocketState {
    const LISTENING: u32 = 0x10000;
    if flags & LISTENING != 0 {
        return SocketState::LISTEN;
    }
    match state {
        1 => SocketState::CLOSE,
        2 => SocketState::SYN_SENT,
        3 => SocketState::ESTABLISHED,
        4 => SocketState::CLOSING,
        _ => SocketState(0),
    }
}

/// A line of `/proc/net/netlink`: `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode`.
#[must_use]
pub fn netlink_line(line: &[u8]) -> Option<NetlinkSocket<'_>> {
    let mut fields = Fields(line);
    let pointer = fields.hex()?;
    let protocol = fields.decimal()?;
    let port_id = fields.signed()?;
    let groups = low32(fields.hex()?);
    let rmem = low32(fields.decimal()?);
    let wmem = low32(fields.decimal()?);
    let callback = fields.hex()?;
    let _locks = fields.decimal();
    let _drops = fields.decimal();
    let inode = fields.decimal().unwrap_or(0);
    Some(NetlinkSocket {
        kind: 0,
        protocol: low8(protocol),
        state: SocketState(0),
        port_id: low32(port_id.cast_unsigned()),
        peer_port_id: 0,
        peer_group: 0,
        inode: Inode(inode),
        cookie: Cookie(0),
        memory: None,
        groups: None,
        text: Some(NetlinkText {
            pointer,
            groups,
            rmem,
            wmem,
            callback,
        }),
    })
}

/// A line of `/proc/net/packet`: `sk RefCnt Type Proto Iface R Rmem User Inode`.
#[must_use]
pub fn packet_line(line: &[u8]) -> Option<PacketSocket<'static>> {
    let mut fields = Fields(line);
    let pointer = fields.hex()?;
    let references = low32(fields.decimal()?);
    let kind = fields.decimal()?;
    let protocol = fields.hex()?;
    let interface = fields.signed()?;
    let running = fields.decimal()? != 0;
    let rmem = low32(fields.decimal()?);
    let uid = low32(fields.decimal()?);
    let inode = fields.decimal()?;
    Some(PacketSocket {
        kind: low8(kind),
        protocol: u16::try_from(protocol & 0xffff).unwrap_or(0),
        inode: Inode(inode),
        cookie: Cookie(0),
        info: Some(PacketInfo {
            interface: IfIndex(low32(interface.cast_unsigned())),
            ..PacketInfo::default()
        }),
        rx_ring: None,
        tx_ring: None,
        fanout: None,
        uid: Some(Uid(uid)),
        memory: None,
        filter: None,
        text: Some(PacketText {
            pointer,
            references,
            running,
            rmem,
        }),
    })
}

fn low32(value: u64) -> u32 {
    value as u32
}

fn low8(value: u64) -> u8 {
    value as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tcp_line_of_the_kernel_is_read_column_by_column() {
        let line = b"   0: 0100007F:1F90 0200007F:C350 01 00000010:00000020 02:000000FA 00000003  1000        7 4378914 2 0000000000000abc 20 4 30 10 -1";
        let socket = inet_line(line, InetProtocol::TCP).unwrap();
        assert_eq!(socket.local.address, Address::v4([127, 0, 0, 1]));
        assert_eq!(socket.local.port, 8080);
        assert_eq!(socket.peer.address, Address::v4([127, 0, 0, 2]));
        assert_eq!((socket.send_queue, socket.recv_queue), (16, 32));
        assert_eq!(socket.timer.kind, TimerKind::KEEPALIVE);
        assert_eq!(socket.timer.expires, 2500);
        assert_eq!(socket.timer.retransmits, 7);
        assert_eq!(socket.inode, Inode(4_378_914));
        let text = socket.text.unwrap();
        assert_eq!(text.pointer, 0xabc);
        assert_eq!(text.rest, b" 20 4 30 10 -1");
    }

    #[test]
    fn a_cut_line_is_refused_not_misread() {
        let line =
            b"   0: 0100007F:1F90 0200007F:C350 01 00000010:00000020 02:000000FA 00000003  1000";
        for length in 0..line.len() {
            assert!(inet_line(&line[..length], InetProtocol::TCP).is_none());
        }
    }

    #[test]
    fn a_unix_name_keeps_its_blanks() {
        let line = b"ffff888: 00000002 00000000 00010000 0001 01 4711 /run/a b:c";
        let socket = unix_line(line).unwrap();
        assert_eq!(socket.name, Some(&b"/run/a b:c"[..]));
        assert_eq!(socket.state, SocketState::LISTEN);
    }
}
