//! What every tool needs at its door: an option table read by the rules of `getopt_long`, the
//! streams it writes to, its environment and its exit status. Knows no socket.

#![deny(unsafe_code)]
#![warn(missing_docs)]

mod exit;
mod flag;
mod getopt;
mod invocation;
mod sink;
mod streams;
#[allow(unsafe_code, reason = "SIGPIPE and AT_SECURE have no safe interface")]
mod sys;

#[cfg(feature = "doc")]
pub mod doc;

pub use exit::Exit;
pub use flag::{Flag, Takes};
pub use getopt::{Getopt, GetoptError, Item};
pub use invocation::{Environment, Invocation};
pub use sink::Sink;
pub use streams::{Screen, Streams};

/// One tool: the whole names it answers to and its entrance.
#[derive(Clone, Copy)]
pub struct Applet {
    /// Whole names, the original's first: `["netstat", "rnetstat"]`.
    pub names: &'static [&'static str],
    /// Parses, decides, prints. Reads the outside only through its arguments.
    pub main: fn(&Invocation, &mut Streams<'_>) -> Exit,
}

/// Runs one applet as the whole process: the body of a tool's `main`.
pub fn run(applet: &Applet) -> std::process::ExitCode {
    sys::restore_sigpipe();
    run_as(applet, &Invocation::from_process())
}

/// Like [`run`], for a caller that has already looked at the arguments.
pub fn run_as(applet: &Applet, invocation: &Invocation) -> std::process::ExitCode {
    sys::restore_sigpipe();
    let mut streams = Streams::process();
    let exit = (applet.main)(invocation, &mut streams);
    streams.out.flush_all();
    streams.err.flush_all();
    exit.into()
}
