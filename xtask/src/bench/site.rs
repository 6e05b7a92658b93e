//! Where the commands of a load are measured.
//!
//! As root outside of the scene's process namespace, where the kernel's own walks may be used; else,
//! and where a command says so, inside of it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::loads::{Case, Load, Place};
use super::table::Figures;
use crate::workspace::target;

/// A load that is standing, with a shell inside.
pub(super) struct Site {
    scene: Child,
    /// What the shell inside reads and prints.
    shell: Option<ChildStdin>,
    told: BufReader<ChildStdout>,
    /// What the scene tells about itself.
    facts: Vec<(String, String)>,
    root: bool,
    /// Commands run in the machine's own network namespace.
    elsewhere: bool,
}

impl Site {
    /// Builds the load.
    pub(super) fn open(load: &Load) -> Result<Self, String> {
        let mut scene = Command::new(target().join("release/scene"))
            .args(load.scene)
            .args(["--", "sh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("scene: {error}"))?;
        let (Some(shell), Some(told)) = (scene.stdin.take(), scene.stdout.take()) else {
            return Err("scene: no pipes".into());
        };
        let mut site = Self {
            scene,
            shell: Some(shell),
            told: BufReader::new(told),
            facts: Vec::new(),
            root: is_root_of_the_machine(),
            elsewhere: load.elsewhere,
        };
        let facts = site.ask("env | grep ^SCENE_")?;
        site.facts = facts
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(site)
    }

    /// Whether this is root, and not of a user namespace.
    pub(super) fn is_root(&self) -> bool {
        self.root
    }

    /// Whether a case is measured outside of the scene's process namespace.
    pub(super) fn is_outside(&self, case: &Case) -> bool {
        self.root && case.place != Place::Inside
    }

    /// The meter's option for a case.
    pub(super) fn place(&self, case: &Case) -> String {
        if self.is_outside(case) && case.place == Place::Network && !self.elsewhere {
            format!(" --net /proc/{}/ns/net", self.scene.id())
        } else {
            String::new()
        }
    }

    /// Runs a line of shell that prints `count` lines of the meter.
    pub(super) fn run(
        &mut self,
        script: &str,
        case: &Case,
        count: usize,
    ) -> Result<Vec<Figures>, String> {
        let lines = if self.is_outside(case) {
            let mut command = Command::new("sh");
            if case.place == Place::Mounts {
                // The scene's own /proc shows its process namespace only.
                command = Command::new("nsenter");
                command.arg(format!("--mount=/proc/{}/ns/mnt", self.scene.id()));
                command.args(["unshare", "--mount", "sh", "-c"]);
                command.arg("mount -t proc proc /proc && eval \"$0\"");
            } else {
                command.arg("-c");
            }
            let output = command
                .arg(script)
                .envs(self.facts.iter().map(|(name, value)| (name, value)))
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .output()
                .map_err(|error| format!("sh: {error}"))?;
            let text = String::from_utf8_lossy(&output.stdout);
            text.lines().map(str::to_owned).collect()
        } else {
            self.ask(script)?
        };
        let figures: Vec<Figures> = lines
            .iter()
            .filter_map(|line| Figures::parse(line))
            .collect();
        if figures.len() == count {
            Ok(figures)
        } else {
            Err(format!("`{script}` printed: {}", lines.join(" / ")))
        }
    }

    /// Gives the shell inside a line; what it prints up to an empty line.
    fn ask(&mut self, line: &str) -> Result<Vec<String>, String> {
        let shell = self.shell.as_mut().ok_or("the shell is closed")?;
        writeln!(shell, "{{ {line}; }} </dev/null; echo").map_err(|error| error.to_string())?;
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            match self.told.read_line(&mut line) {
                Ok(1..) if line != "\n" => lines.push(line.trim_end().to_owned()),
                Ok(1..) => return Ok(lines),
                _ => return Err("the scene ended early".into()),
            }
        }
    }

    /// Takes the load down.
    pub(super) fn close(mut self) -> Result<(), String> {
        drop(self.shell.take());
        let status = self.scene.wait().map_err(|error| error.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("scene: {status}"))
        }
    }
}

/// Root, and not of a user namespace.
fn is_root_of_the_machine() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = std::fs::metadata("/proc/self").map(|own| own.uid());
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    owner.is_ok_and(|uid| uid == 0) && map.split_whitespace().eq(["0", "0", "4294967295"])
}
