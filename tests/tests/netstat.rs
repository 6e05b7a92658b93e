//! netstat, command line by command line: tables, families, columns, and what ends it.

use conformance::case::Case;
use conformance::compare::Seen;
use conformance::hall::{Hall, built, skip};
use conformance::protocol::{End, Output};
use conformance::stage::{self, Setting, Stage};
use conformance::subject::{Subject, Suite};
use conformance::tool::Tool;

const SCENE: &str = "tcp+udp+unix";

fn agree(lines: &[&str]) {
    in_scene(SCENE, lines);
}

fn in_scene(scene: &str, lines: &[&str]) {
    if let Some(mut hall) = Hall::open(Tool::Netstat, scene) {
        hall.lines(lines);
        hall.close();
    }
}

fn agree_cases(cases: impl IntoIterator<Item = Case>) {
    if let Some(mut hall) = Hall::open(Tool::Netstat, SCENE) {
        for case in cases {
            hall.case(&case);
        }
        hall.close();
    }
}

fn netstat(words: &str) -> Case {
    Case::words(Tool::Netstat, words)
}

#[test]
fn tables_and_rows_are_chosen_as_by_the_original() {
    agree(&[
        "", "-n", "-an", "-ln", "-aln", "-lan", "-tan", "-tanW", "-uan", "-un", "-uln", "-wan",
        "-wn", "-wln", "-Uan", "-U", "-San", "-tSu", "-6S", "-4S", "-x", "-xa", "-xl", "-xap",
        "-xaeoW", "-4", "-4n", "-4v", "-6", "-6n", "-46n", "-64n", "-4x", "-4xn", "-tx", "-tuwxan",
        "-nv", "-nav", "-nlv", "-t4n", "-t6n", "-u6an", "-txl", "-d", "-tnd",
    ]);
}

#[test]
fn families_are_named_as_in_the_original() {
    agree(&[
        "-A inet,unix -n",
        "--inet6 --unix -ln",
        "-A ip6 -tn",
        "--ip6",
        "-A foo",
        "-A inet,foo",
        "-A ''",
        "-A ,",
        "-A ddp -n",
        "--ax25 -x",
        "--ipx -x",
        "--x25 -t",
        "--rose -t",
        "--netrom -t",
        "-2",
        "-f",
        "-2f",
        "-2fl",
        "--bluetooth -t",
        "-4 --ax25",
        "-4n --ipx",
        "-6 --x25",
        "-4 --rose",
        "-4 --netrom",
        "-4 -2",
        "-6n --bluetooth",
        "-A inet6 -n",
        "-A tcpip -n",
        "-Ainet",
        "-A -A",
        "-A inet -A unix -n",
        "-A econet -n",
        "-A ash -n",
        "--protocol=inet -n",
        "--protocol inet6 -n",
        "-A inet,inet,inet -n",
        "-A ax25,unix",
        "-A inet,ax25 -n",
        "-A inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet,inet -n",
    ]);
}

#[test]
fn columns_are_added_as_by_the_original() {
    agree(&[
        "-tulpn",
        "-tulpen",
        "-tane",
        "-tanee",
        "-taneee",
        "-tano",
        "-taneop",
        "-tanpo",
        "-uao",
        "-uano",
        "-wano",
        "-tanp",
        "-te",
        "-tae --numeric-users",
        "-tunape",
        "-xp",
        "-xe",
        "-Uaneo",
        "-tnaoW",
        "-tanpW",
        "-p",
        "-ape",
        "-anpeo",
    ]);
}

#[test]
fn names_are_resolved_as_by_the_original() {
    agree(&[
        "-ta",
        "-ua",
        "-wa",
        "-a",
        "-ta --numeric-hosts",
        "-ta --numeric-ports",
        "-tae",
        "-taN",
        "-taW",
        "-uaW",
        "-wae",
        "-tl",
        "-ul",
        "-tap",
        "-g",
        "-r",
    ]);
}

#[test]
fn groups_are_listed_as_by_the_original() {
    agree(&[
        "-g",
        "-gn",
        "-g4n",
        "-g6n",
        "-gtn",
        "-gx",
        "-gv",
        "-gl",
        "--groups --numeric-hosts",
    ]);
}

