//! The stage: namespaces that belong to the scene alone, and what is put into them before the
//! first actor comes on. Nothing outside of them is changed.

use std::ffi::CString;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::actor::{self, Facts, Role};
use super::rtnl;
use super::sys;

/// Where the scene's own file system may be mounted: the first that exists.
const PLACES: [&str; 4] = ["/srv", "/mnt", "/media", "/opt"];

/// The sizes of the socket tables of the scene's network namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tables {
    /// Those of the machine.
    Machine,
    /// Own ones of this many buckets, so that walking them costs what the scene is worth.
    Own(u32),
}

/// A stage that is set.
pub(crate) struct Stage {
    /// What is known about the scene so far.
    pub(crate) facts: Facts,
    /// The directory that belongs to the scene.
    pub(crate) directory: PathBuf,
    /// What decays within a minute is made anew by these.
    pub(crate) renewals: Vec<fn() -> io::Result<()>>,
}

/// Enters new user (unless root), network, mount, IPC and UTS namespaces.
///
/// # Errors
/// When the machine does not allow one of the namespaces.
pub(crate) fn leave_the_machine(tables: Tables) -> io::Result<()> {
    let (uid, gid) = (sys::effective_user(), sys::effective_group());
    if uid != 0 {
        sys::unshare(libc::CLONE_NEWUSER)?;
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("0 {uid} 1"))?;
        fs::write("/proc/self/gid_map", format!("0 {gid} 1"))?;
    }
    sys::unshare(libc::CLONE_NEWNET | libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS)?;
    if let Tables::Own(buckets) = tables {
        // The size is read from the namespace in which a new one is made, so it takes two steps.
        let set = |name: &str, value: u32| {
            fs::write(format!("/proc/sys/net/ipv4/{name}"), value.to_string())
        };
        let size = buckets.next_power_of_two();
        if set("tcp_child_ehash_entries", size).is_ok() {
            // Tables of this kind are newer than those of TCP.
            let _ = set("udp_child_hash_entries", size.clamp(256, 1 << 16));
            sys::unshare(libc::CLONE_NEWNET)?;
        }
    }
    Ok(())
}

impl Stage {
    /// Furnishes the namespaces. To be called by the first process of the PID namespace.
    ///
    /// # Errors
    /// When a mount is refused.
    pub(crate) fn set() -> io::Result<Self> {
        let named = |what: &str| {
            let what = what.to_owned();
            move |error: io::Error| io::Error::other(format!("{what}: {error}"))
        };
        mount("", "/", "", libc::MS_REC | libc::MS_PRIVATE, "").map_err(named("private mounts"))?;
        let locked = libc::MS_NOSUID | libc::MS_NODEV;
        mount("proc", "/proc", "proc", locked | libc::MS_NOEXEC, "").map_err(named("/proc"))?;
        let place = PLACES
            .into_iter()
            .find(|place| Path::new(place).is_dir())
            .ok_or_else(|| io::Error::other("no directory to mount on"))?;
        mount("scene", place, "tmpfs", locked, "mode=755").map_err(named(place))?;
        mount("run", "/run", "tmpfs", locked, "mode=755").map_err(named("/run"))?;
        for (target, kind, data) in [
            ("/dev/shm", "tmpfs", "mode=1777"),
            ("/dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=620"),
        ] {
            if Path::new(target).is_dir() {
                mount(kind, target, kind, libc::MS_NOSUID | libc::MS_NOEXEC, data)
                    .map_err(named(target))?;
            }
        }
        let directory = Path::new(place).join("scene");
        fs::create_dir(&directory)?;
        open_to_all(&directory)?;
        let mut facts = Facts::default();
        facts.tell("DIR", directory.as_os_str());
        let mut stage = Self {
            facts,
            directory,
            renewals: Vec::new(),
        };
        stage.write_databases(place).map_err(named("/etc"))?;
        sys::set_host_name("scene").map_err(named("host name"))?;
        stage.prepare_network().map_err(named("network"))?;
        Ok(stage)
    }

    /// Private copies of the files that turn names into numbers, so that no answer depends on the
    /// machine and none waits for a server.
    fn write_databases(&mut self, place: &str) -> io::Result<()> {
        let room = Path::new(place).join("etc");
        fs::create_dir(&room)?;
        let files: [(&str, &str, bool); 7] = [
            ("hosts", HOSTS, false),
            ("networks", NETWORKS, false),
            ("services", SERVICES, true),
            ("protocols", PROTOCOLS, true),
            ("passwd", PASSWD, true),
            ("nsswitch.conf", SWITCH, false),
            ("resolv.conf", "", false),
        ];
        if files
            .iter()
            .any(|(name, ..)| !Path::new("/etc").join(name).is_file())
        {
            // A file that is not there cannot be covered: cover the directory instead.
            let (upper, work) = (room.join("upper"), room.join("work"));
            fs::create_dir(&upper)?;
            fs::create_dir(&work)?;
            let data = format!(
                "lowerdir=/etc,upperdir={},workdir={}",
                upper.display(),
                work.display()
            );
            mount("etc", "/etc", "overlay", 0, &data)?;
            for (name, ..) in files {
                let path = Path::new("/etc").join(name);
                if !path.is_file() {
                    // A dangling link to what is under /run goes with it.
                    let _ = fs::remove_file(&path);
                    fs::write(&path, "")?;
                }
            }
        }
        for (name, text, keeps) in files {
            let target = Path::new("/etc").join(name);
            let mut content = if keeps {
                fs::read(&target)?
            } else {
                Vec::new()
            };
            content.extend_from_slice(text.as_bytes());
            let copy = room.join(name);
            fs::File::create(&copy)?.write_all(&content)?;
            bind(&copy, &target)?;
        }
        Ok(())
    }

