//! ss, command line by command line: what each option, state word and condition selects and how it
//! is laid out.

use conformance::case::Case;
use conformance::hall::Hall;
use conformance::protocol::Output;
use conformance::stage;
use conformance::tool::Tool;

const SCENE: &str = "all";

fn agree(lines: &[&str]) {
    if let Some(mut hall) = Hall::open(Tool::Ss, SCENE) {
        hall.lines(lines);
        hall.close();
    }
}

fn agree_cases(cases: impl IntoIterator<Item = Case>) {
    if let Some(mut hall) = Hall::open(Tool::Ss, SCENE) {
        for case in cases {
            hall.case(&case);
        }
        hall.close();
    }
}

fn ss(words: &str) -> Case {
    Case::words(Tool::Ss, words)
}

#[test]
fn tables_and_families_are_chosen_as_by_the_original() {
    agree(&[
        "",
        "-t",
        "-u",
        "-A udp",
        "-tu",
        "-x",
        "-A u_str",
        "-0",
        "-A packet",
        "-aA packet_raw",
        "-f netlink",
        "-nf netlink",
        "-n0",
        "-l",
        "-la",
        "-al",
        "-lB",
        "-Bl",
        "-B",
        "-4",
        "-6",
        "-46u",
        "-64u",
        "-4x",
        "-4x6",
        "-46wa",
        "-tx",
        "-xA tcp",
        "-A tcp -x",
        "-aA all,!tcp",
        "-A !tcp",
        "-A !u_str,unix -a",
        "-t -A udp",
        "-tu -A raw -a",
        "-A tcp -A udp",
        "-4 -A unix",
        "-4 -A netlink",
        "-x -A u_str",
        "-4t",
        "-6t",
        "-aA netlink",
        "-aA xdp",
        "-M",
        "-Ma",
        "-Mai",
        "-a",
        "-an",
        "-S",
        "-Sa",
        "--vsock -a",
        "--tipc -a",
        "--xdp -a",
        "-w",
        "-wa",
        "-wan",
        "-f inet",
        "-f inet6 -a",
        "-f link -a",
        "-f unix",
        "-f vsock -a",
        "-f tipc -a",
        "-f xdp -a",
        "-f inet -f inet6 -u",
        "-aA vsock_stream,vsock_dgram",
        "-aA inet",
        "-aA mptcp",
        "-aA u_dgr,u_seq",
    ]);
}

#[test]
fn wrong_options_end_as_in_the_original() {
    agree(&[
        "-A tcp,",
        "-A TCP",
        "-A foo",
        "-A !",
        "-f foo",
        "-f inet,inet6",
        "-f help",
        "-f ''",
        "--tc",
        "--t",
        "--n",
        "--s",
        "--con",
        "--context",
        "--contexts",
        "--tcp=1",
        "--query",
        "-f",
        "-q",
        "--foo",
        "-V",
        "-v",
        "-tV",
        "-hV",
        "-Vh",
        "-h",
        "--help",
        "-Z",
        "-z",
        "-tZ",
        "-d",
        "--dccp",
        "--d",
        "--di x",
        "--sum",
        "--res -t",
        "-tn -q",
        "-4q6",
        "--=3",
        "-tan -- -x",
        "-",
        "-é",
        "--bpf-map-id=x -t",
        "--bpf-map-id=0 -t",
        "--bpf-maps --bpf-map-id=1 -t",
        "--bpf-map-id=1 --bpf-maps -t",
    ]);
    agree_cases([
        ss("-tQQ").called("/usr/bin/ss"),
        ss("-q").called("/usr/bin/ss"),
        ss("--t").called("./x/ss"),
    ]);
}

#[test]
fn state_words_select_as_in_the_original() {
    agree(&[
        "-ta exclude all",
        "-a exclude all",
        "-l exclude all",
        "-B exclude all",
        "-tl state established exclude established",
        "-xua excl all",
        "-A inet,all exclude all",
        "-A tcp,udp exclude all",
        "-A packet -a exclude all",
        "-u -A tcp exclude all",
        "-t state established",
        "-t state time-wait state close-wait",
        "-t excl established",
        "-t exclude established",
        "-t state established exclude established",
        "state ESTABLISHED",
        "state close",
        "state syn-rcv",
        "state syn-recv",
        "state foo",
        "state",
        "state new-syn-recv",
        "exclude",
        "excl foo",
        "dst 127.0.0.1 state established",
        "-u state listening",
        "-u state unconnected",
        "-t state all",
        "-t state connected",
        "-t state synchronized",
        "-t state bucket",
        "-t state big",
        "-t state unknown",
        "-t state bound-inactive",
        "-ta state syn-sent",
        "-t state fin-wait-1 state fin-wait-2 state closing",
        "-t state last-ack",
        "-x state listening",
        "-x state established",
        "-0 state close",
        "-0 state established",
        "-l state established",
        "state listening -a",
        "-A tcp state listening",
        "-t state all exclude listening",
    ]);
}

