//! The kernel's type information (`/sys/kernel/btf/vmlinux`): where a member lies, which number a
//! function has.

use crate::error::Errno;
use crate::sys::map::ReadOnlyMap;

const FILE: &str = "/sys/kernel/btf/vmlinux";
const MAGIC: u16 = 0xeb9f;
/// Every so many types one offset is remembered.
const STRIDE: usize = 64;

/// Where the description of a structure holds its size.
const SIZE: usize = 8;

const KIND_STRUCT: u32 = 4;
const KIND_UNION: u32 = 5;
const KIND_FUNC: u32 = 12;

/// What to look up.
pub(super) struct Wanted<'a> {
    /// Functions.
    pub(super) functions: &'a [&'a str],
    /// Structures whose type ids are needed.
    pub(super) structures: &'a [&'a str],
    /// Members: structure and member, or a way of members with dots between.
    pub(super) members: &'a [(&'a str, &'a str)],
}

/// The answers, in the order of the questions.
pub(super) struct Found {
    /// Type ids of the functions.
    pub(super) functions: Vec<u32>,
    /// Type ids of the structures.
    pub(super) structures: Vec<u32>,
    /// Sizes of the same structures in bytes.
    pub(super) sizes: Vec<u32>,
    /// Byte offsets of the members.
    pub(super) members: Vec<i16>,
}

/// Looks everything up in one pass; `None` when anything is missing.
pub(super) fn look_up(wanted: &Wanted<'_>) -> Option<Found> {
    let file = rustix::fs::open(
        FILE,
        rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC,
        rustix::fs::Mode::empty(),
    )
    .ok()?;
    let mapped: Result<ReadOnlyMap, Errno> = ReadOnlyMap::of_kernel_types(&file);
    match mapped {
        Ok(bytes) => look_up_in(&bytes, wanted),
        // Kernels before 6.16 do not map it.
        Err(_) => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::fs::File::from(file), &mut bytes).ok()?;
            look_up_in(&bytes, wanted)
        }
    }
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes
        .get(offset..)?
        .first_chunk()
        .map(|chunk| u32::from_ne_bytes(*chunk))
}

struct Types<'a> {
    types: &'a [u8],
    strings: &'a [u8],
    /// Offset of every `STRIDE`th type, from id 1 on.
    index: Vec<u32>,
}

struct Type {
    name: u32,
    kind: u32,
    count: usize,
    flagged: bool,
    /// Offset of the kind's own data.
    data: usize,
}

impl Type {
    fn at(types: &[u8], offset: usize) -> Option<Self> {
        let info = word(types, offset + 4)?;
        Some(Self {
            name: word(types, offset)?,
            kind: info >> 24 & 0x1f,
            count: (info & 0xffff) as usize,
            flagged: info >> 31 == 1,
            data: offset + 12,
        })
    }

    fn next(&self) -> Option<usize> {
        let trailing = match self.kind {
            1 | 14 | 17 => 4,
            3 => 12,
            KIND_STRUCT | KIND_UNION | 15 | 19 => 12 * self.count,
            6 | 13 => 8 * self.count,
            2 | 7..=12 | 16 | 18 => 0,
            _ => return None,
        };
        Some(self.data + trailing)
    }
}

fn look_up_in(bytes: &[u8], wanted: &Wanted<'_>) -> Option<Found> {
    let magic = u16::from_ne_bytes(*bytes.first_chunk()?);
    if magic != MAGIC {
        return None;
    }
    let field = |offset: usize| Some(word(bytes, offset)? as usize);
    let header = field(4)?;
    let (type_start, type_length) = (header + field(8)?, field(12)?);
    let (string_start, string_length) = (header + field(16)?, field(20)?);
    let mut all = Types {
        types: bytes.get(type_start..type_start.checked_add(type_length)?)?,
        strings: bytes.get(string_start..string_start.checked_add(string_length)?)?,
        index: Vec::new(),
    };

    let mut functions = Names::of(wanted.functions.iter().copied());
    let with_members = wanted.members.iter().map(|&(structure, _)| structure);
    let mut structures = Names::of(wanted.structures.iter().copied().chain(with_members));
    let mut offset = 0;
    let mut id = 1u32;
    while offset < all.types.len() {
        if (id as usize - 1).is_multiple_of(STRIDE) {
            all.index.push(u32::try_from(offset).ok()?);
        }
        let this = Type::at(all.types, offset)?;
        match this.kind {
            KIND_FUNC => functions.meet(all.strings, this.name, Place { id, offset }),
            KIND_STRUCT if this.count > 0 => {
                structures.meet(all.strings, this.name, Place { id, offset });
            }
            _ => {}
        }
        offset = this.next()?;
        id += 1;
    }

    Some(Found {
        functions: wanted
            .functions
            .iter()
            .map(|name| Some(functions.found(name)?.id))
            .collect::<Option<_>>()?,
        structures: wanted
            .structures
            .iter()
            .map(|name| Some(structures.found(name)?.id))
            .collect::<Option<_>>()?,
        sizes: wanted
            .structures
            .iter()
            .map(|name| word(all.types, structures.found(name)?.offset + SIZE))
            .collect::<Option<_>>()?,
        members: wanted
            .members
            .iter()
            .map(|&(structure, member)| {
                let bits = all.path(structures.found(structure)?.offset, member)?;
                i16::try_from(bits / 8).ok()
            })
            .collect::<Option<_>>()?,
    })
}

/// Names that are looked for among very many, and what was found for each.
struct Names<'a>(Vec<Name<'a>>);

