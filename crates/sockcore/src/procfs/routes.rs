//! Routing tables as text: `/proc/net/route`, `/proc/net/rt_cache`, `/proc/net/ipv6_route`.

use super::lines::{Fields, hex_digit};
use crate::addr::Address;

/// Where the columns of `route` or `rt_cache` stand, by the title line.
#[derive(Clone, Copy, Debug)]
pub struct RouteColumns {
    places: [Option<u8>; COLUMNS.len()],
    /// Shorter lines are no routes.
    least_words: usize,
}

/// The columns known by name.
const COLUMNS: [&str; 16] = [
    "Iface",
    "Destination",
    "Gateway",
    "Flags",
    "RefCnt",
    "Use",
    "Metric",
    "Mask",
    "MTU",
    "Window",
    "IRTT",
    "Source",
    "TOS",
    "HHRef",
    "HHUptod",
    "SpecDst",
];

/// The columns without which a routing table cannot be shown.
const REQUIRED: usize = 11;
/// The least words of a route, and of one in the cache.
const LEAST_WORDS: usize = 10;
const LEAST_CACHE_WORDS: usize = 12;

impl RouteColumns {
    /// Reads the title line of `route`.
    ///
    /// # Errors
    /// The name of a column that is missing.
    pub fn of_routes(title: &[u8]) -> Result<Self, &'static str> {
        let columns = Self::find(title, LEAST_WORDS);
        for (place, name) in columns.places.iter().zip(COLUMNS).take(REQUIRED) {
            if place.is_none() {
                return Err(name);
            }
        }
        Ok(columns)
    }

    /// Reads the title line of `rt_cache`.
    #[must_use]
    pub fn of_cache(title: &[u8]) -> Self {
        Self::find(title, LEAST_CACHE_WORDS)
    }

    fn find(title: &[u8], least_words: usize) -> Self {
        let mut places = [None; COLUMNS.len()];
        let mut fields = Fields(title);
        let mut index = 0u8;
        while let Some(word) = fields.word() {
            let known = COLUMNS.iter().position(|name| name.as_bytes() == word);
            if let Some(slot) = known.and_then(|known| places.get_mut(known)) {
                slot.get_or_insert(index);
            }
            index = index.saturating_add(1);
        }
        Self {
            places,
            least_words,
        }
    }

    /// Reads a line. `None`: it has too few words to be a route.
    #[must_use]
    pub fn read<'a>(&self, line: &'a [u8]) -> Option<RouteLine<'a>> {
        let mut words: [&[u8]; 32] = [&[]; 32];
        let mut fields = Fields(line);
        let mut count = 0;
        for word in &mut words {
            match fields.word() {
                Some(text) => *word = text,
                None => break,
            }
            count += 1;
        }
        if count < self.least_words {
            return None;
        }
        let word = |column: usize| -> &'a [u8] {
            let place = self.places.get(column).copied().flatten();
            place
                .and_then(|place| words.get(usize::from(place)))
                .copied()
                .unwrap_or_default()
        };
        Some(RouteLine {
            interface: word(0),
            destination: address(word(1)),
            gateway: address(word(2)),
            flags: hexadecimal(word(3)),
            references: signed(word(4)),
            uses: signed(word(5)),
            metric: signed(word(6)).cast_unsigned(),
            mask: address(word(7)),
            mtu: signed(word(8)),
            window: signed(word(9)),
            irtt: signed(word(10)),
            source: address(word(11)),
            type_of_service: signed(word(12)),
            cache_references: signed(word(13)),
            cache_up: signed(word(14)),
            specific_destination: address(word(15)),
        })
    }
}

/// One IPv4 route. Columns that the file does not have are 0.
#[derive(Clone, Copy, Debug)]
pub struct RouteLine<'a> {
    /// Column `Iface`
    pub interface: &'a [u8],
    /// Column `Destination`
    pub destination: Address,
    /// Column `Gateway`
    pub gateway: Address,
    /// Column `Flags`: `RTF_*`
    pub flags: u32,
    /// Column `RefCnt`
    pub references: i32,
    /// Column `Use`
    pub uses: i32,
    /// Column `Metric`
    pub metric: u32,
    /// Column `Mask`
    pub mask: Address,
    /// Column `MTU`: advertised MSS and 40, or 0.
    pub mtu: i32,
    /// Column `Window`, bytes.
    pub window: i32,
    /// Column `IRTT`: initial round-trip time, milliseconds.
    pub irtt: i32,
    /// Column `Source` of the cache.
    pub source: Address,
    /// Column `TOS` of the cache.
    pub type_of_service: i32,
    /// Column `HHRef` of the cache.
    pub cache_references: i32,
    /// Column `HHUptod` of the cache.
    pub cache_up: i32,
    /// Column `SpecDst` of the cache.
    pub specific_destination: Address,
}

