//! The built box, run as a user runs it.

use std::io::{Read as _, pipe};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BOX: &str = env!("CARGO_BIN_EXE_sockbox");
const TOOLS: [&str; 3] = ["netstat", "ss", "lsof"];

fn run(args: &[&str]) -> Output {
    Command::new(BOX).args(args).output().expect("the box runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A new directory beside the binary, on the same file system, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a directory for the test");
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_list_is_one_tool_a_line() {
    let output = run(&["--list"]);
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        ("netstat\nss\nlsof\n", Some(0))
    );
}

#[test]
fn help_and_version_go_to_standard_output() {
    for args in [&["--help"][..], &["-h"], &[], &["--version"], &["-V"]] {
        let output = run(args);
        assert_eq!(
            (output.stderr.len(), output.status.code()),
            (0, Some(0)),
            "{args:?}"
        );
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(
        text(&run(&["--version"]).stdout),
        concat!("sockbox ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn an_unknown_tool_is_not_found() {
    let output = run(&["ssx", "-t"]);
    assert_eq!(text(&output.stderr), "sockbox: ssx: applet not found\n");
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(127)));
}

#[test]
fn a_wrong_option_of_the_box_is_a_usage_error() {
    for args in [
        &["--nonsense"][..],
        &["--install"],
        &["--install", "a", "b"],
        &["--list", "x"],
    ] {
        let output = run(args);
        assert_eq!(
            (output.stdout.len(), output.status.code()),
            (0, Some(2)),
            "{args:?}"
        );
        assert!(output.stderr.starts_with(b"sockbox: "), "{args:?}");
    }
}

#[test]
fn install_makes_hard_links_and_repeating_it_is_no_error() {
    let place = Place::new("hard");
    let directory = place.0.to_str().expect("UTF-8");
    for _ in 0..2 {
        let output = run(&["--install", directory]);
        assert_eq!(
            (text(&output.stderr).as_str(), output.status.code()),
            ("", Some(0))
        );
    }
    let inode = std::fs::metadata(BOX).expect("the box").ino();
    for tool in TOOLS {
        let link = std::fs::symlink_metadata(place.0.join(tool)).expect("a link");
        assert_eq!((link.ino(), link.is_file()), (inode, true), "{tool}");
    }
}

#[test]
fn install_makes_symbolic_links_when_asked() {
    let place = Place::new("symbolic");
    let directory = place.0.to_str().expect("UTF-8");
    for args in [
        ["--install", "-s", directory],
        ["--symbolic", "--install", directory],
    ] {
        let output = run(&args);
        assert_eq!(
            (text(&output.stderr).as_str(), output.status.code()),
            ("", Some(0))
        );
    }
    for tool in TOOLS {
        let target = std::fs::read_link(place.0.join(tool)).expect("a symbolic link");
        assert_eq!(
            target,
            std::fs::canonicalize(BOX).expect("the box"),
            "{tool}"
        );
    }
}

#[test]
fn install_replaces_nothing_and_still_makes_the_other_links() {
    let place = Place::new("occupied");
    let occupied = place.0.join("ss");
    std::fs::write(&occupied, "mine").expect("a file in the way");
    let output = run(&["--install", place.0.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with(&format!("sockbox: {}: ", occupied.display())));
    assert_eq!(std::fs::read(&occupied).expect("the file"), b"mine");
    assert!(place.0.join("netstat").exists() && place.0.join("lsof").exists());
}

#[test]
fn a_tool_complains_in_the_name_it_was_called_by() {
    let place = Place::new("names");
    assert!(
        run(&["--install", place.0.to_str().expect("UTF-8")])
            .status
            .success()
    );
    let link = place.0.join("ss");
    let output = Command::new(&link)
        .arg("--nonsense")
        .output()
        .expect("the link runs");
    let first = format!("{}: unrecognized option '--nonsense'", link.display());
    assert_eq!(text(&output.stderr).lines().next(), Some(first.as_str()));
    assert_eq!(output.status.code(), Some(255));

    let output = run(&["rnetstat", "--nonsense"]);
    let first = "rnetstat: unrecognized option '--nonsense'";
    assert_eq!(text(&output.stderr).lines().next(), Some(first));
    assert_eq!(output.status.code(), Some(3));

    let output = Command::new(place.0.join("lsof"))
        .arg("-B")
        .output()
        .expect("the link runs");
    let first = "lsof: illegal option character: B";
    assert_eq!(text(&output.stderr).lines().next(), Some(first));
    assert_eq!(output.status.code(), Some(1));
}

/// Runs the box with a standard output whose reader is gone.
fn into_closed_pipe(mut command: Command) -> Output {
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    command
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .expect("the box runs")
}

#[test]
fn a_closed_pipe_kills_by_the_signal() {
    let mut command = Command::new(BOX);
    command.arg("--help");
    assert_eq!(into_closed_pipe(command).status.signal(), Some(13));
}

#[test]
fn under_a_parent_that_ignores_sigpipe_a_closed_pipe_is_a_failed_write() {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' PIPE; exec \"$0\" --help", BOX]);
    let output = into_closed_pipe(command);
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(0), String::new())
    );
}

#[test]
fn closed_standard_streams_do_no_harm() {
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" --help <&- >&- 2>&-", BOX]);
    assert_eq!(command.status().expect("the box runs").code(), Some(0));
}

#[test]
fn without_any_argv_it_explains_itself() {
    let mut command = Command::new(BOX);
    command.arg0("");
    assert!(text(&command.output().expect("the box runs").stdout).starts_with("Usage: sockbox"));
}

#[test]
fn output_arrives_whole_through_a_pipe() {
    let (mut reader, writer) = pipe().expect("a pipe");
    let mut child = Command::new(BOX)
        .arg("--help")
        .stdout(writer)
        .spawn()
        .expect("the box runs");
    let mut told = Vec::new();
    reader.read_to_end(&mut told).expect("a readable pipe");
    assert!(child.wait().expect("it ends").success());
    assert_eq!(told, run(&["--help"]).stdout);
}
