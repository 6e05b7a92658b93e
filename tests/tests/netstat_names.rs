//! netstat with databases of names made for it: hosts, services, protocols and users that are long,
//! double, or inside one another.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use conformance::fixture;
use conformance::hall::{built, skip};
use conformance::stage::is_root;
use conformance::subject::{Subject, Suite};
use conformance::text::lines;
use conformance::tool::Tool;

const HOSTS: &str = "127.0.0.1 localhost\n\
    ::1 localhost\n\
    10.0.0.1 a-very-long-hostname-indeed.example\n\
    10.0.0.2 exactly-15-char\n\
    10.0.0.3 first second third\n\
    10.0.0.3 another\n\
    2001:db8::1 six.example\n\
    2001:db8::2 a-very-long-hostname-of-version-six.example\n\
    ::ffff:10.0.0.4 inside\n\
    10.0.0.5 outside\n\
    224.0.0.1 all-systems.mcast.net\n\
    0.1.2.3 zero-net-host\n";

const SERVICES: &str = "first 80/tcp\n\
    last 80/tcp alias\n\
    onlyudp 81/udp\n\
    verylongservicename-indeed 82/tcp\n\
    verylongservicename-indeed 82/udp\n\
    rawservice 89/raw\n\
    rawlast 1/raw\n\
    sctpservice 5000/sctp\n";

const PROTOCOLS: &str = "ip 0 IP\nicmp 1 ICMP\nospf 89 OSPFIGP\nospftwo 89\nipv6-icmp 58\n";

const USERS: &str =
    "root:x:0:0::/:/bin/sh\nabcdefghijklmnop:x:1000:1000::/:/bin/sh\nu:x:7:7::/:/bin/sh\n";

const NETWORKS: &str = "zeronet 0.1.2.3\nloopback 127.0.0.0\n";

const TITLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

fn v4(address: [u8; 4]) -> String {
    format!("{:08X}", u32::from_ne_bytes(address))
}

fn v6(text: &str) -> String {
    let address: std::net::Ipv6Addr = text.parse().expect("an address");
    let octets = address.octets();
    let words = octets.chunks_exact(4);
    words
        .map(|word| {
            format!(
                "{:08X}",
                u32::from_ne_bytes([word[0], word[1], word[2], word[3]])
            )
        })
        .collect()
}

fn table(addresses: &[String], ports: &[u16], uids: &[u32]) -> String {
    let mut text = TITLE.to_owned();
    for (number, address) in addresses.iter().enumerate() {
        for port in ports {
            let uid = uids[number % uids.len()];
            let unspecified = "0".repeat(address.len());
            text.push_str(&format!(
                "{number:4}: {address}:{port:04X} {unspecified}:0000 0A 0:0 00:0 0 {uid} 0 {number}\n"
            ));
            text.push_str(&format!(
                "{number:4}: {address}:{port:04X} {address}:{port:04X} 01 0:0 00:0 0 {uid} 0 {number}\n"
            ));
        }
    }
    text
}

