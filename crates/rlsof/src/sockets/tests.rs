//! Sockets found by their inode in recorded tables.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sockcore::source::Recorded;

use super::*;

/// A directory shaped like `/proc`, removed when dropped.
struct Fixture(PathBuf);

impl Fixture {
    fn new(files: &[(&str, &[u8])]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("rlsof-sockets-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(root.join("net/sctp")).unwrap();
        for (file, text) in files {
            std::fs::write(root.join(file), text).unwrap();
        }
        Self(root)
    }

    fn tables(&self, scope: Scope) -> Tables {
        let root = ProcRoot::at(&self.0);
        let mut source = Recorded {
            root: root.clone(),
            messages: None,
        };
        let mut tables = Tables::new(scope);
        tables.read_all(&mut source, &root);
        tables
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const TCP: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000007:00000003 00:00000000 00000000     0        0 11 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0200007F:C350 01 00000010:00000020 00:00000000 00000000     0        0 12 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F90 0200007F:C351 06 00000000:00000000 03:00000F66 00000000     0        0 0 3 0000000000000000
   3: 0100007F:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 60 1 0000000000000000 100 0 0 10 0
";
const TCP6: &[u8] = b"  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 60 1 0000000000000000 100 0 0 10 0
";
const UNIX: &[u8] = b"Num       RefCount Protocol Flags    Type St Inode Path
00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 21 /run/a b:c
00000000bbbbbbbb: 00000003 00000000 00000000 0005 03 22
00000000cccccccc: 00000002 00000000 00000000 0002 01 23 @x@y:z
00000000dddddddd: 00000002 00000000 00000000 0001 01 24   lead
00000000eeeeeeee: 00000002 00000000 00000000 0001 01 25 :c
";
const RAW: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
   1: 0100007F:00FF 0200007F:0000 01 00000000:00000000 00:00000000 00000000     0        0 31 2 0000000000000000 0
";
const NETLINK: &[u8] =
    b"sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
000000004377a30d 15  0          00000000 0        0        0     2        0        32
";
const PACKET: &[u8] = b"sk               RefCnt Type Proto  Iface R Rmem   User   Inode
000000004377a30d 3      3    0003   0     1 0      0      33
";
const ASSOCIATIONS: &[u8] = b" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS
aaaaaaaa bbbbbbbb 2   1   3  11     21        0        0       0 41 5000   6000  *127.0.0.1 10.0.0.1 <-> *127.0.0.2 \t 7500 10
aaaaaaa2 bbbbbbbb 2   1   3  11     22        0        0       0 41 5000   6001  *127.0.0.1 10.0.0.1 <-> *127.0.0.3 10.0.0.9 \t 7500 10
aaaaaaa3 bbbbbbbb 2   1   3  11     23        0        0       0 42 5000   6001  *127.0.0.1 <-> *127.0.0.3 \t 7500 10
";
const ENDPOINTS: &[u8] = b" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS
77777777 99999999 2   10  34   9000      0 43 0.0.0.0 
77777778 99999999 2   10  34   5000      0 42 127.0.0.1 10.0.0.1 
";
const AX25: &[u8] =
    b"01 ax0 N0CALL-1 N0CALL-2,RELAY 3 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 7 9 51
01 ax1 N0CALL-3 * 9 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 7 9 52
";
const IPX: &[u8] = b"Local_Address Remote_Address Tx_Queue Rx_Queue State Uid Inode
00000001:0000000000AB:4000  Not_Connected               0000000A  0000000B  07     000 53
00000001:0000000000AB:4000  00000002:0000000000AB:4000  0000000A  0000000B  07     000 54
";
const ICMP: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
   6: 0100007F:DEE9 0100007F:0000 01 00000000:00000000 00:00000000 00000000     0        0 55 2 0000000000000000 0
";

const ALL: &[(&str, &[u8])] = &[
    ("net/tcp", TCP),
    ("net/tcp6", TCP6),
    ("net/unix", UNIX),
    ("net/raw", RAW),
    ("net/netlink", NETLINK),
    ("net/packet", PACKET),
    ("net/sctp/assocs", ASSOCIATIONS),
    ("net/sctp/eps", ENDPOINTS),
    ("net/ax25", AX25),
    ("net/ipx", IPX),
    ("net/icmp", ICMP),
];

fn inet(tables: &Tables, inode: u64) -> Inet {
    match tables.find(inode) {
        Some(Found::Inet(inet)) => inet,
        other => panic!("{inode}: {other:?}"),
    }
}

fn named(tables: &Tables, inode: u64) -> (NamedKind, String) {
    match tables.find(inode) {
        Some(Found::Named(named)) => {
            let name = String::from_utf8(named.name.to_vec()).unwrap();
            (named.kind, name)
        }
        other => panic!("{inode}: {other:?}"),
    }
}

fn unix(tables: &Tables, inode: u64) -> Unix<'_> {
    match tables.find(inode) {
        Some(Found::Unix(unix)) => unix,
        other => panic!("{inode}: {other:?}"),
    }
}

#[test]
fn a_listener_has_no_send_queue_and_a_connection_has_both() {
    let fixture = Fixture::new(ALL);
    let tables = fixture.tables(Scope::all());
    let listener = inet(&tables, 11);
    assert_eq!(listener.state, SocketState::LISTEN);
    assert_eq!((listener.recv_queue, listener.send_queue), (3, 0));
    let connection = inet(&tables, 12);
    assert_eq!((connection.recv_queue, connection.send_queue), (32, 16));
    assert_eq!(connection.peer.port, 0xc350);
}

#[test]
fn an_inode_in_two_tables_belongs_to_the_one_that_is_asked_first() {
    let fixture = Fixture::new(ALL);
    let tables = fixture.tables(Scope::all());
    assert_eq!(inet(&tables, 60).family, InetFamily::V6);
    assert!(tables.find(0).is_none());
    assert!(tables.find(99).is_none());
    assert!(tables.find(1 << 40).is_none());
}

#[test]
fn a_unix_name_ends_where_the_original_reader_ends_it() {
    let fixture = Fixture::new(ALL);
    let tables = fixture.tables(Scope::all());
    let first = unix(&tables, 21);
    assert_eq!((first.path, first.kind), (&b"/run/a"[..], 1));
    assert_eq!(first.state, SocketState::LISTEN);
    assert_eq!(first.pointer, Some(&b"00000000aaaaaaaa"[..]));
    assert_eq!(unix(&tables, 22).path, b"");
    assert_eq!(unix(&tables, 22).state, SocketState::ESTABLISHED);
    assert_eq!(unix(&tables, 23).path, b"@x@y");
    assert_eq!(unix(&tables, 24).path, b"lead");
    assert_eq!(unix(&tables, 25).path, b"");
}

#[test]
fn a_name_from_netlink_reads_as_that_of_the_text_table() {
    let stored = |name: &[u8]| {
        let mut tables = Tables::new(Scope::all());
        let text = tables.store_diag_path(name);
        tables.text(text).to_vec()
    };
    assert_eq!(stored(b"\0abs name"), b"@abs");
    assert_eq!(stored(b"\0a\0b"), b"@a@b");
    assert_eq!(stored(b"/run/x\0"), b"/run/x");
    assert_eq!(stored(b"/run/a b\0"), b"/run/a");
    assert_eq!(stored(b" lead\0"), b"lead");
    assert_eq!(stored(b"\0\n"), b"@");
    assert_eq!(stored(b""), b"");
}

#[test]
fn rare_tables_show_nearly_what_the_kernel_writes() {
    let fixture = Fixture::new(ALL);
    let tables = fixture.tables(Scope::all());
    let raw = "0100007F:00FF->0200007F:0000 st=01";
    assert_eq!(named(&tables, 31), (NamedKind::Raw, raw.to_owned()));
    let icmp = "0100007F:DEE9->0100007F:0000";
    assert_eq!(named(&tables, 55), (NamedKind::Icmp, icmp.to_owned()));
    assert!(matches!(tables.find(32), Some(Found::Netlink(15))));
    assert!(matches!(
        tables.find(33),
        Some(Found::Packet {
            kind: 3,
            protocol: 3
        })
    ));
    let connected = "N0CALL-1->N0CALL-2,RELAY (Sq=7 Rq=9 State=3, ESTABLISHED)";
    assert_eq!(named(&tables, 51).1, connected);
    assert_eq!(named(&tables, 52).1, "N0CALL-3 (Sq=7 Rq=9 State=9)");
    assert_eq!(
        named(&tables, 53).1,
        "00000001:0000000000AB:4000 (Tx=a Rx=b State=07)"
    );
    assert_eq!(
        named(&tables, 54).1,
        "00000001:0000000000AB:4000->00000002:0000000000AB:4000 (Tx=a Rx=b State=07)"
    );
}

#[test]
fn sctp_lines_of_one_socket_are_merged() {
    let fixture = Fixture::new(ALL);
    let tables = fixture.tables(Scope::all());
    assert_eq!(
        named(&tables, 41).1,
        "ASSOC: aaaaaaaa,aaaaaaa2,21,22 *127.0.0.1,10.0.0.1,*127.0.0.1,10.0.0.1[5000]\
         <->*127.0.0.2,*127.0.0.3,10.0.0.9[6000,6001]"
    );
    assert_eq!(
        named(&tables, 42).1,
        "ASSOC+ENDPT: aaaaaaa3,77777778,23 *127.0.0.1,127.0.0.1,10.0.0.1[5000]\
         <->*127.0.0.3[6001]"
    );
    assert_eq!(named(&tables, 43).1, "ENDPT: 77777777 0.0.0.0[9000]");
}

#[test]
fn what_is_out_of_scope_is_not_read() {
    let fixture = Fixture::new(ALL);
    let mut scope = Scope::all();
    scope.others = false;
    scope.unix = UnixScope::None;
    scope.v6 = false;
    let tables = fixture.tables(scope);
    assert!(tables.find(21).is_none() && tables.find(31).is_none());
    assert_eq!(inet(&tables, 60).family, InetFamily::V4);
    let mut scope = Scope::all();
    scope.states = StateSet::of(SocketState::LISTEN);
    let tables = fixture.tables(scope);
    assert!(tables.find(12).is_none());
    assert!(tables.find(11).is_some());
}

#[test]
fn tables_are_read_only_as_far_as_an_inode_needs() {
    let fixture = Fixture::new(&[("net/raw", RAW), ("net/tcp", TCP)]);
    let root = ProcRoot::at(&fixture.0);
    let mut source = Recorded {
        root: root.clone(),
        messages: None,
    };
    let mut tables = Tables::new(Scope::all());
    assert!(tables.find_or_read(31, &mut source, &root).is_some());
    assert!(tables.find(11).is_none());
    assert!(tables.find_or_read(11, &mut source, &root).is_some());
}

#[test]
fn damaged_tables_never_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..300 {
        let damaged: Vec<(&str, Vec<u8>)> = ALL
            .iter()
            .map(|(file, text)| {
                let mut text = text.to_vec();
                for _ in 0..1 + next() % 12 {
                    let at = usize::try_from(next()).unwrap() % text.len();
                    match next() % 3 {
                        0 => text[at] = next().to_le_bytes()[0],
                        1 => {
                            text.remove(at);
                        }
                        _ => text.insert(at, b" :\n0*,-<>"[usize::try_from(next() % 9).unwrap()]),
                    }
                }
                (*file, text)
            })
            .collect();
        let files: Vec<(&str, &[u8])> = damaged
            .iter()
            .map(|(file, text)| (*file, text.as_slice()))
            .collect();
        let tables = Fixture::new(&files).tables(Scope::all());
        for inode in tables.inodes() {
            assert!(tables.find(inode.into()).is_some());
        }
    }
}
