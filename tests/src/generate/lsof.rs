//! Random command lines of lsof: selections of every kind, formats, and values of odd shape.

use super::Pool;
use crate::case::Case;
use crate::random::Dice;
use crate::tool::Tool;

pub(super) fn case(dice: &mut Dice, pool: &Pool) -> Case {
    let mut words: Vec<Vec<String>> = Vec::new();
    for _ in 0..dice.below(4) {
        words.push(selection(dice, pool));
    }
    if dice.chance(if words.is_empty() { 3 } else { 30 }) {
        words.push(vec!["-a".to_owned()]);
    }
    // One of the formats that exclude each other, and one of the two sizes; both, now and then.
    match dice.weighted(&[(50, 0), (12, 1), (30, 2), (2, 3)]) {
        0 => {}
        1 => words.push(vec!["-t".to_owned()]),
        2 => words.push(fields(dice)),
        _ => words.extend([vec!["-t".to_owned()], fields(dice)]),
    }
    if dice.chance(20) {
        words.push(vec![dice.one_of(&["-s", "-o"]).to_owned()]);
    }
    for _ in 0..dice.below(4) {
        words.push(format(dice));
    }
    if dice.chance(8) {
        words.push(odd(dice, pool));
    }
    if dice.chance(45) {
        words.push(vec![dice.one_of(&["-nP", "-n", "-P"]).to_owned()]);
    }
    dice.shuffle(&mut words);
    let mut words = join(dice, words);
    if dice.chance(18) {
        if dice.chance(25) {
            words.push("--".to_owned());
        }
        for _ in 0..=dice.below(2) {
            words.push(name(dice, pool));
        }
    }
    let mut case = Case::new(Tool::Lsof, words);
    if dice.chance(10) {
        case = case.with("LC_ALL", "C.UTF-8");
    }
    if dice.chance(5) {
        case = case.within("{DIR}");
    }
    case
}

/// Joins letters without a value to one cluster now and then.
fn join(dice: &mut Dice, groups: Vec<Vec<String>>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for group in groups {
        let letters = group.len() == 1
            && group[0].starts_with('-')
            && group[0][1..]
                .bytes()
                .all(|letter| b"aHlnNPRtUwKQVO".contains(&letter));
        match (words.last_mut(), group.first()) {
            // The first word of a group may follow letters without a value: -nPi, -tp 1.
            (Some(last), Some(first)) if open && first.starts_with('-') && dice.chance(40) => {
                last.push_str(&first[1..]);
                words.extend_from_slice(&group[1..]);
            }
            _ => words.extend(group),
        }
        open = letters;
    }
    words
}

fn selection(dice: &mut Dice, pool: &Pool) -> Vec<String> {
    match dice.weighted(&[
        (12, 'i'),
        (10, 'p'),
        (6, 'c'),
        (5, 'u'),
        (8, 'd'),
        (3, 'g'),
        (4, 'U'),
        (3, 's'),
        (2, 'L'),
        (1, 'N'),
        (3, 'K'),
        (3, 'D'),
    ]) {
        'i' => {
            let address = internet(dice, pool);
            valued(dice, "-i", &address)
        }
        'p' => {
            let list = numbers(dice, pool);
            valued(dice, "-p", &list)
        }
        'c' => {
            let text = command(dice, pool);
            valued(dice, "-c", &text)
        }
        'u' => {
            let mut list = Vec::new();
            for _ in 0..=dice.below(2) {
                let not = if dice.chance(20) { "^" } else { "" };
                list.push(format!("{not}{}", pool.user(dice)));
            }
            valued(dice, "-u", &list.join(","))
        }
        'd' => {
            let list = descriptors(dice);
            valued(dice, "-d", &list)
        }
        'g' => {
            if dice.chance(40) {
                vec!["-g".to_owned()]
            } else {
                let list = numbers(dice, pool);
                valued(dice, "-g", &list)
            }
        }
        'U' => vec!["-U".to_owned()],
        's' => {
            let list = states(dice);
            valued(dice, "-s", &list)
        }
        'L' => vec![
            dice.one_of(&["+L", "+L1", "+L2", "+L0", "-L", "+L 1"])
                .to_owned(),
        ],
        'N' => vec!["-N".to_owned()],
        'K' => vec![
            dice.one_of(&["-K", "-K", "-Ki", "-Ki", "-K", "-Kx"])
                .to_owned(),
        ],
        _ => {
            let sign = dice.one_of(&["+d", "+d", "+D"]);
            let path = pool.directory(dice);
            let mut words = valued(dice, sign, &path);
            if dice.chance(20) {
                let across = dice.one_of(&["-x", "-xl", "-xf", "-xfl"]);
                words.insert(0, across.to_owned());
            }
            words
        }
    }
}

fn valued(dice: &mut Dice, option: &str, value: &str) -> Vec<String> {
    if dice.chance(50) && !value.is_empty() {
        vec![format!("{option}{value}")]
    } else {
        vec![option.to_owned(), value.to_owned()]
    }
}

