//! Decides which links `--install` makes, and never replaces what is not such a link already.

use std::io;
use std::path::Path;

use applet::{Applet, Exit, Streams};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hard,
    Symbolic,
}

/// Links each tool's first name in `directory` to the running binary. A link that fails is told
/// on standard error and does not keep the others from being made.
pub(crate) fn install(
    applets: &[Applet],
    directory: &Path,
    kind: Kind,
    streams: &mut Streams<'_>,
) -> Exit {
    let binary = match std::env::current_exe() {
        Ok(binary) => binary,
        Err(error) => return failed(Path::new("/proc/self/exe"), &error, streams),
    };
    let mut exit = Exit::SUCCESS;
    for name in applets.iter().filter_map(|applet| applet.names.first()) {
        let link = directory.join(name);
        if let Err(error) = make(&binary, &link, kind) {
            exit = failed(&link, &error, streams);
        }
    }
    exit
}

fn make(binary: &Path, link: &Path, kind: Kind) -> io::Result<()> {
    let made = match kind {
        Kind::Hard => std::fs::hard_link(binary, link),
        Kind::Symbolic => std::os::unix::fs::symlink(binary, link),
    };
    match made {
        Err(error)
            if error.kind() == io::ErrorKind::AlreadyExists && is_such(binary, link, kind) =>
        {
            Ok(())
        }
        made => made,
    }
}

/// Whether the link that is to be made stands there already.
fn is_such(binary: &Path, link: &Path, kind: Kind) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match kind {
        Kind::Symbolic => std::fs::read_link(link).is_ok_and(|target| target == binary),
        Kind::Hard => match (std::fs::symlink_metadata(link), std::fs::metadata(binary)) {
            (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
            _ => false,
        },
    }
}

fn failed(path: &Path, error: &io::Error, streams: &mut Streams<'_>) -> Exit {
    let mut text = b"sockbox: ".to_vec();
    text.extend_from_slice(path.as_os_str().as_encoded_bytes());
    text.extend_from_slice(format!(": {error}\n").as_bytes());
    streams.complain(&text);
    Exit::FAILURE
}
