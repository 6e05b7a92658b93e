//! The words of a filter, cut into tokens: from the command line, then from the filter file.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt as _;

/// How a port compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    Greater,
    Less,
}

/// What a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Destination,
    Source,
    DestinationPort,
    SourcePort,
    Device,
    Mark,
    Cgroup,
    Autobound,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Not,
    And,
    Or,
    Subject(Subject),
    Comparison(Comparison),
    /// Any other word.
    Operand(Vec<u8>),
}

static KEYWORDS: &[(&str, Token)] = &[
    ("(", Token::Open),
    (")", Token::Close),
    ("!", Token::Not),
    ("not", Token::Not),
    ("&", Token::And),
    ("&&", Token::And),
    ("and", Token::And),
    ("|", Token::Or),
    ("||", Token::Or),
    ("or", Token::Or),
    ("dst", Token::Subject(Subject::Destination)),
    ("src", Token::Subject(Subject::Source)),
    ("dport", Token::Subject(Subject::DestinationPort)),
    ("sport", Token::Subject(Subject::SourcePort)),
    ("dev", Token::Subject(Subject::Device)),
    ("fwmark", Token::Subject(Subject::Mark)),
    ("cgroup", Token::Subject(Subject::Cgroup)),
    ("autobound", Token::Subject(Subject::Autobound)),
    (">=", Token::Comparison(Comparison::AtLeast)),
    ("ge", Token::Comparison(Comparison::AtLeast)),
    ("geq", Token::Comparison(Comparison::AtLeast)),
    ("<=", Token::Comparison(Comparison::AtMost)),
    ("le", Token::Comparison(Comparison::AtMost)),
    ("leq", Token::Comparison(Comparison::AtMost)),
    ("!=", Token::Comparison(Comparison::NotEqual)),
    ("ne", Token::Comparison(Comparison::NotEqual)),
    ("neq", Token::Comparison(Comparison::NotEqual)),
    ("=", Token::Comparison(Comparison::Equal)),
    ("==", Token::Comparison(Comparison::Equal)),
    ("eq", Token::Comparison(Comparison::Equal)),
    (">", Token::Comparison(Comparison::Greater)),
    ("gt", Token::Comparison(Comparison::Greater)),
    ("<", Token::Comparison(Comparison::Less)),
    ("lt", Token::Comparison(Comparison::Less)),
];

fn token(word: Vec<u8>) -> Token {
    KEYWORDS
        .iter()
        .find(|(keyword, _)| keyword.as_bytes() == word)
        .map_or(Token::Operand(word), |(_, token)| token.clone())
}

/// What is wrong with a line of the filter file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    TooLong,
    Invalid,
}

/// The longest line, with its end.
const LONGEST: u64 = 1023;

/// The tokens one by one. A file is read as far as tokens are asked for.
pub(super) struct Tokens<'w, 'f> {
    words: &'w [OsString],
    file: Option<BufReader<&'f mut dyn Read>>,
    line: Vec<u8>,
    /// Where the rest of the line begins.
    at: usize,
}

impl<'w, 'f> Tokens<'w, 'f> {
    pub(super) fn new(words: &'w [OsString], file: Option<&'f mut dyn Read>) -> Self {
        Self {
            words,
            file: file.map(BufReader::new),
            line: Vec::new(),
            at: 0,
        }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token>, LineError> {
        loop {
            let rest = self.line.get(self.at..).unwrap_or_default();
            if let Some((word, length)) = split(rest) {
                self.at += length;
                return Ok(Some(token(word)));
            }
            if !self.next_line()? {
                return Ok(None);
            }
        }
    }

    fn next_line(&mut self) -> Result<bool, LineError> {
        self.at = 0;
        self.line.clear();
        if let [word, rest @ ..] = self.words {
            self.words = rest;
            self.line.extend_from_slice(word.as_bytes());
            return Ok(true);
        }
        let Some(file) = &mut self.file else {
            return Ok(false);
        };
        loop {
            self.line.clear();
            // What cannot be read, a directory say, is empty.
            let read = file.take(LONGEST).read_until(b'\n', &mut self.line);
            if read.is_err() || self.line.is_empty() {
                self.line.clear();
                return Ok(false);
            }
            let length = self.line.iter().position(|&byte| byte == 0);
            self.line.truncate(length.unwrap_or(self.line.len()));
            if self.line.is_empty() {
                return Err(LineError::Invalid);
            }
            if self.line.len() as u64 == LONGEST {
                return Err(LineError::TooLong);
            }
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            }
            if !matches!(self.line.first(), Some(b'#' | b'0')) {
                return Ok(true);
            }
        }
    }
}

/// The first word of a text with its backslashes taken away, and how far it reaches.
fn split(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut at = text.iter().take_while(|&&byte| is_blank(byte)).count();
    let mut word = Vec::new();
    text.get(at)?;
    while let Some(&byte) = text.get(at).filter(|&&byte| !is_blank(byte)) {
        at += 1;
        if byte != b'\\' {
            word.push(byte);
        } else if let Some(&byte) = text.get(at) {
            at += 1;
            word.push(byte);
        }
    }
    Some((word, at))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(words: &[&str], mut file: Option<&[u8]>) -> Result<Vec<Token>, LineError> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let file = file.as_mut().map(|file| file as &mut dyn Read);
        let mut tokens = Tokens::new(&words, file);
        let mut all = Vec::new();
        while let Some(token) = tokens.next()? {
            all.push(token);
        }
        Ok(all)
    }

    fn operand(text: &str) -> Token {
        Token::Operand(text.as_bytes().to_vec())
    }

    #[test]
    fn words_are_cut_at_blanks_and_tabs_only() {
        assert_eq!(
            all(&["src  a\tb\nc", "", "=="], None),
            Ok(vec![
                Token::Subject(Subject::Source),
                operand("a"),
                operand("b\nc"),
                Token::Comparison(Comparison::Equal),
            ])
        );
    }

    #[test]
    fn a_backslash_makes_the_next_byte_part_of_the_word() {
        assert_eq!(
            all(&["\\dport a\\ b \\ x\\", "\\"], None),
            Ok(vec![
                Token::Subject(Subject::DestinationPort),
                operand("a b"),
                operand(" x"),
                operand(""),
            ])
        );
    }

    #[test]
    fn lines_of_the_file_follow_the_words() {
        assert_eq!(
            all(&["a"], Some(b"#x\n0 y\n\n # z\nb c\0d\nlast")),
            Ok(["a", "#", "z", "b", "c", "last"].map(operand).to_vec())
        );
        assert_eq!(all(&[], Some(b"a\n\0\n")), Err(LineError::Invalid));
    }

    #[test]
    fn a_line_may_have_1021_bytes_and_its_end() {
        let line = |length: usize| [&vec![b'x'; length][..], b"\n"].concat();
        assert!(all(&[], Some(&line(1021))).is_ok());
        assert_eq!(all(&[], Some(&line(1022))), Err(LineError::TooLong));
        let last = vec![b'x'; 1022];
        assert!(all(&[], Some(&last)).is_ok());
    }
}
