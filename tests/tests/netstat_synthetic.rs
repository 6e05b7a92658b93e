//! netstat before kernel files that no kernel writes: lines damaged byte by byte, and lines chosen
//! by hand. And netstat before a living kernel, its rows once from netlink and once from the text.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::case::Case;
use conformance::compare::Seen;
use conformance::fixture::{self, tree};
use conformance::hall::{Hall, built, skip};
use conformance::random::Dice;
use conformance::stage::{Setting, Stage};
use conformance::subject::Subject;
use conformance::text::{fields, hide_number_after};
use conformance::tool::Tool;
use sockcore::procfs::formatted::InetColumns;

fn netstat(words: &str) -> Case {
    let mut case = Case::words(Tool::Netstat, words);
    case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
    case
}

fn directory(name: &str) -> PathBuf {
    fixture::place(built(), "netstat-synthetic").join(name)
}

fn compare(hall: &mut Hall, lines: &[&str]) {
    for words in lines {
        hall.case(&netstat(words));
    }
}

/// A few bytes of a text changed, removed, doubled, put in, or its end cut.
fn damage(line: &[u8], dice: &mut Dice) -> Vec<u8> {
    const ODD: &[u8] = b"  \t:-+0x9fF/*.%";
    let mut line = line.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(line.len() + 1);
        let byte = ODD[dice.below(ODD.len())];
        match dice.below(8) {
            0 | 1 if at < line.len() => line[at] = byte,
            2 if at < line.len() => {
                line.remove(at);
            }
            3 => line.truncate(at),
            4 => {
                let number = (dice.bits() >> dice.below(64)).to_string();
                line.splice(at..at, number.bytes());
            }
            _ => line.insert(at, byte),
        }
    }
    line
}

/// Whether the original's answer to a line follows from the line: for a TCP state that does not
/// exist it looks behind the end of a table, and of a short IPv6 address it shows what memory
/// held.
fn is_defined(line: &[u8]) -> bool {
    let mut columns = InetColumns::default();
    columns.read(line);
    // The first digits of a line of unix sockets are a pointer.
    let no_short_address = fields(line).take(4).enumerate().all(|(number, word)| {
        let runs = word.split(|byte| !byte.is_ascii_hexdigit());
        runs.skip(usize::from(number == 0))
            .all(|digits| !(9..32).contains(&digits.len()))
    });
    columns.state <= 11 && no_short_address
}

/// Damages lines of a file. Its title stays, and so does the first line behind it: what a later
/// line lacks is then what that one has, and not what happened to be in memory.
fn damage_file(file: &Path, whole: usize, dice: &mut Dice) {
    let Ok(text) = fs::read(file) else { return };
    let lines = text.split(|&byte| byte == b'\n').enumerate();
    let lines: Vec<_> = lines
        .map(|(number, line)| {
            if number >= whole && !line.is_empty() && dice.chance(40) {
                let damaged = damage(line, dice);
                if is_defined(&damaged) {
                    return damaged;
                }
            }
            line.to_vec()
        })
        .collect();
    fs::write(file, lines.join(&b'\n')).expect("a file of the recording");
}

/// Damages some files of many trees and compares after each.
fn damaged(name: &str, files: &[(&str, usize)], commands: &[&str]) {
    let place = directory(name);
    fs::create_dir_all(&place).expect("the recording's directory");
    let Some(mut hall) = Hall::recorded(Tool::Netstat, Setting::Recorded(place.clone())) else {
        return;
    };
    for round in 0..40 {
        let mut dice = Dice::new(31, round);
        let made = directory(&format!("{name}-new"));
        tree::netstat(&made, tree::Kind::Obsolete, &mut dice).expect("a recording");
        for (file, whole) in files {
            let target = place.join(file);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).expect("the recording's directory");
            }
            let _ = fs::copy(made.join(file), &target);
            damage_file(&target, *whole, &mut dice);
        }
        compare(&mut hall, commands);
    }
    hall.close();
}

#[test]
fn damaged_lines_of_internet_sockets_are_read_as_by_the_original() {
    damaged(
        "internet",
        &[
            ("net/tcp", 2),
            ("net/tcp6", 2),
            ("net/udp", 2),
            ("net/udp6", 2),
            ("net/raw", 2),
        ],
        &["-tuwaneo", "-t6naW", "-wl", "-ta --numeric-hosts"],
    );
}

