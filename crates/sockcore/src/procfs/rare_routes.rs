//! The routing tables of families that current kernels do not have any more: AX.25, NET/ROM, ROSE,
//! X.25, IPX, AppleTalk. For a reader that must take a malformed line as another program does:
//! what a line lacks in its columns is what the line before had there.

use super::formatted::Formatted;
use super::lines::is_space;

/// The most bytes of a line; what is longer counts as several.
const LONGEST: usize = 255;

/// A line in a buffer that keeps what shorter lines leave of it.
struct Columns {
    bytes: [u8; LONGEST + 1],
}

impl Columns {
    const fn new() -> Self {
        Self {
            bytes: [0; LONGEST + 1],
        }
    }

    fn hold(&mut self, line: &[u8]) {
        for (slot, byte) in self.bytes.iter_mut().zip(line.iter().chain(&[0])) {
            *slot = *byte;
        }
    }

    /// Ends the text of a column at a place.
    fn end(&mut self, place: usize) {
        if let Some(slot) = self.bytes.get_mut(place) {
            *slot = 0;
        }
    }

    /// What stands from a place on, up to an end.
    fn text(&self, place: usize) -> &[u8] {
        Formatted::line(self.bytes.get(place..).unwrap_or_default()).0
    }

    /// The number that stands from a place on; 0 where there is none.
    fn number(&self, place: usize) -> i32 {
        Formatted(self.text(place)).int().unwrap_or(0)
    }
}

/// The lines of a text with their newlines, long ones in pieces.
fn lines(mut text: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let most = text.get(..LONGEST).unwrap_or(text);
        let newline = most.iter().position(|&byte| byte == b'\n');
        let length = newline.map_or(most.len(), |place| place + 1);
        let (line, rest) = text.split_at_checked(length)?;
        text = rest;
        (!line.is_empty()).then_some(line)
    })
}

/// A route of AX.25.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ax25Route<'a> {
    /// The call sign: nine bytes.
    pub destination: &'a [u8],
    /// The interface: four bytes.
    pub device: &'a [u8],
    /// The number behind it.
    pub uses: i32,
}

/// Reads `ax25_route`.
pub fn ax25_routes(text: &[u8], mut each: impl FnMut(Ax25Route<'_>)) {
    let mut columns = Columns::new();
    for (number, line) in lines(text).enumerate() {
        columns.hold(line);
        if number == 0 {
            continue;
        }
        columns.end(9);
        columns.end(14);
        each(Ax25Route {
            destination: columns.text(0),
            device: columns.text(10),
            uses: columns.number(15),
        });
    }
}

/// A neighbour of NET/ROM or ROSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour<'a> {
    /// The call sign: nine bytes.
    pub call: &'a [u8],
    /// The interface: four bytes, of ROSE five.
    pub device: &'a [u8],
}

/// Looks for the neighbour with a number; its line stays in the buffer.
fn find_neighbour(columns: &mut Columns, neighbours: &[u8], wanted: i32) -> bool {
    for (number, line) in lines(neighbours).enumerate() {
        columns.hold(line);
        if number > 0 && columns.number(0) == wanted {
            return true;
        }
    }
    false
}

/// The neighbour in the buffer. `end`: where its interface ends.
fn neighbour(columns: &mut Columns, end: usize) -> Neighbour<'_> {
    columns.end(15);
    columns.end(end);
    Neighbour {
        call: columns.text(6),
        device: columns.text(16),
    }
}

/// A route of NET/ROM, by the way in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetromRoute<'a> {
    /// The call sign: nine bytes.
    pub destination: &'a [u8],
    /// Column `mnemonic`: seven bytes.
    pub mnemonic: &'a [u8],
    /// Column `qual` of the way in use.
    pub quality: i32,
    /// Its neighbour; `None`: the other file has none of that number.
    pub neighbour: Option<Neighbour<'a>>,
}