#[test]
fn routes_are_listed_as_by_the_original() {
    in_scene(
        "routes",
        &[
            "-r",
            "-rn",
            "-rne",
            "-rnee",
            "-rN",
            "-rnW",
            "-6rn",
            "-6r",
            "-46rn",
            "-64rn",
            "-A inet6,inet -rn",
            "-A inet,inet -rn",
            "-rnC",
            "-rnFC",
            "-6rnC",
            "-6rnFC",
            "-rnF",
            "-rn -x",
            "-rn -A inet,unix",
            "-rn -A ax25",
            "-rn -A netrom",
            "-rn -A rose",
            "-rn -A ipx",
            "-rn -A ddp",
            "-rn -A x25",
            "-rn -A bluetooth",
            "-rn -A ash",
            "-rn -A econet",
            "-rneC",
            "-rneeC",
            "-6rneC",
            "-rC",
            "-rnFCe",
            "-6rnFCee",
            "-rv",
            "-r -g",
            "-rno",
            "-6rne",
        ],
    );
}

/// The original shows no rows at the third `-e` and begins again after it.
#[test]
fn more_than_two_extensions_of_routes_are_as_two_of_the_original() {
    let theirs = match Subject::original(Tool::Netstat, Suite::Trixie) {
        Ok(theirs) => theirs,
        Err(reason) => return skip("routes with many -e", &reason),
    };
    let mut stage = match Stage::open(built(), Setting::Scene("routes".to_owned())) {
        Ok(stage) => stage,
        Err(reason) => return skip("routes with many -e", &reason.to_string()),
    };
    let ours = Subject::own(Tool::Netstat, built()).with_library_of(&theirs);
    let mut seen = |words: &str, subject: &Subject| {
        let case = netstat(words);
        let response = stage.run(&case, subject).expect("the scene goes on");
        Seen::of(&case, response)
    };
    for words in ["-rnee", "-ree", "-rnCee", "-rnFCee", "-46rnee"] {
        let two = seen(words, &theirs);
        // Metrics are signed there, which is declared.
        let stdout = String::from_utf8_lossy(&two.stdout).replace(" -1     ", " 4294967295 ");
        for more in ["e", "ee", "eee", "eeee --extend"] {
            let own = seen(&format!("{words}{more}"), &ours);
            assert_eq!(
                String::from_utf8_lossy(&own.stdout),
                stdout,
                "{words}{more}"
            );
            assert_eq!(own.end, two.end, "{words}{more}");
        }
    }
}

#[test]
fn interfaces_are_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Netstat, "interfaces") {
        hall.lines(&[
            "-i", "-ia", "-in", "-ie", "-iae", "-i eth0", "-i -t", "-i -g", "-iv", "-iW", "-ieee",
        ]);
        hall.close();
    }
}

#[test]
fn counters_are_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Netstat, "unix") {
        hall.lines(&[
            "-s",
            "-st",
            "-su",
            "-sw",
            "-sS",
            "-sU",
            "-stuw",
            "-s6",
            "-s6t",
            "-s6u",
            "-s6w",
            "-s46",
            "-sx",
            "-s -4 -4",
            "-s4",
            "-sc",
            "-sl",
            "-s -A ip6",
            "-se",
            "-snp",
            "--statistics --tcp",
        ]);
        hall.close();
    }
}

#[test]
fn modes_exclude_each_other_as_in_the_original() {
    agree(&[
        "-M", "-Mn", "-Me", "-ri", "-rs", "-is", "-rM", "-rr", "-ss", "-ii", "-MM", "-s -l",
        "-r -g -n", "-i -M", "-rsiM",
    ]);
}

