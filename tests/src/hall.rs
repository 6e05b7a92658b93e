//! What a conformance test stands on: the binaries, the originals, and a stage for its cases.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::case::Case;
use crate::compare::{Seen, Verdict, agree, judge};
use crate::stage::{Setting, Stage, is_root};
use crate::subject::{Subject, Suite, link_names};
use crate::text::lines;
use crate::tool::Tool;

/// The directory that cargo builds into for this test program, with all binaries built.
///
/// # Panics
/// When they cannot be built.
pub fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let program = std::env::current_exe().expect("a running program has a file");
        let built = program
            .parent()
            .and_then(Path::parent)
            .expect("tests lie in deps")
            .to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(crate::subject::workspace());
        cargo.args(["build", "--quiet", "--bins"]);
        if the_original_itself() {
            cargo.args(["--package", env!("CARGO_PKG_NAME")]);
        } else {
            cargo.arg("--workspace");
        }
        if let Some(profile) = built.file_name().filter(|name| *name != "debug") {
            cargo.arg("--profile").arg(profile);
        }
        if let Some(target) = built.parent() {
            cargo.arg("--target-dir").arg(target);
        }
        let status = cargo.status().expect("cargo runs");
        assert!(status.success(), "the binaries could not be built");
        built
    })
}

/// Whether `SUBJECT=theirs` asks to try the tests themselves: a test that the original fails is a
/// wrong test.
#[must_use]
pub fn the_original_itself() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a switch of the test programs")]
    let subject = std::env::var_os("SUBJECT");
    subject.is_some_and(|subject| subject == "theirs")
}

/// Says in the way of this project's tests that something was not compared, and why.
pub fn skip(what: &str, why: &str) {
    let _ = writeln!(std::io::stdout(), "skipped: {what}: {why}");
}

/// Which C library ours runs with.
#[derive(Clone, Copy)]
enum Library {
    Theirs,
    Machine,
}

/// One tool on one stage, compared with one suite's original.
pub struct Hall {
    tool: Tool,
    suite: Suite,
    scene: String,
    stage: Stage,
    theirs: Subject,
    ours: Vec<Subject>,
    report: String,
    failed: usize,
    compared: usize,
}

impl Hall {
    /// Opens a scene for a tool (`tcp+udp` is two scenes on one stage). `None`, and a line that says why, where that cannot be done.
    ///
    /// # Panics
    /// When the binaries cannot be built.
    #[must_use]
    pub fn open(tool: Tool, scene: &str) -> Option<Self> {
        let setting = Setting::Scene(scene.to_owned());
        Self::set(
            tool,
            Suite::preferred(tool),
            scene,
            setting,
            Library::Theirs,
        )
    }

    /// As [`Hall::open`], but ours runs with the C library of this machine, as people run it. What
    /// the C library decides (names of addresses) is then not comparable.
    ///
    /// # Panics
    /// When the binaries cannot be built.
    #[must_use]
    pub fn native(tool: Tool, scene: &str) -> Option<Self> {
        let setting = Setting::Scene(scene.to_owned());
        Self::set(
            tool,
            Suite::preferred(tool),
            scene,
            setting,
            Library::Machine,
        )
    }

    /// As [`Hall::open`], before a recording.
    ///
    /// # Panics
    /// When the binaries cannot be built.
    #[must_use]
    pub fn recorded(tool: Tool, setting: Setting) -> Option<Self> {
        let name = match &setting {
            Setting::Recorded(place) => place.file_name().unwrap_or_default().to_string_lossy(),
            _ => "recorded".into(),
        };
        let name = name.into_owned();
        Self::set(
            tool,
            Suite::preferred(tool),
            &name,
            setting,
            Library::Theirs,
        )
    }

    fn set(
        tool: Tool,
        suite: Suite,
        scene: &str,
        setting: Setting,
        library: Library,
    ) -> Option<Self> {
        let built = built();
        let what = format!("{tool} in scene {scene}");
        let (suite, theirs) = match Subject::original(tool, suite) {
            Ok(original) => (suite, original),
            Err(reason) => match Subject::original(tool, Suite::Installed) {
                Ok(installed) => {
                    skip(&format!("{what}, original of {}", suite.name()), &reason);
                    (Suite::Installed, installed)
                }
                Err(other) => {
                    skip(&what, &format!("{reason}; {other}"));
                    return None;
                }
            },
        };
        let stage = match Stage::open(built, setting) {
            Ok(stage) => stage,
            Err(error) => {
                skip(&what, &error.to_string());
                return None;
            }
        };
        let links = link_names(built).expect("the target directory can be written");
        let ours = if the_original_itself() {
            vec![theirs.clone()]
        } else {
            let ours = [Subject::linked(tool, &links), Subject::own(tool, &links)];
            match library {
                Library::Theirs => ours.map(|ours| ours.with_library_of(&theirs)).to_vec(),
                Library::Machine => ours.to_vec(),
            }
        };
        Some(Self {
            tool,
            suite,
            scene: scene.to_owned(),
            stage,
            theirs,
            ours,
            report: String::new(),
            failed: 0,
            compared: 0,
        })
    }

