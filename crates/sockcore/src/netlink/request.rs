//! Requests: a netlink header, a body, attributes.

use netlink_packet_core::{Emitable, NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader};

/// The sequence number of every request. One channel has one request under way at a time.
pub(crate) const SEQUENCE: u32 = 123_456;

const HEADER: usize = 16;

/// A request under construction; [`Self::finish`] sets the length.
pub(crate) struct Request {
    bytes: Vec<u8>,
    kind: u16,
    flags: u16,
}

impl Request {
    /// A dump request of message type `kind`.
    pub(crate) fn dump(kind: u16) -> Self {
        Self::with_flags(kind, NLM_F_REQUEST | NLM_F_DUMP)
    }

    /// A request with these flags.
    pub(crate) fn with_flags(kind: u16, flags: u16) -> Self {
        Self {
            bytes: vec![0; HEADER],
            kind,
            flags,
        }
    }

    /// Appends body bytes as they are.
    pub(crate) fn body(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Appends a body that knows how to write itself.
    pub(crate) fn emit(mut self, body: &impl Emitable) -> Self {
        let start = self.bytes.len();
        self.bytes.resize(start + body.buffer_len(), 0);
        body.emit(&mut self.bytes[start..]);
        self
    }

    /// Appends an attribute, padded to four bytes.
    pub(crate) fn attribute(mut self, kind: u16, value: &[u8]) -> Self {
        push_attribute(&mut self.bytes, kind, value);
        self
    }

    /// The complete message.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let mut header = NetlinkHeader::default();
        header.length = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        header.message_type = self.kind;
        header.flags = self.flags;
        header.sequence_number = SEQUENCE;
        header.emit(&mut self.bytes[..HEADER]);
        self.bytes
    }
}

/// Appends one attribute to `bytes`, padded to four bytes. A value that does not fit the 16-bit
/// length is written with a wrapped length, which the kernel refuses.
pub(crate) fn push_attribute(bytes: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = (value.len() + 4) as u16;
    bytes.extend_from_slice(&length.to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
