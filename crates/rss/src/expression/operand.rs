//! Operands that are no address: devices, marks, control groups.

use std::ffi::{CString, OsStr};
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use sockcore::filter::{Builder, Condition};
use sockcore::id::IfIndex;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::cgroup::{NoId, id_below, id_of, mount_point, open_mount};

use super::host::Hosts;
use super::{Context, FilterError, number};

/// What an operand says.
#[derive(Debug)]
pub(super) enum Operand {
    /// An end of a socket.
    Host(Hosts),
    /// Anything else: the whole condition.
    Other(Condition),
}

/// A device by name, or by number.
pub(super) fn device(word: &[u8], context: &Context<'_>) -> Result<Operand, FilterError> {
    let index = device_index(word, context)
        .or_else(|| number::unsigned(word))
        .ok_or_else(|| FilterError::operand("Cannot parse device.\n"))?;
    Ok(Operand::Other(Condition::Device(IfIndex(index))))
}

/// The number of a device: that of its name, or the one in `if7`.
pub(super) fn device_index(name: &[u8], context: &Context<'_>) -> Option<u32> {
    if let Some(index) = context.names.interface_index(name) {
        return Some(index.0);
    }
    let number = number::scanned_decimal(name.strip_prefix(b"if")?)?;
    (number != 0).then_some(number)
}

/// `VALUE` or `VALUE/MASK`; what follows does not count.
pub(super) fn mark(word: &[u8]) -> Result<Operand, FilterError> {
    let refused = || FilterError::operand([b"Cannot parse mark ", word, b".\n"].concat());
    let (value, rest) = number::scanned_int(word).ok_or_else(refused)?;
    let mask = match rest {
        [b'/', rest @ ..] => number::scanned_int(rest).ok_or_else(refused)?.0,
        rest if rest.contains(&b'/') => return Err(refused()),
        _ => u32::MAX,
    };
    Ok(Operand::Other(Condition::Mark { value, mask }))
}

/// The path of a control group, as it is or below the mount of control groups.
pub(super) fn cgroup(word: &[u8], context: &mut Context<'_>) -> Result<Operand, FilterError> {
    let id = cgroup_id(word).map_err(|reason| {
        let refused = [&b"Cannot parse cgroup "[..], word, b".\n"].concat();
        FilterError::operand([reason.as_bytes(), b"\n", &refused].concat())
    })?;
    let condition = Condition::Cgroup(id);
    let mut builder = Builder::new();
    let root = builder.condition(condition.clone());
    if (context.is_refused)(&builder.finish(root)) {
        return Err(FilterError::fatal(
            "It looks like such filter is not supported! Too old kernel?\n",
        ));
    }
    Ok(Operand::Other(condition))
}

fn cgroup_id(word: &[u8]) -> Result<u64, String> {
    if word.is_empty() {
        return Err("Invalid cgroup2 path".to_owned());
    }
    let id = match id_of(Path::new(OsStr::from_bytes(word))) {
        Err(NoId::Failed(_)) => {
            // Wherever the listing's `/proc` is, this is about the path on this machine.
            let point = mount_point(&ProcRoot::at("/proc"))
                .ok_or_else(|| "Failed to find cgroup2 mount".to_owned())?;
            let mount =
                open_mount(&point).map_err(|_| "Failed to open cgroup2 mount".to_owned())?;
            let below = CString::new(word.strip_prefix(b"/").unwrap_or(word)).unwrap_or_default();
            id_below(mount.as_fd(), &below)
        }
        id => id,
    };
    id.map_err(|reason| match reason {
        NoId::Failed(errno) => format!("Failed to get cgroup2 ID: {}", errno.text()),
        NoId::OtherSize => "Invalid size of cgroup2 ID".to_owned(),
    })
}
