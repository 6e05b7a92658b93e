//! The listing of protocol counters (`-s`): which sections are shown, and each key's line.
//!
//! Sections and keys stand in the order of the kernel's files. An indent is carried from key to
//! key and from section to section; keys that have no sentence take it as they find it.

mod keys;

use applet::Exit;
use sockcore::Errno;
use sockcore::procfs::counters::{Section, Snmp6Columns, sctp_counter};
use sockcore::procfs::lines::Lines;

use crate::families::Family;
use crate::plan::Sections;
use crate::text;
use crate::work::Work;

/// How a key is told.
struct Entry {
    key: &'static str,
    rule: Rule,
    /// `#` stands for the value.
    text: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Also when it is 0.
    Always,
    NonZero,
    /// In the histogram of incoming ICMP messages, when not 0.
    Input,
    /// In the histogram of outgoing ICMP messages, when not 0.
    Output,
    /// Never.
    Hidden,
}

/// A section that has sentences.
struct Known {
    title: &'static str,
    shown: fn(&Sections) -> bool,
    entries: &'static [Entry],
}

/// Sections of `snmp`, `netstat` and `sctp/snmp`.
static KNOWN: &[Known] = &[
    known("Ip", |sections| sections.raw, keys::IP),
    known("Icmp", |sections| sections.raw, keys::ICMP),
    known("Tcp", |sections| sections.tcp, keys::TCP),
    known("TcpExt", |sections| sections.tcp, keys::TCP_EXT),
    known("Udp", |sections| sections.udp, keys::UDP),
    known("Sctp", |sections| sections.sctp, keys::SCTP),
];

/// Sections of `snmp6`.
static KNOWN6: &[Known] = &[
    known("Ip6", |sections| sections.raw, keys::IP6),
    known("Icmp6", |sections| sections.raw, keys::ICMP6),
    known("Tcp6", |sections| sections.tcp, &[]),
    known("Udp6", |sections| sections.udp, keys::UDP6),
];

const fn known(
    title: &'static str,
    shown: fn(&Sections) -> bool,
    entries: &'static [Entry],
) -> Known {
    Known {
        title,
        shown,
        entries,
    }
}

const SNMP: &str = "net/snmp";
const SNMP6: &str = "net/snmp6";
const NETSTAT: &str = "net/netstat";
const SCTP: &str = "net/sctp/snmp";

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    let mut teller = Teller {
        sections: work.plan.sections,
        complains: true,
        indent: Indent::Plain,
        section: None,
    };
    match work.plan.families.as_slice() {
        [] | [Family::Inet] => {
            if !teller.paired(work, SNMP, |_| true) {
                return cannot_open(work, SNMP);
            }
            teller.paired(work, NETSTAT, |_| true);
            teller.sctp(work);
        }
        [Family::Inet6] => {
            if !teller.keyed(work) {
                return cannot_open(work, SNMP6);
            }
            // Here the original does not tell of a pair without a colon.
            teller.complains = false;
            if !teller.paired(work, SNMP, |title| title.starts_with(b"Tcp")) {
                return cannot_open(work, SNMP);
            }
        }
        families => {
            let names: Vec<_> = families.iter().map(|family| family.name()).collect();
            let names = names.join(",");
            let message =
                format!("netstat: No statistics support for specified address family: {names}\n");
            work.streams.out.put(message.as_bytes());
            return Exit::FAILURE;
        }
    }
    Exit::SUCCESS
}

/// A missing file is told, and is no error.
fn cannot_open(work: &mut Work<'_, '_>, file: &str) -> Exit {
    let reason = match work.system.processes.open(file) {
        Ok(_) => return Exit::SUCCESS,
        Err(error) => error.errno.text(),
    };
    work.streams
        .complain(format!("cannot open /proc/{file}: {reason}\n").as_bytes());
    Exit::SUCCESS
}

/// What the indent of the next key follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Indent {
    Plain,
    Input,
    Output,
}

impl Indent {
    const fn blanks(self) -> &'static [u8] {
        match self {
            Self::Plain => b"    ",
            Self::Input | Self::Output => b"        ",
        }
    }
}

struct Teller {
    sections: Sections,
    /// A pair of lines that is none is told of.
    complains: bool,
    indent: Indent,
    /// The section under way, if its keys are shown: its sentences.
    section: Option<&'static [Entry]>,
}

impl Teller {
    /// The sections of a file of pairs of lines; false when it cannot be opened.
    fn paired(&mut self, work: &mut Work<'_, '_>, file: &str, wanted: fn(&[u8]) -> bool) -> bool {
        let Ok(opened) = work.system.processes.open(file) else {
            return false;
        };
        let streams = &mut *work.streams;
        let mut lines = Lines::new(opened);
        let mut keys = Vec::new();
        let failed = loop {
            match lines.next_line() {
                Ok(None) => break None,
                Ok(Some([])) => continue,
                Ok(Some(line)) => {
                    keys.clear();
                    keys.extend_from_slice(line);
                }
                Err(error) => break Some(error),
            }
            let values = match lines.next_line() {
                Ok(None) => break None,
                Ok(Some(line)) => line,
                Err(error) => break Some(error),
            };
            let Some(section) = Section::of(&keys, values) else {
                if self.complains {
                    let message = format!("Problem while parsing /proc/{file}\n");
                    streams.complain(message.as_bytes());
                }
                break None;
            };
            if !wanted(section.title) {
                continue;
            }
            let out = streams.out.buffer();
            self.begin(out, KNOWN, section.title);
            for (key, value) in section.iter() {
                self.tell(out, key, value);
            }
            streams.out.settle();
        };
        if let Some(error) = failed {
            let reason = Errno::from(&error).text();
            streams.complain(format!("/proc/{file}: {reason}\n").as_bytes());
        }
        true
    }

