//! The columns of `-p` and `-Z`: who holds a socket.
//!
//! All processes are walked before the tables are read; a socket made in between has no owner.
//! Of several processes that hold a socket the first one counts.

mod wanted;

use sockcore::id::Inode;
use sockcore::join::{OwnerIndex, Wanted};
use sockcore::procfs::context;
use sockcore::procfs::process::ProcessDir;
use sockcore::system::effective_user;

use crate::plan::Plan;
use crate::switches;
use crate::text;
use crate::work::Work;

/// What the column holds.
const ROOM: usize = 19;
/// What is read of a command line.
const COMMAND_LINE: usize = 511;
/// A context as long as its column keeps so many of its last bytes.
const CONTEXT_ROOM: usize = 50;
const CONTEXT_TAIL: usize = 48;

/// Who holds which socket.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    owners: Option<OwnerIndex>,
}

/// Walks the processes if a table has a column for them, and tells what could not be read.
pub(crate) fn scan(work: &mut Work<'_, '_>) -> Programs {
    let tables = work.plan.tables;
    if !work.plan.programs || !(tables.internet() || tables.unix) {
        return Programs::default();
    }
    let with_context = work.plan.context;
    let describe = |process: &ProcessDir| describe(process, with_context);
    let inodes = wanted::inodes(work);
    let wanted = inodes.as_ref().map_or(Wanted::All, Wanted::Only);
    let owners = OwnerIndex::scan(&work.system.processes, false, wanted, &describe);
    let report = owners.report();
    if report.root_unreadable || (report.refused > 0 && report.sockets == 0) {
        let uid = effective_user();
        let message = format!(
            "(No info could be read for \"-p\": geteuid()={uid} but you should be root.)\n"
        );
        work.streams.complain(message.as_bytes());
    } else if report.refused > 0 {
        work.streams.complain(
            b"(Not all processes could be identified, non-owned process info\n \
              will not be shown, you would have to be root to see it all.)\n",
        );
    }
    Programs {
        owners: Some(owners),
    }
}

/// What is kept of a process: the length of its program column, that column, its context.
fn describe(process: &ProcessDir, with_context: bool) -> Option<Vec<u8>> {
    let mut command = Vec::new();
    process.read(c"cmdline", &mut command, COMMAND_LINE).ok()?;
    let mut label = vec![0];
    text::decimal(&mut label, process.pid().0.into());
    label.push(b'/');
    name_of(&command, &mut label);
    label.truncate(1 + ROOM);
    let written = label.len() - 1;
    if let Some(length) = label.first_mut() {
        *length = u8::try_from(written).unwrap_or(0);
    }
    if with_context {
        label.extend_from_slice(&context::of_process(process).unwrap_or_default());
    }
    Some(label)
}

/// The first word of a command line; of a path what follows its last slash.
fn name_of(command: &[u8], out: &mut Vec<u8>) {
    let word = command.split(|&byte| byte == 0).next().unwrap_or_default();
    let name = match (word.first(), word.iter().rposition(|&byte| byte == b'/')) {
        (Some(b'/'), Some(slash)) => word.get(slash + 1..).unwrap_or_default(),
        _ => word,
    };
    out.extend(name.iter().map(|&byte| match byte {
        0x20..=0x7e => byte,
        _ if switches::PRINTABLE_PROGRAMS => b'.',
        _ => byte,
    }));
}

/// The headings of the columns.
pub(crate) fn heading(plan: &Plan, out: &mut Vec<u8>) {
    if plan.programs {
        out.push(b' ');
        text::left(out, b"PID/Program name", ROOM + 1);
    }
    if plan.context {
        text::left(out, b" Security Context", CONTEXT_ROOM);
    }
}

impl Programs {
    /// Appends the columns that the plan has for a socket's owner.
    #[inline]
    pub(crate) fn cells(&self, plan: &Plan, out: &mut Vec<u8>, inode: u64) {
        if !plan.programs {
            return;
        }
        let label = self
            .owners
            .as_ref()
            .and_then(|owners| owners.owners(Inode(inode)).next())
            .and_then(|owner| owner.holder.label.split_first())
            .map(|(&length, rest)| rest.split_at(usize::from(length).min(rest.len())));
        let (program, context) = label.unwrap_or((b"-", b"-"));
        out.push(b' ');
        text::left(out, program, ROOM + 1);
        if plan.context {
            out.push(b' ');
            let context = match context.len() {
                0 => b"-",
                length if length >= CONTEXT_ROOM => {
                    context.get(length - CONTEXT_TAIL..).unwrap_or(context)
                }
                _ => context,
            };
            text::left(out, context, CONTEXT_ROOM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(command: &[u8]) -> String {
        let mut out = Vec::new();
        name_of(command, &mut out);
        String::from_utf8(out).expect("only printable bytes are left")
    }

    #[test]
    fn a_path_is_shown_from_its_last_slash_on_and_anything_else_whole() {
        assert_eq!(name(b"/usr/sbin/sshd\0-D\0"), "sshd");
        assert_eq!(name(b"/opt/x/y z/nginx: worker /a/b"), "b");
        assert_eq!(name(b"/foo/\0x"), "");
        assert_eq!(name(b"./rel/path\0x"), "./rel/path");
        assert_eq!(
            name(b"nginx: master process /usr/sbin/nginx"),
            "nginx: master process /usr/sbin/nginx"
        );
    }

    #[test]
    fn a_process_without_arguments_has_no_name() {
        assert_eq!(name(b""), "");
        assert_eq!(name(b"\0hidden"), "");
    }

    #[test]
    fn bytes_that_are_not_printable_become_dots() {
        assert_eq!(name(b"a\x1b[31m\tb\x7f"), "a.[31m.b.");
        assert_eq!(name("höflich".as_bytes()), "h..flich");
    }
}
