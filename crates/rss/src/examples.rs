//! Families that hardly a machine has, printed as the original printed the same sockets.

use std::ffi::OsString;
use std::ops::ControlFlow;

use applet::{Environment, Invocation, Screen, Streams};
use sockcore::id::{Cookie, IfIndex, Inode, Uid};
use sockcore::query::{Query, QueryFamily};
use sockcore::socket::packet::{PacketInfo, PacketRing};
use sockcore::socket::tipc::TipcConnection;
use sockcore::socket::xdp::{XdpInfo, XdpStats, XdpUmem};
use sockcore::socket::{PacketSocket, Socket, SocketMemory, SocketState, TipcSocket, XdpSocket};
use sockcore::source::{SocketSource, Visitor};
use sockcore::{Completeness, Error, Operation, Origin, System};

use crate::resolve::{Plan, Selection, Sources};
use crate::{read_options, run, states};

/// Sockets that are there whatever the machine has.
struct Canned(Vec<Socket<'static>>);

impl SocketSource for Canned {
    fn visit(&mut self, query: &Query, each: Visitor<'_>) -> Result<Completeness, Error> {
        for socket in &self.0 {
            let asked = matches!(
                (&query.family, socket),
                (QueryFamily::Xdp, Socket::Xdp(_))
                    | (QueryFamily::Tipc(_), Socket::Tipc(_))
                    | (QueryFamily::Packet, Socket::Packet(_))
            );
            if asked && each(socket) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(Completeness {
            origin: Origin::Recording,
            interrupted: 0,
            skipped: 0,
        })
    }

    fn record(&mut self, _: &Query, _: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        Err(Error::new(
            Operation::OpenSocket,
            "examples",
            sockcore::error::Errno::OPNOTSUPP,
        ))
    }
}

/// What a command line prints of these sockets; blanks and tabs can be seen.
fn printed(line: &str, sockets: impl IntoIterator<Item = Socket<'static>>) -> String {
    let invocation = Invocation {
        argv0: "ss".into(),
        args: line.split_whitespace().map(OsString::from).collect(),
        env: Environment::Fixed(Vec::new()),
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams::captured(
        Box::new(&mut stdout),
        Box::new(&mut stderr),
        Screen::default(),
    );
    let (mut options, words) = read_options(&invocation, &mut streams).unwrap();
    let worded = states::read(&words).unwrap();
    let selection = Selection::new(&options, worded.states).unwrap();
    let sources = Sources::of(&invocation.env);
    let mut system = System {
        sockets: Box::new(Canned(sockets.into_iter().collect())),
        ..System::live()
    };
    let plan = Plan::new(&options, selection, sources, None);
    let stored = std::mem::take(&mut options.stored);
    run(&plan, Vec::new(), stored, &mut system, &mut streams);
    streams.out.flush_all();
    streams.err.flush_all();
    drop(streams);
    assert!(stderr.is_empty());
    let text = String::from_utf8(stdout).unwrap();
    text.replace('\t', "⇥")
}

/// `struct sk_meminfo` from 1 to 9.
static MEMORY: [u8; 36] = {
    let mut bytes = [0; 36];
    let mut word = 0;
    while word < 9 {
        let number = (word as u32 + 1).to_ne_bytes();
        let mut byte = 0;
        while byte < 4 {
            bytes[word * 4 + byte] = number[byte];
            byte += 1;
        }
        word += 1;
    }
    bytes
};

fn xdp() -> Socket<'static> {
    Socket::Xdp(XdpSocket {
        inode: Inode(99),
        cookie: Cookie(0x1234),
        info: Some(XdpInfo {
            interface: IfIndex(1),
            queue: 4,
        }),
        uid: Some(Uid(1000)),
        rx_ring: Some(2048),
        tx_ring: Some(1024),
        umem: Some(XdpUmem {
            size: 4_194_304,
            id: 3,
            num_pages: 1024,
            chunk_size: 4096,
            headroom: 256,
            interface: IfIndex(1),
            queue: 4,
            flags: 1,
            refs: 2,
        }),
        fill_ring: Some(2048),
        completion_ring: Some(512),
        memory: Some(SocketMemory(&MEMORY)),
        stats: Some(XdpStats {
            rx_dropped: 1,
            rx_invalid: 2,
            rx_full: 3,
            fill_ring_empty: 4,
            tx_invalid: 5,
            tx_ring_empty: 6,
        }),
    })
}

#[test]
fn an_xdp_socket_shows_its_rings_and_its_memory() {
    let rows = printed("--xdp -He", [xdp()]);
    let (_queues, details) = rows.split_once(" uid:").unwrap();
    assert_eq!(
        details,
        "1000 ino:99 sk:1234\n⇥rx(entries:2048)\n⇥tx(entries:1024)\n\
         ⇥umem(id:3,size:4194304,num_pages:1024,chunk_size:4096,headroom:256,ifindex:1,qid:4,\
         zc:1,refs:2)\n⇥fr(entries:2048)\n⇥cr(entries:512)\n\
         ⇥stats(rx dropped:1,rx invalid:2,rx queue full:3,rx fill ring empty:4,tx invalid:5,\
         tx ring empty:6)\n"
    );
    assert!(rows.contains(" lo:q4 * uid:"), "{rows}");
    let rows = printed("--xdp -HeO", [xdp()]);
    assert!(
        rows.contains(" rx(entries:2048) tx(entries:1024) tumem(id:3,size:4194304,"),
        "{rows}"
    );
    let rows = printed("--xdp -HOm", [xdp()]);
    assert!(
        rows.ends_with(" * skmem:(r1,rb2,t3,tb4,f5,w6,o7,bl8,d9)\n"),
        "{rows}"
    );
}

#[test]
fn a_tipc_socket_shows_its_kind_and_its_connection() {
    let socket = |kind, connection| TipcSocket {
        kind,
        state: SocketState::ESTABLISHED,
        node: 1,
        reference: 2,
        inode: Inode(3),
        uid: Uid(0),
        cookie: Cookie(4),
        published: false,
        connection,
        recv_queue: 0,
        send_queue: 0,
        link_congested: false,
        connection_congested: false,
        drops: 0,
    };
    let connected = TipcSocket {
        published: true,
        ..socket(
            1,
            Some(TipcConnection {
                node: 5,
                socket: 6,
                by_name: true,
                kind: 18888,
                instance: 17,
            }),
        )
    };
    let line = "--tipc -Ha -n --tipcinfo";
    let rows = printed(line, [Socket::Tipc(connected)]);
    let (first, second) = rows.split_once('\n').unwrap();
    assert_eq!(
        second,
        " type:STREAM cong:none  drop:0  publ via {18888,17} \n"
    );
    assert!(first.contains(" 1:2") && first.contains(" 5:6"), "{first}");
    let rows = printed(line, [Socket::Tipc(socket(4, None))]);
    assert!(rows.ends_with("\n type:RDM cong:none  drop:0 \n"), "{rows}");
}

#[test]
fn a_packet_socket_shows_rings_group_filter_and_memory() {
    let ring = PacketRing {
        block_size: 4096,
        block_count: 4,
        frame_size: 2048,
        frame_count: 8,
        retire_timeout: 60,
        features: 1,
    };
    // ldh [12]; jeq #0x86dd; ret -1
    let program: [(u16, u8, u8, u32); 3] =
        [(0x28, 0, 0, 12), (0x15, 0, 1, 34525), (6, 0, 0, u32::MAX)];
    let program: Vec<u8> = program
        .into_iter()
        .flat_map(|(code, yes, no, operand)| {
            let [low, high] = code.to_ne_bytes();
            [&[low, high, yes, no][..], &operand.to_ne_bytes()].concat()
        })
        .collect();
    let socket = PacketSocket {
        kind: 3,
        protocol: 0x0800,
        inode: Inode(7),
        cookie: Cookie(0x77),
        info: Some(PacketInfo {
            interface: IfIndex(1),
            version: 1,
            reserve: 0,
            copy_threshold: 3,
            timestamp: 0,
            flags: 0x1f,
        }),
        rx_ring: Some(ring),
        tx_ring: Some(ring),
        fanout: Some(3 << 16 | 7),
        uid: Some(Uid(0)),
        memory: Some(SocketMemory(&MEMORY)),
        filter: Some(program.leak()),
        text: None,
    };
    let rows = printed("-0HOebm", [Socket::Packet(socket)]);
    let (_, details) = rows.split_once(" ino:").unwrap();
    assert_eq!(
        details,
        "7 sk:77 ver:1 cpy_thresh:3 flags( running auxdata origdev vnethdr loss ) \
         ring_rx(blk_size:4096,blk_nr:4,frm_size:2048,frm_nr:8,tmo:60,features:0x1) \
         ring_tx(blk_size:4096,blk_nr:4,frm_size:2048,frm_nr:8,tmo:60,features:0x1) \
         fanout(id:7,type:roll) bpf filter (3):  0x28 0 0 12, 0x15 0 1 34525, \
         0x06 0 0 4294967295, skmem:(r1,rb2,t3,tb4,f5,w6,o7,bl8,d9)\n"
    );
}
