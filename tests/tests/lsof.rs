//! lsof, command line by command line: what each selection finds, and every format.

use conformance::case::Case;
use conformance::hall::{Hall, built};
use conformance::protocol::Output;
use conformance::stage;
use conformance::tool::Tool;

/// A scene of one process with agreed descriptors, and one of everything; `{P}` is a process with
/// many sockets there.
const SCENES: [(&str, &str); 2] = [("lsof", "{PROC_PID}"), ("all", "{FRONT_PID}")];

fn agree(lines: &[&str]) {
    for (scene, process) in SCENES {
        let Some(mut hall) = Hall::open(Tool::Lsof, scene) else {
            return;
        };
        let lines: Vec<String> = lines
            .iter()
            .map(|line| line.replace("{P}", process))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        if scene == "all" {
            for line in lines {
                hall.case(&lsof(line));
            }
        } else {
            hall.lines(&lines);
        }
        hall.close();
    }
}

fn in_scene(scene: &str, lines: &[&str]) {
    if let Some(mut hall) = Hall::open(Tool::Lsof, scene) {
        hall.lines(lines);
        hall.close();
    }
}

fn agree_cases(cases: impl IntoIterator<Item = Case>) {
    let Some(mut hall) = Hall::open(Tool::Lsof, "lsof") else {
        return;
    };
    for mut case in cases {
        for word in &mut case.args {
            *word = word.to_string_lossy().replace("{P}", "{PROC_PID}").into();
        }
        hall.case(&case);
    }
    hall.close();
}

fn lsof(words: &str) -> Case {
    Case::words(Tool::Lsof, words)
}

#[test]
fn everything_is_listed_as_by_the_original() {
    agree(&[
        "-nP",
        "-K i -nP",
        "-K -nP",
        "-w -nP",
        "-t",
        "-nP -R -g +L +fg",
        "-F -nP",
        "-F0 -nP",
        "-nP -s",
        "-nP -o",
    ]);
}

#[test]
fn descriptors_are_selected_as_by_the_original() {
    agree(&[
        "-a -p {P} -d 0-3",
        "-a -p {P} -d 9-12",
        "-a -p {P} -d cwd,rtd",
        "-a -p {P} -d 345",
        "-a -p {P} -d ^0-35",
        "-a -p {P} -d ^fd",
        "-a -p {P} -d fd -t",
        "-p {P} -d 3 -t",
        "-d 3,^4",
        "-w -d 3,^4",
        "-d foo",
        "-d 1-1",
        "-d 5-",
        "-d -5",
        "-d a-b",
        "-d , -t",
        "-d 003 -a -p {P}",
        "-d mem -a -p {P}",
        "-d txt,mem -a -c front",
        "-d NOFD",
        "-d ''",
        "-d",
        "-d ^cwd -a -p {P}",
        "-d 3 -d 4 -a -p {P}",
        "-d fd -a -c names -nP",
    ]);
}

#[test]
fn network_files_are_selected_as_by_the_original() {
    agree(&[
        "-i -nP",
        "-nPi",
        "-inP",
        "-i -n -P -t",
        "-i-n",
        "-i ++",
        "-i -- -t",
        "-i4 -nP",
        "-i6 -nP",
        "-i 4tcp -nP",
        "-i 6tcp -nP",
        "-i4 -i6 -t",
        "-i6 -i :22 -nP",
        "-a -i4 -i:22 -nP",
        "-i TCP:22 -nP",
        "-i :22,53 -nP",
        "-i:1-100 -nP",
        "-i :22-ssh -nP",
        "-i :ssh-http",
        "-i :22-",
        "-i :22-20",
        "-i :22x",
        "-i :1-2-3",
        "-i :",
        "-i :22, -nP",
        "-i :,22",
        "-i @",
        "-i @:22",
        "-i tcp@",
        "-i @0.0.0.0",
        "-i @0.0.0.0:22 -nP",
        "-i @[::]",
        "-i @[::]:22",
        "-i @[::ffff:127.0.0.1] -nP",
        "-i 6@127.0.0.1",
        "-i 4@[::1]",
        "-i @localhost -nP",
        "-i @nosuch.invalid",
        "-i udplite -nP",
        "-i udp -nP",
        "-i :22 -i tcp -V -t",
        "-i tcp -i :22 -V -t",
        "-i :22 -i :99 -V -t",
        "-i :22,99 -t",
        "-i tcp:domain -i udp:ntp -nP",
        "-iTCP -sTCP:LISTEN -nP",
        "-i -i4 -t",
        "-i4 -i -t",
        "-i4 -i6 -i4 -t",
        "-i tcp:22,8080,53 -nP",
        "-i ''",
        "-i 5",
        "-i icmp",
        "-i ,22",
        "-i 46",
        "-i",
        "-i udp:53 -nP",
        "-i 4udp",
        "-i @127.0.0.1:8080 -nP",
        "-i tcp@127.0.0.0",
        "-i :70000",
        "-i @127.0.0.1 -i @[::1] -nP",
        "-i :http -nP",
        "-i udp:ssh",
    ]);
}