    /// The counters of IPv6, each with its section in its key; false when the file cannot be
    /// opened.
    fn keyed(&mut self, work: &mut Work<'_, '_>) -> bool {
        let Ok(opened) = work.system.processes.open(SNMP6) else {
            return false;
        };
        let streams = &mut *work.streams;
        let mut lines = Lines::new(opened);
        let mut columns = Snmp6Columns::default();
        // An empty line at the beginning is a key without a name, whose title all others contain.
        let mut title: Option<Vec<u8>> = None;
        while let Ok(Some(line)) = lines.next_line() {
            columns.read(line);
            let key = columns.key.as_slice();
            let out = streams.out.buffer();
            if !title.as_ref().is_some_and(|title| contains(key, title)) {
                let end = key.iter().position(|&byte| byte == b'6');
                let text = key.get(..=end.unwrap_or(key.len())).unwrap_or(key);
                self.begin(out, KNOWN6, text);
                title = Some(text.to_vec());
            }
            self.tell(out, key, columns.value);
        }
        streams.out.settle();
        true
    }

    fn sctp(&mut self, work: &mut Work<'_, '_>) {
        let Ok(opened) = work.system.processes.open(SCTP) else {
            return;
        };
        let out = work.streams.out.buffer();
        self.begin(out, KNOWN, b"Sctp");
        let mut lines = Lines::new(opened);
        while let Ok(Some(line)) = lines.next_line() {
            if let Some((key, value)) = sctp_counter(line) {
                self.tell(out, key, value);
            }
        }
        work.streams.out.settle();
    }

    /// Begins a section. One that is not known is always shown and keeps the indent it finds.
    fn begin(&mut self, out: &mut Vec<u8>, sections: &'static [Known], title: &[u8]) {
        let known = sections
            .iter()
            .find(|known| known.title.as_bytes() == title);
        self.section = match known {
            None => Some(&[]),
            Some(known) => {
                self.indent = Indent::Plain;
                (known.shown)(&self.sections).then_some(known.entries)
            }
        };
        if self.section.is_some() {
            out.extend_from_slice(title);
            out.extend_from_slice(b":\n");
        }
    }

    fn tell(&mut self, out: &mut Vec<u8>, key: &[u8], value: u64) {
        let Some(entries) = self.section else { return };
        let found = entries.binary_search_by(|entry| entry.key.as_bytes().cmp(key));
        let Some(entry) = found.ok().and_then(|index| entries.get(index)) else {
            if value != 0 {
                out.extend_from_slice(self.indent.blanks());
                out.extend_from_slice(key);
                out.extend_from_slice(b": ");
                text::decimal(out, value);
                out.push(b'\n');
            }
            return;
        };
        let (shown, indent) = match entry.rule {
            Rule::Hidden => return,
            Rule::Always => (true, Indent::Plain),
            Rule::NonZero => (value != 0, Indent::Plain),
            Rule::Input => (value != 0, Indent::Input),
            Rule::Output => (value != 0, Indent::Output),
        };
        let before = std::mem::replace(&mut self.indent, indent);
        if before != indent {
            let title: &[u8] = match indent {
                Indent::Plain => b"",
                Indent::Input => b"ICMP input histogram:\n",
                Indent::Output => b"ICMP output histogram:\n",
            };
            if !title.is_empty() {
                out.extend_from_slice(before.blanks());
                out.extend_from_slice(title);
            }
        }
        if shown {
            out.extend_from_slice(indent.blanks());
            let (front, back) = entry.text.split_once('#').unwrap_or((entry.text, ""));
            out.extend_from_slice(front.as_bytes());
            text::decimal(out, value);
            out.extend_from_slice(back.as_bytes());
            out.push(b'\n');
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted_and_has_one_place_for_the_value() {
        for known in KNOWN.iter().chain(KNOWN6) {
            let keys: Vec<_> = known.entries.iter().map(|entry| entry.key).collect();
            assert!(keys.is_sorted(), "{}", known.title);
            for entry in known.entries {
                let places = entry.text.matches('#').count();
                assert_eq!(
                    places,
                    usize::from(entry.rule != Rule::Hidden),
                    "{}",
                    entry.key
                );
            }
        }
    }

    fn told(title: &str, counters: &[(&str, u64)]) -> String {
        let sections = Sections {
            tcp: true,
            udp: true,
            sctp: true,
            raw: true,
        };
        let mut teller = Teller {
            sections,
            complains: true,
            indent: Indent::Output,
            section: None,
        };
        let mut out = Vec::new();
        teller.begin(&mut out, KNOWN, title.as_bytes());
        for (key, value) in counters {
            teller.tell(&mut out, key.as_bytes(), *value);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_histogram_has_its_title_even_when_all_its_values_are_zero() {
        let counters = [("InMsgs", 0), ("InEchos", 0), ("OutEchos", 0), ("Other", 2)];
        assert_eq!(
            told("Icmp", &counters),
            "Icmp:\n    0 ICMP messages received\n    ICMP input histogram:\n        \
             ICMP output histogram:\n        Other: 2\n"
        );
    }

    #[test]
    fn an_unknown_section_keeps_the_indent_it_finds() {
        assert_eq!(
            told("IpExt", &[("InOctets", 1), ("Zero", 0)]),
            "IpExt:\n        InOctets: 1\n"
        );
    }

    #[test]
    fn a_value_of_one_has_no_form_of_its_own() {
        assert_eq!(
            told("Tcp", &[("InSegs", 1), ("RtoMin", 200)]),
            "Tcp:\n    1 segments received\n"
        );
    }
}
