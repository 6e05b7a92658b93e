//! Interface counters: `/proc/net/dev`.

use super::formatted::Formatted;
use super::lines::is_space;

/// One interface's line of `/proc/net/dev`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLine<'a> {
    /// The name up to a colon or a blank: of any length.
    pub name: &'a [u8],
    /// Its counters.
    pub counters: DeviceCounters,
}

/// The sixteen counters of an interface, in packets unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceCounters {
    /// `Receive bytes`, bytes.
    pub rx_bytes: u64,
    /// `Receive packets`
    pub rx_packets: u64,
    /// `Receive errs`
    pub rx_errors: u64,
    /// `Receive drop`
    pub rx_dropped: u64,
    /// `Receive fifo`
    pub rx_fifo: u64,
    /// `Receive frame`
    pub rx_frame: u64,
    /// `Receive compressed`
    pub rx_compressed: u64,
    /// `Receive multicast`
    pub rx_multicast: u64,
    /// `Transmit bytes`, bytes.
    pub tx_bytes: u64,
    /// `Transmit packets`
    pub tx_packets: u64,
    /// `Transmit errs`
    pub tx_errors: u64,
    /// `Transmit drop`
    pub tx_dropped: u64,
    /// `Transmit fifo`
    pub tx_fifo: u64,
    /// `Transmit colls`
    pub collisions: u64,
    /// `Transmit carrier`
    pub tx_carrier: u64,
    /// `Transmit compressed`
    pub tx_compressed: u64,
}

/// Which counters a line has, by the second title line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceForm {
    /// All sixteen: `compressed` is one of the titles.
    Full,
    /// Up to Linux 2.0: neither compressed nor multicast packets.
    Bytes,
    /// Up to Linux 1.2: no bytes either.
    Packets,
}

impl DeviceForm {
    /// The form that a title tells.
    #[must_use]
    pub fn of(title: &[u8]) -> Self {
        let title = Formatted::line(title).0;
        let has = |word: &[u8]| title.windows(word.len()).any(|window| window == word);
        if has(b"compressed") {
            Self::Full
        } else if has(b"bytes") {
            Self::Bytes
        } else {
            Self::Packets
        }
    }
}

/// Reads a line behind the two title lines. Numbers from the first that cannot be read are 0.
#[must_use]
pub fn device_line(line: &[u8], form: DeviceForm) -> Option<DeviceLine<'_>> {
    let mut input = Formatted::line(line);
    input.space();
    let name = input.run(usize::MAX, |byte| byte != b':' && !is_space(byte))?;
    let _ = input.byte(b':');
    let mut counters = DeviceCounters::default();
    let _ = read(&mut counters, input, form);
    Some(DeviceLine { name, counters })
}

fn read(counters: &mut DeviceCounters, mut input: Formatted<'_>, form: DeviceForm) -> Option<()> {
    let (bytes, full) = (form != DeviceForm::Packets, form == DeviceForm::Full);
    let columns = [
        (bytes, &mut counters.rx_bytes),
        (true, &mut counters.rx_packets),
        (true, &mut counters.rx_errors),
        (true, &mut counters.rx_dropped),
        (true, &mut counters.rx_fifo),
        (true, &mut counters.rx_frame),
        (full, &mut counters.rx_compressed),
        (full, &mut counters.rx_multicast),
        (bytes, &mut counters.tx_bytes),
        (true, &mut counters.tx_packets),
        (true, &mut counters.tx_errors),
        (true, &mut counters.tx_dropped),
        (true, &mut counters.tx_fifo),
        (true, &mut counters.collisions),
        (true, &mut counters.tx_carrier),
        (full, &mut counters.tx_compressed),
    ];
    for (_, counter) in columns.into_iter().filter(|(there, _)| *there) {
        *counter = input.decimal()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] = b"  eth0: 1000 20 1 2 3 4 5 6 2000 30 7 8 9 10 11 12";

    #[test]
    fn the_counters_of_a_device_stand_behind_its_colon() {
        let line = device_line(LINE, DeviceForm::Full).unwrap();
        assert_eq!(line.name, b"eth0");
        assert_eq!((line.counters.rx_bytes, line.counters.rx_frame), (1000, 4));
        assert_eq!(
            (line.counters.tx_bytes, line.counters.tx_compressed),
            (2000, 12)
        );
        let apart = device_line(b"eth0 123 4", DeviceForm::Full).unwrap();
        assert_eq!((apart.name, apart.counters.rx_packets), (&b"eth0"[..], 4));
        let short = device_line(b"eth0:123 4 x 5", DeviceForm::Full).unwrap();
        assert_eq!(
            (short.counters.rx_packets, short.counters.rx_errors),
            (4, 0)
        );
        assert_eq!(short.counters.rx_dropped, 0);
    }

    #[test]
    fn older_kernels_have_fewer_counters() {
        for (title, form, [rx_packets, tx_packets, carrier]) in [
            (
                &b"|bytes packets compressed"[..],
                DeviceForm::Full,
                [20, 30, 11],
            ),
            (b"|bytes packets", DeviceForm::Bytes, [20, 6, 9]),
            (b"|packets", DeviceForm::Packets, [1000, 4, 7]),
        ] {
            assert_eq!(DeviceForm::of(title), form);
            let counters = device_line(LINE, form).unwrap().counters;
            assert_eq!(
                [
                    counters.rx_packets,
                    counters.tx_packets,
                    counters.tx_carrier
                ],
                [rx_packets, tx_packets, carrier]
            );
        }
    }

    #[test]
    fn mutated_lines_never_panic() {
        let mut random = Random::new(3);
        for _ in 0..5000 {
            std::hint::black_box(device_line(&mutate(LINE, &mut random), DeviceForm::Full));
        }
    }
}
