//! A line of an Internet table as text, read as formatted input is read: places first, then
//! columns up to the first that does not fit.

use sockcore::addr::{Address, Endpoint, InetFamily};
use sockcore::id::{Cookie, IfIndex, Inode, Uid};
use sockcore::procfs::lines::Fields;
use sockcore::socket::{
    InetAttributes, InetProtocol, InetSocket, SocketState, StateSet, TextColumns, Timer, TimerKind,
};

/// Digits of a port.
const PORT: usize = 4;

/// Reads a line. `None`: it has no two ends, so the table ends before it. `Some(None)`: a socket in
/// another state than those wanted, or one whose state is missing.
pub(crate) fn read(
    line: &[u8],
    family: InetFamily,
    protocol: InetProtocol,
    states: StateSet,
) -> Option<Option<InetSocket<'_>>> {
    let number = line.iter().position(|&byte| byte == b':')?;
    let (local, rest) = end(line.get(number + 2..)?)?;
    let (peer, rest) = end(rest)?;
    if !states.contains(state_by_digit(rest)) {
        return Some(None);
    }
    let columns = Columns::read(rest);
    let counted = if columns.timer == 1 {
        columns.retransmits
    } else {
        columns.timeout
    };
    Some(Some(InetSocket {
        family,
        protocol,
        state: SocketState(u8::try_from(columns.state).unwrap_or(u8::MAX)),
        local: endpoint(local, family),
        peer: endpoint(peer, family),
        interface: IfIndex(0),
        cookie: Cookie(0),
        timer: Timer {
            kind: TimerKind(columns.timer as u8),
            retransmits: counted as u8,
            // The table counts hundredths of a second.
            expires: columns.when.wrapping_mul(10),
        },
        recv_queue: columns.recv_queue,
        send_queue: columns.send_queue,
        uid: Uid(columns.uid),
        inode: Inode(columns.inode.into()),
        attributes: InetAttributes::default(),
        text: Some(TextColumns {
            local,
            peer,
            timer: columns.timer,
            when: columns.when.into(),
            retransmits: columns.retransmits,
            timeout: columns.timeout,
            references: columns.references,
            pointer: columns.pointer,
            rest: columns.rest,
        }),
    }))
}

/// Splits off `ADDRESS:PORT`, which ends a port's length behind its colon, and the byte after it.
fn end(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = text.iter().position(|&byte| byte == b':')?;
    let length = text.len().min(colon + 1 + PORT);
    let (end, rest) = text.split_at(length);
    Some((end, rest.get(1..).unwrap_or_default()))
}

/// The state that a line is selected by: its second digit, whatever byte that is.
fn state_by_digit(columns: &[u8]) -> SocketState {
    let byte = columns.get(1).copied().unwrap_or(0);
    let digit = match byte {
        b'A'..=0x7f => byte - b'A' + 10,
        byte => byte.wrapping_sub(b'0'),
    };
    SocketState(digit % 32)
}

fn endpoint(text: &[u8], family: InetFamily) -> Endpoint {
    match family {
        InetFamily::V4 => {
            let mut fields = Fields(text);
            let address = hex(&mut fields);
            let port = address.and_then(|_| port(&mut fields));
            Endpoint {
                address: Address::v4(address.unwrap_or(0).to_ne_bytes()),
                port: port.unwrap_or(0),
            }
        }
        InetFamily::V6 => {
            let mut bytes = [0; 16];
            let mut rest = text;
            let mut whole = true;
            for word in bytes.chunks_exact_mut(4) {
                let digits = rest.get(..rest.len().min(8)).unwrap_or_default();
                let mut fields = Fields(digits);
                let Some(value) = hex(&mut fields) else {
                    whole = false;
                    break;
                };
                word.copy_from_slice(&value.to_ne_bytes());
                let read = digits.len() - fields.0.len();
                rest = rest.get(read..).unwrap_or_default();
            }
            let port = whole.then(|| port(&mut Fields(rest))).flatten();
            Endpoint {
                address: Address::v6(bytes),
                port: port.unwrap_or(0),
            }
        }
    }
}

