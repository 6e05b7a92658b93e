//! Measures commands run in turn:
//! `meter ROUNDS [--net PATH] -- [NAME=VALUE...] COMMAND ARG... -- ...`.
//!
//! With `--net` they run in the network namespace that PATH names, and in no other of its
//! namespaces.
//! Prints for each command one line of tab-separated numbers: lines of output, exit status, then
//! the medians of wall and processor time (microseconds) and of peak memory (KiB). The commands
//! take turns, so that a drift of the machine's speed meets all of them alike.
//!
//! A program of its own because a child's peak memory is never reported below that of the process
//! that started it: this one is small.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is its purpose"
)]

mod sys;

use std::ffi::OsString;
use std::io::Read as _;
use std::os::fd::AsFd as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

struct Sample {
    wall: u64,
    processor: u64,
    memory: u64,
}

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program's own arguments")]
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let rounds = words
        .first()
        .and_then(|word| word.to_str()?.parse::<usize>().ok());
    let Some(rounds) = rounds.filter(|&rounds| rounds > 0) else {
        eprintln!("meter ROUNDS [--net PATH] -- [NAME=VALUE...] COMMAND ARG... [-- ...]");
        return ExitCode::from(2);
    };
    let words = match words.get(1..).unwrap_or_default() {
        [option, path, rest @ ..] if option == "--net" => {
            if let Err(error) = enter(path) {
                eprintln!("meter: {}: {error}", path.display());
                return ExitCode::FAILURE;
            }
            rest
        }
        rest => rest,
    };
    let commands: Vec<&[OsString]> = words
        .split(|word| word == "--")
        .filter(|command| !command.is_empty())
        .collect();
    let shapes: Vec<(u64, i32)> = commands.iter().map(|command| shape(command)).collect();
    let mut samples: Vec<Vec<Sample>> = commands.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (command, samples) in commands.iter().zip(&mut samples) {
            if let Some(sample) = measure(command) {
                samples.push(sample);
            }
        }
    }
    for ((lines, status), samples) in shapes.iter().zip(&samples) {
        let median = |pick: fn(&Sample) -> u64| {
            let mut values: Vec<u64> = samples.iter().map(pick).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or(0)
        };
        println!(
            "{lines}\t{status}\t{}\t{}\t{}",
            median(|sample| sample.wall),
            median(|sample| sample.processor),
            median(|sample| sample.memory)
        );
    }
    ExitCode::SUCCESS
}

/// Moves into a network namespace.
fn enter(path: &OsString) -> std::io::Result<()> {
    use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
    let file = std::fs::File::open(path)?;
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?;
    Ok(())
}

fn prepare(command: &[OsString]) -> Option<Command> {
    let setting = |word: &OsString| {
        let (name, value) = word.to_str()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let settings: Vec<_> = command.iter().map_while(setting).collect();
    let (program, arguments) = command.get(settings.len()..)?.split_first()?;
    let mut prepared = Command::new(program);
    prepared.envs(settings);
    prepared
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    Some(prepared)
}

/// One run that is not measured: how many lines, which status.
fn shape(command: &[OsString]) -> (u64, i32) {
    let Some(mut prepared) = prepare(command) else {
        return (0, -1);
    };
    let Ok(mut child) = prepared.stdout(Stdio::piped()).spawn() else {
        return (0, -1);
    };
    let mut lines = 0;
    if let Some(mut output) = child.stdout.take() {
        let mut chunk = [0; 16 * 1024];
        while let Ok(count @ 1..) = output.read(&mut chunk) {
            lines += chunk[..count].iter().filter(|&&byte| byte == b'\n').count() as u64;
        }
    }
    (
        lines,
        child
            .wait()
            .ok()
            .and_then(|status| status.code())
            .unwrap_or(-1),
    )
}

fn measure(command: &[OsString]) -> Option<Sample> {
    let mut prepared = prepare(command)?;
    prepared.stdout(Stdio::null());
    let start = Instant::now();
    let child = prepared.spawn().ok()?;
    let usage = sys::reap(child)?;
    let wall = u64::try_from(start.elapsed().as_micros()).ok()?;
    Some(Sample {
        wall,
        processor: usage.processor,
        memory: usage.memory,
    })
}
