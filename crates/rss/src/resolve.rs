//! Decides what is listed and how: options, state words and environment become one plan. Nobody
//! looks at the options or the environment afterwards.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use applet::{Environment, Screen};
use sockcore::filter::Filter;
use sockcore::procfs::lines::is_space;
use sockcore::procfs::{KernelWalk, ProcRoot};
use sockcore::query::Storages;
use sockcore::socket::StateSet;

use crate::options::{Options, Show};
use crate::tables::{CONNECTED, Family, FamilySet, TableSet, complete};

/// Which sockets are listed. A filter expression may still narrow the families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The tables that are walked.
    pub(crate) tables: TableSet,
    /// The families whose sockets are shown.
    pub(crate) families: FamilySet,
    /// The family that Internet tables are asked for alone, and that a filter's address without
    /// family is read as; `None`: both Internet families.
    pub(crate) preferred: Option<Family>,
    /// The states that are shown.
    pub(crate) states: StateSet,
}

/// What there is nothing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    Tables,
    Families,
    States,
}

impl Nothing {
    /// What stands on standard error.
    pub(crate) fn message(self) -> &'static [u8] {
        match self {
            Self::Tables => b"ss: no socket tables to show with such filter.\n",
            Self::Families => b"ss: no families to show with such filter.\n",
            Self::States => b"ss: no socket states to show with such filter.\n",
        }
    }
}

impl Selection {
    /// The selection of the options, with the states that the state words add up to (`None`:
    /// none came). Words that leave no state put the options' states away, too.
    pub(crate) fn new(options: &Options, worded: Option<StateSet>) -> Result<Self, Nothing> {
        let mut tables = options.tables;
        let mut families = options.families;
        if !options.chosen {
            tables = TableSet::ALL;
        }
        complete(&mut tables, &mut families);
        let states = [
            worded.unwrap_or(options.asked_states),
            options.default_states,
        ]
        .into_iter()
        .find(|states| !states.is_empty())
        .unwrap_or(if options.chosen {
            StateSet::EMPTY
        } else {
            CONNECTED
        });
        if tables.is_empty() {
            return Err(Nothing::Tables);
        }
        if families.is_empty() {
            return Err(Nothing::Families);
        }
        if states.is_empty() {
            return Err(Nothing::States);
        }
        Ok(Self {
            tables,
            families,
            preferred: options.preferred,
            states,
        })
    }
}

/// Where the tables come from when it is not simply the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// Where text tables and processes are.
    pub(crate) root: ProcRoot,
    /// Tables that are read as text even if the kernel would tell them.
    pub(crate) text: TableSet,
    /// Tables that are empty.
    pub(crate) none: TableSet,
    /// `TCPDIAG_FILE`: a recording in place of the TCP table.
    pub(crate) recording: Option<PathBuf>,
}

/// Variables that move one file, and the table that is then read from it.
static MOVED: &[(&str, &str, TableSet)] = &[
    ("PROC_NET_TCP", "net/tcp", TableSet::TCP),
    ("PROC_NET_TCP6", "net/tcp6", TableSet::NONE),
    ("PROC_NET_UDP", "net/udp", TableSet::UDP),
    ("PROC_NET_UDP6", "net/udp6", TableSet::NONE),
    ("PROC_NET_RAW", "net/raw", TableSet::RAW),
    ("PROC_NET_RAW6", "net/raw6", TableSet::NONE),
    ("PROC_NET_UNIX", "net/unix", TableSet::UNIX),
    ("PROC_NET_PACKET", "net/packet", TableSet::PACKET),
    ("PROC_NET_NETLINK", "net/netlink", TableSet::NETLINK),
    ("PROC_NET_SOCKSTAT", "net/sockstat", TableSet::NONE),
    ("PROC_NET_SOCKSTAT6", "net/sockstat6", TableSet::NONE),
    ("PROC_NET_SNMP", "net/snmp", TableSet::NONE),
    (
        "PROC_IP_LOCAL_PORT_RANGE",
        "sys/net/ipv4/ip_local_port_range",
        TableSet::NONE,
    ),
];

/// Tables that have no text: a variable that asks for it leaves them empty.
static TEXTLESS: &[(&str, TableSet)] = &[
    ("PROC_NET_MPTCP", TableSet::MPTCP),
    ("PROC_NET_SCTP", TableSet::SCTP),
];

/// `SOCKCORE_BPF`
fn kernel_walk(env: &Environment) -> KernelWalk {
    KernelWalk::of_word(env.get("SOCKCORE_BPF").as_deref().map(OsStrExt::as_bytes))
}

impl Sources {
    pub(crate) fn of(env: &Environment) -> Self {
        let root = env.get("PROC_ROOT");
        let mut sources = Self {
            root: match &root {
                Some(path) => ProcRoot::at(path.clone()),
                None => ProcRoot::live().with_kernel_walk(kernel_walk(env)),
            },
            text: TableSet::NONE,
            none: TableSet::NONE,
            recording: env.get("TCPDIAG_FILE").map(PathBuf::from),
        };
        for (variable, file, table) in MOVED {
            if root.is_some() {
                sources.text = sources.text.with(*table);
            }
            if let Some(path) = env.get(variable) {
                sources.root.moved(file, path);
                sources.text = sources.text.with(*table);
            }
        }
        for (variable, table) in TEXTLESS {
            if root.is_some() || env.get(variable).is_some() {
                sources.none = sources.none.with(*table);
            }
        }
        sources
    }
}

