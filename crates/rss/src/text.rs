//! How ss writes numbers and addresses. Everything appends to a buffer and allocates nothing.

pub(crate) mod floating;

use sockcore::addr::{Address, InetFamily};

/// A field of details: its label and an unsigned decimal number.
#[inline]
pub(crate) fn labelled(out: &mut Vec<u8>, label: &str, value: impl Into<u64>) {
    out.extend_from_slice(label.as_bytes());
    decimal(out, value);
}

/// A label and a number that is shown as a signed one.
pub(crate) fn labelled_signed(out: &mut Vec<u8>, label: &str, value: u32) {
    out.extend_from_slice(label.as_bytes());
    signed(out, value);
}

/// An unsigned decimal number.
#[inline]
pub(crate) fn decimal(out: &mut Vec<u8>, value: impl Into<u64>) {
    let mut value = value.into();
    if value < 10 {
        out.push(b'0' + value as u8);
        return;
    }
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    while value >= 10 {
        let pair = (value % 100) as usize * 2;
        value /= 100;
        at -= 2;
        digits[at] = PAIRS[pair];
        digits[at + 1] = PAIRS[pair + 1];
    }
    if value > 0 {
        at -= 1;
        digits[at] = b'0' + value as u8;
    }
    out.extend_from_slice(&digits[at..]);
}

/// `00` to `99`.
static PAIRS: [u8; 200] = pairs();

const fn pairs() -> [u8; 200] {
    let mut pairs = [0; 200];
    let mut number = 0;
    while number < 100 {
        pairs[number * 2] = b'0' + (number / 10) as u8;
        pairs[number * 2 + 1] = b'0' + (number % 10) as u8;
        number += 1;
    }
    pairs
}

/// A 32-bit number read as signed, in decimal.
#[inline]
pub(crate) fn signed(out: &mut Vec<u8>, value: u32) {
    let value = value.cast_signed();
    if value < 0 {
        out.push(b'-');
    }
    decimal(out, value.unsigned_abs());
}

/// Three digits, with zeros in front.
pub(crate) fn three_digits(out: &mut Vec<u8>, value: u32) {
    let value = value % 1000;
    out.push(b'0' + (value / 100) as u8);
    let pair = (value % 100) as usize * 2;
    out.extend_from_slice(&PAIRS[pair..pair + 2]);
}

/// A lower-case hexadecimal number without prefix, at least `least` digits.
#[inline]
pub(crate) fn hex(out: &mut Vec<u8>, value: impl Into<u64>, least: usize) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let value = value.into();
    let digits = (16 - value.leading_zeros() as usize / 4).max(1).max(least);
    for place in (0..digits.min(16)).rev() {
        out.push(DIGITS[(value >> (place * 4)) as usize & 15]);
    }
}

/// C's `%#x`: with `0x` in front, but a bare 0.
pub(crate) fn alternate_hex(out: &mut Vec<u8>, value: impl Into<u64>) {
    let value = value.into();
    if value != 0 {
        out.extend_from_slice(b"0x");
    }
    hex(out, value, 1);
}

/// The numeric text of an address, as `inet_ntop` writes it.
#[inline]
pub(crate) fn address(out: &mut Vec<u8>, address: &Address) {
    match address.family {
        InetFamily::V4 => ipv4(out, address.octets4()),
        InetFamily::V6 => ipv6(out, &address.bytes),
    }
}

/// `10.0.0.1`
#[inline]
pub(crate) fn ipv4(out: &mut Vec<u8>, octets: [u8; 4]) {
    let mut text = [0u8; 16];
    let mut at = 0;
    for octet in octets {
        let pair = usize::from(octet % 100) * 2;
        if octet >= 100 {
            text[at] = b'0' + octet / 100;
            at += 1;
        }
        if octet >= 10 {
            text[at] = PAIRS[pair];
            at += 1;
        }
        text[at] = PAIRS[pair + 1];
        text[at + 1] = b'.';
        at += 2;
    }
    out.extend_from_slice(&text[..at - 1]);
}

