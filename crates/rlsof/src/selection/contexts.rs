//! SELinux contexts (`-Z`).

use sockcore::pattern::glob_matches;

use super::Mark;

/// The contexts that are asked for.
#[derive(Debug, Default)]
pub(crate) struct Contexts(pub(crate) Vec<Context>);

/// A shell pattern over whole contexts.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) pattern: Vec<u8>,
    pub(crate) mark: Mark,
}

impl Contexts {
    /// Whether any context is asked for.
    pub(super) fn selects(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether the context is asked for, which marks the first pattern that fits.
    pub(super) fn find(&self, context: &[u8]) -> bool {
        let mut fitting = self.0.iter();
        let found = fitting.find(|asked| glob_matches(&asked.pattern, context));
        found.map(|asked| asked.mark.set()).is_some()
    }
}
