//! The `rnetstat` binary.

fn main() -> std::process::ExitCode {
    applet::run(&rnetstat::APPLET)
}
