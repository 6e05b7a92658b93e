//! `struct sctp_info` of any length, and arrays of socket addresses.

use super::bytes::{block16_at, u8_at, u16_at, u32_at};
use crate::addr::Address;

/// `INET_DIAG_INFO` of an SCTP socket: `struct sctp_info` of `<linux/sctp.h>`, 368 bytes.
/// Members past the kernel's length read as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SctpInfo<'a>(pub &'a [u8]);

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident: $type:ident = $read:ident @ $offset:literal;)*) => {
        impl SctpInfo<'_> {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $type {
                $read(self.0, $offset)
            }
        )*}
    };
}

members! {
    /// Verification tag of the association.
    tag: u32 = u32_at @ 0;
    /// State of the association: 0 closed to 7 shutdown acknowledgment sent.
    state: u32 = u32_at @ 4;
    /// Peer's receive window, bytes.
    rwnd: u32 = u32_at @ 8;
    /// Chunks not acknowledged.
    unackdata: u16 = u16_at @ 12;
    /// Chunks not yet sent.
    penddata: u16 = u16_at @ 14;
    /// Incoming streams.
    instrms: u16 = u16_at @ 16;
    /// Outgoing streams.
    outstrms: u16 = u16_at @ 18;
    /// Chunks to be read.
    inqueue: u32 = u32_at @ 24;
    /// Chunks to be sent.
    outqueue: u32 = u32_at @ 28;
    /// Errors in all.
    overall_error: u32 = u32_at @ 32;
    /// Chunks in one burst at most.
    max_burst: u32 = u32_at @ 36;
    /// Bytes of a segment at most.
    maxseg: u32 = u32_at @ 40;
    /// Peer's receive window as announced, bytes.
    peer_rwnd: u32 = u32_at @ 44;
    /// Peer's verification tag.
    peer_tag: u32 = u32_at @ 48;
    /// What the peer is capable of, as bits.
    peer_capable: u8 = u8_at @ 52;
    /// Selective acknowledgments in a row.
    peer_sack: u8 = u8_at @ 53;
    /// Seconds of silence after which the association is closed.
    autoclose: u32 = u32_at @ 344;
    /// Adaptation layer indication.
    adaptation_ind: u32 = u32_at @ 348;
    /// Bytes that a partial delivery begins at.
    pd_point: u32 = u32_at @ 352;
    /// Small data is not held back.
    nodelay: u8 = u8_at @ 356;
    /// Messages are not fragmented.
    disable_fragments: u8 = u8_at @ 357;
    /// IPv4 addresses are given as mapped ones.
    v4mapped: u8 = u8_at @ 358;
    /// Fragments of several messages may mix.
    frag_interleave: u8 = u8_at @ 359;
}

/// The addresses in an array of `struct sockaddr_storage` (`INET_DIAG_LOCALS`,
/// `INET_DIAG_PEERS`), in order; `None` for one of another family. What is left of the array
/// behind its last whole element is ignored.
pub fn addresses(array: &[u8]) -> impl Iterator<Item = Option<Address>> {
    /// `sizeof(struct sockaddr_storage)`.
    const SIZE: usize = 128;
    array.chunks_exact(SIZE).map(|storage| {
        let family = i32::from(u16_at(storage, 0));
        if family == libc::AF_INET {
            let [a, b, c, d, ..] = block16_at(storage, 4);
            Some(Address::v4([a, b, c, d]))
        } else if family == libc::AF_INET6 {
            Some(Address::v6(block16_at(storage, 8)))
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_families_and_of_another_one() {
        let mut array = [0u8; 128 * 3 + 5];
        array[0..2].copy_from_slice(&2u16.to_ne_bytes());
        array[4..8].copy_from_slice(&[10, 0, 0, 1]);
        array[128..130].copy_from_slice(&10u16.to_ne_bytes());
        array[136] = 0xfe;
        let mut v6 = [0; 16];
        v6[0] = 0xfe;
        let read: Vec<_> = addresses(&array).collect();
        let expected = [
            Some(Address::v4([10, 0, 0, 1])),
            Some(Address::v6(v6)),
            None,
        ];
        assert_eq!(read, expected);
    }
}
