//! What a descriptor's link text says about the open file, and the names that show for files
//! without a path.

pub(crate) mod flags;
pub(crate) mod protocols;

use sockcore::procfs::fdinfo::{FdInfo, epoll_targets};

/// An epoll file shows at most so many of its targets.
const TARGETS: usize = 32;

/// A link text, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link<'a> {
    /// Begins with `/`: the whole text is the name.
    Path(&'a [u8]),
    /// `socket:[inode]`
    Socket(u64),
    /// `pipe:[inode]`
    Pipe(u64),
    /// `anon_inode:rest`
    Anonymous(&'a [u8]),
    /// Anything else: what stands before the first colon is the name.
    Other {
        /// `mnt`, `net`, `pidfd` …
        name: &'a [u8],
        /// Behind the colon.
        rest: &'a [u8],
    },
}

impl<'a> Link<'a> {
    /// Takes a link text apart.
    pub(crate) fn of(text: &'a [u8]) -> Self {
        if text.first() == Some(&b'/') {
            return Self::Path(text);
        }
        let colon = text.iter().position(|&byte| byte == b':');
        let (name, rest) = match colon {
            Some(colon) => text.split_at(colon),
            None => (text, &[][..]),
        };
        let rest = rest.get(1..).unwrap_or_default();
        match (name, bracketed(rest)) {
            (b"socket", Some(inode)) => Self::Socket(inode),
            (b"pipe", Some(inode)) => Self::Pipe(inode),
            (b"anon_inode", _) => Self::Anonymous(rest),
            _ => Self::Other { name, rest },
        }
    }

    /// The base name that shows.
    pub(crate) fn name(self) -> &'a [u8] {
        match self {
            Self::Path(path) => path,
            Self::Socket(_) => b"socket",
            Self::Pipe(_) => b"pipe",
            Self::Anonymous(_) => b"anon_inode",
            Self::Other { name, .. } => name,
        }
    }
}

/// The number in `[4711]`.
fn bracketed(rest: &[u8]) -> Option<u64> {
    let digits = rest.strip_prefix(b"[")?.strip_suffix(b"]")?;
    std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?
        .parse()
        .ok()
}

/// What fdinfo must be read for, beyond position and flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anonymous {
    /// Nothing: the name is the text itself.
    Plain,
    /// `eventfd-id`
    Eventfd,
    /// `tfd` lines
    Epoll,
    /// `Pid`
    Pidfd,
}

impl Anonymous {
    /// By the text behind `anon_inode:`.
    pub(crate) fn of(rest: &[u8]) -> Self {
        match rest {
            b"[eventfd]" => Self::Eventfd,
            b"[eventpoll]" => Self::Epoll,
            b"[pidfd]" => Self::Pidfd,
            _ => Self::Plain,
        }
    }

    /// Writes the name of such a file, `text` being its fdinfo.
    pub(crate) fn name(self, rest: &[u8], text: &[u8], into: &mut Vec<u8>) {
        match self {
            Self::Plain => into.extend_from_slice(rest),
            Self::Eventfd => match FdInfo::parse(text).eventfd {
                Some(id) => numbered(b"[eventfd:", id.cast_signed(), into),
                None => into.extend_from_slice(rest),
            },
            Self::Pidfd => match FdInfo::parse(text).pid {
                Some(pid) if pid != -1 => numbered(b"[pidfd:", pid, into),
                _ => into.extend_from_slice(rest),
            },
            Self::Epoll => epoll_name(rest, text, into),
        }
    }
}

fn epoll_name(rest: &[u8], text: &[u8], into: &mut Vec<u8>) {
    let mut targets = [0; TARGETS];
    let mut count = 0;
    for (place, target) in targets.iter_mut().zip(epoll_targets(text)) {
        *place = target;
        count += 1;
    }
    let targets = targets.get_mut(..count).unwrap_or_default();
    if targets.is_empty() {
        into.extend_from_slice(rest);
        return;
    }
    targets.sort_unstable();
    into.extend_from_slice(b"[eventpoll:");
    for (index, target) in targets.iter().enumerate() {
        if index > 0 {
            into.push(b',');
        }
        decimal(u64::from(*target), into);
    }
    // The original cannot tell exactly 32 from more.
    let end: &[u8] = if count == TARGETS { b"...]" } else { b"]" };
    into.extend_from_slice(end);
}

