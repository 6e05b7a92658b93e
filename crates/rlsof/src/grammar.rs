//! How words become options: by lsof's own reading, which is not getopt's.
//!
//! A word is a sign and option letters with that sign. A letter may take the rest of its word, or
//! the whole next word, as its value, and may give all of it or its end back: what is given back
//! is read as further letters, or as a word again.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

/// Whether a letter may take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Never.
    Nothing,
    /// Whatever follows.
    Any,
    /// What follows, unless it begins with a sign.
    Unsigned,
}

/// How much of the value a letter took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// All of it.
    All,
    /// Nothing.
    Nothing,
    /// All but so many bytes at its end, which are read as letters with the same sign.
    AllBut(usize),
}

/// Reads the words of a command line.
#[derive(Debug)]
pub(crate) struct Scanner<'w> {
    words: &'w [OsString],
    /// The word after the one in hand.
    next: usize,
    plus: bool,
    /// What is left of the word in hand.
    rest: &'w [u8],
}

/// One option letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) letter: u8,
    /// It has a plus sign.
    pub(crate) plus: bool,
}

impl<'w> Scanner<'w> {
    pub(crate) fn new(words: &'w [OsString]) -> Self {
        Self {
            words,
            next: 0,
            plus: false,
            rest: &[],
        }
    }

    /// The next option letter; `None` where the names begin.
    pub(crate) fn letter(&mut self) -> Option<Letter> {
        while self.rest.is_empty() {
            let word = self.words.get(self.next)?.as_bytes();
            let (&sign, rest) = word.split_first()?;
            match (sign, rest) {
                (b'-', b"-") | (b'+', b"+") => {
                    self.next += 1;
                    return None;
                }
                (b'-' | b'+', [_, ..]) => {
                    self.plus = sign == b'+';
                    self.rest = rest;
                    self.next += 1;
                }
                _ => return None,
            }
        }
        let (&letter, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(Letter {
            letter,
            plus: self.plus,
        })
    }

    /// Offers the letter just read its value, if there is one, and notes how much it took.
    pub(crate) fn value(&mut self, takes: Takes, take: impl FnOnce(Option<&'w [u8]>) -> Taken) {
        let attached = !self.rest.is_empty();
        let candidate = match takes {
            Takes::Nothing => None,
            _ if attached => Some(self.rest),
            _ => self.words.get(self.next).map(|word| word.as_bytes()),
        };
        let is_end = !attached && candidate == Some(b"--");
        let is_signed = matches!(candidate, Some([b'-' | b'+', ..]));
        let is_none = is_end || (takes == Takes::Unsigned && is_signed);
        let candidate = candidate.filter(|_| !is_none);
        let taken = take(candidate);
        let Some(value) = candidate else {
            return;
        };
        let left = match taken {
            Taken::Nothing => return,
            Taken::All => 0,
            Taken::AllBut(left) => left,
        };
        if !attached {
            self.next += 1;
        }
        let start = value.len().saturating_sub(left);
        self.rest = value.get(start..).unwrap_or_default();
    }

    /// The words that are no options.
    pub(crate) fn names(self) -> &'w [OsString] {
        self.words.get(self.next..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads letters of which `v` takes any value, `o` an unsigned one, and `d` its leading
    /// digits. The names follow after a slash.
    fn read(words: &[&str]) -> String {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let mut scanner = Scanner::new(&words);
        let mut seen = Vec::new();
        while let Some(Letter { letter, plus }) = scanner.letter() {
            let mut text = format!("{}{}", if plus { '+' } else { '-' }, char::from(letter));
            let takes = match letter {
                b'v' => Takes::Any,
                b'o' | b'd' => Takes::Unsigned,
                _ => Takes::Nothing,
            };
            scanner.value(takes, |value| {
                let Some(value) = value else {
                    return Taken::All;
                };
                let digits = value
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                let length = if letter == b'd' { digits } else { value.len() };
                if length == 0 && !value.is_empty() {
                    return Taken::Nothing;
                }
                text.push('=');
                text.push_str(&String::from_utf8_lossy(&value[..length]));
                Taken::AllBut(value.len() - length)
            });
            seen.push(text);
        }
        let names = scanner.names().iter().map(|name| name.to_string_lossy());
        let names: Vec<_> = names.collect();
        format!("{}/{}", seen.join(" "), names.join(" "))
    }

    #[test]
    fn letters_of_a_word_share_its_sign() {
        assert_eq!(read(&["-ab", "+c", "name", "-d"]), "-a -b +c/name -d");
    }

    #[test]
    fn two_signs_end_the_options_and_one_is_a_name() {
        assert_eq!(read(&["-a", "--", "-b"]), "-a/-b");
        assert_eq!(read(&["++", "-b"]), "/-b");
        assert_eq!(read(&["-a", "-", "-b"]), "-a/- -b");
        assert_eq!(read(&["-a", ""]), "-a/");
        assert_eq!(read(&["-a-"]), "-a --/");
    }

    #[test]
    fn a_value_is_the_rest_of_the_word_or_the_next_word() {
        assert_eq!(read(&["-vx", "-v", "y", "z"]), "-v=x -v=y/z");
        assert_eq!(read(&["-v", "-a"]), "-v=-a/");
        assert_eq!(read(&["-v", "", "z"]), "-v=/z");
        assert_eq!(read(&["-v", "--", "z"]), "-v/z");
        assert_eq!(read(&["-v", "++", "z"]), "-v=++/z");
        assert_eq!(read(&["-v--"]), "-v=--/");
    }

    #[test]
    fn a_signed_word_is_no_optional_value() {
        assert_eq!(read(&["-o", "-a"]), "-o -a/");
        assert_eq!(read(&["-o-a"]), "-o -- -a/");
        assert_eq!(read(&["-o", "++", "z"]), "-o/z");
        assert_eq!(read(&["-o", "x"]), "-o=x/");
    }

    #[test]
    fn what_is_given_back_is_read_as_letters_with_the_same_sign() {
        assert_eq!(read(&["+d9a", "z"]), "+d=9 +a/z");
        assert_eq!(read(&["+d", "9a", "z"]), "+d=9 +a/z");
        assert_eq!(read(&["-d", "a", "z"]), "-d/a z");
        assert_eq!(read(&["-dab"]), "-d -a -b/");
    }
}
