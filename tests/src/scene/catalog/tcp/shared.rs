//! Sockets with several owners, and several sockets with one address.

use std::io;

use crate::scene::actor::{Actor, Role};
use crate::scene::net::{Sock, inet};

pub(super) const REUSE_ONE: Role = Role {
    key: "reuse_one",
    comm: b"reuse",
    argv: &[b"reuse"],
    uid: 0,
    run: reuse,
};
pub(super) const REUSE_TWO: Role = Role {
    key: "reuse_two",
    uid: 1,
    ..REUSE_ONE
};
pub(super) const REUSE_THREE: Role = Role {
    key: "reuse_three",
    uid: 0,
    ..REUSE_ONE
};

/// A listener and a connection that a parent shares with its children, as servers do that split.
pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_listener("0.0.0.0:6500", 511)?;
    actor.hold(Sock::tcp_connection("127.0.0.1:46500", "127.0.0.1:6500")?);
    let accepted = listener.accept()?;
    // The same socket under two numbers.
    actor.hold(listener.0.try_clone()?);
    actor.hold(listener);
    actor.hold(accepted);
    for (number, comm) in [&b"worker"[..], b"worker (2)", b"we\"ird) (x"]
        .into_iter()
        .enumerate()
    {
        let pid = actor.split(comm, |_| Ok(()))?;
        actor.tell(&format!("SHARED_WORKER_{number}_PID"), pid.to_string());
    }
    for role in [&REUSE_ONE, &REUSE_TWO, &REUSE_THREE] {
        actor.start(role)?;
    }
    Ok(())
}

/// One of several listeners of one address.
fn reuse(actor: &mut Actor) -> io::Result<()> {
    for address in ["127.0.0.1:6600", "[::1]:6600"] {
        let socket = Sock::new(crate::scene::net::family_of(address), libc::SOCK_STREAM, 0)?;
        let shared = socket.option(libc::SOL_SOCKET, libc::SO_REUSEPORT, 1);
        shared?;
        // Only sockets of one user may share an address: a foreign one is left with a port.
        match socket.bind(&inet(address)?) {
            Ok(()) => socket.listen(8)?,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
        actor.hold(socket);
    }
    Ok(())
}
