//! SCTP endpoints and associations word by word (`strtok`, `atoi`): for readers that must take a
//! malformed line as another program does. The strict reader is [`super::sctp`].

use super::formatted::Formatted;
use super::lines::hex_digit;
use crate::addr::Address;

/// A cursor over words between delimiters, with the habits of `strtok`: delimiters before a word
/// are skipped, the one behind it is eaten.
#[derive(Clone, Copy, Debug)]
struct Words<'a>(&'a [u8]);

const BLANKS: &[u8] = b" \t\n";

impl<'a> Words<'a> {
    fn next(&mut self, delimiters: &[u8]) -> Option<&'a [u8]> {
        let is_delimiter = |byte: &u8| delimiters.contains(byte);
        let start = self.0.iter().position(|byte| !is_delimiter(byte))?;
        let rest = self.0.get(start..)?;
        let end = rest.iter().position(is_delimiter).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end)?;
        self.0 = behind.get(1..).unwrap_or_default();
        Some(word)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        for _ in 0..count {
            self.next(BLANKS)?;
        }
        Some(())
    }

    /// `atoi`: 0 when the word is no number.
    fn int(&mut self) -> Option<i32> {
        let word = self.next(BLANKS)?;
        Some(Formatted(word).int().unwrap_or(0))
    }
}

/// A line of `eps`: `ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointWords<'a> {
    /// Column `SST`: the socket's state in TCP's numbers.
    pub state: i32,
    /// Column `LPORT`
    pub local_port: u16,
    /// Column `UID`
    pub uid: i32,
    /// Column `INODE`
    pub inode: u64,
    /// Columns `LADDRS`; empty when there are none.
    pub local: &'a [u8],
}

/// Reads a line of `eps`; `None` when a column up to the inode is missing.
#[must_use]
pub fn endpoint_words(line: &[u8]) -> Option<EndpointWords<'_>> {
    let mut words = Words(Formatted::line(line).0);
    words.skip(3)?;
    let state = words.int()?;
    words.skip(1)?;
    let local_port = words.int()? as u16;
    let uid = words.int()?;
    let inode = Formatted(words.next(BLANKS)?).decimal().unwrap_or(0);
    Some(EndpointWords {
        state,
        local_port,
        uid,
        inode,
        local: words.next(b"\t\n").unwrap_or_default(),
    })
}

/// A line of `assocs`: `ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT
/// RPORT LADDRS <-> RADDRS`, then a tab and further numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssociationWords<'a> {
    /// Column `SST`: the socket's state in TCP's numbers.
    pub state: i32,
    /// Column `TX_QUEUE`, bytes.
    pub send_queue: u32,
    /// Column `RX_QUEUE`, bytes.
    pub recv_queue: u32,
    /// Column `UID`
    pub uid: i32,
    /// Column `INODE`
    pub inode: u64,
    /// Column `LPORT`
    pub local_port: u16,
    /// Column `RPORT`
    pub peer_port: u16,
    /// Columns `LADDRS`; empty when there are none.
    pub local: &'a [u8],
    /// Columns `RADDRS`; empty when there are none.
    pub peer: &'a [u8],
}

/// Reads a line of `assocs`; `None` when a column up to the remote port is missing.
#[must_use]
pub fn association_words(line: &[u8]) -> Option<AssociationWords<'_>> {
    let mut words = Words(Formatted::line(line).0);
    words.skip(3)?;
    let state = words.int()?;
    words.skip(3)?;
    let send_queue = words.int()?.cast_unsigned();
    let recv_queue = words.int()?.cast_unsigned();
    let uid = words.int()?;
    let inode = Formatted(words.next(BLANKS)?).decimal().unwrap_or(0);
    let local_port = words.int()? as u16;
    let peer_port = words.int()? as u16;
    Some(AssociationWords {
        state,
        send_queue,
        recv_queue,
        uid,
        inode,
        local_port,
        peer_port,
        local: words.next(b"<->\t").unwrap_or_default(),
        peer: words.next(b"<->\t\n").unwrap_or_default(),
    })
}

/// The addresses of an endpoint's list.
pub fn addresses(list: &[u8]) -> impl Iterator<Item = Address> + '_ {
    let mut words = Words(list);
    std::iter::from_fn(move || words.next(BLANKS).map(address))
}

/// The addresses of an association's list: a `*` marks the primary one.
pub fn path_addresses(list: &[u8]) -> impl Iterator<Item = Address> + '_ {
    let mut words = Words(list);
    std::iter::from_fn(move || {
        let word = words.next(BLANKS)?;
        Some(address(word.strip_prefix(b"*").unwrap_or(word)))
    })
}

