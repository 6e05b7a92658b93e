//! States that two ends on the loopback can be brought into. What must not be answered is held
//! back by a window that is shut: its owner never reads.

use std::io;
use std::time::Duration;

use crate::scene::actor::Actor;
use crate::scene::net::{Sock, inet};

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    half_closed(actor)?;
    shut_window(actor)?;
    actor.attempt("queues of over a million bytes", deep_queues);
    unanswered(actor)?;
    unused(actor)
}

/// A listener on `port`, a client from `port + 40000` and the accepted end, all with small buffers.
fn pair(port: u16) -> io::Result<(Sock, Sock)> {
    let server = format!("127.0.0.1:{port}");
    let listener = Sock::tcp_at(&server)?;
    listener.option(libc::SOL_SOCKET, libc::SO_RCVBUF, 4096)?;
    listener.option(libc::SOL_SOCKET, libc::SO_SNDBUF, 8192)?;
    listener.listen(1)?;
    let client = Sock::tcp_at(&format!("127.0.0.1:{}", u32::from(port) + 40_000))?;
    client.option(libc::SOL_SOCKET, libc::SO_RCVBUF, 4096)?;
    client.option(libc::SOL_SOCKET, libc::SO_SNDBUF, 8192)?;
    client.connect(&inet(&server)?)?;
    let accepted = listener.accept()?;
    Ok((client, accepted))
}

fn half_closed(actor: &mut Actor) -> io::Result<()> {
    // FIN_WAIT2 and CLOSE_WAIT.
    let (client, accepted) = pair(6001)?;
    client.finish()?;
    actor.hold(client);
    actor.hold(accepted);
    // The same with data left to read on both sides.
    let (client, accepted) = pair(6002)?;
    accepted.send(b"never read")?;
    client.send(b"never read either")?;
    client.finish()?;
    actor.hold(client);
    actor.hold(accepted);
    // FIN_WAIT2 without an owner.
    let (client, accepted) = pair(6003)?;
    drop(client);
    actor.hold(accepted);
    Ok(())
}

fn shut_window(actor: &mut Actor) -> io::Result<()> {
    let mut pairs = Vec::new();
    for port in 6010..=6016 {
        let (client, accepted) = pair(port)?;
        if port >= LAST_ACK {
            // The other side ends first.
            accepted.finish()?;
        }
        client.fill()?;
        pairs.push((port, client, accepted));
    }
    // An acknowledgement that was put off may still open a window a little: fill that as well.
    std::thread::sleep(Duration::from_millis(60));
    for (port, client, accepted) in pairs {
        client.fill()?;
        // One stays ESTABLISHED, probing the shut window with unsent data. The others end behind
        // data that does not fit: FIN_WAIT1; with the other side's end after it, CLOSING; with the
        // other side's end before it, LAST_ACK. Each with an owner first and then without one.
        if port != ESTABLISHED {
            client.finish()?;
        }
        if (CLOSING..LAST_ACK).contains(&port) {
            accepted.finish()?;
        }
        if port == ESTABLISHED || port % 2 == 1 {
            actor.hold(client);
        }
        actor.hold(accepted);
    }
    Ok(())
}

const ESTABLISHED: u16 = 6010;
const CLOSING: u16 = 6013;
const LAST_ACK: u16 = 6015;

/// Over a million bytes in both queues: one side has room to receive them, the other has not.
fn deep_queues(actor: &mut Actor) -> io::Result<()> {
    const ROOM: i32 = 8 << 20;
    let forced = |socket: &Sock, name, bytes| socket.option(libc::SOL_SOCKET, name, bytes);
    let listener = Sock::tcp_at("127.0.0.1:6018")?;
    forced(&listener, libc::SO_RCVBUFFORCE, ROOM)?;
    forced(&listener, libc::SO_SNDBUFFORCE, ROOM)?;
    listener.listen(1)?;
    let client = Sock::tcp_at("127.0.0.1:46018")?;
    forced(&client, libc::SO_RCVBUF, 4096)?;
    forced(&client, libc::SO_SNDBUFFORCE, ROOM)?;
    client.connect(&inet("127.0.0.1:6018")?)?;
    let accepted = listener.accept()?;
    let block = vec![b'd'; 100_000];
    for _ in 0..12 {
        client.send(&block)?;
        accepted.send(&block)?;
    }
    actor.hold(client);
    actor.hold(accepted);
    Ok(())
}

fn unanswered(actor: &mut Actor) -> io::Result<()> {
    // SYN_SENT: the listener has room for one caller, and has it.
    let full = Sock::tcp_listener("127.0.0.1:6100", 0)?;
    actor.hold(full);
    actor.hold(Sock::tcp_connection("127.0.0.1:46100", "127.0.0.1:6100")?);
    for from in ["127.0.0.1:46101", "127.0.0.1:46102"] {
        let client = Sock::tcp_at(from)?;
        client.begin_connection(&inet("127.0.0.1:6100")?)?;
        actor.hold(client);
    }
    // SYN_RECV: the listener wants data before it takes the connection.
    let deferring = Sock::tcp_at("127.0.0.1:6200")?;
    deferring.option(libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, 100_000)?;
    deferring.listen(5)?;
    actor.hold(deferring);
    actor.hold(Sock::tcp_connection("127.0.0.1:46200", "127.0.0.1:6200")?);
    // One socket that is both ends.
    let alone = Sock::tcp_at("127.0.0.1:6300")?;
    alone.connect(&inet("127.0.0.1:6300")?)?;
    actor.hold(alone);
    Ok(())
}

fn unused(actor: &mut Actor) -> io::Result<()> {
    // Bound and no more.
    for address in ["127.0.0.1:3001", "[::1]:3002", "0.0.0.0:3003", "[::]:3004"] {
        actor.hold(Sock::tcp_at(address)?);
    }
    // Not even bound.
    actor.hold(Sock::new(libc::AF_INET, libc::SOCK_STREAM, 0)?);
    actor.hold(Sock::new(libc::AF_INET6, libc::SOCK_STREAM, 0)?);
    // Refused: nobody listens there.
    let refused = Sock::tcp_at("127.0.0.1:46400")?;
    match refused.connect(&inet("127.0.0.1:6400")?) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
        Err(error) => return Err(error),
        Ok(()) => return Err(io::Error::other("somebody listens on port 6400")),
    }
    actor.hold(refused);
    // Reset by the other side.
    let (client, accepted) = pair(6017)?;
    accepted.option_bytes(
        libc::SOL_SOCKET,
        libc::SO_LINGER,
        &[1_i32.to_ne_bytes(), 0_i32.to_ne_bytes()].concat(),
    )?;
    drop(accepted);
    actor.hold(client);
    Ok(())
}
