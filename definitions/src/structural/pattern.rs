//! `pattern`: a regular expression of Go's RE2 dialect, read with Rust's.

use regex::Regex;

/// Whether a text matches a pattern anywhere; nothing where the pattern cannot be read with the same meaning.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    Some(Regex::new(&translate(pattern)?).ok()?.is_match(text))
}

/// The pattern in Rust's dialect, whose perl classes are Unicode's and whose character classes nest.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    // Inside a class, `]` is a plain character where it stands first.
    let mut class = false;
    let mut first = false;
    while let Some(c) = chars.next() {
        let opens = std::mem::take(&mut first);
        match c {
            '\\' => match (chars.next()?, class) {
                ('d', true) => out.push_str("0-9"),
                ('w', true) => out.push_str("0-9A-Za-z_"),
                ('s', true) => out.push_str("\\t\\n\\f\\r "),
                ('d', false) => out.push_str("[0-9]"),
                ('w', false) => out.push_str("[0-9A-Za-z_]"),
                ('s', false) => out.push_str("[\\t\\n\\f\\r ]"),
                ('D', false) => out.push_str("[^0-9]"),
                ('W', false) => out.push_str("[^0-9A-Za-z_]"),
                ('S', false) => out.push_str("[^\\t\\n\\f\\r ]"),
                ('b', false) => out.push_str("(?-u:\\b)"),
                // Literal runs, single bytes, octal escapes and negated classes in classes are rare.
                ('Q' | 'C' | 'B' | 'D' | 'W' | 'S' | '0'..='9', _) => return None,
                (escaped, _) => out.extend(['\\', escaped]),
            },
            '[' if !class => {
                class = true;
                first = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            ']' if class && opens => out.push_str("\\]"),
            ']' if class => {
                class = false;
                out.push(']');
            }
            '[' if chars.peek() == Some(&':') => return None,
            '[' | '&' | '~' if class => out.extend(['\\', c]),
            '-' if class && chars.peek() == Some(&'-') => return None,
            // `(?P<name>…)` and flags are the same in both; `(?<name>…)` too.
            c => out.push(c),
        }
    }
    (!class).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_to_the_api_server() {
        let ascii = [(r"^\d+$", "12", "१२"), (r"^\w+$", "a_1", "é"), (r"^[\w-]+$", "a-b", "é"), (r"^\S$", "é", " ")];
        let classes = [(r"^[[a]$", "[", "b"), (r"^[]a]$", "]", "b"), (r"^[a&&b]$", "&", "c"), (r"^[^]]$", "a", "]")];
        for (pattern, good, bad) in ascii.into_iter().chain(classes) {
            assert_eq!(matches(pattern, good), Some(true), "{pattern}");
            assert_eq!(matches(pattern, bad), Some(false), "{pattern}");
        }
        assert_eq!(matches("b", "abc"), Some(true), "anywhere");
        assert_eq!(matches("^a$", "a\n"), Some(false), "$ is the end of the text");
        for unread in [r"\Qa\E", r"[[:alpha:]]", r"[\D]", "(", "[a", "a\\"] {
            assert_eq!(matches(unread, "a"), None, "{unread}");
        }
    }
}
