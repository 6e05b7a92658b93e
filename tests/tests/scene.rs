//! The scene maker: what it makes is there, is the same every time, and leaves no trace.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use conformance::hall::skip;

fn maker() -> Command {
    let mut maker = Command::new(env!("CARGO_BIN_EXE_scene"));
    maker.stdin(Stdio::null());
    maker
}

/// Runs a scene to its end; `None`, and a line that says why, where that cannot be done.
fn run(maker: &mut Command) -> Option<Output> {
    let output = match maker.output() {
        Ok(output) => output,
        Err(error) => {
            skip("a scene", &error.to_string());
            return None;
        }
    };
    // The maker's own failures, as those to come by namespaces, are told in one line.
    let text = String::from_utf8_lossy(&output.stderr);
    match text.strip_prefix("scene: ") {
        Some(reason) if !output.status.success() && reason.contains("not permitted") => {
            skip("a scene", reason.trim_end());
            None
        }
        _ => Some(output),
    }
}

/// The states in a table of /proc/net, as written there.
fn states(table: &[u8]) -> BTreeSet<String> {
    String::from_utf8_lossy(table)
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(3))
        .map(str::to_owned)
        .collect()
}

fn assert_has_every_state(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // All from ESTABLISHED to CLOSING; a socket in CLOSE is in no table.
    let wanted = ["01", "02", "03", "04", "05", "06", "08", "09", "0A", "0B"];
    assert_eq!(
        states(&output.stdout),
        wanted.map(str::to_owned).into_iter().collect()
    );
}

#[test]
fn tcp_is_there_in_every_state() {
    if let Some(output) = run(maker().args(["tcp", "--", "cat", "/proc/net/tcp"])) {
        assert_has_every_state(&output);
    }
}

#[test]
fn an_ordinary_user_makes_the_same_states() {
    let mut maker = maker();
    maker.args(["tcp", "--", "cat", "/proc/net/tcp"]);
    if rustix::process::geteuid().is_root() {
        maker.uid(65_534).gid(65_534);
    }
    if let Some(output) = run(&mut maker) {
        assert_has_every_state(&output);
    }
}

#[test]
fn the_status_of_the_command_comes_out() {
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] {
        if let Some(output) = run(maker().args(["empty", "--", "sh", "-c", script])) {
            assert_eq!(output.status.code(), Some(code), "{script}");
        }
    }
}

#[test]
fn two_makings_tell_the_same() {
    let names = [
        "tcp",
        "udp",
        "unix",
        "packet",
        "netlink",
        "files",
        "processes",
        "routes",
        "interfaces",
        "namespaces",
    ];
    let told = || {
        let output = run(maker().args(names).arg("--describe"))?;
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // The numbers of bpf objects are the machine's.
        let lines = text.lines().filter(|line| !line.starts_with("SCENE_BPF_"));
        Some(lines.map(str::to_owned).collect::<Vec<_>>())
    };
    if let (Some(one), Some(other)) = (told(), told()) {
        let differing = one.iter().zip(&other).find(|(one, other)| one != other);
        assert_eq!((differing, one.len()), (None, other.len()));
        assert!(one.iter().any(|line| line.starts_with("SCENE_FRONT_PID=")));
    }
}

#[test]
fn nothing_outside_changes() {
    let outside = || {
        let entries = |path: &str| -> Vec<_> {
            let Ok(entries) = fs::read_dir(path) else {
                return Vec::new();
            };
            let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
            names.sort_unstable();
            names
        };
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        (
            read("/proc/self/mountinfo"),
            read("/proc/sys/kernel/hostname"),
            read("/proc/sys/net/ipv4/tcp_orphan_retries"),
            read("/proc/sys/net/ipv4/tcp_child_ehash_entries"),
            (read("/proc/sysvipc/shm"), read("/etc/hosts")),
            ["/srv", "/run", "/etc", "/dev/shm", "/sys/class/net"].map(entries),
        )
    };
    let before = outside();
    if let Some(output) = run(maker().args(["all", "--describe"])) {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(outside(), before);
    }
}

#[test]
fn a_scene_ends_with_its_maker() {
    // No other process has this argument.
    let mark = format!("6{}.25", std::process::id());
    let is_alive = || {
        fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
            .any(|line| line == format!("sleep\0{mark}\0").as_bytes())
    };
    let wait_until = |wanted: bool| {
        let end = Instant::now() + Duration::from_secs(20);
        while is_alive() != wanted && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
        is_alive() == wanted
    };
    if run(maker().args(["empty", "--", "true"])).is_none() {
        return;
    }
    let mut maker = maker()
        .args(["tcp", "--", "sleep", &mark])
        .spawn()
        .expect("it ran just now");
    assert!(wait_until(true), "the command does not start");
    maker.kill().expect("it is a child");
    maker.wait().expect("it is a child");
    assert!(wait_until(false), "the command outlives the maker");
}

#[test]
fn a_load_has_the_sizes_asked_for() {
    let words = "load --sockets 100 --processes 7 --files 20 --listeners 9 --udp 30 --unix 40 \
                 --threads 2 -- sh -c";
    let script = "cat /proc/net/tcp; echo; cat /proc/net/udp; echo; cat /proc/net/unix; echo; \
                  ls /proc/[0-9]*/task | grep -c '^[0-9]'; \
                  ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c '/load/file'";
    let Some(output) = run(maker().args(words.split_whitespace()).arg(script)) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let parts: Vec<Vec<&str>> = text
        .split("\n\n")
        .map(|part| part.lines().collect())
        .collect();
    let [tcp, udp, unix, counts] = parts.as_slice() else {
        panic!("{text}");
    };
    let in_state = |state: &str| {
        tcp.iter()
            .filter(|line| line.split_whitespace().nth(3) == Some(state))
            .count()
    };
    assert_eq!((in_state("01"), in_state("0A")), (100, 9));
    assert_eq!((udp.len() - 1, unix.len() - 1), (30, 40));
    // Seven processes of three threads, the first of the scene, the shell and what it runs; a task
    // more or less is the shell's affair.
    let number = |index: usize| {
        counts
            .get(index)
            .and_then(|line| line.parse::<usize>().ok())
    };
    assert!(
        number(0).is_some_and(|tasks| (22..=26).contains(&tasks)),
        "{counts:?}"
    );
    assert_eq!(number(1), Some(140));
}
