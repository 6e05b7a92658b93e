//! Where the rows of an Internet table come from: netlink, or the kernel's text where netlink is
//! not there, lacks the table, or is not what the file shows (a file laid over `/proc`).

use std::fs::File;
use std::ops::ControlFlow;

use applet::{Sink, Streams};
use sockcore::addr::InetFamily;
use sockcore::procfs::formatted::InetColumns;
use sockcore::procfs::is_procfs;
use sockcore::procfs::lines::Lines;
use sockcore::query::{InetDetails, InetQuery, Query, QueryFamily, Via};
use sockcore::socket::{InetSocket, Socket, SocketState, StateSet, TimerKind};
use sockcore::{Errno, System};

use super::syn_recv::SynRecv;
use super::timer::Timer;
use super::{Cells, Kind, Row, Table, is_shown};
use crate::absence;
use crate::plan::{Plan, Rows};
use crate::programs::Programs;
use crate::work::{Outcome, Work};

/// IPv6 rows that wait for those of IPv4, bytes. No more: the whole program is to stay small.
const HELD: usize = 96 * 1024;

/// Shows the rows behind the open files of IPv4 and IPv6, in this order.
pub(super) fn visit(
    work: &mut Work<'_, '_>,
    programs: &Programs,
    table: &Table,
    files: [Option<File>; 2],
) -> Outcome {
    let live = |file: &Option<File>| file.as_ref().is_some_and(is_procfs);
    let [first, second] = &files;
    let told = match (live(first), live(second)) {
        (true, true) => netlink(work, programs, table, None),
        (true, false) if second.is_none() => netlink(work, programs, table, Some(InetFamily::V4)),
        (false, true) if first.is_none() => netlink(work, programs, table, Some(InetFamily::V6)),
        _ => Told::Nothing,
    };
    match told {
        Told::All => return Ok(()),
        Told::Some(errno) => return Err(absence::unusable(work, table.files[0], errno)),
        Told::Nothing => {}
    }
    for (index, file) in files.into_iter().enumerate() {
        if let Some(file) = file {
            text(work, programs, table, index, file)?;
        }
    }
    Ok(())
}

/// Calls `each` with the inode of every row behind an open file, without looking at the file's
/// lines. `None`: the file is not the kernel's own, or nobody answers.
pub(super) fn each_inode(
    work: &mut Work<'_, '_>,
    table: &Table,
    file: &File,
    family: InetFamily,
    each: &mut dyn FnMut(u64),
) -> Option<()> {
    let plan = work.plan;
    if !is_procfs(file) {
        return None;
    }
    let query = Query::any(QueryFamily::Inet(query(plan, table, family)));
    let answer = work.system.sockets.visit(&query, &mut |socket| {
        if let Socket::Inet(socket) = socket {
            if is_shown(plan, table.kind, &socket.peer) {
                each(socket.inode.0);
            }
        }
        ControlFlow::Continue(())
    });
    answer.ok().map(drop)
}

/// How far netlink got.
enum Told {
    All,
    /// It broke off after the first row.
    Some(Errno),
    Nothing,
}

fn netlink(
    work: &mut Work<'_, '_>,
    programs: &Programs,
    table: &Table,
    family: Option<InetFamily>,
) -> Told {
    let plan = work.plan;
    let System {
        sockets,
        names: service,
        processes,
        ..
    } = &mut *work.system;
    let Streams { out, .. } = &mut *work.streams;
    let mut cells = Cells {
        plan,
        names: &mut work.names,
        service: &**service,
        programs,
    };
    let mut half_open = table.files.map(|file| SynRecv::new(processes, file));
    let mut delivered = false;
    let mut each = |socket: &Socket<'_>| {
        delivered = true;
        if let Socket::Inet(socket) = socket {
            if is_shown(plan, table.kind, &socket.peer) {
                show(&mut cells, out, table, &mut half_open, socket);
            }
        }
        match out.error() {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    };
    let query = |family| query(plan, table, family);
    let answer = match family {
        None => sockets.visit_both(&query(InetFamily::V4), Via::Netlink, &mut each),
        Some(family) => {
            let query = Query::netlink(QueryFamily::Inet(query(family)));
            sockets.visit(&query, &mut each)
        }
    };
    match answer {
        Ok(_) => Told::All,
        Err(error) if delivered => Told::Some(error.errno),
        Err(_) => Told::Nothing,
    }
}

