//! What BPF programs store at sockets: the maps of it, and the values of one socket.

use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};

use crate::btf::{TypeId, Types};
use crate::error::Errno;
use crate::netlink::attributes;
use crate::socket::bytes::u32_at;
use crate::sys::bpf;

/// `BPF_MAP_TYPE_SK_STORAGE`
pub const SOCKET_STORAGE: u32 = 24;

/// Attributes in `INET_DIAG_SK_BPF_STORAGES`.
const SK_DIAG_BPF_STORAGE: u16 = 1;
const SK_DIAG_BPF_STORAGE_MAP_ID: u16 = 2;
const SK_DIAG_BPF_STORAGE_MAP_VALUE: u16 = 3;

/// A map, open.
#[derive(Debug)]
pub struct Map {
    descriptor: OwnedFd,
    /// `struct bpf_map_info.id`
    pub id: u32,
    /// `struct bpf_map_info.type`: see [`SOCKET_STORAGE`].
    pub kind: u32,
    /// `struct bpf_map_info.value_size`, bytes.
    pub value_size: u32,
    /// `struct bpf_map_info.btf_value_type_id`
    pub value_type: TypeId,
    types: u32,
}

/// Why there is no map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMap {
    /// It cannot be opened.
    Open(Errno),
    /// It does not tell about itself.
    Info(Errno),
}

impl Map {
    /// Opens the map of a number. Needs the privilege over BPF.
    ///
    /// # Errors
    /// Which step failed, and why.
    pub fn open(id: u32) -> Result<Self, NoMap> {
        let descriptor = bpf::map_by_id(id).map_err(NoMap::Open)?;
        let info = bpf::map_info(descriptor.as_fd()).map_err(NoMap::Info)?;
        Ok(Self {
            descriptor,
            id: u32_at(&info, 4),
            kind: u32_at(&info, 0),
            value_size: u32_at(&info, 12),
            value_type: TypeId(u32_at(&info, 72)),
            types: u32_at(&info, 64),
        })
    }

    /// The descriptor's number, for [`Storages::Maps`](crate::query::Storages::Maps).
    #[must_use]
    pub fn descriptor(&self) -> i32 {
        self.descriptor.as_raw_fd()
    }

    /// The types of the map's program; `None`: it has none, or they cannot be read.
    #[must_use]
    pub fn types(&self) -> Option<Types> {
        Types::parse(&bpf::type_information(self.types).ok()?)
    }
}

/// What one map holds for a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// `SK_DIAG_BPF_STORAGE_MAP_ID`
    pub map: u32,
    /// `SK_DIAG_BPF_STORAGE_MAP_VALUE`
    pub value: &'a [u8],
}

/// The values of a socket, in the kernel's order, out of
/// [`bpf_storages`](crate::socket::InetAttributes::bpf_storages). One without map or value is left
/// out.
pub fn stored(storages: &[u8]) -> impl Iterator<Item = Stored<'_>> {
    attributes(storages)
        .filter(|storage| storage.kind == SK_DIAG_BPF_STORAGE)
        .filter_map(|storage| {
            let mut map = None;
            let mut value = None;
            for attribute in attributes(storage.value) {
                match attribute.kind {
                    SK_DIAG_BPF_STORAGE_MAP_ID if map.is_none() => {
                        map = Some(u32_at(attribute.value, 0));
                    }
                    SK_DIAG_BPF_STORAGE_MAP_VALUE if value.is_none() => {
                        value = Some(attribute.value);
                    }
                    _ => {}
                }
            }
            Some(Stored {
                map: map?,
                value: value?,
            })
        })
}
