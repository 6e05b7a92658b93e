//! netstat, written anew over sockcore: parse, resolve, show, again each second with `-c`.

#![forbid(unsafe_code)]

mod absence;
mod address;
mod bluetooth;
mod families;
mod flags;
mod fuzzing;
mod groups;
mod inet;
mod interfaces;
mod masquerade;
mod names;
mod obsolete;
mod options;
mod plan;
mod programs;
mod resolve;
mod routes;
mod sctp;
mod sockets;
mod statistics;
mod switches;
mod text;
mod unix;
mod usage;
mod work;

use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use applet::{Applet, Exit, Getopt, Invocation, Item, Streams};
use sockcore::System;
use sockcore::procfs::{KernelWalk, ProcRoot};

use crate::flags::FLAGS;
use crate::names::Names;
use crate::options::{Options, Stop};
use crate::plan::{Mode, Plan};
use crate::usage::{USAGE, VERSION};
use crate::work::Work;

/// For fuzzers: reads words as a command line.
#[doc(hidden)]
pub use crate::fuzzing::options_survive;

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["netstat", "rnetstat"],
    main,
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    applet::doc::Document::new(
        "rnetstat",
        "list sockets, routes, interfaces and counters as netstat does",
    )
    .flags(FLAGS)
}

/// Status of a command line that is not understood.
const MISUSE: Exit = Exit(3);

fn main(invocation: &Invocation, streams: &mut Streams<'_>) -> Exit {
    let root = invocation
        .env
        .get("PROC_ROOT")
        .filter(|path| !path.is_empty())
        .map(ProcRoot::at);
    let options = match parse(invocation, streams) {
        Ok(options) => options,
        Err(exit) => return exit,
    };
    let Some(plan) = resolve::resolve(&options) else {
        streams.complain(USAGE.as_bytes());
        return MISUSE;
    };
    let kernel_walk = invocation.env.get("SOCKCORE_BPF");
    let kernel_walk = KernelWalk::of_word(kernel_walk.as_deref().map(OsStrExt::as_bytes));
    let mut system = match root {
        Some(root) => System::recorded(root),
        None => System::live_with(ProcRoot::live().with_kernel_walk(kernel_walk)),
    };
    run(&plan, &mut system, streams)
}

/// Reads the options in order. `Err`: the program ends with that status, everything being said.
fn parse(invocation: &Invocation, streams: &mut Streams<'_>) -> Result<Options, Exit> {
    let mut options = Options::default();
    let posixly_correct = invocation.env.get("POSIXLY_CORRECT").is_some();
    for item in Getopt::new(FLAGS, &invocation.args, posixly_correct) {
        let noted = match item {
            Item::Operand(_) => Ok(()),
            Item::Flag { flag, value } => (flag.apply)(&mut options, value),
            // The table has the name twice, once as a family and once for -x; they do the same.
            Item::Error(error) if error.possibilities() == ["unix"; 2] => options.add_unix(),
            Item::Error(error) => {
                streams.complain(&error.message(&invocation.argv0));
                Err(Stop::Usage)
            }
        };
        if let Err(stop) = noted {
            end_of_options(&stop, streams)?;
        }
        if std::mem::take(&mut options.too_many_families) {
            streams.complain(b"Too much address family arguments.\n");
        }
    }
    Ok(options)
}

/// What an option does that may end the program where it stands.
fn end_of_options(stop: &Stop, streams: &mut Streams<'_>) -> Result<(), Exit> {
    match stop {
        Stop::Version => {
            streams.out.put(VERSION.as_bytes());
            Err(finish(Exit::SUCCESS, streams))
        }
        Stop::Help => {
            streams.out.put(USAGE.as_bytes());
            Err(finish(Exit::SUCCESS, streams))
        }
        Stop::Usage => {
            streams.complain(USAGE.as_bytes());
            Err(MISUSE)
        }
        Stop::UnknownFamily(word) => {
            streams.complain(&[b"Unknown address family `", word.as_slice(), b"'.\n"].concat());
            Err(Exit::FAILURE)
        }
        Stop::Context if sockcore::procfs::context::is_enabled() => Ok(()),
        Stop::Context => {
            streams.complain(b"SELinux is not enabled on this machine.\n");
            Err(Exit::FAILURE)
        }
    }
}

/// Shows what is planned, with `-c` again each second. Reads no environment.
pub(crate) fn run(plan: &Plan, system: &mut System, streams: &mut Streams<'_>) -> Exit {
    let mut work = Work {
        plan,
        system,
        streams,
        names: Names::default(),
        round: 0,
    };
    loop {
        let exit = show(&mut work);
        let again = plan.continuous && plan.mode != Mode::Statistics;
        let exit = finish(exit, work.streams);
        if !again || exit != Exit::SUCCESS {
            return exit;
        }
        work.system.clock.sleep(Duration::from_secs(1));
        work.round += 1;
    }
}

fn show(work: &mut Work<'_, '_>) -> Exit {
    match work.plan.mode {
        Mode::Sockets => sockets::show(work),
        Mode::Routes => routes::show(work),
        Mode::Interfaces => interfaces::show(work),
        Mode::Statistics => statistics::show(work),
        Mode::Masquerade => masquerade::show(work),
    }
}

/// Writes out what is held. Output that could not be written is an error, told once.
fn finish(exit: Exit, streams: &mut Streams<'_>) -> Exit {
    streams.out.flush_all();
    let Some(error) = streams.out.error() else {
        return exit;
    };
    let reason = sockcore::Errno::from(error).text();
    streams.complain(format!("netstat: write error: {reason}\n").as_bytes());
    Exit::FAILURE
}
