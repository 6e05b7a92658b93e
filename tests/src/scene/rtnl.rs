//! Links, addresses and routes by netlink: as much of rtnetlink as scenes need.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd as _, OwnedFd};

use super::net::{self, Sock};
use super::sys;

const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const RTM_NEWADDR: u16 = 20;
const RTM_NEWROUTE: u16 = 24;
const RTM_NEWNEIGH: u16 = 28;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
const NLM_F_CREATE: u16 = 0x400;
const NLM_F_APPEND: u16 = 0x800;

/// A message under construction: a header to be completed, then a body.
#[derive(Default)]
pub(crate) struct Message(Vec<u8>);

impl Message {
    fn new(body: &[u8]) -> Self {
        let mut message = Self(vec![0; 16]);
        message.0.extend_from_slice(body);
        message
    }

    fn pad(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    /// One attribute.
    pub(crate) fn put(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        let length = u16::try_from(value.len() + 4).unwrap_or(u16::MAX);
        self.0.extend(length.to_ne_bytes());
        self.0.extend(kind.to_ne_bytes());
        self.0.extend_from_slice(value);
        self.pad();
        self
    }

    pub(crate) fn put_u32(&mut self, kind: u16, value: u32) -> &mut Self {
        self.put(kind, &value.to_ne_bytes())
    }

    pub(crate) fn put_text(&mut self, kind: u16, text: &str) -> &mut Self {
        self.put(kind, &[text.as_bytes(), &[0]].concat())
    }

    pub(crate) fn put_address(&mut self, kind: u16, address: IpAddr) -> &mut Self {
        self.put(kind, &octets(address))
    }

    /// An attribute made of what `fill` puts.
    pub(crate) fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let start = self.0.len();
        self.0.extend([0; 4]);
        fill(self);
        let length = u16::try_from(self.0.len() - start).unwrap_or(u16::MAX);
        let header = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
        self.0.splice(start..start + 4, header);
        self
    }

    /// Bytes that are part of the body, such as the header of a nested structure.
    pub(crate) fn put_raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// The bytes of an address.
pub(crate) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn family(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => libc::AF_INET as u8,
        IpAddr::V6(_) => libc::AF_INET6 as u8,
    }
}

fn parse(address: &str) -> io::Result<IpAddr> {
    address
        .parse()
        .map_err(|error| io::Error::other(format!("{address}: {error}")))
}

/// `10.0.0.0/8` as address and length; without a length it is a single host.
pub(crate) fn parse_prefix(text: &str) -> io::Result<(IpAddr, u8)> {
    match text.split_once('/') {
        Some((address, length)) => {
            let length = length
                .parse()
                .map_err(|error| io::Error::other(format!("{text}: {error}")))?;
            Ok((parse(address)?, length))
        }
        None => {
            let address = parse(text)?;
            Ok((address, if address.is_ipv4() { 32 } else { 128 }))
        }
    }
}

/// A route to be made. `..Route::to(…)` fills in what is not said.
#[derive(Clone, Debug)]
pub(crate) struct Route<'a> {
    pub(crate) to: &'a str,
    pub(crate) via: Option<&'a str>,
    pub(crate) device: Option<&'a str>,
    /// RTN_*: 1 unicast, 6 blackhole, 7 unreachable, 8 prohibit, 9 throw.
    pub(crate) kind: u8,
    pub(crate) table: u32,
    pub(crate) metric: u32,
    /// RTAX_* and values.
    pub(crate) metrics: &'a [(u16, u32)],
    /// Gateway, device and weight of each hop of a multipath route.
    pub(crate) hops: &'a [(&'a str, &'a str, u8)],
    /// RTNH_F_*: 4 is on-link.
    pub(crate) flags: u32,
    /// RTPROT_*.
    pub(crate) protocol: u8,
}

impl<'a> Route<'a> {
    pub(crate) fn to(to: &'a str) -> Self {
        Self {
            to,
            via: None,
            device: None,
            kind: 1,
            table: 254,
            metric: 0,
            metrics: &[],
            hops: &[],
            flags: 0,
            protocol: 4,
        }
    }
}

/// An open door to the kernel's routing part.
pub(crate) struct Net {
    socket: Sock,
    sequence: u32,
}

impl Net {
    pub(crate) fn open() -> io::Result<Self> {
        let socket = Sock::new(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE)?;
        socket.bind(&net::netlink(0, 0))?;
        Ok(Self {
            socket,
            sequence: 0,
        })
    }

