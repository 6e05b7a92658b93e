//! What users type: command lines and filters.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use super::{Reader, Target, texts};

pub(super) const OPTIONS: Target = Target {
    name: "options",
    about: "command lines of the tools, one word a line",
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
