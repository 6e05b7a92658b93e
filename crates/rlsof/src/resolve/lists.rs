//! The lists of `-c`, `-p`, `-g`, `-u`, `-d` and `-s`.

use sockcore::id::Uid;
use sockcore::locale::Locale;
use sockcore::names::NameService;
use sockcore::pattern::{Regex, RegexFlags};

use crate::flags::leading_number;
use crate::selection::Mark;
use crate::selection::commands::{Commands, Expression, Prefix};
use crate::selection::numbers::{Number, Numbers};
use crate::selection::slots::{Item, Slots};
use crate::selection::states::{States, TCP_STATES, UDP_ESTABLISHED, Wish};
use crate::selection::users::{User, Users};
use crate::voice::printable;

/// The longest command that the kernel keeps, bytes.
const COMMAND: usize = 15;
/// The longest login.
const LOGIN: usize = 32;

/// What is wrong with a list: messages, without the program's name.
pub(crate) type Faults = Vec<Vec<u8>>;

/// An item without its `^`, and whether it had one.
fn exclusion(item: &[u8]) -> (bool, &[u8]) {
    match item.strip_prefix(b"^") {
        Some(rest) => (true, rest),
        None => (false, item),
    }
}

/// The items of a list: nothing follows a comma at its end, but an empty item may precede it.
fn items(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_empty = list.is_empty();
    let list = list.strip_suffix(b",").unwrap_or(list);
    list.split(|&byte| byte == b',').filter(move |_| !is_empty)
}

/// Reads the value of `-c`.
pub(crate) fn command(text: &[u8], commands: &mut Commands) -> Faults {
    if text.first() == Some(&b'/') {
        return match expression(text) {
            Ok(expression) => {
                commands.expressions.push(expression);
                Faults::new()
            }
            Err(faults) => faults,
        };
    }
    let (excludes, prefix) = exclusion(text);
    if prefix.len() > COMMAND {
        let shown = printable(prefix);
        let shown = crate::output::escape::blanks(&shown);
        let rest = format!(
            "\" length ({}) > what system provides ({COMMAND})",
            prefix.len()
        );
        return vec![[b"\"-c ", &*shown, rest.as_bytes()].concat()];
    }
    let conflicts = |other: &Prefix| other.text == prefix && other.excludes != excludes;
    if commands.prefixes.iter().any(conflicts) {
        return vec![[b"-c^", prefix, b" and -c", prefix, b" conflict."].concat()];
    }
    commands.prefixes.push(Prefix {
        text: prefix.to_vec(),
        excludes,
        mark: Mark::default(),
    });
    Faults::new()
}

