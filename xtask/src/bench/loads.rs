//! The loads and the command lines measured on each.

/// A machine state, made by the scene `load`.
pub(super) struct Load {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Arguments of `scene`.
    pub(super) scene: &'static [&'static str],
    pub(super) cases: &'static [Case],
    /// Whether commands run in the machine's own network namespace, which is taken to be idle.
    pub(super) elsewhere: bool,
}

/// One command line, given to original and ours alike.
pub(super) struct Case {
    pub(super) tool: &'static str,
    /// As a shell reads them.
    pub(super) words: &'static str,
    /// Parts of the floor program.
    pub(super) floor: &'static str,
    pub(super) place: Place,
}

/// Where a command is measured if this is root.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the scene's network namespace, in no other of its namespaces.
    Network,
    /// In the scene's mount namespace as well, where its files have names; with all processes of
    /// the machine in sight.
    Mounts,
    /// Inside, where there is nothing in sight that does not belong to the load.
    Inside,
}

const fn case(tool: &'static str, words: &'static str, floor: &'static str) -> Case {
    Case {
        tool,
        words,
        floor,
        place: Place::Network,
    }
}

/// All files of all processes but the listers, which differ.
const EVERYTHING: Case = files("-nP -c ^lsof -c ^rlsof", Place::Inside);
/// The same with whatever else the machine does.
const MACHINE: Case = files("-nP", Place::Network);

/// A listing of files.
const fn files(words: &'static str, place: Place) -> Case {
    Case {
        tool: "lsof",
        words,
        floor: "stats",
        place,
    }
}

const TCP_CASES: &[Case] = &[
    case("ss", "-tan", "tcp"),
    case("ss", "-tani", "tcp-info"),
    case("ss", "-tln", "listen"),
    case("ss", "-tlnp", "listen links"),
    case("ss", "-tanp", "tcp links"),
    case("ss", "-tan sport = :$SCENE_PORT", "tcp"),
    case("ss", "-s", "start"),
    case("ss", "", "tcp udp unix"),
    case("netstat", "-tan", "tcp"),
    case("netstat", "-tln", "listen"),
    case("netstat", "-tanp", "tcp links"),
    case("netstat", "-tlnp", "listen links"),
    case("lsof", "-nP -i", "tcp links"),
    case("lsof", "-nP -iTCP -sTCP:LISTEN", "listen links"),
    case("lsof", "-t -i :$SCENE_PORT", "listen links"),
    EVERYTHING,
];

const FILE_CASES: &[Case] = &[
    case("ss", "-tlnp", "listen links"),
    case("netstat", "-tlnp", "listen links"),
    case("lsof", "-nP -i", "tcp links"),
    case("lsof", "-nP -iTCP -sTCP:LISTEN", "listen links"),
    EVERYTHING,
    MACHINE,
    files("$SCENE_FILE", Place::Mounts),
    files("-w +D $SCENE_DIRECTORY", Place::Mounts),
];

