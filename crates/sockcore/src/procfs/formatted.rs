//! Lines as C's formatted input (`fscanf`) reads them: as far as they go, with what it makes of
//! signs, prefixes and numbers too large. For readers that must take a malformed line as another
//! program does; the strict readers are in [`super::net`].

use super::lines::{hex_digit, is_space};
use crate::addr::{Address, Endpoint};

/// A cursor with the conversions of formatted input.
#[derive(Clone, Copy, Debug)]
pub struct Formatted<'a>(pub &'a [u8]);

impl<'a> Formatted<'a> {
    /// A line as far as a C string goes: up to a NUL.
    #[must_use]
    pub fn line(line: &'a [u8]) -> Self {
        let end = line.iter().position(|&byte| byte == 0);
        Self(line.get(..end.unwrap_or(line.len())).unwrap_or_default())
    }

    /// White space in a format: any amount of it, none as well.
    #[inline]
    pub fn space(&mut self) {
        while let [first, rest @ ..] = self.0 {
            if !is_space(*first) {
                break;
            }
            self.0 = rest;
        }
    }

    /// A byte in a format: itself, nothing before it.
    #[inline]
    pub fn byte(&mut self, wanted: u8) -> Option<()> {
        match self.0 {
            [first, rest @ ..] if *first == wanted => {
                self.0 = rest;
                Some(())
            }
            _ => None,
        }
    }

    /// `%d` into an `int`.
    #[inline]
    pub fn int(&mut self) -> Option<i32> {
        let (negative, magnitude) = self.number::<10>()?;
        // strtol's limits, then the low 32 bits.
        let value = match (negative, i64::try_from(magnitude)) {
            (false, Ok(value)) => value,
            (false, Err(_)) => i64::MAX,
            (true, Ok(value)) => -value,
            (true, Err(_)) => i64::MIN,
        };
        Some(value as i32)
    }

    /// `%u`, `%lu`.
    #[inline]
    pub fn decimal(&mut self) -> Option<u64> {
        self.number::<10>().map(wrapped)
    }

    /// `%x`, `%lx`; the low 32 bits are what an `unsigned int` gets.
    #[inline]
    pub fn hexadecimal(&mut self) -> Option<u64> {
        self.number::<16>().map(wrapped)
    }

    /// `%p`: a hexadecimal number, or `(nil)`.
    #[inline]
    pub fn pointer(&mut self) -> Option<u64> {
        self.space();
        if let Some(rest) = self.0.strip_prefix(b"(nil)") {
            self.0 = rest;
            return Some(0);
        }
        self.hexadecimal()
    }

