//! What one socket's row says: which text stands in which column, by family.

mod inet;
mod netlink;
mod packet;
mod tipc;
mod unix;
mod vsock;
mod xdp;

use std::ops::ControlFlow;

use applet::Streams;
use sockcore::id::{Inode, Uid};
use sockcore::names::NameService;
use sockcore::socket::{Socket, SocketMemory, SocketState};

use crate::cgroups::Cgroups;
use crate::layout::{Column, Layout};
use crate::names::Names;
use crate::options::Show;
use crate::owners::Owners;
use crate::resolve::Plan;
use crate::storage::StoredValues;
use crate::tables::TableSet;
use crate::text::{decimal, hex, labelled};
use crate::wanted::Noted;

pub(crate) use inet::association_state;
pub(crate) use netlink::ProtocolNames;

/// Writes rows, and keeps what one row needs to know of those before it.
pub(crate) struct Rows<'p> {
    pub(crate) layout: Layout,
    pub(crate) names: Names<'p>,
    pub(crate) tables: TableSet,
    pub(crate) show: Show,
    pub(crate) numeric: bool,
    owners: Option<Owners>,
    /// A first pass: rows are noted here, and not written.
    pub(crate) noted: Option<Noted>,
    cgroups: Cgroups,
    stored: StoredValues,
    netlink_names: Option<ProtocolNames>,
    /// The inode of the Internet socket shown before this one.
    last_inode: Inode,
}

impl<'p> Rows<'p> {
    /// Rows for a plan; the owners when they are wanted.
    pub(crate) fn new(plan: &'p Plan, names: &'p dyn NameService, owners: Option<Owners>) -> Self {
        let selection = &plan.selection;
        let mut disabled = Vec::new();
        if selection.tables.len() == 1 {
            disabled.push(Column::Netid);
        }
        if selection.states.len() == 1 {
            disabled.push(Column::State);
        }
        if !plan.queues {
            disabled.extend([Column::RecvQueue, Column::SendQueue]);
        }
        if !plan.show.processes {
            disabled.push(Column::Process);
        }
        Self {
            layout: Layout::new(&disabled, plan.width),
            names: Names::new(names, &plan.sources.root, plan.numeric, plan.resolve),
            tables: selection.tables,
            show: plan.show,
            numeric: plan.numeric,
            owners,
            noted: None,
            cgroups: Cgroups::default(),
            stored: StoredValues::default(),
            netlink_names: None,
            last_inode: Inode(0),
        }
    }

    /// Rows of a first pass, which tells whose owners the second one will show.
    pub(crate) fn noting(plan: &'p Plan, names: &'p dyn NameService) -> Self {
        Self {
            noted: Some(Noted::default()),
            ..Self::new(plan, names, None)
        }
    }

    /// Whether another row is of use.
    #[inline]
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        match &self.noted {
            None => ControlFlow::Continue(()),
            Some(noted) => noted.flow(),
        }
    }

    /// The maps that stored values are written of; others are opened when they are met.
    pub(crate) fn know_maps(&mut self, stored: StoredValues) {
        self.stored = stored;
    }

    /// Writes one socket's row, if its table or family is shown.
    #[inline]
    pub(crate) fn write(&mut self, socket: &Socket<'_>, streams: &mut Streams<'_>) {
        if let Some(noted) = &mut self.noted {
            return noted.note(socket);
        }
        match socket {
            Socket::Inet(socket) => self.inet(socket, streams),
            Socket::Unix(socket) => self.unix(socket, streams),
            Socket::Netlink(socket) => self.netlink(socket, streams),
            Socket::Packet(socket) => self.packet(socket, streams),
            Socket::Vsock(socket) => self.vsock(socket, streams),
            Socket::Tipc(socket) => self.tipc(socket, streams),
            Socket::Xdp(socket) => self.xdp(socket, streams),
        }
    }

    /// The first four columns.
    #[inline]
    fn begin(
        &mut self,
        netid: &[u8],
        state: SocketState,
        queues: (u32, u32),
        streams: &mut Streams<'_>,
    ) {
        self.layout.begin_row(&mut streams.out);
        self.layout.cell(Column::Netid).extend_from_slice(netid);
        let name = state_name(state);
        self.layout.cell(Column::State).extend_from_slice(name);
        self.queues(queues.0, queues.1);
    }

    #[inline]
    fn queues(&mut self, recv: u32, send: u32) {
        crate::text::signed(self.layout.cell(Column::RecvQueue), recv);
        crate::text::signed(self.layout.cell(Column::SendQueue), send);
    }

    /// The column of those who hold the socket.
    #[inline]
    fn process(&mut self, inode: Inode) {
        let Some(owners) = &mut self.owners else {
            return;
        };
        if self.layout.shows(Column::Process) {
            owners.write(self.layout.cell(Column::Process), inode);
        }
    }
}

/// Texts that several families' details have.
pub(crate) fn uid_inode_cookie(out: &mut Vec<u8>, uid: Uid, inode: u64, cookie: u64) {
    if uid.0 != 0 {
        labelled(out, " uid:", uid.0);
    }
    labelled(out, " ino:", inode);
    out.extend_from_slice(b" sk:");
    hex(out, cookie, 1);
}

/// ` skmem:(…)`
pub(crate) fn memory(out: &mut Vec<u8>, memory: &SocketMemory<'_>) {
    let items = [
        (" skmem:(r", memory.rmem_alloc()),
        (",rb", memory.rcvbuf()),
        (",t", memory.wmem_alloc()),
        (",tb", memory.sndbuf()),
        (",f", memory.fwd_alloc()),
        (",w", memory.wmem_queued()),
        (",o", memory.optmem()),
    ];
    for (label, value) in items {
        labelled(out, label, value.unwrap_or(0));
    }
    for (label, value) in [(",bl", memory.backlog()), (",d", memory.drops())] {
        if let Some(value) = value {
            out.extend_from_slice(label.as_bytes());
            decimal(out, value);
        }
    }
    out.push(b')');
}

/// What stands before a group of details that has a line of its own.
fn new_line(out: &mut Vec<u8>, one_line: bool) {
    out.extend_from_slice(if one_line { b" " } else { b"\n\t" });
}

fn state_name(state: SocketState) -> &'static [u8] {
    const NAMES: [&[u8]; 14] = [
        b"UNKNOWN",
        b"ESTAB",
        b"SYN-SENT",
        b"SYN-RECV",
        b"FIN-WAIT-1",
        b"FIN-WAIT-2",
        b"TIME-WAIT",
        b"UNCONN",
        b"CLOSE-WAIT",
        b"LAST-ACK",
        b"LISTEN",
        b"CLOSING",
        b"UNDEF",
        b"UNDEF",
    ];
    NAMES.get(usize::from(state.0)).copied().unwrap_or(b"UNDEF")
}
