//! The mount table: which names are file systems, which files live on NFS or among the message
//! queues, and where a call may never return.
//!
//! Reading it touches no mounted file system. The original stats every mount point and warns of
//! those it cannot reach; here the way to the mount point tells that.

mod kinds;

use std::ffi::CString;
use std::sync::OnceLock;

use sockcore::Error;
use sockcore::guard::{self, FileStat};
use sockcore::id::DeviceId;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::lines::Lines;
use sockcore::procfs::mounts::{mount_line, mountinfo_line, unescape};

use crate::reach::Reach;

/// What is to be said while the table is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice<'a> {
    /// `-b`: the directory's symbolic links are not followed.
    AvoidedReadLink(&'a [u8]),
    /// `-b`: the directory is not looked at.
    AvoidedStat(&'a [u8]),
    /// The mount cannot be reached and is left out.
    Unreachable { kind: &'a [u8], directory: &'a [u8] },
    /// The mount supplement is asked for the device of a mount.
    Sought,
    /// The mount supplement tells the device of a mount that cannot be reached.
    Assumed { device: u64, directory: &'a [u8] },
}

/// How the table is made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading<'a> {
    /// `-b`: no mount point is looked at.
    pub(crate) avoid: bool,
    /// Directories (`-e`, `+e`) that are not to be touched.
    pub(crate) exempt: &'a [Exemption],
    /// `+m FILE`: directories and their devices.
    pub(crate) supplement: &'a [(Vec<u8>, u64)],
}

/// A file system that is not to be touched (`-e`, `+e`).
#[derive(Clone, Debug)]
pub(crate) struct Exemption {
    /// The directory, without trailing slashes.
    pub(crate) directory: Vec<u8>,
    /// `+e`: not even its symbolic links.
    pub(crate) plus: bool,
}

/// One mounted file system.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    /// Where.
    pub(crate) directory: Vec<u8>,
    /// What: a device, `server:path`, any word.
    pub(crate) source: Vec<u8>,
    /// The type of file system.
    pub(crate) kind: Vec<u8>,
    /// Its device by the mount supplement, which says that it cannot be reached.
    pub(crate) supplemented: Option<DeviceId>,
    /// It is exempt from being touched.
    exempt: bool,
    /// What `stat` says, once asked.
    stat: OnceLock<Option<FileStat>>,
}

impl Mount {
    /// Whether it is NFS.
    pub(crate) fn is_nfs(&self) -> bool {
        kinds::is_nfs(&self.kind)
    }

    /// `stat` of the mount point, at most once; `None`: it cannot be reached in time, or must
    /// not be touched.
    pub(crate) fn stat(&self, reach: &Reach) -> Option<FileStat> {
        if self.exempt || self.supplemented.is_some() {
            return None;
        }
        *self.stat.get_or_init(|| {
            let path = CString::new(self.directory.clone()).ok()?;
            reach.stat(&path).ok()
        })
    }

    /// The device of its files, as far as known.
    pub(crate) fn device(&self, reach: &Reach) -> Option<DeviceId> {
        self.supplemented
            .or_else(|| self.stat(reach).map(|stat| stat.device))
    }
}

/// The mounted file systems that can be reached, in the kernel's order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mounts {
    mounts: Vec<Mount>,
    /// Directories below which calls may block for ever.
    blocking: Vec<Vec<u8>>,
    /// There is NFS, reached or not.
    lists_nfs: bool,
    /// Devices of the NFS mounts, by position.
    nfs: Vec<(usize, DeviceId)>,
    message_queues: OnceLock<Option<DeviceId>>,
}

