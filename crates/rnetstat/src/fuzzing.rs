//! The entrance for fuzzers to the reading of a command line. Opens and changes nothing.

use std::ffi::OsString;

use applet::{Getopt, Item};

use crate::flags::FLAGS;
use crate::options::Options;
use crate::resolve;

/// Reads words as a command line, up to the plan. Gives what came of it, as text.
#[must_use]
pub fn options_survive(words: &[OsString]) -> String {
    let mut options = Options::default();
    let mut seen = String::new();
    for item in Getopt::new(FLAGS, words, false) {
        match item {
            Item::Operand(_) => {}
            Item::Error(error) => {
                seen.push_str(&format!("{:?}\n", error.message("netstat".as_ref())));
            }
            Item::Flag { flag, value } => {
                let noted = (flag.apply)(&mut options, value);
                seen.push_str(&format!("{noted:?}\n"));
            }
        }
    }
    seen.push_str(&format!("{options:?} {:?}", resolve::resolve(&options)));
    seen
}
