//! Random command lines over the whole option table of each tool.
//!
//! Values come from what is in the scene: a fact enters as its place (`{TCP_PORT}`), so that the
//! same seed gives the same command line in another scene of the same name.

mod lsof;
mod netstat;
mod ss;

use std::io;

use crate::case::Case;
use crate::protocol::Facts;
use crate::random::Dice;
use crate::stage::Stage;
use crate::text::{fields, lines};
use crate::tool::Tool;

/// What can be drawn from.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    ports: Vec<String>,
    pids: Vec<String>,
    paths: Vec<String>,
    devices: Vec<String>,
    users: Vec<String>,
    commands: Vec<String>,
}

/// Processes whose names an older lsof misreads: not to be selected by number or name.
const ODD_NAMES: [&str; 6] = [
    "ODD_QUOTES",
    "ODD_NEWLINE",
    "ODD_CLOSE",
    "ODD_OPEN",
    "ODD_END",
    "ODD_STATE",
];

impl Pool {
    /// Sorts the facts of a scene by the words in their names.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let mut pool = Self::default();
        let mut names: Vec<_> = facts.iter().filter_map(|(name, _)| name.to_str()).collect();
        names.sort_unstable();
        for name in names {
            let Some(name) = name.strip_prefix("SCENE_") else {
                continue;
            };
            if ODD_NAMES.iter().any(|odd| name.starts_with(odd)) {
                continue;
            }
            let words: Vec<_> = name.split('_').collect();
            let has = |some: &[&str]| words.iter().any(|word| some.contains(word));
            let list = if has(&["PORT"]) {
                &mut pool.ports
            } else if has(&["PID", "TID", "PGID"]) {
                &mut pool.pids
            } else if has(&["PATH", "FILE", "DIR", "MOUNT"]) {
                &mut pool.paths
            } else if has(&["DEV", "IF", "INTERFACE"]) {
                &mut pool.devices
            } else if has(&["UID", "USER"]) {
                &mut pool.users
            } else if has(&["COMM", "COMMAND"]) {
                &mut pool.commands
            } else {
                continue;
            };
            list.push(format!("{{{name}}}"));
        }
        pool
    }

    /// Adds what can be seen in the scene: ports, names of processes, files.
    ///
    /// # Errors
    /// When the stage is gone.
    pub fn look_around(&mut self, stage: &mut Stage) -> io::Result<()> {
        let tables = stage
            .shell("cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null")?;
        let mut ports: Vec<u16> = lines(&tables).filter_map(local_port).collect();
        ports.sort_unstable();
        ports.dedup();
        // The kernel's own choices are others in each scene.
        ports.retain(|port| *port != 0 && *port < 32_768);
        self.ports.extend(ports.iter().map(u16::to_string));

        let names = stage.shell("cat /proc/[1-9]/comm /proc/[1-9][0-9]/comm 2>/dev/null")?;
        let mut names: Vec<String> = lines(&names)
            .filter_map(|line| std::str::from_utf8(line).ok())
            .map(|line| line.trim_end_matches('\n').to_owned())
            .filter(|name| !name.is_empty() && !name.contains(['(', ')']))
            .collect();
        names.sort();
        names.dedup();
        self.commands.extend(names);

        let files = stage.shell("find /srv/scene /run -maxdepth 2 -print0 2>/dev/null")?;
        let mut files: Vec<String> = files
            .split(|&byte| byte == 0)
            .filter_map(|path| std::str::from_utf8(path).ok())
            .filter(|path| !path.is_empty() && path.len() < 200 && !path.contains('{'))
            .map(str::to_owned)
            .collect();
        files.sort();
        self.paths.extend(files);
        Ok(())
    }

    fn drawn(dice: &mut Dice, list: &[String], else_one_of: &[&str]) -> String {
        if list.is_empty() || dice.chance(25) {
            dice.one_of(else_one_of).to_owned()
        } else {
            list[dice.below(list.len())].clone()
        }
    }

    fn port(&self, dice: &mut Dice) -> String {
        Self::drawn(
            dice,
            &self.ports,
            &[
                "22", "80", "443", "8080", "53", "123", "1", "0", "65535", "5353", "7777", "9000",
            ],
        )
    }

    fn pid(&self, dice: &mut Dice) -> String {
        Self::drawn(dice, &self.pids, &["1", "2", "3", "99999999", "0"])
    }

    fn path(&self, dice: &mut Dice) -> String {
        Self::drawn(
            dice,
            &self.paths,
            &[
                "/",
                "/dev/null",
                "/nosuch",
                "/proc",
                "/tmp",
                "/etc/passwd",
                ".",
                "/usr/bin",
                "",
            ],
        )
    }

    fn device(&self, dice: &mut Dice) -> String {
        Self::drawn(
            dice,
            &self.devices,
            &["lo", "eth0", "nosuch", "1", "2", "0", "if1", "dummy0"],
        )
    }

    fn user(&self, dice: &mut Dice) -> String {
        Self::drawn(
            dice,
            &self.users,
            &["root", "0", "nobody", "65534", "daemon", "nosuch", "1"],
        )
    }

    fn command(&self, dice: &mut Dice) -> String {
        Self::drawn(
            dice,
            &self.commands,
            &["scene", "sc", "s", "lsof", "x", "bash", "sh"],
        )
    }
}

