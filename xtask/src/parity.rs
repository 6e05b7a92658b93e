//! `cargo xtask parity`: builds the tools and the comparison, and has random command lines
//! compared. What is compared and how is the conformance package's.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::{oracle, workspace};

/// Optimised without the long link: quick to build, quick to run.
const PROFILE: &str = "quick";

/// `cargo xtask parity [netstat|ss|lsof]... [--seed S] [--cases N] [--suite SUITE] ...`.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    workspace::report("parity", compare(arguments))
}

fn compare(arguments: &[OsString]) -> Result<(), String> {
    for suite in ["trixie", "sid"] {
        if let Err(reason) = oracle::ensure(suite, false) {
            println!("skipped: comparison with the originals of {suite}: {reason}");
        }
    }
    let mut build = workspace::cargo();
    build.args(["build", "--quiet", "--profile", PROFILE]);
    for package in ["sockbox", "rnetstat", "rss", "rlsof"] {
        build.args(["--package", package, "--bin", package]);
    }
    build.args(["--package", "conformance"]);
    for program in ["parity", "scene", "recorded", "as_user"] {
        build.args(["--bin", program]);
    }
    workspace::run(&mut build)?;
    let program = workspace::target().join(PROFILE).join("parity");
    let status = Command::new(&program).args(arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("not everything agrees".to_owned()),
        Err(error) => Err(format!("{}: {error}", program.display())),
    }
}
