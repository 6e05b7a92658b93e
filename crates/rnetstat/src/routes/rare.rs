//! Routes of families that current kernels do not have: their rows, and what is said in their
//! absence.

use std::io::Read as _;

use applet::Exit;
use sockcore::Errno;
use sockcore::procfs::amateur_words::{ipx_network, ipx_node};
use sockcore::procfs::rare_routes::{
    Ax25Route, IpxRoute, NetromRoute, RosePart, X25Route, appletalk_routes, ax25_routes,
    ipx_routes, netrom_routes, rose_routes, x25_routes,
};

use super::inet::FLAGS;
use crate::families::Family;
use crate::text;
use crate::work::{Outcome, Work};

pub(super) fn show(work: &mut Work<'_, '_>, family: Family) -> Outcome {
    match family {
        Family::Ax25 => ax25(work),
        Family::Netrom => netrom(work),
        Family::Rose => rose(work),
        Family::Ipx => ipx(work),
        Family::Ddp => appletalk(work),
        _ => x25(work),
    }
}

/// What a table holds. Of one that cannot be read to its end that is what came before.
fn content(work: &mut Work<'_, '_>, file: &str) -> Result<Vec<u8>, Errno> {
    let mut open = match work.system.processes.open(file) {
        Ok(open) => open,
        Err(error) => return Err(error.errno),
    };
    let mut content = Vec::new();
    let _ = open.read_to_end(&mut content);
    Ok(content)
}

/// Likewise; tells why there is none.
fn content_or_reason(work: &mut Work<'_, '_>, file: &str) -> Option<Vec<u8>> {
    match content(work, file) {
        Ok(content) => Some(content),
        Err(errno) => {
            let text = format!("/proc/{file}: {}\n", errno.text());
            work.streams.complain(text.as_bytes());
            None
        }
    }
}

/// The first of two files that is there; else why the second is not.
fn either(work: &mut Work<'_, '_>, first: &str, second: &str) -> Result<Vec<u8>, Errno> {
    content(work, first).or_else(|_| content(work, second))
}

fn absent(work: &mut Work<'_, '_>, text: &[u8]) -> Outcome {
    work.streams.out.put(text);
    Err(Exit::FAILURE)
}

fn ax25(work: &mut Work<'_, '_>) -> Outcome {
    let Some(content) = content_or_reason(work, "net/ax25_route") else {
        return absent(work, b"AX.25 not configured in this system.\n");
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(b"Kernel AX.25 routing table\nDestination  Iface    Use\n");
    ax25_routes(&content, |route: Ax25Route<'_>| {
        column(out, route.destination, 9, 4);
        column(out, route.device, 5, 2);
        text::signed_right(out, route.uses.into(), 5);
        out.push(b'\n');
    });
    work.streams.out.settle();
    Ok(())
}

fn netrom(work: &mut Work<'_, '_>) -> Outcome {
    let nodes = content_or_reason(work, "net/nr_nodes");
    let neighbours = content_or_reason(work, "net/nr_neigh");
    let (Some(nodes), Some(neighbours)) = (nodes, neighbours) else {
        return absent(work, b"NET/ROM not configured in this system.\n");
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(
        b"Kernel NET/ROM routing table\nDestination  Mnemonic  Quality  Neighbour  Iface\n",
    );
    netrom_routes(&nodes, &neighbours, |route: NetromRoute<'_>| {
        column(out, route.destination, 9, 4);
        column(out, route.mnemonic, 7, 3);
        // Without a neighbour the row does not end: the next begins behind it.
        if let Some(neighbour) = route.neighbour {
            text::signed_right(out, route.quality.into(), 3);
            text::blanks(out, 6);
            column(out, neighbour.call, 9, 2);
            out.extend_from_slice(neighbour.device);
            out.push(b'\n');
        }
    });
    work.streams.out.settle();
    Ok(())
}

