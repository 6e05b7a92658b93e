//! One option as data. The parser, the man page, the completions and the check of the usage text
//! all read the same table of these.

use std::ffi::OsStr;

/// Whether an option takes a value; the text names it in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A switch.
    Nothing,
    /// `-f NAME`, `-fNAME`, `--family NAME`, `--family=NAME`.
    Required(&'static str),
    /// `-fNAME`, `--family=NAME`: only attached.
    Optional(&'static str),
}

/// One option: a row of a tool's table.
///
/// `O` is what the tool collects, `E` what ends its parsing early (a usage error, `--version`).
pub struct Flag<O: 'static, E: 'static> {
    /// The short letters, usually one: `b"n"`, `b"Vv"`, or none.
    pub shorts: &'static [u8],
    /// The long names, in the order in which an ambiguity message lists them.
    pub longs: &'static [&'static str],
    /// Rows of the same non-zero group count as one option when an abbreviation fits several;
    /// the first in table order is then taken.
    pub group: u8,
    /// Whether a value follows.
    pub takes: Takes,
    /// One line for man page, completions and long help.
    pub brief: &'static str,
    /// Notes the option. Called in command-line order.
    pub apply: fn(&mut O, Option<&OsStr>) -> Result<(), E>,
}
