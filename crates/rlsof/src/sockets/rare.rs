//! The tables that are shown nearly as the kernel writes them: AX.25, IPX, SCTP, and the
//! hexadecimal addresses of raw and ICMP sockets.

use rustc_hash::FxHashMap;
use sockcore::addr::Endpoint;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::{ProcRoot, amateur, sctp};
use sockcore::socket::InetSocket;

use super::{NamedKind, Tables};

/// Reads the table of a kind; a missing one is empty.
pub(super) fn read(tables: &mut Tables, kind: NamedKind, root: &ProcRoot) {
    match kind {
        NamedKind::Ax25 => for_each_line(root, "net/ax25", 0, &mut |line| {
            if let Some(socket) = amateur::ax25_line(line) {
                tables.add_named(socket.inode.0, kind, socket.device, |into| {
                    ax25_name(&socket, into);
                });
            }
        }),
        NamedKind::Ipx => for_each_line(root, "net/ipx", 1, &mut |line| {
            if let Some(socket) = amateur::ipx_line(line) {
                tables.add_named(socket.inode.0, kind, &[], |into| ipx_name(&socket, into));
            }
        }),
        NamedKind::Sctp => read_sctp(tables, root),
        NamedKind::Raw | NamedKind::Raw6 | NamedKind::Icmp => {}
    }
}

/// Lines behind `titles` title lines.
fn for_each_line(root: &ProcRoot, file: &str, titles: u32, each: &mut dyn FnMut(&[u8])) {
    let Ok(file) = root.open(file) else {
        return;
    };
    let mut lines = Lines::new(file);
    let mut number = 0;
    while let Ok(Some(line)) = lines.next_line() {
        number += 1;
        if number > titles {
            each(line);
        }
    }
}

fn ax25_name(socket: &amateur::Ax25Socket<'_>, into: &mut Vec<u8>) {
    into.extend_from_slice(socket.source);
    if socket.destination != b"*" {
        into.extend_from_slice(b"->");
        into.extend_from_slice(socket.destination);
    }
    into.extend_from_slice(b" (Sq=");
    decimal(socket.send_queue, into);
    into.extend_from_slice(b" Rq=");
    decimal(socket.recv_queue, into);
    into.extend_from_slice(b" State=");
    decimal(socket.state, into);
    let name: &[u8] = match socket.state {
        0 => b", LISTENING",
        1 => b", SABM SENT",
        2 => b", DISC SENT",
        3 => b", ESTABLISHED",
        4 => b", RECOVERY",
        _ => b"",
    };
    into.extend_from_slice(name);
    into.push(b')');
}

fn ipx_name(socket: &amateur::IpxSocket<'_>, into: &mut Vec<u8>) {
    into.extend_from_slice(socket.local);
    if socket.remote != b"Not_Connected" {
        into.extend_from_slice(b"->");
        into.extend_from_slice(socket.remote);
    }
    let low = |value: u64| u32::try_from(value & 0xffff_ffff).unwrap_or(0);
    into.extend_from_slice(b" (Tx=");
    hex(low(socket.send_queue), 1, into);
    into.extend_from_slice(b" Rx=");
    hex(low(socket.recv_queue), 1, into);
    into.extend_from_slice(b" State=");
    hex(low(socket.state), 2, into);
    into.push(b')');
}

/// Lists of one SCTP socket, each with commas between.
#[derive(Default)]
struct Merged {
    associated: bool,
    endpoint: bool,
    pointers: Vec<u8>,
    ids: Vec<u8>,
    local: Vec<u8>,
    local_ports: Vec<u8>,
    peer: Vec<u8>,
    peer_ports: Vec<u8>,
}

