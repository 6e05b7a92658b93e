//! Numbers as the C library's conversions read them: leading white space, a sign, and the base
//! told by a prefix (`0x`, `0b`, `0`).

use sockcore::procfs::lines::is_space;

/// A number in front of a text.
struct Scanned {
    negative: bool,
    /// `None`: more than 64 bits.
    magnitude: Option<u64>,
    /// The base's prefix stood there without a digit behind it; it was not read.
    lone_prefix: bool,
}

/// Splits off the number; `None`: there is no digit.
fn scan(text: &[u8]) -> Option<(Scanned, &[u8])> {
    let blanks = text.iter().take_while(|&&byte| is_space(byte)).count();
    let text = text.get(blanks..)?;
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let (base, digits, lone_prefix) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => prefixed(digits, rest, 16),
        [b'0', b'b' | b'B', rest @ ..] => prefixed(digits, rest, 2),
        [b'0', ..] => (8, digits, false),
        _ => (10, digits, false),
    };
    let length = digits
        .iter()
        .take_while(|&&byte| digit(byte, base).is_some())
        .count();
    if length == 0 {
        return None;
    }
    let (digits, rest) = digits.split_at(length);
    let magnitude = digits.iter().try_fold(0u64, |value, &byte| {
        value
            .checked_mul(base.into())?
            .checked_add(digit(byte, base)?.into())
    });
    let number = Scanned {
        negative,
        magnitude,
        lone_prefix,
    };
    Some((number, rest))
}

/// A prefix counts only with a digit behind it; else its zero stands alone.
fn prefixed<'t>(whole: &'t [u8], rest: &'t [u8], base: u32) -> (u32, &'t [u8], bool) {
    match rest {
        [first, ..] if digit(*first, base).is_some() => (base, rest, false),
        _ => (8, whole, true),
    }
}

fn digit(byte: u8, base: u32) -> Option<u32> {
    char::from(byte).to_digit(base)
}

/// The whole text as C's `long`.
pub(super) fn long(text: &[u8]) -> Option<i64> {
    match scan(text)? {
        (number, []) => number.long(),
        _ => None,
    }
}

/// The whole text as C's `unsigned int`, a negative one wrapped around in 64 bits before.
pub(crate) fn unsigned(text: &[u8]) -> Option<u32> {
    match scan(text)? {
        (number, []) => u32::try_from(number.unsigned_long()?).ok(),
        _ => None,
    }
}

/// An unsigned number in front of a text, wrapped around if it is negative, and what follows.
pub(super) fn leading_unsigned(text: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = scan(text)?;
    Some((number.unsigned_long().unwrap_or(u64::MAX), rest))
}

/// What `%i` reads: any whole number, of which the lower 32 bits are kept.
pub(super) fn scanned_int(text: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = scan(text)?;
    if number.lone_prefix {
        return None;
    }
    let clamped = if number.negative { i64::MIN } else { i64::MAX };
    Some((number.long().unwrap_or(clamped) as u32, rest))
}

/// What `%u` reads: decimal digits, of which the lower 32 bits of a `long` are kept.
pub(super) fn scanned_decimal(text: &[u8]) -> Option<u32> {
    let blanks = text.iter().take_while(|&&byte| is_space(byte)).count();
    let text = text.get(blanks..)?;
    let (negative, text) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = text.get(..length).filter(|digits| !digits.is_empty())?;
    let value = digits.iter().try_fold(0u64, |value, &byte| {
        value.checked_mul(10)?.checked_add((byte - b'0').into())
    });
    let value = match value {
        Some(value) if negative => value.wrapping_neg(),
        Some(value) => value,
        None => u64::MAX,
    };
    Some(value as u32)
}

impl Scanned {
    fn long(&self) -> Option<i64> {
        if self.negative {
            0i64.checked_sub_unsigned(self.magnitude?)
        } else {
            i64::try_from(self.magnitude?).ok()
        }
    }

    fn unsigned_long(&self) -> Option<u64> {
        let magnitude = self.magnitude?;
        Some(if self.negative {
            magnitude.wrapping_neg()
        } else {
            magnitude
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_tells_the_base() {
        for (text, value) in [
            ("22", 22),
            ("0x16", 22),
            ("0X1f", 31),
            ("026", 22),
            ("0b10110", 22),
            (" \t-5", -5),
            ("+0", 0),
            ("-1", -1),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(long(text.as_bytes()), Some(value), "{text}");
        }
        for text in [
            "",
            "x",
            "0x",
            "0xg",
            "08",
            "22x",
            "2 ",
            "- 5",
            "9223372036854775808",
        ] {
            assert_eq!(long(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn an_unsigned_number_may_be_negative_if_it_wraps_into_the_range() {
        assert_eq!(unsigned(b"-0"), Some(0));
        assert_eq!(unsigned(b"-18446744073709551615"), Some(1));
        assert_eq!(unsigned(b"4294967295"), Some(u32::MAX));
        for text in ["-1", "4294967296", "99999999999999999999"] {
            assert_eq!(unsigned(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_scanned_number_ends_where_it_ends() {
        assert_eq!(scanned_int(b"010/5"), Some((8, &b"/5"[..])));
        assert_eq!(scanned_int(b"08"), Some((0, &b"8"[..])));
        assert_eq!(scanned_int(b"-1"), Some((u32::MAX, &b""[..])));
        assert_eq!(scanned_int(b"0x100000001"), Some((1, &b""[..])));
        assert_eq!(
            scanned_int(b"99999999999999999999"),
            Some((u32::MAX, &b""[..]))
        );
        assert_eq!(scanned_int(b"0x"), None);
        assert_eq!(scanned_decimal(b" +1x"), Some(1));
        assert_eq!(scanned_decimal(b"4294967297"), Some(1));
        assert_eq!(scanned_decimal(b""), None);
    }
}
