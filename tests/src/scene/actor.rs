//! Actors: the processes of a scene. Each is a new start of this program with a name, an argument
//! vector and a user of its own; it opens its things, reports, and then sleeps until the scene
//! ends.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd, IntoRawFd as _, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use super::net::Sock;
use super::sys;

/// The descriptor through which an actor reports until it is ready. Far above all that it opens.
const REPORT: i32 = 1000;
/// Names the role in the environment of an actor.
pub(crate) const ROLE: &str = "SCENE_ROLE";

/// What one actor is.
pub(crate) struct Role {
    /// Its name; facts about it begin with this in capitals.
    pub(crate) key: &'static str,
    /// Its short name as the kernel shows it.
    pub(crate) comm: &'static [u8],
    /// Its argument vector.
    pub(crate) argv: &'static [&'static [u8]],
    /// Its user, where the scene has more than one.
    pub(crate) uid: u32,
    /// What it opens.
    pub(crate) run: fn(&mut Actor) -> io::Result<()>,
}

/// Names and values, in the order in which they were told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pairs: Vec<(OsString, OsString)>,
    /// What the kernel refused, and why.
    pub(crate) missing: Vec<(String, String)>,
}

impl Facts {
    pub(crate) fn tell(&mut self, name: &str, value: impl Into<OsString>) {
        let name = OsString::from(format!("SCENE_{name}"));
        let value = value.into();
        match self.pairs.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value,
            None => self.pairs.push((name, value)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        let name = format!("SCENE_{name}");
        self.pairs
            .iter()
            .find(|(key, _)| *key == *name)
            .map(|(_, value)| value.as_os_str())
    }

    pub(crate) fn pairs(&self) -> &[(OsString, OsString)] {
        &self.pairs
    }

    fn miss(&mut self, what: &str, why: &io::Error) {
        self.missing.push((what.to_owned(), why.to_string()));
    }
}

/// What is said through the report pipe: each field ends with NUL.
fn write_report(facts: &Facts, failure: Option<&io::Error>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut field = |text: &[u8]| {
        bytes.extend_from_slice(text);
        bytes.push(0);
    };
    for (name, value) in &facts.pairs {
        field(b"fact");
        field(name.as_bytes());
        field(value.as_bytes());
    }
    for (what, why) in &facts.missing {
        field(b"missing");
        field(what.as_bytes());
        field(why.as_bytes());
    }
    match failure {
        Some(error) => {
            field(b"failed");
            field(error.to_string().as_bytes());
        }
        None => field(b"ready"),
    }
    bytes
}

fn read_report(bytes: &[u8], facts: &mut Facts) -> io::Result<()> {
    let mut fields = bytes.split(|&byte| byte == 0);
    let text =
        |field: Option<&[u8]>| String::from_utf8_lossy(field.unwrap_or_default()).into_owned();
    loop {
        match fields.next() {
            Some(b"fact") => {
                let name = text(fields.next());
                let value = fields.next().unwrap_or_default();
                let name = name.strip_prefix("SCENE_").unwrap_or(&name);
                facts.tell(name, OsString::from_vec(value.to_vec()));
            }
            Some(b"missing") => {
                let pair = (text(fields.next()), text(fields.next()));
                if !facts.missing.contains(&pair) {
                    facts.missing.push(pair);
                }
            }
            Some(b"ready") => return Ok(()),
            Some(b"failed") => return Err(io::Error::other(text(fields.next()))),
            _ => return Err(io::Error::other("it ended before it was ready")),
        }
    }
}

/// Starts an actor, waits until it is ready and takes over its facts.
///
/// # Errors
/// When it cannot be started, or could not open something that the scene cannot do without.
pub(crate) fn start(role: &Role, facts: &mut Facts) -> io::Result<i32> {
    start_from(role, facts, c"/proc/self/exe")
}

/// The same from a copy of this program.
fn start_from(role: &Role, facts: &mut Facts, program: &CStr) -> io::Result<i32> {
    let named = |error: io::Error| io::Error::other(format!("{}: {error}", role.key));
    let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let Some(pid) = sys::fork()? else {
        let error = become_actor(role, facts, writer, program).unwrap_or_else(|error| error);
        let _ = io::stderr().write_all(format!("scene: {}: {error}\n", role.key).as_bytes());
        sys::exit_now(127);
    };
    drop(writer);
    facts.tell(&format!("{}_PID", role.key.to_uppercase()), pid.to_string());
    let mut report = Vec::new();
    File::from(reader).read_to_end(&mut report)?;
    read_report(&report, facts).map_err(named)?;
    Ok(pid)
}

/// The child's half of [`start`]: comes back only with the reason why it did not work.
fn become_actor(
    role: &Role,
    facts: &Facts,
    writer: OwnedFd,
    program: &CStr,
) -> io::Result<io::Error> {
    sys::die_with_parent()?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    let mut kept = vec![sys::move_to(writer, REPORT, 0)?];
    for number in 0..3 {
        kept.push(sys::copy_to(&null, number, 0)?);
    }
    let argv: Vec<CString> = role
        .argv
        .iter()
        .map(|&word| CString::new(word))
        .collect::<Result<_, _>>()?;
    let mut env = vec![CString::new(format!("{ROLE}={}", role.key))?];
    for (name, value) in &facts.pairs {
        env.push(CString::new(
            [name.as_bytes(), b"=", value.as_bytes()].concat(),
        )?);
    }
    Ok(sys::exec(program, &argv, &env))
}

/// One running actor.
pub(crate) struct Actor {
    /// What it tells, and what was told before it started.
    pub(crate) facts: Facts,
    held: Vec<OwnedFd>,
    /// Stand in for numbers that are to be used later.
    reserved: Vec<OwnedFd>,
    report: Option<OwnedFd>,
}

/// The new start of the program: plays `role` and never comes back.
pub(crate) fn play(role: &Role, environment: Vec<(OsString, OsString)>) -> ! {
    if let Ok(mut actor) = enter(role, environment) {
        let outcome = (role.run)(&mut actor);
        if actor.ready(outcome.err().as_ref()).is_ok() {
            // What it holds is held as long as this function does not come back.
            sys::pause_forever();
        }
    }
    sys::exit_now(126);
}

fn enter(role: &Role, environment: Vec<(OsString, OsString)>) -> io::Result<Actor> {
    sys::close_range(3, REPORT - 1)?;
    sys::close_range(REPORT + 1, i32::MAX)?;
    let report = sys::adopt(REPORT)?;
    sys::set_cloexec(&report, true)?;
    let mut facts = Facts::default();
    for (name, value) in environment {
        if let Some(name) = name.to_str().and_then(|name| name.strip_prefix("SCENE_"))
            && name != "ROLE"
        {
            facts.tell(name, value);
        }
    }
    let mut actor = Actor {
        facts,
        held: Vec::new(),
        reserved: Vec::new(),
        report: Some(report),
    };
    std::env::set_current_dir(actor.directory())?;
    if role.uid != 0 {
        actor.attempt(&format!("user {}", role.uid), |_| {
            sys::become_user(role.uid)
        });
    }
    sys::set_comm(&CString::new(role.comm)?)?;
    sys::die_with_parent()?;
    Ok(actor)
}

/// Closes the calling thread's own copy of the report's descriptor, after it has left the table of
/// descriptors of the others: the report ends when all copies are closed.
pub(crate) fn close_report() -> io::Result<()> {
    sys::close_range(REPORT, REPORT)
}

impl Actor {
    /// The directory that belongs to the scene.
    pub(crate) fn directory(&self) -> PathBuf {
        PathBuf::from(self.facts.get("DIR").unwrap_or_default())
    }

