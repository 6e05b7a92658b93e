//! One command line with everything around it that can change what it prints.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::odd::Odd;
use crate::protocol::{Facts, Identity, Output, Request};
use crate::stage::ODD;
use crate::subject::Subject;
use crate::tool::Tool;

/// The user number of the ordinary user of the scenes.
pub const ORDINARY_USER: u32 = 65_534;

/// One command line, run as original and as ours.
#[derive(Clone, Debug)]
pub struct Case {
    /// The tool.
    pub tool: Tool,
    /// argv[0] where it is not the tool's name.
    pub argv0: OsString,
    /// The arguments.
    pub args: Vec<OsString>,
    /// Variables beside the usual ones.
    pub env: Facts,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Who runs it.
    pub identity: Identity,
    /// Where its output goes.
    pub output: Output,
    /// The working directory.
    pub directory: PathBuf,
    /// Milliseconds after which it is killed.
    pub limit: u32,
    /// Variables for ours only: what the original gets by a covered `/proc`.
    pub own_env: Facts,
    /// Processes of the scene that an older lsof misreads.
    pub odd: Vec<Odd>,
}

impl Case {
    /// A command line run by root, its output to a file.
    pub fn new<W: Into<OsString>>(tool: Tool, args: impl IntoIterator<Item = W>) -> Self {
        Self {
            tool,
            argv0: tool.name().into(),
            args: args.into_iter().map(Into::into).collect(),
            env: Facts::new(),
            stdin: Vec::new(),
            identity: Identity::Root,
            output: Output::File,
            directory: "/".into(),
            limit: 20_000,
            own_env: Facts::new(),
            odd: Vec::new(),
        }
    }

    /// The words of one text, cut at blanks; `'…'` keeps blanks in a word and may be empty.
    #[must_use]
    pub fn words(tool: Tool, text: &str) -> Self {
        Self::new(tool, split(text))
    }

