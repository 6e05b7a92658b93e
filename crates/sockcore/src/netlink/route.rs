//! `rtnetlink`: interfaces, their IPv4 addresses, and the IPv4 routes of the main table.

use std::ops::ControlFlow;

use netlink_packet_core::Emitable as _;
use netlink_packet_route::AddressFamily;
use netlink_packet_route::address::AddressHeader;
use netlink_packet_route::link::LinkHeader;

use super::channel::Channel;
use super::request::Request;
use super::{Attribute, attributes};
use crate::addr::Address;
use crate::error::Error;
use crate::id::IfIndex;
use crate::socket::bytes::{u8_at, u16_at, u32_at, u64_at};

const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const RTM_NEWADDR: u16 = 20;
const RTM_GETADDR: u16 = 22;

const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;

const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_MTU: u16 = 4;
const IFLA_TXQLEN: u16 = 13;
const IFLA_MAP: u16 = 14;
const IFLA_PROP_LIST: u16 = 52;
const IFLA_ALT_IFNAME: u16 = 53;

const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_LABEL: u16 = 3;
const IFA_BROADCAST: u16 = 4;

const RTA_DST: u16 = 1;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_PRIORITY: u16 = 6;
const RTA_METRICS: u16 = 8;
const RTA_MULTIPATH: u16 = 9;
const RTA_TABLE: u16 = 15;
const RTA_VIA: u16 = 18;

const RTAX_WINDOW: u16 = 3;
const RTAX_RTT: u16 = 4;
const RTAX_ADVMSS: u16 = 8;

const RTN_BROADCAST: u8 = 3;
const RTN_MULTICAST: u8 = 5;
const RTN_UNREACHABLE: u8 = 7;
const RTN_PROHIBIT: u8 = 8;

const RT_TABLE_MAIN: u32 = 254;

/// `RTF_*` of `<linux/route.h>`.
const RTF_UP: u32 = 0x1;
const RTF_GATEWAY: u32 = 0x2;
const RTF_HOST: u32 = 0x4;
const RTF_REJECT: u32 = 0x200;

/// `sizeof(struct rtmsg)`, `sizeof(struct rtnexthop)`.
const ROUTE_FIXED: usize = 12;
const HOP_FIXED: usize = 8;
/// `sizeof(struct ifinfomsg)`, `sizeof(struct ifaddrmsg)`.
const LINK_FIXED: usize = 16;
const ADDRESS_FIXED: usize = 8;

/// A network interface.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// `IFLA_IFNAME`: any bytes but `/`, `:` and white space.
    pub name: &'a [u8],
    /// `ifi_index`
    pub index: IfIndex,
    /// `ifi_type`: `ARPHRD_*`
    pub kind: u16,
    /// `ifi_flags`: `IFF_*`
    pub flags: u32,
    /// `IFLA_MTU`, bytes.
    pub mtu: u32,
    /// `IFLA_ADDRESS`; empty: none.
    pub address: &'a [u8],
    /// `IFLA_TXQLEN`, packets.
    pub transmit_queue: u32,
    /// `IFLA_MAP`
    pub map: LinkMap,
}

/// `struct rtnl_link_ifmap`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkMap {
    /// `mem_start`
    pub memory_start: u64,
    /// `mem_end`
    pub memory_end: u64,
    /// `base_addr`
    pub base: u64,
    /// `irq`
    pub interrupt: u16,
    /// `dma`
    pub dma: u8,
    /// `port`
    pub port: u8,
}

/// An IPv4 address of an interface.
#[derive(Clone, Copy, Debug)]
pub struct LinkAddress<'a> {
    /// `IFA_LABEL`: the interface's name, or that of an alias.
    pub label: &'a [u8],
    /// `ifa_index`
    pub index: IfIndex,
    /// `ifa_prefixlen`
    pub prefix: u8,
    /// `IFA_LOCAL`
    pub local: Address,
    /// `IFA_ADDRESS`: of a point-to-point interface the other end.
    pub peer: Address,
    /// `IFA_BROADCAST`
    pub broadcast: Option<Address>,
}