fn read_sctp(tables: &mut Tables, root: &ProcRoot) {
    let mut order = Vec::new();
    let mut sockets: FxHashMap<u64, Merged> = FxHashMap::default();
    let mut merge = |inode: u64, with: &dyn Fn(&mut Merged)| {
        let merged = sockets.entry(inode).or_insert_with(|| {
            order.push(inode);
            Merged::default()
        });
        with(merged);
    };
    for_each_line(root, "net/sctp/assocs", 1, &mut |line| {
        if let Some(association) = sctp::association_line(line) {
            merge(association.inode.0, &|merged| {
                merged.associated = true;
                add(&mut merged.pointers, association.pointer);
                add(&mut merged.ids, association.id);
                add(&mut merged.local_ports, association.local_port);
                add(&mut merged.peer_ports, association.peer_port);
                add(&mut merged.local, &with_commas(association.local));
                add(&mut merged.peer, &with_commas(association.peer));
            });
        }
    });
    for_each_line(root, "net/sctp/eps", 1, &mut |line| {
        if let Some(endpoint) = sctp::endpoint_line(line) {
            merge(endpoint.inode.0, &|merged| {
                merged.endpoint = true;
                add(&mut merged.pointers, endpoint.pointer);
                add(&mut merged.local_ports, endpoint.local_port);
                add(&mut merged.local, &with_commas(endpoint.local));
            });
        }
    });
    for inode in order {
        if let Some(merged) = sockets.get(&inode) {
            tables.add_named(inode, NamedKind::Sctp, &[], |into| sctp_name(merged, into));
        }
    }
}

fn sctp_name(merged: &Merged, into: &mut Vec<u8>) {
    let kind: &[u8] = match (merged.associated, merged.endpoint) {
        (true, true) => b"ASSOC+ENDPT: ",
        (true, false) => b"ASSOC: ",
        _ => b"ENDPT: ",
    };
    into.extend_from_slice(kind);
    into.extend_from_slice(&merged.pointers);
    if merged.associated {
        into.push(b',');
        into.extend_from_slice(&merged.ids);
    }
    into.push(b' ');
    bracketed(&merged.local, &merged.local_ports, into);
    if merged.associated {
        into.extend_from_slice(b"<->");
        bracketed(&merged.peer, &merged.peer_ports, into);
    }
}

fn bracketed(addresses: &[u8], ports: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(addresses);
    into.push(b'[');
    into.extend_from_slice(ports);
    into.push(b']');
}

/// Appends `value` unless an item of the list equals it.
fn add(list: &mut Vec<u8>, value: &[u8]) {
    if list.is_empty() {
        list.extend_from_slice(value);
    } else if list.split(|&byte| byte == b',').all(|item| item != value) {
        list.push(b',');
        list.extend_from_slice(value);
    }
}

fn with_commas(addresses: &[u8]) -> Vec<u8> {
    addresses
        .split(|&byte| byte == b' ')
        .filter(|address| !address.is_empty())
        .collect::<Vec<_>>()
        .join(&b',')
}

/// `0100007F:00FF->0200007F:0000`: as the text tables write it, also for records from netlink.
pub(super) fn hexadecimal_pair(socket: &InetSocket<'_>, into: &mut Vec<u8>) {
    match socket.text {
        Some(text) => {
            into.extend_from_slice(text.local);
            into.extend_from_slice(b"->");
            into.extend_from_slice(text.peer);
        }
        None => {
            hexadecimal(&socket.local, into);
            into.extend_from_slice(b"->");
            // The text tables have no peer port for these, whatever was given to connect.
            hexadecimal(
                &Endpoint {
                    port: 0,
                    ..socket.peer
                },
                into,
            );
        }
    }
}

fn hexadecimal(endpoint: &Endpoint, into: &mut Vec<u8>) {
    for word in endpoint.address.significant().chunks_exact(4) {
        let word = word.first_chunk::<4>().copied().unwrap_or_default();
        upper_hex(u32::from_ne_bytes(word), 8, into);
    }
    into.push(b':');
    upper_hex(u32::from(endpoint.port), 4, into);
}

/// Upper-case hexadecimal of exactly `width` digits.
pub(super) fn upper_hex(value: u32, width: u32, into: &mut Vec<u8>) {
    for digit in (0..width).rev() {
        let digit = usize::try_from(value >> (4 * digit) & 0xf).unwrap_or(0);
        into.push(b"0123456789ABCDEF"[digit]);
    }
}

/// Lower-case hexadecimal with at least `width` digits.
pub(super) fn hex(value: u32, width: u32, into: &mut Vec<u8>) {
    let digits = (32 - value.leading_zeros()).div_ceil(4).max(width);
    for digit in (0..digits).rev() {
        let digit = usize::try_from(value >> (4 * digit) & 0xf).unwrap_or(0);
        into.push(b"0123456789abcdef"[digit]);
    }
}

fn decimal(value: u64, into: &mut Vec<u8>) {
    into.extend_from_slice(value.to_string().as_bytes());
}
