//! The tables of sockets in `/proc/net`, read both ways that there are.

use sockcore::procfs::amateur_words::{self, IpxColumns};
use sockcore::procfs::formatted::{InetColumns, UnixColumns};
use sockcore::procfs::{amateur, net, rare_routes, sctp, sctp_words};
use sockcore::socket::InetProtocol;

use super::{Reader, Target, lines, texts};
use crate::shape::Shape;

const WORDS: &[&[u8]] = &[
    b" 00000000",
    b":",
    b"  ",
    b"\t",
    b" @name",
    b" -1",
    b"\n",
    b" 0A ",
];

pub(super) const SOCKETS: Target = Target {
    name: "sockets",
    about: "tables of sockets in /proc/net",
    readers: &[
        Reader {
            name: "inet",
            seeds: inet,
            words: WORDS,
            read: |input, shape| {
                let mut columns = InetColumns::default();
                lines(input, |line| {
                    shape.saw(net::inet_line(line, InetProtocol::TCP));
                    shape.saw(columns.read(line));
                    shape.saw(&columns);
                });
            },
        },
        Reader {
            name: "unix",
            seeds: || {
                texts(
                    &["Num       RefCount Protocol Flags    Type St Inode Path\n\
                     00000000ffff8880: 00000002 00000000 00010000 0001 01 24711 /run/dbus/socket\n\
                     0000000000000000: 00000003 00000000 00000000 0001 03 24712\n\
                     0000000012345678: 00000002 00000000 00000000 0002 01 18 @/tmp/.X11-unix/X0\n\
                     0000000012345678: 00000002 00000000 00000000 0005 01 9 name with blanks \n"],
                )
            },
            words: WORDS,
            read: |input, shape| {
                let mut columns = UnixColumns::default();
                lines(input, |line| {
                    shape.saw(net::unix_line(line));
                    shape.saw(columns.read(line));
                    shape.saw(&columns);
                });
            },
        },
        Reader {
            name: "netlink",
            seeds: || {
                texts(&[
                    "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n\
                     000000008bad4d45 0   1          800405d5 0        0        0     2        0        20136\n\
                     0000000000000000 15  4294962893 ffffffff 16       32       1     2        7        1      \n",
                ])
            },
            words: WORDS,
            read: |input, shape| lines(input, |line| shape.saw(net::netlink_line(line))),
        },
        Reader {
            name: "packet",
            seeds: || {
                texts(&[
                    "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n\
                     00000000d9c04df5 3      3    0003   2     1 0      0      15678\n\
                     0000000000000000 3      10   88cc   0     0 768    1000   4294967295\n",
                ])
            },
            words: WORDS,
            read: |input, shape| lines(input, |line| shape.saw(net::packet_line(line))),
        },
        Reader {
            name: "sctp",
            seeds: sctp_seeds,
            words: &[
                b"<->",
                b" *",
                b"*127.0.0.1 ",
                b"\t",
                b" 1.2.70000 ",
                b"0x1.02.3.4 ",
                b"::1 ",
            ],
            read: |input, shape| {
                lines(input, |line| {
                    shape.saw(sctp::association_line(line));
                    shape.saw(sctp::endpoint_line(line));
                    let endpoint = sctp_words::endpoint_words(line);
                    if let Some(endpoint) = &endpoint {
                        shape.saw(sctp_words::addresses(endpoint.local).collect::<Vec<_>>());
                    }
                    shape.saw(endpoint);
                    let association = sctp_words::association_words(line);
                    if let Some(association) = &association {
                        for list in [association.local, association.peer] {
                            shape.saw(sctp_words::path_addresses(list).collect::<Vec<_>>());
                        }
                    }
                    shape.saw(association);
                });
            },
        },
        Reader {
            name: "amateur",
            seeds: || {
                texts(&[
                    "000000001234abcd ax0 N0CALL-1 N0CALL-2,RELAY 3 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 7 9 4711\n\
                     000000001234abcd ??? * * 0 0 0 0 0 10 0 3 0 300 0 0 0 10 5 2 256 * * *\n",
                    "Local_Address               Remote_Address              Tx_Queue  Rx_Queue  State  Uid\n\
                     00000001:0000000000AB:4000  Not_Connected               0000000A  0000000B  07     000 4711\n\
                     00000001:0000000000AB:4000  00000002:0000000000CD:4001  00000000  00000000  01     1000 4712\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                lines(input, |line| {
                    shape.saw(amateur::ax25_line(line));
                    shape.saw(amateur::ipx_line(line));
                });
            },
        },
        Reader {
            name: "obsolete",
            seeds: || {
                texts(&[
                    "ffff88 ax0 N0CALL-1 APRS-0,WIDE1-1 3 4 5 7 0 10 0 3 0 30 0 5 0 10 2 256 300 12 34 99\n",
                    "dest_addr src_addr\nN0CALL-1  N0CALL-2  ax0 3 0 1 2 3/4 5/6 7/8 9/10 11/12 13 14 15 16 17\n",
                    "title\nN0CALL-1  N0CALL-2  N0CALL-3  nr0   01/02 03/04  3 001 002 003 000/120 000/005 000/180 000/900 00/03 004    12    34 1007\n",
                    "title\n1234567890 0987654321 x25a0 001  3  1  2  3   0  20  20  18  18    12    34 1008\n",
                    "title\n00000012:0000000000AB:4001  00000013:0000000000AC:4002  00000007  00000005  01     100\n",
                    "title\nN0CALL-7  MNEMO    1 2  192   6 00001  191   5 00002\n00001 NEIGH-1   ax0   192    0     1      0\n",
                    "title\n1234567890 0010 2 00001 00002\n00001 NEIGH-1   ax0      1   0  DCE      no 000 000\n",
                    "Target        Router  Flags Dev\nDefault     00FF:01  3     eth1\n",
                    "Address          Digits  Device\n1234567890       5       x25a0\nN0CALL-1  ax0  17\n",
                ])
            },
            words: WORDS,
            read: obsolete,
        },
    ],
};