#[test]
fn states_are_filtered_as_by_the_original() {
    agree(&[
        "-i -s tcp:listen -nP",
        "-i -s tcp:close -nP",
        "-i -s tcp:^listen -nP",
        "-s tcp:listen -a -p {P} -nP",
        "-s tcp:LISTEN,LISTEN",
        "-s tcp:LISTEN,^LISTEN",
        "-s tcp:,LISTEN",
        "-s tcp:,",
        "-s tcp:ESTABLISHED -K -V",
        "-s tcp:LISTEN -K -R -F",
        "-s tcp:SYN_SENT -K -V",
        "-s tcp:foo",
        "-s tcp:",
        "-s tcp",
        "-s udp:",
        "-s tcp:LISTEN -s -iTCP -nP",
        "-s tcp:syn_sent -itcp -V -nP",
        "-itcp -s tcp:established,close_wait -nP",
        "-itcp -s tcp:time_wait -nP",
        "-s ''",
        "-s foo:bar",
        "-i -s TCP:ESTABLISHED -nP",
    ]);
}

#[test]
fn tcp_information_is_printed_as_by_the_original() {
    agree(&[
        "-T -i -nP",
        "-Tq -i -nP",
        "-Ts -i -nP",
        "-Tf -i -nP",
        "-Tqs -i -nP",
        "-Tfq -i -nP",
        "+T -i -nP",
        "-Tw",
        "-T '' -i -nP",
        "-Tq -U",
        "-Tf -U",
        "-T -U",
        "-FT -T -i -nP",
        "-T -FT -i -nP",
        "-FnT -i -nP",
    ]);
}

#[test]
fn sizes_and_offsets_are_printed_as_by_the_original() {
    agree(&[
        "-a -c files -o",
        "-a -c files -o3",
        "-a -c files -o12 -o",
        "-a -c files -o0 -o",
        "-a -c files -o9o",
        "-a -c files -o 3 -o",
        "-o -s",
        "-a -c files -s",
        "-a -c files -H",
        "-a -p {P} -d txt,mem,3 -H",
        "-o ''",
        "-o foo",
        "-a -c files -s -H",
        "/srv/scene/files/size1048575 -H",
        "-H /srv/scene/files/size1048575",
    ]);
}

#[test]
fn link_counts_and_identifiers_are_printed_as_by_the_original() {
    agree(&[
        "+L1 -nP",
        "+L -a -p {P} -d 3,9",
        "+L0 -t",
        "+L1t",
        "-L1",
        "+L2 -L -a -p {P}",
        "-R -g -a -p {P} -d 3",
        "-gR",
        "-l -a -p {P} -d 3",
        "-g -t -p {P}",
        "-g {P} -t",
        "-g x",
        "-g ^1 -t",
        "-g 1,2 -R",
    ]);
}

#[test]
fn commands_are_selected_and_cut_as_by_the_original() {
    agree(&[
        "+c 0 -a -d cwd -u root",
        "+c 5 -a -d cwd -u root",
        "+c 15 -a -d cwd -u root",
        "+c 16",
        "+c x",
        "+c",
        "+c -1",
        "+cx",
        "-c front -t",
        "-c fro -t",
        "-c ront -t",
        "-c '/ron/' -t",
        "-c '/FRON/i' -t",
        "-c '/^f.*k$/' -t",
        "-c '//' -t",
        "-c /x",
        "-c /x/bx",
        "-c /x/bb",
        "-c /x/q",
        "-c '/(/'",
        "-c fr -c front -t -V",
        "-c ^front -t",
        "-c '' -t",
        "-c -x",
        "-c abcdefghijklmnop",
        "-c 'front desk' -t",
        "-c front -c ^front",
        "-c '/^s/x' -t -V",
        "-c nosuch -V",
        "+c 3 -c front -t",
    ]);
}

