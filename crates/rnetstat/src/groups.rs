//! The table of multicast groups (`-g`): IPv4 rows, then IPv6 rows, under one heading.

use std::fs::File;

use sockcore::Errno;
use sockcore::addr::Address;
use sockcore::procfs::igmp::{Igmp6Reader, IgmpLine, IgmpReader};
use sockcore::procfs::lines::Lines;

use crate::absence;
use crate::address;
use crate::text;
use crate::work::{Outcome, Work};

const FILE: &str = "net/igmp";
const FILE6: &str = "net/igmp6";

pub(crate) fn show(work: &mut Work<'_, '_>) -> Outcome {
    work.streams.out.put(
        b"IPv6/IPv4 Group Memberships\n\
          Interface       RefCnt Group\n\
          --------------- ------ ---------------------\n",
    );
    let (v4, v6) = (work.plan.tables.v4, work.plan.tables.v6);
    let first = match v4 {
        true => absence::open(work, FILE, absence::missing_or_refused)?,
        false => None,
    };
    let mut end = Ok(());
    match first {
        Some(file) => show_v4(work, file)?,
        None if v4 => end = absence::report(work, "AF INET (igmp)"),
        None => {}
    }
    if let Some(file) = v6.then(|| work.system.processes.open(FILE6).ok()).flatten() {
        show_v6(work, file)?;
    }
    end
}

fn show_v4(work: &mut Work<'_, '_>, file: File) -> Outcome {
    let mut lines = Lines::new(file);
    let mut reader = IgmpReader::default();
    let mut device = Vec::new();
    let mut number = 0u64;
    loop {
        let line = match lines.next_line_and_end() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(error) => return Err(absence::unusable(work, FILE, Errno::from(&error))),
        };
        if number > 0 {
            match reader.read(line) {
                Some(IgmpLine::Device(name)) => {
                    device.clear();
                    device.extend_from_slice(name);
                }
                Some(IgmpLine::Group { group, users }) => row(work, &device, users, &group),
                None => bogus(work, "igmp", number),
            }
        }
        number += 1;
    }
}

fn show_v6(work: &mut Work<'_, '_>, file: File) -> Outcome {
    let mut lines = Lines::new(file);
    let mut reader = Igmp6Reader::default();
    let mut number = 0u64;
    loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(error) => return Err(absence::unusable(work, FILE6, Errno::from(&error))),
        };
        match reader.read(line) {
            Some(line) => row(work, line.device, line.users, &line.group),
            None => bogus(work, "igmp6", number),
        }
        number += 1;
    }
}

fn bogus(work: &mut Work<'_, '_>, table: &str, number: u64) {
    let warning = format!("warning, got bogus {table} line {number}.\n");
    work.streams.complain(warning.as_bytes());
}

fn row(work: &mut Work<'_, '_>, device: &[u8], users: i32, group: &Address) {
    let out = work.streams.out.buffer();
    text::left(out, device, 15);
    out.push(b' ');
    let start = out.len();
    text::signed(out, users.into());
    text::fill(out, start, 6);
    out.push(b' ');
    if work.plan.numeric.hosts {
        address::numeric(out, group);
    } else {
        work.names.host(&*work.system.names, out, group);
    }
    out.push(b'\n');
    work.streams.out.settle();
}
