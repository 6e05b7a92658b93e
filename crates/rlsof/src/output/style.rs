//! How rows are to be shown: everything that output decides by.

/// The shape of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Columns with a title line.
    Columns,
    /// `-F`
    Fields {
        letters: Letters,
        /// NUL ends a field, a newline a set.
        nul: bool,
    },
    /// `-J`, `-j`
    Json { letters: Letters, lines: bool },
    /// `-t`
    Terse,
}

/// A set of field letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Letters(u64);

impl Letters {
    /// What `-F` without letters means: everything but the raw device.
    pub(crate) const DEFAULT: Self = Self::of(b"pKMZgRcuLfaltGdDsoikPnTm");

    pub(crate) const fn of(letters: &[u8]) -> Self {
        let mut set = 0;
        let mut index = 0;
        while index < letters.len() {
            set |= 1 << (letters[index] & 63);
            index += 1;
        }
        Self(set)
    }

    pub(crate) fn insert(&mut self, letter: u8) {
        self.0 |= 1 << (letter & 63);
    }

    pub(crate) fn has(self, letter: u8) -> bool {
        self.0 & 1 << (letter & 63) != 0
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The column between DEVICE and NLINK.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SizeColumn {
    /// `SIZE/OFF`: the size, else the offset.
    #[default]
    Either,
    /// `-s`: SIZE
    Size,
    /// `-o`: OFFSET
    Offset,
}

/// How open flags are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlagStyle {
    /// `RW,LG,CX`
    Names,
    /// `0x88002;0x0`
    Hex,
}

/// What stands in parentheses behind NAME (`-T`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InfoShown {
    /// Anything: `-T` alone turns even the blank before it off.
    pub(crate) any: bool,
    /// `s`
    pub(crate) state: bool,
    /// `q`
    pub(crate) queues: bool,
}

impl InfoShown {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        any: false,
        state: false,
        queues: false,
    };
    /// The state.
    pub(crate) const STATE: Self = Self {
        any: true,
        state: true,
        queues: false,
    };
    /// State and queues.
    pub(crate) const ALL: Self = Self {
        any: true,
        state: true,
        queues: true,
    };
}

/// How rows are shown.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) form: Form,
    /// `-Z`
    pub(crate) context: bool,
    /// `-R`
    pub(crate) parent: bool,
    /// `-g`
    pub(crate) group: bool,
    /// `+fg`, `+fG`: the column, and how flags are written wherever they are.
    pub(crate) flag_column: bool,
    pub(crate) flag_style: FlagStyle,
    pub(crate) size: SizeColumn,
    /// `-H`
    pub(crate) human: bool,
    /// `+L`
    pub(crate) links: bool,
    /// `+c`: 0 none.
    pub(crate) command_limit: usize,
    /// `-o N`: 0 none.
    pub(crate) offset_digits: usize,
    pub(crate) info: InfoShown,
    /// Off with `-w`, `-t`.
    pub(crate) warnings: bool,
    /// No position is known anywhere: the column is called SIZE.
    pub(crate) no_offsets: bool,
}
