//! What a listing works with: the plan, the outside, the streams, and what it keeps for the next
//! round of `-c`.

use applet::{Exit, Streams};
use sockcore::System;

use crate::names::Names;
use crate::plan::Plan;

/// One run of a plan.
pub(crate) struct Work<'w, 's> {
    /// What to show.
    pub(crate) plan: &'w Plan,
    /// The outside of the machine.
    pub(crate) system: &'w mut System,
    /// Where to show it.
    pub(crate) streams: &'w mut Streams<'s>,
    /// Names already looked up; they are kept for the life of the process.
    pub(crate) names: Names,
    /// Which round of `-c` this is, from 0.
    pub(crate) round: u64,
}

/// How a table ended: `Err` ends the program with that status, nothing after it is shown.
pub(crate) type Outcome = Result<(), Exit>;

/// The status of a kernel file that is there and cannot be used.
pub(crate) const UNUSABLE: Exit = Exit(255);