#[test]
fn processes_and_users_are_selected_as_by_the_original() {
    agree(&[
        "-p 99999999 -V",
        "-p 99999999 -V -Q",
        "-p {P},99999999 -t",
        "-p ,{P} -t",
        "-p {P}, -t",
        "-p '' -t",
        "-p , -V",
        "-V -p , -a -d 0 -p {P}",
        "-V -p {P},, -a -d 0",
        "-g , -V -a -d 0",
        "-p 4294967295 -V",
        "-p {P} -p ^{P}",
        "-p abc",
        "-p -1",
        "-p",
        "-p ^{P} -t",
        "-u root,nosuch",
        "-u 0,^0",
        "-u 0x",
        "-u abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "-u ^root -p {P} -t",
        "-u daemon -V -t",
        "-u 2 -V",
        "-a -p {P} -u nobody",
        "-u nobody -t",
        "-u 65534 -t",
        "-u ''  -t",
        "-a -p 1 -c front -V",
        "-p ^{P} -c front -V",
        "-a -p {P} -d 0 -i :22 -V",
        "-p {P} -i -t",
        "-a -p {P} -i -nP",
        "-p ^1 -t",
        "-u ^nobody -t",
    ]);
}

#[test]
fn names_are_searched_as_by_the_original() {
    agree(&[
        "{FILE}",
        "/srv/scene/files/../files/reg",
        "/srv/scene/files/soft",
        "{FILE}//",
        "/nosuch",
        "/nosuch {FILE}",
        "-Q /nosuch",
        "-w /nosuch",
        "''",
        "{FILE}/x",
        "{FILE} -a -p {P}",
        "-",
        "+",
        "++ 1",
        "-- 1",
        "/srv/scene/files/directory",
        "/srv/scene/files",
        "/srv",
        "-f -- /srv",
        "+f -- /srv",
        "+f -- {FILE}",
        "-f /srv",
        "{FILE} {FILE} -V",
        "{SOCKET_PATH}",
        "/dev/zero",
        "/dev/null",
        "//srv/./scene/files/reg",
        "/srv/scene/files/linked -V",
        "/proc/1/root -t",
        "/",
        "/etc/passwd -V",
        "-t {FILE}",
        "/srv/scene/files/after /srv/scene/files/again -V",
    ]);
    agree_cases([
        lsof("reg hard").within("{DIRECTORY}"),
        lsof("./sub/../reg").within("{DIRECTORY}"),
        lsof("../reg -V").within("{SUB_DIR}"),
        lsof("'relative link' 'absolute link'").within("{DIRECTORY}"),
        lsof("self loop1 dangling").within("{DIRECTORY}"),
        lsof("{SELF_PATH} {FILE}"),
        lsof("{LOOP_PATH}"),
        lsof("-w {LOOP_PATH}"),
        lsof("-e {LOOP_PATH} -w"),
        lsof("-w -e {LOOP_PATH}"),
        lsof("-V -t -a -i4 {SOCKET_PATH}"),
        lsof("-V -t -a -i4 -d 999 {SOCKET_PATH}"),
        lsof("-V -t -a -i4 {FILE}"),
        lsof("-Q {LOOP_PATH}"),
        lsof("{DANGLING_PATH}"),
        lsof("{RELATIVE_PATH} {ABSOLUTE_PATH}"),
    ]);
}

