//! Decides which address families a command line names, and in what order.

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Family {
    Inet,
    Inet6,
    Unix,
    Ipx,
    Ax25,
    Netrom,
    X25,
    Rose,
    Ddp,
    Econet,
    Ash,
    Bluetooth,
}

impl Family {
    /// The family of a word of `-A`; no abbreviation, no blanks.
    pub(crate) fn named(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"inet" | b"ip" | b"tcpip" => Self::Inet,
            b"inet6" | b"ip6" => Self::Inet6,
            b"unix" => Self::Unix,
            b"ipx" => Self::Ipx,
            b"ax25" => Self::Ax25,
            b"netrom" => Self::Netrom,
            b"x25" => Self::X25,
            b"rose" => Self::Rose,
            b"ddp" | b"appletalk" => Self::Ddp,
            b"econet" => Self::Econet,
            b"ash" => Self::Ash,
            b"bluetooth" => Self::Bluetooth,
            _ => return None,
        })
    }

    /// The name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Inet => "inet",
            Self::Inet6 => "inet6",
            Self::Unix => "unix",
            Self::Ipx => "ipx",
            Self::Ax25 => "ax25",
            Self::Netrom => "netrom",
            Self::X25 => "x25",
            Self::Rose => "rose",
            Self::Ddp => "ddp",
            Self::Econet => "ec",
            Self::Ash => "ash",
            Self::Bluetooth => "bluetooth",
        }
    }
}

/// Names and list as the original keeps them: one text of at most 255 bytes.
const LIMIT: usize = 255;

/// The families named so far, in order and with repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct FamilyList {
    families: Vec<Family>,
    length: usize,
}

/// Why a list of names was not taken whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FamilyError {
    /// This word is no family.
    Unknown(Vec<u8>),
    /// There is no room for a further name; the rest of the list is dropped.
    TooMany,
}

impl FamilyList {
    /// Adds the names of one argument, separated by commas.
    pub(crate) fn add(&mut self, argument: &[u8]) -> Result<(), FamilyError> {
        let argument = argument.get(..LIMIT).unwrap_or(argument);
        for word in argument.split(|&byte| byte == b',') {
            let Some(family) = Family::named(word) else {
                return Err(FamilyError::Unknown(word.to_vec()));
            };
            if self.length + family.name().len() + 1 > LIMIT {
                return Err(FamilyError::TooMany);
            }
            self.length += family.name().len() + usize::from(self.length > 0);
            self.families.push(family);
        }
        Ok(())
    }

    /// Whether a family was named.
    pub(crate) fn has(&self, family: Family) -> bool {
        self.families.contains(&family)
    }

    /// In order, with repeats.
    pub(crate) fn as_slice(&self) -> &[Family] {
        &self.families
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_kept_under_the_name_of_the_family() {
        let mut list = FamilyList::default();
        assert_eq!(list.add(b"ip,tcpip,ip6,appletalk,inet"), Ok(()));
        let names: Vec<_> = list.as_slice().iter().map(|family| family.name()).collect();
        assert_eq!(names, ["inet", "inet", "inet6", "ddp", "inet"]);
    }

    #[test]
    fn the_empty_word_and_the_short_name_of_econet_are_no_families() {
        for word in [&b""[..], b"ec", b"INET", b" inet"] {
            let unknown = FamilyError::Unknown(word.to_vec());
            assert_eq!(FamilyList::default().add(word), Err(unknown));
        }
        let empty = FamilyError::Unknown(Vec::new());
        assert_eq!(FamilyList::default().add(b"inet,"), Err(empty));
    }

    #[test]
    fn an_argument_is_cut_before_its_words_are_read() {
        let argument = b"inet,".repeat(60);
        let empty = FamilyError::Unknown(Vec::new());
        assert_eq!(FamilyList::default().add(&argument), Err(empty));
    }

    #[test]
    fn a_name_for_which_there_is_no_room_is_dropped_with_the_rest_of_its_argument() {
        let mut list = FamilyList::default();
        for _ in 0..51 {
            assert_eq!(list.add(b"inet"), Ok(()));
        }
        assert_eq!(list.add(b"unix,inet"), Err(FamilyError::TooMany));
        assert!(!list.has(Family::Unix));
        assert_eq!(list.as_slice().len(), 51);
    }
}
