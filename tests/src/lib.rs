//! The originals and ours, run side by side and compared byte for byte.

pub mod protocol;