/// The longest run of two and more zero words is written `::`; what ends in an IPv4 address
/// (`::1.2.3.4`, `::ffff:1.2.3.4`) with dots.
fn ipv6(out: &mut Vec<u8>, bytes: &[u8; 16]) {
    let mut words = [0u16; 8];
    for (word, pair) in words.iter_mut().zip(bytes.chunks_exact(2)) {
        *word = u16::from_be_bytes([pair[0], pair[1]]);
    }
    let (start, length) = longest_zero_run(&words);
    let dotted = start == 0 && (length == 6 || (length == 5 && words[5] == 0xffff));
    let mut index = 0;
    while index < 8 {
        if length >= 2 && index == start {
            out.extend_from_slice(b"::");
            index += length;
            continue;
        }
        if index > 0 && out.last() != Some(&b':') {
            out.push(b':');
        }
        if index == 6 && dotted {
            ipv4(out, [bytes[12], bytes[13], bytes[14], bytes[15]]);
            return;
        }
        hex(out, words[index], 1);
        index += 1;
    }
}

/// Where the first longest run of zeros starts, and its length.
fn longest_zero_run(words: &[u16; 8]) -> (usize, usize) {
    let (mut start, mut length) = (0, 0);
    let mut run = 0;
    for (index, &word) in words.iter().enumerate() {
        run = if word == 0 { run + 1 } else { 0 };
        if run > length {
            length = run;
            start = index + 1 - run;
        }
    }
    (start, length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv6Addr;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b":".to_vec();
        write(&mut out);
        String::from_utf8(out.split_off(1)).unwrap()
    }

    #[test]
    fn numbers_of_every_length_are_written_in_full() {
        for value in (0..20).flat_map(|power| {
            let power = 10u64.pow(power);
            [power - 1, power, power + 1, power.saturating_mul(7)]
        }) {
            assert_eq!(written(|out| decimal(out, value)), value.to_string());
            assert_eq!(written(|out| hex(out, value, 1)), format!("{value:x}"));
            assert_eq!(written(|out| hex(out, value, 4)), format!("{value:04x}"));
        }
        assert_eq!(written(|out| decimal(out, u64::MAX)), u64::MAX.to_string());
        assert_eq!(written(|out| hex(out, u64::MAX, 1)), "ffffffffffffffff");
        assert_eq!(written(|out| signed(out, u32::MAX)), "-1");
        assert_eq!(written(|out| signed(out, 1 << 31)), "-2147483648");
        assert_eq!(written(|out| three_digits(out, 7)), "007");
    }

    #[test]
    fn zero_has_no_hexadecimal_prefix() {
        assert_eq!(written(|out| alternate_hex(out, 0u32)), "0");
        assert_eq!(written(|out| alternate_hex(out, 0x10u32)), "0x10");
    }

    #[test]
    fn ipv4_addresses_of_every_octet_length() {
        for octets in [[0, 0, 0, 0], [1, 10, 100, 255], [9, 99, 200, 109]] {
            let expected = std::net::Ipv4Addr::from(octets).to_string();
            assert_eq!(written(|out| ipv4(out, octets)), expected);
        }
    }

    #[test]
    fn ipv6_addresses_are_shortened_as_the_c_library_does() {
        // The C library writes the compatible form `::a.b.c.d` with dots; where that does not
        // come into play, the standard library writes the same.
        for text in [
            "::",
            "::1",
            "1::",
            "fe80::1",
            "2001:db8::1:0:0:1",
            "2001:db8:0:0:1:0:0:1",
            "2001:db8:0:1:1:1:1:1",
            "0:0:1:0:0:0:2:3",
            "1:0:0:2:0:0:0:3",
            "::ffff:127.0.0.1",
            "::ffff:0.0.0.0",
            "1:2:3:4:5:6:7:8",
            "0:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:0",
            "1:2:3:4:5:6::",
            "64:ff9b::1.2.3.4",
        ] {
            let parsed: Ipv6Addr = text.parse().unwrap();
            assert_eq!(
                written(|out| ipv6(out, &parsed.octets())),
                parsed.to_string(),
                "{text}"
            );
        }
        for (text, expected) in [
            ("::1.2.3.4", "::1.2.3.4"),
            ("::2", "::2"),
            ("::1:2", "::0.1.0.2"),
        ] {
            let parsed: Ipv6Addr = text.parse().unwrap();
            assert_eq!(written(|out| ipv6(out, &parsed.octets())), expected);
        }
    }
}
