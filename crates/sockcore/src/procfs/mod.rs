//! `/proc` as text: where it is, and one reader per kind of file.
//!
//! The root is a value, so that a recorded directory serves as well as the live one.

pub mod amateur;
pub mod amateur_words;
pub mod attribute;
pub mod bluetooth;
pub mod cgroup;
pub mod context;
pub mod counters;
pub mod device_counters;
pub mod fdinfo;
pub mod formatted;
pub mod igmp;
pub mod inet6_addresses;
pub mod lines;
pub mod locks;
pub mod maps;
pub mod mounts;
pub mod net;
pub mod process;
pub mod rare_routes;
mod root;
pub mod routes;
pub mod scan;
pub mod sctp;
pub mod sctp_words;
pub mod sharing;
#[cfg(test)]
mod testing;

pub use root::{KernelWalk, ProcRoot, is_procfs};
