//! Kernel sockets, processes, routes, interfaces and counters as typed records.
//!
//! The library turns what the kernel tells (netlink messages, `/proc` text) into records and lends
//! them one at a time to a visitor. It does not know that any tool exists: no width, no heading,
//! no words for users. It reads no argv, no environment and no terminal; the root of `/proc`, a
//! recording, the clock and the name service arrive as values in [`System`].
//!
//! Invariants that callers may rely on:
//! * the kernel's order is kept;
//! * a kernel structure may be shorter or longer than known here: shorter reads as zero past its
//!   end (or `None` where the whole datum is missing), longer is ignored past what is known;
//! * a process may vanish between any two reads, and a read may be refused: both are values.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod addr;
mod bpf;
pub mod btf;
pub mod clock;
pub mod error;
pub mod filter;
#[doc(hidden)]
pub mod fuzzing;
pub mod guard;
pub mod id;
pub mod join;
pub mod locale;
pub mod names;
pub mod netlink;
pub mod netns;
pub mod pattern;
pub mod procfs;
pub mod query;
pub mod rpcbind;
pub mod socket;
pub mod source;
pub mod storage;
#[allow(
    unsafe_code,
    reason = "the name service and a few calls exist only as C interfaces"
)]
pub mod sys;
pub mod system;

pub use error::{Errno, Error, Operation};
pub use source::{Completeness, Origin, SocketSource};
pub use system::System;
