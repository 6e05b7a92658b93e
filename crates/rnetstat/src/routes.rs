//! The listing of routes (`-r`).

use applet::Exit;

use crate::work::Work;

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    work.streams
        .complain(b"netstat: this version does not list routes\n");
    Exit::FAILURE
}
