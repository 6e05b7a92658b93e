//! The outside of the machine as one value: the only door between a tool and the world.

use crate::clock::{Clock, SystemClock};
use crate::names::{NameService, SystemNames};
use crate::procfs::ProcRoot;
use crate::source::{Live, Recorded, SocketSource};

/// Sockets, processes, names and time, live or recorded.
pub struct System {
    /// Sockets of every family.
    pub sockets: Box<dyn SocketSource>,
    /// Processes, their descriptors, and every other `/proc` file.
    pub processes: ProcRoot,
    /// Names for numbers.
    pub names: Box<dyn NameService>,
    /// Time.
    pub clock: Box<dyn Clock>,
}

impl System {
    /// The live machine.
    #[must_use]
    pub fn live() -> Self {
        Self::live_with(ProcRoot::live())
    }

    /// The live machine with this root of `/proc`, which says how it may be read.
    #[must_use]
    pub fn live_with(root: ProcRoot) -> Self {
        Self {
            sockets: Box::new(Live::new(root.clone())),
            processes: root,
            names: Box::new(SystemNames),
            clock: Box::new(SystemClock),
        }
    }

    /// A recorded `/proc`-shaped directory instead of the machine; names and clock are live.
    #[must_use]
    pub fn recorded(root: ProcRoot) -> Self {
        Self {
            sockets: Box::new(Recorded {
                root: root.clone(),
                messages: None,
            }),
            processes: root,
            names: Box::new(SystemNames),
            clock: Box::new(SystemClock),
        }
    }
}

/// The effective user of this process.
#[must_use]
pub fn effective_user() -> crate::id::Uid {
    crate::id::Uid(rustix::process::geteuid().as_raw())
}
