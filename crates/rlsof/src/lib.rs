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
mod run;
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
use sockcore::procfs::{KernelWalk, ProcRoot};

use crate::options::Options;
use crate::resolve::resolve;
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
    invocation.close_inherited_descriptors();
    if !has_null_device() {
        return Exit::FAILURE;
    }
    let build = Build::default();
    let options = Options::read(&invocation.args, || build.contexts());
    let mut system = outside(&invocation.env);
    let program = invocation.base_name().as_bytes();
    match resolve(program, &options, &build, &system, streams) {
        Ok(resolved) => run::run(resolved, &mut system, streams),
        Err(exit) => exit,
    }
}

/// The original opens it whatever is asked, and ends without a word where it cannot.
fn has_null_device() -> bool {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).open("/dev/null").is_ok()
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
