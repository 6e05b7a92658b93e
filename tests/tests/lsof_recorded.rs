//! lsof before recordings: kinds of sockets, moments of a process and lines of the kernel's files
//! that a live scene does not show.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown, symlink};
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use conformance::case::Case;
use conformance::hall::{Hall, built, skip};
use conformance::stage::{self, Setting};
use conformance::tool::Tool;

/// Compares before a recorded tree that was changed.
fn recorded(name: &str, change: impl FnOnce(&Path), words: &[&str]) {
    let (setting, _) = stage::recording(Tool::Lsof, 0, built(), name).expect("recordings");
    let Setting::Recorded(root) = &setting else {
        panic!("a recording is a directory");
    };
    link(root, "self/ns/mnt", "/");
    change(root);
    let Some(mut hall) = Hall::recorded(Tool::Lsof, setting) else {
        return;
    };
    for words in words {
        let mut case = Case::words(Tool::Lsof, words);
        case.own_env.push(("PROC_ROOT".into(), "/proc".into()));
        hall.case(&case);
    }
    hall.close();
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("below the root")).expect("a directory");
    fs::write(path, text).expect("the recording can be written");
}

/// A process of which nothing is there but what the kernel says about it.
fn process(root: &Path, pid: u32, comm: &str) {
    put(
        root,
        &format!("{pid}/stat"),
        &format!("{pid} ({comm}) S 1 {pid} {pid} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n"),
    );
    put(root, &format!("{pid}/mounts"), "");
    // In the mount namespace of the lister.
    link(root, &format!("{pid}/ns/mnt"), "/");
}

fn link(root: &Path, name: &str, target: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("below the root")).expect("a directory");
    symlink(target, path).expect("the recording can be written");
}

/// A process with sockets as its descriptors 0 and up; their inodes.
fn sockets<const N: usize>(root: &Path, pid: u32) -> [u64; N] {
    process(root, pid, "sockets");
    let files = root.join(format!("{pid}/fd"));
    fs::create_dir_all(&files).expect("a directory");
    let mut descriptor = 0;
    [(); N].map(|()| {
        // Bound under a passing name first: the inode is known only then.
        let passing = files.join("s");
        UnixDatagram::bind(&passing).expect("a socket");
        let inode = fs::metadata(&passing).expect("it is there").ino();
        let name = format!("socket:[{inode}]");
        fs::rename(&passing, files.join(&name)).expect("it is there");
        symlink(&name, files.join(descriptor.to_string())).expect("a link");
        let info = format!("{pid}/fdinfo/{descriptor}");
        put(root, &info, "pos:\t0\nflags:\t02\n");
        descriptor += 1;
        inode
    })
}

const INET: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const INET6: &str = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/// A table of Internet sockets: addresses, state and queues of each.
fn inet_table(title: &str, rows: &[(&str, &str, u32, &str)], inodes: &[u64]) -> String {
    let mut text = title.to_owned();
    for (number, ((local, remote, state, queues), inode)) in rows.iter().zip(inodes).enumerate() {
        let _ = writeln!(
            text,
            "{number:4}: {local} {remote} {state:02X} {queues} 00:00000000 00000000     0        0 {inode} 1 0000000000000000 100 0 0 10 0"
        );
    }
    text
}

