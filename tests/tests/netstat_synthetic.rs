//! netstat before kernel files that no kernel writes, chosen by hand. And netstat before a living
//! kernel, its rows once from netlink and once from the text.

use std::fs;
use std::path::PathBuf;

use conformance::case::Case;
use conformance::compare::Seen;
use conformance::fixture;
use conformance::hall::{Hall, built, skip};
use conformance::stage::{Setting, Stage};
use conformance::subject::Subject;
use conformance::text::hide_number_after;
use conformance::tool::Tool;

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

fn chosen(name: &str, files: &[(&str, &[u8])], commands: &[&str]) {
    let place = directory(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(place.join("net")).expect("directory");
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

const CACHE: &str = "Iface\tDestination\tGateway \tFlags\t\tRefCnt\tUse\tMetric\tSource\t\tMTU\tWindow\tIRTT\tTOS\tHHRef\tHHUptod\tSpecDst\n";

#[test]
fn cached_routes_of_both_forms_are_listed_as_by_the_original() {
    let commands = &["-rnC", "-rneC", "-rneeC", "-rC", "-rnFC", "-rnCW"];
    let mut new = CACHE.to_owned();
    for (tail, flags) in [
        ("00\t1\t0\t01020304", "0"),
        ("10\t-1\t0\t04030201", "3"),
        ("1F\t1\t0\t01020304", "80000201"),
        ("F1\t1\t0\t01020304", "0"),
        ("0a\t1\t0\t01020304", "0"),
        ("x\t1\t0\t01020304", "0"),
        ("-1\t1\t0\t01020304", "FFFFFFFF"),
        ("ABC", "0"),
        ("16\t2\t3\tzz", "10000000"),
        ("16\t2\tF\t01020304", "2000"),
        ("", "4"),
    ] {
        new.push_str(&format!(
            "eth0\t0100007F\t0200007F\t{flags}\t0\t5\t7\t0300007F\t1500\t7\t300\t{tail}\n"
        ));
    }
    new.push_str(
        "eth0\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\na b c d e f g h i j k l\n\n",
    );
    let old = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tSource\tMTU\tWindow\tIRTT\tHH\tARP\n\
        eth0\t0100007F\t0200007F\t3\t1\t5\t9\t0300007F\t1500\t7\t300\t4\t6\n\
        lo\t0100007F\t0200007F\t201\t1\t5\t9\t0\t1500\t7\t300\t4\tx\n\
        lo\t0100007F\t0200007F\t201\t1\t5\t9\t0\t1500\t7\t300\tx\t6\n";
    for (number, text) in [
        new.clone(),
        old.to_owned(),
        CACHE.to_owned(),
        CACHE.replace("Iface", "Extra\tIface"),
        new.replace("\tSource", "\tSauce"),
        old.replace("ARP\n", "HHARP\n"),
        "IRTT\n".to_owned(),
        "TOS\n".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        chosen(
            &format!("cache-{number}"),
            &[("net/rt_cache", text.as_bytes())],
            commands,
        );
    }
    // Of a title that it does not know the original says so, and then shows what memory held.
    let unknown = new.replace("\tTOS", "\tTOX");
    chosen(
        "cache-unknown",
        &[("net/rt_cache", unknown.as_bytes())],
        &["-rneeC"],
    );
    chosen("cache-empty", &[("net/rt_cache", b"")], commands);
}

#[test]
fn interfaces_of_older_kernels_are_listed_as_by_the_original() {
    // No frame errors: 3.14 adds them to the others.
    let row = "    lo: 1000 20 1 2 3 0 5 6 2000 30 7 8 9 10 11 12 13\n";
    for (number, title) in [
        " face |bytes packets errs drop fifo frame compressed multicast|bytes packets compressed",
        " face |bytes packets errs drop fifo frame|bytes packets errs drop fifo colls carrier",
        " face |packets errs drop fifo frame|packets errs drop fifo colls carrier",
        "",
    ]
    .iter()
    .enumerate()
    {
        let text = format!("Inter-|   Receive  |  Transmit\n{title}\n{row}");
        let commands: &[&str] = if number < 2 {
            &["-ia", "-iae"]
        } else {
            &["-iae"]
        };
        chosen(
            &format!("dev-{number}"),
            &[("net/dev", text.as_bytes())],
            commands,
        );
    }
    chosen("dev-empty", &[("net/dev", b"")], &["-ia", "-iae"]);
}

#[test]
fn titles_of_routes_are_looked_for_in_their_order() {
    let title = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT";
    let row = "eth0 0100007F 0200007F 0003 1 5 9 00FFFFFF 1500 7 300\n";
    let words: Vec<&str> = title.split(' ').collect();
    let mut titles = vec![
        format!("Extra {title} more"),
        title.replace("Gateway", "Gateway Destination"),
        title.to_lowercase(),
        words.iter().rev().copied().collect::<Vec<_>>().join(" "),
    ];
    for left_out in &words {
        titles.push(title.replace(left_out, "X"));
    }
    for (number, title) in titles.iter().enumerate() {
        chosen(
            &format!("title-{number}"),
            &[("net/route", format!("{title}\n{row}{row}").as_bytes())],
            &["-rne"],
        );
    }
}

#[test]
fn masqueraded_connections_are_listed_as_by_the_original() {
    const TITLE: &str =
        "Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta PDelta Expires (free=1,2,3)\n";
    const OLD: &str = "Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta Expires\n";
    let rows = "TCP C0A80002:0402 D4CA0101:0050 EA61 00000000      0      0    7493\n\
        UDP 7F000001:0035 00000000:0000 0000 FFFFFFFF 40000 -40000 123456789\n\
        ICMP C0A80003:0000 D4CA0102:0008 EA63 FFFFFFFFFF     -5     17  99\n";
    let old = "TCP C0A80002:0402 D4CA0101:0050 EA61 00000001      -7    7493\n";
    for (number, text) in [
        [TITLE, rows].concat(),
        [OLD, old].concat(),
        TITLE.to_owned(),
        String::new(),
        "\n".to_owned(),
        [TITLE, "SCTP C0A80002:0402 D4CA0101:0050 EA61 0 0 0 7493\n"].concat(),
        [TITLE, rows, "TCP C0A80002\n"].concat(),
        [OLD, rows].concat(),
        [TITLE, "\n", rows, "\n\n"].concat(),
    ]
    .iter()
    .enumerate()
    {
        chosen(
            &format!("masquerade-{number}"),
            &[("net/ip_masquerade", text.as_bytes())],
            &[
                "-M",
                "-Mn",
                "-Me",
                "-Mne",
                "-M --numeric-ports",
                "-M --numeric-hosts",
            ],
        );
    }
}

const OBSOLETE: [&str; 6] = [
    "-rn -A ax25",
    "-r --netrom",
    "-rn -A rose",
    "-rne -A ipx",
    "-r -A x25",
    "-rn -A ddp",
];

#[test]
fn routes_of_obsolete_families_are_listed_as_by_the_original() {
    let files: [(&str, &[u8]); 8] = [
        (
            "net/ax25_route",
            b"callsign  dev  mode digipeaters\nN0CALL-1  ax0    *\nN0CALL-15 ax12   va WIDE1-1\n\
              abcdefghij klmno  12 13\nab\n\nabc\x00defghij ax0  7\nabcdefghi ax0     9\nlast",
        ),
        (
            "net/nr_nodes",
            b"callsign  mnemonic w n qual neigh obs qual neigh obs qual neigh obs\n\
              N0CALL-7  MNEMO    1 2  192   6 00001  191   5 00002\n\
              N0CALL-8  *        2 2  150   6 00002   40   6 00001\n\
              N0CALL-10 LOST     1 1    7   6 00077\nx\nab cd\n\n\
              N0CALL-9  ABCDEF   3 3    1   6 00001    2   6 00002    3   6 00003\n\
              N0CALL-11 QRS      0 1    7   6 00001\nN0CALL-12 QRS     +1 1   -7   6    +2x\n",
        ),
        (
            "net/nr_neigh",
            b"addr  callsign  dev  qual lock count failed digipeaters\n\
              00001 NEIGH-1   ax0   192    0     1      0\n00002abcdefghijklmnopqrstuv\n3\n00003 x",
        ),
        (
            "net/rose_nodes",
            b"address    mask n neigh neigh neigh\n1234567890 0010 1 00001\n\
              1234500000 0005 2 00001 00002\nabc\n1234567890 0010-1 00001 00002\n\
              9999999999 0010 9 00001 00002 00003 00001\n8888888888 0010 0\n\n\
              1234567890 0010 200001 000021\n1234567890 0010 2 000\x0001 00002\n",
        ),
        (
            "net/rose_neigh",
            b"addr  callsign  dev  count use mode restart  t0  tf digipeaters\nabc\n\
              00001 NEIGH-1   ax0      1   0  DCE      no 000 000\n000021 A B C D E F G H\n\
              00002 N2        ax1\n3",
        ),
        (
            "net/ipx/route",
            b"Network    Router_Net   Router_Node\n00000012   Directly     Connected\n\
              00000013   00000012     0000000000AB\n1 2 3\n\n1 2\n12:13 14:15 16:17\n\
              FFFFFFFFFF 123456789 1122334455667788\n-1 -1 -1\n0x12 0x13 0x14\nab cd EFG x\n0 12 0\n",
        ),
        (
            "net/x25/route",
            b"Address          Digits  Device\n1234567890       5       x25a0\n\
              123456789012345  15      x25a \n0                0       lapb0\nab\n\n\
              123456789012345xy-1      x25a0longer\n12\0              7       x    \n0123456789012345678\n3",
        ),
        (
            "net/atalk_route",
            b"Target        Router  Flags Dev\nDefault     0000:00  -    lo\n\
              1234:00     0000:00  255     eth0\na b -1 d\na b\n0x3 d a\n\nb 99999999999 d e f",
        ),
    ];
    let all = "-rn -A ax25,ddp,ipx,netrom,rose,x25,ddp";
    let commands: Vec<&str> = OBSOLETE.into_iter().chain([all]).collect();
    chosen("rare-routes", &files, &commands);
    let titles = files.map(|(file, text)| {
        let end = text.iter().position(|&byte| byte == b'\n');
        (file, text.split_at(end.expect("a title") + 1).0)
    });
    chosen("rare-routes-titles", &titles, &commands);
    // Without its title the original dies of the AppleTalk table, which is declared.
    chosen(
        "rare-routes-empty",
        &files.map(|(file, _)| (file, &b""[..])),
        &OBSOLETE,
    );
    chosen("rare-routes-absent", &[], &OBSOLETE);
    for (number, (absent, _)) in files.iter().enumerate() {
        let rest: Vec<_> = files
            .into_iter()
            .filter(|(file, _)| file != absent)
            .collect();
        chosen(&format!("rare-routes-without-{number}"), &rest, &OBSOLETE);
    }
    let files = [
        ("net/ipx_route", files[5].1),
        ("net/x25_routes", files[6].1),
        ("net/ipx/interface", b"".as_slice()),
        ("net/x25/socket", b""),
    ];
    chosen("rare-routes-elsewhere", &files, &OBSOLETE);
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
fn absent_files_are_told_or_passed_over_as_by_the_original() {
    let tables = [
        "",
        "-a",
        "-v",
        "-t",
        "-u",
        "-U",
        "-w",
        "-S",
        "-x",
        "-g",
        "-gn6",
        "-6t",
        "-4",
        "-tux",
        "-4x",
        "-4v",
        "-r",
        "-6r",
        "-46r",
        "-rC",
        "-6rC",
        "-s",
        "-s6",
        "-st",
        "-i",
        "-ia",
        "-ie",
        "-M",
        "-tp",
        "--ax25",
        "--ipx",
        "--x25",
        "--netrom",
        "--rose",
        "-4 --ax25",
        "-p",
    ];
    // Without any process directory, and with one.
    chosen("nothing", &[], &tables);
    chosen("nothing-but-a-process", &[("7/cmdline", b"x\0")], &tables);
    let empty: Vec<(&str, &[u8])> = [
        "tcp",
        "tcp6",
        "udp",
        "raw",
        "unix",
        "igmp",
        "igmp6",
        "route",
        "ipv6_route",
        "snmp",
        "snmp6",
        "netstat",
        "dev",
        "sctp/eps",
        "ax25",
        "nr",
        "rose",
        "ipx/socket",
    ]
    .iter()
    .map(|name| (*name, &b""[..]))
    .collect();
    let names: Vec<String> = empty
        .iter()
        .map(|(name, _)| format!("net/{name}"))
        .collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    chosen("nothing-in-them", &files, &tables);
}

#[test]
fn addresses_have_a_dotted_end_only_where_the_original_has_one() {
    let mut text = String::new();
    for address in [
        "00000000000000000000000001020304",
        "00000000000000000000000000010000",
        "00000000000000000000000000000002",
        "00000000000000000000000000000100",
        "0064ff9b000000000000000001020304",
        "00000000000000000000ffff01020304",
        "0000000000000000ffff000001020304",
        "00000000000000000000ffff00000000",
        "20010db8000000000001000000000001",
        "20010db8000000010000000100000001",
        "00010000000000000000000000000000",
        "00000000000000000000000000000000",
    ] {
        text.push_str(&format!(
            "{address} 80 {0} 00 {address} 00000400 00000001 00000000 00000001       lo\n",
            "0".repeat(32)
        ));
    }
    chosen(
        "dotted",
        &[("net/ipv6_route", text.as_bytes())],
        &["-6rn", "-6r", "-6rne"],
    );
}

#[test]
fn counters_without_their_partners_are_read_as_by_the_original() {
    let good = "Ip: Forwarding InReceives InHdrErrors\nIp: 1 5 0\nTcp: ActiveOpens InSegs\nTcp: 3 4\n\
        Icmp: InMsgs InEchos OutMsgs OutEchos\nIcmp: 1 2 3 4\nUnheard: A B\nUnheard: 1 2\n";
    let six = "Ip6InReceives                   \t42\nIcmp6InMsgs\t3\nUdp6InErrors\t1\nIp6OutRequests\t0\n";
    for (number, (snmp, netstat, snmp6)) in [
        (
            good.to_owned(),
            good.replace("Ip", "TcpExt"),
            six.to_owned(),
        ),
        (
            good.replace(" 5 0", ""),
            good.to_owned(),
            six.replace('\t', ""),
        ),
        (
            good.replace('5', "x"),
            good.replace('3', "-1"),
            six.replace('3', "x"),
        ),
        (
            format!("\n{good}"),
            format!("{good}Odd: a b\n"),
            format!("\n{six}\n"),
        ),
        (
            good.replace("Tcp: 3", "Tcp 3"),
            "x\ny\n".to_owned(),
            "Other\t5\nx 7\n".to_owned(),
        ),
        (
            good.replace("Ip: 1", "Udp: 1"),
            String::new(),
            six.replace("42", "99999999999999999999"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let files: [(&str, &[u8]); 3] = [
            ("net/snmp", snmp.as_bytes()),
            ("net/netstat", netstat.as_bytes()),
            ("net/snmp6", snmp6.as_bytes()),
        ];
        let commands = ["-s", "-s6", "-st", "-s6w", "-su", "-s6t"];
        chosen(&format!("pairs-{number}"), &files, &commands);
        for absent in 0..files.len() {
            let rest: Vec<_> = (0..files.len()).filter(|&file| file != absent).collect();
            let rest: Vec<_> = rest.into_iter().map(|file| files[file]).collect();
            chosen(&format!("pairs-{number}-{absent}"), &rest, &["-s", "-s6"]);
        }
    }
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
