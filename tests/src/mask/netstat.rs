//! What differs between two runs of netstat: the seconds to the next timer.

use crate::compare::Seen;
use crate::text::hide_number_after;

/// The words of the timer column that are followed by a running time.
const TIMERS: [&[u8]; 4] = [b" on (", b" keepalive (", b" timewait (", b" probe ("];

pub(super) fn hide(seen: &mut Seen) {
    for timer in TIMERS {
        hide_number_after(&mut seen.stdout, timer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::End;

    #[test]
    fn only_the_seconds_are_hidden() {
        let stdout = b"ESTABLISHED keepalive (7195.28/0/0)\nLISTEN off (0.00/0/0)\n".to_vec();
        let mut seen = Seen {
            end: End::Exited(0),
            stdout,
            stderr: Vec::new(),
        };
        hide(&mut seen);
        assert_eq!(
            seen.stdout,
            b"ESTABLISHED keepalive (####.##/0/0)\nLISTEN off (0.00/0/0)\n"
        );
    }
}