#[test]
fn ports_are_compared_as_in_the_original() {
    agree(&[
        "-tan sport = :22 or dport = :8080 and src 10.0.0.2",
        "-tan src 127.0.0.1 and dport 8080 or sport 22",
        "-tan 'sport 22 or not sport 22 and sport 443'",
        "-tan not not sport 22",
        "-tan '( dport = :8080 or sport = :8080 )'",
        "-tan '(dport = :8080)'",
        "-tan sport = :ssh",
        "-tan sport ssh",
        "-tan sport = :nosuch",
        "-uan sport = :tftp",
        "-uan sport = :bootpc",
        "-tuan sport = :domain",
        "-tuan sport = :http",
        "-xan sport = inet:ssh",
        "-M sport = :ssh",
        "-tan sport 0x16",
        "-tan sport 026",
        "-tan sport 99999",
        "-tan sport '*'",
        "-tan sport :-1",
        "-tan sport ge '*'",
        "-tan sport le '*'",
        "-tan sport ge '*' dev 0",
        "-tan sport -1",
        "-tan -- sport -1",
        "-tan sport le 70000",
        "-tan sport le 70000 dev 0",
        "-tan sport lt 1024",
        "-tan sport gt 40000",
        "-tan sport >= 8080 and sport <= 9000",
        "-tan sport != 22",
        "-tan sport ne 22 and dport neq 22",
        "-tan sport eq 22",
        "-tan sport == 22",
        "-tan 'dport = 8080' ''",
        "-tan sport [22]",
        "-tan sport [22",
        "-tan sport 10.0.0.1:22",
        "-tan sport :",
        "-tan sport ''",
        "-tan sport = :ephemeral-name",
        "-tan dport = :http-alt",
        "-wan sport = 1",
        "-an sport ge 58000",
        "src 127.0.0.1:22 -tan",
        "-tan sport = 22 and dport = 40001 or sport = 40001 and dport = 22",
    ]);
}

#[test]
fn addresses_are_compared_as_in_the_original() {
    agree(&[
        "-tan src ::1",
        "-tan src [::1]",
        "-tan src [::1",
        "-tan src fe80::/10",
        "-tan src [fe80::]/10",
        "-tan src []:443",
        "-tan src '*:443'",
        "-tan src :443",
        "-tan src '*443'",
        "-tan src 127/8",
        "-tan src 10.8",
        "-tan src 0x7f/8",
        "-tan src 127.0.0.1/255.0.0.0",
        "-tan src 127.0.0.1/33",
        "-tan src 127.0.0.1/255.0.255.0",
        "-tan src 300",
        "-tan src 2130706433",
        "-tan src 0x7f000001",
        "-tan src any",
        "-tan src default:22",
        "-tan src all/8",
        "-tan src 127.0.0.1",
        "-tan src [::ffff:127.0.0.1]",
        "-tan src inet:127.0.0.1",
        "-tan src 0.0.0.0",
        "-tan src 0.0.0.0 dev 0",
        "-an src 0.0.0.0",
        "-tan src inet6:*:7777 or src inet:*:7777",
        "-tan src inet:*:7777 or src inet6:*:7777",
        "-tan src inet:127.0.0.1 or src [::1]",
        "-tan4 src [::1]",
        "-tan6 src 127.0.0.1",
        "-tan src localhost",
        "-tan src localhost/8",
        "-tan src nosuch.invalid",
        "-tan src 127.1",
        "-tan src 127.0.0.256",
        "-tan src 1.2.3.4.5",
        "-tan src 10.822",
        "-tan src 127.0.257",
        "-tan src ::/0",
        "-tan src 0/0",
        "-tan src fe80::1",
        "-tan src fe80::1%lo",
        "-tan src 2001:db8::/32",
        "-tan src /8",
        "-tan src 127.0.0.1/",
        "-tan src = 127.0.0.1",
        "-tan dst != 127.0.0.1",
        "-an src 9",
        "-uan src 224.0.0.251",
        "-tan src inet6:::1",
        "-tan foo",
        "-tan 10.0.0.1",
        "-tan src \\",
        "-wan src 0.0.0.0",
        "src 1.2.3.4 -tan",
    ]);
}

