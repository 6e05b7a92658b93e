//! Mutated inputs for everything that reads what the project did not write: kernel messages,
//! `/proc` text, and what users type. `fuzz [TARGET[/READER]]... [--minutes N] [--seed S]
//! [--out DIRECTORY]`; `fuzz TARGET/READER --replay FILE` runs one input outside of any cage.

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::exit,
    reason = "a developer's program: argv in, report and exit status out"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

mod hunt;
mod mutation;
mod shape;
mod targets;

use hunt::{Report, hunt};
use targets::{TARGETS, Target};

/// More memory than any reader may want, bytes.
const MEMORY: u64 = 2 << 30;

/// What was asked for.
struct Request {
    /// Targets, each with the reader that was named.
    targets: Vec<(&'static Target, Option<String>)>,
    time: Duration,
    seed: u64,
    out: PathBuf,
    replay: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = parse(std::env::args().skip(1)).and_then(|request| run(&request));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Request, String> {
    let mut request = Request {
        targets: Vec::new(),
        time: Duration::from_secs(60),
        seed: 1,
        out: PathBuf::from("target/fuzz"),
        replay: None,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--minutes" => {
                let minutes: f64 = number(&value()?)?;
                request.time = Duration::try_from_secs_f64(minutes * 60.0)
                    .map_err(|error| error.to_string())?;
            }
            "--seed" => request.seed = number(&value()?)?,
            "--out" => request.out = value()?.into(),
            "--replay" => request.replay = Some(value()?.into()),
            _ => request.targets.push(named(&word)?),
        }
    }
    if request.targets.is_empty() {
        request.targets = TARGETS.iter().map(|target| (target, None)).collect();
    }
    Ok(request)
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn named(word: &str) -> Result<(&'static Target, Option<String>), String> {
    let (name, reader) = match word.split_once('/') {
        Some((name, reader)) => (name, Some(reader.to_owned())),
        None => (word, None),
    };
    let target = TARGETS.iter().find(|target| target.name == name);
    let fits = |target: &&Target| {
        let mut readers = target.readers.iter();
        (reader.as_deref()).is_none_or(|reader| readers.any(|one| one.name == reader))
    };
    if let Some(target) = target.filter(fits) {
        return Ok((target, reader));
    }
    let mut text = format!("no target `{word}`; there are");
    for target in TARGETS {
        let readers: Vec<_> = target.readers.iter().map(|reader| reader.name).collect();
        let readers = readers.join(" ");
        text.push_str(&format!(
            "\n  {:<10} {}: {readers}",
            target.name, target.about
        ));
    }
    Err(text)
}

/// Whether nothing broke.
fn run(request: &Request) -> Result<bool, String> {
    if let Some(file) = &request.replay {
        return replay(request, file);
    }
    let limit = Rlimit {
        current: Some(MEMORY),
        ..getrlimit(Resource::As)
    };
    setrlimit(Resource::As, limit).map_err(|error| format!("memory limit: {error}"))?;
    let mut is_clean = true;
    for (target, only) in &request.targets {
        let start = Instant::now();
        let report = hunt(
            target,
            only.as_deref(),
            request.time,
            request.seed,
            Some(&request.out),
        )
        .map_err(|error| format!("{}: {error}", request.out.display()))?;
        print!("{}", text_of(target, &report, start.elapsed()));
        is_clean &= report.findings.is_empty();
    }
    Ok(is_clean)
}

fn replay(request: &Request, file: &PathBuf) -> Result<bool, String> {
    let [(target, Some(name))] = &request.targets[..] else {
        return Err("--replay needs one TARGET/READER".to_owned());
    };
    let input = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    for reader in target.readers.iter().filter(|reader| reader.name == name) {
        (reader.read)(&input, &mut shape::Shape::new());
    }
    Ok(true)
}

fn text_of(target: &Target, report: &Report, took: Duration) -> String {
    let all: u64 = report
        .readers
        .iter()
        .map(|(_, executions, _)| executions)
        .sum();
    let mut text = format!(
        "{}: {all} executions in {:.0} s, slowest {:.1} ms, {} findings\n",
        target.name,
        took.as_secs_f64(),
        report.slowest.as_secs_f64() * 1e3,
        report.findings.len()
    );
    for (name, executions, kept) in &report.readers {
        text.push_str(&format!(
            "  {name:<16} {executions:>12} executions, {kept:>5} inputs kept\n"
        ));
    }
    for finding in &report.findings {
        let input = finding.input.escape_ascii();
        text.push_str(&format!(
            "  {}: {}\n    \"{input}\"\n",
            finding.reader, finding.panic
        ));
        if let Some(file) = &finding.file {
            text.push_str(&format!("    {}\n", file.display()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One second for each target: enough for the seeds and for what breaks at once.
    #[test]
    fn a_second_of_mutated_inputs_breaks_no_reader() {
        let mut text = String::new();
        for target in TARGETS {
            let report = hunt(target, None, Duration::from_secs(1), 7, None).unwrap();
            for (name, executions, _) in &report.readers {
                assert!(*executions > 0, "{}/{name}: {executions}", target.name);
            }
            if !report.findings.is_empty() {
                text.push_str(&text_of(target, &report, Duration::from_secs(1)));
            }
        }
        assert!(text.is_empty(), "{text}");
    }
}
