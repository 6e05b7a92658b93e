//! Options of sockets, every member of `struct tcp_info`, congestion control, upper layers.

use crate::example::*;
use crate::messages::attribute::*;
use crate::messages::member::*;
use crate::messages::*;

pub(crate) fn options() -> Vec<Example> {
    let marked = connection(ESTAB, (LOCAL, 43780), (LOCAL, 1000))
        .queues(500, 0)
        .known(45766, 0x1c)
        .told([
            (SHUTDOWN, vec![0]),
            words(MARK, &[0x1f]),
            (TOS, vec![0x10]),
            words(CLASS_ID, &[6]),
        ]);
    let other = connection(ESTAB, (LOCAL, 1000), (LOCAL, 43780))
        .told([(TOS, vec![0]), words(CLASS_ID, &[0])]);
    let wide = |port, only: u8, inode, cookie| {
        connection(LISTEN, ([0; 4], port), ANY)
            .v6()
            .queues(0, 5)
            .known(inode, cookie)
            .told([
                (SHUTDOWN, vec![0]),
                (SKV6ONLY, vec![only]),
                (TOS, vec![0]),
                (TCLASS, vec![0]),
                words(CLASS_ID, &[0]),
                // is_icsk and mc_loop.
                (SOCKOPT, vec![0x12, 0]),
            ])
    };
    let mut on_device = connection(LISTEN, (LOCAL, 1005), ANY)
        .queues(0, 1)
        .known(171_980, 0x101d)
        .told([(SHUTDOWN, vec![0])]);
    on_device.interface = 1;
    let mut owned = plain().known(177_121, 0x50).told([(SHUTDOWN, vec![0])]);
    owned.uid = 1000;
    let mut most = plain().told([
        (SHUTDOWN, vec![0]),
        words(MARK, &[0xdead_beef]),
        (CGROUP_ID, 0x123_4567_u64.to_ne_bytes().to_vec()),
    ]);
    (most.uid, most.inode, most.cookie) = (1000, u32::MAX, [u32::MAX, 0x1234_5678]);
    let mut wider = plain();
    wider.uid = 1000;
    vec![
        example(
            "mark",
            [marked.clone()],
            [(
                "-Htne",
                "ESTAB 500····0······127.0.0.1:43780 127.0.0.1:1000 ino:45766 sk:1c fwmark:0x1f <->\n",
            )],
        ),
        example(
            "type of service",
            [marked, other],
            [(
                "-Htn --tos",
                "ESTAB 500    0      127.0.0.1:43780 127.0.0.1:1000 tos:0x10 class_id:0x6\n\
                 ESTAB 0      0      127.0.0.1:1000  127.0.0.1:43780 tos:0 class_id:0·····\n",
            )],
        ),
        example(
            "listeners of version 6",
            [
                wide(1003, 0, 168_913, 0x1018),
                wide(1004, 1, 168_914, 0x1019),
            ],
            [(
                "-6Htlne --tos --inet-sockopt",
                "LISTEN 0      5         *:1003    *:* ino:168913 sk:1018 v6only:0 <-> tos:0 \
                 tclass:0 class_id:0\n⇥inet-sockopt: ( is_icsk mc_loop)\n\
                 LISTEN 0      5      [::]:1004 [::]:* ino:168914 sk:1019 v6only:1 <-> tos:0 \
                 tclass:0 class_id:0\n⇥inet-sockopt: ( is_icsk mc_loop)\n",
            )],
        ),
        example(
            "device",
            [on_device],
            [(
                "-Htlne",
                "LISTEN 0······1······127.0.0.1%lo:1005 0.0.0.0:* ino:171980 sk:101d <->\n",
            )],
        ),
        example(
            "owner",
            [owned],
            [("-Htne", row(" uid:1000 ino:177121 sk:50 <->"))],
        ),
        example(
            "largest numbers",
            [most],
            [(
                "-Htne",
                row(
                    " uid:1000 ino:4294967295 sk:12345678ffffffff fwmark:0xdeadbeef \
                     cgroup:unreachable:1234567 <->",
                ),
            )],
        ),
        example(
            "old memory",
            [plain().told([words(MEMINFO, &[1, 2, 3, 4])])],
            [("-Htnm", block(" mem:(r1,w2,f3,t4)"))],
        ),
        example(
            "short memory",
            [plain().told([words(SKMEMINFO, &[1, 2, 3, 4, 5, 6, 7])])],
            [("-Htnm", block(" skmem:(r1,rb2,t3,tb4,f5,w6,o7)"))],
        ),
        example(
            "padded heading",
            [wider, plain()],
            [(
                "-tneO",
                "State Recv-Q Send-Q Local Address:Port Peer Address:Port····················\n\
                 ESTAB 0      0           10.0.0.1:1000     10.0.0.2:2000 uid:1000 ino:7 sk:1\n\
                 ESTAB 0      0           10.0.0.1:1000     10.0.0.2:2000 ino:7 sk:1·········\n",
            )],
        ),
    ]
}

