//! Which scenes there are. A new one is a module here and a line in [`SCENES`].

mod files;
pub(crate) mod load;
mod netlink;
mod packet;
mod processes;
mod tcp;
mod udp;
mod unix;

use std::io;

use super::actor::Role;
use super::stage::Stage;
use load::Load;

/// One scene.
pub(crate) struct Scene {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// What it holds, in a few words.
    pub(crate) about: &'static str,
    /// Puts it on the stage.
    pub(crate) build: fn(&mut Stage, &Load) -> io::Result<()>,
    /// Its processes.
    pub(crate) roles: &'static [Role],
}

/// All scenes.
pub(crate) const SCENES: &[Scene] = &[
    Scene {
        name: "empty",
        about: "nothing but a loopback interface that is up",
        build: |_, _| Ok(()),
        roles: &[],
    },
    tcp::SCENE,
    udp::SCENE,
    unix::SCENE,
    unix::HOSTILE,
    packet::SCENE,
    netlink::SCENE,
    files::SCENE,
    processes::SCENE,
    load::SCENE,
];

/// The actors of all scenes.
pub(crate) fn roles() -> impl Iterator<Item = &'static Role> {
    SCENES.iter().flat_map(|scene| scene.roles)
}
