//! `as_user NUMBER ARGV0 PROGRAM [ARGUMENT...]`: becomes this user, without groups, and then the
//! program.
//!
//! The standard library's own way to start a process as another user opens a pair of unix sockets,
//! which a command that lists sockets may or may not still find.

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use rustix::process::{Gid, Uid};

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program's own arguments")]
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let error = match words.split_first_chunk() {
        Some(([number, argv0, program], arguments)) => become_user(number)
            .err()
            .unwrap_or_else(|| Command::new(program).arg0(argv0).args(arguments).exec()),
        None => std::io::ErrorKind::InvalidInput.into(),
    };
    let _ = writeln!(std::io::stderr(), "as_user: {error}");
    ExitCode::from(126)
}

fn become_user(number: &OsString) -> std::io::Result<()> {
    let number = number.to_str().and_then(|number| number.parse().ok());
    let number = number.ok_or(std::io::ErrorKind::InvalidInput)?;
    rustix::thread::set_thread_groups(&[])?;
    let group = Gid::from_raw(number);
    rustix::thread::set_thread_res_gid(group, group, group)?;
    let user = Uid::from_raw(number);
    rustix::thread::set_thread_res_uid(user, user, user)?;
    Ok(())
}