    /// Run by an ordinary user.
    #[must_use]
    pub fn as_user(mut self) -> Self {
        self.identity = Identity::User(ORDINARY_USER);
        self
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// With this on standard input.
    #[must_use]
    pub fn given(mut self, stdin: &[u8]) -> Self {
        self.stdin = stdin.to_vec();
        self
    }

    /// With another kind of standard output.
    #[must_use]
    pub fn to(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// Called by another name.
    #[must_use]
    pub fn called(mut self, argv0: impl Into<OsString>) -> Self {
        self.argv0 = argv0.into();
        self
    }

    /// In another directory.
    #[must_use]
    pub fn within(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// Killed after so many milliseconds.
    #[must_use]
    pub fn for_milliseconds(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Every `{NAME}` in arguments, variables and input becomes the scene's `SCENE_NAME`.
    ///
    /// # Errors
    /// The name of a fact that the scene does not tell.
    pub fn fill(&self, facts: &Facts) -> Result<Self, String> {
        let mut filled = self.clone();
        for word in &mut filled.args {
            *word = fill(word, facts)?;
        }
        for (_, value) in &mut filled.env {
            *value = fill(value, facts)?;
        }
        let stdin = os(&self.stdin);
        filled.stdin = bytes(&fill(stdin, facts)?).to_vec();
        filled.directory = fill(self.directory.as_os_str(), facts)?.into();
        let odd = facts.iter().find(|(name, _)| name == ODD);
        let odd = odd
            .map(|(_, numbers)| numbers.to_string_lossy())
            .unwrap_or_default();
        filled.odd = odd.split_whitespace().filter_map(Odd::of_word).collect();
        Ok(filled)
    }

    /// The request that runs it as `subject`.
    #[must_use]
    pub fn request(&self, subject: &Subject) -> Request {
        let (program, argv0, args) = subject.command(&self.argv0, &self.args);
        let mut env: Facts = [
            (
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ),
            ("TZ", "UTC0"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
        if !self.env.iter().any(|(name, _)| name == "LC_ALL") {
            env.push(("LC_ALL".into(), "C".into()));
        }
        env.extend(self.env.iter().cloned());
        if !subject.is_original() {
            env.extend(self.own_env.iter().cloned());
        }
        Request {
            program,
            argv0,
            args,
            env,
            directory: self.directory.clone(),
            stdin: self.stdin.clone(),
            identity: self.identity,
            output: self.output,
            limit: self.limit,
        }
    }

    /// The command line as a shell would take it.
    #[must_use]
    pub fn shell(&self) -> String {
        let mut text = String::new();
        if let Identity::User(_) = self.identity {
            text.push_str("(user) ");
        }
        match self.output {
            Output::File => {}
            other => text.push_str(&format!("({other:?}) ")),
        }
        for (name, value) in self.env.iter().chain(&self.own_env) {
            text.push_str(&format!("{}={} ", name.to_string_lossy(), quoted(value)));
        }
        text.push_str(&quoted(&self.argv0));
        for word in &self.args {
            text.push(' ');
            text.push_str(&quoted(word));
        }
        if !self.stdin.is_empty() {
            text.push_str(&format!(" <<< {:?}", String::from_utf8_lossy(&self.stdin)));
        }
        text
    }

    /// Whether one of the arguments is exactly this word.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.args.iter().any(|argument| argument == word)
    }

    /// Whether a cluster of short options holds this letter. Only a hint: values look alike, unless
    /// they follow the `A` of netstat and ss.
    #[must_use]
    pub fn letter(&self, letter: u8) -> bool {
        self.args.iter().any(|word| {
            let word = bytes(word);
            let cluster = word.split(|&byte| byte == b'A').next().unwrap_or_default();
            word.first() == Some(&b'-')
                && word.get(1).is_some_and(|&second| second != b'-')
                && cluster.contains(&letter)
        })
    }
}

/// The bytes of a word.
#[must_use]
pub fn bytes(word: &OsStr) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(word)
}

/// The word of some bytes.
#[must_use]
pub fn os(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

fn fill(text: &OsStr, facts: &Facts) -> Result<OsString, String> {
    let mut rest = bytes(text);
    let mut filled = Vec::new();
    while let Some(start) = rest.iter().position(|&byte| byte == b'{') {
        let (before, after) = rest.split_at(start);
        filled.extend_from_slice(before);
        let name = after
            .get(1..)
            .and_then(|after| after.split(|&byte| byte == b'}').next())
            .filter(|name| {
                !name.is_empty()
                    && name.iter().all(|&byte| {
                        byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
                    })
                    && name.len() + 2 <= after.len()
            });
        let Some(name) = name else {
            filled.push(b'{');
            rest = after.get(1..).unwrap_or_default();
            continue;
        };
        let key = format!("SCENE_{}", String::from_utf8_lossy(name));
        let value = facts.iter().find(|(fact, _)| *fact == *key);
        filled.extend_from_slice(bytes(&value.ok_or(key)?.1));
        rest = after.get(name.len() + 2..).unwrap_or_default();
    }
    filled.extend_from_slice(rest);
    Ok(os(&filled).to_owned())
}

fn quoted(word: &OsStr) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(byte);
    let word = bytes(word);
    if !word.is_empty() && word.iter().all(plain) {
        return String::from_utf8_lossy(word).into_owned();
    }
    if word.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return format!("'{}'", String::from_utf8_lossy(word).replace('\'', "'\\''"));
    }
    format!("$'{}'", word.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_blanks_outside_quotes() {
        assert_eq!(split("-t 'a b' '' c'd e'"), ["-t", "a b", "", "cd e"]);
    }

    #[test]
    fn facts_fill_their_places_and_other_braces_stay() {
        let facts: Facts = vec![("SCENE_PID".into(), "42".into())];
        let case = Case::words(Tool::Lsof, "-p {PID},{PID} {x} {")
            .fill(&facts)
            .unwrap();
        assert_eq!(case.args, ["-p", "42,42", "{x}", "{"]);
        assert_eq!(
            Case::words(Tool::Lsof, "{NO}").fill(&facts).unwrap_err(),
            "SCENE_NO".to_owned()
        );
    }

    #[test]
    fn a_case_shows_as_a_shell_line() {
        let case = Case::words(Tool::Ss, "-t 'a b'")
            .with("COLUMNS", "80")
            .as_user();
        assert_eq!(case.shell(), "(user) COLUMNS=80 ss -t 'a b'");
    }
}
