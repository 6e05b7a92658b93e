//! Decides what options mean together: which listing wins, which tables are shown.

use crate::families::Family;
use crate::options::Options;
use crate::plan::{Mode, Numeric, Plan, Rows, Sections, Tables};

/// The plan of a command line; `None`: more than one listing was asked for.
pub(crate) fn resolve(options: &Options) -> Option<Plan> {
    if options.modes > 1 {
        return None;
    }
    let mode = if options.masquerade {
        Mode::Masquerade
    } else if options.statistics {
        Mode::Statistics
    } else if options.route {
        Mode::Routes
    } else if options.interfaces {
        Mode::Interfaces
    } else {
        Mode::Sockets
    };
    let selection = select(options);
    Some(Plan {
        mode,
        tables: selection.tables,
        explicit: selection.explicit,
        quiet_absence: selection.quiet_absence,
        rows: if options.all {
            Rows::All
        } else if options.listening {
            Rows::Listening
        } else {
            Rows::Connected
        },
        numeric: Numeric {
            hosts: options.numeric_hosts,
            ports: options.numeric_ports,
            users: options.numeric_users,
        },
        extend: options.extend,
        programs: options.programs,
        context: options.context,
        timers: options.timers,
        wide: options.wide,
        verbose: options.verbose,
        continuous: options.continuous,
        all: options.all,
        symbolic: options.symbolic,
        fib: options.fib,
        cache: options.cache,
        families: options.families.as_slice().to_vec(),
        sections: sections(options),
    })
}

fn sections(options: &Options) -> Sections {
    let all = !(options.tcp || options.sctp || options.udp || options.udplite || options.raw);
    Sections {
        tcp: all || options.tcp,
        udp: all || options.udp,
        sctp: all || options.sctp,
        raw: all || options.raw,
    }
}

struct Selection {
    tables: Tables,
    explicit: bool,
    quiet_absence: bool,
}

/// Which tables of the socket listing are shown, and how seriously an absent one is taken.
fn select(options: &Options) -> Selection {
    let named = |family| options.families.has(family);
    let mut v4 = named(Family::Inet);
    let mut v6 = named(Family::Inet6);
    let mut tables = Tables {
        tcp: options.tcp,
        sctp: options.sctp,
        udp: options.udp,
        udplite: options.udplite,
        raw: options.raw,
        groups: options.groups,
        unix: named(Family::Unix),
        ipx: named(Family::Ipx),
        ax25: named(Family::Ax25),
        x25: named(Family::X25),
        netrom: named(Family::Netrom),
        rose: named(Family::Rose),
        l2cap: options.l2cap,
        rfcomm: options.rfcomm,
        v4,
        v6,
    };
    let quiet_absence = (v4 || v6) && !tables.internet();
    if quiet_absence {
        (tables.tcp, tables.sctp, tables.udp) = (true, true, true);
        (tables.udplite, tables.raw) = (true, true);
    }
    if (tables.internet() || tables.groups) && !v4 && !v6 {
        (v4, v6) = (true, true);
    }
    if named(Family::Bluetooth) && !tables.l2cap && !tables.rfcomm {
        (tables.l2cap, tables.rfcomm) = (true, true);
    }
    let others = [
        tables.unix,
        tables.ipx,
        tables.ax25,
        tables.x25,
        tables.netrom,
        tables.rose,
    ];
    let explicit = tables.internet()
        || tables.groups
        || tables.l2cap
        || tables.rfcomm
        || others.contains(&true);
    if !explicit {
        tables = Tables {
            tcp: true,
            sctp: true,
            udp: true,
            udplite: true,
            raw: true,
            groups: false,
            unix: true,
            ipx: true,
            ax25: true,
            x25: true,
            netrom: true,
            rose: true,
            l2cap: true,
            rfcomm: true,
            v4: true,
            v6: true,
        };
    } else {
        (tables.v4, tables.v6) = (v4, v6);
    }
    Selection {
        tables,
        explicit,
        quiet_absence,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use applet::{Getopt, Item};

    use super::*;
    use crate::flags::FLAGS;

    fn plan(line: &str) -> Option<Plan> {
        let words: Vec<OsString> = line.split_whitespace().map(Into::into).collect();
        let mut options = Options::default();
        for item in Getopt::new(FLAGS, &words, false) {
            if let Item::Flag { flag, value } = item {
                (flag.apply)(&mut options, value).expect("no early end in these lines");
            }
        }
        resolve(&options)
    }

    /// The tables as letters: those of the options, `4` and `6` for rows, `o` for the obsolete
    /// families together.
    fn tables(line: &str) -> String {
        let plan = plan(line).unwrap();
        let tables = plan.tables;
        let all = [
            ('t', tables.tcp),
            ('S', tables.sctp),
            ('u', tables.udp),
            ('U', tables.udplite),
            ('w', tables.raw),
            ('g', tables.groups),
            ('x', tables.unix),
            (
                'o',
                tables.ipx && tables.ax25 && tables.x25 && tables.netrom && tables.rose,
            ),
            ('2', tables.l2cap),
            ('f', tables.rfcomm),
            ('4', tables.v4),
            ('6', tables.v6),
        ];
        all.iter()
            .filter(|(_, shown)| *shown)
            .map(|(letter, _)| letter)
            .collect()
    }

    #[test]
    fn without_a_selection_everything_but_groups_is_shown() {
        assert_eq!(tables(""), "tSuUwxo2f46");
        assert_eq!(tables("-n -a"), "tSuUwxo2f46");
        assert_eq!(tables("-A ddp"), "tSuUwxo2f46");
        assert!(!plan("-A ddp,ash").unwrap().explicit);
    }

    #[test]
    fn a_version_of_ip_selects_all_protocols_and_silences_absence() {
        assert_eq!(tables("-4"), "tSuUw4");
        assert_eq!(tables("-64"), "tSuUw46");
        assert_eq!(tables("-4x"), "tSuUwx4");
        assert!(plan("-4 -x").unwrap().quiet_absence);
        assert!(!plan("-4t").unwrap().quiet_absence);
        assert_eq!(tables("-6t"), "t6");
    }

    #[test]
    fn groups_alone_show_both_versions_and_with_one_version_its_sockets_too() {
        assert_eq!(tables("-gn"), "g46");
        assert_eq!(tables("-g4"), "tSuUwg4");
        assert_eq!(tables("-gx"), "gx46");
        assert_eq!(tables("-gt"), "tg46");
    }

    #[test]
    fn bluetooth_is_both_of_its_tables_unless_one_is_named() {
        assert_eq!(tables("--bluetooth"), "2f");
        assert_eq!(tables("--bluetooth -f"), "f");
    }

    #[test]
    fn two_modes_are_refused_even_when_they_are_the_same() {
        for line in ["-r -i", "-rr", "-ss", "-rM", "-is"] {
            assert!(plan(line).is_none(), "{line}");
        }
        assert_eq!(plan("-rg").unwrap().mode, Mode::Routes);
        assert_eq!(plan("-i -t").unwrap().mode, Mode::Interfaces);
    }

    #[test]
    fn all_beats_listening_in_either_order() {
        assert_eq!(plan("-al").unwrap().rows, Rows::All);
        assert_eq!(plan("-la").unwrap().rows, Rows::All);
        assert_eq!(plan("-l").unwrap().rows, Rows::Listening);
    }

    #[test]
    fn udplite_switches_the_sections_of_the_statistics_off_and_has_none() {
        assert_eq!(plan("-sU").unwrap().sections, Sections::default());
        let all = plan("-s").unwrap().sections;
        assert!(all.tcp && all.udp && all.sctp && all.raw);
    }
}
