//! Decides where the originals come from: fetches those of a Debian suite and makes them runnable
//! without installing them.
//!
//! The mirror is the one that this machine's apt is configured for; only the suite is another.
//! apt works on a private state, so nothing of the machine's package lists or installed packages
//! is looked at or changed. The result is `target/oracle/SUITE`: a `root` to which the packages
//! were unpacked, a `loader` directory whose links to the dynamic loader carry the tools' names
//! (so that a started original has its own name in the process table), and one wrapper script per
//! tool.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::workspace;

/// The tools and what asks each for its version.
const TOOLS: [(&str, &str); 3] = [("ss", "-V"), ("netstat", "-V"), ("lsof", "-v")];
const PACKAGES: [&str; 3] = ["iproute2", "net-tools", "lsof"];
const SUITES: [&str; 2] = ["trixie", "sid"];
/// Written last: the versions of what is beside it.
const STAMP: &str = "versions";

/// `cargo xtask oracle [--suite trixie|sid] [--force]`: without a suite, both.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    workspace::report("oracle", fetch_suites(arguments))
}

fn fetch_suites(arguments: &[OsString]) -> Result<(), String> {
    let mut suites = Vec::new();
    let mut force = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--suite") => {
                let name = words.next().ok_or("--suite needs trixie or sid")?;
                let known = SUITES.iter().find(|suite| *suite == name);
                suites.push(*known.ok_or_else(|| format!("no suite is called {name:?}"))?);
            }
            Some("--force") => force = true,
            _ => return Err(format!("no such argument: {word:?}")),
        }
    }
    if suites.is_empty() {
        suites.extend(SUITES);
    }
    for suite in suites {
        match ensure(suite, force) {
            Ok(versions) => say(&versions),
            Err(reason) => say(&format!(
                "oracle: the originals of {suite} could not be had: {reason}\n\
                 oracle: comparisons with them are skipped; those in PATH remain\n"
            )),
        }
    }
    Ok(())
}

/// Makes sure that `target/oracle/SUITE` is there; returns the lines that tell what it holds.
pub(crate) fn ensure(suite: &str, force: bool) -> Result<String, String> {
    let place = directory(suite);
    let stamp = place.join(STAMP);
    if !force && let Ok(versions) = fs::read_to_string(&stamp) {
        return Ok(versions);
    }
    let mut reasons = Vec::new();
    for mirror in mirrors()? {
        // What is there already stays until something is there to replace it.
        let fresh = place.with_extension("new");
        let fetched = fetch(&mirror, suite, &fresh).and_then(|()| {
            let versions = describe(suite, &fresh)?;
            write(&fresh.join(STAMP), &versions)?;
            Ok(versions)
        });
        match fetched {
            Ok(versions) => {
                let _ = fs::remove_dir_all(&place);
                fs::rename(&fresh, &place)
                    .map_err(|error| format!("{}: {error}", place.display()))?;
                return Ok(versions);
            }
            Err(reason) => {
                let _ = fs::remove_dir_all(&fresh);
                reasons.push(reason);
            }
        }
    }
    if reasons.is_empty() {
        reasons.push("apt has no Debian mirror configured here".to_owned());
    }
    Err(reasons.join("; "))
}

fn directory(suite: &str) -> PathBuf {
    workspace::root().join("target/oracle").join(suite)
}

/// A place that serves Debian's main archive, as apt is told of it.
#[derive(Debug, PartialEq, Eq)]
struct Mirror {
    uri: String,
    signed_by: Option<String>,
}

/// The mirrors of Debian's main archive that apt is configured for.
fn mirrors() -> Result<Vec<Mirror>, String> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs::read_dir("/etc/apt/sources.list.d") {
        let mut more: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        more.sort();
        files.extend(more);
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let release = release.map(|name| name.trim_matches('"'));
    let mut found = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let sources = match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => one_line_sources(&text),
            Some("sources") => paragraph_sources(&text),
            _ => continue,
        };
        for source in sources {
            if source.serves_debian(release) {
                let mirror = Mirror {
                    uri: source.uri,
                    signed_by: source.signed_by,
                };
                if !found.contains(&mirror) {
                    found.push(mirror);
                }
            }
        }
    }
    Ok(found)
}

/// One archive of apt's configuration.
#[derive(Debug, PartialEq, Eq)]
struct Source {
    uri: String,
    suites: Vec<String>,
    components: Vec<String>,
    signed_by: Option<String>,
}

impl Source {
    /// Whether this is a mirror of Debian's main archive: it carries this machine's release, or a
    /// suite that every such mirror has, under its plain name.
    fn serves_debian(&self, release: Option<&str>) -> bool {
        const COMMON: [&str; 5] = ["stable", "testing", "unstable", "trixie", "sid"];
        let plain = |suite: &String| Some(suite.as_str()) == release;
        self.components.iter().any(|component| component == "main")
            && self
                .suites
                .iter()
                .any(|suite| plain(suite) || COMMON.contains(&suite.as_str()))
    }
}

