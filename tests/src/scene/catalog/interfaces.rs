//! Network interfaces: names to be sorted, labels, flags, hardware types, counters.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use super::files::open;
use super::{Load, Scene};
use crate::scene::actor::{Actor, Role};
use crate::scene::net::{Sock, inet};
use crate::scene::rtnl::Net;
use crate::scene::stage::Stage;
use crate::scene::sys;

pub(super) const SCENE: Scene = Scene {
    name: "interfaces",
    about: "interfaces with odd names, labels, flags, types and counters",
    build,
    roles: ROLES,
};

const ROLES: &[Role] = &[Role {
    key: "taps",
    comm: b"taps",
    argv: &[b"taps"],
    uid: 0,
    run: taps,
}];

const DEBUG: u32 = 0x4;
const NO_ARP: u32 = 0x80;
const PROMISC: u32 = 0x100;
const ALL_MULTI: u32 = 0x200;
const MULTICAST: u32 = 0x1000;
const DYNAMIC: u32 = 0x8000;
const IFLA_MTU: u16 = 4;
const IFLA_TX_QUEUE: u16 = 13;

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let mut net = Net::open()?;
    let mut number = 0_u8;
    for (name, peer) in [
        ("eth2", "eth10"),
        ("eth09", "eth9"),
        ("eth1", "eth01"),
        ("eth", "eth0"),
        ("eth00", "eth-1"),
        ("x", "1234"),
        ("exactlyfifteen5", "with.dot@sign"),
    ] {
        number += 2;
        let hardware = [
            [2, 0, 0, 0, 62, number],
            [2, 0xab, 0xcd, 0xef, 62, number + 1],
        ];
        net.add_pair(name, peer, hardware, None)?;
        for end in [name, peer] {
            // One interface is enough to show IPv6; the others are quiet.
            if end != "eth2" {
                without_ipv6(end)?;
            }
            // These two stay down.
            if name != "x" {
                net.up(end)?;
            }
        }
        stage.facts.tell(&format!("IF_{number}_DEV"), name);
    }
    addresses(&mut net)?;
    for (name, flags) in [
        ("eth2", PROMISC),
        ("eth10", ALL_MULTI),
        ("eth09", PROMISC | ALL_MULTI | NO_ARP),
        ("eth9", DEBUG),
        ("eth01", DYNAMIC),
    ] {
        stage.attempt(&format!("flags of {name}"), |_| {
            net.set_flags(name, flags, flags)
        });
    }
    stage.attempt("no multicast", |_| net.set_flags("eth-1", 0, MULTICAST));
    net.set_number("eth1", IFLA_MTU, 9000)?;
    net.set_number("eth10", IFLA_MTU, 68)?;
    net.set_number("eth2", IFLA_TX_QUEUE, 0)?;
    for (name, kind) in [("dummy0", "dummy"), ("ifb7", "ifb"), ("br0", "bridge")] {
        stage.attempt(&format!("interface of kind {kind}"), |_| {
            net.add_link(name, kind)?;
            without_ipv6(name)?;
            net.up(name)
        });
    }
    for role in ROLES {
        stage.start(role)?;
    }
    stage.attempt("traffic", |_| traffic());
    Ok(())
}

fn addresses(net: &mut Net) -> io::Result<()> {
    for (name, prefix, label, peer) in [
        ("eth2", "10.2.0.1/24", None, None),
        ("eth1", "10.1.0.1/24", None, None),
        ("eth1", "10.1.1.1/24", Some("eth1:0"), None),
        ("eth1", "10.1.2.1/24", Some("eth1:02"), None),
        ("eth1", "10.1.3.1/24", Some("eth1:2"), None),
        ("eth1", "10.1.4.1/24", Some("eth1:10"), None),
        ("eth1", "10.1.5.1/24", Some("eth1:foo"), None),
        ("eth1", "10.1.6.1/24", Some("eth1:a:3"), None),
        ("eth1", "10.1.0.2/24", None, None),
        ("eth10", "10.10.0.1/32", None, Some("10.10.0.2")),
        ("eth09", "10.9.9.1/8", None, None),
        ("eth2", "fe80::2/64", None, None),
        ("eth2", "2001:db8:2::1/64", None, None),
        ("eth2", "fec0::2/64", None, None),
        ("eth2", "::10.2.0.1/96", None, None),
        ("eth2", "::ffff:10.2.0.1/128", None, None),
        ("x", "10.3.0.1/24", None, None),
    ] {
        net.add_address(name, prefix, label, peer)
            .map_err(|error| io::Error::other(format!("{name} {prefix}: {error}")))?;
    }
    Ok(())
}

