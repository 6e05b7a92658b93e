//! The rules for `Cargo.toml`: who may depend on whom.

use super::Finding;

/// What a crate must not depend on, by crate; a name that ends in `-` stands for all that begin
/// so. What is asked of one kind of dependency (`dev-dependencies`) is not asked of the others.
const NEVER: &[(&str, &[&str])] = &[
    (
        "sockcore",
        &[
            "applet", "clap", "clap_", "rnetstat", "rss", "rlsof", "sockbox", "tabled",
        ],
    ),
    (
        "applet",
        &[
            "sockcore",
            "netlink-packet-",
            "procfs",
            "rnetstat",
            "rss",
            "rlsof",
            "sockbox",
        ],
    ),
    (
        "rnetstat",
        &[
            "netlink-packet-",
            "procfs",
            "clap",
            "clap_",
            "rss",
            "rlsof",
            "sockbox",
        ],
    ),
    (
        "rss",
        &[
            "netlink-packet-",
            "procfs",
            "clap",
            "clap_",
            "rnetstat",
            "rlsof",
            "sockbox",
        ],
    ),
    (
        "rlsof",
        &[
            "netlink-packet-",
            "procfs",
            "clap",
            "clap_",
            "rnetstat",
            "rss",
            "sockbox",
        ],
    ),
    (
        "sockbox",
        &["sockcore", "netlink-packet-", "procfs", "rustix", "libc"],
    ),
    ("conformance", &["clap", "clap_", "procfs"]),
];

/// What only some may depend on, and then with a comment above the line that says why.
const WITH_REASON: &[(&str, &[&str])] = &[
    ("rnetstat", &["rustix", "libc"]),
    ("rss", &["rustix", "libc"]),
    ("rlsof", &["rustix", "libc"]),
];

/// What is built in only when asked for.
const OPTIONAL: &[(&str, &[&str])] = &[
    ("applet", &["clap", "clap_"]),
    ("sockbox", &["clap", "clap_"]),
];

/// A dependency line.
#[derive(Debug, PartialEq, Eq)]
struct Dependency<'t> {
    line: usize,
    name: &'t str,
    optional: bool,
    /// A comment stands above it.
    explained: bool,
}

pub(super) fn depends_only_on_what_it_may(path: &str, text: &str) -> Vec<Finding> {
    let Some(package) = package(path, text) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for dependency in dependencies(text) {
        let Dependency {
            line,
            name,
            optional,
            explained,
        } = dependency;
        if package == "xtask" {
            findings.push(Finding::at(
                line,
                format!("xtask stands on std alone, not on {name}"),
            ));
        }
        if listed(NEVER, package, name) {
            findings.push(Finding::at(
                line,
                format!("{package} must not depend on {name}"),
            ));
        }
        if listed(WITH_REASON, package, name) && !explained {
            let what = format!("{package} depends on {name} without a comment that says why");
            findings.push(Finding::at(line, what));
        }
        if listed(OPTIONAL, package, name) && !optional {
            let what = format!("{package} may depend on {name} only behind a feature");
            findings.push(Finding::at(line, what));
        }
    }
    findings
}

pub(super) fn takes_the_lints_of_the_workspace(path: &str, text: &str) -> Vec<Finding> {
    if package(path, text).is_none() || text.contains("\n[lints]\nworkspace = true\n") {
        return Vec::new();
    }
    vec![Finding::whole("lacks `[lints] workspace = true`")]
}

/// The name of the package, if this is the manifest of one.
fn package<'t>(path: &str, text: &'t str) -> Option<&'t str> {
    if path.rsplit('/').next() != Some("Cargo.toml") {
        return None;
    }
    let (_, package) = text.split_once("[package]\n")?;
    let line = package.lines().find(|line| line.starts_with("name = "))?;
    line.split('"').nth(1)
}

/// What a crate is built with; what only its tests need is its own affair.
fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    let mut above = "";
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let listed = section.ends_with("dependencies") && !section.ends_with("dev-dependencies");
        if listed && line.starts_with(is_name) {
            let end = line.find(|c| !is_name(c)).unwrap_or(line.len());
            found.push(Dependency {
                line: number,
                name: &line[..end],
                optional: line.contains("optional = true"),
                explained: above.starts_with('#'),
            });
        }
        above = line;
    }
    found
}

fn listed(table: &[(&str, &[&str])], package: &str, name: &str) -> bool {
    table
        .iter()
        .filter(|(crate_name, _)| *crate_name == package)
        .any(|(_, names)| {
            names.iter().any(|listed| {
                name == *listed || (listed.ends_with(['-', '_']) && name.starts_with(listed))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n\n{rest}\n[lints]\nworkspace = true\n")
    }

    fn wrong(name: &str, rest: &str) -> Vec<usize> {
        let text = manifest(name, rest);
        let findings = depends_only_on_what_it_may("crates/x/Cargo.toml", &text);
        findings.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_forbidden_dependency_is_found_in_every_notation() {
        assert_eq!(
            wrong("rss", "[dependencies]\nsockcore.workspace = true\n"),
            []
        );
        assert_eq!(
            wrong("rss", "[dependencies]\nrlsof.workspace = true\n"),
            [5]
        );
        assert_eq!(
            wrong("rss", "[dependencies]\nnetlink-packet-core = \"0.9\"\n"),
            [5]
        );
        assert_eq!(
            wrong(
                "rss",
                "[target.'cfg(unix)'.dependencies]\nprocfs = { version = \"1\" }\n"
            ),
            [5]
        );
        assert_eq!(
            wrong("rss", "[build-dependencies]\nclap_mangen = \"1\"\n"),
            [5]
        );
        assert_eq!(wrong("rss", "[dev-dependencies]\nclap = \"1\"\n"), []);
        assert_eq!(wrong("xtask", "[dependencies]\nlibc = \"0.2\"\n"), [5]);
    }

    #[test]
    fn a_system_crate_in_a_front_end_needs_a_reason() {
        assert_eq!(
            wrong("rss", "[dependencies]\nrustix.workspace = true\n"),
            [5]
        );
        assert_eq!(
            wrong("rss", "[dependencies]\n# isatty\nrustix.workspace = true\n"),
            []
        );
    }

    #[test]
    fn clap_is_optional() {
        assert_eq!(
            wrong("applet", "[dependencies]\nclap.workspace = true\n"),
            [5]
        );
        let optional = "[dependencies]\nclap = { workspace = true, optional = true }\n";
        assert_eq!(wrong("applet", optional), []);
    }

    #[test]
    fn a_package_takes_the_lints_of_the_workspace() {
        let path = "crates/x/Cargo.toml";
        assert_eq!(
            takes_the_lints_of_the_workspace(path, &manifest("x", "")),
            []
        );
        assert_eq!(
            takes_the_lints_of_the_workspace(path, "[package]\nname = \"x\"\n").len(),
            1
        );
        assert_eq!(
            takes_the_lints_of_the_workspace("Cargo.toml", "[workspace]\n"),
            []
        );
    }
}
