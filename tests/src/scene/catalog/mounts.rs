//! Mounts that are hard to look at: names that want escapes, places that not everybody may see, and
//! file systems of somebody who does not answer.

use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::files::open;
use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::stage::Stage;
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "mounts",
    about: "mounts with odd names, behind closed doors, and of other users (not in all)",
    build,
    roles: &[MOUNTS],
};

/// Apart, because the originals wait for ever where somebody never answers.
pub(super) const HUNG: Scene = Scene {
    name: "hung",
    about: "a file system that never answers (not in all)",
    build: |stage, _| stage.start(&SILENT).map(drop),
    roles: &[SILENT],
};

const MOUNTS: Role = Role {
    key: "mounts",
    comm: b"mounts",
    argv: &[b"mounts"],
    uid: 0,
    run: mounts,
};

const SILENT: Role = Role {
    key: "silent",
    comm: b"silent",
    argv: &[b"silent"],
    uid: 0,
    run: |actor| actor.attempt_all("FUSE file system", |actor| fuse(actor, "hung", 0)),
};

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    stage.start(&MOUNTS).map(drop)
}

fn mount(source: &str, target: &Path, kind: &str, data: &str) -> io::Result<()> {
    let target = CString::new(target.as_os_str().as_encoded_bytes())?;
    sys::mount(
        &CString::new(source)?,
        &target,
        &CString::new(kind)?,
        libc::MS_NOSUID | libc::MS_NODEV,
        &CString::new(data)?,
    )
}

fn mounts(actor: &mut Actor) -> io::Result<()> {
    let base = actor.path("mounts");
    fs::create_dir(&base)?;
    for (index, (name, source)) in [
        ("with blank", "source with blank"),
        ("ta\tb", "plain"),
        ("new\nline", "new\nline"),
        ("back\\slash", "back\\slash"),
        ("hash#", "#hash"),
        ("h\u{f6}flich", "server:/export"),
        ("brackets (pid1)", "x:(pid1,rw)"),
    ]
    .into_iter()
    .enumerate()
    {
        let point = base.join(name);
        fs::create_dir(&point)?;
        mount(source, &point, "tmpfs", "")?;
        actor.hold(File::create(point.join("file"))?);
        actor.tell(&format!("ODD_{index}_MOUNT"), point);
    }
    // Twice at one place, once at two places, one inside another, one by a link.
    let twice = base.join("with blank");
    mount("second", &twice, "tmpfs", "")?;
    actor.hold(File::create(twice.join("above"))?);
    let inner = base.join("hash#").join("inner");
    fs::create_dir(&inner)?;
    mount("inner", &inner, "tmpfs", "")?;
    actor.hold(File::create(inner.join("deep"))?);
    let shown = base.join("shown again");
    fs::create_dir(&shown)?;
    crate::scene::stage::bind(&inner, &shown)?;
    actor.hold(open(shown.join("deep"), libc::O_RDONLY)?);
    std::os::unix::fs::symlink("hash#", base.join("link"))?;
    actor.tell("LINK_MOUNT", base.join("link"));
    // A single file as a mount.
    let cover = base.join("covered file");
    File::create(&cover)?;
    crate::scene::stage::bind(&inner.join("deep"), &cover)?;
    actor.hold(open(&cover, libc::O_RDONLY)?);
    // Only root gets here.
    let closed = base.join("closed");
    fs::create_dir(&closed)?;
    let point = closed.join("secret");
    fs::create_dir(&point)?;
    mount("secret", &point, "tmpfs", "")?;
    actor.hold(File::create(point.join("file"))?);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700))?;
    actor.tell("SECRET_MOUNT", point);
    actor.attempt("FUSE file system of another user", |actor| {
        fuse(actor, "foreign", 2001)
    });
    Ok(())
}

/// A FUSE mount of a user; nobody serves it. Root, too, is kept out of what is another's. The mount
/// point itself can be had without asking the server.
fn fuse(actor: &mut Actor, name: &str, uid: u32) -> io::Result<()> {
    let point = actor.path(name);
    fs::create_dir(&point)?;
    let device: OwnedFd = open("/dev/fuse", libc::O_RDWR)?;
    let mode = fs::metadata(&point)?.mode();
    let data = format!(
        "fd={},rootmode={mode:o},user_id={uid},group_id={uid}",
        device.as_raw_fd()
    );
    mount("nobody", &point, "fuse", &data)?;
    actor.hold(device);
    actor.hold(open(&point, libc::O_PATH)?);
    actor.tell(&format!("{}_MOUNT", name.to_uppercase()), point);
    Ok(())
}
