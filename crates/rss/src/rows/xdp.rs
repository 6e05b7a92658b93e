//! Rows of XDP sockets.

use applet::Streams;
use sockcore::socket::{SocketState, XdpSocket};

use super::{Rows, memory, new_line, uid_inode_cookie};
use crate::layout::Column;
use crate::text::labelled;

impl Rows<'_> {
    pub(super) fn xdp(&mut self, socket: &XdpSocket<'_>, streams: &mut Streams<'_>) {
        let recv_queue = socket.memory.and_then(|told| told.rmem_alloc());
        let queues = (recv_queue.unwrap_or(0), 0);
        self.begin(b"xdp", SocketState::CLOSE, queues, streams);
        match socket.info {
            Some(info) if info.interface.0 != 0 => {
                let cell = self.layout.cell(Column::Local);
                self.names.device(cell, info.interface);
                cell.push(b':');
                labelled(self.layout.cell(Column::LocalPort), "q", info.queue);
            }
            _ => {
                self.layout.cell(Column::Local).push(b'*');
                self.layout.cell(Column::LocalPort);
            }
        }
        self.layout.cell(Column::Peer).push(b'*');
        self.layout.cell(Column::PeerPort);
        self.process(socket.inode);
        let one_line = self.show.one_line;
        let cell = self.layout.cell(Column::Details);
        if self.show.details {
            let uid = socket.uid.unwrap_or_default();
            uid_inode_cookie(cell, uid, socket.inode.0, socket.cookie.0);
            write_details(cell, socket, one_line);
        }
        if let Some(told) = socket.memory.filter(|_| self.show.memory) {
            memory(cell, &told);
        }
    }
}

fn write_details(out: &mut Vec<u8>, socket: &XdpSocket<'_>, one_line: bool) {
    let ring = |out: &mut Vec<u8>, label: &str, entries: Option<u32>| {
        if let Some(entries) = entries {
            new_line(out, one_line);
            labelled(out, label, entries);
            out.push(b')');
        }
    };
    ring(out, "rx(entries:", socket.rx_ring);
    ring(out, "tx(entries:", socket.tx_ring);
    if let Some(umem) = &socket.umem {
        // On one line the original's separator has kept the letter of the tab.
        out.extend_from_slice(if one_line { b" t" } else { b"\n\t" });
        labelled(out, "umem(id:", umem.id);
        labelled(out, ",size:", umem.size);
        labelled(out, ",num_pages:", umem.num_pages);
        labelled(out, ",chunk_size:", umem.chunk_size);
        labelled(out, ",headroom:", umem.headroom);
        labelled(out, ",ifindex:", umem.interface.0);
        labelled(out, ",qid:", umem.queue);
        labelled(out, ",zc:", umem.flags & 1);
        labelled(out, ",refs:", umem.refs);
        out.push(b')');
        ring(out, "fr(entries:", socket.fill_ring);
        ring(out, "cr(entries:", socket.completion_ring);
    }
    if let Some(stats) = &socket.stats {
        new_line(out, one_line);
        labelled(out, "stats(rx dropped:", stats.rx_dropped);
        labelled(out, ",rx invalid:", stats.rx_invalid);
        labelled(out, ",rx queue full:", stats.rx_full);
        labelled(out, ",rx fill ring empty:", stats.fill_ring_empty);
        labelled(out, ",tx invalid:", stats.tx_invalid);
        labelled(out, ",tx ring empty:", stats.tx_ring_empty);
        out.push(b')');
    }
}