#[test]
fn help_and_wrong_options_end_as_in_the_original() {
    agree(&[
        "-h",
        "-?",
        "--help",
        "-V",
        "-V -Q",
        "-Q -V",
        "--ver",
        "--in",
        "--num",
        "--u",
        "--a",
        "--l",
        "--s",
        "--pro",
        "--co",
        "--tc",
        "--ro",
        "--r",
        "--x",
        "--b",
        "--ine -n",
        "--prog -tn",
        "--program -tn",
        "--li -tn",
        "--st",
        "--ti -tn",
        "--w -tn",
        "--e -tn",
        "--m",
        "--h",
        "--ap",
        "--f",
        "--sy -tn",
        "--route=1",
        "-A",
        "--protocol",
        "-Q",
        "--foo",
        "--foo=1",
        "-tn5",
        "-T",
        "foo -tn",
        "-tn foo",
        "-- -tn",
        "-Z",
        "-tnZ",
        "-h -Z",
        "-Z -h",
        "--in=3",
        "--=3",
        "--conte=5",
        "-n--tcp",
        "-é",
        "-tn - -l",
        "-tn ''",
        "--cont",
        "--conti=3",
        "--udpl -an",
        "--rou -n",
        "--ros",
        "--ra",
        "--rf",
        "--net",
        "--unix",
        "--not",
        "--notrim",
        "--n",
        "--verb -tn",
        "--vers",
        "--inet=1",
    ]);
    agree_cases([
        netstat("foo -t").with("POSIXLY_CORRECT", "1"),
        netstat("-t foo -Q").with("POSIXLY_CORRECT", ""),
        netstat("-Q").called("/bin/netstat"),
        netstat("--num").called("./x/netstat"),
        netstat("-A foo").called("/bin/netstat"),
        netstat("-tan").with("COLUMNS", "40"),
        netstat("-tan").to(Output::Terminal(40)),
        netstat("-x").with("LC_ALL", "C.UTF-8"),
    ]);
}

#[test]
fn a_continuous_listing_is_repeated_as_by_the_original() {
    agree_cases([
        netstat("-xc").to(Output::Pipe).for_milliseconds(1500),
        netstat("-gnc")
            .to(Output::BrokenPipe)
            .for_milliseconds(1500),
        netstat("-ic").to(Output::Pipe).for_milliseconds(1500),
        netstat("-tlnc").to(Output::Pipe).for_milliseconds(1500),
        netstat("-rnc").to(Output::Pipe).for_milliseconds(1500),
    ]);
}

/// The original misreads the file in its second round.
#[test]
fn every_round_of_groups_is_as_the_first_of_the_original() {
    let theirs = match Subject::original(Tool::Netstat, Suite::Trixie) {
        Ok(theirs) => theirs,
        Err(reason) => return skip("groups again and again", &reason),
    };
    let mut stage = match Stage::open(built(), Setting::Scene(SCENE.to_owned())) {
        Ok(stage) => stage,
        Err(reason) => return skip("groups again and again", &reason.to_string()),
    };
    let ours = Subject::own(Tool::Netstat, built()).with_library_of(&theirs);
    let mut seen = |case: &Case, subject: &Subject| {
        let response = stage.run(case, subject).expect("the scene goes on");
        String::from_utf8_lossy(&Seen::of(case, response).stdout).into_owned()
    };
    let round = seen(&netstat("-gn"), &theirs);
    assert!(round.contains("224.0.0.1"), "{round}");
    let again = netstat("-gnc").to(Output::Pipe).for_milliseconds(2500);
    let own = seen(&again, &ours);
    let rounds = own.len() / round.len();
    assert!(rounds >= 2, "{own}");
    assert_eq!(own, round.repeat(rounds));
}

#[test]
fn a_failing_output_ends_as_in_the_original() {
    agree_cases([
        netstat("-an").to(Output::BrokenPipe),
        netstat("-an").to(Output::Pipe),
    ]);
}

/// The original ends as if all had been written.
#[test]
fn a_full_disk_is_told_where_the_original_is_silent() {
    let theirs = match Subject::original(Tool::Netstat, Suite::Trixie) {
        Ok(theirs) => theirs,
        Err(reason) => return skip("a full disk", &reason),
    };
    let mut stage = match Stage::open(built(), Setting::Scene("routes".to_owned())) {
        Ok(stage) => stage,
        Err(reason) => return skip("a full disk", &reason.to_string()),
    };
    let ours = Subject::own(Tool::Netstat, built()).with_library_of(&theirs);
    for words in ["-rn", "-an", "-s", "-ie", "-h"] {
        let case = netstat(words).to(Output::Full);
        let mut seen = |subject: &Subject| {
            let response = stage.run(&case, subject).expect("the scene goes on");
            Seen::of(&case, response)
        };
        let (own, their) = (seen(&ours), seen(&theirs));
        assert_eq!(their.end, End::Exited(0), "{words}");
        assert_eq!(own.end, End::Exited(1), "{words}");
        let complaint = b"netstat: write error: No space left on device\n";
        let before = own.stderr.strip_suffix(complaint);
        let before = before.unwrap_or_else(|| panic!("{words}: no complaint"));
        // The list of families goes to another stream in the original, which is declared.
        if words != "-h" {
            assert_eq!(before, their.stderr, "{words}");
        }
    }
}

