//! sock_diag messages, as `TCPDIAG_FILE` holds them: `linux/inet_diag.h` in native order.

/// An IPv4 connection 10.0.0.1:1000 to 10.0.0.2:2000 with inode 7 and cookie 1.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) state: u8,
    pub(crate) timer: u8,
    pub(crate) retransmits: u8,
    pub(crate) local: ([u8; 4], u16),
    pub(crate) peer: ([u8; 4], u16),
    pub(crate) cookie: [u32; 2],
    pub(crate) expires: u32,
    pub(crate) queues: [u32; 2],
    pub(crate) uid: u32,
    pub(crate) inode: u32,
    pub(crate) attributes: Vec<u8>,
}

impl Default for Message {
    fn default() -> Self {
        Self {
            state: 1,
            timer: 0,
            retransmits: 0,
            local: ([10, 0, 0, 1], 1000),
            peer: ([10, 0, 0, 2], 2000),
            cookie: [1, 0],
            expires: 0,
            queues: [0, 0],
            uid: 0,
            inode: 7,
            attributes: Vec::new(),
        }
    }
}

impl Message {
    /// With one more attribute.
    pub(crate) fn with(mut self, kind: u16, value: &[u8]) -> Self {
        self.attributes.extend(attribute(kind, value));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        const AF_INET: u8 = 2;
        const SOCK_DIAG_BY_FAMILY: u16 = 20;
        let mut body = vec![AF_INET, self.state, self.timer, self.retransmits];
        body.extend(self.local.1.to_be_bytes());
        body.extend(self.peer.1.to_be_bytes());
        for address in [self.local.0, self.peer.0] {
            body.extend(address);
            body.extend([0; 12]);
        }
        let numbers = [
            0,
            self.cookie[0],
            self.cookie[1],
            self.expires,
            self.queues[0],
            self.queues[1],
            self.uid,
            self.inode,
        ];
        body.extend(words(&numbers));
        body.extend(&self.attributes);
        message(SOCK_DIAG_BY_FAMILY, &body)
    }
}

/// Native words one behind the other.
pub(crate) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}

/// One attribute, filled up to four bytes.
pub(crate) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len() + 4).unwrap();
    let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
    bytes.extend_from_slice(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn message(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = words(&[u32::try_from(body.len() + 16).unwrap()]);
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(2u16.to_ne_bytes());
    bytes.extend(words(&[123_456, 0]));
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The message that ends a dump.
pub(crate) fn done() -> Vec<u8> {
    const NLMSG_DONE: u16 = 3;
    message(NLMSG_DONE, &[0; 4])
}

/// `struct tcp_info` as an attribute's value: zeros but for the members set here.
#[derive(Clone)]
pub(crate) struct Info(pub(crate) Vec<u8>);

impl Info {
    pub(crate) fn new() -> Self {
        // Reordering 3 is what an untroubled connection has, and the one value not shown.
        Self(vec![0; 280]).word(88, 3)
    }

    pub(crate) fn byte(mut self, offset: usize, value: u8) -> Self {
        self.0[offset] = value;
        self
    }

    pub(crate) fn word(mut self, offset: usize, value: u32) -> Self {
        self.0[offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
        self
    }

    pub(crate) fn long(mut self, offset: usize, value: u64) -> Self {
        self.0[offset..offset + 8].copy_from_slice(&value.to_ne_bytes());
        self
    }

    /// As an older kernel has it.
    pub(crate) fn cut(mut self, length: usize) -> Self {
        self.0.truncate(length);
        self
    }
}
