//! Bytes of names and commands as printable text.
//!
//! Two printers: names pass characters of the locale and blanks, commands take bytes singly and
//! write a blank as `\x20`.

use sockcore::locale::{Character, Locale};

/// Appends a name.
pub(crate) fn name(locale: Locale, mut bytes: &[u8], into: &mut Vec<u8>) {
    while let Some((&byte, rest)) = bytes.split_first() {
        if (0x20..0x7f).contains(&byte) && byte != b'\\' {
            into.push(byte);
            bytes = rest;
            continue;
        }
        if byte < 0x80 {
            unprintable(byte, into);
            bytes = rest;
            continue;
        }
        let (character, printable) = match locale.character(bytes) {
            Character::Printable(length) => (length, true),
            Character::Unprintable(length) => (length, false),
            Character::Invalid => (1, false),
        };
        let (character, rest) = bytes.split_at(character.clamp(1, bytes.len()));
        if printable {
            into.extend_from_slice(character);
        } else {
            character.iter().for_each(|&byte| unprintable(byte, into));
        }
        bytes = rest;
    }
}

/// Appends a command, as far as whole escapes fit into `width` bytes (0: all of it); returns how
/// many bytes were appended.
pub(crate) fn command(locale: Locale, bytes: &[u8], width: usize, into: &mut Vec<u8>) -> usize {
    let start = into.len();
    for &byte in bytes {
        let before = into.len();
        if is_plain(locale, byte) {
            into.push(byte);
        } else if byte == b' ' {
            into.extend_from_slice(b"\\x20");
        } else {
            unprintable(byte, into);
        }
        if width > 0 && into.len() - start > width {
            into.truncate(before);
            break;
        }
    }
    into.len() - start
}

/// A printed name with its blanks as `\x20`.
pub(crate) fn blanks(printed: &[u8]) -> Vec<u8> {
    let mut into = Vec::with_capacity(printed.len());
    for &byte in printed {
        match byte {
            b' ' => into.extend_from_slice(b"\\x20"),
            byte => into.push(byte),
        }
    }
    into
}

/// Appends bytes singly, blanks as they are, cut and padded to `width`.
pub(crate) fn single_bytes(locale: Locale, bytes: &[u8], width: usize, into: &mut Vec<u8>) {
    let start = into.len();
    for &byte in bytes {
        let before = into.len();
        if byte == b' ' || is_plain(locale, byte) {
            into.push(byte);
        } else {
            unprintable(byte, into);
        }
        if into.len() - start > width {
            into.truncate(before);
            break;
        }
    }
    into.resize(start + width, b' ');
}

/// The width that the original reckons for a command: escapes of bytes above 0x7f count two
/// columns, not the four that they take.
pub(crate) fn command_width(locale: Locale, bytes: &[u8]) -> usize {
    bytes
        .iter()
        .map(|&byte| match byte {
            _ if is_plain(locale, byte) => 1,
            b' ' | 0x7f => 4,
            _ => 2,
        })
        .sum()
}

fn is_plain(locale: Locale, byte: u8) -> bool {
    match byte {
        b' ' | b'\\' => false,
        0x21..=0x7e => true,
        0x80.. => locale.is_printable_byte(byte),
        _ => false,
    }
}

/// A byte that does not print, or a backslash.
fn unprintable(byte: u8, into: &mut Vec<u8>) {
    let short = match byte {
        b'\\' => b'\\',
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x00..0x20 => {
            into.extend_from_slice(&[b'^', byte + 0x40]);
            return;
        }
        _ => {
            let digit = |half: u8| {
                b"0123456789abcdef"
                    .get(usize::from(half))
                    .copied()
                    .unwrap_or(b'0')
            };
            into.extend_from_slice(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    into.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> String {
        let mut into = Vec::new();
        name(Locale::of_environment(), bytes, &mut into);
        String::from_utf8(into).unwrap()
    }

    fn commands(bytes: &[u8], width: usize) -> String {
        let mut into = Vec::new();
        let length = command(Locale::of_environment(), bytes, width, &mut into);
        assert_eq!(length, into.len());
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn names_keep_blanks_and_escape_what_does_not_print() {
        assert_eq!(
            names(b"sp ace\ttab\nnl\\bs\x7fdel\x01c1"),
            "sp ace\\ttab\\nnl\\\\bs\\x7fdel^Ac1"
        );
        assert_eq!(names(b"bad\xff\xfe\x80end"), "bad\\xff\\xfe\\x80end");
    }

    #[test]
    fn commands_escape_blanks_and_never_split_an_escape() {
        assert_eq!(commands(b"scene proc", 9), "scene\\x20");
        assert_eq!(commands(b"scene proc", 5), "scene");
        assert_eq!(commands(b"scene proc", 8), "scene");
        assert_eq!(commands(b"scene proc", 0), "scene\\x20proc");
    }

    #[test]
    fn commands_above_ascii_are_reckoned_too_narrow() {
        let locale = Locale::of_environment();
        assert_eq!(command_width(locale, "日本a".as_bytes()), 13);
        assert_eq!(command_width(locale, b"a b"), 6);
    }
}
