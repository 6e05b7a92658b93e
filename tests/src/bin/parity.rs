//! `parity`: random command lines, the originals against ours. `cargo xtask parity` builds what it
//! needs and calls it.

use std::io::Write as _;
use std::process::ExitCode;

use conformance::parity::{Campaign, run};

fn main() -> ExitCode {
    match campaign() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "parity: {error}");
            ExitCode::FAILURE
        }
    }
}

fn campaign() -> Result<bool, String> {
    #[expect(clippy::disallowed_methods, reason = "a program's own arguments")]
    let words: Vec<String> = std::env::args().skip(1).collect();
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let built = program.parent().ok_or("this program is in no directory")?;
    run(
        &Campaign::parse(&words)?,
        built,
        &mut std::io::stdout().lock(),
    )
}
