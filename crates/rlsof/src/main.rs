//! The `rlsof` binary.

fn main() -> std::process::ExitCode {
    applet::run(&rlsof::APPLET)
}
