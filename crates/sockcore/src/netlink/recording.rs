//! Messages kept in a file: back to back, each filled up to four bytes, as a dump brings them.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::channel::{NLMSG_DONE, NLMSG_ERROR};
use crate::error::{Errno, Error, Operation};
use crate::socket::bytes::u32_at;

/// `sizeof(struct nlmsgerr)`.
const ERROR_BODY: usize = 20;

/// Hands the bodies of the messages to `each`, up to the first `NLMSG_DONE` or until it breaks.
///
/// # Errors
/// See [`crate::source::visit_messages`].
pub(crate) fn read(
    mut file: impl Read,
    each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), Error> {
    let failed = |errno: Errno| Error::new(Operation::Read, "recording", errno);
    let early = || failed(Errno::NODATA);
    let mut header = [0u8; 16];
    let mut body = Vec::new();
    loop {
        file.read_exact(&mut header)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => early(),
                _ => failed(Errno::from(&error)),
            })?;
        let [l0, l1, l2, l3, k0, k1, ..] = header;
        let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
        let kind = u16::from_ne_bytes([k0, k1]);
        if kind == NLMSG_DONE {
            return Ok(());
        }
        let rest = length.saturating_sub(header.len());
        body.clear();
        let read = (&mut file)
            .take(rest.next_multiple_of(4) as u64)
            .read_to_end(&mut body)
            .map_err(|_| early())?;
        if read < rest {
            return Err(early());
        }
        body.truncate(rest);
        if kind == NLMSG_ERROR {
            if body.len() < ERROR_BODY {
                return Err(failed(Errno::BADMSG));
            }
            let code = u32_at(&body, 0).cast_signed();
            let errno = Errno(code.wrapping_neg());
            return Err(Error::new(Operation::Answer, "recording", errno));
        }
        if each(&body).is_break() {
            return Ok(());
        }
    }
}
