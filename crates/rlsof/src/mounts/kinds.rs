//! Types of file systems: which are NFS, which answer by themselves.

/// File systems of this kernel alone: no server, no other process that could keep a call waiting.
const LOCAL: &[&[u8]] = &[
    b"bcachefs",
    b"binfmt_misc",
    b"bpf",
    b"btrfs",
    b"cgroup",
    b"cgroup2",
    b"configfs",
    b"cpuset",
    b"cramfs",
    b"debugfs",
    b"devpts",
    b"devtmpfs",
    b"efivarfs",
    b"erofs",
    b"exfat",
    b"ext2",
    b"ext3",
    b"ext4",
    b"f2fs",
    b"fusectl",
    b"hfs",
    b"hfsplus",
    b"hugetlbfs",
    b"iso9660",
    b"jffs2",
    b"jfs",
    b"minix",
    b"mqueue",
    b"msdos",
    b"nfsd",
    b"nilfs2",
    b"nsfs",
    b"ntfs",
    b"ntfs3",
    b"overlay",
    b"pidfs",
    b"proc",
    b"pstore",
    b"ramfs",
    b"reiserfs",
    b"romfs",
    b"rootfs",
    b"rpc_pipefs",
    b"securityfs",
    b"selinuxfs",
    b"smackfs",
    b"squashfs",
    b"sysfs",
    b"tmpfs",
    b"tracefs",
    b"ubifs",
    b"udf",
    b"ufs",
    b"vfat",
    b"xfs",
    b"zfs",
    b"zonefs",
];

/// Whether calls on such a file system always come back.
pub(super) fn is_local(kind: &[u8]) -> bool {
    LOCAL.binary_search(&kind).is_ok()
}

/// Whether the original takes it for NFS.
pub(super) fn is_nfs(kind: &[u8]) -> bool {
    [&b"nfs"[..], b"nfs3", b"nfs4"]
        .iter()
        .any(|name| kind.eq_ignore_ascii_case(name))
}

/// Whether it is served by a process (`fuse.sshfs`, `fuseblk`).
pub(super) fn is_fuse(kind: &[u8]) -> bool {
    kind == b"fuse" || kind == b"fuseblk" || kind.starts_with(b"fuse.")
}

/// Whether such a mount is no place for files.
pub(super) fn is_skipped(kind: &[u8], source: &[u8]) -> bool {
    let automounter = source.windows(5).any(|window| window == b":(pid");
    automounter
        || [&b"autofs"[..], b"pipefs", b"sockfs"]
            .iter()
            .any(|name| kind.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(LOCAL.is_sorted());
        assert!(is_local(b"ext4") && is_local(b"bcachefs") && is_local(b"zonefs"));
        assert!(!is_local(b"nfs4") && !is_local(b"fuse.sshfs") && !is_local(b"9p"));
    }

    #[test]
    fn automounters_and_pseudo_file_systems_are_skipped() {
        assert!(is_skipped(b"AutoFS", b"x") && is_skipped(b"nfs", b"host:(pid123)"));
        assert!(!is_skipped(b"nfs", b"host:/pid"));
    }
}
