//! lsof, written anew over sockcore.

#![forbid(unsafe_code)]

mod endpoints;
mod kinds;
mod listing;
mod mounts;
mod output;
mod plan;
mod reach;
mod row;
mod selection;
mod sockets;

use applet::{Applet, Exit};

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["lsof", "rlsof"],
    main: |_, streams| {
        streams.complain(b"lsof: no listing yet\n");
        Exit::FAILURE
    },
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    applet::doc::Document::new("rlsof", "list open files as lsof does")
}
