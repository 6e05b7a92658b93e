//! What was typed, as typed: nothing is decided here.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::families::{FamilyError, FamilyList};

/// Everything the option table notes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// `-A`, `-4`, `--inet` …, in order.
    pub(crate) families: FamilyList,
    /// How often `-r`, `-i`, `-M`, `-s` stood there; more than once is an error.
    pub(crate) modes: u32,
    pub(crate) route: bool,
    pub(crate) interfaces: bool,
    pub(crate) masquerade: bool,
    pub(crate) statistics: bool,
    pub(crate) groups: bool,
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
    pub(crate) udplite: bool,
    pub(crate) sctp: bool,
    pub(crate) raw: bool,
    pub(crate) l2cap: bool,
    pub(crate) rfcomm: bool,
    pub(crate) listening: bool,
    pub(crate) all: bool,
    pub(crate) timers: bool,
    pub(crate) continuous: bool,
    /// How often `-e` stood there.
    pub(crate) extend: u32,
    pub(crate) programs: bool,
    pub(crate) context: bool,
    pub(crate) verbose: bool,
    pub(crate) wide: bool,
    pub(crate) numeric_hosts: bool,
    pub(crate) numeric_ports: bool,
    pub(crate) numeric_users: bool,
    pub(crate) symbolic: bool,
    pub(crate) cache: bool,
    pub(crate) fib: bool,
    /// An argument of `-A` did not fit; told to the user where it stands, without ending.
    pub(crate) too_many_families: bool,
}

/// What an option may do beside noting something.
#[derive(Debug)]
pub(crate) enum Stop {
    /// `-V`
    Version,
    /// `-h`
    Help,
    /// `-?`
    Usage,
    /// A word of `-A` that is no family.
    UnknownFamily(Vec<u8>),
    /// `-Z`: goes on only where there are contexts.
    Context,
}

impl Options {
    /// `-A LIST`, or a switch that stands for it.
    pub(crate) fn add_families(&mut self, list: &OsStr) -> Result<(), Stop> {
        match self.families.add(list.as_bytes()) {
            Ok(()) => Ok(()),
            Err(FamilyError::Unknown(word)) => Err(Stop::UnknownFamily(word)),
            Err(FamilyError::TooMany) => {
                self.too_many_families = true;
                Ok(())
            }
        }
    }

    /// `-x`, or the long name that stands in the table for both it and the family.
    pub(crate) fn add_unix(&mut self) -> Result<(), Stop> {
        self.add_families(OsStr::new("unix"))
    }
}
