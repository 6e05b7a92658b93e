//! Random command lines of ss: tables, families, states, details, and filter expressions.

use super::{Pool, Spelling, join_clusters, only_long, option, spell};
use crate::case::Case;
use crate::protocol::Output;
use crate::random::Dice;
use crate::tool::Tool;

const TABLES: &[(usize, Spelling)] = &[
    (10, option('t', "tcp")),
    (6, option('u', "udp")),
    (4, option('x', "unix")),
    (3, option('w', "raw")),
    (1, option('S', "sctp")),
    (2, option('M', "mptcp")),
    (3, option('0', "packet")),
    (4, option('4', "ipv4")),
    (4, option('6', "ipv6")),
    (1, only_long("tipc")),
    (1, only_long("vsock")),
    (1, only_long("xdp")),
];

const SWITCHES: &[(usize, Spelling)] = &[
    (14, option('n', "numeric")),
    (2, option('r', "resolve")),
    (14, option('a', "all")),
    (8, option('l', "listening")),
    (2, option('B', "bound-inactive")),
    (6, option('o', "options")),
    (8, option('e', "extended")),
    (6, option('m', "memory")),
    (8, option('p', "processes")),
    (3, option('T', "threads")),
    (8, option('i', "info")),
    (2, option('s', "summary")),
    (2, option('b', "bpf")),
    (6, option('H', "no-header")),
    (4, option('Q', "no-queues")),
    (6, option('O', "oneline")),
    (3, only_long("tos")),
    (3, only_long("cgroup")),
    (1, only_long("tipcinfo")),
    (3, only_long("inet-sockopt")),
    (1, only_long("bpf-maps")),
];

/// Options that end the program or change little, now and then.
const RARE: &[&str] = &[
    "-V",
    "-v",
    "-h",
    "--help",
    "--version",
    "-Z",
    "-z",
    "--context",
    "-q",
    "--foo",
    "--t",
    "--n",
    "--con",
    "--s",
    "--tcp=1",
    "-f",
    "--query",
    "-N",
    "-d",
    "--dccp",
    "--d",
    "-F",
    "--bpf-map-id=x",
    "--bpf-map-id=0",
    "-1",
    "--",
    "-",
    "--=3",
    "-é",
];

const TABLE_NAMES: &[&str] = &[
    "all",
    "inet",
    "tcp",
    "mptcp",
    "udp",
    "sctp",
    "raw",
    "netlink",
    "tipc",
    "xdp",
    "unix",
    "unix_stream",
    "u_str",
    "unix_dgram",
    "u_dgr",
    "unix_seqpacket",
    "u_seq",
    "packet",
    "packet_raw",
    "p_raw",
    "packet_dgram",
    "p_dgr",
    "vsock",
    "vsock_stream",
    "v_str",
    "vsock_dgram",
    "v_dgr",
];

const FAMILIES: &[&str] = &[
    "inet", "inet6", "link", "unix", "netlink", "tipc", "vsock", "xdp", "help", "foo", "INET", "",
];

const STATES: &[&str] = &[
    "established",
    "syn-sent",
    "syn-recv",
    "syn-rcv",
    "fin-wait-1",
    "fin-wait-2",
    "time-wait",
    "unconnected",
    "close",
    "closed",
    "close-wait",
    "last-ack",
    "listening",
    "closing",
    "bound-inactive",
    "unknown",
    "all",
    "connected",
    "synchronized",
    "bucket",
    "big",
    "ESTABLISHED",
    "Listening",
    "listen",
    "foo",
    "new-syn-recv",
];

