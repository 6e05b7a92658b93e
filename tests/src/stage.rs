//! Decides where commands run: in a live scene, or before a recorded `/proc`.
//!
//! A stage is a server process in namespaces of its own; it is started again when it is asked to
//! be, because a live scene ages: its TIME-WAIT sockets end, its unanswered SYNs give up.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::Case;
use crate::fixture::{self, tree};
use crate::odd;
use crate::protocol::{COMMAND_PID, Facts, Identity, Output, Request, Response, Session};
use crate::random::Dice;
use crate::subject::Subject;
use crate::tool::Tool;

/// What is on the stage.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A scene of the scene maker, by name; `tcp+udp` is both on one stage.
    Scene(String),
    /// A directory that covers `/proc`, in an otherwise empty namespace.
    Recorded(PathBuf),
    /// A directory of files that answer dumps of sockets, in otherwise empty namespaces.
    Answered(PathBuf),
    /// Namespaces with nothing in them.
    Empty,
}

/// The fact that holds the processes that an older lsof misreads.
pub const ODD: &str = "SCENE_ODD";

/// A running server.
pub struct Stage {
    built: PathBuf,
    setting: Setting,
    session: Session,
}

/// A recording to compare before, and what ours is told that the original finds by itself.
///
/// # Errors
/// When it cannot be written.
pub fn recording(
    tool: Tool,
    number: u64,
    built: &Path,
    user: &str,
) -> io::Result<(Setting, Facts)> {
    let place = fixture::place(built, user);
    if tool == Tool::Ss {
        return Ok((Setting::Empty, fixture::prepare(&place.join("dumps"))?));
    }
    let directory = place.join(format!("{tool}-{number}"));
    let mut dice = Dice::new(11, number);
    let setting = if tool == Tool::Lsof {
        tree::lsof(&directory, COMMAND_PID)?
    } else {
        let kind = match number % 8 {
            0 | 1 => tree::Kind::Usual,
            2 | 3 => tree::Kind::Broken,
            4 => tree::Kind::Sparse,
            5 => tree::Kind::Obsolete,
            6 => tree::Kind::Counters(number / 8),
            _ => tree::Kind::Counters(7),
        };
        tree::netstat(&directory, kind, &mut dice)?
    };
    Ok((Setting::Recorded(setting), Facts::new()))
}

impl Stage {
    /// Starts the server; `built` is where cargo put the binaries.
    ///
    /// # Errors
    /// When this machine does not allow the namespaces, or the server does not come up.
    pub fn open(built: &Path, setting: Setting) -> io::Result<Self> {
        let session = Session::start(&mut server(built, &setting))?;
        let mut stage = Self {
            built: built.to_owned(),
            setting,
            session,
        };
        stage.look_for_odd()?;
        Ok(stage)
    }

    /// Tells as a fact which processes an older lsof misreads.
    fn look_for_odd(&mut self) -> io::Result<()> {
        if let Setting::Scene(_) = self.setting {
            let words: Vec<_> = odd::among(&self.shell(odd::SCRIPT)?)
                .iter()
                .map(odd::Odd::word)
                .collect();
            self.tell(vec![(ODD.into(), words.join(" ").into())]);
        }
        Ok(())
    }

    /// Ends the server and starts another.
    ///
    /// # Errors
    /// As [`Stage::open`].
    pub fn renew(&mut self) -> io::Result<()> {
        self.session = Session::start(&mut server(&self.built, &self.setting))?;
        self.look_for_odd()
    }

    /// Runs one case, already filled with the facts.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn run(&mut self, case: &Case, subject: &Subject) -> io::Result<Response> {
        self.session.run(&case.request(subject))
    }

    /// The standard output of a shell script that is run inside.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn shell(&mut self, script: &str) -> io::Result<Vec<u8>> {
        let request = Request {
            program: "/bin/sh".into(),
            argv0: "sh".into(),
            args: vec!["-c".into(), script.into()],
            env: vec![("PATH".into(), "/usr/sbin:/usr/bin:/sbin:/bin".into())],
            directory: "/".into(),
            stdin: Vec::new(),
            identity: Identity::Root,
            output: Output::File,
            limit: 10_000,
        };
        Ok(self.session.run(&request)?.stdout)
    }

    /// Adds facts that the server does not know, like where recordings are.
    pub fn tell(&mut self, facts: Facts) {
        self.session.facts.extend(facts);
    }

    /// What the scene tells about itself.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.session.facts
    }

    /// One fact by its whole name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&OsStr> {
        self.session.fact(name)
    }
}

fn server(built: &Path, setting: &Setting) -> Command {
    match setting {
        Setting::Scene(name) => {
            let mut command = Command::new(built.join("scene"));
            command.args(name.split('+')).arg("--serve");
            command
        }
        Setting::Recorded(_) | Setting::Answered(_) | Setting::Empty => {
            let mut command = Command::new("unshare");
            if !is_root() {
                command.args(["--user", "--map-root-user"]);
            }
            command.args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--"]);
            command.arg(built.join("recorded"));
            match setting {
                Setting::Recorded(proc) => command.arg(proc),
                Setting::Answered(directory) => command.arg("--answers").arg(directory),
                _ => &mut command,
            };
            command
        }
    }
}

/// Whether this process is root: then commands can also be run as an ordinary user.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
