//! One process after the other: the gate, the order of its rows, its tasks.

use rustc_hash::{FxHashMap, FxHashSet};
use sockcore::Errno;
use sockcore::guard::FileStat;
use sockcore::id::{DeviceId, Fd, Pid, Tid, Uid};
use sockcore::procfs::fdinfo::WHOLE;
use sockcore::procfs::maps::MapsBuffer;
use sockcore::procfs::process::{LinkBuffer, ProcessDir, ProcessStatus};
use sockcore::procfs::scan::OpenFiles;

use super::Setting;
use super::socket::Lookup;
use crate::endpoints::{Draft, End};
use crate::kinds::Link;
use crate::plan::Endpoints;
use crate::reach::Space;
use crate::row::{Process, Row};
use crate::selection::{Bits, Subject};

/// A worker: what it keeps from process to process.
pub(super) struct Scan<'s> {
    pub(super) setting: &'s Setting<'s>,
    pub(super) lookup: Lookup<'s>,
    /// The kernel's own walk over the descriptors, where it is used.
    pub(super) walk: Option<OpenFiles>,
    /// What is said behind the name of the row in hand.
    pub(super) addition: Vec<u8>,
    /// `stat` of mapped paths, which repeat from process to process.
    pub(super) mapped: FxHashMap<Box<[u8]>, Result<FileStat, Errno>>,
    /// The mapped files of the process in hand.
    pub(super) seen: FxHashSet<(DeviceId, u64)>,
}

/// Space for what is read, used again from process to process.
pub(super) struct Buffers {
    pub(super) link: LinkBuffer,
    pub(super) maps: MapsBuffer,
    pub(super) info: Box<[u8; WHOLE]>,
    text: Vec<u8>,
}

impl Buffers {
    pub(super) fn new() -> Self {
        Self {
            link: LinkBuffer::new(),
            maps: MapsBuffer::new(),
            info: Box::new([0; WHOLE]),
            text: Vec::new(),
        }
    }
}

/// The process or task in hand.
pub(super) struct Holder<'h> {
    pub(super) directory: &'h ProcessDir,
    /// The directory of the process that a task belongs to, else the same: only that has the
    /// mapped files, and it decides the mount namespace.
    pub(super) process: &'h ProcessDir,
    /// The selectors that it matches; `None`: it is out, looked at only as somebody's other end.
    pub(super) bits: Option<Bits>,
    /// Nothing but sockets is looked at.
    pub(super) sockets_only: bool,
    /// Where calls on its paths may block.
    pub(super) space: Space,
    /// It is in another mount namespace.
    pub(super) foreign: bool,
    pub(super) uid: Uid,
    /// Its directory below the root: `1`, `1/task/7`.
    pub(super) name: Vec<u8>,
}

impl Holder<'_> {
    /// It is a process, not one of its other tasks.
    pub(super) fn is_process(&self) -> bool {
        self.directory.tid().is_none()
    }

    /// The directory of the process below the root.
    pub(super) fn process_name(&self) -> Vec<u8> {
        name_of(self.process)
    }
}

/// A process or task whose rows may be those of the next task as well.
struct Template {
    tid: Tid,
    bits: Option<Bits>,
    draft: Draft,
}

impl Template {
    fn of(tid: Tid, bits: Option<Bits>, draft: &Draft) -> Option<Self> {
        (!draft.names_itself()).then(|| Self {
            tid,
            bits,
            draft: draft.clone(),
        })
    }
}

/// What `stat` of a process or task tells.
struct Status {
    command: Box<[u8]>,
    status: ProcessStatus,
    threads: Option<u32>,
}

impl Status {
    /// Reads it; a newline in the command becomes `?`.
    fn read(directory: &ProcessDir, space: &mut Vec<u8>) -> Option<Self> {
        let line = directory.stat_line(space).ok()?;
        let mut command: Box<[u8]> = line.command_to_last_close()?.into();
        for byte in &mut command {
            if *byte == b'\n' {
                *byte = b'?';
            }
        }
        Some(Self {
            command,
            status: line.status()?,
            threads: line.threads(),
        })
    }

    fn is_zombie(&self) -> bool {
        self.status.state == b'Z'
    }
}

impl<'s> Scan<'s> {
    pub(super) fn new(setting: &'s Setting<'s>, lookup: Lookup<'s>) -> Self {
        Self {
            setting,
            lookup,
            walk: None,
            addition: Vec::new(),
            mapped: FxHashMap::default(),
            seen: FxHashSet::default(),
        }
    }

