//! The tables of SCTP endpoints and associations, from the kernel's text.
//!
//! The files hold both IP versions and count as those of IPv4. An entry with several addresses
//! takes several lines; what `-e`, `-p` and `-o` add stands behind the last of them.

use std::fs::File;

use sockcore::Errno;
use sockcore::addr::Address;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::sctp_words::{
    AssociationWords, EndpointWords, addresses, association_words, endpoint_words, path_addresses,
};

use crate::absence;
use crate::inet::{Cells, tcp_state};
use crate::plan::Rows;
use crate::programs::Programs;
use crate::text;
use crate::work::{Outcome, Work};

const ENDPOINTS: [&str; 2] = ["net/sctp/eps", "net/sctp6/eps"];
const ASSOCIATIONS: [&str; 2] = ["net/sctp/assocs", "net/sctp6/assocs"];

/// What is shown of a host's name.
const HOST_ROOM: usize = 63;
/// Proto and the two queues, which an endpoint and further addresses do not have.
const INDENT: usize = 20;

pub(crate) fn show(work: &mut Work<'_, '_>, programs: &Programs) -> Outcome {
    let rows = work.plan.rows;
    if rows != Rows::Connected {
        table(work, programs, ENDPOINTS, "eps", |cells, out, line| {
            endpoint_words(line).map(|endpoint| show_endpoint(cells, out, &endpoint))
        })?;
    }
    if rows != Rows::Listening {
        table(work, programs, ASSOCIATIONS, "assoc", |cells, out, line| {
            association_words(line).map(|association| show_association(cells, out, &association))
        })?;
    }
    Ok(())
}

/// Shows a line; `None`: it is none.
type ShowLine = fn(&mut Cells<'_>, &mut Vec<u8>, &[u8]) -> Option<()>;

fn table(
    work: &mut Work<'_, '_>,
    programs: &Programs,
    files: [&'static str; 2],
    name: &str,
    show: ShowLine,
) -> Outcome {
    let (v4, v6) = (work.plan.tables.v4, work.plan.tables.v6);
    let [file, file6] = files;
    let first = match v4 {
        true => absence::open(work, file, absence::missing_or_refused)?,
        false => None,
    };
    let end = match v4 && first.is_none() {
        true => absence::report(work, "AF INET (sctp)"),
        false => Ok(()),
    };
    let second = v6.then(|| work.system.processes.open(file6).ok()).flatten();
    for (path, opened) in [(file, first), (file6, second)] {
        if let Some(opened) = opened {
            rows(work, programs, path, opened, name, show)?;
        }
    }
    end
}

fn rows(
    work: &mut Work<'_, '_>,
    programs: &Programs,
    path: &str,
    file: File,
    name: &str,
    show: ShowLine,
) -> Outcome {
    let mut cells = Cells {
        plan: work.plan,
        names: &mut work.names,
        service: &*work.system.names,
        programs,
    };
    let mut lines = Lines::new(file);
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
        if show(&mut cells, work.streams.out.buffer(), line).is_none() {
            let warning = format!("warning, got bogus sctp {name} line.\n");
            work.streams.complain(warning.as_bytes());
        }
        work.streams.out.settle();
    };
    match failed {
        None => Ok(()),
        Some(errno) => Err(absence::unusable(work, path, errno)),
    }
}

fn show_endpoint(cells: &mut Cells<'_>, out: &mut Vec<u8>, endpoint: &EndpointWords<'_>) {
    for (index, address) in addresses(endpoint.local).enumerate() {
        if index == 0 {
            text::left(out, b"sctp", INDENT);
        } else {
            out.push(b'\n');
            text::blanks(out, INDENT);
        }
        end(cells, out, &address, Some(endpoint.local_port), 47);
        out.push(b' ');
        state(out, (index == 0).then_some(endpoint.state));
    }
    tail(cells, out, endpoint.uid, endpoint.inode);
}

fn show_association(cells: &mut Cells<'_>, out: &mut Vec<u8>, association: &AssociationWords<'_>) {
    let mut local = path_addresses(association.local);
    let mut peer = path_addresses(association.peer);
    let mut first = true;
    loop {
        let ends = (local.next(), peer.next());
        if let (None, None) = ends {
            break;
        }
        if first {
            out.extend_from_slice(b"sctp  ");
            text::decimal_right(out, association.recv_queue.into(), 6);
            out.push(b' ');
            text::decimal_right(out, association.send_queue.into(), 6);
            out.push(b' ');
        } else {
            out.push(b'\n');
            text::blanks(out, INDENT);
        }
        let ports = [association.local_port, association.peer_port];
        for (address, port) in [ends.0, ends.1].into_iter().zip(ports) {
            match address {
                Some(address) => end(cells, out, &address, first.then_some(port), 23),
                None => text::blanks(out, 23),
            }
            out.push(b' ');
        }
        state(out, first.then_some(association.state));
        first = false;
    }
    tail(cells, out, association.uid, association.inode);
}

/// One address, never cut by the column's width; ports are always numbers.
fn end(
    cells: &mut Cells<'_>,
    out: &mut Vec<u8>,
    address: &Address,
    port: Option<u16>,
    width: usize,
) {
    let start = out.len();
    cells.host(out, address);
    out.truncate(out.len().min(start + HOST_ROOM));
    match port {
        None => {}
        Some(0) => out.extend_from_slice(b":*"),
        Some(port) => {
            out.push(b':');
            text::decimal(out, port.into());
        }
    }
    text::fill(out, start, width);
}

/// The state of a first line; further lines leave it blank.
fn state(out: &mut Vec<u8>, state: Option<i32>) {
    let start = out.len();
    match state.map(|state| (state, u32::try_from(state))) {
        None => {}
        Some((_, Ok(known @ 0..=11))) => out.extend_from_slice(tcp_state(known)),
        Some((other, _)) => {
            out.extend_from_slice(b"UNKNOWN(");
            text::signed(out, other.into());
            out.push(b')');
        }
    }
    text::fill(out, start, 11);
}

fn tail(cells: &mut Cells<'_>, out: &mut Vec<u8>, uid: i32, inode: u64) {
    cells.owner(out, uid.cast_unsigned(), inode);
    if cells.plan.timers {
        // The timer's column stays empty.
        out.push(b' ');
    }
    out.push(b'\n');
}
