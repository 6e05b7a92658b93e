//! Decides what each word of a command line is by the rules of GNU `getopt_long`, read off an
//! option table: an option with or without value, an operand, or an error in getopt's own words.
//!
//! It applies nothing and prints nothing: the tool acts on what it is given, in the order given.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::{Flag, Takes};

/// One thing found on the command line.
pub enum Item<'t, 'a, O: 'static, E: 'static> {
    /// An option, with its value if it has one.
    Flag {
        /// The row of the table.
        flag: &'t Flag<O, E>,
        /// The value, attached or the next word. Always there when the row takes a required one.
        value: Option<&'a OsStr>,
    },
    /// A word that is no option: the empty word and a lone `-` too.
    Operand(&'a OsStr),
    /// A word, or one letter of a cluster, that the table does not allow.
    Error(GetoptError),
}

/// Reads words in order. Operands are yielded where they stand: a tool that wants them after the
/// options, as getopt's permutation leaves them, collects them.
///
/// After an error the iteration goes on where getopt would: with the rest of a cluster, or with
/// the next word.
pub struct Getopt<'t, 'a, O: 'static, E: 'static> {
    flags: &'t [Flag<O, E>],
    words: std::slice::Iter<'a, OsString>,
    /// What is left of the cluster of short options being read.
    cluster: &'a [u8],
    posixly_correct: bool,
    only_operands: bool,
}

impl<'t, 'a, O, E> Getopt<'t, 'a, O, E> {
    /// A reader of `args` (without argv[0]). With `posixly_correct` (the variable
    /// `POSIXLY_CORRECT` is set, to whatever value) the first operand ends the options.
    pub fn new(flags: &'t [Flag<O, E>], args: &'a [OsString], posixly_correct: bool) -> Self {
        Self {
            flags,
            words: args.iter(),
            cluster: &[],
            posixly_correct,
            only_operands: false,
        }
    }

    fn word(&mut self) -> Option<Item<'t, 'a, O, E>> {
        let mut word = self.words.next()?;
        if !self.only_operands && word == "--" {
            self.only_operands = true;
            word = self.words.next()?;
        }
        if self.only_operands {
            return Some(Item::Operand(word));
        }
        Some(match word.as_bytes() {
            [b'-', b'-', long @ ..] => self.long(long),
            [b'-', letter, rest @ ..] => self.short(*letter, rest),
            _ => {
                self.only_operands = self.posixly_correct;
                Item::Operand(word)
            }
        })
    }

    /// The first letter of what is left of a cluster; `rest` is what follows it.
    fn short(&mut self, letter: u8, rest: &'a [u8]) -> Item<'t, 'a, O, E> {
        self.cluster = rest;
        let Some(flag) = self.flags.iter().find(|flag| flag.shorts.contains(&letter)) else {
            return Item::Error(GetoptError(Kind::InvalidLetter(letter)));
        };
        if matches!(flag.takes, Takes::Nothing) {
            return Item::Flag { flag, value: None };
        }
        self.cluster = &[];
        let attached = (!rest.is_empty()).then(|| OsStr::from_bytes(rest));
        self.valued(flag, attached, Kind::LetterNeedsValue(letter))
    }

    /// A long option; `typed` is the word without its two dashes.
    fn long(&mut self, typed: &'a [u8]) -> Item<'t, 'a, O, E> {
        let (typed_name, attached) = match typed.iter().position(|&byte| byte == b'=') {
            Some(equals) => {
                let (name, value) = typed.split_at(equals);
                (name, value.get(1..).map(OsStr::from_bytes))
            }
            None => (typed, None),
        };
        let (flag, name) = match find_long(self.flags, typed_name) {
            Found::One(flag, name) => (flag, name),
            Found::Nothing => {
                return Item::Error(GetoptError(Kind::Unrecognized(typed.to_vec())));
            }
            Found::Several(candidates) => {
                let typed = typed.to_vec();
                return Item::Error(GetoptError(Kind::Ambiguous { typed, candidates }));
            }
        };
        if matches!(flag.takes, Takes::Nothing) && attached.is_some() {
            return Item::Error(GetoptError(Kind::UnwantedValue(name)));
        }
        self.valued(flag, attached, Kind::NameNeedsValue(name))
    }

