//! IPv4 routes in three layouts, by how often `-e` was given.

use std::fs::File;
use std::net::IpAddr;

use applet::Exit;
use rustc_hash::FxHashMap;
use sockcore::addr::Address;
use sockcore::netlink::route::visit_main_routes;
use sockcore::procfs::is_procfs;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::routes::{RouteColumns, RouteLine, cache_words};

use crate::address;
use crate::text;
use crate::work::{Outcome, UNUSABLE, Work};

const ROUTES: &str = "net/route";
const CACHE: &str = "net/rt_cache";

/// Addresses and their names are cut to this.
const ADDRESS: usize = 15;

const UP: u32 = 0x1;
const HOST: u32 = 0x4;
const REJECT: u32 = 0x200;

/// Flags and letters in order; that of [`REJECT`] replaces what stands before it.
pub(super) const FLAGS: [(u32, u8); 20] = [
    (UP, b'U'),
    (0x2, b'G'),
    (REJECT, b'!'),
    (HOST, b'H'),
    (0x8, b'R'),
    (0x10, b'D'),
    (0x20, b'M'),
    (0x1_0000, b'd'),
    (0x2_0000, b'a'),
    (0x4_0000, b'c'),
    (0x20_0000, b'o'),
    (0x40_0000, b'e'),
    (0x100_0000, b'c'),
    (0x200_0000, b'f'),
    (0x400_0000, b'p'),
    (0x8000_0000, b'l'),
    (0x40, b'u'),
    (0x80, b'w'),
    (0x100, b'i'),
    (0x400, b'n'),
];

/// The forms of the cache, by the words of its title: the two there were, and what the original
/// takes for them although it complains.
const OLD: u32 = 97;
const NEW: u32 = 63;
const UNKNOWN_OLD: u32 = 1;
const UNKNOWN_NEW: u32 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Old,
    New,
    Unknown,
}

/// Columns of `irtt` where others follow.
const IRTT: usize = 5;

/// The flags of a route in the cache, likewise.
const CACHE_FLAGS: [(u32, &[u8]); 20] = [
    (0x2, b"G"),
    (REJECT, b"!"),
    (0x8, b"R"),
    (0x10, b"D"),
    (0x20, b"M"),
    (0x1, b"-"),
    (0x4, b"o"),
    (0x1_0000, b"n"),
    (0x2_0000, b"d"),
    (0x8_0000, b"t"),
    (0x20_0000, b"f"),
    (0x40_0000, b"q"),
    (0x80_0000, b"Ns"),
    (0x100_0000, b"r"),
    (0x400_0000, b"i"),
    (0x800_0000, b"Nd"),
    (0x1000_0000, b"b"),
    (0x2000_0000, b"m"),
    (0x4000_0000, b"#"),
    (0x8000_0000, b"l"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// No `-e`
    Mss,
    /// `-e`
    Metric,
    /// `-ee`
    Full,
}

impl Layout {
    fn of(work: &Work<'_, '_>) -> Self {
        match work.plan.extend {
            0 => Self::Mss,
            1 => Self::Metric,
            _ => Self::Full,
        }
    }

    /// The end of the title line, from `Flags` on.
    const fn titles(self) -> &'static [u8] {
        match self {
            Self::Mss => b"Flags   MSS Window  irtt Iface\n",
            Self::Metric => b"Flags Metric Ref    Use Iface\n",
            Self::Full => b"Flags Metric Ref    Use Iface    MSS   Window irtt\n",
        }
    }
}

/// Opens a table, or says that there is no IPv4.
fn open(work: &mut Work<'_, '_>, file: &str) -> Result<File, Exit> {
    match work.system.processes.open(file) {
        Ok(open) => Ok(open),
        Err(error) => {
            let text = format!("/proc/{file}: {}\n", error.errno.text());
            work.streams.complain(text.as_bytes());
            work.streams
                .out
                .put(b"INET (IPv4) not configured in this system.\n");
            Err(Exit::FAILURE)
        }
    }
}

pub(super) fn show_routes(work: &mut Work<'_, '_>) -> Outcome {
    let file = open(work, ROUTES)?;
    let live = is_procfs(&file);
    let mut lines = Lines::new(file);
    let layout = Layout::of(work);
    work.streams
        .out
        .put(b"Kernel IP routing table\nDestination     Gateway         Genmask         ");
    work.streams.out.put(layout.titles());
    // A namespace that never had an IPv4 address has an empty file.
    let Ok(Some(title)) = lines.next_line() else {
        return Err(Exit::FAILURE);
    };
    let mut columns = match RouteColumns::of_routes(title) {
        Ok(columns) => columns,
        Err(missing) => {
            let text =
                format!("warning: /proc/{ROUTES} does not contain required field {missing}\n");
            work.streams.complain(text.as_bytes());
            return Err(Exit::FAILURE);
        }
    };
    // The text is several times dearer than the same routes by netlink.
    if live && by_netlink(work, layout) {
        return Ok(());
    }
    while let Ok(Some(line)) = lines.next_line() {
        if let Some(route) = columns.read(line, |flags| flags & UP != 0) {
            show_route(work, &route, layout);
        }
    }
    Ok(())
}

