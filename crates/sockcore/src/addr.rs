//! Internet addresses and ports as the kernel keeps them. No text: each tool prints its own.

/// The family of an Internet socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InetFamily {
    /// `AF_INET` (2).
    #[default]
    V4,
    /// `AF_INET6` (10).
    V6,
}

/// An Internet address: 4 or 16 significant bytes in network order, the rest zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// Which form the bytes have.
    pub family: InetFamily,
    /// Network order (`idiag_src`, `idiag_dst`); an IPv4 address fills the first four.
    pub bytes: [u8; 16],
}

impl Address {
    /// An IPv4 address.
    #[must_use]
    pub fn v4(octets: [u8; 4]) -> Self {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&octets);
        Self {
            family: InetFamily::V4,
            bytes,
        }
    }

    /// An IPv6 address.
    #[must_use]
    pub fn v6(bytes: [u8; 16]) -> Self {
        Self {
            family: InetFamily::V6,
            bytes,
        }
    }

    /// The first four bytes: the whole address of an IPv4 one.
    #[must_use]
    pub fn octets4(&self) -> [u8; 4] {
        [self.bytes[0], self.bytes[1], self.bytes[2], self.bytes[3]]
    }

    /// The significant bytes: 4 or 16.
    #[must_use]
    pub fn significant(&self) -> &[u8] {
        match self.family {
            InetFamily::V4 => &self.bytes[..4],
            InetFamily::V6 => &self.bytes,
        }
    }

    /// All significant bytes are zero.
    #[must_use]
    pub fn is_unspecified(&self) -> bool {
        u128::from_ne_bytes(self.bytes) == 0
    }

    /// The IPv4 address inside an IPv4-mapped IPv6 one (`::ffff:a.b.c.d`).
    #[must_use]
    pub fn mapped_v4(&self) -> Option<[u8; 4]> {
        let bytes = &self.bytes;
        (self.family == InetFamily::V6 && bytes[..10] == [0; 10] && bytes[10..12] == [0xff; 2])
            .then(|| [bytes[12], bytes[13], bytes[14], bytes[15]])
    }

    /// The same address as the standard library's type.
    #[must_use]
    pub fn to_ip(&self) -> std::net::IpAddr {
        match self.family {
            InetFamily::V4 => std::net::IpAddr::from(self.octets4()),
            InetFamily::V6 => std::net::IpAddr::from(self.bytes),
        }
    }
}

impl From<std::net::IpAddr> for Address {
    fn from(ip: std::net::IpAddr) -> Self {
        match ip {
            std::net::IpAddr::V4(v4) => Self::v4(v4.octets()),
            std::net::IpAddr::V6(v6) => Self::v6(v6.octets()),
        }
    }
}

/// One end of an Internet socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The address; all zero: any (local) or none (peer).
    pub address: Address,
    /// The port in host order; 0: none. Of a raw socket's local end: the IP protocol number.
    pub port: u16,
}
