//! lsof beyond its tables of options: what only some kernels, moments and machines show, made here
//! by recordings and by hand, and JSON against the fields that say the same.

use std::fmt::Write as _;
use std::fs;

use conformance::case::Case;
use conformance::hall::{Hall, built, skip, the_original_itself};
use conformance::json::KEYS;
use conformance::pair::{both, ours};
use conformance::stage::{self, Setting, Stage};
use conformance::subject::{Subject, Suite};
use conformance::text::{fields, lines};
use conformance::tool::Tool;

fn lsof(words: &str) -> Case {
    Case::words(Tool::Lsof, words)
}

/// Compares as root only.
fn as_root(scene: &str, cases: impl IntoIterator<Item = Case>) {
    if let Some(mut hall) = Hall::open(Tool::Lsof, scene) {
        for case in cases {
            hall.case(&case);
        }
        hall.close();
    }
}

#[test]
fn a_desk_is_listed_by_every_option() {
    const DESK: &str = "-a -p {PROC_PID}";
    let mut cases = vec![lsof(""), lsof("-p {PROC_PID}"), lsof("-p ^ -t")];
    let numbers: Vec<_> = (1..=101_u32).map(|number| number.to_string()).collect();
    cases.push(lsof(&format!("-i :{}", numbers.join(","))));
    cases.push(lsof(&format!("-i :{}", numbers[..100].join(","))));
    let mut on_desk = |descriptors: &str, options: &[&str]| {
        for option in options {
            cases.push(lsof(&format!("{DESK} -d {descriptors} {option}")));
        }
    };
    on_desk(
        "9,11,16,17,19",
        &["-T", "-Tq", "-Ts", "-Tf", "-Tqs", "+T", "-nP -Tqs"],
    );
    on_desk("34,35,36", &["-o 3 -o", "-o12 -o", "-o0 -o", "-o9o", "-o3"]);
    on_desk("3,9", &["-s", "-s -o3", "-FT -T", "-T -FT"]);
    on_desk("3", &["+c 0", "+c 5", "+c 15", "+c0 -R -g -l"]);
    on_desk(
        "3,4,9,16,19,26,12345",
        &[
            "-F", "-F0", "-F 0", "-Fpcfn", "-Fn0", "-F ''", "-FG", "+fg -FG", "+fg", "+fG", "+fgG",
            "-fg", "-FDr", "-b", "-e /",
        ],
    );
    on_desk("20,11,26", &["-E", "+E", "-E +c0", "-E +c 3", "+E +c 3"]);
    on_desk("3", &["-F -r1c2mX", "-Fn0 -r1c2mX", "-t -r1c2mX"]);
    for locale in ["C", "C.UTF-8"] {
        cases.push(lsof(&format!("{DESK} -d 6,7,8")).with("LC_ALL", locale));
        cases.push(lsof(&format!("{DESK} -d 6,7,8 -Fn")).with("LC_ALL", locale));
    }
    for words in [
        "+L1",
        "-e /",
        "-i -E",
        "-d cwd,rtd,txt,mem,fd",
        "-d ^txt,mem",
        "-S 1 -O",
        "-Z -q -d 3",
    ] {
        cases.push(lsof(&format!("{DESK} {words}")));
    }
    for words in [
        "-w +d ''",
        "-w +d {EMPTY_DIR} -V",
        "-w +D {FILE}",
        "-i @localhost:123,8080 -nP",
        "-i @127.0.0.1:123,8080 -nP",
        "-i tcp@localhost:22 -nP",
        "-i :8080-22",
        "-i :8080-8080 -nP",
        "-i @1.2.3.400",
    ] {
        cases.push(lsof(words));
    }
    as_root("lsof", cases);
}

#[test]
fn processes_without_a_leader_are_listed_by_their_tasks() {
    let lines = [
        "-p {LEADERLESS_CHILD_PID} -V",
        "-K -p {LEADERLESS_CHILD_PID}",
        "-a -K -p {LEADERLESS_CHILD_PID}",
        "-K i -p {LEADERLESS_CHILD_PID} -V",
        "-p {STOPPED_CHILD_PID}",
        "-p {AFTER_COPY_PID} -d txt -a",
        "-p {AFTER_MEMORY_PID} -d txt -a",
        "-K -a -p {THREADS_PID} -d fd",
        "-K -E -a -p {THREADS_PID} -d fd",
        "-a -p {ROOTED_PID}",
        "+L1 -a -p {ROOTED_PID}",
    ];
    as_root("processes", lines.map(lsof));
}

