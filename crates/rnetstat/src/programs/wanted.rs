//! Which sockets will have a row: a listing of listeners shows few of a machine's sockets, and
//! only theirs need be remembered while the processes are walked.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;
use sockcore::procfs::is_procfs;
use sockcore::query::{Query, QueryFamily, UnixQuery, UnixShow};
use sockcore::socket::{Socket, SocketState, StateSet};

use crate::inet;
use crate::plan::Rows;
use crate::work::Work;

/// The inodes of the rows to come. `None`: they cannot be told beforehand, or are too many to
/// be worth it.
pub(super) fn inodes(work: &mut Work<'_, '_>) -> Option<FxHashSet<u32>> {
    let tables = work.plan.tables;
    if work.plan.rows != Rows::Listening {
        return None;
    }
    if tables.sctp && work.system.processes.open("net/sctp/eps").is_ok() {
        return None;
    }
    // The walk is made even when no socket is wanted: it tells what was refused.
    let mut inodes = FxHashSet::from_iter([0]);
    let mut note = |inode: u64| {
        inodes.extend(u32::try_from(inode));
    };
    for (shown, table) in [
        (tables.tcp, &inet::TCP),
        (tables.udp, &inet::UDP),
        (tables.udplite, &inet::UDPLITE),
        (tables.raw, &inet::RAW),
    ] {
        if shown {
            inet::each_inode(work, table, &mut note)?;
        }
    }
    if tables.unix {
        each_unix_listener(work, &mut note)?;
    }
    Some(inodes)
}

fn each_unix_listener(work: &mut Work<'_, '_>, each: &mut dyn FnMut(u64)) -> Option<()> {
    let file = work.system.processes.open("net/unix").ok()?;
    if !is_procfs(&file) {
        return None;
    }
    let query = Query::any(QueryFamily::Unix(UnixQuery {
        states: StateSet::of(SocketState::LISTEN),
        show: UnixShow::default(),
    }));
    let answer = work.system.sockets.visit(&query, &mut |socket| {
        if let Socket::Unix(socket) = socket {
            each(socket.inode.0);
        }
        ControlFlow::Continue(())
    });
    answer.ok().map(drop)
}
