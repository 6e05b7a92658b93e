//! `-N`: the network namespace that everything behind the option sees.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use applet::{Exit, Streams};
use sockcore::error::Errno;
use sockcore::id::Pid;
use sockcore::netns::{NetworkNamespace, Step, bind_files};

/// Enters a namespace: of a name, else of a process's number, else of a path.
pub(crate) fn enter(name: &OsStr, streams: &mut Streams<'_>) -> Result<(), Exit> {
    let mut fail = |what: &[&[u8]], errno: Errno| {
        let text = [&what.concat(), &b": "[..], errno.text().as_bytes(), b"\n"].concat();
        streams.complain(&text);
        Exit::FAILURE
    };
    let bytes = name.as_bytes();
    let (namespace, is_name) = match NetworkNamespace::named(name) {
        Ok(namespace) => (namespace, true),
        Err(errno) => match otherwise(name) {
            Some(namespace) => (namespace, false),
            None => {
                let what: &[&[u8]] = &[b"Cannot open network namespace \"", bytes, b"\""];
                return Err(fail(what, errno));
            }
        },
    };
    namespace.enter(name).map_err(|(step, errno)| {
        let what: &[&[u8]] = match step {
            Step::Enter => &[b"setting the network namespace \"", bytes, b"\" failed"],
            Step::UnshareMounts => &[b"unshare failed"],
            Step::MakeSlave => &[b"\"mount --make-rslave /\" failed"],
            Step::MountSys => &[b"mount of /sys failed"],
        };
        fail(what, errno)
    })?;
    if is_name {
        bind_files(name, &mut |unbound| {
            let source = unbound.source.as_os_str().as_bytes();
            let target = unbound.target.as_os_str().as_bytes();
            let errno = unbound.errno.text();
            let text = [
                b"Bind ",
                source,
                b" -> ",
                target,
                b" failed: ",
                errno.as_bytes(),
                b"\n",
            ];
            streams.complain(&text.concat());
        });
    }
    Ok(())
}

/// What the original does not know: a process, or the path of a namespace.
fn otherwise(name: &OsStr) -> Option<NetworkNamespace> {
    let bytes = name.as_bytes();
    if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        let pid = std::str::from_utf8(bytes).ok()?.parse().ok()?;
        return NetworkNamespace::of_process(Pid(pid)).ok();
    }
    if bytes.contains(&b'/') {
        return NetworkNamespace::at(Path::new(name)).ok();
    }
    None
}