struct Name<'a> {
    name: &'a str,
    /// What the first eight bytes, the end included, are compared with: nearly every other name
    /// differs in them.
    head: u64,
    mask: u64,
    found: Option<Place>,
}

/// A type: its number, and where its description begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    id: u32,
    offset: usize,
}

impl<'a> Names<'a> {
    fn of(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all: Vec<Name<'a>> = Vec::new();
        for name in names {
            if all.iter().any(|other| other.name == name) {
                continue;
            }
            let counts = name.len() + 1;
            all.push(Name {
                name,
                head: head(name.as_bytes()),
                mask: if counts < 8 {
                    (1 << (8 * counts)) - 1
                } else {
                    u64::MAX
                },
                found: None,
            });
        }
        Self(all)
    }

    /// Notes `place` for the name at `name` in the string table, the first time it is met.
    #[inline]
    fn meet(&mut self, strings: &[u8], name: u32, place: Place) {
        let Some(rest) = strings.get(name as usize..) else {
            return;
        };
        let head = head(rest);
        for wanted in &mut self.0 {
            if head & wanted.mask == wanted.head
                && wanted.found.is_none()
                && rest.starts_with(wanted.name.as_bytes())
                && rest.get(wanted.name.len()) == Some(&0)
            {
                wanted.found = Some(place);
            }
        }
    }

    fn found(&self, name: &str) -> Option<Place> {
        self.0.iter().find(|wanted| wanted.name == name)?.found
    }
}

/// The first eight bytes, the first lowest, zeroes behind the end.
#[inline]
fn head(bytes: &[u8]) -> u64 {
    if let Some(chunk) = bytes.first_chunk() {
        return u64::from_le_bytes(*chunk);
    }
    let mut chunk = [0; 8];
    chunk
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(chunk)
}

impl Types<'_> {
    fn string(&self, offset: u32) -> &[u8] {
        let rest = self.strings.get(offset as usize..).unwrap_or_default();
        rest.split(|&byte| byte == 0).next().unwrap_or_default()
    }

    fn offset_of(&self, id: u32) -> Option<usize> {
        let position = (id as usize).checked_sub(1)?;
        let mut offset = *self.index.get(position / STRIDE)? as usize;
        for _ in 0..position % STRIDE {
            offset = Type::at(self.types, offset)?.next()?;
        }
        Some(offset)
    }

    /// Bit offset of the end of a way of members.
    fn path(&self, structure: usize, path: &str) -> Option<u32> {
        let mut bits = 0;
        let mut at = Some(structure);
        for name in path.split('.') {
            let (offset, kind) = self.member(at?, name.as_bytes(), 0)?;
            bits += offset;
            at = self.named(kind);
        }
        Some(bits)
    }

    /// The type behind typedefs and qualifiers.
    fn named(&self, mut id: u32) -> Option<usize> {
        for _ in 0..8 {
            let at = self.offset_of(id)?;
            match Type::at(self.types, at)?.kind {
                8..=11 => id = word(self.types, at + 8)?,
                _ => return Some(at),
            }
        }
        None
    }

    /// Bit offset and type of a member, looked for in anonymous members as well.
    fn member(&self, structure: usize, name: &[u8], depth: u32) -> Option<(u32, u32)> {
        let this = Type::at(self.types, structure)?;
        if depth > 8 || !matches!(this.kind, KIND_STRUCT | KIND_UNION) {
            return None;
        }
        for number in 0..this.count {
            let at = this.data + 12 * number;
            let (member, kind, place) = (
                word(self.types, at)?,
                word(self.types, at + 4)?,
                word(self.types, at + 8)?,
            );
            // With the flag the upper byte is the width of a bit field.
            let bits = if this.flagged {
                place & 0x00ff_ffff
            } else {
                place
            };
            if member == 0 {
                let inner = self
                    .offset_of(kind)
                    .and_then(|at| self.member(at, name, depth + 1));
                if let Some((offset, kind)) = inner {
                    return Some((bits + offset, kind));
                }
            } else if self.string(member) == name {
                return Some((bits, kind));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_type_information_is_refused_without_a_panic() {
        let Ok(bytes) = std::fs::read(FILE) else {
            return;
        };
        let wanted = Wanted {
            functions: &["bpf_iter_task_file"],
            structures: &["tcp_sock"],
            members: &[("file", "f_inode")],
        };
        assert!(look_up_in(&bytes, &wanted).is_some());
        let mut seed = 17u64;
        for _ in 0..20 {
            let mut cut = bytes[..4096.min(bytes.len())].to_vec();
            for _ in 0..10 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (seed >> 33) as usize % cut.len();
                cut[at] ^= (seed >> 20) as u8;
            }
            std::hint::black_box(look_up_in(&cut, &wanted).is_some());
        }
    }

    #[test]
    fn names_are_told_apart_by_all_of_their_bytes() {
        let strings = b"\0net\0net_device\0netns12\0netns123\0ne";
        let mut names = Names::of(["net", "netns12", "netns123", "absent", "ne"].into_iter());
        for (name, id) in [(1, 1), (5, 2), (16, 3), (24, 4), (33, 5), (999, 6)] {
            names.meet(strings, name, Place { id, offset: 0 });
        }
        let found = ["net", "netns12", "netns123", "absent", "ne"]
            .map(|name| names.found(name).map(|place| place.id));
        // The last is not ended.
        assert_eq!(found, [Some(1), Some(3), Some(4), None, None]);
    }
}