    /// `%s`: the next word.
    #[inline]
    pub fn word(&mut self) -> Option<&'a [u8]> {
        self.space();
        let length = self.0.iter().take_while(|&&byte| !is_space(byte)).count();
        self.take(length)
    }

    /// `%LIMITs`: the next word or its beginning.
    #[inline]
    pub fn word_within(&mut self, limit: usize) -> Option<&'a [u8]> {
        self.space();
        self.run(limit, |byte| !is_space(byte))
    }

    /// `%LIMITx` into an `unsigned int`; sign and prefix count towards the limit. A sign without
    /// digits is used up, too.
    #[inline]
    pub fn hexadecimal_within(&mut self, limit: usize) -> Option<u32> {
        self.space();
        let (head, _) = self.0.split_at_checked(limit).unwrap_or((self.0, &[]));
        let mut field = Formatted(head);
        let value = field.hexadecimal();
        let used = match (value, head) {
            (None, [b'+' | b'-', ..]) => 1,
            _ => head.len() - field.0.len(),
        };
        self.take(used);
        value.map(|value| value as u32)
    }

    /// `%LIMIT[…]`: a run of bytes that `wanted` takes, nothing skipped before it.
    #[inline]
    pub fn run(&mut self, limit: usize, wanted: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        let length = self
            .0
            .iter()
            .take(limit)
            .take_while(|&&byte| wanted(byte))
            .count();
        self.take(length)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        (length > 0).then_some(taken)
    }

    /// White space, sign, prefix, digits. A number too large is the largest there is.
    #[inline]
    fn number<const BASE: u64>(&mut self) -> Option<(bool, u64)> {
        /// So many digits of any base are no number too large.
        const SAFE: usize = 16;
        self.space();
        let mut rest = self.0;
        let negative = match rest {
            [b'-', tail @ ..] => {
                rest = tail;
                true
            }
            [b'+', tail @ ..] => {
                rest = tail;
                false
            }
            _ => false,
        };
        let mut prefixed = false;
        // The prefix alone is a zero.
        if let (16, [b'0', b'x' | b'X', tail @ ..]) = (BASE, rest) {
            prefixed = true;
            rest = tail;
        }
        let text = rest;
        let mut value = 0u64;
        while let [first, tail @ ..] = rest {
            let Some(digit) = hex_digit(*first)
                .map(u64::from)
                .filter(|&digit| digit < BASE)
            else {
                break;
            };
            value = value.wrapping_mul(BASE).wrapping_add(digit);
            rest = tail;
        }
        let digits = text.len() - rest.len();
        if digits == 0 && !prefixed {
            return None;
        }
        self.0 = rest;
        if digits <= SAFE {
            return Some((negative, value));
        }
        Some(match checked::<BASE>(text.get(..digits)?) {
            Some(value) => (negative, value),
            // strtoul's error value has no sign.
            None if BASE == 16 => (false, u64::MAX),
            None => (negative, u64::MAX),
        })
    }
}

/// The value of many digits; `None`: it is too large.
#[cold]
fn checked<const BASE: u64>(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |value, &digit| {
        let digit = u64::from(hex_digit(digit)?);
        value.checked_mul(BASE)?.checked_add(digit)
    })
}

fn wrapped((negative, value): (bool, u64)) -> u64 {
    // The largest value stays what it is: it stands for a number too large.
    if negative && value != u64::MAX {
        value.wrapping_neg()
    } else {
        value
    }
}

/// The columns of `/proc/net/{tcp,udp,udplite,raw}{,6}` up to the inode. A column that a line
/// lacks keeps its value from the line before.
#[derive(Clone, Debug, Default)]
pub struct InetColumns {
    /// Column `local_address`. IPv6 when its text is longer than eight digits.
    pub local: Endpoint,
    /// Column `rem_address`, in the family of the local one.
    pub peer: Endpoint,
    /// Column `st`
    pub state: u32,
    /// Column `tx_queue`, bytes.
    pub send_queue: u64,
    /// Column `rx_queue`, bytes.
    pub recv_queue: u64,
    /// Column `tr`
    pub timer: u32,
    /// Column `tm->when`, in ticks of 1/100 s.
    pub when: u64,
    /// Column `retrnsmt`
    pub retransmits: u64,
    /// Column `uid`
    pub uid: i32,
    /// Column `timeout`
    pub timeout: i32,
    /// Column `inode`
    pub inode: u64,
    /// The last IPv6 address: a shorter one overwrites only its beginning.
    words: [u32; 4],
}

impl InetColumns {
    /// How many conversions end with `tm->when`.
    pub const UP_TO_WHEN: u32 = 10;
    /// How many conversions end with `retrnsmt`.
    pub const UP_TO_RETRANSMITS: u32 = 11;
    /// How many conversions there are.
    pub const ALL: u32 = 14;

    /// Reads a line; returns how many conversions succeeded.
    pub fn read(&mut self, line: &[u8]) -> u32 {
        let mut count = 0;
        let mut ends: [(&[u8], u16); 2] = [(&[], 0); 2];
        self.convert(line, &mut ends, &mut count);
        if count < 5 {
            return count;
        }
        let [(local, local_port), (peer, peer_port)] = ends;
        let (local, peer) = if local.len() > 8 {
            (self.v6(local), self.v6(peer))
        } else {
            (v4(local), v4(peer))
        };
        self.local = Endpoint {
            address: local,
            port: local_port,
        };
        self.peer = Endpoint {
            address: peer,
            port: peer_port,
        };
        count
    }

