//! The entrances for fuzzers to what a user types and writes. Touch no file and no process.

use std::ffi::OsString;
use std::time::SystemTime;

use sockcore::addr::InetFamily;
use sockcore::names::NumericNames;

use crate::options::{Options, Step, Typed};
use crate::resolve::{address, lists};
use crate::selection::Selection;
use crate::supplement;
use crate::usage::{self, Build};

/// Reads words as a command line, up to the criteria. Gives what came of it, as text.
///
/// Regular expressions are left out: compiling them is the C library's business, and as slow and
/// greedy as that is.
#[must_use]
pub fn options_survive(words: &[OsString]) -> String {
    let options = Options::read(words, || words.len().is_multiple_of(2));
    let mut selection = Selection::default();
    let mut seen = format!("{options:?}");
    for Typed { step, .. } in &options.steps {
        seen.push_str(&match step {
            Step::Command(text) if text.first() == Some(&b'/') => String::new(),
            Step::Command(text) => {
                format!("{:?}", lists::command(text, &mut selection.commands))
            }
            Step::Pids(list) => {
                format!("{:?}", lists::numbers(list, false, &mut selection.pids))
            }
            Step::Groups(list) => {
                format!("{:?}", lists::numbers(list, true, &mut selection.groups))
            }
            Step::Users(list) => {
                let found = lists::users(list, &mut selection.users, &NumericNames);
                format!("{found:?}")
            }
            Step::Slots(list) => format!("{:?}", lists::slots(list, &mut selection.slots)),
            Step::Network(Some(argument)) => address_survives(argument),
            Step::States(argument) => {
                format!("{:?}", lists::states(argument, &mut selection.states))
            }
            _ => String::new(),
        });
    }
    let conflicts = lists::conflicts(&selection.states);
    selection.close();
    let marker = (options.repeat.as_ref()).map(|repeat| repeat.marker(SystemTime::UNIX_EPOCH));
    for (failed, contexts) in [(false, true), (true, false)] {
        let text = usage::text(b"lsof", &options, failed, &Build::with_contexts(contexts));
        seen.push_str(&format!("{:?}", text.map(|text| text.len())));
    }
    seen.push_str(&format!("{conflicts:?} {marker:?} {selection:?}"));
    seen
}

/// Reads bytes as the argument of `-i`. Gives what came of it, as text.
#[must_use]
pub fn address_survives(argument: &[u8]) -> String {
    let family = address::family(argument);
    let mut seen = format!("{family:?}");
    for inherited in [None, Some(InetFamily::V4), Some(InetFamily::V6)] {
        match address::read(argument, inherited, 0, &NumericNames) {
            Ok(found) => seen.push_str(&format!("{found:?}")),
            Err(fault) => seen.push_str(&format!("{fault:?} {:?}", fault.text(argument))),
        }
    }
    seen
}

/// Reads bytes as a mount supplement. Gives what came of it, as text.
#[must_use]
pub fn supplement_survives(text: &[u8]) -> String {
    match supplement::parse(text) {
        Ok(entries) => format!("{entries:?}"),
        Err(faults) => faults
            .iter()
            .map(|fault| format!("{:?}", fault.text(b"file")))
            .collect(),
    }
}
