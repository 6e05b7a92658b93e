//! Routing tables as text: `/proc/net/route`, `/proc/net/rt_cache`, `/proc/net/ipv6_route`.

use std::net::Ipv6Addr;

use super::formatted::Formatted;
use super::lines::hex_digit;
use crate::addr::Address;

/// How a column is written.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A name of an interface.
    Name,
    /// Eight digits.
    Address,
    /// A hexadecimal number.
    Flags,
    /// A decimal number.
    Number,
}

/// A title and how its column is written.
type Column = (&'static str, Kind);

/// The columns of `route`, in the order in which they have to come.
const ROUTES: &[Column] = &[
    ("Iface", Kind::Name),
    ("Destination", Kind::Address),
    ("Gateway", Kind::Address),
    ("Flags", Kind::Flags),
    ("RefCnt", Kind::Number),
    ("Use", Kind::Number),
    ("Metric", Kind::Number),
    ("Mask", Kind::Address),
    ("MTU", Kind::Number),
    ("Window", Kind::Number),
    ("IRTT", Kind::Number),
];

/// The columns of `rt_cache` from Linux 2.2 on.
const CACHE: &[Column] = &[
    ("Iface", Kind::Name),
    ("Destination", Kind::Address),
    ("Gateway", Kind::Address),
    ("Flags", Kind::Flags),
    ("RefCnt", Kind::Number),
    ("Use", Kind::Number),
    ("Metric", Kind::Number),
    ("Source", Kind::Address),
    ("MTU", Kind::Number),
    ("Window", Kind::Number),
    ("IRTT", Kind::Number),
    ("TOS", Kind::Number),
    ("HHRef", Kind::Number),
    ("HHUptod", Kind::Number),
    ("SpecDst", Kind::Address),
];

/// The columns of the older `rt_cache`.
const OLD_CACHE: &[Column] = &[
    ("Iface", Kind::Name),
    ("Destination", Kind::Address),
    ("Gateway", Kind::Address),
    ("Flags", Kind::Flags),
    ("RefCnt", Kind::Number),
    ("Use", Kind::Number),
    ("Metric", Kind::Number),
    ("Source", Kind::Address),
    ("MTU", Kind::Number),
    ("Window", Kind::Number),
    ("IRTT", Kind::Number),
    ("HH", Kind::Number),
    ("ARP", Kind::Number),
];

/// The most bytes of an interface.
const NAME: usize = 15;
/// The most columns there are.
const MOST: usize = CACHE.len();
/// The least columns of a route, and of one in the cache.
const LEAST: usize = 10;
const LEAST_CACHE: usize = 12;

/// Which of the words that tell the forms of `rt_cache` apart occur in its title, a bit each:
/// `IRTT`, `TOS`, `HHRef`, `HHUptod`, `SpecDst`, `HH`, `ARP`.
#[must_use]
pub fn cache_words(title: &[u8]) -> u32 {
    let title = Formatted::line(title).0;
    let words = ["IRTT", "TOS", "HHRef", "HHUptod", "SpecDst", "HH", "ARP"];
    let occurs = |word: &str| {
        let word = word.as_bytes();
        title.windows(word.len()).any(|window| window == word)
    };
    let bits = words.iter().enumerate();
    bits.map(|(bit, word)| u32::from(occurs(word)) << bit).sum()
}

/// Where the columns of `route` or `rt_cache` stand, by the title line. What a line lacks keeps its
/// value from the line before; so does an address that is not eight digits.
#[derive(Clone, Debug)]
pub struct RouteColumns {
    /// The number of each word's column; none: it is skipped.
    steps: Vec<Option<usize>>,
    columns: &'static [Column],
    /// Shorter lines are no routes.
    least: usize,
    /// Addresses have one place for all in the cache, else one for each.
    shared: bool,
    numbers: [i32; MOST],
    addresses: [Address; MOST],
    /// The address read last.
    last: Address,
}

impl RouteColumns {
    /// Reads the title line of `route`.
    ///
    /// # Errors
    /// The name of the first column that is missing, or not in its order.
    pub fn of_routes(title: &[u8]) -> Result<Self, &'static str> {
        Self::find(title, ROUTES, LEAST)
    }

    /// Reads the title line of `rt_cache`.
    ///
    /// # Errors
    /// As [`Self::of_routes`].
    pub fn of_cache(title: &[u8]) -> Result<Self, &'static str> {
        Self::find(title, CACHE, LEAST_CACHE)
    }

    /// Reads the title line of the older `rt_cache`, which ends in `HH` and `ARP`.
    ///
    /// # Errors
    /// As [`Self::of_routes`].
    pub fn of_old_cache(title: &[u8]) -> Result<Self, &'static str> {
        Self::find(title, OLD_CACHE, LEAST_CACHE)
    }

    fn find(title: &[u8], columns: &'static [Column], least: usize) -> Result<Self, &'static str> {
        let mut steps = Vec::new();
        let mut input = Formatted::line(title);
        let mut wanted = 0;
        while let (Some((name, _)), Some(word)) = (columns.get(wanted), input.word()) {
            let found = word == name.as_bytes();
            steps.push(found.then_some(wanted));
            wanted += usize::from(found);
        }
        match columns.get(wanted) {
            Some((missing, _)) => Err(missing),
            None => Ok(Self {
                steps,
                columns,
                least,
                shared: least == LEAST_CACHE,
                numbers: [0; MOST],
                addresses: [Address::v4([0; 4]); MOST],
                last: Address::v4([0; 4]),
            }),
        }
    }

    /// Reads a line. `None`: it has too few columns to be a route, or flags that are not `wanted`.
    pub fn read<'a>(
        &mut self,
        line: &'a [u8],
        wanted: impl FnOnce(u32) -> bool,
    ) -> Option<RouteLine<'a>> {
        /// The most bytes of an address.
        const WORD: usize = 128;
        let mut input = Formatted::line(line);
        let mut words: [&[u8]; MOST] = [&[]; MOST];
        let mut count = 0;
        for step in &self.steps {
            let Some(column) = *step else {
                if input.word().is_none() {
                    break;
                }
                continue;
            };
            let kind = self.columns.get(column).map(|(_, kind)| *kind);
            let value = match kind {
                Some(Kind::Name) => Value::word(input.word_within(NAME)),
                Some(Kind::Address) => Value::word(input.word_within(WORD)),
                Some(Kind::Flags) => Value::number(input.hexadecimal().map(|value| value as i32)),
                Some(Kind::Number) | None => Value::number(input.int()),
            };
            match value {
                Some(Value::Word(word)) => set(&mut words, column, word),
                Some(Value::Number(number)) => set(&mut self.numbers, column, number),
                None => break,
            }
            count += 1;
        }
        if count < self.least || !wanted(self.number("Flags").cast_unsigned()) {
            return None;
        }
        for (column, (_, kind)) in self.columns.iter().enumerate() {
            if !matches!(kind, Kind::Address) {
                continue;
            }
            let read = words.get(column).and_then(|word| address(word));
            let held = match self.addresses.get(column) {
                Some(held) if !self.shared => *held,
                _ => self.last,
            };
            self.last = read.unwrap_or(held);
            set(&mut self.addresses, column, self.last);
        }
        Some(RouteLine {
            interface: words.first().copied().unwrap_or_default(),
            destination: self.address("Destination"),
            gateway: self.address("Gateway"),
            flags: self.number("Flags").cast_unsigned(),
            references: self.number("RefCnt"),
            uses: self.number("Use"),
            metric: self.number("Metric").cast_unsigned(),
            mask: self.address("Mask"),
            mtu: self.number("MTU"),
            window: self.number("Window"),
            irtt: self.number("IRTT"),
            source: self.address("Source"),
            type_of_service: self.number("TOS"),
            cache_references: self.number("HHRef"),
            cache_up: self.number("HHUptod"),
            specific_destination: self.address("SpecDst"),
            old_headers: self.number("HH"),
            old_arp: self.number("ARP"),
        })
    }

    fn number(&self, name: &str) -> i32 {
        let column = self.columns.iter().position(|(title, _)| *title == name);
        let number = column.and_then(|column| self.numbers.get(column));
        number.copied().unwrap_or(0)
    }

    fn address(&self, name: &str) -> Address {
        let column = self.columns.iter().position(|(title, _)| *title == name);
        let address = column.and_then(|column| self.addresses.get(column));
        address.copied().unwrap_or_default()
    }
}