#[test]
fn a_machine_without_ipv4_is_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::recorded(Tool::Netstat, Setting::Empty) {
        hall.lines(&[
            "-r", "-rn", "-rne", "-rnee", "-rnC", "-rnFC", "-6rn", "-46rn", "-64rn", "-rnv", "-i",
            "-ia", "-ie", "-gn", "-an",
        ]);
        hall.close();
    }
}

#[test]
fn owners_of_any_number_are_shown_as_by_the_original() {
    in_scene(
        "processes",
        &[
            "-tane",
            "-tlne",
            "-tae",
            "-tae --numeric-users",
            "-tlneop",
            "-ane",
        ],
    );
}

#[test]
fn names_of_families_are_held_up_to_their_limit_as_by_the_original() {
    let inet = |count: usize| vec!["inet"; count].join(",");
    for scene in [SCENE, "routes"] {
        let lines: Vec<String> = [
            format!("-A {} -n", inet(60)),
            format!("-A {}, -n", inet(60)),
            format!("-A {} -A unix -rn", inet(51)),
            format!("-A {} -A unix -n", inet(51)),
            format!("-A {} -A unix -rn", inet(50)),
            format!("-A {} -A inet6 -rn", inet(51)),
            format!("-A unix -A {} -rn", inet(51)),
            format!("-A {},unix -rn", inet(51)),
        ]
        .into();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        in_scene(scene, &lines);
    }
}

#[test]
fn hostile_unix_names_make_no_row_that_the_original_does_not_have() {
    if let Some(mut hall) = Hall::open(Tool::Netstat, "hostile") {
        hall.lines(&["-x", "-xa", "-xap", "-xan"]);
        hall.close();
    }
}

#[test]
fn an_empty_machine_is_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Netstat, "empty") {
        hall.lines(&[
            "", "-an", "-r", "-rn", "-6rn", "-i", "-ia", "-ie", "-g", "-gn", "-s", "-x", "-tulpn",
            "-p",
        ]);
        hall.close();
    }
}

/// Recorded trees: files that no live kernel has, lines that do not parse, counters of any value.
#[test]
fn recorded_files_are_printed_as_by_the_original() {
    for number in 0..16 {
        let (setting, _) =
            stage::recording(Tool::Netstat, number, built(), "netstat-test").expect("recordings");
        let Some(mut hall) = Hall::recorded(Tool::Netstat, setting) else {
            return;
        };
        for words in [
            "-an",
            "-aneop",
            "-n",
            "-ln",
            "-tanW",
            "-xap",
            "-xl",
            "-gn",
            "-rn",
            "-rne",
            "-rnee",
            "-6rn",
            "-rnC",
            "-6rnC",
            "-s",
            "-s6",
            "-st",
            "-su",
            "-s6t",
            "-San",
            "-4San",
            "-6San",
            "--ax25",
            "--netrom -n",
            "--x25",
            "--rose",
            "--ipx",
            "--ipx -e",
            "-U",
            "-u6an",
            "-wano",
            "-tano",
            "-M",
            "-i",
            "-t",
            "-r",
            "-a",
            "-g4n",
            "-rn -A ax25",
            "-r -A netrom,rose",
            "-rn -A ipx,x25",
            "-rn -A ddp",
            "-rneeC",
            "-Mne",
            "-ia",
            "-iae",
            "-sS",
            "-nv",
            "-x",
        ] {
            let mut case = netstat(words);
            case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
            hall.case(&case);
        }
        hall.close();
    }
}
