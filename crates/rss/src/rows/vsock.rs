//! Rows of vsock sockets.

use applet::Streams;
use sockcore::socket::VsockSocket;

use super::Rows;
use crate::layout::Column;
use crate::tables::TableSet;
use crate::text::decimal;

impl Rows<'_> {
    pub(super) fn vsock(&mut self, socket: &VsockSocket, streams: &mut Streams<'_>) {
        let (netid, table): (&[u8], _) = match socket.kind {
            1 => (b"v_str", TableSet::VSOCK_STREAM),
            2 => (b"v_dgr", TableSet::VSOCK_DGRAM),
            _ => (b"???", TableSet::NONE),
        };
        if table != TableSet::NONE && !self.tables.meets(table) {
            return;
        }
        self.begin(netid, socket.state, (0, 0), streams);
        let cell = self.layout.cell(Column::Local);
        number_or_any(cell, socket.local_cid);
        cell.push(b':');
        number_or_any(self.layout.cell(Column::LocalPort), socket.local_port);
        let cell = self.layout.cell(Column::Peer);
        number_or_any(cell, socket.peer_cid);
        cell.push(b':');
        number_or_any(self.layout.cell(Column::PeerPort), socket.peer_port);
        self.process(socket.inode);
        self.layout.cell(Column::Details);
    }
}

fn number_or_any(out: &mut Vec<u8>, number: u32) {
    if number == u32::MAX {
        out.push(b'*');
    } else {
        decimal(out, number);
    }
}