enum Value<'a> {
    Word(&'a [u8]),
    Number(i32),
}

impl<'a> Value<'a> {
    fn word(word: Option<&'a [u8]>) -> Option<Self> {
        word.map(Self::Word)
    }

    fn number(number: Option<i32>) -> Option<Self> {
        number.map(Self::Number)
    }
}

fn set<T>(slots: &mut [T], index: usize, value: T) {
    if let Some(slot) = slots.get_mut(index) {
        *slot = value;
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
    /// Column `HH` of the older cache.
    pub old_headers: i32,
    /// Column `ARP` of the older cache.
    pub old_arp: i32,
}

/// Eight digits at least, of which the first eight count: a 32-bit word in host order, whose memory
/// is the address.
fn address(word: &[u8]) -> Option<Address> {
    let mut value = 0u32;
    for &byte in word.get(..8)? {
        value = value << 4 | u32::from(hex_digit(byte)?);
    }
    Some(Address::v4(value.to_ne_bytes()))
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

/// Reads lines of `ipv6_route` one after the other. An address that is none keeps that of the line
/// before.
#[derive(Clone, Debug, Default)]
pub struct Route6Columns {
    destination: Address6,
    gateway: Address6,
    flags: u32,
}

/// An address in eight groups of digits, and what came of them last.
#[derive(Clone, Debug, Default)]
struct Address6 {
    groups: [Vec<u8>; 8],
    bytes: [u8; 16],
}

impl Address6 {
    /// Reads the groups, as far as they go.
    fn read(&mut self, input: &mut Formatted<'_>) -> Option<()> {
        const DIGITS: usize = 4;
        for group in &mut self.groups {
            let digits = input.word_within(DIGITS)?;
            group.clear();
            group.extend_from_slice(digits);
        }
        Some(())
    }

    /// The groups may have colons of their own.
    fn settle(&mut self) {
        let text = self.groups.join(&b':');
        let address = std::str::from_utf8(&text).ok();
        if let Some(Ok(address)) = address.map(str::parse::<Ipv6Addr>) {
            self.bytes = address.octets();
        }
    }
}

impl Route6Columns {
    /// Reads a line. `None`: it lacks something, or its flags are not `wanted`.
    pub fn read<'a>(
        &mut self,
        line: &'a [u8],
        wanted: impl FnOnce(u32) -> bool,
    ) -> Option<Route6Line<'a>> {
        let columns = self.columns(line);
        if !wanted(self.flags) {
            return None;
        }
        self.destination.settle();
        self.gateway.settle();
        columns.map(|route| Route6Line {
            destination: Address::v6(self.destination.bytes),
            gateway: Address::v6(self.gateway.bytes),
            ..route
        })
    }

    fn columns<'a>(&mut self, line: &'a [u8]) -> Option<Route6Line<'a>> {
        let mut input = Formatted::line(line);
        self.destination.read(&mut input)?;
        let prefix = input.hexadecimal_within(2)?;
        Address6::default().read(&mut input)?;
        input.hexadecimal_within(2)?;
        self.gateway.read(&mut input)?;
        let metric = input.hexadecimal_within(8)?;
        let references = input.hexadecimal_within(8)?;
        let uses = input.hexadecimal_within(8)?;
        self.flags = input.hexadecimal_within(8)?;
        Some(Route6Line {
            destination: Address::default(),
            prefix,
            gateway: Address::default(),
            metric,
            references,
            uses,
            flags: self.flags,
            interface: input.word_within(NAME)?,
        })
    }
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
        let mut columns = RouteColumns::of_routes(TITLE).unwrap();
        let route = columns.read(LINE, |_| true).unwrap();
        assert_eq!(route.interface, b"veth0");
        assert_eq!(route.destination, Address::v4([10, 98, 0, 0]));
        assert_eq!(route.mask, Address::v4([255, 255, 0, 0]));
        assert_eq!((route.metric, route.window, route.irtt), (100, 8000, 800));
        assert!(columns.read(LINE, |flags| flags & 4 != 0).is_none());
        assert!(columns.read(b"veth0 0 0 0 0 0 0 0 0", |_| true).is_none());
        for (title, missing) in [
            (&b"Iface Destination"[..], "Gateway"),
            (b"Destination Iface Gateway", "Destination"),
        ] {
            assert_eq!(RouteColumns::of_routes(title).unwrap_err(), missing);
        }
    }

    #[test]
    fn what_a_line_lacks_stays_from_the_line_before() {
        let mut columns = RouteColumns::of_routes(TITLE).unwrap();
        columns.read(LINE, |_| true).unwrap();
        let line = b"veth1 1 0902010A 3 0 0 7 zzzzzzzz 1500 9 x";
        let route = columns.read(line, |_| true).unwrap();
        assert_eq!(route.destination, Address::v4([10, 98, 0, 0]));
        assert_eq!(route.mask, Address::v4([255, 255, 0, 0]));
        assert_eq!((route.metric, route.window, route.irtt), (7, 9, 800));
    }

    #[test]
    fn an_address_of_the_cache_stays_from_the_address_before() {
        let title = b"Iface Destination Gateway Flags RefCnt Use Metric Source MTU Window IRTT TOS HHRef HHUptod SpecDst";
        assert_eq!(cache_words(title), 63);
        let mut columns = RouteColumns::of_cache(title).unwrap();
        let line = b"lo 0100007F 1 3 0 0 7 2 1500 9 30 1F";
        let route = columns.read(line, |_| true).unwrap();
        let loopback = Address::v4([127, 0, 0, 1]);
        assert_eq!((route.gateway, route.source), (loopback, loopback));
        assert_eq!((route.irtt, route.type_of_service), (30, 1));
    }

    #[test]
    fn an_ipv6_route_is_read() {
        let mut columns = Route6Columns::default();
        let route = columns.read(LINE6, |_| true).unwrap();
        let fe80 = Address::v6([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(route.destination, fe80);
        assert_eq!(route.prefix, 64);
        assert_eq!(route.metric, 256);
        assert_eq!(route.interface, b"veth0");
        // Groups may stand apart, and no address is that of before.
        let apart = b"x 0 0 0 0 0 0 0 40 0 0 0 0 0 0 0 0 00 1 2 3 4 5 6 7 8 1 2 3 1 lo";
        let route = columns.read(apart, |_| true).unwrap();
        assert_eq!(route.destination, fe80);
        assert_eq!((route.metric, route.interface), (1, &b"lo"[..]));
        assert!(columns.read(b"fe80", |_| true).is_none());
    }

    #[test]
    fn mutated_lines_never_panic() {
        let mut random = Random::new(5);
        let mut columns = RouteColumns::of_routes(TITLE).unwrap();
        let mut columns6 = Route6Columns::default();
        for _ in 0..5000 {
            let line = mutate(LINE, &mut random);
            std::hint::black_box(columns.read(&line, |_| true));
            let line = mutate(LINE6, &mut random);
            std::hint::black_box(columns6.read(&line, |_| true));
            std::hint::black_box(RouteColumns::of_routes(&mutate(TITLE, &mut random)).is_ok());
        }
    }
}