/// The width that rows are spread over; `None`: no screen, rows as narrow as they come.
pub(crate) fn screen_width(screen: Screen, env: &Environment) -> Option<usize> {
    if let Some(columns) = screen.columns.filter(|_| screen.terminal) {
        return Some(usize::from(columns));
    }
    let columns = leading_number(&env.get("COLUMNS")?);
    usize::try_from(columns).ok().filter(|&width| width > 0)
}

/// C's `atoi`: the conversion goes through `long` and is cut to `int`.
fn leading_number(text: &OsStr) -> i32 {
    let text = text.as_bytes();
    let blanks = text.iter().take_while(|&&byte| is_space(byte)).count();
    let (negative, digits) = match text.get(blanks..).unwrap_or_default() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let value = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .map(|digit| i64::from(digit - b'0'))
        .map(|digit| if negative { -digit } else { digit })
        .fold(0i64, |value, digit| {
            value.saturating_mul(10).saturating_add(digit)
        });
    value as i32
}

/// Everything that a listing needs to know.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) selection: Selection,
    pub(crate) sources: Sources,
    pub(crate) show: Show,
    pub(crate) numeric: bool,
    pub(crate) resolve: bool,
    pub(crate) kill: bool,
    pub(crate) events: bool,
    pub(crate) header: bool,
    pub(crate) queues: bool,
    /// See [`screen_width`].
    pub(crate) width: Option<usize>,
    /// What is asked of values that BPF programs stored at sockets.
    pub(crate) storages: Storages,
    /// Which sockets of the selection are listed; `None`: all.
    pub(crate) filter: Option<Filter>,
}

impl Plan {
    pub(crate) fn new(
        options: &Options,
        selection: Selection,
        sources: Sources,
        width: Option<usize>,
    ) -> Self {
        Self {
            selection,
            sources,
            show: options.show,
            numeric: options.numeric,
            resolve: options.resolve,
            kill: options.kill,
            events: options.events,
            header: !options.no_header,
            queues: !options.no_queues,
            width,
            storages: options.stored.query(),
            filter: None,
        }
    }

    /// Whether ports may be shown by the names of programs registered at them.
    pub(crate) fn asks_for_programs(&self) -> bool {
        let tables = TableSet::INET.without(TableSet::RAW).with(TableSet::UNIX);
        self.resolve && !self.numeric && self.selection.tables.meets(tables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(prepare: impl FnOnce(&mut Options), worded: u32) -> Selection {
        let mut options = Options::default();
        prepare(&mut options);
        let worded = (worded != 0).then_some(StateSet(worded));
        Selection::new(&options, worded).unwrap()
    }

    #[test]
    fn without_options_every_table_but_tipc_is_listed_connected() {
        let selection = select(|_| {}, 0);
        assert_eq!(selection.tables, TableSet::ALL);
        assert!(!selection.tables.meets(TableSet::TIPC));
        assert_eq!(selection.states, CONNECTED);
        assert_eq!(selection.preferred, None);
    }

    #[test]
    fn words_win_over_options_and_options_over_defaults() {
        let listening = |options: &mut Options| {
            options.add_table(TableSet::TCP);
            options.listening();
        };
        assert_eq!(select(listening, 2).states, StateSet(2));
        assert_eq!(select(listening, 0).states, StateSet(1 << 10 | 1 << 7));
        assert_eq!(
            select(|options| options.add_table(TableSet::UDP), 0).states,
            StateSet(2)
        );
    }

    #[test]
    fn words_that_leave_no_state_leave_the_defaults() {
        let listening = |options: &mut Options| {
            options.add_table(TableSet::TCP);
            options.listening();
        };
        let mut options = Options::default();
        listening(&mut options);
        let none = Some(StateSet::EMPTY);
        let selection = Selection::new(&options, none).unwrap();
        assert_eq!(
            selection.states,
            select(|options| options.add_table(TableSet::TCP), 0).states
        );
        let mut options = Options::default();
        options.listening();
        assert_eq!(Selection::new(&options, none).unwrap().states, CONNECTED);
    }

    #[test]
    fn removing_the_only_table_leaves_nothing() {
        let mut options = Options::default();
        options.query(OsStr::new("!tcp")).unwrap();
        assert_eq!(Selection::new(&options, None), Err(Nothing::Tables));
    }

    #[test]
    fn the_width_is_the_terminals_or_a_number_in_the_environment() {
        let env = |text: &str| Environment::Fixed(vec![("COLUMNS".into(), text.into())]);
        let screen = |terminal, columns| Screen { terminal, columns };
        assert_eq!(screen_width(screen(true, Some(60)), &env("100")), Some(60));
        assert_eq!(screen_width(screen(true, None), &env("100x")), Some(100));
        assert_eq!(screen_width(screen(false, None), &env(" 80")), Some(80));
        for unset in ["0", "-5", "x", ""] {
            assert_eq!(screen_width(screen(false, None), &env(unset)), None);
        }
        let none = Environment::Fixed(Vec::new());
        assert_eq!(screen_width(screen(false, None), &none), None);
    }
}
