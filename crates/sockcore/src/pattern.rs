//! Patterns as the C library matches them: POSIX regular expressions and shell patterns.

use std::ffi::CString;

use crate::sys::regex::{self, Compiled};

/// How an expression is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegexFlags {
    /// As an extended expression (`REG_EXTENDED`).
    pub extended: bool,
    /// Without regard to case (`REG_ICASE`).
    pub ignore_case: bool,
}

/// A compiled POSIX regular expression.
pub struct Regex(Compiled);

impl Regex {
    /// Compiles an expression up to its first NUL byte. The error is the library's own text
    /// (`regerror`).
    pub fn new(source: &[u8], flags: RegexFlags) -> Result<Self, Vec<u8>> {
        let mut bits = libc::REG_NOSUB;
        if flags.extended {
            bits |= libc::REG_EXTENDED;
        }
        if flags.ignore_case {
            bits |= libc::REG_ICASE;
        }
        Compiled::new(&terminated(source), bits).map(Self)
    }

    /// Whether the expression matches anywhere in the text, which ends at its first NUL byte.
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(&terminated(text))
    }
}

impl std::fmt::Debug for Regex {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Regex")
    }
}

/// Whether a shell pattern matches the whole text (`fnmatch` without flags).
#[must_use]
pub fn glob_matches(pattern: &[u8], text: &[u8]) -> bool {
    regex::glob_matches(pattern, text)
}

fn terminated(text: &[u8]) -> CString {
    let end = text.iter().position(|&byte| byte == 0);
    CString::new(text.get(..end.unwrap_or(text.len())).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENDED: RegexFlags = RegexFlags {
        extended: true,
        ignore_case: false,
    };

    #[test]
    fn an_expression_matches_anywhere_in_the_text() {
        let expression = Regex::new(b"c[a-e]+ne|x", EXTENDED).unwrap();
        assert!(expression.is_match(b"a scene proc"));
        assert!(!expression.is_match(b"SCENE"));
        let any_case = RegexFlags {
            ignore_case: true,
            ..EXTENDED
        };
        assert!(Regex::new(b"scene", any_case).unwrap().is_match(b"SCENE"));
    }

    #[test]
    fn a_basic_expression_takes_a_plus_for_itself() {
        let basic = Regex::new(b"a+b", RegexFlags::default()).unwrap();
        assert!(basic.is_match(b"a+b"));
        assert!(!basic.is_match(b"aab"));
        assert!(Regex::new(b"a+b", EXTENDED).unwrap().is_match(b"aab"));
    }

    #[test]
    fn a_broken_expression_fails_with_the_librarys_text() {
        assert!(!Regex::new(b"(", EXTENDED).unwrap_err().is_empty());
    }

    #[test]
    fn a_shell_pattern_matches_the_whole_text() {
        assert!(glob_matches(b"*:init_t:*", b"system_u:system_r:init_t:s0"));
        assert!(!glob_matches(b"init_t", b"system_u:system_r:init_t:s0"));
        assert!(!glob_matches(b"a\0b", b"a"));
    }
}
