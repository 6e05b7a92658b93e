//! The socket listing: which tables, in which order, under which headings.

use applet::Exit;

use crate::inet::{self, RAW, TCP, UDP, UDPLITE};
use crate::switches;
use crate::work::{Outcome, Work};
use crate::{bluetooth, groups, obsolete, programs, sctp, unix};

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    let programs = programs::scan(work);
    match tables(work, &programs) {
        Ok(()) => bluetooth_not_built(work),
        Err(exit) => exit,
    }
}

fn tables(work: &mut Work<'_, '_>, programs: &programs::Programs) -> Outcome {
    let tables = work.plan.tables;
    if tables.internet() {
        inet::heading(work.plan, work.streams.out.buffer());
    }
    if tables.tcp {
        inet::show(work, programs, &TCP)?;
    }
    if tables.sctp {
        sctp::show(work, programs)?;
    }
    for (shown, table) in [
        (tables.udp, &UDP),
        (tables.udplite, &UDPLITE),
        (tables.raw, &RAW),
    ] {
        if shown {
            inet::show(work, programs, table)?;
        }
    }
    if tables.groups {
        groups::show(work)?;
    }
    if tables.unix {
        unix::show(work, programs)?;
    }
    for (shown, table) in [
        (tables.ipx, obsolete::Table::Ipx),
        (tables.ax25, obsolete::Table::Ax25),
        (tables.x25, obsolete::Table::X25),
        (tables.netrom, obsolete::Table::Netrom),
        (tables.rose, obsolete::Table::Rose),
    ] {
        if shown {
            obsolete::show(work, table)?;
        }
    }
    if switches::BLUETOOTH && (tables.l2cap || tables.rfcomm) {
        bluetooth::show(work)?;
    }
    Ok(())
}

/// A build without the Bluetooth tables says so when they were asked for.
fn bluetooth_not_built(work: &mut Work<'_, '_>) -> Exit {
    let tables = work.plan.tables;
    if switches::BLUETOOTH || !work.plan.explicit || !(tables.l2cap || tables.rfcomm) {
        return Exit::SUCCESS;
    }
    work.streams.complain(
        b"netstat: feature `AF BLUETOOTH' not supported.\n\
          Please recompile `net-tools' with newer kernel source or full configuration.\n",
    );
    Exit::FAILURE
}