#[test]
fn files_are_listed_kind_by_kind() {
    let mut cases = Vec::new();
    for process in ["REGULAR", "SPECIAL", "ANONYMOUS", "MAPPED", "LOCKED"] {
        for options in ["", "-o", "-s", "+L", "+fG", "-FfDrtso", "-w", "-E", "-H"] {
            cases.push(lsof(&format!("-p {{{process}_PID}} {options}")));
        }
    }
    for words in [
        "-e {OVERLAY_MOUNT} -p {MAPPED_PID}",
        "+e {OVERLAY_MOUNT} -p {MAPPED_PID}",
        "-e {OTHER_MOUNT} -p {REGULAR_PID}",
        "{OTHER_MOUNT}",
        "{QUEUE_MOUNT} -V",
        "{FIFO_PATH} -V",
        "{TERMINAL_FILE}",
        "{LINK_PATH}",
        "{MAPPED_FILE} -V",
        "{LOCKED_FILE}",
        "{AGAIN_FILE}",
        "{KEPT_FILE} -V",
        "{MAPPED_KEPT_FILE} -V",
        "-e /srv -p {MAPPED_PID}",
        "+e /srv -p {MAPPED_PID}",
        "-F -e /srv -a -p {MAPPED_PID} -d mem,DEL",
        "-e / -e {OTHER_MOUNT} -p {REGULAR_PID}",
        "-e {OTHER_MOUNT} -e / -p {REGULAR_PID}",
        "-e {OTHER_MOUNT} +e {OTHER_MOUNT}// -p {REGULAR_PID}",
        "-e {OTHER_MOUNT} -p {REGULAR_PID} -- {OTHER_MOUNT}",
        "/dev/loop0 /dev/ptmx -V",
        "-p {LOCK_HEIR_PID},{LOCK_WAITER_PID}",
    ] {
        cases.push(lsof(words));
    }
    // Unix sockets without a name go by this one.
    for words in ["socket", "./socket -V", "socket/ -V", "-t socket"] {
        cases.push(lsof(words).within("{FILES_DIR}"));
    }
    as_root("files", cases);
}

/// By the file that has the name now, else by the name as it was bound.
#[test]
fn unix_sockets_are_searched_by_name() {
    let mut cases = Vec::new();
    for words in [
        "relative -V",
        "./relative -V",
        "dotted -V",
        "./dotted -V",
        "linked 'second name' -V",
        "'new name' -V",
        "replaced -V",
        "stream -V",
        "{UNIX_DIR}/relative -V",
        "{UNIX_DIR}/'new name' -V",
        "'with blank' -V",
        "'{UNIX_DIR}/with blank' -V",
        "co:lon -V",
    ] {
        cases.push(lsof(words).within("{UNIX_DIR}"));
    }
    as_root("unix", cases);
}

/// The objects that `-j` prints, made from the fields that `-F` prints for the same rows.
fn objects(fields: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut process: Vec<(u8, String)> = Vec::new();
    let mut file: Vec<(u8, String)> = Vec::new();
    let mut end = |process: &[(u8, String)], file: &[(u8, String)]| {
        if file.is_empty() {
            return;
        }
        let mut members = Vec::new();
        for (letter, key, text) in KEYS {
            let known = process.iter().chain(file);
            for (_, value) in known.filter(|(known, _)| *known == letter) {
                let value = match letter {
                    b'o' => value.trim_start_matches("0t"),
                    b'a' | b'l' if value == " " => continue,
                    b'n' if value.is_empty() => continue,
                    _ => value,
                };
                members.push(if text {
                    format!("\"{key}\":\"{value}\"")
                } else {
                    format!("\"{key}\":{value}")
                });
            }
        }
        let info: Vec<_> = file
            .iter()
            .filter(|(letter, _)| *letter == b'T')
            .filter_map(|(_, value)| {
                let (what, value) = value.split_once('=')?;
                Some(match what {
                    "ST" => format!("\"state\":\"{value}\""),
                    "QR" => format!("\"recv_queue\":{value}"),
                    _ => format!("\"send_queue\":{value}"),
                })
            })
            .collect();
        if !info.is_empty() {
            members.push(format!("\"tcp_info\":{{{}}}", info.join(",")));
        }
        found.push(format!("{{{}}}", members.join(",")));
    };
    for line in lines(fields) {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line));
        let (letter, value) = line.split_at(1);
        let letter = letter.as_bytes()[0];
        if matches!(letter, b'p' | b'f') {
            end(&process, &file);
            file.clear();
        }
        if letter == b'p' {
            process.clear();
        }
        let place = match letter {
            b'p' | b'K' | b'M' | b'g' | b'R' | b'c' | b'u' | b'L' => &mut process,
            _ => &mut file,
        };
        place.push((letter, value.to_owned()));
    }
    end(&process, &file);
    found
}

