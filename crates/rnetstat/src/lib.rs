//! netstat, written anew over sockcore.

#![forbid(unsafe_code)]

use applet::{Applet, Exit};

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["netstat", "rnetstat"],
    main: |_, streams| {
        streams.complain(b"netstat: no listing yet\n");
        Exit::FAILURE
    },
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    applet::doc::Document::new("rnetstat", "list sockets, routes, interfaces and counters as netstat does")
}