fn rose(work: &mut Work<'_, '_>) -> Outcome {
    let nodes = content_or_reason(work, "net/rose_nodes");
    let tables = nodes.and_then(|nodes| {
        let neighbours = content_or_reason(work, "net/rose_neigh");
        neighbours.map(|neighbours| (nodes, neighbours))
    });
    let Some((nodes, neighbours)) = tables else {
        work.streams
            .complain(b"ROSE not configured in this system.\n");
        return Err(Exit::FAILURE);
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(
        b"Kernel ROSE routing table\nDestination  neigh1 callsign  device  \
          neigh2 callsign  device  neigh3 callsign  device\n",
    );
    rose_routes(&nodes, &neighbours, |part| match part {
        RosePart::Destination(destination) => column(out, destination, 10, 3),
        RosePart::Way(number) => out.extend_from_slice(format!("{number:05}  ").as_bytes()),
        RosePart::Neighbour(neighbour) => {
            column(out, neighbour.call, 9, 4);
            column(out, neighbour.device, 4, 0);
        }
        RosePart::End => out.push(b'\n'),
    });
    work.streams.out.settle();
    Ok(())
}

fn x25(work: &mut Work<'_, '_>) -> Outcome {
    let Ok(content) = either(work, "net/x25/route", "net/x25_routes") else {
        return absent(work, b"X.25 not configured in this system.\n");
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(b"Kernel X.25 routing table\nDestination          Iface\n");
    x25_routes(&content, |route: X25Route<'_>| {
        if route.digits == 0 {
            column(out, b"*", 21, 0);
        } else {
            out.extend_from_slice(route.destination);
            let (digits, width) = (route.digits, 17_usize.saturating_sub(route.digits));
            out.extend_from_slice(format!("/{digits:<width$}   ").as_bytes());
        }
        column(out, route.device, 5, 0);
        out.push(b'\n');
    });
    work.streams.out.settle();
    Ok(())
}

fn ipx(work: &mut Work<'_, '_>) -> Outcome {
    let content = match either(work, "net/ipx/route", "net/ipx_route") {
        Ok(content) => content,
        Err(errno) => {
            let text = format!("{}\n", errno.text());
            work.streams.complain(text.as_bytes());
            return absent(
                work,
                b"IPX routing not in file /proc/net/ipx/route or /proc/net/ipx_route found.\n",
            );
        }
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(
        b"Kernel IPX routing table\n\
          Destination               Router Net                Router Node\n",
    );
    ipx_routes(&content, |route: IpxRoute<'_>| {
        for network in [route.network, route.router_network] {
            let start = out.len();
            match ipx_network(network) {
                0 => {}
                network => out.extend_from_slice(format!("{network:08X}").as_bytes()),
            }
            text::fill(out, start, 25);
            out.push(b' ');
        }
        let start = out.len();
        let node = ipx_node(route.router_node);
        if node != [0; 6] {
            for byte in node {
                out.extend_from_slice(format!("{byte:02X}").as_bytes());
            }
        }
        text::fill(out, start, 25);
        out.push(b'\n');
    });
    work.streams.out.settle();
    Ok(())
}

fn appletalk(work: &mut Work<'_, '_>) -> Outcome {
    const FILE: &str = "net/atalk_route";
    let content = match content(work, FILE) {
        Ok(content) => content,
        Err(errno) => {
            let text = format!(
                "Error opening /proc/{FILE}: {}\nDDP (AppleTalk) not configured on this system.\n",
                errno.text()
            );
            work.streams.complain(text.as_bytes());
            return Err(Exit::FAILURE);
        }
    };
    let out = work.streams.out.buffer();
    out.extend_from_slice(b"Destination     Gateway         Device          Flags\n");
    appletalk_routes(&content, |route| {
        for word in [route.target, route.router, route.device] {
            column(out, word, 16, 0);
        }
        let flags = route.flags.cast_unsigned();
        let set = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
        out.extend(set.map(|(_, letter)| letter));
        out.push(b'\n');
    });
    work.streams.out.settle();
    Ok(())
}

fn column(out: &mut Vec<u8>, cell: &[u8], width: usize, gap: usize) {
    text::left(out, cell, width);
    text::blanks(out, gap);
}
