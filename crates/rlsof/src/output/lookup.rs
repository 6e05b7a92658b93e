//! Names for users, hosts and ports, each asked for once.

use std::cell::{OnceCell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use sockcore::addr::{Address, InetFamily};
use sockcore::id::Uid;
use sockcore::names::NameService;
use sockcore::rpcbind::port_map;

use crate::kinds::decimal;
use crate::sockets::Transport;

/// After so many single questions the whole services database is read instead.
const SINGLE_QUESTIONS: u32 = 10;
/// Longer logins are cut.
const LOGIN: usize = 32;

/// Which numbers are shown by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Not with `-l`.
    pub(crate) logins: bool,
    /// Not with `-n`.
    pub(crate) hosts: bool,
    /// Not with `-P`.
    pub(crate) ports: bool,
    /// `+M`: of the programs that the port mapper knows.
    pub(crate) programs: bool,
}

/// What has been asked for and what came of it.
type Known<K> = FxHashMap<K, Option<Rc<[u8]>>>;

/// Looks names up. One lasts for a whole run, whatever the number of cycles.
pub(crate) struct Lookup<'n> {
    names: &'n dyn NameService,
    wanted: Wanted,
    logins: RefCell<Known<u32>>,
    hosts: RefCell<Known<[u8; 16]>>,
    services: RefCell<Services>,
    /// The programs that the port mapper knows; asked for once.
    programs: OnceCell<Programs>,
}

/// Names of programs by whether UDP and port.
type Programs = FxHashMap<(bool, u16), Rc<[u8]>>;

#[derive(Default)]
struct Services {
    known: Known<(bool, u16)>,
    questions: u32,
    whole: bool,
}

impl<'n> Lookup<'n> {
    pub(crate) fn new(names: &'n dyn NameService, wanted: Wanted) -> Self {
        Self {
            names,
            wanted,
            logins: RefCell::default(),
            hosts: RefCell::default(),
            services: RefCell::default(),
            programs: OnceCell::new(),
        }
    }

    /// Asks for every login anew.
    pub(crate) fn forget_logins(&self) {
        self.logins.borrow_mut().clear();
    }

    /// Whether logins are to be shown at all.
    pub(crate) fn wants_logins(&self) -> bool {
        self.wanted.logins
    }

    /// The login of a user; `None` when there is no entry, or logins are not wanted.
    pub(crate) fn login(&self, uid: Uid) -> Option<Rc<[u8]>> {
        if !self.wanted.logins {
            return None;
        }
        self.logins
            .borrow_mut()
            .entry(uid.0)
            .or_insert_with(|| {
                let name = self.names.user(uid)?;
                Some(name.get(..LOGIN).unwrap_or(&name).into())
            })
            .clone()
    }

    /// Appends a host: its name, or the address.
    pub(crate) fn host(&self, address: Address, into: &mut Vec<u8>) {
        if let Some(name) = self.host_name(address) {
            return into.extend_from_slice(&name);
        }
        match address.family {
            InetFamily::V4 => ipv4(address.octets4(), into),
            InetFamily::V6 => {
                into.push(b'[');
                ipv6(address.bytes, into);
                into.push(b']');
            }
        }
    }

    fn host_name(&self, address: Address) -> Option<Rc<[u8]>> {
        if !self.wanted.hosts {
            return None;
        }
        let key = match address.family {
            InetFamily::V6 => address.bytes,
            // No socket has this IPv6 address: it stands for the IPv4 one.
            InetFamily::V4 => {
                let [a, b, c, d] = address.octets4();
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d]
            }
        };
        let known = self.hosts.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let ip: IpAddr = address.to_ip();
            let name: Option<Rc<[u8]>> = self.names.host(ip).map(Into::into);
            self.hosts.borrow_mut().insert(key, name.clone());
            name
        })
    }

    /// Appends a port that is not zero: its service, or the number.
    pub(crate) fn port(&self, port: u16, transport: Transport, into: &mut Vec<u8>) {
        match self.service(port, transport) {
            Some(name) => into.extend_from_slice(&name),
            None => decimal(port.into(), into),
        }
    }

    /// Appends the program that the port mapper knows behind a port of this machine.
    pub(crate) fn program(&self, port: u16, transport: Transport, into: &mut Vec<u8>) {
        let Some(udp) = is_udp(transport).filter(|_| self.wanted.programs && port != 0) else {
            return;
        };
        let programs = self.programs.get_or_init(|| self.read_programs());
        if let Some(program) = programs.get(&(udp, port)) {
            into.push(b'[');
            into.extend_from_slice(program);
            into.push(b']');
        }
    }

    fn read_programs(&self) -> Programs {
        const UDP: u32 = 17;
        let mut programs = Programs::default();
        for mapping in port_map().unwrap_or_default() {
            // The first one of a port counts.
            programs
                .entry((mapping.protocol == UDP, mapping.port))
                .or_insert_with(|| {
                    let number = || {
                        let mut digits = Vec::new();
                        decimal(mapping.program.into(), &mut digits);
                        digits
                    };
                    let name = self.names.rpc_program(mapping.program);
                    Rc::from(name.unwrap_or_else(number))
                });
        }
        programs
    }

    fn service(&self, port: u16, transport: Transport) -> Option<Rc<[u8]>> {
        let udp = is_udp(transport)?;
        if !self.wanted.ports {
            return None;
        }
        let mut services = self.services.borrow_mut();
        if let Some(known) = services.known.get(&(udp, port)) {
            return known.clone();
        }
        if services.whole {
            return None;
        }
        if services.questions < SINGLE_QUESTIONS {
            services.questions += 1;
            let protocol = if udp { "udp" } else { "tcp" };
            let name: Option<Rc<[u8]>> = self.names.service(port, Some(protocol)).map(Into::into);
            services.known.insert((udp, port), name.clone());
            return name;
        }
        services.whole = true;
        self.names.services(&mut |name, port, protocol| {
            let udp = match protocol {
                b"tcp" => false,
                b"udp" => true,
                _ => return,
            };
            // The first entry of a port wins.
            services
                .known
                .entry((udp, port))
                .or_insert_with(|| Some(name.into()));
        });
        services.known.get(&(udp, port)).cloned().flatten()
    }
}

