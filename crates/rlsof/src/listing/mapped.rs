//! The rows `mem` and `DEL`: files mapped into memory.

use std::ffi::CString;

use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::id::DeviceId;
use sockcore::procfs::maps::{self, Mapping, MapsBuffer};

use super::Setting;
use super::file::is_socket;
use super::scan::{Buffers, Holder, Scan};
use crate::endpoints::Draft;
use crate::kinds::decimal;
use crate::kinds::flags::hexadecimal_digits;
use crate::row::{Kind, Node, Row, Slot};
use crate::selection::Bits;

/// What the kernel writes behind the path of a mapped file that is gone. A live file may be
/// called that as well.
const DELETED: &[u8] = b" (deleted)";

impl Scan<'_> {
    /// Every mapped file once, in address order, without the executable.
    pub(super) fn mappings(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        buffers: &mut Buffers,
        executable: Option<(DeviceId, u64)>,
    ) {
        let possible = |slot| {
            self.setting
                .verdict(holder, slot, Bits::NONE, Bits::BY_STAT)
        };
        let outcomes = [possible(Slot::Memory), possible(Slot::Deleted)];
        if outcomes == [Some(false); 2] && !self.setting.looks_at_all() {
            return;
        }
        self.seen.clear();
        let maps: &mut MapsBuffer = &mut buffers.maps;
        // A refusal shows no row and says nothing.
        let _ = maps::visit(holder.directory, maps, &mut |mapping| {
            let file = (mapping.device, mapping.inode.0);
            if file == (DeviceId(0), 0) || Some(file) == executable || !self.seen.insert(file) {
                return;
            }
            self.mapping(holder, draft, mapping);
        });
    }

    fn mapping(&mut self, holder: &Holder<'_>, draft: &mut Draft, mapping: &Mapping<'_>) {
        self.addition.clear();
        let cut = match mapping.path.strip_suffix(DELETED) {
            Some(path) if !path.is_empty() => Some(path),
            _ => None,
        };
        let (path, deleted) = (cut.unwrap_or(mapping.path), cut.is_some());
        let gone = if deleted { Slot::Deleted } else { Slot::Memory };
        if let Some(exemption) = self.setting.exemption(path) {
            let mut row = Row::new(gone, Kind::Exempt);
            row.set_device(mapping.device);
            row.node = Node::Inode(mapping.inode.0);
            self.exempt_row(holder, draft, row, path, exemption);
            return;
        }
        let stat = if self.setting.avoids {
            let path = match holder.foreign {
                true => self.setting.map_file(holder, mapping),
                false => path.to_vec(),
            };
            Err(self.setting.avoid(&path))
        } else if holder.foreign {
            self.stat_map_file(holder, mapping, path)
        } else {
            self.stat_mapped(path)
        };
        match stat {
            Ok(stat) if holder.foreign || is_same(&stat, mapping) => {
                self.mapped_row(holder, draft, path, &stat);
            }
            outcome => {
                if !deleted {
                    self.say_difference(mapping, outcome);
                }
                self.unseen_row(holder, draft, gone, path, mapping);
            }
        }
    }

    /// A mapped file as `stat` tells it.
    fn mapped_row(&mut self, holder: &Holder<'_>, draft: &mut Draft, path: &[u8], stat: &FileStat) {
        if is_socket(stat) {
            self.mapped_socket(holder, draft, stat);
            return;
        }
        let judged = self.setting.judge(stat, path);
        let selected = self.setting.is_selected(holder, Slot::Memory, judged.own);
        let end = self.setting.queue_end(stat);
        if selected || end.is_some() {
            let mut row = Row::new(Slot::Memory, Kind::Unknown);
            // The text of a mapping never makes an anonymous inode of it.
            self.setting.describe(draft, &mut row, stat, &[]);
            self.name(draft, &mut row, path, &judged);
            self.push(draft, row, selected, end);
        }
    }

    /// A mapped file of which only the mapping tells.
    fn unseen_row(
        &mut self,
        holder: &Holder<'_>,
        draft: &mut Draft,
        slot: Slot,
        path: &[u8],
        mapping: &Mapping<'_>,
    ) {
        let judged = self
            .setting
            .judge_number(mapping.device, mapping.inode.0, None);
        if !self.setting.is_selected(holder, slot, judged.own) {
            return;
        }
        let mut row = Row::new(slot, Kind::Regular);
        row.set_device(mapping.device);
        row.node = Node::Inode(mapping.inode.0);
        self.setting
            .lock(draft, &mut row, mapping.device, mapping.inode.0);
        self.name(draft, &mut row, path, &judged);
        self.push(draft, row, true, None);
    }

    /// Says why the path is not the mapped file.
    fn say_difference(&mut self, mapping: &Mapping<'_>, outcome: Result<FileStat, Errno>) {
        let stat = match outcome {
            Ok(stat) => stat,
            Err(errno) => return self.say_failure("stat", errno),
        };
        if !self.setting.world.gathering.warnings {
            return;
        }
        let into = &mut self.addition;
        into.extend_from_slice(b"(path ");
        if stat.device != mapping.device {
            into.extend_from_slice(b"dev=");
            decimal(stat.device.major().into(), into);
            into.push(b',');
            decimal(stat.device.minor().into(), into);
        }
        if stat.inode != mapping.inode {
            let separator: &[u8] = if stat.device == mapping.device {
                b""
            } else {
                b", "
            };
            into.extend_from_slice(separator);
            into.extend_from_slice(b"inode=");
            decimal(stat.inode.0, into);
        }
        into.push(b')');
    }

    /// `stat` of a path in the own mount namespace, once for all processes.
    fn stat_mapped(&mut self, path: &[u8]) -> Result<FileStat, Errno> {
        if let Some(known) = self.mapped.get(path) {
            return *known;
        }
        let found = match CString::new(path) {
            Ok(text) => self.setting.world.reach.stat(&text),
            Err(_) => Err(Errno::NOENT),
        };
        self.mapped.insert(path.into(), found);
        found
    }

    /// `stat` of the mapped file itself, by way of the process.
    fn stat_map_file(
        &self,
        holder: &Holder<'_>,
        mapping: &Mapping<'_>,
        path: &[u8],
    ) -> Result<FileStat, Errno> {
        let name = map_file_name(mapping);
        match crate::reach::blocking(&holder.space, path) {
            None => {
                let name = CString::new(name).map_err(|_| Errno::INVAL)?;
                holder.process.stat_of(&name).map(FileStat::from)
            }
            Some(mount) => {
                let path = self.setting.map_file(holder, mapping);
                self.setting.world.reach.stat_on(mount, &path)
            }
        }
    }
}

impl Setting<'_> {
    /// The path that leads to a mapped file by way of the process.
    fn map_file(&self, holder: &Holder<'_>, mapping: &Mapping<'_>) -> Vec<u8> {
        self.path(&holder.process_name(), &[&map_file_name(mapping)])
    }
}

fn map_file_name(mapping: &Mapping<'_>) -> Vec<u8> {
    let mut name = b"map_files/".to_vec();
    hexadecimal_digits(mapping.start, &mut name);
    name.push(b'-');
    hexadecimal_digits(mapping.end, &mut name);
    name
}

fn is_same(stat: &FileStat, mapping: &Mapping<'_>) -> bool {
    (stat.device, stat.inode) == (mapping.device, mapping.inode)
}