    fn ask(&mut self, kind: u16, flags: u16, mut message: Message) -> io::Result<()> {
        self.sequence += 1;
        let length = u32::try_from(message.0.len()).map_err(io::Error::other)?;
        let header = [
            &length.to_ne_bytes()[..],
            &kind.to_ne_bytes(),
            &(flags | NLM_F_REQUEST | NLM_F_ACK).to_ne_bytes(),
            &self.sequence.to_ne_bytes(),
            &[0; 4],
        ]
        .concat();
        message.0.splice(0..16, header);
        self.socket.send(&message.0)?;
        let mut reply = [0; 4096];
        let got = sys::receive(&self.socket, &mut reply, 0)?;
        // The answer is an error message; its code 0 is the acknowledgement.
        let code = reply
            .get(16..20)
            .filter(|_| got >= 20)
            .and_then(|code| code.try_into().ok())
            .map_or(-libc::EPROTO, i32::from_ne_bytes);
        if code == 0 {
            Ok(())
        } else {
            Err(io::Error::from_raw_os_error(-code))
        }
    }

    /// An interface message body: struct ifinfomsg.
    fn link_body(index: u32, flags: u32, change: u32) -> Vec<u8> {
        let mut body = vec![0; 4];
        body.extend(index.to_ne_bytes());
        body.extend(flags.to_ne_bytes());
        body.extend(change.to_ne_bytes());
        body
    }

    /// Makes a link of a kind that needs no further words.
    pub(crate) fn add_link(&mut self, name: &str, kind: &str) -> io::Result<()> {
        let mut message = Message::new(&Self::link_body(0, 0, 0));
        message.put_text(3, name).nest(18, |info| {
            info.put(1, kind.as_bytes());
        });
        self.ask(RTM_NEWLINK, NLM_F_CREATE | 0x200, message)
    }

    /// Makes a pair of Ethernet ends with the given hardware addresses; the peer's end goes into
    /// the network namespace `far` where that is given.
    pub(crate) fn add_pair(
        &mut self,
        name: &str,
        peer: &str,
        hardware: [[u8; 6]; 2],
        far: Option<&OwnedFd>,
    ) -> io::Result<()> {
        let mut message = Message::new(&Self::link_body(0, 0, 0));
        message
            .put_text(3, name)
            .put(1, &hardware[0])
            .nest(18, |info| {
                info.put(1, b"veth").nest(2, |data| {
                    data.nest(1, |peer_part| {
                        peer_part
                            .put_raw(&Self::link_body(0, 0, 0))
                            .put_text(3, peer)
                            .put(1, &hardware[1]);
                        if let Some(far) = far {
                            peer_part.put(28, &far.as_raw_fd().to_ne_bytes());
                        }
                    });
                });
            });
        self.ask(RTM_NEWLINK, NLM_F_CREATE | 0x200, message)
    }

    /// Changes flags of an interface: those in `mask` become those in `flags`.
    pub(crate) fn set_flags(&mut self, name: &str, flags: u32, mask: u32) -> io::Result<()> {
        let index = sys::interface_index(name)?;
        self.ask(
            RTM_NEWLINK,
            0,
            Message::new(&Self::link_body(index, flags, mask)),
        )
    }

    pub(crate) fn up(&mut self, name: &str) -> io::Result<()> {
        self.set_flags(name, 1, 1)
    }

    /// Has the kernel notice at once what it would notice within a second, such as a lost carrier:
    /// asking for an interface does that.
    pub(crate) fn settle(&mut self, name: &str) -> io::Result<()> {
        let body = Self::link_body(sys::interface_index(name)?, 0, 0);
        let header = [
            &32_u32.to_ne_bytes()[..],
            &RTM_GETLINK.to_ne_bytes(),
            &NLM_F_REQUEST.to_ne_bytes(),
            &[0; 8],
        ]
        .concat();
        self.socket.send(&[header, body].concat())?;
        sys::receive(&self.socket, &mut [0; 1 << 15], 0).map(drop)
    }

    /// Changes one number of an interface (IFLA_MTU is 4, IFLA_TXQLEN 13).
    pub(crate) fn set_number(&mut self, name: &str, kind: u16, value: u32) -> io::Result<()> {
        let index = sys::interface_index(name)?;
        let mut message = Message::new(&Self::link_body(index, 0, 0));
        message.put_u32(kind, value);
        self.ask(RTM_NEWLINK, 0, message)
    }