    /// A path in that directory.
    pub(crate) fn path(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.directory().join(name.as_ref())
    }

    /// Keeps a descriptor open for the life of the actor. The value is its number.
    pub(crate) fn hold(&mut self, descriptor: impl Into<OwnedFd>) -> i32 {
        let descriptor = descriptor.into();
        let number = descriptor.as_raw_fd();
        self.held.push(descriptor);
        number
    }

    /// Keeps numbers away from what is opened next, so that it can be put there on purpose.
    pub(crate) fn reserve(&mut self, numbers: std::ops::Range<i32>) -> io::Result<()> {
        let null = File::open("/dev/null")?;
        for number in numbers {
            if number != null.as_raw_fd() {
                self.reserved
                    .push(sys::copy_to(&null, number, libc::O_CLOEXEC)?);
            }
        }
        Ok(())
    }

    /// Gives up the reserved numbers that were not used.
    pub(crate) fn release(&mut self) {
        self.reserved.clear();
    }

    /// Keeps a descriptor open under a chosen number: a reserved one, or one that is free.
    pub(crate) fn hold_as(
        &mut self,
        descriptor: impl Into<OwnedFd>,
        number: i32,
    ) -> io::Result<&OwnedFd> {
        let descriptor = descriptor.into();
        let is_it = |reserved: &OwnedFd| reserved.as_raw_fd() == number;
        if let Some(index) = self.reserved.iter().position(is_it) {
            // The number passes on to the copy made next.
            let _ = self.reserved.swap_remove(index).into_raw_fd();
        }
        let placed = if descriptor.as_raw_fd() == number {
            descriptor
        } else {
            sys::move_to(descriptor, number, libc::O_CLOEXEC)?
        };
        self.held.push(placed);
        self.held
            .last()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Tells a fact.
    pub(crate) fn tell(&mut self, name: &str, value: impl Into<OsString>) {
        self.facts.tell(name, value);
    }

    /// Does something that a kernel may refuse. A refusal is told, and the scene goes on without.
    pub(crate) fn attempt(&mut self, what: &str, act: impl FnOnce(&mut Self) -> io::Result<()>) {
        if let Err(error) = act(self) {
            self.facts.miss(what, &error);
        }
    }

    /// Starts another actor as a child of this one.
    pub(crate) fn start(&mut self, role: &Role) -> io::Result<i32> {
        start(role, &mut self.facts)
    }

    /// Starts another actor from a copy of this program at `program`.
    pub(crate) fn start_from(&mut self, role: &Role, program: &CStr) -> io::Result<i32> {
        start_from(role, &mut self.facts, program)
    }

    /// [`Actor::attempt`] as the whole of a role.
    pub(crate) fn attempt_all(
        &mut self,
        what: &str,
        act: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.attempt(what, act);
        Ok(())
    }

    /// Splits off a child that has all descriptors of this actor, does `act` under the name `comm`
    /// and sleeps. Comes back when the child is ready.
    pub(crate) fn split(
        &mut self,
        comm: &[u8],
        act: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<i32> {
        self.split_then(comm, act, || sys::pause_forever())
    }

    /// The same, but when the child is ready, its first thread ends and another one sleeps.
    pub(crate) fn split_leaderless(
        &mut self,
        comm: &[u8],
        act: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<i32> {
        let start_other = |actor: &mut Self| {
            act(actor)?;
            std::thread::Builder::new().spawn(|| sys::pause_forever())?;
            Ok(())
        };
        let pid = self.split_then(comm, start_other, || sys::exit_thread())?;
        // It told that it is ready just before.
        for _ in 0..200 {
            let stat = std::fs::read(format!("/proc/{pid}/stat"))?;
            let name_end = stat
                .iter()
                .rposition(|&byte| byte == b')')
                .unwrap_or_default();
            if stat.get(name_end + 2) == Some(&b'Z') {
                return Ok(pid);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Err(io::Error::other("the first thread does not end"))
    }

    fn split_then(
        &mut self,
        comm: &[u8],
        act: impl FnOnce(&mut Self) -> io::Result<()>,
        stay: impl FnOnce() -> std::convert::Infallible,
    ) -> io::Result<i32> {
        let comm = CString::new(comm)?;
        let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let Some(pid) = sys::fork()? else {
            drop(reader);
            self.report = None;
            let outcome = sys::move_to(writer, REPORT, libc::O_CLOEXEC)
                .map(|writer| self.report = Some(writer))
                .and_then(|()| sys::die_with_parent())
                .and_then(|()| sys::set_comm(&comm))
                .and_then(|()| act(self));
            if self.ready(outcome.err().as_ref()).is_ok() {
                stay();
            }
            sys::exit_now(126);
        };
        drop(writer);
        let mut report = Vec::new();
        File::from(reader).read_to_end(&mut report)?;
        read_report(&report, &mut self.facts)?;
        Ok(pid)
    }

    /// Splits off a child under the name `comm` that has none of this actor's descriptors and does
    /// `act`, which waits for something that never comes. Comes back when the child sleeps in the
    /// system call `call`.
    pub(crate) fn split_waiting(
        &mut self,
        comm: &[u8],
        call: libc::c_long,
        act: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<i32> {
        let comm = CString::new(comm)?;
        let Some(pid) = sys::fork()? else {
            self.report = None;
            self.forget();
            let outcome = sys::die_with_parent()
                .and_then(|()| sys::set_comm(&comm))
                .and_then(|()| act());
            sys::exit_now(outcome.is_err().into());
        };
        for _ in 0..200 {
            std::thread::sleep(std::time::Duration::from_millis(1));
            // The file says "running" while the child runs.
            let now = std::fs::read_to_string(format!("/proc/{pid}/syscall"))?;
            if now.starts_with(&format!("{call} ")) {
                return Ok(pid);
            }
        }
        Err(io::Error::other("the child does not wait"))
    }

    /// Closes what this actor holds.
    pub(crate) fn forget(&mut self) {
        self.held.clear();
    }

    /// Splits off a child that ends at once, and leaves it unburied.
    pub(crate) fn split_zombie(&mut self, comm: &[u8]) -> io::Result<i32> {
        let comm = CString::new(comm)?;
        let Some(pid) = sys::fork()? else {
            let _ = sys::set_comm(&comm);
            sys::exit_now(3);
        };
        sys::wait_zombie(pid)?;
        Ok(pid)
    }

    fn ready(&mut self, failure: Option<&io::Error>) -> io::Result<()> {
        if let Some(report) = self.report.take() {
            File::from(report).write_all(&write_report(&self.facts, failure))?;
        }
        Ok(())
    }
}

impl From<Sock> for OwnedFd {
    fn from(socket: Sock) -> Self {
        socket.0
    }
}
