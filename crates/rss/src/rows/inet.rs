//! Rows of Internet sockets.

use applet::Streams;
use sockcore::addr::Address;
use sockcore::id::Inode;
use sockcore::socket::{InetProtocol, InetSocket};

use super::{Rows, state_name};
use crate::details;
use crate::layout::Column;
use crate::names::Names;
use crate::text;

impl Rows<'_> {
    pub(super) fn inet(&mut self, socket: &InetSocket<'_>, streams: &mut Streams<'_>) {
        let protocol = match socket.told_protocol() {
            // The text table does not say which protocol a raw socket takes.
            InetProtocol::RAW if socket.text.is_some() => InetProtocol(0),
            told => told,
        };
        self.layout.begin_row(&mut streams.out);
        // An association of an SCTP endpoint stands below the endpoint.
        if protocol == InetProtocol::SCTP
            && socket.inode == self.last_inode
            && socket.inode != Inode(0)
        {
            let state = self.layout.cell(Column::State);
            state.extend_from_slice(b"`- ");
            state.extend_from_slice(association_state(socket.state.0.into()));
        } else {
            let netid = netid(protocol);
            self.layout.cell(Column::Netid).extend_from_slice(netid);
            let state = state_name(socket.state);
            self.layout.cell(Column::State).extend_from_slice(state);
        }
        self.last_inode = socket.inode;
        self.queues(socket.recv_queue, socket.send_queue);

        let v6_only = socket.attributes.v6_only.is_some_and(|value| value != 0);
        let cell = self.layout.cell(Column::Local);
        write_address(cell, &mut self.names, &socket.local.address, v6_only);
        if socket.interface.0 != 0 {
            cell.push(b'%');
            self.names.device(cell, socket.interface);
        }
        cell.push(b':');
        let cell = self.layout.cell(Column::LocalPort);
        self.names.port(cell, socket.local.port);
        let cell = self.layout.cell(Column::Peer);
        write_address(cell, &mut self.names, &socket.peer.address, v6_only);
        cell.push(b':');
        let cell = self.layout.cell(Column::PeerPort);
        self.names.port(cell, socket.peer.port);

        self.process(socket.inode);
        let cell = self.layout.cell(Column::Details);
        if self.show.tells_of_inet() {
            let mut context = details::Context {
                show: self.show,
                numeric: self.numeric,
                names: &mut self.names,
                cgroups: &mut self.cgroups,
                streams,
            };
            details::inet::write(cell, socket, &mut context);
        }
        if let Some(storages) = socket.attributes.bpf_storages {
            let cell = self.layout.cell(Column::Details);
            self.stored
                .write(cell, storages, self.show.one_line, streams);
        }
    }
}

/// Writes an address the way a cell shows it: the unspecified IPv6 address of a socket that also
/// takes IPv4 is `*`.
#[inline]
fn write_address(out: &mut Vec<u8>, names: &mut Names<'_>, address: &Address, v6_only: bool) {
    let is_v6 = address.family == sockcore::addr::InetFamily::V6;
    if is_v6 && !v6_only && address.is_unspecified() {
        out.push(b'*');
        return;
    }
    if let Some(host) = names.host(address) {
        return bracketed(out, host);
    }
    if is_v6 {
        out.push(b'[');
    }
    text::address(out, address);
    if is_v6 {
        out.push(b']');
    }
}

/// A host name, in brackets if it could be taken for an address and a port.
fn bracketed(out: &mut Vec<u8>, host: &[u8]) {
    if host.contains(&b':') {
        out.push(b'[');
        out.extend_from_slice(host);
        out.push(b']');
    } else {
        out.extend_from_slice(host);
    }
}

fn netid(protocol: InetProtocol) -> &'static [u8] {
    match protocol {
        InetProtocol::TCP => b"tcp",
        InetProtocol::UDP => b"udp",
        InetProtocol::MPTCP => b"mptcp",
        InetProtocol::SCTP => b"sctp",
        InetProtocol::ICMPV6 => b"icmp6",
        InetProtocol(0) => b"raw",
        _ => b"???",
    }
}

/// The state of an SCTP association.
pub(crate) fn association_state(state: u32) -> &'static [u8] {
    const NAMES: [&[u8]; 8] = [
        b"CLOSED",
        b"COOKIE_WAIT",
        b"COOKIE_ECHOED",
        b"ESTAB",
        b"SHUTDOWN_PENDING",
        b"SHUTDOWN_SENT",
        b"SHUTDOWN_RECEIVED",
        b"ACK_SENT",
    ];
    usize::try_from(state)
        .ok()
        .and_then(|state| NAMES.get(state))
        .copied()
        .unwrap_or(b"(null)")
}