    /// Whether cases can be run as an ordinary user here.
    #[must_use]
    pub fn has_user(&self) -> bool {
        is_root()
    }

    /// The stage, for facts.
    #[must_use]
    pub fn stage(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Compares one case, ours once as a binary of its own and once as a link to sockbox.
    ///
    /// # Panics
    /// When the stage is gone.
    pub fn case(&mut self, case: &Case) {
        if case.identity != crate::protocol::Identity::Root && !self.has_user() {
            skip(
                &format!("{} as a user", self.tool),
                "only root can become another user",
            );
            return;
        }
        let case = match case.fill(self.stage.facts()) {
            Ok(case) => case,
            Err(fact) => {
                skip(
                    &format!("{} in {}: {}", self.tool, self.scene, case.shell()),
                    &format!("the scene does not tell {fact}"),
                );
                return;
            }
        };
        for ours in &self.ours {
            if !ours.answers_to(&case.argv0) {
                continue;
            }
            let verdict = judge(&mut self.stage, &case, self.suite, &self.theirs, ours)
                .unwrap_or_else(|error| panic!("{}: {error}", case.shell()));
            match verdict {
                Verdict::Agree { .. } => self.compared += 1,
                Verdict::Racy(disagreement) => skip(
                    &format!("{} in {}", case.shell(), self.scene),
                    &format!(
                        "the original does not agree with itself\n{}",
                        disagreement.show(2)
                    ),
                ),
                Verdict::Unrun(reason) => skip(&case.shell(), &reason),
                Verdict::Differ(disagreement) => {
                    self.failed += 1;
                    let _ = writeln!(self.report, "{} as {}", case.shell(), ours.label);
                    self.report.push_str(&disagreement.show(4));
                    // The other entrance would tell the same.
                    break;
                }
            }
        }
    }

    /// Compares a case that changes the scene, and after it what another case sees of the change,
    /// each side in a scene of its own. Rows are compared without their order.
    ///
    /// # Panics
    /// When no scene can be opened again.
    pub fn changing(&mut self, change: &Case, look: &Case) {
        for ours in self.ours.clone() {
            let mut seen = Vec::new();
            for subject in [&self.theirs, &ours] {
                self.stage.renew().expect("the scene comes up again");
                for case in [change, look] {
                    let case = case.fill(self.stage.facts()).expect("facts");
                    let response = self.stage.run(&case, subject).expect("the scene goes on");
                    let mut one = Seen::of(&case, response);
                    // Each namespace hashes its sockets in another way.
                    let mut rows: Vec<_> = lines(&one.stdout).collect();
                    rows.sort_unstable();
                    one.stdout = rows.concat();
                    seen.push(one);
                }
            }
            let mut seen = seen.into_iter();
            let (Some(their_change), Some(their_look), Some(our_change), Some(our_look)) =
                (seen.next(), seen.next(), seen.next(), seen.next())
            else {
                return;
            };
            for (case, theirs, ours_seen) in [
                (change, their_change, our_change),
                (look, their_look, our_look),
            ] {
                match agree(case, self.suite, &theirs, &ours_seen) {
                    Ok(_) => self.compared += 1,
                    Err(disagreement) => {
                        self.failed += 1;
                        let _ = writeln!(self.report, "{} as {}", case.shell(), ours.label);
                        self.report.push_str(&disagreement.show(4));
                    }
                }
            }
        }
    }

    /// Compares command lines as root and as an ordinary user.
    ///
    /// # Panics
    /// When the stage is gone.
    pub fn lines(&mut self, lines: &[&str]) {
        for line in lines {
            self.case(&Case::words(self.tool, line));
        }
        if self.has_user() {
            for line in lines {
                self.case(&Case::words(self.tool, line).as_user());
            }
        } else {
            skip(
                &format!("{} as a user", self.tool),
                "only root can become another user",
            );
        }
    }

    /// Ends the test.
    ///
    /// # Panics
    /// When a case differed.
    pub fn close(self) {
        assert!(
            self.failed == 0,
            "{} of {} against {} ({}) in scene {}:\n{}",
            self.failed,
            self.failed + self.compared,
            self.tool,
            self.suite.name(),
            self.scene,
            self.report
        );
    }
}