/// The one-line format: `deb [options] uri suite component...`.
fn one_line_sources(text: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let Some(rest) = line.strip_prefix("deb ") else {
            continue;
        };
        let (options, rest) = match rest.trim_start().strip_prefix('[') {
            Some(rest) => rest.split_once(']').unwrap_or((rest, "")),
            None => ("", rest),
        };
        let signed_by = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="));
        let mut words = rest.split_whitespace().map(str::to_owned);
        let (Some(uri), Some(suite)) = (words.next(), words.next()) else {
            continue;
        };
        sources.push(Source {
            uri,
            suites: vec![suite],
            components: words.collect(),
            signed_by: signed_by.map(str::to_owned),
        });
    }
    sources
}

/// The paragraph format (deb822): `Types:`, `URIs:`, `Suites:`, `Components:`, `Signed-By:`.
fn paragraph_sources(text: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    // A comment line may stand anywhere and ends no paragraph.
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    for paragraph in lines.split(|line| line.trim().is_empty()) {
        let value = |name: &str| -> Option<&str> {
            paragraph.iter().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then_some(value.trim())
            })
        };
        let list = |name: &str| -> Vec<String> {
            let words = value(name).unwrap_or_default().split_whitespace();
            words.map(str::to_owned).collect()
        };
        let enabled = !matches!(value("Enabled"), Some("no" | "false" | "0"));
        if enabled && list("Types").iter().any(|kind| kind == "deb") {
            for uri in list("URIs") {
                sources.push(Source {
                    uri,
                    suites: list("Suites"),
                    components: list("Components"),
                    // A key written out in place of a file name starts on the next line.
                    signed_by: value("Signed-By")
                        .filter(|path| path.starts_with('/'))
                        .map(str::to_owned),
                });
            }
        }
    }
    sources
}

/// Downloads the packages and what they depend on, and unpacks them to `place`.
fn fetch(mirror: &Mirror, suite: &str, place: &Path) -> Result<(), String> {
    let _ = fs::remove_dir_all(place);
    let state = place.join("apt");
    for part in ["state/lists/partial", "cache/archives/partial", "parts"] {
        make_directory(&state.join(part))?;
    }
    make_directory(&place.join("root"))?;
    // No package counts as installed: every library comes from the suite itself.
    write(&state.join("status"), "")?;
    let configuration = format!(
        "Dir::State \"{0}/state\";\nDir::State::status \"{0}/status\";\nDir::Cache \"{0}/cache\";\n\
         Dir::Etc::sourcelist \"{0}/sources.list\";\nDir::Etc::sourceparts \"{0}/parts\";\n\
         Acquire::Languages \"none\";\nAPT::Sandbox::User \"\";\n",
        state.display()
    );
    write(&state.join("apt.conf"), &configuration)?;
    let signed_by = mirror
        .signed_by
        .as_deref()
        .map(|path| format!("signed-by={path}"));
    if let Err(reason) = update(&state, mirror, suite, signed_by.as_deref()) {
        if !reason.contains("NO_PUBKEY") && !reason.contains("is not signed") {
            return Err(reason);
        }
        say(&format!(
            "oracle: no key of this machine fits the signature of {suite}; \
             its packages are taken without that check\n"
        ));
        update(&state, mirror, suite, Some("trusted=yes"))?;
    }
    let mut install = apt(&state);
    install.args([
        "--yes",
        "--quiet",
        "--download-only",
        "--no-install-recommends",
        "install",
    ]);
    output(install.args(PACKAGES))?;
    let root = place.join("root");
    for entry in read_directory(&state.join("cache/archives"))? {
        if entry
            .extension()
            .is_some_and(|extension| extension == "deb")
        {
            output(Command::new("dpkg-deb").arg("-x").arg(&entry).arg(&root))?;
        }
    }
    // Only programs, libraries and iproute2's name tables are wanted.
    let _ = fs::remove_dir_all(root.join("etc"));
    for entry in read_directory(&root.join("usr/share"))? {
        if entry.file_name().is_none_or(|name| name != "iproute2") {
            let _ = fs::remove_dir_all(entry);
        }
    }
    fs::remove_dir_all(&state).map_err(|error| format!("{}: {error}", state.display()))?;
    make_runnable(place)
}

fn update(state: &Path, mirror: &Mirror, suite: &str, option: Option<&str>) -> Result<(), String> {
    let options = option
        .map(|option| format!("[{option}] "))
        .unwrap_or_default();
    let line = format!("deb {options}{} {suite} main\n", mirror.uri);
    write(&state.join("sources.list"), &line)?;
    // Without the second word a list that could not be fetched is only a warning.
    output(apt(state).args(["-o", "APT::Update::Error-Mode=any", "--quiet", "update"])).map(drop)
}