#[test]
fn internet_sockets_of_every_state_and_shape_are_named() {
    const QUEUES: &str = "00000003:0000004D";
    const NONE: &str = "00000000000000000000000000000000:0000";
    const OWN: &str = "00000000000000000000000001000000:0016";
    const MAPPED: &str = "0000000000000000FFFF00000100007F:0016";
    const LINKED: &str = "000080FE000000000000000001000000:0050";
    recorded(
        "lsof-inet",
        |root| {
            let states = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
            let inodes = sockets::<11>(root, 400);
            let rows = states.map(|state| ("0100007F:1F90", "0200007F:C350", state, QUEUES));
            put(root, "net/tcp", &inet_table(INET, &rows, &inodes));
            let rows = [
                ("0100007F:1F90", "0200007F:C350", 1, QUEUES),
                ("00000000:0035", "00000000:0000", 7, QUEUES),
                ("0100007F:0045", "00000000:0000", 7, "00000000:00000340"),
            ];
            for (pid, table) in [(401, "udp"), (402, "udplite")] {
                let inodes = sockets::<3>(root, pid);
                let path = format!("net/{table}");
                put(root, &path, &inet_table(INET, &rows, &inodes));
            }
            // Half, zero and mapped addresses.
            let rows = [
                (OWN, NONE, 7, QUEUES),
                (NONE, OWN, 1, QUEUES),
                (MAPPED, NONE, 7, QUEUES),
                (NONE, MAPPED, 1, QUEUES),
                (MAPPED, MAPPED, 1, QUEUES),
                (LINKED, OWN, 1, QUEUES),
                (
                    "00000000000000000000000000000000:0016",
                    "00000000000000000000000000000000:0016",
                    1,
                    QUEUES,
                ),
                ("B80D0120000000000000000001000000:FFFF", LINKED, 1, QUEUES),
                ("0000000000000000000000000100007F:0016", OWN, 1, QUEUES),
            ];
            for (pid, table) in [(403, "tcp6"), (404, "udp6"), (405, "udplite6")] {
                let inodes = sockets::<9>(root, pid);
                let path = format!("net/{table}");
                put(root, &path, &inet_table(INET6, &rows, &inodes));
            }
            // The same inode twice, and none.
            let inodes = sockets::<2>(root, 406);
            let rows = [
                ("00000000:0016", "00000000:0000", 10, "00000000:00000003"),
                ("0100007F:0000", "00000000:0000", 7, QUEUES),
                ("0100007F:0017", "00000000:0000", 7, QUEUES),
                ("0100007F:0018", "00000000:0000", 6, QUEUES),
            ];
            let twice = [inodes[0], inodes[1], inodes[0], 0];
            let mut text = inet_table("", &rows, &twice);
            text.insert_str(
                0,
                &fs::read_to_string(root.join("net/tcp")).expect("written"),
            );
            put(root, "net/tcp", &text);
        },
        &[
            "-nP -p 400",
            "-nP -p 401",
            "-nP -p 402",
            "-n -p 403,404,405",
            "-nP -p 406",
            "-nP -i -Tqs",
            "-nP -i -Tq",
            "-nP -i -Tf",
            "-nP -i -T",
            "-nP -i -F",
            "-nP -i4 -t",
            "-nP -i6",
            "-nP -i 4tcp",
            "-nP -i 6",
            "-nP -i :22",
            "-nP -i tcp@127.0.0.1",
            "-nP -i -s tcp:closed",
            "-nP -i -s tcp:^established,closing",
            "-nP -i -s tcp:syn_sent,fin_wait1,last_ack -V",
            "-nP -i udplite -V",
            "-X -p 400,401,402,403",
        ],
    );
}

/// The packet protocols that have a name, and numbers beside them.
const PACKET_PROTOCOLS: [u16; 112] = [
    0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x0008, 0x0009, 0x000a, 0x000b,
    0x000c, 0x000d, 0x000e, 0x000f, 0x0010, 0x0011, 0x0012, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019,
    0x001a, 0x001b, 0x001c, 0x001d, 0x0060, 0x00f5, 0x00f6, 0x00f7, 0x00f8, 0x00f9, 0x00fa, 0x0200,
    0x0201, 0x0800, 0x0805, 0x0806, 0x08ff, 0x0a00, 0x0a01, 0x1234, 0x22eb, 0x22f0, 0x22ea, 0x4305,
    0x6000, 0x6001, 0x6002, 0x6003, 0x6004, 0x6005, 0x6006, 0x6007, 0x6558, 0x8035, 0x809b, 0x80f3,
    0x8100, 0x8137, 0x86dd, 0x8808, 0x8809, 0x883e, 0x8847, 0x8848, 0x884c, 0x8863, 0x8864, 0x886c,
    0x8884, 0x888e, 0x8892, 0x88a2, 0x88a8, 0x88b5, 0x88be, 0x88c7, 0x88ca, 0x88cc, 0x88cd, 0x88dc,
    0x88e3, 0x88e5, 0x88e7, 0x88f5, 0x88f7, 0x88f8, 0x88fb, 0x8902, 0x8906, 0x890d, 0x8914, 0x8915,
    0x8917, 0x892f, 0x894f, 0x8999, 0x9000, 0x9100, 0x9200, 0x9300, 0x9999, 0xdada, 0xdadb, 0xed3e,
    0xfbfb, 0xfbfc, 0xffff, 0x7fff,
];

