//! MD5 signature keys.

use sockcore::socket::md5;

use crate::names::Names;
use crate::text::{address, labelled};

/// Writes ` md5keys:` and each key with the peers it is for.
pub(super) fn write(out: &mut Vec<u8>, array: &[u8], names: &mut Names<'_>) {
    out.extend_from_slice(b" md5keys:");
    for (index, key) in md5::keys(array).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match key.address {
            None => out.extend_from_slice(b"???"),
            Some(of) => match names.host(&of) {
                Some(name) => out.extend_from_slice(name),
                None => address(out, &of),
            },
        }
        labelled(out, "/", key.prefix);
        out.push(b'=');
        for &byte in key.key {
            write_byte(out, byte);
        }
    }
}

/// Visible bytes as they are; those that would end a key or look like an escape, and all others,
/// as three octal digits.
fn write_byte(out: &mut Vec<u8>, byte: u8) {
    if matches!(byte, 0x21..=0x7e) && !matches!(byte, b'\\' | b',') {
        out.push(byte);
        return;
    }
    let digit = |shift: u8| b'0' + (byte >> shift & 7);
    out.extend_from_slice(&[b'\\', digit(6), digit(3), digit(0)]);
}
