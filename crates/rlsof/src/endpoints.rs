//! The other ends of pipes, sockets, terminals, event counters and message queues (`-E`, `+E`).
//!
//! While processes are scanned, every descriptor that can have another end is kept as a
//! [`Draft`]'s row, printed or not. Afterwards the ends are matched.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use sockcore::addr::{Endpoint, InetFamily};
use sockcore::error::{Error, Operation};
use sockcore::query::{Query, QueryFamily, UnixQuery, UnixShow};
use sockcore::socket::{Socket, SocketState, StateSet, UnixSocket};
use sockcore::{Errno, SocketSource};

use crate::kinds::decimal;
use crate::plan::{Endpoints, Gathering};
use crate::row::{Process, Row, Text};
use crate::sockets::{Found, Inet, Tables, Transport};

/// What a file is matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum End {
    /// Pipe or FIFO, by inode number alone.
    Pipe(u32),
    /// Anything on the file system of message queues, by inode number.
    Queue(u64),
    /// Eventfd, by its id.
    Eventfd(u64),
    /// Pseudo terminal, by index: the side that drives it.
    Master(u32),
    /// Pseudo terminal, by index: the side that programs use.
    Slave(u32),
    /// Unix socket, by inode.
    Unix(u32),
    /// TCP, UDP or UDP-Lite socket, by inode.
    Inet(u32),
}

/// The rows of a process before it is known which are printed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) process: Process,
    /// Of each row whether it is printed, and its end. Kept only where ends matter.
    marks: Vec<Mark>,
    names_itself: bool,
}

#[derive(Clone, Copy)]
struct Mark {
    selected: bool,
    end: Option<End>,
}

impl Draft {
    pub(crate) fn new(process: Process) -> Self {
        Self {
            process,
            marks: Vec::new(),
            names_itself: false,
        }
    }

    /// Stores the path of something in the process's own directory.
    pub(crate) fn store_own_path(&mut self, name: &[u8], parts: &[&[u8]]) -> Text {
        self.names_itself = true;
        self.process.store(|into| {
            into.extend_from_slice(b"/proc/");
            into.extend_from_slice(name);
            for part in parts {
                into.push(b'/');
                into.extend_from_slice(part);
            }
        })
    }

    /// Whether a row shows a path in the process's own directory.
    pub(crate) fn names_itself(&self) -> bool {
        self.names_itself
    }

    /// Whether there is any row, printed or not.
    pub(crate) fn has_rows(&self) -> bool {
        !self.process.rows.is_empty()
    }

    /// Gives back the space that is not needed.
    pub(crate) fn shrink(&mut self) {
        self.process.rows.shrink_to_fit();
        self.process.arena.shrink_to_fit();
    }

    /// Takes over the rows of a task that shares everything.
    pub(crate) fn take_rows(&mut self, other: &Self) {
        self.process.rows.clone_from(&other.process.rows);
        self.process.inets.clone_from(&other.process.inets);
        self.process.arena.clone_from(&other.process.arena);
        self.marks.clone_from(&other.marks);
    }

    /// Adds a row. Rows that are not selected are kept for their end.
    pub(crate) fn push(&mut self, row: Row, selected: bool, end: Option<End>) {
        if !selected || end.is_some() || !self.marks.is_empty() {
            let before = Mark {
                selected: true,
                end: None,
            };
            self.marks.resize(self.process.rows.len(), before);
            self.marks.push(Mark { selected, end });
        }
        self.process.rows.push(row);
    }
}

/// Where a row is: index of the draft, index in it.
type Place = (usize, usize);

