//! Processes: names of every shape, users, threads, and states between life and death.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::sync::mpsc;

use super::{Load, Scene};
use crate::scene::actor::{self, Actor, Role};
use crate::scene::net::Sock;
use crate::scene::stage::Stage;
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "processes",
    about: "processes with odd names, of many users, with threads, dead and stopped",
    build,
    roles: ROLES,
};

/// A process that is there for its names; it listens, so that it is the owner of something.
const fn named(key: &'static str, comm: &'static [u8], argv: &'static [&'static [u8]]) -> Role {
    Role {
        key,
        comm,
        argv,
        uid: 0,
        run: listen,
    }
}

/// A process that is there for its user.
const fn of_user(key: &'static str, uid: u32) -> Role {
    Role {
        key,
        comm: b"user",
        argv: &[b"user"],
        uid,
        run: listen,
    }
}

const fn living(key: &'static str, run: fn(&mut Actor) -> io::Result<()>) -> Role {
    Role {
        key,
        comm: b"living",
        argv: &[b"living"],
        uid: 0,
        run,
    }
}

const ROLES: &[Role] = &[
    named("odd_plain", b"scene proc", &[b"scene proc", b"argument"]),
    named("odd_quotes", b"we\"ird) (x", &[b"we\"ird) (x"]),
    named("odd_tab", b"a\tb", &[b"a\tb"]),
    named("odd_newline", b"a\nb", &[b"a\nb"]),
    named("odd_accent", "\u{e9}".as_bytes(), &["\u{e9}".as_bytes()]),
    named("odd_close", b")", &[b")"]),
    named("odd_open", b"(x", &[b"(x"]),
    named("odd_end", b"test)", &[b"test)"]),
    named("odd_state", b"x) Z 1 (y", &[b"x) Z 1 (y"]),
    named(
        "odd_escape",
        b"\x1b[31mred\x1b[0m",
        &[b"\x1b[31mred\x1b[0m"],
    ),
    named("odd_byte", b"\xff\xfe", &[b"\xff\xfe"]),
    named("odd_fifteen", b"exactly15bytes!", &[b"exactly15bytes!"]),
    named(
        "odd_long",
        b"longer than fifteen bytes",
        &[b"longer than fifteen bytes"],
    ),
    named(
        "odd_cut",
        "fourteen bytes\u{e9}".as_bytes(),
        &["fourteen bytes\u{e9}".as_bytes()],
    ),
    named(
        "odd_japanese",
        "\u{65e5}\u{672c}a".as_bytes(),
        &["\u{65e5}\u{672c}a".as_bytes()],
    ),
    named("odd_backslash", b"\\", &[b"\\"]),
    named("odd_delete", b"x\x7fy", &[b"x\x7fy"]),
    named("odd_blank", b" ", &[b" "]),
    named("odd_empty", b"", &[b""]),
    named("odd_slash", b"a/b", &[b"/usr/bin/trailing/"]),
    named("odd_number", b"1234", &[b"1234"]),
    named("odd_dash", b"-sh", &[b"-sh", b"-c", b"x"]),
    named("odd_colon", b"[kworker/0:1]", &[b"sshd: user@pts/0"]),
    named(
        "argv_escape",
        b"argv",
        &[b"/bin/\x1b]0;title\x07x", b"\x1b[2J"],
    ),
    named("argv_tab", b"argv", &[b"/bin/ta\tb\nnl"]),
    named(
        "argv_unicode",
        b"argv",
        &["/bin/h\u{f6}flich \u{65e5}\u{672c}".as_bytes()],
    ),
    named("argv_blanks", b"argv", &[b"  two  blanks  ", b"", b"x"]),
    named("argv_slashes", b"argv", &[b"///a//b///"]),
    named("argv_only_slash", b"argv", &[b"/"]),
    named("argv_empty", b"argv", &[b"", b"second"]),
    named("argv_bad", b"argv", &[b"/bin/bad\xff\xfe"]),
    named(
        "argv_long",
        b"argv",
        &[b"/opt/a/rather/long/directory/name/and-a-program-name-of-more-than-forty-bytes"],
    ),
    named(
        "argv_forty",
        b"argv",
        &[b"0123456789012345678901234567890123456789"],
    ),
    named("argv_nineteen", b"argv", &[b"nineteen-characters"]),
    named("argv_twenty", b"argv", &[b"twenty-characters-ok"]),
    named("argv_deleted", b"argv", &[b"/bin/x (deleted)", b"-a"]),
    of_user("uid_daemon", 1),
    of_user("uid_thousand", 1000),
    of_user("uid_long_name", 2001),
    of_user("uid_nine", 2002),
    of_user("uid_nobody", 65_534),
    of_user("uid_big", 3_000_000_000),
    of_user("uid_last", 4_294_967_294),
    living("zombie", zombie),
    living("stopped", stopped),
    living("threads", threads),
    living("leaderless", leaderless),
    living("secretive", secretive),
    living("session", session),
    living("rooted", rooted),
    Role {
        key: "replaced",
        comm: b"replaced",
        argv: &[b"replaced"],
        uid: 0,
        run: |actor| actor.attempt_all("program that is gone", replace),
    },
    AFTER_COPY,
    AFTER_MEMORY,
];