/// `/SOURCE/` and modifiers.
fn expression(text: &[u8]) -> Result<Expression, Faults> {
    let argument = printable(text);
    let about = |what: &str| [what.as_bytes(), b": ", &*argument].concat();
    let inside = text.get(1..).unwrap_or_default();
    let Some(end) = inside.iter().position(|&byte| byte == b'/') else {
        return Err(vec![about("regexp doesn't end with '/'")]);
    };
    let (source, modifiers) = inside.split_at(end);
    let mut faults = Faults::new();
    let (mut basic, mut extended, mut ignore_case) = (false, false, false);
    for &modifier in modifiers.get(1..).unwrap_or_default() {
        let already = match modifier {
            b'b' => std::mem::replace(&mut basic, true),
            b'i' => std::mem::replace(&mut ignore_case, true),
            b'x' => std::mem::replace(&mut extended, true),
            other => {
                faults.push([b"invalid regexp modifier: ", &[other][..]].concat());
                continue;
            }
        };
        if already {
            let what = format!("{} regexp modifier already used", char::from(modifier));
            faults.push(about(&what));
        } else if basic && extended && modifier != b'i' {
            faults.push(about("b and x regexp modifiers conflict"));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let flags = RegexFlags {
        extended: !basic,
        ignore_case,
    };
    match Regex::new(source, flags) {
        Ok(regex) => Ok(Expression {
            source: source.to_vec(),
            regex,
            mark: Mark::default(),
        }),
        Err(reason) => Err(vec![
            [b"regexp error: ", &*argument, b": ", &reason].concat(),
        ]),
    }
}

/// Reads a list of process (`PID`) or process group (`PGID`) numbers.
pub(crate) fn numbers(list: &[u8], is_group: bool, numbers: &mut Numbers) -> Faults {
    let (short, long) = if is_group {
        ("PGID", "process group")
    } else {
        ("PID", "process")
    };
    let mut faults = Faults::new();
    for item in items(list) {
        let (excludes, digits) = exclusion(item);
        if !digits.iter().all(u8::is_ascii_digit) {
            let text = format!("illegal {long} ID: ");
            faults.push([text.as_bytes(), &printable(list)].concat());
            break;
        }
        let number = Number::new(digits, excludes);
        let known = numbers.0.iter().find(|known| known.text == number.text);
        match known {
            None => numbers.0.push(number),
            Some(known) if known.excludes == excludes => {}
            Some(_) => {
                let number = String::from_utf8_lossy(&number.text);
                let text = format!("{short} {number} has been included and excluded.");
                faults.push(text.into_bytes());
            }
        }
    }
    faults
}

/// What is wrong with a list of users.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct UserFaults {
    pub(crate) faults: Faults,
    /// The last of them ends the run at once.
    pub(crate) ends: bool,
}

/// Reads the value of `-u`.
pub(crate) fn users(list: &[u8], users: &mut Users, names: &dyn NameService) -> UserFaults {
    let mut found = UserFaults::default();
    for item in items(list) {
        let (excludes, name) = exclusion(item);
        if name.len() > LOGIN {
            // The original counts the name and prints from the exclusion mark on.
            let shown = item.get(..name.len()).unwrap_or_default();
            let mut text = b"-u login name > 32 characters: ".to_vec();
            let locale = Locale::of_environment();
            crate::output::escape::single_bytes(locale, shown, name.len(), &mut text);
            found.faults.push(text);
            continue;
        }
        let is_number = name.iter().all(u8::is_ascii_digit);
        let uid = if is_number {
            // One that is too large is nobody's.
            leading_number(name).map_or(Some(0), |(number, _)| u32::try_from(number).ok())
        } else if let Some(Uid(uid)) = names.uid(name) {
            Some(uid)
        } else {
            found
                .faults
                .push([b"can't get UID for ", &*printable(name)].concat());
            continue;
        };
        let uid = uid.map(Uid);
        let text = if name.is_empty() { b"0" } else { name };
        match users.0.iter().find(|known| known.is(uid, text)) {
            None => users.0.push(User {
                uid,
                text: text.to_vec(),
                is_login: !is_number,
                excludes,
                mark: Mark::default(),
            }),
            Some(known) if known.excludes == excludes => {}
            Some(_) => {
                let number = uid.map_or(-1, |uid| i64::from(uid.0.cast_signed()));
                let text = format!("UID {number} has been included and excluded.");
                found.faults.push(text.into_bytes());
                found.ends = true;
                break;
            }
        }
    }
    found
}

/// What is wrong with a set of descriptors.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SlotFaults {
    /// Each with whether `-w` keeps it silent.
    pub(crate) faults: Vec<(Vec<u8>, bool)>,
    /// The last of them ends the run at once.
    pub(crate) ends: bool,
}