/// The port of the local address in a line of `/proc/net/tcp` and its like.
fn local_port(line: &[u8]) -> Option<u16> {
    let address = std::str::from_utf8(fields(line).nth(1)?).ok()?;
    u16::from_str_radix(address.split_once(':')?.1, 16).ok()
}

/// The command line of one number, by the seed.
#[must_use]
pub fn case(tool: Tool, seed: u64, number: u64, pool: &Pool) -> Case {
    let salt = match tool {
        Tool::Netstat => 1,
        Tool::Ss => 2,
        Tool::Lsof => 3,
    };
    let mut dice = Dice::new(seed.wrapping_mul(4).wrapping_add(salt), number);
    let mut case = match tool {
        Tool::Ss => ss::case(&mut dice, pool),
        Tool::Netstat => netstat::case(&mut dice, pool),
        Tool::Lsof => lsof::case(&mut dice, pool),
    };
    if dice.chance(25) {
        case = case.as_user();
    }
    if dice.chance(4) {
        let name = dice.one_of(&["/usr/bin/", "./", "/", "x y/", "../é/"]);
        case.argv0 = format!("{name}{tool}").into();
    }
    case
}

/// One option of a `getopt_long` table.
struct Spelling {
    short: Option<char>,
    long: &'static str,
}

const fn option(short: char, long: &'static str) -> Spelling {
    Spelling {
        short: Some(short),
        long,
    }
}

const fn only_long(long: &'static str) -> Spelling {
    Spelling { short: None, long }
}

const fn only_short(short: char) -> Spelling {
    Spelling {
        short: Some(short),
        long: "",
    }
}

/// The words of one option in one of its spellings: short, long, or abbreviated.
fn spell(dice: &mut Dice, option: &Spelling, value: Option<&str>) -> Vec<String> {
    let long = !option.long.is_empty() && (option.short.is_none() || dice.chance(25));
    if !long {
        let letter = option.short.unwrap_or('-');
        return match value {
            None => vec![format!("-{letter}")],
            Some(value) if dice.chance(40) && !value.is_empty() => {
                vec![format!("-{letter}{value}")]
            }
            Some(value) => vec![format!("-{letter}"), value.to_owned()],
        };
    }
    let name = if dice.chance(30) {
        // Short enough to be ambiguous now and then.
        &option.long[..1 + dice.below(option.long.len())]
    } else {
        option.long
    };
    match value {
        None => vec![format!("--{name}")],
        Some(value) if dice.chance(50) => vec![format!("--{name}={value}")],
        Some(value) => vec![format!("--{name}"), value.to_owned()],
    }
}

/// Joins neighbouring clusters of short options now and then (`-t -n` becomes `-tn`).
fn join_clusters(dice: &mut Dice, words: Vec<String>) -> Vec<String> {
    let cluster = |word: &str| {
        word.len() > 1
            && word.starts_with('-')
            && word[1..].bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut() {
            Some(last) if cluster(last) && cluster(&word) && dice.chance(60) => {
                last.push_str(&word[1..]);
            }
            _ => joined.push(word),
        }
    }
    joined
}
