//! The declared differences of ss.

use super::Declared;

pub(super) const DIFFERENCES: &[Declared] = &[];
