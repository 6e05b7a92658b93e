//! What the options on the command line say, in the order typed; where an option's effect depends
//! on those before it, it is settled here.
//!
//! Reads no environment and opens nothing: what has to happen at once is left in
//! [`Options::pending`] for the door.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;

use sockcore::socket::{SocketState, StateSet};

use crate::storage::StoredValues;
use crate::tables::{
    CONNECTED, Family, FamilySet, TableSet, family_named, states_of_family, states_of_tables,
    tables_named,
};

/// What `-l` selects.
const LISTENING: StateSet =
    StateSet::of(SocketState::LISTEN).with(StateSet::of(SocketState::CLOSE));

/// The options as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Tables chosen by option.
    pub(crate) tables: TableSet,
    /// Families chosen by option.
    pub(crate) families: FamilySet,
    /// The family option given last.
    pub(crate) preferred: Option<Family>,
    /// The states that the chosen tables and families stand for.
    pub(crate) default_states: StateSet,
    /// The states that `-a`, `-l`, `-B` or the first `-A` ask for; empty: none of them came.
    pub(crate) asked_states: StateSet,
    /// A table or family was named.
    pub(crate) chosen: bool,
    /// An `-A` came.
    queried: bool,
    pub(crate) show: Show,
    pub(crate) numeric: bool,
    pub(crate) resolve: bool,
    pub(crate) summary: bool,
    pub(crate) events: bool,
    pub(crate) kill: bool,
    pub(crate) no_header: bool,
    pub(crate) no_queues: bool,
    /// `-D`
    pub(crate) record: Option<OsString>,
    /// `--bpf-maps`, `--bpf-map-id`
    pub(crate) stored: StoredValues,
    /// `-F`, opened.
    pub(crate) filter_file: Option<File>,
    /// How many `-Z` and `-z` came together.
    process_contexts: u32,
    /// How many `-z` came.
    socket_contexts: u32,
    /// What the option just read wants done before the next one is read.
    pub(crate) pending: Option<Pending>,
}

/// What is told of each socket besides its columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Show {
    /// `-o`
    pub(crate) timers: bool,
    /// `-e`
    pub(crate) details: bool,
    /// `-m`
    pub(crate) memory: bool,
    /// `-p`
    pub(crate) processes: bool,
    /// `-T`
    pub(crate) threads: bool,
    /// `-i`
    pub(crate) internals: bool,
    /// `-b`
    pub(crate) packet_filters: bool,
    /// `--tos`
    pub(crate) tos: bool,
    /// `--cgroup`
    pub(crate) cgroup: bool,
    /// `--tipcinfo`
    pub(crate) tipc: bool,
    /// `--inet-sockopt`
    pub(crate) socket_options: bool,
    /// `-O`
    pub(crate) one_line: bool,
    /// `-Z`
    pub(crate) process_context: bool,
    /// `-z`
    pub(crate) socket_context: bool,
}

impl Show {
    /// Whether anything is told of an Internet socket behind its columns.
    pub(crate) fn tells_of_inet(&self) -> bool {
        self.timers
            || self.details
            || self.memory
            || self.internals
            || self.tos
            || self.cgroup
            || self.socket_options
    }
}

/// What has to happen at its place among the options.
#[derive(Debug)]
pub(crate) enum Pending {
    /// `-N`: enter a network namespace.
    Namespace(OsString),
    /// `-F`: open the filter file.
    FilterFile(OsString),
    /// `-Z`, `-z`: is there SELinux?
    Contexts,
    /// `--bpf-maps`
    AllMaps,
    /// `--bpf-map-id`
    Map(OsString),
}

/// What ends the reading of options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// `-h`, `-f help`
    Help,
    /// `-V`, `-v`
    Version,
    /// A value that is none; the text stands before the usage.
    Usage(Vec<u8>),
}

impl Options {
    /// `-t` and the like.
    pub(crate) fn add_table(&mut self, table: TableSet) {
        self.tables = self.tables.with(table);
        self.default_states = self.default_states.with(states_of_tables(table));
        self.chosen = true;
    }

