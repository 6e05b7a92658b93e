//! The originals and ours, run side by side and compared byte for byte.

#![forbid(unsafe_code)]

pub mod case;
pub mod compare;
pub mod differences;
pub mod fixture;
pub mod generate;
pub mod hall;
pub mod json;
pub mod mask;
pub mod odd;
pub mod pair;
pub mod parity;
pub mod protocol;
pub mod random;
pub mod stage;
pub mod subject;
pub mod table;
pub mod text;
pub mod tool;
