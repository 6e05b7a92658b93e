//! Operands that name an end of a socket: `[FAMILY:]ADDRESS[:PORT]`, or where ports are compared
//! `[FAMILY:]PORT`.

use sockcore::filter::{Condition, End, Glob, Host, HostFamily};

use super::operand::{Operand, device_index};
use super::{Context, FilterError, address, number};
use crate::ethernet;
use crate::rows::ProtocolNames;
use crate::rpc::RpcPort;
use crate::tables::{Family, FamilySet, TableSet};

/// What an operand may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Address,
    Port,
}

/// What an end is compared with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hosts {
    Numbers(Vec<Host>),
    Name(Glob),
}

impl Hosts {
    /// The condition that an end of a socket is one of these.
    pub(super) fn at(self, end: End) -> Condition {
        match self {
            Self::Numbers(hosts) => Condition::Host { end, hosts },
            Self::Name(pattern) => Condition::Name { end, pattern },
        }
    }

    /// The port for a comparison; −1: none.
    pub(super) fn port(&self) -> i64 {
        match self {
            Self::Numbers(hosts) => hosts.first().map_or(-1, |host| host.port),
            Self::Name(_) => -1,
        }
    }
}

static PREFIXES: &[(&str, Family)] = &[
    ("unix:", Family::Unix),
    ("link:", Family::Link),
    ("netlink:", Family::Netlink),
    ("vsock:", Family::Vsock),
    ("inet:", Family::Inet),
    ("inet6:", Family::Inet6),
];

/// Ends what is wrong with any address.
const REFUSED: &[u8] = b"Cannot parse dst/src address.\n";

/// Reads an operand. Its family, if it has or inherits one, becomes the only one that is listed.
pub(super) fn parse(
    word: &[u8],
    mode: Mode,
    context: &mut Context<'_>,
) -> Result<Operand, FilterError> {
    let prefix = PREFIXES
        .iter()
        .find_map(|(prefix, family)| Some((*family, word.strip_prefix(prefix.as_bytes())?)));
    let (family, word) = match prefix {
        Some((family, rest)) => (Some(family), rest),
        None => (context.selection.preferred, word),
    };
    let hosts = match family {
        Some(Family::Unix) => Some(Hosts::Name(Glob::new(word, context.caret_negates))),
        Some(Family::Link) => link(word, mode, context).map(one),
        Some(Family::Netlink) => netlink(word, mode).map(one),
        Some(Family::Vsock) => vsock(word, mode).map(one),
        _ => Some(Hosts::Numbers(inet(word, mode, family, context)?)),
    };
    let hosts = hosts.ok_or_else(|| FilterError::operand(REFUSED))?;
    if let Some(family) = family {
        context.selection.families = FamilySet::of(family);
        context.selection.preferred = Some(family);
    }
    Ok(Operand::Host(hosts))
}

fn one(host: Host) -> Hosts {
    Hosts::Numbers(vec![host])
}

/// Splits an address at its first colon; where ports are compared all of it is the port.
fn split(word: &[u8], mode: Mode) -> (&[u8], Option<&[u8]>) {
    if mode == Mode::Port {
        return (b"", Some(word.strip_prefix(b":").unwrap_or(word)));
    }
    let mut parts = word.splitn(2, |&byte| byte == b':');
    (parts.next().unwrap_or_default(), parts.next())
}

/// A host whose address is one number.
fn numbered(family: HostFamily, number: Option<u32>, port: i64) -> Host {
    let mut address = [0; 16];
    address[..4].copy_from_slice(&number.unwrap_or(0).to_ne_bytes());
    Host {
        family,
        address,
        length: if number.is_some() { 32 } else { 0 },
        port,
    }
}

