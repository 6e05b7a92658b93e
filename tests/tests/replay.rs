//! Recorded kernel state through the original and, in this very process, through ours: neither
//! privilege nor namespace nor running process has a part in what ours prints.

use std::fmt::Write as _;

use applet::{Environment, Invocation, Screen, Streams};
use conformance::case::Case;
use conformance::compare::{Seen, agree};
use conformance::hall::{built, skip};
use conformance::protocol::{End, Facts, Response};
use conformance::stage::{self, Setting, Stage};
use conformance::subject::{Subject, Suite};
use conformance::tool::Tool;

/// Runs ours as a function.
fn ours(case: &Case, environment: &Facts) -> Response {
    let applet = match case.tool {
        Tool::Netstat => rnetstat::APPLET,
        Tool::Ss => rss::APPLET,
        Tool::Lsof => rlsof::APPLET,
    };
    let mut variables = case.env.clone();
    variables.extend(environment.iter().cloned());
    let invocation = Invocation {
        argv0: case.argv0.clone(),
        args: case.args.clone(),
        env: Environment::Fixed(variables),
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams::captured(
        Box::new(&mut stdout),
        Box::new(&mut stderr),
        Screen::default(),
    );
    let exit = (applet.main)(&invocation, &mut streams);
    streams.out.flush_all();
    streams.err.flush_all();
    drop(streams);
    Response {
        pid: std::process::id(),
        end: End::Exited(exit.0.into()),
        stdout,
        stderr,
    }
}

/// Compares command lines over one recording. `environment` tells ours what the original finds by
/// itself.
fn compare(tool: Tool, setting: Setting, facts: Facts, environment: &Facts, lines: &[Case]) {
    let suite = Suite::preferred(tool);
    let theirs = match Subject::original(tool, suite) {
        Ok(theirs) => theirs,
        Err(reason) => return skip(&format!("replay of {tool}"), &reason),
    };
    let mut stage = match Stage::open(built(), setting) {
        Ok(stage) => stage,
        Err(error) => return skip(&format!("replay of {tool}"), &error.to_string()),
    };
    stage.tell(facts);
    let mut report = String::new();
    let mut compared = 0;
    for case in lines {
        let case = case.fill(stage.facts()).expect("known facts");
        let response = stage.run(&case, &theirs).expect("the stage goes on");
        let theirs = Seen::of(&case, response);
        let ours = Seen::of(&case, ours(&case, environment));
        match agree(&case, suite, &theirs, &ours) {
            Ok(_) => compared += usize::from(!ours.stdout.is_empty()),
            Err(disagreement) => {
                let _ = writeln!(report, "{}", case.shell());
                report.push_str(&disagreement.show(4));
            }
        }
    }
    assert!(report.is_empty(), "{tool}:\n{report}");
    assert!(compared > 0, "{tool}: nothing was listed");
}

fn root_of(setting: &Setting) -> Facts {
    let Setting::Recorded(place) = setting else {
        return Facts::new();
    };
    vec![("PROC_ROOT".into(), place.into())]
}

fn cases(tool: Tool, lines: &[&str]) -> Vec<Case> {
    lines.iter().map(|line| Case::words(tool, line)).collect()
}

#[test]
fn recorded_sockets_replayed_in_this_process_are_printed_as_by_ss() {
    let (setting, facts) = stage::recording(Tool::Ss, 0, built(), "replay").expect("recordings");
    let dumps = [
        "DUMP_FOUR",
        "DUMP_CUT",
        "DUMP_ERROR",
        "DUMP_RANDOM0",
        "DUMP_RANDOM1",
        "DUMP_RANDOM2",
        "DUMP_RANDOM3",
    ];
    let mut lines = Vec::new();
    for dump in dumps {
        for words in [
            "-tan",
            "-Htanoem",
            "-tani",
            "-taneimoO --tos --cgroup --inet-sockopt",
            "-tanp",
            "-tan sport ge 1024 or dst 10/8",
            "-tn6 state connected",
        ] {
            let case = Case::words(Tool::Ss, words);
            lines.push(
                case.with("TCPDIAG_FILE", format!("{{{dump}}}"))
                    .with("PROC_ROOT", "{NO_FILES}"),
            );
        }
    }
    compare(Tool::Ss, setting, facts, &Facts::new(), &lines);
}

#[test]
fn recorded_files_replayed_in_this_process_are_printed_as_by_netstat() {
    for number in 0..8 {
        let (setting, facts) =
            stage::recording(Tool::Netstat, number, built(), "replay").expect("recordings");
        let environment = root_of(&setting);
        let lines = [
            "-an", "-tanop", "-tulnW", "-xa", "-gn", "-rn", "-rnee", "-6rn", "-s", "-su6", "-Mn",
        ];
        let lines = cases(Tool::Netstat, &lines);
        compare(Tool::Netstat, setting, facts, &environment, &lines);
    }
}

#[test]
fn recorded_processes_replayed_in_this_process_are_listed_as_by_lsof() {
    let (setting, facts) = stage::recording(Tool::Lsof, 0, built(), "replay").expect("recordings");
    let environment = root_of(&setting);
    let lines = [
        "-nPl",
        "-nPl -i",
        "-nPl -p 100 -o",
        "-nPl -F",
        "-t",
        "-nPl -K i +fg",
        "-nPl -R -g -s",
        "-nPl -a -c first -d 0-3",
    ];
    let lines = cases(Tool::Lsof, &lines);
    compare(Tool::Lsof, setting, facts, &environment, &lines);
}