#[test]
fn damaged_lines_of_unix_sockets_and_groups_are_read_as_by_the_original() {
    damaged(
        "unix",
        &[("net/unix", 2), ("net/igmp6", 1)],
        &["-xan", "-xl", "-g6n"],
    );
}

#[test]
fn damaged_counters_are_read_as_by_the_original() {
    damaged(
        "counters",
        &[
            ("net/snmp", 0),
            ("net/netstat", 0),
            ("net/snmp6", 1),
            ("net/sctp/snmp", 0),
        ],
        &["-s", "-s6", "-st", "-sw"],
    );
}

fn chosen(name: &str, files: &[(&str, &[u8])], commands: &[&str]) {
    let place = directory(name);
    let _ = fs::remove_dir_all(&place);
    for (file, text) in files {
        let file = place.join(file);
        fs::create_dir_all(file.parent().expect("a file is in a directory")).expect("directory");
        fs::write(file, text).expect("a file of the recording");
    }
    if let Some(mut hall) = Hall::recorded(Tool::Netstat, Setting::Recorded(place)) {
        compare(&mut hall, commands);
        hall.close();
    }
}

const TITLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

#[test]
fn columns_of_internet_sockets_keep_signs_limits_and_gaps() {
    let mut text = TITLE.to_owned();
    text.push_str("   0: 0100007F:1F90 0200007F:C350 01 00000010:00000020 02:000000FA 00000003  1000        7 4378914 2 0000000000000abc 20 4 30 10 -1\n");
    for line in [
        "0: 0100007F:1F90 0200007F:C350 01 10:20 00:FA 3  3000000000 7",
        "0: 0100007F:1F90 0200007F:C350 01 10:20 01:FFFFFFFFFF FFFFFFFF 5000000000",
        "0: 0100007F:1F90 0200007F:C350 01 10:20 05:1 3",
        "0: 0100007F:1F90 0200007F:C350 01 10:20 03:00000001",
        "0: 0100007F:1F90F 0200007F:1C350 01 FFFFFFFFF:20 03:1 1 -5 -7 12",
        "0: 0100007F:1F90 0200007F:C350 0B FFFFFFFFFFFFFFFFF:-20 03:1 1 x",
        "0: 0100007F:-1F90 0200007F:0xC350 00 FFFFFFFFFFFFFFFF:-20 03:1 1 x",
        "0: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:C350 01 0:0 03:1 1",
        "0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000001000000:C350 01 0:0 03:1 1",
        "",
        "z: 0100007F:1F90 0200007F:C350 01 10:20 03:1 1 -5 -7 12",
        "0:0100007F:1F90 0200007F:C350 01 10:20 03:1 1 -5 -7 12",
        "0 :0100007F:1F90 0200007F:C350 01 10:20 03:1 1 -5 -7 12",
        "0: 0100007F: 1F90 0200007F:C350 01 10: 20 03: 1 1 -5 -7 12",
        "0: 0100007F:1F90 0200007F:C350 01 10 :20 03:1 1 -5 -7 12",
        "0: 0100007F:1F90x0200007F:C350 01 10:20 03:1 1 -5 -7 12",
        "0: 0100007F:1F90 0200007F:C350\t01\t10:20\t03:1\t1 -5 -7 99999999999999999999",
        "0: 0100007F:0000 00000000:0000 07 0:0 00:0 0 0 0 9",
    ] {
        text.push_str(line);
        text.push('\n');
    }
    let text = text.as_bytes();
    chosen(
        "columns",
        &[("net/tcp", text), ("net/udp", text), ("net/raw", text)],
        &[
            "-taneo", "-uaneoW", "-wane", "-tln", "-uln", "-t", "-4n", "-tn6", "-Un",
        ],
    );
}

