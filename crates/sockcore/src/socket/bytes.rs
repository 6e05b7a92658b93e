//! Integers out of kernel bytes: native order, zero past the end.

/// Copies `N` bytes from `offset`, zero past the end.
#[inline]
fn array_at<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    let mut array = [0; N];
    if let Some(rest) = bytes.get(offset..) {
        if let Some(exact) = rest.first_chunk::<N>() {
            return *exact;
        }
        array[..rest.len()].copy_from_slice(rest);
    }
    array
}

/// A `u8` at `offset`; 0 past the end.
#[inline]
#[must_use]
pub(crate) fn u8_at(bytes: &[u8], offset: usize) -> u8 {
    bytes.get(offset).copied().unwrap_or(0)
}

/// A native `u16` at `offset`; missing bytes read as zero.
#[inline]
#[must_use]
pub(crate) fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_ne_bytes(array_at(bytes, offset))
}

/// A big-endian `u16` at `offset`; missing bytes read as zero.
#[inline]
#[must_use]
pub(crate) fn be16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_be_bytes(array_at(bytes, offset))
}

/// A native `u32` at `offset`; missing bytes read as zero.
#[inline]
#[must_use]
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_ne_bytes(array_at(bytes, offset))
}

/// A native `u64` at `offset`; missing bytes read as zero.
#[inline]
#[must_use]
pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from_ne_bytes(array_at(bytes, offset))
}

/// Sixteen bytes at `offset`; missing bytes read as zero.
#[inline]
#[must_use]
pub(crate) fn block16_at(bytes: &[u8], offset: usize) -> [u8; 16] {
    array_at(bytes, offset)
}

/// A borrowed array of native `u32`, as the kernel puts them into one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a>(pub &'a [u8]);

impl<'a> Words<'a> {
    /// The words in order; a rest shorter than four bytes is ignored.
    pub fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.0.chunks_exact(4).map(|word| u32_at(word, 0))
    }
}