fn port(fields: &mut Fields<'_>) -> Option<u16> {
    fields.eat(b':').then_some(())?;
    hex(fields).map(|port| port as u16)
}

/// The columns behind the addresses; those that were not read are 0.
#[derive(Default)]
struct Columns<'l> {
    state: u32,
    send_queue: u32,
    recv_queue: u32,
    timer: u32,
    when: u32,
    retransmits: u32,
    uid: u32,
    timeout: u32,
    inode: u32,
    references: u32,
    pointer: u64,
    rest: &'l [u8],
}

impl<'l> Columns<'l> {
    fn read(text: &'l [u8]) -> Self {
        let mut columns = Self::default();
        let mut fields = Fields(text);
        let _whole: Option<()> = columns.fill(&mut fields);
        columns
    }

    fn fill(&mut self, fields: &mut Fields<'l>) -> Option<()> {
        self.state = hex(fields)?;
        self.send_queue = hex(fields)?;
        fields.eat(b':').then_some(())?;
        self.recv_queue = hex(fields)?;
        self.timer = hex(fields)?;
        fields.eat(b':').then_some(())?;
        self.when = hex(fields)?;
        self.retransmits = hex(fields)?;
        self.uid = decimal(fields)?;
        self.timeout = decimal(fields)?;
        self.inode = decimal(fields)?;
        self.references = decimal(fields)?;
        self.pointer = fields.hex()?;
        self.rest = fields.0;
        Some(())
    }
}

/// `%x`: a sign and `0x` may stand before the digits; the lower 32 bits are kept.
fn hex(fields: &mut Fields<'_>) -> Option<u32> {
    fields.skip_space();
    let negative = fields.eat(b'-');
    if let [b'0', b'x' | b'X', rest @ ..] = fields.0 {
        fields.0 = rest;
    }
    let value = fields.hex()? as u32;
    Some(if negative {
        value.wrapping_neg()
    } else {
        value
    })
}

/// `%d` and `%u`: a sign may stand before the digits; the lower 32 bits are kept.
fn decimal(fields: &mut Fields<'_>) -> Option<u32> {
    fields.signed().map(|value| value as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = b"   0: 0100007F:1F90 0200007F:0016 01 00000003:00000005 \
                           01:00000064 00000002  1000        4 4711 1 ffff8880 20 4 30 10 -1";

    fn row(line: &[u8]) -> Option<InetSocket<'_>> {
        read(line, InetFamily::V4, InetProtocol::TCP, StateSet::ALL).flatten()
    }

    #[test]
    fn a_line_that_breaks_off_is_a_row_as_soon_as_it_has_a_state() {
        let is_line = |length| {
            let line = &WHOLE[..length];
            read(line, InetFamily::V4, InetProtocol::TCP, StateSet::ALL).is_some()
        };
        let state = 36;
        assert!(!is_line(28), "no second end");
        assert!(is_line(29));
        for length in 0..WHOLE.len() {
            let socket = row(&WHOLE[..length]);
            assert_eq!(socket.is_some(), length >= state, "{length}");
        }
        let socket = row(&WHOLE[..state]).unwrap();
        assert_eq!((socket.state, socket.inode), (SocketState(1), Inode(0)));
        let socket = row(&WHOLE[..54]).unwrap();
        assert_eq!((socket.send_queue, socket.recv_queue), (3, 5));
        let socket = row(WHOLE).unwrap();
        assert_eq!((socket.inode, socket.uid), (Inode(4711), Uid(1000)));
        assert_eq!((socket.local.port, socket.peer.port), (8080, 22));
    }

    #[test]
    fn the_second_digit_of_the_state_selects() {
        for (state, selected) in [
            (" 1A", 10),
            (" 0a", 10),
            (" 0:", 10),
            (" 0Z", 3),
            (" A ", 16),
        ] {
            let columns = state.trim_start().as_bytes();
            assert_eq!(state_by_digit(columns), SocketState(selected), "{state}");
        }
    }
}