/// What is no address is all ones.
fn address(word: &[u8]) -> Address {
    if word.contains(&b':') {
        v6(word)
    } else {
        Address::v4(internet_address(word).unwrap_or(u32::MAX).to_be_bytes())
    }
}

/// Eight groups as the kernel writes them, none left out; what is missing is zero.
fn v6(word: &[u8]) -> Address {
    let mut bytes = [0; 16];
    let mut input = Formatted(word);
    for target in bytes.chunks_exact_mut(2) {
        let Some(digits) = input.run(4, |byte| hex_digit(byte).is_some()) else {
            break;
        };
        let value = Formatted(digits).hexadecimal().unwrap_or(0) as u16;
        target.copy_from_slice(&value.to_be_bytes());
        if input.byte(b':').is_none() {
            break;
        }
    }
    Address::v6(bytes)
}

/// `inet_addr`: one to four parts, each decimal, octal or hexadecimal; the last fills the rest.
fn internet_address(word: &[u8]) -> Option<u32> {
    let mut value = 0u64;
    let mut parts = 0;
    let mut words = word.split(|&byte| byte == b'.').peekable();
    while let Some(part) = words.next() {
        let number = part_of_address(part)?;
        parts += 1;
        let last = words.peek().is_none();
        let room = if last {
            8 * (5 - u32::min(parts, 4))
        } else {
            8
        };
        if parts > 4 || number >= 1 << room {
            return None;
        }
        value = value << room | number;
    }
    u32::try_from(value).ok()
}

fn part_of_address(part: &[u8]) -> Option<u64> {
    let (radix, digits) = match part {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, part),
    };
    let text = std::str::from_utf8(digits).ok()?;
    // The library's parser takes a plus sign.
    text.bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u64::from_str_radix(text, radix).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::testing::{Random, mutate};
    use super::*;

    const ASSOCIATION: &[u8] = b"00000000aaaaaaaa 00000000bbbbbbbb 2   1   3  11     21        5        7       0 4711 5000   6000  *127.0.0.1 10.0.0.1 <-> *127.0.0.2 \t    7500    10    10   10    0    0        0        1        0   212992   212992";
    const ENDPOINT: &[u8] =
        b"0000000077777777 0000000099999999 2   10  34   9000      0 4712 0.0.0.0 ";

    fn texts(list: &[u8]) -> Vec<String> {
        path_addresses(list)
            .map(|address| address.to_ip().to_string())
            .collect()
    }

    #[test]
    fn a_tab_ends_the_lists_of_an_association() {
        let association = association_words(ASSOCIATION).unwrap();
        assert_eq!((association.send_queue, association.recv_queue), (5, 7));
        assert_eq!(
            (association.local_port, association.peer_port),
            (5000, 6000)
        );
        assert_eq!(texts(association.local), ["127.0.0.1", "10.0.0.1"]);
        assert_eq!(texts(association.peer), ["127.0.0.2"]);
    }

    #[test]
    fn an_endpoint_may_lack_addresses_but_not_its_inode() {
        let endpoint = endpoint_words(ENDPOINT).unwrap();
        assert_eq!((endpoint.state, endpoint.local_port), (10, 9000));
        assert_eq!(texts(endpoint.local), ["0.0.0.0"]);
        let bare = endpoint_words(b"7 9 2 10 34 9000 0 4712 \n").unwrap();
        assert_eq!((bare.inode, bare.local), (4712, &b""[..]));
        assert_eq!(endpoint_words(b"7 9 2 10 34 9000 0"), None);
    }

    #[test]
    fn addresses_are_read_as_inet_addr_and_as_eight_groups() {
        let one = |text: &[u8]| path_addresses(text).next().map(|address| address.to_ip());
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        assert_eq!(one(b"1.2.3"), ip("1.2.0.3"));
        assert_eq!(one(b"0x1.02.3.4"), ip("1.2.3.4"));
        assert_eq!(one(b"7500"), ip("0.0.29.76"));
        assert_eq!(one(b"1.2.3.256"), ip("255.255.255.255"));
        assert_eq!(one(b"1.2.70000"), ip("255.255.255.255"));
        assert_eq!(one(b"1.2.3.4.5"), ip("255.255.255.255"));
        assert_eq!(one(b"x"), ip("255.255.255.255"));
        assert_eq!(
            one(b"*2001:0db8:0000:0000:0000:0000:0000:0001"),
            ip("2001:db8::1")
        );
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(23);
        for _ in 0..20_000 {
            if let Some(association) = association_words(&mutate(ASSOCIATION, &mut random)) {
                let _ = addresses(association.local).count();
                let _ = addresses(association.peer).count();
            }
            if let Some(endpoint) = endpoint_words(&mutate(ENDPOINT, &mut random)) {
                let _ = addresses(endpoint.local).count();
            }
        }
    }
}
