//! The `rss` binary.

fn main() -> std::process::ExitCode {
    applet::run(&rss::APPLET)
}
