//! The rows of a listing, compactly: what gathering hands to selection and output.
//!
//! A row holds what the kernel told, never a formatted cell; texts are ranges of the arena of
//! their process.

use sockcore::Errno;
use sockcore::id::{DeviceId, Pid, Tid, Uid};

use crate::kinds::{decimal, protocols};
use crate::sockets::Inet;

/// A range of the arena of a [`Process`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    start: u32,
    length: u32,
}

impl Text {
    pub(crate) fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// The FD column: where the process holds the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// `cwd`
    Cwd,
    /// `rtd`
    Root,
    /// `txt`
    Text,
    /// `mem`
    Memory,
    /// `DEL`: a mapping whose file is gone.
    Deleted,
    /// `NOFD`: the descriptors cannot be listed.
    NoFd,
    /// A numbered descriptor.
    Fd(u32),
}

impl Slot {
    /// Writes the text of the FD column, without access and lock. Numbers from 10000 on show
    /// their last three digits.
    pub(crate) fn write(self, into: &mut Vec<u8>) {
        let text: &[u8] = match self {
            Self::Cwd => b"cwd",
            Self::Root => b"rtd",
            Self::Text => b"txt",
            Self::Memory => b"mem",
            Self::Deleted => b"DEL",
            Self::NoFd => b"NOFD",
            Self::Fd(number) if number < 10_000 => return decimal(number.into(), into),
            Self::Fd(number) => {
                let digit = |of: u32| b'0' + u8::try_from(of % 10).unwrap_or(0);
                into.push(b'*');
                into.extend([digit(number / 100), digit(number / 10), digit(number)]);
                return;
            }
        };
        into.extend_from_slice(text);
    }
}

/// The TYPE column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The NOFD row has none; its column shows `0000`.
    Unset,
    /// `REG`
    Regular,
    /// `DIR`
    Directory,
    /// `CHR`
    Character,
    /// `BLK`
    Block,
    /// `FIFO`
    Fifo,
    /// `LINK`
    SymbolicLink,
    /// `PSXMQ`
    MessageQueue,
    /// `a_inode`
    AnonymousInode,
    /// The type bits of `st_mode`, shifted down, where they say nothing: `%04o`.
    Bits(u8),
    /// `unknown`: no `stat`.
    Unknown,
    /// `UNKN` and the slot: exempt from `stat`.
    Exempt,
    /// `sock`
    Socket,
    /// `unix`
    Unix,
    /// `IPv4`
    V4,
    /// `IPv6`
    V6,
    /// `netlink`
    Netlink,
    /// `pack`
    Packet,
    /// `raw`
    Raw,
    /// `raw6`
    Raw6,
    /// `icmp`
    Icmp,
    /// `ax25`
    Ax25,
    /// `ipx`
    Ipx,
}

impl Kind {
    /// Whether a table or `stat` said that it is a socket.
    pub(crate) fn is_socket(self) -> bool {
        matches!(
            self,
            Self::Socket
                | Self::Unix
                | Self::V4
                | Self::V6
                | Self::Netlink
                | Self::Packet
                | Self::Raw
                | Self::Raw6
                | Self::Icmp
                | Self::Ax25
                | Self::Ipx
        )
    }

    /// Whether the file position is always 0.
    pub(crate) fn has_no_position(self) -> bool {
        self == Self::Fifo || self.is_socket()
    }

    /// Writes the text of the TYPE column.
    pub(crate) fn write(self, slot: Slot, into: &mut Vec<u8>) {
        let text: &[u8] = match self {
            Self::Unset => b"0000",
            Self::Regular => b"REG",
            Self::Directory => b"DIR",
            Self::Character => b"CHR",
            Self::Block => b"BLK",
            Self::Fifo => b"FIFO",
            Self::SymbolicLink => b"LINK",
            Self::MessageQueue => b"PSXMQ",
            Self::AnonymousInode => b"a_inode",
            Self::Bits(bits) => {
                return into.extend_from_slice(format!("{bits:04o}").as_bytes());
            }
            Self::Unknown => b"unknown",
            Self::Exempt => match slot {
                Slot::Cwd => b"UNKNcwd",
                Slot::Root => b"UNKNrtd",
                Slot::Text => b"UNKNtxt",
                Slot::Memory => b"UNKNmem",
                Slot::Deleted => b"UNKNdel",
                Slot::NoFd | Slot::Fd(_) => b"UNKNfd",
            },
            Self::Socket => b"sock",
            Self::Unix => b"unix",
            Self::V4 => b"IPv4",
            Self::V6 => b"IPv6",
            Self::Netlink => b"netlink",
            Self::Packet => b"pack",
            Self::Raw => b"raw",
            Self::Raw6 => b"raw6",
            Self::Icmp => b"icmp",
            Self::Ax25 => b"ax25",
            Self::Ipx => b"ipx",
        };
        into.extend_from_slice(text);
    }
}

