//! Numbers of processes and process groups (`-p`, `-g`).

use sockcore::id::Pid;

use super::Mark;

/// The numbers that are asked for and those that are shut out.
#[derive(Debug, Default)]
pub(crate) struct Numbers(pub(crate) Vec<Number>);

/// One number of a list.
#[derive(Debug)]
pub(crate) struct Number {
    /// As typed, leading zeros removed.
    pub(crate) text: Vec<u8>,
    /// `None`: larger than any number of a process.
    pub(crate) value: Option<i32>,
    pub(crate) excludes: bool,
    pub(crate) mark: Mark,
}

impl Number {
    /// By its digits, of which there may be none: then it is zero.
    pub(crate) fn new(digits: &[u8], excludes: bool) -> Self {
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        let text = match digits.get(zeros..) {
            Some(text) if !text.is_empty() => text,
            _ => b"0",
        };
        let value = std::str::from_utf8(text);
        Self {
            text: text.to_vec(),
            value: value.ok().and_then(|text| text.parse().ok()),
            excludes,
            mark: Mark::default(),
        }
    }
}

impl Numbers {
    /// Whether any number is asked for.
    pub(super) fn selects(&self) -> bool {
        self.0.iter().any(|number| !number.excludes)
    }

    pub(super) fn excludes(&self, value: i32) -> bool {
        self.entry(value).is_some_and(|number| number.excludes)
    }

    /// Whether the number is asked for, which marks it.
    pub(super) fn find(&self, value: i32) -> bool {
        match self.entry(value) {
            Some(number) if !number.excludes => {
                number.mark.set();
                true
            }
            _ => false,
        }
    }

    fn entry(&self, value: i32) -> Option<&Number> {
        self.0.iter().find(|number| number.value == Some(value))
    }

    /// The processes that are asked for, ascending.
    pub(super) fn included(&self) -> Vec<Pid> {
        let included = self.0.iter().filter(|number| !number.excludes);
        let values = included.filter_map(|number| u32::try_from(number.value?).ok());
        let mut pids: Vec<Pid> = values.map(Pid).collect();
        pids.sort_unstable();
        pids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_once_it_was_asked_about() {
        let numbers = Numbers(vec![Number::new(b"007", false), Number::new(b"9", true)]);
        assert!(numbers.selects());
        assert!(numbers.find(7) && !numbers.find(8) && !numbers.find(9));
        assert!(numbers.excludes(9) && !numbers.excludes(7));
        assert_eq!(numbers.0[0].text, b"7");
        assert!(numbers.0[0].mark.is_set() && !numbers.0[1].mark.is_set());
        assert_eq!(numbers.included(), [Pid(7)]);
    }

    #[test]
    fn no_digits_are_zero_and_too_many_are_nothing() {
        assert_eq!(Number::new(b"", false).value, Some(0));
        assert_eq!(Number::new(b"000", false).text, b"0");
        let huge = Number::new(b"4294967299", false);
        assert_eq!((huge.value, &huge.text[..]), (None, &b"4294967299"[..]));
    }
}
