//! The declared differences of lsof.

use super::Declared;

pub(super) const DIFFERENCES: &[Declared] = &[];
