//! The exit status of a tool, as a value.

/// An exit status. Each tool decides it in one place; nobody calls `exit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    /// Status 0.
    pub const SUCCESS: Self = Self(0);
    /// Status 1.
    pub const FAILURE: Self = Self(1);
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
