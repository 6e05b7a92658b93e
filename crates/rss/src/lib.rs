//! ss, written anew over sockcore.

#![forbid(unsafe_code)]

use applet::{Applet, Exit};

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["ss", "rss"],
    main: |_, streams| {
        streams.complain(b"ss: no listing yet\n");
        Exit::FAILURE
    },
};

/// The option table as a document.
#[cfg(feature = "doc")]
#[must_use]
pub fn document() -> applet::doc::Document {
    applet::doc::Document::new("rss", "list sockets as ss does")
}
