//! Rows of packet sockets.

use applet::Streams;
use sockcore::socket::packet::{PacketInfo, PacketRing};
use sockcore::socket::{PacketSocket, SocketState};

use super::{Rows, memory, new_line, uid_inode_cookie};
use crate::ethernet;
use crate::layout::Column;
use crate::text::{decimal, hex, labelled, labelled_signed};

const SOCK_RAW: u8 = 3;

impl Rows<'_> {
    pub(super) fn packet(&mut self, socket: &PacketSocket<'_>, streams: &mut Streams<'_>) {
        let netid: &[u8] = match socket.kind {
            SOCK_RAW => b"p_raw",
            _ => b"p_dgr",
        };
        let recv_queue = match (&socket.text, socket.memory) {
            (Some(text), _) => text.rmem,
            (None, told) => told.and_then(|told| told.rmem_alloc()).unwrap_or(0),
        };
        self.begin(netid, SocketState::CLOSE, (recv_queue, 0), streams);
        let cell = self.layout.cell(Column::Local);
        match ethernet::name(socket.protocol) {
            _ if socket.protocol == ethernet::ALL => cell.push(b'*'),
            Some(name) if !self.numeric => cell.extend_from_slice(name.as_bytes()),
            _ => {
                cell.push(b'[');
                decimal(cell, socket.protocol);
                cell.push(b']');
            }
        }
        cell.push(b':');
        let interface = socket.info.map(|info| info.interface);
        let cell = self.layout.cell(Column::LocalPort);
        match interface.filter(|interface| interface.0 != 0) {
            Some(interface) => self.names.device(cell, interface),
            None => cell.push(b'*'),
        }
        self.layout.cell(Column::Peer).push(b'*');
        self.layout.cell(Column::PeerPort);
        self.process(socket.inode);

        let one_line = self.show.one_line;
        let cell = self.layout.cell(Column::Details);
        if self.show.details {
            let uid = socket.uid.unwrap_or_default();
            uid_inode_cookie(cell, uid, socket.inode.0, socket.cookie.0);
            if let Some(info) = socket.info.filter(|_| socket.text.is_none()) {
                write_info(cell, &info, one_line);
            }
            for (label, ring) in [("ring_rx(", socket.rx_ring), ("ring_tx(", socket.tx_ring)] {
                if let Some(ring) = ring {
                    new_line(cell, one_line);
                    cell.extend_from_slice(label.as_bytes());
                    write_ring(cell, &ring);
                }
            }
            if let Some(fanout) = socket.fanout {
                new_line(cell, one_line);
                write_fanout(cell, fanout);
            }
        }
        if let Some(filter) = socket.filter.filter(|_| self.show.packet_filters) {
            new_line(cell, one_line);
            write_filter(cell, filter);
        }
        if let Some(told) = socket.memory.filter(|_| self.show.memory) {
            memory(cell, &told);
        }
    }
}

fn write_info(out: &mut Vec<u8>, info: &PacketInfo, one_line: bool) {
    const WORDS: [(u32, &[u8]); 5] = [
        (1, b"running"),
        (2, b" auxdata"),
        (4, b" origdev"),
        (8, b" vnethdr"),
        (0x10, b" loss"),
    ];
    new_line(out, one_line);
    labelled_signed(out, "ver:", info.version);
    labelled_signed(out, " cpy_thresh:", info.copy_threshold);
    out.extend_from_slice(b" flags( ");
    if info.flags == 0 {
        out.push(b'0');
    }
    for (bit, word) in WORDS {
        if info.flags & bit != 0 {
            out.extend_from_slice(word);
        }
    }
    out.extend_from_slice(b" )");
}

fn write_ring(out: &mut Vec<u8>, ring: &PacketRing) {
    labelled_signed(out, "blk_size:", ring.block_size);
    labelled_signed(out, ",blk_nr:", ring.block_count);
    labelled_signed(out, ",frm_size:", ring.frame_size);
    labelled_signed(out, ",frm_nr:", ring.frame_count);
    labelled_signed(out, ",tmo:", ring.retire_timeout);
    out.extend_from_slice(b",features:0x");
    hex(out, ring.features, 1);
    out.push(b')');
}

fn write_fanout(out: &mut Vec<u8>, fanout: u32) {
    const KINDS: [&[u8]; 6] = [b"hash", b"lb", b"cpu", b"roll", b"random", b"qm"];
    labelled(out, "fanout(id:", fanout & 0xffff);
    out.extend_from_slice(b",type:");
    let kind = fanout >> 16;
    match KINDS.get(kind as usize) {
        Some(name) => out.extend_from_slice(name),
        None => {
            out.extend_from_slice(b"0x");
            hex(out, kind, 1);
        }
    }
    out.push(b')');
}

/// `struct sock_filter`, one behind the other: code, jump if true, jump if false, operand.
fn write_filter(out: &mut Vec<u8>, filter: &[u8]) {
    let instructions = filter.chunks_exact(8);
    labelled(out, "bpf filter (", instructions.len() as u64);
    out.extend_from_slice(b"): ");
    for instruction in instructions {
        let [c0, c1, jt, jf, k0, k1, k2, k3] = *instruction else {
            continue;
        };
        out.extend_from_slice(b" 0x");
        hex(out, u16::from_ne_bytes([c0, c1]), 2);
        labelled(out, " ", jt);
        labelled(out, " ", jf);
        labelled(out, " ", u32::from_ne_bytes([k0, k1, k2, k3]));
        out.push(b',');
    }
}
