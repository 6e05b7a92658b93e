//! What `/proc/PID` and the lists of mounts and locks tell.

use sockcore::fuzzing;
use sockcore::procfs::fdinfo::{FdInfo, epoll_targets};
use sockcore::procfs::mounts::{mount_line, mountinfo_line, unescape};
use sockcore::procfs::process::{StatLine, socket_inode};
use sockcore::procfs::{locks, maps};

use super::{Reader, Target, lines, texts};
use crate::shape::Shape;

pub(super) const PROCESS: Target = Target {
    name: "process",
    about: "files of /proc/PID, mounts and locks",
    readers: &[
        Reader {
            name: "maps",
            seeds: || {
                let mut seeds = texts(&[
                    "7f2c5a000000-7f2c5a028000 r--p 00001000 fe:00 247282                     /usr/lib/x y\n\
                     7ffc0000-7ffd0000 rw-p 00000000 00:00 0                          [stack]\n\
                     1-2 rw-s 0 0:1 7 /dev/zero (deleted)\n1-2 r--p 00000000 00:00 0 \n",
                    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n\
                     1-2 r--p 0 0:1 7 /a\tb\n1-2 r--p 0 ffffffff:ffffffff 18446744073709551615 /x\\012y",
                ]);
                let long = "p".repeat(4200);
                seeds.push(format!("1-2 r--p 0 fe:1 7 /{long}\n1-2 r--p 0 fe:1 8 /x").into_bytes());
                seeds
            },
            words: &[
                b"-",
                b" ",
                b":",
                b"\t",
                b"\n",
                b" rw-p 00000000 00:00 0 ",
                b"/",
                b" (deleted)",
            ],
            read: maps_text,
        },
        Reader {
            name: "fdinfo",
            seeds: || {
                texts(&[
                    "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t18\ntfd:        5 events:       19 data:                5  pos:0 ino:7 sdev:9\n",
                    "pos:\t0\nflags:\t04002\nmnt_id:\t15\nino:\t1058\neventfd-count:                0\neventfd-id: 12\n",
                    "pos:\t-1\nflags:\t02\nPid:\t-1\nNSpid:\t-1\ntty-index:\t4\n",
                    "pos:\t0\nflags:\t02004000\ninotify wd:1 ino:2 sdev:fe00001 mask:fce ignored_mask:0 fhandle-bytes:8\nlock:\t1: FLOCK  ADVISORY  WRITE 1 fe:00:1 0 EOF\n",
                ])
            },
            words: &[
                b"pos:\t",
                b"flags:\t",
                b"mnt_id:\t",
                b"ino:\t",
                b"tfd: ",
                b"Pid:\t",
                b"eventfd-id: ",
                b"tty-index:\t",
                b"\n",
            ],
            read: |input, shape| {
                shape.saw(FdInfo::parse(input));
                shape.saw(epoll_targets(input).collect::<Vec<_>>());
            },
        },
        Reader {
            name: "mountinfo",
            seeds: || {
                texts(&[
                    "36 35 98:1 /sub /mnt\\040a rw,noatime shared:1 master:2 - fuse.sshfs u@h:/x rw,user_id=7\n\
                     22 27 0:21 / /proc rw - proc proc rw\n1 1 0:2 / / rw - rootfs rootfs rw\n",
                ])
            },
            words: &[b" - ", b"\\040", b"\\134", b" ", b":", b"shared:1", b"\n"],
            read: |input, shape| {
                let mut plain = Vec::new();
                lines(input, |line| {
                    let mount = mountinfo_line(line);
                    if let Some(mount) = &mount {
                        plain.clear();
                        unescape(mount.directory, &mut plain);
                        unescape(mount.source, &mut plain);
                        assert!(
                            plain.len() <= line.len(),
                            "undoing escapes makes no text longer"
                        );
                    }
                    shape.saw(mount);
                });
            },
        },
        Reader {
            name: "mounts",
            seeds: || {
                texts(&[
                    "srv:/exp /mnt/n nfs4 rw,relatime 0 0\nproc /proc proc rw 0 0\n\
                     /dev/sd\\040a /a\\134b ext4 rw 0 0\n",
                ])
            },
            words: &[b"\\040", b"\\", b" ", b"\t", b"nfs", b"\n"],
            read: |input, shape| {
                let mut plain = Vec::new();
                lines(input, |line| {
                    let mount = mount_line(line);
                    if let Some(mount) = &mount {
                        unescape(mount.directory, &mut plain);
                    }
                    shape.saw(mount);
                });
            },
        },
        Reader {
            name: "locks",
            seeds: || {
                texts(&["1: POSIX  ADVISORY  READ 21172 fe:1a:10133506 5 14\n\
                     2: FLOCK  ADVISORY  WRITE 5 fe:00:9 0 EOF\n2: -> FLOCK  ADVISORY  WRITE 6 fe:00:9 0 EOF\n\
                     3: OFDLCK ADVISORY  WRITE -1 00:15:7 0 EOF\n4: LEASE  BREAKING  UNLCK 5 fe:00:9 0 EOF\n"])
            },
            words: &[
                b"POSIX", b"FLOCK", b"EOF", b"->", b"READ", b"WRITE", b" ", b":", b"\n",
            ],
            read: |input, shape| lines(input, |line| shape.saw(locks::line(line))),
        },
        Reader {
            name: "stat",
            seeds: || {
                texts(&[
                    "1 (systemd) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 30 1 2 18446744073709551615\n",
                    "77 (a) b (c)) R 1 77 77 34816 77 4194304 0 0 0 0 0 0 0 0 20 0 4 0 9\n",
                ])
            },
            words: &[b"(", b")", b") S ", b" ", b"-1"],
            read: |input, shape| {
                let stat = StatLine(input);
                shape.saw((stat.command_to_first_close(), stat.command_to_last_close()));
                shape.saw((stat.threads(), stat.status()));
            },
        },
        Reader {
            name: "link",
            seeds: || {
                texts(&[
                    "socket:[4711]",
                    "socket:[18446744073709551616]",
                    "anon_inode:[eventfd]",
                ])
            },
            words: &[b"socket:[", b"]", b"0"],
            read: |input, shape| shape.saw(socket_inode(input)),
        },
    ],
};

fn maps_text(input: &[u8], shape: &mut Shape) {
    // Whatever the reads are like, the same mappings come out.
    let mut whole = Vec::new();
    fuzzing::pieces(input, 4096, &mut |piece| {
        let mapping = maps::line(piece);
        shape.saw(mapping);
        whole.push(piece.len());
    });
    let mut torn = Vec::new();
    fuzzing::pieces(input, 1 + input.len() % 97, &mut |piece| {
        torn.push(piece.len())
    });
    assert_eq!(whole, torn, "pieces depend on the reads");
}
