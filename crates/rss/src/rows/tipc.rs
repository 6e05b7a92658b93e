//! Rows of TIPC sockets.

use applet::Streams;
use sockcore::socket::TipcSocket;

use super::{Rows, uid_inode_cookie};
use crate::layout::Column;
use crate::text::{decimal, labelled, labelled_signed};

impl Rows<'_> {
    pub(super) fn tipc(&mut self, socket: &TipcSocket, streams: &mut Streams<'_>) {
        let netid: &[u8] = match socket.kind {
            1 => b"ti_st",
            2 => b"ti_dg",
            4 => b"ti_rd",
            5 => b"ti_sq",
            _ => b"???",
        };
        let queues = (socket.recv_queue, socket.send_queue);
        self.begin(netid, socket.state, queues, streams);
        let cell = self.layout.cell(Column::Local);
        decimal(cell, socket.node);
        cell.push(b':');
        decimal(self.layout.cell(Column::LocalPort), socket.reference);
        let cell = self.layout.cell(Column::Peer);
        match &socket.connection {
            Some(connection) => {
                decimal(cell, connection.node);
                cell.push(b':');
                decimal(self.layout.cell(Column::PeerPort), connection.socket);
            }
            None => {
                cell.push(b'-');
                self.layout.cell(Column::PeerPort);
            }
        }
        if self.show.details {
            let cell = self.layout.cell(Column::Process);
            uid_inode_cookie(cell, socket.uid, socket.inode.0, socket.cookie.0);
        }
        self.process(socket.inode);
        let cell = self.layout.cell(Column::Details);
        if self.show.tipc {
            cell.extend_from_slice(if self.show.one_line { b" " } else { b"\n " });
            write_internals(cell, socket);
        }
    }
}

fn write_internals(out: &mut Vec<u8>, socket: &TipcSocket) {
    out.extend_from_slice(b"type:");
    out.extend_from_slice(match socket.kind {
        0 => b"UNKNOWN",
        1 => b"STREAM",
        2 => b"DGRAM",
        4 => b"RDM",
        5 => b"SEQPACKET",
        _ => b"(null)",
    });
    out.extend_from_slice(b" cong:");
    out.extend_from_slice(if socket.link_congested {
        b"link"
    } else if socket.connection_congested {
        b"conn"
    } else {
        b"none"
    });
    labelled_signed(out, "  drop:", socket.drops);
    out.push(b' ');
    if socket.published {
        out.extend_from_slice(b" publ");
    }
    if let Some(connection) = socket.connection.filter(|connection| connection.by_name) {
        labelled(out, " via {", connection.kind);
        labelled(out, ",", connection.instance);
        out.extend_from_slice(b"} ");
    }
}
