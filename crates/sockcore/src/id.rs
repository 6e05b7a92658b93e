//! Numbers that must not be mixed up, each a type of its own.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )*};
}

ids! {
    /// A process (thread group) id, as the `/proc` in use numbers them.
    Pid(u32);
    /// A thread id, as the `/proc` in use numbers them.
    Tid(u32);
    /// A file descriptor number.
    Fd(u32);
    /// An inode number; for sockets the sockfs inode (`idiag_inode`, `udiag_ino`). 0: none.
    Inode(u64);
    /// A user id, unsigned as the kernel keeps it.
    Uid(u32);
    /// A network interface index (`idiag_if`); 0: not bound to a device.
    IfIndex(u32);
    /// The kernel's socket cookie: `idiag_cookie[1] << 32 | idiag_cookie[0]`.
    Cookie(u64);
    /// A device number as `stat` gives it (`st_dev`, `st_rdev`): glibc's 12/20-bit split.
    DeviceId(u64);
}

impl DeviceId {
    /// The major number.
    #[must_use]
    pub fn major(self) -> u32 {
        rustix::fs::major(self.0)
    }

    /// The minor number.
    #[must_use]
    pub fn minor(self) -> u32 {
        rustix::fs::minor(self.0)
    }

    /// From the two numbers.
    #[must_use]
    pub fn from_parts(major: u32, minor: u32) -> Self {
        Self(rustix::fs::makedev(major, minor))
    }
}
