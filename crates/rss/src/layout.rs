//! Decides where the text of each cell stands on the screen.
//!
//! Rows are collected in blocks of a little over 4 MiB, as the original's memory counts them; a
//! block is printed when it is complete, with columns as wide as the longest cell so far. The
//! accounting is visible: it says at which row of a long listing the widths change.

mod widths;

use applet::Sink;

/// The columns, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Netid,
    State,
    RecvQueue,
    SendQueue,
    Local,
    LocalPort,
    Peer,
    PeerPort,
    Process,
    /// Whatever else is told of the socket. Has no heading.
    Details,
}

const COUNT: usize = 10;
const DETAILS: usize = Column::Details as usize;

struct ColumnRow {
    heading: &'static [u8],
    /// Cells end at the column's right edge.
    right: bool,
    /// What stands before a cell that is not the first of its line.
    before: &'static [u8],
    /// Cells are at least this long; blanks that fill them up count as text.
    least: usize,
}

static COLUMNS: [ColumnRow; COUNT] = [
    column(b"Netid", false, b"", 0),
    column(b"State", false, b" ", 0),
    column(b"Recv-Q", false, b" ", 6),
    column(b"Send-Q", false, b" ", 6),
    column(b"Local Address:", true, b" ", 0),
    column(b"Port", false, b"", 0),
    column(b"Peer Address:", true, b" ", 0),
    column(b"Port", false, b"", 0),
    column(b"Process", false, b"", 0),
    column(b"", false, b"", 0),
];

const fn column(
    heading: &'static [u8],
    right: bool,
    before: &'static [u8],
    least: usize,
) -> ColumnRow {
    ColumnRow {
        heading,
        right,
        before,
        least,
    }
}

/// The longest cell that is kept; the rest of a longer one is lost.
const CELL_MAX: usize = 65535;
/// A length of so much in a cell's one length byte says that two more bytes hold it.
const LONG: u8 = u8::MAX;

/// The cells of a block, one behind the other: each of an enabled column is its length and its
/// text, whose filling blanks are left out.
///
/// Rows are written column by column: [`Self::begin_row`], then [`Self::cell`] in ascending order.
pub(crate) struct Layout {
    cells: Vec<u8>,
    /// Where the text of the open cell starts.
    start: usize,
    /// The column of the open cell; `COUNT` before the first row.
    open: usize,
    enabled: [bool; COUNT],
    /// The longest finished cell of each column in this listing.
    longest: [usize; COUNT],
    booked: Booked,
    /// The screen's width; `None`: rows are as narrow as they come.
    screen: Option<usize>,
}

impl Layout {
    pub(crate) fn new(disabled: &[Column], screen: Option<usize>) -> Self {
        let mut enabled = [true; COUNT];
        for &column in disabled {
            enabled[column as usize] = false;
        }
        Self {
            cells: Vec::new(),
            start: 0,
            open: COUNT,
            enabled,
            longest: [0; COUNT],
            booked: Booked::new(),
            screen,
        }
    }

    /// Whether what is written into a column will be seen.
    pub(crate) fn shows(&self, column: Column) -> bool {
        self.enabled[column as usize]
    }

    /// Writes the headings as a row.
    pub(crate) fn headings(&mut self, out: &mut Sink<'_>) {
        self.begin_row(out);
        for (index, column) in COLUMNS.iter().enumerate() {
            self.advance(index).extend_from_slice(column.heading);
        }
    }

    /// Begins the next row; prints the block if the row before was its last.
    pub(crate) fn begin_row(&mut self, out: &mut Sink<'_>) {
        if self.open < COUNT {
            self.end_row(out);
        }
        self.open_cell(0);
    }

    /// Goes on to a column of the row; those between stay empty. The text is appended to what is
    /// returned.
    #[inline]
    pub(crate) fn cell(&mut self, column: Column) -> &mut Vec<u8> {
        self.advance(column as usize)
    }

    #[inline]
    fn advance(&mut self, column: usize) -> &mut Vec<u8> {
        while self.open < column {
            self.close_cell();
            self.open_cell(self.open + 1);
        }
        &mut self.cells
    }

    /// Prints what is held. The cell that is still open does not widen its column.
    pub(crate) fn finish(&mut self, out: &mut Sink<'_>) {
        if self.open == COUNT {
            return;
        }
        self.seal();
        while self.open < DETAILS {
            self.open_cell(self.open + 1);
            self.seal();
        }
        self.print(out);
    }

