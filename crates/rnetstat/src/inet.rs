//! The tables of TCP, UDP, UDP-Lite and raw sockets: heading, which rows are shown, their cells.

mod source;
mod syn_recv;
mod timer;

use sockcore::addr::{Address, Endpoint, InetFamily};
use sockcore::names::NameService;
use sockcore::socket::InetProtocol;

use self::timer::Timer;
use crate::absence;
use crate::address;
use crate::names::{Names, Service};
use crate::plan::Plan;
use crate::programs::{self, Programs};
use crate::switches;
use crate::text;
use crate::work::{Outcome, Work};

/// One pair of kernel files and how their rows are told.
pub(crate) struct Table {
    protocol: InetProtocol,
    /// The kernel's files for IPv4 and IPv6, under `/proc`.
    files: [&'static str; 2],
    /// The name in a report of absence.
    absent: &'static str,
    /// The name in a warning about a line.
    line: &'static str,
    /// The protocol's column for IPv4 and IPv6, blanks included.
    labels: [&'static [u8]; 2],
    service: Service,
    kind: Kind,
}

/// What sets the tables apart beside their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tcp,
    Udp,
    Raw,
}

pub(crate) const TCP: Table = Table {
    protocol: InetProtocol::TCP,
    files: ["net/tcp", "net/tcp6"],
    absent: "AF INET (tcp)",
    line: "tcp",
    labels: [b"tcp   ", b"tcp6  "],
    service: Service::Tcp,
    kind: Kind::Tcp,
};

pub(crate) const UDP: Table = Table {
    protocol: InetProtocol::UDP,
    files: ["net/udp", "net/udp6"],
    absent: "AF INET (udp)",
    line: "udp",
    labels: [b"udp   ", b"udp6  "],
    service: Service::Udp,
    kind: Kind::Udp,
};

pub(crate) const UDPLITE: Table = Table {
    protocol: InetProtocol::UDPLITE,
    files: ["net/udplite", "net/udplite6"],
    absent: "AF INET (udplite)",
    line: "udp",
    labels: [b"udpl  ", b"udpl6 "],
    service: Service::Udp,
    kind: Kind::Udp,
};

pub(crate) const RAW: Table = Table {
    protocol: InetProtocol::RAW,
    files: ["net/raw", "net/raw6"],
    absent: "AF INET (raw)",
    line: "raw",
    labels: [b"raw   ", b"raw6  "],
    service: Service::Raw,
    kind: Kind::Raw,
};

/// One socket as a row tells it, whichever way it came.
#[derive(Clone, Debug)]
struct Row {
    local: Endpoint,
    peer: Endpoint,
    state: u32,
    recv_queue: i64,
    send_queue: i64,
    uid: u32,
    inode: u64,
    timer: Timer,
}

/// Writes the two lines above all Internet tables.
pub(crate) fn heading(plan: &Plan, out: &mut Vec<u8>) {
    out.extend_from_slice(b"Active Internet connections ");
    out.extend_from_slice(plan.rows.heading());
    out.extend_from_slice(
        b"Proto Recv-Q Send-Q Local Address           Foreign Address         State      ",
    );
    if plan.extend > 0 {
        out.extend_from_slice(b" User       Inode     ");
    }
    programs::heading(plan, out);
    if plan.timers {
        out.extend_from_slice(b" Timer");
    }
    out.push(b'\n');
}

/// Shows one table.
pub(crate) fn show(work: &mut Work<'_, '_>, programs: &Programs, table: &Table) -> Outcome {
    let (v4, v6) = (work.plan.tables.v4, work.plan.tables.v6);
    let [file, file6] = table.files;
    let first = match v4 {
        true => absence::open(work, file, absence::missing_or_refused)?,
        false => None,
    };
    let second = v6.then(|| work.system.processes.open(file6).ok()).flatten();
    let end = match v4 && first.is_none() {
        true => absence::report(work, table.absent),
        false => Ok(()),
    };
    source::visit(work, programs, table, [first, second])?;
    end
}

/// Calls `each` with the inode of every row that the table will show. `None`: that cannot be told
/// without reading the rows themselves.
pub(crate) fn each_inode(
    work: &mut Work<'_, '_>,
    table: &Table,
    each: &mut dyn FnMut(u64),
) -> Option<()> {
    let (v4, v6) = (work.plan.tables.v4, work.plan.tables.v6);
    for (wanted, file, family) in [
        (v4, table.files[0], InetFamily::V4),
        (v6, table.files[1], InetFamily::V6),
    ] {
        let opened = wanted.then(|| work.system.processes.open(file).ok());
        if let Some(file) = opened.flatten() {
            source::each_inode(work, table, &file, family, each)?;
        }
    }
    Some(())
}

/// Whether the listing has this row. Not the state decides but what the original looks at.
#[inline]
fn is_shown(plan: &Plan, kind: Kind, peer: &Endpoint) -> bool {
    let listener = match kind {
        Kind::Tcp => peer.port == 0,
        Kind::Udp | Kind::Raw => peer.address.is_unspecified(),
    };
    plan.rows.show(listener)
}

/// Everything that turns rows into text.
pub(crate) struct Cells<'c> {
    pub(crate) plan: &'c Plan,
    pub(crate) names: &'c mut Names,
    pub(crate) service: &'c dyn NameService,
    pub(crate) programs: &'c Programs,
}

