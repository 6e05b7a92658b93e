//! The documents in the tree are what the option tables give today.

use std::path::{Path, PathBuf};
use std::process::Command;

const TOOLS: [&str; 4] = ["rnetstat", "rss", "rlsof", "sockbox"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn told(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sockbox"))
        .args(args)
        .output();
    let output = output.expect("the box runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaint.is_empty(),
        "{args:?}: {complaint}"
    );
    String::from_utf8(output.stdout).expect("documents are UTF-8")
}

fn is_fresh(file: &str, fresh: &str) {
    let stored = std::fs::read_to_string(root().join(file)).unwrap_or_default();
    assert!(
        stored == fresh,
        "{file} is stale: `cargo xtask man` and `completions` write it anew"
    );
}

#[test]
fn the_manual_pages_are_fresh() {
    for tool in TOOLS {
        let section = if tool == "sockbox" { 1 } else { 8 };
        is_fresh(&format!("docs/man/{tool}.{section}"), &told(&["man", tool]));
    }
}

#[test]
fn the_completions_are_fresh() {
    for tool in TOOLS {
        for (shell, file) in [
            ("bash", format!("completions/{tool}.bash")),
            ("zsh", format!("completions/_{tool}")),
            ("fish", format!("completions/{tool}.fish")),
        ] {
            is_fresh(&file, &told(&["completions", shell, tool]));
        }
    }
}

#[test]
fn a_manual_page_has_every_part_and_no_placeholder() {
    for tool in TOOLS {
        let page = told(&["man", tool]);
        for part in [
            ".TH ",
            ".SH NAME",
            ".SH SYNOPSIS",
            ".SH OPTIONS",
            ".SH \"EXIT STATUS\"",
        ] {
            let plain = part.replace('"', "");
            assert!(
                page.contains(part) || page.contains(&plain),
                "{tool}: {part}"
            );
        }
        for placeholder in ["@OPTIONS@", "@VERSION@"] {
            assert!(!page.contains(placeholder), "{tool}: {placeholder}");
        }
    }
}

#[test]
fn completions_of_all_tools_come_together() {
    let all = told(&["completions", "bash"]);
    for tool in TOOLS {
        assert!(
            all.contains(&told(&["completions", "bash", tool])),
            "{tool}"
        );
    }
}

#[test]
fn bash_reads_its_completions() {
    let script = told(&["completions", "bash"]);
    let status = Command::new("bash")
        .args(["-n", "-c", &script])
        .status()
        .expect("bash runs");
    assert!(status.success());
}
