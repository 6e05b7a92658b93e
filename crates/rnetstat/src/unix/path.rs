//! Decides what is shown of a unix socket's path, and which lines of the kernel's text are the
//! rest of one.
//!
//! Control bytes are shown as `?`. A listing that is not wide shows a path up to its first white
//! space, as the original does.

use std::cell::LazyCell;
use std::ops::ControlFlow;

use sockcore::SocketSource;
use sockcore::procfs::formatted::UnixColumns;
use sockcore::procfs::lines::is_space;
use sockcore::query::{Query, QueryFamily, UnixQuery, UnixShow};
use sockcore::socket::{Socket, StateSet, UnixSocket};

/// The names that the kernel's text spreads over several lines. Nearly always none.
#[derive(Debug, Default)]
pub(super) struct NamesWithNewlines(Vec<Name>);

#[derive(Debug)]
struct Name {
    inode: u64,
    /// As the text has it, `@` for NUL.
    text: Vec<u8>,
}

impl NamesWithNewlines {
    /// Asks netlink; where it is not there, no name is known.
    pub(super) fn ask(sockets: &mut dyn SocketSource) -> Self {
        let mut names = Self::default();
        let query = Query::netlink(QueryFamily::Unix(UnixQuery {
            states: StateSet::ALL,
            show: UnixShow::NAME,
        }));
        let answer = sockets.visit(&query, &mut |socket| {
            if let Socket::Unix(socket) = socket {
                names.note(socket);
            }
            ControlFlow::Continue(())
        });
        // Without an answer the text is taken as it is.
        drop(answer);
        names
    }

    fn note(&mut self, socket: &UnixSocket<'_>) {
        let Some(name) = socket.name.filter(|name| name.contains(&b'\n')) else {
            return;
        };
        // A path ends with a NUL that the text does not show.
        let name = match name {
            [0, ..] => name,
            _ => name.strip_suffix(&[0]).unwrap_or(name),
        };
        let text = name.iter().map(|&byte| if byte == 0 { b'@' } else { byte });
        self.0.push(Name {
            inode: socket.inode.0,
            text: text.collect(),
        });
    }

    /// The name of the socket whose row `line` begins. One that waits to be accepted has no
    /// inode but its listener's name.
    fn of(&self, columns: &UnixColumns, line: &[u8]) -> Option<&Name> {
        self.0.iter().find(|name| {
            if columns.inode != 0 {
                return name.inode == columns.inode;
            }
            let first = name.text.split(|&byte| byte == b'\n').next();
            first
                .and_then(|first| line.strip_suffix(first))
                .is_some_and(|head| head.last() == Some(&b' '))
        })
    }
}

/// Shows paths one after the other, line by line.
pub(super) struct Path<'s> {
    wide: bool,
    /// Asked at the first socket with a name: without names no line can be forged, and the answer
    /// costs half as much as the text.
    names: LazyCell<NamesWithNewlines, Box<dyn FnOnce() -> NamesWithNewlines + 's>>,
    /// The lines that belong to the path under way, in reverse.
    to_come: Vec<Vec<u8>>,
    /// The path under way is shown, and its row not yet ended.
    open: bool,
}

impl<'s> Path<'s> {
    pub(super) fn new(wide: bool, ask: impl FnOnce() -> NamesWithNewlines + 's) -> Self {
        Self {
            wide,
            names: LazyCell::new(Box::new(ask)),
            to_come: Vec::new(),
            open: false,
        }
    }

    /// Begins the path of the row in `line`, whose `rest` is a blank and the path; ends the row
    /// unless more of the path is to come.
    pub(super) fn begin(
        &mut self,
        out: &mut Vec<u8>,
        columns: &UnixColumns,
        line: &[u8],
        rest: &[u8],
    ) {
        if self.wide {
            printable(out, rest.strip_prefix(b" ").unwrap_or(rest));
        } else {
            let start = rest.iter().position(|&byte| !is_space(byte));
            let path = rest.get(start.unwrap_or(rest.len())..).unwrap_or_default();
            let end = path.iter().position(|&byte| is_space(byte));
            printable(
                out,
                path.get(..end.unwrap_or(path.len())).unwrap_or_default(),
            );
        }
        self.open = true;
        self.skip(columns, line, rest);
        if self.to_come.is_empty() {
            self.end(out);
        }
    }