fn apt(state: &Path) -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("APT_CONFIG", state.join("apt.conf"))
        .env("LC_ALL", "C");
    command.args([
        "-o",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
    ]);
    command
}

/// Links the loader under the tools' names and writes the wrappers.
fn make_runnable(place: &Path) -> Result<(), String> {
    let root = place.join("root");
    let (loader, libraries) = loader_and_libraries(&root)?;
    make_directory(&place.join("loader"))?;
    let libraries: Vec<_> = libraries
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    write(&place.join("libraries"), &libraries.join(":"))?;
    for (tool, _) in TOOLS {
        let link = place.join("loader").join(tool);
        std::os::unix::fs::symlink(Path::new("..").join("root").join(&loader), &link)
            .map_err(|error| format!("{}: {error}", link.display()))?;
        let script = format!(
            "#!/bin/sh\n\
             # Runs the original through its own loader; ORACLE_ARGV0 is the argv[0] that it sees.\n\
             here=$(dirname \"$(readlink -f \"$0\")\")\n\
             libraries=$(sed \"s|^|$here/root/|; s|:|:$here/root/|g\" \"$here/libraries\")\n\
             exec \"$here/loader/{tool}\" --argv0 \"${{ORACLE_ARGV0-{tool}}}\" \
             --library-path \"$libraries\" \"$here/root/usr/bin/{tool}\" \"$@\"\n"
        );
        let wrapper = place.join(tool);
        write(&wrapper, &script)?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&wrapper, mode).map_err(|error| format!("{tool}: {error}"))?;
    }
    Ok(())
}

/// The dynamic loader and the directories with shared libraries, relative to `root`.
fn loader_and_libraries(root: &Path) -> Result<(PathBuf, Vec<PathBuf>), String> {
    let library = root.join("usr/lib");
    let mut directories = vec![library.clone()];
    directories.extend(
        read_directory(&library)?
            .into_iter()
            .filter(|path| path.is_dir()),
    );
    let mut loader = None;
    let mut libraries = Vec::new();
    for directory in directories {
        let names: Vec<String> = read_directory(&directory)?
            .iter()
            .filter(|path| path.is_file())
            .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
            .collect();
        let relative = directory
            .strip_prefix(root)
            .unwrap_or(&directory)
            .to_owned();
        if names.iter().any(|name| name.contains(".so")) {
            libraries.push(relative.clone());
        }
        if let Some(name) = names.iter().find(|name| name.starts_with("ld-linux")) {
            loader = Some(relative.join(name));
        }
    }
    Ok((
        loader.ok_or("the C library came without its loader")?,
        libraries,
    ))
}

/// Runs every tool once: the proof that it runs, and its version.
fn describe(suite: &str, place: &Path) -> Result<String, String> {
    let mut lines = String::new();
    for (tool, option) in TOOLS {
        let text = output(Command::new(place.join(tool)).arg(option))?;
        let version = text
            .lines()
            .find(|line| line.contains("revision:") || line.contains("utility"))
            .or_else(|| text.lines().next())
            .unwrap_or_default();
        lines.push_str(&format!("{suite} {tool}: {}\n", version.trim()));
    }
    Ok(lines)
}

/// Runs a command to its end; its two outputs together, or the reason why it failed.
fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let result = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    let mut text = String::from_utf8_lossy(&result.stdout).into_owned();
    let errors = String::from_utf8_lossy(&result.stderr);
    text.push_str(&errors);
    if result.status.success() {
        return Ok(text);
    }
    let telling = errors.lines().rfind(|line| line.starts_with("E:"));
    Err(format!(
        "{name}: {}",
        telling
            .or_else(|| errors.lines().last())
            .unwrap_or("failed")
    ))
}

fn read_directory(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn make_directory(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPHS: &str = "\
# a comment
Types: deb
# another
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb-src
URIs: http://mirror.example/debian
Suites: bookworm
Components: main
";

    #[test]
    fn the_main_archive_is_found_among_paragraphs() {
        let sources = paragraph_sources(PARAGRAPHS);
        assert_eq!(sources.len(), 2);
        let ours: Vec<_> = sources
            .iter()
            .filter(|source| source.serves_debian(Some("bookworm")))
            .collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].uri, "http://mirror.example/debian");
        assert_eq!(
            ours[0].signed_by.as_deref(),
            Some("/usr/share/keyrings/archive.gpg")
        );
    }

    #[test]
    fn the_main_archive_is_found_among_lines() {
        let text = "deb [arch=amd64 signed-by=/k.gpg] http://m.example/debian sid main contrib\n\
                    # deb http://no.example/ sid main\n\
                    deb http://other.example/apt tool-bookworm main\n";
        let sources = one_line_sources(text);
        assert_eq!(sources.len(), 2);
        assert!(sources[0].serves_debian(None));
        assert_eq!(sources[0].signed_by.as_deref(), Some("/k.gpg"));
        assert!(!sources[1].serves_debian(Some("bookworm")));
    }
}
