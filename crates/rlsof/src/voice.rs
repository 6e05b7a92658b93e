//! What is said on standard error, in the program's name.

use applet::Streams;
use sockcore::locale::Locale;

use crate::output::escape;

/// Speaks on standard error.
pub(crate) struct Voice<'v, 's> {
    /// The program's name.
    pub(crate) program: &'v [u8],
    pub(crate) streams: &'v mut Streams<'s>,
}

impl Voice<'_, '_> {
    /// Says one line, of these parts.
    pub(crate) fn say(&mut self, parts: &[&[u8]]) {
        let mut line = self.program.to_vec();
        line.extend_from_slice(b": ");
        for part in parts {
            line.extend_from_slice(part);
        }
        line.push(b'\n');
        self.streams.complain(&line);
    }
}

/// A text as names are printed.
pub(crate) fn printable(text: &[u8]) -> Vec<u8> {
    let mut printed = Vec::with_capacity(text.len());
    escape::name(Locale::of_environment(), text, &mut printed);
    printed
}
