//! Which remote procedure programs are registered on this machine: one question to rpcbind over
//! its unix socket, or to the port mapper of the own network namespace, by the procedures of
//! RFC 5531 (messages), RFC 4506 (encoding) and RFC 1833 (rpcbind, port mapper).

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

const SOCKET: &str = "/run/rpcbind.sock";
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is taken.
const ANSWER_MAX: usize = 1 << 20;

/// One entry of rpcbind's list (`rpcb`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// `r_prog`: number of the program.
    pub program: u32,
    /// `r_netid`: transport, as `tcp`, `udp6`, `local`.
    pub transport: Vec<u8>,
    /// `r_addr`: universal address, as `0.0.0.0.8.1`: host, then the two bytes of the port.
    pub address: Vec<u8>,
}

/// Every registration, in rpcbind's order; `None` without rpcbind or an answer from it.
#[must_use]
pub fn registrations() -> Option<Vec<Registration>> {
    const RPCBVERS4: u32 = 4;
    let mut stream = UnixStream::connect(SOCKET).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let number = std::process::id();
    stream.write_all(&call(number, RPCBVERS4)).ok()?;
    parse(&read_record(&mut stream)?, number)
}

/// One entry of the port mapper's list (`mapping`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortMapping {
    /// `prog`: number of the program.
    pub program: u32,
    /// `prot`: the IP protocol, 6 (TCP) or 17 (UDP).
    pub protocol: u32,
    /// `port`, in host order.
    pub port: u16,
}

/// Every mapping of version 2, in the port mapper's order, asked for over TCP on the loopback;
/// `None` without a port mapper or an answer from it within a minute.
#[must_use]
pub fn port_map() -> Option<Vec<PortMapping>> {
    const PORT: u16 = 111;
    const PATIENCE: Duration = Duration::from_secs(60);
    const PMAPVERS: u32 = 2;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let number = std::process::id();
    stream.write_all(&call(number, PMAPVERS)).ok()?;
    parse_port_map(&read_record(&mut stream)?, number)
}

/// The dump procedure, which has the same number in both versions, as one record.
fn call(number: u32, version: u32) -> Vec<u8> {
    const CALL: u32 = 0;
    const RPC_VERSION: u32 = 2;
    const RPCBPROG: u32 = 100_000;
    const DUMP: u32 = 4;
    // No credentials and no verifier: flavour and length of each are 0.
    let words = [
        number,
        CALL,
        RPC_VERSION,
        RPCBPROG,
        version,
        DUMP,
        0,
        0,
        0,
        0,
    ];
    let length = u32::try_from(words.len() * 4).unwrap_or(0);
    let mut bytes = (LAST_FRAGMENT | length).to_be_bytes().to_vec();
    bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    bytes
}

/// Set in the length of a record's last fragment.
const LAST_FRAGMENT: u32 = 1 << 31;

pub(crate) fn read_record(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut record = Vec::new();
    loop {
        let mut header = [0; 4];
        stream.read_exact(&mut header).ok()?;
        let header = u32::from_be_bytes(header);
        let length = usize::try_from(header & !LAST_FRAGMENT).ok()?;
        let start = record.len();
        if start + length > ANSWER_MAX {
            return None;
        }
        record.resize(start + length, 0);
        stream.read_exact(record.get_mut(start..)?).ok()?;
        if header & LAST_FRAGMENT != 0 {
            return Some(record);
        }
    }
}

/// What follows the head of an accepted reply.
fn accepted(mut rest: &[u8], number: u32) -> Option<&[u8]> {
    const REPLY: u32 = 1;
    const ACCEPTED: u32 = 0;
    const SUCCESS: u32 = 0;
    let right =
        word(&mut rest)? == number && word(&mut rest)? == REPLY && word(&mut rest)? == ACCEPTED;
    let _flavour = word(&mut rest)?;
    let _verifier = opaque(&mut rest)?;
    (right && word(&mut rest)? == SUCCESS).then_some(rest)
}

