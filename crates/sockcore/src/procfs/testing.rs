//! Random changes to text, for the tests of the readers.

/// A small repeatable source of numbers (xorshift).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`, which is not 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }
}

/// `text` with a few bytes changed, removed, doubled or put in.
pub(super) fn mutate(text: &[u8], random: &mut Random) -> Vec<u8> {
    const ODD: &[u8] = b" \t\n:-0x9f\\/(\xff\0";
    let mut text = text.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len() + 1);
        let byte = match random.below(2) {
            0 => ODD[random.below(ODD.len())],
            _ => random.next().to_le_bytes()[0],
        };
        match random.below(4) {
            0 if at < text.len() => text[at] = byte,
            1 if at < text.len() => {
                text.remove(at);
            }
            2 => text.truncate(at),
            _ => text.insert(at, byte),
        }
    }
    text
}
