//! Decides which tool this process is: by the whole name it is called by, else by its first
//! word. What names no tool is sockbox's own business.

#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::ExitCode;

use applet::{Applet, Invocation};

#[cfg(feature = "doc")]
mod documents;
mod install;
mod own;

/// The tools in this box.
static APPLETS: &[Applet] = &[
    #[cfg(feature = "netstat")]
    rnetstat::APPLET,
    #[cfg(feature = "ss")]
    rss::APPLET,
    #[cfg(feature = "lsof")]
    rlsof::APPLET,
];

fn main() -> ExitCode {
    let (applet, invocation) = choose(Invocation::from_process());
    applet::run_as(applet, &invocation)
}

/// The tool meant, and the invocation as that tool is to see it.
fn choose(mut invocation: Invocation) -> (&'static Applet, Invocation) {
    if let Some(applet) = find(called_as(invocation.base_name())) {
        return (applet, invocation);
    }
    if let Some(applet) = invocation.args.first().and_then(|word| find(word)) {
        invocation.argv0 = invocation.args.remove(0);
        return (applet, invocation);
    }
    (&own::APPLET, invocation)
}

fn find(name: &OsStr) -> Option<&'static Applet> {
    APPLETS
        .iter()
        .find(|applet| applet.names.iter().any(|known| name == *known))
}

/// The name behind what login shells (`-ss`) and wrapper scripts (`.ss-wrapped`) make of it.
fn called_as(base_name: &OsStr) -> &OsStr {
    let name = base_name.as_bytes();
    let name = name.strip_prefix(b"-").unwrap_or(name);
    let wrapped = name
        .strip_prefix(b".")
        .and_then(|rest| rest.strip_suffix(b"-wrapped"));
    OsStr::from_bytes(wrapped.unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use applet::Environment;

    use super::*;

    fn chosen(words: &[&str]) -> (&'static str, Vec<String>) {
        let mut words = words.iter().map(Into::into);
        let argv0 = words.next().unwrap_or_default();
        let env = Environment::Fixed(Vec::new());
        let (applet, seen) = choose(Invocation {
            argv0,
            args: words.collect(),
            env,
        });
        let words = std::iter::once(&seen.argv0).chain(&seen.args);
        (
            applet.names[0],
            words
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        )
    }

    fn is_chosen(words: &[&str], name: &str, seen: &[&str]) {
        let (applet, words) = chosen(words);
        assert_eq!(
            (applet, words),
            (name, seen.iter().map(ToString::to_string).collect())
        );
    }

    #[test]
    fn the_name_it_is_called_by_chooses_the_tool() {
        is_chosen(&["ss", "-t"], "ss", &["ss", "-t"]);
        is_chosen(&["/usr/bin/netstat"], "netstat", &["/usr/bin/netstat"]);
        is_chosen(&["./rlsof", "ss"], "lsof", &["./rlsof", "ss"]);
    }

    #[test]
    fn login_dashes_and_wrapper_names_are_seen_through() {
        is_chosen(&["-ss"], "ss", &["-ss"]);
        is_chosen(
            &["/nix/store/x/bin/.lsof-wrapped"],
            "lsof",
            &["/nix/store/x/bin/.lsof-wrapped"],
        );
        is_chosen(&[".sockbox-wrapped", "ss"], "ss", &["ss"]);
    }

    #[test]
    fn only_whole_names_count() {
        for name in [
            "glass",
            "ss2",
            "xss",
            "ss ",
            "SS",
            "ss.old",
            ".ss",
            "ss-wrapped",
            "netstat/",
        ] {
            is_chosen(&[name], "sockbox", &[name]);
        }
    }

    #[test]
    fn otherwise_the_first_word_names_the_tool_which_then_sees_itself() {
        is_chosen(&["sockbox", "rss", "-t", "ss"], "ss", &["rss", "-t", "ss"]);
        is_chosen(&["/opt/box", "netstat"], "netstat", &["netstat"]);
    }

    #[test]
    fn what_names_no_tool_is_left_whole() {
        is_chosen(&["sockbox"], "sockbox", &["sockbox"]);
        is_chosen(&["sockbox", "--list"], "sockbox", &["sockbox", "--list"]);
        is_chosen(&["sockbox", "-ss"], "sockbox", &["sockbox", "-ss"]);
        is_chosen(&[""], "sockbox", &[""]);
    }
}
