//! `cargo xtask bench`.

use std::ffi::OsString;
use std::process::ExitCode;

pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    crate::workspace::report("bench", Err("not written yet".into()))
}
