//! The option table: what each option is called and what it notes.
//!
//! Its order is the order in which long names stand in a message about an ambiguous abbreviation.

use std::ffi::OsStr;

use applet::{Flag, Takes};

use crate::options::{Options, Pending, Stop};
use crate::tables::{Family, TableSet};

type Apply = fn(&mut Options, Option<&OsStr>) -> Result<(), Stop>;

const fn flag(
    shorts: &'static [u8],
    longs: &'static [&'static str],
    takes: Takes,
    brief: &'static str,
    apply: Apply,
) -> Flag<Options, Stop> {
    Flag {
        shorts,
        longs,
        group: 0,
        takes,
        brief,
        apply,
    }
}

/// A switch that only notes something.
macro_rules! switch {
    ($shorts:literal, $long:literal, $brief:literal, $note:expr) => {
        flag($shorts, &[$long], Takes::Nothing, $brief, |options, _| {
            let note: fn(&mut Options) = $note;
            note(options);
            Ok(())
        })
    };
}

/// An option with a value, which it always has.
macro_rules! valued {
    ($shorts:literal, $longs:expr, $value:literal, $brief:literal, $note:expr) => {
        flag(
            $shorts,
            $longs,
            Takes::Required($value),
            $brief,
            |options, value| {
                let note: fn(&mut Options, &OsStr) -> Result<(), Stop> = $note;
                note(options, value.unwrap_or_default())
            },
        )
    };
}

/// Every option.
pub(crate) static FLAGS: &[Flag<Options, Stop>] = &[
    switch!(b"n", "numeric", "do not turn numbers into names", |o| o
        .numeric =
        true),
    switch!(b"r", "resolve", "look up host names", |o| o.resolve = true),
    switch!(b"o", "options", "show timers", |o| o.show.timers = true),
    switch!(
        b"e",
        "extended",
        "show details: owner, inode, cookie and more",
        |o| {
            o.show.details = true;
            o.show.timers = true;
        }
    ),
    switch!(b"m", "memory", "show socket memory", |o| o.show.memory =
        true),
    switch!(b"i", "info", "show TCP internals", |o| o.show.internals =
        true),
    switch!(b"p", "processes", "show who holds a socket", |o| o
        .show
        .processes =
        true),
    switch!(b"T", "threads", "show threads that hold a socket", |o| o
        .show
        .threads =
        true),
    switch!(b"b", "bpf", "show filters of packet sockets", |o| {
        o.show.packet_filters = true;
        o.show.timers = true;
    }),
    switch!(b"E", "events", "show sockets as they are closed", |o| o
        .events =
        true),
    switch!(b"t", "tcp", "list TCP sockets", |o| o
        .add_table(TableSet::TCP)),
    switch!(b"S", "sctp", "list SCTP sockets", |o| o
        .add_table(TableSet::SCTP)),
    switch!(b"u", "udp", "list UDP sockets", |o| o
        .add_table(TableSet::UDP)),
    switch!(b"w", "raw", "list raw sockets", |o| o
        .add_table(TableSet::RAW)),
    switch!(b"x", "unix", "list unix sockets", |o| o
        .add_family(Family::Unix)),
    switch!(b"", "tipc", "list TIPC sockets", |o| o
        .add_family(Family::Tipc)),
    switch!(b"", "vsock", "list vsock sockets", |o| o
        .add_family(Family::Vsock)),
    switch!(b"a", "all", "list sockets in every state", |o| o
        .all_states()),
    switch!(b"l", "listening", "list only listening sockets", |o| o
        .listening()),
    switch!(
        b"B",
        "bound-inactive",
        "list only TCP sockets that are bound and neither listen nor connect",
        |o| o.bound_inactive()
    ),
    switch!(b"4", "ipv4", "list only IPv4 sockets", |o| o
        .add_family(Family::Inet)),
    switch!(b"6", "ipv6", "list only IPv6 sockets", |o| o
        .add_family(Family::Inet6)),
    switch!(b"0", "packet", "list packet sockets", |o| o
        .add_family(Family::Link)),
    valued!(
        b"f",
        &["family"],
        "FAMILY",
        "list sockets of one family",
        |o, name| o.name_family(name)
    ),
    valued!(
        b"A",
        &["socket", "query"],
        "QUERY",
        "list these tables",
        |o, list| o.query(list)
    ),
    switch!(b"s", "summary", "print counts of sockets", |o| o.summary =
        true),
    valued!(
        b"D",
        &["diag"],
        "FILE",
        "write the kernel's raw answers about TCP to a file",
        |o, file| {
            o.record = Some(file.to_owned());
            Ok(())
        }
    ),
    valued!(
        b"F",
        &["filter"],
        "FILE",
        "read the filter from a file",
        |o, file| {
            o.pending = Some(Pending::FilterFile(file.to_owned()));
            Ok(())
        }
    ),
    flag(
        b"Vv",
        &["version"],
        Takes::Nothing,
        "print the version",
        |_, _| Err(Stop::Version),
    ),
    flag(
        b"h",
        &["help"],
        Takes::Nothing,
        "print this text",
        |_, _| Err(Stop::Help),
    ),
    switch!(
        b"Z",
        "context",
        "show the security contexts of processes",
        |o| o.contexts(false)
    ),
    switch!(
        b"z",
        "contexts",
        "show the security contexts of processes and sockets",
        |o| o.contexts(true)
    ),
    valued!(
        b"N",
        &["net"],
        "NAME",
        "enter a network namespace",
        |o, name| {
            o.pending = Some(Pending::Namespace(name.to_owned()));
            Ok(())
        }
    ),
    switch!(b"", "tipcinfo", "show TIPC internals", |o| o.show.tipc =
        true),
    switch!(b"", "tos", "show type of service and priority", |o| o
        .show
        .tos =
        true),
    switch!(b"", "cgroup", "show cgroups", |o| o.show.cgroup = true),
    switch!(b"K", "kill", "close the sockets, then list them", |o| o
        .kill =
        true),
    switch!(b"H", "no-header", "print no header line", |o| o.no_header =
        true),
    switch!(b"Q", "no-queues", "leave out the queue columns", |o| o
        .no_queues =
        true),
    switch!(b"", "xdp", "list XDP sockets", |o| o
        .add_family(Family::Xdp)),
    switch!(b"M", "mptcp", "list MPTCP sockets", |o| o
        .add_table(TableSet::MPTCP)),
    switch!(b"O", "oneline", "print each socket on one line", |o| o
        .show
        .one_line =
        true),
    switch!(b"", "inet-sockopt", "show Internet socket options", |o| o
        .show
        .socket_options =
        true),
    switch!(
        b"",
        "bpf-maps",
        "show what BPF programs stored at sockets",
        |o| o.pending = Some(Pending::AllMaps)
    ),
    valued!(
        b"",
        &["bpf-map-id"],
        "ID",
        "show what one BPF map stores at sockets",
        |o, id| {
            o.pending = Some(Pending::Map(id.to_owned()));
            Ok(())
        }
    ),
];
