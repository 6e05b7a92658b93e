//! The column of `-o`.

use crate::text;

/// The timer of a socket, in the units of the kernel's text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timer {
    /// Which timer runs: column `tr`.
    pub(super) kind: u32,
    /// Time left, hundredths of a second: column `tm->when`.
    pub(super) when: u64,
    /// Retransmissions: column `retrnsmt`.
    pub(super) retransmits: u64,
    /// Unanswered probes: column `timeout`.
    pub(super) probes: i32,
}

impl Timer {
    /// The timer of a TCP socket.
    #[inline]
    pub(super) fn tcp(&self, out: &mut Vec<u8>) {
        let word: &[u8] = match self.kind {
            0 => b"off",
            1 => b"on",
            2 => b"keepalive",
            3 => b"timewait",
            4 => b"probe",
            _ => b"",
        };
        self.told(out, word);
    }

    /// The timer of a datagram socket.
    #[inline]
    pub(super) fn datagram(&self, out: &mut Vec<u8>) {
        let word: &[u8] = match self.kind {
            0 => b"off",
            1 => b"on1",
            2 => b"on2",
            _ => b"",
        };
        self.told(out, word);
    }

    #[inline]
    fn told(&self, out: &mut Vec<u8>, word: &[u8]) {
        if word.is_empty() {
            out.extend_from_slice(b"unkn-");
            text::signed(out, self.kind.cast_signed().into());
        } else {
            out.extend_from_slice(word);
        }
        out.extend_from_slice(b" (");
        seconds(out, if self.kind == 0 { 0 } else { self.when });
        out.push(b'/');
        text::signed(out, self.retransmits.cast_signed());
        out.push(b'/');
        text::signed(out, self.probes.into());
        out.push(b')');
    }
}

/// Hundredths as seconds with two decimals.
#[inline]
fn seconds(out: &mut Vec<u8>, hundredths: u64) {
    /// Above, the original's floating point rounds.
    const EXACT: u64 = 1 << 53;
    if hundredths >= EXACT {
        let rounded = hundredths as f64 / 100.0;
        return out.extend_from_slice(format!("{rounded:.2}").as_bytes());
    }
    text::decimal(out, hundredths / 100);
    let rest = (hundredths % 100) as u8;
    out.extend_from_slice(&[b'.', b'0' + rest / 10, b'0' + rest % 10]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: u32, datagram: bool) -> String {
        let timer = Timer {
            kind,
            when: 719_507,
            retransmits: 3,
            probes: 2,
        };
        let mut out = Vec::new();
        if datagram {
            timer.datagram(&mut out);
        } else {
            timer.tcp(&mut out);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_timer_that_is_off_tells_its_counters_but_no_time() {
        assert_eq!(told(0, false), "off (0.00/3/2)");
        assert_eq!(told(0, true), "off (0.00/3/2)");
    }

    #[test]
    fn a_timer_is_told_by_word_or_number() {
        assert_eq!(told(2, false), "keepalive (7195.07/3/2)");
        assert_eq!(told(4, false), "probe (7195.07/3/2)");
        assert_eq!(told(5, false), "unkn-5 (7195.07/3/2)");
        assert_eq!(told(2, true), "on2 (7195.07/3/2)");
        assert_eq!(told(3, true), "unkn-3 (7195.07/3/2)");
    }
}