const AFTER_COPY: Role = Role {
    key: "after_copy",
    comm: b"after copy",
    argv: &[b"copy"],
    uid: 0,
    run: listen,
};

const AFTER_MEMORY: Role = Role {
    key: "after_memory",
    comm: b"after memory",
    argv: &[b"memory"],
    uid: 0,
    run: listen,
};

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    for role in ROLES {
        if role.key != AFTER_COPY.key && role.key != AFTER_MEMORY.key {
            stage.start(role)?;
            stage
                .facts
                .tell(&format!("{}_COMM", role.key.to_uppercase()), os(role.comm));
            if role.uid != 0 {
                stage.facts.tell(
                    &format!("{}_UID", role.key.to_uppercase()),
                    role.uid.to_string(),
                );
            }
        }
    }
    Ok(())
}

fn os(bytes: &[u8]) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes.get(..15).unwrap_or(bytes).to_vec())
}

/// One listening socket and one datagram socket, at ports that follow from the process number.
fn listen(actor: &mut Actor) -> io::Result<()> {
    let port = 20_000 + std::process::id() % 10_000;
    actor.hold(Sock::tcp_listener(&format!("127.0.0.1:{port}"), 1)?);
    actor.hold(Sock::udp_at(&format!("[::1]:{port}"))?);
    Ok(())
}

/// One that died and was not buried, with children of its own kind.
fn zombie(actor: &mut Actor) -> io::Result<()> {
    for (number, comm) in [&b"zombie"[..], b"zomb) ie"].into_iter().enumerate() {
        let pid = actor.split_zombie(comm)?;
        actor.tell(&format!("ZOMBIE_{number}_PID"), pid.to_string());
    }
    Ok(())
}

fn stopped(actor: &mut Actor) -> io::Result<()> {
    let pid = actor.split(b"stopped", |actor| {
        actor.hold(Sock::tcp_listener("127.0.0.1:6701", 1)?);
        Ok(())
    })?;
    sys::kill(pid, libc::SIGSTOP)?;
    sys::wait_stopped(pid)?;
    actor.tell("STOPPED_CHILD_PID", pid.to_string());
    Ok(())
}

