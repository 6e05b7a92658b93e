//! Commands by prefix and by expression (`-c`).

use sockcore::pattern::Regex;

use super::Mark;

/// The commands that are asked for and those that are shut out.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    /// In the order in which they were typed.
    pub(crate) prefixes: Vec<Prefix>,
    /// In the order in which they were typed.
    pub(crate) expressions: Vec<Expression>,
}

/// `-c X`, `-c ^X`
#[derive(Debug)]
pub(crate) struct Prefix {
    pub(crate) text: Vec<u8>,
    pub(crate) excludes: bool,
    pub(crate) mark: Mark,
}

/// `-c /X/`
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) source: Vec<u8>,
    pub(crate) regex: Regex,
    pub(crate) mark: Mark,
}

impl Commands {
    /// Whether any command is asked for.
    pub(super) fn selects(&self) -> bool {
        !self.expressions.is_empty() || self.prefixes.iter().any(|prefix| !prefix.excludes)
    }

    pub(super) fn excludes(&self, command: &[u8]) -> bool {
        self.prefixes
            .iter()
            .any(|prefix| prefix.excludes && command.starts_with(&prefix.text))
    }

    /// Whether the command is asked for. Only the first that asks for it is marked: prefixes from
    /// the last typed to the first, then expressions.
    pub(super) fn find(&self, command: &[u8]) -> bool {
        let by_prefix = self
            .prefixes
            .iter()
            .rev()
            .find(|prefix| !prefix.excludes && command.starts_with(&prefix.text))
            .map(|prefix| &prefix.mark);
        let mark = by_prefix.or_else(|| {
            self.expressions
                .iter()
                .find(|expression| expression.regex.is_match(command))
                .map(|expression| &expression.mark)
        });
        mark.map(Mark::set).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        let (excludes, text) = match text.strip_prefix('^') {
            Some(text) => (true, text),
            None => (false, text),
        };
        Prefix {
            text: text.into(),
            excludes,
            mark: Mark::default(),
        }
    }

    fn commands(prefixes: &[&str]) -> Commands {
        Commands {
            prefixes: prefixes.iter().map(|text| prefix(text)).collect(),
            expressions: Vec::new(),
        }
    }

    fn marks(commands: &Commands) -> Vec<bool> {
        let marks = commands.prefixes.iter().map(|prefix| &prefix.mark);
        marks.map(Mark::is_set).collect()
    }

    #[test]
    fn the_last_typed_prefix_that_fits_is_the_one_found() {
        let asked = commands(&["sc", "scene", "x"]);
        assert!(asked.find(b"scene proc"));
        assert_eq!(marks(&asked), [false, true, false]);
        assert!(!asked.find(b"bash"));
    }

    #[test]
    fn exclusions_alone_ask_for_nothing_and_are_never_found() {
        let asked = commands(&["^scene"]);
        assert!(!asked.selects());
        assert!(asked.excludes(b"scene proc"));
        assert!(!asked.excludes(b"bash"));
        assert!(!asked.find(b"scene proc"));
        assert_eq!(marks(&asked), [false]);
    }

    #[test]
    fn an_expression_is_searched_after_the_prefixes() {
        let mut asked = commands(&["sc"]);
        asked.expressions.push(Expression {
            source: b"ene".to_vec(),
            regex: Regex::new(b"ene", sockcore::pattern::RegexFlags::default()).unwrap(),
            mark: Mark::default(),
        });
        assert!(asked.find(b"scene"));
        assert!(!asked.expressions[0].mark.is_set());
        assert!(asked.find(b"gene"));
        assert!(asked.expressions[0].mark.is_set());
    }
}
