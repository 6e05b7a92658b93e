//! Floating-point numbers by the rules of C's `printf`: `%g`, `%.3g`, `%.0f`, `%.1f`.
//!
//! Most values are whole numbers of some small unit, and their text is worked out in integers.
//! Only where such a value lies exactly between two texts does it matter how far the nearest
//! floating-point number is from it; these, and what is no such value, go through the standard
//! library's exact conversion.

use std::fmt::Write as _;

use super::decimal;

/// Significant digits of a plain `%g`.
const SIX: u32 = 6;

/// Microseconds as milliseconds, `%g`.
pub(crate) fn milliseconds(out: &mut Vec<u8>, microseconds: u32) {
    let number = u64::from(microseconds);
    if !write_decimal(out, number, 3, SIX, Between::Refuse) {
        general(out, f64::from(microseconds) / 1000.0, SIX);
    }
}

/// A number of 256ths, `%g`.
pub(crate) fn gain(out: &mut Vec<u8>, of_256: u32) {
    // One 256th is 0.00390625, and the floating-point number is exactly that.
    let number = u64::from(of_256) * 390_625;
    write_decimal(out, number, 8, SIX, Between::ToEven);
}

/// Bits per second with unit, as `10.2Mbps`; exactly with `numeric`.
pub(crate) fn bandwidth(out: &mut Vec<u8>, bits: f64, numeric: bool) {
    static UNITS: [(f64, u32, &[u8]); 4] = [
        (1e12, 12, b"Tbps"),
        (1e9, 9, b"Gbps"),
        (1e6, 6, b"Mbps"),
        (1e3, 3, b"kbps"),
    ];
    if numeric {
        whole(out, bits);
        out.extend_from_slice(b"bps");
        return;
    }
    // The unit is chosen before rounding: 999992 bit/s are `1e+03kbps`.
    let unit = UNITS.iter().find(|(least, _, _)| bits >= *least);
    let Some(&(one, decimals, name)) = unit else {
        general(out, bits, SIX);
        out.extend_from_slice(b"bps");
        return;
    };
    // The fraction of a bit moves a value off the middle between two texts, never across it.
    if bits >= EXACT || !write_decimal(out, bits as u64, decimals, 3, Between::Refuse) {
        general(out, bits / one, 3);
    }
    out.extend_from_slice(name);
}

/// Below this, whole numbers and halves are exact, and the neighbours of a whole number divided
/// by a power of ten stay on their sides of it.
const EXACT: f64 = (1u64 << 52) as f64;

/// `%.0f`
fn whole(out: &mut Vec<u8>, value: f64) {
    if value >= EXACT {
        write_formatted(out, format_args!("{}", value as u128));
        return;
    }
    let floor = value as u64;
    let rest = value - floor as f64;
    let up = rest > 0.5 || (rest == 0.5 && floor % 2 == 1);
    decimal(out, floor + u64::from(up));
}

/// `%.1f`
pub(crate) fn one_decimal(out: &mut Vec<u8>, value: f64) {
    write_formatted(out, format_args!("{value:.1}"));
}

/// `%g` of a value that is not negative and finite.
pub(crate) fn six_digits(out: &mut Vec<u8>, value: f64) {
    general(out, value, SIX);
}

/// What to do with a value exactly between two texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// Write nothing and say so.
    Refuse,
    /// Take the text with an even last digit.
    ToEven,
}

/// Writes `number` / 10^`decimals` with `precision` significant digits by the rules of `%g`.
fn write_decimal(
    out: &mut Vec<u8>,
    number: u64,
    decimals: u32,
    precision: u32,
    between: Between,
) -> bool {
    if number == 0 {
        out.push(b'0');
        return true;
    }
    let length = number.ilog10() + 1;
    let mut exponent = length.cast_signed() - 1 - decimals.cast_signed();
    let mut digits = number;
    if length > precision {
        let unit = 10u64.pow(length - precision);
        digits = number / unit;
        let (rest, half) = (number % unit, unit / 2);
        if rest == half && between == Between::Refuse {
            return false;
        }
        if rest > half || (rest == half && digits % 2 == 1) {
            digits += 1;
        }
        if digits == 10u64.pow(precision) {
            digits /= 10;
            exponent += 1;
        }
    }
    while digits.is_multiple_of(10) {
        digits /= 10;
    }
    place(out, digits, exponent, precision);
    true
}

/// `%g` in general: by way of the standard library's exact scientific form.
fn general(out: &mut Vec<u8>, value: f64, precision: u32) {
    if value == 0.0 {
        out.push(b'0');
        return;
    }
    let start = out.len();
    let places = precision as usize - 1;
    write_formatted(out, format_args!("{value:.places$e}"));
    let (mut digits, mut exponent, mut negative) = (0u64, 0i32, false);
    let mut text = out.get(start..).unwrap_or_default().iter();
    for &byte in text.by_ref().take_while(|&&byte| byte != b'e') {
        if byte.is_ascii_digit() {
            digits = digits * 10 + u64::from(byte - b'0');
        }
    }
    for &byte in text {
        match byte {
            b'-' => negative = true,
            digit => exponent = exponent * 10 + i32::from(digit.wrapping_sub(b'0')),
        }
    }
    if negative {
        exponent = -exponent;
    }
    out.truncate(start);
    while digits > 0 && digits.is_multiple_of(10) {
        digits /= 10;
    }
    place(out, digits, exponent, precision);
}

