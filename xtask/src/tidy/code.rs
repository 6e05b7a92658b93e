//! Rust source with everything that is not code blanked out: comments and the insides of
//! literals. Lines keep their numbers and their lengths in characters.

/// The code of a source text.
pub(super) fn only(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut rest = characters.as_slice();
    while !rest.is_empty() {
        let (length, keep) = token(rest, code.chars().next_back());
        let (this, after) = rest.split_at(length.clamp(1, rest.len()));
        code.extend(
            this.iter()
                .map(|&c| if keep || c == '\n' { c } else { ' ' }),
        );
        rest = after;
    }
    code
}

/// The length of what stands at the front, and whether it is code.
fn token(rest: &[char], before: Option<char>) -> (usize, bool) {
    let in_word = before.is_some_and(is_word);
    match rest {
        ['/', '/', ..] => (rest.iter().take_while(|&&c| c != '\n').count(), false),
        ['/', '*', ..] => (block_comment(rest), false),
        ['"', ..] => (1 + string(&rest[1..]), false),
        ['b' | 'c', '"', ..] if !in_word => (2 + string(&rest[2..]), false),
        ['r', '"' | '#', ..] if !in_word => raw_string(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if !in_word => raw_string(rest, 2),
        ['\'', '\\', _, ..] => {
            let to_quote = rest[3..]
                .iter()
                .position(|&c| c == '\'')
                .unwrap_or(rest.len());
            (to_quote + 4, false)
        }
        ['\'', _, '\'', ..] => (3, false),
        _ => (1, true),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string's inside and its closing quote.
fn string(inside: &[char]) -> usize {
    let mut at = 0;
    while at < inside.len() {
        match inside[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// A raw string after a prefix of this many letters; `r#word` is code.
fn raw_string(rest: &[char], prefix: usize) -> (usize, bool) {
    let hashes = rest[prefix..].iter().take_while(|&&c| c == '#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&'"') {
        return (prefix, true);
    }
    let mut end = vec!['"'];
    end.extend(std::iter::repeat_n('#', hashes));
    let inside = &rest[open + 1..];
    let length = inside
        .windows(end.len())
        .position(|window| window == end.as_slice());
    (
        open + 1 + length.map_or(inside.len(), |length| length + end.len()),
        false,
    )
}

/// Whether a word stands in a text as a whole word.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|found| found == word)
}

/// The words of a text: names, keywords, numbers.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_words(text: &str) -> Vec<String> {
        words(&only(text)).map(str::to_owned).collect()
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        assert_eq!(code_words("a /* b /* c */ d */ e // f\ng"), ["a", "e", "g"]);
        assert_eq!(
            code_words(r##"a "b \" c" d r#"e " f"# g b"h" br"i" c"j" k"##),
            ["a", "d", "g", "k"]
        );
        assert_eq!(
            code_words(r"a 'b' c '\'' d '\u{65}' e"),
            ["a", "c", "d", "e"]
        );
    }

    #[test]
    fn lifetimes_and_raw_names_are_code() {
        assert_eq!(
            code_words("fn f<'a>(r#x: &'a str) {}"),
            ["fn", "f", "a", "r", "x", "a", "str"]
        );
        assert_eq!(code_words("for r in b { c }"), ["for", "r", "in", "b", "c"]);
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = "a\n\"b\nc\"\n/* d\n*/ e";
        assert_eq!(only(text).lines().count(), text.lines().count());
    }

    #[test]
    fn an_unfinished_literal_ends_with_the_text() {
        for text in [
            "\"a", "r#\"a", "/* a", "'\\", "'", "\"\\", "b\"", "r", "br#",
        ] {
            assert_eq!(only(text).chars().count(), text.chars().count(), "{text}");
        }
    }
}
