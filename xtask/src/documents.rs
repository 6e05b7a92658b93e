//! Asks the box for a document and puts it into the tree.

use std::fs;

use crate::workspace;

/// The tools that have documents, with the section of their manual page.
pub(crate) const TOOLS: &[(&str, u8)] =
    &[("rnetstat", 8), ("rss", 8), ("rlsof", 8), ("sockbox", 1)];

/// Writes what the box answers to `words` into a file of the tree.
pub(crate) fn write(file: &str, words: &[&str]) -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args([
        "run",
        "--quiet",
        "--package",
        "sockbox",
        "--features",
        "doc",
        "--",
    ]);
    let output = command
        .args(words)
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status));
    }
    let path = workspace::root().join(file);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|error| format!("{file}: {error}"))?;
    }
    fs::write(&path, output.stdout).map_err(|error| format!("{file}: {error}"))?;
    println!("{file}");
    Ok(())
}