/// Writes the significant `digits` (the last not 0) of a number whose first digit stands for
/// 10^`exponent`.
fn place(out: &mut Vec<u8>, digits: u64, exponent: i32, precision: u32) {
    let start = out.len();
    if exponent < -4 || exponent >= precision.cast_signed() {
        decimal(out, digits);
        if digits >= 10 {
            out.insert(start + 1, b'.');
        }
        out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
        if exponent.unsigned_abs() < 10 {
            out.push(b'0');
        }
        decimal(out, exponent.unsigned_abs());
        return;
    }
    if exponent < 0 {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + exponent.unsigned_abs() as usize - 1, b'0');
        decimal(out, digits);
        return;
    }
    decimal(out, digits);
    let point = start + exponent.unsigned_abs() as usize + 1;
    if out.len() > point {
        out.insert(point, b'.');
    } else {
        out.resize(point, b'0');
    }
}

fn write_formatted(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    struct Bytes<'b>(&'b mut Vec<u8>);
    impl std::fmt::Write for Bytes<'_> {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    // Appending to a vector does not fail.
    let _ = Bytes(out).write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b"x".to_vec();
        write(&mut out);
        String::from_utf8(out.split_off(1)).unwrap()
    }

    fn ms(value: u32) -> String {
        written(|out| milliseconds(out, value))
    }

    fn bps(bits: f64, numeric: bool) -> String {
        written(|out| bandwidth(out, bits, numeric))
    }

    #[test]
    fn milliseconds_have_six_significant_digits_and_then_an_exponent() {
        for (value, expected) in [
            (0, "0"),
            (1, "0.001"),
            (36, "0.036"),
            (204_000, "204"),
            (26_123, "26.123"),
            (1_234_567, "1234.57"),
            (1_234_565, "1234.57"),
            (1_234_575, "1234.58"),
            (999_999_500, "1e+06"),
            (999_999_499, "999999"),
            (1_000_000_000, "1e+06"),
            (1_234_567_891, "1.23457e+06"),
            (u32::MAX, "4.29497e+06"),
        ] {
            assert_eq!(ms(value), expected, "{value}");
        }
    }

    #[test]
    fn both_ways_to_a_text_agree() {
        // A walk over values of every size, with those between two texts among them.
        let mut value = 1u32;
        for step in 0..200_000u32 {
            let number = value >> (step % 32);
            let number = if step % 3 == 0 {
                number / 1000 * 1000 + 500
            } else if step % 3 == 1 {
                number / 10 * 10 + 5
            } else {
                number
            };
            let exact = written(|out| general(out, f64::from(number) / 1000.0, SIX));
            assert_eq!(ms(number), exact, "{number}");
            let of_256 = written(|out| general(out, f64::from(number) / 256.0, SIX));
            assert_eq!(written(|out| gain(out, number)), of_256, "{number}/256");
            value = value.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        }
    }

    #[test]
    fn the_unit_of_a_bandwidth_is_chosen_before_rounding() {
        for (bits, expected) in [
            (0.0, "0bps"),
            (0.5, "0.5bps"),
            (999.0, "999bps"),
            (999_992.0, "1e+03kbps"),
            (1_000_000.0, "1Mbps"),
            (9_876_536.0, "9.88Mbps"),
            (116e9, "116Gbps"),
            (1_005_000.0, "1Mbps"),
            (1_015_000.0, "1.01Mbps"),
            (1_015_000.1, "1.02Mbps"),
            (7.38e19, "7.38e+07Tbps"),
        ] {
            assert_eq!(bps(bits, false), expected, "{bits}");
        }
    }

    #[test]
    fn numeric_bandwidths_are_exact_and_round_half_to_even() {
        for (bits, expected) in [
            (0.5, "0bps"),
            (1.5, "2bps"),
            (2.5, "2bps"),
            (2.500_001, "3bps"),
            (93_873_581.847, "93873582bps"),
            (147_573_952_589_676_412_928.0, "147573952589676412928bps"),
        ] {
            assert_eq!(bps(bits, true), expected, "{bits}");
        }
    }

    #[test]
    fn small_numbers_keep_their_zeros_until_the_exponent_form() {
        for (value, expected) in [
            (0.1, "0.1"),
            (0.000_123_456_7, "0.000123457"),
            (0.000_012_345, "1.2345e-05"),
            (100_000.0, "100000"),
            (999_999.5, "1e+06"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(written(|out| six_digits(out, value)), expected);
        }
    }
}
