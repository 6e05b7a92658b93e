//! Names of link-layer protocols (`ETH_P_*`).

/// Every protocol.
pub(crate) const ALL: u16 = 3;

static NAMES: &[(u16, &str)] = &[
    (0x60, "loop"),
    (0x200, "pup"),
    (0x201, "pupat"),
    (0x800, "ip"),
    (0x805, "x25"),
    (0x806, "arp"),
    (0x8ff, "bpq"),
    (0xa00, "ieeepup"),
    (0xa01, "ieeepupat"),
    (0x6000, "dec"),
    (0x6001, "dna_dl"),
    (0x6002, "dna_rc"),
    (0x6003, "dna_rt"),
    (0x6004, "lat"),
    (0x6005, "diag"),
    (0x6006, "cust"),
    (0x6007, "sca"),
    (0x6558, "teb"),
    (0x8035, "rarp"),
    (0x809b, "atalk"),
    (0x80f3, "aarp"),
    (0x8100, "802.1Q"),
    (0x8137, "ipx"),
    (0x86dd, "ipv6"),
    (0x8847, "mpls_uc"),
    (0x8848, "mpls_mc"),
    (0x884c, "atmmpoa"),
    (0x8863, "ppp_disc"),
    (0x8864, "ppp_ses"),
    (0x8884, "atmfate"),
    (0x8892, "profinet"),
    (0x88a2, "aoe"),
    (0x88a4, "ethercat"),
    (0x88a8, "802.1ad"),
    (0x88ca, "tipc"),
    (0x88cc, "LLDP"),
    (0x8902, "cfm"),
    (1, "802_3"),
    (2, "ax25"),
    (3, "all"),
    (4, "802_2"),
    (5, "snap"),
    (6, "ddcmp"),
    (7, "wan_ppp"),
    (8, "ppp_mp"),
    (9, "localtalk"),
    (0xc, "can"),
    (0x10, "ppptalk"),
    (0x11, "tr_802_2"),
    (0x15, "mobitex"),
    (0x16, "control"),
    (0x17, "irda"),
    (0x18, "econet"),
    // Only a name to ask by: the number's own name stands further up.
    (0x800, "ipv4"),
];

/// The name of a protocol.
pub(crate) fn name(protocol: u16) -> Option<&'static str> {
    let (_, name) = NAMES.iter().find(|(number, _)| *number == protocol)?;
    Some(name)
}

/// The protocol of a name, in whatever case.
pub(crate) fn number(name: &[u8]) -> Option<u16> {
    let (number, _) = NAMES
        .iter()
        .find(|(_, known)| known.as_bytes().eq_ignore_ascii_case(name))?;
    Some(*number)
}
