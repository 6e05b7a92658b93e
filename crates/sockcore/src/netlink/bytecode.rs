//! A filter as a program for the kernel (`struct inet_diag_bc_op`): conditions with relative jumps
//! forward, acceptance being the exact end of the program and refusal four bytes behind it.
//!
//! The instructions are those every kernel since 2.6 has, so that an old one runs them too.

use crate::filter::{Condition, End, Filter, Host, HostFamily, Node, Relation};

const INET_DIAG_BC_NOP: u8 = 0;
const INET_DIAG_BC_JMP: u8 = 1;
const INET_DIAG_BC_S_GE: u8 = 2;
const INET_DIAG_BC_S_LE: u8 = 3;
const INET_DIAG_BC_D_GE: u8 = 4;
const INET_DIAG_BC_D_LE: u8 = 5;
const INET_DIAG_BC_AUTO: u8 = 6;
const INET_DIAG_BC_S_COND: u8 = 7;
const INET_DIAG_BC_D_COND: u8 = 8;
const INET_DIAG_BC_MARK_COND: u8 = 10;
const INET_DIAG_BC_CGROUP_COND: u8 = 13;

const AF_UNSPEC: u8 = 0;
const AF_UNIX: u8 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const AF_NETLINK: u8 = 16;
const AF_PACKET: u8 = 17;
const AF_VSOCK: u8 = 40;

/// `sizeof(struct inet_diag_bc_op)`, and how far a jump is.
const OP: usize = 4;

/// Jumps are 16 bits wide: what a longer program would say.
const LONGEST: usize = 0xffff - 2 * OP;

/// A program under construction.
struct Program {
    bytes: Vec<u8>,
}

/// What is still to be written.
enum Pending {
    /// A node, and where the program goes on when it is not met.
    Node { index: usize, refused: usize },
    /// A jump.
    Jump { to: usize },
}

/// The program of a filter; `None`: the kernel has no instruction for one of its conditions.
///
/// A program too long for its own jumps comes back cut behind the first instructions that do not
/// fit; it is too long to be sent, too.
pub(crate) fn compile(filter: &Filter) -> Option<Vec<u8>> {
    let lengths = lengths(&filter.nodes)?;
    let length = |index: usize| lengths.get(index).copied().unwrap_or(0);
    let mut program = Program { bytes: Vec::new() };
    let mut pending = vec![Pending::Node {
        index: filter.root,
        refused: length(filter.root) + OP,
    }];
    while let Some(next) = pending.pop() {
        if program.bytes.len() > LONGEST {
            break;
        }
        let start = program.bytes.len();
        let (index, refused) = match next {
            Pending::Node { index, refused } => (index, refused),
            Pending::Jump { to } => {
                program.jump(to);
                continue;
            }
        };
        match filter.nodes.get(index) {
            Some(Node::Condition(condition)) => program.condition(condition, refused),
            Some(Node::Not(inner)) => {
                let end = start + length(index);
                pending.push(Pending::Jump { to: refused });
                pending.push(Pending::Node {
                    index: *inner,
                    refused: end,
                });
            }
            Some(Node::And(left, right)) => {
                for index in [*right, *left] {
                    pending.push(Pending::Node { index, refused });
                }
            }
            Some(Node::Or(left, right)) => {
                let second = start + length(*left) + OP;
                pending.push(Pending::Node {
                    index: *right,
                    refused,
                });
                pending.push(Pending::Jump {
                    to: start + length(index),
                });
                pending.push(Pending::Node {
                    index: *left,
                    refused: second,
                });
            }
            None => {}
        }
    }
    Some(program.bytes)
}

/// How long each node's program is; `None`: there is a condition without one.
fn lengths(nodes: &[Node]) -> Option<Vec<usize>> {
    let mut lengths: Vec<usize> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let of = |index: &usize| lengths.get(*index).copied().unwrap_or(0);
        let length = match node {
            Node::Condition(condition) => condition_length(condition)?,
            Node::Not(inner) => of(inner).saturating_add(OP),
            Node::And(left, right) => of(left).saturating_add(of(right)),
            Node::Or(left, right) => of(left).saturating_add(OP).saturating_add(of(right)),
        };
        lengths.push(length);
    }
    Some(lengths)
}

