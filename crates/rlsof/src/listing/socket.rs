//! The rows of sockets: found in a table, or named by the kernel.

use std::ffi::CString;

use sockcore::SocketSource;
use sockcore::addr::InetFamily;
use sockcore::guard::FileStat;
use sockcore::id::DeviceId;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::attribute::socket_protocol;
use sockcore::socket::SocketState;

use super::Setting;
use super::descriptor::{Descriptor, device_of};
use super::file::is_socket;
use super::scan::{Holder, Scan};
use crate::endpoints::{Draft, End};
use crate::kinds::{decimal, protocols};
use crate::plan::Shows;
use crate::row::{Info, Kind, Node, Row, Slot, UnixState};
use crate::selection::Bits;
use crate::sockets::{Found, NamedKind, Tables, Transport, Unix};

/// How sockets are looked up.
pub(super) enum Lookup<'t> {
    /// By one thread, which reads a table when a socket gets that far.
    Reading {
        tables: &'t mut Tables,
        source: &'t mut dyn SocketSource,
        root: &'t ProcRoot,
    },
    /// In what was read before.
    Read(&'t Tables),
}

impl Lookup<'_> {
    pub(super) fn is_known(&mut self, inode: u64) -> bool {
        self.find(inode).is_some()
    }

    fn find(&mut self, inode: u64) -> Option<Found<'_>> {
        match self {
            Self::Reading {
                tables,
                source,
                root,
            } => tables.find_or_read(inode, *source, root),
            Self::Read(tables) => tables.find(inode),
        }
    }
}

impl Scan<'_> {
    /// The row of a descriptor that is a socket. `stat`: of the descriptor, where its link did
    /// not say that it is one; then it may be the file of a unix socket.
    pub(super) fn socket(
        &mut self,
        draft: &mut Draft,
        descriptor: &mut Descriptor<'_>,
        inode: u64,
        stat: Option<&FileStat>,
    ) {
        let setting = self.setting;
        let (holder, slot) = (descriptor.holder, descriptor.slot());
        let ends = setting.with_endpoints();
        let verdict = setting.verdict(holder, slot, Bits::NONE, Bits::BY_TABLE);
        if verdict == Some(false) && !ends {
            return;
        }
        let blind = verdict == Some(true) && !ends && !needs_table(&setting.world.gathering.shows);
        let found = if blind { None } else { self.lookup.find(inode) };
        let Some((selected, end)) = setting.judge_socket(holder, slot, inode, found.as_ref())
        else {
            return;
        };
        if !selected && end.is_none() {
            return;
        }
        let mut row = Row::new(slot, Kind::Socket);
        match &found {
            Some(found) => found_row(draft, &mut row, inode, found),
            None => {
                row.node = Node::Inode(inode);
                if setting.world.gathering.shows.name {
                    row.name = draft.process.store(|into| {
                        setting.protocol_name(descriptor, into);
                    });
                }
            }
        }
        if matches!(row.kind, Kind::Socket | Kind::Ipx) && !row.node.is_protocol() {
            let device = match stat {
                Some(stat) => Some(stat.device),
                None => device_of(&setting.socket_device, descriptor, inode),
            };
            if let Some(device) = device {
                row.set_device(device);
            }
        }
        setting.opened(&mut row, descriptor, None);
        self.push(draft, row, selected, end);
    }

    /// The row of a socket mapped into memory, in another mount namespace.
    pub(super) fn mapped_socket(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        stat: &FileStat,
    ) {
        let setting = self.setting;
        let inode = stat.inode.0;
        let found = self.lookup.find(inode);
        let judged = setting.judge_socket(holder, Slot::Memory, inode, found.as_ref());
        let Some((true, _)) = judged else {
            return;
        };
        let mut row = Row::new(Slot::Memory, Kind::Socket);
        match &found {
            Some(found) => found_row(draft, &mut row, inode, found),
            None => {
                row.set_device(stat.device);
                row.name = draft
                    .process
                    .store(|into| into.extend_from_slice(b"can't identify protocol"));
            }
        }
        self.push(draft, row, true, None);
    }
}

/// Whether anything is shown that only the tables tell.
fn needs_table(shows: &Shows) -> bool {
    shows.kind || shows.device || shows.device_text || shows.node || shows.name || shows.info
}

