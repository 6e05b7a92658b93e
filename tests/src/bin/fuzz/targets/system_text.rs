//! Routes, interfaces, groups and counters: what `/proc/net` tells beside sockets.

use sockcore::procfs::counters::{Section, Snmp6Columns, sctp_counter};
use sockcore::procfs::device_counters::{DeviceForm, device_line};
use sockcore::procfs::formatted::Formatted;
use sockcore::procfs::igmp::{Igmp6Reader, IgmpReader};
use sockcore::procfs::inet6_addresses::Inet6Addresses;
use sockcore::procfs::routes::{Route6Columns, RouteColumns, cache_words};

use super::{Reader, Target, lines, texts};
use crate::shape::Shape;

const WORDS: &[&[u8]] = &[
    b" ",
    b"\t",
    b":",
    b"\n",
    b" 00000000",
    b" 0",
    b"eth0",
    b" -1",
];

pub(super) const SYSTEM: Target = Target {
    name: "system",
    about: "routes, interfaces, groups and counters in /proc/net",
    readers: &[
        Reader {
            name: "route",
            seeds: || {
                texts(&[
                    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                     eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
                     veth0\t0000620A\t0902010A\t0003\t0\t0\t100\t0000FFFF\t0\t8000\t800\n",
                    "Iface\tDestination\tGateway \tFlags\t\tRefCnt\tUse\tMetric\tSource\t\tMTU\tWindow\tIRTT\tTOS\tHHRef\tHHUptod\tSpecDst\n\
                     eth0\t0102A8C0\t0102A8C0\t80000000\t0\t5\t0\t0202A8C0\t1500\t0\t0\t0\t-1\t0\t00000000\n",
                ])
            },
            words: &[
                b"Iface",
                b"Mask",
                b"Destination",
                b"Gateway",
                b"IRTT",
                b"\t",
                b" ",
            ],
            read: route,
        },
        Reader {
            name: "ipv6_route",
            seeds: || {
                texts(&[
                    "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001    veth0\n\
                     00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 ffffffff 00000001 00000001 00200200       lo\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                let mut columns = Route6Columns::default();
                lines(input, |line| {
                    shape.saw(columns.read(line, |flags| flags != 0))
                });
            },
        },
        Reader {
            name: "dev",
            seeds: || {
                texts(&[
                    "Inter-|   Receive                                                |  Transmit\n \
                     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    \
                     lo: 1000 20 1 2 3 4 5 6 2000 30 7 8 9 10 11 12\n  \
                     eth0:1 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n\
                     eth0:1: 1 2\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                let form = DeviceForm::of(input);
                shape.saw(form);
                lines(input, |line| shape.saw(device_line(line, form)));
            },
        },
        Reader {
            name: "if_inet6",
            seeds: || {
                texts(&["fe8000000000000000000000000000aa 02 40 20 80     eth0\n\
                     00000000000000000000000000000001 01 80 10 80       lo\n"])
            },
            words: WORDS,
            read: inet6_addresses,
        },
        Reader {
            name: "igmp",
            seeds: || {
                texts(&[
                    "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n\
                     1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n\
                     2\teth0.1:2  :     1      V3\n\t\t\t\tFB0000E0     2 1:0000FFFF\t\t0\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                let mut reader = IgmpReader::default();
                lines(input, |line| shape.saw(reader.read(line)));
            },
        },
        Reader {
            name: "igmp6",
            seeds: || {
                texts(&[
                    "1    lo              ff020000000000000000000000000001     1 0000000C 0\n\
                     2    eth0            ff0200000000000000000001ff1234     1 00000004 0\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                let mut reader = Igmp6Reader::default();
                lines(input, |line| shape.saw(reader.read(line)));
            },
        },
        Reader {
            name: "snmp",
            seeds: || {
                texts(&[
                    "Ip: Forwarding DefaultTTL InReceives\nIp: 1 64 18446744073709551616\n\
                     Tcp: RtoAlgorithm MaxConn\nTcp: 1 -1\n",
                    "TcpExt: SyncookiesSent PAWSEstab\nTcpExt: 0 9223372036854775808\nIpExt: A B\nIpExt: 1\n",
                ])
            },
            words: WORDS,
            read: snmp,
        },
        Reader {
            name: "snmp6",
            seeds: || {
                texts(&[
                    "Ip6InReceives                   \t42\nIp6OutRequests\nIcmp6InType134\t1\n",
                    "SctpCurrEstab                   \t5\nSctpActiveEstabs \t\n",
                ])
            },
            words: WORDS,
            read: |input, shape| {
                let mut columns = Snmp6Columns::default();
                lines(input, |line| {
                    columns.read(line);
                    shape.saw(&columns);
                    shape.saw(sctp_counter(line));
                });
            },
        },
        Reader {
            name: "formatted",
            seeds: || {
                texts(&[
                    " 12 -7 ff 0x1f (nil) word :x",
                    "-0 +1 08 18446744073709551616 (null",
                ])
            },
            words: &[b"(nil)", b"0x", b"-", b"+", b" "],
            read: formatted,
        },
    ],
};

fn route(input: &[u8], shape: &mut Shape) {
    let mut columns: Option<Vec<RouteColumns>> = None;
    lines(input, |line| match &mut columns {
        None => {
            let forms = [
                RouteColumns::of_routes(line),
                RouteColumns::of_cache(line),
                RouteColumns::of_old_cache(line),
            ];
            shape.saw(forms.each_ref().map(Result::is_ok));
            shape.saw(cache_words(line));
            columns = Some(forms.into_iter().filter_map(Result::ok).collect());
        }
        Some(columns) => {
            for columns in columns {
                shape.saw(columns.read(line, |flags| flags != 0));
            }
        }
    });
}

fn inet6_addresses(input: &[u8], shape: &mut Shape) {
    let mut addresses = Inet6Addresses::new(input);
    while let Some(address) = addresses.next_address() {
        shape.saw(address);
    }
}

fn snmp(input: &[u8], shape: &mut Shape) {
    let mut keys: Option<Vec<u8>> = None;
    lines(input, |line| match keys.take() {
        None => keys = Some(line.to_vec()),
        Some(keys) => {
            if let Some(section) = Section::of(&keys, line) {
                shape.saw(section.iter().collect::<Vec<_>>());
            }
        }
    });
}

fn formatted(input: &[u8], shape: &mut Shape) {
    // The first byte says in which order.
    let (first, rest) = input.split_first().unwrap_or((&0, input));
    let mut text = Formatted::line(rest);
    for step in 0..16_u8 {
        match first.wrapping_add(step.wrapping_mul(*first | 1)) % 9 {
            0 => shape.saw(text.int()),
            1 => shape.saw(text.decimal()),
            2 => shape.saw(text.hexadecimal()),
            3 => shape.saw(text.pointer()),
            4 => shape.saw(text.word()),
            5 => shape.saw(text.run(usize::from(step), |byte| byte != b' ')),
            6 => shape.saw(text.word_within(usize::from(step))),
            7 => shape.saw(text.hexadecimal_within(usize::from(step))),
            _ => shape.saw(text.byte(b':')),
        }
    }
}