/// Matches the ends, adds the texts, and leaves only the rows that are printed.
///
/// # Errors
/// The kernel could not be asked for the peers of unix sockets; then only these are missing.
pub(crate) fn complete(
    drafts: &mut Vec<Draft>,
    gathering: &Gathering,
    tables: &Tables,
    source: &mut dyn SocketSource,
) -> Result<(), Error> {
    let places = places(drafts);
    let wanted = |kind: fn(&End) -> bool| {
        let marks = drafts.iter().flat_map(|draft| &draft.marks);
        marks
            .filter(|mark| mark.selected || gathering.endpoints == Endpoints::Files)
            .filter_map(|mark| mark.end)
            .any(|end| kind(&end))
    };
    let states = if wanted(|end| matches!(end, End::Unix(_))) {
        StateSet(u32::MAX)
    } else {
        // Also where nobody wants to know, the original ends when it may not ask.
        StateSet(0)
    };
    let mut unix = FxHashMap::default();
    let asked = unix_peers(tables, source, states, &mut unix);
    let inet = if wanted(|end| matches!(end, End::Inet(_))) {
        InetPairs::new(tables)
    } else {
        InetPairs::default()
    };
    let mut matched = Vec::new();
    let mut added: Vec<Place> = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        for (row, mark) in draft.marks.iter().enumerate() {
            if let Some(end) = mark.end {
                let matcher = Matcher {
                    places: &places,
                    unix: &unix,
                    inet: &inet,
                    tables,
                };
                let found = matcher.find(end, (index, row), drafts);
                if mark.selected && gathering.endpoints == Endpoints::Files {
                    added.extend(&found.places);
                }
                matched.push(((index, row), found));
            }
        }
    }
    added.sort_unstable();
    for place in lowest_tasks(added, drafts) {
        if let Some(mark) = mark_at(drafts, place) {
            mark.selected = true;
        }
    }
    for (place, found) in matched {
        if mark_at(drafts, place).is_some_and(|mark| mark.selected) {
            let mut text = Vec::new();
            found.write(drafts, gathering.command_limit, &mut text);
            add_text(drafts, place, &text);
        }
    }
    for draft in &mut *drafts {
        let mut marks = std::mem::take(&mut draft.marks).into_iter();
        draft
            .process
            .rows
            .retain(|_| marks.next().is_none_or(|mark| mark.selected));
    }
    drafts.retain(|draft| !draft.process.rows.is_empty());
    asked
}

fn mark_at(drafts: &mut [Draft], (draft, row): Place) -> Option<&mut Mark> {
    drafts.get_mut(draft)?.marks.get_mut(row)
}

fn row_at(drafts: &[Draft], (draft, row): Place) -> Option<(&Process, &Row)> {
    let process = &drafts.get(draft)?.process;
    Some((process, process.rows.get(row)?))
}

fn add_text(drafts: &mut [Draft], (draft, row): Place, text: &[u8]) {
    let Some(draft) = drafts.get_mut(draft) else {
        return;
    };
    let Some(addition) = draft.process.rows.get(row).map(|row| row.addition) else {
        return;
    };
    if text.is_empty() {
        return;
    }
    let mut whole = draft.process.text(addition).to_vec();
    if !whole.is_empty() {
        whole.push(b' ');
    }
    whole.extend_from_slice(text);
    let addition = draft.process.store(|into| into.extend_from_slice(&whole));
    if let Some(row) = draft.process.rows.get_mut(row) {
        row.addition = addition;
    }
}

/// The rows of each end, ascending; of the tasks of a process only the first.
fn places(drafts: &[Draft]) -> FxHashMap<End, Vec<Place>> {
    let mut places: FxHashMap<End, Vec<Place>> = FxHashMap::default();
    for (index, draft) in drafts.iter().enumerate() {
        for (row, mark) in draft.marks.iter().enumerate() {
            let Some(end) = mark.end else {
                continue;
            };
            let list = places.entry(end).or_default();
            let known = list
                .iter()
                .rev()
                .take_while(|place| same_process(drafts, **place, (index, row)))
                .any(|place| same_slot(drafts, *place, (index, row)));
            if !known {
                list.push((index, row));
            }
        }
    }
    places
}

fn same_process(drafts: &[Draft], one: Place, other: Place) -> bool {
    let pid = |place: Place| drafts.get(place.0).map(|draft| draft.process.pid);
    pid(one) == pid(other)
}

