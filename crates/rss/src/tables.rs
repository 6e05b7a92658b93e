//! Which tables and address families there are, and how one brings the other into a selection.

use sockcore::socket::{SocketState, StateSet};

/// States of a socket that is connected or about to be: all but LISTEN, CLOSE, TIME-WAIT and
/// SYN-RECV. Holds BOUND-INACTIVE.
pub(crate) const CONNECTED: StateSet = StateSet::ALL
    .without(StateSet::of(SocketState::LISTEN))
    .without(StateSet::of(SocketState::CLOSE))
    .without(StateSet::of(SocketState::TIME_WAIT))
    .without(StateSet::of(SocketState::SYN_RECV));

const ESTABLISHED: StateSet = StateSet::of(SocketState::ESTABLISHED);
const UNCONNECTED: StateSet = StateSet::of(SocketState::CLOSE);
const TIPC_STATES: StateSet = ESTABLISHED
    .with(StateSet::of(SocketState::LISTEN))
    .with(UNCONNECTED);

/// A set of tables; each constant is a set of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableSet(u16);

impl TableSet {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const TCP: Self = Self(1);
    pub(crate) const MPTCP: Self = Self(1 << 1);
    pub(crate) const UDP: Self = Self(1 << 2);
    pub(crate) const RAW: Self = Self(1 << 3);
    pub(crate) const SCTP: Self = Self(1 << 4);
    pub(crate) const UNIX_DGRAM: Self = Self(1 << 5);
    pub(crate) const UNIX_STREAM: Self = Self(1 << 6);
    pub(crate) const UNIX_SEQPACKET: Self = Self(1 << 7);
    pub(crate) const PACKET_DGRAM: Self = Self(1 << 8);
    pub(crate) const PACKET_RAW: Self = Self(1 << 9);
    pub(crate) const NETLINK: Self = Self(1 << 10);
    pub(crate) const VSOCK_STREAM: Self = Self(1 << 11);
    pub(crate) const VSOCK_DGRAM: Self = Self(1 << 12);
    pub(crate) const TIPC: Self = Self(1 << 13);
    pub(crate) const XDP: Self = Self(1 << 14);

    pub(crate) const INET: Self = Self::TCP
        .with(Self::MPTCP)
        .with(Self::UDP)
        .with(Self::RAW)
        .with(Self::SCTP);
    pub(crate) const UNIX: Self = Self::UNIX_DGRAM
        .with(Self::UNIX_STREAM)
        .with(Self::UNIX_SEQPACKET);
    pub(crate) const PACKET: Self = Self::PACKET_DGRAM.with(Self::PACKET_RAW);
    pub(crate) const VSOCK: Self = Self::VSOCK_STREAM.with(Self::VSOCK_DGRAM);
    /// What is listed when nothing is asked for.
    pub(crate) const ALL: Self = Self::INET
        .with(Self::UNIX)
        .with(Self::PACKET)
        .with(Self::NETLINK)
        .with(Self::VSOCK)
        .with(Self::XDP);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the two sets have a table in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn len(self) -> u32 {
        self.0.count_ones()
    }
}

/// An address family that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Inet,
    Inet6,
    Unix,
    Link,
    Netlink,
    Vsock,
    Tipc,
    Xdp,
}

/// A set of families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FamilySet(u8);

impl FamilySet {
    pub(crate) const INET: Self = Self::of(Family::Inet).with(Self::of(Family::Inet6));

