//! The other way round, for listings in which only sockets can be selected: the tables first,
//! then whoever holds one of the sockets that are asked for. Where nobody can, no process is
//! looked at.

use rustc_hash::FxHashSet;
use sockcore::SocketSource;
use sockcore::procfs::scan::{ScanRequest, Wanted, holdings};

use super::scan::{Buffers, Scan};
use super::socket::Lookup;
use super::{Setting, World};
use crate::plan::Endpoints;
use crate::row::Process;
use crate::selection::Bits;
use crate::sockets::{Found, Tables};

/// Whether this way gives the same rows: there is no other selector, and nothing is shown of
/// processes without such sockets.
pub(super) fn is_possible(setting: &Setting<'_>) -> bool {
    let World {
        gathering,
        selection,
        ..
    } = setting.world;
    let active = selection.active();
    setting.live
        && !setting.avoids
        && !active.is_empty()
        && active.without(Bits::NETWORK).is_empty()
        && gathering.endpoints == Endpoints::None
        && !selection.lists_tasks()
}

/// Hands over the processes that hold sockets of the tables that are asked for.
pub(super) fn gather(
    setting: &Setting<'_>,
    tables: &mut Tables,
    source: &mut dyn SocketSource,
    each: &mut dyn FnMut(Process),
) {
    let World {
        root, selection, ..
    } = setting.world;
    tables.read_all(source, root);
    let wanted: FxHashSet<u32> = tables
        .inodes()
        .filter(|&inode| match tables.find(inode.into()) {
            Some(Found::Inet(inet)) => selection.may_select(&inet),
            Some(Found::Unix(_)) => !selection.unix().is_empty(),
            _ => false,
        })
        .collect();
    let request = ScanRequest {
        tasks: false,
        wanted: Wanted::Only(&wanted),
        describe: &|_| Some(Vec::new()),
        threads: 0,
    };
    let (found, _) = holdings(root, &request);
    drop(wanted);
    let mut buffers = Buffers::new();
    let mut scan = Scan::new(setting, Lookup::Read(tables));
    let mut found = found.into_iter().peekable();
    while let Some(mut holding) = found.next() {
        // A large table comes in several portions.
        while let Some(more) = found.next_if(|next| next.pid == holding.pid) {
            holding.sockets.extend(more.sockets);
        }
        if let Some(draft) = scan.held(holding.pid, &holding.sockets, &mut buffers) {
            each(draft.process);
        }
    }
}