pub(super) fn case(dice: &mut Dice, pool: &Pool) -> Case {
    let mut options: Vec<Vec<String>> = Vec::new();
    let some = |dice: &mut Dice, most: usize| dice.below(most + 1);
    for _ in 0..some(dice, 2) {
        let weights: Vec<_> = TABLES
            .iter()
            .map(|(weight, table)| (*weight, table))
            .collect();
        let table = dice.weighted(&weights);
        options.push(spell(dice, table, None));
    }
    for _ in 0..some(dice, 5) {
        let weights: Vec<_> = SWITCHES
            .iter()
            .map(|(weight, switch)| (*weight, switch))
            .collect();
        let switch = dice.weighted(&weights);
        options.push(spell(dice, switch, None));
    }
    if dice.chance(10) {
        let name = dice.one_of(FAMILIES);
        options.push(spell(dice, &option('f', "family"), Some(name)));
    }
    if dice.chance(15) {
        let list = table_list(dice);
        options.push(spell(dice, &option('A', "query"), Some(&list)));
    }
    if dice.chance(2) {
        let name = dice.one_of(&["nosuch", "", "a/b"]);
        options.push(spell(dice, &option('N', "net"), Some(name)));
    }
    if dice.chance(2) {
        let name = dice.one_of(&["-", "/nosuch/x", "/dev/null", "/dev/full"]);
        options.push(spell(dice, &option('D', "diag"), Some(name)));
    }
    if dice.chance(6) {
        options.push(vec![dice.one_of(RARE).to_owned()]);
    }
    let mut stdin = Vec::new();
    if dice.chance(3) {
        let name = dice.one_of(&["-", "-x", "/nosuch", "/dev/null", "/"]);
        options.push(spell(dice, &option('F', "filter"), Some(name)));
        for _ in 0..some(dice, 3) {
            stdin.extend_from_slice(filter_line(dice, pool).as_bytes());
        }
    }
    let filter = filter(dice, pool);
    // A kill that kills nothing: a port that nobody has.
    let mut filter = filter;
    if dice.chance(1) {
        options.push(spell(dice, &option('K', "kill"), None));
        filter = vec!["sport".to_owned(), "=".to_owned(), ":1".to_owned()];
        stdin.clear();
    }
    dice.shuffle(&mut options);
    let place = if dice.chance(15) {
        dice.below(options.len() + 1)
    } else {
        options.len()
    };
    options.insert(place, filter);
    let words = options.concat();
    let mut case = Case::new(Tool::Ss, join_clusters(dice, words));
    case.stdin = stdin;
    surroundings(dice, case)
}

/// Environment and terminal.
fn surroundings(dice: &mut Dice, mut case: Case) -> Case {
    if dice.chance(12) {
        let columns = match dice.below(8) {
            0 => dice
                .one_of(&["0", "", "x", "100x", "-5", "99999", " 90"])
                .to_owned(),
            _ => dice.below(220).to_string(),
        };
        case = case.with("COLUMNS", columns);
    }
    if dice.chance(4) {
        let columns = *dice.one_of(&[&0, &1, &40, &80, &100, &120, &132, &200]);
        case = case.to(Output::Terminal(columns));
    }
    if dice.chance(2) {
        case = case.with("POSIXLY_CORRECT", "1");
    }
    if dice.chance(4) {
        let (name, value) = dice.weighted(&[
            (3, ("PROC_ROOT", "/proc")),
            (1, ("PROC_ROOT", "/nosuch")),
            (1, ("PROC_ROOT", "")),
            (1, ("PROC_NET_TCP", "/proc/net/tcp")),
            (1, ("PROC_NET_TCP6", "/proc/net/tcp6")),
            (1, ("PROC_NET_UDP", "/proc/net/udp")),
            (1, ("PROC_NET_RAW", "/proc/net/raw")),
            (1, ("PROC_NET_UNIX", "/proc/net/unix")),
            (1, ("PROC_NET_PACKET", "/proc/net/packet")),
            (1, ("PROC_NET_NETLINK", "/proc/net/netlink")),
            (1, ("PROC_NET_MPTCP", "/nosuch")),
            (1, ("PROC_NET_SOCKSTAT", "/nosuch")),
            (1, ("PROC_NET_SNMP", "/nosuch")),
            (1, ("PROC_IP_LOCAL_PORT_RANGE", "/nosuch")),
            (1, ("TCPDIAG_FILE", "/nosuch")),
            (1, ("TCPDIAG_FILE", "/dev/null")),
        ]);
        case = case.with(name, value);
    }
    case
}

fn table_list(dice: &mut Dice) -> String {
    let mut items = Vec::new();
    for _ in 0..=dice.below(3) {
        let not = if dice.chance(12) { "!" } else { "" };
        let name = if dice.chance(3) {
            dice.one_of(&["foo", "TCP", ""])
        } else {
            dice.one_of(TABLE_NAMES)
        };
        items.push(format!("{not}{name}"));
    }
    items.join(",")
}