/// A little to count, into one end of a pair: no answer is waited for.
fn traffic() -> io::Result<()> {
    let socket = Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    let group = inet("10.1.0.255:9")?;
    socket.option(libc::SOL_SOCKET, libc::SO_BROADCAST, 1)?;
    for _ in 0..3 {
        socket.send_to(&[b't'; 1200], &group)?;
    }
    // The loopback counts more than the smallest unit holds.
    let nobody = inet("127.0.0.1:9")?;
    for _ in 0..20 {
        let _ = socket.send_to(&[b't'; 60_000], &nobody);
    }
    Ok(())
}

/// Keeps an interface from saying anything by itself.
fn without_ipv6(name: &str) -> io::Result<()> {
    // Dots in the name of an interface are part of a name here, not of a path.
    fs::write(format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6"), "1")
}

/// Tap devices, each told to be of another hardware type before it goes up.
fn taps(actor: &mut Actor) -> io::Result<()> {
    if let Err(error) = open("/dev/net/tun", libc::O_RDWR) {
        return actor.attempt_all("tap devices", |_| Err(error));
    }
    const TYPES: [u16; 41] = [
        0, 1, 3, 6, 7, 15, 19, 24, 27, 32, 256, 257, 258, 259, 264, 270, 271, 280, 512, 513, 516,
        518, 519, 768, 769, 770, 771, 772, 774, 776, 778, 780, 781, 783, 800, 801, 803, 804, 820,
        0xfffe, 0xffff,
    ];
    let mut net = Net::open()?;
    let asking = Sock::new(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    for hardware in TYPES {
        actor.attempt(&format!("tap of hardware type {hardware}"), |actor| {
            let name = format!("t{hardware}");
            let tap = tap(&name, IFF_TAP, Some(hardware))?;
            actor.hold(tap);
            net.up(&name)
        });
    }
    actor.attempt("tun", |actor| {
        actor.hold(tap("tun0", IFF_TUN, None)?);
        net.up("tun0")?;
        net.add_address("tun0", "10.77.0.1/32", None, Some("10.77.0.2"))
    });
    // Flag bits without a name of their own: port selection and automatic media.
    for (name, bits) in [("t1", 0x2000_i16), ("t800", 0x6000), ("t512", 0x4000)] {
        actor.attempt(&format!("flag bits of {name}"), |_| {
            let mut request = request(name, &[]);
            const SIOCGIFFLAGS: libc::c_ulong = 0x8913;
            const SIOCSIFFLAGS: libc::c_ulong = 0x8914;
            sys::interface_request(&asking, SIOCGIFFLAGS, &mut request)?;
            let old = request.get(16..18).and_then(|bytes| bytes.try_into().ok());
            let new = i16::from_ne_bytes(old.unwrap_or_default()) | bits;
            let mut request = self::request(name, &new.to_ne_bytes());
            sys::interface_request(&asking, SIOCSIFFLAGS, &mut request)
        });
    }
    // A tap whose owner is gone from it: no carrier.
    actor.attempt("tap without an owner", |_| {
        drop(tap("left", IFF_TAP, None)?);
        let mut net = Net::open()?;
        net.up("left")?;
        net.settle("left")
    });
    Ok(())
}

const IFF_TUN: u16 = 1;
const IFF_TAP: u16 = 2;

/// struct ifreq with a name and what follows it.
fn request(name: &str, value: &[u8]) -> [u8; 40] {
    let mut request = [0; 40];
    for (to, from) in request.iter_mut().zip(name.bytes().take(15)) {
        *to = from;
    }
    for (to, from) in request.iter_mut().skip(16).zip(value) {
        *to = *from;
    }
    request
}

fn tap(name: &str, kind: u16, hardware: Option<u16>) -> io::Result<OwnedFd> {
    const TUNSETIFF: libc::c_ulong = 0x4004_54ca;
    const TUNSETPERSIST: libc::c_ulong = 0x4004_54cb;
    const TUNSETLINK: libc::c_ulong = 0x4004_54cd;
    const NO_PACKET_INFORMATION: u16 = 0x1000;
    let device: OwnedFd = open("/dev/net/tun", libc::O_RDWR)?;
    let flags = kind | NO_PACKET_INFORMATION;
    sys::interface_request(&device, TUNSETIFF, &mut request(name, &flags.to_ne_bytes()))?;
    // Devices that go one by one with their descriptors take long; the namespace takes all at once.
    sys::device_request(&device, TUNSETPERSIST, 1)?;
    if let Some(hardware) = hardware {
        sys::device_request(&device, TUNSETLINK, hardware.into())?;
    }
    without_ipv6(name)?;
    Ok(device)
}
