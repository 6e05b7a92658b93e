//! Filter expressions of ss: random ones over recorded tables and over a scene's sockets, and
//! those whose outcome hangs on a limit.

use std::path::Path;

use conformance::case::Case;
use conformance::fixture::{self, diag};
use conformance::hall::{Hall, built};
use conformance::protocol::Facts;
use conformance::random::Dice;
use conformance::stage::Setting;
use conformance::tool::Tool;

const SEED: u64 = 20_260_101;
/// Random expressions per test.
const RECORDED: u64 = 700;
const LIVE: u64 = 400;
const PORTS: [u16; 11] = [0, 1, 22, 80, 443, 1023, 1024, 32768, 33000, 60999, 65535];

/// Internet sockets whose addresses and ports lie where conditions part them.
fn sockets(dice: &mut Dice) -> Vec<u8> {
    const V4: [[u8; 4]; 7] = [
        [0, 0, 0, 0],
        [127, 0, 0, 1],
        [127, 0, 0, 2],
        [10, 0, 0, 1],
        [0, 0, 8, 0],
        [0, 0, 0, 9],
        [255, 255, 255, 255],
    ];
    const V6: [&str; 10] = [
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "7f00:1::",
        "ffff::",
        "2001:db8::1",
        "::127.0.0.1",
        "0:0:1::",
    ];
    let messages: Vec<_> = (0..150)
        .map(|number| {
            let mut message = diag::Message::inet(
                [1, 7, 10][dice.below(3)],
                (V4[dice.below(V4.len())], PORTS[dice.below(PORTS.len())]),
                (V4[dice.below(V4.len())], PORTS[dice.below(PORTS.len())]),
            );
            if dice.chance(50) {
                message.family = 10;
                message.addresses = [(); 2].map(|()| {
                    let text = V6[dice.below(V6.len())];
                    let address: std::net::Ipv6Addr = text.parse().expect("an address");
                    address.octets()
                });
            }
            message.interface = [0, 0, 1, 7][dice.below(4)];
            message.inode = 1000 + number;
            if dice.chance(50) {
                let mark = [0u32, 1, 5, 0x10, u32::MAX][dice.below(5)];
                message.attributes.push((15, mark.to_ne_bytes().to_vec()));
            }
            if dice.chance(50) {
                let cgroup = [0u64, 1, 5][dice.below(3)];
                message.attributes.push((21, cgroup.to_ne_bytes().to_vec()));
            }
            message
        })
        .collect();
    diag::file(messages)
}

/// Tables as text, for families that have no addresses.
fn text_tables() -> [(&'static str, String); 3] {
    let mut unix = String::from("Num       RefCount Protocol Flags    Type St Inode Path\n");
    let names = [
        "",
        "@abc",
        "@abc12",
        "@0000a",
        "@0000A",
        "@0000g",
        "/a",
        "/A",
        "/run/X.sock",
        "[a]",
        "a\\b",
        "a*b",
        "@",
        "-",
        "@/tmp/dbus-STREAM",
    ];
    for (number, name) in names.iter().enumerate() {
        for kind in [1, 2, 5] {
            let inode = 5000 + 10 * number + kind;
            unix.push_str(&format!(
                "0000000000000000: 00000002 00000000 00000000 {kind:04X} 01 {inode} {name}\n"
            ));
        }
    }
    let mut packet = String::from("sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n");
    for (number, (protocol, device)) in [(3, 0), (0, 0), (0x800, 1), (0x88cc, 2), (0, 1), (9, 5)]
        .iter()
        .enumerate()
    {
        packet.push_str(&format!(
            "00000000000000{number:02x} 3      {}    {protocol:04x}   {device}     1 0      0      {}\n",
            3 - number % 2,
            100 + number,
        ));
    }
    let mut netlink = String::from(
        "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n",
    );
    for (number, (protocol, port)) in [
        (0, 0),
        (0, -4000),
        (0, 77),
        (4, 0),
        (16, 1),
        (16, -1),
        (9, 5),
    ]
    .iter()
    .enumerate()
    {
        netlink.push_str(&format!(
            "0000000000000000 {protocol}   {port}          00000000 0        0        0     2        0        {}\n",
            200 + number,
        ));
    }
    [("unix", unix), ("packet", packet), ("netlink", netlink)]
}

/// Where ss finds the recorded tables. Tables without one are empty.
fn recorded(directory: &Path) -> Facts {
    std::fs::create_dir_all(directory).expect("recordings");
    let write = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).expect("recordings");
        path.into_os_string()
    };
    let mut env: Facts = vec![(
        "TCPDIAG_FILE".into(),
        write("tcp", &sockets(&mut Dice::new(SEED, 0))),
    )];
    for (name, text) in text_tables() {
        let variable = format!("PROC_NET_{}", name.to_uppercase());
        env.push((variable.into(), write(name, text.as_bytes())));
    }
    for name in ["UDP", "RAW", "MPTCP", "SCTP"] {
        env.push((format!("PROC_NET_{name}").into(), "/dev/null".into()));
    }
    env
}

