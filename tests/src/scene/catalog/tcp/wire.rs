//! States that take a peer which keeps silent: the far end of a cable whose packets are written
//! here by hand, in a network namespace that only the packet socket keeps alive.

use std::fs::File;
use std::io;

use crate::scene::actor::Actor;
use crate::scene::net::{self, Sock, inet};
use crate::scene::rtnl::Net;
use crate::scene::sys;

const NEAR_HARDWARE: [u8; 6] = [2, 0, 0, 0, 9, 1];
const FAR_HARDWARE: [u8; 6] = [2, 0, 0, 0, 9, 2];
const NEAR: [u8; 4] = [10, 9, 0, 1];
const FAR: [u8; 4] = [10, 9, 0, 2];
/// Where the near end listens.
const PORT: u16 = 8000;
const FIN: u8 = 1;
const SYN: u8 = 2;
const ACK: u8 = 16;

pub(super) fn run(actor: &mut Actor) -> io::Result<()> {
    let home = File::open("/proc/self/ns/net")?;
    sys::unshare(libc::CLONE_NEWNET)?;
    let far = File::open("/proc/self/ns/net")?.into();
    sys::enter(&home)?;
    let mut net = Net::open()?;
    net.add_pair("wire0", "far0", [NEAR_HARDWARE, FAR_HARDWARE], Some(&far))?;
    net.up("wire0")?;
    net.add_address("wire0", "10.9.0.1/24", None, None)?;
    net.add_address("wire0", "fe80::1/64", None, None)?;
    net.add_address("wire0", "2001:db8:9::1/64", None, None)?;
    for address in ["10.9.0.2", "fe80::2", "2001:db8:9::2"] {
        net.add_neighbour("wire0", address, FAR_HARDWARE)?;
    }
    sys::enter(&far)?;
    let cable = open_cable();
    sys::enter(&home)?;
    drop((home, far, net));
    let mut wire = Wire { cable: cable? };
    open(actor, &mut wire)?;
    actor.hold(wire.cable);
    Ok(())
}

/// To be called in the far namespace.
fn open_cable() -> io::Result<Sock> {
    Net::open()?.up("far0")?;
    let cable = Sock::new(libc::AF_PACKET, libc::SOCK_RAW, 0)?;
    cable.bind(&net::packet(0x0800, sys::interface_index("far0")?))?;
    let patience = libc::timeval {
        tv_sec: 2,
        tv_usec: 0,
    };
    let patience = [
        patience.tv_sec.to_ne_bytes(),
        patience.tv_usec.to_ne_bytes(),
    ]
    .concat();
    cable.option_bytes(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &patience)?;
    Ok(cable)
}

fn open(actor: &mut Actor, wire: &mut Wire) -> io::Result<()> {
    let listener = Sock::tcp_listener("10.9.0.1:8000", 20)?;
    // SYN_RECV: the answer is never confirmed.
    wire.send(&Segment {
        flags: SYN,
        ..Segment::from(40_000)
    })?;
    wire.wait_for(40_000, SYN | ACK)?;
    // ESTABLISHED with nothing of what was sent acknowledged.
    let (silent, _) = wire.connect(&listener, 40_001)?;
    silent.send(&[b'u'; 14_600])?;
    actor.hold(silent);
    // FIN_WAIT1, with and without an owner.
    for port in [40_002, 40_003] {
        let (near, _) = wire.connect(&listener, port)?;
        near.finish()?;
        if port == 40_002 {
            actor.hold(near);
        }
    }
    // CLOSING, with and without an owner.
    for port in [40_004, 40_005] {
        let (near, ack) = wire.connect(&listener, port)?;
        near.finish()?;
        wire.wait_for(port, FIN | ACK)?;
        wire.send(&Segment {
            flags: FIN | ACK,
            seq: 2,
            ack,
            ..Segment::from(port)
        })?;
        if port == 40_004 {
            actor.hold(near);
        }
    }
    // LAST_ACK, with and without an owner.
    for port in [40_006, 40_007] {
        let (near, ack) = wire.connect(&listener, port)?;
        wire.send(&Segment {
            flags: FIN | ACK,
            seq: 2,
            ack,
            ..Segment::from(port)
        })?;
        wire.wait_for(port, ACK)?;
        near.finish()?;
        if port == 40_006 {
            actor.hold(near);
        }
    }
    // ESTABLISHED with holes: some of what was sent arrived, and some of what came is early.
    let (holes, ack) = wire.connect(&listener, 40_008)?;
    holes.send(&[b'h'; 14_600])?;
    let (left, right) = (ack.wrapping_add(2920), ack.wrapping_add(5840));
    wire.send(&Segment {
        flags: ACK,
        seq: 2,
        ack,
        selective: Some((left, right)),
        ..Segment::from(40_008)
    })?;
    wire.send(&Segment {
        flags: ACK,
        seq: 2 + 1000,
        ack,
        payload: &[b'e'; 100],
        ..Segment::from(40_008)
    })?;
    actor.hold(holes);
    // ESTABLISHED, all quiet, with urgent data waiting nowhere and some data unread.
    let (quiet, ack) = wire.connect(&listener, 40_009)?;
    wire.send(&Segment {
        flags: ACK,
        seq: 2,
        ack,
        payload: &[b'q'; 77],
        ..Segment::from(40_009)
    })?;
    wire.wait_for(40_009, ACK)?;
    actor.hold(quiet);
    actor.hold(listener);
    // SYN_SENT: the question is never answered.
    for (from, to) in [
        ("10.9.0.1:40010".to_owned(), "10.9.0.2:80".to_owned()),
        (
            "[2001:db8:9::1]:40011".to_owned(),
            "[2001:db8:9::2]:443".to_owned(),
        ),
        {
            let index = sys::interface_index("wire0")?;
            (
                format!("[fe80::1%{index}]:40012"),
                format!("[fe80::2%{index}]:9"),
            )
        },
    ] {
        let near = Sock::tcp_at(&from)?;
        near.begin_connection(&inet(&to)?)?;
        actor.hold(near);
    }
    Ok(())
}

