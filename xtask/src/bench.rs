//! `cargo xtask bench`: time and memory against the originals and the floor.
//!
//! Builds a load in a private namespace, lets original, ours and the floor program take turns, and
//! prints medians and ratios. Line counts are compared first: a ratio of different work is none.
//!
//! `cargo xtask bench [--suite trixie|sid|installed] [--rounds N] [--load NAME]... [--tool NAME]
//! [--cores LIST] [--write] [--list]`; `--write` puts table and chart into `docs/`.

mod chart;
mod loads;
mod site;
mod table;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::workspace::{cargo, report, root, target};
use loads::{Case, LOADS, Load};
use site::Site;
use table::Row;

pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    report("bench", bench(arguments))
}

struct Options {
    suite: String,
    rounds: usize,
    /// None: all.
    loads: Vec<String>,
    tool: Option<String>,
    cores: Option<String>,
    write: bool,
    list: bool,
}

fn parse(arguments: &[OsString]) -> Result<Options, String> {
    let mut options = Options {
        suite: "trixie".into(),
        rounds: 7,
        loads: Vec::new(),
        tool: None,
        cores: None,
        write: false,
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
            "--load" => options.loads.push(value()?),
            "--tool" => options.tool = Some(value()?),
            "--cores" => options.cores = Some(value()?),
            "--write" => options.write = true,
            "--list" => options.list = true,
            _ => return Err(format!("unknown word {word}")),
        }
    }
    for name in &options.loads {
        if !LOADS.iter().any(|load| load.name == name) {
            return Err(format!("no load called {name}"));
        }
    }
    Ok(options)
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
    println!("{}", table::HEAD);
    let mut rows = Vec::new();
    for load in LOADS {
        if options.loads.is_empty() || options.loads.iter().any(|name| name == load.name) {
            run_load(load, &options, &mut rows)?;
        }
    }
    if options.write {
        table::write(&rows, &options.suite, options.rounds)?;
        chart::write(&rows)?;
    }
    Ok(())
}

fn run_load(load: &'static Load, options: &Options, rows: &mut Vec<Row>) -> Result<(), String> {
    let cases: Vec<&Case> = load
        .cases
        .iter()
        .filter(|case| options.tool.as_deref().is_none_or(|tool| tool == case.tool))
        .collect();
    if cases.is_empty() {
        return Ok(());
    }
    let mut site = Site::open(load)?;
    if load.elsewhere && !site.is_root() {
        println!("| {} | needs root |", load.name);
        return site.close();
    }
    for case in cases {
        let release = target().join("release");
        let ours = release.join(format!("r{}", case.tool));
        let (ours, words) = (ours.display(), case.words);
        let mut commands = vec![
            format!("{} {words}", original(&options.suite, case.tool)?),
            format!("SOCKCORE_BPF=0 {ours} {words}"),
            format!("{} {}", release.join("floor").display(), case.floor),
        ];
        if site.is_outside(case) {
            commands.push(format!("{ours} {words}"));
        }
        let mut script = options
            .cores
            .as_ref()
            .map_or(String::new(), |list| format!("taskset -c {list} "));
        script.push_str(&format!(
            "{} {}{}",
            release.join("meter").display(),
            options.rounds,
            site.place(case),
        ));
        for command in &commands {
            script.push_str(" -- ");
            script.push_str(command);
        }
        let figures = site.run(&script, case, commands.len())?;
        let [theirs, plain, floor, rest @ ..] = figures.as_slice() else {
            return Err(format!("{}: `{script}` gave no figures", load.name));
        };
        let row = Row {
            load: load.name,
            tool: case.tool,
            words,
            theirs: *theirs,
            plain: *plain,
            fast: rest.first().copied(),
            floor: *floor,
        };
        println!("{row}");
        rows.push(row);
    }
    site.close()
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
