//! lsof, written anew over sockcore.

#![forbid(unsafe_code)]

mod endpoints;
mod flags;
mod fuzzing;
mod grammar;
mod ground;
mod kinds;
mod listing;
mod mounts;
mod options;
mod output;
mod paths;
mod plan;
mod reach;
mod repeat;
mod report;
mod resolve;
mod row;
mod selection;
mod sockets;
mod supplement;
#[cfg(test)]
mod testing;
mod usage;
mod voice;

use std::os::unix::ffi::OsStrExt as _;

use applet::{Applet, Environment, Exit, Invocation, Streams};
use sockcore::System;
use sockcore::procfs::{KernelWalk, ProcRoot, context};

use crate::listing::World;
use crate::options::Options;
use crate::output::Warnings;
use crate::output::lookup::Lookup;
use crate::output::style::Form;
use crate::repeat::Repeat;
use crate::resolve::{Resolved, resolve};
use crate::usage::Build;

/// For fuzzers: what is typed and written, read up to where the system would be asked.
#[doc(hidden)]
pub use crate::fuzzing::{address_survives, options_survive, supplement_survives};

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["lsof", "rlsof"],
    main,
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    let document = applet::doc::Document::new("rlsof", "list open files as lsof does");
    let document = document.operands("NAMES", "files and file systems to select");
    flags::FLAGS
        .iter()
        .fold(document, |document, flag| document.option(flag.document()))
}

fn main(invocation: &Invocation, streams: &mut Streams<'_>) -> Exit {
    let options = Options::read(&invocation.args);
    let mut system = outside(&invocation.env);
    let build = Build {
        contexts: context::is_enabled(),
    };
    let program = invocation.base_name().as_bytes();
    match resolve(program, &options, build, &system, streams) {
        Ok(resolved) => run(resolved, &mut system, streams),
        Err(exit) => exit,
    }
}

/// The live machine, or the recording that the environment names.
fn outside(env: &Environment) -> System {
    match env.get("PROC_ROOT") {
        Some(root) if !root.is_empty() => System::recorded(ProcRoot::at(root)),
        _ => {
            let walk = match env.get("SOCKCORE_BPF") {
                Some(value) if value == "0" => KernelWalk::Never,
                Some(value) if value == "1" => KernelWalk::Always,
                _ => KernelWalk::Auto,
            };
            System::live_with(ProcRoot::live().with_kernel_walk(walk))
        }
    }
}

/// Lists, once or again and again. Reads no environment.
fn run(resolved: Resolved, system: &mut System, streams: &mut Streams<'_>) -> Exit {
    let Resolved {
        plan,
        selection,
        ground,
    } = resolved;
    let lookup = Lookup::new(system.names.as_ref(), plan.names);
    let mut warnings = Warnings {
        program: plan.program.clone(),
        on: plan.gathering.warnings,
    };
    let world = World {
        root: &system.processes,
        mounts: ground.mounts(),
        reach: ground.reach(),
        gathering: &plan.gathering,
        selection: &selection,
    };
    let mut cycles = 0;
    let mut ever = false;
    loop {
        let mut processes = Vec::new();
        let gathered = listing::gather(world, system.sockets.as_mut(), &mut |process| {
            processes.push(process);
        });
        if gathered.is_err() {
            let message = [&plan.program, &b": can't open /proc\n"[..]].concat();
            streams.complain(&message);
            return Exit::FAILURE;
        }
        if warnings.on {
            for pid in world.reach.take_stuck() {
                let text = format!(": WARNING -- child process {pid} may be hung.\n");
                streams.complain(&[&plan.program, text.as_bytes()].concat());
            }
        }
        output::print(&processes, &plan.style, &lookup, &mut warnings, streams);
        ever |= !processes.is_empty();
        let Some(repeat) = &plan.repeat else {
            break;
        };
        cycles += 1;
        if repeat.until_none && processes.is_empty() {
            break;
        }
        mark(repeat, &plan.style.form, system, streams);
        streams.out.flush_all();
        system.clock.sleep(repeat.pause());
        if repeat.count.is_some_and(|count| cycles >= count) {
            break;
        }
    }
    let misses = report::misses(&selection);
    if plan.verbose {
        for miss in &misses {
            streams.out.put(&plan.program);
            streams.out.put(b": ");
            streams.out.put(miss);
            streams.out.put(b"\n");
        }
    }
    // Without repetition nothing counts as printed.
    let printed = ever && plan.repeat.is_some();
    if plan.until_none && !printed || !plan.forgive && (plan.failed || !misses.is_empty()) {
        Exit::FAILURE
    } else {
        Exit::SUCCESS
    }
}

/// Prints the line that tells one listing from the next.
fn mark(repeat: &Repeat, form: &Form, system: &System, streams: &mut Streams<'_>) {
    let text = repeat.marker(system.clock.now());
    let out = streams.out.buffer();
    match form {
        Form::Json { .. } => return,
        Form::Fields { nul, .. } => {
            out.push(b'm');
            out.extend_from_slice(&text.unwrap_or_default());
            if *nul {
                out.push(0);
            }
        }
        _ => match text {
            Some(text) => out.extend_from_slice(&text),
            None => out.extend_from_slice(b"======="),
        },
    }
    out.push(b'\n');
}
