//! Lists, once or again and again, and decides the exit status.

use std::time::SystemTime;

use applet::{Exit, Streams};
use sockcore::{Errno, System};

use crate::listing::{self, Failure, World};
use crate::output::lookup::Lookup;
use crate::output::style::Form;
use crate::output::{Printer, Warnings};
use crate::plan::Plan;
use crate::repeat::Repeat;
use crate::report;
use crate::resolve::Resolved;
use crate::selection::Selection;
use crate::voice::Voice;

/// Where logins come from, as far as the original looks.
const USERS: &str = "/etc/passwd";

/// Does what a plan says. Reads no environment.
pub(crate) fn run(resolved: Resolved, system: &mut System, streams: &mut Streams<'_>) -> Exit {
    let Resolved {
        plan,
        selection,
        ground,
    } = resolved;
    let lookup = Lookup::new(system.names.as_ref(), plan.names);
    let warnings = Warnings {
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
    let mut users = None;
    loop {
        if plan.repeat.is_some() && plan.names.logins {
            if let Err(errno) = renew_logins(&mut users, &lookup) {
                let reason = errno.text();
                voice(&plan, streams).say(&[b"can't stat(/etc/passwd): ", reason.as_bytes()]);
                return Exit::FAILURE;
            }
        }
        let mut printer = Printer::new(&plan.style, &lookup, &warnings, streams);
        let gathered = listing::gather(world, system.sockets.as_mut(), &mut |process| {
            tell_avoided(&plan, &world, streams);
            printer.take(&process, streams);
        });
        let tell = |text: &[u8], errno: Errno, streams: &mut Streams<'_>| {
            voice(&plan, streams).say(&[text, errno.text().as_bytes()]);
        };
        match gathered {
            Ok(None) => {}
            Ok(Some(errno)) => tell(b"netlink peer request error: ", errno, streams),
            Err(Failure::Processes) => {
                voice(&plan, streams).say(&[b"can't open /proc"]);
                return Exit::FAILURE;
            }
            Err(Failure::Peers(errno)) => {
                tell(b"netlink socket error: ", errno, streams);
                return Exit::FAILURE;
            }
        }
        tell_avoided(&plan, &world, streams);
        let any = printer.finish(streams);
        ever |= any;
        tell_stuck(&plan, &world, streams);
        let Some(repeat) = &plan.repeat else {
            break;
        };
        if let Form::Json { lines: true, .. } = plan.style.form {
            streams.out.put(b"\n");
        }
        cycles += 1;
        if plan.until_none && !any {
            break;
        }
        mark(repeat, &plan.style.form, system.clock.now(), streams);
        streams.out.flush_all();
        system.clock.sleep(repeat.pause());
        if repeat.count.is_some_and(|count| cycles >= count) {
            break;
        }
    }
    finish(&plan, &selection, ever, streams)
}

fn voice<'v, 's>(plan: &'v Plan, streams: &'v mut Streams<'s>) -> Voice<'v, 's> {
    Voice {
        program: &plan.program,
        streams,
    }
}

/// Forgets logins when the database was written since they were asked for.
fn renew_logins(users: &mut Option<SystemTime>, lookup: &Lookup<'_>) -> Result<(), Errno> {
    let written = std::fs::metadata(USERS).and_then(|metadata| metadata.modified());
    let written = written.map_err(|error| Errno::from(&error))?;
    if users.is_some_and(|known| known != written) {
        lookup.forget_logins();
    }
    *users = Some(written);
    Ok(())
}

/// Names what was not looked at.
fn tell_avoided(plan: &Plan, world: &World<'_>, streams: &mut Streams<'_>) {
    if plan.gathering.avoid {
        for path in world.reach.take_avoided() {
            voice(plan, streams).say(&[b"avoiding stat(", &path, b"): -b was specified."]);
        }
    }
}

/// Names the children that a dead file system keeps.
fn tell_stuck(plan: &Plan, world: &World<'_>, streams: &mut Streams<'_>) {
    for pid in world.reach.take_stuck() {
        if plan.gathering.warnings {
            let text = format!("WARNING -- child process {pid} may be hung.");
            voice(plan, streams).say(&[text.as_bytes()]);
        }
    }
}

/// Prints the line that tells one listing from the next.
fn mark(repeat: &Repeat, form: &Form, now: SystemTime, streams: &mut Streams<'_>) {
    let text = repeat.marker(now);
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
        Form::Columns | Form::Terse => match text {
            Some(text) => out.extend_from_slice(&text),
            None => out.extend_from_slice(b"======="),
        },
    }
    out.push(b'\n');
}

/// Tells what was not found, and what all came to. `ever`: anything was printed.
fn finish(plan: &Plan, selection: &Selection, ever: bool, streams: &mut Streams<'_>) -> Exit {
    let misses = report::misses(selection);
    if plan.verbose {
        for miss in &misses {
            let out = streams.out.buffer();
            out.extend_from_slice(&plan.program);
            out.extend_from_slice(b": ");
            out.extend_from_slice(miss);
            out.push(b'\n');
            streams.out.settle();
        }
    }
    // Without repetition (`+r0`) nothing counts as printed.
    let printed = ever && plan.repeat.is_some();
    let missed = plan.failed || !misses.is_empty();
    if (plan.until_none && !printed) || (missed && !plan.forgive) {
        Exit::FAILURE
    } else {
        Exit::SUCCESS
    }
}