#[test]
fn packet_and_netlink_sockets_of_every_protocol_are_named() {
    recorded(
        "lsof-packet",
        |root| {
            let inodes = sockets::<{ PACKET_PROTOCOLS.len() }>(root, 400);
            let mut packet =
                "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n".to_owned();
            for (number, (protocol, inode)) in PACKET_PROTOCOLS.iter().zip(inodes).enumerate() {
                let kind = number % 12;
                let _ = writeln!(
                    packet,
                    "000000004377a30d 3      {kind}    {protocol:04x}   0     1 0      0      {inode}"
                );
            }
            put(root, "net/packet", &packet);
            let inodes = sockets::<34>(root, 401);
            let mut netlink =
                "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
                    .to_owned();
            for (protocol, inode) in inodes.iter().enumerate() {
                let _ = writeln!(
                    netlink,
                    "000000004377a30d {protocol:<3} 0          00000000 0        0        0     2        0        {inode}"
                );
            }
            put(root, "net/netlink", &netlink);
        },
        &[
            "-nP -p 400",
            "-nP -F -p 400",
            "-nP -p 401",
            "-nP -F -p 401",
            "-i -p 400 -V",
        ],
    );
}

#[test]
fn raw_sockets_are_named_by_what_the_kernel_writes() {
    recorded(
        "lsof-raw",
        |root| {
            let inodes = sockets::<4>(root, 400);
            let rows = [
                ("00000000:0001", "00000000:0000", 7, "00000000:00000000"),
                ("0100007F:00FF", "0200007F:0000", 1, "00000000:00000000"),
                ("FFFFFFFF:0006", "0200007F:0000", 1, "00000000:00000000"),
                ("0100007F:003A", "00000000:0000", 7, "00000000:00000000"),
            ];
            put(root, "net/raw", &inet_table(INET, &rows, &inodes));
            let inodes = sockets::<4>(root, 401);
            put(root, "net/icmp", &inet_table(INET, &rows, &inodes));
            let inodes = sockets::<2>(root, 402);
            let rows = [
                (
                    "00000000000000000000000001000000:003A",
                    "00000000000000000000000001000000:0000",
                    1,
                    "00000000:00000000",
                ),
                (
                    "00000000000000000000000000000000:00FF",
                    "00000000000000000000000000000000:0000",
                    7,
                    "00000000:00000000",
                ),
            ];
            put(root, "net/raw6", &inet_table(INET6, &rows, &inodes));
        },
        &[
            "-nP -p 400,401,402",
            "-F -p 400,401,402",
            "-X -p 400,401,402",
            "-Tqs -p 400,401,402",
        ],
    );
}

