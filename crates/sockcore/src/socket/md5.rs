//! TCP MD5 signature keys: `struct tcp_diag_md5sig`.

use super::bytes::{block16_at, u8_at, u16_at};
use crate::addr::Address;

/// One key of `INET_DIAG_MD5SIG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Md5Key<'a> {
    /// `tcpm_family`, `tcpm_addr`: peers it is for; `None`: of another family.
    pub address: Option<Address>,
    /// `tcpm_prefixlen`: so many bits of the address count.
    pub prefix: u8,
    /// `tcpm_key`, `tcpm_keylen` bytes of it.
    pub key: &'a [u8],
}

/// The keys in the array, in order; what is left of it behind its last whole element is ignored.
pub fn keys(array: &[u8]) -> impl Iterator<Item = Md5Key<'_>> {
    /// `sizeof(struct tcp_diag_md5sig)`.
    const SIZE: usize = 100;
    array.chunks_exact(SIZE).map(|entry| {
        let family = i32::from(u8_at(entry, 0));
        let bytes = block16_at(entry, 4);
        let address = if family == libc::AF_INET {
            let [a, b, c, d, ..] = bytes;
            Some(Address::v4([a, b, c, d]))
        } else if family == libc::AF_INET6 {
            Some(Address::v6(bytes))
        } else {
            None
        };
        let key = entry.get(20..).unwrap_or_default();
        let length = usize::from(u16_at(entry, 2));
        Md5Key {
            address,
            prefix: u8_at(entry, 1),
            key: key.get(..length).unwrap_or(key),
        }
    })
}
