//! Decides whether two runs of one case agree.
//!
//! First with the run-dependent numbers hidden, then with the declared differences between that
//! version of the original and the newest one taken back, one after the other. What is left
//! differs.

use std::io;

use crate::case::Case;
use crate::differences::{self, Declared};
use crate::mask;
use crate::protocol::{COMMAND_PID, End, Response};
use crate::stage::Stage;
use crate::subject::{Subject, Suite};

/// What is compared of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How it ended.
    pub end: End,
    /// Standard output, run-dependent numbers hidden.
    pub stdout: Vec<u8>,
    /// Standard error, run-dependent numbers hidden.
    pub stderr: Vec<u8>,
}

impl Seen {
    /// Hides the run-dependent numbers of a response.
    #[must_use]
    pub fn of(case: &Case, response: Response) -> Self {
        let mut seen = Self {
            end: response.end,
            stdout: response.stdout,
            stderr: response.stderr,
        };
        let pid = if response.pid == 0 {
            COMMAND_PID
        } else {
            response.pid
        };
        mask::hide(case, pid, &mut seen);
        seen
    }
}

/// What became of one case.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The same bytes, after taking back declared differences.
    Agree {
        /// The differences that were taken back.
        declared: Vec<&'static str>,
        /// Whether anything was listed: an error alone proves less.
        listed: bool,
    },
    /// Not the same.
    Differ(Box<Disagreement>),
    /// The original does not agree with itself: two of its runs.
    Racy(Box<Disagreement>),
    /// It could not be run, for this reason.
    Unrun(String),
}

/// Two runs that differ, as far as they do after what is declared was taken back.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The original's.
    pub theirs: Seen,
    /// Ours.
    pub ours: Seen,
}

/// How often a case is tried before it is a disagreement.
const ATTEMPTS: usize = 4;

/// Between two attempts.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(30);

/// Runs a filled case as original and as ours until they agree, but no more than a few times.
///
/// # Errors
/// When the stage is gone.
pub fn judge(
    stage: &mut Stage,
    case: &Case,
    suite: Suite,
    theirs: &Subject,
    ours: &Subject,
) -> io::Result<Verdict> {
    let mut before: Option<Seen> = None;
    for attempt in 0..ATTEMPTS {
        // What the kernel takes back late, like the sockets of the command before, is gone when a
        // command starts after a pause.
        let pause = || {
            if attempt > 0 {
                std::thread::sleep(PAUSE);
            }
        };
        pause();
        let original = stage.run(case, theirs)?;
        if let End::NotStarted(reason) = &original.end {
            return Ok(Verdict::Unrun(reason.clone()));
        }
        pause();
        let own = stage.run(case, ours)?;
        let (original, own) = (Seen::of(case, original), Seen::of(case, own));
        match agree(case, suite, &original, &own) {
            Ok(declared) => {
                return Ok(Verdict::Agree {
                    declared,
                    listed: !original.stdout.is_empty(),
                });
            }
            // Only an original that is constant tells what ours should have been.
            Err(disagreement) if before.as_ref() == Some(&original) => {
                return Ok(Verdict::Differ(disagreement));
            }
            Err(_) if attempt + 1 < ATTEMPTS => before = Some(original),
            Err(disagreement) => {
                let before = before.unwrap_or_else(|| disagreement.theirs.clone());
                return Ok(Verdict::Racy(Box::new(Disagreement {
                    theirs: before,
                    ours: original,
                })));
            }
        }
    }
    Ok(Verdict::Unrun("no attempt".to_owned()))
}

/// The declared differences that had to be taken back for two runs to agree.
///
/// # Errors
/// What still differs.
pub fn agree(
    case: &Case,
    suite: Suite,
    theirs: &Seen,
    ours: &Seen,
) -> Result<Vec<&'static str>, Box<Disagreement>> {
    let mut used = Vec::new();
    if same(theirs, ours) {
        return Ok(used);
    }
    let (mut theirs, mut ours) = (theirs.clone(), ours.clone());
    for Declared {
        name,
        suites,
        adapt,
        ..
    } in differences::of(case.tool)
    {
        if !suites.contains(&suite) {
            continue;
        }
        let (before_theirs, before_ours) = (theirs.clone(), ours.clone());
        adapt(case, &mut theirs, &mut ours);
        if (&before_theirs, &before_ours) != (&theirs, &ours) {
            used.push(*name);
            if same(&theirs, &ours) {
                return Ok(used);
            }
        }
    }
    Err(Box::new(Disagreement { theirs, ours }))
}

/// Whether two runs are the same; a run that was killed only as far as both got.
fn same(theirs: &Seen, ours: &Seen) -> bool {
    if theirs.end == End::Overtime && ours.end == End::Overtime {
        let length = theirs.stdout.len().min(ours.stdout.len());
        return theirs.stdout.get(..length) == ours.stdout.get(..length)
            && theirs.stderr == ours.stderr;
    }
    theirs == ours
}

impl Disagreement {
    /// The first lines that differ, theirs with `-`, ours with `+`, as visible characters.
    #[must_use]
    pub fn show(&self, most: usize) -> String {
        let mut text = String::new();
        if self.theirs.end != self.ours.end {
            text.push_str(&format!(
                "  end: {:?} / {:?}\n",
                self.theirs.end, self.ours.end
            ));
        }
        for (stream, theirs, ours) in [
            ("stdout", &self.theirs.stdout, &self.ours.stdout),
            ("stderr", &self.theirs.stderr, &self.ours.stderr),
        ] {
            if theirs != ours {
                text.push_str(&format!("  {stream}:\n"));
                show_lines(&mut text, theirs, ours, most);
            }
        }
        text
    }
}

fn show_lines(text: &mut String, theirs: &[u8], ours: &[u8], most: usize) {
    let theirs: Vec<_> = theirs.split_inclusive(|&byte| byte == b'\n').collect();
    let ours: Vec<_> = ours.split_inclusive(|&byte| byte == b'\n').collect();
    let front = theirs
        .iter()
        .zip(&ours)
        .take_while(|(one, other)| one == other)
        .count();
    let shorter = theirs.len().min(ours.len()) - front;
    let back = theirs.iter().rev().zip(ours.iter().rev());
    let back = back
        .take_while(|(one, other)| one == other)
        .count()
        .min(shorter);
    for (sign, lines) in [('-', theirs), ('+', ours)] {
        let lines = lines.get(front..lines.len() - back).unwrap_or_default();
        for line in lines.iter().take(most) {
            let line = line.strip_suffix(b"\n").map_or_else(
                || format!("{}\u{2b}no newline", line.escape_ascii()),
                |line| line.escape_ascii().to_string().replace("\\t", "\u{21e5}"),
            );
            let line: String = line.chars().take(400).collect();
            text.push_str(&format!("    {sign}{line}|\n"));
        }
        if lines.len() > most {
            text.push_str(&format!("    {sign}... {} more\n", lines.len() - most));
        }
    }
}
