//! The order of interfaces by name: text before numbers, numbers by value, aliases behind their
//! interface.

use std::cmp::Ordering;

/// A name taken apart: `eth1:02`.
struct Parts<'a> {
    /// Without the alias.
    name: &'a [u8],
    /// Before the trailing digits.
    text: &'a [u8],
    /// The trailing digits.
    digits: &'a [u8],
    /// Behind the last colon, when all of it is digits.
    alias: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(whole: &'a [u8]) -> Self {
        let colon = whole.iter().rposition(|&byte| byte == b':');
        let alias = colon
            .and_then(|colon| whole.get(colon + 1..))
            .filter(|alias| !alias.is_empty() && alias.iter().all(u8::is_ascii_digit));
        let name = match (alias, colon) {
            (Some(_), Some(colon)) => whole.get(..colon).unwrap_or(whole),
            _ => whole,
        };
        let digits = name
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (text, digits) = name.split_at(name.len() - digits);
        Self {
            name,
            text,
            digits,
            alias,
        }
    }
}

fn number(digits: &[u8]) -> u128 {
    digits.iter().fold(0u128, |value, byte| {
        value
            .saturating_mul(10)
            .saturating_add(u128::from(byte - b'0'))
    })
}

pub(super) fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let (a, b) = (Parts::of(one), Parts::of(other));
    let shorter = a.text.len().min(b.text.len());
    let over = |text: &[u8]| text.get(..shorter).unwrap_or(text).to_vec();
    over(a.text)
        .cmp(&over(b.text))
        .then_with(|| a.text.len().cmp(&b.text.len()))
        .then_with(|| number(a.digits).cmp(&number(b.digits)))
        .then_with(|| a.name.cmp(b.name))
        .then_with(|| a.alias.is_some().cmp(&b.alias.is_some()))
        .then_with(|| number(a.alias.unwrap_or_default()).cmp(&number(b.alias.unwrap_or_default())))
        .then_with(|| a.alias.cmp(&b.alias))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_text_then_number_then_alias() {
        for sorted in [
            &["eth2", "eth09", "eth9", "eth10"][..],
            &["eth", "eth0", "eth00", "eth01", "eth1"],
            &["eth1", "eth1:02", "eth1:2", "eth1:10"],
            &["eth10", "eth-1", "eth1:a:3", "eth1:foo"],
            &["lo", "veth0", "veth0:1"],
        ] {
            for pair in sorted.windows(2) {
                let order = compare(pair[0].as_bytes(), pair[1].as_bytes());
                assert_eq!(order, Ordering::Less, "{pair:?}");
            }
        }
    }
}
