//! Whether an input made a reader say something it never said before.
//!
//! A reader's results are written out as `Debug` does and cut into words. Two words in a row, with
//! numbers and quoted text counted by their length only, are one feature; an input that shows a new feature is
//! worth keeping.

use std::fmt::{Debug, Write};

const FEATURES: usize = 1 << 18;

/// All features seen so far, and whether the input in hand brought a new one.
pub(crate) struct Shape {
    seen: Vec<u64>,
    is_new: bool,
    before: u64,
    word: u64,
    digits: u64,
    /// Bytes of quoted text, its opening quote included.
    quoted: u64,
    is_escaped: bool,
}

impl Shape {
    pub(crate) fn new() -> Self {
        Self {
            seen: vec![0; FEATURES / 64],
            is_new: false,
            before: 0,
            word: 0,
            digits: 0,
            quoted: 0,
            is_escaped: false,
        }
    }

    /// Begins a new input.
    pub(crate) fn begin(&mut self, reader: usize) {
        self.is_new = false;
        (self.before, self.word, self.digits) = (0, 0, 0);
        (self.quoted, self.is_escaped) = (0, false);
        self.feature(reader as u64 + 1);
    }

    /// Whether the input in hand brought a new feature.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Takes note of what a reader gave.
    pub(crate) fn saw(&mut self, what: impl Debug) {
        // Writing into the shape cannot fail.
        let _ = write!(self, "{what:?}");
        self.end_word();
    }

    /// Takes note of what a reader gave as text.
    pub(crate) fn saw_text(&mut self, text: &str) {
        let _ = self.write_str(text);
        self.end_word();
    }

    fn end_word(&mut self) {
        if self.digits > 0 {
            self.feature(0x1000 + self.digits.min(24));
        } else if self.word != 0 {
            self.feature(self.word);
        }
        (self.word, self.digits) = (0, 0);
    }

    fn feature(&mut self, now: u64) {
        let mixed = (self.before ^ now.rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let bit = (mixed as usize) % FEATURES;
        if let Some(cell) = self.seen.get_mut(bit / 64) {
            let mask = 1 << (bit % 64);
            self.is_new |= *cell & mask == 0;
            *cell |= mask;
        }
        self.before = now;
    }
}

impl Write for Shape {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            if self.quoted > 0 {
                if byte == b'"' && !self.is_escaped {
                    self.feature(0x2000 + u64::from(self.quoted.ilog2()));
                    self.quoted = 0;
                } else {
                    self.quoted += 1;
                }
                self.is_escaped = byte == b'\\' && !self.is_escaped;
                continue;
            }
            match byte {
                b'"' => {
                    self.end_word();
                    self.quoted = 1;
                }
                b'0'..=b'9' if self.word == 0 => self.digits += 1,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' => {
                    if self.digits > 0 {
                        self.end_word();
                    }
                    self.word = (self.word ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3) | 1;
                }
                _ => self.end_word(),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_by_its_length_only_and_a_word_by_its_letters() {
        let mut shape = Shape::new();
        let mut is_new = |what: Option<u32>| {
            shape.begin(0);
            shape.saw(what);
            shape.is_new()
        };
        assert!(is_new(None));
        assert!(!is_new(None));
        assert!(is_new(Some(17)));
        assert!(!is_new(Some(99)));
        assert!(is_new(Some(100)));
    }
}
