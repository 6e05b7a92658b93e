//! The tables of SCTP endpoints and associations.

use crate::absence;
use crate::programs::Programs;
use crate::work::{Outcome, Work};

pub(crate) fn show(work: &mut Work<'_, '_>, programs: &Programs) -> Outcome {
    let _ = programs;
    absence::report(work, "AF INET (sctp)")
}