/// States are left to the kernel only where that cannot change the rows: a TCP socket without a
/// remote port is a listener, and the pseudo-state of bound sockets is not in the text.
fn query(plan: &Plan, table: &Table, family: InetFamily) -> InetQuery {
    let listen = StateSet::of(SocketState::LISTEN);
    let states = match (table.kind, plan.rows) {
        (Kind::Tcp, Rows::Listening) => listen,
        (Kind::Tcp, Rows::Connected) => StateSet::LISTED.without(listen),
        _ => StateSet::LISTED,
    };
    let mut query = InetQuery::new(family, table.protocol, states);
    query.hold = HELD;
    // Timers are the only thing shown that not every way to a socket tells.
    query.brief = !plan.timers;
    if plan.timers && table.kind == Kind::Tcp {
        query.details = InetDetails::INFO;
    }
    query
}

fn show(
    cells: &mut Cells<'_>,
    out: &mut Sink<'_>,
    table: &Table,
    half_open: &mut [SynRecv; 2],
    socket: &InetSocket<'_>,
) {
    let plan = cells.plan;
    let version = usize::from(socket.family == InetFamily::V6);
    let mut row = Row {
        local: socket.local,
        peer: socket.peer,
        state: socket.state.0.into(),
        recv_queue: socket.recv_queue.into(),
        send_queue: socket.send_queue.into(),
        uid: socket.uid.0,
        inode: socket.inode.0,
        timer: Timer::default(),
    };
    if table.kind == Kind::Tcp {
        // Netlink tells the backlog limit here, the text nothing.
        if socket.state == SocketState::LISTEN {
            row.send_queue = 0;
        }
        if plan.timers {
            row.timer = tcp_timer(socket);
        }
        if socket.state == SocketState::SYN_RECV && (plan.timers || plan.extend > 0) {
            let told = half_open
                .get_mut(version)
                .and_then(|half_open| half_open.find(&row.local, &row.peer));
            if let Some((uid, timer)) = told {
                row.uid = uid;
                row.timer = timer;
            }
        }
    }
    let label = table.labels.get(version).copied().unwrap_or_default();
    cells.row(out.buffer(), table, label, &row);
    out.settle();
}

/// The timer as the text tells it: both counters, and no delayed acknowledgment.
fn tcp_timer(socket: &InetSocket<'_>) -> Timer {
    let info = socket.attributes.tcp_info();
    let (retransmits, probes) = match (info, socket.timer.kind) {
        (Some(info), _) => (info.retransmits().into(), info.probes().into()),
        (None, TimerKind::ON) => (socket.timer.retransmits.into(), 0),
        (None, _) => (0, socket.timer.retransmits.into()),
    };
    if socket.timer.kind == TimerKind::DELACK {
        return Timer {
            kind: 0,
            when: 0,
            retransmits,
            probes,
        };
    }
    Timer {
        kind: socket.timer.kind.0.into(),
        when: u64::from(socket.timer.expires / 10),
        retransmits,
        probes,
    }
}

/// The timer columns of a text line.
pub(super) fn timer_of(columns: &InetColumns) -> Timer {
    Timer {
        kind: columns.timer,
        when: columns.when,
        retransmits: columns.retransmits,
        probes: columns.timeout,
    }
}

fn text(
    work: &mut Work<'_, '_>,
    programs: &Programs,
    table: &Table,
    version: usize,
    file: File,
) -> Outcome {
    let plan = work.plan;
    let least = match table.kind {
        Kind::Tcp => InetColumns::UP_TO_RETRANSMITS,
        Kind::Udp | Kind::Raw => InetColumns::UP_TO_WHEN,
    };
    let label = table.labels.get(version).copied().unwrap_or_default();
    let mut cells = Cells {
        plan,
        names: &mut work.names,
        service: &*work.system.names,
        programs,
    };
    let mut lines = Lines::new(file);
    let mut columns = InetColumns::default();
    let mut title = true;
    let failed = loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => break None,
            Err(error) => break Some(Errno::from(&error)),
        };
        if std::mem::take(&mut title) {
            continue;
        }
        if columns.read(line) < least {
            let warning = format!("warning, got bogus {} line.\n", table.line);
            work.streams.complain(warning.as_bytes());
            continue;
        }
        if is_shown(plan, table.kind, &columns.peer) {
            let row = row_of(&columns, table.kind);
            cells.row(work.streams.out.buffer(), table, label, &row);
            work.streams.out.settle();
        }
    };
    match failed {
        None => Ok(()),
        Some(errno) => {
            let file = table.files.get(version).copied().unwrap_or_default();
            Err(absence::unusable(work, file, errno))
        }
    }
}

fn row_of(columns: &InetColumns, kind: Kind) -> Row {
    let mut row = Row {
        local: columns.local,
        peer: columns.peer,
        state: columns.state,
        recv_queue: columns.recv_queue.cast_signed(),
        send_queue: columns.send_queue.cast_signed(),
        uid: columns.uid.cast_unsigned(),
        inode: columns.inode,
        timer: timer_of(columns),
    };
    if kind == Kind::Udp {
        row.timer.retransmits = 0;
    }
    row
}