/// Shows the routes that the kernel tells. `false`: it tells none, nothing was shown.
fn by_netlink(work: &mut Work<'_, '_>, layout: Layout) -> bool {
    let mut devices: FxHashMap<u32, Vec<u8>> = FxHashMap::default();
    let mut shown = false;
    let told = visit_main_routes(&mut |route| {
        shown = true;
        let interface: &[u8] = match route.interface {
            None => b"*",
            Some(index) => devices
                .entry(index.0)
                .or_insert_with(|| work.system.names.interface(index).unwrap_or_default()),
        };
        let line = RouteLine {
            interface,
            destination: route.destination,
            gateway: route.gateway,
            flags: route.flags,
            references: 0,
            uses: 0,
            metric: route.metric,
            mask: route.mask,
            mtu: route.mtu.cast_signed(),
            window: route.window.cast_signed(),
            irtt: route.irtt.cast_signed(),
            source: Address::default(),
            type_of_service: 0,
            cache_references: 0,
            cache_up: 0,
            specific_destination: Address::default(),
            old_headers: 0,
            old_arp: 0,
        };
        show_route(work, &line, layout);
    });
    shown || told.is_ok()
}

fn is_numeric(work: &Work<'_, '_>) -> bool {
    work.plan.numeric.hosts || work.plan.symbolic
}

fn show_route(work: &mut Work<'_, '_>, route: &RouteLine<'_>, layout: Layout) {
    let reject = route.flags & REJECT != 0;
    let numeric = is_numeric(work);
    let out = work.streams.out.buffer();
    let start = out.len();
    if numeric {
        address::numeric(out, &route.destination);
    } else {
        let names = &*work.system.names;
        destination(
            out,
            route,
            |out, address| work.names.host(names, out, address),
            |network| names.network(network),
        );
    }
    cell(out, start);
    let start = out.len();
    if reject {
        out.push(b'-');
    } else if numeric {
        address::numeric(out, &route.gateway);
    } else {
        work.names.host(&*work.system.names, out, &route.gateway);
    }
    cell(out, start);
    let start = out.len();
    address::numeric(out, &route.mask);
    cell(out, start);
    flags(out, route.flags);
    out.push(b' ');
    tail(out, route, layout, reject);
    out.push(b'\n');
    work.streams.out.settle();
}

/// The name of a destination: a host's, or a network's.
fn destination(
    out: &mut Vec<u8>,
    route: &RouteLine<'_>,
    host: impl FnOnce(&mut Vec<u8>, &Address),
    network: impl FnOnce(u32) -> Option<Vec<u8>>,
) {
    let address = u32::from_be_bytes(route.destination.octets4());
    let mask = u32::from_be_bytes(route.mask.octets4());
    if address == 0 {
        out.extend_from_slice(if mask == 0 { b"default" } else { b"0.0.0.0" });
    } else if route.flags & HOST != 0 || address & !mask != 0 {
        host(out, &route.destination);
    } else if let Some(name) = network(address) {
        out.extend_from_slice(&name);
    } else {
        address::numeric(out, &route.destination);
    }
}

/// Cuts and pads an address, and a blank.
fn cell(out: &mut Vec<u8>, start: usize) {
    out.truncate(start + ADDRESS.min(out.len() - start));
    text::fill(out, start, ADDRESS);
    out.push(b' ');
}

fn flags(out: &mut Vec<u8>, value: u32) {
    let start = out.len();
    for (bit, letter) in FLAGS {
        if value & bit != 0 {
            if bit == REJECT {
                out.truncate(start);
            }
            out.push(letter);
        }
    }
    text::fill(out, start, 5);
}

fn cache_flags(out: &mut Vec<u8>, value: u32) {
    let start = out.len();
    for (bit, letters) in CACHE_FLAGS {
        if value & bit != 0 {
            if bit == REJECT {
                out.truncate(start);
            }
            out.extend_from_slice(letters);
        }
    }
    text::fill(out, start, 5);
}

fn left(out: &mut Vec<u8>, value: i64, width: usize) {
    let start = out.len();
    text::signed(out, value);
    text::fill(out, start, width);
}

