//! lsof where the machine is not as usual: mounts that are not what they were, servers, refused
//! calls, other namespaces. Each command runs in a script that makes it so.

use conformance::hall::{built, skip, the_original_itself};
use conformance::pair::{both, shell_words};
use conformance::stage::{self, Stage};
use conformance::subject::{Subject, workspace};
use conformance::tool::Tool;

#[test]
fn a_broken_machine_is_answered_alike() {
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let mut compare = |before: &str, words: &[&str], after: &str| {
        let [theirs, own] = [&original, &ours].map(|subject| {
            let script = format!(
                "unshare -m sh -c '{before} {} 2>&1 {after}; echo $?'",
                shell_words(Tool::Lsof, subject, words).replace('\'', "\"")
            );
            let text = stage.shell(&script).expect("a shell");
            String::from_utf8_lossy(&text).into_owned()
        });
        assert_eq!(own, theirs, "{before} {words:?} {after}");
        assert!(theirs.ends_with('\n'), "{theirs}");
    };
    compare("mount -t tmpfs none /dev;", &["-h"], "");
    compare("mount -t tmpfs none /dev;", &["-p", "1"], "");
    compare("mount -t tmpfs none /proc;", &["-i"], "");
    compare("mount -t tmpfs none /proc;", &["-p", "1"], "");
    compare("", &["-p", "1", "-d", "0", "-a"], ">&-");
    compare("", &["-p", "99999999"], ">&-");
    compare("", &["-h"], "2>&-");
    compare("", &["-q"], "2>/dev/full");
}

/// The original's table of mounts is the text below `/proc` of its own number, which can be covered.
#[test]
fn where_there_is_nfs_nothing_is_looked_at_on_request() {
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let pid = stage.fact("SCENE_PROC_PID").expect("the desk tells it");
    let pid = pid.to_string_lossy().into_owned();
    for words in [
        "-N -a -p PID -d 3-9",
        "-b -nP -p PID -d 3,9,cwd,mem -a",
        "-b -nP -p PID",
        "-bw -nP -p PID",
        "-b -F -a -p PID -d ^12345 +fg",
        "-bw -F0 +L -a -p PID -d ^12345",
        "-b -i -a -p PID",
        "-b -p PID -t",
        "-b -U -a -p PID",
        "-b -u nobody",
        "-b -K -a -p PID",
        "-b /etc/passwd",
        "-b -c /proc/ -r1c2mX",
        "-b -u 3000000000",
        "-b -F -u 3000000000",
        "-O -b -a -p PID -d 0",
    ] {
        let words = words.replace("PID", &pid);
        let [own, theirs] = [&ours, &original].map(|subject| {
            let words: Vec<_> = words.split(' ').collect();
            let script = format!(
                "sed 's:^scene /srv tmpfs:srv\\:/exp /srv nfs4:' /proc/self/mounts > /run/nfs\n\
                 unshare -m sh -c 'mount --bind /run/nfs /proc/$$/mounts && exec {}' 2>&1\n\
                 echo $?; rm /run/nfs",
                shell_words(Tool::Lsof, subject, &words).replace('\'', "\"")
            );
            let text = stage.shell(&script).expect("a shell");
            // 4.99.4 forgets a parenthesis.
            String::from_utf8_lossy(&text).replace(" lstat: ", " (lstat: ")
        });
        let differs = own
            .lines()
            .zip(theirs.lines())
            .find(|pair| pair.0 != pair.1);
        assert!(own == theirs, "{words}: {differs:?}");
    }
}