#[test]
fn unix_sockets_of_every_kind_and_state_are_named() {
    recorded(
        "lsof-unix",
        |root| {
            let inodes = sockets::<26>(root, 400);
            let mut text = "Num       RefCount Protocol Flags    Type St Inode Path\n".to_owned();
            let kinds = [1, 2, 3, 4, 5, 6, 7, 10, 0, 255].map(|kind| (kind, 1, "00000000", ""));
            let states = [0, 1, 2, 3, 4, 5, 255].map(|state| (1, state, "00000000", ""));
            let named = [
                (1, 1, "00010000", " /run/a b:c"),
                (1, 1, "00010000", " :c"),
                (1, 1, "00010000", " @ lead"),
                (1, 3, "00010000", " @@x@y"),
                (5, 3, "00000000", " /etc/passwd"),
                (2, 3, "00000000", "   two blanks"),
                (1, 1, "00010000", " \ttab"),
                (1, 1, "00000000", " rel/path"),
                (1, 1, "00000000", " /esc\x1b\\n"),
            ];
            let rows = kinds.iter().chain(&states).chain(&named).zip(inodes);
            for (number, ((kind, state, flags, path), inode)) in rows.enumerate() {
                let _ = writeln!(
                    text,
                    "{number:016x}: 00000002 00000000 {flags} {kind:04X} {state:02X} {inode:5}{path}"
                );
            }
            put(root, "net/unix", &text);
        },
        &[
            "-U",
            "-U -F",
            "-U -Tq",
            "-U -Tf",
            "-U -T",
            "-U -X",
            "/etc/passwd -V",
            "-p 400 -E",
        ],
    );
}

#[test]
fn sockets_of_amateur_radio_ipx_and_sctp_are_named() {
    recorded(
        "lsof-amateur",
        |root| {
            let inodes = sockets::<9>(root, 400);
            let mut text = String::new();
            for (state, inode) in inodes.iter().enumerate() {
                let to = ["N0CALL-2,RELAY", "*", "N0CALL-3"][state % 3];
                let _ = writeln!(
                    text,
                    "01 ax{state} N0CALL-1 {to} {state} 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 7 9 {inode}"
                );
            }
            text.push_str("01 ax0 N0CALL-1 * 3 0 0 0 0 10 0 3 0 300 0 1200 0 10 5 2 256 * * *\n");
            put(root, "net/ax25", &text);
            let inodes = sockets::<4>(root, 401);
            let mut text =
                "Local_Address  Remote_Address  Tx_Queue  Rx_Queue  State  Uid Inode\n".to_owned();
            for (other, queues, inode) in [
                ("Not_Connected", "00000000  00000005  07", inodes[0]),
                (
                    "00000013:0000000000AC:4002",
                    "0000000A  00000000  01",
                    inodes[1],
                ),
                (
                    "00000013:0000000000AC:4002",
                    "FFFFFFFF  00000001  FF",
                    inodes[2],
                ),
            ] {
                let _ = writeln!(
                    text,
                    "00000012:0000000000AB:4000  {other}  {queues}     000 {inode}"
                );
            }
            let _ = writeln!(text, "00000012:0000000000AB:4000  Not_Connected 0 0 7 000");
            put(root, "net/ipx", &text);
            let [alone, one, two, both, other] = sockets::<5>(root, 402);
            let mut text = " ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf\n".to_owned();
            for (number, inode, port, from, to) in [
                (1, one, 6000, "*127.0.0.1 10.0.0.1", "*127.0.0.2"),
                (2, two, 6000, "*127.0.0.1 10.0.0.1", "*127.0.0.2"),
                (3, two, 6001, "*127.0.0.1 10.0.0.1", "*127.0.0.3 10.0.0.9"),
                (4, two, 6000, "127.0.0.1 *10.0.0.1", "*127.0.0.2"),
                (5, both, 6000, "*127.0.0.1", "*127.0.0.2"),
                (
                    6,
                    other,
                    6000,
                    "*0000:0000:0000:0000:0000:0000:0000:0001",
                    "fe80::1",
                ),
            ] {
                let _ = writeln!(
                    text,
                    "0000000aaaaaaaa{number} bbbbbbbb 2   1   3  11     2{number}        0        0       0 {inode} 5000   {port}  {from} <-> {to} \t    7500    10    10   10    0    0        0        1        0   212992   212992"
                );
            }
            put(root, "net/sctp/assocs", &text);
            let mut text = " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n".to_owned();
            for (number, inode, port, from) in [
                (7, alone, 9000, "0.0.0.0"),
                (8, alone, 9001, "10.0.0.1 10.0.0.2"),
                (9, both, 5000, "127.0.0.1"),
            ] {
                let _ = writeln!(
                    text,
                    "000000007777777{number} 99999999 2   10  34   {port}      0 {inode} {from} "
                );
            }
            put(root, "net/sctp/eps", &text);
        },
        &[
            "-nP -p 400",
            "-F -p 400",
            "-nP -p 401",
            "-F -p 401",
            "-nP -p 402",
            "-F -p 402",
            "-X -p 400,401,402",
            "-i -nP -V",
            "-i -i :9000 -V",
            "-Tqs -p 400,401,402",
            "-E -p 400,401,402",
        ],
    );
}

