//! The walk by several threads: a queue of processes, large tables cut into pieces.
//!
//! Results are put back into the root's order before they are handed over, so the outcome is the
//! same as that of one thread.

use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::{Holding, ScanReport, Walker, open_files};
use crate::id::Pid;
use crate::procfs::process::{FileDir, LinkBuffer, ProcessDir};

/// Tables above this are cut into pieces of this many descriptors.
const PIECE: u32 = 2048;
/// Small stacks: a worker's largest local is one directory buffer.
const STACK: usize = 192 * 1024;

/// Where a portion belongs: process, task, piece.
type Place = (u32, u32, u32);

/// A table that several threads walk.
struct Large {
    process: ProcessDir,
    files: FileDir,
    index: u32,
    /// Numbers that pieces cover.
    covered: u32,
    unfinished: AtomicU32,
}

struct Piece {
    table: Arc<Large>,
    number: u32,
}

struct Queue {
    next: usize,
    pieces: Vec<Piece>,
    /// Workers that may still add pieces.
    busy: usize,
}

enum Job {
    Process(usize),
    Piece(Piece),
}

pub(super) fn scan(
    walker: &Walker<'_>,
    root: BorrowedFd<'_>,
    processes: &[Pid],
    threads: usize,
    each: &mut dyn FnMut(Holding),
) -> ScanReport {
    let queue = Mutex::new(Queue {
        next: 0,
        pieces: Vec::new(),
        busy: 0,
    });
    let added = Condvar::new();
    let work = || {
        let mut worker = Worker {
            walker,
            root,
            processes,
            buffer: LinkBuffer::new(),
            report: ScanReport::default(),
            portions: Vec::new(),
        };
        while let Some(job) = take(&queue, &added, processes.len()) {
            match job {
                Job::Process(index) => worker.process(index, &queue, &added),
                Job::Piece(piece) => worker.piece(&piece),
            }
            let mut queue = lock(&queue);
            queue.busy -= 1;
            drop(queue);
            added.notify_all();
        }
        (worker.report, worker.portions)
    };
    let mut outcomes = Vec::with_capacity(threads);
    std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads)
            .filter_map(|_| {
                std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, work)
                    .ok()
            })
            .collect();
        outcomes.push(work());
        outcomes.extend(handles.into_iter().filter_map(|handle| handle.join().ok()));
    });
    let mut report = ScanReport::default();
    let mut portions = Vec::new();
    for (part, found) in outcomes {
        report.add(part);
        portions.extend(found);
    }
    portions.sort_by_key(|(place, _)| *place);
    for (_, holding) in portions {
        each(holding);
    }
    report
}

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(queue: &Mutex<Queue>, added: &Condvar, processes: usize) -> Option<Job> {
    let mut state = lock(queue);
    loop {
        if let Some(piece) = state.pieces.pop() {
            state.busy += 1;
            return Some(Job::Piece(piece));
        }
        if state.next < processes {
            state.next += 1;
            state.busy += 1;
            return Some(Job::Process(state.next - 1));
        }
        if state.busy == 0 {
            return None;
        }
        state = added.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

struct Worker<'a> {
    walker: &'a Walker<'a>,
    root: BorrowedFd<'a>,
    processes: &'a [Pid],
    buffer: LinkBuffer,
    report: ScanReport,
    portions: Vec<(Place, Holding)>,
}

impl Worker<'_> {
    fn process(&mut self, index: usize, queue: &Mutex<Queue>, added: &Condvar) {
        let Some(&pid) = self.processes.get(index) else {
            return;
        };
        let Ok(process) = ProcessDir::open(self.root, pid) else {
            return;
        };
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let portions = &mut self.portions;
        let mut task = 0;
        let mut keep = |holding: Holding| {
            task += u32::from(holding.tid.is_some());
            portions.push(((index, task, 0), holding));
        };
        let Some(files) = open_files(&process, &mut self.report) else {
            self.walker
                .tasks(&process, &mut self.buffer, &mut self.report, &mut keep);
            return;
        };
        let open = files.open_count();
        if open <= 2 * PIECE {
            self.walker
                .table(&process, &mut self.buffer, &mut self.report, &mut keep);
            self.walker
                .tasks(&process, &mut self.buffer, &mut self.report, &mut keep);
            return;
        }
        self.walker
            .tasks(&process, &mut self.buffer, &mut self.report, &mut keep);
        let count = open.div_ceil(PIECE);
        let table = Arc::new(Large {
            process,
            files,
            index,
            covered: count * PIECE,
            unfinished: AtomicU32::new(count),
        });
        let mut queue = lock(queue);
        queue.pieces.extend((0..count).rev().map(|number| Piece {
            table: Arc::clone(&table),
            number,
        }));
        drop(queue);
        added.notify_all();
    }

    fn piece(&mut self, piece: &Piece) {
        let table = &*piece.table;
        let start = piece.number * PIECE;
        let mut sockets = Vec::new();
        // Number by number even where there are holes: listing the directory would go beyond the
        // piece.
        let mut next = start;
        while next < start + PIECE {
            next = self.walker.probe(
                &table.files,
                next..start + PIECE,
                u32::MAX,
                &mut self.buffer,
                &mut self.report,
                &mut sockets,
            );
        }
        self.keep(table, piece.number, sockets);
        if table.unfinished.fetch_sub(1, Ordering::AcqRel) == 1 {
            let mut sockets = Vec::new();
            self.walker.list(
                &table.files,
                table.covered,
                &mut self.buffer,
                &mut self.report,
                &mut sockets,
            );
            self.keep(table, u32::MAX, sockets);
        }
    }

    fn keep(&mut self, table: &Large, number: u32, sockets: Vec<(crate::id::Fd, u32)>) {
        let portions = &mut self.portions;
        self.walker
            .hand_over(&table.process, sockets, &mut |holding| {
                portions.push(((table.index, 0, number), holding));
            });
    }
}
