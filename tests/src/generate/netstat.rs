//! Random command lines of netstat: modes, tables, families, columns, and malformed words.

use super::{Pool, Spelling, join_clusters, only_long, only_short, option, spell};
use crate::case::Case;
use crate::random::Dice;
use crate::tool::Tool;

const SOCKETS: &[(usize, Spelling)] = &[
    (10, option('t', "tcp")),
    (8, option('u', "udp")),
    (5, option('w', "raw")),
    (5, option('x', "unix")),
    (3, option('U', "udplite")),
    (1, option('S', "sctp")),
    (2, option('g', "groups")),
    (6, only_short('4')),
    (6, only_short('6')),
    (1, option('2', "l2cap")),
    (1, option('f', "rfcomm")),
    (2, only_long("inet")),
    (2, only_long("inet6")),
    (1, only_long("ip")),
    (1, only_long("tcpip")),
    (1, only_long("unix")),
    (1, only_long("ax25")),
    (1, only_long("x25")),
    (1, only_long("ipx")),
    (1, only_long("appletalk")),
    (1, only_long("netrom")),
    (1, only_long("ddp")),
    (1, only_long("rose")),
    (1, only_long("bluetooth")),
];

const MODES: &[(usize, Spelling)] = &[
    (8, option('r', "route")),
    (8, option('i', "interfaces")),
    (8, option('s', "statistics")),
    (2, option('M', "masquerade")),
    (4, option('g', "groups")),
];

const SWITCHES: &[(usize, Spelling)] = &[
    (20, option('n', "numeric")),
    (14, option('a', "all")),
    (8, option('l', "listening")),
    (12, option('e', "extend")),
    (8, option('o', "timers")),
    (8, option('p', "programs")),
    (4, option('W', "wide")),
    (4, option('v', "verbose")),
    (2, only_long("numeric-hosts")),
    (2, only_long("numeric-ports")),
    (2, only_long("numeric-users")),
    (2, option('N', "symbolic")),
    (2, option('C', "cache")),
    (2, option('F', "fib")),
    (1, only_short('d')),
    (1, only_long("program")),
];

/// Options that end the program, and what is no option.
const RARE: &[&str] = &[
    "-V",
    "--version",
    "-h",
    "--help",
    "-?",
    "-Z",
    "--context",
    "-Q",
    "--foo",
    "--foo=1",
    "--u",
    "--in",
    "--num",
    "--r",
    "--a",
    "--l",
    "--s",
    "--pro",
    "--co",
    "--tc",
    "--ro",
    "--ver",
    "--n",
    "--not",
    "--notrim",
    "--route=1",
    "--conte=5",
    "--=3",
    "-A",
    "--protocol",
    "-T",
    "-5",
    "--ip6",
    "--e",
    "--w",
    "--m",
    "--h",
    "--b",
    "--x",
    "--ap",
    "--uni",
    "-n--tcp",
    "--program",
    "-é",
    "--in=3",
];

const FAMILIES: &[&str] = &[
    "inet",
    "inet6",
    "ip",
    "ip6",
    "unix",
    "tcpip",
    "ax25",
    "ipx",
    "rose",
    "appletalk",
    "netrom",
    "ddp",
    "econet",
    "x25",
    "ash",
    "bluetooth",
];

pub(super) fn case(dice: &mut Dice, pool: &Pool) -> Case {
    let mut options: Vec<Vec<String>> = Vec::new();
    let pick = |dice: &mut Dice, table: &'static [(usize, Spelling)]| {
        let weights: Vec<_> = table
            .iter()
            .map(|(weight, option)| (*weight, option))
            .collect();
        dice.weighted(&weights)
    };
    if dice.chance(40) {
        for _ in 0..=usize::from(dice.chance(4)) {
            let mode = pick(dice, MODES);
            options.push(spell(dice, mode, None));
        }
    }
    for _ in 0..dice.below(4) {
        let table = pick(dice, SOCKETS);
        options.push(spell(dice, table, None));
    }
    for _ in 0..dice.below(6) {
        let switch = pick(dice, SWITCHES);
        options.push(spell(dice, switch, None));
    }
    if dice.chance(15) {
        let list = families(dice);
        options.push(spell(dice, &option('A', "protocol"), Some(&list)));
    }
    if dice.chance(7) {
        options.push(vec![dice.one_of(RARE).to_owned()]);
    }
    if dice.chance(5) {
        let word = match dice.below(3) {
            0 => dice.one_of(&["foo", "-", "", "--", "eth0"]).to_owned(),
            1 => pool.device(dice),
            _ => pool.port(dice),
        };
        options.push(vec![word]);
    }
    dice.shuffle(&mut options);
    let words = options.concat();
    let mut case = Case::new(Tool::Netstat, join_clusters(dice, words));
    if dice.chance(2) {
        case = case.with("POSIXLY_CORRECT", "1");
    }
    if dice.chance(2) {
        case = case.with("COLUMNS", "60");
    }
    if dice.chance(3) {
        case.output = crate::protocol::Output::Terminal(80);
    }
    case
}

fn families(dice: &mut Dice) -> String {
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..=dice.below(3) {
        names.push(match dice.below(20) {
            0 => dice.one_of(&["foo", "", "INET", "ec", "inet4"]),
            1..=12 => dice.one_of(&["inet", "inet6", "unix", "ip", "ip6"]),
            _ => dice.one_of(FAMILIES),
        });
    }
    names.join(",")
}
