//! The mappings of a process: `/proc/PID/maps`.
//!
//! Lines are handed out in pieces of at most [`PIECE`] bytes, as a reader with a page-sized line
//! buffer sees them; what a piece that is no mapping means is the caller's decision.

use std::os::fd::AsFd as _;

use rustix::fs::{Mode, OFlags};

use super::lines::Fields;
use super::process::ProcessDir;
use crate::error::Errno;
use crate::id::{DeviceId, Inode};

/// The longest piece of a line that is looked at, in bytes: a page.
pub const PIECE: usize = 4096;

/// One mapping: `start-end perms offset major:minor inode path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping<'a> {
    /// First address.
    pub start: u64,
    /// Address behind the last.
    pub end: u64,
    /// Device of the mapped file's file system; 0 for anonymous memory.
    pub device: DeviceId,
    /// Inode of the mapped file; 0 for anonymous memory.
    pub inode: Inode,
    /// What the kernel calls the file, newlines as `\012`; ends at a tab, never empty.
    pub path: &'a [u8],
}

/// Reads one line (or piece of one) of `maps`; `None` for mappings without a path and for text
/// that is no mapping.
#[must_use]
pub fn line(text: &[u8]) -> Option<Mapping<'_>> {
    let mut fields = Fields(text);
    let start = fields.hex()?;
    fields.eat(b'-').then_some(())?;
    let end = fields.hex()?;
    let _permissions = fields.word_until(b':')?;
    let _offset = fields.word_until(b':')?;
    let major = fields.hex()?;
    fields.eat(b':').then_some(())?;
    let minor = fields.hex()?;
    let inode = fields.decimal()?;
    let rest = fields.0;
    let skip = rest
        .iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t' | b':'))
        .count();
    let path = rest.get(skip..)?;
    let length = path
        .iter()
        .position(|&byte| byte == b'\t')
        .unwrap_or(path.len());
    let path = path.get(..length).filter(|path| !path.is_empty())?;
    Some(Mapping {
        start,
        end,
        device: DeviceId::from_parts(u32::try_from(major).ok()?, u32::try_from(minor).ok()?),
        inode: Inode(inode),
        path,
    })
}

/// Space for the pieces, used again from process to process.
pub struct MapsBuffer(Box<[u8; 4 * PIECE]>);

impl MapsBuffer {
    /// A new buffer.
    #[must_use]
    pub fn new() -> Self {
        Self(Box::new([0; 4 * PIECE]))
    }
}

impl Default for MapsBuffer {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls `each` for every mapping with a path, in address order. A process that goes away on the
/// way just ends the list.
///
/// # Errors
/// The file cannot be opened.
pub fn visit(
    process: &ProcessDir,
    buffer: &mut MapsBuffer,
    each: &mut dyn FnMut(&Mapping<'_>),
) -> Result<(), Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = rustix::fs::openat(process.directory(), c"maps", flags, Mode::empty())?;
    visit_pieces(
        &mut |space| loop {
            match rustix::io::read(file.as_fd(), &mut *space) {
                Err(rustix::io::Errno::INTR) => {}
                read => return read.unwrap_or(0),
            }
        },
        buffer,
        &mut |piece| {
            if let Some(mapping) = line(piece) {
                each(&mapping);
            }
        },
    );
    Ok(())
}

/// Splits what `read` delivers (0: the end) at newlines, and longer lines after [`PIECE`] bytes.
pub(crate) fn visit_pieces(
    read: &mut dyn FnMut(&mut [u8]) -> usize,
    buffer: &mut MapsBuffer,
    each: &mut dyn FnMut(&[u8]),
) {
    let space = buffer.0.as_mut_slice();
    let mut held = 0;
    loop {
        let count = read(&mut space[held..]).min(space.len() - held);
        let filled = held + count;
        let mut start = 0;
        while start < filled {
            let piece = &space[start..filled.min(start + PIECE)];
            match piece.iter().position(|&byte| byte == b'\n') {
                Some(length) => {
                    each(&piece[..length]);
                    start += length + 1;
                }
                None if piece.len() == PIECE || count == 0 => {
                    each(piece);
                    start += piece.len();
                }
                None => break,
            }
        }
        if count == 0 {
            return;
        }
        space.copy_within(start..filled, 0);
        held = filled - start;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] =
        b"7f2c5a000000-7f2c5a028000 r--p 00001000 fe:00 247282                     /usr/lib/x y";

    fn pieces(text: &[u8], at_a_time: usize) -> Vec<Vec<u8>> {
        let mut rest = text;
        let mut seen = Vec::new();
        visit_pieces(
            &mut |space| {
                let count = rest.len().min(space.len()).min(at_a_time);
                space[..count].copy_from_slice(&rest[..count]);
                rest = &rest[count..];
                count
            },
            &mut MapsBuffer::new(),
            &mut |piece| seen.push(piece.to_vec()),
        );
        seen
    }

    #[test]
    fn a_mapping_has_its_device_inode_and_path() {
        let mapping = line(LINE).unwrap();
        assert_eq!(
            (mapping.start, mapping.end),
            (0x7f2c_5a00_0000, 0x7f2c_5a02_8000)
        );
        assert_eq!((mapping.device.major(), mapping.device.minor()), (0xfe, 0));
        assert_eq!(mapping.inode, Inode(247_282));
        assert_eq!(mapping.path, b"/usr/lib/x y");
    }

    #[test]
    fn a_tab_ends_the_path_and_no_path_is_no_mapping() {
        assert_eq!(line(b"1-2 r--p 0 0:1 7 /a\tb").unwrap().path, b"/a");
        assert_eq!(
            line(b"1-2 r--p 0 0:1 7 /a:b (deleted)").unwrap().path,
            b"/a:b (deleted)"
        );
        assert_eq!(line(b"1-2 rw-p 00000000 00:00 0 "), None);
        assert_eq!(line(b"1-2 rw-p 00000000 00:00 0"), None);
        assert_eq!(line(b"/rest of a long path"), None);
        assert_eq!(line(b""), None);
    }

    #[test]
    fn lines_longer_than_a_page_come_in_pieces() {
        let mut text = vec![b'a'; PIECE + 10];
        text.extend_from_slice(b"\nshort\n\n");
        text.extend_from_slice(&[b'b'; PIECE]);
        text.push(b'\n');
        text.extend_from_slice(b"last");
        for at_a_time in [1, 7, 4095, 4096, 5000, 1 << 20] {
            let lengths: Vec<usize> = pieces(&text, at_a_time).iter().map(Vec::len).collect();
            assert_eq!(
                lengths,
                [PIECE, 10, 5, 0, PIECE, 0, 4],
                "{at_a_time} at a time"
            );
        }
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(11);
        for _ in 0..20_000 {
            let text = mutate(LINE, &mut random);
            let _ = line(&text);
            let at_a_time = 1 + random.below(64);
            let joined: usize = pieces(&text, at_a_time).iter().map(Vec::len).sum();
            assert!(joined <= text.len());
        }
    }
}
