//! The names of open flags (`+fg`), from the `flags` line of fdinfo.

#[cfg(not(any(
    target_arch = "arm",
    target_arch = "aarch64",
    target_arch = "powerpc",
    target_arch = "powerpc64"
)))]
mod bits {
    pub(super) const DIRECT: u32 = 0o40_000;
    pub(super) const DIRECTORY: u32 = 0o200_000;
    pub(super) const NOFOLLOW: u32 = 0o400_000;
}

#[cfg(any(
    target_arch = "arm",
    target_arch = "aarch64",
    target_arch = "powerpc",
    target_arch = "powerpc64"
))]
mod bits {
    pub(super) const DIRECT: u32 = 0o200_000;
    pub(super) const DIRECTORY: u32 = 0o40_000;
    pub(super) const NOFOLLOW: u32 = 0o100_000;
}

/// Names and bits in the order of the test: a name shows if any of its bits is still there, and
/// takes them away. So `O_DSYNC` alone shows as `SYN`, and `O_TMPFILE` as `DTY` first.
const NAMES: [(&str, u32); 20] = [
    ("W", 0o1),
    ("RW", 0o2),
    ("CR", 0o100),
    ("EXCL", 0o200),
    ("NTTY", 0o400),
    ("TR", 0o1_000),
    ("AP", 0o2_000),
    ("ND", 0o4_000),
    ("SYN", 0o4_010_000),
    ("ASYN", 0o20_000),
    ("DIR", bits::DIRECT),
    ("DTY", bits::DIRECTORY),
    ("NFLK", bits::NOFOLLOW),
    ("NATM", 0o1_000_000),
    ("DSYN", 0o10_000),
    ("RSYN", 0o4_010_000),
    ("LG", 0o100_000),
    ("CX", 0o2_000_000),
    ("PATH", 0o10_000_000),
    ("TMPF", 0o20_000_000 | bits::DIRECTORY),
];

/// Writes the names with commas between; nothing for no flag at all.
pub(crate) fn names(flags: u32, into: &mut Vec<u8>) {
    let mut left = flags;
    let mut first = true;
    let mut comma = |into: &mut Vec<u8>| {
        if !first {
            into.push(b',');
        }
        first = false;
    };
    for (name, bits) in NAMES {
        if left & bits != 0 {
            comma(into);
            into.extend_from_slice(name.as_bytes());
            left &= !bits;
        }
    }
    if left != 0 {
        comma(into);
        hexadecimal(left.into(), into);
    }
}

/// Writes `0x` and the number in lower-case hexadecimal.
pub(crate) fn hexadecimal(value: u64, into: &mut Vec<u8>) {
    into.extend_from_slice(b"0x");
    hexadecimal_digits(value, into);
}

/// Writes a number in lower-case hexadecimal.
pub(crate) fn hexadecimal_digits(value: u64, into: &mut Vec<u8>) {
    let digits = (64 - value.leading_zeros()).div_ceil(4).max(1);
    for place in (0..digits).rev() {
        let digit = u8::try_from(value >> (4 * place) & 0xf).unwrap_or(0);
        into.push(if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        });
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    fn shown(flags: u32) -> String {
        let mut into = Vec::new();
        names(flags, &mut into);
        String::from_utf8_lossy(&into).into_owned()
    }

    #[test]
    fn names_stand_in_the_order_of_their_tests() {
        assert_eq!(shown(0), "");
        assert_eq!(shown(0o102_100_002), "RW,LG,CX,0x1000000");
        assert_eq!(shown(0o2_100_002), "RW,LG,CX");
        assert_eq!(shown(0o2_102_001), "W,AP,LG,CX");
        assert_eq!(shown(0o12_000_000), "CX,PATH");
        assert_eq!(shown(0o12_200_000), "DTY,CX,PATH");
        assert_eq!(shown(0o3), "W,RW");
        assert_eq!(shown(0o10_002), "RW,SYN");
        assert_eq!(shown(0o22_300_002), "RW,DTY,LG,CX,TMPF");
        assert_eq!(shown(0o4_000), "ND");
    }

    #[test]
    fn hexadecimal_has_no_leading_zeros() {
        let mut into = Vec::new();
        hexadecimal(0, &mut into);
        hexadecimal(0x88002, &mut into);
        assert_eq!(into, b"0x00x88002");
    }
}
