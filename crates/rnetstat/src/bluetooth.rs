//! The Bluetooth tables: only in builds that have them (see [`crate::switches::BLUETOOTH`]).
//!
//! The kernel's first address stands under the heading of the destination.

use sockcore::Errno;
use sockcore::procfs::bluetooth::{self, L2capLine, RfcommLine, l2cap_line, rfcomm_line};
use sockcore::procfs::lines::Lines;

use crate::absence;
use crate::plan::Rows;
use crate::text;
use crate::work::{Outcome, UNUSABLE, Work};

/// `BT_BOUND` and `BT_LISTEN`: what counts as a server.
const BOUND: i32 = 3;
const LISTEN: i32 = 4;

pub(crate) fn show(work: &mut Work<'_, '_>) -> Outcome {
    let (tables, rows) = (work.plan.tables, work.plan.rows);
    let out = work.streams.out.buffer();
    out.extend_from_slice(b"Active Bluetooth connections ");
    out.extend_from_slice(rows.heading());
    if tables.l2cap {
        work.streams.out.put(
            b"Proto  Destination       Source            State         PSM DCID   SCID      IMTU    OMTU Security\n",
        );
        table(work, "l2cap", "BTPROTO L2CAP", |out, rows, line| {
            l2cap_line(line).map(|line| l2cap(out, rows, &line))
        })?;
    }
    if tables.rfcomm {
        work.streams
            .out
            .put(b"Proto  Destination       Source            State     Channel\n");
        table(work, "rfcomm", "BTPROTO RFCOMM", |out, rows, line| {
            rfcomm_line(line).map(|line| rfcomm(out, rows, &line))
        })?;
    }
    Ok(())
}

/// Shows a line if its state is wanted; `None`: it is none.
type ShowLine = fn(&mut Vec<u8>, Rows, &[u8]) -> Option<()>;

fn table(work: &mut Work<'_, '_>, file: &str, name: &str, show: ShowLine) -> Outcome {
    let opened = match bluetooth::open(file) {
        Ok(opened) => opened,
        Err(error) if absence::missing_or_refused(error.errno) => {
            return absence::report(work, name);
        }
        Err(error) => return Err(unusable(work, file, error.errno)),
    };
    let rows = work.plan.rows;
    let mut lines = Lines::new(opened);
    loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(error) => return Err(unusable(work, file, Errno::from(&error))),
        };
        if show(work.streams.out.buffer(), rows, line).is_none() {
            let warning = format!("warning, got bogus {file} line.\n");
            work.streams.complain(warning.as_bytes());
        }
        work.streams.out.settle();
    }
}

fn unusable(work: &mut Work<'_, '_>, file: &str, errno: Errno) -> applet::Exit {
    let reason = errno.text();
    let message = format!("/sys/kernel/debug/bluetooth/{file}: {reason}\n");
    work.streams.complain(message.as_bytes());
    UNUSABLE
}

fn l2cap(out: &mut Vec<u8>, rows: Rows, line: &L2capLine<'_>) {
    if !rows.show(is_server(line.state)) {
        return;
    }
    ends(out, b"l2cap", line.addresses, line.state);
    text::signed_right(out, line.psm.into(), 7);
    for channel in line.channels {
        out.extend_from_slice(format!(" {channel:#06x}").as_bytes());
    }
    for unit in line.units {
        out.push(b' ');
        text::signed_right(out, unit.into(), 7);
    }
    out.push(b' ');
    let level: &[u8] = match line.security {
        0 => b"SDP",
        1 => b"LOW",
        2 => b"MEDIUM",
        3 => b"HIGH",
        _ => b"UNKNOWN",
    };
    text::left(out, level, 7);
    out.push(b'\n');
}

fn rfcomm(out: &mut Vec<u8>, rows: Rows, line: &RfcommLine<'_>) {
    if !rows.show(is_server(line.state)) {
        return;
    }
    ends(out, b"rfcomm", line.addresses, line.state);
    text::signed_right(out, line.channel.into(), 7);
    out.push(b'\n');
}

const fn is_server(state: i32) -> bool {
    matches!(state, BOUND | LISTEN)
}

/// The columns both tables begin with.
fn ends(out: &mut Vec<u8>, protocol: &[u8], addresses: [&[u8]; 2], state: i32) {
    const STATES: [&[u8]; 9] = [
        b"CONNECTED",
        b"OPEN",
        b"BOUND",
        b"LISTEN",
        b"CONNECT",
        b"CONNECT2",
        b"CONFIG",
        b"DISCONN",
        b"CLOSED",
    ];
    text::left(out, protocol, 6);
    out.push(b' ');
    for address in addresses {
        let shown = match address {
            b"00:00:00:00:00:00" => b"*",
            address => address,
        };
        text::left(out, shown, 17);
        out.push(b' ');
    }
    let word = usize::try_from(state - 1)
        .ok()
        .and_then(|index| STATES.get(index));
    text::left(out, word.copied().unwrap_or(b"UNKNOWN"), 9);
    out.push(b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_each_table_has_its_columns() {
        let mut out = Vec::new();
        let line = b"AA:11:22:33:44:55 (1) AA:00:00:00:00:01 (0) 1 25 0x0041 0x0042 672 48 3 0";
        l2cap(&mut out, Rows::All, &l2cap_line(line).unwrap());
        let line = b"00:11:22:33:44:55 00:00:00:00:00:00 4 3";
        rfcomm(&mut out, Rows::All, &rfcomm_line(line).unwrap());
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "l2cap  AA:11:22:33:44:55 AA:00:00:00:00:01 CONNECTED      25 0x0041 0x0042     672      48 HIGH   \n\
             rfcomm 00:11:22:33:44:55 *                 LISTEN          3\n"
        );
    }

    #[test]
    fn bound_and_listening_sockets_are_the_servers() {
        let line = b"00:11:22:33:44:55 00:00:00:00:00:00 3 3";
        for (rows, shown) in [(Rows::Connected, false), (Rows::Listening, true)] {
            let mut out = Vec::new();
            rfcomm(&mut out, rows, &rfcomm_line(line).unwrap());
            assert_eq!(!out.is_empty(), shown);
        }
    }
}