    fn convert<'l>(
        &mut self,
        line: &'l [u8],
        ends: &mut [(&'l [u8], u16); 2],
        count: &mut u32,
    ) -> Option<()> {
        let mut input = Formatted::line(line);
        input.int()?;
        *count += 1;
        input.byte(b':')?;
        for end in ends {
            input.space();
            end.0 = input.run(64, |byte| hex_digit(byte).is_some())?;
            *count += 1;
            input.byte(b':')?;
            end.1 = input.hexadecimal()? as u16;
            *count += 1;
        }
        let mut noted = |value: Option<u64>| {
            *count += u32::from(value.is_some());
            value
        };
        self.state = noted(input.hexadecimal())? as u32;
        self.send_queue = noted(input.hexadecimal())?;
        input.byte(b':')?;
        self.recv_queue = noted(input.hexadecimal())?;
        self.timer = noted(input.hexadecimal())? as u32;
        input.byte(b':')?;
        self.when = noted(input.hexadecimal())?;
        self.retransmits = noted(input.hexadecimal())?;
        self.uid = input.int()?;
        *count += 1;
        self.timeout = input.int()?;
        *count += 1;
        self.inode = input.decimal()?;
        *count += 1;
        Some(())
    }

    fn v6(&mut self, digits: &[u8]) -> Address {
        let mut input = Formatted(digits);
        for word in &mut self.words {
            let Some(value) = input
                .run(8, |byte| hex_digit(byte).is_some())
                .and_then(|digits| Formatted(digits).hexadecimal())
            else {
                break;
            };
            *word = value as u32;
        }
        let mut bytes = [0; 16];
        for (target, word) in bytes.chunks_exact_mut(4).zip(self.words) {
            target.copy_from_slice(&word.to_ne_bytes());
        }
        Address::v6(bytes)
    }
}

/// The columns of `/proc/net/unix`. An inode that a line lacks keeps its value from the line
/// before.
#[derive(Clone, Debug, Default)]
pub struct UnixColumns {
    /// Column `RefCount`
    pub references: u64,
    /// Column `Protocol`
    pub protocol: u64,
    /// Column `Flags`; 0x10000: listening.
    pub flags: u64,
    /// Column `Type`
    pub kind: u32,
    /// Column `St`: `enum socket_state` (1 unconnected, 3 connected).
    pub state: u32,
    /// Column `Inode`
    pub inode: u64,
}

impl UnixColumns {
    /// Reads a line: `Num: RefCount Protocol Flags Type St Inode Path`. What stands behind the
    /// inode: nothing, or a blank and the path.
    ///
    /// `None` when a column up to and including `St` is missing.
    pub fn read<'l>(&mut self, line: &'l [u8]) -> Option<&'l [u8]> {
        let mut input = Formatted::line(line);
        input.pointer()?;
        input.byte(b':')?;
        self.references = input.hexadecimal()?;
        self.protocol = input.hexadecimal()?;
        self.flags = input.hexadecimal()?;
        self.kind = input.hexadecimal()? as u32;
        self.state = input.hexadecimal()? as u32;
        let Some(inode) = input.decimal() else {
            return Some(&[]);
        };
        self.inode = inode;
        Some(input.0)
    }
}

