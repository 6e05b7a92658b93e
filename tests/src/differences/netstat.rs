//! The declared differences of netstat.

use super::Declared;

pub(super) const DIFFERENCES: &[Declared] = &[];
