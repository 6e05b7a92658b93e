//! What is fuzzed: targets, each with readers that belong together.

use crate::shape::Shape;

mod commands;
mod messages;
mod process_text;
mod socket_text;
mod system_text;

/// One parser and what its inputs look like.
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    /// Inputs as they really come.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// Words of the language.
    pub(crate) words: &'static [&'static [u8]],
    /// Reads an input and shows what came of it. A panic is a finding.
    pub(crate) read: fn(&[u8], &mut Shape),
}

/// Readers that share the time of a hunt.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) readers: &'static [Reader],
}

pub(crate) const TARGETS: &[Target] = &[
    messages::NETLINK,
    socket_text::SOCKETS,
    system_text::SYSTEM,
    process_text::PROCESS,
    commands::OPTIONS,
    commands::FILTER,
];

/// The lines of a text, as a file of `/proc` hands them out.
fn lines(text: &[u8], mut each: impl FnMut(&[u8])) {
    let mut lines = sockcore::procfs::lines::Lines::new(text);
    while let Ok(Some(line)) = lines.next_line() {
        each(line);
    }
}

/// Seeds written as text.
fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