pub(crate) fn every_member() -> Vec<Example> {
    let all = [
        (OPTIONS, 0xff),
        (WSCALE, 0xa7),
        (BACKOFF, 3),
        (APP_LIMITED, 1),
        (RTO, 204_000),
        (ATO, 40_000),
        (SND_MSS, 1448),
        (RCV_MSS, 1449),
        (UNACKED, 5),
        (SACKED, 6),
        (LOST, 7),
        (RETRANS, 8),
        (FACKETS, 9),
        (LAST_DATA_SENT, 10),
        (LAST_ACK_SENT, 11),
        (LAST_DATA_RECV, 12),
        (LAST_ACK_RECV, 13),
        (PMTU, 1500),
        (RCV_SSTHRESH, 64088),
        (RTT, 26_123),
        (RTTVAR, 13_061),
        (SND_SSTHRESH, 22),
        (SND_CWND, 23),
        (ADVMSS, 1450),
        (REORDERING, 25),
        (RCV_RTT, 26_500),
        (RCV_SPACE, 14480),
        (TOTAL_RETRANS, 28),
        (PACING_RATE, 1_234_567),
        (MAX_PACING_RATE, 2_345_678),
        (BYTES_ACKED, 31),
        (BYTES_RECEIVED, 32),
        (SEGS_OUT, 33),
        (SEGS_IN, 34),
        (NOTSENT, 35),
        (MIN_RTT, 36),
        (DATA_SEGS_IN, 37),
        (DATA_SEGS_OUT, 38),
        (DELIVERY_RATE, 3999),
        (BUSY, 40_999),
        (RWND_LIMITED, 10_250),
        (SNDBUF_LIMITED, 5125),
        (DELIVERED, 43),
        (DELIVERED_CE, 44),
        (BYTES_SENT, 45),
        (BYTES_RETRANS, 46),
        (DSACK_DUPS, 47),
        (REORD_SEEN, 48),
        (RCV_OOOPACK, 49),
        (SND_WND, 50),
        (RCV_WND, 51),
        (REHASH, 52),
    ];
    let text = |rates: [&str; 4]| {
        let [send, pacing, most, delivery] = rates;
        format!(
            " cubic wscale:7,10 rto:204 backoff:3 rtt:26.123/13.061 ato:40 mss:1448 pmtu:1500 \
             rcvmss:1449 advmss:1450 cwnd:23 ssthresh:22 bytes_sent:45 bytes_retrans:46 \
             bytes_acked:31 bytes_received:32 segs_out:33 segs_in:34 data_segs_out:38 \
             data_segs_in:37 send {send}bps lastsnd:10 lastrcv:12 lastack:13 \
             pacing_rate {pacing}bps/{most}bps delivery_rate {delivery}bps delivered:43 \
             delivered_ce:44 app_limited busy:40ms rwnd_limited:10ms(25.0%) \
             sndbuf_limited:5ms(12.5%) unacked:5 retrans:8/28 lost:7 sacked:6 dsack_dups:47 \
             fackets:9 reordering:25 reord_seen:48 rcv_rtt:26.5 rcv_space:14480 \
             rcv_ssthresh:64088 notsent:35 minrtt:0.036 rcv_ooopack:49 snd_wnd:50 rcv_wnd:51 \
             rehash:52"
        )
    };
    let exact = text(["10199135", "9876536", "18765424", "31992"]);
    let units = text(["10.2M", "9.88M", "18.8M", "32k"]);
    let told = [info(&all), congestion("cubic")];
    vec![
        example(
            "every member",
            [plain().told(told.clone())],
            [
                (
                    "-Htnoi",
                    block(&format!(" ts usec_ts sack ecn ecnseen fastopen{exact}")),
                ),
                ("-Htni", block(&exact)),
            ],
        ),
        example(
            "every member with units",
            [nameless().told(told)],
            [("-Hti", block_of("-Hti", &units))],
        ),
    ]
}