/// Which tables an expression is asked of.
const TABLES: &[&[&str]] = &[
    &["-ta"],
    &["-ta"],
    &["-a"],
    &["-aA", "unix_stream,unix_dgram"],
    &["-xa"],
    &["-ta4"],
    &["-ta6"],
    &["-tua"],
    &["-ua"],
    &["-0a"],
    &["-af", "netlink"],
    &["-aA", "netlink,packet"],
    &["-wa"],
    &["-Ma"],
    &["-tl"],
    &["-a46"],
    &["--vsock", "-a"],
    &["--xdp", "-a"],
    &["--tipc", "-a"],
    &["-txa"],
    &["-aA", "all,tipc"],
];

fn one_of(dice: &mut Dice, words: &[&str]) -> String {
    dice.one_of(words).to_owned()
}

fn port(dice: &mut Dice) -> String {
    if dice.chance(50) {
        return PORTS[dice.below(PORTS.len())].to_string();
    }
    one_of(
        dice,
        &[
            "ssh",
            "http",
            "domain",
            "SSH",
            "tftp",
            "bootpc",
            "nosuch",
            "0x16",
            "026",
            "0b10110",
            "*",
            "*5",
            "",
            "65536",
            "65558",
            "4294967295",
            "4294967318",
            "99999999999999999999",
            "+22",
            "22x",
            "-1",
            "0x",
            "08",
            "\\ 22",
            "kernel",
            "lo",
            "[22]",
            "[22",
            "[]",
            "1:2",
            ":",
            "::",
            "9223372036854775808",
        ],
    )
}

fn address(dice: &mut Dice) -> String {
    if dice.chance(50) {
        return one_of(
            dice,
            &[
                "127.0.0.1",
                "127.0.0.2",
                "10.0.0.1",
                "0.0.0.0",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[fe80::1]",
                "[2001:db8::1]",
                "127/8",
                "fe80::/10",
                "7f00::/8",
                "::/0",
                "0/0",
                "*",
                "",
                "[]",
            ],
        );
    }
    let mut address = one_of(
        dice,
        &[
            "127",
            "10.8",
            "0x7f",
            "0x7f.1",
            "127.1",
            "010.8",
            "0b1010.1",
            "+127",
            "1..2",
            "1.",
            "300",
            "256",
            "127.0.257",
            "2130706433",
            "0x7f000001",
            "any",
            "all",
            "default",
            "::ffff:127.0.0.1",
            "::1",
            "fe80::1%lo",
            "localhost",
            "nosuch.invalid",
            "[",
            "[::1",
            "[::1]x",
            "x",
            "a\\ b",
            "-1",
            "::",
            "ff::ff::",
            "1:2:3:4:5:6:7:8",
            "::1.2.3.4",
            "::FFFF:7F00:1",
            "*x",
            "[*]",
            "[127/8]",
            "[any]",
        ],
    );
    if dice.chance(40) {
        address.push('/');
        address.push_str(&one_of(
            dice,
            &[
                "0",
                "1",
                "7",
                "8",
                "24",
                "31",
                "32",
                "33",
                "64",
                "128",
                "129",
                "255.0.0.0",
                "255.0",
                "255",
                "0x8",
                "-0",
                "-1",
                "any",
                "x",
                "",
                "255.0.255.0",
                "+8",
                "8/8",
                "255.128",
                "18446744073709551624",
            ],
        ));
    }
    address
}

