//! Listings of recorded messages, from argv to bytes. The expected texts are what the original
//! prints of the same messages.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests: what is not there fails the test"
)]

mod messages;
mod sys;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use applet::{Environment, Invocation, Screen, Streams};

use messages::{Info, Message, attribute, done, words};

const INFO: u16 = 2;
const CONG: u16 = 4;

/// A recording in a file of its own.
struct Recording(PathBuf);

impl Recording {
    fn new(messages: &[Message]) -> Self {
        let bytes: Vec<u8> = messages.iter().flat_map(Message::bytes).collect();
        Self::of_bytes(&[bytes, done()].concat())
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("rss-replay-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs ss over a recording; gives standard output and standard error.
fn run_with(recording: &Recording, args: &str, columns: Option<&str>) -> (String, String) {
    let mut env: Vec<(OsString, OsString)> = vec![
        ("TCPDIAG_FILE".into(), recording.0.clone().into()),
        // No process, no other table.
        ("PROC_ROOT".into(), "/nonexistent".into()),
    ];
    if let Some(columns) = columns {
        env.push(("COLUMNS".into(), columns.into()));
    }
    let invocation = Invocation {
        argv0: "ss".into(),
        args: args.split_whitespace().map(OsString::from).collect(),
        env: Environment::Fixed(env),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams::captured(Box::new(&mut out), Box::new(&mut err), Screen::default());
    let exit = (rss::APPLET.main)(&invocation, &mut streams);
    streams.out.flush_all();
    drop(streams);
    assert_eq!(exit.0, 0);
    (
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

fn run(recording: &Recording, args: &str) -> String {
    let (out, err) = run_with(recording, args, None);
    assert_eq!(err, "");
    out
}

fn listing(messages: &[Message], args: &str) -> String {
    run(&Recording::new(messages), args)
}

/// What stands behind the peer's port of one connection that is listed alone.
fn details(message: Message, args: &str) -> String {
    let out = listing(&[message], args);
    let start = "ESTAB 0      0      10.0.0.1:1000 10.0.0.2:2000";
    let rest = out.strip_prefix(start).unwrap();
    rest.strip_suffix('\n').unwrap().to_owned()
}

fn info_line(message: Message, args: &str) -> String {
    details(message, args)
        .strip_prefix("\n\t")
        .unwrap()
        .to_owned()
}

fn with_info(info: Info) -> Message {
    Message::default().with(INFO, &info.0)
}

fn busy_info() -> Info {
    let mut info = Info::new()
        .byte(4, 3)
        .byte(5, 0xff)
        .byte(6, 0xa7)
        .byte(7, 1);
    for (offset, value) in [
        (8, 204_000),
        (12, 40_000),
        (16, 1448),
        (20, 1449),
        (24, 5),
        (28, 6),
        (32, 7),
        (36, 8),
        (40, 9),
        (44, 10),
        (48, 11),
        (52, 12),
        (56, 13),
        (60, 1500),
        (64, 64088),
        (68, 26123),
        (72, 13061),
        (76, 22),
        (80, 23),
        (84, 1450),
        (88, 25),
        (92, 26500),
        (96, 14480),
        (100, 28),
        (136, 33),
        (140, 34),
        (144, 35),
        (148, 36),
        (152, 37),
        (156, 38),
        (192, 43),
        (196, 44),
        (216, 47),
        (220, 48),
        (224, 49),
        (228, 50),
        (232, 51),
        (236, 52),
    ] {
        info = info.word(offset, value);
    }
    for (offset, value) in [
        (104, 1_234_567),
        (112, 2_345_678),
        (120, 31),
        (128, 32),
        (160, 3999),
        (168, 40_999),
        (176, 10_250),
        (184, 5125),
        (200, 45),
        (208, 46),
    ] {
        info = info.long(offset, value);
    }
    info
}

#[test]
fn every_member_of_tcp_info_stands_at_its_place() {
    let message = with_info(busy_info()).with(CONG, b"cubic\0");
    let rest = "wscale:7,10 rto:204 backoff:3 rtt:26.123/13.061 ato:40 mss:1448 pmtu:1500 \
        rcvmss:1449 advmss:1450 cwnd:23 ssthresh:22 bytes_sent:45 bytes_retrans:46 \
        bytes_acked:31 bytes_received:32 segs_out:33 segs_in:34 data_segs_out:38 \
        data_segs_in:37 send 10199135bps lastsnd:10 lastrcv:12 lastack:13 \
        pacing_rate 9876536bps/18765424bps delivery_rate 31992bps delivered:43 \
        delivered_ce:44 app_limited busy:40ms rwnd_limited:10ms(25.0%) \
        sndbuf_limited:5ms(12.5%) unacked:5 retrans:8/28 lost:7 sacked:6 dsack_dups:47 \
        fackets:9 reordering:25 reord_seen:48 rcv_rtt:26.5 rcv_space:14480 \
        rcv_ssthresh:64088 notsent:35 minrtt:0.036 rcv_ooopack:49 snd_wnd:50 rcv_wnd:51 \
        rehash:52";
    let flags = " ts usec_ts sack ecn ecnseen fastopen cubic ";
    assert_eq!(
        info_line(message.clone(), "-Htnoi"),
        flags.to_owned() + rest
    );
    assert_eq!(
        info_line(message.clone(), "-Htni"),
        " cubic ".to_owned() + rest
    );
    let units = info_line(message, "-Hti");
    for text in [
        " send 10.2Mbps ",
        " pacing_rate 9.88Mbps/18.8Mbps ",
        " delivery_rate 32kbps ",
    ] {
        assert!(units.contains(text), "{text}: {units}");
    }
}

#[test]
fn a_short_structure_reads_as_zeros_and_a_long_one_as_the_known() {
    let info = Info::new()
        .word(8, 200_000)
        .word(16, 1448)
        .word(68, 1234)
        .word(80, 10);
    let expected = " rto:200 rtt:1.234/0 mss:1448 cwnd:10 send 93873582bps";
    assert_eq!(
        info_line(with_info(info.clone().cut(104)), "-Htni"),
        expected
    );
    let mut long = info;
    long.0.extend([0xff; 40]);
    assert_eq!(info_line(with_info(long), "-Htni"), expected);
    let none = Info::new().cut(0);
    assert_eq!(info_line(with_info(none), "-Htni"), " reordering:0");
}

#[test]
fn long_times_take_the_exponent_form() {
    let info = Info::new()
        .word(8, 1_234_567_891)
        .word(12, 999_999_500)
        .word(68, 100_000)
        .word(72, u32::MAX)
        .word(92, 1_234_567);
    assert_eq!(
        info_line(with_info(info), "-Htni"),
        " rto:1.23457e+06 rtt:100/4.29497e+06 ato:1e+06 rcv_rtt:1234.57"
    );
}

#[test]
fn a_rate_has_the_unit_it_had_before_rounding() {
    for (pacing, expected) in [
        (124_999, " pacing_rate 1e+03kbps"),
        (125_000, " pacing_rate 1Mbps"),
        (124, " pacing_rate 992bps"),
        (u64::MAX, ""),
    ] {
        let info = Info::new().long(104, pacing);
        assert_eq!(info_line(with_info(info), "-Hti"), expected);
    }
}

#[test]
fn shares_of_the_busy_time_are_of_microseconds_not_of_what_is_shown() {
    let info = Info::new().long(168, 999).long(176, 333).long(184, 999);
    assert_eq!(
        info_line(with_info(info), "-Htni"),
        " busy:0ms rwnd_limited:0ms(33.3%) sndbuf_limited:0ms(100.0%)"
    );
}

#[test]
fn congestion_controls_tell_of_themselves() {
    let dctcp = |enabled: u16| {
        let mut told = [enabled.to_ne_bytes(), 1u16.to_ne_bytes()].concat();
        told.extend(words(&[512, 100, 1000]));
        let info = Info::new().word(152, 3);
        with_info(info).with(CONG, b"dctcp\0").with(9, &told)
    };
    assert_eq!(
        info_line(dctcp(1), "-Htni"),
        " dctcp data_segs_in:3 dctcp:(ce_state:1,alpha:512,ab_ecn:100,ab_tot:1000)"
    );
    assert_eq!(
        info_line(dctcp(0), "-Htni"),
        " dctcp data_segs_in:3 dctcp:fallback_mode"
    );
    let vegas = Info::new().word(68, 10_000).word(16, 1000).word(80, 10);
    let vegas = with_info(vegas)
        .with(CONG, b"vegas\0")
        .with(3, &words(&[1, 0, 5000, 0]));
    assert_eq!(
        info_line(vegas, "-Htni"),
        " vegas rtt:10/0 mss:1000 cwnd:10 send 16000000bps"
    );
    let bbr = with_info(Info::new())
        .with(CONG, b"bbr\0")
        .with(16, &words(&[1_250_000, 0, 12345, 739, 512]));
    assert_eq!(
        info_line(bbr, "-Hti"),
        " bbr bbr:(bw:10Mbps,mrtt:12.345,pacing_gain:2.88672,cwnd_gain:2)"
    );
}

#[test]
fn the_protocol_on_top_is_told() {
    const ULP: u16 = 19;
    let short = |kind, value: u16| attribute(kind, &value.to_ne_bytes());
    let tls = |children: Vec<Vec<u8>>| {
        let nest = [attribute(1, b"tls\0"), attribute(2, &children.concat())];
        with_info(Info::new()).with(ULP, &nest.concat())
    };
    let known = tls(vec![
        short(1, 0x304),
        short(2, 52),
        short(3, 3),
        short(4, 1),
        attribute(5, b""),
        attribute(6, b""),
    ]);
    assert_eq!(
        info_line(known, "-Htni"),
        " tcp-ulp-tls version: 1.3 cipher: aes-gcm-256 rxconf: none txconf: hw zc_ro_tx no_pad_rx"
    );
    let unknown = tls(vec![short(1, 773), short(3, 9), short(4, 4)]);
    assert_eq!(
        info_line(unknown, "-Htni"),
        " tcp-ulp-tls version: unknown(773) rxconf: hw-record txconf: unknown(9)"
    );
    let subflow = [
        attribute(8, &words(&[0x1ff])),
        attribute(1, &words(&[0xabc])),
        attribute(9, &[1]),
        attribute(2, &words(&[0xdead_beef])),
        attribute(10, &[2]),
        attribute(4, &12_345_678_901_234u64.to_ne_bytes()),
        attribute(5, &words(&[77])),
        attribute(6, &words(&[4_294_967_280])),
        short(7, 500),
    ];
    let nest = [attribute(1, b"mptcp\0"), attribute(3, &subflow.concat())];
    let message = with_info(Info::new()).with(ULP, &nest.concat());
    assert_eq!(
        info_line(message, "-Htni"),
        " tcp-ulp-mptcp flags:MmJjBbecv token:0abc(id:1)/deadbeef(id:2) seq:12345678901234 \
         sfseq:77 ssnoff:4294967280 maplen:500"
    );
}

#[test]
fn memory_of_old_kernels_and_arrays_of_several_lengths() {
    let old = Message::default().with(1, &words(&[1, 2, 3, 4]));
    assert_eq!(info_line(old, "-Htnm"), " mem:(r1,w2,f3,t4)");
    for (length, expected) in [
        (7, " skmem:(r1,rb2,t3,tb4,f5,w6,o7)"),
        (8, " skmem:(r1,rb2,t3,tb4,f5,w6,o7,bl8)"),
        (9, " skmem:(r1,rb2,t3,tb4,f5,w6,o7,bl8,d9)"),
    ] {
        let array = words(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let message = Message::default().with(7, &array[..length * 4]);
        assert_eq!(info_line(message, "-Htnm"), expected);
    }
}

#[test]
fn owner_cookie_mark_and_directions() {
    let message = Message {
        uid: 1000,
        inode: u32::MAX,
        cookie: [u32::MAX, 0x1234_5678],
        ..Message::default()
    };
    let message = message.with(15, &words(&[0xdead_beef])).with(8, &[0]);
    assert_eq!(
        details(message, "-Htne"),
        " uid:1000 ino:4294967295 sk:12345678ffffffff fwmark:0xdeadbeef <->"
    );
    for (shutdown, arrows) in [(1, " -->"), (2, " <--"), (3, " ---")] {
        let message = Message::default().with(8, &[shutdown]);
        assert_eq!(details(message, "-Htne"), format!(" ino:7 sk:1{arrows}"));
    }
}

#[test]
fn timers_are_named_and_one_that_has_run_out_has_no_time() {
    let timer = |timer, expires, retransmits| {
        let message = Message {
            timer,
            expires,
            retransmits,
            ..Message::default()
        };
        details(message, "-Htno")
    };
    assert_eq!(timer(1, 0, 0), " timer:(on,,0)");
    assert_eq!(timer(5, 1500, 2), " timer:(delack,1.500sec,2)");
    assert_eq!(timer(6, 99, 0), " timer:(unknown,099ms,0)");
    assert_eq!(timer(0, 99, 0), "");
}

#[test]
fn an_sctp_association_stands_below_its_endpoint() {
    const SCTP: u8 = 132;
    let mut info = vec![0; 368];
    for (offset, value) in [
        (0, 0xabcdu32),
        (4, 3),
        (8, 65535),
        (24, 9),
        (28, 10),
        (32, 11),
    ] {
        info[offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
    }
    let endpoint = Message::default().with(10, &[SCTP]).with(INFO, &info);
    let association = Message {
        state: 3,
        ..Message::default()
    };
    let out = listing(&[endpoint, association.with(10, &[SCTP])], "-HSt -ni");
    let mut lines = out.lines();
    assert_eq!(
        lines.next().unwrap(),
        "sctp ESTAB    0      0      10.0.0.1:1000 10.0.0.2:2000"
    );
    assert_eq!(
        lines.next().unwrap(),
        "\t tag:abcd state:ESTAB rwnd:65535 inqueue:9 outqueue:10 overerr:11"
    );
    assert_eq!(
        lines.next().unwrap(),
        "     `- ESTAB 0      0      10.0.0.1:1000 10.0.0.2:2000"
    );
}

#[test]
fn details_are_filled_up_to_the_longest_but_the_last() {
    let user = Message {
        uid: 1000,
        ..Message::default()
    };
    assert_eq!(
        listing(&[user, Message::default()], "-tneO"),
        "State Recv-Q Send-Q Local Address:Port Peer Address:Port                    \n\
         ESTAB 0      0           10.0.0.1:1000     10.0.0.2:2000 uid:1000 ino:7 sk:1\n\
         ESTAB 0      0           10.0.0.1:1000     10.0.0.2:2000 ino:7 sk:1         \n"
    );
}

/// Where widths change in the middle of a listing: after how many rows of it.
fn narrow_rows(recording: &Recording, args: &str) -> usize {
    let out = run(recording, args);
    let mut rows = out.lines().filter(|line| line.contains("10.0.0.1"));
    let first = rows.next().unwrap().find("10.0.0.1");
    1 + rows.take_while(|row| row.find("10.0.0.1") == first).count()
}

#[test]
fn widths_change_after_as_many_rows_as_in_the_original() {
    let wide = Message {
        local: ([123, 123, 123, 123], 12345),
        peer: ([123, 123, 123, 124], 12346),
        ..Message::default()
    };
    let mut bytes = Message::default().bytes().repeat(99_999);
    bytes.extend(wide.bytes());
    bytes.extend(done());
    let recording = Recording::of_bytes(&bytes);
    for (args, rows) in [
        ("-tan", 67648),
        ("-Htan", 67649),
        ("-tanQ", 91178),
        ("-tane", 56678),
        ("-taneO", 56678),
        ("-tanei", 55187),
        ("-tanp", 65534),
        ("-tanep", 55187),
        ("-tn state established", 77670),
    ] {
        assert_eq!(narrow_rows(&recording, args), rows, "{args}");
    }
}

#[test]
fn states_and_families_are_the_recordings_and_the_filter_is_ours() {
    let one = [10, 0, 0, 1];
    let listener = Message {
        state: 10,
        local: ([0; 4], 22),
        peer: ([0; 4], 0),
        queues: [0, 128],
        ..Message::default()
    };
    let connection = |local, peer| Message {
        local,
        peer,
        ..Message::default()
    };
    let recording = Recording::new(&[
        listener,
        connection((one, 22), (one, 36266)),
        connection((one, 36266), (one, 22)),
        connection((one, 22), ([10, 0, 0, 2], 50312)),
    ]);
    let all = run(&recording, "-Htna");
    assert_eq!(
        all,
        "LISTEN 0      128     0.0.0.0:22     0.0.0.0:*\n\
         ESTAB  0      0      10.0.0.1:22    10.0.0.1:36266\n\
         ESTAB  0      0      10.0.0.1:36266 10.0.0.1:22\n\
         ESTAB  0      0      10.0.0.1:22    10.0.0.2:50312\n"
    );
    assert_eq!(run(&recording, "-6Htna"), all);
    assert_eq!(run(&recording, "-Htn state time-wait").lines().count(), 4);
    let filtered = run(&recording, "-Htna dst 10.0.0.2");
    assert_eq!(filtered, "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312\n");
}

#[test]
fn a_recording_that_breaks_off_is_listed_as_far_as_it_goes() {
    let mut bytes = Message::default().bytes();
    let whole = bytes.len();
    bytes.extend(Message::default().bytes());
    for cut in whole..bytes.len() {
        let recording = Recording::of_bytes(&bytes[..cut]);
        let (out, err) = run_with(&recording, "-Htn", None);
        assert_eq!(out, "ESTAB 0      0      10.0.0.1:1000 10.0.0.2:2000\n");
        assert_eq!(err, "Unexpected EOF reading $TCPDIAG_FILE");
    }
    let missing = Recording(PathBuf::from("/nonexistent/recording"));
    let (out, err) = run_with(&missing, "-Htn", None);
    assert_eq!(out, "");
    assert_eq!(err, "fopen($TCPDIAG_FILE): No such file or directory\n");
}

#[test]
fn the_room_of_a_screen_goes_to_the_columns_from_the_right() {
    let recording = Recording::new(&[Message::default()]);
    for (columns, expected) in [
        ("50", "ESTAB 0      0      10.0.0.1:1000   10.0.0.2:2000 \n"),
        (
            "40",
            "ESTAB  0       0         10.0.0.1:1000                10.0.0.2:2000             \n",
        ),
        (
            "20",
            "ESTAB 0      0          10.0.0.1:1000       10.0.0.2:2000   \n",
        ),
    ] {
        let (out, _) = run_with(&recording, "-Htn", Some(columns));
        assert_eq!(out, expected, "{columns}");
    }
}

#[test]
fn floating_point_numbers_are_written_as_by_printf() {
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 32) as u32
    };
    let mut infos = Vec::new();
    for step in 0..4000u32 {
        let mut number = || {
            let number = random() >> (random() % 31);
            match step % 4 {
                // Values between two texts.
                0 => number / 10 * 10 + 5,
                1 => number / 1000 * 1000 + 500,
                _ => number,
            }
            .max(1)
        };
        infos.push((number(), number(), number(), number(), number()));
    }
    let messages: Vec<Message> = infos
        .iter()
        .map(|&(rto, rtt, cwnd, pacing, gain)| {
            let info = Info::new()
                .word(8, rto)
                .word(68, rtt)
                .word(16, 1448)
                .word(80, cwnd)
                .long(104, u64::from(pacing) << (gain % 20))
                .long(168, u64::from(rto))
                .long(176, u64::from(gain));
            with_info(info).with(16, &words(&[0, 0, 0, gain, 0]))
        })
        .collect();
    let recording = Recording::new(&messages);
    for (args, numeric) in [("-Htni", true), ("-Hti", false)] {
        let out = run(&recording, args);
        let lines = out.lines().filter(|line| line.starts_with('\t'));
        for (line, &(rto, rtt, cwnd, pacing, gain)) in lines.zip(&infos) {
            let ms = |us: u32| sys::printf(c"%g", f64::from(us) / 1000.0);
            let bits = |bits: f64| bandwidth(bits, numeric);
            let mut expected = vec![
                format!(" rtt:{}/0 ", ms(rtt)),
                format!(
                    ",pacing_gain:{})",
                    sys::printf(c"%g", f64::from(gain) / 256.0)
                ),
                format!(
                    " send {} ",
                    bits(f64::from(cwnd) * 1448.0 * 8_000_000.0 / f64::from(rtt))
                ),
                format!(
                    " pacing_rate {} ",
                    bits((u64::from(pacing) << (gain % 20)) as f64 * 8.0)
                ),
                format!(
                    "({}%)",
                    sys::printf(c"%.1f", 100.0 * f64::from(gain) / f64::from(rto))
                ),
            ];
            if rto != 3_000_000 {
                expected.push(format!(" rto:{} ", ms(rto)));
            }
            for text in expected {
                assert!(line.contains(&text), "{text:?} in {line:?}");
            }
        }
    }
}

/// A bandwidth by C's conversions.
fn bandwidth(bits: f64, numeric: bool) -> String {
    if numeric {
        return sys::printf(c"%.0f", bits) + "bps";
    }
    for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] {
        if bits >= unit {
            return sys::printf(c"%.3g", bits / unit) + name + "bps";
        }
    }
    sys::printf(c"%g", bits) + "bps"
}
