//! Decides what is shipped and where each file lies below the prefix it is unpacked to.
//!
//! The same commit gives the same bytes: paths of the building machine are mapped away, times
//! come from `SOURCE_DATE_EPOCH` or the commit, and the archive is sorted.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::{documents, workspace};

const BINARIES: [&str; 4] = ["sockbox", "rnetstat", "rss", "rlsof"];
/// The originals' names, for a directory that can stand first in PATH.
const NAMES: [&str; 3] = ["netstat", "ss", "lsof"];
const TEXTS: [&str; 3] = ["LICENSE", "README.md", "CHANGELOG.md"];

/// `cargo xtask dist [--target TRIPLE]`.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    let outcome = match args {
        [] => ship(None),
        [option, triple] if option == "--target" => ship(Some(triple)),
        _ => Err("usage: cargo xtask dist [--target TRIPLE]".to_owned()),
    };
    workspace::report("dist", outcome)
}

fn ship(triple: Option<&OsStr>) -> Result<(), String> {
    let built = build(triple)?;
    let mut name = OsString::from(concat!("sockcore-", env!("CARGO_PKG_VERSION")));
    if let Some(triple) = triple {
        name.push("-");
        name.push(triple);
    }
    let dist = workspace::target().join("dist-archive");
    let prefix = dist.join(&name);
    match fs::remove_dir_all(&prefix) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("{}: {error}", prefix.display()));
        }
        _ => {}
    }
    stage(&built, &prefix)?;
    let mut archive = name.clone();
    archive.push(".tar");
    let mut tar = Command::new("tar");
    tar.current_dir(&dist)
        .args([
            "--create",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
        ])
        .args(["--format=ustar", "--mode=u+rwX,go+rX,go-w"])
        .arg(format!("--mtime=@{}", time_of_source()))
        .arg("--file")
        .arg(&archive)
        .arg(&name);
    workspace::run(&mut tar)?;
    println!("{}", dist.join(archive).display());
    Ok(())
}

/// Builds the binaries; returns the directory that holds them.
fn build(triple: Option<&OsStr>) -> Result<PathBuf, String> {
    let mut flags = workspace::variable("RUSTFLAGS").unwrap_or_default();
    let cargo_home = workspace::variable("CARGO_HOME").map_or_else(
        || PathBuf::from(workspace::variable("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    for (from, to) in [(workspace::root(), "/sockcore"), (cargo_home, "/cargo")] {
        flags.push(" --remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    }
    let mut cargo = workspace::cargo();
    cargo
        .args(["build", "--locked", "--profile", "dist"])
        .env("RUSTFLAGS", flags);
    for binary in BINARIES {
        cargo.args(["--package", binary]);
    }
    let mut built = workspace::target();
    if let Some(triple) = triple {
        cargo.arg("--target").arg(triple);
        built.push(triple);
    }
    workspace::run(&mut cargo)?;
    Ok(built.join("dist"))
}

fn stage(built: &Path, prefix: &Path) -> Result<(), String> {
    let root = workspace::root();
    for binary in BINARIES {
        let size = copy(&built.join(binary), &prefix.join("bin").join(binary))?;
        println!("{size:>9} bytes  bin/{binary}");
    }
    let names = prefix.join("lib/sockcore/bin");
    make_directory(&names)?;
    for name in NAMES {
        let link = names.join(name);
        symlink("../../../bin/sockbox", &link)
            .map_err(|error| format!("{}: {error}", link.display()))?;
    }
    let share = prefix.join("share");
    for (tool, section) in documents::TOOLS {
        for (from, to) in [
            (
                format!("docs/man/{tool}.{section}"),
                format!("man/man{section}/{tool}.{section}"),
            ),
            (
                format!("completions/{tool}.bash"),
                format!("bash-completion/completions/{tool}"),
            ),
            (
                format!("completions/_{tool}"),
                format!("zsh/site-functions/_{tool}"),
            ),
            (
                format!("completions/{tool}.fish"),
                format!("fish/vendor_completions.d/{tool}.fish"),
            ),
        ] {
            copy(&root.join(from), &share.join(to))?;
        }
    }
    for text in TEXTS {
        copy(&root.join(text), &share.join("doc/sockcore").join(text))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<u64, String> {
    if let Some(directory) = to.parent() {
        make_directory(directory)?;
    }
    fs::copy(from, to).map_err(|error| format!("{}: {error}", from.display()))
}

fn make_directory(directory: &Path) -> Result<(), String> {
    fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))
}

/// Seconds since 1970 of what the archive is made from.
fn time_of_source() -> u64 {
    let given = workspace::variable("SOURCE_DATE_EPOCH").and_then(|time| time.into_string().ok());
    let time = given.or_else(|| {
        let mut git = Command::new("git");
        git.current_dir(workspace::root())
            .args(["log", "-1", "--format=%ct"]);
        git.output()
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok())
    });
    time.and_then(|time| time.trim().parse().ok()).unwrap_or(0)
}