fn same_slot(drafts: &[Draft], one: Place, other: Place) -> bool {
    let slot = |place| row_at(drafts, place).map(|(_, row)| row.slot);
    same_process(drafts, one, other) && slot(one) == slot(other)
}

/// Where tasks are listed, a row is added to the task with the lowest number, not to the process.
fn lowest_tasks(added: Vec<Place>, drafts: &[Draft]) -> Vec<Place> {
    added
        .into_iter()
        .map(|place| {
            let task = drafts
                .iter()
                .enumerate()
                .skip(place.0)
                .take_while(|&(index, _)| same_process(drafts, place, (index, 0)))
                .find(|(_, draft)| draft.process.tid.is_some());
            let row = task.and_then(|(index, draft)| {
                let mut rows = 0..draft.process.rows.len();
                rows.find(|&row| same_slot(drafts, place, (index, row)))
                    .map(|row| (index, row))
            });
            row.unwrap_or(place)
        })
        .collect()
}

/// The other ends of one row.
struct Ends {
    prefix: Prefix,
    places: Vec<Place>,
}

enum Prefix {
    None,
    /// `->/dev/pts/N`
    Terminal(u32),
    /// `->INO=N`
    Peer(u32),
}

impl Ends {
    fn write(&self, drafts: &[Draft], limit: usize, into: &mut Vec<u8>) {
        match self.prefix {
            Prefix::None => {}
            Prefix::Terminal(_) if self.places.is_empty() => {}
            Prefix::Terminal(index) => {
                into.extend_from_slice(b"->/dev/pts/");
                decimal(index.into(), into);
            }
            Prefix::Peer(inode) => {
                into.extend_from_slice(b"->INO=");
                decimal(inode.into(), into);
            }
        }
        for &place in &self.places {
            if let Some((process, row)) = row_at(drafts, place) {
                if !into.is_empty() {
                    into.push(b' ');
                }
                decimal(process.pid.0.into(), into);
                into.push(b',');
                let command = process.command.get(..limit).unwrap_or(&process.command);
                into.extend_from_slice(command);
                into.push(b',');
                row.slot.write(into);
                into.push(row.access);
            }
        }
    }
}

struct Matcher<'m> {
    places: &'m FxHashMap<End, Vec<Place>>,
    unix: &'m FxHashMap<u32, u32>,
    inet: &'m InetPairs,
    tables: &'m Tables,
}

impl Matcher<'_> {
    fn find(&self, end: End, own: Place, drafts: &[Draft]) -> Ends {
        let others = |end: End| -> Vec<Place> {
            let places = self.places.get(&end).map_or(&[][..], |places| places);
            let mut places = places.to_vec();
            places.retain(|&place| !same_slot(drafts, place, own));
            places
        };
        let latest_first = |end: End| -> Vec<Place> {
            let places = self.places.get(&end).map_or(&[][..], |places| places);
            places.iter().rev().copied().collect()
        };
        match end {
            End::Pipe(_) | End::Queue(_) | End::Eventfd(_) => Ends {
                prefix: Prefix::None,
                places: others(end),
            },
            End::Master(index) => Ends {
                prefix: Prefix::Terminal(index),
                places: others(End::Slave(index)),
            },
            End::Slave(index) => Ends {
                prefix: Prefix::None,
                places: others(End::Master(index)),
            },
            End::Unix(inode) => match self.unix.get(&inode) {
                Some(&peer) => Ends {
                    prefix: Prefix::Peer(peer),
                    places: latest_first(End::Unix(peer)),
                },
                None => Ends {
                    prefix: Prefix::None,
                    places: Vec::new(),
                },
            },
            End::Inet(inode) => Ends {
                prefix: Prefix::None,
                places: self
                    .inet
                    .peer(inode, self.tables)
                    .map_or_else(Vec::new, |peer| latest_first(End::Inet(peer))),
            },
        }
    }
}