#[test]
fn conditions_of_other_families_hold_as_in_the_original() {
    agree(&[
        "-t src unix:x",
        "-tx sport = :22 -an",
        "-an src 'unix:*STREAM*'",
        "-xan src 'unix:@abs*'",
        "-xan src unix:",
        "-xan src 'unix:/a\\ b'",
        "-xan src 'unix:*with\\ blank*'",
        "-xan dst unix:*",
        "-xan dst unix:x",
        "-xan autobound",
        "-tan autobound",
        "-uan autobound",
        "-an autobound",
        "-0an src IP:lo",
        "-0an src '*:lo'",
        "-0an src 0x800",
        "-0an sport lo",
        "-0an src foo",
        "-0an src link:ip",
        "-0an src all",
        "-0an sport = :1",
        "-0an dev lo",
        "-n -f netlink src genl:kernel",
        "-n -f netlink sport kernel",
        "-n -f netlink src foo",
        "-f netlink -an src rtnl",
        "-f netlink -an src '*:kernel'",
        "-f netlink -an src 16",
        "-f netlink -an src 256",
        "-tan dev lo",
        "-tan dev 1",
        "-tan dev 0",
        "-tan dev '!=' lo",
        "-tan dev = lo",
        "-tan dev nosuch",
        "-tan dev if1x",
        "-tan dev ''",
        "-tan dev wire0",
        "-tan fwmark 5",
        "-tan fwmark = 0x4/0x4",
        "-tan fwmark 1/",
        "-tan fwmark x",
        "-tan fwmark 0",
        "-tan fwmark 0 dev 0",
        "-tan fwmark != 0",
        "-tan cgroup /nosuch",
        "-xan src 'unix:*[0-9]'",
        "-xan sport = unix:*",
        "-xan sport ge unix:x",
        "-xan sport le unix:x",
        "-an src vsock:*",
        "-an src vsock:1:2",
        "-an src vsock:x",
    ]);
}

#[test]
fn a_wrong_expression_is_refused_as_by_the_original() {
    agree(&[
        "-tan src != 10.0.0.1",
        "-tan dst > x",
        "-tan sport",
        "-tan and",
        "-tan autobound = 1",
        "-tan fwmark ge 1",
        "-tan ( sport 22",
        "-tan ( sport = :22 ) )",
        "-tan or sport 22",
        "-tan sport 22 or",
        "-tan not",
        "-tan ! sport 22",
        "-tan sport = = 22",
        "-tan dev > lo",
        "-tan src",
        "-tan 'sport 22 & dport 40001'",
        "-tan 'sport 22 | sport 443 && dport 0'",
        "-tan sport 22 dport 40001",
        "-tan ( ( sport 22 ) or ( sport 443 ) )",
        "-tan \\dport = :22",
        "-tan Sport = :22",
        "-tan sport = :22 )",
    ]);
}

#[test]
fn a_filter_file_is_read_as_by_the_original() {
    let file = b"# comment\nsport = :22\n0 sport = :1\n or dport = :22\n";
    agree_cases([
        ss("-tan -F -").given(file),
        ss("-tan -F -").given(b"dport = :22"),
        ss("-tan -F - sport = :8080 or").given(b"dport = :22\n"),
        ss("-tan -F - or dport 1").given(b"dport = :22\n"),
        ss("-tan -F -x").given(b"dport = :22\r\n"),
        ss("-tan -F -").given(b" # c\n"),
        ss("-tan -F -").given(b"state established\n"),
        ss("-tan -F -").given(b"sport = :22\0garbage\n"),
        ss("-tan -F -").given(b"\0sport\n"),
        ss("-tan -F -").given(&[b"sport = :22 ".repeat(100), b"\n".to_vec()].concat()),
        ss("-tan -F -").given(&[vec![b' '; 1021], b"\n".to_vec()].concat()),
        ss("-tan -F /nosuch"),
        ss("-tan -F /"),
        ss("-tan -F /dev/null"),
        ss("-tan -F - -F -").given(file),
        ss("-F - -s").given(file),
    ]);
}

