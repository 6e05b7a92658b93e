//! What a table without its kernel file means: silence, a report, or the end of the program.

use std::fs::File;

use applet::Exit;
use sockcore::Errno;

use crate::work::{Outcome, UNUSABLE, Work};

/// Opens the kernel file of a table, `net/tcp`. `None`: this system has no such table.
///
/// # Errors
/// The file is there and cannot be opened; the reason was told.
pub(crate) fn open(
    work: &mut Work<'_, '_>,
    relative: &str,
    absent: fn(Errno) -> bool,
) -> Result<Option<File>, Exit> {
    match work.system.processes.open(relative) {
        Ok(file) => Ok(Some(file)),
        Err(error) if absent(error.errno) => Ok(None),
        Err(error) => Err(unusable(work, relative, error.errno)),
    }
}

/// A refusal counts as absence.
pub(crate) fn missing_or_refused(errno: Errno) -> bool {
    errno == Errno::NOENT || errno == Errno::ACCES
}

/// Tells why a file that is there cannot be used, and gives the status to end with.
pub(crate) fn unusable(work: &mut Work<'_, '_>, relative: &str, errno: Errno) -> Exit {
    work.streams
        .complain(format!("/proc/{relative}: {}\n", errno.text()).as_bytes());
    UNUSABLE
}

/// Reports an absent table where that is wanted, and ends the program where it was asked for.
pub(crate) fn report(work: &mut Work<'_, '_>, name: &str) -> Outcome {
    if work.plan.quiet_absence {
        return Ok(());
    }
    report_even_if_quiet(work, name)
}

/// Like [`report`], for the tables that the choice of an IP version does not silence.
pub(crate) fn report_even_if_quiet(work: &mut Work<'_, '_>, name: &str) -> Outcome {
    let explicit = work.plan.explicit;
    if explicit || work.plan.verbose {
        work.streams
            .complain(format!("netstat: no support for `{name}' on this system.\n").as_bytes());
    }
    if explicit { Err(Exit::FAILURE) } else { Ok(()) }
}
