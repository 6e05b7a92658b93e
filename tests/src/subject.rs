//! Decides which file is executed when a tool is run as the original or as ours.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::tool::Tool;

/// Which originals ours is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// Those of Debian 13.
    Trixie,
    /// Those of Debian's unstable suite: the newest.
    Sid,
    /// Those of this machine.
    Installed,
}

impl Suite {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Trixie, Self::Sid, Self::Installed];

    /// Its word on a command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trixie => "trixie",
            Self::Sid => "sid",
            Self::Installed => "installed",
        }
    }

    /// The suite of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }

    /// The suite whose original ours follows: the newest one that a distribution builds.
    #[must_use]
    pub fn preferred(tool: Tool) -> Self {
        match tool {
            Tool::Ss => Self::Sid,
            Tool::Netstat | Tool::Lsof => Self::Trixie,
        }
    }
}

/// What is executed.
#[derive(Clone, Debug)]
pub struct Subject {
    /// For reports: `sid`, `ours`, `ours through sockbox`.
    pub label: String,
    tool: Tool,
    program: PathBuf,
    /// Words before the tool's own when a loader runs it: everything but `--argv0`.
    loader: Option<LoaderWords>,
    /// Whether it is a binary of many tools that goes by the name it is called.
    through_name: bool,
}

#[derive(Clone, Debug)]
struct LoaderWords {
    libraries: OsString,
    program: PathBuf,
}

impl Subject {
    /// The original of a suite, if it is there.
    ///
    /// # Errors
    /// In words, what is missing.
    pub fn original(tool: Tool, suite: Suite) -> Result<Self, String> {
        let label = suite.name().to_owned();
        if suite == Suite::Installed {
            let program = in_path(tool.name())
                .ok_or_else(|| format!("{tool} is not installed on this machine"))?;
            return Ok(Self {
                label,
                tool,
                program,
                loader: None,
                through_name: false,
            });
        }
        let place = workspace().join("target/oracle").join(suite.name());
        let libraries = fs::read_to_string(place.join("libraries")).map_err(|_| {
            format!("the originals of {label} are not here: `cargo xtask oracle` fetches them")
        })?;
        let root = place.join("root");
        let libraries: Vec<_> = libraries
            .trim()
            .split(':')
            .map(|part| root.join(part).into_os_string())
            .collect();
        let loader = LoaderWords {
            libraries: libraries.join(OsStr::new(":")),
            program: root.join("usr/bin").join(tool.name()),
        };
        Ok(Self {
            label,
            tool,
            program: place.join("loader").join(tool.name()),
            loader: Some(loader),
            through_name: false,
        })
    }

    /// Ours as a binary of its own, from the directory that cargo built into.
    #[must_use]
    pub fn own(tool: Tool, built: &Path) -> Self {
        let program = built.join(tool.own_name());
        Self {
            label: format!("ours ({})", tool.own_name()),
            tool,
            program,
            loader: None,
            through_name: false,
        }
    }

    /// Ours through a symbolic link of the tool's name to the multicall binary.
    #[must_use]
    pub fn linked(tool: Tool, links: &Path) -> Self {
        let program = links.join(tool.name());
        Self {
            label: format!("ours (link {tool} to sockbox)"),
            tool,
            program,
            loader: None,
            through_name: true,
        }
    }

    /// The same, started by the loader and with the C library of an original: what the C library
    /// decides, like which names an address has, is then the same on both sides.
    #[must_use]
    pub fn with_library_of(mut self, original: &Self) -> Self {
        if let Some(loader) = &original.loader {
            self.loader = Some(LoaderWords {
                libraries: loader.libraries.clone(),
                program: self.program,
            });
            self.program = original.program.clone();
            self.label.push_str(", the original's C library");
        }
        self
    }

    /// Whether it is an original.
    #[must_use]
    pub fn is_original(&self) -> bool {
        !self.label.starts_with("ours")
    }

    /// Whether it is the tool when it is called by this name: the multicall binary goes by the name
    /// alone.
    #[must_use]
    pub fn answers_to(&self, argv0: &OsStr) -> bool {
        !self.through_name || Path::new(argv0).file_name() == Some(OsStr::new(self.tool.name()))
    }

    /// Which tool it is.
    #[must_use]
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// The file to execute, its argv[0], and its arguments, so that the tool itself sees `argv0`
    /// and `args`.
    #[must_use]
    pub fn command(&self, argv0: &OsStr, args: &[OsString]) -> (PathBuf, OsString, Vec<OsString>) {
        let Some(loader) = &self.loader else {
            return (self.program.clone(), argv0.to_owned(), args.to_vec());
        };
        let mut words: Vec<OsString> = vec![
            "--argv0".into(),
            argv0.to_owned(),
            "--library-path".into(),
            loader.libraries.clone(),
            loader.program.clone().into_os_string(),
        ];
        words.extend_from_slice(args);
        (self.program.clone(), argv0.to_owned(), words)
    }
}

/// Copies the binaries to a directory of their own, where `netstat`, `ss` and `lsof` are links to
/// `sockbox`. Copies, because cargo gives what it builds a second name, and lsof shows how many
/// names its own file has.
///
/// # Errors
/// When the directory cannot be written.
pub fn link_names(built: &Path) -> std::io::Result<PathBuf> {
    /// Tells apart the threads of this process that do the same.
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let links = built.join("conformance-links");
    fs::create_dir_all(&links)?;
    let own_names = Tool::ALL.map(Tool::own_name);
    for name in own_names.into_iter().chain(["sockbox"]) {
        let (binary, copy) = (built.join(name), links.join(name));
        let Ok(made) = fs::metadata(&binary).and_then(|stat| stat.modified()) else {
            continue;
        };
        if fs::metadata(&copy)
            .and_then(|stat| stat.modified())
            .is_ok_and(|copied| copied >= made)
        {
            continue;
        }
        // Another run may make the same copies and links at the same time.
        let fresh = links.join(format!(".{name}.{}.{call}", std::process::id()));
        fs::copy(&binary, &fresh)?;
        fs::rename(&fresh, &copy)?;
    }
    for tool in Tool::ALL {
        let link = links.join(tool.name());
        let fresh = links.join(format!(".{tool}.{}.{call}", std::process::id()));
        let _ = fs::remove_file(&fresh);
        std::os::unix::fs::symlink("sockbox", &fresh)?;
        fs::rename(&fresh, &link)?;
    }
    Ok(links)
}

/// The directory of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// The first executable of this name in the places where the originals are installed.
fn in_path(name: &str) -> Option<PathBuf> {
    ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| path.is_file())
}

/// The version that a subject tells of itself, for reports.
#[must_use]
pub fn version(subject: &Subject) -> String {
    let option = if subject.tool == Tool::Lsof {
        "-v"
    } else {
        "-V"
    };
    let argv0 = OsString::from(subject.tool.name());
    let (program, _, args) = subject.command(&argv0, &[option.into()]);
    let Ok(output) = Command::new(program).args(args).output() else {
        return "does not run".to_owned();
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text
        .lines()
        .find(|line| line.contains("revision:") && !line.contains("latest"));
    line.or_else(|| text.lines().next())
        .unwrap_or_default()
        .trim()
        .to_owned()
}