/// Reads `nr_nodes` and, for each node, `nr_neigh`. One buffer holds the lines of both.
pub fn netrom_routes(nodes: &[u8], neighbours: &[u8], mut each: impl FnMut(NetromRoute<'_>)) {
    /// Columns of a way.
    const WAY: i32 = 15;
    let mut columns = Columns::new();
    for (number, line) in lines(nodes).enumerate() {
        columns.hold(line);
        if number == 0 {
            continue;
        }
        columns.end(9);
        columns.end(17);
        let way = columns.number(19).wrapping_sub(1).wrapping_mul(WAY);
        let of_way = |place: i32| {
            let place = usize::try_from(way.wrapping_add(place));
            place.map_or(0, |place| columns.number(place))
        };
        let (quality, wanted) = (of_way(24), of_way(32));
        let destination = columns.text(0).to_vec();
        let mnemonic = columns.text(10).to_vec();
        let found = find_neighbour(&mut columns, neighbours, wanted);
        each(NetromRoute {
            destination: &destination,
            mnemonic: &mnemonic,
            quality,
            neighbour: found.then(|| neighbour(&mut columns, 20)),
        });
    }
}

/// A part of a route of ROSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosePart<'a> {
    /// The address: ten bytes.
    Destination(&'a [u8]),
    /// A way: the number of the neighbour.
    Way(i32),
    /// A neighbour with that number; the other file may have several.
    Neighbour(Neighbour<'a>),
    /// The route has no further ways.
    End,
}

/// Reads `rose_nodes` and, for each way, `rose_neigh`.
pub fn rose_routes(nodes: &[u8], neighbours: &[u8], mut each: impl FnMut(RosePart<'_>)) {
    /// Columns of a way.
    const WAY: usize = 6;
    let mut columns = Columns::new();
    let mut other = Columns::new();
    for (number, line) in lines(nodes).enumerate() {
        columns.hold(line);
        if number == 0 {
            continue;
        }
        // Of more than three ways, the numbers of the later ones may run on.
        for end in [10, 17, 23, 29, 35] {
            columns.end(end);
        }
        each(RosePart::Destination(columns.text(0)));
        let ways = usize::try_from(columns.number(16)).unwrap_or(0);
        for way in 0..ways {
            let wanted = columns.number(18 + WAY * way);
            each(RosePart::Way(wanted));
            for (number, line) in lines(neighbours).enumerate() {
                other.hold(line);
                if number > 0 && other.number(0) == wanted {
                    each(RosePart::Neighbour(neighbour(&mut other, 21)));
                }
            }
        }
        each(RosePart::End);
    }
}

/// A route of X.25.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct X25Route<'a> {
    /// The digits of the address that count.
    pub destination: &'a [u8],
    /// How many they are to be, at most fifteen; there may be fewer.
    pub digits: usize,
    /// The interface: ten bytes.
    pub device: &'a [u8],
}

/// Reads `x25/route`.
pub fn x25_routes(text: &[u8], mut each: impl FnMut(X25Route<'_>)) {
    /// The most digits of an address.
    const DIGITS: usize = 15;
    let mut columns = Columns::new();
    for (number, line) in lines(text).enumerate() {
        columns.hold(line);
        if number == 0 {
            continue;
        }
        let end = columns.text(0).iter().position(|&byte| byte == b'\n');
        if let Some(end) = end {
            columns.end(end);
        }
        columns.end(24);
        columns.end(35);
        let digits = usize::try_from(columns.number(17)).map_or(DIGITS, |count| count.min(DIGITS));
        columns.end(digits);
        each(X25Route {
            destination: columns.text(0),
            digits,
            device: columns.text(25),
        });
    }
}

/// A route of IPX: three words, in which addresses may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpxRoute<'a> {
    /// Column `Network`
    pub network: &'a [u8],
    /// Column `Router_Net`; `Directly`.
    pub router_network: &'a [u8],
    /// Column `Router_Node`; `Connected`.
    pub router_node: &'a [u8],
}

/// Reads `ipx/route`.
pub fn ipx_routes(text: &[u8], mut each: impl FnMut(IpxRoute<'_>)) {
    for line in lines(text).skip(1) {
        let mut input = Formatted::line(line);
        let words = (input.word(), input.word(), input.word());
        if let (Some(network), Some(router_network), Some(router_node)) = words {
            each(IpxRoute {
                network,
                router_network,
                router_node,
            });
        }
    }
}

/// A route of AppleTalk. Texts are as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppletalkRoute<'a> {
    /// Column `Target`; `Default`.
    pub target: &'a [u8],
    /// Column `Router`
    pub router: &'a [u8],
    /// Column `Flags`
    pub flags: i32,
    /// Column `Dev`
    pub device: &'a [u8],
}

/// Reads `atalk_route`, whose rows and title are four words each wherever its lines end.
pub fn appletalk_routes(text: &[u8], mut each: impl FnMut(AppletalkRoute<'_>)) {
    let words = text.split(|&byte| is_space(byte));
    let mut words = words.filter(|word| !word.is_empty()).skip(4);
    while let (Some(target), Some(router), Some(flags), Some(device)) =
        (words.next(), words.next(), words.next(), words.next())
    {
        each(AppletalkRoute {
            target: Formatted::line(target).0,
            router: Formatted::line(router).0,
            flags: Formatted::line(flags).int().unwrap_or(0),
            device: Formatted::line(device).0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const NODES: &[u8] = b"callsign  mnemonic w n qual neigh obs qual neigh obs\n\
        N0CALL-8  *        2 2  150   6 00002   40   6 00001\nN0CALL-9  LOST     1 1    7   6 00077\n";
    const NEIGHBOURS: &[u8] = b"addr  callsign  dev\n00001 NEIGH-1   ax0 \n00002 NEIGH-2   ax1 \n";
    const ROSE: &[u8] = b"address    mask n neigh neigh neigh\n1234500000 0005 2 00002 00077\n";
    const X25: &[u8] = b"Address          Digits  Device\n1234567890       5       x25a0\n";
    const AX25: &[u8] = b"callsign  dev  mode\nN0CALL-1  ax0  17\nab";

    #[test]
    fn what_a_line_lacks_stands_in_the_line_before() {
        let mut seen = Vec::new();
        ax25_routes(AX25, |route| {
            seen.push((
                route.destination.to_vec(),
                route.device.to_vec(),
                route.uses,
            ));
        });
        let whole = (b"N0CALL-1 ".to_vec(), b"ax0 ".to_vec(), 17);
        let short = (b"ab".to_vec(), b"ax0 ".to_vec(), 17);
        assert_eq!(seen, [whole, short]);
    }

    #[test]
    fn a_node_has_the_way_that_is_in_use_and_its_neighbour() {
        let mut seen = Vec::new();
        netrom_routes(NODES, NEIGHBOURS, |route| {
            let neighbour = route.neighbour.map(|neighbour| neighbour.call.to_vec());
            seen.push((route.mnemonic.to_vec(), route.quality, neighbour));
        });
        let known = (b"*      ".to_vec(), 40, Some(b"NEIGH-1  ".to_vec()));
        assert_eq!(seen, [known, (b"LOST   ".to_vec(), 7, None)]);
    }

    #[test]
    fn a_route_of_rose_has_its_ways_one_after_the_other() {
        let mut seen = Vec::new();
        rose_routes(ROSE, NEIGHBOURS, |part| {
            seen.push(match part {
                RosePart::Destination(address) => address.to_vec(),
                RosePart::Way(number) => number.to_string().into_bytes(),
                RosePart::Neighbour(neighbour) => neighbour.device.to_vec(),
                RosePart::End => b"end".to_vec(),
            });
        });
        let words: [&[u8]; 5] = [b"1234500000", b"2", b"ax1 \n", b"77", b"end"];
        assert_eq!(seen, words);
    }

    #[test]
    fn the_words_of_appletalk_and_ipx_are_as_written() {
        let mut rows = 0;
        appletalk_routes(b"Target Router Flags Dev\na b 3\nc\nd e f", |route| {
            assert_eq!((route.target, route.device), (&b"a"[..], &b"c"[..]));
            assert_eq!(route.flags, 3);
            rows += 1;
        });
        ipx_routes(b"title\n12 Directly Connected\n12 13\n", |route| {
            assert_eq!(route.router_node, b"Connected");
            rows += 1;
        });
        x25_routes(X25, |route| {
            assert_eq!((route.destination, route.digits), (&b"12345"[..], 5));
            assert_eq!(route.device, b"x25a0");
            rows += 1;
        });
        assert_eq!(rows, 3);
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(26);
        for _ in 0..5000 {
            let neighbours = mutate(NEIGHBOURS, &mut random);
            netrom_routes(&mutate(NODES, &mut random), &neighbours, |_| {});
            rose_routes(&mutate(ROSE, &mut random), &neighbours, |_| {});
            x25_routes(&mutate(X25, &mut random), |_| {});
            ax25_routes(&mutate(AX25, &mut random), |_| {});
            appletalk_routes(&neighbours, |_| {});
            ipx_routes(&neighbours, |_| {});
        }
    }
}
