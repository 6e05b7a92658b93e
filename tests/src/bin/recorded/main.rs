//! `recorded [--answers DIRECTORY] [DIRECTORY]`: covers `/proc` with a directory of its shape, answers
//! dumps of sockets from files, and runs commands there.
//!
//! It is started in a mount namespace of its own, which its end takes away.

mod answers;
mod sys;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use conformance::protocol::{Facts, Server};

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program's own arguments")]
    let mut words = std::env::args_os().skip(1).peekable();
    let answers = words
        .next_if(|word| word == "--answers")
        .and_then(|_| words.next())
        .map(PathBuf::from);
    let covered = words.next();
    let outcome = match answers {
        None => serve(covered),
        Some(directory) => answers::during(&directory, move || serve(covered)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "recorded: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(covered: Option<OsString>) -> std::io::Result<()> {
    let server = Server::new()?;
    let mut facts = Facts::new();
    if let Some(directory) = covered {
        rustix::mount::mount_bind(&directory, "/proc")?;
        facts.push(("SCENE_PROC".into(), directory));
    }
    server.serve(&facts, std::io::stdin().lock(), std::io::stdout().lock())
}
