//! How the tool was called: argv and environment as values.

use std::ffi::{OsStr, OsString};

use crate::sys;

/// Program name, arguments and environment of one run.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// argv[0] as typed, path and all: messages of `getopt` carry it.
    pub argv0: OsString,
    /// The arguments after argv[0].
    pub args: Vec<OsString>,
    /// The environment.
    pub env: Environment,
}

impl Invocation {
    /// The invocation of this process.
    #[must_use]
    pub fn from_process() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads argv")]
        let mut args = std::env::args_os();
        let argv0 = args.next().unwrap_or_default();
        Self {
            argv0,
            args: args.collect(),
            env: Environment::process(),
        }
    }

    /// Closes the descriptors above standard error that this process was started with, as an
    /// original does that lists its own too. Does nothing for an invocation that was made up.
    /// To be called before anything is opened.
    pub fn close_inherited_descriptors(&self) {
        if matches!(self.env, Environment::Process) {
            sys::close_inherited();
        }
    }

    /// The last component of argv[0]: empty when argv[0] ends in a slash.
    #[must_use]
    pub fn base_name(&self) -> &OsStr {
        use std::os::unix::ffi::OsStrExt as _;
        let bytes = self.argv0.as_bytes();
        let start = bytes
            .iter()
            .rposition(|&byte| byte == b'/')
            .map_or(0, |slash| slash + 1);
        OsStr::from_bytes(&bytes[start..])
    }
}

/// Where environment variables come from.
#[derive(Clone, Debug)]
pub enum Environment {
    /// This process; empty when it runs with raised privileges (`AT_SECURE`).
    Process,
    /// Exactly these.
    Fixed(Vec<(OsString, OsString)>),
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn process() -> Self {
        if sys::runs_with_raised_privileges() {
            Self::Fixed(Vec::new())
        } else {
            Self::Process
        }
    }

    /// The value of `name`, if it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<OsString> {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that reads the environment"
            )]
            Self::Process => std::env::var_os(name),
            Self::Fixed(variables) => variables
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_name(argv0: &str) -> OsString {
        let env = Environment::Fixed(Vec::new());
        Invocation {
            argv0: argv0.into(),
            args: Vec::new(),
            env,
        }
        .base_name()
        .to_owned()
    }

    #[test]
    fn the_base_name_is_what_follows_the_last_slash() {
        assert_eq!(base_name("ss"), "ss");
        assert_eq!(base_name("/usr/bin/ss"), "ss");
        assert_eq!(base_name("./ss/"), "");
        assert_eq!(base_name(""), "");
    }

    #[test]
    fn a_fixed_environment_holds_only_what_it_was_given() {
        let env = Environment::Fixed(vec![("COLUMNS".into(), "80".into())]);
        assert_eq!(env.get("COLUMNS"), Some("80".into()));
        assert_eq!(env.get("PATH"), None);
    }
}
