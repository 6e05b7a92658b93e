//! Hides what differs from run to run although nothing differs: ages and timers, and the process
//! that does the listing. A hidden number keeps its width.

mod lsof;
mod netstat;
mod ss;

use crate::case::Case;
use crate::compare::Seen;
use crate::tool::Tool;

/// Hides the run-dependent numbers of one run, whose process number was `pid`.
pub fn hide(case: &Case, pid: u32, seen: &mut Seen) {
    // A recording does not age: there every number is compared.
    let recorded = !case.own_env.is_empty()
        || case
            .env
            .iter()
            .any(|(name, _)| name == "TCPDIAG_FILE" || name == "PROC_NET_SOCKSTAT");
    match case.tool {
        Tool::Ss | Tool::Netstat if recorded => {}
        Tool::Ss => ss::hide(seen),
        Tool::Netstat => netstat::hide(seen),
        Tool::Lsof => lsof::hide(pid, seen),
    }
}
