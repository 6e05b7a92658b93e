//! Random option tables and random command lines: our reader and glibc's `getopt_long` must find
//! the same options, values, operands and errors, in the same order and the same words.

#![cfg(target_env = "gnu")]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use applet::{Flag, Getopt, Item, Takes};

mod sys;

type Table = &'static [Flag<(), ()>];

struct Case {
    argv0: OsString,
    args: Vec<OsString>,
    posixly_correct: bool,
}

/// What our reader makes of a case: a line per option or error in order, then the operands.
fn transcript(table: Table, case: &Case) -> Vec<u8> {
    let mut told = Vec::new();
    let mut operands = Vec::new();
    for item in Getopt::new(table, &case.args, case.posixly_correct) {
        match item {
            Item::Flag { flag, value } => {
                let row = table.iter().position(|row| std::ptr::eq(row, flag));
                told.extend(format!("row {}", row.expect("a row of the table")).as_bytes());
                if let Some(value) = value {
                    told.push(b'=');
                    told.extend_from_slice(value.as_bytes());
                }
                told.push(b'\n');
            }
            Item::Operand(word) => operands.push(word),
            Item::Error(error) => {
                told.extend(error.message(&case.argv0));
                told.extend_from_slice(b"?\n");
            }
        }
    }
    for word in operands {
        told.extend_from_slice(b"operand ");
        told.extend_from_slice(word.as_bytes());
        told.push(b'\n');
    }
    told
}

/// xorshift64*: the same cases on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let roll = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(roll).expect("31 bits") % bound
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    fn bytes(&mut self, alphabet: &[u8], longest: usize) -> Vec<u8> {
        (0..self.below(longest + 1))
            .map(|_| *self.of(alphabet))
            .collect()
    }

    fn name(&mut self) -> &'static str {
        // Few letters, so that names are prefixes and twins of each other.
        let mut name = vec![*self.of(b"abn")];
        name.extend(self.bytes(b"abn-", 4));
        String::from_utf8(name).expect("ASCII").leak()
    }

    fn row(&mut self) -> Flag<(), ()> {
        let group = u8::try_from(self.below(3)).expect("0 to 2");
        let takes = match group {
            // One group, one way of taking values, as glibc wants of options that are the same.
            1 => Takes::Nothing,
            2 => Takes::Required("X"),
            _ => *self.of(&[Takes::Nothing, Takes::Required("X"), Takes::Optional("X")]),
        };
        Flag {
            shorts: self.bytes(b"abcdefnVW12", 2).leak(),
            longs: (0..self.below(4))
                .map(|_| self.name())
                .collect::<Vec<_>>()
                .leak(),
            group,
            takes,
            brief: "",
            apply: |(), _| Ok(()),
        }
    }

    fn word(&mut self, table: Table) -> OsString {
        let names: Vec<&str> = table.iter().flat_map(|flag| flag.longs).copied().collect();
        let mut word = Vec::new();
        match self.below(10) {
            0 => word.extend_from_slice(b"--"),
            1 => word.extend_from_slice(b"-"),
            2 => word.extend(self.bytes(b"abn-=\xc3\xa9", 4)),
            3 | 4 => {
                word.push(b'-');
                word.extend(self.bytes(b"abcdefnVW12q-=:\xc3\xa9", 5));
            }
            5 => {
                word.extend_from_slice(b"--");
                word.extend(self.bytes(b"abn-=", 5));
            }
            _ => {
                word.extend_from_slice(b"--");
                if !names.is_empty() {
                    let name = self.of(&names).as_bytes();
                    word.extend_from_slice(&name[..=self.below(name.len())]);
                }
                if self.below(3) == 0 {
                    word.push(b'=');
                    word.extend(self.bytes(b"ab-=\xff", 3));
                }
            }
        }
        OsString::from_vec(word)
    }

    fn case(&mut self, table: Table) -> Case {
        let names: [&[u8]; 4] = [b"t", b"/usr/bin/t", b"", b"\xffx"];
        let argv0 = self.of(&names);
        Case {
            argv0: OsStr::from_bytes(argv0).into(),
            args: (0..self.below(7)).map(|_| self.word(table)).collect(),
            posixly_correct: self.below(4) == 0,
        }
    }
}

fn compare(seed: u64, tables: usize, cases_per_table: usize) {
    let mut dice = Dice(seed);
    for number in 0..tables {
        let table: Table = (0..dice.below(9))
            .map(|_| dice.row())
            .collect::<Vec<_>>()
            .leak();
        let cases: Vec<Case> = (0..cases_per_table).map(|_| dice.case(table)).collect();
        let theirs = sys::transcripts(table, &cases);
        assert_eq!(theirs.len(), cases.len(), "one transcript for each case");
        for (case, theirs) in cases.iter().zip(theirs) {
            let ours = transcript(table, case);
            assert!(
                ours == theirs,
                "seed {seed}, table {number}: {table}\nargv {:?} {:?}, posixly correct: {}\n\
                 getopt_long:\n{}\nours:\n{}",
                case.argv0,
                case.args,
                case.posixly_correct,
                theirs.escape_ascii(),
                ours.escape_ascii(),
                table = table
                    .iter()
                    .map(|flag| format!(
                        "\n  {} {:?} group {} {:?}",
                        flag.shorts.escape_ascii(),
                        flag.longs,
                        flag.group,
                        flag.takes
                    ))
                    .collect::<String>(),
            );
        }
    }
}

#[test]
fn random_command_lines_are_read_as_getopt_long_reads_them() {
    compare(0x9E37_79B9_7F4A_7C15, 400, 60);
}

#[test]
fn one_table_is_read_alike_in_many_ways() {
    compare(1, 4, 4000);
}