#[test]
fn json_tells_what_the_fields_tell() {
    if the_original_itself() {
        return skip("JSON", "the originals here have none");
    }
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    // Of the desk: without connected UDP, which has a state in later versions only, names with
    // escapes, which are other ones in JSON, large offsets, which are always decimal there, and
    // the high number.
    for selection in [
        "-a -p {PROC_PID} -d 3-5,8-16,18-33 -nP",
        "-a -p {PROC_PID} -d cwd,rtd,txt,mem -nP",
        "-a -K -p {PROC_PID} -d 3,9,16,19 -nP",
        "-a -u 65534,3000000000 -d 0-9,cwd -nPw",
        "-p 99999999",
        "-a -p {PROC_PID} -d 3-5 -l -E",
        "-a -p {PROC_PID} -d 26 -E",
    ] {
        let mut run = |options: &str, subject: &Subject| {
            let case = lsof(&format!("{selection} {options}"));
            let case = case.fill(stage.facts()).expect("facts");
            stage.run(&case, subject).expect("the scene goes on")
        };
        let expected = objects(&run("-F +fg", &original).stdout);
        let by_line = run("-j", &ours);
        let text = String::from_utf8_lossy(&by_line.stdout);
        let seen: Vec<_> = text.lines().collect();
        assert_eq!(seen, expected, "{selection}");

        // One object of all, with the files of a process together.
        let mut whole = String::from("{\"lsof_version\":\"4.99.7\",\"processes\":[");
        let mut last: Option<&str> = None;
        for object in &expected {
            let (process, file) = object.split_once(",\"fd\":").expect("a descriptor");
            if last == Some(process) {
                let _ = write!(whole, ",{{\"fd\":{file}");
            } else {
                whole.push_str(if last.is_some() { "]}," } else { "" });
                let _ = write!(whole, "{process},\"files\":[{{\"fd\":{file}");
            }
            last = Some(process);
        }
        whole.push_str(if last.is_some() { "]}]}\n" } else { "]}\n" });
        let together = run("-J", &ours);
        assert_eq!(
            String::from_utf8_lossy(&together.stdout),
            whole,
            "{selection}"
        );
        assert_eq!(together.end, by_line.end, "{selection}");
        let plain = run("", &original);
        assert_eq!(together.end, plain.end, "{selection}");
    }
}

