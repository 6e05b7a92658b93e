//! `cargo xtask bench`: time and memory against the originals and the floor.
//!
//! Builds a load in a private namespace, lets original, ours and the floor program take turns, and
//! prints medians and ratios. Line counts are compared first: a ratio of different work is none.
//!
//! `cargo xtask bench [--suite trixie|sid|installed] [--rounds N] [--load NAME] [--tool NAME]
//! [--cores LIST] [--list]`

mod loads;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use crate::workspace::{cargo, report, root, target};
use loads::{Case, LOADS, Load};

pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    report("bench", bench(arguments))
}

struct Options {
    suite: String,
    rounds: usize,
    load: Option<String>,
    tool: Option<String>,
    cores: Option<String>,
    list: bool,
}

fn parse(arguments: &[OsString]) -> Result<Options, String> {
    let mut options = Options {
        suite: "trixie".into(),
        rounds: 7,
        load: None,
        tool: None,
        cores: None,
        list: false,
    };
    let mut words = arguments
        .iter()
        .map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--suite" => options.suite = value()?,
            "--rounds" => options.rounds = value()?.parse().map_err(|_| "--rounds N")?,
            "--load" => options.load = Some(value()?),
            "--tool" => options.tool = Some(value()?),
            "--cores" => options.cores = Some(value()?),
            "--list" => options.list = true,
            _ => return Err(format!("unknown word {word}")),
        }
    }
    Ok(options)
}

/// One line of the meter.
#[derive(Clone, Copy)]
struct Figures {
    lines: u64,
    wall: f64,
    processor: f64,
    memory: f64,
}

fn bench(arguments: &[OsString]) -> Result<(), String> {
    let options = parse(arguments)?;
    if options.list {
        for load in LOADS {
            println!("{:<16} {}", load.name, load.about);
        }
        return Ok(());
    }
    if options.suite != "installed" {
        println!("{}", crate::oracle::ensure(&options.suite, false)?);
    }
    let build = [
        "build",
        "--release",
        "-p",
        "rss",
        "-p",
        "rnetstat",
        "-p",
        "rlsof",
        "-p",
        "conformance",
    ];
    crate::workspace::run(cargo().args(build))?;
    println!(
        "original: {} ({} rounds, medians)",
        options.suite, options.rounds
    );
    println!();
    println!(
        "| load | command | lines | cpu ms theirs | ours | cpu ratio | wall ratio | memory MiB theirs | ours | cpu / floor |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for load in LOADS {
        if options.load.as_deref().is_none_or(|name| name == load.name) {
            run_load(load, &options)?;
        }
    }
    Ok(())
}

fn run_load(load: &Load, options: &Options) -> Result<(), String> {
    let cases: Vec<&Case> = load
        .cases
        .iter()
        .filter(|case| options.tool.as_deref().is_none_or(|tool| tool == case.tool))
        .collect();
    if cases.is_empty() {
        return Ok(());
    }
    let release = target().join("release");
    let mut script = String::new();
    for case in &cases {
        let theirs = original(&options.suite, case.tool)?;
        let ours = release.join(format!("r{}", case.tool));
        let meter = release.join("meter").display().to_string();
        let pin = options
            .cores
            .as_ref()
            .map_or(String::new(), |list| format!("taskset -c {list} "));
        let words = case.words;
        let _ = writeln!(
            script,
            "{pin}{meter} {} -- {theirs} {words} -- {} {words} -- {} {}",
            options.rounds,
            ours.display(),
            release.join("floor").display(),
            case.floor,
        );
    }
    let output = Command::new(release.join("scene"))
        .args(load.scene)
        .args(["--", "sh", "-c", &script])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("scene: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines().filter_map(figures);
    for case in cases {
        let (Some(theirs), Some(ours), Some(floor)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(format!(
                "{}: the load gave no figures: {}",
                load.name, output.status
            ));
        };
        print_row(load, case, theirs, ours, floor);
    }
    Ok(())
}

fn print_row(load: &Load, case: &Case, theirs: Figures, ours: Figures, floor: Figures) {
    let lines = if theirs.lines == ours.lines {
        theirs.lines.to_string()
    } else {
        format!("**{} / {}**", theirs.lines, ours.lines)
    };
    println!(
        "| {} | `{} {}` | {lines} | {:.1} | {:.1} | {:.3} | {:.3} | {:.1} | {:.1} | {:.2} |",
        load.name,
        case.tool,
        case.words.replace('|', "\\|"),
        theirs.processor / 1000.0,
        ours.processor / 1000.0,
        ours.processor / theirs.processor,
        ours.wall / theirs.wall,
        theirs.memory / 1024.0,
        ours.memory / 1024.0,
        ours.processor / floor.processor,
    );
}

/// `lines status wall processor memory`, tab-separated.
fn figures(line: &str) -> Option<Figures> {
    let mut columns = line.split('\t');
    let lines = columns.next()?.parse().ok()?;
    let _status: i32 = columns.next()?.parse().ok()?;
    let mut number = || columns.next()?.parse::<f64>().ok();
    Some(Figures {
        lines,
        wall: number()?,
        processor: number()?,
        memory: number()?,
    })
}

/// The command line that runs an original without a shell in between.
fn original(suite: &str, tool: &str) -> Result<String, String> {
    if suite == "installed" {
        return Ok(tool.into());
    }
    let here: PathBuf = root().join("target/oracle").join(suite);
    let loader = here.join("loader").join(tool);
    let library = here
        .join("root/usr/lib")
        .join(format!("{}-linux-gnu", std::env::consts::ARCH));
    let binary = ["usr/bin", "bin", "usr/sbin", "sbin"]
        .iter()
        .map(|place| here.join("root").join(place).join(tool))
        .find(|path| path.exists())
        .ok_or(format!("{} is not there", here.display()))?;
    Ok(format!(
        "{} --argv0 {tool} --library-path {} {}",
        loader.display(),
        library.display(),
        binary.display()
    ))
}
