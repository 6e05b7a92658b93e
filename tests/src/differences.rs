//! The declared differences: what a version of an original prints otherwise than the newest one,
//! or than ours on purpose. Everything that is not declared here is a failure.

mod lsof;
mod netstat;
mod ss;

use crate::case::Case;
use crate::compare::Seen;
use crate::subject::Suite;
use crate::tool::Tool;

/// One declared difference.
pub struct Declared {
    /// Its name in reports.
    pub name: &'static str,
    /// The suites whose original shows it.
    pub suites: &'static [Suite],
    /// Why it is so.
    pub reason: &'static str,
    /// Changes the original's run to what the newest one would have given or, where ours differs
    /// on purpose, both to something that is equal when nothing else differs. Changes nothing when
    /// the difference is not in these runs.
    pub adapt: fn(&Case, &mut Seen, &mut Seen),
}

/// Those of one tool, in the order in which they are taken back.
#[must_use]
pub fn of(tool: Tool) -> &'static [Declared] {
    match tool {
        Tool::Ss => ss::DIFFERENCES,
        Tool::Netstat => netstat::DIFFERENCES,
        Tool::Lsof => lsof::DIFFERENCES,
    }
}

const ALL: &[Suite] = &[Suite::Trixie, Suite::Sid, Suite::Installed];
const OLD: &[Suite] = &[Suite::Trixie, Suite::Installed];
const INSTALLED: &[Suite] = &[Suite::Installed];