#[test]
fn json_has_the_chosen_fields() {
    if the_original_itself() {
        return skip("JSON", "the originals here have none");
    }
    let Some((mut stage, [_, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let fact = |name: &str| {
        let text = stage.fact(name).expect("the desk tells it");
        text.to_string_lossy().into_owned()
    };
    let (pid, directory) = (fact("SCENE_PROC_PID"), fact("SCENE_DIRECTORY"));
    let mut run = |words: &str| {
        let case = lsof(words).fill(stage.facts()).expect("facts");
        let response = stage.run(&case, &ours).expect("the scene goes on");
        String::from_utf8_lossy(&response.stdout).into_owned()
    };
    const NONE: &str = "{\"lsof_version\":\"4.99.7\",\"processes\":[]}\n";
    for (words, expected) in [
        (
            "-J -Fpcf -a -p {PROC_PID} -d 3,12345",
            "{\"lsof_version\":\"4.99.7\",\"processes\":[{\"pid\":PID,\"command\":\"scene proc\",\
             \"files\":[{\"fd\":\"3\"},{\"fd\":\"12345\"}]}]}\n",
        ),
        (
            "-J -Fp0 -a -p {PROC_PID} -d 3,9",
            "{\"lsof_version\":\"4.99.7\",\"processes\":[{\"pid\":PID,\"files\":[{},{}]}]}\n",
        ),
        (
            "-j -Fcn -a -p {PROC_PID} -d 9,13 -nP",
            "{\"pid\":PID,\"command\":\"scene proc\",\"name\":\"127.0.0.1:8080\"}\n\
             {\"pid\":PID,\"command\":\"scene proc\",\"name\":\"*:22\"}\n",
        ),
        (
            "-J -Ff -FG +fG -a -p {PROC_PID} -d 26",
            "{\"lsof_version\":\"4.99.7\",\"processes\":[{\"pid\":PID,\
             \"files\":[{\"fd\":\"26\",\"flags\":\"0x80000;0x0\"}]}]}\n",
        ),
        (
            "-J -FG +fg -a -p {PROC_PID} -d 26,27",
            "{\"lsof_version\":\"4.99.7\",\"processes\":[{\"pid\":PID,\
             \"files\":[{\"flags\":\"CX\"},{\"flags\":\"W,CX\"}]}]}\n",
        ),
        (
            "-j -Fo -a -p {PROC_PID} -d 34,36",
            "{\"pid\":PID,\"offset\":\"123456789012\"}\n{\"pid\":PID,\"offset\":\"123456789\"}\n",
        ),
        (
            "-j -FT -a -p {PROC_PID} -d 17,19",
            "{\"pid\":PID,\"tcp_info\":{\"state\":\"ESTABLISHED\",\"recv_queue\":0,\
             \"send_queue\":0}}\n{\"pid\":PID,\"tcp_info\":{\"state\":\"LISTEN\"}}\n",
        ),
        (
            "-j -FT -T -a -p {PROC_PID} -d 9",
            "{\"pid\":PID,\"tcp_info\":{}}\n",
        ),
        ("-j -Fp -r1c2mX -a -p 99999999", "\n\n"),
        ("-J -p 99999999", NONE),
        ("-j -p 99999999", ""),
        ("-J +r1 -p 99999999", NONE),
        ("-j +r1 -p 99999999", "\n"),
        ("-J +r1 -Q -p 99999999", NONE),
        (
            "-j -Ffn -a -p {PROC_PID} -d 6",
            "{\"pid\":PID,\"fd\":\"6\",\"name\":\"DIR/odd b\\tt\\nn\\\\s\\u0001c\u{7f}d\u{e9}\"}\n",
        ),
    ] {
        let seen = run(words);
        let expected = expected.replace("PID", &pid).replace("DIR", &directory);
        assert_eq!(seen, expected, "{words}");
    }
}

/// Once for each row of lines, once for each process of one object.
#[test]
fn an_unknown_user_is_told_as_often_as_it_is_asked_for() {
    if the_original_itself() {
        return skip("JSON", "the originals here have none");
    }
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let mut run = |words: &str, subject: &Subject| {
        let case = lsof(&format!("-a -u 3000000000 -d cwd,0,1 {words}"));
        stage.run(&case, subject).expect("the scene goes on")
    };
    let fields = run("-F", &original);
    assert!(
        fields
            .stderr
            .starts_with(b"lsof: no pwd entry for UID 3000000000\n")
    );
    assert_eq!(run("-J", &ours).stderr, fields.stderr);
    let by_row = run("-j", &ours);
    let rows = lines(&by_row.stdout).count();
    assert!(rows > 1);
    let told: Vec<_> = lines(&by_row.stderr).collect();
    let once = lines(&fields.stderr).next().expect("one line");
    assert_eq!(told, vec![once; rows]);
    for words in ["-j -l", "-j -Fpcf", "-J -Fu", "-j -w", "-t"] {
        assert_eq!(run(words, &ours).stderr, b"", "{words}");
    }
}

/// The original forgets the name that only UDP has when TCP was asked for the number before.
#[test]
fn a_service_of_udp_alone_has_its_name_beside_tcp() {
    let (setting, _) =
        stage::recording(Tool::Lsof, 0, built(), "lsof-services").expect("recordings");
    let Setting::Recorded(root) = &setting else {
        panic!("a recording is a directory");
    };
    for table in ["tcp", "udp"] {
        let path = root.join("net").join(table);
        let text = fs::read_to_string(&path).expect("a recorded table");
        // 8000 and 8002 become 69.
        let text = text.replace(":1F40 ", ":0045 ").replace(":1F42 ", ":0045 ");
        fs::write(path, text).expect("the recording can be written");
    }
    let original = match Subject::original(Tool::Lsof, Suite::preferred(Tool::Lsof)) {
        Ok(original) => original,
        Err(reason) => return skip("services", &reason),
    };
    let ours = ours(Tool::Lsof, &original);
    let mut stage = match Stage::open(built(), setting) {
        Ok(stage) => stage,
        Err(error) => return skip("services", &error.to_string()),
    };
    let mut run = |words: &str, subject: &Subject| {
        let mut case = lsof(words);
        case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
        let response = stage.run(&case, subject).expect("the recording goes on");
        let rows: Vec<_> = lines(&response.stdout).collect();
        let udp = rows.iter().filter_map(|row| {
            let mut words = fields(row).skip_while(|word| *word != b"UDP");
            words.nth(1).map(<[u8]>::to_vec)
        });
        udp.collect::<Vec<_>>()
    };
    let names = run("-n -i udp", &original);
    assert_eq!(names.len(), 2, "{names:?}");
    if names[0] == b"*:69" {
        return skip("services", "this machine has no name for UDP 69");
    }
    let words = if the_original_itself() {
        "-n -i udp"
    } else {
        "-n -i"
    };
    assert_eq!(run(words, &ours), names);
}

/// What is declared to differ, as another command line of the original has it.
#[test]
fn slips_of_the_original_are_mended() {
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    for (here, there) in [
        ("-i @localhost:8080,123 -nP", "-i @localhost:123,8080 -nP"),
        (
            "-r1c2 -a -p {PROC_PID} -d 3",
            "-r1c2m======= -a -p {PROC_PID} -d 3",
        ),
        (
            "+r1c2 -a -p {PROC_PID} -d 3",
            "+r1c2m======= -a -p {PROC_PID} -d 3",
        ),
        (
            "+r1c20 -t -a -p {PROC_PID} -d 3 -c nosuch",
            "+r1c20mX -t -a -p {PROC_PID} -d 3 -c nosuch",
        ),
        ("-p 4294967298 -t", "-p 99999999 -t"),
    ] {
        let [own, theirs] = [(here, &ours), (there, &original)].map(|(words, subject)| {
            let words = if the_original_itself() { there } else { words };
            let case = lsof(words).fill(stage.facts()).expect("facts");
            let response = stage.run(&case, subject).expect("the scene goes on");
            let text = String::from_utf8_lossy(&response.stdout).into_owned();
            (text, response.end)
        });
        assert_eq!(own, theirs, "{here}");
    }
}

#[test]
fn a_repetition_ends_with_its_process() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "empty") else {
        return;
    };
    for subject in &subjects {
        let pid = stage
            .shell("sleep 3 > /dev/null 2>&1 & echo $!")
            .expect("a shell");
        let pid = String::from_utf8_lossy(&pid).trim().to_owned();
        let case = lsof(&format!("+r1mX -t -p {pid}"));
        let seen = stage.run(&case, subject).expect("the scene goes on");
        let text = String::from_utf8_lossy(&seen.stdout).into_owned();
        let cycle = format!("{pid}\nX\n");
        assert!(
            !text.is_empty() && text.replace(&cycle, "").is_empty(),
            "{text}"
        );
        assert_eq!(seen.end, conformance::protocol::End::Exited(0), "{text}");
    }
}

/// A process of the kernel's own: seen in the initial process namespace only.
#[test]
fn a_kernel_thread_has_no_program() {
    const THREADS: &str = "kthreadd\n";
    if !stage::is_root() || fs::read_to_string("/proc/2/comm").unwrap_or_default() != *THREADS {
        skip("a kernel thread", "it is seen by root of the machine only");
        return;
    }
    let original = match Subject::original(Tool::Lsof, Suite::preferred(Tool::Lsof)) {
        Ok(original) => original,
        Err(reason) => return skip("a kernel thread", &reason),
    };
    let ours = ours(Tool::Lsof, &original);
    for words in ["-p 2", "-w -p 2", "-F -p 2", "-a -p 2 -d txt", "-t -p 2"] {
        let [theirs, own] = [&original, &ours].map(|subject| {
            let words: Vec<_> = words.split(' ').map(Into::into).collect();
            let (program, _, words) = subject.command("lsof".as_ref(), &words);
            let output = std::process::Command::new(program)
                .args(words)
                .env("LC_ALL", "C")
                .output()
                .expect("it runs");
            (
                String::from_utf8_lossy(&output.stdout).into_owned(),
                String::from_utf8_lossy(&output.stderr).into_owned(),
                output.status.code(),
            )
        });
        assert_eq!(own, theirs, "{words}");
    }
}