fn obsolete(input: &[u8], shape: &mut Shape) {
    let mut ipx = IpxColumns::default();
    lines(input, |line| {
        shape.saw(amateur_words::ax25_line(line));
        shape.saw(amateur_words::old_ax25_line(line));
        shape.saw(amateur_words::netrom_line(line));
        shape.saw(amateur_words::rose_line(line));
        shape.saw(amateur_words::x25_line(line));
        shape.saw(ipx.read(line));
        shape.saw(ipx);
    });
    rare_routes::ax25_routes(input, |route| shape.saw(route));
    rare_routes::netrom_routes(input, input, |route| shape.saw(route));
    rare_routes::rose_routes(input, input, |part| shape.saw(part));
    rare_routes::x25_routes(input, |route| shape.saw(route));
    rare_routes::ipx_routes(input, |route| {
        let network = amateur_words::ipx_network(route.network);
        shape.saw((network, amateur_words::ipx_node(route.router_node)));
    });
    rare_routes::appletalk_routes(input, |route| shape.saw(route));
}

fn inet() -> Vec<Vec<u8>> {
    texts(&[
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
         0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 24711 1 0000000000000000 100 0 0 10 0\n   \
         1: 0100007F:1F90 0200007F:C350 01 00000010:00000020 02:000000FA 00000003  1000        7 4378914 2 0000000000000abc 20 4 30 10 -1\n",
        "   3: 0000000000000000FFFF00000100007F:0016 00000000000000000000000001000000:C350 06 00000000:00000000 03:0000176F 00000000     0        0 0 3 0000000000000000\n",
        "  421: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000   107        0 16325 2 0000000000000000 0         \n",
    ])
}

fn sctp_seeds() -> Vec<Vec<u8>> {
    texts(&[
        " ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf\n\
         00000000aaaaaaaa 00000000bbbbbbbb 2   1   3  11     21        5        7       0 4711 5000   6000  *127.0.0.1 10.0.0.1 <-> *127.0.0.2 \t    7500    10    10   10    0    0        0        1        0   212992   212992\n",
        " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n\
         0000000077777777 0000000099999999 2   10  34   9000      0 4712 0.0.0.0 \n\
         0000000077777777 0000000099999999 2   10  34   9000      0 4712 2001:0db8:0000:0000:0000:0000:0000:0001 \n",
    ])
}