    /// Hands over a process and then its tasks, as far as they have rows.
    pub(super) fn process(&mut self, pid: Pid, buffers: &mut Buffers, each: &mut dyn FnMut(Draft)) {
        let setting = self.setting;
        let Ok(directory) = setting.open(pid) else {
            return;
        };
        let Ok(uid) = directory.owner() else {
            return;
        };
        let Some(status) = Status::read(&directory, &mut buffers.text) else {
            return;
        };
        let selection = setting.world.selection;
        // The threads of this run are nobody's business.
        let is_own = setting.sharing.own() == Some(pid);
        let alone = status.threads == Some(1) && !status.is_zombie();
        let mut tasks = Vec::new();
        if !alone && !is_own && selection.lists_tasks() {
            tasks = directory.tasks().unwrap_or_default();
            tasks.retain(|tid| tid.0 != pid.0);
            tasks.sort_unstable();
        }
        let mut template = None;
        let reach = setting.world.reach;
        let avoided = if setting.avoids { reach.avoided() } else { 0 };
        let mut avoided_here = 0;
        if !status.is_zombie() {
            // Where everything must hold, a process stands with its tasks.
            let leads = selection.all
                && selection.active().any(Bits::TASK)
                && tasks
                    .iter()
                    .any(|&tid| self.task_passes((&directory, &status.command), tid, uid, buffers));
            if let Some((holder, mut draft)) =
                self.pass(&directory, uid, &status, None, leads, buffers)
            {
                let bits = holder.bits;
                self.rows(holder, &mut draft, buffers);
                // Of every task is told what is avoided.
                if !tasks.is_empty() && !setting.avoids {
                    template = Template::of(Tid(pid.0), bits, &draft);
                }
                if draft.has_rows() {
                    each(draft);
                }
            }
            if setting.avoids {
                avoided_here = reach.avoided() - avoided;
            }
        }
        for tid in tasks {
            let Ok(task) = directory.open_task(tid) else {
                continue;
            };
            let task_status = Status::read(&task, &mut buffers.text);
            let Some(task_status) = task_status.filter(|status| !status.is_zombie()) else {
                continue;
            };
            let of = Some((&directory, &*status.command));
            let Some((holder, mut draft)) = self.pass(&task, uid, &task_status, of, true, buffers)
            else {
                continue;
            };
            let bits = holder.bits;
            let sockets_only = holder.sockets_only;
            let same = template.as_ref().filter(|template| {
                template.bits == bits && setting.sharing.share_all(template.tid, tid)
            });
            match same {
                Some(template) => draft.take_rows(&template.draft),
                None => {
                    self.rows(holder, &mut draft, buffers);
                    if !setting.avoids {
                        template = Template::of(tid, bits, &draft).or(template);
                    }
                }
            }
            let mark = &selection.task_mark;
            if !mark.is_set() && (draft.has_rows() || self.has_files(&task, sockets_only, buffers))
            {
                mark.set();
            }
            if draft.has_rows() {
                each(draft);
            }
        }
        if setting.avoids {
            // The original looks at the tasks first.
            reach.avoided_later(avoided, avoided_here);
        }
    }

    /// Whether there is anything that could be a row, printed or not: a task without that does
    /// not count as found.
    fn has_files(&self, task: &ProcessDir, sockets_only: bool, buffers: &mut Buffers) -> bool {
        if self.setting.world.gathering.warnings && !sockets_only {
            return true;
        }
        let Buffers { link, .. } = buffers;
        if !sockets_only
            && [c"cwd", c"root", c"exe"]
                .iter()
                .any(|name| task.link(name, link).is_ok())
        {
            return true;
        }
        let Ok(files) = task.files() else {
            return self.setting.world.gathering.warnings;
        };
        let mut found = false;
        let _ = files.for_each(&mut |fd| {
            found = found
                || files
                    .link(fd, link)
                    .is_ok_and(|text| !sockets_only || matches!(Link::of(text), Link::Socket(_)));
        });
        found
    }

    /// Whether a live task of a process passes the gate.
    fn task_passes(
        &self,
        of: (&ProcessDir, &[u8]),
        tid: Tid,
        uid: Uid,
        buffers: &mut Buffers,
    ) -> bool {
        let Ok(task) = of.0.open_task(tid) else {
            return false;
        };
        let status = Status::read(&task, &mut buffers.text);
        status.is_some_and(|status| {
            !status.is_zombie()
                && self
                    .pass(&task, uid, &status, Some(of), true, buffers)
                    .is_some()
        })
    }

    /// A process of which only these sockets are looked at.
    pub(super) fn held(
        &mut self,
        pid: Pid,
        sockets: &[(Fd, u32)],
        buffers: &mut Buffers,
    ) -> Option<Draft> {
        let directory = self.setting.open(pid).ok()?;
        let uid = directory.owner().ok()?;
        let status = Status::read(&directory, &mut buffers.text)?;
        let (holder, mut draft) = self.pass(&directory, uid, &status, None, false, buffers)?;
        self.some_sockets(&holder, &mut draft, sockets, buffers);
        draft.has_rows().then_some(draft)
    }

