//! Numbers and padding, written into a byte buffer. Widths are least widths, counted in bytes.

/// Appends `value` in decimal.
#[inline]
pub(crate) fn decimal(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0u8; 20];
    out.extend_from_slice(in_decimal(&mut digits, value));
}

/// Appends `value` in decimal, right-aligned.
#[inline]
pub(crate) fn decimal_right(out: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = [0u8; 20];
    let text = in_decimal(&mut digits, value);
    blanks(out, width.saturating_sub(text.len()));
    out.extend_from_slice(text);
}

/// Appends `value` in decimal, with a minus when negative.
#[inline]
pub(crate) fn signed(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    decimal(out, value.unsigned_abs());
}

/// Appends `value` in decimal, right-aligned, with a minus when negative.
#[inline]
pub(crate) fn signed_right(out: &mut Vec<u8>, value: i64, width: usize) {
    if value >= 0 {
        return decimal_right(out, value.unsigned_abs(), width);
    }
    let mut digits = [0u8; 20];
    let text = in_decimal(&mut digits, value.unsigned_abs());
    blanks(out, width.saturating_sub(text.len() + 1));
    out.push(b'-');
    out.extend_from_slice(text);
}

/// Appends `text`, left-aligned.
#[inline]
pub(crate) fn left(out: &mut Vec<u8>, text: &[u8], width: usize) {
    out.extend_from_slice(text);
    blanks(out, width.saturating_sub(text.len()));
}

/// Fills up with blanks what was written since `start`.
#[inline]
pub(crate) fn fill(out: &mut Vec<u8>, start: usize, width: usize) {
    let written = out.len() - start;
    blanks(out, width.saturating_sub(written));
}

/// Appends so many blanks.
#[inline]
pub(crate) fn blanks(out: &mut Vec<u8>, count: usize) {
    const BLANKS: &[u8; 64] = &[b' '; 64];
    let mut left = count;
    while left > 0 {
        let some = left.min(BLANKS.len());
        out.extend_from_slice(BLANKS.get(..some).unwrap_or(BLANKS));
        left -= some;
    }
}

#[inline]
fn in_decimal(digits: &mut [u8; 20], mut value: u64) -> &[u8] {
    let mut at = digits.len();
    loop {
        at -= 1;
        let digit = (value % 10) as u8;
        value /= 10;
        if let Some(slot) = digits.get_mut(at) {
            *slot = b'0' + digit;
        }
        if value == 0 {
            break;
        }
    }
    digits.get(at..).unwrap_or_default()
}

/// The digits of lower-case hexadecimal.
pub(crate) const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for value in [0, 1, 9, 10, 99, 12345, u64::MAX] {
            let mut out = Vec::new();
            decimal(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
        }
        for value in [0, -1, i64::MIN, i64::MAX] {
            let mut out = Vec::new();
            signed(&mut out, value);
            out.push(b'|');
            signed_right(&mut out, value, 6);
            assert_eq!(out, format!("{value}|{value:6}").into_bytes());
        }
    }

    #[test]
    fn a_value_longer_than_its_column_is_not_cut() {
        let mut out = Vec::new();
        decimal_right(&mut out, 1_234_567, 6);
        left(&mut out, b"abc", 2);
        assert_eq!(out, b"1234567abc");
    }
}
