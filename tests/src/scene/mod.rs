//! Scenes: small machines made of namespaces and processes, full of sockets and other open things
//! in known states, and commands run inside them.
//!
//! `scene NAME... -- COMMAND ARG...` runs one command and ends with its status; `--serve` instead
//! of a command runs what is asked for through standard input (see `conformance::protocol`);
//! `--describe` tells what is known about the scene, and what this kernel refused; `--list` lists
//! the scenes.

mod actor;
mod catalog;
mod janitor;
mod net;
mod options;
mod rtnl;
mod stage;
#[allow(unsafe_code, reason = "the kernel calls without a safe interface")]
mod sys;

use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use conformance::protocol;

use janitor::Janitor;
use options::{Action, Options};
use stage::Stage;

/// The whole program.
pub(crate) fn main() -> ExitCode {
    let environment: Vec<_> = std::env::vars_os().collect();
    if let Some((_, key)) = environment.iter().find(|(name, _)| name == actor::ROLE) {
        return match catalog::roles().find(|role| *role.key == **key) {
            Some(role) => actor::play(role, environment),
            None => ExitCode::FAILURE,
        };
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the place where this program reads argv"
    )]
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match Options::parse(&words)
        .map_err(io::Error::other)
        .and_then(|options| direct(&options))
    {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let _ = io::stderr().write_all(format!("scene: {error}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}

/// Sets the stage in a child that is the first process of its PID namespace, and waits for it.
fn direct(options: &Options) -> io::Result<u8> {
    if options.action == Action::List {
        let mut text = String::new();
        for scene in catalog::SCENES {
            text.push_str(&format!("{:12} {}\n", scene.name, scene.about));
        }
        io::stdout().write_all(text.as_bytes())?;
        return Ok(0);
    }
    // What was inherited by accident would be visible inside.
    sys::close_range(3, i32::MAX)?;
    sys::raise_file_limit(options.load.files_of_one_process())?;
    stage::leave_the_machine(options.tables)?;
    let mut janitor = Janitor::hire()?;
    sys::unshare(libc::CLONE_NEWPID)?;
    let Some(pid) = sys::fork()? else {
        drop(janitor);
        let status = sys::die_with_parent()
            .and_then(|()| perform(options))
            .unwrap_or_else(|error| {
                let _ = io::stderr().write_all(format!("scene: {error}\n").as_bytes());
                125
            });
        sys::exit_now(status.into());
    };
    janitor.watch(pid)?;
    let status = std::process::ExitStatus::from_raw(sys::wait(pid)?);
    janitor.wait()?;
    Ok(exit_code(status))
}

/// The shell's way to tell a signal in an exit status.
fn exit_code(status: std::process::ExitStatus) -> u8 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    u8::try_from(code).unwrap_or(u8::MAX)
}

/// Everything that happens inside: the first process of the scene.
fn perform(options: &Options) -> io::Result<u8> {
    let home = std::env::current_dir().ok();
    sys::set_comm(c"scene")?;
    let mut stage = Stage::set()?;
    for scene in &options.scenes {
        (scene.build)(&mut stage, &options.load)
            .map_err(|error| io::Error::other(format!("{}: {error}", scene.name)))?;
    }
    if let Some(home) = home {
        // The directory may be under one that the scene has covered: then the command starts in /.
        let _ = std::env::set_current_dir(home).or_else(|_| std::env::set_current_dir("/"));
    }
    match &options.action {
        Action::List => Ok(0),
        Action::Describe => describe(&stage).map(|()| 0),
        Action::Serve => {
            let facts: protocol::Facts = stage.facts.pairs().to_vec();
            let input = Renewing {
                input: io::stdin(),
                stage: &stage,
                since: Instant::now(),
            };
            protocol::serve(&facts, input, io::stdout()).map(|()| 0)
        }
        Action::Run(words) => run(&stage, words),
    }
}

/// Facts as shell-like lines, then what the kernel refused.
fn describe(stage: &Stage) -> io::Result<()> {
    let mut text = Vec::new();
    for (name, value) in stage.facts.pairs() {
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend(value.as_bytes().escape_ascii());
        text.push(b'\n');
    }
    for (what, why) in &stage.facts.missing {
        text.extend_from_slice(format!("missing: {what}: {why}\n").as_bytes());
    }
    io::stdout().write_all(&text)
}

fn run(stage: &Stage, words: &[OsString]) -> io::Result<u8> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::Error::other("no command"));
    };
    let mut command = Command::new(program);
    command.arg0(program).args(arguments);
    command.envs(
        stage
            .facts
            .pairs()
            .iter()
            .map(|(name, value)| (name, value)),
    );
    // The same process number in every run, where the kernel lets it be chosen.
    let _ = std::fs::write(
        "/proc/sys/kernel/ns_last_pid",
        (protocol::COMMAND_PID - 1).to_string(),
    );
    Ok(exit_code(command.status()?))
}

/// Requests from outside; what decays with time is made anew between them.
struct Renewing<'s> {
    input: io::Stdin,
    stage: &'s Stage,
    since: Instant,
}

impl Read for Renewing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(buffer)?;
        if self.since.elapsed() > Duration::from_secs(20) {
            for renew in &self.stage.renewals {
                // What cannot be renewed decays, as it would on any machine.
                let _ = renew();
            }
            self.since = Instant::now();
        }
        Ok(got)
    }
}
