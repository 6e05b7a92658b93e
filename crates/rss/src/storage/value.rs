//! A value with its types, as the BPF library writes them.

use sockcore::btf::{Composite, Enumeration, Int, Kind, TypeId, Types};
use sockcore::error::Errno;

use super::declaration::{self, TypeNames};
use super::floating;
use crate::text::{decimal, hex, labelled};

/// Tabs in front of everything.
const INDENT: usize = 2;
/// Types inside types that are followed at most.
const DEPTH: usize = 64;

/// Why a value could not be written to its end.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) errno: Errno,
    /// What the library says of it on standard error.
    pub(super) warning: Vec<u8>,
}

impl Failure {
    fn too_big() -> Self {
        Self {
            errno: Errno::TOOBIG,
            warning: Vec::new(),
        }
    }

    fn invalid(warning: String) -> Self {
        Self {
            errno: Errno::INVAL,
            warning: warning.into_bytes(),
        }
    }
}

/// Where a part of the value lies.
#[derive(Clone, Copy)]
struct Place {
    /// Bytes in front of it.
    byte: usize,
    /// Bits in front of it in its first byte.
    bit: u32,
    /// How many bits it has, if it is a bit field; else 0.
    width: u32,
}

impl Place {
    fn at(byte: usize) -> Self {
        Self {
            byte,
            bit: 0,
            width: 0,
        }
    }
}

pub(super) struct Writer<'w> {
    out: &'w mut Vec<u8>,
    types: &'w Types,
    names: &'w mut TypeNames,
    value: &'w [u8],
    compact: bool,
    depth: usize,
    in_array: bool,
    /// An array of characters was met: from then on every byte is shown as one.
    characters: bool,
    /// The array's NUL was met: the rest of it is left out, and so is any byte behind it that is
    /// in no array.
    terminated: bool,
}

impl<'w> Writer<'w> {
    pub(super) fn new(
        out: &'w mut Vec<u8>,
        types: &'w Types,
        names: &'w mut TypeNames,
        value: &'w [u8],
        compact: bool,
    ) -> Self {
        Self {
            out,
            types,
            names,
            value,
            compact,
            depth: 0,
            in_array: false,
            characters: false,
            terminated: false,
        }
    }

    /// Writes the whole value.
    pub(super) fn write(&mut self, id: TypeId) -> Result<(), Failure> {
        self.part(b"", id, Place::at(0))
    }

    fn part(&mut self, name: &[u8], id: TypeId, place: Place) -> Result<(), Failure> {
        let types = self.types;
        let inner = types.behind(id, true);
        let kind = types.get(inner).map(|found| &found.kind);
        self.check(id, inner, place)?;
        self.indent();
        if !name.is_empty() {
            self.out.push(b'.');
            self.out.extend_from_slice(name);
            self.out.extend_from_slice(b" = ");
        }
        if !self.in_array {
            self.out.push(b'(');
            declaration::write(self.out, types, self.names, id, b"");
            self.out.push(b')');
        }
        match kind {
            Some(Kind::Int(int)) if place.width > 0 => {
                let value = self.bits(int.size, place)?;
                self.hexadecimal(value);
            }
            Some(Kind::Int(int)) => return self.int(id, int, place.byte),
            Some(Kind::Float(size)) => {
                let bytes = self.bytes(place.byte, *size)?;
                if !floating::write(self.out, bytes) {
                    let text = format!("libbpf: unexpected size {size} for id [{}]\n", id.0);
                    return Err(Failure::invalid(text));
                }
            }
            Some(Kind::Pointer(_)) => self.pointer(place.byte)?,
            Some(Kind::Enum(enumeration)) => return self.enumeration(enumeration, place),
            Some(Kind::Array { element, count }) => {
                return self.array(inner, *element, *count, place.byte);
            }
            Some(Kind::Struct(composite) | Kind::Union(composite)) => {
                return self.composite(composite, place.byte);
            }
            _ => return Err(Failure::invalid(String::new())),
        }
        self.end();
        Ok(())
    }