fn condition_length(condition: &Condition) -> Option<usize> {
    Some(match condition {
        // The first host once for each, with a jump between two.
        Condition::Host { hosts, .. } => {
            let one = hosts.first().map_or(0, host_length);
            hosts.len().saturating_mul(one + OP).saturating_sub(OP)
        }
        Condition::Name { .. } => host_length(&Host::ANY),
        Condition::Port { .. } => 2 * OP,
        Condition::Device(_) => return None,
        Condition::Mark { .. } | Condition::Cgroup(_) => 3 * OP,
        Condition::Autobound(_) => OP,
    })
}

/// An instruction, a `struct inet_diag_hostcond`, an address.
fn host_length(host: &Host) -> usize {
    let address = match host.family {
        HostFamily::Inet6 => 16,
        _ => 4,
    };
    3 * OP + address
}

impl Program {
    fn op(&mut self, code: u8, yes: usize, no: usize) {
        self.bytes.push(code);
        self.bytes.push(u8::try_from(yes).unwrap_or(0));
        let no = u16::try_from(no).unwrap_or(u16::MAX);
        self.bytes.extend_from_slice(&no.to_ne_bytes());
    }

    /// An instruction of `length` bytes that goes on behind itself or at `refused`.
    fn test(&mut self, code: u8, length: usize, refused: usize) {
        let distance = refused.saturating_sub(self.bytes.len());
        self.op(code, length, distance);
    }

    fn jump(&mut self, to: usize) {
        self.test(INET_DIAG_BC_JMP, OP, to);
    }

    fn condition(&mut self, condition: &Condition, refused: usize) {
        match condition {
            Condition::Host { end, hosts } => {
                let Some(host) = hosts.first() else { return };
                let step = host_length(host) + OP;
                let end_of_all = self.bytes.len() + step * hosts.len() - OP;
                for left in (0..hosts.len()).rev() {
                    let behind = self.bytes.len() + step;
                    let family = family_number(host.family);
                    self.host(*end, family, host, if left > 0 { behind } else { refused });
                    if left > 0 {
                        self.jump(end_of_all);
                    }
                }
            }
            Condition::Name { end, .. } => self.host(*end, AF_UNIX, &Host::ANY, refused),
            Condition::Port {
                end,
                relation,
                port,
            } => {
                let code = match (end, relation) {
                    (End::Local, Relation::AtLeast) => INET_DIAG_BC_S_GE,
                    (End::Local, Relation::AtMost) => INET_DIAG_BC_S_LE,
                    (End::Peer, Relation::AtLeast) => INET_DIAG_BC_D_GE,
                    (End::Peer, Relation::AtMost) => INET_DIAG_BC_D_LE,
                };
                self.test(code, 2 * OP, refused);
                let [low, high, ..] = port.to_le_bytes();
                let port = u16::from_le_bytes([low, high]);
                self.op(INET_DIAG_BC_NOP, 0, port.into());
            }
            Condition::Mark { value, mask } => {
                self.test(INET_DIAG_BC_MARK_COND, 3 * OP, refused);
                self.bytes.extend_from_slice(&value.to_ne_bytes());
                self.bytes.extend_from_slice(&mask.to_ne_bytes());
            }
            Condition::Cgroup(id) => {
                self.test(INET_DIAG_BC_CGROUP_COND, 3 * OP, refused);
                self.bytes.extend_from_slice(&id.to_ne_bytes());
            }
            Condition::Autobound(_) => self.test(INET_DIAG_BC_AUTO, OP, refused),
            // Filters with this one have no program.
            Condition::Device(_) => {}
        }
    }

    fn host(&mut self, end: End, family: u8, host: &Host, refused: usize) {
        let code = match end {
            End::Local => INET_DIAG_BC_S_COND,
            End::Peer => INET_DIAG_BC_D_COND,
        };
        let length = host_length(host);
        self.test(code, length, refused);
        self.bytes.extend_from_slice(&[family, host.length, 0, 0]);
        let [a, b, c, d, ..] = host.port.to_le_bytes();
        let port = i32::from_le_bytes([a, b, c, d]);
        self.bytes.extend_from_slice(&port.to_ne_bytes());
        let address = host.address.get(..length - 3 * OP);
        self.bytes.extend_from_slice(address.unwrap_or_default());
    }
}

fn family_number(family: HostFamily) -> u8 {
    match family {
        HostFamily::Unspecified => AF_UNSPEC,
        HostFamily::Inet => AF_INET,
        HostFamily::Inet6 => AF_INET6,
        HostFamily::Packet => AF_PACKET,
        HostFamily::Netlink => AF_NETLINK,
        HostFamily::Vsock => AF_VSOCK,
    }
}
