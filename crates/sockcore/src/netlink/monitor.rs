//! Internet sockets as they are closed: the kernel's multicast groups (`SKNLGRP_*`).

use std::ops::ControlFlow;

use super::channel::Channel;
use super::inet_diag;
use crate::error::Error;
use crate::socket::{InetProtocol, InetSocket};

const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// Which sockets are told of: bits `1 << (SKNLGRP_* - 1)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Groups(u32);

impl Groups {
    /// None.
    pub const NONE: Self = Self(0);
    /// `SKNLGRP_INET_TCP_DESTROY`
    pub const TCP: Self = Self(1);
    /// `SKNLGRP_INET_UDP_DESTROY`
    pub const UDP: Self = Self(1 << 1);
    /// `SKNLGRP_INET6_TCP_DESTROY`
    pub const TCP6: Self = Self(1 << 2);
    /// `SKNLGRP_INET6_UDP_DESTROY`
    pub const UDP6: Self = Self(1 << 3);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// No group.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A channel that is told of sockets.
pub struct Monitor {
    channel: Channel,
}

impl Monitor {
    /// Joins the groups. Needs no privilege.
    ///
    /// # Errors
    /// The kernel gives no channel, or no membership.
    pub fn open(groups: Groups) -> Result<Self, Error> {
        let protocol = Some(rustix::net::netlink::SOCK_DIAG);
        let channel = Channel::open(protocol, "sock_diag", groups.0)?;
        channel.make_room()?;
        Ok(Self { channel })
    }

    /// Calls `each` for every socket that is closed, until it breaks. The protocol of a socket is
    /// the one that its message tells; 0: none.
    ///
    /// # Errors
    /// The channel fails.
    pub fn listen(
        &mut self,
        each: &mut dyn FnMut(&InetSocket<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.channel.listen(&mut |kind, body| {
            if kind != SOCK_DIAG_BY_FAMILY {
                return ControlFlow::Continue(());
            }
            match inet_diag::decode(body, InetProtocol(0)) {
                Some(mut socket) => {
                    socket.protocol = socket.told_protocol();
                    each(&socket)
                }
                None => ControlFlow::Continue(()),
            }
        })
    }
}
