//! TCP sockets with options that a listing shows: timers, marks, congestion control, signatures.

use std::fs;
use std::io;

use crate::scene::actor::Actor;
use crate::scene::net::{Sock, family_of, inet};
use crate::scene::sys;

const TCP_MD5SIG_EXT: i32 = 32;
const TCP_FASTOPEN_CONNECT: i32 = 30;
const TCP_ULP: i32 = 31;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    keepalive(actor)?;
    marks(actor);
    for (index, name) in ["reno", "cubic", "bbr", "dctcp", "vegas"]
        .into_iter()
        .enumerate()
    {
        actor.attempt(&format!("congestion control {name}"), |actor| {
            congestion(actor, name, 5020 + index as u16)
        });
    }
    actor.attempt("TCP_MD5SIG", signatures);
    actor.attempt("TCP fast open", fast_open);
    actor.attempt("TLS over TCP", tls);
    for (index, (name, value)) in [
        ("tcp_ecn", "1"),
        ("tcp_timestamps", "0"),
        ("tcp_sack", "0"),
        ("tcp_window_scaling", "0"),
    ]
    .into_iter()
    .enumerate()
    {
        actor.attempt(name, |actor| {
            negotiated(actor, name, value, 5060 + index as u16)
        });
    }
    sizes(actor)?;
    flags(actor);
    Ok(())
}

/// A connection from `port + 40000` to `port`, after `prepare` had both the listener and the
/// client. All three sockets are kept.
fn connect(
    actor: &mut Actor,
    host: &str,
    port: u16,
    prepare: impl Fn(&Sock, bool) -> io::Result<()>,
) -> io::Result<()> {
    let server = format!("{host}:{port}");
    let listener = Sock::tcp_at(&server)?;
    prepare(&listener, true)?;
    listener.listen(8)?;
    let client = Sock::tcp_at(&format!("{host}:{}", u32::from(port) + 40_000))?;
    prepare(&client, false)?;
    client.connect(&inet(&server)?)?;
    let accepted = listener.accept()?;
    client.send(&[b'o'; 300])?;
    actor.hold(listener);
    actor.hold(client);
    actor.hold(accepted);
    Ok(())
}

/// Times until the first probe: long enough that none is sent while the scene lasts, except the
/// short one, which repeats.
fn keepalive(actor: &mut Actor) -> io::Result<()> {
    for (index, seconds) in [7, 75, 605, 7200, 32_000].into_iter().enumerate() {
        connect(
            actor,
            "127.0.0.1",
            5000 + index as u16,
            |socket, listens| {
                if !listens {
                    socket.option(libc::SOL_SOCKET, libc::SO_KEEPALIVE, 1)?;
                    socket.option(libc::IPPROTO_TCP, libc::TCP_KEEPIDLE, seconds)?;
                }
                Ok(())
            },
        )?;
    }
    Ok(())
}

fn marks(actor: &mut Actor) {
    actor.attempt("SO_MARK", |actor| {
        connect(actor, "127.0.0.1", 5010, |socket, _| {
            socket.option(libc::SOL_SOCKET, libc::SO_MARK, 0x1f)
        })
    });
    actor.attempt("IP_TOS", |actor| {
        connect(actor, "127.0.0.1", 5011, |socket, listens| {
            socket.option(
                libc::IPPROTO_IP,
                libc::IP_TOS,
                if listens { 0x10 } else { 0xb8 },
            )?;
            socket.option(libc::SOL_SOCKET, libc::SO_PRIORITY, 6)
        })
    });
    actor.attempt("IPV6_TCLASS", |actor| {
        connect(actor, "[::1]", 5012, |socket, _| {
            socket.option(libc::IPPROTO_IPV6, libc::IPV6_TCLASS, 0x20)
        })
    });
    actor.attempt("SO_MAX_PACING_RATE", |actor| {
        connect(actor, "127.0.0.1", 5013, |socket, _| {
            socket.option(libc::SOL_SOCKET, libc::SO_MAX_PACING_RATE, 1_000_000)
        })
    });
    actor.attempt("SO_BINDTODEVICE on a connection", |actor| {
        connect(actor, "127.0.0.1", 5014, |socket, _| socket.on_device("lo"))
    });
    actor.attempt("SO_MARK with all bits", |actor| {
        connect(actor, "[::1]", 5015, |socket, _| {
            socket.option(libc::SOL_SOCKET, libc::SO_MARK, -1)
        })
    });
}

