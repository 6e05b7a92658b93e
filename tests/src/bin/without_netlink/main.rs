//! `without_netlink socket|send PROGRAM [ARGUMENT...]`: becomes a program that gets no netlink
//! sockets, or may send nothing, as a container may rule.

mod sys;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program's own arguments")]
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let error = match words.split_first_chunk() {
        Some(([what, program], arguments)) => refuse(what)
            .err()
            .unwrap_or_else(|| Command::new(program).args(arguments).exec()),
        None => io::ErrorKind::InvalidInput.into(),
    };
    let _ = writeln!(io::stderr(), "without_netlink: {error}");
    ExitCode::from(126)
}

fn refuse(what: &OsString) -> io::Result<()> {
    match what.to_str() {
        Some("socket") => sys::refuse(&[(libc::SYS_socket, Some(libc::AF_NETLINK))], libc::EACCES),
        Some("send") => sys::refuse(
            &[(libc::SYS_sendto, None), (libc::SYS_sendmsg, None)],
            libc::EPERM,
        ),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}
