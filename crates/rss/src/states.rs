//! The state words that may stand before a filter.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use sockcore::socket::{SocketState, StateSet};

const CLOSED_OR_LISTENING: StateSet =
    StateSet::of(SocketState::CLOSE).with(StateSet::of(SocketState::LISTEN));
const CONNECTED: StateSet = StateSet::ALL.without(CLOSED_OR_LISTENING);
const BUCKET: StateSet =
    StateSet::of(SocketState::SYN_RECV).with(StateSet::of(SocketState::TIME_WAIT));

static NAMES: &[(&str, StateSet)] = &[
    ("unknown", StateSet(1)),
    ("established", StateSet::of(SocketState::ESTABLISHED)),
    ("syn-sent", StateSet::of(SocketState::SYN_SENT)),
    ("syn-recv", StateSet::of(SocketState::SYN_RECV)),
    ("syn-rcv", StateSet::of(SocketState::SYN_RECV)),
    ("fin-wait-1", StateSet::of(SocketState::FIN_WAIT1)),
    ("fin-wait-2", StateSet::of(SocketState::FIN_WAIT2)),
    ("time-wait", StateSet::of(SocketState::TIME_WAIT)),
    ("unconnected", StateSet::of(SocketState::CLOSE)),
    ("close", StateSet::of(SocketState::CLOSE)),
    ("closed", StateSet::of(SocketState::CLOSE)),
    ("close-wait", StateSet::of(SocketState::CLOSE_WAIT)),
    ("last-ack", StateSet::of(SocketState::LAST_ACK)),
    ("listening", StateSet::of(SocketState::LISTEN)),
    ("closing", StateSet::of(SocketState::CLOSING)),
    ("bound-inactive", StateSet::of(SocketState::BOUND_INACTIVE)),
    ("all", StateSet::ALL),
    ("connected", CONNECTED),
    (
        "synchronized",
        CONNECTED.without(StateSet::of(SocketState::SYN_SENT)),
    ),
    ("bucket", BUCKET),
    ("big", StateSet::ALL.without(BUCKET)),
];

/// What the leading state words say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StateWords<'w> {
    /// The states they add up to; `None`: there were none.
    pub(crate) states: Option<StateSet>,
    /// The words behind them.
    pub(crate) rest: &'w [OsString],
}

/// A state word that is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StateError {
    /// `state` or `exclude` was the last word.
    Incomplete,
    /// No state of this name.
    Unknown(Vec<u8>),
}

impl StateError {
    /// What stands on standard error.
    pub(crate) fn message(&self) -> Vec<u8> {
        match self {
            Self::Incomplete => b"Command line is not complete. Try option \"help\"\n".to_vec(),
            Self::Unknown(name) => [b"ss: wrong state name: ", &name[..], b"\n"].concat(),
        }
    }
}

/// Reads `state NAME`, `exclude NAME`, `excl NAME` as often as they stand in front.
pub(crate) fn read(mut words: &[OsString]) -> Result<StateWords<'_>, StateError> {
    let mut states: Option<StateSet> = None;
    while let [keyword, rest @ ..] = words {
        let add = match keyword.as_bytes() {
            b"state" => true,
            b"exclude" | b"excl" => false,
            _ => break,
        };
        let [name, rest @ ..] = rest else {
            return Err(StateError::Incomplete);
        };
        let named =
            named(name.as_bytes()).ok_or_else(|| StateError::Unknown(name.as_bytes().to_vec()))?;
        states = Some(if add {
            states.unwrap_or(StateSet::EMPTY).with(named)
        } else {
            states.unwrap_or(StateSet::ALL).without(named)
        });
        words = rest;
    }
    Ok(StateWords {
        states,
        rest: words,
    })
}

fn named(name: &[u8]) -> Option<StateSet> {
    let (_, states) = NAMES
        .iter()
        .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))?;
    Some(*states)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &[&str]) -> Result<(u32, usize), StateError> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        read(&words).map(|read| {
            (
                read.states.map_or(u32::MAX, |states| states.0),
                read.rest.len(),
            )
        })
    }

    #[test]
    fn the_first_word_starts_from_nothing_or_from_everything() {
        assert_eq!(read_words(&["state", "established"]), Ok((1 << 1, 0)));
        assert_eq!(read_words(&["excl", "all"]), Ok((0, 0)));
        assert_eq!(
            read_words(&["exclude", "Established", "x"]),
            Ok((0x3fff & !2, 1))
        );
    }

    #[test]
    fn later_words_go_on_from_what_came_before() {
        let words = ["state", "time-wait", "state", "close-wait", "dst", "state"];
        assert_eq!(read_words(&words), Ok((1 << 6 | 1 << 8, 2)));
        let words = ["state", "established", "exclude", "established"];
        assert_eq!(read_words(&words), Ok((0, 0)));
        let words = [
            "state",
            "established",
            "exclude",
            "established",
            "state",
            "close",
        ];
        assert_eq!(read_words(&words), Ok((1 << 7, 0)));
    }

    #[test]
    fn names_that_look_right_are_refused() {
        for name in ["listen", "new-syn-recv", "", "est"] {
            let unknown = StateError::Unknown(name.as_bytes().to_vec());
            assert_eq!(read_words(&["state", name]), Err(unknown));
        }
        assert_eq!(read_words(&["state"]), Err(StateError::Incomplete));
        assert_eq!(read_words(&["State", "close"]), Ok((u32::MAX, 2)));
    }
}
