//! Who holds a socket: the text of the Process column.

use sockcore::id::Inode;
use sockcore::join::{Owner, OwnerIndex, Wanted};
use sockcore::procfs::process::ProcessDir;
use sockcore::procfs::{ProcRoot, context};

use crate::options::Show;
use crate::text::{decimal, labelled};

/// The longest process name.
const NAME_MAX: usize = 15;

/// The owners of all sockets that may be shown.
pub(crate) struct Owners {
    index: OwnerIndex,
    root: ProcRoot,
    contexts: bool,
}

impl Owners {
    /// Walks the processes. A holder's label is its whole entry up to the descriptor.
    pub(crate) fn scan(root: &ProcRoot, wanted: Wanted<'_>, show: &Show) -> Self {
        let describe = |process: &ProcessDir| Some(label(process, show));
        Self {
            index: OwnerIndex::scan(root, show.threads, wanted, &describe),
            root: root.clone(),
            contexts: show.socket_context,
        }
    }

    /// Writes ` users:(…)`, or nothing for a socket without owner. The last one found comes
    /// first.
    pub(crate) fn write(&self, out: &mut Vec<u8>, inode: Inode) {
        let mut owners = self.index.owners(inode);
        let Some(first) = owners.next() else {
            return;
        };
        out.extend_from_slice(b" users:(");
        match owners.next() {
            None => self.entry(out, first),
            Some(second) => {
                let mut all = vec![first, second];
                all.extend(owners);
                for owner in all.into_iter().rev() {
                    self.entry(out, owner);
                    out.push(b',');
                }
                out.pop();
            }
        }
        out.push(b')');
    }

    fn entry(&self, out: &mut Vec<u8>, owner: Owner<'_>) {
        out.extend_from_slice(&owner.holder.label);
        decimal(out, owner.fd.0);
        if self.contexts {
            out.extend_from_slice(b",sock_ctx=");
            let of = owner.holder.tid.map_or(owner.holder.pid.0, |tid| tid.0);
            let link = self.root.file(&format!("{of}/fd/{}", owner.fd));
            push_context(out, context::of_file(&link));
        }
        out.push(b')');
    }
}

/// `("name",pid=1,tid=2,proc_ctx=…,fd=`
fn label(process: &ProcessDir, show: &Show) -> Vec<u8> {
    let mut line = Vec::new();
    let name = match process.stat_line(&mut line) {
        Ok(line) => line.command_to_first_close().unwrap_or_default(),
        Err(_) => &[],
    };
    let mut label = b"(\"".to_vec();
    label.extend(name.iter().take(NAME_MAX).map(|&byte| printable(byte)));
    labelled(&mut label, "\",pid=", process.pid().0);
    if show.threads {
        let own = process.pid().0;
        labelled(&mut label, ",tid=", process.tid().map_or(own, |tid| tid.0));
    }
    if show.process_context {
        label.extend_from_slice(b",proc_ctx=");
        push_context(&mut label, context::of_process(process));
    }
    label.extend_from_slice(b",fd=");
    label
}

/// Writes a security context, or that there is none to be had.
pub(crate) fn push_context(out: &mut Vec<u8>, context: Option<Vec<u8>>) {
    out.extend_from_slice(context.as_deref().unwrap_or(b"unavailable"));
}

/// Nothing that a terminal could take for a command.
fn printable(byte: u8) -> u8 {
    match byte {
        0x20..=0x7e => byte,
        0..=0x1f | 0x7f => b'.',
        0x80.. => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_bytes_become_points_and_all_above_ascii_question_marks() {
        let name: Vec<u8> = b"a\tb\x7f\xc3\xa9 \"(\\"
            .iter()
            .map(|&b| printable(b))
            .collect();
        assert_eq!(name, b"a.b.?? \"(\\");
    }
}
