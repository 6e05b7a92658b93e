//! Rows of netlink sockets.

use applet::Streams;
use sockcore::id::Pid;
use sockcore::procfs::context;
use sockcore::procfs::lines::Fields;
use sockcore::procfs::process::{ProcessDir, open_root};
use sockcore::socket::{NetlinkSocket, SocketState};

use super::{Rows, memory};
use crate::layout::Column;
use crate::owners::push_context;
use crate::text::{decimal, hex, signed};

/// The names of netlink protocols.
pub(crate) struct ProtocolNames(Vec<Option<Vec<u8>>>);

/// Names that a file of the system may replace.
static NAMES: &[(u8, &str)] = &[
    (0, "rtnl"),
    (1, "unused"),
    (2, "usersock"),
    (3, "fw"),
    (4, "tcpdiag"),
    (5, "nflog"),
    (6, "xfrm"),
    (7, "selinux"),
    (8, "iscsi"),
    (9, "audit"),
    (10, "fiblookup"),
    (11, "connector"),
    (12, "nft"),
    (13, "ip6fw"),
    (14, "dec-rt"),
    (15, "uevent"),
    (16, "genl"),
    (18, "scsi-trans"),
    (19, "ecryptfs"),
    (20, "rdma"),
    (21, "crypto"),
];

impl ProtocolNames {
    /// The known names, with what the system's file says of them.
    pub(crate) fn read() -> Self {
        let mut names = Self(vec![None; 256]);
        for (number, name) in NAMES {
            names.set(u64::from(*number), name.as_bytes());
        }
        let text = std::fs::read("/etc/iproute2/nl_protos")
            .or_else(|_| std::fs::read("/usr/share/iproute2/nl_protos"));
        for line in text.unwrap_or_default().split(|&byte| byte == b'\n') {
            let mut fields = Fields(line);
            fields.skip_space();
            let number = match fields.0 {
                [b'0', b'x', ..] => {
                    fields.0 = fields.0.get(2..).unwrap_or_default();
                    fields.hex()
                }
                _ => fields.decimal(),
            };
            if let (Some(number), Some(name)) = (number, fields.word()) {
                names.set(number, name);
            }
        }
        names
    }

    fn set(&mut self, number: u64, name: &[u8]) {
        let slot = usize::try_from(number).ok();
        if let Some(slot) = slot.and_then(|number| self.0.get_mut(number)) {
            *slot = Some(name.to_vec());
        }
    }

    /// The name of a protocol.
    pub(crate) fn of(&self, protocol: u8) -> Option<&[u8]> {
        self.0.get(usize::from(protocol))?.as_deref()
    }

    /// The protocol of a name.
    pub(crate) fn number(&self, name: &[u8]) -> Option<u8> {
        let number = self
            .0
            .iter()
            .position(|known| known.as_deref() == Some(name))?;
        u8::try_from(number).ok()
    }
}

impl Rows<'_> {
    pub(super) fn netlink(&mut self, socket: &NetlinkSocket<'_>, streams: &mut Streams<'_>) {
        let queues = match (&socket.text, socket.memory) {
            (Some(text), _) => (text.rmem, text.wmem),
            (None, Some(told)) => (
                told.rmem_alloc().unwrap_or(0),
                told.wmem_alloc().unwrap_or(0),
            ),
            (None, None) => (0, 0),
        };
        self.begin(b"nl", SocketState::CLOSE, queues, streams);

        let names = self.netlink_names.get_or_insert_with(ProtocolNames::read);
        let cell = self.layout.cell(Column::Local);
        match names.of(socket.protocol).filter(|_| !self.numeric) {
            Some(name) => cell.extend_from_slice(name),
            None => decimal(cell, socket.protocol),
        }
        cell.push(b':');
        let cell = self.layout.cell(Column::LocalPort);
        let port = socket.port_id.cast_signed();
        match port {
            -1 => cell.push(b'*'),
            _ if self.numeric => signed(cell, socket.port_id),
            0 => cell.extend_from_slice(b"kernel"),
            1.. => self.write_owner(socket.port_id),
            _ => signed(cell, socket.port_id),
        }
        if socket.state == SocketState::ESTABLISHED {
            let cell = self.layout.cell(Column::Peer);
            signed(cell, socket.peer_group);
            cell.push(b':');
            signed(self.layout.cell(Column::PeerPort), socket.peer_port_id);
        } else {
            self.layout.cell(Column::Peer).push(b'*');
            self.layout.cell(Column::PeerPort);
        }

        // These details stand in the column of processes, and no others follow.
        let cell = self.layout.cell(Column::Process);
        if self.show.process_context {
            cell.extend_from_slice(b" proc_ctx=");
            push_context(cell, context_of(&self.names, port));
        }
        if self.show.details {
            let (pointer, callback, groups) = match &socket.text {
                Some(text) => (text.pointer, text.callback, text.groups),
                None => (0, 0, first_groups(socket.groups.unwrap_or_default())),
            };
            cell.extend_from_slice(b" sk=");
            hex(cell, pointer, 1);
            cell.extend_from_slice(b" cb=");
            hex(cell, callback, 1);
            cell.extend_from_slice(b" groups=0x");
            hex(cell, groups, 8);
        }
        if self.show.memory && socket.text.is_none() {
            cell.push(b'\t');
            if let Some(told) = &socket.memory {
                memory(cell, told);
            }
        }
    }

    /// Writes the process whose number the port is, if there is one.
    fn write_owner(&mut self, port: u32) {
        let cell = self.layout.cell(Column::LocalPort);
        let mut line = Vec::new();
        let process = open_root(self.names.root())
            .and_then(|root| ProcessDir::open(std::os::fd::AsFd::as_fd(&root), Pid(port)));
        let line = process.and_then(|process| process.stat_line(&mut line));
        match line.ok().and_then(|line| line.command_to_first_close()) {
            Some(name) => {
                cell.extend_from_slice(name);
                cell.push(b'/');
                decimal(cell, port);
            }
            None => signed(cell, port),
        }
    }
}

/// The security context of a port's owner: 0 is the kernel, positive a process.
fn context_of(names: &crate::names::Names<'_>, port: i32) -> Option<Vec<u8>> {
    if port == 0 {
        return context::of_kernel();
    }
    let root = open_root(names.root()).ok()?;
    let pid = Pid(u32::try_from(port).ok()?);
    let process = ProcessDir::open(std::os::fd::AsFd::as_fd(&root), pid).ok()?;
    context::of_process(&process)
}

/// The first 32 groups of the bitmap.
fn first_groups(bitmap: &[u8]) -> u32 {
    // The bitmap is of native longs; the first one is cut to 32 bits.
    let long = bitmap.first_chunk::<8>();
    long.map_or(0, |long| u64::from_ne_bytes(*long) as u32)
}