/// The kernel's files and the databases, in one directory.
fn prepare(place: &Path) -> std::io::Result<()> {
    let _ = fs::remove_dir_all(place);
    fs::create_dir_all(place.join("proc/net/sctp"))?;
    for (name, text) in [
        ("hosts", HOSTS),
        ("services", SERVICES),
        ("protocols", PROTOCOLS),
        ("passwd", USERS),
        ("networks", NETWORKS),
        ("resolv.conf", ""),
        (
            "nsswitch.conf",
            "passwd: files\nhosts: files\nservices: files\nprotocols: files\nnetworks: files\n",
        ),
    ] {
        fs::write(place.join(name), text)?;
    }
    let four: Vec<String> = [1, 2, 3, 4, 5, 6].map(|last| v4([10, 0, 0, last])).to_vec();
    let zero = [v4([0, 0, 0, 0]), v4([127, 0, 0, 1])];
    let four: Vec<String> = four.into_iter().chain(zero).collect();
    let six = [
        "2001:db8::1",
        "2001:db8::2",
        "2001:db8::3",
        "::1",
        "::",
        "::ffff:10.0.0.4",
        "::ffff:10.0.0.5",
        "::ffff:10.0.0.6",
        "::ffff:0.0.0.0",
        "::1.2.3.4",
        "fe80::1",
    ]
    .map(v6);
    let uids = [0, 1000, 7, 8, 3_000_000_000, u32::MAX];
    let net = place.join("proc/net");
    fs::write(
        net.join("tcp"),
        table(&four, &[80, 81, 82, 83, 65535], &uids),
    )?;
    fs::write(net.join("udp"), table(&four, &[80, 81, 82, 83], &uids))?;
    fs::write(net.join("udplite"), table(&four, &[81, 82], &uids))?;
    fs::write(net.join("tcp6"), table(&six, &[80, 82, 65535], &uids))?;
    fs::write(net.join("raw"), table(&four, &[1, 2, 58, 89, 253], &uids))?;
    fs::write(net.join("raw6"), table(&six, &[58], &uids))?;
    fs::write(
        net.join("sctp/eps"),
        " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n\
         77 99 2   10  34   5000      1000 4712 10.0.0.1 10.0.0.6 0.0.0.0\n",
    )?;
    fs::write(
        net.join("igmp"),
        "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n\
         1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n",
    )
}

/// Runs a command line with the directory's files in the place of the machine's.
fn run(place: &Path, subject: &Subject, words: &str) -> Output {
    let words: Vec<_> = words.split(' ').map(Into::into).collect();
    let (program, _, arguments) = subject.command(OsStr::new("netstat"), &words);
    let mut command = Command::new("unshare");
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "--net", "--", "sh", "-c"]);
    command.arg(
        "cd \"$1\" && for name in *; do
             test $name = proc || ! test -e /etc/$name || mount --bind $name /etc/$name || exit 99
         done; mount --bind proc /proc || exit 99; shift; exec \"$@\"",
    );
    command.arg("sh").arg(place).arg(program).args(arguments);
    command.env("LC_ALL", "C").env("PROC_ROOT", "/proc");
    command.output().expect("unshare runs")
}

#[test]
fn private_databases_of_names_are_used_as_by_the_original() {
    let theirs = match Subject::original(Tool::Netstat, Suite::Trixie) {
        Ok(theirs) => theirs,
        Err(reason) => return skip("private names", &reason),
    };
    let ours = Subject::own(Tool::Netstat, built()).with_library_of(&theirs);
    let place = fixture::place(built(), "netstat-names");
    prepare(&place).expect("the recording");
    if run(&place, &theirs, "-V").status.code() == Some(99) {
        return skip("private names", "files of /etc cannot be covered here");
    }
    let mut differences = String::new();
    for words in [
        "-ta",
        "-tae",
        "-taW",
        "-tl",
        "-t",
        "-ua",
        "-uaeW",
        "-wa",
        "-waW",
        "-6wa",
        "-Ua",
        "-4",
        "-6ta",
        "-6taW",
        "-g",
        "-gW",
        "-an",
        "-a --numeric-hosts",
        "-tuwa --numeric-ports",
        "-tae --numeric-users",
        "-taen",
        "-Sla",
        "-Slae",
    ] {
        let (their, our) = (run(&place, &theirs, words), run(&place, &ours, words));
        if (&their.stdout, &their.stderr, their.status.code())
            != (&our.stdout, &our.stderr, our.status.code())
        {
            differences.push_str(&format!("{words}: {} / {}\n", their.status, our.status));
            for (sign, mine, other) in [("-", &their, &our), ("+", &our, &their)] {
                for (mine, other) in [(&mine.stdout, &other.stdout), (&mine.stderr, &other.stderr)]
                {
                    let known: Vec<_> = lines(other).collect();
                    for line in lines(mine).filter(|line| !known.contains(line)).take(6) {
                        differences.push_str(&format!("  {sign}{}", String::from_utf8_lossy(line)));
                    }
                }
            }
        }
    }
    let named = run(&place, &theirs, "-ta").stdout;
    assert!(
        String::from_utf8_lossy(&named).contains("a-ve:verylongservicenam"),
        "names are in use"
    );
    assert!(differences.is_empty(), "{differences}");
}
