//! Several lines an interface (`-ie`).

use applet::Streams;

use super::hardware;
use super::{Inet6, Interface, flag};
use crate::address;
use crate::text;

/// Flags and words in order.
const WORDS: [(u16, &str); 14] = [
    (flag::UP, "UP"),
    (flag::BROADCAST, "BROADCAST"),
    (0x4, "DEBUG"),
    (0x8, "LOOPBACK"),
    (flag::POINTOPOINT, "POINTOPOINT"),
    (0x20, "NOTRAILERS"),
    (0x40, "RUNNING"),
    (0x80, "NOARP"),
    (0x100, "PROMISC"),
    (0x200, "ALLMULTI"),
    (0x800, "SLAVE"),
    (0x400, "MASTER"),
    (0x1000, "MULTICAST"),
    (0x8000, "DYNAMIC"),
];

/// Names of media, by the port of the interface's map.
const MEDIA: [&str; 7] = [
    "unknown",
    "10base2",
    "10baseT",
    "AUI",
    "100baseT",
    "100baseTX",
    "100baseFX",
];

pub(super) fn show(streams: &mut Streams<'_>, interface: &Interface, inet6: &[Inet6]) {
    if hardware::class(interface.kind).warns {
        streams.complain(
            b"Infiniband hardware address can be incorrect! \
              Please read BUGS section in ifconfig(8).\n",
        );
    }
    let out = streams.out.buffer();
    flags(out, interface);
    addresses(out, interface, inet6);
    hardware::line(out, interface);
    media(out, interface);
    counters(out, interface);
    out.push(b'\n');
    streams.out.settle();
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn flags(out: &mut Vec<u8>, interface: &Interface) {
    out.extend_from_slice(&interface.name);
    put(out, ": flags=");
    text::signed(out, interface.flags.cast_signed().into());
    put(out, "<");
    let start = out.len();
    for (bit, word) in WORDS {
        if interface.flags & bit != 0 {
            if out.len() > start {
                out.push(b',');
            }
            put(out, word);
        }
    }
    if out.len() > start || interface.flags == 0 {
        out.push(b'>');
    } else {
        out.truncate(start - 1);
    }
    put(out, "  mtu ");
    text::decimal(out, interface.mtu.into());
    out.push(b'\n');
}

fn addresses(out: &mut Vec<u8>, interface: &Interface, inet6: &[Inet6]) {
    if let Some(inet) = interface.inet {
        put(out, "        inet ");
        address::numeric(out, &inet.local);
        put(out, "  netmask ");
        address::numeric(out, &inet.mask);
        if interface.flags & flag::BROADCAST != 0 {
            put(out, "  broadcast ");
            address::numeric(out, &inet.broadcast.unwrap_or_default());
        }
        if interface.flags & flag::POINTOPOINT != 0 {
            put(out, "  destination ");
            address::numeric(out, &inet.destination);
        }
        out.push(b'\n');
    }
    if interface.is_alias {
        return;
    }
    for entry in inet6.iter().filter(|entry| entry.device == interface.name) {
        put(out, "        inet6 ");
        address::numeric(out, &entry.address);
        put(out, "  prefixlen ");
        text::signed(out, entry.prefix.into());
        put(out, &format!("  scopeid 0x{:x}", entry.scope));
        scope(out, entry.scope);
        out.push(b'\n');
    }
}

/// The words of the bits that are set, in this order whatever their values; without a word, no
/// brackets.
fn scope(out: &mut Vec<u8>, scope: u32) {
    const COMPATIBLE: u32 = 0x80;
    let words = [
        (scope & COMPATIBLE != 0, "compat"),
        (scope & !COMPATIBLE == 0, "global"),
        (scope & 0x20 != 0, "link"),
        (scope & 0x40 != 0, "site"),
        (scope & 0x10 != 0, "host"),
    ];
    let mut before = b'<';
    for (_, word) in words.iter().filter(|(set, _)| *set) {
        out.push(before);
        put(out, word);
        before = b',';
    }
    if before == b',' {
        out.push(b'>');
    }
}

fn media(out: &mut Vec<u8>, interface: &Interface) {
    if interface.flags & flag::PORTSEL == 0 {
        return;
    }
    put(out, "        media ");
    put(
        out,
        MEDIA
            .get(usize::from(interface.map.port))
            .unwrap_or(&"unknown"),
    );
    if interface.flags & flag::AUTOMEDIA != 0 {
        put(out, "autoselect");
    }
    out.push(b'\n');
}

fn counters(out: &mut Vec<u8>, interface: &Interface) {
    let Some(counters) = &interface.counters else {
        return;
    };
    let line = |out: &mut Vec<u8>, parts: &[(&str, u64)]| {
        for (word, value) in parts {
            put(out, word);
            text::decimal(out, *value);
        }
    };
    let compressing = matches!(interface.kind, 257 | 259);
    line(
        out,
        &[
            ("        RX packets ", counters.rx_packets),
            ("  bytes ", counters.rx_bytes),
        ],
    );
    suffix(out, counters.rx_bytes);
    if compressing || counters.rx_compressed > 0 {
        line(out, &[("        RX compressed ", counters.rx_compressed)]);
        out.push(b'\n');
    }
    line(
        out,
        &[
            ("        RX errors ", counters.rx_errors),
            ("  dropped ", counters.rx_dropped),
            ("  overruns ", counters.rx_fifo),
            ("  frame ", counters.rx_frame),
        ],
    );
    out.push(b'\n');
    line(
        out,
        &[
            ("        TX packets ", counters.tx_packets),
            ("  bytes ", counters.tx_bytes),
        ],
    );
    suffix(out, counters.tx_bytes);
    if compressing || counters.tx_compressed > 0 {
        line(out, &[("        TX compressed ", counters.tx_compressed)]);
        out.push(b'\n');
    }
    line(
        out,
        &[
            ("        TX errors ", counters.tx_errors),
            ("  dropped ", counters.tx_dropped),
            ("  overruns ", counters.tx_fifo),
            ("  carrier ", counters.tx_carrier),
            ("  collisions ", counters.collisions),
        ],
    );
    out.push(b'\n');
    device(out, interface);
}

/// ` (1.0 KiB)`: one digit behind the point, cut off, not rounded; the original's arithmetic
/// wraps at 64 bits.
fn suffix(out: &mut Vec<u8>, bytes: u64) {
    const UNITS: [(u32, &str); 6] = [
        (60, "EiB"),
        (50, "PiB"),
        (40, "TiB"),
        (30, "GiB"),
        (20, "MiB"),
        (10, "KiB"),
    ];
    let unit = UNITS.iter().find(|(shift, _)| bytes > 1 << shift);
    let (tenths, name) = match unit {
        Some(&(60, name)) => (bytes / ((1 << 60) / 10), name),
        Some(&(shift, name)) => (bytes.wrapping_mul(10) >> shift, name),
        None => (bytes.wrapping_mul(10), "B"),
    };
    put(out, " (");
    text::decimal(out, tenths / 10);
    out.push(b'.');
    text::decimal(out, tenths % 10);
    out.push(b' ');
    put(out, name);
    put(out, ")\n");
}

fn device(out: &mut Vec<u8>, interface: &Interface) {
    let map = interface.map;
    if map.interrupt == 0 && map.memory_start == 0 && map.dma == 0 && map.base < 0x100 {
        return;
    }
    put(out, "        device ");
    if map.interrupt != 0 {
        put(out, &format!("interrupt {}  ", map.interrupt));
    }
    if map.base >= 0x100 {
        put(out, &format!("base 0x{:x}  ", map.base & 0xffff));
    }
    if map.memory_start != 0 {
        put(
            out,
            &format!("memory 0x{:x}-{:x}  ", map.memory_start, map.memory_end),
        );
    }
    if map.dma != 0 {
        put(out, &format!("  dma 0x{:x}", map.dma));
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_counts_change_their_unit_only_above_it() {
        for (bytes, shown) in [
            (0, " (0.0 B)\n"),
            (1024, " (1024.0 B)\n"),
            (1025, " (1.0 KiB)\n"),
            (1_048_576, " (1024.0 KiB)\n"),
            (10_485_759, " (9.9 MiB)\n"),
        ] {
            let mut out = Vec::new();
            suffix(&mut out, bytes);
            assert_eq!(String::from_utf8(out).unwrap(), shown);
        }
    }

    #[test]
    fn scopes_are_named_with_their_compatibility() {
        for (value, shown) in [
            (0, "<global>"),
            (0x20, "<link>"),
            (0x80, "<compat,global>"),
            (0xa0, "<compat,link>"),
            (0x30, "<link,host>"),
            (0xff, "<compat,link,site,host>"),
            (0x81, "<compat>"),
            (0x0f, ""),
        ] {
            let mut out = Vec::new();
            scope(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), shown, "{value:#x}");
        }
    }
}