fn prefix(dice: &mut Dice, percent: usize) -> String {
    if !dice.chance(percent) {
        return String::new();
    }
    one_of(
        dice,
        &[
            "inet:", "inet6:", "unix:", "link:", "netlink:", "vsock:", "inet:", "inet6:", "INET:",
            "tipc:",
        ],
    )
}

fn host(dice: &mut Dice) -> String {
    let prefix = prefix(dice, 25);
    let (first, second): (&[&str], &[&str]) = match prefix.as_str() {
        "unix:" => (
            &[
                "*",
                "",
                "@*",
                "/a",
                "/A",
                "*.sock",
                "[a]",
                "\\\\[a]",
                "a\\\\\\\\b",
                "a?b",
                "@?????",
                "[!a]*",
                "[^a]*",
                "*[",
                "[[:alpha:]]*",
                "/run/[xX]*",
                "a\\\\*b",
                "?",
                "[a-z]*",
                "*STREAM*",
            ],
            &[""],
        ),
        "link:" => (
            &[
                "ip", "IP", "ipv4", "all", "*", "", "0x800", "0", "3", "LLDP", "foo", "65536",
                "-1", "9",
            ],
            &[
                "", ":", ":*", ":lo", ":1", ":nosuch", ":0", ":-1", ":if1", ":1:2",
            ],
        ),
        "netlink:" => (
            &[
                "rtnl", "genl", "RTNL", "*", "", "0", "16", "256", "nosuch", "audit", "0x9",
            ],
            &[
                "",
                ":",
                ":*",
                ":kernel",
                ":0",
                ":77",
                ":-4000",
                ":x",
                ":4294963296",
            ],
        ),
        "vsock:" => (
            &["*", "", "1", "4294967296", "x"],
            &["", ":", ":*", ":0", ":x", ":4294967295"],
        ),
        _ => {
            let address = address(dice);
            let port = match dice.chance(50) {
                true => String::new(),
                false => format!(":{}", port(dice)),
            };
            return format!("{prefix}{address}{port}");
        }
    };
    let (first, second) = (one_of(dice, first), one_of(dice, second));
    format!("{prefix}{first}{second}")
}

fn condition(dice: &mut Dice, words: &mut Vec<String>) {
    let compare = |dice: &mut Dice, words: &mut Vec<String>, percent: usize, with: &[&str]| {
        if dice.chance(percent) {
            words.push(one_of(dice, with));
        }
    };
    match dice.below(50) {
        0..20 => {
            words.push(one_of(dice, &["src", "dst"]));
            compare(dice, words, 20, &["=", "==", "eq", "=", "!=", ">"]);
            words.push(host(dice));
        }
        20..40 => {
            words.push(one_of(dice, &["sport", "dport"]));
            let comparisons = [
                "=", "==", "eq", "!=", "ne", "neq", ">=", "ge", "geq", "<=", "le", "leq", ">",
                "gt", "<", "lt",
            ];
            compare(dice, words, 80, &comparisons);
            let colon = if dice.chance(50) { ":" } else { "" };
            let (prefix, port) = (prefix(dice, 20), port(dice));
            words.push(format!("{prefix}{colon}{port}"));
        }
        40..43 => {
            words.push("dev".to_owned());
            compare(dice, words, 40, &["=", "!=", "=", ">"]);
            let devices = [
                "lo",
                "1",
                "0",
                "7",
                "if7",
                "nosuch",
                "4294967296",
                "-1",
                "0x1",
                "08",
                "\\",
            ];
            words.push(one_of(dice, &devices));
        }
        43..46 => {
            words.push("fwmark".to_owned());
            compare(dice, words, 40, &["=", "!=", "ge"]);
            let marks = [
                "0",
                "1",
                "5",
                "0x10",
                "5/4",
                "0/0",
                "5/",
                "x",
                "-1",
                "4294967295",
            ];
            words.push(one_of(dice, &marks));
        }
        46..49 => words.push("autobound".to_owned()),
        _ => words.push(one_of(
            dice,
            &[
                "foo", "10.0.0.1", "and", "(", ")", "sport", "=", "state", "\\", "!", "(dport",
                "not", "or", ">=",
            ],
        )),
    }
}