    fn valued(
        &mut self,
        flag: &'t Flag<O, E>,
        attached: Option<&'a OsStr>,
        missing: Kind,
    ) -> Item<'t, 'a, O, E> {
        if attached.is_none() && matches!(flag.takes, Takes::Required(_)) {
            // Whatever the next word is, be it `--`, it is the value.
            return match self.words.next() {
                Some(value) => Item::Flag {
                    flag,
                    value: Some(value),
                },
                None => Item::Error(GetoptError(missing)),
            };
        }
        Item::Flag {
            flag,
            value: attached,
        }
    }
}

impl<'t, 'a, O, E> Iterator for Getopt<'t, 'a, O, E> {
    type Item = Item<'t, 'a, O, E>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.cluster {
            [letter, rest @ ..] => Some(self.short(*letter, rest)),
            [] => self.word(),
        }
    }
}

enum Found<'t, O: 'static, E: 'static> {
    Nothing,
    One(&'t Flag<O, E>, &'static str),
    Several(Vec<&'static str>),
}

/// The row meant by a possibly abbreviated long name. An exact name wins over any abbreviation;
/// of several that fit, the first is taken unless one of the others acts differently.
fn find_long<'t, O, E>(flags: &'t [Flag<O, E>], typed: &[u8]) -> Found<'t, O, E> {
    let names = || {
        flags
            .iter()
            .flat_map(|flag| flag.longs.iter().map(move |name| (flag, *name)))
    };
    if let Some((flag, name)) = names().find(|(_, name)| name.as_bytes() == typed) {
        return Found::One(flag, name);
    }
    let mut fitting = names().filter(|(_, name)| name.as_bytes().starts_with(typed));
    let Some((first, first_name)) = fitting.next() else {
        return Found::Nothing;
    };
    let mut candidates = vec![first_name];
    candidates.extend(
        fitting
            .filter(|(flag, _)| !act_alike(first, flag))
            .map(|(_, name)| name),
    );
    match candidates.len() {
        1 => Found::One(first, first_name),
        _ => Found::Several(candidates),
    }
}

fn act_alike<O, E>(one: &Flag<O, E>, other: &Flag<O, E>) -> bool {
    std::ptr::eq(one, other) || (one.group != 0 && one.group == other.group)
}

