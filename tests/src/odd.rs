//! Which processes of a scene an older lsof misreads, by what the kernel tells of them.

/// What is wrong with such a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its name, or that of a thread, has a parenthesis without its like, or a newline.
    Name,
    /// Its leader is dead, and it is not.
    Leaderless,
}

/// One process of this kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Its number.
    pub pid: String,
    /// Its parent's number.
    pub parent: String,
    /// What is wrong with it.
    pub how: How,
}

/// Prints of every process its number, its parent, its state and, each behind a NUL, its name and
/// those of its threads; two NULs after each process.
pub const SCRIPT: &str = "cd /proc; for process in [0-9]*; do \
    [ -e $process/comm ] || continue; \
    printf '%s %s %s' $process \
    \"$(sed -n 's/^PPid:.//p' $process/status)\" \"$(sed -n 's/^State:.\\(.\\).*/\\1/p' $process/status)\"; \
    for name in $process/comm $process/task/*/comm; do printf '\\0'; cat $name; done; \
    printf '\\0\\0'; done 2>/dev/null";

/// The odd ones among what [`SCRIPT`] printed.
#[must_use]
pub fn among(printed: &[u8]) -> Vec<Odd> {
    let mut parts = printed.split(|&byte| byte == 0);
    let mut found = Vec::new();
    while let Some(head) = parts.next() {
        let names: Vec<_> = parts.by_ref().take_while(|name| !name.is_empty()).collect();
        found.extend(odd(head, &names));
    }
    found
}

fn odd(head: &[u8], names: &[&[u8]]) -> Option<Odd> {
    let head = String::from_utf8_lossy(head);
    let mut words = head.split(' ');
    let (pid, parent, state) = (words.next()?, words.next()?, words.next()?);
    let misread = names
        .iter()
        .any(|name| is_misread(name.strip_suffix(b"\n").unwrap_or(name)));
    let how = match (misread, state) {
        (true, _) => How::Name,
        (false, "Z") => How::Leaderless,
        _ => return None,
    };
    Some(Odd {
        pid: pid.to_owned(),
        parent: parent.to_owned(),
        how,
    })
}

/// Whether the parentheses of a name do not belong together, or it has a newline.
fn is_misread(name: &[u8]) -> bool {
    let mut open = 0_u32;
    for byte in name {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return true,
            b')' => open -= 1,
            b'\n' => return true,
            _ => {}
        }
    }
    open > 0
}

/// As one word of a fact, and back.
impl Odd {
    #[must_use]
    pub(crate) fn word(&self) -> String {
        let how = match self.how {
            How::Name => "name",
            How::Leaderless => "leaderless",
        };
        format!("{}:{}:{how}", self.pid, self.parent)
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        let mut parts = word.split(':');
        Some(Self {
            pid: parts.next()?.to_owned(),
            parent: parts.next()?.to_owned(),
            how: match parts.next()? {
                "name" => How::Name,
                _ => How::Leaderless,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_that_belong_together_are_read_rightly() {
        for name in ["worker (2)", "kid (1) x", "(a(b))", "", "plain"] {
            assert!(!is_misread(name.as_bytes()), "{name}");
        }
        for name in [")", "(x", "test)", "we\"ird) (x", "a\nb", "x) Z 1 (y"] {
            assert!(is_misread(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_process_has_the_names_of_its_threads() {
        let printed = b"1 0 S\0init\n\0init\n\0\x0098 1 S\0living\n\0t) odd\n\0\x009 1 S\0a/(b)\n\0\x007 2 Z\0dead\n\0\0";
        let found = among(printed);
        let words: Vec<_> = found.iter().map(Odd::word).collect();
        assert_eq!(words, ["98:1:name", "7:2:leaderless"]);
        let back: Vec<_> = words.iter().filter_map(|word| Odd::of_word(word)).collect();
        assert_eq!(back, found);
    }
}