    fn end_row(&mut self, out: &mut Sink<'_>) {
        self.advance(DETAILS);
        let whole = self.seal();
        self.booked.make_room(whole);
        if self.booked.is_full() {
            self.print(out);
            return;
        }
        self.account(DETAILS, whole);
    }

    #[inline]
    fn open_cell(&mut self, column: usize) {
        self.open = column;
        if self.enabled[column] {
            self.cells.push(0);
        }
        self.start = self.cells.len();
    }

    #[inline]
    fn close_cell(&mut self) {
        let column = self.open;
        let whole = self.seal();
        if self.enabled[column] {
            self.booked.make_room(whole);
            self.account(column, whole);
        }
    }

    #[inline]
    fn account(&mut self, column: usize, whole: usize) {
        let length = whole.min(CELL_MAX);
        self.booked.add(length);
        self.longest[column] = self.longest[column].max(length);
    }

    /// Notes the length of the open cell before its text; gives the length it has by the
    /// column's rules, uncut.
    #[inline]
    fn seal(&mut self) -> usize {
        if !self.enabled[self.open] {
            self.cells.truncate(self.start);
            return 0;
        }
        let length = self.cells.len() - self.start;
        match u8::try_from(length) {
            Ok(short) if short < LONG => self.cells[self.start - 1] = short,
            _ => self.seal_long(),
        }
        length.max(match length {
            // A cell that was never reached is not filled up.
            0 => 0,
            _ => COLUMNS[self.open].least,
        })
    }

    #[cold]
    fn seal_long(&mut self) {
        self.cells.truncate(self.start + CELL_MAX);
        let length = self.cells.len() - self.start;
        let [low, high] = u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes();
        self.cells[self.start - 1] = LONG;
        self.cells.extend_from_slice(&[0, 0]);
        self.cells
            .copy_within(self.start..self.start + length, self.start + 2);
        self.cells[self.start] = low;
        self.cells[self.start + 1] = high;
    }

    /// Prints the rows of the block and begins an empty one.
    fn print(&mut self, out: &mut Sink<'_>) {
        let shape = Shape::new(&self.enabled, &self.longest, self.screen);
        let mut rest: &[u8] = &self.cells;
        while !rest.is_empty() {
            rest = shape.print_row(rest, out.buffer());
            out.settle();
        }
        self.cells.clear();
        self.open = COUNT;
        self.booked = Booked::new();
    }
}

/// Splits one cell off the front.
#[inline]
fn split_cell(cells: &[u8]) -> (&[u8], &[u8]) {
    let (length, rest) = match cells {
        [LONG, low, high, rest @ ..] => (usize::from(u16::from_le_bytes([*low, *high])), rest),
        [length, rest @ ..] => (usize::from(*length), rest),
        [] => (0, cells),
    };
    rest.split_at_checked(length).unwrap_or((rest, &[]))
}

/// How much the original's memory of a block holds: chunks of a fixed size, in which each cell is
/// two bytes of length and its text, rounded up to an even size.
struct Booked {
    chunks: u32,
    used: usize,
}

/// What a chunk holds: 1 MiB without its own header.
const CHUNK: usize = (1 << 20) - 16;
/// A block ends with the row in which this many chunks are in use.
const CHUNKS: u32 = 5;
/// The bytes of a cell's length.
const LENGTH: usize = 2;

impl Booked {
    fn new() -> Self {
        Self { chunks: 1, used: 0 }
    }

    /// A text that would fill the chunk to its end begins a new one.
    #[inline]
    fn make_room(&mut self, length: usize) {
        if self.used > 0 && length > 0 && length >= CHUNK - self.used - LENGTH {
            self.next_chunk();
        }
    }

    #[inline]
    fn add(&mut self, length: usize) {
        self.used += (LENGTH + length).next_multiple_of(2);
        if CHUNK - self.used < LENGTH {
            self.next_chunk();
        }
    }

    fn next_chunk(&mut self) {
        self.chunks += 1;
        self.used = 0;
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.chunks >= CHUNKS
    }
}

/// The widths of one block, ready for printing rows.
struct Shape {
    widths: [usize; COUNT],
    enabled: [bool; COUNT],
    /// The first column that has any text.
    first: usize,
    /// The column that is not filled up to its width: the last one before the details, when there
    /// is no screen.
    ragged: usize,
    /// Where the texts of the columns stand that are always filled up.
    places: [Place; COUNT],
    /// The width of these columns together.
    filled: usize,
}

