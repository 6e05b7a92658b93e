//! `-D`: the kernel's answers about TCP, written to a file as they came.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt as _;

use applet::{Exit, Streams};
use sockcore::addr::InetFamily;
use sockcore::error::Errno;
use sockcore::query::{InetQuery, Query, QueryFamily};
use sockcore::socket::InetProtocol;
use sockcore::source::SocketSource;

use crate::listing::inet_query;
use crate::resolve::Plan;
use crate::tables::{Family, TableSet};

/// Writes the recording. A table that cannot be had leaves it short, which is no error.
pub(crate) fn write(
    plan: &Plan,
    file: &OsStr,
    sockets: &mut dyn SocketSource,
    streams: &mut Streams<'_>,
) -> Exit {
    if !plan.selection.tables.meets(TableSet::TCP) {
        streams.complain(b"ss: tcpdiag dump requested and no tcp in filter.\n");
        return Exit::SUCCESS;
    }
    if file.as_bytes().starts_with(b"-") {
        copy(plan, sockets, &mut streams.out);
        return Exit::SUCCESS;
    }
    match File::create(file) {
        Ok(file) => {
            let mut file = BufWriter::with_capacity(1 << 16, file);
            copy(plan, sockets, &mut file);
            // As with standard output, a full disk is not told.
            let _ = file.flush();
            Exit::SUCCESS
        }
        Err(error) => {
            let text = format!("fopen dump file: {}\n", Errno::from(&error).text());
            streams.complain(text.as_bytes());
            crate::USAGE_ERROR
        }
    }
}

fn copy(plan: &Plan, sockets: &mut dyn SocketSource, into: &mut dyn Write) {
    let families: &[InetFamily] = match plan.selection.preferred {
        Some(Family::Inet) => &[InetFamily::V4],
        Some(Family::Inet6) => &[InetFamily::V6],
        _ => &[InetFamily::V4, InetFamily::V6],
    };
    let query = inet_query(plan, &plan.selection, InetProtocol::TCP);
    for &family in families {
        let query = Query::netlink(QueryFamily::Inet(InetQuery {
            family,
            ..query.clone()
        }));
        let done = sockets.record(&query, &mut |datagram| {
            let _ = into.write_all(datagram);
        });
        if done.is_err() {
            return;
        }
    }
}
