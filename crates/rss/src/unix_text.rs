//! The unix table as text: sorted in batches, and read as formatted input is read, so that the
//! rest of a line which a name broke makes a row as well.

use sockcore::id::{Cookie, Inode};
use sockcore::procfs::lines::Fields;
use sockcore::socket::unix::UnixText;
use sockcore::socket::{Socket, SocketState, UnixSocket};

use crate::listing::Listing;
use crate::text_tables::open;

/// So many sockets are remembered, sorted and written at a time.
const BATCH: usize = 1660;
/// The flag of a listener.
const LISTENING: u64 = 0x1_0000;
/// Datagram sockets.
const DATAGRAM: u16 = 2;

/// Rows show nothing of it; that it is there tells a filter where the socket comes from.
const TEXT: UnixText<'static> = UnixText {
    pointer: b"",
    references: 0,
    protocol: 0,
    flags: 0,
    state: 0,
};

/// One line, as far as it could be read.
#[derive(Default)]
struct Entry {
    kind: u16,
    state: u8,
    inode: u32,
    name: Vec<u8>,
}

impl Entry {
    /// Columns are filled up to the first that does not fit; the flags are then those of the
    /// line before.
    fn read(line: &[u8], flags: &mut u64) -> Self {
        let mut entry = Self::default();
        let (mut pointer, mut state) = (0, 0);
        let mut fields = Fields(line);
        let mut columns = || {
            pointer = fields.hex()?;
            fields.eat(b':').then_some(())?;
            fields.hex()?;
            fields.hex()?;
            *flags = fields.hex()?;
            entry.kind = u16::try_from(fields.hex()?).unwrap_or(u16::MAX);
            state = fields.hex()?;
            entry.inode = fields.decimal()? as u32;
            entry.name = fields.word()?.to_vec();
            Some(())
        };
        let _whole: Option<()> = columns();
        let state = match state {
            _ if *flags & LISTENING != 0 => SocketState::LISTEN,
            // A datagram socket that the kernel has a place for counts as connected.
            1 if entry.kind == DATAGRAM && pointer != 0 => SocketState::ESTABLISHED,
            1 => SocketState::CLOSE,
            2 => SocketState::SYN_SENT,
            3 => SocketState::ESTABLISHED,
            4 => SocketState::CLOSING,
            _ => SocketState(0),
        };
        entry.state = state.0;
        entry
    }
}

/// Lists the table.
pub(crate) fn list(listing: &mut Listing<'_, '_, '_>) {
    let Some(mut lines) = open(listing, "net/unix") else {
        return;
    };
    let mut batch = Vec::new();
    let mut flags = 0;
    while let Ok(Some(line)) = lines.next_line() {
        let entry = Entry::read(line, &mut flags);
        if !listing.selection.states.contains(SocketState(entry.state)) {
            continue;
        }
        batch.push(entry);
        if batch.len() == BATCH {
            write(listing, &mut batch);
        }
    }
    write(listing, &mut batch);
}

fn write(listing: &mut Listing<'_, '_, '_>, batch: &mut Vec<Entry>) {
    batch.sort_by_key(|entry| (entry.kind, entry.inode));
    for entry in batch.drain(..) {
        let socket = UnixSocket {
            kind: entry.kind,
            state: SocketState(entry.state),
            inode: Inode(entry.inode.into()),
            cookie: Cookie(0),
            name: (!entry.name.is_empty()).then_some(&*entry.name),
            file: None,
            peer: None,
            pending: None,
            queues: None,
            memory: None,
            shutdown: None,
            uid: None,
            text: Some(TEXT),
        };
        let _ = listing.offer(&Socket::Unix(socket));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_up_to_the_first_column_that_does_not_fit() {
        let mut flags = 0;
        let mut read = |line: &[u8]| Entry::read(line, &mut flags);
        let whole = read(b"ffff888: 00000002 00000000 00010000 0001 01 4711 /run/a b");
        assert_eq!((whole.kind, whole.state, whole.inode), (1, 10, 4711));
        assert_eq!(whole.name, b"/run/a");
        let broken = read(b"rest of a listener's name");
        assert_eq!((broken.kind, broken.state, broken.inode), (0, 10, 0));
        let half = read(b"0: 2 0 0 5 4 x");
        assert_eq!((half.kind, half.state, half.inode), (5, 11, 0));
        let datagram = read(b"1: 2 0 0 2 1 5");
        assert_eq!((datagram.kind, datagram.state, datagram.inode), (2, 1, 5));
        let nowhere = read(b"0: 2 0 0 2 1 4294967301");
        assert_eq!((nowhere.kind, nowhere.state, nowhere.inode), (2, 7, 5));
    }
}
