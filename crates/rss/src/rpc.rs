//! Ports that belong to registered remote procedure programs.

use sockcore::names::NameService;
use sockcore::procfs::lines::Fields;
use sockcore::rpcbind::registrations;

use crate::names::PortKind;

/// A program's port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RpcPort {
    pub(crate) port: i32,
    pub(crate) kind: PortKind,
    /// `rpc.` and the program's name; `None`: the program has none.
    pub(crate) name: Option<Vec<u8>>,
}

/// The ports of all programs, the one that counts first.
pub(crate) fn ports(names: &dyn NameService) -> Vec<RpcPort> {
    let mut ports: Vec<RpcPort> = registrations()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|registration| {
            let kind = kind_of(&registration.transport)?;
            let port = port_of(&registration.address)?;
            let name = names.rpc_program(registration.program);
            let name = name.map(|name| [b"rpc.", &name[..]].concat());
            Some(RpcPort { port, kind, name })
        })
        .collect();
    // Of several programs at one port the last counts.
    ports.reverse();
    ports
}

fn kind_of(transport: &[u8]) -> Option<PortKind> {
    match transport {
        b"tcp" | b"tcp6" => Some(PortKind::Tcp),
        b"udp" | b"udp6" => Some(PortKind::Udp),
        _ => None,
    }
}

/// The port in a universal address of any host; others are passed over.
fn port_of(address: &[u8]) -> Option<i32> {
    let port = address
        .strip_prefix(b"0.0.0.0.")
        .or_else(|| address.strip_prefix(b"::."))?;
    let mut fields = Fields(port);
    let high = number(&mut fields)?;
    fields.eat(b'.').then_some(())?;
    let low = number(&mut fields)?;
    Some(high << 8 | low)
}

/// C's `%d`.
fn number(fields: &mut Fields<'_>) -> Option<i32> {
    fields.skip_space();
    fields.eat(b'+');
    fields.signed().map(|number| number as i32)
}

#[cfg(test)]
mod tests {
    use super::port_of;

    #[test]
    fn only_addresses_of_any_host_have_a_port() {
        for (address, port) in [
            ("0.0.0.0.15.161", Some(4001)),
            ("::.0.111", Some(111)),
            ("0.0.0.0.15.161x", Some(4001)),
            ("0.0.0.0.15.417", Some(4001)),
            ("127.0.0.1.15.161", None),
            ("::1.15.161", None),
            ("0.0.0.0.15", None),
            ("/run/rpcbind.sock", None),
            ("", None),
        ] {
            assert_eq!(port_of(address.as_bytes()), port, "{address}");
        }
    }
}
