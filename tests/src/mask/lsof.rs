//! What differs between two runs of lsof: the rows of the lister itself, whose program and
//! libraries cannot be the same, and of the child that the original keeps for `stat`.

use crate::compare::Seen;
use crate::table::{is_heading, process, without_rows};
use crate::text::{contains, lines};

/// The children get the numbers that follow; the original starts several in a row when each hangs
/// or dies.
const CHILDREN: u32 = 15;

pub(super) fn hide(pid: u32, seen: &mut Seen) {
    let is_own = |word: &[u8]| {
        let number = std::str::from_utf8(word)
            .ok()
            .and_then(|word| word.parse().ok());
        number.is_some_and(|number| (pid..=pid + CHILDREN).contains(&number))
    };
    // What was written before a repeated listing is in the size of the output itself.
    let repeated = lines(&seen.stdout).filter(|line| is_heading(line)).count() > 1;
    let is_output = |row: &[u8]| row.ends_with(b"/memfd:stdout (deleted)\n");
    if seen.stdout.starts_with(b"p") && lines(&seen.stdout).any(|line| line.starts_with(b"m")) {
        seen.stdout = without_output(&seen.stdout);
    }
    let mut in_own_set = false;
    seen.stdout = without_rows(
        &seen.stdout,
        |row| process(row).is_some_and(is_own) || (repeated && is_output(row)),
        |line| {
            if line.starts_with(b"p") {
                let number = line.get(1..).unwrap_or_default();
                let length = number
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                in_own_set = is_own(number.get(..length).unwrap_or_default());
                in_own_set
            } else {
                // A repeat marker belongs to no process, nor does what `-V` says at the end.
                let is_miss = line.ends_with(b" located\n") || contains(line, b" located: ");
                in_own_set &= !line.starts_with(b"m") && !line.starts_with(b"=") && !is_miss;
                in_own_set || is_own(line.strip_suffix(b"\n").unwrap_or(line))
            }
        },
    );
}

/// Fields without those of the file that the output goes to.
fn without_output(fields: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"n/memfd:stdout (deleted)";
    let mut kept = Vec::with_capacity(fields.len());
    let mut set = 0;
    for line in lines(fields) {
        if matches!(line.first(), Some(b'f' | b'm')) {
            set = kept.len();
        }
        kept.extend_from_slice(line);
        if line.starts_with(b"p") {
            set = kept.len();
        }
        if contains(line, NAME) {
            kept.truncate(set);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::End;

    fn hidden(stdout: &[u8]) -> String {
        let mut seen = Seen {
            end: End::Exited(0),
            stdout: stdout.to_vec(),
            stderr: Vec::new(),
        };
        hide(3000, &mut seen);
        String::from_utf8_lossy(&seen.stdout).into_owned()
    }

    #[test]
    fn the_rows_of_the_lister_are_dropped_in_every_format() {
        assert_eq!(
            hidden(
                b"COMMAND   PID FD  NAME\ninit        1 3u  x\nlsof     3000 3u  x\n\
                  lsof     3003 4u  y\nz       30000 3u  x\n"
            ),
            "COMMAND   PID FD  NAME\ninit        1 3u  x\nz       30000 3u  x\n"
        );
        assert_eq!(hidden(b"COMMAND  PID FD  NAME\nlsof    3000 3u  x\n"), "");
        assert_eq!(hidden(b"1\n3000\n3001\n4000\n"), "1\n4000\n");
        assert_eq!(
            hidden(b"p1\nf3\np3000\nclsof\nf4\np4000\nf5\n"),
            "p1\nf3\np4000\nf5\n"
        );
        assert_eq!(
            hidden(b"p1\nf3\ns7\nn/memfd:stdout (deleted)\nf4\nm\n"),
            "p1\nf4\nm\n"
        );
        assert_eq!(
            hidden(b"p1\nnx\np3000\nn/memfd:stdout (deleted)\nny\nm\n"),
            "p1\nnx\nm\n"
        );
        assert_eq!(
            hidden(b"p3000\0clsof\0\nf4\0\np4\0\nf5\0\n"),
            "p4\0\nf5\0\n"
        );
        assert_eq!(
            hidden(b"p4\nf5\np3000\nf4\nlsof: Internet address not located: :1\n"),
            "p4\nf5\nlsof: Internet address not located: :1\n"
        );
    }
}
