//! The same by several threads, which share a queue of processes. What they find is handed over
//! in the order of the processes, so that the listing is that of one thread.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sockcore::id::Pid;

use super::Setting;
use super::scan::{Buffers, Scan};
use super::socket::Lookup;
use crate::endpoints::Draft;
use crate::sockets::Tables;

/// Small stacks: the largest local is a directory buffer.
const STACK: usize = 256 * 1024;
/// How many finished processes may wait for each thread.
const WAITING: usize = 16;

/// The drafts of one process, by its place in the list.
type Finished = (usize, Vec<Draft>);

/// Hands over what `each` of the processes has, in order.
pub(super) fn scan(
    setting: &Setting<'_>,
    tables: &Tables,
    pids: &[Pid],
    threads: usize,
    each: &mut dyn FnMut(Draft),
) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads * WAITING);
        let mut started = 0;
        for _ in 0..threads {
            let sender = SyncSender::clone(&sender);
            let next = &next;
            let work = move || work(setting, tables, pids, next, &sender);
            let thread = std::thread::Builder::new().stack_size(STACK);
            started += usize::from(thread.spawn_scoped(scope, work).is_ok());
        }
        if started == 0 {
            // Without threads the work is done here, one process after the other.
            drop(sender);
            let mut scan = Scan::new(setting, Lookup::Read(tables));
            let mut buffers = Buffers::new();
            for &pid in pids {
                scan.process(pid, &mut buffers, each);
            }
            return;
        }
        drop(sender);
        in_order(&receiver, each);
    });
}

fn work(
    setting: &Setting<'_>,
    tables: &Tables,
    pids: &[Pid],
    next: &AtomicUsize,
    sender: &SyncSender<Finished>,
) {
    let mut scan = Scan::new(setting, Lookup::Read(tables));
    let mut buffers = Buffers::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(&pid) = pids.get(index) else {
            return;
        };
        let mut drafts = Vec::new();
        scan.process(pid, &mut buffers, &mut |mut draft| {
            draft.shrink();
            drafts.push(draft);
        });
        if sender.send((index, drafts)).is_err() {
            return;
        }
    }
}

fn in_order(receiver: &Receiver<Finished>, each: &mut dyn FnMut(Draft)) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    while let Ok((index, drafts)) = receiver.recv() {
        waiting.insert(index, drafts);
        while let Some(drafts) = waiting.remove(&next) {
            drafts.into_iter().for_each(&mut *each);
            next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Process;
    use sockcore::id::Uid;

    fn draft(pid: u32) -> Draft {
        Draft::new(Process {
            pid: Pid(pid),
            tid: None,
            command: Box::default(),
            task_command: None,
            parent: 0,
            group: 0,
            uid: Uid(0),
            context: None,
            rows: Vec::new(),
            inets: Vec::new(),
            arena: Vec::new(),
        })
    }

    #[test]
    fn what_is_finished_early_waits_for_its_turn() {
        let (sender, receiver) = sync_channel(8);
        for index in [2, 0, 3, 1] {
            let pid = u32::try_from(index).unwrap();
            sender.send((index, vec![draft(pid), draft(pid)])).unwrap();
        }
        drop(sender);
        let mut seen = Vec::new();
        in_order(&receiver, &mut |draft| seen.push(draft.process.pid.0));
        assert_eq!(seen, [0, 0, 1, 1, 2, 2, 3, 3]);
    }
}
