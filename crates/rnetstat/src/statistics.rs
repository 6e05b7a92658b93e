//! The listing of protocol counters (`-s`).

use applet::Exit;

use crate::work::Work;

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    work.streams
        .complain(b"netstat: this version does not list counters\n");
    Exit::FAILURE
}
