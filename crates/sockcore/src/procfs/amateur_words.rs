//! The tables of families that current kernels do not have any more, word by word: AX.25,
//! NET/ROM, ROSE, X.25, IPX. For a reader that must take a malformed line as another program
//! does; the strict readers are in [`super::amateur`].

use super::formatted::Formatted;
use super::lines::hex_digit;

/// Two queues as they stand in the text: send, then receive.
pub type Queues = [i32; 2];

/// A socket of AX.25.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ax25Words<'a> {
    /// The other's call sign, without digipeaters.
    pub destination: &'a [u8],
    /// Own call sign.
    pub source: &'a [u8],
    /// The interface.
    pub device: &'a [u8],
    /// Column `st`
    pub state: i32,
    /// Column `vs`
    pub sent: i32,
    /// Column `vr`
    pub received: i32,
    /// Columns `Snd-Q` and `Rcv-Q`; 0 where the line has something else there.
    pub queues: Queues,
}

/// A line of `ax25` as kernels since 2.4 write it, without a title:
/// `magic dev source dest[,digi…] st vs vr`, fourteen numbers, the queues.
#[must_use]
pub fn ax25_line(line: &[u8]) -> Option<Ax25Words<'_>> {
    let mut input = Formatted::line(line);
    let mut word = || {
        let length = input.0.iter().position(|&byte| byte == b' ')?;
        let (word, rest) = input.0.split_at_checked(length)?;
        input.0 = rest.get(1..)?;
        Some(word)
    };
    let _magic = word()?;
    let (device, source, path) = (word()?, word()?, word()?);
    let destination = path.split(|&byte| byte == b',').next()?;
    let (state, sent, received) = (input.int()?, input.int()?, input.int()?);
    let queues = queues(&mut input, |input| numbers(input, 14))?;
    Some(Ax25Words {
        destination,
        source,
        device,
        state,
        sent,
        received,
        queues,
    })
}

/// Whether a first line is the title of the older form of `ax25`.
#[must_use]
pub fn is_old_ax25_title(line: &[u8]) -> bool {
    line.starts_with(b"dest_addr")
}

/// A line of the older form of `ax25`: two call signs in columns, `dev st vs vr va`, five pairs,
/// three numbers, the queues.
#[must_use]
pub fn old_ax25_line(line: &[u8]) -> Option<Ax25Words<'_>> {
    let line = Formatted::line(line).0;
    let (destination, source) = (line.get(..9)?, line.get(10..19)?);
    let mut input = Formatted(line.get(20..)?);
    let device = input.word()?;
    let (state, sent, received) = (input.int()?, input.int()?, input.int()?);
    let queues = queues(&mut input, |input| {
        input.int()?;
        pairs(input, 5)?;
        numbers(input, 3)
    })?;
    Some(Ax25Words {
        destination,
        source,
        device,
        state,
        sent,
        received,
        queues,
    })
}

