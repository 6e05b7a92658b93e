//! `scene`: makes a small machine full of open things and runs commands in it.

#[path = "../scene/mod.rs"]
mod scene;

fn main() -> std::process::ExitCode {
    scene::main()
}
