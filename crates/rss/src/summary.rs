//! The counts that `-s` prints.

use applet::Streams;
use sockcore::error::Errno;
use sockcore::procfs::ProcRoot;
use sockcore::procfs::lines::Fields;

/// Counts as the kernel's tables give them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    sockets: i32,
    tcp: Pair,
    tcp_orphans: i32,
    tcp_time_wait: i32,
    tcp_allocated: i32,
    udp: Pair,
    raw: Pair,
    fragments: Pair,
}

/// A count of IPv4 and one of IPv6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pair {
    v4: i32,
    v6: i32,
}

impl Pair {
    fn total(self) -> i32 {
        self.v4.wrapping_add(self.v6)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            v4: self.v4.wrapping_add(other.v4),
            v6: self.v6.wrapping_add(other.v6),
        }
    }
}

impl Counts {
    /// Takes in the lines of `sockstat` or `sockstat6`. Of a line only the order of its numbers
    /// counts, not the words before them.
    fn read(&mut self, text: &[u8]) {
        for line in text.split(|&byte| byte == b'\n') {
            let Some(colon) = line.iter().position(|&byte| byte == b':') else {
                continue;
            };
            let mut numbers = Fields(line.get(colon + 1..).unwrap_or_default());
            let mut next = |count: &mut i32| {
                numbers.word()?;
                *count = numbers.signed()? as i32;
                Some(())
            };
            let targets: &mut [&mut i32] = match line.get(..colon).unwrap_or_default() {
                b"sockets" => &mut [&mut self.sockets],
                b"UDP" => &mut [&mut self.udp.v4],
                b"UDP6" => &mut [&mut self.udp.v6],
                b"RAW" => &mut [&mut self.raw.v4],
                b"RAW6" => &mut [&mut self.raw.v6],
                b"FRAG" => &mut [&mut self.fragments.v4],
                b"FRAG6" => &mut [&mut self.fragments.v6],
                b"TCP6" => &mut [&mut self.tcp.v6],
                b"TCP" => &mut [
                    &mut self.tcp.v4,
                    &mut self.tcp_orphans,
                    &mut self.tcp_time_wait,
                    &mut self.tcp_allocated,
                ],
                _ => continue,
            };
            for target in targets {
                if next(target).is_none() {
                    break;
                }
            }
        }
    }
}

/// The number of TCP connections (`Tcp: … CurrEstab …` and the line below it).
fn established(text: &[u8]) -> Option<i32> {
    let mut lines = text.split(|&byte| byte == b'\n');
    let titles = lines.find_map(|line| line.strip_prefix(b"Tcp: "))?;
    let place = titles
        .split(|&byte| byte == b' ')
        .position(|title| title == b"CurrEstab")?;
    let mut numbers = Fields(lines.next()?.strip_prefix(b"Tcp:")?);
    let numbers = std::iter::from_fn(|| numbers.signed());
    numbers.take(place + 1).last().map(|number| number as i32)
}

/// Prints the counts; what cannot be read is told and counts 0.
pub(crate) fn print(root: &ProcRoot, streams: &mut Streams<'_>) {
    let mut counts = Counts::default();
    match root.read("net/sockstat") {
        Ok(text) => {
            counts.read(&text);
            counts.read(&root.read("net/sockstat6").unwrap_or_default());
        }
        Err(error) => complain(streams, "get_sockstat", error.errno),
    }
    let established = match root.read("net/snmp") {
        Ok(text) => established(&text).ok_or(Errno::SRCH),
        Err(error) => Err(error.errno),
    };
    let established = established.unwrap_or_else(|errno| {
        complain(streams, "get_snmpstat", errno);
        0
    });
    streams.out.put(page(&counts, established).as_bytes());
}

fn complain(streams: &mut Streams<'_>, what: &str, errno: Errno) {
    let text = format!("ss: {what}: {}\n", errno.text());
    streams.complain(text.as_bytes());
}

fn page(counts: &Counts, established: i32) -> String {
    let all = counts.tcp_allocated.wrapping_add(counts.tcp_time_wait);
    let open = counts.tcp.total().wrapping_sub(counts.tcp_time_wait);
    let closed = counts.tcp_allocated.wrapping_sub(open);
    let mut page = format!(
        "Total: {}\n\
         TCP:   {all} (estab {established}, closed {closed}, orphaned {}, timewait {})\n\n\
         Transport Total     IP        IPv6\n",
        counts.sockets, counts.tcp_orphans, counts.tcp_time_wait
    );
    let inet = counts.raw.plus(counts.udp).plus(counts.tcp);
    for (name, pair) in [
        ("RAW", counts.raw),
        ("UDP", counts.udp),
        ("TCP", counts.tcp),
        ("INET", inet),
        ("FRAG", counts.fragments),
    ] {
        let Pair { v4, v6 } = pair;
        page += &format!("{name}\t  {:<9} {v4:<9} {v6:<9}\n", pair.total());
    }
    page.push('\n');
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_sockets_are_those_allocated_and_in_no_table() {
        let mut counts = Counts::default();
        counts.read(
            b"sockets: used 1234\nTCP: inuse 50 orphan 3 tw 7 alloc 61 mem 3\n\
              UDP: inuse 2 mem 1\nUDPLITE: inuse 0\nRAW: inuse 4\nFRAG: inuse 1 memory 0\n",
        );
        counts.read(b"TCP6: inuse 20\nUDP6: inuse 3\nRAW6: inuse 1\nFRAG6: inuse 0 memory 0\n");
        let expected = "Total: 1234\n\
            TCP:   68 (estab 77, closed -2, orphaned 3, timewait 7)\n\n\
            Transport Total     IP        IPv6\n\
            RAW\t  5         4         1        \n\
            UDP\t  5         2         3        \n\
            TCP\t  70        50        20       \n\
            INET\t  80        56        24       \n\
            FRAG\t  1         1         0        \n\n";
        assert_eq!(page(&counts, 77), expected);
    }

    #[test]
    fn the_number_of_connections_stands_below_its_title() {
        assert_eq!(
            established(b"Ip: a b\nIp: 1 2\nTcp: X CurrEstab Y\nTcp: 1 77 9\n"),
            Some(77)
        );
        assert_eq!(established(b"Tcp: CurrEstab X\nTcp: -5 1\n"), Some(-5));
        assert_eq!(established(b"Tcp: A B\nTcp: 1 2\n"), None);
        assert_eq!(established(b"Tcp: CurrEstab\nUdp: 7\n"), None);
        assert_eq!(established(b""), None);
    }
}
