//! The path of a socket's control group.

use applet::Streams;
use sockcore::error::Errno;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::cgroup::{CgroupPaths, mount_point, open_mount};

use crate::text::hex;

const NO_MOUNT: &[u8] = b"Failed to find cgroup2 mount\n";

/// The paths, read when the first one is asked for.
#[derive(Default)]
pub(crate) struct Cgroups {
    /// `None`: not read yet; inside, `None`: there is nothing to read.
    paths: Option<Option<CgroupPaths>>,
}

impl Cgroups {
    /// Writes the path of a control group.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, id: u64, streams: &mut Streams<'_>) {
        let paths = self.paths.get_or_insert_with(|| read(streams));
        let path = match paths {
            _ if id == 0 => {
                streams.complain(b"Invalid cgroup2 ID\n");
                None
            }
            Some(paths) => match paths.path(id) {
                Ok(path) => Some(path),
                Err(errno) => {
                    if errno == Errno::PERM {
                        streams.complain(b"Failed to open cgroup2 by ID\n");
                    }
                    None
                }
            },
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

/// The mounts are the machine's, wherever the other files are read.
fn read(streams: &mut Streams<'_>) -> Option<CgroupPaths> {
    let Some(point) = mount_point(&ProcRoot::live()) else {
        streams.complain(NO_MOUNT);
        return None;
    };
    let mount = open_mount(&point).ok()?;
    Some(CgroupPaths::read(mount, point))
}
