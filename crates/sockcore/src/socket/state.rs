//! Socket states in the kernel's numbers, and sets of them.

/// A socket state: `enum` of `net/tcp_states.h` for every family (`idiag_state`, `udiag_state`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketState(pub u8);

impl SocketState {
    /// 1: connected.
    pub const ESTABLISHED: Self = Self(1);
    /// 2
    pub const SYN_SENT: Self = Self(2);
    /// 3: also what a request socket (NEW_SYN_RECV) is reported as.
    pub const SYN_RECV: Self = Self(3);
    /// 4
    pub const FIN_WAIT1: Self = Self(4);
    /// 5
    pub const FIN_WAIT2: Self = Self(5);
    /// 6
    pub const TIME_WAIT: Self = Self(6);
    /// 7: unconnected.
    pub const CLOSE: Self = Self(7);
    /// 8
    pub const CLOSE_WAIT: Self = Self(8);
    /// 9
    pub const LAST_ACK: Self = Self(9);
    /// 10
    pub const LISTEN: Self = Self(10);
    /// 11
    pub const CLOSING: Self = Self(11);
    /// 12: asked for by mask, reported as [`Self::SYN_RECV`].
    pub const NEW_SYN_RECV: Self = Self(12);
    /// 13: pseudo-state, asked for by mask (Linux 6.8), reported as [`Self::CLOSE`].
    pub const BOUND_INACTIVE: Self = Self(13);
}

/// A set of states: bit `1 << state` (`idiag_states`, `udiag_states`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StateSet(pub u32);

impl StateSet {
    /// No state.
    pub const EMPTY: Self = Self(0);
    /// Every state up to and including BOUND_INACTIVE, and bit 0.
    pub const ALL: Self = Self(0x3fff);
    /// Every state that `/proc/net` lists: all but BOUND_INACTIVE.
    pub const LISTED: Self = Self(0x1fff);

    /// The set of one state.
    #[must_use]
    pub const fn of(state: SocketState) -> Self {
        Self(1 << state.0)
    }

    /// Whether `state` is in the set.
    #[must_use]
    pub const fn contains(self, state: SocketState) -> bool {
        state.0 < 32 && self.0 & (1 << state.0) != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// How many states are in the set.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// No state is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