#[test]
fn details_are_printed_as_by_the_original() {
    agree(&[
        "-to",
        "-tao",
        "-te",
        "-tae",
        "-tane",
        "-tam",
        "-tami",
        "-tai",
        "-tani",
        "-tanimoe",
        "-taneimO",
        "-tanO",
        "-tanOe",
        "-tai --tos",
        "-tan --tos --cgroup --inet-sockopt",
        "-uan --tos",
        "-uanei",
        "-uanm",
        "-uanmi",
        "-wane",
        "-wanm",
        "-xane",
        "-xanm",
        "-xaneim",
        "-0ane",
        "-0anb",
        "-0anm",
        "-0aneb",
        "-0anebO",
        "-f netlink -e",
        "-f netlink -ep",
        "-f netlink -emp",
        "-f netlink -mp",
        "-Mani",
        "-Manem",
        "-tanb",
        "-taneb",
        "-ane",
        "-anm",
        "-ani",
        "-anem --tos",
        "-tan --cgroup",
        "-xan --cgroup",
        "--xdp -ane",
        "--vsock -ane",
        "--tipc -ane --tipcinfo",
        "-tan --bpf-maps",
        "-taniH",
        "-taniHO state time-wait",
        "-tin state established",
        "-tie state syn-recv",
    ]);
}

#[test]
fn processes_are_named_as_by_the_original() {
    agree(&[
        "-tanp",
        "-tanpT",
        "-tanT",
        "-lp",
        "-ltnp",
        "-uanp",
        "-xanp",
        "-xanpT",
        "-0anp",
        "-wanp",
        "-f netlink -p",
        "-anp",
        "-Manp",
        "-tanpe",
        "-tanpei",
        "-tanpH",
        "-tanpQ",
    ]);
}

#[test]
fn names_are_resolved_as_by_the_original() {
    agree(&[
        "-tr",
        "-ta",
        "-ua",
        "-tar",
        "-tarn",
        "-ltr",
        "-uar",
        "-wa",
        "-6ta",
        "-0a",
        "-xa",
        "-xar",
        "-f netlink -a",
    ]);
}

#[test]
fn columns_and_headings_can_be_left_out_as_in_the_original() {
    agree(&[
        "-tnQ",
        "-tnHQ",
        "-H",
        "-HQ",
        "-tH dport = :1",
        "-t dport = :1",
        "-taQp",
        "-xQ",
        "-xQH",
        "-uQa",
        "-sQ",
    ]);
}

#[test]
fn a_screen_is_filled_as_by_the_original() {
    let mut cases = Vec::new();
    for width in [
        1, 2, 10, 20, 40, 60, 79, 80, 81, 100, 120, 132, 160, 200, 250, 400,
    ] {
        for words in [
            "-tan", "-tanp", "-tane", "-tlnQ", "-tani", "-xa", "-an", "-uanH",
        ] {
            cases.push(ss(words).with("COLUMNS", width.to_string()));
        }
    }
    for columns in ["0", "", "x", "100x", "-5", " 90", "99999", "070"] {
        cases.push(ss("-tan").with("COLUMNS", columns));
    }
    for width in [0, 1, 60, 80, 120, 200] {
        for words in ["-tan", "-tanp", "-tane", "-xa"] {
            cases.push(ss(words).to(Output::Terminal(width)));
        }
        cases.push(ss("-tn").to(Output::Terminal(width)).with("COLUMNS", "100"));
    }
    agree_cases(cases);
}

#[test]
fn a_summary_is_printed_as_by_the_original() {
    agree(&[
        "-s",
        "-s -t",
        "-sH",
        "-s src 1.2.3.4",
        "-s ''",
        "-s -F /dev/null",
        "-s -a",
        "-s -u -n",
        "-sx",
        "-s state all",
    ]);
}

