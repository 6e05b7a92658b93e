//! `cargo xtask fuzz`: builds the fuzzer so that every panic can be caught, and runs it. What is
//! fuzzed and how is the conformance package's.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitCode};

use crate::workspace;

/// Optimised, with everything checked, and unwinding.
const PROFILE: &str = "checked";

/// `cargo xtask fuzz [TARGET[/READER]]... [--minutes N] [--seed S] [--replay FILE]`.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    workspace::report("fuzz", fuzz(arguments))
}

fn fuzz(arguments: &[OsString]) -> Result<(), String> {
    let mut build = workspace::cargo();
    build.args(["build", "--quiet", "--profile", PROFILE]);
    build.args(["--package", "conformance", "--bin", "fuzz"]);
    workspace::run(&mut build)?;
    let program = workspace::target().join(PROFILE).join("fuzz");
    let out = workspace::target().join("fuzz");
    let mut fuzz = Command::new(&program);
    fuzz.arg("--out").arg(&out).args(arguments);
    let status = fuzz
        .status()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (_, Some(signal)) => Err(format!(
            "killed by signal {signal}; the input is `current` in a directory of {}, behind four \
             bytes of length",
            out.display()
        )),
        _ => Err("something broke, or the request is wrong".to_owned()),
    }
}