/// The queues behind what `before` reads. Neither: both are 0; one without the other: no line.
fn queues(
    input: &mut Formatted<'_>,
    before: impl FnOnce(&mut Formatted<'_>) -> Option<()>,
) -> Option<Queues> {
    let send = before(input).and_then(|()| input.int());
    match (send, input.int()) {
        (None, _) => Some([0, 0]),
        (Some(send), Some(recv)) => Some([send, recv]),
        (Some(_), None) => None,
    }
}

fn numbers(input: &mut Formatted<'_>, count: usize) -> Option<()> {
    for _ in 0..count {
        input.int()?;
    }
    Some(())
}

fn pairs(input: &mut Formatted<'_>, count: usize) -> Option<()> {
    for _ in 0..count {
        input.int()?;
        input.byte(b'/')?;
        input.int()?;
    }
    Some(())
}

/// A socket of NET/ROM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetromWords<'a> {
    /// Columns `user_addr`, `dest_node`, `src_node`: nine bytes each.
    pub calls: [&'a [u8]; 3],
    /// The interface.
    pub device: &'a [u8],
    /// Column `st`
    pub state: i32,
    /// Column `vs`
    pub sent: i32,
    /// Column `vr`
    pub received: i32,
    /// Columns `Snd-Q` and `Rcv-Q`
    pub queues: Queues,
}

/// A line of `nr`: three call signs in columns, `dev my your st vs vr va`, `t1 t2 t4 idle n2` as
/// pairs, `wnd Snd-Q Rcv-Q inode`.
#[must_use]
pub fn netrom_line(line: &[u8]) -> Option<NetromWords<'_>> {
    let line = Formatted::line(line).0;
    let calls = [line.get(..9)?, line.get(10..19)?, line.get(20..29)?];
    let mut input = Formatted(line.get(30..)?);
    let device = input.word()?;
    // Circuit numbers are hexadecimal.
    for _ in 0..2 {
        input.hexadecimal()?;
        input.byte(b'/')?;
        input.hexadecimal()?;
    }
    let (state, sent, received) = (input.int()?, input.int()?, input.int()?);
    input.int()?;
    pairs(&mut input, 5)?;
    input.int()?;
    Some(NetromWords {
        calls,
        device,
        state,
        sent,
        received,
        queues: [input.int()?, input.int()?],
    })
}

/// A socket of ROSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoseWords<'a> {
    /// Column `dest_addr`
    pub destination: &'a [u8],
    /// Column `dest_call`
    pub destination_call: &'a [u8],
    /// Column `src_addr`
    pub source: &'a [u8],
    /// Column `src_call`
    pub source_call: &'a [u8],
    /// The interface.
    pub device: &'a [u8],
    /// Column `lci`
    pub channel: i32,
    /// Column `neigh`
    pub neighbour: i32,
    /// Column `st`
    pub state: i32,
}

/// A line of `rose`.
#[must_use]
pub fn rose_line(line: &[u8]) -> Option<RoseWords<'_>> {
    let mut input = Formatted::line(line);
    Some(RoseWords {
        destination: input.word()?,
        destination_call: input.word()?,
        source: input.word()?,
        source_call: input.word()?,
        device: input.word()?,
        channel: input.int()?,
        neighbour: input.int()?,
        state: input.int()?,
    })
}

/// A socket of X.25.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct X25Words<'a> {
    /// Column `dest_addr`: ten bytes.
    pub destination: &'a [u8],
    /// Column `src_addr`: ten bytes.
    pub source: &'a [u8],
    /// The interface.
    pub device: &'a [u8],
    /// Column `lci`
    pub channel: i32,
    /// Column `st`
    pub state: i32,
    /// Column `vs`
    pub sent: i32,
    /// Column `vr`
    pub received: i32,
    /// Columns `Snd-Q` and `Rcv-Q`
    pub queues: Queues,
}

/// A line of `x25`: two addresses in columns, `dev lci st vs vr`, six numbers, the queues.
#[must_use]
pub fn x25_line(line: &[u8]) -> Option<X25Words<'_>> {
    let line = Formatted::line(line).0;
    let (destination, source) = (line.get(..10)?, line.get(11..21)?);
    let mut input = Formatted(line.get(22..)?);
    let device = input.word()?;
    let (channel, state) = (input.int()?, input.int()?);
    let (sent, received) = (input.int()?, input.int()?);
    numbers(&mut input, 6)?;
    Some(X25Words {
        destination,
        source,
        device,
        channel,
        state,
        sent,
        received,
        queues: [input.int()?, input.int()?],
    })
}

/// An IPX address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IpxAddress {
    /// The network.
    pub network: u32,
    /// The node.
    pub node: [u8; 6],
    /// The socket number, as the text has it.
    pub port: u16,
}

/// What is wrong with a line of `ipx/socket`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpxError {
    /// The own address has no port.
    Source,
    /// The other address has none.
    Destination,
}