#[test]
fn the_environment_has_the_same_effect_as_on_the_original() {
    let mut cases = Vec::new();
    for words in [
        "-tan",
        "-xan",
        "-0an",
        "-wan",
        "-uan",
        "-Ma",
        "-s",
        "-f netlink -an",
        "-an",
        "-tane",
        "-tanp",
        "-sa",
    ] {
        for root in ["/proc", "/nosuch", ""] {
            cases.push(ss(words).with("PROC_ROOT", root));
        }
    }
    for (name, words) in [
        ("PROC_NET_TCP", "-tan"),
        ("PROC_NET_TCP6", "-tan"),
        ("PROC_NET_UDP", "-uan"),
        ("PROC_NET_UDP6", "-uan"),
        ("PROC_NET_RAW", "-wan"),
        ("PROC_NET_RAW6", "-wan"),
        ("PROC_NET_UNIX", "-xan"),
        ("PROC_NET_PACKET", "-0ane"),
        ("PROC_NET_NETLINK", "-f netlink -anep"),
        ("PROC_NET_MPTCP", "-Ma"),
        ("PROC_NET_SOCKSTAT", "-s"),
        ("PROC_NET_SOCKSTAT6", "-s"),
        ("PROC_NET_SNMP", "-s"),
        ("PROC_IP_LOCAL_PORT_RANGE", "-ta"),
    ] {
        let file = name
            .to_lowercase()
            .replace("proc_", "/proc/")
            .replacen("net_", "net/", 1);
        cases.push(ss(words).with(name, file));
        cases.push(ss(words).with(name, "/nosuch"));
        cases.push(ss(words).with(name, "/dev/null"));
    }
    cases.push(ss("src 1.2.3.4 -tan").with("POSIXLY_CORRECT", "1"));
    cases.push(ss("-tan src 127.0.0.1 -p").with("POSIXLY_CORRECT", ""));
    cases.push(ss("-tan").with("LC_ALL", "C.UTF-8"));
    cases.push(ss("-xan").with("LC_ALL", "C.UTF-8"));
    agree_cases(cases);
}

#[test]
fn nothing_is_killed_without_privileges_and_the_rows_are_those_of_the_original() {
    agree_cases([
        ss("-ntK sport = :1").as_user(),
        ss("-ntK sport = :1"),
        ss("-nuK sport = :53").as_user(),
        ss("-ntK sport = :22").as_user(),
        ss("-wnaK").as_user(),
        ss("-xaK").as_user(),
        ss("-0aK").as_user(),
        ss("-nMK").as_user(),
        ss("-wnaK sport = 99999"),
        ss("-xaK"),
    ]);
}

/// A kill changes the scene: each side gets a fresh one.
#[test]
fn a_killed_connection_is_listed_and_gone_as_with_the_original() {
    for (kill, look) in [
        ("-ntK sport = :8080", "-tan sport = :8080 or dport = :8080"),
        ("-nuK sport = :5353", "-uan sport = :5353"),
        ("-nt4K dst 127.0.0.2", "-tan dst 127.0.0.2 or src 127.0.0.2"),
    ] {
        if let Some(mut hall) = Hall::open(Tool::Ss, "tcp+udp") {
            hall.changing(&ss(kill), &ss(look));
            hall.close();
        }
    }
}

#[test]
fn events_and_namespaces_end_as_in_the_original() {
    agree_cases([
        ss("-E -x"),
        ss("-E -0"),
        ss("-E").for_milliseconds(300),
        ss("-ntE").to(Output::Pipe).for_milliseconds(300),
        ss("-nuE sport 4005").for_milliseconds(300),
        ss("-N nosuch"),
        ss("-N ''"),
        ss("-N nosuch -ltn").as_user(),
        ss("-ltn -N /"),
    ]);
}

#[test]
fn dumps_are_written_as_by_the_original() {
    agree_cases([
        ss("-D - -A udp"),
        ss("-D /nosuch/x"),
        ss("-D /nosuch/x -t"),
        ss("-D /dev/full -t"),
        ss("-D /dev/null -t"),
        ss("-D /dev/null -t foo"),
        ss("-D /dev/null -x"),
        ss("-D - -tl").to(Output::File),
        ss("-D - -tl4"),
        ss("-D - -t6 state listening"),
    ]);
}

#[test]
fn a_failing_output_ends_as_in_the_original() {
    agree_cases([
        ss("-tan").to(Output::Full),
        ss("-tan").to(Output::BrokenPipe),
        ss("-h").to(Output::Full),
        ss("-V").to(Output::BrokenPipe),
        ss("-tan").to(Output::Pipe),
    ]);
}

