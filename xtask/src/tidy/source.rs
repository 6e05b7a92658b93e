//! The rules for Rust files.

use super::{Finding, code};

/// Where a program may be unsafe: in a file or directory of this name.
const UNSAFE_PLACE: &str = "sys";
/// The most lines of logic in a file, its unit tests not counted.
const LONGEST: usize = 900;
/// Files that are one long table.
const TABLES: &[&str] = &[];
/// How the kernel's names of netlink's numbers begin.
const NETLINK_PREFIXES: &[&str] = &[
    "NLM_F_",
    "NLMSG_",
    "NLA_F_",
    "RTM_",
    "IFLA_",
    "IFA_",
    "RTA_",
    "RTEXT_",
    "NDA_",
    "SOCK_DIAG_",
    "SOCKDIAG_",
    "INET_DIAG_",
    "UNIX_DIAG_",
    "UDIAG_",
    "NETLINK_DIAG_",
    "NDIAG_",
    "PACKET_DIAG_",
    "PACKET_SHOW_",
    "VSOCK_DIAG_",
    "XDP_DIAG_",
    "XDP_SHOW_",
    "TIPC_NLA_",
    "SKNLGRP_",
    "netlink_packet_",
];
/// Where those names may stand.
const NETLINK_PLACES: &[&str] = &[
    "crates/sockcore/src/netlink/",
    "crates/sockcore/src/netlink.rs",
];
/// Crates that have no place called `sys`.
const SAFE_CRATES: &[&str] = &["rnetstat", "rss", "rlsof", "sockbox"];

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// Tests and the machinery of tests: they build what the kernel sends.
fn is_test_code(path: &str) -> bool {
    let directory = ["/tests/", "/benches/"]
        .iter()
        .any(|place| path.contains(place));
    path.starts_with("tests/") || path.ends_with("/tests.rs") || directory
}

/// The text before the unit tests at its end.
fn without_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod ")
        .map_or(text, |start| &text[..start])
}

/// The first thing in a file says what it is for; only a licence of its own may stand above.
pub(super) fn begins_with_what_it_decides(path: &str, text: &str) -> Vec<Finding> {
    let first = text
        .lines()
        .find(|line| !line.starts_with("// SPDX-License-Identifier: "));
    if !is_rust(path) || first.is_some_and(|line| line.starts_with("//! ")) {
        return Vec::new();
    }
    vec![Finding::whole(
        "begins with no `//!` line that says what it decides",
    )]
}

pub(super) fn is_unsafe_only_in_sys(path: &str, text: &str) -> Vec<Finding> {
    let in_place = path
        .split('/')
        .any(|part| part.trim_end_matches(".rs") == UNSAFE_PLACE);
    if !is_rust(path) || in_place {
        return Vec::new();
    }
    lines_with(&code::only(text), |line| {
        code::has_word(line, "unsafe").then(|| format!("`unsafe` outside of `{UNSAFE_PLACE}`"))
    })
}

pub(super) fn knows_netlink_only_in_its_place(path: &str, text: &str) -> Vec<Finding> {
    let in_place = NETLINK_PLACES.iter().any(|place| path.starts_with(place));
    if !is_rust(path) || in_place || is_test_code(path) {
        return Vec::new();
    }
    lines_with(&code::only(text), |line| {
        let word = code::words(line).find(|word| {
            NETLINK_PREFIXES
                .iter()
                .any(|prefix| word.starts_with(prefix))
        })?;
        Some(format!("`{word}` outside of sockcore::netlink"))
    })
}

pub(super) fn is_not_too_long(path: &str, text: &str) -> Vec<Finding> {
    let lines = without_tests(text).lines().count();
    if !is_rust(path) || TABLES.contains(&path) || lines <= LONGEST {
        return Vec::new();
    }
    vec![Finding::whole(format!(
        "{lines} lines without tests, more than {LONGEST}"
    ))]
}

pub(super) fn leaves_nothing_undone(path: &str, text: &str) -> Vec<Finding> {
    if !is_rust(path) {
        return Vec::new();
    }
    lines_with(&code::only(text), |line| {
        let packed: String = line.split_whitespace().collect();
        let undone = ["todo!(", "unimplemented!(", "#[ignore", "dbg!("];
        undone
            .iter()
            .find(|word| packed.contains(*word))
            .map(|word| format!("`{word}`"))
    })
}

/// An allowed or expected lint says why.
pub(super) fn gives_reasons_for_allowed_lints(path: &str, text: &str) -> Vec<Finding> {
    if !is_rust(path) {
        return Vec::new();
    }
    let code = code::only(text);
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let packed = line.trim_start();
        let starts = ["#[allow(", "#![allow(", "#[expect(", "#![expect("];
        if !starts.iter().any(|start| packed.starts_with(start)) {
            continue;
        }
        let attribute: String = code
            .lines()
            .skip(number - 1)
            .scan(0_i32, |depth, line| {
                let closed_before = *depth < 0;
                *depth += line.matches('[').count() as i32 - line.matches(']').count() as i32;
                let this = (!closed_before).then_some(line);
                if *depth == 0 {
                    *depth = -1;
                }
                this
            })
            .collect();
        if !code::has_word(&attribute, "reason") {
            findings.push(Finding::at(number, "allows a lint without a reason"));
        }
    }
    findings
}