/// Three mounts of one device, of which some are said to be NFS, and a process on each.
#[test]
fn mounts_of_one_server_are_told_apart() {
    const FIRST: &str = "s:^scene /srv tmpfs:srv\\:/exp /srv nfs4:";
    const OTHER: &str = "s:^scene /run/other tmpfs:srv\\:/exp/scene /run/other nfs:";
    const THIRD: &str = "s:^scene /run/third tmpfs:srv\\:/exp/scene /run/third nfs4:";
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    for servers in [
        String::new(),
        FIRST.to_owned(),
        format!("{FIRST};{OTHER}"),
        THIRD.to_owned(),
        format!("{OTHER};{THIRD}"),
    ] {
        for words in [
            "-V /srv",
            "-V /run/other",
            "-V /run/third",
            "-V /srv /run/other",
            "-V /run/other /srv",
            "-V /run/third /srv",
            "-V /srv /run/third /run/other",
            "-V /run/third /srv /run/other",
            "-V /run/other /srv /run/third",
            "-V /run/other /etc/passwd /run/third /srv",
            "-V /run/third /run/other /srv",
            "-V +f -- srv:/exp/scene",
            "-V -f -- /srv /run/third",
            "-V /run/third /srv/scene/desk",
            "-V -N",
            "-V -N /run/other",
            "-V -N /srv/scene/desk/reg",
        ] {
            let [own, theirs] = [&ours, &original].map(|subject| {
                let words: Vec<_> = words.split(' ').collect();
                let script = format!(
                    "cat > /run/look <<'END'\n\
                     mkdir -p /run/other /run/third\n\
                     mount --bind /srv/scene /run/other; mount --bind /srv/scene/desk /run/third\n\
                     cd /run/other/desk; sleep 60 <reg & first=$!\n\
                     cd /run/third; [ -p fifo ] || mkfifo fifo; sleep 60 <reg 7<>fifo & second=$!; cd /\n\
                     for sleeper in $first $second; do\n\
                     until [ \"$(cat /proc/$sleeper/comm)\" = sleep ]; do :; done; done\n\
                     sed '{servers}' /proc/self/mounts > /run/nfs\n\
                     (exec sh /run/list) 2>&1; echo $?; kill $first $second; wait 2>/dev/null\n\
                     END\n\
                     cat > /run/list <<'END'\n\
                     mount --bind /run/nfs /proc/$$/mounts && exec {}\n\
                     END\n\
                     unshare -m sh /run/look; rm -r /run/look /run/list /run/nfs",
                    shell_words(Tool::Lsof, subject, &words)
                );
                let text = stage.shell(&script).expect("a shell");
                let text = String::from_utf8_lossy(&text).into_owned();
                let lines = text.lines().map(|line| {
                    let mut words: Vec<_> = line.split_whitespace().collect();
                    // The numbers of these processes decide the width of their column too.
                    if words.first() == Some(&"sleep") {
                        words.remove(1);
                    }
                    words.join(" ").replace(" (ESTABLISHED)", "")
                });
                lines.collect::<Vec<_>>()
            });
            let differs = own.iter().zip(&theirs).find(|pair| pair.0 != pair.1);
            assert!(own == theirs, "{servers} {words}: {differs:?}");
            assert!(theirs.len() > 1, "{servers} {words}");
        }
    }
}

/// Compares what a script around a command prints, but for the number that its last line tells.
fn alike(
    stage: &mut Stage,
    subjects: &[Subject; 2],
    words: &str,
    around: impl Fn(&str) -> String,
) -> String {
    let words: Vec<_> = words.split(' ').collect();
    let [theirs, own] = subjects.each_ref().map(|subject| {
        let script = around(&shell_words(Tool::Lsof, subject, &words));
        let text = stage.shell(&script).expect("a shell");
        let text = String::from_utf8_lossy(&text).into_owned();
        let number = text.lines().next_back().unwrap_or_default();
        let lines = text.lines().map(|line| {
            let line = line.replace(&format!("/proc/{number}/"), "/proc/PID/");
            let mut words: Vec<_> = line.split(' ').collect();
            for word in &mut words {
                if *word == number || word.strip_prefix('p') == Some(number) {
                    *word = "PID";
                }
            }
            words.join(" ") + "\n"
        });
        lines.collect::<String>()
    });
    assert_eq!(own, theirs, "{words:?}");
    own
}

