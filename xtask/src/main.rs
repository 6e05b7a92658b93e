//! Decides which of the project's own tasks runs: `cargo xtask TASK [ARGUMENT...]`.

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to the developer"
)]

use std::ffi::OsString;
use std::process::ExitCode;

mod bench;
mod completions;
mod dist;
mod documents;
mod fuzz;
mod man;
mod oracle;
mod parity;
mod test;
mod tidy;
mod workspace;

/// One task: its word, what the list of tasks says of it, and its entrance.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[OsString]) -> ExitCode,
}

const TASKS: &[Task] = &[
    Task {
        name: "oracle",
        about: "fetch the originals to compare with",
        run: oracle::run,
    },
    Task {
        name: "parity",
        about: "compare random command lines",
        run: parity::run,
    },
    Task {
        name: "test",
        about: "every test, with the set-up it needs",
        run: test::run,
    },
    Task {
        name: "fuzz",
        about: "mutated inputs for every parser",
        run: fuzz::run,
    },
    Task {
        name: "bench",
        about: "time and memory against the originals",
        run: bench::run,
    },
    Task {
        name: "tidy",
        about: "check the rules of the house",
        run: tidy::run,
    },
    Task {
        name: "man",
        about: "write docs/man from the option tables",
        run: man::run,
    },
    Task {
        name: "completions",
        about: "write completions/ likewise",
        run: completions::run,
    },
    Task {
        name: "dist",
        about: "build what is shipped into target/dist",
        run: dist::run,
    },
];

fn main() -> ExitCode {
    let args = workspace::arguments();
    let Some((name, rest)) = args.split_first() else {
        print!("{}", list());
        return ExitCode::SUCCESS;
    };
    match TASKS.iter().find(|task| name == task.name) {
        Some(task) => (task.run)(rest),
        None => {
            eprint!("xtask: no task `{}`\n{}", name.display(), list());
            ExitCode::from(2)
        }
    }
}

fn list() -> String {
    let mut text = String::from("cargo xtask TASK [ARGUMENT...]\n\n");
    for task in TASKS {
        text.push_str(&format!("  {:<12} {}\n", task.name, task.about));
    }
    text
}