pub(crate) fn numbers() -> Vec<Example> {
    let longer = info_of(300, &[(RTO, 200_000), ((290, 8), u64::MAX)]);
    let mut examples = Vec::new();
    for (name, info, line, text) in [
        (
            "oldest",
            info_of(
                104,
                &[(RTO, 200_000), (SND_MSS, 1448), (SND_CWND, 10), (RTT, 1234)],
            ),
            "-Htni",
            " rto:200 rtt:1.234/0 mss:1448 cwnd:10 send 93873582bps",
        ),
        ("no bytes", info_of(0, &[]), "-Htni", " reordering:0"),
        ("later than known", longer, "-Htni", " rto:200"),
        (
            "exponents",
            info(&[
                (RTO, 1_234_567_891),
                (RTT, 100_000),
                (RTTVAR, 4_294_967_295),
                (ATO, 999_999_500),
                (RCV_RTT, 1_234_567),
            ]),
            "-Htni",
            " rto:1.23457e+06 rtt:100/4.29497e+06 ato:1e+06 rcv_rtt:1234.57",
        ),
        (
            "just below a unit",
            info(&[(PACING_RATE, 124_999)]),
            "-Hti",
            " pacing_rate 1e+03kbps",
        ),
        (
            "a unit",
            info(&[(PACING_RATE, 125_000)]),
            "-Hti",
            " pacing_rate 1Mbps",
        ),
        (
            "no unit",
            info(&[(PACING_RATE, 124)]),
            "-Hti",
            " pacing_rate 992bps",
        ),
        ("no limit", info(&[(PACING_RATE, u64::MAX)]), "-Hti", ""),
        (
            "limited rate",
            info(&[(PACING_RATE, 1_000_000), (MAX_PACING_RATE, 1_000_000)]),
            "-Htni",
            " pacing_rate 8000000bps/8000000bps",
        ),
        (
            "shares",
            info(&[(BUSY, 999), (RWND_LIMITED, 333), (SNDBUF_LIMITED, 999)]),
            "-Htni",
            " busy:0ms rwnd_limited:0ms(33.3%) sndbuf_limited:0ms(100.0%)",
        ),
        (
            "negative",
            info(&[(SND_MSS, 0xffff_ffff)]),
            "-Htni",
            " mss:-1",
        ),
    ] {
        examples.push(example(
            name,
            [message_of(line).told([info])],
            [(line, block_of(line, text))],
        ));
    }
    examples
}

