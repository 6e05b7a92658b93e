//! What was asked for and not found: the lines of `-V`, and what that means for the exit status.

use crate::kinds::decimal;
use crate::selection::Selection;
use crate::selection::states::{TCP_STATES, UDP_ESTABLISHED};
use crate::voice::printable;

/// A line for everything that was asked for and not found, without the program's name.
pub(crate) fn misses(selection: &Selection) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut miss = |parts: &[&[u8]]| lines.push(parts.concat());
    let commands = &selection.commands;
    for prefix in commands
        .prefixes
        .iter()
        .rev()
        .filter(|asked| !asked.mark.is_set())
    {
        miss(&[b"command not located: ", &printable(&prefix.text)]);
    }
    for expression in commands
        .expressions
        .iter()
        .filter(|asked| !asked.mark.is_set())
    {
        miss(&[
            b"no command found for regex: ",
            &printable(&expression.source),
        ]);
    }
    let names = selection.names.entries().iter().rev();
    for entry in names.filter(|entry| !entry.mark.is_set()) {
        let what: &[u8] = if entry.is_file_system {
            b" system"
        } else {
            b""
        };
        miss(&[
            b"no file",
            what,
            b" use located: ",
            &printable(&entry.typed),
        ]);
    }
    let networks = &selection.networks;
    for argument in networks
        .arguments
        .iter()
        .rev()
        .filter(|asked| !asked.mark.is_set())
    {
        miss(&[
            b"Internet address not located: ",
            &printable(&argument.text),
        ]);
    }
    if networks.any.as_ref().is_some_and(|any| !any.mark.is_set()) {
        miss(&[b"no Internet files located"]);
    }
    let states = selection.states.tcp.iter().zip(TCP_STATES);
    for (_, state) in states.filter(|(wish, _)| wish.included && !wish.mark.is_set()) {
        miss(&[b"TCP state not located: ", state.as_bytes()]);
    }
    if selection.states.udp.included && !selection.states.udp.mark.is_set() {
        miss(&[b"UDP state not located: ", UDP_ESTABLISHED.as_bytes()]);
    }
    if selection.nfs.as_ref().is_some_and(|mark| !mark.is_set()) {
        miss(&[b"no NFS files located"]);
    }
    let is_missed =
        |number: &&crate::selection::numbers::Number| !number.excludes && !number.mark.is_set();
    for number in selection.pids.0.iter().filter(is_missed) {
        miss(&[b"process ID not located: ", &number.text]);
    }
    if selection.tasks == Some(true) && !selection.task_mark.is_set() {
        miss(&[b"no tasks located"]);
    }
    for context in selection
        .contexts
        .0
        .iter()
        .filter(|asked| !asked.mark.is_set())
    {
        miss(&[b"context not located: ", &context.pattern]);
    }
    for number in selection.groups.0.iter().filter(is_missed) {
        miss(&[b"process group ID not located: ", &number.text]);
    }
    let users = selection.users.0.iter();
    for user in users.filter(|user| !user.excludes && !user.mark.is_set()) {
        match (user.uid, user.is_login) {
            (Some(uid), true) => {
                let mut number = Vec::new();
                decimal(uid.0.into(), &mut number);
                let login = printable(&user.text);
                miss(&[b"login name (UID ", &number, b") not located: ", &login]);
            }
            (Some(uid), false) => {
                let mut number = Vec::new();
                decimal(uid.0.into(), &mut number);
                miss(&[b"user ID not located: ", &number]);
            }
            (None, _) => miss(&[b"user ID not located: ", &user.text]),
        }
    }
    lines
}
