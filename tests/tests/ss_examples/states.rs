//! Timers, and numbers of sockets in every state.

use crate::example::*;
use crate::messages::attribute::*;
use crate::messages::member::*;
use crate::messages::*;

pub(crate) fn timers() -> Vec<Example> {
    let mut examples = vec![example(
        "keepalive",
        [connection(ESTAB, (LOCAL, 43780), (LOCAL, 1000))
            .queues(500, 0)
            .timer(2, 6612, 0)],
        [(
            "-Htno",
            "ESTAB 500····0······127.0.0.1:43780 127.0.0.1:1000 timer:(keepalive,6.612sec,0)\n",
        )],
    )];
    for (name, kind, expires, retransmits, text) in [
        (
            "keepalive of two hours",
            2,
            7_199_000,
            0,
            "keepalive,119min,0",
        ),
        (
            "keepalive of 75 seconds",
            2,
            74_990,
            0,
            "keepalive,1min14sec,0",
        ),
        (
            "keepalive of 605 seconds",
            2,
            604_990,
            0,
            "keepalive,10min,0",
        ),
        ("expired", 1, 0, 0, "on,,0"),
        ("delayed acknowledgement", 5, 1500, 2, "delack,1.500sec,2"),
        ("no name", 6, 1, 255, "unknown,001ms,255"),
        ("milliseconds", 1, 99, 0, "on,099ms,0"),
        ("most milliseconds", 1, 999, 0, "on,999ms,0"),
        ("second", 1, 1000, 0, "on,1sec,0"),
        ("second and more", 1, 1001, 0, "on,1.001sec,0"),
        ("seconds", 1, 9999, 0, "on,9.999sec,0"),
        ("ten seconds", 1, 10_001, 0, "on,10sec,0"),
        ("last second", 3, 59_999, 0, "timewait,59sec,0"),
        ("minute", 4, 60_001, 0, "persist,1min,0"),
        ("minute and a second", 1, 61_500, 0, "on,1min1sec,0"),
        ("minute and ten seconds", 1, 70_000, 0, "on,1min10sec,0"),
        ("nine minutes", 1, 599_999, 0, "on,9min59sec,0"),
        ("ten minutes", 1, 659_999, 0, "on,10min,0"),
        ("longest", 1, u32::MAX, 0, "on,71582min,0"),
    ] {
        examples.push(example(
            name,
            [plain().timer(kind, expires, retransmits)],
            [("-Htno", row(&format!(" timer:({text})")))],
        ));
    }
    examples
}

