//! Whether a name matches a pattern with `*`, `?` and `[…]`, letters of either case being the same.
//!
//! The language is that of the C library's `fnmatch` with `FNM_CASEFOLD` in the locale "C": `*`
//! matches slashes and leading dots, `\` makes the byte behind it literal. Takes time proportional
//! to pattern times name at most.

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    pattern: Vec<u8>,
    caret_negates: bool,
}

impl Glob {
    /// A pattern up to its first NUL. `caret_negates`: `[^…]` means what `[!…]` does, as it does
    /// unless the environment holds `POSIXLY_CORRECT`.
    #[must_use]
    pub fn new(pattern: &[u8], caret_negates: bool) -> Self {
        let pattern = pattern.split(|&byte| byte == 0).next();
        Self {
            pattern: pattern.unwrap_or_default().to_vec(),
            caret_negates,
        }
    }

    /// Whether the whole of `name` matches.
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        let (mut pattern, mut name) = (self.pattern.as_slice(), name);
        // Behind the last star: what is left of the pattern, and the name from where the star may
        // still take one byte more.
        let mut star: Option<(&[u8], &[u8])> = None;
        loop {
            if let [b'*', rest @ ..] = pattern {
                star = Some((rest, name));
                pattern = rest;
                continue;
            }
            let step = match name {
                [] if pattern.is_empty() => return true,
                [] => None,
                [byte, after @ ..] => self.one(pattern, *byte).map(|rest| (rest, after)),
            };
            if let Some(next) = step {
                (pattern, name) = next;
                continue;
            }
            let Some((rest, [_, after @ ..])) = star else {
                return false;
            };
            star = Some((rest, after));
            (pattern, name) = (rest, after);
        }
    }

    /// What follows the part of the pattern that stands for `byte`; `None`: it stands for another.
    fn one<'p>(&self, pattern: &'p [u8], byte: u8) -> Option<&'p [u8]> {
        let (wanted, rest) = match pattern {
            [] | [b'\\'] => return None,
            [b'?', rest @ ..] => return Some(rest),
            [b'\\', wanted, rest @ ..] => (*wanted, rest),
            [b'[', rest @ ..] => match self.set(rest, byte) {
                Some((true, rest)) => return Some(rest),
                Some((false, _)) => return None,
                None => (b'[', rest),
            },
            [wanted, rest @ ..] => (*wanted, rest),
        };
        wanted.eq_ignore_ascii_case(&byte).then_some(rest)
    }

    /// Whether `byte` is in the bracket expression in front of `rest`, which follows an opening
    /// bracket, and what follows it; `None`: it has no end, so the bracket is a byte like any other.
    fn set<'p>(&self, rest: &'p [u8], byte: u8) -> Option<(bool, &'p [u8])> {
        let (negated, mut at) = match rest {
            [b'!', items @ ..] => (true, items),
            [b'^', items @ ..] if self.caret_negates => (true, items),
            items => (false, items),
        };
        let mut found = false;
        let mut first = true;
        loop {
            if let ([b']', after @ ..], false) = (at, first) {
                return Some((found != negated, after));
            }
            first = false;
            let (item, after) = Item::split(at, found)?;
            match item {
                Item::Fatal => return Some((false, &[])),
                Item::Broken if !found => return Some((false, &[])),
                item => found |= item.has(byte),
            }
            at = after;
        }
    }
}

/// A part of a bracket expression.
enum Item {
    Byte(u8),
    Exactly(u8),
    Range(u8, u8),
    Class(fn(u8) -> bool),
    /// Nothing matches an expression with this in front of what would match.
    Broken,
    /// Nothing matches an expression with this anywhere.
    Fatal,
}

impl Item {
    fn has(&self, given: u8) -> bool {
        let byte = given.to_ascii_lowercase();
        match self {
            Self::Broken | Self::Fatal => false,
            Self::Byte(wanted) => wanted.to_ascii_lowercase() == byte,
            Self::Range(first, last) => {
                (first.to_ascii_lowercase()..=last.to_ascii_lowercase()).contains(&byte)
            }
            // Case counts only in these two.
            Self::Exactly(wanted) => *wanted == given,
            Self::Class(is_in) => is_in(given),
        }
    }

    /// Splits off the first part; `None` at the end. What is no part by the rules is looked at
    /// otherwise once the byte was `found` in a part before it.
    fn split(at: &[u8], found: bool) -> Option<(Self, &[u8])> {
        if let [b'[', b':', rest @ ..] = at {
            let length = rest.iter().position(|byte| !byte.is_ascii_lowercase())?;
            let (name, after) = rest.split_at(length);
            if let [b':', b']', after @ ..] = after {
                let class = class(name).map_or(Self::Broken, Self::Class);
                return Some((class, after));
            }
        }
        if let [b'[', b'=', byte, rest @ ..] = at {
            match rest {
                [b'=', b']', rest @ ..] => return Some((Self::Exactly(*byte), rest)),
                rest if found => return Some((Self::Fatal, rest)),
                _ => {}
            }
        }
        let (first, rest) = match Self::bound(at)? {
            (Ok(first), rest) => (first, rest),
            (Err(item), rest) => return Some((item, rest)),
        };
        match rest {
            [b'-', last, ..] if *last != b']' => {
                let (last, rest) = Self::bound(rest.get(1..)?)?;
                let item = last.map_or_else(|item| item, |last| Self::Range(first, last));
                Some((item, rest))
            }
            _ => Some((Self::Byte(first), rest)),
        }
    }

    /// A byte that may begin or end a range, or what is there in place of one.
    fn bound(at: &[u8]) -> Option<(Result<u8, Self>, &[u8])> {
        Some(match at {
            [] => return None,
            [b'\\', byte, rest @ ..] => (Ok(*byte), rest),
            [b'\\'] => (Err(Self::Fatal), &[]),
            [b'[', b'.', name @ ..] => {
                let Some(length) = name.windows(2).position(|pair| pair == b".]") else {
                    return Some((Err(Self::Fatal), &[]));
                };
                let (name, rest) = name.split_at(length);
                let byte = match name {
                    [byte] => Ok(*byte),
                    _ => Err(Self::Broken),
                };
                (byte, rest.get(2..).unwrap_or_default())
            }
            [byte, rest @ ..] => (Ok(*byte), rest),
        })
    }
}

/// The class of a name.
fn class(name: &[u8]) -> Option<fn(u8) -> bool> {
    Some(match name {
        b"alpha" => |byte| byte.is_ascii_alphabetic(),
        b"digit" => |byte| byte.is_ascii_digit(),
        b"alnum" => |byte| byte.is_ascii_alphanumeric(),
        b"upper" => |byte| byte.is_ascii_uppercase(),
        b"lower" => |byte| byte.is_ascii_lowercase(),
        b"space" => |byte| matches!(byte, b'\t'..=b'\r' | b' '),
        b"blank" => |byte| matches!(byte, b'\t' | b' '),
        b"punct" => |byte| byte.is_ascii_punctuation(),
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"graph" => |byte| byte.is_ascii_graphic(),
        b"cntrl" => |byte| byte.is_ascii_control(),
        b"xdigit" => |byte| byte.is_ascii_hexdigit(),
        _ => return None,
    })
}
