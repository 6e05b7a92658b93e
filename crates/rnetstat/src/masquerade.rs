//! The listing of masqueraded connections (`-M`): a table of kernels up to 2.2.

use std::io::Read as _;

use applet::Exit;
use sockcore::addr::Address;
use sockcore::procfs::formatted::Formatted;

use crate::address;
use crate::names::Service;
use crate::text;
use crate::work::{UNUSABLE, Work};

const FILE: &str = "net/ip_masquerade";
/// The title line is looked at, and skipped, no further than this.
const TITLE: usize = 255;

/// One connection: `TCP 0A000002:0400 C0A80001:0050 F000 00000001 0 0 90000`.
struct Entry {
    protocol: Protocol,
    source: Address,
    source_port: u16,
    destination: Address,
    destination_port: u16,
    masqueraded_port: u16,
    initial_sequence: u64,
    delta: i16,
    previous_delta: Option<i16>,
    /// In hundredths of a second.
    expires: u64,
}

#[derive(Clone, Copy)]
enum Protocol {
    Tcp,
    Udp,
    Icmp,
}

impl Protocol {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Tcp => b"tcp",
            Self::Udp => b"udp",
            Self::Icmp => b"icmp",
        }
    }

    fn service(self) -> Option<Service> {
        match self {
            Self::Tcp => Some(Service::Tcp),
            Self::Udp => Some(Service::Udp),
            Self::Icmp => None,
        }
    }
}

/// Why a table cannot be shown.
enum Malformed {
    Format,
    Protocol,
}

/// Reads the whole table: its rows are one stream of fields, in which a newline is white space
/// like any other.
fn entries(mut input: Formatted<'_>, with_previous: bool) -> Result<Vec<Entry>, Malformed> {
    let mut entries = Vec::new();
    loop {
        input.space();
        if input.0.is_empty() {
            return Ok(entries);
        }
        let Some((word, entry)) = entry(&mut input, with_previous) else {
            return Err(Malformed::Format);
        };
        let protocol = match word {
            b"TCP" => Protocol::Tcp,
            b"UDP" => Protocol::Udp,
            b"ICMP" => Protocol::Icmp,
            _ => return Err(Malformed::Protocol),
        };
        entries.push(Entry { protocol, ..entry });
    }
}

/// The next row with the word of its protocol.
fn entry<'a>(input: &mut Formatted<'a>, with_previous: bool) -> Option<(&'a [u8], Entry)> {
    let address = |input: &mut Formatted<'_>| {
        let value = input.hexadecimal()? as u32;
        Some(Address::v4(value.to_be_bytes()))
    };
    let port = |input: &mut Formatted<'_>| Some(input.hexadecimal()? as u16);
    let end = |input: &mut Formatted<'_>| {
        let address = address(input)?;
        input.byte(b':')?;
        Some((address, port(input)?))
    };
    let word = Formatted::line(input.word()?).0;
    let (source, source_port) = end(input)?;
    let (destination, destination_port) = end(input)?;
    let entry = Entry {
        protocol: Protocol::Icmp,
        source,
        source_port,
        destination,
        destination_port,
        masqueraded_port: port(input)?,
        initial_sequence: input.hexadecimal()?,
        delta: input.int()? as i16,
        previous_delta: if with_previous {
            Some(input.int()? as i16)
        } else {
            None
        },
        expires: input.decimal()?,
    };
    Some((word, entry))
}

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    let mut file = match work.system.processes.open(FILE) {
        Ok(file) => file,
        Err(error) if error.errno == sockcore::Errno::NOENT => {
            work.streams
                .complain(b"netstat: no support for `ip_masquerade' on this system.\n");
            return Exit::FAILURE;
        }
        Err(error) => return crate::absence::unusable(work, FILE, error.errno),
    };
    let mut content = Vec::new();
    // What was read before an error counts.
    let _ = file.read_to_end(&mut content);
    if content.is_empty() {
        work.streams
            .complain(b"masq_info: Internal Error `fgets() failed'.\n");
        return UNUSABLE;
    }
    let line = content.iter().position(|&byte| byte == b'\n');
    let length = line.map_or(content.len(), |newline| newline + 1).min(TITLE);
    let (title, rows) = content.split_at_checked(length).unwrap_or_default();
    let title = Formatted::line(title).0;
    let with_previous = title.windows(6).any(|window| window == b"PDelta");
    let entries = match entries(Formatted(rows), with_previous) {
        Ok(entries) => entries,
        Err(malformed) => {
            work.streams.complain(match malformed {
                Malformed::Format => b"masq_info.c: Internal Error `ip_masquerade format error'.\n",
                Malformed::Protocol => {
                    b"masq_info.c: Internal Error `ip_masquerade unknown type'.\n"
                }
            });
            return UNUSABLE;
        }
    };
    if !entries.is_empty() {
        titles(work);
    }
    for entry in &entries {
        row(work, entry);
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

fn row(work: &mut Work<'_, '_>, entry: &Entry) {
    let service = entry.protocol.service();
    let out = work.streams.out.buffer();
    text::left(out, entry.protocol.name(), 4);
    text::decimal_right(out, entry.expires / 6000, 3);
    out.push(b':');
    two_digits(out, entry.expires / 100 % 60);
    out.push(b'.');
    two_digits(out, entry.expires % 100);
    out.push(b' ');
    if work.plan.extend > 0 {
        text::decimal_right(out, entry.initial_sequence, 10);
        out.push(b' ');
        text::signed_right(out, entry.delta.into(), 5);
        out.push(b' ');
        match entry.previous_delta {
            Some(previous) => text::signed_right(out, previous.into(), 5),
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
