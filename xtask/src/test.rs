//! Decides what "every test" is, makes the set-up that they need, and adds up what they say.
//!
//! A test that cannot run where it is run says so in a line that begins with `skipped: `; those
//! lines are told again at the end, before the summary.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::{oracle, workspace};

/// How a test says that it did not run, and why.
const SKIPPED: &str = "skipped: ";

/// `cargo xtask test [ARGUMENT OF cargo test]...`.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    let start = Instant::now();
    let mut total = Total::default();
    for suite in ["trixie", "sid"] {
        match oracle::ensure(suite, false) {
            Ok(versions) => print!("{versions}"),
            Err(reason) => {
                let what = format!("comparison with the originals of {suite}: {reason}");
                total.skipped.insert(what);
            }
        }
    }
    // What is only built for documents is tested apart and first, so that the other tests see the
    // tools as they are shipped.
    let documents: &[&str] = &[
        "--package",
        "sockbox",
        "--package",
        "applet",
        "--features",
        "doc",
    ];
    total.add(tests(documents, args), &mut std::io::stdout());
    // Tests run the binaries of other packages, which building a test does not build.
    if let Err(error) = workspace::run(workspace::cargo().args(["build", "--workspace", "--bins"]))
    {
        total.broken.push(error);
    }
    total.add(tests(&["--workspace"], args), &mut std::io::stdout());
    print!("{}", total.summary(start.elapsed()));
    if total.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn tests(what: &[&str], args: &[OsString]) -> Command {
    let mut tests = workspace::cargo();
    tests.args(["test", "--no-fail-fast"]).args(what).args(args);
    // Also what passing tests wrote: it may say that they were skipped.
    tests.args(["--", "--show-output"]);
    tests
}

/// What all test programs said together.
#[derive(Debug, Default)]
struct Total {
    passed: u64,
    failed: u64,
    ignored: u64,
    filtered: u64,
    skipped: BTreeSet<String>,
    /// Commands that failed without a test that failed.
    broken: Vec<String>,
}

impl Total {
    /// Runs a `cargo test`, shows what it says as it says it, and adds it up.
    fn add(&mut self, mut tests: Command, terminal: &mut dyn Write) {
        let failed_before = self.failed;
        let outcome = tests.stdout(Stdio::piped()).spawn().and_then(|mut child| {
            if let Some(output) = child.stdout.take() {
                let mut shown = Shown::default();
                for line in BufReader::new(output).split(b'\n') {
                    let line = String::from_utf8_lossy(&line?).into_owned();
                    self.note(&line);
                    if shown.is(&line) {
                        writeln!(terminal, "{line}")?;
                    }
                }
            }
            child.wait()
        });
        match outcome {
            Ok(status) if status.success() || self.failed > failed_before => {}
            Ok(status) => self.broken.push(format!("{tests:?}: {status}")),
            Err(error) => self.broken.push(format!("{tests:?}: {error}")),
        }
    }

    fn note(&mut self, line: &str) {
        // A test may write while its own line stands half finished.
        if let Some((before, what)) = line.split_once(SKIPPED)
            && (before.is_empty() || (before.starts_with("test ") && before.ends_with(" ... ")))
        {
            self.skipped.insert(what.to_owned());
        }
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let (_, counts) = result.split_once(". ").unwrap_or_default();
        for count in counts.split("; ") {
            let (number, what) = count.split_once(' ').unwrap_or_default();
            let number: u64 = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                "filtered out" => self.filtered += number,
                _ => {}
            }
        }
    }

    fn is_good(&self) -> bool {
        self.failed == 0 && self.broken.is_empty()
    }

    /// What was skipped and what broke, and last the one line that a test runner ends with.
    fn summary(&self, took: Duration) -> String {
        let mut text = String::from("\n");
        for what in &self.skipped {
            text.push_str(&format!("{SKIPPED}{what}\n"));
        }
        for what in &self.broken {
            text.push_str(&format!("broken: {what}\n"));
        }
        text.push_str(&format!(
            "test result: {}. {} passed; {} failed; {} ignored; 0 measured; {} filtered out; \
             finished in {:.2}s\n",
            if self.is_good() { "ok" } else { "FAILED" },
            self.passed,
            self.failed,
            self.ignored,
            self.filtered,
            took.as_secs_f64()
        ));
        text
    }
}

/// Which lines of a test program are worth showing: not what passing tests wrote.
#[derive(Debug, Default)]
struct Shown {
    among_successes: bool,
}

impl Shown {
    fn is(&mut self, line: &str) -> bool {
        match line {
            "successes:" => self.among_successes = true,
            "failures:" => self.among_successes = false,
            _ if line.starts_with("test result: ") => self.among_successes = false,
            _ => {}
        }
        !self.among_successes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "\
running 2 tests
test a ... skipped: scenes: no namespaces
ok
test b ... FAILED

successes:

---- a stdout ----
skipped: raw sockets: the kernel has no raw_diag
noise

failures:

---- b stdout ----
why b failed

test result: FAILED. 1 passed; 1 failed; 3 ignored; 0 measured; 4 filtered out; finished in 0.10s
";

    fn total_of(text: &str) -> Total {
        let mut total = Total::default();
        text.lines().for_each(|line| total.note(line));
        total
    }

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn counts_and_skips_are_added_up() {
        let total = total_of(&RUN.repeat(2));
        let counts = (total.passed, total.failed, total.ignored, total.filtered);
        assert_eq!(counts, (2, 2, 6, 8));
        assert!(!total.is_good());
        assert_eq!(
            total.summary(Duration::from_millis(1500)),
            "\nskipped: raw sockets: the kernel has no raw_diag\nskipped: scenes: no namespaces\n\
             test result: FAILED. 2 passed; 2 failed; 6 ignored; 0 measured; 8 filtered out; \
             finished in 1.50s\n"
        );
    }

    #[test]
    fn what_passing_tests_wrote_is_not_shown_and_what_failing_ones_wrote_is() {
        let mut shown = Shown::default();
        let lines: Vec<&str> = RUN.lines().filter(|line| shown.is(line)).collect();
        assert!(!lines.contains(&"noise") && lines.contains(&"why b failed"));
        assert!(lines.contains(&"test b ... FAILED"));
        assert_eq!(lines.last(), RUN.lines().last().as_ref());
    }

    #[test]
    fn a_build_that_fails_is_a_failure_though_no_test_failed() {
        let mut shown = Vec::new();
        let mut total = Total::default();
        total.add(
            shell("echo 'test result: ok. 1 passed'; exit 101"),
            &mut shown,
        );
        assert!(!total.is_good());
        assert!(total.summary(Duration::ZERO).contains("\nbroken: "));
        let mut total = Total::default();
        total.add(shell("echo 'test result: ok. 1 passed'"), &mut shown);
        assert!(total.is_good());
    }
}
