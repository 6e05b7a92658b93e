//! ss where a signal or a reader that goes away ends it: events until Ctrl-C, closed pipes.

use conformance::fixture::{diag, place};
use conformance::hall::{built, skip};
use conformance::stage::{Setting, Stage};
use conformance::subject::{Subject, Suite, link_names};
use conformance::tool::Tool;

/// What a script prints in which `$SS` is the original, and then ours.
fn compare(scripts: &[(&str, String)]) {
    let theirs = match Subject::original(Tool::Ss, Suite::Sid) {
        Ok(theirs) => theirs,
        Err(reason) => return skip("ss and signals", &reason),
    };
    let mut stage = match Stage::open(built(), Setting::Scene("empty".to_owned())) {
        Ok(stage) => stage,
        Err(error) => return skip("ss and signals", &error.to_string()),
    };
    let links = link_names(built()).expect("the target directory can be written");
    let ours = Subject::linked(Tool::Ss, &links).with_library_of(&theirs);
    let mut report = String::new();
    for (name, script) in scripts {
        let [theirs, ours] = [&theirs, &ours].map(|subject| {
            let (program, _, words) = subject.command("ss".as_ref(), &[]);
            let mut command = format!("'{}'", program.display());
            for word in words {
                command.push_str(&format!(" '{}'", word.display()));
            }
            // Job control: otherwise the interrupt is ignored in the background.
            let script = format!("set -m; SS=\"{command}\"\n{script}");
            let script = format!("exec bash -c '{}' 2>&1", script.replace('\'', r"'\''"));
            let output = stage.shell(&script).expect("the stage goes on");
            String::from_utf8_lossy(&output).into_owned()
        });
        if theirs != ours {
            report.push_str(&format!("{name}\n--- theirs\n{theirs}--- ours\n{ours}"));
        }
        assert!(!theirs.is_empty(), "{name}: nothing was printed");
    }
    assert!(report.is_empty(), "{report}");
}

/// Starts `ss WORDS`, lets something happen, shows what has come out, ends it by a signal and shows
/// the rest.
fn watched(words: &str, signal: &str, happening: &str) -> String {
    format!(
        "cd $(mktemp -d)
        (eval exec $SS {words}) 2>errors > >(cat >seen) & sleep 0.4
        {happening}
        sleep 0.3; echo before:; cat seen
        kill -{signal} $!; wait $!; echo after: $?; cat seen errors; rm -r $PWD"
    )
}

#[test]
fn events_reach_a_pipe_at_once_and_end_with_the_signal() {
    // Every socket gets the one port that is left.
    const UDP: &str = "exec 3<>/dev/udp/127.0.0.1/9; exec 3>&-";
    const REFUSED: &str = "exec 3<>/dev/tcp/127.0.0.1/9";
    let port = |port: u16| format!("echo {port} {port} >/proc/sys/net/ipv4/ip_local_port_range");
    let twice = |what: &str| {
        format!(
            "{}; {what} 2>/dev/null\n{}; {what} 2>/dev/null",
            port(40_000),
            port(2000)
        )
    };
    let mut scripts = Vec::new();
    for (name, words, what) in [
        ("udp", "-nuE", UDP),
        ("udp and tcp", "-nE", UDP),
        ("a filter", "-nuE sport = 2000", UDP),
        ("a filter that fits nothing", "-nuE sport 4005", UDP),
        ("details", "-nuEm", UDP),
        ("one line", "-nuEiO", UDP),
        ("no heading", "-HnuE", UDP),
        ("names", "-uE", UDP),
        ("IPv6 only", "-nuE6", UDP),
    ] {
        scripts.push((name, watched(words, "INT", &twice(what))));
    }
    scripts.push(("another signal", watched("-nuE", "TERM", &twice(UDP))));
    scripts.push((
        "tcp",
        watched(
            "-ntE",
            "INT",
            &format!("{}; ({REFUSED}) 2>/dev/null", port(40_000)),
        ),
    ));
    compare(&scripts);
}

#[test]
fn a_reader_that_goes_away_ends_a_listing_by_the_signal_or_not_at_all() {
    let directory = place(built(), "ss-signals");
    std::fs::create_dir_all(&directory).expect("recordings");
    let path = directory.join("many");
    std::fs::write(&path, diag::many(20_000)).expect("recordings");
    let recording = format!("export TCPDIAG_FILE='{}'", path.display());
    let run = "eval $SS -tan";
    compare(&[
        (
            "default",
            format!("{recording}; {run} | true; echo ${{PIPESTATUS[0]}}"),
        ),
        (
            "ignored",
            format!("{recording}; trap \"\" PIPE; {run} | true; echo ${{PIPESTATUS[0]}}"),
        ),
        (
            "some lines",
            format!("{recording}; {run} | head -n 3; echo ${{PIPESTATUS[0]}}"),
        ),
        ("full", format!("{recording}; {run} >/dev/full; echo $?")),
        ("closed", format!("{recording}; {run} >&-; echo $?")),
    ]);
}