/// Reads the value of `-d`.
pub(crate) fn slots(list: &[u8], slots: &mut Slots) -> SlotFaults {
    let mut found = SlotFaults::default();
    for typed in items(list) {
        let (excludes, text) = exclusion(typed);
        if text.is_empty() {
            continue;
        }
        let item = if text.contains(&b'-') {
            range(text).map_err(|what| [what.as_bytes(), b": ", &printable(text)].concat())
        } else {
            Ok(match leading_number(text) {
                Some((number, length)) if length == text.len() => {
                    Some(Item::Numbers(number, number))
                }
                _ => Item::named(text),
            })
        };
        let item = match item {
            Ok(item) => item,
            Err(text) => {
                found.faults.push((text, false));
                continue;
            }
        };
        if !slots.items.is_empty() && slots.excludes != excludes {
            let what: &[u8] = if excludes {
                b"exclude in an include -d list: "
            } else {
                b"include in an exclude -d list: "
            };
            found.faults.push(([what, typed].concat(), true));
            continue;
        }
        let Some(item) = item else {
            let text = b"invalid fd type given in -d option".to_vec();
            found.faults.push((text, false));
            found.ends = true;
            break;
        };
        slots.excludes = excludes;
        slots.items.push(item);
    }
    found
}

/// `LOW-HIGH`
fn range(text: &[u8]) -> Result<Option<Item>, &'static str> {
    let dash = text.iter().position(|&byte| byte == b'-').unwrap_or(0);
    let (low, high) = text.split_at(dash);
    let high = high.get(1..).unwrap_or_default();
    if low.is_empty() {
        return Err("illegal FD range for -d");
    }
    if !low.iter().chain(high).all(u8::is_ascii_digit) {
        return Err("non-digit in -d FD range");
    }
    let number = |digits| leading_number(digits).map_or(0, |(number, _)| number);
    let (low, high) = (number(low), number(high));
    if low >= high {
        return Err("-d FD range's low >= its high");
    }
    Ok(Some(Item::Numbers(low, high)))
}

/// Reads the value of `-s`.
pub(crate) fn states(argument: &[u8], states: &mut States) -> Faults {
    let colon = argument.iter().position(|&byte| byte == b':');
    let (protocol, rest) = argument.split_at(colon.unwrap_or(0));
    let protocol = protocol.to_ascii_uppercase();
    let is_tcp = match &*protocol {
        b"TCP" => true,
        b"UDP" => false,
        _ => return vec![[b"unknown -s protocol: \"", argument, b"\""].concat()],
    };
    let name = if is_tcp { "TCP" } else { "UDP" };
    let list = rest.get(1..).unwrap_or_default();
    if list.is_empty() {
        let text = format!("no {name} state names in: ");
        return vec![[text.as_bytes(), argument].concat()];
    }
    let mut faults = Faults::new();
    for item in items(list) {
        let (excludes, state) = exclusion(item);
        if state.is_empty() {
            let text = format!("NULL {name} state name in: ");
            faults.push([text.as_bytes(), argument].concat());
            break;
        }
        let Some(wish) = wish(state, is_tcp, states) else {
            let text = format!("unknown {name} state name: ");
            faults.push([text.as_bytes(), state].concat());
            continue;
        };
        let (place, what) = if excludes {
            (&mut wish.excluded, "exclusion")
        } else {
            (&mut wish.included, "inclusion")
        };
        if std::mem::replace(place, true) {
            let text = format!("duplicate {name} {what}: ");
            faults.push([text.as_bytes(), state].concat());
        }
    }
    faults
}

/// The wish for a state by its name.
fn wish<'s>(name: &[u8], is_tcp: bool, states: &'s mut States) -> Option<&'s mut Wish> {
    let is = |state: &str| state.as_bytes().eq_ignore_ascii_case(name);
    if is_tcp {
        let mut wishes = states.tcp.iter_mut().zip(TCP_STATES);
        wishes.find(|(_, state)| is(state)).map(|(wish, _)| wish)
    } else {
        is(UDP_ESTABLISHED).then_some(&mut states.udp)
    }
}

/// The states that are both included and excluded, by number.
pub(crate) fn conflicts(states: &States) -> Faults {
    let tcp = states
        .tcp
        .iter()
        .zip(TCP_STATES)
        .map(|found| ("TCP", found));
    let udp = ("UDP", (&states.udp, UDP_ESTABLISHED));
    tcp.chain([udp])
        .filter(|(_, (wish, _))| wish.included && wish.excluded)
        .map(|(name, (_, state))| {
            format!("can't include and exclude {name} state: {state}").into_bytes()
        })
        .collect()
}
