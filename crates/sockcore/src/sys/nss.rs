//! The system's name service (NSS), which only the C library speaks.
//!
//! The `getserv*`, `getproto*`, `gethost*` and `getnet*` families answer in static storage: they
//! must be called from one thread only, which callers of [`crate::names::NameService`] keep (the
//! trait object is not `Send`). Every answer is copied out before the next call.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::addr::InetFamily;
use crate::names::EachService;

unsafe extern "C" {
    fn gethostbyaddr(
        address: *const c_void,
        length: libc::socklen_t,
        family: c_int,
    ) -> *mut libc::hostent;
    fn gethostbyname2(name: *const c_char, family: c_int) -> *mut libc::hostent;
    fn getnetbyaddr(network: u32, family: c_int) -> *mut NetEnt;
    fn setprotoent(stay_open: c_int);
    fn getprotoent() -> *mut libc::protoent;
    fn endprotoent();
    fn setservent(stay_open: c_int);
    fn getservent() -> *mut libc::servent;
    fn endservent();
    fn getrpcbynumber(number: c_int) -> *mut RpcEnt;
}

/// `struct rpcent` of <rpc/netdb.h>.
#[repr(C)]
struct RpcEnt {
    name: *mut c_char,
    aliases: *mut *mut c_char,
    number: c_int,
}

/// `struct netent` of <netdb.h>.
#[repr(C)]
struct NetEnt {
    name: *mut c_char,
    aliases: *mut *mut c_char,
    family: c_int,
    network: u32,
}

/// Copies a C string out of static storage.
///
/// # Safety
/// `text` is null or a terminated string that stays unchanged during the call.
unsafe fn copy(text: *const c_char) -> Option<Vec<u8>> {
    if text.is_null() {
        return None;
    }
    // SAFETY: by the contract of this function.
    Some(unsafe { CStr::from_ptr(text) }.to_bytes().to_vec())
}

/// Calls one of the `getpw*_r` functions with a buffer that grows until the entry fits.
fn passwd<T>(
    call: impl Fn(*mut libc::passwd, &mut [c_char], *mut *mut libc::passwd) -> c_int,
    take: impl Fn(&libc::passwd) -> Option<T>,
) -> Option<T> {
    let mut buffer: Vec<c_char> = vec![0; 1024];
    loop {
        // SAFETY: a zeroed passwd is a valid value (null pointers, zero ids).
        let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
        let mut found = std::ptr::null_mut();
        match call(&raw mut entry, &mut buffer, &raw mut found) {
            0 if found.is_null() => return None,
            0 => return take(&entry),
            libc::ERANGE if buffer.len() < 1 << 20 => buffer.resize(buffer.len() * 4, 0),
            libc::EINTR => {}
            _ => return None,
        }
    }
}

pub(crate) fn user_name(uid: u32) -> Option<Vec<u8>> {
    passwd(
        |entry, buffer, found| {
            // SAFETY: all pointers are valid for the call; the length is the buffer's.
            unsafe { libc::getpwuid_r(uid, entry, buffer.as_mut_ptr(), buffer.len(), found) }
        },
        // SAFETY: a found entry's name is a terminated string in the buffer, which lives.
        |entry| unsafe { copy(entry.pw_name) },
    )
}

pub(crate) fn user_id(login: &[u8]) -> Option<u32> {
    let login = CString::new(login).ok()?;
    passwd(
        |entry, buffer, found| {
            // SAFETY: all pointers are valid for the call; the length is the buffer's.
            unsafe {
                libc::getpwnam_r(
                    login.as_ptr(),
                    entry,
                    buffer.as_mut_ptr(),
                    buffer.len(),
                    found,
                )
            }
        },
        |entry| Some(entry.pw_uid),
    )
}

fn optional(protocol: Option<&str>) -> Option<CString> {
    protocol.and_then(|name| CString::new(name).ok())
}

fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_ptr())
}

pub(crate) fn service_name(port: u16, protocol: Option<&str>) -> Option<Vec<u8>> {
    let protocol = optional(protocol);
    let port = c_int::from(port.to_be());
    // SAFETY: the protocol is null or terminated; the answer is copied before any other call.
    unsafe {
        let entry = libc::getservbyport(port, pointer(protocol.as_ref()));
        entry.as_ref().and_then(|entry| copy(entry.s_name))
    }
}

pub(crate) fn service_port(service: &[u8], protocol: Option<&str>) -> Option<u16> {
    let service = CString::new(service).ok()?;
    let protocol = optional(protocol);
    // SAFETY: both arguments are null or terminated; the answer is copied at once.
    let entry = unsafe {
        libc::getservbyname(service.as_ptr(), pointer(protocol.as_ref()))
            .as_ref()?
            .s_port
    };
    host_order(entry)
}

pub(crate) fn late_udp_port(service: &[u8]) -> Option<u16> {
    let service = CString::new(service).ok()?;
    // SAFETY: all arguments are terminated. The answer is a static struct that stays where it is
    // as long as the process lives; the second call may write to it, on this thread, and is over
    // when the port is read.
    let entry = unsafe {
        let udp = libc::getservbyname(service.as_ptr(), c"udp".as_ptr());
        let _tcp = libc::getservbyname(service.as_ptr(), c"tcp".as_ptr());
        if udp.is_null() {
            return None;
        }
        std::ptr::addr_of!((*udp).s_port).read()
    };
    host_order(entry)
}