/// A complaint about the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetoptError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Unrecognized(Vec<u8>),
    Ambiguous {
        typed: Vec<u8>,
        candidates: Vec<&'static str>,
    },
    UnwantedValue(&'static str),
    NameNeedsValue(&'static str),
    InvalidLetter(u8),
    LetterNeedsValue(u8),
}

impl GetoptError {
    /// The long names that an ambiguous abbreviation fits; none for any other error.
    #[must_use]
    pub fn possibilities(&self) -> &[&'static str] {
        match &self.0 {
            Kind::Ambiguous { candidates, .. } => candidates,
            _ => &[],
        }
    }

    /// The text getopt writes to standard error in the C locale, newline included. Bytes typed
    /// by the user stand in it as they are.
    #[must_use]
    pub fn message(&self, argv0: &OsStr) -> Vec<u8> {
        let parts: &[&[u8]] = match &self.0 {
            Kind::Unrecognized(typed) => &[b"unrecognized option '--", typed, b"'"],
            Kind::Ambiguous { typed, .. } => {
                &[b"option '--", typed, b"' is ambiguous; possibilities:"]
            }
            Kind::UnwantedValue(name) => &[
                b"option '--",
                name.as_bytes(),
                b"' doesn't allow an argument",
            ],
            Kind::NameNeedsValue(name) => {
                &[b"option '--", name.as_bytes(), b"' requires an argument"]
            }
            Kind::InvalidLetter(letter) => {
                &[b"invalid option -- '", std::slice::from_ref(letter), b"'"]
            }
            Kind::LetterNeedsValue(letter) => &[
                b"option requires an argument -- '",
                std::slice::from_ref(letter),
                b"'",
            ],
        };
        let mut text = [argv0.as_bytes(), b": ", &parts.concat()].concat();
        if let Kind::Ambiguous { candidates, .. } = &self.0 {
            for name in candidates {
                text.extend_from_slice(b" '--");
                text.extend_from_slice(name.as_bytes());
                text.push(b'\'');
            }
        }
        text.push(b'\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn flag(
        shorts: &'static [u8],
        longs: &'static [&'static str],
        group: u8,
        takes: Takes,
    ) -> Flag<(), ()> {
        Flag {
            shorts,
            longs,
            group,
            takes,
            brief: "",
            apply: |(), _| Ok(()),
        }
    }

    static FLAGS: &[Flag<(), ()>] = &[
        flag(b"", &["ip"], 1, Takes::Nothing),
        flag(b"", &["inet"], 1, Takes::Nothing),
        flag(b"", &["inet6"], 1, Takes::Nothing),
        flag(b"", &["unix"], 1, Takes::Nothing),
        flag(b"Vv", &["version"], 0, Takes::Nothing),
        flag(b"i", &["interfaces"], 0, Takes::Nothing),
        flag(b"n", &["numeric"], 0, Takes::Nothing),
        flag(
            b"A",
            &["socket", "solicit", "query"],
            0,
            Takes::Required("LIST"),
        ),
        flag(b"x", &["unix"], 0, Takes::Nothing),
        flag(b"W", &["verbose"], 0, Takes::Optional("LEVEL")),
        flag(b"?", &[], 0, Takes::Nothing),
    ];

    /// What getopt makes of a command line, one text per item: the option's first long name (or
    /// letter) and its value, the operand, or the message.
    fn read_as(posixly_correct: bool, words: &[&str]) -> Vec<String> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        Getopt::new(FLAGS, &words, posixly_correct)
            .map(|item| match item {
                Item::Flag { flag, value } => {
                    let name = flag.longs.first().map_or_else(
                        || String::from_utf8_lossy(flag.shorts).into_owned(),
                        ToString::to_string,
                    );
                    value.map_or_else(|| name.clone(), |value| format!("{name}={value:?}"))
                }
                Item::Operand(word) => format!("operand {word:?}"),
                Item::Error(error) => {
                    String::from_utf8_lossy(&error.message(OsStr::new("/bin/t"))).into_owned()
                }
            })
            .collect()
    }

    fn read(words: &[&str]) -> Vec<String> {
        read_as(false, words)
    }

    #[test]
    fn a_cluster_is_several_options() {
        assert_eq!(read(&["-nVi"]), ["numeric", "version", "interfaces"]);
    }

    #[test]
    fn a_letter_takes_the_rest_of_its_cluster_or_the_next_word_as_value() {
        assert_eq!(read(&["-nAtcp"]), ["numeric", "socket=\"tcp\""]);
        assert_eq!(
            read(&["-nA", "tcp", "-i"]),
            ["numeric", "socket=\"tcp\"", "interfaces"]
        );
        assert_eq!(read(&["-A", "-A"]), ["socket=\"-A\""]);
        assert_eq!(read(&["-A", "--", "-n"]), ["socket=\"--\"", "numeric"]);
        assert_eq!(read(&["-A="]), ["socket=\"=\""]);
        assert_eq!(read(&["-A", ""]), ["socket=\"\""]);
    }

    #[test]
    fn a_long_option_takes_its_value_attached_or_from_the_next_word() {
        assert_eq!(read(&["--query=tcp"]), ["socket=\"tcp\""]);
        assert_eq!(read(&["--query", "tcp"]), ["socket=\"tcp\""]);
        assert_eq!(
            read(&["--query=", "tcp"]),
            ["socket=\"\"", "operand \"tcp\""]
        );
        assert_eq!(read(&["--query=a=b"]), ["socket=\"a=b\""]);
    }

    #[test]
    fn an_optional_value_is_only_taken_attached() {
        assert_eq!(read(&["--verbose", "2"]), ["verbose", "operand \"2\""]);
        assert_eq!(read(&["--verbose=2"]), ["verbose=\"2\""]);
        assert_eq!(read(&["-W", "2"]), ["verbose", "operand \"2\""]);
        assert_eq!(read(&["-W2"]), ["verbose=\"2\""]);
    }

    #[test]
    fn a_double_dash_ends_the_options_once() {
        assert_eq!(
            read(&["-n", "--", "-i", "--"]),
            ["numeric", "operand \"-i\"", "operand \"--\""]
        );
        assert!(read(&["--"]).is_empty());
    }

    #[test]
    fn a_lone_dash_and_an_empty_word_are_operands() {
        assert_eq!(
            read(&["-", "", "-n"]),
            ["operand \"-\"", "operand \"\"", "numeric"]
        );
    }

    #[test]
    fn operands_stand_among_options_unless_posixly_correct() {
        assert_eq!(read(&["a", "-n"]), ["operand \"a\"", "numeric"]);
        assert_eq!(
            read_as(true, &["-n", "a", "-n", "--"]),
            [
                "numeric",
                "operand \"a\"",
                "operand \"-n\"",
                "operand \"--\""
            ]
        );
        assert_eq!(
            read_as(true, &["-n", "--", "a"]),
            ["numeric", "operand \"a\""]
        );
    }

    #[test]
    fn a_unique_prefix_names_an_option() {
        assert_eq!(read(&["--vers", "--n"]), ["version", "numeric"]);
        assert_eq!(read(&["--q", "x"]), ["socket=\"x\""]);
    }

    #[test]
    fn an_exact_name_wins_over_longer_ones_and_over_later_twins() {
        assert_eq!(read(&["--inet"]), ["inet"]);
        assert_eq!(read(&["--unix"]), ["unix"]);
    }

    #[test]
    fn names_of_one_row_or_one_group_do_not_conflict() {
        assert_eq!(read(&["--so", "x"]), ["socket=\"x\""]);
        assert_eq!(read(&["--ine"]), ["inet"]);
    }

    #[test]
    fn an_ambiguous_name_lists_the_first_and_those_that_act_differently() {
        assert_eq!(
            read(&["--in", "--ver"]),
            [
                "/bin/t: option '--in' is ambiguous; possibilities: '--inet' '--interfaces'\n",
                "/bin/t: option '--ver' is ambiguous; possibilities: '--version' '--verbose'\n",
            ]
        );
        assert_eq!(
            read(&["--uni"]),
            ["/bin/t: option '--uni' is ambiguous; possibilities: '--unix' '--unix'\n"]
        );
    }

    #[test]
    fn ambiguity_comes_before_complaints_about_the_value() {
        assert_eq!(
            read(&["--in=3"]),
            ["/bin/t: option '--in=3' is ambiguous; possibilities: '--inet' '--interfaces'\n"]
        );
    }

    #[test]
    fn an_empty_name_fits_everything() {
        assert_eq!(
            read(&["--=3"]),
            [
                "/bin/t: option '--=3' is ambiguous; possibilities: '--ip' '--version' '--interfaces' \
              '--numeric' '--socket' '--solicit' '--query' '--unix' '--verbose'\n"
            ]
        );
    }

    #[test]
    fn complaints_about_values_give_the_full_name() {
        assert_eq!(
            read(&["--num=1"]),
            ["/bin/t: option '--numeric' doesn't allow an argument\n"]
        );
        assert_eq!(
            read(&["--qu"]),
            ["/bin/t: option '--query' requires an argument\n"]
        );
        assert_eq!(
            read(&["-nA"]),
            ["numeric", "/bin/t: option requires an argument -- 'A'\n"]
        );
    }

    #[test]
    fn an_unknown_name_is_told_as_typed_and_reading_goes_on() {
        assert_eq!(
            read(&["--x=1", "-n"]),
            ["/bin/t: unrecognized option '--x=1'\n", "numeric"]
        );
    }

    #[test]
    fn an_unknown_letter_is_told_and_its_cluster_goes_on() {
        assert_eq!(
            read(&["-nqi"]),
            ["numeric", "/bin/t: invalid option -- 'q'\n", "interfaces"]
        );
        assert_eq!(
            read(&["-n-"]),
            ["numeric", "/bin/t: invalid option -- '-'\n"]
        );
    }

    #[test]
    fn an_unknown_letter_is_one_raw_byte() {
        let words = [OsString::from("-é")];
        let messages: Vec<Vec<u8>> = Getopt::new(FLAGS, &words, false)
            .filter_map(|item| match item {
                Item::Error(error) => Some(error.message(OsStr::new("t"))),
                _ => None,
            })
            .collect();
        assert_eq!(
            messages,
            [
                b"t: invalid option -- '\xc3'\n".to_vec(),
                b"t: invalid option -- '\xa9'\n".to_vec()
            ]
        );
    }

    #[test]
    fn a_question_mark_can_be_an_option() {
        assert_eq!(read(&["-?"]), ["?"]);
    }
}