fn congestion(actor: &mut Actor, name: &str, port: u16) -> io::Result<()> {
    connect(actor, "127.0.0.1", port, |socket, _| {
        socket.option_bytes(libc::IPPROTO_TCP, libc::TCP_CONGESTION, name.as_bytes())
    })
}

/// struct tcp_md5sig: an address in 128 bytes, flags, prefix length, key length, interface, key.
fn md5_key(address: &str, prefix: Option<u8>, key: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = inet(address)?;
    bytes.resize(128, 0);
    bytes.push(u8::from(prefix.is_some()));
    bytes.push(prefix.unwrap_or_default());
    bytes.extend((key.len() as u16).to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend_from_slice(key);
    bytes.resize(128 + 8 + 80, 0);
    Ok(bytes)
}

fn signatures(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_at("127.0.0.1:5040")?;
    for (address, key) in [("127.0.0.1:0", &b"sec ret"[..]), ("10.1.2.3:0", b"k2")] {
        let value = md5_key(address, None, key)?;
        listener.option_bytes(libc::IPPROTO_TCP, libc::TCP_MD5SIG, &value)?;
    }
    listener.listen(3)?;
    let client = Sock::tcp_at("127.0.0.1:45040")?;
    let value = md5_key("127.0.0.1:0", None, b"sec ret")?;
    client.option_bytes(libc::IPPROTO_TCP, libc::TCP_MD5SIG, &value)?;
    client.connect(&inet("127.0.0.1:5040")?)?;
    actor.hold(listener.accept()?);
    actor.hold(listener);
    actor.hold(client);
    let networks = Sock::tcp_at("[::1]:5041")?;
    for (address, prefix, key) in [
        ("[2001:db8::]:0", 32, &b"\x01\xffhidden\"key"[..]),
        (
            "10.0.0.0:0",
            8,
            b"eighty bytes would be too many, but these sixty-four are not....",
        ),
    ] {
        let value = md5_key(address, Some(prefix), key)?;
        if let Err(error) = networks.option_bytes(libc::IPPROTO_TCP, TCP_MD5SIG_EXT, &value) {
            // An IPv4 network does not go with every kernel's IPv6 socket.
            if family_of(address) == libc::AF_INET6 {
                return Err(error);
            }
        }
    }
    networks.listen(3)?;
    actor.hold(networks);
    Ok(())
}

/// Two connections: the first fetches the cookie, the second carries data with its first packet.
fn fast_open(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_at("127.0.0.1:5050")?;
    listener.option(libc::IPPROTO_TCP, libc::TCP_FASTOPEN, 5)?;
    listener.listen(5)?;
    for from in ["127.0.0.1:45050", "127.0.0.1:45051"] {
        let client = Sock::tcp_at(from)?;
        client.option(libc::IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)?;
        client.connect(&inet("127.0.0.1:5050")?)?;
        sys::send(&client, b"early", 0, None)
            .map(drop)
            .or_else(|error| {
                // Without a cookie the data waits for the handshake.
                if error.raw_os_error() == Some(libc::EINPROGRESS) {
                    Ok(())
                } else {
                    Err(error)
                }
            })?;
        actor.hold(listener.accept()?);
        actor.hold(client);
    }
    // Deferred: the address is known, nothing was sent yet.
    let waiting = Sock::tcp_at("127.0.0.1:45052")?;
    waiting.option(libc::IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)?;
    waiting.connect(&inet("127.0.0.1:5050")?)?;
    actor.hold(waiting);
    actor.hold(listener);
    Ok(())
}

fn tls(actor: &mut Actor) -> io::Result<()> {
    let listener = Sock::tcp_listener("127.0.0.1:5055", 1)?;
    let client = Sock::tcp_connection("127.0.0.1:45055", "127.0.0.1:5055")?;
    let accepted = listener.accept()?;
    let outcome = encrypt(&client);
    // Without TLS they stay as they are: closed, they would leave something that fades.
    actor.hold(listener);
    actor.hold(accepted);
    actor.hold(client);
    outcome
}

fn encrypt(socket: &Sock) -> io::Result<()> {
    socket.option_bytes(libc::IPPROTO_TCP, TCP_ULP, b"tls")?;
    // struct tls12_crypto_info_aes_gcm_128: version 1.2, cipher 51, then iv, key, salt, sequence.
    let mut keys = [&0x0303_u16.to_ne_bytes()[..], &51_u16.to_ne_bytes()].concat();
    keys.resize(40, 7);
    socket.option_bytes(libc::SOL_TLS, libc::TLS_TX, &keys)
}

/// What both ends agree on at the start, steered by a setting of the namespace that is put back.
fn negotiated(actor: &mut Actor, name: &str, value: &str, port: u16) -> io::Result<()> {
    let path = format!("/proc/sys/net/ipv4/{name}");
    let usual = fs::read(&path)?;
    fs::write(&path, value)?;
    let outcome = connect(actor, "127.0.0.1", port, |_, _| Ok(()));
    fs::write(&path, usual)?;
    outcome
}

fn sizes(actor: &mut Actor) -> io::Result<()> {
    connect(actor, "127.0.0.1", 5070, |socket, _| {
        socket.option(libc::IPPROTO_TCP, libc::TCP_MAXSEG, 536)
    })?;
    connect(actor, "127.0.0.1", 5071, |socket, _| {
        socket.option(libc::SOL_SOCKET, libc::SO_RCVBUF, 3000)?;
        socket.option(libc::SOL_SOCKET, libc::SO_SNDBUF, 5000)
    })?;
    connect(actor, "127.0.0.1", 5072, |socket, _| {
        socket.option(libc::IPPROTO_TCP, libc::TCP_WINDOW_CLAMP, 1000)
    })
}

/// The bits of `--inet-sockopt`, each on a listener of its own.
fn flags(actor: &mut Actor) {
    const IP_BIND_ADDRESS_NO_PORT: i32 = 24;
    let flags = [
        ("IP_RECVERR", libc::IPPROTO_IP, libc::IP_RECVERR),
        ("IP_FREEBIND", libc::IPPROTO_IP, libc::IP_FREEBIND),
        ("IP_TRANSPARENT", libc::IPPROTO_IP, libc::IP_TRANSPARENT),
        (
            "IP_BIND_ADDRESS_NO_PORT",
            libc::IPPROTO_IP,
            IP_BIND_ADDRESS_NO_PORT,
        ),
        ("IP_NODEFRAG", libc::IPPROTO_IP, 22),
        ("IP_RECVERR_RFC4884", libc::IPPROTO_IP, 26),
    ];
    for (index, (name, level, option)) in flags.into_iter().enumerate() {
        actor.attempt(name, |actor| {
            let socket = Sock::tcp_at(&format!("127.0.0.1:{}", 5080 + index))?;
            socket.option(level, option, 1)?;
            socket.listen(index as i32)?;
            actor.hold(socket);
            Ok(())
        });
    }
    actor.attempt("IP_MULTICAST_ALL off", |actor| {
        let socket = Sock::tcp_at("127.0.0.1:5090")?;
        socket.option(libc::IPPROTO_IP, libc::IP_MULTICAST_ALL, 0)?;
        socket.option(libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP, 0)?;
        socket.listen(1)?;
        actor.hold(socket);
        Ok(())
    });
}
