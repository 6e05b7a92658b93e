//! The three tools by name.

use std::fmt;

/// One of the tools that exist as original and as ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Internet and unix sockets, routes, interfaces, counters.
    Netstat,
    /// Sockets through `NETLINK_SOCK_DIAG`.
    Ss,
    /// Open files of processes.
    Lsof,
}

impl Tool {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Netstat, Self::Ss, Self::Lsof];

    /// The original's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Netstat => "netstat",
            Self::Ss => "ss",
            Self::Lsof => "lsof",
        }
    }

    /// The name of our own binary that is this tool alone.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Netstat => "rnetstat",
            Self::Ss => "rss",
            Self::Lsof => "rlsof",
        }
    }

    /// The tool of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
