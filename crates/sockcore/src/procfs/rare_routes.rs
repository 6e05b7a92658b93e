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
