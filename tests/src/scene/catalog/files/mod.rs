//! Open things that are no network sockets: files of every kind, anonymous inodes, mappings, locks.

mod anonymous;
mod locked;
mod mapped;
mod regular;

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

pub(super) use anonymous::bpf_types;

use super::{Load, Scene};
use crate::scene::actor::Role;
use crate::scene::stage::{Stage, mount, open_to_all};

pub(super) const SCENE: Scene = Scene {
    name: "files",
    about: "files, devices, anonymous inodes, mappings and locks of every kind",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[
    Role {
        key: "regular",
        comm: b"regular",
        argv: &[b"regular"],
        uid: 0,
        run: regular::files,
    },
    Role {
        key: "names_of_files",
        comm: b"odd files",
        argv: &[b"odd files"],
        uid: 0,
        run: regular::names,
    },
    Role {
        key: "special",
        comm: b"special",
        argv: &[b"special"],
        uid: 0,
        run: regular::special,
    },
    Role {
        key: "anonymous",
        comm: b"anonymous",
        argv: &[b"anonymous"],
        uid: 0,
        run: anonymous::run,
    },
    Role {
        key: "mapped",
        comm: b"mapped",
        argv: &[b"mapped"],
        uid: 0,
        run: mapped::run,
    },
    Role {
        key: "locked",
        comm: b"locked",
        argv: &[b"locked"],
        uid: 0,
        run: locked::run,
    },
    Role {
        key: "user_files",
        comm: b"user files",
        argv: &[b"user files"],
        uid: 65_534,
        run: regular::of_user,
    },
];

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let directory = stage.directory.join("files");
    fs::create_dir(&directory)?;
    open_to_all(&directory)?;
    stage.facts.tell("FILES_DIR", directory.as_os_str());
    fs::write(directory.join("reg"), vec![b'r'; 120])?;
    stage.facts.tell("FILE", directory.join("reg"));
    let queues = stage.directory.join("mq");
    fs::create_dir(&queues)?;
    stage.attempt("mqueue file system", |stage| {
        mount("mqueue", &text(&queues), "mqueue", 0, "")?;
        stage.facts.tell("QUEUE_MOUNT", queues.as_os_str());
        Ok(())
    });
    let other = stage.directory.join("mnt");
    fs::create_dir(&other)?;
    mount("other", &text(&other), "tmpfs", 0, "size=1m")?;
    stage.facts.tell("OTHER_MOUNT", other.as_os_str());
    let layers = stage.directory.join("layers");
    for name in ["lower", "upper", "work", "merged"] {
        fs::create_dir_all(layers.join(name))?;
    }
    stage.attempt("overlay over two file systems", |stage| {
        // The lower layer is on a file system of its own, so that its files have other numbers
        // than the merged tree shows.
        let lower = layers.join("lower");
        mount("lower", &text(&lower), "tmpfs", 0, "")?;
        fs::write(lower.join("below"), vec![b'l'; 5000])?;
        let layer = |name: &str| text(&layers.join(name));
        mount(
            "merged",
            &layer("merged"),
            "overlay",
            0,
            &format!(
                "lowerdir={},upperdir={},workdir={}",
                layer("lower"),
                layer("upper"),
                layer("work")
            ),
        )?;
        stage.facts.tell("OVERLAY_MOUNT", layers.join("merged"));
        Ok(())
    });
    for role in ROLES {
        stage.start(role)?;
    }
    Ok(())
}

/// A path as mount options want it. Those of the scene are plain.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

/// Opens with exactly these flags and close-on-exec.
pub(super) fn open(path: impl AsRef<Path>, flags: i32) -> io::Result<OwnedFd> {
    open_bare(path, flags | libc::O_CLOEXEC)
}

/// Opens with exactly these flags.
fn open_bare(path: impl AsRef<Path>, flags: i32) -> io::Result<OwnedFd> {
    let flags = OFlags::from_bits_retain(flags.cast_unsigned());
    let path = path.as_ref();
    rustix::fs::open(path, flags, Mode::from_raw_mode(0o644)).map_err(|error| {
        io::Error::other(format!("{}: {}", path.display(), io::Error::from(error)))
    })
}
