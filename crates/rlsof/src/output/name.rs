//! NAME: which parts it has, in which order.

use sockcore::locale::Locale;

use super::cell;
use super::escape;
use super::lookup::Lookup;
use crate::row::{Kind, Process, Row};

/// Appends the parts before state and queues: stored name, addresses, the numbers of a nameless
/// device node, additions.
pub(crate) fn name(
    process: &Process,
    row: &Row,
    locale: Locale,
    lookup: &Lookup<'_>,
    into: &mut Vec<u8>,
) {
    let start = into.len();
    escape::name(locale, process.text(row.name), into);
    addresses(process, row, lookup, start, into);
    device_node(row, start, into);
    if !row.addition.is_empty() {
        if into.len() > start {
            into.push(b' ');
        }
        escape::name(locale, process.text(row.addition), into);
    }
}

/// The same parts as bytes, for a form that has escapes of its own.
pub(crate) fn raw_name(process: &Process, row: &Row, lookup: &Lookup<'_>, into: &mut Vec<u8>) {
    let start = into.len();
    into.extend_from_slice(process.text(row.name));
    addresses(process, row, lookup, start, into);
    if !row.addition.is_empty() {
        if into.len() > start {
            into.push(b' ');
        }
        into.extend_from_slice(process.text(row.addition));
    }
}

fn addresses(process: &Process, row: &Row, lookup: &Lookup<'_>, start: usize, into: &mut Vec<u8>) {
    if let Some(inet) = process.inet(row) {
        if into.len() > start {
            into.push(b' ');
        }
        cell::addresses(inet, lookup, into);
    }
}

fn device_node(row: &Row, start: usize, into: &mut Vec<u8>) {
    let word: &[u8] = match row.kind {
        Kind::Character => b"CHR device: ",
        Kind::Block => b"BLK device: ",
        _ => return,
    };
    if into.len() > start {
        return;
    }
    if let Some(device) = row.raw_device() {
        into.extend_from_slice(word);
        cell::numbers(device, into);
    }
}