fn v4(digits: &[u8]) -> Address {
    let value = Formatted(digits).hexadecimal().unwrap_or(0) as u32;
    Address::v4(value.to_ne_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] = b"   0: 0100007F:1F90 0200007F:C350 01 00000010:00000020 02:000000FA 00000003  1000        7 4378914 2 0000000000000abc 20 4 30 10 -1";

    #[test]
    fn a_line_of_the_kernel_has_all_columns() {
        let mut columns = InetColumns::default();
        assert_eq!(columns.read(LINE), InetColumns::ALL);
        assert_eq!(columns.local.address, Address::v4([127, 0, 0, 1]));
        assert_eq!((columns.local.port, columns.peer.port), (8080, 50000));
        assert_eq!((columns.send_queue, columns.recv_queue), (16, 32));
        assert_eq!((columns.timer, columns.when), (2, 250));
        assert_eq!((columns.uid, columns.timeout), (1000, 7));
        assert_eq!(columns.inode, 4_378_914);
    }

    #[test]
    fn missing_columns_keep_what_the_line_before_had() {
        let mut columns = InetColumns::default();
        columns.read(LINE);
        let short = LINE.get(..66).unwrap();
        assert_eq!(columns.read(short), InetColumns::UP_TO_WHEN);
        assert_eq!((columns.retransmits, columns.inode), (3, 4_378_914));
    }

    #[test]
    fn numbers_are_read_with_sign_prefix_and_limit() {
        let int = |text: &[u8]| Formatted(text).int();
        assert_eq!(int(b" +12x"), Some(12));
        assert_eq!(int(b"3000000000"), Some(-1_294_967_296));
        assert_eq!(int(b"99999999999999999999"), Some(-1));
        assert_eq!(int(b"-99999999999999999999"), Some(0));
        assert_eq!(int(b"- 1"), None);
        let hex = |text: &[u8]| Formatted(text).hexadecimal();
        assert_eq!(hex(b"0xC350"), Some(0xc350));
        assert_eq!(hex(b"-20"), Some(0x20_u64.wrapping_neg()));
        assert_eq!(hex(b"FFFFFFFFFFFFFFFFF"), Some(u64::MAX));
        let within = |text: &'static [u8], limit| {
            let mut input = Formatted(text);
            (input.hexadecimal_within(limit), input.0)
        };
        assert_eq!(within(b" fff30", 2), (Some(0xff), &b"f30"[..]));
        assert_eq!(within(b"0x40", 2), (Some(0), &b"40"[..]));
        assert_eq!(within(b"-x", 2), (None, &b"x"[..]));
        assert_eq!(within(b"x", 2), (None, &b"x"[..]));
        assert_eq!(Formatted(b"-12").decimal(), Some(12_u64.wrapping_neg()));
    }

    #[test]
    fn an_address_longer_than_eight_digits_makes_both_ends_ipv6() {
        let mut columns = InetColumns::default();
        let line = b"0: 00000000000000000000000001000000:1F90 0200007F:C350 01 0:0 03:1 1 0 0 1";
        assert_eq!(columns.read(line), InetColumns::ALL);
        let peer: std::net::Ipv6Addr = "7f00:2::1".parse().unwrap();
        assert_eq!(columns.peer.address, Address::v6(peer.octets()));
    }

    #[test]
    fn a_unix_line_ends_with_its_path() {
        let mut columns = UnixColumns::default();
        let line = b"ffff888: 00000002 00000000 00010000 0001 01  4711 /run/a b";
        assert_eq!(columns.read(line), Some(&b" /run/a b"[..]));
        assert_eq!((columns.references, columns.flags), (2, 0x10000));
        let short = b"ffff888: 00000002 00000000 00000000 0001 03";
        assert_eq!(columns.read(short), Some(&b""[..]));
        assert_eq!((columns.state, columns.inode), (3, 4711));
        assert_eq!(
            columns.read(b"ffff888: 00000002 00000000 00000000 0001"),
            None
        );
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(21);
        let mut unix = UnixColumns::default();
        for _ in 0..20_000 {
            let line = b"ffff888: 00000002 00000000 00010000 0001 01  4711 /run/a b";
            let _ = unix.read(&mutate(line, &mut random));
        }
        let mut columns = InetColumns::default();
        for _ in 0..20_000 {
            assert!(columns.read(&mutate(LINE, &mut random)) <= InetColumns::ALL);
        }
    }
}