impl Mounts {
    /// Reads the table. The error is that of opening `/proc/mounts`.
    pub(crate) fn read(
        root: &ProcRoot,
        reading: Reading<'_>,
        notice: &mut dyn FnMut(Notice<'_>),
    ) -> Result<Self, Error> {
        let mut table = Self::default();
        let mut lines = Lines::new(root.open("mounts")?);
        let info = Info::new(root);
        while let Ok(Some(line)) = lines.next_line() {
            let Some(mount) = mount_line(line) else {
                continue;
            };
            let mut source = Vec::new();
            unescape(mount.source, &mut source);
            if kinds::is_skipped(mount.kind, &source) {
                continue;
            }
            let mut directory = Vec::new();
            unescape(mount.directory, &mut directory);
            let mount = Mount {
                directory,
                source,
                kind: mount.kind.to_vec(),
                supplemented: None,
                exempt: false,
                stat: OnceLock::new(),
            };
            table.add(mount, &info, reading, notice);
        }
        Ok(table)
    }

    fn add(
        &mut self,
        mut mount: Mount,
        info: &Info<'_>,
        reading: Reading<'_>,
        notice: &mut dyn FnMut(Notice<'_>),
    ) {
        if !kinds::is_local(&mount.kind) {
            self.blocking.push(mount.directory.clone());
        }
        let exempt = reading
            .exempt
            .iter()
            .find(|exempt| exempt.directory == mount.directory);
        if reading.avoid && exempt.is_none_or(|exempt| !exempt.plus) {
            notice(Notice::AvoidedReadLink(&mount.directory));
        }
        let earlier = self
            .mounts
            .iter()
            .position(|earlier| earlier.directory == mount.directory);
        let replaced = match earlier.and_then(|index| self.mounts.get(index)) {
            None => None,
            Some(earlier) if mount.directory == b"/" && mount.is_nfs() && !earlier.is_nfs() => self
                .mounts
                .iter()
                .position(|earlier| earlier.directory == b"/"),
            Some(_) => return,
        };
        self.lists_nfs |= mount.is_nfs();
        mount.exempt = exempt.is_some();
        let reachable = if mount.exempt {
            true
        } else if reading.avoid {
            notice(Notice::AvoidedStat(&mount.directory));
            false
        } else {
            is_reachable(&mount, info)
        };
        if !reachable || mount.exempt {
            mount.supplemented = reading
                .supplement
                .iter()
                .find(|(directory, _)| *directory == mount.directory)
                .map(|&(_, device)| DeviceId(device));
        }
        if !reachable {
            notice(Notice::Unreachable {
                kind: &mount.kind,
                directory: &mount.directory,
            });
        }
        if !reachable || mount.exempt {
            notice(Notice::Sought);
        }
        match mount.supplemented {
            Some(device) => notice(Notice::Assumed {
                device: device.0,
                directory: &mount.directory,
            }),
            None if !reachable => return,
            None => {}
        }
        if reading.avoid && mount.source.starts_with(b"/") {
            if exempt.is_none_or(|exempt| !exempt.plus) {
                notice(Notice::AvoidedReadLink(&mount.source));
            }
            if exempt.is_none() {
                notice(Notice::AvoidedStat(&mount.source));
            }
        }
        let index = replaced.unwrap_or(self.mounts.len());
        if mount.is_nfs() {
            let device = mount.supplemented.or_else(|| info.device(&mount.directory));
            self.nfs.extend(device.map(|device| (index, device)));
        }
        match self.mounts.get_mut(index) {
            Some(place) => *place = mount,
            None => self.mounts.push(mount),
        }
    }

    /// The file systems in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Mount> {
        self.mounts.iter()
    }

    /// Whether the directory (without trailing slashes) is a mount point.
    pub(crate) fn is_mount_point(&self, directory: &[u8]) -> bool {
        self.mounts.iter().any(|mount| mount.directory == directory)
    }

    /// The device that the mount supplement gives for a mount point.
    pub(crate) fn supplemented(&self, directory: &[u8]) -> Option<DeviceId> {
        let mut mounts = self.mounts.iter();
        mounts
            .find(|mount| mount.directory == directory)?
            .supplemented
    }

    /// Directories below which calls may block for ever.
    pub(crate) fn blocking(&self) -> &[Vec<u8>] {
        &self.blocking
    }

    /// Whether any file system is NFS, also one that was left out.
    pub(crate) fn lists_nfs(&self) -> bool {
        self.lists_nfs
    }

    /// Whether any file system that can be reached is NFS.
    pub(crate) fn has_nfs(&self) -> bool {
        !self.nfs.is_empty()
    }

    /// The NFS mount that a file of this device and name is on, by its place in the table.
    pub(crate) fn nfs_of(&self, device: DeviceId, name: &[u8]) -> Option<usize> {
        let (index, _) = self.nfs.iter().rev().find(|&&(index, nfs)| {
            nfs == device
                && self
                    .mounts
                    .get(index)
                    .is_some_and(|mount| name.starts_with(&mount.directory))
        })?;
        Some(*index)
    }

    /// What a mount shows, by its place in the table: of NFS `server:path`.
    pub(crate) fn source(&self, index: usize) -> Option<&[u8]> {
        self.mounts.get(index).map(|mount| &*mount.source)
    }

    /// The device of POSIX message queues, where they are mounted.
    pub(crate) fn message_queues(&self, reach: &Reach) -> Option<DeviceId> {
        *self.message_queues.get_or_init(|| {
            let mounted = self.mounts.iter().rev();
            let mut queues = mounted.filter(|mount| mount.kind == b"mqueue");
            queues.next()?.device(reach)
        })
    }
}

/// Whether `stat` of the mount point would work, found out without touching file systems that
/// may not answer.
fn is_reachable(mount: &Mount, info: &Info<'_>) -> bool {
    let Ok(path) = CString::new(&*mount.directory) else {
        return false;
    };
    if kinds::is_local(&mount.kind) {
        return guard::is_there(&path).is_ok();
    }
    let slash = mount.directory.iter().rposition(|&byte| byte == b'/');
    let parent = match slash.unwrap_or(0) {
        0 => &b"/"[..],
        length => mount.directory.get(..length).unwrap_or_default(),
    };
    let searchable = info.is_below_blocking(parent)
        || CString::new(parent).is_ok_and(|parent| guard::is_searchable(&parent).is_ok());
    searchable && !(kinds::is_fuse(&mount.kind) && info.refuses(&mount.directory))
}

/// What only `mountinfo` tells, read when it is asked.
struct Info<'r> {
    root: &'r ProcRoot,
    mounts: OnceLock<Vec<InfoMount>>,
}

