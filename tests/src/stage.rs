//! Decides where commands run: in a live scene, or before a recorded `/proc`.
//!
//! A stage is a server process in namespaces of its own; it is started again when it is asked to
//! be, because a live scene ages: its TIME-WAIT sockets end, its unanswered SYNs give up.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::Case;
use crate::protocol::{Facts, Response, Session};
use crate::subject::Subject;

/// What is on the stage.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A scene of the scene maker, by name.
    Scene(String),
    /// A directory that covers `/proc`, in an otherwise empty namespace.
    Recorded(PathBuf),
    /// Namespaces with nothing in them.
    Empty,
}

/// A running server.
pub struct Stage {
    built: PathBuf,
    setting: Setting,
    session: Session,
}

impl Stage {
    /// Starts the server; `built` is where cargo put the binaries.
    ///
    /// # Errors
    /// When this machine does not allow the namespaces, or the server does not come up.
    pub fn open(built: &Path, setting: Setting) -> io::Result<Self> {
        let session = Session::start(&mut server(built, &setting))?;
        Ok(Self {
            built: built.to_owned(),
            setting,
            session,
        })
    }

    /// Ends the server and starts another.
    ///
    /// # Errors
    /// As [`Stage::open`].
    pub fn renew(&mut self) -> io::Result<()> {
        self.session = Session::start(&mut server(&self.built, &self.setting))?;
        Ok(())
    }

    /// Runs one case, already filled with the facts.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn run(&mut self, case: &Case, subject: &Subject) -> io::Result<Response> {
        self.session.run(&case.request(subject))
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
            command.arg(name).arg("--serve");
            command
        }
        Setting::Recorded(_) | Setting::Empty => {
            let mut command = Command::new("unshare");
            if !is_root() {
                command.args(["--user", "--map-root-user"]);
            }
            command.args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--"]);
            command.arg(built.join("recorded"));
            if let Setting::Recorded(proc) = setting {
                command.arg(proc);
            }
            command
        }
    }
}

/// Whether this process is root: then commands can also be run as an ordinary user.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