/// One packet from the far end. Sequence numbers of the far end begin at 1.
struct Segment<'a> {
    port: u16,
    seq: u32,
    ack: u32,
    flags: u8,
    selective: Option<(u32, u32)>,
    payload: &'a [u8],
}

impl Segment<'_> {
    fn from(port: u16) -> Self {
        Self {
            port,
            seq: 1,
            ack: 0,
            flags: 0,
            selective: None,
            payload: &[],
        }
    }

    fn options(&self) -> Vec<u8> {
        let mut options = Vec::new();
        if self.flags & SYN != 0 {
            // Segment size 1460, selective acknowledgements, window scale 7.
            options.extend([2, 4, 5, 180, 4, 2, 3, 3, 7]);
        }
        if let Some((left, right)) = self.selective {
            options.extend([1, 1, 5, 10]);
            options.extend(left.to_be_bytes());
            options.extend(right.to_be_bytes());
        }
        options.resize(options.len().next_multiple_of(4), 0);
        options
    }

    /// Ethernet, IPv4 and TCP headers and the payload.
    fn frame(&self) -> Vec<u8> {
        let options = self.options();
        let mut tcp = Vec::new();
        tcp.extend(self.port.to_be_bytes());
        tcp.extend(PORT.to_be_bytes());
        tcp.extend(self.seq.to_be_bytes());
        tcp.extend(self.ack.to_be_bytes());
        tcp.push(((20 + options.len()) as u8 / 4) << 4);
        tcp.push(self.flags);
        tcp.extend(64_000_u16.to_be_bytes());
        tcp.extend([0; 4]);
        tcp.extend_from_slice(&options);
        tcp.extend_from_slice(self.payload);
        let length = tcp.len() as u16;
        let pseudo = [
            &FAR[..],
            &NEAR,
            &[0, libc::IPPROTO_TCP as u8],
            &length.to_be_bytes(),
        ]
        .concat();
        let sum = checksum(&[pseudo, tcp.clone()].concat()).to_be_bytes();
        tcp.splice(16..18, sum);

        let mut ip = vec![0x45, 0];
        ip.extend((length + 20).to_be_bytes());
        ip.extend([0, 0, 0, 0, 64, libc::IPPROTO_TCP as u8, 0, 0]);
        ip.extend(FAR);
        ip.extend(NEAR);
        let sum = checksum(&ip).to_be_bytes();
        ip.splice(10..12, sum);
        [&NEAR_HARDWARE[..], &FAR_HARDWARE, &[8, 0], &ip, &tcp].concat()
    }
}

/// The Internet checksum.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum = 0_u32;
    for pair in bytes.chunks(2) {
        let high = pair.first().copied().unwrap_or_default();
        let low = pair.get(1).copied().unwrap_or_default();
        sum += u32::from(u16::from_be_bytes([high, low]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

struct Wire {
    cable: Sock,
}

impl Wire {
    fn send(&self, segment: &Segment<'_>) -> io::Result<()> {
        self.cable.send(&segment.frame())
    }

    /// Waits for a segment to the far `port` with these flags. The value is the acknowledgement
    /// that it calls for.
    fn wait_for(&mut self, port: u16, flags: u8) -> io::Result<u32> {
        let mut frame = [0; 2048];
        loop {
            let got = sys::receive(&self.cable, &mut frame, 0).map_err(|error| {
                io::Error::other(format!("wire, port {port}, flags {flags:#x}: {error}"))
            })?;
            let ip = frame.get(14..got).unwrap_or_default();
            let header = usize::from(ip.first().copied().unwrap_or_default() & 15) * 4;
            let tcp = ip.get(header..).unwrap_or_default();
            let number = |at: usize| {
                let bytes = tcp.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
                u32::from_be_bytes(bytes.unwrap_or_default())
            };
            let to = number(0) as u16;
            let has = tcp.get(13).copied().unwrap_or_default();
            if to == port && has & (SYN | ACK | FIN) == flags {
                let counted = u32::from(has & (SYN | FIN) != 0);
                return Ok(number(4).wrapping_add(counted));
            }
        }
    }

    /// A complete handshake from the far `port`. The values are the near end and the
    /// acknowledgement of all that it has said.
    fn connect(&mut self, listener: &Sock, port: u16) -> io::Result<(Sock, u32)> {
        self.send(&Segment {
            flags: SYN,
            ..Segment::from(port)
        })?;
        let ack = self.wait_for(port, SYN | ACK)?;
        self.send(&Segment {
            flags: ACK,
            seq: 2,
            ack,
            ..Segment::from(port)
        })?;
        Ok((listener.accept()?, ack))
    }
}
