//! The text of an address in numbers, and the law by which host and port share a column.

use sockcore::addr::{Address, InetFamily};

use crate::text::HEX;

/// Appends an address in numbers: IPv6 in its shortest form, an IPv4 address inside one bare.
#[inline]
pub(crate) fn numeric(out: &mut Vec<u8>, address: &Address) {
    match (address.family, address.mapped_v4()) {
        (InetFamily::V4, _) => dotted(out, address.octets4()),
        (InetFamily::V6, Some(octets)) => dotted(out, octets),
        (InetFamily::V6, None) => groups(out, &address.bytes),
    }
}

#[inline]
fn dotted(out: &mut Vec<u8>, octets: [u8; 4]) {
    let mut text = [0u8; 16];
    let mut at = 0;
    for octet in octets {
        let (hundreds, rest) = (octet / 100, octet % 100);
        if octet >= 100 {
            text[at] = b'0' + hundreds;
            at += 1;
        }
        if octet >= 10 {
            text[at] = b'0' + rest / 10;
            at += 1;
        }
        text[at] = b'0' + rest % 10;
        text[at + 1] = b'.';
        at += 2;
    }
    out.extend_from_slice(&text[..at - 1]);
}

/// RFC 5952, but with a dotted tail where the first 96 bits are zero and the seventh group is
/// not.
fn groups(out: &mut Vec<u8>, bytes: &[u8; 16]) {
    let mut words = [0u16; 8];
    for (word, pair) in words.iter_mut().zip(bytes.chunks_exact(2)) {
        if let [high, low] = *pair {
            *word = u16::from_be_bytes([high, low]);
        }
    }
    let (start, length) = longest_run_of_zeros(&words);
    if start == 0 && length == 6 {
        out.extend_from_slice(b"::");
        return dotted(out, [bytes[12], bytes[13], bytes[14], bytes[15]]);
    }
    let mut at = 0;
    while at < words.len() {
        if length >= 2 && at == start {
            out.extend_from_slice(b"::");
            at += length;
            continue;
        }
        if at > 0 && !(length >= 2 && at == start + length) {
            out.push(b':');
        }
        hexadecimal(out, words.get(at).copied().unwrap_or(0));
        at += 1;
    }
}

/// Where the first longest run begins, and how long it is.
fn longest_run_of_zeros(words: &[u16; 8]) -> (usize, usize) {
    let mut best = (0, 0);
    let mut current = 0;
    for (index, &word) in words.iter().enumerate() {
        current = if word == 0 { current + 1 } else { 0 };
        if current > best.1 {
            best = (index + 1 - current, current);
        }
    }
    best
}

fn hexadecimal(out: &mut Vec<u8>, word: u16) {
    let mut begun = false;
    for shift in [12, 8, 4, 0] {
        let digit = word >> shift & 0xf;
        begun |= digit != 0 || shift == 0;
        if begun {
            out.push(HEX[usize::from(digit)]);
        }
    }
}

/// What the column of an end holds of `host:port` in a listing that is not wide.
const ROOM: usize = 22;
/// How much of it the port may take.
const PORT_ROOM: usize = 18;
/// What a wide listing shows of `host:port`.
const WIDE_ROOM: usize = 127;

/// Cuts `host:port`, written since `start` with the colon at `colon`, as the listing wants it.
#[inline]
pub(crate) fn cut_end(out: &mut Vec<u8>, start: usize, colon: usize, wide: bool) {
    let host = colon - start;
    let port = out.len() - colon - 1;
    if wide {
        out.truncate(out.len().min(start + WIDE_ROOM));
    } else if host + port > ROOM {
        let port = port.min(PORT_ROOM);
        out.truncate(colon + 1 + port);
        let keep = ROOM - port;
        if host > keep {
            out.drain(start + keep..colon);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    fn text(address: &str) -> String {
        let mut out = Vec::new();
        let address: Ipv6Addr = address.parse().unwrap();
        numeric(&mut out, &Address::v6(address.octets()));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_octet_is_written_as_a_number() {
        for octet in 0..=255 {
            let mut out = Vec::new();
            super::dotted(&mut out, [octet, 0, octet, octet]);
            let text = format!("{octet}.0.{octet}.{octet}");
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn a_tail_is_dotted_only_behind_ninety_six_zero_bits() {
        assert_eq!(text("::1.2.3.4"), "::1.2.3.4");
        assert_eq!(text("::0.1.0.0"), "::0.1.0.0");
        assert_eq!(text("::2"), "::2");
        assert_eq!(text("64:ff9b::1.2.3.4"), "64:ff9b::102:304");
        assert_eq!(text("::ffff:0:102:304"), "::ffff:0:102:304");
    }

    #[test]
    fn an_address_of_ipv4_inside_ipv6_stands_bare() {
        assert_eq!(text("::ffff:127.0.0.1"), "127.0.0.1");
        assert_eq!(text("::ffff:0.0.0.0"), "0.0.0.0");
    }

    #[test]
    fn any_other_address_is_written_as_the_standard_library_does() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            let mut words = [0u16; 8];
            for word in &mut words {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // Few digits and many zeros, so that runs are common.
                *word = match state % 5 {
                    0..=2 => 0,
                    3 => (state >> 32) as u16 & 0xf,
                    _ => (state >> 32) as u16,
                };
            }
            words[0] |= 0x2000;
            let address = Ipv6Addr::from(words);
            assert_eq!(text(&address.to_string()), address.to_string());
        }
    }

    fn column(host: &str, port: &str, wide: bool) -> String {
        let mut out = b"tcp ".to_vec();
        out.extend_from_slice(host.as_bytes());
        out.push(b':');
        let colon = out.len() - 1;
        out.extend_from_slice(port.as_bytes());
        cut_end(&mut out, 4, colon, wide);
        String::from_utf8(out.split_off(4)).unwrap()
    }

    #[test]
    fn host_and_port_share_twenty_three_bytes() {
        assert_eq!(
            column("2001:db8:0:1234:9abc:1:2:3", "49153", false),
            "2001:db8:0:1234:9:49153"
        );
        assert_eq!(
            column("a-very-long-hostname", "verylongservicename", false),
            "a-ve:verylongservicenam"
        );
        assert_eq!(
            column("a-very-long-hostname-indeed", "*", false),
            "a-very-long-hostname-:*"
        );
        assert_eq!(
            column("exactly-15-chars", "65535", false),
            "exactly-15-chars:65535"
        );
        assert_eq!(
            column("abc", "averyveryverylongservice", false),
            "abc:averyveryverylongs"
        );
    }

    #[test]
    fn a_wide_column_ends_at_127_bytes() {
        assert_eq!(column(&"h".repeat(130), "80", true).len(), 127);
        assert_eq!(
            column("2001:db8:0:1234:9abc:1:2:3", "49153", true),
            "2001:db8:0:1234:9abc:1:2:3:49153"
        );
    }
}