/// The columns of `ipx/socket`. What a line lacks keeps its value from the line before.
#[derive(Clone, Copy, Debug, Default)]
pub struct IpxColumns {
    /// Column `Local_Address`
    pub local: IpxAddress,
    /// Column `Remote_Address`; `None`: not connected.
    pub remote: Option<IpxAddress>,
    /// The last remote address there was.
    held: IpxAddress,
    /// Column `Tx_Queue`, bytes.
    pub send_queue: u32,
    /// Column `Rx_Queue`, bytes.
    pub recv_queue: u32,
    /// Column `State`
    pub state: i32,
    /// Column `Uid`
    pub uid: i32,
    /// There was a line before.
    begun: bool,
}

impl IpxColumns {
    /// Reads a line.
    ///
    /// # Errors
    /// An address without a port.
    pub fn read(&mut self, line: &[u8]) -> Result<(), IpxError> {
        let mut input = Formatted::line(line);
        match input.word() {
            Some(local) => self.local.read(local).ok_or(IpxError::Source)?,
            None if !self.begun => return Err(IpxError::Source),
            None => {}
        }
        self.begun = true;
        match input.word() {
            Some(b"Not_Connected") => self.remote = None,
            Some(remote) => {
                self.held.read(remote).ok_or(IpxError::Destination)?;
                self.remote = Some(self.held);
            }
            None if self.remote.is_none() => return Err(IpxError::Destination),
            None => {}
        }
        self.numbers(&mut input);
        Ok(())
    }

    fn numbers(&mut self, input: &mut Formatted<'_>) -> Option<()> {
        self.send_queue = input.hexadecimal()? as u32;
        self.recv_queue = input.hexadecimal()? as u32;
        self.state = input.int()?;
        self.uid = input.int()?;
        Some(())
    }
}

impl IpxAddress {
    /// Reads `NETWORK:NODE:PORT`. A network or node that cannot be read is 0, a port is that of
    /// before; without any colon it is no address.
    fn read(&mut self, text: &[u8]) -> Option<()> {
        let colon = text.iter().rposition(|&byte| byte == b':')?;
        let (host, port) = (text.get(..colon)?, text.get(colon + 1..)?);
        let mut parts = host.split(|&byte| byte == b':');
        let network = parts.next().unwrap_or_default();
        self.network = ipx_network(network);
        self.node = ipx_node(parts.next().unwrap_or_default());
        if let Some(port) = Formatted(port).hexadecimal() {
            self.port = port as u16;
        }
        Some(())
    }
}

/// An IPX network in hexadecimal; 0 where there is none.
#[must_use]
pub fn ipx_network(text: &[u8]) -> u32 {
    Formatted(text).hexadecimal().unwrap_or(0) as u32
}