/// `s_port` holds a port in network order in its low 16 bits.
fn host_order(port: c_int) -> Option<u16> {
    u16::try_from(port & 0xffff).ok().map(u16::from_be)
}

pub(crate) fn for_each_service(each: EachService<'_>) {
    // SAFETY: these take no pointers; each entry is used before the next call.
    unsafe {
        setservent(1);
        while let Some(entry) = getservent().as_ref() {
            let name = copy(entry.s_name).unwrap_or_default();
            let protocol = copy(entry.s_proto).unwrap_or_default();
            if let Some(port) = host_order(entry.s_port) {
                each(&name, port, &protocol);
            }
        }
        endservent();
    }
}

pub(crate) fn protocol_name(number: u8) -> Option<Vec<u8>> {
    // SAFETY: the answer is copied before any other call.
    unsafe {
        libc::getprotobynumber(number.into())
            .as_ref()
            .and_then(|entry| copy(entry.p_name))
    }
}

pub(crate) fn rpc_program_name(number: u32) -> Option<Vec<u8>> {
    // SAFETY: the answer is copied before any other call.
    unsafe {
        getrpcbynumber(number.cast_signed())
            .as_ref()
            .and_then(|entry| copy(entry.name))
    }
}

pub(crate) fn for_each_protocol(each: &mut dyn FnMut(&[u8], i32)) {
    // SAFETY: these take no pointers; each entry is used before the next call.
    unsafe {
        setprotoent(1);
        while let Some(entry) = getprotoent().as_ref() {
            let name = copy(entry.p_name).unwrap_or_default();
            each(&name, entry.p_proto);
        }
        endprotoent();
    }
}

pub(crate) fn host_by_address(address: IpAddr) -> Option<Vec<u8>> {
    let (bytes, family) = match address {
        IpAddr::V4(v4) => (v4.octets().to_vec(), libc::AF_INET),
        IpAddr::V6(v6) => (v6.octets().to_vec(), libc::AF_INET6),
    };
    let length = libc::socklen_t::try_from(bytes.len()).ok()?;
    // SAFETY: pointer and length describe the address; the answer is copied at once.
    unsafe {
        let entry = gethostbyaddr(bytes.as_ptr().cast(), length, family);
        entry.as_ref().and_then(|entry| copy(entry.h_name))
    }
}

pub(crate) fn host_text(address: IpAddr) -> Option<Vec<u8>> {
    let mut host = [0u8; libc::NI_MAXHOST as usize];
    // SAFETY: zeroed socket addresses are valid values; each is passed with its own size, and
    // the host buffer with its length.
    let status = unsafe {
        match address {
            IpAddr::V4(v4) => {
                let mut name: libc::sockaddr_in = std::mem::zeroed();
                name.sin_family = libc::AF_INET as libc::sa_family_t;
                name.sin_addr.s_addr = u32::from_ne_bytes(v4.octets());
                name_info((&raw const name).cast(), size_of_val(&name), &mut host)
            }
            IpAddr::V6(v6) => {
                let mut name: libc::sockaddr_in6 = std::mem::zeroed();
                name.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                name.sin6_addr.s6_addr = v6.octets();
                name_info((&raw const name).cast(), size_of_val(&name), &mut host)
            }
        }
    };
    (status == 0).then_some(())?;
    Some(CStr::from_bytes_until_nul(&host).ok()?.to_bytes().to_vec())
}

/// # Safety
/// `name` points to a socket address of `size` bytes.
unsafe fn name_info(name: *const libc::sockaddr, size: usize, host: &mut [u8]) -> c_int {
    let size = libc::socklen_t::try_from(size).unwrap_or(0);
    let length = libc::socklen_t::try_from(host.len()).unwrap_or(0);
    // SAFETY: by the contract of this function; no service is asked for.
    unsafe {
        libc::getnameinfo(
            name,
            size,
            host.as_mut_ptr().cast(),
            length,
            std::ptr::null_mut(),
            0,
            0,
        )
    }
}

pub(crate) fn host_addresses(host: &[u8], family: InetFamily) -> Vec<IpAddr> {
    let Ok(host) = CString::new(host) else {
        return Vec::new();
    };
    let (family, size) = match family {
        InetFamily::V4 => (libc::AF_INET, 4),
        InetFamily::V6 => (libc::AF_INET6, 16),
    };
    let mut addresses = Vec::new();
    // SAFETY: the name is terminated. A found entry's address list ends with a null pointer and
    // each address has `h_length` bytes; everything is copied before any other call.
    unsafe {
        let Some(entry) = gethostbyname2(host.as_ptr(), family).as_ref() else {
            return addresses;
        };
        if entry.h_addrtype != family || entry.h_length != size {
            return addresses;
        }
        let mut list = entry.h_addr_list;
        while !list.is_null() && !(*list).is_null() {
            let bytes = *list;
            addresses.push(if size == 4 {
                IpAddr::V4(Ipv4Addr::from(bytes.cast::<[u8; 4]>().read_unaligned()))
            } else {
                IpAddr::V6(Ipv6Addr::from(bytes.cast::<[u8; 16]>().read_unaligned()))
            });
            list = list.add(1);
        }
    }
    addresses
}

pub(crate) fn network_name(network: u32) -> Option<Vec<u8>> {
    // SAFETY: the answer is copied before any other call.
    unsafe {
        getnetbyaddr(network, libc::AF_INET)
            .as_ref()
            .and_then(|entry| copy(entry.name))
    }
}