#[test]
fn files_of_a_server_have_its_name() {
    recorded(
        "lsof-server",
        |root| {
            put(
                root,
                "mounts",
                "/dev/root / ext4 rw 0 0\nsrv:/exp /etc nfs4 rw 0 0\nsrv:/b /usr/bin NFS rw 0 0\n",
            );
            let mut mounts = String::new();
            for (number, directory, kind) in [
                (1, "/", "ext4"),
                (2, "/etc", "nfs4"),
                (3, "/usr/bin", "NFS"),
            ] {
                let device = fs::metadata(directory).expect("it is there").dev();
                let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
                let _ = writeln!(
                    mounts,
                    "{number} 0 {major}:{minor} / {directory} rw - {kind} x rw"
                );
            }
            put(root, "self/mountinfo", &mounts);
        },
        &[
            "-nP",
            "-N",
            "-N -V -t",
            "-N -F",
            "-a -N -p 100",
            "/etc/passwd",
            "-O -N",
            "-i -nP -N",
        ],
    );
}

#[test]
fn what_cannot_be_read_is_left_out() {
    recorded(
        "lsof-unread",
        |root| {
            for file in ["100/fdinfo/0", "100/fdinfo/1", "20000/maps"] {
                fs::remove_file(root.join(file)).expect("it was there");
            }
            fs::remove_file(root.join("100/fd/2")).expect("it was there");
            // A thing that is no link cannot be read as one.
            put(root, "100/fd/2", "");
            put(root, "300/stat", "300 (cut off");
            put(root, "400/fd/x", "");
            put(
                root,
                "locks",
                "1: POSIX  ADVISORY  WRITE 100 00:01:999 0 EOF\n2: nonsense\n1: -> FLOCK x\n",
            );
        },
        &[
            "-nP",
            "-o -nP",
            "+fG -nP",
            "-w -nP",
            "-F",
            "-p 300,400 -V",
            "-d 2",
        ],
    );
}

#[test]
fn a_process_that_went_leaves_what_failed() {
    recorded(
        "lsof-gone",
        |root| {
            for (pid, comm) in [
                (500, "gone"),
                (501, "gone of a user"),
                (502, "dangling"),
                (503, "no program"),
                (504, "no program of a user"),
            ] {
                process(root, pid, comm);
                if matches!(pid, 501 | 504)
                    && chown(root.join(pid.to_string()), Some(1234), None).is_err()
                {
                    skip("a process of a user", "only root can make one");
                }
            }
            for name in ["502/cwd", "502/root", "502/exe", "502/fd/0", "502/fd/1"] {
                link(root, name, "/nosuch/place (deleted)");
            }
            put(root, "502/fdinfo/0", "pos:\t17\nflags:\t0100002\n");
            for pid in [503, 504] {
                for name in ["cwd", "root"] {
                    link(root, &format!("{pid}/{name}"), "/");
                }
                let sh = fs::metadata("/bin/sh").expect("a shell");
                let device = sh.dev();
                put(
                    root,
                    &format!("{pid}/maps"),
                    &format!(
                        "55d000000000-55d000001000 r-xp 00000000 {:02x}:{:02x} {} /bin/sh\n",
                        rustix::fs::major(device),
                        rustix::fs::minor(device),
                        sh.ino()
                    ),
                );
                fs::create_dir(root.join(format!("{pid}/fd"))).expect("a directory");
            }
        },
        &[
            "-p 500",
            "-w -p 500",
            "-F -p 500",
            "-t -p 500",
            "-p 501",
            "-w -p 501",
            "-F -p 501",
            "-p 502",
            "-w -p 502",
            "-o -p 502",
            "-F -p 502",
            "+fg +L -p 502",
            "-p 503,504",
            "-w -p 503,504",
            "-d NOFD -w",
            "-d NOFD",
            "-i",
        ],
    );
}

