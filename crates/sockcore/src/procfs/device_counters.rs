//! Interface counters: `/proc/net/dev`.

use super::lines::Fields;

/// One interface's line of `/proc/net/dev`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLine<'a> {
    /// The name before the last colon of the name field: of any length.
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

/// Reads a line behind the two title lines. Numbers that are missing are 0.
#[must_use]
pub fn device_line(line: &[u8]) -> Option<DeviceLine<'_>> {
    // An alias has a colon of its own: the one that ends the name stands before a blank or a
    // number.
    let start = line.iter().position(|&byte| byte != b' ')?;
    let line = line.get(start..)?;
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line.get(..colon)?;
    let mut fields = Fields(line.get(colon + 1..)?);
    let mut next = || fields.decimal().unwrap_or(0);
    let counters = DeviceCounters {
        rx_bytes: next(),
        rx_packets: next(),
        rx_errors: next(),
        rx_dropped: next(),
        rx_fifo: next(),
        rx_frame: next(),
        rx_compressed: next(),
        rx_multicast: next(),
        tx_bytes: next(),
        tx_packets: next(),
        tx_errors: next(),
        tx_dropped: next(),
        tx_fifo: next(),
        collisions: next(),
        tx_carrier: next(),
        tx_compressed: next(),
    };
    Some(DeviceLine { name, counters })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const LINE: &[u8] = b"  eth0: 1000 20 1 2 3 4 5 6 2000 30 7 8 9 10 11 12";

    #[test]
    fn the_counters_of_a_device_stand_behind_its_colon() {
        let line = device_line(LINE).unwrap();
        assert_eq!(line.name, b"eth0");
        assert_eq!((line.counters.rx_bytes, line.counters.rx_frame), (1000, 4));
        assert_eq!(
            (line.counters.tx_bytes, line.counters.tx_compressed),
            (2000, 12)
        );
        assert_eq!(device_line(b"eth0:123 4").unwrap().counters.rx_packets, 4);
    }

    #[test]
    fn mutated_lines_never_panic() {
        let mut random = Random::new(3);
        for _ in 0..5000 {
            std::hint::black_box(device_line(&mutate(LINE, &mut random)));
        }
    }
}
