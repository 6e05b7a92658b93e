//! The option table: what each option is called and what it notes.
//!
//! Its order is the order in which long names stand in a message about an ambiguous abbreviation.

use std::ffi::OsStr;

use applet::{Flag, Takes};

use crate::options::{Options, Stop};

/// The switches of families count as one option: an abbreviation that fits several takes the
/// first.
const FAMILIES: u8 = 1;

type Apply = fn(&mut Options, Option<&OsStr>) -> Result<(), Stop>;

const fn flag(
    shorts: &'static [u8],
    longs: &'static [&'static str],
    group: u8,
    brief: &'static str,
    apply: Apply,
) -> Flag<Options, Stop> {
    Flag {
        shorts,
        longs,
        group,
        takes: Takes::Nothing,
        brief,
        apply,
    }
}

/// A switch that only notes something.
macro_rules! switch {
    ($shorts:literal, $longs:expr, $brief:literal, $note:expr) => {
        flag($shorts, $longs, 0, $brief, |options, _| {
            let note: fn(&mut Options) = $note;
            note(options);
            Ok(())
        })
    };
}

/// A switch that stands for `-A FAMILY`.
macro_rules! family {
    ($shorts:literal, $longs:expr, $family:literal, $brief:literal) => {
        flag($shorts, $longs, FAMILIES, $brief, |options, _| {
            options.add_families(OsStr::new($family))
        })
    };
}

