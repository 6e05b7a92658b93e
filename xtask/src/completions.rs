//! Decides for which shells there are completions, and writes them from the option tables.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::{documents, workspace};

/// A shell and the file in which it looks for the completions of a tool.
type FileName = fn(&str) -> String;
const SHELLS: &[(&str, FileName)] = &[
    ("bash", |tool| format!("{tool}.bash")),
    ("zsh", |tool| format!("_{tool}")),
    ("fish", |tool| format!("{tool}.fish")),
];

/// `cargo xtask completions`.
pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    let written = documents::TOOLS.iter().try_for_each(|(tool, _)| {
        SHELLS.iter().try_for_each(|(shell, file)| {
            let file = format!("completions/{}", file(tool));
            documents::write(&file, &["completions", shell, tool])
        })
    });
    workspace::report("completions", written)
}
