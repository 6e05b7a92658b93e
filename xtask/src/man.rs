//! Decides which manual pages there are, and writes them from the option tables and the prose
//! beside the box.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::{documents, workspace};

/// `cargo xtask man`.
pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    let written = documents::TOOLS.iter().try_for_each(|(tool, section)| {
        documents::write(&format!("docs/man/{tool}.{section}"), &["man", tool])
    });
    workspace::report("man", written)
}
