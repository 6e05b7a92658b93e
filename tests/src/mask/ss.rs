//! What differs between two runs of ss: time to the next timer and milliseconds since an event.

use crate::compare::Seen;
use crate::text::{find, hide_digits, hide_number_after};

/// Fields of `-i` that count milliseconds since something happened, or while it lasts.
const AGES: [&[u8]; 9] = [
    b" lastsnd:",
    b" lastrcv:",
    b" lastack:",
    b" last_data_sent:",
    b" last_data_recv:",
    b" last_ack_recv:",
    b" busy:",
    b" rwnd_limited:",
    b" sndbuf_limited:",
];

pub(super) fn hide(seen: &mut Seen) {
    for age in AGES {
        hide_number_after(&mut seen.stdout, age);
    }
    hide_timers(&mut seen.stdout);
    // All sockets in use: those of the command before may still be among them.
    if seen.stdout.starts_with(b"Total: ") {
        let line = seen
            .stdout
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or_default();
        hide_digits(seen.stdout.get_mut(..line).unwrap_or_default());
    }
}

/// `timer:(keepalive,119min,0)`: the middle.
fn hide_timers(text: &mut [u8]) {
    const START: &[u8] = b" timer:(";
    let mut start = 0;
    while let Some(found) = find(text.get(start..).unwrap_or_default(), START) {
        start += found + START.len();
        let rest = text.get_mut(start..).unwrap_or_default();
        let mut parts = rest.splitn_mut(3, |&byte| byte == b',');
        if let (Some(_kind), Some(time)) = (parts.next(), parts.next())
            && time.len() < 16
        {
            hide_digits(time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_of_a_timer_is_hidden() {
        let mut text = b"10.0.0.1:22 timer:(keepalive,1min14sec,0) uid:7 timer:(on,,0)".to_vec();
        hide_timers(&mut text);
        assert_eq!(
            text.escape_ascii().to_string(),
            "10.0.0.1:22 timer:(keepalive,#min##sec,0) uid:7 timer:(on,,0)"
        );
    }
}