#[test]
fn mappings_are_told_by_what_is_at_their_path() {
    recorded(
        "lsof-maps",
        |root| {
            process(root, 600, "mapped");
            for name in ["cwd", "root"] {
                link(root, &format!("600/{name}"), "/");
            }
            link(root, "600/exe", "/bin/sh");
            fs::create_dir(root.join("600/fd")).expect("a directory");
            let file = fs::metadata("/etc/passwd").expect("it is there");
            let device = file.dev();
            let device = format!(
                "{:02x}:{:02x}",
                rustix::fs::major(device),
                rustix::fs::minor(device)
            );
            let inode = file.ino();
            let long = |length: usize| format!("/{}", "l".repeat(length - 1));
            let mut text = String::new();
            for (number, (device, inode, path)) in [
                (device.as_str(), inode, "/etc/passwd".to_owned()),
                (&device, inode, "/etc/passwd".to_owned()),
                (&device, inode + 1, "/etc/passwd".to_owned()),
                (&device, inode + 2, "/etc/passwd (deleted)".to_owned()),
                ("00:77", inode, "/etc/passwd".to_owned()),
                ("00:77", inode + 3, "/etc/passwd".to_owned()),
                ("fe0:1234", inode + 3, "/etc/passwd".to_owned()),
                ("00:01", 20, "[anon_shmem:name]".to_owned()),
                ("00:01", 21, "(deleted)".to_owned()),
                ("00:01", 22, "x (deleted)".to_owned()),
                ("00:01", 23, "/ (deleted)".to_owned()),
                ("00:01", 24, "/x (deleted)  (deleted)".to_owned()),
                ("00:01", 25, "/nosuch\ttab (deleted)".to_owned()),
                ("00:01", 26, "/nosuch:colon: x".to_owned()),
                ("00:01", 0, "/no inode".to_owned()),
                ("00:00", 27, "/no device".to_owned()),
                ("00:00", 0, "[heap]".to_owned()),
                ("00:01", 28, String::new()),
                ("00:05", 29, "/dev/null".to_owned()),
                ("00:01", 31, long(4022)),
                ("00:01", 32, long(4023)),
                ("00:01", 33, long(4024)),
                ("00:01", 34, format!("{} (deleted)", long(4010))),
                ("00:01", 35, long(4095)),
                ("00:01", 36, long(5000)),
                (
                    "00:01",
                    37,
                    format!("{}1-2 r--p 0 00:01 38 /forged", long(4023)),
                ),
                (
                    "00:01",
                    9_223_372_036_854_775_813,
                    "/large inode".to_owned(),
                ),
            ]
            .into_iter()
            .enumerate()
            {
                let start = 0x7f00_0000_0000_u64 + number as u64 * 0x1000;
                let head = format!(
                    "{start:x}-{:x} r--p 00000000 {device} {inode} ",
                    start + 0x1000
                );
                let _ = writeln!(text, "{head:<73}{path}");
            }
            text.push_str("nonsense\n7f-80 r--p 0 00:01\n7f-80 r--p 0 zz:01 44 /nosuch/device\n");
            put(root, "600/maps", &text);
        },
        &[
            "-p 600",
            "-w -p 600",
            "-F -p 600",
            "-a -p 600 -d DEL",
            "-a -p 600 -d mem +L",
            "/etc/passwd -a -p 600",
            "-p 600 -e /",
            "-w -p 600 -e /",
        ],
    );
}

