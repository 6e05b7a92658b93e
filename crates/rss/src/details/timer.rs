//! The text of a socket's timer.

use sockcore::socket::{InetProtocol, InetSocket, Timer};

use crate::text::{decimal, signed, three_digits};

/// Writes ` timer:(…)` if a timer runs.
pub(super) fn write(out: &mut Vec<u8>, socket: &InetSocket<'_>) {
    let Timer {
        kind,
        retransmits,
        expires,
    } = socket.timer;
    let name = match socket.told_protocol() {
        InetProtocol::SCTP if kind.0 != 0 => b"T3_RTX".as_slice(),
        _ => name(kind.0),
    };
    write_parts(out, kind.0.into(), name, expires, retransmits.into());
}

/// The name of a timer.
pub(super) fn name(kind: u8) -> &'static [u8] {
    const NAMES: [&[u8]; 6] = [
        b"off",
        b"on",
        b"keepalive",
        b"timewait",
        b"persist",
        b"delack",
    ];
    NAMES.get(usize::from(kind)).copied().unwrap_or(b"unknown")
}

/// Writes a timer given in parts; kind 0 is none. The text table counts with a sign.
pub(super) fn write_parts(out: &mut Vec<u8>, kind: u32, name: &[u8], expires: u32, count: u32) {
    if kind == 0 {
        return;
    }
    out.extend_from_slice(b" timer:(");
    out.extend_from_slice(name);
    out.push(b',');
    time(out, expires);
    out.push(b',');
    signed(out, count);
    out.push(b')');
}

/// Milliseconds in at most two units, the lesser left out where it would say little.
fn time(out: &mut Vec<u8>, expires: u32) {
    let minutes = expires / 60_000;
    let mut seconds = expires / 1000 % 60;
    let mut milliseconds = expires % 1000;
    if minutes > 0 {
        decimal(out, minutes);
        out.extend_from_slice(b"min");
        milliseconds = 0;
        if minutes > 9 {
            seconds = 0;
        }
    }
    if seconds > 0 {
        decimal(out, seconds);
        if seconds > 9 {
            milliseconds = 0;
        }
        if milliseconds > 0 {
            out.push(b'.');
            three_digits(out, milliseconds);
        }
        out.extend_from_slice(b"sec");
    } else if milliseconds > 0 {
        three_digits(out, milliseconds);
        out.extend_from_slice(b"ms");
    }
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_leave_out_what_says_little() {
        for (expires, expected) in [
            (0, ""),
            (1, "001ms"),
            (99, "099ms"),
            (999, "999ms"),
            (1000, "1sec"),
            (1001, "1.001sec"),
            (9999, "9.999sec"),
            (10_000, "10sec"),
            (10_001, "10sec"),
            (59_999, "59sec"),
            (60_000, "1min"),
            (60_001, "1min"),
            (61_500, "1min1sec"),
            (70_000, "1min10sec"),
            (599_999, "9min59sec"),
            (600_000, "10min"),
            (659_999, "10min"),
            (7_199_000, "119min"),
            (u32::MAX, "71582min"),
        ] {
            let mut out = Vec::new();
            time(&mut out, expires);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{expires}");
        }
    }
}