struct InfoMount {
    directory: Vec<u8>,
    device: DeviceId,
    blocking: bool,
    /// A file system of a process that lets only its own user in: that user's number.
    private: Option<u32>,
}

impl<'r> Info<'r> {
    fn new(root: &'r ProcRoot) -> Self {
        Self {
            root,
            mounts: OnceLock::new(),
        }
    }

    /// The table of the own mount namespace; empty where there is none.
    fn mounts(&self) -> &[InfoMount] {
        self.mounts.get_or_init(|| Self::read(self.root))
    }

    fn read(root: &ProcRoot) -> Vec<InfoMount> {
        let mut mounts = Vec::new();
        if let Ok(file) = root.open("self/mountinfo") {
            let mut lines = Lines::new(file);
            while let Ok(Some(line)) = lines.next_line() {
                if let Some(mount) = mountinfo_line(line) {
                    let mut directory = Vec::new();
                    unescape(mount.directory, &mut directory);
                    mounts.push(InfoMount {
                        directory,
                        device: mount.device,
                        blocking: !kinds::is_local(mount.kind),
                        private: private_user(mount.options),
                    });
                }
            }
        }
        mounts
    }

    /// The device that shows at a mount point: that of its last mount.
    fn device(&self, directory: &[u8]) -> Option<DeviceId> {
        self.at(directory).map(|mount| mount.device)
    }

    /// Whether the process behind a FUSE mount keeps this one out.
    fn refuses(&self, directory: &[u8]) -> bool {
        self.at(directory)
            .and_then(|mount| mount.private)
            .is_some_and(|user| user != guard::effective_user())
    }

    fn is_below_blocking(&self, path: &[u8]) -> bool {
        self.mounts().iter().any(|mount| {
            mount.blocking
                && path
                    .strip_prefix(&*mount.directory)
                    .is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
        })
    }

    fn at(&self, directory: &[u8]) -> Option<&InfoMount> {
        self.mounts()
            .iter()
            .rev()
            .find(|mount| mount.directory == directory)
    }
}

/// The user of a FUSE mount without `allow_other`.
fn private_user(options: &[u8]) -> Option<u32> {
    let mut user = None;
    for option in options.split(|&byte| byte == b',') {
        if option == b"allow_other" {
            return None;
        }
        if let Some(digits) = option.strip_prefix(b"user_id=") {
            user = std::str::from_utf8(digits).ok()?.parse().ok();
        }
    }
    user
}