fn expression(dice: &mut Dice, words: &mut Vec<String>, depth: usize) {
    loop {
        while dice.chance(15) {
            words.push(one_of(dice, &["not", "!"]));
        }
        if depth > 0 && dice.chance(20) {
            words.push("(".to_owned());
            expression(dice, words, depth - 1);
            words.push(")".to_owned());
        } else {
            condition(dice, words);
        }
        if !dice.chance(35) {
            return;
        }
        let joint = one_of(dice, &["or", "and", "|", "||", "&", "&&", "", "or", "and"]);
        if !joint.is_empty() {
            words.push(joint);
        }
    }
}

/// One command line: an expression in words, in one word, or in a file.
fn random_case(number: u64) -> Case {
    let dice = &mut Dice::new(SEED, number);
    let mut args: Vec<String> = TABLES[dice.below(TABLES.len())]
        .iter()
        .map(|&word| word.to_owned())
        .collect();
    args.push("-Hn".to_owned());
    let mut words = Vec::new();
    expression(dice, &mut words, 2);
    let mut stdin = String::new();
    match dice.below(10) {
        0 => {
            args.push("-F-".to_owned());
            stdin = words.join(" ") + one_of(dice, &["\n", ""]).as_str();
        }
        1..6 => args.extend(["--".to_owned(), words.join(" ")]),
        _ => {
            args.push("--".to_owned());
            args.extend(words);
        }
    }
    let mut case = Case::new(Tool::Ss, args).given(stdin.as_bytes());
    if dice.chance(10) {
        case = case.with("POSIXLY_CORRECT", "1");
    }
    case
}

#[test]
fn random_expressions_select_the_recorded_sockets_that_the_original_selects() {
    let Some(mut hall) = Hall::recorded(Tool::Ss, Setting::Empty) else {
        return;
    };
    let env = recorded(&fixture::place(built(), "ss-filter"));
    for number in 0..RECORDED {
        let mut case = random_case(number);
        case.env.extend(env.iter().cloned());
        hall.case(&case);
    }
    hall.close();
}

/// Here the kernel runs what it can of each expression.
#[test]
fn random_expressions_select_the_sockets_of_a_scene_that_the_original_selects() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp+udp+unix+packet+netlink") else {
        return;
    };
    for number in RECORDED..RECORDED + LIVE {
        let case = random_case(number);
        let case = if number % 3 == 0 {
            case.as_user()
        } else {
            case
        };
        hall.case(&case);
    }
    hall.close();
}

fn from_file(text: &str) -> Case {
    Case::words(Tool::Ss, "-Htan -F -").given(text.as_bytes())
}

/// Words in lines that are not too long.
fn folded<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut text = String::new();
    let mut length = 0;
    for word in words {
        if length + word.len() > 900 {
            text.push('\n');
            length = 0;
        }
        text.push_str(word);
        text.push(' ');
        length += word.len() + 1;
    }
    text.push('\n');
    text
}