/// Every option.
pub(crate) static FLAGS: &[Flag<Options, Stop>] = &[
    family!(b"", &["ax25"], "ax25", "AX.25 sockets or routes"),
    family!(b"", &["x25"], "x25", "X.25 sockets or routes"),
    family!(b"", &["ip"], "ip", "the same as --inet"),
    family!(b"", &["ipx"], "ipx", "IPX sockets or routes"),
    family!(b"", &["appletalk"], "appletalk", "AppleTalk routes"),
    family!(b"", &["netrom"], "netrom", "NET/ROM sockets or routes"),
    family!(b"4", &["inet"], "inet", "IPv4 only"),
    family!(b"6", &["inet6"], "inet6", "IPv6 only"),
    family!(b"", &["ddp"], "ddp", "the same as --appletalk"),
    family!(b"", &["rose"], "rose", "ROSE sockets or routes"),
    family!(b"", &["unix"], "unix", "unix sockets"),
    family!(b"", &["bluetooth"], "bluetooth", "Bluetooth sockets"),
    family!(b"", &["tcpip"], "tcpip", "the same as --inet"),
    flag(
        b"V",
        &["version"],
        0,
        "print the version and end",
        |_, _| Err(Stop::Version),
    ),
    switch!(b"i", &["interfaces"], "list network interfaces", |o| {
        o.interfaces = true;
        o.modes += 1;
    }),
    flag(b"h", &["help"], 0, "print a short help and end", |_, _| {
        Err(Stop::Help)
    }),
    switch!(b"r", &["route"], "list routes", |o| {
        o.route = true;
        o.modes += 1;
    }),
    switch!(b"M", &["masquerade"], "list masqueraded connections", |o| {
        o.masquerade = true;
        o.modes += 1;
    }),
    Flag {
        shorts: b"A",
        longs: &["protocol"],
        group: 0,
        takes: Takes::Required("FAMILY[,FAMILY...]"),
        brief: "only these address families",
        apply: |options, value| options.add_families(value.unwrap_or_default()),
    },
    switch!(
        b"t",
        &["tcp"],
        "TCP sockets; with -s the counters of TCP",
        |o| o.tcp = true
    ),
    switch!(
        b"S",
        &["sctp"],
        "SCTP sockets; with -s the counters of SCTP",
        |o| o.sctp = true
    ),
    switch!(
        b"u",
        &["udp"],
        "UDP sockets; with -s the counters of UDP",
        |o| o.udp = true
    ),
    switch!(b"U", &["udplite"], "UDP-Lite sockets", |o| o.udplite = true),
    switch!(
        b"w",
        &["raw"],
        "raw sockets; with -s the counters of IP and ICMP",
        |o| o.raw = true
    ),
    flag(b"x", &["unix"], 0, "unix sockets", |options, _| {
        options.add_unix()
    }),
    switch!(b"2", &["l2cap"], "Bluetooth L2CAP sockets", |o| o.l2cap =
        true),
    switch!(b"f", &["rfcomm"], "Bluetooth RFCOMM sockets", |o| o
        .rfcomm =
        true),
    switch!(b"l", &["listening"], "only sockets without a peer", |o| o
        .listening =
        true),
    switch!(b"a", &["all"], "sockets with and without a peer", |o| o
        .all =
        true),
    switch!(b"o", &["timers"], "add the timer of each socket", |o| o
        .timers =
        true),
    switch!(b"c", &["continuous"], "list again each second", |o| o
        .continuous =
        true),
    switch!(
        b"e",
        &["extend"],
        "add users and inodes; elsewhere, more columns",
        |o| o.extend += 1
    ),
    switch!(
        b"p",
        &["programs"],
        "add the process that holds each socket",
        |o| o.programs = true
    ),
    switch!(
        b"v",
        &["verbose"],
        "tell which tables this system lacks",
        |o| o.verbose = true
    ),
    switch!(
        b"s",
        &["statistics"],
        "list the counters of the protocols",
        |o| {
            o.statistics = true;
            o.modes += 1;
        }
    ),
    switch!(b"", &["notrim"], "the same as --wide", |o| o.wide = true),
    switch!(b"W", &["wide"], "do not cut addresses, nor paths", |o| o
        .wide =
        true),
    switch!(b"n", &["numeric"], "no names for numbers", |o| {
        o.numeric_hosts = true;
        o.numeric_ports = true;
        o.numeric_users = true;
    }),
    switch!(b"", &["numeric-hosts"], "no names for addresses", |o| o
        .numeric_hosts =
        true),
    switch!(b"", &["numeric-ports"], "no names for ports", |o| o
        .numeric_ports =
        true),
    switch!(b"", &["numeric-users"], "no names for users", |o| o
        .numeric_users =
        true),
    switch!(
        b"N",
        &["symbolic"],
        "names for hardware; makes routes numeric",
        |o| o.symbolic = true
    ),
    switch!(b"C", &["cache"], "with -r, the cache of routes", |o| o
        .cache =
        true),
    switch!(b"F", &["fib"], "with -r, the table of routes", |o| o.fib =
        true),
    switch!(b"g", &["groups"], "multicast groups", |o| o.groups = true),
    flag(
        b"Z",
        &["context"],
        0,
        "add the SELinux context of each process",
        |options, _| {
            options.context = true;
            options.programs = true;
            Err(Stop::Context)
        },
    ),
    switch!(b"d", &[], "accepted and ignored", |_| {}),
    flag(b"?", &[], 0, "print the help as an error", |_, _| {
        Err(Stop::Usage)
    }),
];

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use applet::{Getopt, Item};

    use super::*;
    use crate::usage::USAGE;

    #[test]
    fn every_long_option_of_the_usage_text_is_in_the_table() {
        let mut found = 0;
        for word in USAGE.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) else {
                continue;
            };
            let known = FLAGS.iter().any(|flag| flag.longs.contains(&name));
            assert!(known, "{name}");
            found += 1;
        }
        assert!(found > 30);
    }

    #[test]
    fn every_documented_short_option_of_the_table_is_in_the_usage_text() {
        // No line of its own: the versions of IP, which the text has in its last lines.
        for flag in FLAGS
            .iter()
            .filter(|flag| !matches!(flag.shorts, b"" | b"d" | b"2" | b"f" | b"?"))
        {
            let letter = char::from(flag.shorts[0]);
            let told =
                USAGE.contains(&format!("-{letter}")) || USAGE.contains(&format!("|-{letter}"));
            assert!(told, "{letter}");
        }
    }

    fn message(word: &str) -> String {
        let words = [OsString::from(word)];
        match Getopt::new(FLAGS, &words, false).next() {
            Some(Item::Error(error)) => {
                String::from_utf8_lossy(&error.message(OsStr::new("netstat"))).into_owned()
            }
            Some(Item::Flag { flag, .. }) => format!("taken as {:?}", flag.longs),
            _ => "nothing".to_owned(),
        }
    }

    #[test]
    fn families_do_not_conflict_in_an_abbreviation() {
        assert_eq!(message("--ine"), "taken as [\"inet\"]");
        assert_eq!(message("--ap"), "taken as [\"appletalk\"]");
        assert_eq!(message("--x"), "taken as [\"x25\"]");
        assert_eq!(
            message("--in"),
            "netstat: option '--in' is ambiguous; possibilities: '--inet' '--interfaces'\n"
        );
        assert_eq!(
            message("--u"),
            "netstat: option '--u' is ambiguous; possibilities: '--unix' '--udp' '--udplite' '--unix'\n"
        );
    }
}
