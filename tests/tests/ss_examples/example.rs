//! What an example is: messages, command lines, and the text that is printed.

use conformance::fixture::diag::Message;

use crate::messages::{nameless, plain};

/// An example: messages, and the text of command lines over them. `·` is a blank, `⇥` a tab.
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) messages: Vec<Message>,
    pub(crate) lines: Vec<(&'static str, String)>,
}

pub(crate) fn example<T: Into<String>>(
    name: &'static str,
    messages: impl IntoIterator<Item = Message>,
    lines: impl IntoIterator<Item = (&'static str, T)>,
) -> Example {
    Example {
        name,
        messages: messages.into_iter().collect(),
        lines: lines
            .into_iter()
            .map(|(line, text)| (line, text.into()))
            .collect(),
    }
}

/// What follows the addresses of [`plain`], one row.
pub(crate) fn row(rest: &str) -> String {
    format!("ESTAB 0······0······10.0.0.1:1000 10.0.0.2:2000{rest}\n")
}

/// The same with an information block.
pub(crate) fn block(rest: &str) -> String {
    row(&format!("\n⇥{rest}"))
}

/// The row of [`nameless`], or of [`plain`] where a command line wants no names.
pub(crate) fn block_of(line: &str, rest: &str) -> String {
    if line.contains('n') {
        return block(rest);
    }
    block(rest)
        .replace(":1000 ", ":40001 ")
        .replace(":2000", ":40002")
}

pub(crate) fn message_of(line: &str) -> Message {
    if line.contains('n') {
        plain()
    } else {
        nameless()
    }
}

pub(crate) const LOCAL: [u8; 4] = [127, 0, 0, 1];
pub(crate) const NEAR: [u8; 4] = [10, 9, 0, 1];
pub(crate) const FAR: [u8; 4] = [10, 9, 0, 2];
pub(crate) const ANY: ([u8; 4], u16) = ([0; 4], 0);