impl Setting<'_> {
    /// Whether the row of a socket is printed, and what it may be matched with by `-E`; `None`:
    /// its state is filtered out, so that it is nothing at all.
    fn judge_socket(
        &self,
        holder: &Holder<'_>,
        slot: Slot,
        inode: u64,
        found: Option<&Found<'_>>,
    ) -> Option<(bool, Option<End>)> {
        let selection = self.world.selection;
        let key = u32::try_from(inode).unwrap_or(0);
        let (own, end) = match found {
            Some(Found::Inet(inet)) => (selection.inet(inet)?, Some(End::Inet(key))),
            Some(Found::Unix(unix)) => {
                let named = selection.has_names()
                    && selection.unix_name(unix.path, self.file_of(unix.path));
                let name = if named { Bits::NAME } else { Bits::NONE };
                (selection.unix().or(name), Some(End::Unix(key)))
            }
            _ => (Bits::NONE, None),
        };
        let end = end.filter(|_| self.with_endpoints());
        Some((self.is_selected(holder, slot, own), end))
    }

    /// Device and inode of the socket's file that its name leads to now.
    fn file_of(&self, path: &[u8]) -> Option<(DeviceId, u64)> {
        if path.first() != Some(&b'/') {
            return None;
        }
        let stat = self.world.reach.stat(&CString::new(path).ok()?).ok()?;
        is_socket(&stat).then_some((stat.device, stat.inode.0))
    }

    /// The name of a socket that no table knows.
    fn protocol_name(&self, descriptor: &Descriptor<'_>, into: &mut Vec<u8>) {
        if self.world.gathering.skip_inet {
            into.extend_from_slice(b"can't identify protocol (-X specified)");
            return;
        }
        let mut number = Vec::new();
        decimal(descriptor.fd.0.into(), &mut number);
        let path = self.path(&descriptor.holder.name, &[b"fd", &number]);
        let mut space = [0; 64];
        let protocol = CString::new(path)
            .ok()
            .and_then(|path| socket_protocol(&path, &mut space).ok());
        match protocol {
            Some(protocol) => {
                into.extend_from_slice(b"protocol: ");
                into.extend_from_slice(protocol);
            }
            None => into.extend_from_slice(b"can't identify protocol"),
        }
    }
}

/// The cells of a socket that a table knows.
fn found_row(draft: &mut Draft, row: &mut Row, inode: u64, found: &Found<'_>) {
    row.node = Node::Inode(inode);
    match found {
        Found::Inet(inet) => {
            row.kind = match inet.family {
                InetFamily::V4 => Kind::V4,
                InetFamily::V6 => Kind::V6,
            };
            row.node = match inet.transport {
                Transport::Tcp => Node::Tcp,
                Transport::Udp => Node::Udp,
                Transport::UdpLite => Node::UdpLite,
            };
            row.device_text = draft.process.store(|into| decimal(inode, into));
            let index = draft.process.inets.len();
            draft.process.inets.push(*inet);
            row.info = Info::Inet(u32::try_from(index).unwrap_or(u32::MAX));
        }
        Found::Unix(unix) => {
            row.kind = Kind::Unix;
            if let Some(pointer) = unix.pointer {
                row.device_text = draft.process.store(|into| {
                    into.extend_from_slice(b"0x");
                    into.extend_from_slice(pointer);
                });
            }
            row.name = draft.process.store(|into| unix_name(unix, into));
            row.info = Info::Unix(unix_state(unix.state));
        }
        Found::Netlink(protocol) => {
            row.kind = Kind::Netlink;
            row.name = draft
                .process
                .store(|into| match protocols::netlink(*protocol) {
                    Some(name) => into.extend_from_slice(name),
                    None => {
                        into.extend_from_slice(b"unknown protocol: ");
                        decimal((*protocol).into(), into);
                    }
                });
        }
        Found::Packet { kind, protocol } => {
            row.kind = Kind::Packet;
            row.node = Node::Ethernet(*protocol);
            row.device_text = draft.process.store(|into| decimal(inode, into));
            row.name = draft
                .process
                .store(|into| protocols::packet_type(*kind, into));
        }
        Found::Named(named) => {
            row.name = draft
                .process
                .store(|into| into.extend_from_slice(named.name));
            row.kind = match named.kind {
                NamedKind::Ax25 => Kind::Ax25,
                NamedKind::Ipx => Kind::Ipx,
                NamedKind::Raw => Kind::Raw,
                NamedKind::Raw6 => Kind::Raw6,
                NamedKind::Sctp => Kind::Socket,
                NamedKind::Icmp => Kind::Icmp,
            };
            match named.kind {
                NamedKind::Ax25 => {
                    row.device_text = draft
                        .process
                        .store(|into| into.extend_from_slice(named.device));
                }
                NamedKind::Sctp => {
                    row.node = Node::Sctp;
                    row.device_text = draft.process.store(|into| decimal(inode, into));
                }
                _ => {}
            }
        }
    }
}

fn unix_name(unix: &Unix<'_>, into: &mut Vec<u8>) {
    if !unix.path.is_empty() {
        into.extend_from_slice(unix.path);
        into.push(b' ');
    }
    into.extend_from_slice(b"type=");
    into.extend_from_slice(protocols::unix_type(unix.kind));
}

/// In the words of the text table, which has no listening state but a flag.
fn unix_state(state: SocketState) -> UnixState {
    match state {
        SocketState::LISTEN => UnixState::Listen,
        SocketState::CLOSE => UnixState::Unconnected,
        SocketState::SYN_SENT => UnixState::Connecting,
        SocketState::ESTABLISHED => UnixState::Connected,
        SocketState::CLOSING => UnixState::Disconnecting,
        _ => UnixState::Unknown,
    }
}
