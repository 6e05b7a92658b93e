//! Random command lines over the whole option tables: nothing may differ that is not declared.
//! `cargo xtask parity` does the same with any seed and as many as one likes.

use conformance::hall::{built, skip};
use conformance::parity::{Campaign, run};
use conformance::subject::{Subject, Suite};
use conformance::tool::Tool;

const SEED: u64 = 1;
const CASES: u64 = 120;

fn nothing_undeclared(tool: Tool) {
    let suite = Suite::preferred(tool);
    if let Err(reason) = Subject::original(tool, suite) {
        skip(&format!("random command lines of {tool}"), &reason);
        return;
    }
    let campaign = Campaign {
        tools: vec![tool],
        seed: SEED,
        cases: CASES,
        ..Campaign::default()
    };
    let mut report = Vec::new();
    match run(&campaign, built(), &mut report) {
        Ok(clean) => assert!(clean, "{}", String::from_utf8_lossy(&report)),
        Err(reason) => skip(&format!("random command lines of {tool}"), &reason),
    }
}

#[test]
fn netstat_agrees_with_the_original_on_random_command_lines() {
    nothing_undeclared(Tool::Netstat);
}

#[test]
fn ss_agrees_with_the_original_on_random_command_lines() {
    nothing_undeclared(Tool::Ss);
}

#[test]
fn lsof_agrees_with_the_original_on_random_command_lines() {
    nothing_undeclared(Tool::Lsof);
}
