//! Decides what an lsof table looks like without some of its rows: as if they had never been
//! there, so that no column keeps a width that only they needed.

use std::ops::Range;

use crate::text::{contains, fields, lines};

/// Whether a line is the heading of an lsof table.
#[must_use]
pub fn is_heading(line: &[u8]) -> bool {
    line.starts_with(b"COMM") && contains(line, b" PID ") && line.ends_with(b" NAME\n")
}

/// The number of the process that a row of an lsof table is about.
pub fn process(row: &[u8]) -> Option<&[u8]> {
    // Without a command the number is the first word.
    fields(row).nth(usize::from(!row.starts_with(b" ")))
}

/// Blanks the cell under a title in a row whose columns have the width of its heading. Only for
/// columns that are filled from the right.
pub fn blank(heading: &[u8], title: &[u8], row: &mut [u8]) {
    let Some(start) = crate::text::find(heading, title) else {
        return;
    };
    let before = heading.get(..start).unwrap_or_default();
    let from = before.iter().rposition(|&byte| byte != b' ').unwrap_or(0) + 1;
    if let Some(cell) = row.get_mut(from..start + title.len()) {
        cell.fill(b' ');
    }
}

/// A text without the rows that `drop` picks in the tables it holds, and without the tables that
/// have no other row. Lines outside of tables stay, except those that `drop_other` picks.
pub fn without_rows(
    text: &[u8],
    mut drop: impl FnMut(&[u8]) -> bool,
    mut drop_other: impl FnMut(&[u8]) -> bool,
) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let mut table: Option<Table<'_>> = None;
    for line in lines(text) {
        if is_heading(line) {
            if let Some(table) = table.take() {
                table.write(&mut kept);
            }
            table = Table::headed(line);
        } else if let Some(table) = &mut table {
            let row = table.is_row(line);
            table.lines.push(Line {
                text: line,
                row,
                dropped: row && drop(line),
            });
        } else if !drop_other(line) {
            kept.extend_from_slice(line);
        }
    }
    if let Some(table) = table {
        table.write(&mut kept);
    }
    kept
}

struct Line<'t> {
    text: &'t [u8],
    /// Not so: a marker between listings, or what `-V` says after one.
    row: bool,
    dropped: bool,
}

struct Table<'t> {
    heading: &'t [u8],
    /// Where the heading of the process number ends; the numbers end there too.
    number_end: usize,
    /// Where the heading of the descriptor begins.
    descriptor: usize,
    /// Where the heading of the name begins.
    name: usize,
    lines: Vec<Line<'t>>,
}

impl<'t> Table<'t> {
    fn headed(heading: &'t [u8]) -> Option<Self> {
        let find = |title: &[u8]| crate::text::find(heading, title);
        Some(Self {
            heading,
            number_end: find(b" PID ")? + 4,
            descriptor: find(b" FD ")? + 1,
            name: find(b" NAME\n")? + 1,
            lines: Vec::new(),
        })
    }

    fn is_row(&self, line: &[u8]) -> bool {
        let at = |place: usize| line.get(place).copied().unwrap_or_default();
        at(self.number_end - 1).is_ascii_digit() && at(self.number_end) == b' '
    }