    fn prepare_network(&mut self) -> io::Result<()> {
        for (name, value) in SETTINGS {
            // Each of these exists only with the part of the kernel that reads it.
            let _ = fs::write(format!("/proc/sys/net/{name}"), value);
        }
        let mut net = rtnl::Net::open()?;
        net.up("lo")?;
        Ok(())
    }

    /// Starts an actor. Its failure is the scene's.
    ///
    /// # Errors
    /// When it cannot be started or could not open something indispensable.
    pub(crate) fn start(&mut self, role: &Role) -> io::Result<i32> {
        actor::start(role, &mut self.facts)
    }

    /// Does something that a kernel may refuse. A refusal is told, and the scene goes on without.
    pub(crate) fn attempt(&mut self, what: &str, act: impl FnOnce(&mut Self) -> io::Result<()>) {
        if let Err(error) = act(self) {
            self.facts
                .missing
                .push((what.to_owned(), error.to_string()));
        }
    }
}

/// Lets every user make files there.
pub(crate) fn open_to_all(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777))
}

/// Mounts a file system.
pub(crate) fn mount(
    source: &str,
    target: &str,
    kind: &str,
    flags: libc::c_ulong,
    data: &str,
) -> io::Result<()> {
    sys::mount(
        &CString::new(source)?,
        &CString::new(target)?,
        &CString::new(kind)?,
        flags,
        &CString::new(data)?,
    )
}

/// Shows `source` at `target` as well.
pub(crate) fn bind(source: &Path, target: &Path) -> io::Result<()> {
    sys::mount(
        &CString::new(source.as_os_str().as_bytes())?,
        &CString::new(target.as_os_str().as_bytes())?,
        c"",
        libc::MS_BIND,
        c"",
    )
}

/// Settings of the network namespace, below /proc/sys/net.
const SETTINGS: &[(&str, &str)] = &[
    // Addresses are usable at once.
    ("ipv6/conf/all/accept_dad", "0"),
    ("ipv6/conf/default/accept_dad", "0"),
    // No neighbour is asked for routes.
    ("ipv6/conf/all/accept_ra", "0"),
    ("ipv6/conf/default/accept_ra", "0"),
    ("ipv6/conf/default/router_solicitations", "0"),
    // What a new interface says to its neighbours is said at once, and once: then it counts no more.
    ("ipv6/conf/all/mldv2_unsolicited_report_interval", "1"),
    ("ipv6/conf/default/mldv2_unsolicited_report_interval", "1"),
    ("ipv4/conf/all/igmpv3_unsolicited_report_interval", "1"),
    ("ipv4/conf/default/igmpv3_unsolicited_report_interval", "1"),
    ("ipv4/igmp_qrv", "1"),
    // States that wait for an answer wait for the scene's whole life; without an owner, a quarter
    // of an hour.
    ("ipv4/tcp_syn_retries", "127"),
    ("ipv4/tcp_synack_retries", "255"),
    ("ipv4/tcp_retries2", "255"),
    ("ipv4/tcp_orphan_retries", "16"),
    ("ipv4/tcp_fin_timeout", "3600"),
    ("ipv4/tcp_fastopen", "3"),
    ("ipv4/ping_group_range", "0 0"),
    // Refused where only one group is mapped.
    ("ipv4/ping_group_range", "0 65534"),
    ("ipv4/ip_unprivileged_port_start", "0"),
    ("ipv4/ip_local_port_range", "32768 60999"),
    ("mptcp/enabled", "1"),
];

const HOSTS: &str = "\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost
127.0.0.2\ta-very-long-host-name-that-fills-the-column.example.org a-very
127.0.0.3\tshort
10.9.0.1\there.example.org here
10.9.0.2\tthere.example.org there
10.98.0.1\tgate
fe80::1\tlinked.example.org
2001:db8:1234:5678:9abc:def0:1234:5678\tsix-with-a-very-long-host-name-too.example.org six
2001:db8::1\tplain6
224.0.0.251\tmdns.mcast.net
ff02::fb\tmdns6.mcast.net
";

const NETWORKS: &str = "\
loopback\t127.0.0.0
long-network-name-for-a-column\t10.97.0.0
testnet\t10.98.0.0
";

const SERVICES: &str = "
verylongservicename\t7070/tcp
verylongservicename\t7070/udp
exactly-15-char\t65535/tcp
exactly-15-char\t65535/udp
ephemeral-name\t40001/tcp
";

const PROTOCOLS: &str = "
averylongprotocolname\t253\tAVERYLONGPROTOCOLNAME
";

const PASSWD: &str = "\
averyverylongusername:x:2001:2001::/:/bin/false
nine-char:x:2002:2002::/:/bin/false
";

const SWITCH: &str = "\
passwd: files
group: files
hosts: files
networks: files
services: files
protocols: files
ethers: files
rpc: files
";
