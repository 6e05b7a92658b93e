//! Rows of unix sockets.

use applet::Streams;
use sockcore::socket::UnixSocket;

use super::{Rows, memory};
use crate::details::inet::arrows;
use crate::layout::Column;
use crate::tables::TableSet;
use crate::text::{decimal, labelled};

impl Rows<'_> {
    pub(super) fn unix(&mut self, socket: &UnixSocket<'_>, streams: &mut Streams<'_>) {
        let (netid, table): (&[u8], _) = match socket.kind {
            1 => (b"u_str", TableSet::UNIX_STREAM),
            2 => (b"u_dgr", TableSet::UNIX_DGRAM),
            5 => (b"u_seq", TableSet::UNIX_SEQPACKET),
            // Of no table, and so of all: also a line of the text that broke off.
            _ => (b"u_dgr", TableSet::NONE),
        };
        if table != TableSet::NONE && !self.tables.meets(table) {
            return;
        }
        let queues = socket
            .queues
            .map_or((0, 0), |queues| (queues.recv, queues.send));
        self.begin(netid, socket.state, queues, streams);
        let cell = self.layout.cell(Column::Local);
        write_name(cell, socket);
        cell.push(b' ');
        decimal(self.layout.cell(Column::LocalPort), socket.inode.0);
        self.layout.cell(Column::Peer).extend_from_slice(b"* ");
        let peer = socket.peer.map_or(0, |peer| peer.0);
        decimal(self.layout.cell(Column::PeerPort), peer);
        self.process(socket.inode);

        let cell = self.layout.cell(Column::Details);
        if let Some(told) = socket.memory.filter(|_| self.show.memory) {
            memory(cell, &told);
        }
        if self.show.details {
            details(cell, socket);
        }
    }
}

/// The name as it is, except that of an abstract one each NUL is written `@`.
fn write_name(out: &mut Vec<u8>, socket: &UnixSocket<'_>) {
    match socket.name {
        None => out.push(b'*'),
        Some([0, ..]) => {
            let name = socket.name.unwrap_or_default();
            out.extend(name.iter().map(|&byte| if byte == 0 { b'@' } else { byte }));
        }
        Some(name) => {
            let path = name.split(|&byte| byte == 0).next();
            out.extend_from_slice(path.unwrap_or_default());
        }
    }
}

fn details(out: &mut Vec<u8>, socket: &UnixSocket<'_>) {
    if let Some(shutdown) = socket.shutdown {
        arrows(out, shutdown);
    }
    if let Some(file) = socket.file {
        labelled(out, " ino:", file.inode);
        // The kernel's own number of the device, taken apart as if it were a program's.
        let device = file.device;
        labelled(out, " dev:", device >> 8 & 0xfff);
        labelled(out, "/", device & 0xff | device >> 12 & 0xf_ff00);
    }
    if let Some(pending) = socket.pending {
        out.extend_from_slice(b" peers:");
        for inode in pending.iter() {
            labelled(out, " ", inode);
        }
    }
}
