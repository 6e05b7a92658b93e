//! `cargo xtask tidy`.

use std::ffi::OsString;
use std::process::ExitCode;

pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    crate::workspace::report("tidy", Err("not written yet".into()))
}