/// State words and an expression, or nothing.
fn filter(dice: &mut Dice, pool: &Pool) -> Vec<String> {
    let mut words = Vec::new();
    while dice.chance(if words.is_empty() { 22 } else { 25 }) {
        words.push(
            dice.weighted(&[(6, "state"), (2, "exclude"), (1, "excl")])
                .to_owned(),
        );
        if !dice.chance(1) {
            words.push(dice.one_of(STATES).to_owned());
        }
    }
    if dice.chance(38) {
        let expression = expression(dice, pool, 2);
        // Separate words, one word, or something between.
        match dice.below(4) {
            0 => words.push(expression.join(" ")),
            1 => {
                for word in expression {
                    match words.last_mut() {
                        Some(last) if dice.chance(50) && last.contains(' ') => {
                            last.push(' ');
                            last.push_str(&word);
                        }
                        _ => words.push(word),
                    }
                }
            }
            _ => words.extend(expression),
        }
    }
    words
}

fn filter_line(dice: &mut Dice, pool: &Pool) -> String {
    let start = dice.weighted(&[(8, ""), (1, "#"), (1, "0 "), (1, "  "), (1, "\t")]);
    let joint = dice.weighted(&[(4, ""), (2, "or "), (2, "and ")]);
    let end = dice.weighted(&[(8, "\n"), (1, " \n"), (1, "\r\n"), (1, "")]);
    format!("{start}{joint}{}{end}", condition(dice, pool).join(" "))
}

fn expression(dice: &mut Dice, pool: &Pool, depth: usize) -> Vec<String> {
    let mut words = term(dice, pool, depth);
    while dice.chance(35) {
        let joint = dice.weighted(&[
            (4, "or"),
            (4, "and"),
            (1, "|"),
            (1, "||"),
            (1, "&"),
            (1, "&&"),
            (2, ""),
        ]);
        if !joint.is_empty() {
            words.push(joint.to_owned());
        }
        words.extend(term(dice, pool, depth));
    }
    words
}

fn term(dice: &mut Dice, pool: &Pool, depth: usize) -> Vec<String> {
    let mut words = Vec::new();
    while dice.chance(12) {
        words.push(dice.one_of(&["not", "!"]).to_owned());
    }
    if depth > 0 && dice.chance(15) {
        words.push("(".to_owned());
        words.extend(expression(dice, pool, depth - 1));
        words.push(")".to_owned());
    } else {
        words.extend(condition(dice, pool));
    }
    words
}

fn condition(dice: &mut Dice, pool: &Pool) -> Vec<String> {
    let word = |text: &str| text.to_owned();
    let operator = |dice: &mut Dice| {
        dice.weighted(&[
            (6, "="),
            (2, "=="),
            (1, "eq"),
            (2, "!="),
            (1, "ne"),
            (1, "neq"),
            (2, ">="),
            (1, "ge"),
            (1, "geq"),
            (2, "<="),
            (1, "le"),
            (1, "leq"),
            (2, ">"),
            (1, "gt"),
            (2, "<"),
            (1, "lt"),
        ])
        .to_owned()
    };
    match dice.weighted(&[(10, 0), (12, 1), (3, 2), (2, 3), (1, 4), (2, 5), (1, 6)]) {
        0 => {
            let mut words = vec![word(dice.one_of(&["src", "dst"]))];
            if dice.chance(20) {
                words.push(if dice.chance(90) {
                    word("=")
                } else {
                    operator(dice)
                });
            }
            words.push(host(dice, pool));
            words
        }
        1 => {
            let mut words = vec![word(dice.one_of(&["sport", "dport"]))];
            if dice.chance(85) {
                words.push(operator(dice));
            }
            words.push(port_word(dice, pool));
            words
        }
        2 => {
            let mut words = vec![word("dev")];
            if dice.chance(50) {
                words.push(word(dice.one_of(&["=", "!=", ">"])));
            }
            words.push(pool.device(dice));
            words
        }
        3 => {
            let mut words = vec![word("fwmark")];
            if dice.chance(50) {
                words.push(word(dice.one_of(&["=", "!=", "ge"])));
            }
            words.push(word(dice.one_of(&[
                "0",
                "1",
                "5",
                "0x10",
                "0x1/0x1",
                "5/",
                "/5",
                "x",
                "42",
                "0x20/0xf0",
                "0/0",
            ])));
            words
        }
        4 => {
            let mut words = vec![word("cgroup")];
            if dice.chance(50) {
                words.push(word(dice.one_of(&["=", "!="])));
            }
            words.push(word(dice.one_of(&["/", "/nosuch", "/sys/fs/cgroup", ""])));
            words
        }
        5 => vec![word("autobound")],
        _ => vec![word(dice.one_of(&[
            "foo", "10.0.0.1", "and", "(", ")", "sport", "=", "state", "\\",
        ]))],
    }
}