    pub(crate) const fn of(family: Family) -> Self {
        Self(1 << family as u8)
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn contains(self, family: Family) -> bool {
        self.meets(Self::of(family))
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a table brings into a selection.
struct TableRow {
    table: TableSet,
    families: FamilySet,
    states: StateSet,
}

static TABLES: &[TableRow] = &[
    table(TableSet::TCP, FamilySet::INET, CONNECTED),
    table(TableSet::MPTCP, FamilySet::INET, CONNECTED),
    table(TableSet::UDP, FamilySet::INET, ESTABLISHED),
    table(TableSet::RAW, FamilySet::INET, ESTABLISHED),
    table(TableSet::SCTP, FamilySet::INET, CONNECTED),
    table(
        TableSet::UNIX_DGRAM,
        FamilySet::of(Family::Unix),
        UNCONNECTED,
    ),
    table(
        TableSet::UNIX_STREAM,
        FamilySet::of(Family::Unix),
        CONNECTED,
    ),
    table(
        TableSet::UNIX_SEQPACKET,
        FamilySet::of(Family::Unix),
        CONNECTED,
    ),
    table(
        TableSet::PACKET_DGRAM,
        FamilySet::of(Family::Link),
        UNCONNECTED,
    ),
    table(
        TableSet::PACKET_RAW,
        FamilySet::of(Family::Link),
        UNCONNECTED,
    ),
    table(
        TableSet::NETLINK,
        FamilySet::of(Family::Netlink),
        UNCONNECTED,
    ),
    table(
        TableSet::VSOCK_STREAM,
        FamilySet::of(Family::Vsock),
        CONNECTED,
    ),
    table(
        TableSet::VSOCK_DGRAM,
        FamilySet::of(Family::Vsock),
        CONNECTED,
    ),
    table(TableSet::TIPC, FamilySet::of(Family::Tipc), TIPC_STATES),
    table(TableSet::XDP, FamilySet::of(Family::Xdp), UNCONNECTED),
];

const fn table(table: TableSet, families: FamilySet, states: StateSet) -> TableRow {
    TableRow {
        table,
        families,
        states,
    }
}

/// What a family brings into a selection, and its name for `-f`.
struct FamilyRow {
    family: Family,
    name: &'static str,
    tables: TableSet,
    states: StateSet,
}

static FAMILIES: &[FamilyRow] = &[
    family(Family::Inet, "inet", TableSet::INET, CONNECTED),
    family(Family::Inet6, "inet6", TableSet::INET, CONNECTED),
    family(Family::Link, "link", TableSet::PACKET, UNCONNECTED),
    family(Family::Unix, "unix", TableSet::UNIX, CONNECTED),
    family(Family::Netlink, "netlink", TableSet::NETLINK, UNCONNECTED),
    family(Family::Tipc, "tipc", TableSet::TIPC, TIPC_STATES),
    family(Family::Vsock, "vsock", TableSet::VSOCK, CONNECTED),
    family(Family::Xdp, "xdp", TableSet::XDP, UNCONNECTED),
];

const fn family(
    family: Family,
    name: &'static str,
    tables: TableSet,
    states: StateSet,
) -> FamilyRow {
    FamilyRow {
        family,
        name,
        tables,
        states,
    }
}

/// The names that `-A` takes.
static QUERIES: &[(&str, TableSet)] = &[
    ("all", TableSet::ALL),
    ("inet", TableSet::INET),
    ("udp", TableSet::UDP),
    ("tcp", TableSet::TCP),
    ("mptcp", TableSet::MPTCP),
    ("sctp", TableSet::SCTP),
    ("raw", TableSet::RAW),
    ("unix", TableSet::UNIX),
    ("unix_stream", TableSet::UNIX_STREAM),
    ("u_str", TableSet::UNIX_STREAM),
    ("unix_dgram", TableSet::UNIX_DGRAM),
    ("u_dgr", TableSet::UNIX_DGRAM),
    ("unix_seqpacket", TableSet::UNIX_SEQPACKET),
    ("u_seq", TableSet::UNIX_SEQPACKET),
    ("packet", TableSet::PACKET),
    ("packet_raw", TableSet::PACKET_RAW),
    ("p_raw", TableSet::PACKET_RAW),
    ("packet_dgram", TableSet::PACKET_DGRAM),
    ("p_dgr", TableSet::PACKET_DGRAM),
    ("netlink", TableSet::NETLINK),
    ("tipc", TableSet::TIPC),
    ("vsock", TableSet::VSOCK),
    ("vsock_stream", TableSet::VSOCK_STREAM),
    ("v_str", TableSet::VSOCK_STREAM),
    ("vsock_dgram", TableSet::VSOCK_DGRAM),
    ("v_dgr", TableSet::VSOCK_DGRAM),
    ("xdp", TableSet::XDP),
];

/// The family of a `-f` name.
pub(crate) fn family_named(name: &[u8]) -> Option<Family> {
    let row = FAMILIES.iter().find(|row| row.name.as_bytes() == name)?;
    Some(row.family)
}

/// The tables of a `-A` name, without its `!`.
pub(crate) fn tables_named(name: &[u8]) -> Option<TableSet> {
    let (_, tables) = QUERIES.iter().find(|(query, _)| query.as_bytes() == name)?;
    Some(*tables)
}

/// The states that a family option selects where no option or word names states.
pub(crate) fn states_of_family(family: Family) -> StateSet {
    let row = FAMILIES.iter().find(|row| row.family == family);
    row.map_or(StateSet::EMPTY, |row| row.states)
}

/// The states that the tables' options select where no option or word names states.
pub(crate) fn states_of_tables(tables: TableSet) -> StateSet {
    TABLES
        .iter()
        .filter(|row| tables.meets(row.table))
        .fold(StateSet::EMPTY, |states, row| states.with(row.states))
}

/// Completes a choice: each table gets its families if it has none of them, then each family its
/// tables.
pub(crate) fn complete(tables: &mut TableSet, families: &mut FamilySet) {
    for row in TABLES {
        if tables.meets(row.table) && !families.meets(row.families) {
            *families = families.with(row.families);
        }
    }
    for row in FAMILIES {
        if families.contains(row.family) && !tables.meets(row.tables) {
            *tables = tables.with(row.tables);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_without_a_table_of_its_own_brings_all_its_tables() {
        let (mut tables, mut families) = (TableSet::NONE, FamilySet::of(Family::Inet));
        complete(&mut tables, &mut families);
        assert_eq!(tables, TableSet::INET);
        assert_eq!(families, FamilySet::of(Family::Inet));
    }

    #[test]
    fn a_family_with_a_table_of_its_own_stays_at_that() {
        let (mut tables, mut families) = (TableSet::UNIX_STREAM, FamilySet::of(Family::Unix));
        complete(&mut tables, &mut families);
        assert_eq!(tables, TableSet::UNIX_STREAM);
    }

    #[test]
    fn a_unix_table_beside_the_ipv4_family_brings_every_internet_table() {
        let (mut tables, mut families) = (TableSet::UNIX, FamilySet::of(Family::Inet));
        complete(&mut tables, &mut families);
        assert_eq!(tables, TableSet::UNIX.with(TableSet::INET));
        let unix_and_ipv4 = FamilySet::of(Family::Inet).with(FamilySet::of(Family::Unix));
        assert_eq!(families, unix_and_ipv4);
    }

    #[test]
    fn connected_states_are_the_documented_mask() {
        assert_eq!(CONNECTED.0, 0x3b37);
    }
}
