//! Floating-point numbers with six places behind the point.

use std::io::Write as _;

/// Writes a number of four, eight or sixteen bytes as `%f` does; `false`: no number has that size.
pub(super) fn write(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
    match *bytes {
        [a, b, c, d] => double(out, f32::from_ne_bytes([a, b, c, d]).into()),
        [a, b, c, d, e, f, g, h] => double(out, f64::from_ne_bytes([a, b, c, d, e, f, g, h])),
        [a, b, c, d, e, f, g, h, low, high, _, _, _, _, _, _] => extended(
            out,
            u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            u16::from_le_bytes([low, high]),
        ),
        _ => return false,
    }
    true
}

fn double(out: &mut Vec<u8>, number: f64) {
    if number.is_nan() {
        let sign = if number.is_sign_negative() { "-" } else { "" };
        let _ = write!(out, "{sign}nan");
    } else {
        // Writing to memory does not fail; infinity is `inf`.
        let _ = write!(out, "{number:.6}");
    }
}

/// The x87's format of 80 bits: a sign, 15 bits of exponent, and 64 bits with the leading one
/// among them.
fn extended(out: &mut Vec<u8>, mantissa: u64, head: u16) {
    if head & 0x8000 != 0 {
        out.push(b'-');
    }
    let exponent = i32::from(head & 0x7fff);
    // Without its leading bit such a number is none.
    if exponent != 0 && mantissa >> 63 == 0 {
        return out.extend_from_slice(b"nan");
    }
    if exponent == 0x7fff {
        let text: &[u8] = if mantissa << 1 == 0 { b"inf" } else { b"nan" };
        return out.extend_from_slice(text);
    }
    // The number is the mantissa times two to this power.
    let power = exponent.max(1) - 16383 - 63;
    if power >= 0 {
        whole(out, mantissa, power.unsigned_abs());
        return out.extend_from_slice(b".000000");
    }
    let places = power.unsigned_abs();
    let scaled = u128::from(mantissa) * 1_000_000;
    let millionths = match places {
        0..=127 => {
            let rest = scaled & ((1 << places) - 1);
            let half = 1 << (places - 1);
            let floor = scaled >> places;
            floor + u128::from(rest > half || (rest == half && floor & 1 == 1))
        }
        // Less than half a millionth.
        _ => 0,
    };
    let _ = write!(
        out,
        "{}.{:06}",
        millionths / 1_000_000,
        millionths % 1_000_000
    );
}

/// Writes `mantissa` times two to the `power`.
fn whole(out: &mut Vec<u8>, mantissa: u64, power: u32) {
    const BASE: u64 = 1_000_000_000;
    // Nine decimal digits each, the lowest first.
    let mut digits: Vec<u64> = Vec::new();
    let mut rest = mantissa;
    while rest > 0 {
        digits.push(rest % BASE);
        rest /= BASE;
    }
    let mut left = power;
    while left > 0 {
        let step = left.min(29);
        let mut carry = 0;
        for digit in &mut digits {
            let shifted = (*digit << step) + carry;
            *digit = shifted % BASE;
            carry = shifted / BASE;
        }
        if carry > 0 {
            digits.push(carry);
        }
        left -= step;
    }
    let Some((first, others)) = digits.split_last() else {
        return out.push(b'0');
    };
    let _ = write!(out, "{first}");
    for digit in others.iter().rev() {
        let _ = write!(out, "{digit:09}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        assert!(write(&mut out, bytes));
        String::from_utf8(out).unwrap()
    }

    fn long(mantissa: u64, head: u16) -> String {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&mantissa.to_le_bytes());
        bytes[8..10].copy_from_slice(&head.to_le_bytes());
        text(&bytes)
    }

    #[test]
    fn six_places_rounded_to_the_nearest() {
        assert_eq!(text(&1.5f32.to_ne_bytes()), "1.500000");
        assert_eq!(text(&(-0.0f64).to_ne_bytes()), "-0.000000");
        assert_eq!(text(&0.0000005f64.to_ne_bytes()), "0.000000");
        assert_eq!(text(&f64::INFINITY.to_ne_bytes()), "inf");
        assert_eq!(text(&f64::NAN.to_ne_bytes()), "nan");
        assert_eq!(long(1 << 63, 16383), "1.000000");
        assert_eq!(long(3 << 62, 0xbfff), "-1.500000");
        assert_eq!(long(1 << 63, 16383 + 70), "1180591620717411303424.000000");
        assert_eq!(long(0, 0), "0.000000");
        assert_eq!(long(1 << 63, 0x7fff), "inf");
        assert_eq!(long(1, 0), "0.000000");
        assert_eq!(long(1, 1), "nan");
        let mut none = Vec::new();
        assert!(!write(&mut none, &[0; 2]));
    }
}