/// Where a column's text stands in a row.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Whether the column and all before it are filled up; else the rest means nothing.
    is_filled: bool,
    at: usize,
    width: usize,
}

impl Shape {
    fn new(enabled: &[bool; COUNT], longest: &[usize; COUNT], screen: Option<usize>) -> Self {
        let first = longest.iter().position(|&longest| longest > 0);
        let mut widths = [0; COUNT];
        for (column, width) in widths.iter_mut().enumerate() {
            if longest[column] > 0 {
                *width = longest[column];
                if first != Some(column) {
                    *width += COLUMNS[column].before.len();
                }
            }
        }
        let mut ragged = COUNT;
        match screen {
            Some(screen) => widths::spread(&mut widths, screen),
            None => {
                ragged = (0..DETAILS)
                    .rfind(|&column| enabled[column])
                    .unwrap_or(COUNT)
            }
        }
        let mut shape = Self {
            widths,
            enabled: *enabled,
            first: first.unwrap_or(COUNT),
            ragged,
            places: [Place::default(); COUNT],
            filled: 0,
        };
        shape.find_places();
        shape
    }

    fn find_places(&mut self) {
        for (index, column) in COLUMNS.iter().enumerate().take(DETAILS) {
            if !self.enabled[index] || index < self.first {
                continue;
            }
            let before = match index > self.first {
                true => column.before,
                false => b"",
            };
            let width = self.widths[index].saturating_sub(before.len());
            let blank = before.iter().all(|&byte| byte == b' ');
            if index == self.ragged || !blank || width < column.least {
                return;
            }
            self.places[index] = Place {
                is_filled: true,
                at: self.filled + before.len(),
                width,
            };
            self.filled += before.len() + width;
        }
    }

    /// Prints the row in front of `cells`; gives what follows it.
    fn print_row<'c>(&self, cells: &'c [u8], out: &mut Vec<u8>) -> &'c [u8] {
        let start = out.len();
        out.resize(start + self.filled, b' ');
        let mut rest = cells;
        for (index, column) in COLUMNS.iter().enumerate() {
            if !self.enabled[index] {
                continue;
            }
            let (text, next) = split_cell(rest);
            rest = next;
            if index < self.first {
                continue;
            }
            let place = &self.places[index];
            if place.is_filled && text.len() <= place.width {
                let mut at = start + place.at;
                if column.right {
                    at += place.width - text.len();
                }
                out[at..at + text.len()].copy_from_slice(text);
            } else if place.is_filled {
                // Wider than its column: only the cell that ended the block can be.
                out.truncate(start);
                return self.print_ragged_row(cells, out);
            } else {
                self.print_cell(index, text, out);
            }
        }
        out.push(b'\n');
        rest
    }

    /// The same, cell by cell.
    #[cold]
    fn print_ragged_row<'c>(&self, mut cells: &'c [u8], out: &mut Vec<u8>) -> &'c [u8] {
        for index in 0..COUNT {
            if !self.enabled[index] {
                continue;
            }
            let (text, rest) = split_cell(cells);
            cells = rest;
            if index >= self.first {
                self.print_cell(index, text, out);
            }
        }
        out.push(b'\n');
        cells
    }

    fn print_cell(&self, index: usize, text: &[u8], out: &mut Vec<u8>) {
        let column = &COLUMNS[index];
        let mut width = self.widths[index];
        if index > self.first {
            out.extend_from_slice(column.before);
            width = width.saturating_sub(column.before.len());
        }
        let blanks = width.saturating_sub(text.len());
        if column.right {
            push_blanks(out, blanks);
            out.extend_from_slice(text);
        } else {
            out.extend_from_slice(text);
            if index != self.ragged {
                let filling = match text.len() {
                    0 => 0,
                    length => column.least.saturating_sub(length),
                };
                push_blanks(out, blanks.max(filling));
            }
        }
    }
}

#[inline]
fn push_blanks(out: &mut Vec<u8>, count: usize) {
    static BLANKS: [u8; 64] = [b' '; 64];
    match BLANKS.get(..count) {
        Some(blanks) => out.extend_from_slice(blanks),
        None => out.resize(out.len() + count, b' '),
    }
}