fn port_word(dice: &mut Dice, pool: &Pool) -> String {
    let port = pool.port(dice);
    match dice.weighted(&[(12, 0), (10, 1), (2, 2), (2, 3), (2, 4), (1, 5)]) {
        0 => port,
        1 => format!(":{port}"),
        2 => dice
            .one_of(&[
                "ssh", ":ssh", "domain", ":http", "nosuch", "SSH", ":bootpc", "tftp",
            ])
            .to_owned(),
        3 => dice
            .one_of(&[
                "0x16", "026", "*", ":*", "99999", ":-1", "", ":", "+22", "22x", "65536",
            ])
            .to_owned(),
        4 => format!(
            "{}{port}",
            dice.one_of(&["inet:", "inet6:", "unix:", "link:", "netlink:", "vsock:"])
        ),
        _ => dice
            .one_of(&[
                "[22]",
                "[22",
                "10.0.0.1:22",
                "*:22",
                "lo",
                "unix:*",
                "kernel",
            ])
            .to_owned(),
    }
}

fn host(dice: &mut Dice, pool: &Pool) -> String {
    let address = dice.weighted(&[
        (8, "127.0.0.1"),
        (3, "0.0.0.0"),
        (4, "*"),
        (4, ""),
        (3, "[::1]"),
        (2, "[::]"),
        (2, "::1"),
        (2, "[::ffff:127.0.0.1]"),
        (1, "10.0.0.1"),
        (3, "127/8"),
        (2, "127.0.0.0/8"),
        (1, "10.8"),
        (1, "0x7f/8"),
        (1, "127.0.0.1/255.0.0.0"),
        (1, "127.0.0.1/33"),
        (1, "127.0.0.1/255.0.255.0"),
        (1, "300"),
        (1, "2130706433"),
        (1, "0x7f000001"),
        (2, "any"),
        (1, "all"),
        (1, "default"),
        (1, "all/8"),
        (1, "fe80::/10"),
        (1, "[fe80::]/10"),
        (1, "::/0"),
        (1, "0/0"),
        (1, "0.0.0.0/0"),
        (1, "localhost"),
        (1, "nosuch.invalid"),
        (1, "[]"),
        (1, "[::1"),
        (1, "127.0.0.1/"),
        (1, "fe80::1%lo"),
        (1, "127.1"),
        (1, "127.0.0.256"),
        (1, "1.2.3.4.5"),
        (1, "::ffff:127.0.0.1"),
        (1, "224.0.0.251"),
    ]);
    let prefix = dice.weighted(&[(14, ""), (2, "inet:"), (2, "inet6:")]);
    match dice.weighted(&[(10, 0), (8, 1), (4, 2), (2, 3), (2, 4), (1, 5), (1, 6)]) {
        0 => format!("{prefix}{address}"),
        1 => format!(
            "{prefix}{address}:{}",
            port_word(dice, pool).trim_start_matches(':')
        ),
        2 => {
            let glob = dice.one_of(&[
                "*", "", "@*", "/*", "*STREAM*", "*stream*", "?", "*[0-9]*", "/a\\ b", "@?????",
            ]);
            if dice.chance(30) {
                format!("unix:{}", pool.path(dice))
            } else {
                format!("unix:{glob}")
            }
        }
        3 => {
            let name = dice.one_of(&[
                "ip", "IP", "*", "all", "arp", "LLDP", "0x800", "3", "foo", "", "ipv4", "0",
            ]);
            if dice.chance(50) {
                format!("link:{name}:{}", pool.device(dice))
            } else {
                format!("link:{name}")
            }
        }
        4 => {
            let name = dice.one_of(&[
                "genl", "rtnl", "tcpdiag", "*", "16", "0", "foo", "", "audit", "256",
            ]);
            if dice.chance(50) {
                let owner = dice.one_of(&["kernel", "*", "0", "1", "", "x"]);
                format!("netlink:{name}:{owner}")
            } else {
                format!("netlink:{name}")
            }
        }
        5 => format!(
            "vsock:{}",
            dice.one_of(&["*", "2:1024", "*:1024", "1", "x", ""])
        ),
        _ => format!(
            "{prefix}[{}]:{}",
            address.trim_matches(['[', ']']),
            pool.port(dice)
        ),
    }
}
