//! `--bpf-maps`, `--bpf-map-id`: what BPF programs store at sockets.

mod declaration;
mod floating;
#[cfg(test)]
mod tests;
mod value;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use applet::{Exit, Streams};
use sockcore::btf::Types;
use sockcore::error::Errno;
use sockcore::query::Storages;
use sockcore::storage::{Map, NoMap, SOCKET_STORAGE, stored};

use crate::expression::number;
use crate::text::{decimal, labelled};
use declaration::TypeNames;

/// So many maps are known at most.
const MAPS: usize = 32;

/// A map whose values can be written.
#[derive(Debug)]
struct Known {
    map: Map,
    types: Types,
    names: TypeNames,
}

/// The maps that were asked for, and those met since.
#[derive(Debug, Default)]
pub(crate) struct StoredValues {
    /// Every map was asked for.
    all: bool,
    known: Vec<Known>,
}

impl StoredValues {
    /// `--bpf-maps`
    pub(crate) fn want_all(&mut self, streams: &mut Streams<'_>) -> Result<(), Exit> {
        if !self.known.is_empty() {
            streams.complain(TOGETHER);
            return Err(crate::USAGE_ERROR);
        }
        self.all = true;
        Ok(())
    }

    /// `--bpf-map-id`
    pub(crate) fn want(&mut self, id: &OsStr, streams: &mut Streams<'_>) -> Result<(), Exit> {
        if self.all {
            streams.complain(TOGETHER);
            return Err(Exit::FAILURE);
        }
        let text = id.as_bytes();
        let number = number::unsigned(text).filter(|number| !matches!(*number, 0 | u32::MAX));
        let Some(number) = number else {
            let message = [&b"ss: invalid BPF map ID "[..], text, b"\n"].concat();
            streams.complain(&message);
            return Err(Exit::FAILURE);
        };
        match self.find(number, text, streams) {
            Some(_) => Ok(()),
            None => Err(Exit::FAILURE),
        }
    }

    /// What the kernel is asked for.
    pub(crate) fn query(&self) -> Storages {
        if self.all {
            return Storages::All;
        }
        if self.known.is_empty() {
            return Storages::None;
        }
        Storages::Maps(
            self.known
                .iter()
                .map(|known| known.map.descriptor())
                .collect(),
        )
    }

    /// Writes every value of a socket.
    pub(crate) fn write(
        &mut self,
        out: &mut Vec<u8>,
        storages: &[u8],
        one_line: bool,
        streams: &mut Streams<'_>,
    ) {
        for stored in stored(storages) {
            let Some(known) = self.find(stored.map, b"(null)", streams) else {
                labelled(out, "\n\tmap_id: ", stored.map);
                out.extend_from_slice(b" failed to fetch info, skipping\n");
                continue;
            };
            let map = known.map.id;
            let size = known.map.value_size;
            if usize::try_from(size) != Ok(stored.value.len()) {
                let text = format!(
                    "map_id: {}: invalid value size, expecting {size}, got {}\n",
                    map,
                    stored.value.len()
                );
                streams.complain(text.as_bytes());
                continue;
            }
            out.extend_from_slice(if one_line { b" " } else { b"\n\t" });
            labelled(out, "map_id:", map);
            if !one_line {
                out.extend_from_slice(b" [\n");
            }
            let mut writer =
                value::Writer::new(out, &known.types, &mut known.names, stored.value, one_line);
            if let Err(failure) = writer.write(known.map.value_type) {
                if !failure.warning.is_empty() {
                    streams.complain(&failure.warning);
                }
                if !one_line {
                    out.extend_from_slice(b"\t\t");
                }
                out.extend_from_slice(b"failed to dump data: -");
                decimal(out, failure.errno.0.unsigned_abs());
            }
            if !one_line {
                out.extend_from_slice(b"\n\t]");
            }
        }
    }

    /// The map of a number; `text` is the number as it was asked for. Of one map too many it is
    /// said that it is skipped, and then it is taken for the last one that is known.
    fn find(&mut self, id: u32, text: &[u8], streams: &mut Streams<'_>) -> Option<&mut Known> {
        if let Some(at) = self.known.iter().position(|known| known.map.id == id) {
            return self.known.get_mut(at);
        }
        if self.known.len() < MAPS {
            let opened = Known::open(id, text).map_err(|text| streams.complain(&text));
            self.known.push(opened.ok()?);
        } else {
            let text = format!(
                "ss: too many (> {MAPS}) BPF socket-local storage maps found, skipping map ID {id}\n"
            );
            streams.complain(text.as_bytes());
        }
        self.known.last_mut()
    }
}

impl Known {
    /// The error is what stands on standard error.
    fn open(id: u32, text: &[u8]) -> Result<Self, Vec<u8>> {
        let fail = |text: String| Err(text.into_bytes());
        let map = match Map::open(id) {
            Ok(map) => map,
            Err(NoMap::Open(Errno::PERM)) => {
                return fail(format!(
                    "ss: cannot get fd for BPF map ID {id}: missing root permissions, CAP_BPF, or CAP_SYS_ADMIN\n"
                ));
            }
            Err(NoMap::Open(_)) => {
                return fail(format!("ss: cannot get fd for BPF map ID {id}\n"));
            }
            Err(NoMap::Info(_)) => {
                return fail(format!("ss: failed to get info for BPF map ID {id}\n"));
            }
        };
        if map.kind != SOCKET_STORAGE {
            let kind = map.kind;
            let what = format!(" has type ID {kind}, expecting {SOCKET_STORAGE} ('sk_storage')\n");
            return Err([b"ss: BPF map with ID ", text, what.as_bytes()].concat());
        }
        match map.types() {
            Some(types) => Ok(Self {
                map,
                types,
                names: TypeNames::default(),
            }),
            None => fail(format!("ss: failed to load BTF for map ID {id}\n")),
        }
    }
}

const TOGETHER: &[u8] = b"ss: --bpf-maps and --bpf-map-id cannot be used together\n";
