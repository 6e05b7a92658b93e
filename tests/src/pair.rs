//! The original and ours side by side, for what has to be looked at in another way than by cases.

use std::fmt::Write as _;

use crate::hall::{built, skip, the_original_itself};
use crate::stage::{Setting, Stage};
use crate::subject::{Subject, Suite};
use crate::tool::Tool;

/// The original and ours on one scene, for what has to be looked at in another way than by cases.
/// `None`, and a line that says why, where that cannot be done.
#[must_use]
pub fn both(tool: Tool, scene: &str) -> Option<(Stage, [Subject; 2])> {
    let built = built();
    let original = match Subject::original(tool, Suite::preferred(tool)) {
        Ok(original) => original,
        Err(reason) => {
            skip(&format!("{tool}, both by hand"), &reason);
            return None;
        }
    };
    let ours = ours(tool, &original);
    match Stage::open(built, Setting::Scene(scene.to_owned())) {
        Ok(stage) => Some((stage, [original, ours])),
        Err(error) => {
            skip(&format!("{tool} in scene {scene}"), &error.to_string());
            None
        }
    }
}

/// Ours, with the C library of the original.
#[must_use]
pub fn ours(tool: Tool, original: &Subject) -> Subject {
    if the_original_itself() {
        original.clone()
    } else {
        Subject::own(tool, built()).with_library_of(original)
    }
}

/// The subject and words as a shell takes them.
#[must_use]
pub fn shell_words(tool: Tool, subject: &Subject, words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(Into::into).collect();
    let (program, _, words) = subject.command(tool.name().as_ref(), &words);
    let mut text = program.to_string_lossy().into_owned();
    for word in words {
        let _ = write!(text, " '{}'", word.to_string_lossy());
    }
    text
}