/// The crate roots without a `sys` forbid unsafe code.
pub(super) fn forbids_unsafe_code_at_the_root(path: &str, text: &str) -> Vec<Finding> {
    let is_root = SAFE_CRATES.iter().any(|name| {
        let library = format!("crates/{name}/src/lib.rs");
        path == library || (*name == "sockbox" && path == "crates/sockbox/src/main.rs")
    });
    if !(is_root || path == "xtask/src/main.rs") || text.contains("#![forbid(unsafe_code)]") {
        return Vec::new();
    }
    vec![Finding::whole("lacks `#![forbid(unsafe_code)]`")]
}

fn lines_with(text: &str, wrong: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    (1..)
        .zip(text.lines())
        .filter_map(|(number, line)| Some(Finding::at(number, wrong(line)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC: &str = "//! Decides.\n";

    #[test]
    fn a_file_begins_with_a_module_doc() {
        assert_eq!(
            begins_with_what_it_decides("a.rs", "use x;\n//! Late.\n").len(),
            1
        );
        assert_eq!(begins_with_what_it_decides("a.rs", "").len(), 1);
        assert_eq!(begins_with_what_it_decides("a.rs", DOC), []);
        let licensed = format!("// SPDX-License-Identifier: MIT\n{DOC}");
        assert_eq!(begins_with_what_it_decides("a.rs", &licensed), []);
        assert_eq!(begins_with_what_it_decides("a.toml", ""), []);
    }

    #[test]
    fn unsafe_code_stands_only_in_sys() {
        let text = "// unsafe\nfn f() {\n    unsafe { g() }\n}\n#![forbid(unsafe_code)]\n";
        assert_eq!(
            is_unsafe_only_in_sys("crates/a/src/b.rs", text),
            [Finding::at(3, "`unsafe` outside of `sys`")]
        );
        assert_eq!(is_unsafe_only_in_sys("crates/a/src/sys.rs", text), []);
        assert_eq!(is_unsafe_only_in_sys("crates/a/src/sys/b.rs", text), []);
        assert_eq!(
            is_unsafe_only_in_sys("crates/a/src/system.rs", text).len(),
            1
        );
        let attribute = "#[unsafe(link_section = \"x\")]\n";
        assert_eq!(
            is_unsafe_only_in_sys("crates/a/src/b.rs", attribute).len(),
            1
        );
    }

    #[test]
    fn netlink_numbers_stand_only_in_its_module() {
        let text = "const A: u16 = NLM_F_DUMP;\nuse netlink_packet_core::X;\n// RTM_GETLINK\n";
        assert_eq!(
            knows_netlink_only_in_its_place("crates/rss/src/a.rs", text).len(),
            2
        );
        assert_eq!(
            knows_netlink_only_in_its_place("crates/sockcore/src/a.rs", text).len(),
            2
        );
        assert_eq!(
            knows_netlink_only_in_its_place("crates/sockcore/src/netlink/a.rs", text),
            []
        );
        assert_eq!(
            knows_netlink_only_in_its_place("crates/sockcore/tests/a.rs", text),
            []
        );
    }

    #[test]
    fn a_long_file_is_found_but_its_tests_do_not_count() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(is_not_too_long("a.rs", &long).len(), 1);
        assert_eq!(is_not_too_long("a.rs", &"x\n".repeat(LONGEST)), []);
        let tested = format!("x\n\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert_eq!(is_not_too_long("a.rs", &tested), []);
    }

    #[test]
    fn unfinished_code_is_found() {
        for undone in [
            "todo!()",
            "    unimplemented!(\"x\")",
            "#[ignore = \"later\"]",
            "dbg!(x)",
        ] {
            assert_eq!(leaves_nothing_undone("a.rs", undone).len(), 1, "{undone}");
        }
        assert_eq!(
            leaves_nothing_undone("a.rs", "// todo!()\nlet s = \"#[ignore]\";"),
            []
        );
    }

    #[test]
    fn an_allowed_lint_needs_a_reason() {
        let bare = "#[allow(dead_code)]\nfn f(reason: u8) {}\n";
        assert_eq!(gives_reasons_for_allowed_lints("a.rs", bare).len(), 1);
        let short = "#[expect(dead_code, reason = \"x\")]\n";
        assert_eq!(gives_reasons_for_allowed_lints("a.rs", short), []);
        let long = "#![allow(\n    dead_code,\n    reason = \"x\"\n)]\n";
        assert_eq!(gives_reasons_for_allowed_lints("a.rs", long), []);
    }

    #[test]
    fn a_front_end_forbids_unsafe_code() {
        assert_eq!(
            forbids_unsafe_code_at_the_root("crates/rss/src/lib.rs", DOC).len(),
            1
        );
        assert_eq!(
            forbids_unsafe_code_at_the_root("crates/rss/src/flags.rs", DOC),
            []
        );
        let text = "//! Decides.\n\n#![forbid(unsafe_code)]\n";
        assert_eq!(
            forbids_unsafe_code_at_the_root("crates/rss/src/lib.rs", text),
            []
        );
    }
}
