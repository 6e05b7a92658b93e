//! What is to be shown, after options have met each other: the only thing the listings look at.

use crate::families::Family;

/// One run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Which listing.
    pub(crate) mode: Mode,
    /// Which tables of the socket listing.
    pub(crate) tables: Tables,
    /// Some table was asked for: an absent one is an error then.
    pub(crate) explicit: bool,
    /// Absent tables are not told of, whatever else was asked for.
    pub(crate) quiet_absence: bool,
    /// Which rows of the socket listing.
    pub(crate) rows: Rows,
    /// Which numbers stay numbers.
    pub(crate) numeric: Numeric,
    /// How often `-e` stood there.
    pub(crate) extend: u32,
    /// `-p`
    pub(crate) programs: bool,
    /// `-Z`
    pub(crate) context: bool,
    /// `-o`
    pub(crate) timers: bool,
    /// `-W`
    pub(crate) wide: bool,
    /// `-v`
    pub(crate) verbose: bool,
    /// `-c`
    pub(crate) continuous: bool,
    /// `-a`, for the listings that have no [`Rows`].
    pub(crate) all: bool,
    /// `-N`
    pub(crate) symbolic: bool,
    /// `-F`
    pub(crate) fib: bool,
    /// `-C`
    pub(crate) cache: bool,
    /// The families named, in order and with repeats.
    pub(crate) families: Vec<Family>,
    /// Which sections of the statistics.
    pub(crate) sections: Sections,
}

/// Which listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Sockets,
    Routes,
    Interfaces,
    Statistics,
    Masquerade,
}

/// Which tables of the socket listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    pub(crate) tcp: bool,
    pub(crate) sctp: bool,
    pub(crate) udp: bool,
    pub(crate) udplite: bool,
    pub(crate) raw: bool,
    pub(crate) groups: bool,
    pub(crate) unix: bool,
    pub(crate) ipx: bool,
    pub(crate) ax25: bool,
    pub(crate) x25: bool,
    pub(crate) netrom: bool,
    pub(crate) rose: bool,
    pub(crate) l2cap: bool,
    pub(crate) rfcomm: bool,
    /// IPv4 rows of the Internet tables.
    pub(crate) v4: bool,
    /// IPv6 rows of the Internet tables.
    pub(crate) v6: bool,
}

impl Tables {
    /// One of the tables under the Internet heading.
    pub(crate) fn internet(&self) -> bool {
        self.tcp || self.sctp || self.udp || self.udplite || self.raw
    }
}

/// Which rows of the socket listing, and the words for it in the headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Connected,
    Listening,
    All,
}

impl Rows {
    /// The end of a heading.
    pub(crate) const fn heading(self) -> &'static [u8] {
        match self {
            Self::Connected => b"(w/o servers)\n",
            Self::Listening => b"(only servers)\n",
            Self::All => b"(servers and established)\n",
        }
    }

    /// Whether a row is shown that is a listener or not.
    #[inline]
    pub(crate) const fn show(self, listener: bool) -> bool {
        match self {
            Self::Connected => !listener,
            Self::Listening => listener,
            Self::All => true,
        }
    }
}

/// Which numbers stay numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numeric {
    pub(crate) hosts: bool,
    pub(crate) ports: bool,
    pub(crate) users: bool,
}

/// Which sections of the statistics: `-t`, `-u`, `-S`, `-w`; all of them when none is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sections {
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
    pub(crate) sctp: bool,
    /// IP and ICMP.
    pub(crate) raw: bool,
}