    /// Whether a part lies inside the value, as far as it is a number.
    fn check(&self, id: TypeId, inner: TypeId, place: Place) -> Result<(), Failure> {
        let room = self.value.len().saturating_sub(place.byte);
        if place.width > 0 {
            let bytes = (place.bit + place.width).div_ceil(8) as usize;
            return if bytes > room {
                Err(Failure::too_big())
            } else {
                Ok(())
            };
        }
        let size = self.types.size(id).filter(|size| *size < i32::MAX as u64);
        let Some(size) = size.filter(|_| self.depth < DEPTH) else {
            return Err(Failure::invalid(String::new()));
        };
        let is_whole = matches!(
            self.types.get(inner).map(|found| &found.kind),
            Some(Kind::Array { .. } | Kind::Struct(_) | Kind::Union(_))
        );
        if !is_whole && size > room as u64 {
            return Err(Failure::too_big());
        }
        Ok(())
    }

    fn bytes(&self, at: usize, size: u32) -> Result<&'w [u8], Failure> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let end = at.checked_add(size);
        end.and_then(|end| self.value.get(at..end))
            .ok_or_else(Failure::too_big)
    }

    /// An unsigned number of up to eight bytes; those behind the value read as zero.
    fn number(&self, at: usize, size: u32) -> u64 {
        let mut bytes = [0u8; 8];
        let there = self.value.get(at..).unwrap_or_default();
        let size = (size as usize).min(8).min(there.len());
        // A number shorter than eight bytes is at the end of them on a big-endian machine.
        let start = if cfg!(target_endian = "big") {
            8 - size
        } else {
            0
        };
        if let (Some(to), Some(from)) = (bytes.get_mut(start..start + size), there.get(..size)) {
            to.copy_from_slice(from);
        }
        u64::from_ne_bytes(bytes)
    }

    fn signed(&self, at: usize, size: u32) -> i64 {
        let unused = 64 - 8 * size.clamp(1, 8);
        (self.number(at, size) << unused).cast_signed() >> unused
    }

    /// The bits of a bit field in an integer of `size` bytes.
    fn bits(&self, size: u32, place: Place) -> Result<u64, Failure> {
        if size > 8 {
            let text = format!("libbpf: unexpected bitfield size {size}\n");
            return Err(Failure::invalid(text));
        }
        let number = self.number(place.byte, size);
        let in_front = if cfg!(target_endian = "big") {
            8 * size - place.bit
        } else {
            place.bit + place.width
        };
        let shifted = number.wrapping_shl(64u32.wrapping_sub(in_front));
        Ok(shifted.wrapping_shr(64 - place.width.min(64)))
    }

    fn int(&mut self, id: TypeId, int: &Int, at: usize) -> Result<(), Failure> {
        match int.size {
            16 => {
                let (first, second) = (self.number(at, 8), self.number(at + 8, 8));
                let (high, low) = if cfg!(target_endian = "big") {
                    (first, second)
                } else {
                    (second, first)
                };
                self.out.extend_from_slice(b"0x");
                if high == 0 {
                    hex(self.out, low, 1);
                } else {
                    hex(self.out, high, 1);
                    hex(self.out, low, 16);
                }
            }
            1 if self.characters => {
                let byte = self.number(at, 1) as u8;
                if self.terminated {
                    return Ok(());
                }
                if byte == 0 {
                    self.out.extend_from_slice(b"'\\0'");
                    self.terminated = true;
                } else if matches!(byte, b' '..=b'~') {
                    self.out.extend_from_slice(&[b'\'', byte, b'\'']);
                } else {
                    self.decimal(int, at);
                }
            }
            1 | 2 | 4 | 8 => self.decimal(int, at),
            size => {
                let text = format!("libbpf: unexpected size {size} for id [{}]\n", id.0);
                return Err(Failure::invalid(text));
            }
        }
        self.end();
        Ok(())
    }

    fn decimal(&mut self, int: &Int, at: usize) {
        if int.signed {
            signed(self.out, self.signed(at, int.size));
        } else {
            let number = self.number(at, int.size);
            decimal(self.out, number);
        }
    }

    fn pointer(&mut self, at: usize) -> Result<(), Failure> {
        self.bytes(at, 8)?;
        let pointer = self.number(at, 8);
        if pointer == 0 && self.is_aligned(at, 8) {
            self.out.extend_from_slice(b"(nil)");
        } else {
            self.hexadecimal(pointer);
        }
        Ok(())
    }

    fn hexadecimal(&mut self, number: u64) {
        self.out.extend_from_slice(b"0x");
        hex(self.out, number, 1);
    }

    fn enumeration(&mut self, of: &Enumeration, place: Place) -> Result<(), Failure> {
        let value = if place.width > 0 {
            let bits = self.bits(of.size, place)?;
            let unused = 64 - 8 * of.size.clamp(1, 8);
            if of.signed {
                (bits << unused).cast_signed() >> unused
            } else {
                ((bits << unused) >> unused).cast_signed()
            }
        } else if !self.is_aligned(place.byte, of.size as usize) {
            // The library shifts all of its bits out.
            0
        } else if of.signed {
            self.signed(place.byte, of.size)
        } else {
            self.number(place.byte, of.size).cast_signed()
        };
        let named = of.values.iter().find(|(_, known)| *known == value);
        match named {
            Some((name, _)) => self.out.extend_from_slice(self.types.value_name(*name)),
            // Nothing follows a signed number, not even what ends every part.
            None if of.signed => {
                if of.wide {
                    signed(self.out, value);
                    self.out.extend_from_slice(b"LL");
                } else {
                    signed(self.out, (value as i32).into());
                }
                return Ok(());
            }
            None if of.wide => {
                decimal(self.out, value.cast_unsigned());
                self.out.extend_from_slice(b"ULL");
            }
            None => decimal(self.out, value as u32),
        }
        self.end();
        Ok(())
    }

    fn array(&mut self, id: TypeId, element: TypeId, count: u32, at: usize) -> Result<(), Failure> {
        let types = self.types;
        let inner = types.behind(element, true);
        let size = types
            .size(element)
            .and_then(|size| usize::try_from(size).ok());
        let Some(size) = size.filter(|size| *size > 0) else {
            let size = types.size(element).map_or(-22, u64::cast_signed);
            let text = format!(
                "libbpf: unexpected elem size {size} for array type [{}]\n",
                id.0
            );
            return Err(Failure::invalid(text));
        };
        let is_int = matches!(
            types.get(inner).map(|found| &found.kind),
            Some(Kind::Int(_))
        );
        if is_int && size == 1 {
            self.characters = true;
        }
        self.begin(b'[');
        let (in_array, terminated) = (self.in_array, self.terminated);
        self.in_array = true;
        self.terminated = false;
        for number in 0..count as usize {
            let place = at.saturating_add(number.saturating_mul(size));
            // Nothing of those behind the value is shown, nor are errors of any.
            if self.terminated || place >= self.value.len() {
                break;
            }
            let _ = self.part(b"", inner, Place::at(place));
        }
        self.in_array = in_array;
        self.terminated = terminated;
        self.close(b']');
        Ok(())
    }

    fn composite(&mut self, of: &Composite, at: usize) -> Result<(), Failure> {
        let types = self.types;
        self.begin(b'{');
        for member in &of.members {
            let place = Place {
                byte: at.saturating_add((member.offset / 8) as usize),
                bit: member.offset % 8,
                width: member.width,
            };
            self.part(types.member_name(member), member.kind, place)?;
        }
        self.close(b'}');
        Ok(())
    }

    /// Whether a part lies at an address that its size divides. The buffer that the kernel's
    /// answer was read into begins at such an address.
    fn is_aligned(&self, at: usize, size: usize) -> bool {
        (self.value.as_ptr() as usize)
            .wrapping_add(at)
            .is_multiple_of(size.clamp(1, 8))
    }

    fn begin(&mut self, bracket: u8) {
        self.depth += 1;
        self.out.push(bracket);
        self.new_line();
    }

    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        self.indent();
        self.out.push(bracket);
        self.end();
    }

    fn indent(&mut self) {
        if !self.compact {
            let tabs = self.out.len() + INDENT + self.depth;
            self.out.resize(tabs, b'\t');
        }
    }

    /// Behind a part.
    fn end(&mut self) {
        if self.depth > 0 {
            self.out.push(b',');
        }
        self.new_line();
    }

    fn new_line(&mut self) {
        if !self.compact && self.depth > 0 {
            self.out.push(b'\n');
        }
    }
}

fn signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    labelled(out, "", number.unsigned_abs());
}