/// The root of a process that runs already becomes the root of its mounts, and its directory too.
#[test]
fn a_directory_of_another_users_file_system_fails_in_its_row() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "mounts") else {
        return;
    };
    let mount = stage.fact("SCENE_FOREIGN_MOUNT").map(ToOwned::to_owned);
    let Some(mount) = mount else {
        return skip("a file system of another user", "the scene has none");
    };
    let mount = mount.to_string_lossy().into_owned();
    let mut seen = String::new();
    for words in [
        "-a -p PID -d cwd,rtd,0",
        "-w -a -p PID -d cwd,rtd",
        "-F -a -p PID -d cwd",
        "-p PID",
        "-t -p PID",
        "-E -a -p PID -d cwd",
    ] {
        seen.push_str(&alike(&mut stage, &subjects, words, |command| {
            format!(
                "cd /; [ -p /run/ready ] || mkfifo /run/fifo /run/ready\n\
                 unshare -m sh -c 'exec 8<>/run/ready 9<>/run/fifo; \
                 (echo >&8; read x <&9) >/dev/null 2>&1 & \
                 echo $! > /run/sleeper; read x <&8; exec pivot_root {mount} {mount}'\n\
                 PID=$(cat /run/sleeper); {} 2>&1; echo =$?; kill $PID; rm /run/sleeper; echo $PID",
                command.replace("'PID'", "$PID")
            )
        }));
    }
    assert!(seen.contains("/ (stat: Permission denied)"), "{seen}");
}

#[test]
fn mappings_of_an_own_container_fail_in_their_rows() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "empty") else {
        return;
    };
    if !stage::is_root() {
        return skip("a container of a user", "only root can become another user");
    }
    let user = built().join("as_user");
    let mut seen = String::new();
    for words in ["-p PID", "-w -p PID", "-F -p PID", "-a -p PID -d mem +L"] {
        seen.push_str(&alike(&mut stage, &subjects, words, |command| {
            let (program, rest) = command.split_once(' ').unwrap_or((command, ""));
            let program_name = program.rsplit('/').next().unwrap_or_default();
            format!(
                "{user} 65534 unshare $(command -v unshare) -Um sleep 20 >/dev/null 2>&1 & PID=$!\n\
                 until [ \"$(cat /proc/$PID/comm)\" = sleep ] && grep -q libc /proc/$PID/maps; do :; done\n\
                 {user} 65534 {program_name} {program} {} 2>&1; echo =$?; kill $PID; echo $PID",
                rest.replace("'PID'", "$PID"),
                user = user.display(),
            )
        }));
    }
    assert!(seen.contains("(stat: Operation not permitted)"), "{seen}");
}

#[test]
fn of_a_device_that_is_mounted_twice_one_mount_is_found() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "lsof") else {
        return;
    };
    for words in [
        "-w -V DEVICE -a -p 1",
        "-w -V +f -- DEVICE",
        "-w -V -f -- DEVICE",
        "-w -t DEVICE",
    ] {
        alike(&mut stage, &subjects, words, |command| {
            format!(
                "mkdir -p /run/again; cat > /run/look <<'END'\n\
                 mount --bind / /run/again\n\
                 DEVICE=$(while read source directory rest; do [ $directory = / ] && echo $source; \
                 done < /proc/self/mounts | head -n 1)\n\
                 (exec {}) 2>&1 | grep -v '^lsof  \\|^sh  \\|^grep  \\|^[0-9]'; echo $?\n\
                 END\n\
                 unshare -m sh /run/look; rm -r /run/look /run/again",
                command.replace("'DEVICE'", "$DEVICE")
            )
        });
    }
}