#[test]
fn directories_are_searched_as_by_the_original() {
    in_scene(
        "files",
        &[
            "+d /srv/scene/files",
            "+D /srv/scene/files -t",
            "+d /srv/scene/files/",
            "+d /srv/scene/files/directory -V",
            "+d {FILE}",
            "-w +d {FILE}",
            "+d /nosuch",
            "-w +d /nosuch",
            "+D",
            "+d -x",
            "+d ''",
            "-x l +d /srv/scene/files",
            "+d /srv/scene/files -x l",
            "-xq +d /srv/scene/files",
            "-x",
            "-x f +d /srv/scene -V",
            "+D /srv/scene/unix",
            "-a +d /srv/scene/files -p {REGULAR_PID}",
        ],
    );
    in_scene(
        "lsof",
        &[
            "+d {DIRECTORY}",
            "+D {DIRECTORY} -t",
            "+D {DIRECTORY}",
            "+d {DIRECTORY}/",
            "+d {DIRECTORY} -b -w",
            "-b -w +d {DIRECTORY}",
            "-b +d {DIRECTORY}",
            "+d {DIRECTORY} -- ''",
            "{FILE} ''",
            "+d {EMPTY_DIR} -V",
            "+d {FILE}",
            "-w +d {FILE}",
            "-x l +d {DIRECTORY}",
            "-x +d {DIRECTORY}",
            "+d {LINKED_DIR} -V",
            "-x l +d {LINKED_DIR} -V",
            "+d {SUB_DIR} -a -p {PROC_PID}",
        ],
    );
}

#[test]
fn fields_are_printed_as_by_the_original() {
    for selection in [
        "-a -p {P} -d 3-20",
        "-a -c files -d fd",
        "-a -u nobody -d 0-9",
        "-i -nP",
    ] {
        agree(
            &[
                "-F", "-F0", "-F 0", "-Fpcfn", "-Fn0", "-F ''", "-FG", "+fg -FG", "-F +fg",
                "+fg -F", "-FG -fg", "-Fk", "-Fo", "-Fs", "-Fr", "-FD", "-Fd", "-Fi", "-Fl", "-Fa",
                "-FtPTn", "-FR", "-Fg", "-FL", "-Fu", "-FKMm",
            ]
            .map(|fields| format!("{selection} {fields}"))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
        );
    }
    agree(&[
        "-Fx", "-Fp,c", "-F?n", "-F ?", "-F -t", "-Fo -s", "-F0 -t", "-Fn -t",
    ]);
}

#[test]
fn flags_are_printed_as_by_the_original() {
    agree(&[
        "+fg -a -c files",
        "+fG -a -c files",
        "+fgG -a -c files",
        "+fc",
        "-fg -a -c files",
        "+fg -fg -a -c files",
        "+fg -i -nP",
        "+f",
        "+fCFN",
        "-fx",
    ]);
}

#[test]
fn endpoints_are_named_as_by_the_original() {
    agree(&[
        "-E -nP",
        "+E -nP",
        "-E -p {P} -nP",
        "+E -p {P} -nP",
        "-E -U",
        "+E -U -c bus",
        "-E -a -c files",
        "+E -a -c files",
        "+E -a -c pairs",
        "-E +c0 -c pairs",
        "-E +c 3 -c pairs",
        "-i -p {P} -nP",
        "-i -p {P} -E -nP",
        "-E +E -c pairs",
    ]);
}

#[test]
fn sockets_without_tables_are_listed_as_by_the_original() {
    agree(&[
        "-X -a -p {P}",
        "-X -i",
        "-X -X -i -nP",
        "-U -a -p {P}",
        "-U -a -p 1",
        "-U -nP",
        "-N",
        "-N -V",
        "-X -nP -c res",
    ]);
}

#[test]
fn tasks_are_listed_as_by_the_original() {
    agree(&[
        "-K -a -c files",
        "-K -t",
        "-K x",
        "-Ki -t",
        "-K -a -p {P} -V",
        "-K ''",
        "-K -c front -t",
        "-K -a -c scene",
        "-K -R -g -a -c scene",
    ]);
}

#[test]
fn a_missing_selection_is_refused_as_by_the_original() {
    agree(&[
        "-a", "-a -R", "-a -p ^1", "-a +L", "-a -K i", "-a -g", "-at", "-a -nP",
    ]);
}

#[test]
fn blocking_calls_are_avoided_as_by_the_original() {
    agree(&[
        "-bw -p {P}",
        "-b -w {FILE}",
        "-bw -i -nP",
        "-O -p {P}",
        "-S 1 -p {P} -t",
        "-S x -t",
        "-S1x",
        "-S -t",
        "-S 5 -t -p {P}",
        "-e",
        "-e x",
        "-e /nosuch",
        "-b -e /nosuch -t",
        "-e /nosuch -b -t",
        "-w -e x",
    ]);
}