/// UDP or TCP; `None`: neither, so that its ports have no names.
fn is_udp(transport: Transport) -> Option<bool> {
    match transport {
        Transport::Tcp => Some(false),
        Transport::Udp => Some(true),
        Transport::UdpLite => None,
    }
}

fn ipv4(octets: [u8; 4], into: &mut Vec<u8>) {
    for (index, octet) in octets.into_iter().enumerate() {
        if index > 0 {
            into.push(b'.');
        }
        decimal(octet.into(), into);
    }
}

/// As the C library's `inet_ntop` writes it: the first longest run of at least two zero groups
/// as `::`, the last four bytes dotted where the address is IPv4-mapped or IPv4-compatible.
fn ipv6(bytes: [u8; 16], into: &mut Vec<u8>) {
    let mut groups = [0u16; 8];
    for (group, pair) in groups.iter_mut().zip(bytes.chunks_exact(2)) {
        *group = u16::from_be_bytes([pair[0], pair[1]]);
    }
    let (start, length) = longest_zeros(&groups);
    let dotted = start == 0 && (length == 6 || (length == 5 && groups[5] == 0xffff));
    let mut index = 0;
    while index < 8 {
        if length > 0 && index == start {
            into.push(b':');
            index += length;
            if index == 8 {
                into.push(b':');
            }
            continue;
        }
        if index > 0 {
            into.push(b':');
        }
        if dotted && index == 6 {
            return ipv4([bytes[12], bytes[13], bytes[14], bytes[15]], into);
        }
        hex(groups.get(index).copied().unwrap_or(0), into);
        index += 1;
    }
}

fn hex(value: u16, into: &mut Vec<u8>) {
    let mut shift = 12;
    while shift > 0 && value >> shift == 0 {
        shift -= 4;
    }
    loop {
        let digit = usize::from(value >> shift & 15);
        into.push(b"0123456789abcdef".get(digit).copied().unwrap_or(b'0'));
        if shift == 0 {
            break;
        }
        shift -= 4;
    }
}

fn longest_zeros(groups: &[u16; 8]) -> (usize, usize) {
    let mut best = (0, 0);
    let mut index = 0;
    while index < 8 {
        let run = groups
            .iter()
            .skip(index)
            .take_while(|&&group| group == 0)
            .count();
        if run > best.1 && run > 1 {
            best = (index, run);
        }
        index += run.max(1);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(address: &str) -> String {
        let ip: std::net::Ipv6Addr = address.parse().unwrap();
        let mut into = Vec::new();
        ipv6(ip.octets(), &mut into);
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn ipv6_addresses_are_written_as_the_c_library_does() {
        for same in [
            "::1",
            "::2",
            "fe80::1",
            "2001:db8::1:0:0:1",
            "1:2:3:4:5:6:7:8",
            "::ffff:1.2.3.4",
            "::1.2.3.4",
            "1::",
            "1:0:2:3:4:5:6:7",
        ] {
            assert_eq!(text(same), same);
        }
        assert_eq!(text("::"), "::");
        assert_eq!(text("64:ff9b::1.2.3.4"), "64:ff9b::102:304");
        assert_eq!(text("0:0:1::"), "0:0:1::");
    }
}
