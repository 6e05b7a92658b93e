//! Routes of families that current kernels do not have: what is said in their absence.

use applet::Exit;
use sockcore::Errno;

use crate::families::Family;
use crate::work::{Outcome, Work};

pub(super) fn show(work: &mut Work<'_, '_>, family: Family) -> Outcome {
    match family {
        Family::Ax25 => {
            tell_reason(work, "net/ax25_route");
            work.streams
                .out
                .put(b"AX.25 not configured in this system.\n");
        }
        Family::Netrom => {
            tell_reason(work, "net/nr_nodes");
            tell_reason(work, "net/nr_neigh");
            work.streams
                .out
                .put(b"NET/ROM not configured in this system.\n");
        }
        Family::Rose => {
            tell_reason(work, "net/rose_nodes");
            work.streams
                .complain(b"ROSE not configured in this system.\n");
        }
        Family::Ipx => {
            let text = format!("{}\n", reason(work, "net/ipx_route").text());
            work.streams.complain(text.as_bytes());
            work.streams.out.put(
                b"IPX routing not in file /proc/net/ipx/route or /proc/net/ipx_route found.\n",
            );
        }
        Family::Ddp => {
            let reason = reason(work, "net/atalk_route").text();
            let text = format!(
                "Error opening /proc/net/atalk_route: {reason}\n\
                 DDP (AppleTalk) not configured on this system.\n"
            );
            work.streams.complain(text.as_bytes());
        }
        _ => work
            .streams
            .out
            .put(b"X.25 not configured in this system.\n"),
    }
    Err(Exit::FAILURE)
}

fn reason(work: &Work<'_, '_>, file: &str) -> Errno {
    match work.system.processes.open(file) {
        // There is such a table; it cannot be shown here.
        Ok(_) => Errno::OPNOTSUPP,
        Err(error) => error.errno,
    }
}

fn tell_reason(work: &mut Work<'_, '_>, file: &str) {
    let text = format!("/proc/{file}: {}\n", reason(work, file).text());
    work.streams.complain(text.as_bytes());
}
