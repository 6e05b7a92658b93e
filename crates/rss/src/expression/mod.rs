//! The filter language: what words behind the options select.
//!
//! Tokens are judged one by one, each as soon as it is read: an operand that is none ends the run
//! before a mistake in the grammar behind it does.

mod address;
mod grammar;
mod host;
pub(crate) mod number;
mod operand;
#[cfg(test)]
mod tests;
mod tokens;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;

use applet::Exit;
use sockcore::error::Errno;
use sockcore::filter::Filter;
use sockcore::names::NameService;
use sockcore::procfs::ProcRoot;

use crate::resolve::Selection;
use crate::rpc::RpcPort;
use crate::tables::{CONNECTED, Family, FamilySet, TableSet};

/// What an expression is read with.
pub(crate) struct Context<'c> {
    /// Names of services, hosts and devices.
    pub(crate) names: &'c dyn NameService,
    /// The `/proc` that says which ports the kernel hands out.
    pub(crate) root: &'c ProcRoot,
    /// The tables, families and family that the options chose. A host narrows the families and
    /// changes the family of those behind it.
    pub(crate) selection: Selection,
    /// Programs of the port mapper, whose names stand for ports; empty unless names are resolved.
    pub(crate) programs: &'c [RpcPort],
    /// `[^…]` in a pattern means what `[!…]` does.
    pub(crate) caret_negates: bool,
    /// Whether the kernel refuses this program.
    pub(crate) is_refused: &'c mut dyn FnMut(&Filter) -> bool,
}

/// An expression that was understood.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// `None`: there was no expression.
    pub(crate) filter: Option<Filter>,
    /// The selection as the expression left it.
    pub(crate) selection: Selection,
}

/// Why the run ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FilterError {
    /// What stands on standard error.
    pub(crate) message: Vec<u8>,
    /// Whether the usage follows.
    pub(crate) usage: bool,
    /// The exit status.
    pub(crate) exit: Exit,
}

impl FilterError {
    fn operand(message: impl Into<Vec<u8>>) -> Self {
        Self {
            message: message.into(),
            usage: false,
            exit: Exit::FAILURE,
        }
    }

    fn fatal(message: &str) -> Self {
        Self {
            message: message.into(),
            usage: false,
            exit: crate::USAGE_ERROR,
        }
    }

    fn grammar(what: &str) -> Self {
        let text = format!("ss: bison bellows (while parsing filter): \"{what}!\" Sorry.\n");
        Self {
            message: text.into(),
            usage: true,
            exit: crate::USAGE_ERROR,
        }
    }
}

/// Reads an expression: the words, then what the file holds.
pub(crate) fn parse(
    words: &[OsString],
    file: Option<&mut dyn Read>,
    context: Context<'_>,
) -> Result<Parsed, FilterError> {
    grammar::Parser::new(words, file, context).parse()
}

/// Opens a filter file; a name that begins with a dash is standard input.
pub(crate) fn open(name: &OsStr) -> Result<File, Errno> {
    let opened = if name.as_bytes().starts_with(b"-") {
        std::io::stdin()
            .as_fd()
            .try_clone_to_owned()
            .map(File::from)
    } else {
        File::open(name)
    };
    opened.map_err(|error| Errno::from(&error))
}

/// For a fuzzer: reads bytes as the lines of a filter file, with names that need no system. Gives
/// what came of it, as text.
pub fn survives(bytes: &[u8]) -> String {
    use sockcore::names::NumericNames;
    let mut seen = String::new();
    for preferred in [None, Some(Family::Inet6)] {
        let context = Context {
            names: &NumericNames,
            root: &ProcRoot::at("/nonexistent"),
            selection: Selection {
                tables: TableSet::ALL,
                families: FamilySet::INET,
                preferred,
                states: CONNECTED,
            },
            programs: &[],
            caret_negates: true,
            is_refused: &mut |_| false,
        };
        let mut file = bytes;
        let parsed = parse(&[], Some(&mut file), context);
        let filter = parsed
            .as_ref()
            .ok()
            .and_then(|parsed| parsed.filter.as_ref());
        let program = filter.map(sockcore::filter::Filter::bytecode);
        seen.push_str(&format!("{parsed:?} {program:?}"));
    }
    seen
}
