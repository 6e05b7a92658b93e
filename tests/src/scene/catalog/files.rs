//! Open files.
use std::io;

use super::{Load, Scene};
use crate::scene::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "files",
    about: "open files of every kind",
    build,
    roles: &[],
};

fn build(_: &mut Stage, _: &Load) -> io::Result<()> {
    Ok(())
}
