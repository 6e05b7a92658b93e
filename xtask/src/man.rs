//! `cargo xtask man`.

use std::ffi::OsString;
use std::process::ExitCode;

pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    crate::workspace::report("man", Err("not written yet".into()))
}