#[test]
fn a_mount_supplement_tells_devices_of_what_cannot_be_reached() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "mounts") else {
        return;
    };
    const LISTED: &str = "/srv/scene/foreign 0x33\n/srv/scene/mounts/closed/secret 0x44";
    const LISTS: [&str; 7] = [
        LISTED,
        "bad",
        "/srv/scene/foreign 0x33\n/x y",
        "/srv/scene/foreign 0x33\n/z 0xzz",
        "/srv/scene/foreign 0x33\\n\\n/y 0x1",
        "/x",
        "",
    ];
    for list in LISTS {
        for words in [
            "+m /run/list -a -p 2 -d 0",
            "-w +m /run/list -a -p 2 -d 0",
            "+m /run/list +d /srv/scene",
            "+m /run/list -e /srv/scene/foreign -a -p 2 -d 0",
            "+m /run/list -e /srv/scene/foreign -p 2",
            "+m /run/nolist -a -p 2 -d 0",
        ] {
            // What is assumed of mounts that are not listed is left over from others.
            let hidden = if list == LISTED && !words.contains("/run/nolist") {
                "nothing"
            } else if words.ends_with("-p 2") {
                continue;
            } else {
                "assuming dev="
            };
            alike(&mut stage, &subjects, words, |command| {
                format!(
                    "printf '{list}\\n' > /run/list; {command} > /run/out 2>&1; code=$?\n\
                     grep -v '{hidden}' /run/out; rm /run/list /run/out; echo =$code"
                )
            });
        }
    }
}

/// Where the lister's own number is another process's the original shows no offsets; there ours
/// prints what both print elsewhere.
#[test]
fn offsets_are_shown_below_the_proc_of_another_namespace() {
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let pid = stage.fact("SCENE_PROC_PID").expect("the desk tells it");
    let pid = pid.to_string_lossy().into_owned();
    for words in [
        "-a -p PID -d 3,31,34",
        "-o +fg -a -p PID -d 3,31,34",
        "-F -a -p PID -d 3",
    ] {
        let words = words.replace("PID", &pid);
        let words: Vec<_> = words.split(' ').collect();
        let [elsewhere, here] =
            [("", &original), ("unshare -pf ", &ours)].map(|(before, subject)| {
                // The original has no other place to be tried in.
                let before = if the_original_itself() { "" } else { before };
                let command = shell_words(Tool::Lsof, subject, &words);
                let text = stage
                    .shell(&format!("{before}{command} 2>&1; echo $?"))
                    .expect("a shell");
                String::from_utf8_lossy(&text).into_owned()
            });
        assert_eq!(here, elsewhere, "{words:?}");
        assert!(here.ends_with("\n0\n"), "{here}");
    }
}

#[test]
fn endpoints_without_netlink_are_answered_alike() {
    let Some((mut stage, [original, ours])) = both(Tool::Lsof, "lsof") else {
        return;
    };
    let pid = stage.fact("SCENE_PROC_PID").expect("the desk tells it");
    let pid = pid.to_string_lossy().into_owned();
    let filter = built().join("without_netlink");
    for refused in ["socket", "send"] {
        for words in [
            "-E -a -p PID -d 20,26",
            "-E -U -a -p PID",
            "+E -a -p PID -d 20",
            "-w -E -a -p PID -d 26",
            "-E -a -p PID -d 9,11,12 -nP",
            "-F -E -a -p PID -d 20",
            "-t -E -a -p PID -d 20",
            "-r1c2mX -E -a -p PID -d 20",
            "-E -p 99999999",
            "-E -Q -V -p 99999999",
            "-a -p PID -d 20,26",
        ] {
            let words = words.replace("PID", &pid);
            let words: Vec<_> = words.split(' ').collect();
            let [own, theirs] = [&ours, &original].map(|subject| {
                let command = shell_words(Tool::Lsof, subject, &words);
                let script = format!("{} {refused} {command} 2>&1; echo $?", filter.display());
                let text = stage.shell(&script).expect("a shell");
                String::from_utf8_lossy(&text).into_owned()
            });
            assert_eq!(own, theirs, "{refused}: {words:?}");
        }
    }
}