    /// Gives an interface an address, with a label of its own or the interface's name.
    pub(crate) fn add_address(
        &mut self,
        name: &str,
        prefix: &str,
        label: Option<&str>,
        peer: Option<&str>,
    ) -> io::Result<()> {
        let (address, length) = parse_prefix(prefix)?;
        let index = sys::interface_index(name)?;
        // struct ifaddrmsg; flag 2 is "no duplicate detection".
        let mut body = vec![family(address), length, 2, 0];
        body.extend(index.to_ne_bytes());
        let mut message = Message::new(&body);
        message.put_address(2, address);
        match peer {
            Some(peer) => message.put_address(1, parse(peer)?),
            None => message.put_address(1, address),
        };
        if let IpAddr::V4(v4) = address {
            message.put_text(3, label.unwrap_or(name));
            if peer.is_none() && length < 31 {
                let host = u32::MAX >> length;
                message.put(4, &(u32::from(v4) | host).to_be_bytes());
            }
        }
        self.ask(RTM_NEWADDR, NLM_F_CREATE, message)
    }

    /// Tells the hardware address of a neighbour for good.
    pub(crate) fn add_neighbour(
        &mut self,
        name: &str,
        address: &str,
        hardware: [u8; 6],
    ) -> io::Result<()> {
        let address = parse(address)?;
        let index = sys::interface_index(name)?;
        // struct ndmsg: state NUD_PERMANENT.
        let mut body = vec![family(address), 0, 0, 0];
        body.extend(index.to_ne_bytes());
        body.extend(0x80_u16.to_ne_bytes());
        body.extend([0; 2]);
        let mut message = Message::new(&body);
        message.put_address(1, address).put(2, &hardware);
        self.ask(RTM_NEWNEIGH, NLM_F_CREATE, message)
    }

    /// Makes a route.
    pub(crate) fn add_route(&mut self, route: &Route<'_>) -> io::Result<()> {
        let (to, length) = parse_prefix(route.to)?;
        let table = u8::try_from(route.table).unwrap_or(0);
        // struct rtmsg; the scope of a link for routes without a gateway, else the universe.
        let gatewayed = route.via.is_some() || !route.hops.is_empty() || route.kind != 1;
        let scope = if gatewayed || to.is_ipv6() { 0 } else { 253 };
        let mut body = vec![
            family(to),
            length,
            0,
            0,
            table,
            route.protocol,
            scope,
            route.kind,
        ];
        body.extend(route.flags.to_ne_bytes());
        let mut message = Message::new(&body);
        if length != 0 {
            message.put_address(1, to);
        }
        message.put_u32(15, route.table);
        if route.metric != 0 {
            message.put_u32(6, route.metric);
        }
        if let Some(via) = route.via {
            put_gateway(&mut message, to, parse(via)?);
        }
        if let Some(device) = route.device {
            message.put_u32(4, sys::interface_index(device)?);
        }
        if !route.metrics.is_empty() {
            message.nest(8, |metrics| {
                for &(kind, value) in route.metrics {
                    metrics.put_u32(kind, value);
                }
            });
        }
        if !route.hops.is_empty() {
            let mut hops = Vec::new();
            for &(via, device, weight) in route.hops {
                hops.push((parse(via)?, sys::interface_index(device)?, weight));
            }
            message.nest(9, |list| {
                for (via, index, weight) in hops {
                    // struct rtnexthop, whose length covers the gateway attribute.
                    let start = list.0.len();
                    list.0.extend([0, 0, 0, weight.saturating_sub(1)]);
                    list.0.extend(index.to_ne_bytes());
                    put_gateway(list, to, via);
                    let length = u16::try_from(list.0.len() - start).unwrap_or(u16::MAX);
                    list.0.splice(start..start + 2, length.to_ne_bytes());
                }
            });
        }
        self.ask(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, message)
    }
}

/// A gateway of the route's own family, or RTA_VIA for another one.
fn put_gateway(message: &mut Message, to: IpAddr, via: IpAddr) {
    if to.is_ipv4() == via.is_ipv4() {
        message.put_address(5, via);
    } else {
        let family = u16::from(family(via)).to_ne_bytes();
        message.put(18, &[&family[..], &octets(via)].concat());
    }
}