/// The NODE column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Blank.
    None,
    /// An inode number.
    Inode(u64),
    /// `TCP`
    Tcp,
    /// `UDP`
    Udp,
    /// `UDPLITE`
    UdpLite,
    /// `SCTP`
    Sctp,
    /// A packet socket's `ETH_P_*`: a name of at most seven characters, or the decimal number.
    Ethernet(u16),
}

impl Node {
    /// Writes the text of the NODE column.
    pub(crate) fn write(self, into: &mut Vec<u8>) {
        match self {
            Self::None => {}
            Self::Inode(inode) => decimal(inode, into),
            Self::Tcp => into.extend_from_slice(b"TCP"),
            Self::Udp => into.extend_from_slice(b"UDP"),
            Self::UdpLite => into.extend_from_slice(b"UDPLITE"),
            Self::Sctp => into.extend_from_slice(b"SCTP"),
            Self::Ethernet(protocol) => match protocols::packet(protocol) {
                Some(name) => into.extend_from_slice(name),
                None => decimal(protocol.into(), into),
            },
        }
    }

    /// Whether it is the text of a protocol and no inode.
    pub(crate) fn is_protocol(self) -> bool {
        !matches!(self, Self::None | Self::Inode(_))
    }
}

/// The state and queues behind NAME.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Info {
    /// Such a row never has any.
    #[default]
    None,
    /// An Internet socket: the index of its [`Inet`].
    Inet(u32),
    /// A unix socket: its state.
    Unix(UnixState),
}

/// The state of a unix socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnixState {
    /// `LISTEN`
    Listen,
    /// `UNCONNECTED`
    Unconnected,
    /// `CONNECTING`
    Connecting,
    /// `CONNECTED`
    Connected,
    /// `DISCONNECTING`
    Disconnecting,
    /// `UNKNOWN`
    Unknown,
}

impl UnixState {
    /// The text between the parentheses.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Listen => "LISTEN",
            Self::Unconnected => "UNCONNECTED",
            Self::Connecting => "CONNECTING",
            Self::Connected => "CONNECTED",
            Self::Disconnecting => "DISCONNECTING",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// One open file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// FD
    pub(crate) slot: Slot,
    /// `r`, `w`, `u`, or a blank.
    pub(crate) access: u8,
    /// `r`, `R`, `w`, `W`, or a blank.
    pub(crate) lock: u8,
    /// TYPE
    pub(crate) kind: Kind,
    known: u8,
    flags: u32,
    device: u64,
    raw_device: u64,
    size: u64,
    offset: u64,
    links: u64,
    /// NODE
    pub(crate) node: Node,
    /// DEVICE where it is a text: pointer, inode, interface, `UNKNOWN`.
    pub(crate) device_text: Text,
    /// The stored name, part 1 of NAME.
    pub(crate) name: Text,
    /// Part 4 of NAME: what is added behind, without the blank before it.
    pub(crate) addition: Text,
    /// Addresses, state and queues.
    pub(crate) info: Info,
}

/// Bits of [`Row::known`].
mod known {
    pub(super) const FLAGS: u8 = 1;
    pub(super) const DEVICE: u8 = 2;
    pub(super) const RAW_DEVICE: u8 = 4;
    pub(super) const SIZE: u8 = 8;
    pub(super) const OFFSET: u8 = 16;
    pub(super) const LINKS: u8 = 32;
}

