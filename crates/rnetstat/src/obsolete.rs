//! The sockets of families that current kernels do not have: IPX, AX.25, X.25, NET/ROM, ROSE.

use sockcore::Errno;

use crate::absence;
use crate::work::{Outcome, Work};

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
}

pub(crate) fn show(work: &mut Work<'_, '_>, table: Table) -> Outcome {
    match absence::open(work, table.file(), |errno| errno == Errno::NOENT)? {
        None => absence::report_even_if_quiet(work, table.name()),
        Some(_) => {
            work.streams.complain(
                b"netstat: this version does not list the sockets of obsolete families\n",
            );
            Ok(())
        }
    }
}