#[test]
fn unsupported_options_are_refused_as_by_the_original() {
    agree(&[
        "-m",
        "-m x",
        "-D i",
        "-Z",
        "-z",
        "-C",
        "-k",
        "--version",
        "-:",
        "-h",
        "-?",
        "-v",
        "-vh",
        "-h -%",
        "-v -q",
        "-h -v -q",
        "-F ? -v -q",
        "-q -d foo",
        "-h -d foo",
        "-y",
        "-I",
        "-A",
        "-x ''",
        "-T '' -t -p 1",
        "-q -z -y",
        "-B x",
    ]);
    agree_cases([
        lsof("-q").called("/usr/bin/lsof"),
        lsof("-q").called("/usr/bin/"),
        lsof("-p 99999999 -V").called("./other"),
        lsof("-v").called("x/lsof"),
    ]);
}

#[test]
fn names_are_escaped_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Lsof, "files+unix") {
        for locale in ["C", "C.UTF-8"] {
            for words in [
                "-nP",
                "-F -nP",
                "-Fn",
                "+d /srv/scene/files/names",
                "-U",
                "-Fcn",
            ] {
                hall.case(&lsof(words).with("LC_ALL", locale));
            }
        }
        hall.close();
    }
    if let Some(mut hall) = Hall::open(Tool::Lsof, "processes") {
        for locale in ["C", "C.UTF-8"] {
            for words in ["-d cwd -c '/./'", "-t -c '/^.$/'", "-t -c '/^..$/'"] {
                hall.case(&lsof(words).with("LC_ALL", locale));
            }
        }
        hall.close();
    }
    if let Some(mut hall) = Hall::open(Tool::Lsof, "hostile") {
        hall.lines(&["-U", "-U -F", "-U -E", "-nP"]);
        hall.close();
    }
}

#[test]
fn a_listing_is_repeated_as_by_the_original() {
    agree_cases([
        lsof("-r1c2mX -a -p {P} -d 3"),
        lsof("-r1c1mX -a -p {P} -d 3 -t"),
        lsof("-F -r1c1mX -a -p {P} -d 3"),
        lsof("-Fn0 -r1c1mX -a -p {P} -d 3"),
        lsof("-r1c1m%n -Fn -p 1"),
        lsof("-r1c1m -p 1"),
        lsof("+r1 -p 99999999"),
        lsof("+r1 -r1c1mX -p 99999999"),
        lsof("-r1c1mX +r1 -p 99999999"),
        lsof("+r1c1 -r1c2mX -p 99999999"),
        lsof("-r0 -a -p {P} -d 3"),
        lsof("+r0 -a -p {P} -d 3"),
        lsof("-r '1 c1mX' -a -p {P} -d 3"),
        lsof("-r '1 c2' -p 1"),
        lsof("-r1c1mX -nP -i"),
        lsof("-r -a -p {P} -d 3")
            .to(Output::Pipe)
            .for_milliseconds(500),
        lsof("-a -p {P} -d 3 -r c2mX")
            .to(Output::Pipe)
            .for_milliseconds(500),
        lsof("-a -p {P} -d 3 -r mX")
            .to(Output::Pipe)
            .for_milliseconds(500),
        lsof("-p {P} -rc2").to(Output::Pipe).for_milliseconds(500),
        lsof("-a -p {P} -d 3 -rc2mX")
            .to(Output::Pipe)
            .for_milliseconds(500),
        lsof("-a -p {P} -d 3 -rmX")
            .to(Output::Pipe)
            .for_milliseconds(500),
        lsof("-a -p {P} -d 3 -r1c0mX")
            .to(Output::Pipe)
            .for_milliseconds(1500),
        lsof("-a -p {P} -d 3 -rm"),
    ]);
}

#[test]
fn a_failing_output_ends_as_in_the_original() {
    agree_cases([
        lsof("-nP").to(Output::BrokenPipe),
        lsof("-nP").to(Output::Full),
        lsof("-nP -p {P}").to(Output::Pipe),
        lsof("-h").to(Output::Full),
    ]);
}