    /// `-4` and the like.
    pub(crate) fn add_family(&mut self, family: Family) {
        self.families = self.families.with(FamilySet::of(family));
        self.default_states = self.default_states.with(states_of_family(family));
        self.preferred = Some(family);
        self.chosen = true;
    }

    /// `-f`
    pub(crate) fn name_family(&mut self, name: &OsStr) -> Result<(), Stop> {
        let name = name.as_bytes();
        if name == b"help" {
            return Err(Stop::Help);
        }
        let Some(family) = family_named(name) else {
            return Err(invalid(name, b"invalid family"));
        };
        self.add_family(family);
        Ok(())
    }

    /// `-A`: a list of tables, of which the first on the line forgets the tables before it.
    pub(crate) fn query(&mut self, list: &OsStr) -> Result<(), Stop> {
        if !self.queried {
            self.queried = true;
            self.tables = TableSet::NONE;
            if self.asked_states.is_empty() {
                self.asked_states = CONNECTED;
            }
        }
        self.chosen = true;
        for item in list.as_bytes().split(|&byte| byte == b',') {
            let removed = item.strip_prefix(b"!");
            let Some(tables) = tables_named(removed.unwrap_or(item)) else {
                return Err(invalid(item, b"illegal socket table id"));
            };
            self.tables = match removed {
                Some(_) => self.tables.without(tables),
                None => {
                    self.default_states = self.default_states.with(states_of_tables(tables));
                    self.tables.with(tables)
                }
            };
        }
        Ok(())
    }

    pub(crate) fn all_states(&mut self) {
        self.asked_states = StateSet::ALL;
    }

    pub(crate) fn listening(&mut self) {
        self.asked_states = LISTENING;
    }

    pub(crate) fn bound_inactive(&mut self) {
        self.asked_states = StateSet::of(SocketState::BOUND_INACTIVE);
    }

    /// `-Z`, and `-z` with `sockets`.
    pub(crate) fn contexts(&mut self, sockets: bool) {
        self.process_contexts += 1;
        self.socket_contexts += u32::from(sockets);
        self.show.process_context = true;
        // The two counters are tested against each other bit by bit.
        self.show.socket_context = self.process_contexts & self.socket_contexts != 0;
        self.pending = Some(Pending::Contexts);
    }
}

fn invalid(word: &[u8], what: &[u8]) -> Stop {
    Stop::Usage([b"ss: \"", word, b"\" is ", what, b"\n"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_list_of_tables_forgets_those_before_it_and_selects_connected() {
        let mut options = Options::default();
        options.add_table(TableSet::TCP);
        options.query(OsStr::new("udp")).unwrap();
        options.query(OsStr::new("raw,!udp")).unwrap();
        assert_eq!(options.tables, TableSet::RAW);
        assert_eq!(options.asked_states, CONNECTED);
    }

    #[test]
    fn states_asked_for_before_a_list_of_tables_stay() {
        let mut options = Options::default();
        options.listening();
        options.query(OsStr::new("udp")).unwrap();
        assert_eq!(options.asked_states, LISTENING);
    }

    #[test]
    fn an_empty_item_in_a_list_of_tables_is_quoted_as_written() {
        let mut options = Options::default();
        for (list, quoted) in [("tcp,", ""), ("!", "!"), ("tcp,!x,udp", "!x")] {
            let text = format!("ss: \"{quoted}\" is illegal socket table id\n");
            assert_eq!(
                options.query(OsStr::new(list)),
                Err(Stop::Usage(text.into_bytes()))
            );
        }
    }

    #[test]
    fn socket_contexts_show_when_the_two_counts_share_a_bit() {
        // Per case: -Z (false) or -z (true), in order, and whether socket contexts show.
        let cases: [(&[bool], bool); 5] = [
            (&[true], true),
            (&[true, true], true),
            (&[true, true, false], true),
            (&[false, true], false),
            (&[true, true, false, false], false),
        ];
        for (letters, shown) in cases {
            let mut options = Options::default();
            for &sockets in letters {
                options.contexts(sockets);
            }
            assert_eq!(options.show.socket_context, shown, "{letters:?}");
        }
    }
}
