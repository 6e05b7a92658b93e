//! Text files line by line through one buffer, and the fields of a line.

use std::io::{self, Read};
use std::ops::Range;

/// Lends the lines of a reader one at a time, without their newline. A last line that lacks its
/// newline is lent as well.
pub struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    eof: bool,
}

impl<R: Read> Lines<R> {
    /// Lines of `reader`.
    pub fn new(reader: R) -> Self {
        // The kernel hands out at most 4 KiB of a /proc/net table per read.
        Self {
            reader,
            buffer: vec![0; 8 * 1024],
            start: 0,
            end: 0,
            eof: false,
        }
    }

    /// The next line, or `None` at the end.
    #[inline]
    pub fn next_line(&mut self) -> io::Result<Option<&[u8]>> {
        let next = self.advance()?;
        Ok(next.map(|(line, _)| &self.buffer[line]))
    }

    /// The next line with its newline, if it has one, or `None` at the end.
    pub fn next_line_and_end(&mut self) -> io::Result<Option<&[u8]>> {
        let next = self.advance()?;
        Ok(next.map(|(line, ended)| &self.buffer[line.start..line.end + usize::from(ended)]))
    }

    /// The next line that ends in a newline, or `None` at the end. What stands behind the last
    /// newline is no line.
    pub fn next_whole_line(&mut self) -> io::Result<Option<&[u8]>> {
        let next = self.advance()?.filter(|(_, ended)| *ended);
        Ok(next.map(|(line, _)| &self.buffer[line]))
    }

    /// Where the next line is, and whether it ends in a newline.
    #[inline]
    fn advance(&mut self) -> io::Result<Option<(Range<usize>, bool)>> {
        let mut searched = self.start;
        loop {
            if let Some(offset) = newline(&self.buffer[searched..self.end]) {
                let line = self.start..searched + offset;
                self.start = line.end + 1;
                return Ok(Some((line, true)));
            }
            if self.eof {
                let line = self.start..self.end;
                self.start = self.end;
                return Ok((!line.is_empty()).then_some((line, false)));
            }
            searched = self.end;
            let shift = self.fill()?;
            searched -= shift;
        }
    }

    /// Reads more; returns by how much the held bytes moved towards the front.
    fn fill(&mut self) -> io::Result<usize> {
        let mut shift = 0;
        if self.buffer.len() - self.end < 4096 {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                shift = self.start;
                self.end -= shift;
                self.start = 0;
            }
            if self.buffer.len() - self.end < 4096 {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.eof = true,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(shift);
        }
    }
}

/// Whether C's `isspace` takes the byte for white space in the C locale.
#[inline]
#[must_use]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// A cursor over the fields of a line.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// Skips white space.
    #[inline]
    pub fn skip_space(&mut self) {
        let skip = self.0.iter().take_while(|&&byte| is_space(byte)).count();
        self.0 = &self.0[skip..];
    }

    /// The next run of bytes that are neither white space nor `stop`; `None` when there is none.
    #[inline]
    pub fn word_until(&mut self, stop: u8) -> Option<&'a [u8]> {
        self.skip_space();
        let length = self
            .0
            .iter()
            .take_while(|&&b| !is_space(b) && b != stop)
            .count();
        let (word, rest) = self.0.split_at(length);
        self.0 = rest;
        (length > 0).then_some(word)
    }

    /// The next word: a run of bytes that are not white space.
    #[inline]
    pub fn word(&mut self) -> Option<&'a [u8]> {
        self.word_until(b' ')
    }

    /// Eats `byte` if it stands next.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((&first, rest)) if first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// A hexadecimal number after white space; wraps at 64 bits.
    #[inline]
    pub fn hex(&mut self) -> Option<u64> {
        self.skip_space();
        let mut value = 0u64;
        let mut digits = 0;
        for &byte in self.0 {
            let Some(digit) = hex_digit(byte) else { break };
            value = value << 4 | u64::from(digit);
            digits += 1;
        }
        self.0 = &self.0[digits..];
        (digits > 0).then_some(value)
    }

    /// An unsigned decimal number after white space; wraps at 64 bits.
    #[inline]
    pub fn decimal(&mut self) -> Option<u64> {
        self.skip_space();
        let mut value = 0u64;
        let mut digits = 0;
        for &byte in self.0 {
            if !byte.is_ascii_digit() {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            digits += 1;
        }
        self.0 = &self.0[digits..];
        (digits > 0).then_some(value)
    }

    /// A decimal number with an optional minus after white space; wraps at 64 bits.
    #[inline]
    pub fn signed(&mut self) -> Option<i64> {
        self.skip_space();
        let mut rest = *self;
        let negative = rest.eat(b'-');
        let value = rest.decimal()?.cast_signed();
        *self = rest;
        Some(if negative {
            value.wrapping_neg()
        } else {
            value
        })
    }
}

/// The value of a hexadecimal digit.
#[inline]
#[must_use]
pub fn hex_digit(byte: u8) -> Option<u8> {
    let digit = DIGITS[usize::from(byte)];
    (digit != NO_DIGIT).then_some(digit)
}

const NO_DIGIT: u8 = u8::MAX;
static DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digits[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
}

/// Where the first newline is: eight bytes at a time, as most lines are longer.
#[inline]
fn newline(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const NEWLINES: u64 = ONES * b'\n' as u64;
    const HIGH: u64 = ONES << 7;
    let words = bytes.chunks_exact(8);
    let rest = words.remainder();
    for (number, word) in words.enumerate() {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default()) ^ NEWLINES;
        // The lowest byte that is zero has its high bit set; what is above may be wrong.
        let zeroes = word.wrapping_sub(ONES) & !word & HIGH;
        if zeroes != 0 {
            return Some(number * 8 + zeroes.trailing_zeros() as usize / 8);
        }
    }
    let within = rest.iter().position(|&byte| byte == b'\n')?;
    Some(bytes.len() - rest.len() + within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_newline_is_found_wherever_it_is() {
        for length in 0..40 {
            for at in 0..length {
                for other in [0, b'\n' + 1, b'\n' - 1, b'\n' | 0x80, 0xff] {
                    let mut bytes = vec![other; length];
                    bytes[at] = b'\n';
                    assert_eq!(newline(&bytes), Some(at));
                    bytes[length - 1] = b'\n';
                    assert_eq!(newline(&bytes), Some(at));
                }
            }
            assert_eq!(newline(&vec![b'\n' - 1; length]), None);
        }
    }

    #[test]
    fn lines_longer_than_the_buffer_arrive_whole() {
        let mut text = vec![b'x'; 100_000];
        text.push(b'\n');
        text.extend_from_slice(b"short\n\nlast");
        let mut lines = Lines::new(text.as_slice());
        let mut seen = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            seen.push(line.len());
        }
        assert_eq!(seen, [100_000, 5, 0, 4]);
    }
}
