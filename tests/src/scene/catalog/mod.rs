//! Which scenes there are. A new one is a module here and a line in [`SCENES`].

mod files;
mod interfaces;
pub(crate) mod load;
mod lsof;
mod mounts;
mod namespaces;
mod netlink;
mod packet;
mod processes;
mod routes;
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
    routes::SCENE,
    interfaces::SCENE,
    namespaces::SCENE,
    ALL,
    lsof::SCENE,
    mounts::SCENE,
    mounts::HUNG,
    load::SCENE,
];

/// Everything that can be together. The scene of lsof wants ports and names for itself, the hostile
/// one deceives those who watch, and mounts that do not answer are in everybody's way.
const ALL: Scene = Scene {
    name: "all",
    about: "tcp udp unix packet netlink files processes routes interfaces namespaces together",
    build: |stage, load| {
        for scene in [
            &tcp::SCENE,
            &udp::SCENE,
            &unix::SCENE,
            &packet::SCENE,
            &netlink::SCENE,
            &files::SCENE,
            &processes::SCENE,
            &routes::SCENE,
            &interfaces::SCENE,
            &namespaces::SCENE,
        ] {
            (scene.build)(stage, load)
                .map_err(|error| io::Error::other(format!("{}: {error}", scene.name)))?;
        }
        Ok(())
    },
    roles: &[],
};

/// The actors of all scenes.
pub(crate) fn roles() -> impl Iterator<Item = &'static Role> {
    SCENES.iter().flat_map(|scene| scene.roles)
}