/// What stands behind the flags.
fn tail(out: &mut Vec<u8>, route: &RouteLine<'_>, layout: Layout, reject: bool) {
    match (layout, reject) {
        (Layout::Mss, true) => out.extend_from_slice(b"    - -          - -"),
        (Layout::Mss, false) => {
            text::signed_right(out, route.mtu.into(), 5);
            out.push(b' ');
            left(out, route.window.into(), 5);
            out.push(b' ');
            text::signed_right(out, route.irtt.into(), 6);
            out.push(b' ');
            out.extend_from_slice(route.interface);
        }
        (_, true) => {
            left(out, route.metric.into(), 6);
            out.extend_from_slice(b" -  ");
            text::signed_right(out, route.uses.into(), 7);
            let end: &[u8] = match layout {
                Layout::Full => b" -        -     -      -",
                _ => b" -",
            };
            out.extend_from_slice(end);
        }
        (Layout::Metric, false) => {
            left(out, route.metric.into(), 6);
            out.push(b' ');
            left(out, route.references.into(), 2);
            out.push(b' ');
            text::signed_right(out, route.uses.into(), 7);
            out.push(b' ');
            out.extend_from_slice(route.interface);
        }
        (Layout::Full, false) => {
            left(out, route.metric.into(), 6);
            out.push(b' ');
            left(out, route.references.into(), 3);
            out.push(b' ');
            text::signed_right(out, route.uses.into(), 6);
            out.push(b' ');
            let interface = route.interface.get(..6).unwrap_or(route.interface);
            text::left(out, interface, 6);
            out.extend_from_slice(b"   ");
            left(out, route.mtu.into(), 5);
            out.push(b' ');
            left(out, route.window.into(), 6);
            out.push(b' ');
            text::signed(out, route.irtt.into());
        }
    }
}

pub(super) fn show_cache(work: &mut Work<'_, '_>) -> Outcome {
    let mut lines = Lines::new(open(work, CACHE)?);
    let layout = Layout::of(work);
    work.streams.out.put(b"Kernel IP routing cache\n");
    let title = match lines.next_line() {
        Ok(Some(title)) => title,
        Ok(None) => {
            let text = format!("/proc/{CACHE}: Success\n");
            work.streams.complain(text.as_bytes());
            return Err(UNUSABLE);
        }
        Err(error) => {
            let errno = sockcore::Errno::from(&error);
            return Err(crate::absence::unusable(work, CACHE, errno));
        }
    };
    let words = cache_words(title);
    let (form, columns) = match words {
        OLD | UNKNOWN_OLD => (Form::Old, RouteColumns::of_old_cache(title)),
        NEW | UNKNOWN_NEW => (Form::New, RouteColumns::of_cache(title)),
        _ => (Form::Unknown, Err("")),
    };
    let columns = columns.map_err(str::to_owned);
    if words != OLD && words != NEW {
        let text = format!("ERROR: proc_guess_fmt(/proc/{CACHE},... returned: {words}\n");
        work.streams.out.put(text.as_bytes());
    }
    if layout != Layout::Full || form != Form::Unknown {
        work.streams
            .out
            .put(b"Source          Destination     Gateway         ");
        let titles = layout.titles();
        if layout == Layout::Full {
            let titles = titles.strip_suffix(b"\n").unwrap_or(titles);
            work.streams.out.put(titles);
            work.streams.out.put(match form {
                Form::New => b"  TOS HHRef HHUptod     SpecDst\n".as_slice(),
                _ => b"  HH  Arp\n",
            });
        } else {
            work.streams.out.put(titles);
        }
    }
    let mut columns = match columns {
        Ok(columns) => columns,
        Err(missing) => {
            if form != Form::Unknown {
                let text =
                    format!("warning: /proc/{CACHE} does not contain required field {missing}\n");
                work.streams.complain(text.as_bytes());
            }
            return Ok(());
        }
    };
    while let Ok(Some(line)) = lines.next_line() {
        if let Some(route) = columns.read(line, |_| true) {
            show_cached(work, &route, layout, form);
        }
    }
    Ok(())
}

fn show_cached(work: &mut Work<'_, '_>, route: &RouteLine<'_>, layout: Layout, form: Form) {
    let numeric = is_numeric(work);
    let out = work.streams.out.buffer();
    for end in [route.source, route.destination, route.gateway] {
        let start = out.len();
        if numeric || matches!(end.to_ip(), IpAddr::V4(ip) if ip.is_unspecified()) {
            address::numeric(out, &end);
        } else {
            work.names.host(&*work.system.names, out, &end);
        }
        text::fill(out, start, ADDRESS);
        out.push(b' ');
    }
    match form {
        Form::New => cache_flags(out, route.flags),
        _ => flags(out, route.flags),
    }
    out.push(b' ');
    let before = out.len();
    tail(out, route, layout, false);
    if layout == Layout::Full {
        // More columns follow, so the last has a width here.
        let last = out.iter().skip(before).rev();
        let written = last.take_while(|&&byte| byte != b' ').count();
        text::blanks(out, IRTT.saturating_sub(written));
        out.push(b' ');
        match form {
            Form::New => cache_tail(out, route),
            _ => {
                left(out, route.old_headers.into(), 3);
                out.push(b' ');
                text::signed(out, route.old_arp.into());
            }
        }
    }
    out.push(b'\n');
    work.streams.out.settle();
}

/// The last columns of the newer form.
fn cache_tail(out: &mut Vec<u8>, route: &RouteLine<'_>) {
    left(out, route.type_of_service.into(), 3);
    out.push(b' ');
    left(out, route.cache_references.into(), 3);
    out.extend_from_slice(b"   ");
    left(out, route.cache_up.into(), 3);
    out.push(b' ');
    let start = out.len();
    address::numeric(out, &route.specific_destination);
    let width = out.len() - start;
    let specific = out.split_off(start);
    text::blanks(out, ADDRESS.saturating_sub(width));
    out.extend_from_slice(&specific);
}
