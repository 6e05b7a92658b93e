//! Decides whether the tree keeps the rules of the house that no compiler checks. Every rule is a
//! function from a file's path and text to what is wrong in it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::workspace;

mod code;
mod manifest;
mod source;
mod text;

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// From 1; 0 when it concerns the file as a whole.
    line: usize,
    what: String,
}

impl Finding {
    fn whole(what: impl Into<String>) -> Self {
        Self {
            line: 0,
            what: what.into(),
        }
    }

    fn at(line: usize, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
        }
    }
}

/// A rule: the path is relative to the root, with `/` between its parts.
type Rule = fn(&str, &str) -> Vec<Finding>;

const RULES: &[Rule] = &[
    manifest::depends_only_on_what_it_may,
    manifest::takes_the_lints_of_the_workspace,
    source::begins_with_what_it_decides,
    source::is_unsafe_only_in_sys,
    source::knows_netlink_only_in_its_place,
    source::is_not_too_long,
    source::leaves_nothing_undone,
    source::gives_reasons_for_allowed_lints,
    source::forbids_unsafe_code_at_the_root,
    text::names_no_machine,
    text::names_no_foreign_host,
];

/// `cargo xtask tidy`.
pub(crate) fn run(_args: &[OsString]) -> ExitCode {
    workspace::report("tidy", check(&workspace::root()))
}

/// All findings in one text, if there are any.
fn check(root: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    collect(root, &mut files).map_err(|error| format!("{}: {error}", root.display()))?;
    files.sort();
    let mut findings = String::new();
    let mut count = 0;
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            // Not text: a recording.
            continue;
        };
        let path = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
        for finding in RULES.iter().flat_map(|rule| rule(&path, &text)) {
            count += 1;
            findings.push_str(&match finding.line {
                0 => format!("\n  {path}: {}", finding.what),
                line => format!("\n  {path}:{line}: {}", finding.what),
            });
        }
    }
    if count == 0 {
        Ok(())
    } else {
        Err(format!("{count} findings{findings}"))
    }
}

/// The files of the tree, without what is built and what git keeps for itself.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if name != ".git" && !name.as_encoded_bytes().starts_with(b"target") {
                collect(&entry.path(), files)?;
            }
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_keeps_the_rules_of_the_house() {
        if let Err(findings) = check(&workspace::root()) {
            panic!("{findings}");
        }
    }
}