pub(crate) fn control() -> Vec<Example> {
    let fast = (OPTIONS, TIMESTAMPS | SACK | SCALED | SYN_DATA);
    let dctcp = |enabled: u16, state: u16, rest: [u32; 3]| {
        let mut bytes = [enabled.to_ne_bytes(), state.to_ne_bytes()].concat();
        bytes.extend(rest.iter().flat_map(|word| word.to_ne_bytes()));
        (DCTCPINFO, bytes)
    };
    let vegas = info(&[(RTT, 10_000), (SND_MSS, 1000), (SND_CWND, 10)]);
    let mut examples = Vec::new();
    for (name, attributes, line, text) in [
        (
            "fast open",
            vec![
                info(&[fast, (WSCALE, 0xaa), (RTO, 204_000)]),
                congestion("bbr"),
            ],
            "-Htnoi",
            " ts sack fastopen bbr wscale:10,10 rto:204",
        ),
        (
            "congestion told by the sender",
            vec![
                info(&[(OPTIONS, TIMESTAMPS | SACK | ECN)]),
                congestion("reno"),
            ],
            "-Htnoi",
            " ts sack ecn reno",
        ),
        (
            "congestion told by the receiver",
            vec![
                info(&[(OPTIONS, TIMESTAMPS | SACK | ECN | ECN_SEEN)]),
                congestion("cubic"),
            ],
            "-Htnoi",
            " ts sack ecn ecnseen cubic",
        ),
        (
            "dctcp",
            vec![
                info(&[(DATA_SEGS_IN, 3)]),
                congestion("dctcp"),
                dctcp(1, 1, [512, 100, 1000]),
            ],
            "-Htni",
            " dctcp data_segs_in:3 dctcp:(ce_state:1,alpha:512,ab_ecn:100,ab_tot:1000)",
        ),
        (
            "dctcp without",
            vec![info(&[]), congestion("dctcp"), dctcp(0, 0, [0; 3])],
            "-Htni",
            " dctcp dctcp:fallback_mode",
        ),
        (
            "vegas",
            vec![
                vegas,
                congestion("vegas"),
                words(VEGASINFO, &[1, 0, 5000, 0]),
            ],
            "-Htni",
            " vegas rtt:10/0 mss:1000 cwnd:10 send 16000000bps",
        ),
        (
            "bbr",
            vec![
                info(&[]),
                congestion("bbr"),
                bbr(1_250_000, 12_345, [739, 512]),
            ],
            "-Hti",
            " bbr bbr:(bw:10Mbps,mrtt:12.345,pacing_gain:2.88672,cwnd_gain:2)",
        ),
    ] {
        examples.push(example(
            name,
            [message_of(line).told(attributes)],
            [(line, block_of(line, text))],
        ));
    }
    let keys = [md5_key([10, 1, 2, 3], b"k2"), md5_key(LOCAL, b"sec ret")].concat();
    examples.push(example(
        "signatures",
        [connection(LISTEN, (LOCAL, 4000), ANY).queues(0, 3).told([
            info(&[(SND_CWND, 10)]),
            congestion("bbr"),
            (MD5SIG, keys),
        ])],
        [(
            "-tlniH",
            "LISTEN 0      3      127.0.0.1:4000 0.0.0.0:*\n\
             ⇥ bbr cwnd:10 md5keys:10.1.2.3/32=k2,127.0.0.1/32=sec\\040ret\n",
        )],
    ));
    examples
}