pub(crate) fn live_numbers() -> Vec<Example> {
    let scale = (OPTIONS, TIMESTAMPS | SACK | SCALED);
    let usual = [(SND_CWND, 10), (PMTU, 1500), (ADVMSS, 1460)];
    let served = |state| connection(state, (NEAR, 80), (FAR, 40000));
    let mut twice = usual.to_vec();
    twice.extend([
        (OPTIONS, SACK | SCALED),
        (WSCALE, 0xa7),
        (SND_MSS, 1460),
        (RCV_MSS, 536),
        (RCV_SPACE, 14600),
        (RCV_SSTHRESH, 64076),
        (SND_WND, 8_222_720),
        (RCV_WND, 64512),
        (UNACKED, 10),
        (APP_LIMITED, 1),
    ]);
    let mut first = twice.clone();
    first.extend([
        (RTO, 3_000_000),
        (BYTES_SENT, 14600),
        (SEGS_OUT, 10),
        (SEGS_IN, 2),
        (DATA_SEGS_OUT, 10),
        (LAST_DATA_SENT, 160),
        (LAST_DATA_RECV, 260),
        (LAST_ACK_RECV, 260),
        (PACING_RATE, 333_796_744 / 8),
        (DELIVERED, 1),
        (BUSY, 160_000),
        (TOTAL_RETRANS, 1),
        (MIN_RTT, u64::from(u32::MAX)),
    ]);
    twice.extend([
        (RTO, 3_136_000),
        (BACKOFF, 2),
        (RTT, 250_829),
        (RTTVAR, 132_848),
        (SND_CWND, 1),
        (BYTES_SENT, 20440),
        (BYTES_RETRANS, 5840),
        (SEGS_OUT, 14),
        (SEGS_IN, 4),
        (DATA_SEGS_OUT, 14),
        (LAST_DATA_SENT, 436),
        (LAST_DATA_RECV, 3360),
        (LAST_ACK_RECV, 2844),
        (PACING_RATE, 1_470_296 / 8),
        (DELIVERY_RATE, 111_792 / 8),
        (DELIVERED, 5),
        (BUSY, 3_260_000),
        (RETRANS, 1),
        (TOTAL_RETRANS, 5),
        (LOST, 6),
        (SACKED, 4),
        (MIN_RTT, 226_961),
        (REHASH, 2),
    ]);
    vec![
        example(
            "window shut",
            [connection(ESTAB, (LOCAL, 43780), (LOCAL, 1000))
                .queues(500, 3_821_056)
                .timer(4, 520, 1)
                .told([
                    info(&[
                        scale,
                        (WSCALE, 0xaa),
                        (RTO, 208_000),
                        (BACKOFF, 2),
                        (RTT, 4848),
                        (RTTVAR, 9629),
                        (ATO, 40_000),
                        (SND_MSS, 35328),
                        (PMTU, 65535),
                        (RCV_MSS, 536),
                        (ADVMSS, 65483),
                        (SND_CWND, 15),
                        (BYTES_SENT, 130_696),
                        (BYTES_ACKED, 130_697),
                        (BYTES_RECEIVED, 500),
                        (SEGS_OUT, 10),
                        (SEGS_IN, 8),
                        (DATA_SEGS_OUT, 5),
                        (DATA_SEGS_IN, 1),
                        (LAST_DATA_SENT, 948),
                        (LAST_DATA_RECV, 1832),
                        (LAST_ACK_RECV, 736),
                        (PACING_RATE, 258_121_113_120 / 8),
                        (DELIVERY_RATE, 4_486_095_232 / 8),
                        (DELIVERED, 6),
                        (APP_LIMITED, 1),
                        (BUSY, 1_204_000),
                        (RWND_LIMITED, 1_204_000),
                        (RCV_SPACE, 65495),
                        (RCV_SSTHRESH, 65495),
                        (NOTSENT, 3_821_056),
                        (MIN_RTT, 12),
                        (RCV_WND, 65536),
                    ]),
                    congestion("bbr"),
                    bbr(23_551_994_384 / 8, 12, [739, 739]),
                ])],
            [(
                "-Htnoi",
                "ESTAB 500    3821056 127.0.0.1:43780 127.0.0.1:1000 timer:(persist,520ms,1)\n\
                 ⇥ ts sack bbr wscale:10,10 rto:208 backoff:2 rtt:4.848/9.629 ato:40 mss:35328 \
                 pmtu:65535 rcvmss:536 advmss:65483 cwnd:15 bytes_sent:130696 bytes_acked:130697 \
                 bytes_received:500 segs_out:10 segs_in:8 data_segs_out:5 data_segs_in:1 \
                 bbr:(bw:23551994384bps,mrtt:0.012,pacing_gain:2.88672,cwnd_gain:2.88672) \
                 send 874455446bps lastsnd:948 lastrcv:1832 lastack:736 \
                 pacing_rate 258121113120bps delivery_rate 4486095232bps delivered:6 app_limited \
                 busy:1204ms rwnd_limited:1204ms(100.0%) rcv_space:65495 rcv_ssthresh:65495 \
                 notsent:3821056 minrtt:0.012 rcv_wnd:65536\n",
            )],
        ),
        example(
            "listener",
            [connection(LISTEN, (LOCAL, 1000), ANY)
                .queues(0, 5)
                .known(45765, 0x100b)
                .told([
                    (SHUTDOWN, vec![0]),
                    words(SKMEMINFO, &[0, 131_072, 0, 16384, 0, 0, 0, 0, 0]),
                    info(&[(SND_CWND, 10), (SACKED, 5)]),
                    congestion("bbr"),
                ])],
            [(
                "-Htlnemi",
                "LISTEN 0      5      127.0.0.1:1000 0.0.0.0:* ino:45765 sk:100b <->\n\
                 ⇥ skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0) bbr cwnd:10\n",
            )],
        ),
        example(
            "listener with two waiting",
            [connection(LISTEN, (LOCAL, 1002), ANY)
                .queues(2, 1)
                .known(58757, 0x21)
                .told([
                    (SHUTDOWN, vec![0]),
                    info(&[(SND_CWND, 10), (UNACKED, 2), (SACKED, 1)]),
                    congestion("bbr"),
                ])],
            [(
                "-Htlnei",
                "LISTEN 2      1      127.0.0.1:1002 0.0.0.0:* ino:58757 sk:21 <->\n\
                 ⇥ bbr cwnd:10 unacked:2\n",
            )],
        ),
        example(
            "not yet accepted",
            [plain().known(0, 0xf60ed).told([(SHUTDOWN, vec![0])])],
            [("-Htne", row(" ino:0 sk:f60ed <->"))],
        ),
        example(
            "unanswered",
            [connection(SYN_SENT, (NEAR, 57628), (FAR, 80))
                .queues(0, 1)
                .timer(1, 488, 1)
                .known(57837, 0x1017)
                .told([
                    (SHUTDOWN, vec![0]),
                    info(&[
                        (RTO, 1_000_000),
                        (SND_MSS, 524),
                        (PMTU, 1500),
                        (RCV_MSS, 88),
                        (ADVMSS, 1460),
                        (SND_CWND, 1),
                        (SEGS_OUT, 2),
                        (LAST_DATA_SENT, 669_636),
                        (LAST_DATA_RECV, 669_636),
                        (LAST_ACK_RECV, 669_636),
                        (APP_LIMITED, 1),
                        (UNACKED, 1),
                        (RETRANS, 1),
                        (TOTAL_RETRANS, 1),
                        (LOST, 1),
                        (RCV_SSTHRESH, 64240),
                        (RCV_WND, 64240),
                        (REHASH, 1),
                    ]),
                    congestion("bbr"),
                    bbr(0, 0, [0, 0]),
                ])],
            [(
                "-Htneoi",
                "SYN-SENT 0      1      10.9.0.1:57628 10.9.0.2:80 timer:(on,488ms,1) ino:57837 \
                 sk:1017 <->\n\
                 ⇥ bbr rto:1000 mss:524 pmtu:1500 rcvmss:88 advmss:1460 cwnd:1 segs_out:2 \
                 bbr:(bw:0bps,mrtt:0) lastsnd:669636 lastrcv:669636 lastack:669636 app_limited \
                 unacked:1 retrans:1/1 lost:1 rcv_ssthresh:64240 rcv_wnd:64240 rehash:1\n",
            )],
        ),
        example(
            "half open",
            [served(SYN_RECV).timer(1, 692, 0).known(0, 0xcbca4)],
            [(
                "-tneoi state syn-recv",
                "Recv-Q Send-Q Local Address:Port Peer Address:Port\n\
                 0      0           10.9.0.1:80       10.9.0.2:40000 timer:(on,692ms,0) ino:0 \
                 sk:cbca4\n⇥\n",
            )],
        ),
        example(
            "first answer lost",
            [served(ESTAB).queues(0, 14600).timer(1, 840, 0).told([
                info(&first),
                congestion("bbr"),
                bbr(0, u32::MAX, [0, 0]),
            ])],
            [(
                "-Htnoi",
                "ESTAB 0      14600  10.9.0.1:80 10.9.0.2:40000 timer:(on,840ms,0)\n\
                 ⇥ sack bbr wscale:7,10 mss:1460 pmtu:1500 rcvmss:536 advmss:1460 cwnd:10 \
                 bytes_sent:14600 segs_out:10 segs_in:2 data_segs_out:10 \
                 bbr:(bw:0bps,mrtt:4.29497e+06) lastsnd:160 lastrcv:260 lastack:260 \
                 pacing_rate 333796744bps delivered:1 app_limited busy:160ms unacked:10 \
                 retrans:0/1 rcv_space:14600 rcv_ssthresh:64076 snd_wnd:8222720 rcv_wnd:64512\n",
            )],
        ),
        example(
            "two timeouts",
            [served(ESTAB).queues(0, 14600).timer(1, 2700, 2).told([
                info(&twice),
                congestion("bbr"),
                bbr(111_384 / 8, 226_961, [739, 739]),
            ])],
            [(
                "-Htnoi",
                "ESTAB 0      14600  10.9.0.1:80 10.9.0.2:40000 timer:(on,2.700sec,2)\n\
                 ⇥ sack bbr wscale:7,10 rto:3136 backoff:2 rtt:250.829/132.848 mss:1460 pmtu:1500 \
                 rcvmss:536 advmss:1460 cwnd:1 bytes_sent:20440 bytes_retrans:5840 segs_out:14 \
                 segs_in:4 data_segs_out:14 \
                 bbr:(bw:111384bps,mrtt:226.961,pacing_gain:2.88672,cwnd_gain:2.88672) \
                 send 46566bps lastsnd:436 lastrcv:3360 lastack:2844 pacing_rate 1470296bps \
                 delivery_rate 111792bps delivered:5 app_limited busy:3260ms unacked:10 \
                 retrans:1/5 lost:6 sacked:4 rcv_space:14600 rcv_ssthresh:64076 minrtt:226.961 \
                 snd_wnd:8222720 rcv_wnd:64512 rehash:2\n",
            )],
        ),
        example(
            "duplicate and out of order",
            [plain().told([info(&[
                (DELIVERED, 12),
                (BUSY, 3_468_000),
                (TOTAL_RETRANS, 5),
                (DSACK_DUPS, 1),
                (RCV_SPACE, 14600),
                (MIN_RTT, 226_961),
                (RCV_OOOPACK, 1),
                (SND_WND, 8_222_720),
            ])])],
            [(
                "-Htni",
                block(
                    " delivered:12 busy:3468ms retrans:0/5 dsack_dups:1 rcv_space:14600 \
                     minrtt:226.961 rcv_ooopack:1 snd_wnd:8222720",
                ),
            )],
        ),
    ]
}

