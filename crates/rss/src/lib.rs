//! ss, written anew over sockcore.

#![forbid(unsafe_code)]

mod cgroups;
mod destroy;
mod details;
mod ethernet;
mod events;
#[cfg(test)]
mod examples;
mod expression;
mod flags;
mod fuzzing;
mod inet_text;
mod layout;
mod listing;
mod names;
mod netns;
mod options;
mod owners;
mod record;
mod replay;
mod resolve;
mod rows;
mod rpc;
mod states;
mod storage;
mod summary;
mod tables;
mod text;
mod text_tables;
mod unix_text;
mod usage;
mod wanted;

use std::ffi::OsString;
use std::io::Read;

use applet::{Applet, Exit, Getopt, Invocation, Item, Streams};
use sockcore::System;
use sockcore::join::Wanted;
use sockcore::procfs::context;

use crate::listing::Listing;
use crate::options::{Options, Pending, Stop};
use crate::owners::Owners;
use crate::resolve::{Plan, Selection, Sources, screen_width};
use crate::rows::Rows;
use crate::rpc::RpcPort;
use crate::storage::StoredValues;
use crate::usage::USAGE;

/// For fuzzers: reads bytes as a filter and does everything with it that needs no socket.
#[doc(hidden)]
pub use crate::expression::survives as filter_survives;
#[doc(hidden)]
pub use crate::fuzzing::options_survive;

/// The version of the original whose behaviour this is.
const VERSION: &str = "ss utility, iproute2-7.3.0\n";

/// `exit(-1)`
const USAGE_ERROR: Exit = Exit(255);

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["ss", "rss"],
    main,
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    applet::doc::Document::new("rss", "list sockets as ss does")
        .operands("FILTER", "state words and a filter expression")
        .flags(flags::FLAGS)
}

fn main(invocation: &Invocation, streams: &mut Streams<'_>) -> Exit {
    match begin(invocation, streams) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// The order of work. What ends the run early comes back as an error.
fn begin(invocation: &Invocation, streams: &mut Streams<'_>) -> Result<Exit, Exit> {
    let (mut options, words) = read_options(invocation, streams)?;
    let sources = Sources::of(&invocation.env);
    let mut system = System::live_with(sources.root.clone());
    if options.summary {
        summary::print(&sources.root, streams);
        if !options.chosen && words.is_empty() {
            return Ok(Exit::SUCCESS);
        }
    }
    let worded = states::read(&words).map_err(|error| {
        streams.complain(&error.message());
        USAGE_ERROR
    })?;
    let selection = Selection::new(&options, worded.states).map_err(|nothing| {
        streams.complain(nothing.message());
        Exit::SUCCESS
    })?;
    let width = screen_width(streams.screen, &invocation.env);
    let caret_negates = invocation.env.get("POSIXLY_CORRECT").is_none();
    let mut plan = Plan::new(&options, selection, sources, width);
    if let Some(file) = &options.record {
        return Ok(record::write(&plan, file, system.sockets.as_mut(), streams));
    }
    let programs = if plan.asks_for_programs() {
        rpc::ports(system.names.as_ref())
    } else {
        Vec::new()
    };
    let sockets = system.sockets.as_mut();
    let context = expression::Context {
        names: system.names.as_ref(),
        root: &plan.sources.root,
        selection: plan.selection,
        programs: &programs,
        caret_negates,
        is_refused: &mut |filter| listing::refuses(sockets, filter),
    };
    let mut file = options.filter_file.as_ref();
    let file = file.as_mut().map(|file| file as &mut dyn Read);
    let parsed = expression::parse(worded.rest, file, context).map_err(|error| {
        streams.complain(&error.message);
        if error.usage {
            complain_usage(streams);
        }
        error.exit
    })?;
    plan.selection = parsed.selection;
    plan.filter = parsed.filter;
    let stored = std::mem::take(&mut options.stored);
    Ok(run(&plan, programs, stored, &mut system, streams))
}

/// Prints the listing that a plan asks for. Reads no environment.
fn run(
    plan: &Plan,
    programs: Vec<RpcPort>,
    stored: StoredValues,
    system: &mut System,
    streams: &mut Streams<'_>,
) -> Exit {
    let owners = plan.show.processes.then(|| {
        let inodes = wanted::inodes(plan, system);
        let wanted = inodes.as_ref().map_or(Wanted::All, Wanted::Only);
        Owners::scan(&system.processes, wanted, &plan.show)
    });
    let mut rows = Rows::new(plan, system.names.as_ref(), owners);
    rows.names.know_programs(programs);
    rows.know_maps(stored);
    if plan.header {
        rows.layout.headings(&mut streams.out);
    }
    if plan.events {
        return events::show(plan, system.sockets.as_mut(), &mut rows, streams);
    }
    let mut listing = Listing {
        plan,
        selection: plan.selection,
        sockets: system.sockets.as_mut(),
        rows: &mut rows,
        streams,
    };
    listing.run();
    rows.layout.finish(&mut streams.out);
    Exit::SUCCESS
}

/// Reads the options; what has to happen at an option's place happens there.
fn read_options(
    invocation: &Invocation,
    streams: &mut Streams<'_>,
) -> Result<(Options, Vec<OsString>), Exit> {
    let mut options = Options::default();
    let mut words = Vec::new();
    let posixly_correct = invocation.env.get("POSIXLY_CORRECT").is_some();
    for item in Getopt::new(flags::FLAGS, &invocation.args, posixly_correct) {
        match item {
            Item::Operand(word) => words.push(word.to_owned()),
            Item::Error(error) => {
                streams.complain(&error.message(&invocation.argv0));
                return Err(complain_usage(streams));
            }
            Item::Flag { flag, value } => {
                (flag.apply)(&mut options, value).map_err(|stop| end(stop, streams))?;
                if let Some(pending) = options.pending.take() {
                    act(pending, &mut options, streams)?;
                }
            }
        }
    }
    Ok((options, words))
}

fn act(pending: Pending, options: &mut Options, streams: &mut Streams<'_>) -> Result<(), Exit> {
    match pending {
        Pending::Contexts if !context::is_enabled() => {
            streams.complain(b"ss: SELinux is not enabled.\n");
            Err(Exit::FAILURE)
        }
        Pending::AllMaps => options.stored.want_all(streams),
        Pending::Map(id) => options.stored.want(&id, streams),
        Pending::Namespace(name) => netns::enter(&name, streams),
        Pending::FilterFile(_) if options.filter_file.is_some() => {
            streams.complain(b"More than one filter file\n");
            Err(USAGE_ERROR)
        }
        Pending::FilterFile(name) => {
            let file = expression::open(&name).map_err(|errno| {
                let text = format!("fopen filter file: {}\n", errno.text());
                streams.complain(text.as_bytes());
                USAGE_ERROR
            })?;
            options.filter_file = Some(file);
            Ok(())
        }
        Pending::Contexts => Ok(()),
    }
}

fn end(stop: Stop, streams: &mut Streams<'_>) -> Exit {
    match stop {
        Stop::Help => {
            streams.out.put(USAGE.as_bytes());
            Exit::SUCCESS
        }
        Stop::Version => {
            streams.out.put(VERSION.as_bytes());
            Exit::SUCCESS
        }
        Stop::Usage(text) => {
            streams.complain(&text);
            complain_usage(streams)
        }
    }
}

fn complain_usage(streams: &mut Streams<'_>) -> Exit {
    streams.complain(USAGE.as_bytes());
    USAGE_ERROR
}
