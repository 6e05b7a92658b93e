//! Which characters print, by the locale of the environment, and local time as text.
//!
//! Only the character classes (`LC_CTYPE`) of the environment are ever put in force, and only when
//! somebody asks. The C library tells; a byte below 0x80 prints alike everywhere.

use std::ffi::CString;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::sys::locale;

/// The character at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Character {
    /// So many bytes that print.
    Printable(usize),
    /// So many bytes that are a character, but not one that prints.
    Unprintable(usize),
    /// The first byte begins no character.
    Invalid,
}

/// What prints in the locale of the environment.
#[derive(Clone, Copy, Debug)]
pub struct Locale(());

impl Locale {
    /// The environment's character classes, put in force when the first byte above 0x7f is
    /// asked about.
    #[must_use]
    pub fn of_environment() -> Self {
        Self(())
    }

    /// Whether a byte prints as a character of its own.
    #[must_use]
    pub fn is_printable_byte(self, byte: u8) -> bool {
        match byte {
            0..0x80 => (0x20..0x7f).contains(&byte),
            _ => {
                locale::enter();
                locale::is_printable_byte(byte)
            }
        }
    }

    /// The character that `bytes` begin with.
    #[must_use]
    pub fn character(self, bytes: &[u8]) -> Character {
        let Some(&first) = bytes.first() else {
            return Character::Invalid;
        };
        let longest = if first < 0x80 { 1 } else { locale::enter() };
        if longest == 1 {
            return match self.is_printable_byte(first) {
                true => Character::Printable(1),
                false => Character::Invalid,
            };
        }
        match locale::character(bytes) {
            Some((length, true)) => Character::Printable(length),
            Some((length, false)) => Character::Unprintable(length),
            None => Character::Invalid,
        }
    }
}

/// A time as local text by a `strftime` format, in the C locale; empty when it has more than
/// `room` bytes. The format ends at its first NUL byte.
#[must_use]
pub fn format_local(format: &[u8], time: SystemTime, room: usize) -> Vec<u8> {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0));
    let end = format.iter().position(|&byte| byte == 0);
    let format = format
        .get(..end.unwrap_or(format.len()))
        .unwrap_or_default();
    let format = CString::new(format).unwrap_or_default();
    locale::format_local(&format, seconds, room)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ascii_prints_in_every_locale_and_control_characters_in_none() {
        let locale = Locale::of_environment();
        assert!(locale.is_printable_byte(b'~'));
        assert!(!locale.is_printable_byte(0x7f));
        assert_eq!(locale.character(b"ab"), Character::Printable(1));
        assert_eq!(locale.character(b"\xff"), Character::Invalid);
        assert_eq!(locale.character(b""), Character::Invalid);
    }

    #[test]
    fn a_time_is_written_by_its_format() {
        let time = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        assert_eq!(format_local(b"%s x", time, 64), b"1000000000 x");
        assert_eq!(format_local(b"%s x", time, 4), b"");
        assert_eq!(format_local(b"a\0b", time, 64), b"a");
    }
}