/// The peer of each unix socket, as the kernel tells it for either side; of a listener the first
/// client that waits.
fn unix_peers(
    tables: &Tables,
    source: &mut dyn SocketSource,
    states: StateSet,
    peers: &mut FxHashMap<u32, u32>,
) -> Result<(), Error> {
    let is_known = |inode: u32| matches!(tables.find(inode.into()), Some(Found::Unix(_)));
    let query = Query::netlink(QueryFamily::Unix(UnixQuery {
        states,
        show: UnixShow::PEER.with(UnixShow::PENDING),
    }));
    let asked = source.visit(&query, &mut |socket| {
        if let Socket::Unix(socket) = socket {
            add_unix(peers, &is_known, socket);
        }
        ControlFlow::Continue(())
    });
    match asked {
        // A recording has no kernel to ask.
        Err(error) if error.errno == Errno::OPNOTSUPP => Ok(()),
        Err(error) if matches!(error.operation, Operation::OpenSocket | Operation::Send) => {
            Err(error)
        }
        // Without an answer there are no texts.
        _ => Ok(()),
    }
}

fn add_unix(
    peers: &mut FxHashMap<u32, u32>,
    is_known: &dyn Fn(u32) -> bool,
    socket: &UnixSocket<'_>,
) {
    let number = |inode: u64| u32::try_from(inode).ok().filter(|&inode| inode != 0);
    let Some(own) = number(socket.inode.0) else {
        return;
    };
    if let Some(peer) = socket.peer.and_then(|peer| number(peer.0)) {
        if is_known(own) && is_known(peer) {
            peers.entry(own).or_insert(peer);
            peers.entry(peer).or_insert(own);
        }
    }
    let waiting = socket.pending.and_then(|pending| pending.iter().next());
    if let Some(client) = waiting.filter(|&client| client != 0 && is_known(client)) {
        peers.entry(own).or_insert(client);
    }
}

/// Connected Internet sockets of this namespace by their addresses.
#[derive(Default)]
struct InetPairs(FxHashMap<Ways, u32>);

#[derive(PartialEq, Eq, Hash)]
struct Ways {
    transport: Transport,
    family: InetFamily,
    local: Endpoint,
    peer: Endpoint,
}

impl Ways {
    fn of(inet: &Inet) -> Self {
        Self {
            transport: inet.transport,
            family: inet.family,
            local: inet.local,
            peer: inet.peer,
        }
    }

    fn back(inet: &Inet) -> Self {
        Self {
            local: inet.peer,
            peer: inet.local,
            ..Self::of(inet)
        }
    }
}

impl InetPairs {
    fn new(tables: &Tables) -> Self {
        let connected = tables
            .internet()
            .filter(|(_, inet)| inet.state == SocketState::ESTABLISHED);
        Self(
            connected
                .map(|(inode, inet)| (Ways::of(&inet), inode))
                .collect(),
        )
    }

