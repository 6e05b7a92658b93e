//! The least kernel work from which a listing's rows could be printed the straightforward way:
//! receives and walks, formats nothing. `floor PART...` does each part once.
//!
//! Parts: `tcp` (two dumps without details), `tcp-info` (with those of `ss -i`), `listen`,
//! `udp`, `unix`, `links` (readlink of every descriptor of every process), `stats` (readlink and
//! stat), `start` (nothing).

#![allow(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a developer's program: argv in, exit status out"
)]

use std::os::fd::AsFd as _;
use std::process::ExitCode;

use sockcore::addr::InetFamily;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::process::{LinkBuffer, ProcessDir, open_root, pids};
use sockcore::query::{InetDetails, InetQuery, Query, QueryFamily, UnixQuery, UnixShow};
use sockcore::socket::{InetProtocol, SocketState, StateSet};
use sockcore::source::{Live, SocketSource as _};

fn main() -> ExitCode {
    let mut bytes = 0usize;
    for part in std::env::args().skip(1) {
        match part.as_str() {
            "start" => {}
            "tcp" => inet(
                InetProtocol::TCP,
                StateSet::LISTED,
                InetDetails::default(),
                &mut bytes,
            ),
            "tcp-info" => inet(
                InetProtocol::TCP,
                StateSet::LISTED,
                InetDetails::INTERNALS,
                &mut bytes,
            ),
            "listen" => {
                let states = StateSet::of(SocketState::LISTEN);
                inet(
                    InetProtocol::TCP,
                    states,
                    InetDetails::default(),
                    &mut bytes,
                );
            }
            "udp" => inet(
                InetProtocol::UDP,
                StateSet::LISTED,
                InetDetails::default(),
                &mut bytes,
            ),
            "unix" => dump(
                QueryFamily::Unix(UnixQuery {
                    states: StateSet::LISTED,
                    show: UnixShow::NAME.with(UnixShow::PEER).with(UnixShow::QUEUES),
                }),
                &mut bytes,
            ),
            "links" => descriptors(false, &mut bytes),
            "stats" => descriptors(true, &mut bytes),
            unknown => {
                eprintln!("floor: unknown part {unknown}");
                return ExitCode::from(2);
            }
        }
    }
    std::hint::black_box(bytes);
    ExitCode::SUCCESS
}

fn inet(protocol: InetProtocol, states: StateSet, details: InetDetails, bytes: &mut usize) {
    for family in [InetFamily::V4, InetFamily::V6] {
        let query = InetQuery {
            details,
            ..InetQuery::new(family, protocol, states)
        };
        dump(QueryFamily::Inet(query), bytes);
    }
}

fn dump(family: QueryFamily, bytes: &mut usize) {
    let mut source = Live::new(ProcRoot::live());
    let recorded = source.record(&Query::netlink(family), &mut |datagram| {
        *bytes += datagram.len()
    });
    if let Err(error) = recorded {
        eprintln!("floor: {error}");
    }
}

fn descriptors(stat: bool, bytes: &mut usize) {
    let Ok(root) = open_root(&ProcRoot::live()) else {
        return;
    };
    let mut buffer = LinkBuffer::new();
    for pid in pids(root.as_fd()).unwrap_or_default() {
        let Ok(process) = ProcessDir::open(root.as_fd(), pid) else {
            continue;
        };
        let Ok(files) = process.files() else { continue };
        let walked = files.for_each(&mut |fd| {
            *bytes += files.link(fd, &mut buffer).map_or(0, <[u8]>::len);
            if stat {
                *bytes += usize::from(files.stat(fd).is_ok());
            }
        });
        *bytes += usize::from(walked.is_ok());
    }
}