/// Eight digits: a 32-bit word in host order, whose memory is the address.
fn address(word: &[u8]) -> Address {
    Address::v4(hexadecimal(word).to_ne_bytes())
}

fn hexadecimal(word: &[u8]) -> u32 {
    Fields(word).hex().unwrap_or(0) as u32
}

fn signed(word: &[u8]) -> i32 {
    Fields(word).signed().unwrap_or(0) as i32
}

/// One line of `ipv6_route`.
#[derive(Clone, Copy, Debug)]
pub struct Route6Line<'a> {
    /// Destination.
    pub destination: Address,
    /// Its prefix length.
    pub prefix: u32,
    /// Next hop.
    pub gateway: Address,
    /// Metric.
    pub metric: u32,
    /// Reference count.
    pub references: u32,
    /// Use count.
    pub uses: u32,
    /// `RTF_*`
    pub flags: u32,
    /// Interface.
    pub interface: &'a [u8],
}

/// Reads a line of `ipv6_route`. `None`: it is none.
#[must_use]
pub fn route6_line(line: &[u8]) -> Option<Route6Line<'_>> {
    let mut fields = Fields(line);
    let destination = address6(fields.word()?)?;
    let prefix = fields.hex()? as u32;
    let _source = address6(fields.word()?)?;
    let _source_prefix = fields.hex()?;
    let gateway = address6(fields.word()?)?;
    let metric = fields.hex()? as u32;
    let references = fields.hex()? as u32;
    let uses = fields.hex()? as u32;
    let flags = fields.hex()? as u32;
    let interface = fields.word()?;
    Some(Route6Line {
        destination,
        prefix,
        gateway,
        metric,
        references,
        uses,
        flags,
        interface,
    })
}

/// Thirty-two digits in network order.
pub(crate) fn address6(digits: &[u8]) -> Option<Address> {
    if digits.len() != 32 {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = hex_digit(high)? << 4 | hex_digit(low)?;
    }
    Some(Address::v6(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const TITLE: &[u8] =
        b"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
    const LINE: &[u8] = b"veth0\t0000620A\t0902010A\t0003\t0\t0\t100\t0000FFFF\t0\t8000\t800";
    const LINE6: &[u8] = b"fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001    veth0";

    #[test]
    fn a_route_is_read_by_the_names_of_its_columns() {
        let columns = RouteColumns::of_routes(TITLE).unwrap();
        let route = columns.read(LINE).unwrap();
        assert_eq!(route.interface, b"veth0");
        assert_eq!(route.destination, Address::v4([10, 98, 0, 0]));
        assert_eq!(route.mask, Address::v4([255, 255, 0, 0]));
        assert_eq!((route.metric, route.window, route.irtt), (100, 8000, 800));
        assert!(columns.read(b"veth0 0 0 0 0 0 0 0 0").is_none());
        assert_eq!(
            RouteColumns::of_routes(b"Iface Destination").unwrap_err(),
            "Gateway"
        );
    }

    #[test]
    fn an_ipv6_route_is_read() {
        let route = route6_line(LINE6).unwrap();
        assert_eq!(route.prefix, 64);
        assert_eq!(route.metric, 256);
        assert_eq!(route.interface, b"veth0");
    }

    #[test]
    fn mutated_lines_never_panic() {
        let mut random = Random::new(5);
        let columns = RouteColumns::of_routes(TITLE).unwrap();
        for _ in 0..5000 {
            std::hint::black_box(columns.read(&mutate(LINE, &mut random)));
            std::hint::black_box(route6_line(&mutate(LINE6, &mut random)));
            std::hint::black_box(RouteColumns::of_routes(&mutate(TITLE, &mut random)).is_ok());
        }
    }
}
