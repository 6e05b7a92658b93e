//! Names for numbers: users, services, protocols, hosts, devices.
//!
//! The live answers come from the system's name service; tests bring tables of their own.

use std::net::IpAddr;

use crate::addr::InetFamily;
use crate::id::{IfIndex, Uid};

/// Receives name, port and protocol of one services entry.
pub type EachService<'e> = &'e mut dyn FnMut(&[u8], u16, &[u8]);

/// Where names come from. Names are bytes: nothing says they are UTF-8. Nothing is cached
/// here: the tools cache differently, visibly so.
pub trait NameService {
    /// Login name of a user (`getpwuid`).
    fn user(&self, uid: Uid) -> Option<Vec<u8>>;
    /// User id of a login name (`getpwnam`).
    fn uid(&self, login: &[u8]) -> Option<Uid>;
    /// Service name of a port in host order (`getservbyport`); `protocol` `None`: any.
    fn service(&self, port: u16, protocol: Option<&str>) -> Option<Vec<u8>>;
    /// Port of a service name or alias (`getservbyname`); `protocol` `None`: any.
    fn port(&self, service: &[u8], protocol: Option<&str>) -> Option<u16>;
    /// Port of a UDP service or alias as a program finds it that reads `getservbyname`'s static
    /// answer only after it has asked for the same name of TCP: that of UDP where the C library
    /// keeps the answer, else of whatever entry it wrote there since.
    fn late_udp_port(&self, service: &[u8]) -> Option<u16> {
        self.port(service, Some("udp"))
    }
    /// Calls `each` for every entry of the services database in order (`getservent`):
    /// name, port, protocol.
    fn services(&self, each: EachService<'_>);
    /// Name of an IP protocol number (`getprotobynumber`).
    fn protocol(&self, number: u8) -> Option<Vec<u8>>;
    /// Calls `each` for every entry of the protocols database in order (`getprotoent`).
    fn protocols(&self, each: &mut dyn FnMut(&[u8], i32));
    /// Name of a remote procedure program (`getrpcbynumber`); none unless the service knows.
    fn rpc_program(&self, _number: u32) -> Option<Vec<u8>> {
        None
    }
    /// Canonical host name of an address (`gethostbyaddr`).
    fn host(&self, address: IpAddr) -> Option<Vec<u8>>;
    /// Host name of an address by `getnameinfo` without `NI_NAMEREQD`: always some text.
    fn host_text(&self, address: IpAddr) -> Option<Vec<u8>>;
    /// Addresses of a host name in one family (`gethostbyname2`), in order.
    fn addresses(&self, host: &[u8], family: InetFamily) -> Vec<IpAddr>;
    /// Name of a network (`getnetbyaddr`), `network` in host order.
    fn network(&self, network: u32) -> Option<Vec<u8>>;
    /// Device name of an interface index in the current network namespace.
    fn interface(&self, index: IfIndex) -> Option<Vec<u8>>;
    /// Interface index of a device name or an alternative name.
    fn interface_index(&self, name: &[u8]) -> Option<IfIndex>;
}

/// No names at all: every number stays one.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumericNames;

impl NameService for NumericNames {
    fn user(&self, _uid: Uid) -> Option<Vec<u8>> {
        None
    }

    fn uid(&self, _login: &[u8]) -> Option<Uid> {
        None
    }

    fn service(&self, _port: u16, _protocol: Option<&str>) -> Option<Vec<u8>> {
        None
    }

    fn port(&self, _service: &[u8], _protocol: Option<&str>) -> Option<u16> {
        None
    }

    fn services(&self, _each: EachService<'_>) {}

    fn protocol(&self, _number: u8) -> Option<Vec<u8>> {
        None
    }

    fn protocols(&self, _each: &mut dyn FnMut(&[u8], i32)) {}

    fn host(&self, _address: IpAddr) -> Option<Vec<u8>> {
        None
    }

    fn host_text(&self, _address: IpAddr) -> Option<Vec<u8>> {
        None
    }

    fn addresses(&self, _host: &[u8], _family: InetFamily) -> Vec<IpAddr> {
        Vec::new()
    }

    fn network(&self, _network: u32) -> Option<Vec<u8>> {
        None
    }

    fn interface(&self, _index: IfIndex) -> Option<Vec<u8>> {
        None
    }

    fn interface_index(&self, _name: &[u8]) -> Option<IfIndex> {
        None
    }
}

/// The system's name service.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNames;

impl NameService for SystemNames {
    fn user(&self, uid: Uid) -> Option<Vec<u8>> {
        crate::sys::nss::user_name(uid.0)
    }

    fn uid(&self, login: &[u8]) -> Option<Uid> {
        crate::sys::nss::user_id(login).map(Uid)
    }

    fn service(&self, port: u16, protocol: Option<&str>) -> Option<Vec<u8>> {
        crate::sys::nss::service_name(port, protocol)
    }

    fn port(&self, service: &[u8], protocol: Option<&str>) -> Option<u16> {
        crate::sys::nss::service_port(service, protocol)
    }

    fn late_udp_port(&self, service: &[u8]) -> Option<u16> {
        crate::sys::nss::late_udp_port(service)
    }

    fn services(&self, each: EachService<'_>) {
        crate::sys::nss::for_each_service(each);
    }

    fn protocol(&self, number: u8) -> Option<Vec<u8>> {
        crate::sys::nss::protocol_name(number)
    }

    fn protocols(&self, each: &mut dyn FnMut(&[u8], i32)) {
        crate::sys::nss::for_each_protocol(each);
    }

    fn rpc_program(&self, number: u32) -> Option<Vec<u8>> {
        crate::sys::nss::rpc_program_name(number)
    }

    fn host(&self, address: IpAddr) -> Option<Vec<u8>> {
        crate::sys::nss::host_by_address(address)
    }

    fn host_text(&self, address: IpAddr) -> Option<Vec<u8>> {
        crate::sys::nss::host_text(address)
    }

    fn addresses(&self, host: &[u8], family: InetFamily) -> Vec<IpAddr> {
        crate::sys::nss::host_addresses(host, family)
    }

    fn network(&self, network: u32) -> Option<Vec<u8>> {
        crate::sys::nss::network_name(network)
    }

    fn interface(&self, index: IfIndex) -> Option<Vec<u8>> {
        crate::sys::interface_name(index.0)
    }

    fn interface_index(&self, name: &[u8]) -> Option<IfIndex> {
        // Names longer than this the C library's call cuts off.
        if name.len() >= libc::IF_NAMESIZE {
            return crate::netlink::route::index_of_alternative(name);
        }
        crate::sys::interface_index(name).map(IfIndex)
    }
}
