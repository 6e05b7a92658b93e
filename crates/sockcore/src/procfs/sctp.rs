//! SCTP endpoints and associations: `/proc/net/sctp/{eps,assocs}`.

use super::lines::Fields;
use crate::id::Inode;

/// A line of `assocs`:
/// `ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS`,
/// then a tab and further numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Association<'a> {
    /// Column `ASSOC`: a hashed kernel pointer, as written.
    pub pointer: &'a [u8],
    /// Column `ASSOC-ID`, as written.
    pub id: &'a [u8],
    /// Column `INODE`
    pub inode: Inode,
    /// Column `LPORT`, as written.
    pub local_port: &'a [u8],
    /// Column `RPORT`, as written.
    pub peer_port: &'a [u8],
    /// Columns `LADDRS`: separated by blanks, a `*` before the primary one.
    pub local: &'a [u8],
    /// Columns `RADDRS`, likewise.
    pub peer: &'a [u8],
}

/// Reads a line of `assocs`.
#[must_use]
pub fn association_line(text: &[u8]) -> Option<Association<'_>> {
    let mut fields = Fields(text);
    let pointer = fields.word()?;
    for _ in 0..5 {
        fields.word()?;
    }
    let id = fields.word()?;
    for _ in 0..3 {
        fields.word()?;
    }
    let inode = Inode(Fields(fields.word()?).decimal()?);
    let local_port = fields.word()?;
    let peer_port = fields.word()?;
    let addresses = fields.0;
    let arrow = addresses.windows(3).position(|window| window == b"<->")?;
    let behind = addresses.get(arrow + 3..)?;
    let end = behind
        .iter()
        .position(|&byte| byte == b'\t')
        .unwrap_or(behind.len());
    Some(Association {
        pointer,
        id,
        inode,
        local_port,
        peer_port,
        local: addresses.get(..arrow)?.trim_ascii(),
        peer: behind.get(..end)?.trim_ascii(),
    })
}

/// A line of `eps`: `ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SctpEndpoint<'a> {
    /// Column `ENDPT`: a hashed kernel pointer, as written.
    pub pointer: &'a [u8],
    /// Column `LPORT`, as written.
    pub local_port: &'a [u8],
    /// Column `INODE`
    pub inode: Inode,
    /// Columns `LADDRS`: separated by blanks.
    pub local: &'a [u8],
}

/// Reads a line of `eps`.
#[must_use]
pub fn endpoint_line(text: &[u8]) -> Option<SctpEndpoint<'_>> {
    let mut fields = Fields(text);
    let pointer = fields.word()?;
    for _ in 0..4 {
        fields.word()?;
    }
    let local_port = fields.word()?;
    fields.word()?;
    let inode = Inode(Fields(fields.word()?).decimal()?);
    Some(SctpEndpoint {
        pointer,
        local_port,
        inode,
        local: fields.0.trim_ascii(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, mutate};
    use super::*;

    const ASSOCIATION: &[u8] = b"00000000aaaaaaaa 00000000bbbbbbbb 2   1   3  11     21        0        0       0 4711 5000   6000  *127.0.0.1 10.0.0.1 <-> *127.0.0.2 \t    7500    10    10   10    0    0        0        1        0   212992   212992";
    const ENDPOINT: &[u8] =
        b"0000000077777777 0000000099999999 2   10  34   9000      0 4712 0.0.0.0 ";

    #[test]
    fn an_association_has_both_lists_of_addresses() {
        let association = association_line(ASSOCIATION).unwrap();
        assert_eq!(association.pointer, b"00000000aaaaaaaa");
        assert_eq!(association.id, b"21");
        assert_eq!(association.inode, Inode(4711));
        assert_eq!(
            (association.local_port, association.peer_port),
            (&b"5000"[..], &b"6000"[..])
        );
        assert_eq!(association.local, b"*127.0.0.1 10.0.0.1");
        assert_eq!(association.peer, b"*127.0.0.2");
    }

    #[test]
    fn an_endpoint_has_its_port_and_addresses() {
        let endpoint = endpoint_line(ENDPOINT).unwrap();
        assert_eq!(endpoint.pointer, b"0000000077777777");
        assert_eq!(
            (endpoint.local_port, endpoint.inode),
            (&b"9000"[..], Inode(4712))
        );
        assert_eq!(endpoint.local, b"0.0.0.0");
    }

    #[test]
    fn mutated_text_never_panics() {
        let mut random = Random::new(15);
        for _ in 0..20_000 {
            let _ = association_line(&mutate(ASSOCIATION, &mut random));
            let _ = endpoint_line(&mutate(ENDPOINT, &mut random));
        }
    }
}
