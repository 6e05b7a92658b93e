//! IPv6 routes: one layout, every table of the kernel.

use applet::Exit;
use sockcore::addr::Address;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::routes::Route6Columns;

use crate::address;
use crate::text;
use crate::work::{Outcome, Work};

const FILE: &str = "net/ipv6_route";
const CACHED: u32 = 0x100_0000;

/// Flags and letters in order.
const FLAGS: [(u32, u8); 12] = [
    (0x1, b'U'),
    (0x200, b'!'),
    (0x2, b'G'),
    (0x4, b'H'),
    (0x1_0000, b'D'),
    (0x4_0000, b'A'),
    (CACHED, b'C'),
    (0x2_0000, b'a'),
    (0x40_0000, b'e'),
    (0x20, b'm'),
    (0x20_0000, b'n'),
    (0x200_0000, b'f'),
];

pub(super) fn show(work: &mut Work<'_, '_>, cache: bool) -> Outcome {
    let file = match work.system.processes.open(FILE) {
        Ok(file) => file,
        Err(error) => {
            let text = format!("/proc/{FILE}: {}\n", error.errno.text());
            work.streams.complain(text.as_bytes());
            work.streams
                .out
                .put(b"INET6 (IPv6) not configured in this system.\n");
            return Err(Exit::FAILURE);
        }
    };
    let what: &[u8] = if cache { b"cache" } else { b"table" };
    work.streams.out.put(b"Kernel IPv6 routing ");
    work.streams.out.put(what);
    work.streams
        .out
        .put(b"\nDestination                    Next Hop                   Flag Met Ref  Use If\n");
    let mut lines = Lines::new(file);
    let mut columns = Route6Columns::default();
    while let Ok(Some(line)) = lines.next_line() {
        let wanted = |flags| (flags & CACHED != 0) == cache;
        let Some(route) = columns.read(line, wanted) else {
            continue;
        };
        let numeric = work.plan.numeric.hosts || work.plan.symbolic;
        let start = work.streams.out.buffer().len();
        end(work, &route.destination, numeric);
        let out = work.streams.out.buffer();
        out.push(b'/');
        text::signed(out, route.prefix.cast_signed().into());
        text::fill(out, start, 30);
        out.push(b' ');
        let start = out.len();
        end(work, &route.gateway, numeric);
        let out = work.streams.out.buffer();
        text::fill(out, start, 26);
        out.push(b' ');
        let start = out.len();
        for (bit, letter) in FLAGS {
            if route.flags & bit != 0 {
                out.push(letter);
            }
        }
        text::fill(out, start, 4);
        out.push(b' ');
        let start = out.len();
        text::signed(out, route.metric.cast_signed().into());
        text::fill(out, start, 3);
        out.push(b' ');
        text::signed(out, route.references.cast_signed().into());
        out.push(b' ');
        text::signed_right(out, route.uses.cast_signed().into(), 6);
        out.push(b' ');
        out.extend_from_slice(route.interface);
        out.push(b'\n');
        work.streams.out.settle();
    }
    Ok(())
}

fn end(work: &mut Work<'_, '_>, address: &Address, numeric: bool) {
    let out = work.streams.out.buffer();
    if numeric {
        address::numeric(out, address);
    } else {
        work.names.host(&*work.system.names, out, address);
    }
}
