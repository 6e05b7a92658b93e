//! A load of chosen size: connections, listeners, files and threads over many processes.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;

use super::Scene;
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{Sock, pair};
use crate::scene::rtnl::{Net, Route};
use crate::scene::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "load",
    about: "a load of chosen size (--sockets --processes --files --listeners ...)",
    build,
    roles: &[Role {
        key: "load",
        comm: b"load",
        argv: &[b"load"],
        uid: 0,
        run,
    }],
};

/// How much of everything. The counts are totals over all processes, except those of one process.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// TCP sockets in state ESTABLISHED: both ends are counted.
    pub(crate) sockets: u32,
    /// Processes that share everything out.
    pub(crate) processes: u32,
    /// Open regular files of each process.
    pub(crate) files: u32,
    /// Listening TCP sockets.
    pub(crate) listeners: u32,
    /// Bound UDP sockets.
    pub(crate) udp: u32,
    /// Connected unix sockets: both ends are counted.
    pub(crate) unix: u32,
    /// IPv4 routes.
    pub(crate) routes: u32,
    /// Threads of each process beside its first.
    pub(crate) threads: u32,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            sockets: 0,
            processes: 1,
            files: 0,
            listeners: 0,
            udp: 0,
            unix: 0,
            routes: 0,
            threads: 0,
        }
    }
}

impl Load {
    /// The descriptors that the fullest process needs.
    pub(crate) fn files_of_one_process(&self) -> u64 {
        let shared = u64::from(self.sockets)
            + u64::from(self.listeners)
            + u64::from(self.udp)
            + u64::from(self.unix);
        let share = shared / u64::from(self.processes);
        (share + u64::from(self.files) + 1100).max(20_000)
    }

    fn text(&self) -> String {
        [
            self.sockets,
            self.processes,
            self.files,
            self.listeners,
            self.udp,
            self.unix,
            self.routes,
            self.threads,
        ]
        .map(|number| number.to_string())
        .join(" ")
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map_while(|word| word.parse().ok());
        let mut next = || numbers.next();
        Some(Self {
            sockets: next()?,
            processes: next()?,
            files: next()?,
            listeners: next()?,
            udp: next()?,
            unix: next()?,
            routes: next()?,
            threads: next()?,
        })
    }

    /// The part of `total` that belongs to process `index`.
    fn share(&self, total: u32, index: u32) -> u32 {
        total / self.processes + u32::from(index < total % self.processes)
    }

    /// The parts of all processes before `index`.
    fn before(&self, total: u32, index: u32) -> u32 {
        total / self.processes * index + index.min(total % self.processes)
    }
}

fn build(stage: &mut Stage, load: &Load) -> io::Result<()> {
    let directory = stage.directory.join("load");
    fs::create_dir(&directory)?;
    for number in 0..16 {
        fs::write(
            directory.join(format!("file{number}")),
            format!("{number}\n"),
        )?;
    }
    stage.facts.tell("DIRECTORY", directory.as_os_str());
    stage.facts.tell("FILE", directory.join("file7"));
    stage.facts.tell("LOAD", load.text());
    if load.routes > 0 {
        routes(load.routes)?;
    }
    // Numbers above those that commands get.
    let _ = fs::write("/proc/sys/kernel/ns_last_pid", "9999");
    for role in SCENE.roles {
        stage.start(role)?;
    }
    Ok(())
}

fn routes(count: u32) -> io::Result<()> {
    let mut net = Net::open()?;
    net.add_pair(
        "load0",
        "load1",
        [[2, 0, 0, 0, 1, 0], [2, 0, 0, 0, 1, 1]],
        None,
    )?;
    for name in ["load0", "load1"] {
        net.up(name)?;
    }
    net.add_address("load0", "10.8.0.1/24", None, None)?;
    for number in 0..count {
        let to = std::net::Ipv4Addr::from(0x1400_0000 + number * 16);
        net.add_route(&Route {
            via: Some("10.8.0.2"),
            device: Some("load0"),
            ..Route::to(&format!("{to}/28"))
        })?;
    }
    Ok(())
}

fn run(actor: &mut Actor) -> io::Result<()> {
    let load = actor
        .facts
        .get("LOAD")
        .and_then(|text| text.to_str())
        .and_then(Load::from_text)
        .ok_or_else(|| io::Error::other("no sizes"))?;
    // The first process is this one, so that it is not there for nothing.
    for index in 1..load.processes {
        actor.split(b"load", |actor| {
            actor.forget();
            fill(actor, &load, index)
        })?;
    }
    fill(actor, &load, 0)?;
    actor.tell("PROCESSES", load.processes.to_string());
    actor.tell("PORT", port_of(0).to_string());
    Ok(())
}

/// The port of the listener with this number, below those that the kernel hands out itself.
fn port_of(number: u32) -> u32 {
    2000 + number % 30_000
}

/// The loopback address of a process: each has its own, so that ports are never short.
fn host_of(index: u32) -> String {
    format!(
        "127.{}.{}.{}",
        1 + index / 62_500,
        index / 250 % 250,
        1 + index % 250
    )
}

/// Opens the share of one process.
fn fill(actor: &mut Actor, load: &Load, index: u32) -> io::Result<()> {
    let host = host_of(index);
    let first = load.before(load.listeners, index);
    for number in first..first + load.share(load.listeners, index) {
        actor.hold(Sock::tcp_listener(
            &format!("{host}:{}", port_of(number)),
            128,
        )?);
    }
    // Sockets come in pairs; an odd one is rounded up.
    let pairs = load.share(load.sockets.div_ceil(2), index);
    if pairs > 0 {
        connections(actor, &host, pairs)?;
    }
    for number in 0..load.share(load.udp, index) {
        actor.hold(Sock::udp_at(&format!("{host}:{}", 1 + number % 65_535))?);
    }
    for _ in 0..load.share(load.unix.div_ceil(2), index) {
        let (one, other) = pair(libc::SOCK_STREAM)?;
        actor.hold(one);
        actor.hold(other);
    }
    let directory = actor.path("load");
    for number in 0..load.files {
        let file = File::open(directory.join(format!("file{}", number % 16)))?;
        actor.hold(OwnedFd::from(file));
    }
    for _ in 0..load.threads {
        // It lives as long as the process, and needs next to no stack.
        std::thread::Builder::new().stack_size(16_384).spawn(|| {
            loop {
                std::thread::park();
            }
        })?;
    }
    Ok(())
}

/// Connections of one process to itself, over a listener that is closed afterwards.
fn connections(actor: &mut Actor, host: &str, pairs: u32) -> io::Result<()> {
    const PORTS: u32 = 30_000;
    let server = format!("{host}:1999");
    let listener = Sock::tcp_listener(&server, 128)?;
    for number in 0..pairs {
        // When the ports of one address are used up, the next address calls.
        let from = match number / PORTS {
            0 => format!("{host}:{}", 32_768 + number),
            more => format!("127.{}.0.1:{}", 200 + more % 50, 32_768 + number % PORTS),
        };
        let near = Sock::tcp_connection(&from, &server)?;
        actor.hold(listener.accept()?);
        actor.hold(near);
    }
    Ok(())
}
