//! The usual picture: a server that listens on all kinds of addresses, and clients of another user.

use std::io;

use super::LONG;
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{Sock, inet};
use crate::scene::sys;

pub(super) const CLIENT: Role = Role {
    key: "client",
    comm: b"client",
    argv: &[b"client"],
    uid: 65_534,
    run: call,
};

/// The server's side.
pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let linked = linked("4102")?;
    let listeners = [
        ("0.0.0.0:22".to_owned(), 128),
        ("127.0.0.1:8080".to_owned(), 5),
        ("[::]:80".to_owned(), 128),
        ("[::1]:9000".to_owned(), 1024),
        ("[::]:7777".to_owned(), 16),
        ("127.0.0.1:7070".to_owned(), 1),
        (format!("[{LONG}]:65535"), 4096),
        (linked, 10),
        ("127.0.0.1:1002".to_owned(), 1),
        ("[::1]:1003".to_owned(), 3),
    ];
    let mut accepting = Vec::new();
    for (address, backlog) in listeners {
        let listener = Sock::tcp_listener(&address, backlog)?;
        accepting.push((address, listener));
    }
    let only = Sock::new(libc::AF_INET6, libc::SOCK_STREAM, 0)?;
    only.option(libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1)?;
    only.bind(&inet("[::]:443")?)?;
    only.listen(128)?;
    let tied = Sock::new(libc::AF_INET, libc::SOCK_STREAM, 0)?;
    tied.on_device("lo")?;
    tied.bind(&inet("0.0.0.0:5555")?)?;
    tied.listen(128)?;
    accepting.push(("0.0.0.0:5555".to_owned(), tied));

    actor.start(&CLIENT)?;

    // Ports 22, 1002 and 1003 keep their callers waiting.
    for (address, listener) in &accepting {
        let calls = match port(address) {
            "22" | "1002" | "1003" | "7070" => 0,
            "8080" => 3,
            _ => 1,
        };
        for number in 0..calls {
            let connection = listener.accept()?;
            if number == 1 {
                // The client never reads this.
                connection.send(&[b'y'; 1000])?;
            }
            actor.hold(connection);
        }
    }
    actor.hold(only);
    for (_, listener) in accepting {
        actor.hold(listener);
    }
    actor.tell("TCP_PORT_LISTEN", "8080");
    actor.tell("TCP_PORT_UNREAD", "40010");
    Ok(())
}

/// The clients' side: fixed ports, data on some.
fn call(actor: &mut Actor) -> io::Result<()> {
    let long = format!("[{LONG}]");
    let calls = [
        ("127.0.0.1:40001".to_owned(), "127.0.0.1:22".to_owned(), 0),
        ("127.0.0.1:40002".to_owned(), "127.0.0.1:22".to_owned(), 100),
        (
            "127.0.0.1:40010".to_owned(),
            "127.0.0.1:8080".to_owned(),
            500,
        ),
        ("127.0.0.1:40011".to_owned(), "127.0.0.1:8080".to_owned(), 0),
        ("127.0.0.2:40012".to_owned(), "127.0.0.1:8080".to_owned(), 7),
        ("127.0.0.1:40020".to_owned(), "127.0.0.1:7777".to_owned(), 0),
        ("[::1]:40030".to_owned(), "[::1]:9000".to_owned(), 20_000),
        ("[::1]:40031".to_owned(), "[::1]:80".to_owned(), 0),
        (format!("{long}:40040"), format!("{long}:65535"), 1),
        (linked("40050")?, linked("4102")?, 0),
        ("127.0.0.1:40060".to_owned(), "127.0.0.1:5555".to_owned(), 0),
        ("127.0.0.1:40070".to_owned(), "127.0.0.1:1002".to_owned(), 0),
        ("127.0.0.1:40071".to_owned(), "127.0.0.1:1002".to_owned(), 0),
        ("[::1]:40072".to_owned(), "[::1]:1003".to_owned(), 3),
    ];
    for (from, to, bytes) in calls {
        let connection = Sock::tcp_connection(&from, &to)
            .map_err(|error| io::Error::other(format!("{from} to {to}: {error}")))?;
        if bytes != 0 {
            connection.send(&vec![b'x'; bytes])?;
        }
        actor.hold(connection);
    }
    Ok(())
}

/// The link-local address of the wire, with a port.
fn linked(port: &str) -> io::Result<String> {
    Ok(format!(
        "[fe80::1%{}]:{port}",
        sys::interface_index("wire0")?
    ))
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap_or_default()
}
