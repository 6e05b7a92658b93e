//! `recorded [DIRECTORY]`: covers `/proc` with a directory of its shape and runs commands there.
//!
//! It is started in a mount namespace of its own, which its end takes away.

use std::process::ExitCode;

use conformance::protocol::{Facts, Server};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "recorded: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> std::io::Result<()> {
    let server = Server::new()?;
    let mut facts = Facts::new();
    #[expect(clippy::disallowed_methods, reason = "a program's own argument")]
    if let Some(directory) = std::env::args_os().nth(1) {
        rustix::mount::mount_bind(&directory, "/proc")?;
        facts.push(("SCENE_PROC".into(), directory));
    }
    server.serve(&facts, std::io::stdin().lock(), std::io::stdout().lock())
}
