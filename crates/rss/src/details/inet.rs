//! The order of an Internet socket's details.

use sockcore::addr::InetFamily;
use sockcore::socket::{InetProtocol, InetSocket};

use super::{Context, mptcp, sctp, tcp, text_table, timer};
use crate::rows::{memory, uid_inode_cookie};
use crate::text::{alternate_hex, hex, labelled};

/// Writes everything that the options ask for.
pub(crate) fn write(out: &mut Vec<u8>, socket: &InetSocket<'_>, context: &mut Context<'_, '_, '_>) {
    if let Some(text) = &socket.text {
        if socket.protocol == InetProtocol::TCP {
            text_table::write(out, socket, text, &context.show);
        }
        return;
    }
    let show = context.show;
    let protocol = socket.told_protocol();
    if show.timers {
        timer::write(out, socket);
    }
    if show.details {
        extended(out, socket, context);
    }
    if show.tos {
        service_class(out, socket);
    }
    if show.cgroup {
        if let Some(id) = socket.attributes.cgroup_id {
            out.extend_from_slice(b" cgroup:");
            context.cgroups.write(out, id, context.streams);
        }
    }
    if show.socket_options {
        socket_options(out, socket, show.one_line);
    }
    if show.memory || (show.internals && protocol != InetProtocol::UDP) {
        if !show.one_line {
            out.extend_from_slice(b"\n\t");
        }
        if let Some(told) = &socket.attributes.memory {
            memory(out, told);
        } else if let Some(told) = socket.attributes.memory_info {
            old_memory(out, told.iter());
        }
        match protocol {
            InetProtocol::MPTCP => mptcp::write(out, socket),
            InetProtocol::SCTP => sctp::write(out, socket, context.names),
            _ => tcp::write(out, socket, context),
        }
    }
}

fn extended(out: &mut Vec<u8>, socket: &InetSocket<'_>, context: &mut Context<'_, '_, '_>) {
    let attributes = &socket.attributes;
    uid_inode_cookie(out, socket.uid, socket.inode.0, socket.cookie.0);
    let mark = attributes.mark.filter(|_| !attributes.flagged.mark);
    if let Some(mark) = mark.filter(|mark| *mark != 0) {
        out.extend_from_slice(b" fwmark:0x");
        hex(out, mark, 1);
    }
    let cgroup = attributes
        .cgroup_id
        .filter(|_| !attributes.flagged.cgroup_id);
    if let Some(id) = cgroup.filter(|id| *id != 0) {
        out.extend_from_slice(b" cgroup:");
        context.cgroups.write(out, id, context.streams);
    }
    if let Some(v6_only) = attributes.v6_only {
        if socket.family == InetFamily::V6 {
            labelled(out, " v6only:", v6_only);
        }
    }
    if let Some(shutdown) = attributes.shutdown {
        arrows(out, shutdown);
    }
}

/// Which directions are open: ` <->`, with a dash for the tip of one that is shut.
pub(crate) fn arrows(out: &mut Vec<u8>, shutdown: u8) {
    out.extend_from_slice(match shutdown & 3 {
        0 => b" <->",
        1 => b" -->",
        2 => b" <--",
        _ => b" ---",
    });
}

fn service_class(out: &mut Vec<u8>, socket: &InetSocket<'_>) {
    let attributes = &socket.attributes;
    let classes = [
        (" tos:", attributes.tos.map(u32::from)),
        (" tclass:", attributes.tclass.map(u32::from)),
        (" class_id:", attributes.class_id),
    ];
    for (label, class) in classes {
        if let Some(class) = class {
            out.extend_from_slice(label.as_bytes());
            alternate_hex(out, class);
        }
    }
}

fn socket_options(out: &mut Vec<u8>, socket: &InetSocket<'_>, one_line: bool) {
    const WORDS: [&[u8]; 11] = [
        b" recverr",
        b" is_icsk",
        b" freebind",
        b" hdrincl",
        b" mc_loop",
        b" transparent",
        b" mc_all",
        b" nodefrag",
        b" bind_addr_no_port",
        b" recverr_rfc4884",
        b" defer_connect",
    ];
    let Some(bits) = socket.attributes.socket_options else {
        return;
    };
    out.extend_from_slice(if one_line { b" " } else { b"\n\t" });
    out.extend_from_slice(b"inet-sockopt: (");
    for (bit, word) in WORDS.iter().enumerate() {
        if bits & (1 << bit) != 0 {
            out.extend_from_slice(word);
        }
    }
    out.push(b')');
}

/// What kernels told of memory before there was more.
fn old_memory(out: &mut Vec<u8>, mut told: impl Iterator<Item = u32>) {
    let mut next = || told.next().unwrap_or(0);
    let (rmem, wmem, fmem, tmem) = (next(), next(), next(), next());
    for (label, value) in [(" mem:(r", rmem), (",w", wmem), (",f", fmem), (",t", tmem)] {
        labelled(out, label, value);
    }
    out.push(b')');
}
