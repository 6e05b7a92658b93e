//! The command lines that people use most, in a scene full of sockets and files, as root and as an
//! ordinary user, through the link to sockbox and as a binary of its own.

use conformance::hall::Hall;
use conformance::tool::Tool;

const SCENE: &str = "all";

fn agree(tool: Tool, lines: &[&str]) {
    if let Some(mut hall) = Hall::open(tool, SCENE) {
        hall.lines(lines);
        hall.close();
    }
}

#[test]
fn netstat_lists_sockets_as_the_original_does() {
    agree(
        Tool::Netstat,
        &[
            "-tulpen", "-a", "-ano", "-tan", "-x", "", "-n", "-an", "-ln", "-tulpn", "-tunap",
            "-xap",
        ],
    );
}

#[test]
fn netstat_lists_routes_interfaces_and_counters_as_the_original_does() {
    agree(
        Tool::Netstat,
        &["-r", "-rn", "-s", "-i", "-g", "-gn", "-6rn", "-ie"],
    );
}

#[test]
fn ss_lists_sockets_as_the_original_does() {
    agree(
        Tool::Ss,
        &[
            "",
            "-tulpn",
            "-tan",
            "-tanp",
            "-tani",
            "-xap",
            "-s",
            "-o state established",
            "-tan 'sport = :443 or dport = :443'",
            "-tln src 127.0.0.0/8",
            "-a",
            "-an",
            "-anp",
            "-aneimo",
        ],
    );
}

#[test]
fn lsof_lists_network_files_as_the_original_does() {
    agree(
        Tool::Lsof,
        &[
            "-i",
            "-i -nP",
            "-i -sTCP:LISTEN",
            "-i udp",
            "-i :53",
            "-i -U",
            "-U",
            "-t -i :{TCP_PORT_LISTEN}",
            "-i4 -nP",
            "-i6 -nP",
        ],
    );
}

#[test]
fn lsof_lists_processes_and_files_as_the_original_does() {
    agree(
        Tool::Lsof,
        &[
            "-u root",
            "-p {FRONT_PID}",
            "-c front",
            "-c names",
            "{FILE}",
            "{UNIX_PATH}",
            "-nP",
            "",
        ],
    );
}

/// Without the original's C library under ours: the binaries as people start them.
#[test]
fn the_binaries_agree_with_the_originals_as_they_are_started_here() {
    for (tool, lines) in [
        (
            Tool::Netstat,
            &["-tulpen", "-tan", "-rn", "-xn", "-an", "-gn"][..],
        ),
        (
            Tool::Ss,
            &[
                "-tulpn",
                "-tanp",
                "-tani",
                "-xap",
                "-an",
                "-tln src 127.0.0.0/8",
            ],
        ),
        (
            Tool::Lsof,
            &["-i -nP", "-nP", "-U", "-p {FRONT_PID} -nP", "-t"],
        ),
    ] {
        let Some(mut hall) = Hall::native(tool, SCENE) else {
            continue;
        };
        for line in lines {
            hall.case(&conformance::case::Case::words(tool, line));
        }
        hall.close();
    }
}
