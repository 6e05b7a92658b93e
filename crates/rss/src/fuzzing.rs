//! The entrance for fuzzers to the reading of a command line. Opens and changes nothing.

use std::ffi::OsString;

use applet::{Getopt, Item};

use crate::options::Options;
use crate::resolve::Selection;
use crate::{flags, states};

/// Reads words as a command line, up to the selection. Gives what came of it, as text.
#[must_use]
pub fn options_survive(words: &[OsString]) -> String {
    let mut options = Options::default();
    let mut operands = Vec::new();
    let mut seen = String::new();
    for item in Getopt::new(flags::FLAGS, words, false) {
        match item {
            Item::Operand(word) => operands.push(word.to_owned()),
            Item::Error(error) => seen.push_str(&format!("{:?}\n", error.message("ss".as_ref()))),
            Item::Flag { flag, value } => {
                let noted = (flag.apply)(&mut options, value);
                seen.push_str(&format!("{noted:?} {:?}\n", options.pending.take()));
            }
        }
    }
    let worded = states::read(&operands);
    let selection = worded
        .as_ref()
        .map(|worded| Selection::new(&options, worded.states));
    seen.push_str(&format!("{options:?} {selection:?} {worded:?}"));
    seen
}