/// An IPX node: as many of twelve digits as there are, from the left.
#[must_use]
pub fn ipx_node(text: &[u8]) -> [u8; 6] {
    let mut node = [0; 6];
    let digits = text.iter().copied().map_while(hex_digit);
    for (place, digit) in digits.take(12).enumerate() {
        if let Some(byte) = node.get_mut(place / 2) {
            *byte |= if place % 2 == 0 { digit << 4 } else { digit };
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const AX25: &[u8] =
        b"ffff88 ax0 N0CALL-1 APRS-0,WIDE1-1 3 4 5 7 0 10 0 3 0 30 0 5 0 10 2 256 300 12 34 99";
    const OLD: &[u8] = b"N0CALL-1  N0CALL-2  ax0 3 0 1 2 3/4 5/6 7/8 9/10 11/12 13 14 15 16 17";
    const NETROM: &[u8] = b"N0CALL-1  N0CALL-2  N0CALL-3  nr0   01/02 03/04  3 001 002 003 000/120 000/005 000/180 000/900 00/03 004    12    34 1007";
    const ROSE: &[u8] =
        b"1234567890 N0CALL-1  0987654321 N0CALL-2  rose0 001 00002  3  0  0  0   0";
    const X25: &[u8] =
        b"1234567890 0987654321 x25a0 001  3  1  2  3   0  20  20  18  18    12    34 1008";
    const IPX: &[u8] =
        b"00000012:0000000000AB:4001  00000013:0000000000AC:4002  00000007  00000005  01     100";

    #[test]
    fn both_forms_of_ax25_have_calls_counters_and_queues() {
        let new = ax25_line(AX25).unwrap();
        assert_eq!(
            (new.destination, new.source),
            (&b"APRS-0"[..], &b"N0CALL-1"[..])
        );
        assert_eq!((new.state, new.sent, new.received), (3, 4, 5));
        assert_eq!(new.queues, [12, 34]);
        let old = old_ax25_line(OLD).unwrap();
        assert_eq!(
            (old.destination, old.source),
            (&b"N0CALL-1 "[..], &b"N0CALL-2 "[..])
        );
        assert_eq!((old.received, old.queues), (1, [16, 17]));
        assert!(is_old_ax25_title(b"dest_addr  src_addr"));
    }

    #[test]
    fn queues_that_are_no_numbers_are_zero_and_half_of_them_makes_no_line() {
        let unowned = b"f ??? N0CALL-2 * 0 0 0 0 0 10 0 3 0 30 0 5 0 10 2 256 300 * * *";
        assert_eq!(ax25_line(unowned).unwrap().queues, [0, 0]);
        assert_eq!(ax25_line(b"f ax0 A B 3 4 5").unwrap().queues, [0, 0]);
        assert_eq!(ax25_line(b"f ax0 A B 3 4"), None);
        let half = b"f ax0 A B 3 4 5 7 0 10 0 3 0 30 0 5 0 10 2 256 300 12";
        assert_eq!(ax25_line(half), None);
    }

    #[test]
    fn the_other_families_are_read_in_their_columns() {
        let netrom = netrom_line(NETROM).unwrap();
        assert_eq!((netrom.device, netrom.queues), (&b"nr0"[..], [12, 34]));
        let rose = rose_line(ROSE).unwrap();
        assert_eq!((rose.channel, rose.neighbour, rose.state), (1, 2, 3));
        let x25 = x25_line(X25).unwrap();
        assert_eq!((x25.source, x25.queues), (&b"0987654321"[..], [12, 34]));
    }

    #[test]
    fn an_ipx_address_needs_a_colon_and_nothing_else() {
        let mut columns = IpxColumns::default();
        assert_eq!(columns.read(IPX), Ok(()));
        assert_eq!(columns.local.node, [0, 0, 0, 0, 0, 0xab]);
        assert_eq!((columns.send_queue, columns.recv_queue), (7, 5));
        assert_eq!(columns.read(b"1:AB:2 Not_Connected 9"), Ok(()));
        assert_eq!(columns.local.node, [0xab, 0, 0, 0, 0, 0]);
        assert_eq!(columns.read(b"1:ABC: Not_Connected 9"), Ok(()));
        assert_eq!(columns.local.node, [0xab, 0xc0, 0, 0, 0, 0]);
        assert_eq!(columns.local.port, 2);
        assert_eq!(
            (columns.remote, columns.send_queue, columns.recv_queue),
            (None, 9, 5)
        );
        assert_eq!(columns.read(b"bad"), Err(IpxError::Source));
        assert_eq!(columns.read(b"1:2 bad"), Err(IpxError::Destination));
        assert_eq!(IpxColumns::default().read(b""), Err(IpxError::Source));
        assert_eq!(
            IpxColumns::default().read(b"1:2"),
            Err(IpxError::Destination)
        );
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(25);
        let mut ipx = IpxColumns::default();
        for _ in 0..20_000 {
            let _ = ax25_line(&mutate(AX25, &mut random));
            let _ = old_ax25_line(&mutate(OLD, &mut random));
            let _ = netrom_line(&mutate(NETROM, &mut random));
            let _ = rose_line(&mutate(ROSE, &mut random));
            let _ = x25_line(&mutate(X25, &mut random));
            let _ = ipx.read(&mutate(IPX, &mut random));
        }
    }
}
