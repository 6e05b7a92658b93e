//! What can go wrong on the way from the kernel. Developers' words only: front ends match and
//! print their original's.

use std::borrow::Cow;

/// An error number of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Errno(pub i32);

impl Errno {
    /// `ENOENT`: no such file; from sock_diag: no handler for the family or protocol.
    pub const NOENT: Self = Self(libc::ENOENT);
    /// `EACCES`.
    pub const ACCES: Self = Self(libc::EACCES);
    /// `EPERM`.
    pub const PERM: Self = Self(libc::EPERM);
    /// `EINVAL`.
    pub const INVAL: Self = Self(libc::EINVAL);
    /// `EOPNOTSUPP`.
    pub const OPNOTSUPP: Self = Self(libc::EOPNOTSUPP);
    /// `ENODATA`: a recording ends early.
    pub const NODATA: Self = Self(libc::ENODATA);
    /// `EBADMSG`: a message is too short to be what it says.
    pub const BADMSG: Self = Self(libc::EBADMSG);
    /// `ESRCH`: the process is gone.
    pub const SRCH: Self = Self(libc::ESRCH);
    /// `ETIMEDOUT`: also what a call fails with that missed its deadline.
    pub const TIMEDOUT: Self = Self(libc::ETIMEDOUT);
    /// `ESTALE`: the server no longer knows the file.
    pub const STALE: Self = Self(libc::ESTALE);
    /// `E2BIG`
    pub const TOOBIG: Self = Self(libc::E2BIG);
    /// `EAGAIN`
    pub const AGAIN: Self = Self(libc::EAGAIN);

    /// The C library's text (`strerror`), untranslated: `No such file or directory`.
    #[must_use]
    pub fn text(self) -> String {
        crate::sys::strerror(self.0)
    }

    /// The file or process is not there (any more).
    #[must_use]
    pub fn is_gone(self) -> bool {
        self == Self::NOENT || self == Self::SRCH
    }

    /// The kernel refused for lack of privilege.
    #[must_use]
    pub fn is_refused(self) -> bool {
        self == Self::ACCES || self == Self::PERM
    }
}

impl From<rustix::io::Errno> for Errno {
    fn from(errno: rustix::io::Errno) -> Self {
        Self(errno.raw_os_error())
    }
}

impl From<&std::io::Error> for Errno {
    fn from(error: &std::io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or(libc::EIO))
    }
}

/// The step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `socket(AF_NETLINK)`.
    OpenSocket,
    /// Sending a netlink request; nothing was asked.
    Send,
    /// Receiving a netlink answer.
    Receive,
    /// The kernel answered with an error (`NLMSG_ERROR`).
    Answer,
    /// The kernel ended a dump with an error (the code in `NLMSG_DONE`).
    End,
    /// Opening a file.
    Open,
    /// Reading a file, or a recording that ends early.
    Read,
}

/// A failed step with its target and the kernel's reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What was being done.
    pub operation: Operation,
    /// To what: a path, or the name of a netlink family.
    pub target: Cow<'static, str>,
    /// Why it failed.
    pub errno: Errno,
}

impl Error {
    /// An error of `operation` on `target`.
    pub fn new(
        operation: Operation,
        target: impl Into<Cow<'static, str>>,
        errno: impl Into<Errno>,
    ) -> Self {
        Self {
            operation,
            target: target.into(),
            errno: errno.into(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{:?} {}: {}",
            self.operation,
            self.target,
            self.errno.text()
        )
    }
}

impl std::error::Error for Error {}
