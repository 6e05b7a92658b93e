//! Half-open connections: netlink tells neither the listener's user nor the timeouts, so these
//! few rows are looked up in the kernel's text.

use rustc_hash::FxHashMap;
use sockcore::addr::Endpoint;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::formatted::InetColumns;
use sockcore::procfs::lines::Lines;

use super::source::timer_of;
use super::timer::Timer;

const SYN_RECV: u32 = 3;

/// The half-open connections of one text table, read when the first one is met.
pub(super) struct SynRecv {
    root: ProcRoot,
    file: &'static str,
    rows: Option<FxHashMap<(Endpoint, Endpoint), (u32, Timer)>>,
}

impl SynRecv {
    pub(super) fn new(root: &ProcRoot, file: &'static str) -> Self {
        Self {
            root: root.clone(),
            file,
            rows: None,
        }
    }

    /// The user and the timer of a half-open connection; `None`: it is gone.
    pub(super) fn find(&mut self, local: &Endpoint, peer: &Endpoint) -> Option<(u32, Timer)> {
        let (root, file) = (&self.root, self.file);
        self.rows
            .get_or_insert_with(|| read(root, file))
            .get(&(*local, *peer))
            .copied()
    }
}

fn read(root: &ProcRoot, file: &str) -> FxHashMap<(Endpoint, Endpoint), (u32, Timer)> {
    let mut rows = FxHashMap::default();
    let Ok(file) = root.open(file) else {
        return rows;
    };
    let mut lines = Lines::new(file);
    let mut columns = InetColumns::default();
    while let Ok(Some(line)) = lines.next_line() {
        if columns.read(line) >= InetColumns::ALL && columns.state == SYN_RECV {
            let value = (columns.uid.cast_unsigned(), timer_of(&columns));
            rows.insert((columns.local, columns.peer), value);
        }
    }
    rows
}
