//! lsof, written anew over sockcore.

#![forbid(unsafe_code)]

use applet::{Applet, Exit};

/// The tool, as `sockbox` and the binary run it.
pub const APPLET: Applet = Applet {
    names: &["lsof", "rlsof"],
    main: |_, streams| {
        streams.complain(b"lsof: no listing yet\n");
        Exit::FAILURE
    },
};
