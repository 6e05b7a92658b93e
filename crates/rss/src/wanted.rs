//! Whose owners a listing has to look for: a first pass over its tables, in which no row is written.
//!
//! The scan of the processes then looks for these alone, or is not made. A machine holds more
//! sockets than most listings show.

use std::io;
use std::ops::ControlFlow;

use applet::{Screen, Streams};
use rustc_hash::FxHashSet;
use sockcore::System;
use sockcore::socket::Socket;

use crate::listing::Listing;
use crate::resolve::Plan;
use crate::rows::Rows;
use crate::tables::TableSet;

/// A listing of more sockets than this is not walked twice.
const LIMIT: usize = 4096;

/// The inodes of the rows of a first pass.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    inodes: FxHashSet<u32>,
    too_many: bool,
}

impl Noted {
    /// Notes a row that has owners.
    pub(crate) fn note(&mut self, socket: &Socket<'_>) {
        let inode = match socket {
            Socket::Inet(socket) => socket.inode,
            Socket::Unix(socket) => socket.inode,
            Socket::Packet(socket) => socket.inode,
            Socket::Vsock(socket) => socket.inode,
            Socket::Tipc(socket) => socket.inode,
            Socket::Xdp(socket) => socket.inode,
            // These name their process themselves.
            Socket::Netlink(_) => return,
        };
        if inode.0 != 0 {
            self.inodes.extend(u32::try_from(inode.0));
            self.too_many = self.inodes.len() > LIMIT;
        }
    }

    /// Whether it is worth while to go on.
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        if self.too_many {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The inodes of the sockets that a plan will show; `None` for whatever there is.
pub(crate) fn inodes(plan: &Plan, system: &mut System) -> Option<FxHashSet<u32>> {
    // A file may be one that can be read once only, and nothing is to be killed twice.
    let sources = &plan.sources;
    let once = sources.recording.is_some() || sources.text != TableSet::NONE;
    if once || plan.kill || plan.events {
        return None;
    }
    let mut rows = Rows::noting(plan, system.names.as_ref());
    let nowhere = || Box::new(io::sink());
    let mut streams = Streams::captured(nowhere(), nowhere(), Screen::default());
    Listing {
        plan,
        selection: plan.selection,
        sockets: system.sockets.as_mut(),
        rows: &mut rows,
        streams: &mut streams,
    }
    .run();
    let noted = rows.noted?;
    (!noted.too_many).then_some(noted.inodes)
}
