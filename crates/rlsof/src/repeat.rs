//! Repeated listings (`-r`, `+r`): how often, how long between, and the line after each.

use std::time::{Duration, SystemTime};

use sockcore::locale::format_local;

use crate::flags::leading_number;
use crate::grammar::Taken;

/// Seconds between two listings by default.
const PAUSE: u64 = 15;

/// The longest marker.
const MARKER: usize = 4096;

/// A repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// Seconds between two listings.
    pub(crate) pause: u64,
    /// `None`: for ever.
    pub(crate) count: Option<u64>,
    /// `m`: a `strftime` format.
    pub(crate) format: Option<Vec<u8>>,
}

impl Repeat {
    pub(crate) fn pause(&self) -> Duration {
        Duration::from_secs(self.pause)
    }

    /// Whether the format asks for a line break.
    pub(crate) fn breaks_line(&self) -> bool {
        let mut bytes = self.format.as_deref().unwrap_or_default().iter();
        while let Some(byte) = bytes.next() {
            if *byte == b'%' && bytes.next() == Some(&b'n') {
                return true;
            }
        }
        false
    }

    /// The text that tells one listing from the next, if there is a format.
    pub(crate) fn marker(&self, now: SystemTime) -> Option<Vec<u8>> {
        let format = self.format.as_ref()?;
        Some(format_local(format, now, MARKER))
    }
}

/// Reads `[SECONDS][cCOUNT][mFORMAT]` as far as it goes. `Ok(None)`: no seconds, no repetition.
pub(crate) fn read(value: Option<&[u8]>) -> (Result<Option<Repeat>, &'static [u8]>, Taken) {
    let value = value.unwrap_or_default();
    let (pause, length) = leading_number(value).map_or((PAUSE, 0), |found| found);
    let behind = value.get(length..).unwrap_or_default();
    let blanks = behind.iter().take_while(|&&byte| byte == b' ').count();
    let mut rest = behind.get(blanks..).unwrap_or_default();
    let mut count = None;
    let mut counted = false;
    if let Some(digits) = rest.strip_prefix(b"c") {
        let (number, length) = leading_number(digits).map_or((0, 0), |found| found);
        count = Some(number).filter(|&number| number > 0);
        counted = length > 0;
        rest = digits.get(length..).unwrap_or_default();
    }
    let format = rest.strip_prefix(b"m");
    let taken = match format {
        Some(_) => Taken::All,
        // A count without a format is complete only where it ends the word.
        None if counted && blanks == 0 && rest.is_empty() => Taken::All,
        None if length > 0 || value.is_empty() => Taken::AllBut(behind.len()),
        None => Taken::Nothing,
    };
    let repeat = match format {
        Some([]) => Err(&b"illegal <fmt>: \"\""[..]),
        format => Ok((pause > 0).then(|| Repeat {
            pause,
            count,
            format: format.map(<[u8]>::to_vec),
        })),
    };
    (repeat, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(value: &str) -> (String, Taken) {
        let (repeat, taken) = read(Some(value.as_bytes()));
        let text = match repeat {
            Ok(None) => "once".to_owned(),
            Ok(Some(repeat)) => {
                let count = repeat.count.map(|count| format!(" x{count}"));
                let format = repeat.format.map(|format| format!(" {format:?}"));
                let (count, format) = (count.unwrap_or_default(), format.unwrap_or_default());
                format!("{}{count}{format}", repeat.pause)
            }
            Err(message) => String::from_utf8_lossy(message).into_owned(),
        };
        (text, taken)
    }

    #[test]
    fn seconds_count_and_format_are_read_in_this_order() {
        assert_eq!(summary("1"), ("1".into(), Taken::AllBut(0)));
        assert_eq!(summary(""), ("15".into(), Taken::AllBut(0)));
        assert_eq!(summary("1c2"), ("1 x2".into(), Taken::All));
        assert_eq!(summary("1c0"), ("1".into(), Taken::All));
        assert_eq!(summary("c2"), ("15 x2".into(), Taken::All));
        assert_eq!(summary("2c3mX"), ("2 x3 [88]".into(), Taken::All));
        assert_eq!(summary("mX"), ("15 [88]".into(), Taken::All));
        assert_eq!(summary("0"), ("once".into(), Taken::AllBut(0)));
    }

    #[test]
    fn blanks_behind_the_seconds_need_a_format() {
        assert_eq!(summary("1 c2mX"), ("1 x2 [88]".into(), Taken::All));
        assert_eq!(summary("1 c2"), ("1 x2".into(), Taken::AllBut(3)));
        assert_eq!(summary("5 "), ("5".into(), Taken::AllBut(1)));
    }

    #[test]
    fn what_is_not_understood_is_left() {
        assert_eq!(summary("1x"), ("1".into(), Taken::AllBut(1)));
        assert_eq!(summary("1c1 mX"), ("1 x1".into(), Taken::AllBut(5)));
        assert_eq!(summary("x1"), ("15".into(), Taken::Nothing));
        assert_eq!(summary("1c"), ("1".into(), Taken::AllBut(1)));
        assert_eq!(summary("m"), ("illegal <fmt>: \"\"".into(), Taken::All));
    }

    #[test]
    fn a_line_break_is_told_from_a_percent_sign() {
        let breaks = |value: &str| {
            let (repeat, _) = read(Some(value.as_bytes()));
            repeat.is_ok_and(|repeat| repeat.is_some_and(|repeat| repeat.breaks_line()))
        };
        assert!(breaks("m%H%n"));
        assert!(!breaks("m%%n"));
        assert!(!breaks("mn%"));
    }
}
