//! What users type: command lines and filters.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use super::{Reader, Target, texts};

pub(super) const OPTIONS: Target = Target {
    name: "options",
    about: "command lines, one word a line; for lsof, -i and the mount supplement too",
    readers: &[
        Reader {
            name: "netstat",
            seeds: || {
                texts(&[
                    "-tulpen\n--wide\n-c",
                    "-A\ninet,inet6,unix\n--protocol=ax25,netrom",
                    "--numeric-hosts\n--sta\n--\n-r",
                    "-rneFC\n--route\n-4\n-6\n--unix\n-x",
                    "-ic\n-g\n-s\n-w\n-M\n-V\n--help",
                ])
            },
            words: &[
                b"\n", b"--", b"-", b"=", b",", b"-A\n", b"inet", b"--unix", b"--num", b"--pro",
            ],
            read: |input, shape| shape.saw_text(&rnetstat::options_survive(&words(input))),
        },
        Reader {
            name: "ss",
            seeds: || {
                texts(&[
                    "-tunlp\n-o\n--extended\n-m\n-i",
                    "-A\nall,!tcp,packet_dgram\n--query=inet\n-f\nunix",
                    "state\nestablished\nexclude\ntime-wait\n( sport = :22 )",
                    "-H\n-O\n--no-header\n-N\nnetns\n-D\nfile\n--diag=x",
                    "--bpf-maps\n--bpf-map-id=7\n-Z\n--tos\n--cgroup\n--inet-sockopt\n-E\n-K\n-B",
                ])
            },
            words: &[
                b"\n",
                b"--",
                b"-",
                b"=",
                b",",
                b"!",
                b"-A\n",
                b"-f\n",
                b"state\n",
                b"all",
                b"--bpf-map-id=",
            ],
            read: |input, shape| shape.saw_text(&rss::options_survive(&words(input))),
        },
        Reader {
            name: "lsof",
            seeds: || {
                texts(&[
                    "-nP\n-iTCP@127.0.0.1:80,443-445\n-sTCP:LISTEN,^CLOSED\n-a",
                    "-i4\n-i6\n-i\n:1-5\n-U\n-N\n-X\n-R\n-l",
                    "-p\n1,^2,3\n-g\n5,6\n-u\nroot,^0\n-c\nabc\n-c^xyz",
                    "-d\n0-2,cwd,^mem,txt\n-d^1,^rtd\n+c15\n+c0\n-K\n-Ki",
                    "-Fpcfn0\n-F?\n-F\n+fg\n-fG\n+fcfgGn\n-f--",
                    "-r5c3m====%H:%M:%S%n\n+r2\n-r\n1\n-rm%9999999d",
                    "+L1\n-L\n+m\n+mfile\n-o8\n-o\n-S10\n-T\n-Tqfs\n-s\n-t\n-v\n-V\n-h",
                    "+d/tmp\n+D\n/var\n-xfl\n-e/proc\n+e\n/sys\n-J\n-j\n-E\n+E\n-Q\n-w\n-b\n-O\n--\nname",
                ])
            },
            words: &[
                b"\n-", b"\n+", b"\n--\n", b",", b"^", b"-i", b"TCP", b"UDP", b"@", b":", b"-s",
                b"LISTEN", b"-F", b"+f", b"-d", b"-r", b"m%", b"c1", b"cwd", b"mem", b"65536",
            ],
            read: |input, shape| shape.saw_text(&rlsof::options_survive(&words(input))),
        },
        Reader {
            name: "lsof-address",
            seeds: || {
                texts(&[
                    "4TCP@127.0.0.1:22,80-90",
                    "6udp@[::1]:53",
                    "UDPLITE:1-65535",
                    "@0.0.0.0:1,2,3",
                    ":ssh,http-https",
                    "tcp@[fe80::1%lo]:9",
                    "@[::ffff:1.2.3.4]",
                    "4@host.example:x",
                ])
            },
            words: &[
                b"@",
                b":",
                b"[",
                b"]",
                b"::",
                b",",
                b"-",
                b".",
                b"TCP",
                b"UDP",
                b"4",
                b"6",
                b"127.0.0.1",
                b"[::1]",
                b"65535",
                b"%",
                b"ffff:",
            ],
            read: |input, shape| shape.saw_text(&rlsof::address_survives(input)),
        },
        Reader {
            name: "lsof-supplement",
            seeds: || texts(&["/mnt/n 0x2a\n/ 0xfe00\n\n/a b 0x1\nx\n/c 0x1ffffffffffffffff\n"]),
            words: &[b"\n/", b" 0x", b"0x", b" "],
            read: |input, shape| shape.saw_text(&rlsof::supplement_survives(input)),
        },
    ],
};

pub(super) const FILTER: Target = Target {
    name: "filter",
    about: "filters of ss",
    readers: &[Reader {
        name: "ss",
        seeds: || {
            texts(&[
                "( sport = :22 or dport = :https ) and not src 10.0.0.0/8",
                "dst [::1]:80 | src unix:/run/* & ! autobound",
                "sport >= :1024 and dport lt 65535 && ( dst 127.0.0.1 || dst 127.1 )",
                "dev = lo or dev != 7 and fwmark = 0x10/0xff",
                "cgroup = /sys/fs/cgroup/system.slice dst link:ipv4:eth0",
                "src netlink:route:* or dst vsock:2:1024 src inet6:[fe80::1%lo]:*",
                "state connected sport eq 1 dport ne 2 src > :5 dst < 1.2.3.4:6",
                "# a comment\nsport = :1\nor dport = :2\n",
                "not not not ( ( ( sport = :1 ) ) )",
                "unix:a[!b-c]?* dst = inet:10.0.0.1/33:7 sport neq foo",
            ])
        },
        words: &[
            b"sport ",
            b"dport ",
            b"src ",
            b"dst ",
            b"dev ",
            b"fwmark ",
            b"cgroup ",
            b"autobound ",
            b" and ",
            b" or ",
            b" not ",
            b"(",
            b")",
            b"= ",
            b"!= ",
            b">= ",
            b"<= ",
            b"eq ",
            b"inet:",
            b"inet6:[",
            b"unix:",
            b"link:",
            b"netlink:",
            b"vsock:",
            b"/8",
            b":22",
            b"*",
            b"[::1]",
            b"\n",
        ],
        read: |input, shape| shape.saw_text(&rss::filter_survives(input)),
    }],
};

/// The words of a command line, one a line; as a command line has them, without NUL bytes.
fn words(input: &[u8]) -> Vec<OsString> {
    let word = |line: &[u8]| {
        let plain = line.iter().copied().filter(|&byte| byte != 0);
        OsString::from_vec(plain.collect())
    };
    input.split(|&byte| byte == b'\n').map(word).collect()
}
