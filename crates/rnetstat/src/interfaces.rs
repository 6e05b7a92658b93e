//! The listing of network interfaces (`-i`): which there are, in which order, with what is known
//! of each.

mod hardware;
mod long;
mod order;
mod short;

use std::io::Read as _;

use applet::Exit;
use sockcore::addr::Address;
use sockcore::netlink::route::{LinkMap, visit_addresses, visit_links};
use sockcore::procfs::device_counters::{DeviceCounters, DeviceForm, device_line};
use sockcore::procfs::inet6_addresses::Inet6Addresses;
use sockcore::procfs::lines::Lines;

use crate::work::Work;

/// `IFF_*`, the low 16 bits of an interface's flags.
mod flag {
    pub(super) const UP: u16 = 0x1;
    pub(super) const BROADCAST: u16 = 0x2;
    pub(super) const POINTOPOINT: u16 = 0x10;
    pub(super) const PORTSEL: u16 = 0x2000;
    pub(super) const AUTOMEDIA: u16 = 0x4000;
}

/// An interface, or an alias of one.
#[derive(Debug)]
struct Interface {
    name: Vec<u8>,
    index: u32,
    kind: u16,
    flags: u16,
    mtu: u32,
    hardware: Vec<u8>,
    transmit_queue: u32,
    map: LinkMap,
    is_alias: bool,
    counters: Option<DeviceCounters>,
    inet: Option<Inet>,
}

/// The IPv4 address of a name or label.
#[derive(Clone, Copy, Debug)]
struct Inet {
    local: Address,
    mask: Address,
    broadcast: Option<Address>,
    destination: Address,
}

/// An IPv6 address of a device.
struct Inet6 {
    device: Vec<u8>,
    address: Address,
    prefix: i32,
    scope: u32,
}

pub(crate) fn show(work: &mut Work<'_, '_>) -> Exit {
    // Rounds after the first repeat the titles of the columns only.
    if work.round == 0 {
        work.streams.out.put(b"Kernel Interface table\n");
    }
    let long = work.plan.extend > 0;
    let interfaces = gather(work);
    let shown = interfaces
        .iter()
        .filter(|interface| work.plan.all || interface.flags & flag::UP != 0);
    if long {
        let inet6 = inet6(work);
        for interface in shown {
            long::show(work.streams, interface, &inet6);
        }
    } else {
        let out = work.streams.out.buffer();
        short::titles(out);
        for interface in shown {
            short::row(out, interface);
        }
        work.streams.out.settle();
    }
    Exit::SUCCESS
}

/// The interfaces, and the labels of IPv4 addresses that are no interface's name, sorted.
fn gather(work: &mut Work<'_, '_>) -> Vec<Interface> {
    let counters = counters(work);
    let mut all: Vec<Interface> = Vec::new();
    let links = visit_links(&mut |link| {
        let known = counters.iter().find(|(name, _)| name == link.name);
        all.push(Interface {
            name: link.name.to_vec(),
            index: link.index.0,
            kind: link.kind,
            flags: (link.flags & 0xffff) as u16,
            mtu: link.mtu,
            hardware: link.address.to_vec(),
            transmit_queue: link.transmit_queue,
            map: link.map,
            is_alias: false,
            counters: known.map(|&(_, counters)| counters),
            inet: None,
        });
    });
    let addresses = visit_addresses(&mut |address| {
        let bits = u32::MAX
            .checked_shl(32 - u32::from(address.prefix.min(32)))
            .unwrap_or(0);
        let inet = Inet {
            local: address.local,
            mask: Address::v4(bits.to_be_bytes()),
            broadcast: address.broadcast,
            destination: address.peer,
        };
        if let Some(known) = all
            .iter_mut()
            .find(|interface| interface.name == address.label)
        {
            known.inet.get_or_insert(inet);
            return;
        }
        let Some(device) = all
            .iter()
            .find(|interface| interface.index == address.index.0 && !interface.is_alias)
        else {
            return;
        };
        let alias = Interface {
            name: address.label.to_vec(),
            hardware: device.hardware.clone(),
            is_alias: true,
            counters: None,
            inet: Some(inet),
            ..*device
        };
        all.push(alias);
    });
    if links.is_err() || addresses.is_err() {
        work.streams
            .complain(b"No usable address families found.\n");
    }
    // Listed is what the file of counters names and what has an address.
    all.retain(|interface| interface.counters.is_some() || interface.inet.is_some());
    all.sort_by(|one, other| order::compare(&one.name, &other.name));
    all
}

fn counters(work: &mut Work<'_, '_>) -> Vec<(Vec<u8>, DeviceCounters)> {
    let mut all = Vec::new();
    match work.system.processes.open("net/dev") {
        Ok(file) => {
            let mut lines = Lines::new(file);
            let _ = lines.next_line();
            let title = lines.next_line().ok().flatten();
            let form = DeviceForm::of(title.unwrap_or_default());
            while let Ok(Some(line)) = lines.next_line() {
                if let Some(line) = device_line(line, form) {
                    all.push((line.name.to_vec(), line.counters));
                }
            }
        }
        Err(error) => {
            let text = format!(
                "Warning: cannot open /proc/net/dev ({}). Limited output.\n",
                error.errno.text()
            );
            work.streams.complain(text.as_bytes());
        }
    }
    all
}

fn inet6(work: &Work<'_, '_>) -> Vec<Inet6> {
    let mut all = Vec::new();
    if let Ok(mut file) = work.system.processes.open("net/if_inet6") {
        let mut text = Vec::new();
        // What was read before an error counts.
        let _ = file.read_to_end(&mut text);
        let mut addresses = Inet6Addresses::new(&text);
        while let Some(line) = addresses.next_address() {
            all.push(Inet6 {
                device: line.device.to_vec(),
                address: line.address,
                prefix: line.prefix,
                scope: line.scope,
            });
        }
    }
    all
}