fn numbers(dice: &mut Dice, pool: &Pool) -> String {
    if dice.chance(4) {
        return dice
            .one_of(&[
                "",
                ",",
                "^",
                "abc",
                "-1",
                "1,^1",
                "^1",
                "1,,2",
                "4294967295",
            ])
            .to_owned();
    }
    let mut list = Vec::new();
    for _ in 0..=dice.below(2) {
        let not = if dice.chance(10) { "^" } else { "" };
        list.push(format!("{not}{}", pool.pid(dice)));
    }
    list.join(",")
}

fn command(dice: &mut Dice, pool: &Pool) -> String {
    match dice.weighted(&[(10, 0), (3, 1), (3, 2), (1, 3)]) {
        0 => pool.command(dice),
        1 => format!("^{}", pool.command(dice)),
        2 => dice
            .one_of(&[
                "/cene/",
                "/SCENE/i",
                "/^s/",
                "//",
                "/./",
                "/x/bx",
                "/x/bb",
                "/x/q",
                "/x",
                "/(/",
                "/[/",
                "/s.*e/b",
                "/^(s|l)/x",
                "/ /",
                "/\\(s\\)/b",
            ])
            .to_owned(),
        _ => dice
            .one_of(&["", "-x", "abcdefghijklmnop", "^abcdefghijklmnop", "^"])
            .to_owned(),
    }
}

fn descriptors(dice: &mut Dice) -> String {
    if dice.chance(6) {
        return dice
            .one_of(&[
                "foo", "1-1", "5-", "-5", "a-b", ",", "3,^4", "", "^", "cwd,^rtd", "fp.", "jld",
                "003",
            ])
            .to_owned();
    }
    let exclude = dice.chance(20);
    let mut list = Vec::new();
    for _ in 0..=dice.below(3) {
        let not = if exclude { "^" } else { "" };
        let item = match dice.below(4) {
            0 => dice
                .one_of(&[
                    "cwd", "rtd", "txt", "mem", "DEL", "fd", "NOFD", "err", "unk", "mmap", "pd",
                ])
                .to_owned(),
            1 => {
                let low = dice.below(12);
                format!("{low}-{}", low + 1 + dice.below(40))
            }
            _ => dice.below(70).to_string(),
        };
        list.push(format!("{not}{item}"));
    }
    list.join(",")
}

fn states(dice: &mut Dice) -> String {
    if dice.chance(8) {
        return dice
            .one_of(&[
                "tcp:",
                "tcp",
                "foo",
                "udp:x",
                "udp:",
                "tcp:foo",
                "tcp:,LISTEN",
                "tcp:LISTEN,LISTEN",
                "tcp:LISTEN,^LISTEN",
                "",
            ])
            .to_owned();
    }
    let mut list = Vec::new();
    for _ in 0..=dice.below(2) {
        let not = if dice.chance(25) { "^" } else { "" };
        let state = dice.one_of(&[
            "LISTEN",
            "ESTABLISHED",
            "CLOSE",
            "TIME_WAIT",
            "CLOSE_WAIT",
            "SYN_SENT",
            "FIN_WAIT2",
            "SYN_RECV",
            "FIN_WAIT1",
            "LAST_ACK",
            "CLOSING",
            "CLOSED",
            "listen",
            "established",
        ]);
        list.push(format!("{not}{state}"));
    }
    format!("{}:{}", dice.one_of(&["tcp", "TCP"]), list.join(","))
}

fn internet(dice: &mut Dice, pool: &Pool) -> String {
    let family = dice.weighted(&[(10, ""), (3, "4"), (3, "6")]);
    let protocol = dice.weighted(&[
        (24, ""),
        (18, "tcp"),
        (12, "udp"),
        (6, "TCP"),
        (2, "udplite"),
        (1, "icmp"),
        (3, "Udp"),
    ]);
    let host = dice.weighted(&[
        (40, ""),
        (8, "@127.0.0.1"),
        (6, "@[::1]"),
        (3, "@localhost"),
        (1, "@0.0.0.0"),
        (1, "@[::]"),
        (2, "@[::ffff:127.0.0.1]"),
        (1, "@nosuch.invalid"),
        (1, "@"),
        (1, "@1.2.3"),
        (1, "@[::1"),
        (1, "@1.2.3.400"),
        (1, "@*"),
    ]);
    let ports = match dice.weighted(&[(30, 0), (24, 1), (6, 2), (6, 3), (5, 4), (2, 5)]) {
        0 => String::new(),
        1 => format!(":{}", pool.port(dice)),
        2 => format!(":{},{}", pool.port(dice), pool.port(dice)),
        3 => format!(
            ":{}",
            dice.one_of(&[
                "1-1024",
                "1-65535",
                "22-22",
                "53-8080",
                "1-99",
                "22-",
                "22-domain"
            ])
        ),
        4 => format!(
            ":{}",
            dice.one_of(&[
                "ssh", "http,ssh", "domain", "http-alt", "ssh-http", "ntp", "22,ssh"
            ])
        ),
        _ => format!(
            ":{}",
            dice.one_of(&["", "22,", ",22", "22x", "1-2-3", "70000", "*", "-1"])
        ),
    };
    format!("{family}{protocol}{host}{ports}")
}