#[test]
fn lines_of_unix_sockets_are_cut_and_refused_as_by_the_original() {
    let text = b"Num       RefCount Protocol Flags    Type St Inode Path\n\
        ffff888: 00000002 00000000 00010000 0001 01 4711 /run/a b:c\n\
        ffff888: 00000002 00000000 00070000 0001 01 4712 @abc\tdef\n\
        ffff888: 000000FF 00000001 00000000 000A 00 4713\n\
        ffff888: 000000FF 00000001 00000000 0003 02\n\
        ffff888: 000000FF 00000001 00000000 0005 04 4714  lead\n\
        ffff888: 000000FF 00000001 00000000 0005 05 4715x/tight\n\
        ffff888: 000000FF 00000001 00000000 0005\n\
        ffff888: FFFFFFFFFF 00000001 FFFFFFFFFFFF0000 FFFFFFFF FFFFFFFF 99999999999999999999 x\n\
        ffff888: 800000000 100000000 -10000 100000001 100000003 -5 y\n\
        zz: 00000002 00000000 00010000 0001 01 4711 /run/a\n\
        0xffff 1: 00000002 00000000 00010000 0001 01 4711 /run/a\n\n\
        ffff888:00000002 00000000 00010000 0001 01 4711/run/zz\n\
        (nil): 00000002 00000000 00010000 0001 01 4711 /nil\n\
        0x: 00000002 00000000 00010000 0001 01 4711 /0x\n\
        ffff888: 00000002 00000000 00010000 0001 01 4716 /nul\0b c\n\
        ffff888: 00000002 00000000 00010000 0001 01 4717 /no-newline";
    chosen(
        "unix-lines",
        &[("net/unix", text)],
        &["-xa", "-xl", "-x", "-xap"],
    );
    let old = b"Num RefCount Protocol Flags Type St Path\n\
        ffff888: 00000002 00000000 00010000 0001 01 4711 /run/a\n";
    chosen("unix-old", &[("net/unix", old)], &["-xa", "-xap"]);
    chosen("unix-empty", &[("net/unix", b"")], &["-xa"]);
}

#[test]
fn associations_of_several_addresses_are_listed_as_by_the_original() {
    let endpoints = b" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n\
        77 99 2   10  34   9000      0 4712 0.0.0.0 \n\
        77 99 2   10  34   9001      0 4713 127.0.0.1 10.0.0.1 \n\
        77 99 2   10  34   9002      0 4714\n\
        77 99 2   10  34   9003      0\n\
        77 99 2   0  34   9004      0 4715 *1.2.3.4 *5.6.7.8\n\
        77 99 2   12  34   9005      0 4716 0000:0000:0000:0000:0000:ffff:0102:0304\n\
        77 99 2   -1  34   99999      -1 99999999999 x 1.2.3 0x1.02.3.4 7500\n\
        77 99 2 2 34   x      0 4717\t2001:0db8:0000:0000:0000:0000:0000:0001\t1.1.1.1\n\n";
    let associations =
        b" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000   6000  *127.0.0.1 10.0.0.1 <-> *127.0.0.2 \t    7500    10\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000   6000  *127.0.0.1 <-> *127.0.0.2 10.0.0.1 10.0.0.3 \t    7500\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000   6000  <-> 127.0.0.1\t    7500\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000   6000  127.0.0.1 <->\t    7500\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000   6000\n\
        aa bb 2   1   3  11     21        5        7       0 4711 5000\n\
        aa bb 2   1   3  11     21        -5       99999999       -1 4711 500000   -1 127.0.0.1 <-> 1.2.3.4 7500 12\n\
        0 0 0 0 0 0 0 0 0 0 0 0 0 1.2.3.4 <-> 1.2.3.5 \t\n";
    chosen(
        "sctp",
        &[
            ("net/sctp/eps", endpoints),
            ("net/sctp/assocs", associations),
        ],
        &[
            "-San",
            "-Saneop",
            "-Sln",
            "-Sn",
            "-4Sna",
            "-6Sna",
            "-S",
            "-Sa --numeric-hosts",
        ],
    );
}

