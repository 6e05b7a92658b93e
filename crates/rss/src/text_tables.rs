//! Tables read as text, where the kernel does not tell them otherwise.

use std::fs::File;

use sockcore::addr::InetFamily;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::net;
use sockcore::socket::{InetProtocol, Socket};

use crate::inet_text;
use crate::listing::Listing;
use crate::tables::{Family, TableSet};

/// Opens a table behind its title line.
pub(crate) fn open(listing: &Listing<'_, '_, '_>, file: &str) -> Option<Lines<File>> {
    let mut lines = Lines::new(listing.plan.sources.root.open(file).ok()?);
    // The title.
    lines.next_line().ok()?;
    Some(lines)
}

/// The tables of an Internet protocol: IPv4 and, if that is there, IPv6.
pub(crate) fn inet(listing: &mut Listing<'_, '_, '_>, protocol: InetProtocol) {
    for (family, wanted) in [
        (InetFamily::V4, Family::Inet),
        (InetFamily::V6, Family::Inet6),
    ] {
        if !listing.selection.families.contains(wanted) {
            continue;
        }
        let file = net::inet_file(family, protocol);
        let Some(mut lines) = file.and_then(|file| open(listing, file)) else {
            return;
        };
        while let Ok(Some(line)) = lines.next_whole_line() {
            // What is no line of the table ends it; the other family's is read all the same.
            match inet_text::read(line, family, protocol, listing.selection.states) {
                None => break,
                Some(None) => {}
                Some(Some(socket)) => {
                    let _ = listing.offer(&Socket::Inet(socket));
                }
            }
        }
    }
}

/// The table of packet sockets.
pub(crate) fn packet(listing: &mut Listing<'_, '_, '_>) {
    let Some(mut lines) = open(listing, "net/packet") else {
        return;
    };
    while let Ok(Some(line)) = lines.next_line() {
        let Some(socket) = net::packet_line(line) else {
            return;
        };
        let table = match socket.kind {
            3 => TableSet::PACKET_RAW,
            _ => TableSet::PACKET_DGRAM,
        };
        if listing.selection.tables.meets(table) {
            let _ = listing.offer(&Socket::Packet(socket));
        }
    }
}

/// The table of netlink sockets.
pub(crate) fn netlink(listing: &mut Listing<'_, '_, '_>) {
    let Some(mut lines) = open(listing, "net/netlink") else {
        return;
    };
    while let Ok(Some(line)) = lines.next_line() {
        let Some(socket) = net::netlink_line(line) else {
            return;
        };
        let _ = listing.offer(&Socket::Netlink(socket));
    }
}