    /// The socket at the other end.
    fn peer(&self, inode: u32, tables: &Tables) -> Option<u32> {
        match tables.find(inode.into()) {
            Some(Found::Inet(inet)) if inet.state == SocketState::ESTABLISHED => {
                self.0.get(&Ways::back(&inet)).copied()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use sockcore::id::{Pid, Tid, Uid};
    use sockcore::procfs::ProcRoot;
    use sockcore::source::Recorded;

    use super::*;
    use crate::plan::Shows;
    use crate::row::{Kind, Slot};
    use crate::sockets::Scope;

    fn draft(pid: u32, tid: Option<u32>, rows: &[(Slot, End, bool)]) -> Draft {
        let mut draft = Draft::new(Process {
            pid: Pid(pid),
            tid: tid.map(Tid),
            command: (*b"command 15 long").into(),
            task_command: None,
            parent: 0,
            group: 0,
            uid: Uid(0),
            context: None,
            rows: Vec::new(),
            inets: Vec::new(),
            arena: Vec::new(),
        });
        for &(slot, end, selected) in rows {
            let mut row = Row::new(slot, Kind::Fifo);
            row.access = b'u';
            draft.push(row, selected, Some(end));
        }
        draft
    }

    /// The additions of the rows that are left, by process and slot.
    fn completed(mut drafts: Vec<Draft>, endpoints: Endpoints, limit: usize) -> Vec<String> {
        let gathering = Gathering {
            avoid: false,
            warnings: true,
            skip_inet: false,
            endpoints,
            command_limit: limit,
            exempt: Vec::new(),
            contexts: false,
            shows: Shows::ALL,
        };
        let mut nothing = Recorded {
            root: ProcRoot::at("/nonexistent"),
            messages: None,
        };
        let tables = Tables::new(Scope::all());
        complete(&mut drafts, &gathering, &tables, &mut nothing)
            .expect("a recording refuses nothing");
        let mut shown = Vec::new();
        for draft in &drafts {
            let process = &draft.process;
            for row in &process.rows {
                let mut text = Vec::new();
                decimal(
                    process.tid.map_or(process.pid.0, |tid| tid.0).into(),
                    &mut text,
                );
                text.push(b' ');
                row.slot.write(&mut text);
                text.extend_from_slice(b": ");
                text.extend_from_slice(process.text(row.addition));
                shown.push(String::from_utf8(text).unwrap());
            }
        }
        shown
    }

    const PIPE: End = End::Pipe(7);

    #[test]
    fn the_ends_of_a_pipe_name_each_other_but_not_themselves() {
        let drafts = vec![
            draft(
                1,
                None,
                &[(Slot::Fd(3), PIPE, true), (Slot::Fd(12_345), PIPE, true)],
            ),
            draft(
                2,
                None,
                &[
                    (Slot::Fd(4), PIPE, false),
                    (Slot::Fd(5), End::Pipe(8), true),
                ],
            ),
        ];
        assert_eq!(
            completed(drafts, Endpoints::Texts, 9),
            [
                "1 3: 1,command 1,*345u 2,command 1,4u",
                "1 *345: 1,command 1,3u 2,command 1,4u",
                "2 5: ",
            ]
        );
    }

    #[test]
    fn with_files_the_other_ends_are_rows_too_and_a_limit_of_nothing_cuts_the_command() {
        let drafts = vec![
            draft(1, None, &[(Slot::Fd(3), PIPE, true)]),
            draft(
                2,
                None,
                &[
                    (Slot::Fd(4), PIPE, false),
                    (Slot::Fd(9), End::Pipe(8), false),
                ],
            ),
        ];
        assert_eq!(
            completed(drafts, Endpoints::Files, 0),
            ["1 3: 2,,4u", "2 4: 1,,3u"]
        );
    }

    #[test]
    fn a_terminal_names_its_other_side_with_the_index_before_it() {
        let drafts = vec![
            draft(1, None, &[(Slot::Fd(3), End::Master(5), true)]),
            draft(
                2,
                None,
                &[
                    (Slot::Fd(0), End::Slave(5), true),
                    (Slot::Fd(1), End::Slave(5), true),
                ],
            ),
            draft(3, None, &[(Slot::Fd(0), End::Master(6), true)]),
        ];
        assert_eq!(
            completed(drafts, Endpoints::Texts, 3),
            [
                "1 3: ->/dev/pts/5 2,com,0u 2,com,1u",
                "2 0: 1,com,3u",
                "2 1: 1,com,3u",
                "3 0: ",
            ]
        );
    }

    #[test]
    fn a_descriptor_is_named_once_however_many_threads_hold_it() {
        let rows = [(Slot::Fd(4), PIPE, false)];
        let drafts = vec![
            draft(1, None, &[(Slot::Fd(3), PIPE, true)]),
            draft(2, None, &rows),
            draft(2, Some(20), &rows),
            draft(2, Some(21), &rows),
        ];
        // As a row of its own it goes to the first thread.
        assert_eq!(
            completed(drafts, Endpoints::Files, 3),
            ["1 3: 2,com,4u", "20 4: 1,com,3u"]
        );
    }
}