pub(super) const LOADS: &[Load] = &[
    Load {
        name: "empty",
        about: "nothing running, tables of the machine's size: start-up",
        scene: &["empty", "--hash", "0"],
        cases: &[
            case("ss", "-V", "start"),
            case("ss", "-tan", "tcp"),
            case("ss", "-tln", "listen"),
            case("ss", "-tlnp", "listen links"),
            case("ss", "", "tcp udp unix"),
            case("netstat", "-V", "start"),
            case("netstat", "-tan", "tcp"),
            case("netstat", "-tln", "listen"),
            case("netstat", "-s", "start"),
            case("netstat", "-rn", "start"),
            case("netstat", "-in", "start"),
            case("lsof", "-v", "start"),
            case("lsof", "-nP -i", "links"),
            EVERYTHING,
        ],
        elsewhere: false,
    },
    Load {
        name: "1k-tcp",
        about: "1,000 connections in 10 processes",
        scene: &[
            "load",
            "--sockets",
            "1000",
            "--processes",
            "10",
            "--listeners",
            "20",
        ],
        cases: TCP_CASES,
        elsewhere: false,
    },
    Load {
        name: "10k-tcp",
        about: "10,000 connections in 100 processes",
        scene: &[
            "load",
            "--sockets",
            "10000",
            "--processes",
            "100",
            "--listeners",
            "100",
        ],
        cases: TCP_CASES,
        elsewhere: false,
    },
    Load {
        name: "100k-tcp",
        about: "100,000 connections in 100 processes",
        scene: &[
            "load",
            "--sockets",
            "100000",
            "--processes",
            "100",
            "--listeners",
            "1000",
        ],
        cases: TCP_CASES,
        elsewhere: false,
    },
    Load {
        name: "500k-tcp",
        about: "500,000 connections in 100 processes, without what the originals take minutes for",
        scene: &[
            "load",
            "--sockets",
            "500000",
            "--processes",
            "100",
            "--listeners",
            "1000",
        ],
        cases: &[
            case("ss", "-tan", "tcp"),
            case("ss", "-tln", "listen"),
            case("netstat", "-tln", "listen"),
            case("lsof", "-t -i :$SCENE_PORT", "listen links"),
        ],
        elsewhere: false,
    },
    Load {
        name: "idle-100k",
        about: "an idle network namespace beside one with 100,000 connections",
        scene: &[
            "load",
            "--sockets",
            "100000",
            "--processes",
            "100",
            "--listeners",
            "1000",
        ],
        cases: &[
            case("ss", "-tan", "tcp"),
            case("ss", "-tanp", "tcp links"),
            case("netstat", "-tan", "tcp"),
            case("netstat", "-tanp", "tcp links"),
            case("lsof", "-nP -i", "tcp links"),
        ],
        elsewhere: true,
    },
    Load {
        name: "100k-unix",
        about: "100,000 unix sockets",
        scene: &["load", "--unix", "100000", "--processes", "100"],
        cases: &[
            case("ss", "-xa", "unix"),
            case("ss", "-xap", "unix links"),
            case("netstat", "-xan", "unix"),
            case("lsof", "-nP -U", "unix links"),
        ],
        elsewhere: false,
    },
    Load {
        name: "100k-udp",
        about: "100,000 UDP sockets",
        scene: &["load", "--udp", "100000", "--processes", "100"],
        cases: &[case("ss", "-uan", "udp"), case("netstat", "-uan", "udp")],
        elsewhere: false,
    },
    Load {
        name: "100k-routes",
        about: "100,000 routes",
        scene: &["load", "--routes", "100000"],
        cases: &[case("netstat", "-rn", "start")],
        elsewhere: false,
    },
    Load {
        name: "10x10k-files",
        about: "10 processes with 10,000 descriptors each",
        scene: &[
            "load",
            "--processes",
            "10",
            "--files",
            "10000",
            "--listeners",
            "20",
        ],
        cases: FILE_CASES,
        elsewhere: false,
    },
    Load {
        name: "1000x100-files",
        about: "1,000 processes with 100 descriptors each",
        scene: &[
            "load",
            "--processes",
            "1000",
            "--files",
            "100",
            "--listeners",
            "20",
        ],
        cases: FILE_CASES,
        elsewhere: false,
    },
    Load {
        name: "10000x10-files",
        about: "10,000 processes with 10 descriptors each",
        scene: &[
            "load",
            "--processes",
            "10000",
            "--files",
            "10",
            "--listeners",
            "20",
        ],
        cases: FILE_CASES,
        elsewhere: false,
    },
    Load {
        name: "1x19k-files",
        about: "one process with 19,000 descriptors",
        scene: &["load", "--files", "19000", "--listeners", "20"],
        cases: &[
            case("ss", "-tlnp", "listen links"),
            files("-nP -p $SCENE_LOAD_PID", Place::Inside),
            files("$SCENE_FILE", Place::Mounts),
        ],
        elsewhere: false,
    },
    Load {
        name: "threads",
        about: "100 processes of 100 threads",
        scene: &[
            "load",
            "--processes",
            "100",
            "--files",
            "50",
            "--threads",
            "100",
        ],
        cases: &[files("-c ^lsof -c ^rlsof", Place::Inside), EVERYTHING],
        elsewhere: false,
    },
];
