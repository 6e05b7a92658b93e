//! `/proc` as text: where it is, and one reader per kind of file.
//!
//! The root is a value, so that a recorded directory serves as well as the live one.

pub mod lines;
pub mod net;
pub mod process;
mod root;
pub mod scan;

pub use root::ProcRoot;