#[test]
fn locks_flags_and_positions_are_read_as_they_are_written() {
    recorded(
        "lsof-written",
        |root| {
            let infos = [
                "pos:\t0\nflags:\t0100000000\n",
                "pos:\t010\nflags:\t017777777777\n",
                "pos:\t0x10\nflags:\t0x12\n",
                "pos:\t18446744073709551615\nflags:\t02\n",
                "pos:\t9223372036854775808\nflags:\t04010000\n",
                "pos:\t-1\nflags:\t010000\n",
                "pos:\t-2\nflags:\t020000\n",
                "flags:\t03\npos:\t5\n",
                "pos:\t5\n",
                "flags:\t020200000\n",
                "pos: 5\nflags: 0100001\n",
                "pos:\t99999999\nflags:\t0\n",
                "pos:\t100000000\nflags:\t010000000000\n",
                "pos:\tx\nflags:\tx\n",
                "",
            ];
            process(root, 700, "written");
            for (number, info) in infos.iter().enumerate() {
                link(root, &format!("700/fd/{number}"), "/etc/passwd");
                put(root, &format!("700/fdinfo/{number}"), info);
            }
            link(root, "700/fd/20", "/dev/null");
            put(root, "700/fdinfo/20", "pos:\t512\nflags:\t0100002\n");
            for (name, target) in [("cwd", "/etc"), ("root", "/"), ("exe", "/bin/sh")] {
                link(root, &format!("700/{name}"), target);
            }
            let place = |path: &str| {
                let file = fs::metadata(path).expect("it is there");
                let device = file.dev();
                format!(
                    "{:02x}:{:02x}:{}",
                    rustix::fs::major(device),
                    rustix::fs::minor(device),
                    file.ino()
                )
            };
            let file = place("/etc/passwd");
            let mut locks = String::new();
            let mut line = |head: &str, rest: &str| {
                let _ = writeln!(locks, "{head} {rest}");
            };
            line("1: POSIX  ADVISORY  WRITE", &format!("700 {file} 0 4"));
            line("2: POSIX  ADVISORY  READ ", &format!("700 {file} 10 14"));
            line("3: POSIX  ADVISORY  WRITE", &format!("700 {file} 20 24"));
            line(
                "4: FLOCK  ADVISORY  READ ",
                &format!("700 {} 0 EOF", place("/etc")),
            );
            line(
                "4: -> FLOCK  ADVISORY  WRITE",
                &format!("700 {} 0 EOF", place("/etc")),
            );
            line(
                "5: LEASE  ACTIVE    READ ",
                &format!("700 {} 0 EOF", place("/bin/sh")),
            );
            line("6: OFDLCK ADVISORY  WRITE", &format!("-1 {file} 0 EOF"));
            line(
                "7: POSIX  ADVISORY  WRITE",
                &format!("100 {file} 0 2147483647"),
            );
            line("8: POSIX  ADVISORY  NONE ", &format!("20000 {file} 0 EOF"));
            line("9: POSIX  ADVISORY  READ ", &format!("20000 {file} 1 EOF"));
            line("10: POSIX  *NOINODE*  READ", "20000 0 EOF");
            line(
                "11: DELEG  ACTIVE    WRITE",
                &format!("700 {} 0 EOF", place("/")),
            );
            put(root, "locks", &locks);
        },
        &[
            "-p 700",
            "-o -p 700",
            "-s -p 700",
            "-o0 -o -p 700",
            "+fg -p 700",
            "+fG -p 700",
            "-F -p 700",
            "-F +fg -p 700",
            "-p 100,20000",
        ],
    );
}

/// Six thousand listeners: more than the names of services that are looked up one by one.
#[test]
fn thousands_of_ports_have_their_services_names() {
    recorded(
        "lsof-ports",
        |root| {
            let inodes = sockets::<6000>(root, 800);
            for table in ["tcp", "udp"] {
                let mut text = INET.to_owned();
                let mine = inodes.iter().enumerate();
                for (number, inode) in
                    mine.filter(|(number, _)| (number % 2 == 0) == (table == "tcp"))
                {
                    let state = if table == "tcp" { "0A" } else { "07" };
                    let _ = writeln!(
                        text,
                        "{number:4}: 00000000:{:04X} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0000000000000000 100 0 0 10 0",
                        number / 2 + 1
                    );
                }
                put(root, &format!("net/{table}"), &text);
            }
        },
        &["-n -i", "-nP -i", "-n -p 800 -F"],
    );
}