#[test]
fn an_expression_may_be_as_deep_and_as_long_as_the_originals() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp") else {
        return;
    };
    let nested = |depth: usize, inner: &[&'static str]| {
        let open = std::iter::repeat_n("(", depth);
        let close = std::iter::repeat_n(")", depth);
        from_file(&folded(open.chain(inner.iter().copied()).chain(close)))
    };
    for depth in 9_993..10_000 {
        hall.case(&nested(depth, &["sport", "=", "1"]));
        hall.case(&nested(depth, &["sport", "1"]));
        hall.case(&nested(depth, &["autobound"]));
        let not = std::iter::repeat_n("not", depth);
        hall.case(&from_file(&folded(not.chain(["dev", "lo"]))));
        let list = ["sport", "1"]
            .into_iter()
            .chain(std::iter::repeat_n("(", depth));
        let close = std::iter::repeat_n(")", depth);
        hall.case(&from_file(&folded(list.chain(["dev", "lo"]).chain(close))));
    }
    // Where the program for the kernel does not fit the request any more, and far behind that.
    for count in [3_270, 3_271, 3_272, 3_273, 20_000] {
        let more = std::iter::repeat_n(["or", "sport", "=", ":8080"], count - 1);
        let words = ["sport", "=", ":8080"].into_iter().chain(more.flatten());
        hall.case(&from_file(&folded(words)));
    }
    hall.close();
}

#[test]
fn filter_files_are_read_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp") else {
        return;
    };
    let long = |length: usize, end: &str| format!("sport = :8080{}{end}", " ".repeat(length - 13));
    let texts = [
        "sport = :8080".to_owned(),
        "#c\nsport = :8080\n".to_owned(),
        "0x\nsport = :8080\n".to_owned(),
        " # c\n".to_owned(),
        "sport =\n:8080\nor\nsport = :22\n".to_owned(),
        String::new(),
        "\n\n".to_owned(),
        "sport = :8080\r\n".to_owned(),
        "sport = :8080 \0 foo\n".to_owned(),
        "\0\n".to_owned(),
        "sport = :8080\n\0x\n".to_owned(),
        "foo\n\0\n".to_owned(),
        "and\n\0\n".to_owned(),
        long(1021, "\n"),
        long(1022, "\n"),
        long(1022, ""),
        long(1023, ""),
        "state established\n".to_owned(),
        "sport \\\n= 8080\n".to_owned(),
        "src \\".to_owned(),
        format!("sport\0{}\n", "b".repeat(2000)),
    ];
    for text in &texts {
        for words in ["", "dport = 1 or", "or dport 1", "("] {
            let mut case = from_file(text);
            case.args.extend(words.split_whitespace().map(Into::into));
            hall.case(&case);
        }
    }
    let files = [
        "-F /nosuch",
        "-F /",
        "-F ''",
        "-F /dev/null -F -",
        "-F /nosuch -F /nosuch",
        "-F /dev/null state foo",
        "state established -F -",
        "-F - -V",
        "-F /nosuch -V",
        "-F /nosuch foo",
        "-F -x",
    ];
    for words in files {
        let case = Case::words(Tool::Ss, &format!("-Htan {words}"));
        hall.case(&case.given(b"sport = :8080\n"));
    }
    hall.close();
}

#[test]
fn control_groups_are_found_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "tcp") else {
        return;
    };
    let mut lines = Vec::new();
    for path in [
        "/",
        "//",
        "/nosuch",
        "nosuch",
        "/tmp",
        "/proc/1",
        "/dev",
        "/dev/null",
        "/sys/fs/cgroup",
        "\\",
        ".",
        "..",
        "cgroup.procs",
        "/cgroup.procs",
        "//nosuch",
    ] {
        lines.push(format!("-Htan cgroup {path}"));
        lines.push(format!("-Htan not cgroup = {path} dev 0"));
    }
    for line in &lines {
        hall.case(&Case::words(Tool::Ss, line));
    }
    hall.close();
}
