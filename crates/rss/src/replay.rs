//! The TCP table out of a recording.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use sockcore::Operation;
use sockcore::addr::InetFamily;
use sockcore::error::Errno;
use sockcore::query::InetQuery;
use sockcore::socket::{InetProtocol, StateSet};
use sockcore::source::visit_messages;

use crate::listing::Listing;

/// Lists what the recording holds, of whatever family and state.
pub(crate) fn list(listing: &mut Listing<'_, '_, '_>, path: &Path) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            let text = Errno::from(&error).text();
            let text = format!("fopen($TCPDIAG_FILE): {text}\n");
            return listing.streams.complain(text.as_bytes());
        }
    };
    let query = InetQuery::new(InetFamily::V4, InetProtocol::TCP, StateSet::ALL);
    let answer = visit_messages(
        BufReader::with_capacity(1 << 16, file),
        &query,
        &mut |socket| listing.offer(socket),
    );
    if let Err(error) = answer {
        let reason = error.errno.text();
        let text = match (error.operation, error.errno) {
            (Operation::Answer, _) => format!("TCPDIAG answered: {reason}\n"),
            (_, Errno::NODATA) => "Unexpected EOF reading $TCPDIAG_FILE".to_owned(),
            (_, Errno::BADMSG) => "ERROR truncated\n".to_owned(),
            _ => format!("Reading header from $TCPDIAG_FILE: {reason}\n"),
        };
        listing.streams.complain(text.as_bytes());
    }
}