/// Calls `each` for every interface of the current network namespace.
///
/// # Errors
/// The kernel does not answer; interfaces before that were handed over.
pub fn visit_links(each: &mut dyn FnMut(&Link<'_>)) -> Result<(), Error> {
    let request = Request::dump(RTM_GETLINK)
        .emit(&LinkHeader::default())
        .finish();
    dump(&request, RTM_NEWLINK, &mut |body| {
        if let Some(link) = decode_link(body) {
            each(&link);
        }
    })
}

/// The interface of the current network namespace that has this as one more name
/// (`IFLA_ALT_IFNAME`).
pub(crate) fn index_of_alternative(name: &[u8]) -> Option<IfIndex> {
    let request = Request::dump(RTM_GETLINK)
        .emit(&LinkHeader::default())
        .finish();
    let mut found = None;
    let dumped = dump(&request, RTM_NEWLINK, &mut |body| {
        let Some((fixed, rest)) = body.split_at_checked(LINK_FIXED) else {
            return;
        };
        let has_name = attributes(rest)
            .filter(|list| list.kind == IFLA_PROP_LIST)
            .flat_map(|list| attributes(list.value))
            .filter(|property| property.kind == IFLA_ALT_IFNAME)
            .any(|property| property.value.strip_suffix(b"\0") == Some(name));
        if has_name {
            found = Some(IfIndex(u32_at(fixed, 4)));
        }
    });
    found.filter(|_| dumped.is_ok())
}

/// Calls `each` for every IPv4 address of the current network namespace.
///
/// # Errors
/// The kernel does not answer; addresses before that were handed over.
pub fn visit_addresses(each: &mut dyn FnMut(&LinkAddress<'_>)) -> Result<(), Error> {
    let header = AddressHeader {
        family: AddressFamily::Inet,
        ..AddressHeader::default()
    };
    debug_assert_eq!(header.buffer_len(), ADDRESS_FIXED);
    let request = Request::dump(RTM_GETADDR).emit(&header).finish();
    dump(&request, RTM_NEWADDR, &mut |body| {
        if let Some(address) = decode_address(body) {
            each(&address);
        }
    })
}

fn dump(request: &[u8], kind: u16, each: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
    Channel::open(None, "rtnetlink", 0)?.dump(request, &mut |told: u16, body: &[u8]| {
        if told == kind {
            each(body);
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

/// An IPv4 route of the main table, as `/proc/net/route` tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MainRoute {
    /// `RTA_DST`; all zero: every destination.
    pub destination: Address,
    /// By `rtm_dst_len`.
    pub mask: Address,
    /// `RTA_GATEWAY`, of the first next hop; all zero: none, or one of another family.
    pub gateway: Address,
    /// `RTF_UP`, and by type and next hop `RTF_GATEWAY`, `RTF_HOST`, `RTF_REJECT`.
    pub flags: u32,
    /// `RTA_PRIORITY`
    pub metric: u32,
    /// `RTAX_ADVMSS` and 40, or 0.
    pub mtu: u32,
    /// `RTAX_WINDOW`, bytes.
    pub window: u32,
    /// `RTAX_RTT` by 8.
    pub irtt: u32,
    /// `RTA_OIF`, of the first next hop.
    pub interface: Option<IfIndex>,
}

/// Calls `each` for every route that `/proc/net/route` lists, in its order.
///
/// # Errors
/// The kernel does not answer; routes before that were handed over.
pub fn visit_main_routes(each: &mut dyn FnMut(&MainRoute)) -> Result<(), Error> {
    const AF_INET: u8 = 2;
    let mut body = [0; ROUTE_FIXED];
    body[0] = AF_INET;
    let request = Request::dump(RTM_GETROUTE).body(&body).finish();
    dump(&request, RTM_NEWROUTE, &mut |body| {
        if let Some(route) = decode_route(body) {
            each(&route);
        }
    })
}

fn decode_route(body: &[u8]) -> Option<MainRoute> {
    let (fixed, rest) = body.split_at_checked(ROUTE_FIXED)?;
    let kind = u8_at(fixed, 7);
    if matches!(kind, RTN_BROADCAST | RTN_MULTICAST) {
        return None;
    }
    let length = u32::from(u8_at(fixed, 1)).min(32);
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    let mut table = u32::from(u8_at(fixed, 4));
    let mut route = MainRoute {
        mask: Address::v4(mask.to_be_bytes()),
        flags: RTF_UP,
        ..MainRoute::default()
    };
    for Attribute { kind, value, .. } in attributes(rest) {
        match kind {
            RTA_DST => route.destination = v4(value).unwrap_or_default(),
            RTA_PRIORITY => route.metric = u32_at(value, 0),
            RTA_TABLE => table = u32_at(value, 0),
            RTA_METRICS => metrics(&mut route, value),
            // The first next hop: its length, flags, hops and interface, then attributes.
            RTA_MULTIPATH => {
                route.interface = Some(IfIndex(u32_at(value, 4)));
                let end = usize::from(u16_at(value, 0)).min(value.len());
                for Attribute { kind, value, .. } in
                    attributes(value.get(HOP_FIXED..end).unwrap_or_default())
                {
                    hop(&mut route, kind, value);
                }
            }
            kind => hop(&mut route, kind, value),
        }
    }
    if mask == u32::MAX {
        route.flags |= RTF_HOST;
    }
    if matches!(kind, RTN_UNREACHABLE | RTN_PROHIBIT) {
        route.flags |= RTF_REJECT;
    }
    (table == RT_TABLE_MAIN).then_some(route)
}

fn hop(route: &mut MainRoute, kind: u16, value: &[u8]) {
    match kind {
        RTA_OIF => route.interface = Some(IfIndex(u32_at(value, 0))),
        RTA_GATEWAY => {
            route.gateway = v4(value).unwrap_or_default();
            route.flags |= RTF_GATEWAY;
        }
        RTA_VIA => route.flags |= RTF_GATEWAY,
        _ => {}
    }
}

fn metrics(route: &mut MainRoute, bytes: &[u8]) {
    for Attribute { kind, value, .. } in attributes(bytes) {
        match (kind, u32_at(value, 0)) {
            (RTAX_WINDOW, window) => route.window = window,
            (RTAX_RTT, rtt) => route.irtt = rtt >> 3,
            (RTAX_ADVMSS, mss) if mss > 0 => route.mtu = mss.wrapping_add(40),
            _ => {}
        }
    }
}

pub(crate) fn decode_link(body: &[u8]) -> Option<Link<'_>> {
    let (fixed, rest) = body.split_at_checked(LINK_FIXED)?;
    let mut link = Link {
        name: &[],
        index: IfIndex(u32_at(fixed, 4)),
        kind: u16_at(fixed, 2),
        flags: u32_at(fixed, 8),
        mtu: 0,
        address: &[],
        transmit_queue: 0,
        map: LinkMap::default(),
    };
    for Attribute { kind, value, .. } in attributes(rest) {
        match kind {
            IFLA_ADDRESS => link.address = value,
            IFLA_IFNAME => link.name = text(value),
            IFLA_MTU => link.mtu = u32_at(value, 0),
            IFLA_TXQLEN => link.transmit_queue = u32_at(value, 0),
            IFLA_MAP => {
                link.map = LinkMap {
                    memory_start: u64_at(value, 0),
                    memory_end: u64_at(value, 8),
                    base: u64_at(value, 16),
                    interrupt: u16_at(value, 24),
                    dma: u8_at(value, 26),
                    port: u8_at(value, 27),
                };
            }
            _ => {}
        }
    }
    Some(link)
}

pub(crate) fn decode_address(body: &[u8]) -> Option<LinkAddress<'_>> {
    let (fixed, rest) = body.split_at_checked(ADDRESS_FIXED)?;
    let (mut label, mut local, mut peer, mut broadcast) = (&[][..], None, None, None);
    for Attribute { kind, value, .. } in attributes(rest) {
        match kind {
            IFA_ADDRESS => peer = v4(value),
            IFA_LOCAL => local = v4(value),
            IFA_LABEL => label = text(value),
            IFA_BROADCAST => broadcast = v4(value),
            _ => {}
        }
    }
    let local = local.or(peer)?;
    Some(LinkAddress {
        label,
        index: IfIndex(u32_at(fixed, 4)),
        prefix: u8_at(fixed, 1),
        local,
        peer: peer.unwrap_or(local),
        broadcast,
    })
}

fn v4(value: &[u8]) -> Option<Address> {
    value.first_chunk::<4>().map(|octets| Address::v4(*octets))
}

fn text(value: &[u8]) -> &[u8] {
    value.split(|&byte| byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_told_with_its_address() {
        let mut found = None;
        visit_links(&mut |link| {
            if link.name == b"lo" {
                found = Some((link.index, link.kind, link.flags & 8));
            }
        })
        .unwrap();
        let (index, kind, loopback) = found.unwrap();
        assert_eq!((kind, loopback), (772, 8));
        let mut addresses = Vec::new();
        visit_addresses(&mut |address| {
            if address.index == index {
                addresses.push((address.local, address.prefix));
            }
        })
        .unwrap();
        // A namespace whose loopback was never up has no address there.
        for (address, prefix) in addresses {
            assert_eq!((address.octets4()[0], prefix), (127, 8));
        }
    }

    #[test]
    fn cut_messages_never_panic() {
        let mut body = vec![0; LINK_FIXED];
        crate::netlink::request::push_attribute(&mut body, IFLA_IFNAME, b"eth0\0");
        crate::netlink::request::push_attribute(&mut body, IFLA_MAP, &[7; 32]);
        assert_eq!(decode_link(&body).unwrap().name, b"eth0");
        for length in 0..body.len() {
            std::hint::black_box(decode_link(&body[..length]));
            std::hint::black_box(decode_address(&body[..length]));
            std::hint::black_box(decode_route(&body[..length]));
        }
    }
}