/// What `text` says by `read`, or none if it stands for anything; the outer `None`: it is neither.
fn unless_any<T>(text: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<Option<T>> {
    match text {
        b"" | b"*" => Some(None),
        text => read(text).map(Some),
    }
}

fn link(word: &[u8], mode: Mode, context: &Context<'_>) -> Option<Host> {
    let (protocol, device) = split(word, mode);
    let device = unless_any(device.unwrap_or_default(), |text| {
        number::long(text).or_else(|| device_index(text, context).map(i64::from))
    })?;
    let protocol = unless_any(protocol, |text| {
        ethernet::number(text).or_else(|| u16::try_from(number::unsigned(text)?).ok())
    })?;
    let protocol = protocol.map(u32::from);
    Some(numbered(HostFamily::Packet, protocol, device.unwrap_or(-1)))
}

fn netlink(word: &[u8], mode: Mode) -> Option<Host> {
    let (protocol, port) = split(word, mode);
    let port = unless_any(port.unwrap_or_default(), |text| match text {
        b"kernel" => Some(0),
        text => number::long(text),
    })?;
    let protocol = unless_any(protocol, |text| {
        let named = ProtocolNames::read().number(text);
        named.or_else(|| u8::try_from(number::unsigned(text)?).ok())
    })?;
    let protocol = protocol.map(u32::from);
    Some(numbered(HostFamily::Netlink, protocol, port.unwrap_or(-1)))
}

/// A context id is read but stands for any. A port that is there is not empty.
fn vsock(word: &[u8], mode: Mode) -> Option<Host> {
    let (id, port) = split(word, mode);
    let port = match port {
        None | Some(b"*") => None,
        Some(port) => Some(number::unsigned(port)?),
    };
    unless_any(id, number::unsigned)?;
    let port = port.map_or(-1, i64::from);
    Some(numbered(HostFamily::Vsock, None, port))
}

/// An Internet address or port that stands for any.
fn stands_for_any(text: &[u8]) -> bool {
    matches!(text, [] | [b'*', ..])
}

fn inet(
    word: &[u8],
    mode: Mode,
    family: Option<Family>,
    context: &Context<'_>,
) -> Result<Vec<Host>, FilterError> {
    let (address, port) = match word {
        [b'[', rest @ ..] => {
            let Some(end) = rest.iter().position(|&byte| byte == b']') else {
                return Err(FilterError::operand(REFUSED));
            };
            let (address, port) = rest.split_at(end);
            (address, port.get(1..).unwrap_or_default())
        }
        [b'*', port @ ..] => (&b"*"[..], port),
        word => {
            let slash = word.iter().position(|&byte| byte == b'/').unwrap_or(0);
            let colon = word.iter().rposition(|&byte| byte == b':');
            word.split_at(colon.filter(|&colon| colon >= slash).unwrap_or(word.len()))
        }
    };
    let (address, port) = match (mode, word) {
        (Mode::Address, _) => (address, port),
        (Mode::Port, [b'[', ..]) => (&b""[..], address),
        (Mode::Port, word) => (&b""[..], word),
    };
    let port = port.strip_prefix(b":").unwrap_or(port);
    let port = if stands_for_any(port) {
        -1
    } else {
        port_number(port, context)
            .ok_or_else(|| refused(&[b"Error: \"", port, b"\" does not look like a port.\n"]))?
    };
    if stands_for_any(address) {
        return Ok(vec![Host { port, ..Host::ANY }]);
    }
    let mut hosts = address::hosts(address, &address::Kinds::of(family), context.names)
        .ok_or_else(|| {
            refused(&[
                b"Error: an inet prefix is expected rather than \"",
                address,
                b"\".\n",
            ])
        })?;
    for host in &mut hosts {
        host.port = port;
    }
    Ok(hosts)
}

fn refused(parts: &[&[u8]]) -> FilterError {
    FilterError::operand([&parts.concat(), REFUSED].concat())
}

/// A number, or the name of a service of the protocols that are listed.
fn port_number(text: &[u8], context: &Context<'_>) -> Option<i64> {
    if let Some(port) = number::long(text) {
        return Some(port);
    }
    let tables = context.selection.tables;
    let named = |protocol| context.names.port(text, Some(protocol));
    let service = match (tables.meets(TableSet::TCP), tables.meets(TableSet::UDP)) {
        (false, false) => None,
        (true, false) => named("tcp"),
        (false, true) => named("udp"),
        // A service of both protocols has the number that TCP gives it.
        (true, true) => named("tcp").or_else(|| context.names.late_udp_port(text)),
    };
    let program = || {
        let programs = context.programs.iter();
        let named = |program: &&RpcPort| program.name.as_deref() == Some(text);
        programs
            .clone()
            .find(named)
            .map(|program| i64::from(program.port))
    };
    service.map(i64::from).or_else(program)
}