    /// All rows of a process or task.
    fn rows(&mut self, mut holder: Holder<'_>, draft: &mut Draft, buffers: &mut Buffers) {
        if !holder.sockets_only {
            self.find_namespace(&mut holder);
            self.linked_rows(&holder, draft, buffers);
        }
        self.descriptors(&holder, draft, buffers);
    }

    /// The gate: what gets through, still without rows. `of`: the process that a task
    /// belongs to, and its command. `is_task`: it counts as a task.
    fn pass<'h>(
        &self,
        directory: &'h ProcessDir,
        uid: Uid,
        status: &Status,
        of: Option<(&'h ProcessDir, &[u8])>,
        is_task: bool,
        buffers: &mut Buffers,
    ) -> Option<(Holder<'h>, Draft)> {
        let command = of.map(|(_, command)| command);
        let world = self.setting.world;
        let group = signed(status.status.group.0);
        let context = world
            .gathering
            .contexts
            .then(|| read_context(directory, &mut buffers.text));
        let subject = Subject {
            pid: directory.pid(),
            is_task,
            group,
            uid,
            command: command.unwrap_or(&status.command),
            context: match &context {
                Some(Ok(context)) => context,
                _ => &[],
            },
        };
        let bits = world.selection.gate(&subject);
        let with_endpoints = world.gathering.endpoints != Endpoints::None;
        if bits.is_none() && !with_endpoints {
            return None;
        }
        let holder = Holder {
            directory,
            process: of.map_or(directory, |(process, _)| process),
            bits,
            sockets_only: world
                .selection
                .sockets_only(bits.unwrap_or(Bits::NONE), with_endpoints),
            space: Space::clone(world.reach.own()),
            foreign: false,
            uid,
            name: name_of(directory),
        };
        let draft = Draft::new(Process {
            pid: directory.pid(),
            tid: directory.tid(),
            command: subject.command.into(),
            task_command: command.map(|_| status.command.clone()),
            parent: signed(status.status.parent.0),
            group,
            uid,
            context,
            rows: Vec::new(),
            inets: Vec::new(),
            arena: Vec::new(),
        });
        Some((holder, draft))
    }

    /// Whether the process sees other mounts than this one.
    fn find_namespace(&self, holder: &mut Holder<'_>) {
        let Some(own) = self.setting.namespace else {
            return;
        };
        let Ok(stat) = holder.process.stat_of(c"ns/mnt") else {
            return;
        };
        let namespace = FileStat::from(stat).inode.0;
        if namespace == own {
            return;
        }
        holder.foreign = true;
        holder.space = self.setting.world.reach.other(namespace, || {
            let mut text = Vec::new();
            let _ = holder.process.read(c"mountinfo", &mut text, usize::MAX);
            crate::mounts::blocking_of(&text)
        });
    }

    /// Adds a row with what was said behind its name, if it is selected or somebody's other end.
    pub(super) fn push(&self, draft: &mut Draft, mut row: Row, selected: bool, end: Option<End>) {
        if !selected && end.is_none() {
            return;
        }
        row.addition = draft
            .process
            .store(|into| into.extend_from_slice(&self.addition));
        draft.push(row, selected, end);
    }

    /// Says `(call: reason)` behind the name, unless failures are not to be told.
    pub(super) fn say_failure(&mut self, call: &str, errno: Errno) {
        if self.setting.world.gathering.warnings {
            let separator: &[u8] = if self.addition.is_empty() { b"" } else { b" " };
            self.addition.extend_from_slice(separator);
            self.addition.push(b'(');
            self.addition.extend_from_slice(call.as_bytes());
            self.addition.extend_from_slice(b": ");
            self.addition.extend_from_slice(errno.text().as_bytes());
            self.addition.push(b')');
        }
    }
}

fn read_context(directory: &ProcessDir, space: &mut Vec<u8>) -> Result<Box<[u8]>, Errno> {
    directory.read(c"attr/current", space, 4096)?;
    let end = space
        .iter()
        .position(|&byte| byte == 0 || byte == b'\n')
        .unwrap_or(space.len());
    Ok(space.get(..end).unwrap_or_default().into())
}

fn name_of(directory: &ProcessDir) -> Vec<u8> {
    let mut name = Vec::with_capacity(24);
    crate::kinds::decimal(directory.pid().0.into(), &mut name);
    if let Some(tid) = directory.tid() {
        name.extend_from_slice(b"/task/");
        crate::kinds::decimal(tid.0.into(), &mut name);
    }
    name
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(-1)
}
