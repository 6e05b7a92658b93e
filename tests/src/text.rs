//! Small operations on bytes that masks and declared differences are written with.

/// Replaces every decimal digit of `bytes` in `range` by `#`, so that its width stays.
pub fn hide_digits(bytes: &mut [u8]) {
    for byte in bytes {
        if byte.is_ascii_digit() {
            *byte = b'#';
        }
    }
}

/// Hides the digits of the number (`0-9` and `.`) that follows each occurrence of `before`.
pub fn hide_number_after(text: &mut [u8], before: &[u8]) {
    let mut start = 0;
    while let Some(found) = find(text.get(start..).unwrap_or_default(), before) {
        let from = start + found + before.len();
        let length = text.get(from..).unwrap_or_default();
        let length = length
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
            .count();
        if let Some(number) = text.get_mut(from..from + length) {
            hide_digits(number);
        }
        start = from + length;
    }
}

/// Where `needle` first occurs.
#[must_use]
pub fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len().max(1))
        .position(|window| window == needle)
}

/// Whether `needle` occurs.
#[must_use]
pub fn contains(text: &[u8], needle: &[u8]) -> bool {
    find(text, needle).is_some()
}

/// The text with every occurrence of `old` replaced.
#[must_use]
pub fn replace(text: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = find(rest, old) {
        let (before, after) = rest.split_at(found);
        result.extend_from_slice(before);
        result.extend_from_slice(new);
        rest = after.get(old.len()..).unwrap_or_default();
    }
    result.extend_from_slice(rest);
    result
}

/// The lines of a text, each with its newline.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&byte| byte == b'\n')
}

/// The text without the lines that `drop` picks.
#[must_use]
pub fn without_lines(text: &[u8], mut drop: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    lines(text)
        .filter(|line| !drop(line))
        .flatten()
        .copied()
        .collect()
}

/// The words of a line, cut at blanks.
pub fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
}