/// Starts a thread that does `act`, says its number, and stays.
fn thread(
    actor: &mut Actor,
    key: &str,
    comm: &'static [u8],
    act: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> io::Result<i32> {
    let (told, hear) = mpsc::channel();
    std::thread::Builder::new()
        .stack_size(65_536)
        .spawn(move || {
            let outcome = CString::new(comm)
                .map_err(io::Error::other)
                .and_then(|comm| sys::set_comm(&comm))
                .and_then(|()| act());
            // The receiver waits for this one word.
            let _ = told.send(outcome.map(|()| sys::thread_id()));
            sys::pause_forever()
        })?;
    let tid = hear
        .recv()
        .map_err(io::Error::other)?
        .map_err(|error| io::Error::other(format!("thread: {error}")))?;
    actor.tell(&format!("{key}_TID"), tid.to_string());
    Ok(tid)
}

fn threads(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_listener("127.0.0.1:6702", 1)?;
    let number = listener.as_raw_fd();
    actor.hold(listener);
    thread(actor, "PLAIN", b"plain", || Ok(()))?;
    thread(actor, "ODD", b"t) odd (x", || Ok(()))?;
    // A thread with a table of descriptors of its own: one less, one more.
    thread(actor, "APART", b"apart", move || {
        sys::unshare(libc::CLONE_FILES)?;
        sys::close_range(number, number)?;
        actor::close_report()?;
        std::mem::forget(Sock::tcp_listener("127.0.0.1:6703", 1)?);
        std::mem::forget(File::open("/etc/passwd")?);
        Ok(())
    })?;
    // A thread with a working directory of its own.
    thread(actor, "ELSEWHERE", b"elsewhere", || {
        sys::unshare(libc::CLONE_FS)?;
        std::env::set_current_dir("/proc/self")
    })?;
    // A thread in a network namespace of its own.
    actor.attempt("thread in another network", |actor| {
        thread(actor, "ABROAD", b"abroad", || {
            sys::unshare(libc::CLONE_NEWNET)?;
            std::mem::forget(Sock::new(libc::AF_INET, libc::SOCK_STREAM, 0)?);
            Ok(())
        })
        .map(drop)
    });
    Ok(())
}

/// The first thread is gone, another lives on and has the descriptors.
fn leaderless(actor: &mut Actor) -> io::Result<()> {
    let pid = actor.split_leaderless(b"leaderless", |actor| {
        actor.hold(Sock::tcp_listener("127.0.0.1:6704", 1)?);
        actor.hold(File::open("/etc/passwd")?);
        Ok(())
    })?;
    actor.tell("LEADERLESS_CHILD_PID", pid.to_string());
    Ok(())
}

/// A process that its own user may not look into.
fn secretive(actor: &mut Actor) -> io::Result<()> {
    for uid in [0, 65_534] {
        actor.attempt(&format!("secretive process of user {uid}"), |actor| {
            let pid = actor.split(b"secretive", |actor| {
                if uid != 0 {
                    sys::become_user(uid)?;
                }
                actor.hold(Sock::udp_at(&format!("127.0.0.1:{}", 6705 + uid % 10))?);
                sys::set_dumpable(false)
            })?;
            actor.tell(&format!("SECRETIVE_{uid}_PID"), pid.to_string());
            Ok(())
        });
    }
    Ok(())
}

/// A session and process groups of its own.
fn session(actor: &mut Actor) -> io::Result<()> {
    rustix::process::setsid()?;
    let own = rustix::process::getpid();
    actor.tell("SESSION_PGID", own.as_raw_nonzero().to_string());
    actor.hold(Sock::udp_at("127.0.0.1:6706")?);
    let pid = actor.split(b"same group", |_| Ok(()))?;
    actor.tell("SESSION_SAME_PID", pid.to_string());
    let pid = actor.split(b"own group", |_| {
        rustix::process::setpgid(None, None).map_err(io::Error::from)
    })?;
    actor.tell("SESSION_OWN_PID", pid.to_string());
    actor.tell("OWN_PGID", pid.to_string());
    Ok(())
}

/// A root directory of its own.
fn rooted(actor: &mut Actor) -> io::Result<()> {
    let root = actor.path("root");
    fs::create_dir(&root)?;
    fs::create_dir(root.join("inner"))?;
    actor.hold(File::open("/etc/passwd")?);
    sys::chroot(&CString::new(root.as_os_str().as_encoded_bytes())?)?;
    std::env::set_current_dir("/inner")?;
    actor.hold(File::create("/file in the root")?);
    actor.hold(Sock::udp_at("127.0.0.1:6707")?);
    actor.tell("ROOT_DIR", root);
    Ok(())
}

/// Programs whose file is gone, or never had a name.
fn replace(actor: &mut Actor) -> io::Result<()> {
    let program = fs::read("/proc/self/exe")?;
    let copy = actor.path("copied program");
    fs::write(&copy, &program)?;
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))?;
    actor.start_from(
        &AFTER_COPY,
        &CString::new(copy.as_os_str().as_encoded_bytes())?,
    )?;
    fs::remove_file(&copy)?;
    let memory = sys::memory_file(c"program in memory", libc::MFD_CLOEXEC)?;
    let mut memory = File::from(memory);
    memory.write_all(&program)?;
    let path = format!("/proc/self/fd/{}", memory.as_raw_fd());
    actor.start_from(&AFTER_MEMORY, &CString::new(path)?)?;
    Ok(())
}
