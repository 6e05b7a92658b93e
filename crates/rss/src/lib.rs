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
