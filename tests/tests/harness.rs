//! The comparison itself: an original agrees with itself, and two versions of one differ exactly
//! as it is declared.

use conformance::hall::{built, skip};
use conformance::parity::{Campaign, run};
use conformance::subject::{Subject, Suite};
use conformance::tool::Tool;

/// Random command lines of one suite's original against another's.
fn compare(tool: Tool, suite: Suite, other: Suite, scene: &str, cases: u64) {
    for suite in [suite, other] {
        if let Err(reason) = Subject::original(tool, suite) {
            skip(&format!("{tool} against itself"), &reason);
            return;
        }
    }
    let campaign = Campaign {
        tools: vec![tool],
        cases,
        suite: Some(suite),
        scenes: vec![scene.to_owned()],
        subject: Some(other),
        ..Campaign::default()
    };
    let mut report = Vec::new();
    match run(&campaign, built(), &mut report) {
        Ok(clean) => assert!(clean, "{}", String::from_utf8_lossy(&report)),
        Err(reason) => skip(&format!("{tool} against itself"), &reason),
    }
}

#[test]
fn an_original_agrees_with_itself_in_a_live_scene() {
    for tool in Tool::ALL {
        compare(tool, Suite::Trixie, Suite::Trixie, "tcp+udp+unix", 60);
    }
}

#[test]
fn an_original_agrees_with_itself_before_a_recording() {
    for (tool, scene) in [
        (Tool::Ss, "recorded"),
        (Tool::Netstat, "recorded3"),
        (Tool::Lsof, "recorded"),
    ] {
        compare(tool, Suite::Trixie, Suite::Trixie, scene, 60);
    }
}

#[test]
fn two_versions_of_ss_differ_exactly_as_declared() {
    compare(Tool::Ss, Suite::Trixie, Suite::Sid, "tcp+udp+unix", 120);
    compare(Tool::Ss, Suite::Trixie, Suite::Sid, "recorded", 120);
}

#[test]
fn debian_13_and_its_successor_have_the_same_netstat_and_lsof() {
    compare(
        Tool::Netstat,
        Suite::Trixie,
        Suite::Sid,
        "tcp+udp+unix",
        120,
    );
    compare(Tool::Lsof, Suite::Trixie, Suite::Sid, "files", 60);
}
