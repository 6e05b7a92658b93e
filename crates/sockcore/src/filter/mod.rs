//! Decides whether a socket is wanted: a tree of conditions on one socket.
//!
//! A condition looks at numbers, not at families: the first four words of an address, a port, a
//! device. What they are for each family is in [`facts`](self::facts). The kernel can run the same
//! tree over Internet sockets ([`Filter::bytecode`]), where it is stricter: see there.

mod facts;
mod glob;
mod program;
#[cfg(test)]
mod tests;

use crate::id::IfIndex;
use crate::netlink;
use crate::socket::Socket;

use facts::Facts;
pub use glob::Glob;
use program::Program;

/// Which end of a socket a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The socket's own.
    Local,
    /// The other.
    Peer,
}

/// What kind of address a [`Host`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFamily {
    /// None: any address will do.
    Unspecified,
    /// `AF_INET`: four bytes. Matches IPv4-mapped IPv6 addresses too.
    Inet,
    /// `AF_INET6`: sixteen bytes.
    Inet6,
    /// `AF_PACKET`: the protocol (`ETH_P_*`) as a native 32-bit word.
    Packet,
    /// `AF_NETLINK`: the protocol as a native 32-bit word.
    Netlink,
    /// `AF_VSOCK`: the context id as a native 32-bit word.
    Vsock,
}

/// An address with a prefix length, and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// The kind of address.
    pub family: HostFamily,
    /// The address, zero behind its end.
    pub address: [u8; 16],
    /// How many leading bits of the address count, at most 128.
    pub length: u8,
    /// The port, in the range of C's `long`; −1: any.
    pub port: i64,
}

impl Host {
    /// Any address, any port.
    pub const ANY: Self = Self {
        family: HostFamily::Unspecified,
        address: [0; 16],
        length: 0,
        port: -1,
    };
}

/// How a port compares with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// At least so much.
    AtLeast,
    /// At most so much.
    AtMost,
}

/// The ports that the kernel hands out by itself (`ip_local_port_range`), both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The first port.
    pub first: i64,
    /// The last port.
    pub last: i64,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The end's address and port are one of these. An empty list matches nothing.
    Host {
        /// Which end.
        end: End,
        /// What it is compared with.
        hosts: Vec<Host>,
    },
    /// The name that the end of a unix socket is bound to matches. The peer's name is never
    /// known: it is compared as if it were empty.
    Name {
        /// Which end.
        end: End,
        /// What the name is compared with.
        pattern: Glob,
    },
    /// The end's port is in a range that is open on one side.
    Port {
        /// Which end.
        end: End,
        /// On which side the range is closed.
        relation: Relation,
        /// Where.
        port: i64,
    },
    /// The socket is bound to this device; 0: to none.
    Device(IfIndex),
    /// The bits of `mask` in the socket's mark (`SO_MARK`) are exactly `value`.
    Mark {
        /// What they must be.
        value: u32,
        /// Which bits count.
        mask: u32,
    },
    /// The socket belongs to the control group of this id.
    Cgroup(u64),
    /// The kernel chose the address or port that the socket is bound to.
    Autobound(PortRange),
}

/// A node of the tree: everything it consists of stands before it.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Condition(Condition),
    Not(usize),
    And(usize, usize),
    Or(usize, usize),
}

/// A node of a tree under construction.
#[derive(Debug)]
pub struct NodeId(usize);

/// A tree under construction. It is as deep as an expression is long, so that nothing here may
/// descend by recursion.
#[derive(Debug, Default)]
pub struct Builder {
    nodes: Vec<Node>,
}

impl Builder {
    /// A tree without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// A condition.
    pub fn condition(&mut self, condition: Condition) -> NodeId {
        self.push(Node::Condition(condition))
    }

    /// What a node is not.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a node is part of one other at most"
    )]
    pub fn not(&mut self, node: NodeId) -> NodeId {
        self.push(Node::Not(node.0))
    }

    /// Both nodes.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a node is part of one other at most"
    )]
    pub fn and(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.push(Node::And(left.0, right.0))
    }

    /// Either node.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a node is part of one other at most"
    )]
    pub fn or(&mut self, left: NodeId, right: NodeId) -> NodeId {
        self.push(Node::Or(left.0, right.0))
    }

    /// The filter that the tree under `root` is; `root` is a node of this builder.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a node is part of one other at most"
    )]
    pub fn finish(self, root: NodeId) -> Filter {
        let program = Program::new(&self.nodes, root.0);
        Filter {
            nodes: self.nodes,
            root: root.0,
            program,
        }
    }
}

/// A tree of conditions.
#[derive(Clone, Debug)]
pub struct Filter {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: usize,
    program: Program,
}

impl Filter {
    /// Whether a socket is wanted.
    #[must_use]
    pub fn matches(&self, socket: &Socket<'_>) -> bool {
        let facts = Facts::of(socket);
        self.program.run(|index| match self.nodes.get(index) {
            Some(Node::Condition(condition)) => facts.meet(condition),
            _ => false,
        })
    }

    /// The filter as a program for the kernel, for
    /// [`InetQuery::bytecode`](crate::query::InetQuery::bytecode); `None`: the kernel cannot run
    /// it, because it looks at a device.
    ///
    /// The kernel wants less than [`Filter::matches`]: an address of one family matches sockets of
    /// that family only (and IPv4-mapped ones), [`Condition::Port`] compares with the lower 16
    /// bits of its number, of several hosts only the first counts, and a port that a program chose
    /// does not count as handed out. It refuses hosts that are no Internet addresses, and for lack
    /// of privilege marks.
    #[must_use]
    pub fn bytecode(&self) -> Option<Vec<u8>> {
        netlink::bytecode::compile(self)
    }
}