#[test]
fn hostile_unix_names_are_printed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Ss, "hostile") {
        hall.lines(&["-xa", "-xan", "-xap", "-xane", "-xanH src 'unix:*'"]);
        hall.case(&ss("-xan").with("PROC_ROOT", "/proc"));
        hall.case(&ss("-xanp").with("PROC_NET_UNIX", "/proc/net/unix"));
        // The rest of a line that a name broke is a row of whatever table is asked for.
        for words in ["-A u_seq", "-aA u_str", "-aA u_dgr", "-A u_str,u_seq"] {
            hall.case(&ss(words).with("PROC_NET_UNIX", "/proc/net/unix"));
        }
        hall.close();
    }
}

#[test]
fn an_empty_machine_is_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Ss, "empty") {
        hall.lines(&[
            "", "-t", "-tan", "-tlnp", "-H", "-an", "-s", "-x", "-tulpn", "-tane", "-Htan",
        ]);
        hall.close();
    }
}

/// Recorded sock_diag messages: every number is compared, nothing is masked.
#[test]
fn recorded_sockets_are_printed_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "empty") else {
        return;
    };
    let built = conformance::hall::built();
    let (_, facts) = stage::recording(Tool::Ss, 0, built, "ss-test").expect("recordings");
    hall.stage().tell(facts);
    let dumps = [
        "DUMP_FOUR",
        "DUMP_CUT",
        "DUMP_ERROR",
        "DUMP_RANDOM0",
        "DUMP_RANDOM1",
        "DUMP_RANDOM2",
        "DUMP_RANDOM3",
        "DUMP_RANDOM4",
        "DUMP_RANDOM5",
    ];
    for dump in dumps {
        for words in [
            "-Htna",
            "-tn state time-wait",
            "-tan",
            "-tano",
            "-tane",
            "-tanm",
            "-tani",
            "-taneimoO",
            "-taneimo",
            "-ta",
            "-tani --tos --cgroup --inet-sockopt",
            "-tanp",
            "-tanep",
            "-taQ",
            "-tan sport ge 1024",
            "-tan src 10/8",
            "-tu",
            "-tan dev 77",
            "-tai",
            "-tan6",
            "-tainHO",
        ] {
            hall.case(
                &ss(words)
                    .with("TCPDIAG_FILE", format!("{{{dump}}}"))
                    .with("PROC_ROOT", "{NO_FILES}"),
            );
        }
    }
    for number in 0..conformance::fixture::SUMMARIES {
        hall.case(
            &ss("-s")
                .with("PROC_NET_SOCKSTAT", format!("{{SOCKSTAT{number}}}"))
                .with("PROC_NET_SOCKSTAT6", format!("{{SOCKSTAT6_{number}}}"))
                .with("PROC_NET_SNMP", format!("{{SNMP{number}}}")),
        );
    }
    for width in 1..150 {
        hall.case(
            &ss("-tna")
                .with("TCPDIAG_FILE", "{DUMP_FOUR}")
                .with("COLUMNS", width.to_string()),
        );
    }
    hall.close();
}

/// Where the widths change in the middle of a long listing.
#[test]
fn a_long_listing_is_cut_into_blocks_as_by_the_original() {
    let Some(mut hall) = Hall::open(Tool::Ss, "empty") else {
        return;
    };
    let built = conformance::hall::built();
    let (_, mut facts) = stage::recording(Tool::Ss, 0, built, "ss-blocks").expect("recordings");
    let path = conformance::fixture::place(built, "ss-blocks").join("many");
    std::fs::write(&path, conformance::fixture::diag::many(99_999)).expect("recordings");
    facts.push(("SCENE_DUMP_MANY".into(), path.into()));
    hall.stage().tell(facts);
    for words in [
        "-tan",
        "-Htan",
        "-tanQ",
        "-tane",
        "-taneO",
        "-tanei",
        "-tanp",
        "-tanep",
        "-tn state established",
    ] {
        hall.case(
            &ss(words)
                .with("TCPDIAG_FILE", "{DUMP_MANY}")
                .with("PROC_ROOT", "{NO_FILES}"),
        );
    }
    hall.case(
        &ss("-tan")
            .with("TCPDIAG_FILE", "{DUMP_MANY}")
            .with("PROC_ROOT", "{NO_FILES}")
            .with("COLUMNS", "120"),
    );
    hall.close();
}