#[test]
fn later_switches_win_as_in_the_original() {
    agree(&[
        "-n +n -i -P",
        "-P +P -i -n",
        "-t +w -u nobody",
        "-i -n",
        "-i -P",
        "-i",
        "-V -Q -p 99999999",
        "+M -i -nP",
        "-M -i -nP",
    ]);
}

#[test]
fn an_empty_machine_is_listed_as_by_the_original() {
    if let Some(mut hall) = Hall::open(Tool::Lsof, "empty") {
        hall.lines(&["-nP", "-i", "-U", "-t", "-p 1", "-u root -t", "-F"]);
        hall.close();
    }
}

/// A recorded tree: foreign numbers in every column, and no process of this machine.
#[test]
fn recorded_processes_are_listed_as_by_the_original() {
    let (setting, _) = stage::recording(Tool::Lsof, 0, built(), "lsof-test").expect("recordings");
    let Some(mut hall) = Hall::recorded(Tool::Lsof, setting) else {
        return;
    };
    for words in [
        "-nP",
        "-i -nP",
        "-p 100",
        "-p 20000 -nP",
        "-c first",
        "-F -nP",
        "-U",
        "-t",
        "-o -nP",
        "-s -nP",
        "+fg -nP",
        "-i tcp -nP -Tqs",
        "-R -g",
        "-K i -nP",
        "-d mem",
        "-u root -nP",
        "-Fdf",
        "-FfT -nP",
        "-FfT -nP -U -d 3-6",
    ] {
        let mut case = lsof(words);
        case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
        hall.case(&case);
    }
    hall.close();
}

/// Processes that are hard to tell: dead, nobody's, leaderless, of another root.
#[test]
fn odd_processes_are_listed_as_by_the_original() {
    in_scene(
        "lsof",
        &[
            "-p {ZOMBIE_PID} -V",
            "-p {STRANGER_PID}",
            "-a -p {STRANGER_PID} -d cwd,0,1",
            "-F -a -p {STRANGER_PID} -d cwd,0,1",
            "-w -a -p {STRANGER_PID} -d cwd,0,1",
            "-a -p {OUTERMOST_PID} -d cwd,0,1",
            "-Fu -a -p {OUTERMOST_PID} -d cwd",
            "-l -a -p {OUTERMOST_PID} -d cwd",
            "-p {NOBODY_PID}",
            "-K -a -p {SINGLE_PID} -V",
            "-K -a -p {PROC_PID}",
            "-g {DESK_PGID} -R -t",
            "-c 'scene proc' -t",
            "-c sc -c scene -t -V",
            "-a -p {PROC_PID} -d 12345",
            "-F -a -p {PROC_PID} -d 12345",
            "-a -p {PROC_PID} -d 34,35,36 -o",
            "-a -p {PROC_PID} -d 34,35,36",
            "-a -p {PROC_PID} -d 3,4,5,6,7,8",
            "-E -a -p {PROC_PID} -d 26,20,11",
            "+E -a -p {PROC_PID} -d 26,20,11",
            "-a -p {PROC_PID} -d 9,11,16,17,19 -Tqs",
            "{SOCKET_PATH}",
            "{HARD_FILE} -V",
        ],
    );
    in_scene(
        "processes",
        &[
            "-nP -d cwd",
            "-nP -t",
            "-K -nP -d cwd",
            "-R -g -d cwd",
            "-nP -d txt",
            "+c 0 -d cwd -nP",
            "-Fcp -d cwd",
        ],
    );
}

#[test]
fn mounts_are_searched_as_by_the_original() {
    in_scene(
        "mounts",
        &[
            "-nP -t",
            "-nP",
            "-w -nP",
            "/",
            "-V /srv",
            "+f -- /srv",
            "+m",
            "-i -nP",
            "-t -p 1",
            "-bw -p 1",
            "+E -p 2 -U",
            "+E -p 2 -i",
            "-p 2 -e /srv/scene/mounts/link",
            "-p 2 +fg -e /srv/scene/mounts/link",
            "-p 2 -F -e /srv/scene/mounts/link",
            "-p 2 -F0 -e /srv/scene/mounts/link",
            "-xf +D /srv/scene/mounts -V",
        ],
    );
    in_scene("namespaces", &["-nP", "-i -nP", "-U", "-nP -d mem"]);
}