/// `[pidfd:7]`
pub(crate) fn numbered(open: &[u8], number: i64, into: &mut Vec<u8>) {
    into.extend_from_slice(open);
    if number < 0 {
        into.push(b'-');
    }
    decimal(number.unsigned_abs(), into);
    into.push(b']');
}

/// Appends a decimal number.
pub(crate) fn decimal(mut value: u64, into: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    for place in digits.iter_mut().rev() {
        at -= 1;
        *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        if value == 0 {
            break;
        }
    }
    into.extend_from_slice(digits.get(at..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(kind: Anonymous, rest: &[u8], text: &str) -> String {
        let mut into = Vec::new();
        kind.name(rest, text.as_bytes(), &mut into);
        String::from_utf8(into).unwrap()
    }

    #[test]
    fn link_texts_are_told_apart_by_their_beginning() {
        assert_eq!(Link::of(b"/a:b (deleted)"), Link::Path(b"/a:b (deleted)"));
        assert_eq!(Link::of(b"socket:[4711]"), Link::Socket(4711));
        assert_eq!(Link::of(b"pipe:[5]"), Link::Pipe(5));
        assert_eq!(
            Link::of(b"anon_inode:[eventfd]"),
            Link::Anonymous(b"[eventfd]")
        );
        assert_eq!(
            Link::of(b"anon_inode:kvm-vcpu:0"),
            Link::Anonymous(b"kvm-vcpu:0")
        );
        assert_eq!(Link::of(b"mnt:[40265]").name(), b"mnt");
        assert_eq!(Link::of(b"socket:[x]").name(), b"socket");
        assert_eq!(Link::of(b"plain").name(), b"plain");
        assert_eq!(Link::of(b"").name(), b"");
    }

    #[test]
    fn eventfds_and_pidfds_show_their_number_where_there_is_one() {
        let eventfd = Anonymous::of(b"[eventfd]");
        assert_eq!(
            name(eventfd, b"[eventfd]", "eventfd-id: 12\n"),
            "[eventfd:12]"
        );
        assert_eq!(name(eventfd, b"[eventfd]", "pos:\t0\n"), "[eventfd]");
        let pidfd = Anonymous::of(b"[pidfd]");
        assert_eq!(name(pidfd, b"[pidfd]", "Pid:\t77\n"), "[pidfd:77]");
        assert_eq!(name(pidfd, b"[pidfd]", "Pid:\t0\n"), "[pidfd:0]");
        assert_eq!(name(pidfd, b"[pidfd]", "Pid:\t-1\n"), "[pidfd]");
    }

    #[test]
    fn an_epoll_shows_its_first_targets_sorted_and_marks_32_as_too_many() {
        let lines = |numbers: &[u32]| -> String {
            let line = |number: &u32| format!("tfd: {number:8} events: 19 data: 7\n");
            numbers.iter().map(line).collect()
        };
        let epoll = Anonymous::of(b"[eventpoll]");
        let show = |numbers: &[u32]| name(epoll, b"[eventpoll]", &lines(numbers));
        assert_eq!(show(&[]), "[eventpoll]");
        assert_eq!(show(&[40, 7, 40]), "[eventpoll:7,40,40]");
        let many: Vec<u32> = (1..=40).rev().collect();
        assert!(show(&many).starts_with("[eventpoll:9,10,"));
        assert!(show(&many).ends_with(",40...]"));
        assert!(show(&many[..32]).ends_with(",40...]"));
        assert!(show(&many[..31]).ends_with(",40]"));
    }
}
