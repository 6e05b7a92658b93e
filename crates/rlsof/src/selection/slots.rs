//! Where a process holds a file (`-d`).

use crate::row::Slot;

/// The slots that are asked for, or those that are shut out.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// The list shuts out instead.
    pub(crate) excludes: bool,
    pub(crate) items: Vec<Item>,
}

/// One item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Numbers from the first to the second.
    Numbers(u64, u64),
    /// `fd`: all numbers.
    AllNumbers,
    /// A slot by its name.
    Named(Slot),
    /// A name that other systems have and no file here goes by.
    Foreign,
}

impl Item {
    /// By name.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        const FOREIGN: [&[u8]; 11] = [
            b"unk", b"err", b"pd", b"ltx", b"fp", b"twd", b"ctty", b"jd.", b"v86", b"m86", b"mmap",
        ];
        Some(match name {
            b"fd" => Self::AllNumbers,
            b"cwd" => Self::Named(Slot::Cwd),
            b"rtd" => Self::Named(Slot::Root),
            b"txt" => Self::Named(Slot::Text),
            b"mem" => Self::Named(Slot::Memory),
            b"DEL" => Self::Named(Slot::Deleted),
            b"NOFD" => Self::Named(Slot::NoFd),
            _ if FOREIGN.contains(&name) => Self::Foreign,
            _ => return None,
        })
    }

    fn matches(self, slot: Slot) -> bool {
        match (self, slot) {
            (Self::Numbers(low, high), Slot::Fd(number)) => {
                (low..=high).contains(&u64::from(number))
            }
            (Self::AllNumbers, Slot::Fd(_)) => true,
            (Self::Named(named), slot) => named == slot,
            _ => false,
        }
    }
}

impl Slots {
    /// Whether there is a list: one that shuts out selects all others.
    pub(super) fn selects(&self) -> bool {
        !self.items.is_empty()
    }

    pub(super) fn matches(&self, slot: Slot) -> bool {
        let listed = self.items.iter().any(|item| item.matches(slot));
        self.selects() && listed != self.excludes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_selects_its_numbers_and_names() {
        let items = vec![Item::Numbers(3, 5), Item::Named(Slot::Memory)];
        let mut slots = Slots {
            excludes: false,
            items,
        };
        let asked = [
            Slot::Fd(2),
            Slot::Fd(3),
            Slot::Fd(5),
            Slot::Memory,
            Slot::Cwd,
        ];
        let matches = |slots: &Slots| asked.map(|slot| slots.matches(slot));
        assert_eq!(matches(&slots), [false, true, true, true, false]);
        slots.excludes = true;
        assert_eq!(matches(&slots), [true, false, false, false, true]);
        assert_eq!(matches(&Slots::default()), [false; 5]);
    }

    #[test]
    fn only_known_names_are_items() {
        assert_eq!(Item::named(b"fd"), Some(Item::AllNumbers));
        assert_eq!(Item::named(b"mmap"), Some(Item::Foreign));
        assert_eq!(Item::named(b"fp."), None);
        assert!(!Item::Foreign.matches(Slot::Fd(0)));
    }
}
