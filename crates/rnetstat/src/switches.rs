//! Decides what a packager may decide: builds of the original differ in these.

/// The Bluetooth tables (`-2`, `-f`) and their headings in the default listing. Distributions
/// build the original without.
pub(crate) const BLUETOOTH: bool = false;

/// Econet among the families whose routes are refused as "no routing" rather than as unknown.
pub(crate) const ECONET: bool = true;

/// User numbers of 2^31 and more shown as negative numbers, as the original does.
pub(crate) const SIGNED_USERS: bool = true;

/// Bytes of a program's name that are not printable ASCII shown as `.`; the original of net-tools
/// 2.10 lets them through to the terminal.
pub(crate) const PRINTABLE_PROGRAMS: bool = true;

/// RX-ERR of `-i` counts framing errors as well; net-tools 2.10 does not.
pub(crate) const FRAME_ERRORS: bool = true;