pub(crate) fn layers() -> Vec<Example> {
    let short = |number: u16| number.to_ne_bytes().to_vec();
    let word = |number: u32| number.to_ne_bytes().to_vec();
    let long = |number: u64| number.to_ne_bytes().to_vec();
    let subflow =
        |flags, [remote, remote_id, local, local_id]: [u32; 4], rest: (u64, u32, u32, u16)| {
            upper_layer(
                "mptcp",
                3,
                &[
                    (1, word(remote)),
                    (2, word(local)),
                    (4, long(rest.0)),
                    (5, word(rest.1)),
                    (6, word(rest.2)),
                    (7, short(rest.3)),
                    (8, word(flags)),
                    (9, vec![remote_id as u8]),
                    (10, vec![local_id as u8]),
                ],
            )
        };
    let mut examples = Vec::new();
    for (name, layer, text) in [
        (
            "tls",
            upper_layer(
                "tls",
                2,
                &[
                    (1, short(0x0304)),
                    (2, short(52)),
                    (3, short(3)),
                    (4, short(1)),
                    (5, Vec::new()),
                    (6, Vec::new()),
                ],
            ),
            " tcp-ulp-tls version: 1.3 cipher: aes-gcm-256 rxconf: none txconf: hw zc_ro_tx \
             no_pad_rx",
        ),
        (
            "unknown tls",
            upper_layer(
                "tls",
                2,
                &[
                    (1, short(773)),
                    (2, short(53)),
                    (3, short(9)),
                    (4, short(4)),
                ],
            ),
            " tcp-ulp-tls version: unknown(773) rxconf: hw-record txconf: unknown(9)",
        ),
        (
            "subflow",
            subflow(
                0x1ff,
                [0xabc, 1, 0xdead_beef, 2],
                (12_345_678_901_234, 77, 4_294_967_280, 500),
            ),
            " tcp-ulp-mptcp flags:MmJjBbecv token:0abc(id:1)/deadbeef(id:2) seq:12345678901234 \
             sfseq:77 ssnoff:4294967280 maplen:500",
        ),
        (
            "first subflow",
            // Mmec.
            subflow(
                0xc3,
                [0, 0, 0x949f_058a, 0],
                (15_252_428_772_351_882_498, 1, 304_112_098, 0),
            ),
            " tcp-ulp-mptcp flags:Mmec token:0000(id:0)/949f058a(id:0) \
             seq:15252428772351882498 sfseq:1 ssnoff:304112098 maplen:0",
        ),
    ] {
        examples.push(example(
            name,
            [plain().told([info(&[]), layer])],
            [("-Htni", block(text))],
        ));
    }
    examples.push(association(word, short));
    examples
}

/// Two messages of one inode: an SCTP endpoint and its association.
fn association(word: fn(u32) -> Vec<u8>, short: fn(u16) -> Vec<u8>) -> Example {
    let mut bytes = [
        word(0xabcd),
        word(3),
        word(65535),
        short(4),
        short(5),
        short(6),
        short(7),
        word(0),
    ]
    .concat();
    for number in 9..=14 {
        bytes.extend(word(number));
    }
    bytes.extend([word(0xbeef), vec![1, 1]].concat());
    bytes.resize(344, 0);
    bytes.extend([word(1), word(2), word(3), vec![1; 4]].concat());
    bytes.resize(368, 0);
    let protocol = (PROTOCOL, vec![132]);
    let first = plain().timer(1, 1234, 3).told([
        protocol.clone(),
        (LOCALS, [storage("10.0.0.1"), storage("fe80::1")].concat()),
        (PEERS, storage("10.0.0.2")),
        (INFO, bytes),
    ]);
    let mut second = plain().told([protocol]);
    // Of the association: established.
    second.state = 3;
    let text = " locals:10.0.0.1,fe80::1 peers:10.0.0.2 tag:abcd state:ESTAB rwnd:65535 \
                unackdata:4 penddata:5 instrms:6 outstrms:7 inqueue:9 outqueue:10 overerr:11 \
                maxburst:12 maxseg:13 prwnd:14 ptag:beef pcapable:1 psack:1 autoclose:1 \
                adapind:2 pdpoint:3 nodelay:1 nofrag:1 v4mapped:1 fraginl:1";
    let details = format!(" timer:(T3_RTX,1.234sec,3)\n⇥{text}");
    let second_block = "\n⇥";
    let padding = "·".repeat(details.chars().count() - second_block.chars().count());
    let text = format!(
        "sctp ESTAB····0······0······10.0.0.1:1000 10.0.0.2:2000{details}\n\
         ·····`- ESTAB·0······0······10.0.0.1:1000 10.0.0.2:2000{second_block}{padding}\n"
    );
    example("association", [first, second], [("-HSt -noi", text)])
}
