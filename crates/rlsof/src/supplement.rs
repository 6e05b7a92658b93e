//! The mount supplement (`+m F`): devices of file systems that cannot be looked at.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use sockcore::Errno;

use crate::voice::printable;

/// Directories and devices, or everything that is wrong with the file.
pub(crate) type Supplement = Result<Vec<(Vec<u8>, u64)>, Vec<Fault>>;

/// What is wrong with a supplement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It cannot be read.
    Unreadable(Errno),
    /// A line, counted from one, and what is wrong with it.
    Line(usize, &'static str, Vec<u8>),
}

impl Fault {
    /// The message, without the program's name.
    pub(crate) fn text(&self, file: &[u8]) -> Vec<u8> {
        let file = printable(file);
        match self {
            Self::Unreadable(errno) => {
                let reason = errno.text();
                [b"WARNING: access ", &*file, b": ", reason.as_bytes()].concat()
            }
            Self::Line(number, what, line) => {
                let text = format!(" line {number}: {what}: \"");
                [&*file, text.as_bytes(), &printable(line), b"\""].concat()
            }
        }
    }
}

/// Reads a supplement. One bad line voids all of it.
pub(crate) fn read(path: &[u8]) -> Supplement {
    match std::fs::read(OsStr::from_bytes(path)) {
        Ok(text) => parse(&text),
        Err(error) => Err(vec![Fault::Unreadable(Errno::from(&error))]),
    }
}

pub(crate) fn parse(text: &[u8]) -> Supplement {
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    let lines = text.split_inclusive(|&byte| byte == b'\n');
    for (index, line) in lines.enumerate() {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        match parse_line(line) {
            Ok(entry) => entries.push(entry),
            Err(what) => faults.push(Fault::Line(index + 1, what, line.to_vec())),
        }
    }
    if faults.is_empty() {
        Ok(entries)
    } else {
        Err(faults)
    }
}

/// `DIRECTORY 0xDEVICE`
fn parse_line(line: &[u8]) -> Result<(Vec<u8>, u64), &'static str> {
    if line.first() != Some(&b'/') {
        return Err("no path");
    }
    let blank = line.iter().position(|&byte| byte == b' ');
    let (directory, device) = line.split_at(blank.ok_or("no device")?);
    let digits = device.strip_prefix(b" 0x").ok_or("no device")?;
    let device = std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|digits| u64::from_str_radix(digits, 16).ok());
    Ok((directory.to_vec(), device.ok_or("illegal device")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_directory_and_a_device() {
        let entries = parse(b"/mnt/n 0x2a\n/ 0xfe00\n").unwrap();
        assert_eq!(
            entries,
            [(b"/mnt/n".to_vec(), 0x2a), (b"/".to_vec(), 0xfe00)]
        );
    }

    #[test]
    fn one_bad_line_voids_the_file_and_every_bad_line_is_told() {
        let faults = parse(b"x\n/a\n/b 12\n/c 0x1 y\n/d 0x2\n").unwrap_err();
        let told: Vec<_> = faults
            .iter()
            .map(|fault| String::from_utf8(fault.text(b"F")).unwrap())
            .collect();
        assert_eq!(
            told,
            [
                "F line 1: no path: \"x\"",
                "F line 2: no device: \"/a\"",
                "F line 3: no device: \"/b 12\"",
                "F line 4: illegal device: \"/c 0x1 y\"",
            ]
        );
    }
}
