//! Socket states (`-s P:S`).

use sockcore::socket::{SocketState, StateSet};

use super::Mark;
use crate::sockets::{Inet, Transport};

/// The TCP states that can be named, by the kernel's number.
pub(crate) const TCP_STATES: [&str; 12] = [
    "CLOSED",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
];

/// The only state of a UDP socket that has a name.
pub(crate) const UDP_ESTABLISHED: &str = "ESTABLISHED";

/// The name of a TCP state by the kernel's number.
pub(crate) fn tcp_state(state: SocketState) -> Option<&'static str> {
    TCP_STATES.get(usize::from(state.0)).copied()
}

/// What a list says of one state.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    pub(crate) included: bool,
    pub(crate) excluded: bool,
    pub(crate) mark: Mark,
}

/// What the lists say of each state.
#[derive(Debug, Default)]
pub(crate) struct States {
    /// By the kernel's number.
    pub(crate) tcp: [Wish; 12],
    /// Of connected UDP sockets.
    pub(crate) udp: Wish,
    includes: bool,
    excludes: bool,
}

impl States {
    /// To be called when all lists are in.
    pub(super) fn close(&mut self) {
        self.includes = self.tcp.iter().any(|wish| wish.included);
        self.excludes = self.tcp.iter().any(|wish| wish.excluded);
    }

    /// Whether any state is asked for, so that it may be found or not.
    pub(crate) fn asks(&self) -> bool {
        self.includes || self.udp.included
    }

    /// Whether any state is filtered.
    pub(crate) fn filters(&self) -> bool {
        self.includes || self.excludes || self.udp.included || self.udp.excluded
    }

    /// Whether the socket's state was asked for and has not been found yet.
    pub(super) fn is_unmarked(&self, inet: &Inet) -> bool {
        let tcp = self.tcp.get(usize::from(inet.state.0));
        let udp = inet.transport == Transport::Udp && inet.state == SocketState::ESTABLISHED;
        let is_missed = |wish: &Wish| wish.included && !wish.mark.is_set();
        tcp.is_some_and(is_missed) || (udp && is_missed(&self.udp))
    }

    /// Whether sockets in this state may be printed; marks nothing.
    pub(super) fn lets(&self, inet: &Inet) -> bool {
        let wish = self.tcp.get(usize::from(inet.state.0));
        let connected = inet.state == SocketState::ESTABLISHED;
        let by_number = (!self.includes || wish.is_some_and(|wish| wish.included))
            && !(self.excludes && wish.is_some_and(|wish| wish.excluded));
        let by_name = inet.transport != Transport::Udp
            || ((!self.udp.included || connected) && !(self.udp.excluded && connected));
        by_number && by_name
    }

    /// The states of TCP sockets that may be printed.
    pub(crate) fn tcp_set(&self) -> StateSet {
        let wishes = self.tcp.iter().zip(0u8..);
        wishes
            .filter(|(wish, _)| (!self.includes || wish.included) && !wish.excluded)
            .fold(StateSet::EMPTY, |set, (_, number)| {
                set.with(StateSet::of(SocketState(number)))
            })
    }

    /// Whether sockets in this state may be printed; marks what was asked for. The lists of TCP
    /// states hold by number for UDP too, as the original has it.
    pub(super) fn admits(&self, inet: &Inet) -> bool {
        let wish = self.tcp.get(usize::from(inet.state.0));
        if self.includes {
            match wish {
                Some(wish) if wish.included => {
                    wish.mark.set();
                }
                _ => return false,
            }
        }
        if self.excludes && wish.is_some_and(|wish| wish.excluded) {
            return false;
        }
        if inet.transport == Transport::Udp {
            let connected = inet.state == SocketState::ESTABLISHED;
            if self.udp.included {
                if !connected {
                    return false;
                }
                self.udp.mark.set();
            }
            if self.udp.excluded && connected {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use sockcore::addr::{Endpoint, InetFamily};

    use super::*;

    #[test]
    fn what_is_let_through_is_what_is_admitted() {
        let lists: [(&[usize], &[usize], bool, bool); 5] = [
            (&[], &[], false, false),
            (&[10, 1], &[], false, false),
            (&[], &[7], false, true),
            (&[1, 7], &[7], true, false),
            (&[], &[1], true, false),
        ];
        for (included, excluded, udp_included, udp_excluded) in lists {
            let mut states = States::default();
            for &number in included {
                states.tcp[number].included = true;
            }
            for &number in excluded {
                states.tcp[number].excluded = true;
            }
            states.udp.included = udp_included;
            states.udp.excluded = udp_excluded;
            states.close();
            for number in 0..13 {
                for transport in [Transport::Tcp, Transport::Udp, Transport::UdpLite] {
                    let inet = socket(transport, SocketState(number));
                    assert_eq!(states.lets(&inet), states.admits(&inet));
                    if transport == Transport::Tcp && number < 12 {
                        let set = states.tcp_set();
                        assert_eq!(set.contains(inet.state), states.lets(&inet));
                    }
                }
            }
        }
    }

    fn socket(transport: Transport, state: SocketState) -> Inet {
        Inet {
            transport,
            family: InetFamily::V4,
            state,
            local: Endpoint::default(),
            peer: Endpoint::default(),
            recv_queue: 0,
            send_queue: 0,
        }
    }

    const LISTENER: (Transport, SocketState) = (Transport::Tcp, SocketState::LISTEN);
    const CLIENT: (Transport, SocketState) = (Transport::Tcp, SocketState::ESTABLISHED);
    const UDP_CLIENT: (Transport, SocketState) = (Transport::Udp, SocketState::ESTABLISHED);
    const UDP_SERVER: (Transport, SocketState) = (Transport::Udp, SocketState::CLOSE);

    fn admitted(states: &States) -> [bool; 4] {
        [LISTENER, CLIENT, UDP_CLIENT, UDP_SERVER]
            .map(|(transport, state)| states.admits(&socket(transport, state)))
    }

    fn states(change: impl FnOnce(&mut States)) -> States {
        let mut states = States::default();
        change(&mut states);
        states.close();
        states
    }

    #[test]
    fn included_tcp_states_hold_for_udp_by_number() {
        let listen = states(|states| states.tcp[10].included = true);
        assert_eq!(admitted(&listen), [true, false, false, false]);
        assert!(listen.tcp[10].mark.is_set());
        let established = states(|states| states.tcp[1].included = true);
        assert_eq!(admitted(&established), [false, true, true, false]);
    }

    #[test]
    fn an_excluded_tcp_state_goes_and_all_others_stay() {
        let states = states(|states| states.tcp[10].excluded = true);
        assert!(states.filters());
        assert_eq!(admitted(&states), [false, true, true, true]);
    }

    #[test]
    fn the_udp_state_says_nothing_of_tcp() {
        let connected = states(|states| states.udp.included = true);
        assert_eq!(admitted(&connected), [true, true, true, false]);
        assert!(connected.udp.mark.is_set());
        let others = states(|states| states.udp.excluded = true);
        assert_eq!(admitted(&others), [true, true, false, true]);
    }

    #[test]
    fn without_lists_every_socket_stays() {
        let states = states(|_| ());
        assert!(!states.filters());
        assert_eq!(admitted(&states), [true; 4]);
    }
}
