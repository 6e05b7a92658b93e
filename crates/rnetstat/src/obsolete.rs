//! The sockets of families that current kernels do not have: which file and headings each has, and
//! what becomes of its lines.

mod rows;

use std::fs::File;

use sockcore::Errno;
use sockcore::procfs::lines::Lines;

use self::rows::Shown;
use crate::absence;
use crate::work::{Outcome, UNUSABLE, Work};

/// One of these families' tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Ipx,
    Ax25,
    X25,
    Netrom,
    Rose,
}

impl Table {
    const fn file(self) -> &'static str {
        match self {
            Self::Ipx => "net/ipx/socket",
            Self::Ax25 => "net/ax25",
            Self::X25 => "net/x25",
            Self::Netrom => "net/nr",
            Self::Rose => "net/rose",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ipx => "AF IPX",
            Self::Ax25 => "AF AX25",
            Self::X25 => "AF X25",
            Self::Netrom => "AF NETROM",
            Self::Rose => "AF ROSE",
        }
    }

    const fn heading(self) -> &'static [u8] {
        match self {
            Self::Ipx => b"Active IPX sockets\nProto Recv-Q Send-Q Local Address              Foreign Address            State",
            Self::Ax25 => b"Active AX.25 sockets\nDest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q\n",
            Self::X25 => b"Active X.25 sockets\nDest         Source          Device  LCI  State        Vr/Vs  Send-Q  Recv-Q\n",
            Self::Netrom => b"Active NET/ROM sockets\nUser       Dest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q\n",
            Self::Rose => b"Active ROSE sockets\ndest_addr   dest_call  src_addr    src_call  dev   lci neigh   state\n",
        }
    }
}

pub(crate) fn show(work: &mut Work<'_, '_>, table: Table) -> Outcome {
    match absence::open(work, table.file(), |errno| errno == Errno::NOENT)? {
        None => absence::report_even_if_quiet(work, table.name()),
        Some(file) => rows(work, table, file),
    }
}

fn rows(work: &mut Work<'_, '_>, table: Table, file: File) -> Outcome {
    let out = work.streams.out.buffer();
    out.extend_from_slice(table.heading());
    if table == Table::Ipx {
        if work.plan.extend > 0 {
            out.extend_from_slice(b" User");
        }
        out.push(b'\n');
    }
    let mut lines = Lines::new(file);
    let mut reader = rows::Reader::new(table);
    let failed = loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => break None,
            Err(error) => break Some(Errno::from(&error)),
        };
        match reader.show(work, line) {
            Shown::Yes => {}
            Shown::Bad(problem) => {
                let file = table.file();
                let message = format!("{problem} reading data from /proc/{file}\n");
                work.streams.out.put(message.as_bytes());
            }
            Shown::BadPort(which) => {
                let message = format!(
                    "netstat.c: Internal Error `ipx socket format error in {which} port'.\n"
                );
                work.streams.complain(message.as_bytes());
                return Err(UNUSABLE);
            }
        }
        work.streams.out.settle();
    };
    match failed {
        // Of X.25 kernels have a directory there, which has no rows.
        None => Ok(()),
        Some(_) if table == Table::X25 => Ok(()),
        Some(errno) => Err(absence::unusable(work, table.file(), errno)),
    }
}