#[test]
fn groups_are_read_from_both_files_as_by_the_original() {
    let igmp = b"Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n\
        1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n\
        2\teth0      :     1      V3\n\t\t\t\t010000E0     2 0:00000000\t\t0\n\
        \t\t\t\tFB0000E0  1000000 0:00000000\t\t0\n\
        3\taverylongname15x:     1      V3\n\t\t\t\t010000E0     -2 0:00000000\t\t0\n\
        4\tal:1      :     1      V3\n\t\t\t\t000000E0     2 0:00000000\t\t0\n\
        5 sp       :     1      V3\n\t\t\t\t1\t2 0:00000000\t\t0\n\t\t\t\t010000E0\n\
        \t\t\t\tzz     2 0:00000000\t\t0\n\n6\n\t\t\t\t010000E0     FF 0:00000000\t\t0\n\
        \tE0     1\n\tE0     x\n";
    let igmp6 = b"1    lo              ff020000000000000000000000000001     1 0000000C 0\n\
        1    lo              ff020000000000000000000000000001     A 0000000C 0\n\
        2    averyverylongdevicename ff020000000000000000000000000001     2 0000000C 0\n\
        2    d 00000000000000000000ffff01020304     -1 0000000C 0\n\
        2    d 00000000000000000000000000000000     3 0000000C 0\n\
        d ff020000000000000000000000000001     5\n2 d\n\n\
        2    d ff020000000000000000000000000001     9999999999\n";
    chosen(
        "groups",
        &[("net/igmp", igmp), ("net/igmp6", igmp6)],
        &["-gn", "-g", "-gx", "-g --numeric-hosts"],
    );
    chosen("groups-six", &[("net/igmp6", igmp6)], &["-gn", "-gnv"]);
}

#[test]
fn rows_of_ipv6_are_shown_before_the_absence_of_ipv4_ends_the_listing() {
    let text = format!(
        "{TITLE}   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 07 0:0 00:0 0 0 0 9\n"
    );
    chosen(
        "six-alone",
        &[
            ("net/udplite6", text.as_bytes()),
            ("net/tcp6", text.as_bytes()),
        ],
        &[
            "-U", "-Ul", "-Ua", "-ta", "-t6a", "-tUa", "-an", "-n -v", "-6an",
        ],
    );
}

#[test]
fn a_table_that_is_a_directory_ends_the_listing_with_its_reason() {
    // The original reads it for ever, so only ours is run.
    let place = directory("unreadable");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(place.join("net/tcp")).expect("directory");
    let Ok(mut stage) = Stage::open(built(), Setting::Recorded(place)) else {
        return skip("an unreadable table", "no namespaces here");
    };
    let ours = Subject::own(Tool::Netstat, built());
    let case = netstat("-tun");
    let seen = stage
        .run(&case, &ours)
        .map(|response| Seen::of(&case, response));
    let seen = seen.expect("the stage goes on");
    assert_eq!(seen.stderr, b"/proc/net/tcp: Is a directory\n");
    assert_eq!(seen.end, conformance::protocol::End::Exited(255));
}

#[test]
fn netlink_and_text_give_the_same_rows() {
    let scene = "tcp+udp+unix";
    let mut stage = match Stage::open(built(), Setting::Scene(scene.to_owned())) {
        Ok(stage) => stage,
        Err(reason) => return skip("netlink against text", &reason.to_string()),
    };
    let ours = Subject::own(Tool::Netstat, built());
    for words in [
        "-tan",
        "-tane",
        "-tln",
        "-tn",
        "-uan",
        "-un",
        "-uln",
        "-wane",
        "-Uan",
        "-an",
        "-ta4n",
        "-ta6n",
        "-tanpe",
        "-tulpn",
        "-taneo",
        "-uano",
        "-lnp",
        "-taW",
        "-tanp",
        "-ano",
        "-tlne",
        "-xan",
        "-s",
        "-r",
        "-rn -A inet6",
        "-i",
        "-g",
    ] {
        let netlink = Case::words(Tool::Netstat, words);
        let text = netstat(words);
        // A scene ages while it is looked at: of some tries one must agree.
        let mut last = None;
        let agreed = (0..5).any(|_| {
            let [from_netlink, from_text] = [&netlink, &text].map(|case| {
                let response = stage.run(case, &ours).expect("the scene goes on");
                let mut stdout = Seen::of(case, response).stdout;
                for timer in [&b" on ("[..], b" keepalive (", b" timewait (", b" probe ("] {
                    hide_number_after(&mut stdout, timer);
                }
                String::from_utf8_lossy(&stdout).into_owned()
            });
            let agreed = from_netlink == from_text;
            last = Some((from_netlink, from_text));
            agreed
        });
        let (from_netlink, from_text) = last.expect("it was tried");
        assert!(
            agreed,
            "{words}\nnetlink:\n{from_netlink}\ntext:\n{from_text}"
        );
        assert!(
            from_netlink.lines().count() > 2,
            "{words}: the scene has rows"
        );
    }
}