    fn rows(&self, dropped: bool) -> impl Iterator<Item = &'t [u8]> {
        self.lines
            .iter()
            .filter(move |line| line.row && line.dropped == dropped)
            .map(|line| line.text)
    }

    /// Whether descriptors have one place, so that their heading moves what follows it by one.
    fn is_shifted(&self) -> bool {
        self.lines.iter().filter(|line| line.row).all(|line| {
            let at = |place: usize| line.text.get(place).copied().unwrap_or_default();
            at(self.descriptor).is_ascii_digit() && b"rwu- ".contains(&at(self.descriptor + 1))
        })
    }

    /// Where the columns of the command and of the task's command lie.
    fn commands(&self) -> [Range<usize>; 2] {
        let after_task = crate::text::find(self.heading, b" TASKCMD ").map(|start| {
            let start = start + 1;
            let titles = self.heading.iter().enumerate().skip(start + 7);
            let title = titles.clone().find(|(_, byte)| **byte != b' ');
            let title = title.map_or(start, |(place, _)| place);
            let length = fields(self.heading.get(title..).unwrap_or_default()).next();
            start..self.start_of(title + length.map_or(0, <[u8]>::len))
        });
        [
            0..self.start_of(self.number_end),
            after_task.unwrap_or_default(),
        ]
    }

    /// Where the column before the one ends that ends at `end` and is filled from the right.
    fn start_of(&self, end: usize) -> usize {
        let length = |line: &[u8]| {
            let before = line.get(..end).unwrap_or_default();
            let cell = before.rsplit(|&byte| byte == b' ').next();
            let cell = cell.unwrap_or_default();
            // The number of a user is filled up to eight places.
            let is_user = self
                .heading
                .get(..end)
                .is_some_and(|it| it.ends_with(b" USER"));
            if is_user && !cell.is_empty() && cell.iter().all(u8::is_ascii_digit) {
                cell.len().max(8)
            } else {
                cell.len()
            }
        };
        let rows = self.lines.iter().filter(|line| line.row);
        let lines = rows.map(|line| line.text).chain([self.heading]);
        let longest = lines.map(length).max().unwrap_or(0);
        end.saturating_sub(longest + 1)
    }

    fn write(self, kept: &mut Vec<u8>) {
        if self.rows(false).next().is_none() {
            for line in self.lines.iter().filter(|line| !line.row) {
                kept.extend_from_slice(line.text);
            }
            return;
        }
        let shift = usize::from(self.is_shifted());
        let commands = self.commands();
        let blank = |line: &[u8], place: usize| line.get(place) == Some(&b' ');
        let heading_blank = |place: usize| {
            let moved = if place > self.descriptor + 1 {
                shift
            } else {
                0
            };
            blank(self.heading, place + moved)
        };
        let needed_by_dropped = |place: usize| {
            let mut dropped = self.rows(true);
            dropped.any(|line| {
                let in_command = commands.iter().any(|column| column.contains(&place));
                !blank(line, place) || (in_command && is_cut_name(line))
            })
        };
        let free = |place: usize| {
            self.rows(false).all(|line| blank(line, place)) && needed_by_dropped(place)
        };
        // The places of access and lock, and the blank after them, are always there.
        let fixed = self.descriptor + 1..self.descriptor + 5 - shift;
        let removed: Vec<usize> = (0..self.name - shift)
            .filter(|place| !fixed.contains(place) && free(*place) && heading_blank(*place))
            .collect();
        // Only descriptors of one place are left: the heading is wider than they.
        let narrow = shift == 0 && free(self.descriptor);
        let without = |line: &[u8], heading: bool| -> Vec<u8> {
            let places = line.iter().enumerate().filter(|(place, _)| {
                let moved = if heading && *place > self.descriptor + 1 {
                    shift
                } else {
                    0
                };
                let gone = removed.contains(&(place - moved));
                !gone && (heading || !narrow || *place != self.descriptor)
            });
            places.map(|(_, byte)| *byte).collect()
        };
        kept.extend(without(self.heading, true));
        for line in self.lines.iter().filter(|line| !line.dropped) {
            if line.row {
                kept.extend(without(line.text, false));
            } else {
                kept.extend_from_slice(line.text);
            }
        }
    }
}

/// Whether the command of a row may be wider than it looks: an escape that does not fit is left
/// away, but counted. Such are names with a parenthesis and a blank; of the one with a quote,
/// `we"ird) (x`, 4.99.4 prints less, but gives it the place of the whole.
fn is_cut_name(row: &[u8]) -> bool {
    let is_odd = |byte: &u8| matches!(byte, b'(' | b')' | b'"');
    fields(row).take(4).any(|word| word.iter().any(is_odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, command: &str) -> String {
        let text = without_rows(
            text.as_bytes(),
            |row| row.starts_with(command.as_bytes()),
            |_| false,
        );
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn columns_have_the_width_of_what_is_left() {
        let text = "\
COMMAND     PID USER  FD      TYPE DEVICE SIZE/OFF     NODE NAME
init          1 root cwd       DIR  254,0     4096        2 /
longname9 10005 root   3u     FIFO   0,15      0t0 17000785 pipe
odd          12 root cwd   unknown                          /proc/12/cwd
";
        assert_eq!(
            without(text, "odd"),
            "\
COMMAND     PID USER  FD   TYPE DEVICE SIZE/OFF     NODE NAME
init          1 root cwd    DIR  254,0     4096        2 /
longname9 10005 root   3u  FIFO   0,15      0t0 17000785 pipe
"
        );
        assert_eq!(
            without(text, "longname9"),
            "\
COMMAND PID USER  FD      TYPE DEVICE SIZE/OFF NODE NAME
init      1 root cwd       DIR  254,0     4096    2 /
odd      12 root cwd   unknown                      /proc/12/cwd
"
        );
        assert_eq!(without(text, "none"), text);
    }

    #[test]
    fn descriptors_of_one_place_move_their_heading() {
        let text = "\
COMMAND PID USER  FD      TYPE DEVICE SIZE/OFF NODE NAME
init      1 root   3r     FIFO   0,15      0t0    7 pipe
odd      12 root cwd   unknown                      /proc/12/cwd
";
        let left = "\
COMMAND PID USER FD   TYPE DEVICE SIZE/OFF NODE NAME
init      1 root 3r  FIFO   0,15      0t0    7 pipe
";
        assert_eq!(without(text, "odd"), left);
        let wide = "\
COMMAND PID USER FD   TYPE DEVICE SIZE/OFF    NODE NAME
init      1 root 3r  FIFO   0,15      0t0       7 pipe
odd      12 root 4w  FIFO   0,15      0t0 1234567 pipe
";
        assert_eq!(without(wide, "odd"), left);
    }

    #[test]
    fn tables_without_rows_are_gone_and_other_lines_stay() {
        let table = "COMMAND PID USER FD   TYPE DEVICE SIZE/OFF NODE NAME\n\
                     odd      12 root 4w  FIFO   0,15      0t0    7 pipe\n";
        let text = format!("{table}=======\n{table}lsof: no file use located: x\n");
        assert_eq!(
            without(&text, "odd"),
            "=======\nlsof: no file use located: x\n"
        );
    }
}