pub(crate) fn ends() -> Vec<Example> {
    let served = |state| connection(state, (NEAR, 80), (FAR, 40000)).queues(0, 1);
    let shut = |mask: u8| [(SHUTDOWN, vec![mask])];
    let mut over = connection(TIME_WAIT, (LOCAL, 45500), (LOCAL, 1001)).timer(3, 59_500, 0);
    over.inode = 0;
    let bound = connection(CLOSE, (LOCAL, 3001), ANY);
    vec![
        example(
            "half closed",
            [
                connection(CLOSE_WAIT, (LOCAL, 1001), (LOCAL, 47682))
                    .queues(1, 0)
                    .known(57744, 0x1f)
                    .told(shut(1)),
                connection(FIN_WAIT_2, (LOCAL, 47682), (LOCAL, 1001))
                    .known(57743, 0x20)
                    .told(shut(2)),
            ],
            [(
                "-Htne",
                "CLOSE-WAIT 1      0      127.0.0.1:1001  127.0.0.1:47682 ino:57744 sk:1f -->\n\
                 FIN-WAIT-2 0      0      127.0.0.1:47682 127.0.0.1:1001 ino:57743 sk:20 <--\n",
            )],
        ),
        example(
            "unacknowledged end",
            [served(FIN_WAIT_1)
                .timer(1, 640, 0)
                .known(2_957_802, 0xcbca4)
                .told(shut(2))],
            [(
                "-Htne",
                "FIN-WAIT-1 0······1······10.9.0.1:80 10.9.0.2:40000 timer:(on,640ms,0) \
                 ino:2957802 sk:cbca4 <--\n",
            )],
        ),
        example(
            "both ends closing",
            [served(CLOSING).queues(1, 1).known(0, 7).told(shut(3))],
            [(
                "-Htne",
                "CLOSING 1······1······10.9.0.1:80 10.9.0.2:40000 ino:0 sk:7 ---\n",
            )],
        ),
        example(
            "last acknowledgement",
            [served(LAST_ACK)
                .queues(1, 1)
                .timer(1, 220, 0)
                .known(0, 0xb6718)
                .told(shut(3))],
            [(
                "-Htne",
                "LAST-ACK 1······1······10.9.0.1:80 10.9.0.2:40000 timer:(on,220ms,0) ino:0 \
                 sk:b6718 ---\n",
            )],
        ),
        example(
            "over",
            [over],
            [(
                "-Htanoi state time-wait",
                "0······0······127.0.0.1:45500 127.0.0.1:1001 timer:(timewait,59sec,0)\n⇥\n",
            )],
        ),
        example(
            "orphan",
            [connection(FIN_WAIT_2, (LOCAL, 45500), (LOCAL, 1001))
                .timer(3, 59_500, 0)
                .known(0, 0x1010)],
            [(
                "-Htne",
                "FIN-WAIT-2 0······0······127.0.0.1:45500 127.0.0.1:1001 \
                 timer:(timewait,59sec,0) ino:0 sk:1010\n",
            )],
        ),
        example(
            "bound and inactive",
            [bound.known(181_325, 0x56).told(shut(0))],
            [(
                "-HtBnei",
                "0······0······127.0.0.1:3001 0.0.0.0:* ino:181325 sk:56 <->\n⇥\n",
            )],
        ),
    ]
}
