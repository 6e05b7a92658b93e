//! Mounted file systems: `/proc/mounts` and `/proc/self/mountinfo`.
//!
//! Both list the mounts that the reader's root reaches, in the order of the mount tree. Reading
//! them touches no file system.

use super::lines::Fields;
use crate::id::DeviceId;

/// One line of `/proc/mounts`, its fields as written (see [`unescape`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mount<'a> {
    /// What is mounted: a device, `server:path`, or any word.
    pub source: &'a [u8],
    /// Where.
    pub directory: &'a [u8],
    /// The type of file system: `ext4`, `fuse.sshfs`.
    pub kind: &'a [u8],
}

/// Reads a line `source directory type options …`; `None` when one of the three is missing.
#[must_use]
pub fn mount_line(text: &[u8]) -> Option<Mount<'_>> {
    let mut fields = Fields(text);
    Some(Mount {
        source: fields.word()?,
        directory: fields.word()?,
        kind: fields.word()?,
    })
}

/// One line of `/proc/PID/mountinfo`, its texts as written (see [`unescape`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountInfo<'a> {
    /// The mount, as `mnt_id` of an open file names it; of all namespaces no two are equal.
    pub id: u32,
    /// The mount it is mounted on; itself or one out of reach at the top.
    pub parent: u32,
    /// The file system's device. What `stat` shows differs on btrfs and overlay.
    pub device: DeviceId,
    /// The directory of the file system that is its root.
    pub root: &'a [u8],
    /// Where.
    pub directory: &'a [u8],
    /// The type of file system.
    pub kind: &'a [u8],
    /// What is mounted.
    pub source: &'a [u8],
    /// Options of the file system: `rw,user_id=1000,group_id=1000`.
    pub options: &'a [u8],
}

/// Reads a line `id parent major:minor root directory options [tags …] - type source options`.
#[must_use]
pub fn mountinfo_line(text: &[u8]) -> Option<MountInfo<'_>> {
    let mut fields = Fields(text);
    let id = u32::try_from(fields.decimal()?).ok()?;
    let parent = u32::try_from(fields.decimal()?).ok()?;
    let major = u32::try_from(fields.decimal()?).ok()?;
    fields.eat(b':').then_some(())?;
    let minor = u32::try_from(fields.decimal()?).ok()?;
    let root = fields.word()?;
    let directory = fields.word()?;
    let _own_options = fields.word()?;
    while fields.word()? != b"-" {}
    Some(MountInfo {
        id,
        parent,
        device: DeviceId::from_parts(major, minor),
        root,
        directory,
        kind: fields.word()?,
        source: fields.word()?,
        options: fields.word().unwrap_or_default(),
    })
}

/// Appends a field with its octal escapes (`\040`) undone; other backslashes stay.
pub fn unescape(field: &[u8], into: &mut Vec<u8>) {
    let mut rest = field;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let octal = match behind {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] if byte == b'\\' => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        match octal {
            Some(code) => {
                into.push(code);
                rest = behind.get(3..).unwrap_or_default();
            }
            None => into.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const INFO: &[u8] =
        b"36 35 98:1 /sub /mnt\\040a rw,noatime shared:1 master:2 - fuse.sshfs u@h:/x rw,user_id=7";

    #[test]
    fn a_line_of_mounts_has_source_directory_and_type() {
        let mount = mount_line(b"srv:/exp /mnt/n nfs4 rw,relatime 0 0").unwrap();
        assert_eq!(mount.source, b"srv:/exp");
        assert_eq!(mount.directory, b"/mnt/n");
        assert_eq!(mount.kind, b"nfs4");
        assert_eq!(mount_line(b"proc /proc"), None);
    }

    #[test]
    fn a_line_of_mountinfo_has_any_number_of_tags() {
        let info = mountinfo_line(INFO).unwrap();
        assert_eq!((info.id, info.parent), (36, 35));
        assert_eq!((info.device.major(), info.device.minor()), (98, 1));
        assert_eq!(
            (info.root, info.directory),
            (&b"/sub"[..], &b"/mnt\\040a"[..])
        );
        assert_eq!(
            (info.kind, info.source),
            (&b"fuse.sshfs"[..], &b"u@h:/x"[..])
        );
        assert_eq!(info.options, b"rw,user_id=7");
        let plain = mountinfo_line(b"22 27 0:21 / /proc rw - proc proc rw").unwrap();
        assert_eq!(plain.kind, b"proc");
        assert_eq!(mountinfo_line(b"22 27 0:21 / /proc rw proc proc rw"), None);
    }

    #[test]
    fn octal_escapes_are_undone_and_nothing_else() {
        let mut text = Vec::new();
        unescape(br"/a\040b\134c\n\08x\377\400\01", &mut text);
        assert_eq!(text, b"/a b\\c\\n\\08x\xff\\400\\01");
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(14);
        for _ in 0..50_000 {
            let text = mutate(INFO, &mut random);
            let _ = mount_line(&text);
            let _ = mountinfo_line(&text);
            let mut into = Vec::new();
            unescape(&text, &mut into);
            assert!(into.len() <= text.len());
        }
    }
}