fn format(dice: &mut Dice) -> Vec<String> {
    let word = |text: &str| vec![text.to_owned()];
    match dice.weighted(&[
        (10, 0),
        (8, 1),
        (4, 2),
        (4, 3),
        (3, 4),
        (3, 5),
        (4, 6),
        (3, 7),
        (2, 8),
        (2, 9),
        (2, 10),
        (1, 11),
    ]) {
        0 | 1 => word(dice.one_of(&["-l", "-R", "-g", "-n", "-P", "-w", "-V", "-Q", "-H", "-O"])),
        2 => word(dice.one_of(&["-H", "+L", "+w", "-K"])),
        3 => {
            let letters = if dice.chance(10) {
                "-Tw"
            } else {
                dice.one_of(&["-T", "-Ts", "-Tq", "-Tqs", "-Tf", "-Tfq", "+T"])
            };
            word(letters)
        }
        4 => word(dice.one_of(&[
            "+fg", "+fG", "+fgG", "-fg", "-fG", "+fg", "+fG", "-f", "+f", "+fc",
        ])),
        5 => {
            let width = if dice.chance(12) {
                dice.one_of(&["16", "x", "", "-1"])
            } else {
                dice.one_of(&["0", "1", "5", "9", "12", "15"])
            };
            valued(dice, "+c", width)
        }
        6 => word(dice.one_of(&["-E", "+E", "-E", "+E"])),
        7 => word(dice.one_of(&["-o3", "-o12", "-o0", "-o8", "+L", "-L", "+L3", "+L2"])),
        8 => word(dice.one_of(&[
            "-X", "-b", "-bw", "-M", "+M", "+w", "+n", "+P", "-S 2", "-S",
        ])),
        9 => word(dice.one_of(&["-a", "+a", "+U", "+R", "-Q", "-V", "-Q", "-V"])),
        10 => word(dice.one_of(&["-Ki", "-K", "+K"])),
        _ => word(dice.one_of(&["-r1c1mX", "+r1c1m=", "-r0", "+r0", "-r1c1mM%n"])),
    }
}

fn fields(dice: &mut Dice) -> Vec<String> {
    const LETTERS: &[u8] = b"acdDfgGiKkLlMnoPprRstTu0CFNSmzZ";
    match dice.weighted(&[(2, 0), (2, 1), (2, 2), (6, 3), (1, 4)]) {
        0 => vec!["-F".to_owned()],
        1 => vec!["-F0".to_owned()],
        2 => vec![dice.one_of(&["-Fpcfn", "-Fn0", "-Fpn", "-Fctn"]).to_owned()],
        4 => vec![dice.one_of(&["-F?", "-Fx", "-Fp,c", "-F?n"]).to_owned()],
        _ => {
            let mut letters = String::new();
            for _ in 0..=dice.below(6) {
                letters.push(char::from(LETTERS[dice.below(LETTERS.len())]));
            }
            vec![format!("-F{letters}")]
        }
    }
}

fn odd(dice: &mut Dice, pool: &Pool) -> Vec<String> {
    match dice.below(4) {
        0 => {
            let sign = dice.one_of(&["-e", "+e"]);
            let path = pool.path(dice);
            valued(dice, sign, &path)
        }
        1 => vec![
            dice.one_of(&[
                "-h",
                "-v",
                "-?",
                "-vh",
                "-q",
                "-:",
                "-z",
                "-C",
                "-k",
                "-D",
                "-m",
                "+m",
                "-Z",
                "-S1",
                "-Sx",
                "--version",
                "-i-n",
                "-inP",
                "-%",
                "-fg",
                "-y",
                "-I",
                "+",
                "-",
                "-gR",
                "-L1",
            ])
            .to_owned(),
        ],
        2 => {
            let option = dice.one_of(&[
                "-i", "-s", "-K", "-T", "-o", "-x", "-F", "-g", "-f", "+c", "-e", "-S", "-r", "-L",
            ]);
            vec![option.to_owned(), String::new()]
        }
        _ => {
            let name = pool.path(dice);
            vec!["-f".to_owned(), "--".to_owned(), name]
        }
    }
}

fn name(dice: &mut Dice, pool: &Pool) -> String {
    let path = pool.path(dice);
    match dice.below(10) {
        0 => format!("{path}/"),
        1 => format!("{path}//"),
        2 => format!("/proc/1/../..{path}"),
        3 => path.trim_start_matches('/').to_owned(),
        _ => path,
    }
}

impl Pool {
    /// A directory that is not too deep for a search.
    fn directory(&self, dice: &mut Dice) -> String {
        let small: Vec<String> = self
            .paths
            .iter()
            .filter(|path| path.contains("DIR"))
            .cloned()
            .collect();
        Self::drawn(dice, &small, &["/dev/shm", "/nosuch", "/etc/passwd", ""])
    }
}
