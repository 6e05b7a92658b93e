//! The listing of masqueraded connections (`-M`).

use applet::Exit;

use crate::work::Work;

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    work.streams
        .complain(b"netstat: this version does not list masqueraded connections\n");
    Exit::FAILURE
}
