//! The kernel's own walks against the plain ways: the same bytes at rest; and nothing that lasts
//! is missed while sockets and processes come and go as fast as they can (a dump may miss some).
//!
//! The walks are used in the initial process namespace only. So the tools run outside of the
//! scene's, in its network namespace.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use conformance::hall::{built, skip};
use conformance::stage::is_root;
use conformance::text::{fields, lines};

/// A scene that stands until it is dropped.
struct Scene {
    scene: Child,
    shell: Option<ChildStdin>,
}

impl Scene {
    fn open(words: &[&str]) -> Option<Self> {
        const INITIAL: &str = "pid:[4026531836]";
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        if !is_root() || namespace != *INITIAL {
            skip(
                "the kernel's own walks",
                "they need root in the initial process namespace",
            );
            return None;
        }
        let mut scene = Command::new(built().join("scene"))
            .args(words)
            .args(["--", "sh", "-c", "echo; read line"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whoever started this test may write there, and it is among the files listed.
            .stderr(Stdio::null())
            .spawn()
            .expect("the scene maker runs");
        let shell = scene.stdin.take();
        let mut line = String::new();
        let told = scene.stdout.take().map(BufReader::new);
        told.expect("a pipe").read_line(&mut line).expect("a line");
        let opened = Self { scene, shell };
        if line.is_empty() {
            skip("the kernel's own walks", "the scene did not come up");
            return None;
        }
        Some(opened)
    }

    fn network(&self) -> PathBuf {
        format!("/proc/{}/ns/net", self.scene.id()).into()
    }

    /// Does something in the network namespace of the scene.
    fn inside<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
        let network = fs::File::open(self.network()).expect("the scene's network");
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let kind = Some(LinkNameSpaceType::Network);
                move_into_link_name_space(network.as_fd(), kind).expect("root may");
                act()
            });
            thread.join().expect("no panic inside")
        })
    }

    /// The processes in its network namespace.
    fn processes(&self) -> HashSet<Vec<u8>> {
        let own = fs::read_link(self.network()).expect("the scene's network");
        let all = fs::read_dir("/proc").expect("/proc");
        all.flatten()
            .filter(|entry| fs::read_link(entry.path().join("ns/net")).is_ok_and(|net| net == own))
            .map(|entry| entry.file_name().into_encoded_bytes())
            .collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        drop(self.shell.take());
        let _ = self.scene.wait();
    }
}

/// What a tool prints, by the kernel's walk or without.
fn listing(line: &str, walk: bool) -> Vec<u8> {
    let mut words = line.split(' ');
    let tool = words.next().unwrap_or_default();
    let output = Command::new(built().join(format!("r{tool}")))
        .args(words.map(OsString::from))
        .env("SOCKCORE_BPF", if walk { "1" } else { "0" })
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .expect("the tool runs");
    output.stdout
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_sockets_of_a_scene_are_listed_alike_both_ways() {
    let Some(scene) = Scene::open(&["tcp", "udp", "unix", "packet", "netlink"]) else {
        return;
    };
    scene.inside(|| {
        for line in [
            "ss -tan",
            "ss -tn",
            "ss -tanp",
            "ss -tlnp",
            "ss -4tanp",
            "ss -tn state fin-wait-2 state time-wait",
            "ss -tanp sport = :8080",
            "ss -uanp",
            "ss -xap",
            "ss -p",
            "netstat -tan",
            "netstat -tanp",
            "netstat -tlnp",
            "netstat -4tn",
            "netstat -tane",
            "netstat -xap",
            "netstat -anp",
            "lsof -nP -i",
            "lsof -nP -i6",
            "lsof -nP -iTCP -sTCP:LISTEN",
            "lsof -t -i :8080",
            "lsof -nP -U",
            "lsof -nP -i -U -F",
        ] {
            let plain = listing(line, false);
            assert!(lines(&plain).count() > 1 || line.contains("-t "), "{line}");
            assert_eq!(text(&listing(line, true)), text(&plain), "{line}");
        }
    });
}

/// Rows of the scene's processes, blanks squeezed: the widths of columns depend on all processes
/// of the machine.
fn rows_of(listing: &[u8], processes: &HashSet<Vec<u8>>) -> Vec<String> {
    lines(listing)
        .filter(|line| {
            fields(line)
                .nth(1)
                .is_some_and(|pid| processes.contains(pid))
        })
        .map(|line| text(&fields(line).collect::<Vec<_>>().join(&b' ')))
        .collect()
}

#[test]
fn the_files_of_a_scene_are_listed_alike_both_ways() {
    let Some(scene) = Scene::open(&["all"]) else {
        return;
    };
    let processes = scene.processes();
    scene.inside(|| {
        for line in [
            "lsof -nP",
            "lsof -n",
            "lsof -nP -o",
            "lsof -nP +fg",
            "lsof -nP -s -l",
            "lsof -nP +L1",
            "lsof -nP -R -g",
            "lsof -nP +E",
            "lsof -nP -u root",
            "lsof -nP /dev/null",
        ] {
            let plain = rows_of(&listing(line, false), &processes);
            let walked = rows_of(&listing(line, true), &processes);
            assert!(!plain.is_empty(), "{line}");
            for (plain, walked) in plain.iter().zip(&walked) {
                assert_eq!(walked, plain, "{line}");
            }
            assert_eq!(walked.len(), plain.len(), "{line}");
        }
    });
}

/// Opens and closes connections from this address until told to stop.
const RESTLESS: Ipv4Addr = Ipv4Addr::new(127, 99, 99, 99);

fn come_and_go(stop: &AtomicBool) {
    let listener = TcpListener::bind((RESTLESS, 0)).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let mut held = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for _ in 0..50 {
            if let Ok(client) = TcpStream::connect(address) {
                let server = listener.accept().map(|(server, _)| server);
                held.push((client, server));
            }
        }
        held.clear();
        // A process comes and goes as well.
        let _ = Command::new("true").stdin(Stdio::null()).status();
    }
}

#[test]
fn the_walk_misses_nothing_that_lasts_while_everything_else_comes_and_goes() {
    let words = ["load", "--sockets", "4000", "--processes", "20"];
    let words = [&words[..], &["--listeners", "50", "--files", "20"]].concat();
    let Some(scene) = Scene::open(&words) else {
        return;
    };
    let stop = AtomicBool::new(false);
    let restless = RESTLESS.to_string();
    let lasting = |line: &str| -> Vec<String> {
        let rows = text(&listing(line, true));
        rows.lines()
            .filter(|row| row.contains("127.") && !row.contains(&restless))
            .map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    const LINES: [&str; 3] = ["ss -tanp", "netstat -tanp", "lsof -nP -i"];
    scene.inside(|| {
        let quiet = LINES.map(lasting);
        assert!(quiet.iter().all(|rows| rows.len() == 4050));
        std::thread::scope(|scope| {
            // Threads begin in the namespace of the one that starts them.
            for _ in 0..2 {
                scope.spawn(|| come_and_go(&stop));
            }
            let outcome = std::panic::catch_unwind(|| {
                for (line, quiet) in LINES.iter().zip(&quiet) {
                    for _ in 0..6 {
                        let rows = lasting(line);
                        assert_eq!(rows.len(), quiet.len(), "{line}");
                        assert!(rows == *quiet, "{line}: rows differ");
                    }
                }
            });
            stop.store(true, Ordering::Relaxed);
            if let Err(panic) = outcome {
                std::panic::resume_unwind(panic);
            }
        });
    });
}
