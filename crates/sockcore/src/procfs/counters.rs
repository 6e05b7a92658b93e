//! Counters of protocols: `/proc/net/{snmp,netstat}` (a line of keys above a line of values),
//! `/proc/net/snmp6` and `/proc/net/sctp/snmp` (a key and a value in each line).

use super::formatted::Formatted;

/// One section of `snmp` or `netstat`: two lines, both begun by a title and a colon.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// The title of the line of keys.
    pub title: &'a [u8],
    keys: &'a [u8],
    values: &'a [u8],
}

impl<'a> Section<'a> {
    /// The section in two lines; `None` when one of them has no colon.
    #[must_use]
    pub fn of(keys: &'a [u8], values: &'a [u8]) -> Option<Self> {
        let (title, keys) = at_colon(Formatted::line(keys).0)?;
        let (_, values) = at_colon(Formatted::line(values).0)?;
        Some(Self {
            title,
            keys,
            values,
        })
    }

    /// Keys and values by position. From the first value that is no number on, all are 0.
    pub fn iter(self) -> impl Iterator<Item = (&'a [u8], u64)> {
        let mut values = Formatted(self.values);
        self.keys
            .split(|&byte| matches!(byte, b' ' | b'\t' | b'\n'))
            .filter(|key| !key.is_empty())
            .map(move |key| (key, values.decimal().unwrap_or(0)))
    }
}

fn at_colon(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    Some((line.get(..colon)?, line.get(colon + 1..)?))
}

/// A line of `snmp6`. What a line lacks is left from the line before.
#[derive(Clone, Debug, Default)]
pub struct Snmp6Columns {
    /// The key.
    pub key: Vec<u8>,
    /// The value.
    pub value: u64,
}

impl Snmp6Columns {
    /// Reads a line.
    pub fn read(&mut self, line: &[u8]) {
        let mut input = Formatted::line(line);
        let Some(key) = input.word() else { return };
        self.key.clear();
        self.key.extend_from_slice(key);
        if let Some(value) = input.decimal() {
            self.value = value;
        }
    }
}

/// A line of `sctp/snmp`; `None`: it has no second column.
#[must_use]
pub fn sctp_counter(line: &[u8]) -> Option<(&[u8], u64)> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let line = Formatted::line(line).0;
    let (key, rest) = line.split_at_checked(line.iter().position(is_blank)?)?;
    let value = rest.get(rest.iter().position(|byte| !is_blank(byte))?..)?;
    Some((key, Formatted(value).decimal().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    fn section(keys: &str, values: &str) -> Vec<(String, u64)> {
        Section::of(keys.as_bytes(), values.as_bytes())
            .unwrap()
            .iter()
            .map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), value))
            .collect()
    }

    #[test]
    fn values_stop_at_the_first_that_is_no_number() {
        let told = section("Ip: A B C D", "Ip: 1 -7 8x 9");
        let told: Vec<_> = told.iter().map(|(_, value)| *value).collect();
        assert_eq!(told, [1, 7_u64.wrapping_neg(), 8, 0]);
        assert_eq!(
            section("Ip: A B", "other:1"),
            [("A".into(), 1), ("B".into(), 0)]
        );
    }

    #[test]
    fn a_line_without_a_colon_makes_no_section() {
        assert!(Section::of(b"Ip A", b"Ip: 1").is_none());
        assert!(Section::of(b"Ip: A", b"").is_none());
    }

    #[test]
    fn a_short_line_of_snmp6_keeps_the_value_before() {
        let mut columns = Snmp6Columns::default();
        columns.read(b"Ip6InReceives \t 42");
        columns.read(b"Ip6OutRequests");
        assert_eq!(
            (columns.key.as_slice(), columns.value),
            (&b"Ip6OutRequests"[..], 42)
        );
        columns.read(b"");
        assert_eq!(
            (columns.key.as_slice(), columns.value),
            (&b"Ip6OutRequests"[..], 42)
        );
    }

    #[test]
    fn an_sctp_counter_needs_a_second_column() {
        assert_eq!(
            sctp_counter(b"SctpCurrEstab\t5"),
            Some((&b"SctpCurrEstab"[..], 5))
        );
        assert_eq!(
            sctp_counter(b"SctpCurrEstab x"),
            Some((&b"SctpCurrEstab"[..], 0))
        );
        assert_eq!(sctp_counter(b"SctpCurrEstab"), None);
        assert_eq!(sctp_counter(b"SctpCurrEstab \t"), None);
        assert_eq!(sctp_counter(b" 5 6"), Some((&b""[..], 5)));
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(24);
        let mut columns = Snmp6Columns::default();
        for _ in 0..20_000 {
            let keys = mutate(b"Ip: Forwarding DefaultTTL InReceives", &mut random);
            let values = mutate(b"Ip: 1 64 18446744073709551616", &mut random);
            if let Some(section) = Section::of(&keys, &values) {
                let _ = section.iter().count();
            }
            columns.read(&mutate(b"Ip6InReceives     \t42", &mut random));
            let _ = sctp_counter(&mutate(b"SctpCurrEstab\t5", &mut random));
        }
    }
}
