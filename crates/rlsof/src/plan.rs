//! What a run is to do, decided once from the options: the only thing that gathering and output
//! look at.

use crate::mounts::Exemption;
use crate::output::lookup::Wanted;
use crate::output::style::Style;
use crate::repeat::Repeat;

/// Whether the other ends of pipes, sockets and the like are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Endpoints {
    /// No.
    #[default]
    None,
    /// `-E`: in NAME.
    Texts,
    /// `+E`: the files at the other end as well.
    Files,
}

/// What the output shows of a row, so that nothing is read in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shows {
    /// Anything of a row at all; `-t` shows only that there is one.
    pub(crate) rows: bool,
    /// The access letter.
    pub(crate) access: bool,
    /// The lock letter.
    pub(crate) lock: bool,
    /// TYPE
    pub(crate) kind: bool,
    /// Device numbers, raw or not.
    pub(crate) device: bool,
    /// The device as a text, among them the pointer of unix sockets.
    pub(crate) device_text: bool,
    /// The size.
    pub(crate) size: bool,
    /// The file position.
    pub(crate) offset: bool,
    /// The file position also of files that have a size: off where one cell shows either.
    pub(crate) offset_beside_size: bool,
    /// The open flags.
    pub(crate) flags: bool,
    /// The link count.
    pub(crate) links: bool,
    /// Inode or protocol.
    pub(crate) node: bool,
    /// NAME with all that is added to it.
    pub(crate) name: bool,
    /// State and queues.
    pub(crate) info: bool,
}

impl Shows {
    /// Nothing but that there is a row.
    pub(crate) const NONE: Self = Self {
        rows: false,
        access: false,
        lock: false,
        kind: false,
        device: false,
        device_text: false,
        size: false,
        offset: false,
        offset_beside_size: false,
        flags: false,
        links: false,
        node: false,
        name: false,
        info: false,
    };

    /// Everything.
    pub(crate) const ALL: Self = Self {
        rows: true,
        access: true,
        lock: true,
        kind: true,
        device: true,
        device_text: true,
        size: true,
        offset: true,
        offset_beside_size: true,
        flags: true,
        links: true,
        node: true,
        name: true,
        info: true,
    };
}

/// How rows are gathered, beside what selects them.
#[derive(Clone, Debug)]
pub(crate) struct Gathering {
    /// Off with `-w`: rows and additions that only tell of a failure are left out.
    pub(crate) warnings: bool,
    /// `-b`: where there is NFS, no file is looked at.
    pub(crate) avoid: bool,
    /// `-X`: TCP, UDP, UDP-Lite and IPv6 raw sockets are not identified.
    pub(crate) skip_inet: bool,
    /// `-E`, `+E`
    pub(crate) endpoints: Endpoints,
    /// `+c`: bytes of the command in the texts of endpoints.
    pub(crate) command_limit: usize,
    /// `-e`, `+e`, first typed first.
    pub(crate) exempt: Vec<Exemption>,
    /// SELinux contexts are shown or select.
    pub(crate) contexts: bool,
    /// What the output needs.
    pub(crate) shows: Shows,
}

/// Everything that a run is to do.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The program's name.
    pub(crate) program: Vec<u8>,
    pub(crate) gathering: Gathering,
    pub(crate) style: Style,
    /// Which numbers are shown by name.
    pub(crate) names: Wanted,
    pub(crate) repeat: Option<Repeat>,
    /// `+r`, also before a `-r`: it ends when nothing is found, and fails unless a repetition printed
    /// something.
    pub(crate) until_none: bool,
    /// `-V`
    pub(crate) verbose: bool,
    /// `-Q`: nothing found is no failure.
    pub(crate) forgive: bool,
    /// A name failed.
    pub(crate) failed: bool,
}