/// The mounts of another process's namespace below which calls may block.
pub(crate) fn blocking_of(mountinfo: &[u8]) -> Vec<Vec<u8>> {
    mountinfo
        .split(|&byte| byte == b'\n')
        .filter_map(mountinfo_line)
        .filter(|mount| !kinds::is_local(mount.kind))
        .map(|mount| {
            let mut directory = Vec::new();
            unescape(mount.directory, &mut directory);
            directory
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MOUNTS: &str = "\
/dev/vda / ext4 rw 0 0
proc /proc proc rw 0 0
srv:/exp /nowhere/n nfs4 rw 0 0
systemd-1 /auto autofs rw 0 0
tmpfs /nowhere/t tmpfs rw 0 0
srv:/b /proc/fs nfs rw 0 0
me /proc/irq fuse.sshfs rw 0 0
me /proc/bus fuse rw 0 0
tmpfs /proc tmpfs rw 0 0
a\\040b /dev tmpfs rw 0 0
";
    const INFO: &str = "\
1 0 254:0 / / rw - ext4 /dev/vda rw
2 1 0:21 / /proc rw - proc proc rw
3 2 0:90 / /proc/fs rw - nfs srv:/b rw
4 2 0:91 / /proc/irq rw - fuse.sshfs me rw,user_id=4000000000,group_id=0
5 2 0:92 / /proc/bus rw - fuse me rw,user_id=4000000000,group_id=0,allow_other
";

    fn read(reading: Reading<'_>, said: &mut Vec<String>) -> Mounts {
        let name = format!("rlsof-mounts-{}-{:p}", std::process::id(), &said);
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(directory.join("self")).unwrap();
        std::fs::write(directory.join("mounts"), MOUNTS).unwrap();
        std::fs::write(directory.join("self/mountinfo"), INFO).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mounts = Mounts::read(&ProcRoot::at(&directory), reading, &mut |notice| {
            said.push(match notice {
                Notice::AvoidedReadLink(directory) => format!("readlink {}", text(directory)),
                Notice::AvoidedStat(directory) => format!("stat {}", text(directory)),
                Notice::Sought => return,
                Notice::Unreachable { kind, directory } => {
                    format!("unreachable {} {}", text(kind), text(directory))
                }
                Notice::Assumed { device, directory } => {
                    format!("assumed {device} {}", text(directory))
                }
            });
        });
        std::fs::remove_dir_all(&directory).unwrap();
        mounts.unwrap()
    }

    fn directories(mounts: &Mounts) -> Vec<String> {
        let directories = mounts.iter().map(|mount| mount.directory.clone());
        directories
            .map(|directory| String::from_utf8(directory).unwrap())
            .collect()
    }

    #[test]
    fn mounts_that_cannot_be_reached_are_left_out_and_others_are_not_touched() {
        let mut said = Vec::new();
        let mounts = read(Reading::default(), &mut said);
        assert_eq!(
            said,
            [
                "unreachable nfs4 /nowhere/n",
                "unreachable tmpfs /nowhere/t",
                "unreachable fuse.sshfs /proc/irq",
            ]
        );
        assert_eq!(
            directories(&mounts),
            ["/", "/proc", "/proc/fs", "/proc/bus", "/dev"]
        );
        let sources: Vec<&[u8]> = mounts.iter().map(|mount| &*mount.source).collect();
        assert_eq!(sources[4], b"a b");
        assert_eq!(
            mounts.blocking(),
            [&b"/nowhere/n"[..], b"/proc/fs", b"/proc/irq", b"/proc/bus"]
        );
    }

    #[test]
    fn a_file_on_nfs_has_its_server_by_device_and_beginning() {
        let mounts = read(Reading::default(), &mut Vec::new());
        assert!(mounts.has_nfs());
        let device = DeviceId::from_parts(0, 90);
        let source = |name| mounts.source(mounts.nfs_of(device, name)?);
        assert_eq!(source(b"/proc/fs/x"), Some(&b"srv:/b"[..]));
        assert_eq!(source(b"/proc/fsx"), Some(&b"srv:/b"[..]));
        assert_eq!(source(b"/proc/f"), None);
        let other = DeviceId::from_parts(0, 91);
        assert_eq!(mounts.nfs_of(other, b"/proc/fs/x"), None);
    }

    #[test]
    fn where_nothing_may_be_looked_at_only_the_supplement_keeps_mounts() {
        let mut said = Vec::new();
        let supplement = [(b"/proc".to_vec(), 0x99)];
        let reading = Reading {
            avoid: true,
            exempt: &[],
            supplement: &supplement,
        };
        let mounts = read(reading, &mut said);
        assert_eq!(directories(&mounts), ["/proc"]);
        let reach = Reach::new(&[], Duration::from_secs(15));
        let device = mounts.iter().next().and_then(|mount| mount.device(&reach));
        assert_eq!(device, Some(DeviceId(0x99)));
        assert_eq!(
            said[..4],
            [
                "readlink /",
                "stat /",
                "unreachable ext4 /",
                "readlink /proc"
            ]
        );
        assert_eq!(
            said[4..7],
            ["stat /proc", "unreachable proc /proc", "assumed 153 /proc"]
        );
        // The second mount of a directory that was kept is not asked about any more.
        let again = said.iter().filter(|line| line.ends_with(" /proc")).count();
        assert_eq!(again, 5);
    }

    #[test]
    fn an_exempt_mount_is_kept_without_a_look() {
        let mut said = Vec::new();
        let exempt = [Exemption {
            directory: b"/nowhere/t".to_vec(),
            plus: true,
        }];
        let reading = Reading {
            exempt: &exempt,
            ..Reading::default()
        };
        let mounts = read(reading, &mut said);
        assert!(mounts.is_mount_point(b"/nowhere/t"));
        let reach = Reach::new(&[], Duration::from_secs(15));
        let mut mounts = mounts.iter();
        let exempted = mounts.find(|mount| mount.directory == b"/nowhere/t");
        assert_eq!(exempted.and_then(|mount| mount.stat(&reach)), None);
    }

    #[test]
    fn only_mounts_of_another_user_refuse() {
        assert_eq!(private_user(b"rw,user_id=7,group_id=0"), Some(7));
        assert_eq!(private_user(b"rw,user_id=7,allow_other"), None);
        assert_eq!(private_user(b"rw"), None);
        let blocking = blocking_of(INFO.as_bytes());
        assert_eq!(blocking, [&b"/proc/fs"[..], b"/proc/irq", b"/proc/bus"]);
    }
}