impl Cells<'_> {
    fn row(&mut self, out: &mut Vec<u8>, table: &Table, label: &[u8], row: &Row) {
        out.extend_from_slice(label);
        text::signed_right(out, row.recv_queue, 6);
        out.push(b' ');
        text::signed_right(out, row.send_queue, 6);
        out.push(b' ');
        self.end(out, table.service, &row.local);
        out.push(b' ');
        self.end(out, table.service, &row.peer);
        out.push(b' ');
        let start = out.len();
        match table.kind {
            Kind::Tcp => out.extend_from_slice(tcp_state(row.state)),
            Kind::Udp => out.extend_from_slice(udp_state(row.state)),
            Kind::Raw => text::signed(out, row.state.cast_signed().into()),
        }
        text::fill(out, start, 11);
        self.owner(out, row.uid, row.inode);
        if self.plan.timers {
            out.push(b' ');
            match table.kind {
                Kind::Tcp => row.timer.tcp(out),
                Kind::Udp | Kind::Raw => row.timer.datagram(out),
            }
        }
        out.push(b'\n');
    }

    /// One end: `host:port`, cut as the listing wants it, and filled up.
    fn end(&mut self, out: &mut Vec<u8>, service: Service, end: &Endpoint) {
        let start = out.len();
        self.host(out, &end.address);
        let colon = out.len();
        out.push(b':');
        self.port(out, service, end.port);
        address::cut_end(out, start, colon, self.plan.wide);
        text::fill(out, start, 23);
    }

    /// An address, as a name or in numbers.
    pub(crate) fn host(&mut self, out: &mut Vec<u8>, address: &Address) {
        if self.plan.numeric.hosts {
            address::numeric(out, address);
        } else {
            self.names.host(self.service, out, address);
        }
    }

    fn port(&mut self, out: &mut Vec<u8>, service: Service, port: u16) {
        if port == 0 {
            return out.push(b'*');
        }
        if !self.plan.numeric.ports {
            if let Some(name) = self.names.service(self.service, service, port) {
                return out.extend_from_slice(name);
            }
        }
        text::decimal(out, port.into());
    }

    /// User and inode, program, context: what `-e`, `-p` and `-Z` add.
    pub(crate) fn owner(&mut self, out: &mut Vec<u8>, uid: u32, inode: u64) {
        if self.plan.extend > 0 {
            out.push(b' ');
            let start = out.len();
            self.user(out, uid);
            text::fill(out, start, 10);
            out.push(b' ');
            let start = out.len();
            text::decimal(out, inode);
            text::fill(out, start, 10);
        }
        self.programs.cells(self.plan, out, inode);
    }

    /// A user's name, or the number.
    pub(crate) fn user(&mut self, out: &mut Vec<u8>, uid: u32) {
        if !self.plan.numeric.users {
            if let Some(name) = self.names.user(self.service, uid) {
                return out.extend_from_slice(name);
            }
        }
        if switches::SIGNED_USERS {
            text::signed(out, uid.cast_signed().into());
        } else {
            text::decimal(out, uid.into());
        }
    }
}

/// A TCP state's word; one that no kernel has is told as the number.
pub(crate) fn tcp_state(state: u32) -> &'static [u8] {
    const STATES: [&[u8]; 12] = [
        b"",
        b"ESTABLISHED",
        b"SYN_SENT",
        b"SYN_RECV",
        b"FIN_WAIT1",
        b"FIN_WAIT2",
        b"TIME_WAIT",
        b"CLOSE",
        b"CLOSE_WAIT",
        b"LAST_ACK",
        b"LISTEN",
        b"CLOSING",
    ];
    usize::try_from(state)
        .ok()
        .and_then(|index| STATES.get(index))
        .copied()
        .unwrap_or(b"UNKNOWN")
}

fn udp_state(state: u32) -> &'static [u8] {
    match state {
        1 => b"ESTABLISHED",
        7 => b"",
        _ => b"UNKNOWN",
    }
}
