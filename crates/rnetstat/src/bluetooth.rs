//! The Bluetooth tables: only in builds that have them (see [`crate::switches::BLUETOOTH`]).

use crate::work::{Outcome, Work};

pub(crate) fn show(work: &mut Work<'_, '_>) -> Outcome {
    work.streams
        .complain(b"netstat: this version does not list Bluetooth connections\n");
    Ok(())
}