    /// Expects the further lines of a path.
    pub(super) fn skip(&mut self, columns: &UnixColumns, line: &[u8], rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        if let Some(name) = self.names.of(columns, line) {
            let segments = name.text.split(|&byte| byte == b'\n').skip(1);
            self.to_come = segments.map(<[u8]>::to_vec).collect();
            self.to_come.reverse();
        }
    }

    /// Whether a line is more of the path under way. If not, that path has ended.
    pub(super) fn goes_on(&mut self, out: &mut Vec<u8>, line: &[u8]) -> bool {
        if self.to_come.pop_if(|segment| segment == line).is_none() {
            self.end(out);
            return false;
        }
        if self.open && self.wide {
            out.push(b'?');
            printable(out, line);
        }
        if self.to_come.is_empty() {
            self.end(out);
        }
        true
    }

    /// Ends the row under way, if there is one.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        self.to_come.clear();
        if std::mem::take(&mut self.open) {
            out.push(b'\n');
        }
    }
}

fn printable(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(text.iter().map(|&byte| match byte {
        0..=0x1f | 0x7f => b'?',
        _ => byte,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the paths of lines as the table does, one path per line.
    fn show(wide: bool, names: &[(u64, &[u8])], lines: &[&[u8]]) -> String {
        let names = names.iter().map(|&(inode, text)| Name {
            inode,
            text: text.to_vec(),
        });
        let names = NamesWithNewlines(names.collect());
        let mut path = Path::new(wide, || names);
        let mut columns = UnixColumns::default();
        let mut out = Vec::new();
        for line in lines {
            if path.goes_on(&mut out, line) {
                continue;
            }
            match columns.read(line) {
                Some(rest) => path.begin(&mut out, &columns, line, rest),
                None => out.extend_from_slice(b"bogus\n"),
            }
        }
        path.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    const FORGED: &[u8] = b"ffff: 00000002 00000000 00010000 0001 01 999 /run/forged";
    const NEXT: &[u8] = b"ffff: 00000002 00000000 00000000 0001 01 5 /run/next";

    #[test]
    fn what_follows_a_newline_makes_no_row() {
        let name = [b"/tmp/a\n", FORGED].concat();
        let first = b"ffff: 00000002 00000000 00000000 0001 01 4 /tmp/a";
        let lines = [&first[..], FORGED, NEXT];
        assert_eq!(show(false, &[(4, &name)], &lines), "/tmp/a\n/run/next\n");
        let whole = format!("/tmp/a?{}\n/run/next\n", String::from_utf8_lossy(FORGED));
        assert_eq!(show(true, &[(4, &name)], &lines), whole);
        // Nobody tells the names: the text is taken as it is.
        assert_eq!(show(false, &[], &lines), "/tmp/a\n/run/forged\n/run/next\n");
    }

    #[test]
    fn a_socket_that_waits_to_be_accepted_has_its_listeners_name() {
        let waiting = b"ffff: 00000002 00000000 00000000 0001 02 0 /tmp/a";
        let lines = [&waiting[..], b"b", NEXT];
        assert_eq!(
            show(true, &[(4, b"/tmp/a\nb")], &lines),
            "/tmp/a?b\n/run/next\n"
        );
        // The same first line without the rest is another name.
        let lines = [&waiting[..], NEXT];
        assert_eq!(
            show(true, &[(4, b"/tmp/a\nb")], &lines),
            "/tmp/a\n/run/next\n"
        );
    }

    #[test]
    fn a_name_may_end_with_a_newline() {
        let first = b"ffff: 00000002 00000000 00000000 0001 01 4 @a";
        let lines = [&first[..], b"", NEXT];
        assert_eq!(show(false, &[(4, b"@a\n")], &lines), "@a\n/run/next\n");
        assert_eq!(show(true, &[(4, b"@a\n")], &lines), "@a?\n/run/next\n");
    }

    #[test]
    fn only_a_wide_listing_shows_what_follows_white_space() {
        let line = b"ffff: 00000002 00000000 00000000 0001 01 4  lead and\ttail\x1b";
        assert_eq!(show(false, &[], &[line]), "lead\n");
        assert_eq!(show(true, &[], &[line]), " lead and?tail?\n");
        let unnamed = b"ffff: 00000002 00000000 00000000 0001 03 4";
        assert_eq!(show(false, &[], &[unnamed]), "\n");
    }
}