/// What a mount of `/proc` hides from a user is not there.
#[test]
fn hidden_processes_are_no_processes() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "lsof") else {
        return;
    };
    if !stage::is_root() {
        return skip("hidden processes", "only root can become another user");
    }
    let pid = stage.fact("SCENE_PROC_PID").expect("the desk tells it");
    let pid = pid.to_string_lossy().into_owned();
    let user = built().join("as_user");
    let mut seen = String::new();
    for hidden in ["off", "noaccess", "invisible", "ptraceable"] {
        for words in [
            "-p PID -V",
            "-w -p PID -V",
            "-u root -V",
            "-nP -i",
            "-U",
            "-a -u nobody -d 3 -nP",
        ] {
            let words = words.replace("PID", &pid);
            seen.push_str(&alike(&mut stage, &subjects, &words, |command| {
                let (program, rest) = command.split_once(' ').unwrap_or((command, ""));
                let name = program.rsplit('/').next().unwrap_or_default();
                format!(
                    "cat > /run/look <<'END'\n\
                     mount -t proc -o hidepid={hidden} proc /proc || exit 1\n\
                     (exec {user} 65534 {name} {program} {rest}) 2>&1; echo =$?\n\
                     END\n\
                     unshare -m sh /run/look; rm /run/look; echo none",
                    user = user.display(),
                )
            }));
        }
    }
    assert!(seen.contains("process ID not located: "), "{seen}");
    assert!(seen.contains("(readlink: Permission denied)"), "{seen}");
}

#[test]
fn sockets_of_another_network_are_named_from_within() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "namespaces") else {
        return;
    };
    let mut seen = String::new();
    for words in [
        "-nP -i tcp",
        "-n -i tcp -F",
        "-nP -i udp -T",
        "-U",
        "-nP -T -c other",
        "-nP -T -E -i -a -c other",
    ] {
        seen.push_str(&alike(&mut stage, &subjects, words, |command| {
            format!("nsenter --net=/run/netns/other {command} 2>&1; echo =$?; echo none")
        }));
    }
    assert!(seen.contains("127.0.0.1:8081 (LISTEN)"), "{seen}");
    assert!(seen.contains("protocol: UDP"), "{seen}");
}

/// What lies outside the lister's root has its whole path; what is mapped from there is not found.
#[test]
fn files_outside_of_the_own_root_are_told_by_their_whole_path() {
    let Some((mut stage, subjects)) = both(Tool::Lsof, "lsof") else {
        return;
    };
    if !stage::is_root() {
        return skip("another root", "only root can change it");
    }
    let pid = stage.fact("SCENE_PROC_PID").expect("the desk tells it");
    let pid = pid.to_string_lossy().into_owned();
    let places = [workspace(), built().to_owned()].map(|place| place.display().to_string());
    let mut seen = String::new();
    for words in [
        "-a -p PID -d ^17",
        "-w -a -p PID -d ^17",
        "-F -a -p PID -d ^17,^12345",
        "-a -p PID -d mem +L",
        "/srv/scene/desk/reg",
        "-a -p PID /",
    ] {
        let words = words.replace("PID", &pid);
        seen.push_str(&alike(&mut stage, &subjects, &words, |command| {
            format!(
                "mkdir /run/jail; mount -t tmpfs jail /run/jail\n\
                 for place in /proc /dev /etc {} {}; do\n\
                 mkdir -p /run/jail$place; mount --rbind $place /run/jail$place; done\n\
                 (exec chroot /run/jail {command}) 2>&1; echo =$?\n\
                 umount --recursive --lazy /run/jail; rmdir /run/jail; echo none",
                places[0], places[1],
            )
        }));
    }
    assert!(seen.contains("/srv/scene/desk/reg"), "{seen}");
    assert!(seen.contains("(stat: No such file or directory)"), "{seen}");
}
