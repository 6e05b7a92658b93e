//! Multipath TCP: listeners, connections with data, sockets that are not used yet.

use std::io;

use crate::scene::actor::Actor;
use crate::scene::net::{Sock, inet};

const IPPROTO_MPTCP: i32 = 262;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    actor.attempt("MPTCP", open);
    Ok(())
}

fn open(actor: &mut Actor) -> io::Result<()> {
    for (server, client) in [
        ("127.0.0.1:4001", "127.0.0.1:44001"),
        ("[::1]:4002", "[::1]:44002"),
    ] {
        let listener = Sock::stream_at(server, IPPROTO_MPTCP)?;
        listener.listen(5)?;
        let near = Sock::stream_at(client, IPPROTO_MPTCP)?;
        near.connect(&inet(server)?)?;
        near.send(&[b'm'; 100])?;
        actor.hold(listener.accept()?);
        actor.hold(near);
        actor.hold(listener);
    }
    // A plain client falls back to plain TCP.
    let listener = Sock::stream_at("127.0.0.1:4003", IPPROTO_MPTCP)?;
    listener.listen(5)?;
    actor.hold(Sock::tcp_connection("127.0.0.1:44003", "127.0.0.1:4003")?);
    actor.hold(listener.accept()?);
    actor.hold(listener);
    // A caller that waits, a socket that is bound, one that is not.
    let listener = Sock::stream_at("[::]:4004", IPPROTO_MPTCP)?;
    listener.listen(5)?;
    let near = Sock::stream_at("127.0.0.1:44004", IPPROTO_MPTCP)?;
    near.connect(&inet("127.0.0.1:4004")?)?;
    actor.hold(near);
    actor.hold(listener);
    actor.hold(Sock::stream_at("127.0.0.1:4005", IPPROTO_MPTCP)?);
    actor.hold(Sock::new(libc::AF_INET, libc::SOCK_STREAM, IPPROTO_MPTCP)?);
    actor.hold(Sock::new(libc::AF_INET6, libc::SOCK_STREAM, IPPROTO_MPTCP)?);
    // Half closed.
    let listener = Sock::stream_at("127.0.0.1:4006", IPPROTO_MPTCP)?;
    listener.listen(5)?;
    let near = Sock::stream_at("127.0.0.1:44006", IPPROTO_MPTCP)?;
    near.connect(&inet("127.0.0.1:4006")?)?;
    let far = listener.accept()?;
    near.finish()?;
    actor.hold(far);
    actor.hold(near);
    actor.hold(listener);
    Ok(())
}
