//! Which tasks have the same open files, directories and mappings, so that one need be read only.

use super::ProcRoot;
use crate::id::{Pid, Tid};

/// Asks the kernel about tasks by their numbers.
#[derive(Clone, Copy, Debug)]
pub struct Sharing {
    own: Option<Pid>,
}

impl Sharing {
    /// Usable where the root numbers tasks as the kernel does for this process.
    #[must_use]
    pub fn new(root: &ProcRoot) -> Self {
        let own = std::fs::read_link(root.file("self")).ok();
        let number = own.and_then(|own| own.to_str()?.parse().ok());
        Self {
            own: number
                .filter(|&number| number == std::process::id())
                .map(Pid),
        }
    }

    /// The calling process, where the root numbers it so.
    #[must_use]
    pub fn own(self) -> Option<Pid> {
        self.own
    }

    /// Whether two tasks share memory, descriptors, root and working directory. `false` also
    /// where that cannot be told.
    #[must_use]
    pub fn share_all(self, one: Tid, other: Tid) -> bool {
        self.own.is_some() && crate::sys::kcmp::share_all(one.0, other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_and_processes_do_not() {
        let sharing = Sharing::new(&ProcRoot::live());
        let own = Tid(std::process::id());
        let thread = rustix::thread::gettid().as_raw_nonzero().get();
        let thread = Tid(thread.cast_unsigned());
        assert!(sharing.share_all(own, thread));
        assert!(!sharing.share_all(own, Tid(1)));
        assert!(!Sharing { own: None }.share_all(own, own));
    }
}