/// Reads an accepted reply of the port mapper and the list in it.
pub(crate) fn parse_port_map(record: &[u8], number: u32) -> Option<Vec<PortMapping>> {
    let mut rest = accepted(record, number)?;
    let mut all = Vec::new();
    while word(&mut rest)? != 0 {
        let program = word(&mut rest)?;
        let _version = word(&mut rest)?;
        let protocol = word(&mut rest)?;
        let port = u16::try_from(word(&mut rest)?).unwrap_or(0);
        all.push(PortMapping {
            program,
            protocol,
            port,
        });
    }
    Some(all)
}

/// Reads an accepted reply and the list in it.
pub(crate) fn parse(record: &[u8], number: u32) -> Option<Vec<Registration>> {
    let mut rest = accepted(record, number)?;
    let mut all = Vec::new();
    while word(&mut rest)? != 0 {
        let program = word(&mut rest)?;
        let _version = word(&mut rest)?;
        let transport = opaque(&mut rest)?.to_vec();
        let address = opaque(&mut rest)?.to_vec();
        let _owner = opaque(&mut rest)?;
        all.push(Registration {
            program,
            transport,
            address,
        });
    }
    Some(all)
}

fn word(rest: &mut &[u8]) -> Option<u32> {
    let (word, behind) = rest.split_first_chunk::<4>()?;
    *rest = behind;
    Some(u32::from_be_bytes(*word))
}

/// A length and so many bytes, filled up to four.
fn opaque<'r>(rest: &mut &'r [u8]) -> Option<&'r [u8]> {
    let length = usize::try_from(word(rest)?).ok()?;
    let (padded, behind) = rest.split_at_checked(length.checked_next_multiple_of(4)?)?;
    *rest = behind;
    padded.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn text(bytes: &[u8]) -> Vec<u8> {
        let mut all = words(&[u32::try_from(bytes.len()).unwrap()]);
        all.extend_from_slice(bytes);
        all.resize(all.len().next_multiple_of(4), 0);
        all
    }

    #[test]
    fn a_list_is_read_and_every_cut_of_it_is_refused() {
        let mut record = words(&[7, 1, 0, 0, 0, 0]);
        record.extend(words(&[1, 100_003, 4]));
        record.extend([text(b"tcp"), text(b"0.0.0.0.8.1"), text(b"superuser")].concat());
        record.extend(words(&[0]));
        let expected = Registration {
            program: 100_003,
            transport: b"tcp".to_vec(),
            address: b"0.0.0.0.8.1".to_vec(),
        };
        assert_eq!(parse(&record, 7), Some(vec![expected]));
        assert_eq!(parse(&record, 8), None);
        for length in 0..record.len() {
            assert_eq!(parse(&record[..length], 7), None);
        }
    }

    #[test]
    fn a_port_map_is_read_and_every_cut_of_it_is_refused() {
        let record = words(&[7, 1, 0, 0, 0, 0, 1, 100_003, 4, 6, 2049, 0]);
        let expected = PortMapping {
            program: 100_003,
            protocol: 6,
            port: 2049,
        };
        assert_eq!(parse_port_map(&record, 7), Some(vec![expected]));
        assert_eq!(parse_port_map(&record, 8), None);
        for length in 0..record.len() {
            assert_eq!(parse_port_map(&record[..length], 7), None);
        }
    }

    #[test]
    fn a_record_may_come_in_fragments() {
        let fragments = [
            words(&[2]),
            b"ab".to_vec(),
            words(&[1 << 31 | 1]),
            b"c".to_vec(),
        ];
        let record = read_record(&mut fragments.concat().as_slice());
        assert_eq!(record, Some(b"abc".to_vec()));
        assert_eq!(read_record(&mut words(&[u32::MAX]).as_slice()), None);
    }
}
