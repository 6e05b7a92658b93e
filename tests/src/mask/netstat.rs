//! What differs between two runs of netstat: the seconds to the next timer, and the bytes that the
//! original prints of a hardware address without having asked for them.

use crate::compare::Seen;
use crate::text::hide_number_after;

/// The words of the timer column that are followed by a running time.
const TIMERS: [&[u8]; 4] = [b" on (", b" keepalive (", b" timewait (", b" probe ("];

pub(super) fn hide(seen: &mut Seen) {
    for timer in TIMERS {
        hide_number_after(&mut seen.stdout, timer);
    }
    hide_left_over_bytes(&mut seen.stdout);
}

/// `unspec EA-6B-4A-B7-A7-71-00-AB-00-...`: from the eighth byte on, what was in memory before (2.10)
/// or zero (3.14).
fn hide_left_over_bytes(text: &mut [u8]) {
    const START: &[u8] = b"        unspec ";
    const KNOWN: usize = 7;
    for line in text.split_mut(|&byte| byte == b'\n') {
        let Some(address) = line.strip_prefix(START).map(|_| START.len()) else {
            continue;
        };
        let from = address + 3 * KNOWN;
        for byte in line.iter_mut().skip(from).take_while(|byte| **byte != b' ') {
            if byte.is_ascii_hexdigit() {
                *byte = b'#';
            }
        }
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
