//! The listing of masqueraded connections (`-M`): a table of kernels up to 2.2.

use applet::Exit;
use sockcore::addr::Address;
use sockcore::procfs::lines::{Fields, Lines};

use crate::address;
use crate::names::Service;
use crate::text;
use crate::work::{UNUSABLE, Work};

const FILE: &str = "net/ip_masquerade";

/// One connection.
struct Entry<'a> {
    protocol: &'a [u8],
    source: Address,
    source_port: u16,
    destination: Address,
    destination_port: u16,
    masqueraded_port: u16,
    initial_sequence: u64,
    delta: i64,
    previous_delta: Option<i64>,
    /// In hundredths of a second.
    expires: u64,
}

fn entry(line: &[u8], with_previous: bool) -> Option<Entry<'_>> {
    let mut fields = Fields(line);
    let port = |fields: &mut Fields<'_>| u16::try_from(fields.hex()?).ok();
    let address = |fields: &mut Fields<'_>| {
        let value = u32::try_from(fields.hex()?).ok()?;
        Some(Address::v4(value.to_be_bytes()))
    };
    Some(Entry {
        protocol: fields.word()?,
        source: address(&mut fields)?,
        source_port: port(&mut fields)?,
        destination: address(&mut fields)?,
        destination_port: port(&mut fields)?,
        masqueraded_port: port(&mut fields)?,
        initial_sequence: fields.hex()?,
        delta: fields.signed()?,
        previous_delta: if with_previous {
            Some(fields.signed()?)
        } else {
            None
        },
        expires: fields.decimal()?,
    })
}

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    let file = match work.system.processes.open(FILE) {
        Ok(file) => file,
        Err(error) if error.errno == sockcore::Errno::NOENT => {
            work.streams
                .complain(b"netstat: no support for `ip_masquerade' on this system.\n");
            return Exit::FAILURE;
        }
        Err(error) => return crate::absence::unusable(work, FILE, error.errno),
    };
    let mut lines = Lines::new(file);
    let Ok(Some(title)) = lines.next_line() else {
        work.streams
            .complain(b"masq_info: Internal Error `fgets() failed'.\n");
        return UNUSABLE;
    };
    let with_previous = title.windows(6).any(|window| window == b"PDelta");
    let mut first = true;
    while let Ok(Some(line)) = lines.next_line() {
        let Some(entry) = entry(line, with_previous) else {
            work.streams
                .complain(b"masq_info.c: Internal Error `ip_masquerade format error'.\n");
            return UNUSABLE;
        };
        let service = match entry.protocol {
            b"TCP" => Some(Service::Tcp),
            b"UDP" => Some(Service::Udp),
            b"ICMP" => None,
            _ => {
                work.streams
                    .complain(b"masq_info.c: Internal Error `ip_masquerade unknown type'.\n");
                return UNUSABLE;
            }
        };
        if std::mem::take(&mut first) {
            titles(work);
        }
        row(work, &entry, service);
    }
    Exit::SUCCESS
}

fn titles(work: &mut Work<'_, '_>) {
    work.streams.out.put(b"IP masquerading entries\n");
    work.streams.out.put(if work.plan.extend > 0 {
        b"prot   expire    initseq delta prevd source               destination          ports\n"
    } else {
        b"prot   expire source               destination          ports\n"
    });
}

fn row(work: &mut Work<'_, '_>, entry: &Entry<'_>, service: Option<Service>) {
    let out = work.streams.out.buffer();
    text::left(out, &entry.protocol.to_ascii_lowercase(), 4);
    out.push(b' ');
    text::decimal_right(out, entry.expires / 6000, 3);
    out.push(b':');
    two_digits(out, entry.expires / 100 % 60);
    out.push(b'.');
    two_digits(out, entry.expires % 100);
    out.push(b' ');
    if work.plan.extend > 0 {
        text::decimal_right(out, entry.initial_sequence, 10);
        out.push(b' ');
        text::signed_right(out, entry.delta, 5);
        out.push(b' ');
        match entry.previous_delta {
            Some(previous) => text::signed_right(out, previous, 5),
            None => out.extend_from_slice(b"    -"),
        }
        out.push(b' ');
    }
    for end in [entry.source, entry.destination] {
        let out = work.streams.out.buffer();
        let start = out.len();
        if work.plan.numeric.hosts {
            address::numeric(out, &end);
        } else {
            work.names.host(&*work.system.names, out, &end);
        }
        text::fill(out, start, 20);
        out.push(b' ');
    }
    port(work, entry.source_port, service);
    work.streams.out.put(b" -> ");
    port(work, entry.destination_port, service);
    work.streams.out.put(b" (");
    port(work, entry.masqueraded_port, service);
    work.streams.out.put(b")\n");
}

fn port(work: &mut Work<'_, '_>, port: u16, service: Option<Service>) {
    if port == 0 {
        return work.streams.out.put(b"*");
    }
    let name = match service {
        Some(service) if !work.plan.numeric.ports => {
            work.names.service(&*work.system.names, service, port)
        }
        _ => None,
    };
    match name {
        Some(name) => work.streams.out.put(name),
        None => text::decimal(work.streams.out.buffer(), port.into()),
    }
}

fn two_digits(out: &mut Vec<u8>, value: u64) {
    if value < 10 {
        out.push(b'0');
    }
    text::decimal(out, value);
}
