//! The path of a socket's control group.

use applet::Streams;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::cgroup::{CgroupPaths, mount_point, open_mount};

use crate::text::hex;

const NO_MOUNT: &[u8] = b"Failed to find cgroup2 mount\n";

/// The paths, read when the first one is asked for.
pub(crate) struct Cgroups<'p> {
    root: &'p ProcRoot,
    /// `None`: not read yet; inside, `None`: there is nothing to read.
    paths: Option<Option<CgroupPaths>>,
}

impl<'p> Cgroups<'p> {
    pub(crate) fn new(root: &'p ProcRoot) -> Self {
        Self { root, paths: None }
    }

    /// Writes the path of a control group.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, id: u64, streams: &mut Streams<'_>) {
        let root = self.root;
        let paths = self.paths.get_or_insert_with(|| read(root, streams));
        let path = match paths {
            _ if id == 0 => {
                streams.complain(b"Invalid cgroup2 ID\n");
                None
            }
            Some(paths) => paths.path(id),
            None => {
                streams.complain(NO_MOUNT);
                None
            }
        };
        match path {
            Some(path) => out.extend_from_slice(path),
            None => {
                out.extend_from_slice(b"unreachable:");
                hex(out, id, 1);
            }
        }
    }
}

fn read(root: &ProcRoot, streams: &mut Streams<'_>) -> Option<CgroupPaths> {
    let Some(point) = mount_point(root) else {
        streams.complain(NO_MOUNT);
        return None;
    };
    let mount = open_mount(&point).ok()?;
    Some(CgroupPaths::read(mount, point))
}
