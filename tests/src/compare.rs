//! Decides whether two runs of one case agree.
//!
//! First with the run-dependent numbers hidden, then with the declared differences between that
//! version of the original and the newest one taken back, one after the other. What is left
//! differs.

use std::io;
use std::time::Duration;

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
const PAUSE: Duration = Duration::from_millis(30);

/// How often the original is run again to see which of its numbers move.
const REPEATS: usize = 8;

/// Between two of these runs: counters of the whole machine move slowly.
const LONG_PAUSE: Duration = Duration::from_millis(120);

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
                return repeat(stage, case, suite, theirs, &own, disagreement);
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

/// Decides about a disagreement with an original that was the same twice: runs that once more, to
/// see whether what differs are numbers that move without ours too.
fn repeat(
    stage: &mut Stage,
    case: &Case,
    suite: Suite,
    theirs: &Subject,
    own: &Seen,
    disagreement: Box<Disagreement>,
) -> io::Result<Verdict> {
    let mut moved = Moved::new(&disagreement);
    while moved.may_clear() {
        std::thread::sleep(LONG_PAUSE);
        let original = Seen::of(case, stage.run(case, theirs)?);
        let Err(again) = agree(case, suite, &original, own) else {
            // Ours was there before the original.
            return Ok(Verdict::Agree {
                declared: Vec::new(),
                listed: !original.stdout.is_empty(),
            });
        };
        if moved.clears(&disagreement, &again.theirs) {
            return Ok(Verdict::Racy(Box::new(Disagreement {
                theirs: disagreement.theirs,
                ours: again.theirs,
            })));
        }
    }
    Ok(Verdict::Differ(disagreement))
}

/// Which of the numbers that differ the original has since shown with other values.
struct Moved {
    /// By place among all numbers: still the same in each run of the original.
    constant: Vec<usize>,
    left: usize,
}

impl Moved {
    fn new(disagreement: &Disagreement) -> Self {
        let (theirs, ours) = (
            Numbers::of(&disagreement.theirs),
            Numbers::of(&disagreement.ours),
        );
        let constant = theirs.other_values(&ours).unwrap_or_default();
        let left = if constant.is_empty() { 0 } else { REPEATS };
        Self { constant, left }
    }

    fn may_clear(&self) -> bool {
        self.left > 0
    }

    /// Takes one more run of the original; true as soon as every number that differs has moved.
    fn clears(&mut self, disagreement: &Disagreement, again: &Seen) -> bool {
        self.left -= 1;
        let theirs = Numbers::of(&disagreement.theirs);
        let Some(other) = theirs.other_values(&Numbers::of(again)) else {
            return false;
        };
        self.constant.retain(|place| !other.contains(place));
        self.constant.is_empty()
    }
}

/// A run as its numbers and all that stands around them.
struct Numbers<'s> {
    end: &'s End,
    around: Vec<&'s [u8]>,
    values: Vec<&'s [u8]>,
}

impl<'s> Numbers<'s> {
    fn of(seen: &'s Seen) -> Self {
        let mut numbers = Self {
            end: &seen.end,
            around: Vec::new(),
            values: Vec::new(),
        };
        for stream in [&seen.stdout, &seen.stderr] {
            for run in stream.chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit()) {
                if run.first().is_some_and(u8::is_ascii_digit) {
                    numbers.values.push(run);
                } else {
                    numbers.around.push(run);
                }
            }
        }
        numbers
    }

    /// The places of numbers that are others there; `None`: something else differs.
    fn other_values(&self, there: &Self) -> Option<Vec<usize>> {
        let alike = self.end == there.end
            && self.around == there.around
            && self.values.len() == there.values.len();
        let pairs = self.values.iter().zip(&there.values).enumerate();
        alike.then(|| {
            pairs
                .filter(|(_, (one, other))| one != other)
                .map(|(place, _)| place)
                .collect()
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(stdout: &str) -> Seen {
        Seen {
            end: End::Exited(0),
            stdout: stdout.into(),
            stderr: Vec::new(),
        }
    }

    /// Whether the first of these runs of the original, its difference to ours, and the others make
    /// a race.
    fn racy(theirs: &str, ours: &str, again: &[&str]) -> bool {
        let disagreement = Disagreement {
            theirs: seen(theirs),
            ours: seen(ours),
        };
        let mut moved = Moved::new(&disagreement);
        again
            .iter()
            .any(|again| moved.may_clear() && moved.clears(&disagreement, &seen(again)))
    }

    #[test]
    fn only_numbers_that_the_original_moves_itself_make_a_race() {
        let theirs = "TCP: 45 (estab 4, orphaned 7)\n";
        let ours = "TCP: 46 (estab 4, orphaned 8)\n";
        assert!(racy(
            theirs,
            ours,
            &["TCP: 44 (estab 4, orphaned 9)\n", ours]
        ));
        let one = "TCP: 47 (estab 4, orphaned 7)\n";
        let other = "TCP: 45 (estab 4, orphaned 6)\n";
        assert!(racy(theirs, ours, &[theirs, one, other]));
        assert!(!racy(theirs, ours, &[theirs; 9]));
        assert!(!racy(theirs, ours, &[one; 9]), "one number stays");
        let words = "TCP: 46 (estab 4, orphan 8)\n";
        assert!(!racy(theirs, words, &[one, other]), "a word differs");
        let estab = "TCP: 46 (estab 5, orphaned 8)\n";
        assert!(!racy(theirs, estab, &[one, other]), "another number");
    }
}