macro_rules! optional {
    ($($(#[$doc:meta])* $bit:ident $get:ident $set:ident: $field:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $get(&self) -> Option<u64> {
            (self.known & known::$bit != 0).then_some(self.$field)
        }

        pub(crate) fn $set(&mut self, value: Option<u64>) {
            self.known &= !known::$bit;
            if let Some(value) = value {
                self.known |= known::$bit;
                self.$field = value;
            }
        }
    )*};
}

impl Row {
    /// A row of which nothing is known.
    pub(crate) fn new(slot: Slot, kind: Kind) -> Self {
        Self {
            slot,
            access: b' ',
            lock: b' ',
            kind,
            known: 0,
            flags: 0,
            device: 0,
            raw_device: 0,
            size: 0,
            offset: 0,
            links: 0,
            node: Node::None,
            device_text: Text::default(),
            name: Text::default(),
            addition: Text::default(),
            info: Info::None,
        }
    }

    optional! {
        /// SIZE, bytes.
        SIZE size set_size: size;
        /// OFFSET, bytes; negative positions as their 64-bit pattern.
        OFFSET offset set_offset: offset;
        /// NLINK
        LINKS links set_links: links;
    }

    /// FILE-FLAG: the open flags.
    pub(crate) fn flags(&self) -> Option<u32> {
        (self.known & known::FLAGS != 0).then_some(self.flags)
    }

    pub(crate) fn set_flags(&mut self, flags: Option<u32>) {
        self.known &= !known::FLAGS;
        if let Some(flags) = flags {
            self.known |= known::FLAGS;
            self.flags = flags;
        }
    }

    /// The device that holds the file.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        (self.known & known::DEVICE != 0).then_some(DeviceId(self.device))
    }

    pub(crate) fn set_device(&mut self, device: DeviceId) {
        self.known |= known::DEVICE;
        self.device = device.0;
    }

    /// The device that a device node stands for.
    pub(crate) fn raw_device(&self) -> Option<DeviceId> {
        (self.known & known::RAW_DEVICE != 0).then_some(DeviceId(self.raw_device))
    }

    pub(crate) fn set_raw_device(&mut self, device: DeviceId) {
        self.known |= known::RAW_DEVICE;
        self.raw_device = device.0;
    }

    /// NODE, where it is an inode.
    pub(crate) fn inode(&self) -> Option<u64> {
        match self.node {
            Node::Inode(inode) => Some(inode),
            _ => None,
        }
    }
}

/// A process or task with the rows that are to be printed.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    /// PID
    pub(crate) pid: Pid,
    /// TID; `None` for the process itself.
    pub(crate) tid: Option<Tid>,
    /// COMMAND, newlines as `?`.
    pub(crate) command: Box<[u8]>,
    /// TASKCMD of a task.
    pub(crate) task_command: Option<Box<[u8]>>,
    /// PPID
    pub(crate) parent: i32,
    /// PGID
    pub(crate) group: i32,
    /// USER
    pub(crate) uid: Uid,
    /// SECURITY-CONTEXT, where asked for.
    pub(crate) context: Option<Result<Box<[u8]>, Errno>>,
    /// The rows in order.
    pub(crate) rows: Vec<Row>,
    /// What [`Info::Inet`] points to.
    pub(crate) inets: Vec<Inet>,
    /// What [`Text`] points to.
    pub(crate) arena: Vec<u8>,
}

impl Process {
    /// A text of one of the rows.
    pub(crate) fn text(&self, text: Text) -> &[u8] {
        let start = text.start as usize;
        self.arena
            .get(start..start.saturating_add(text.length as usize))
            .unwrap_or_default()
    }

    /// The addresses, state and queues of a row.
    pub(crate) fn inet(&self, row: &Row) -> Option<&Inet> {
        match row.info {
            Info::Inet(index) => self.inets.get(index as usize),
            _ => None,
        }
    }

    /// Stores a text that `write` makes.
    pub(crate) fn store(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Text {
        let start = self.arena.len();
        write(&mut self.arena);
        Text {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            length: u32::try_from(self.arena.len() - start).unwrap_or(0),
        }
    }
}
