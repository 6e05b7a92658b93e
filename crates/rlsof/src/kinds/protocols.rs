//! Names of socket types and protocols, as the NODE and NAME cells show them.

/// `SOCK_*` of a unix socket.
pub(crate) fn unix_type(kind: u16) -> &'static [u8] {
    socket_type(kind).unwrap_or(b"unknown")
}

/// The name of a packet socket: `type=SOCK_RAW`.
pub(crate) fn packet_type(kind: u8, into: &mut Vec<u8>) {
    into.extend_from_slice(b"type=");
    match socket_type(kind.into()) {
        Some(name) => {
            into.extend_from_slice(b"SOCK_");
            into.extend_from_slice(name);
        }
        None => into.extend_from_slice(b"unknown"),
    }
}

fn socket_type(kind: u16) -> Option<&'static [u8]> {
    Some(match kind {
        1 => b"STREAM",
        2 => b"DGRAM",
        3 => b"RAW",
        4 => b"RDM",
        5 => b"SEQPACKET",
        6 => b"DCCP",
        10 => b"PACKET",
        _ => return None,
    })
}

/// `NETLINK_*`
pub(crate) fn netlink(protocol: u8) -> Option<&'static [u8]> {
    Some(match protocol {
        0 => b"ROUTE",
        1 => b"UNUSED",
        2 => b"USERSOCK",
        3 => b"FIREWALL",
        4 => b"INET_DIAG",
        5 => b"NFLOG",
        6 => b"XFRM",
        7 => b"SELINUX",
        8 => b"ISCSI",
        9 => b"AUDIT",
        10 => b"FIB_LOOKUP",
        11 => b"CONNECTOR",
        12 => b"NETFILTER",
        13 => b"IP6_FW",
        14 => b"DNRTMSG",
        15 => b"KOBJECT_UEVENT",
        16 => b"GENERIC",
        18 => b"SCSITRANSPORT",
        19 => b"ECRYPTFS",
        20 => b"RDMA",
        21 => b"CRYPTO",
        22 => b"SMC",
        _ => return None,
    })
}

/// `ETH_P_*`, cut to the seven characters that NODE shows; ascending.
const PACKET: &[(u16, &str)] = &[
    (0x0001, "802.3"),
    (0x0002, "AX25"),
    (0x0003, "ALL"),
    (0x0004, "802.2"),
    (0x0005, "SNAP"),
    (0x0006, "DDCMP"),
    (0x0007, "WAN_PPP"),
    (0x0008, "PPP MP"),
    (0x0009, "LCLTALK"),
    (0x000c, "CAN"),
    (0x000d, "CANFD"),
    (0x0010, "PPPTALK"),
    (0x0011, "802.2"),
    (0x0015, "MOBITEX"),
    (0x0016, "CONTROL"),
    (0x0017, "IRDA"),
    (0x0018, "ECONET"),
    (0x0019, "HDLC"),
    (0x001a, "ARCNET"),
    (0x001b, "DSA"),
    (0x001c, "TRAILER"),
    (0x0060, "LOOP"),
    (0x00f5, "PHONET"),
    (0x00f6, "802154"),
    (0x00f7, "CAIF"),
    (0x00f8, "XDSA"),
    (0x00f9, "MAP"),
    (0x0200, "PUP"),
    (0x0201, "PUPAT"),
    (0x0800, "IP"),
    (0x0805, "X25"),
    (0x0806, "ARP"),
    (0x08ff, "BPQ"),
    (0x0a00, "I3EPUP"),
    (0x0a01, "I3EPUPA"),
    (0x22eb, "ERSPAN2"),
    (0x22f0, "TSN"),
    (0x4305, "BATMAN"),
    (0x6000, "DEC"),
    (0x6001, "DNA_DL"),
    (0x6002, "DNA_RC"),
    (0x6003, "DNA_RT"),
    (0x6004, "LAT"),
    (0x6005, "DIAG"),
    (0x6006, "CUST"),
    (0x6007, "SCA"),
    (0x6558, "TEB"),
    (0x8035, "RARP"),
    (0x809b, "ATALK"),
    (0x80f3, "AARP"),
    (0x8100, "8021Q"),
    (0x8137, "IPX"),
    (0x86dd, "IPV6"),
    (0x8808, "PAUSE"),
    (0x8809, "SLOW"),
    (0x883e, "WCCP"),
    (0x8847, "MPLS_UC"),
    (0x8848, "MPLS_MC"),
    (0x884c, "ATMMPOA"),
    (0x8863, "PPP_DIS"),
    (0x8864, "PPP_SES"),
    (0x886c, "LINKCTL"),
    (0x8884, "ATMFATE"),
    (0x888e, "PAE"),
    (0x88a2, "AOE"),
    (0x88a8, "8021AD"),
    (0x88b5, "802_EX1"),
    (0x88be, "ERSPAN"),
    (0x88c7, "PREAUTH"),
    (0x88ca, "TIPC"),
    (0x88cc, "LLDP"),
    (0x88e3, "MRP"),
    (0x88e5, "MACSEC"),
    (0x88e7, "8021AH"),
    (0x88f5, "MVRP"),
    (0x88f7, "1588"),
    (0x88f8, "NCSI"),
    (0x88fb, "PRP"),
    (0x8906, "FCOE"),
    (0x890d, "TDLS"),
    (0x8914, "FIP"),
    (0x8915, "IBOE"),
    (0x8917, "802.21"),
    (0x892f, "HSR"),
    (0x894f, "NSH"),
    (0x9000, "LOOPBAC"),
    (0x9100, "QINQ1"),
    (0x9200, "QINQ2"),
    (0x9300, "QINQ3"),
    (0xdada, "EDSA"),
    (0xdadb, "DSAD1Q"),
    (0xed3e, "IFE"),
    (0xfbfb, "AF_IUCV"),
];

/// The NODE text of a packet socket's protocol, where it has a name.
pub(crate) fn packet(protocol: u16) -> Option<&'static [u8]> {
    let index = PACKET
        .binary_search_by_key(&protocol, |&(number, _)| number)
        .ok()?;
    PACKET.get(index).map(|(_, name)| name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packet_protocols_are_sorted_and_fit_the_cell() {
        assert!(PACKET.is_sorted_by(|a, b| a.0 < b.0));
        assert!(PACKET.iter().all(|(_, name)| name.len() <= 7));
        assert_eq!(PACKET.len(), 93);
        assert_eq!(packet(3), Some(&b"ALL"[..]));
        assert_eq!(packet(0x9000), Some(&b"LOOPBAC"[..]));
        assert_eq!(packet(0), None);
        assert_eq!(packet(0x1234), None);
    }

    #[test]
    fn unknown_types_are_unknown() {
        let mut name = Vec::new();
        packet_type(3, &mut name);
        assert_eq!(name, b"type=SOCK_RAW");
        name.clear();
        packet_type(9, &mut name);
        assert_eq!(name, b"type=unknown");
        assert_eq!(unix_type(10), b"PACKET");
    }
}
