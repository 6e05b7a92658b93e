//! An option table as a document: the clap model from which man page and completions are made.
//!
//! clap describes here and never reads a command line.

use std::collections::HashMap;

use clap::{Arg, ArgAction, Command};

use crate::{Flag, Takes};

/// What stands before an option's letter. Only lsof has letters with a plus sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `-c`.
    Dash,
    /// `+c`. Left out of the clap model, which cannot say it.
    Plus,
    /// `-r` and `+r`.
    Either,
}

/// One option, without what it does to the tool.
#[derive(Clone, Copy, Debug)]
pub struct DocOption {
    /// What stands before the letters.
    pub sign: Sign,
    /// The short letters.
    pub shorts: &'static [u8],
    /// The long names.
    pub longs: &'static [&'static str],
    /// Whether a value follows.
    pub takes: Takes,
    /// One line of explanation.
    pub brief: &'static str,
}

/// A tool as its documents show it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name it is shipped under: `rss`.
    pub name: &'static str,
    /// One line: what the tool does.
    pub about: &'static str,
    /// Placeholder and one line for the words that are no options, if there are any.
    pub operands: Option<(&'static str, &'static str)>,
    /// The options in table order.
    pub options: Vec<DocOption>,
}

impl Document {
    /// A document without operands and options.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            operands: None,
            options: Vec::new(),
        }
    }

    /// Names and explains the words that are no options.
    #[must_use]
    pub const fn operands(mut self, placeholder: &'static str, brief: &'static str) -> Self {
        self.operands = Some((placeholder, brief));
        self
    }

    /// Adds the rows of an option table.
    #[must_use]
    pub fn flags<O, E>(mut self, flags: &[Flag<O, E>]) -> Self {
        self.options.extend(flags.iter().map(|flag| DocOption {
            sign: Sign::Dash,
            shorts: flag.shorts,
            longs: flag.longs,
            takes: flag.takes,
            brief: flag.brief,
        }));
        self
    }

    /// Adds one option that no [`Flag`] describes.
    #[must_use]
    pub fn option(mut self, option: DocOption) -> Self {
        self.options.push(option);
        self
    }

    /// The clap model: every option that has a letter after a dash or a long name. A name that
    /// stands in several rows belongs to the first of them that also has a letter.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.name)
            .about(self.about)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .args(self.arguments().filter_map(|(_, argument)| argument));
        if let Some((placeholder, brief)) = self.operands {
            let operands = Arg::new("operands").value_name(placeholder).help(brief);
            command = command.arg(operands.num_args(0..));
        }
        command
    }

    /// Each option with its part of the clap model, if it has one.
    pub fn arguments(&self) -> impl Iterator<Item = (&DocOption, Option<Arg>)> {
        let owners = self.owners_of_names();
        self.options.iter().enumerate().map(move |(row, option)| {
            let longs = option.longs.iter().copied();
            let longs = longs.filter(|long| owners.get(long) == Some(&row));
            let argument = match option.sign {
                Sign::Plus => None,
                Sign::Dash | Sign::Either => argument(option, longs),
            };
            (option, argument)
        })
    }

    fn owners_of_names(&self) -> HashMap<&'static str, usize> {
        let mut owners: HashMap<&'static str, usize> = HashMap::new();
        for (row, option) in self.options.iter().enumerate() {
            for long in option.longs {
                let owner = owners.entry(long).or_insert(row);
                let unlettered = self
                    .options
                    .get(*owner)
                    .is_none_or(|row| row.shorts.is_empty());
                if unlettered && !option.shorts.is_empty() {
                    *owner = row;
                }
            }
        }
        owners
    }
}

/// The clap argument of a row, unless all its names belong to other rows.
fn argument(option: &DocOption, mut longs: impl Iterator<Item = &'static str>) -> Option<Arg> {
    let mut shorts = option.shorts.iter().map(|&letter| char::from(letter));
    let (short, long) = (shorts.next(), longs.next());
    let letter = option
        .shorts
        .get(..1)
        .and_then(|letter| std::str::from_utf8(letter).ok());
    let mut argument = Arg::new(long.or(letter)?).help(option.brief);
    if let Some(short) = short {
        argument = argument
            .short(short)
            .visible_short_aliases(shorts.collect::<Vec<_>>());
    }
    if let Some(long) = long {
        argument = argument
            .long(long)
            .visible_aliases(longs.collect::<Vec<_>>());
    }
    Some(match option.takes {
        Takes::Nothing => argument.action(ArgAction::SetTrue),
        Takes::Required(value) => argument.value_name(value).num_args(1),
        Takes::Optional(value) => argument
            .value_name(value)
            .num_args(0..=1)
            // A letter alone may have its value right behind it, or, in lsof, in the next word.
            .require_equals(long.is_some()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn flag(
        shorts: &'static [u8],
        longs: &'static [&'static str],
        takes: Takes,
    ) -> Flag<(), ()> {
        Flag {
            shorts,
            longs,
            group: 0,
            takes,
            brief: "what it does",
            apply: |(), _| Ok(()),
        }
    }

    static FLAGS: &[Flag<(), ()>] = &[
        flag(b"", &["unix"], Takes::Nothing),
        flag(b"Vv", &["version"], Takes::Nothing),
        flag(b"A", &["socket", "query"], Takes::Required("LIST")),
        flag(b"x", &["unix"], Takes::Nothing),
        flag(b"W", &["level"], Takes::Optional("N")),
        flag(b"?", &[], Takes::Nothing),
    ];

    #[test]
    fn every_name_of_the_table_is_in_the_model_once() {
        let command = Document::new("t", "a tool").flags(FLAGS).command();
        command.clone().debug_assert();
        let mut names: Vec<String> = Vec::new();
        for argument in command.get_arguments() {
            let shorts = argument.get_short_and_visible_aliases().unwrap_or_default();
            names.extend(shorts.iter().map(ToString::to_string));
            let longs = argument.get_long_and_visible_aliases().unwrap_or_default();
            names.extend(longs.iter().map(ToString::to_string));
        }
        assert_eq!(
            names,
            [
                "V", "v", "version", "A", "socket", "query", "x", "unix", "W", "level", "?"
            ]
        );
    }

    #[test]
    fn a_plus_letter_is_not_in_the_model() {
        let plus = DocOption {
            sign: Sign::Plus,
            shorts: b"c",
            longs: &[],
            takes: Takes::Required("W"),
            brief: "",
        };
        let document = Document::new("t", "a tool").option(plus);
        assert_eq!(document.command().get_arguments().count(), 0);
        let either = DocOption {
            sign: Sign::Either,
            ..plus
        };
        assert_eq!(document.option(either).command().get_arguments().count(), 1);
    }
}
