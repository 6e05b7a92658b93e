//! The rules for every file that is text.

use super::Finding;

/// A directory that exists only on the machine of whoever built there. In pieces, so that this
/// file passes.
const MACHINES: &[&str] = &[concat!("/wo", "rk/")];

/// The hosts that an address in the tree may lead to: standards, and the place of the lock
/// file's packages.
const HOSTS: &[&str] = &[
    "github.com",
    "keepachangelog.com",
    "semver.org",
    "www.rfc-editor.org",
    "docs.kernel.org",
    "json-schema.org",
    "no-color.org",
    "www.w3.org",
];

/// Names that never lead anywhere.
const RESERVED: &[&str] = &[".example", ".invalid"];

pub(super) fn names_no_machine(_path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for machine in MACHINES.iter().filter(|machine| line.contains(*machine)) {
            findings.push(Finding::at(
                number,
                format!("names {machine}, a place of one machine"),
            ));
        }
    }
    findings
}

pub(super) fn names_no_foreign_host(_path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for scheme in ["http://", "https://", "ftp://"] {
            for address in line.split(scheme).skip(1) {
                let end = address.find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)));
                let host = address
                    .get(..end.unwrap_or(address.len()))
                    .unwrap_or_default();
                let known = HOSTS.contains(&host) || RESERVED.iter().any(|end| host.ends_with(end));
                if !host.is_empty() && !known {
                    findings.push(Finding::at(number, format!("leads to the host {host}")));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_one_machine_is_found() {
        let text = format!("a\nsee {}x\n", MACHINES[0]);
        assert_eq!(names_no_machine("README.md", &text).len(), 1);
        assert_eq!(names_no_machine("README.md", "the network/workspace\n"), []);
    }

    #[test]
    fn a_foreign_host_is_found() {
        let scheme = concat!("ht", "tps://");
        let text = format!("[a]({scheme}mirror.test/x) and {scheme}keepachangelog.com/en\n");
        assert_eq!(
            names_no_foreign_host("README.md", &text),
            [Finding::at(1, "leads to the host mirror.test")]
        );
        assert_eq!(
            names_no_foreign_host("a.rs", &format!("[\"{scheme}\"]")),
            []
        );
    }
}
