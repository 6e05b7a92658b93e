//! How an input is made from one that is already there.

use conformance::random::Dice;

/// No input grows beyond this, bytes.
pub(crate) const LONGEST: usize = 8192;

const BYTES: &[u8] = b"\0\x01\x7f\x80\xff \t\n\r:-+/\\.,=!*[]()<>%09afxAFX";

const NUMBERS: &[u64] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    16,
    64,
    127,
    128,
    255,
    256,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_ffff,
];

const DIGITS: &[&[u8]] = &[
    b"-1",
    b"-0",
    b"+1",
    b"00",
    b"08",
    b"0x",
    b"0x1f",
    b"65535",
    b"65536",
    b"2147483647",
    b"2147483648",
    b"-2147483649",
    b"4294967295",
    b"4294967296",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551615",
    b"18446744073709551616",
    b"99999999999999999999999999999999999999999",
    b"FFFFFFFF",
    b"FFFFFFFFFFFFFFFF",
    b"10000000000000000",
    b"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
];

/// Changes `input` in one to eight ways. `other` is an input of the same reader, `words` are what
/// its language is made of.
pub(crate) fn mutate(dice: &mut Dice, input: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let times = 1 << dice.below(4);
    for _ in 0..times {
        change(dice, input, other, words);
    }
    input.truncate(LONGEST);
}

fn change(dice: &mut Dice, input: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let at = dice.below(input.len());
    let byte = dice.bits() as u8;
    match dice.below(16) {
        0 => set(input, at, |old| old ^ (1 << (byte & 7))),
        1 => set(input, at, |_| byte),
        2 => {
            let chosen = BYTES[dice.below(BYTES.len())];
            set(input, at, |_| chosen);
        }
        3 => {
            let noise: Vec<u8> = (0..=dice.below(8)).map(|_| dice.bits() as u8).collect();
            insert(input, dice, &noise);
        }
        4 => {
            let end = range_end(dice, at, input.len());
            input.drain(at..end);
        }
        5 => {
            let piece = input[at..range_end(dice, at, input.len())].to_vec();
            insert(input, dice, &piece);
        }
        6 => {
            input.truncate(at);
            input.extend_from_slice(&other[dice.below(other.len())..]);
        }
        7 => {
            let from = dice.below(other.len());
            let piece = &other[from..range_end(dice, from, other.len())];
            for (target, byte) in input.iter_mut().skip(at).zip(piece) {
                *target = *byte;
            }
        }
        8 | 9 => {
            let number = NUMBERS[dice.below(NUMBERS.len())].to_ne_bytes();
            let width = 1 << dice.below(4);
            // Kernel structures are aligned.
            let at = if dice.chance(75) {
                at & !(width - 1)
            } else {
                at
            };
            for (target, byte) in input.iter_mut().skip(at).zip(&number[..width]) {
                *target = *byte;
            }
        }
        10 => input.truncate(at),
        11 if !words.is_empty() => {
            let word = words[dice.below(words.len())];
            insert(input, dice, word);
        }
        12 => renumber(dice, input, at),
        13 => {
            let chosen = BYTES[dice.below(BYTES.len())];
            let run = vec![chosen; 1 << dice.below(10)];
            insert(input, dice, &run);
        }
        14 => {
            let end = range_end(dice, at, input.len());
            input[at..end].reverse();
        }
        _ => {
            let step = (dice.below(35) as u8).wrapping_sub(17);
            set(input, at, |old| old.wrapping_add(step));
        }
    }
}

fn set(input: &mut [u8], at: usize, to: impl FnOnce(u8) -> u8) {
    if let Some(byte) = input.get_mut(at) {
        *byte = to(*byte);
    }
}

fn insert(input: &mut Vec<u8>, dice: &mut Dice, piece: &[u8]) {
    if input.len() + piece.len() <= LONGEST {
        let at = dice.below(input.len() + 1);
        input.splice(at..at, piece.iter().copied());
    }
}

/// The end of a range from `at`: most are short.
fn range_end(dice: &mut Dice, at: usize, length: usize) -> usize {
    let most = 1 << dice.below(9);
    length.min(at + 1 + dice.below(most))
}

/// Puts another number in the place of the digits at or behind `at`.
fn renumber(dice: &mut Dice, input: &mut Vec<u8>, at: usize) {
    let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
    let Some(skip) = input[at..].iter().position(is_digit) else {
        return;
    };
    let start = at + skip;
    let length = input[start..]
        .iter()
        .take_while(|byte| is_digit(byte))
        .count();
    let number = DIGITS[dice.below(DIGITS.len())];
    input.splice(start..start + length, number.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_has_mutations_and_none_grows_without_bound() {
        let mut dice = Dice::new(1, 2);
        for start in [&b""[..], b"x", b"12 34", &[7; LONGEST]] {
            let mut changed = 0;
            for _ in 0..2000 {
                let mut input = start.to_vec();
                mutate(&mut dice, &mut input, b"other 5", &[b"word"]);
                assert!(input.len() <= LONGEST);
                changed += usize::from(input != start);
            }
            assert!(changed > 500, "{changed}");
        }
        mutate(&mut dice, &mut Vec::new(), b"", &[]);
    }
}
