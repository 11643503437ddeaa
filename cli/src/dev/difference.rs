//! What is different in a render.

use similar::TextDiff;

use super::render::Part;

/// How many lines that are the same are shown around those that are not.
const CONTEXT: usize = 3;

/// The differences between two renders as a unified diff, a section for each part that is new, different or gone. Empty
/// where nothing is different.
pub(super) fn difference(old: &[Part], new: &[Part]) -> String {
    let find = |parts: &[Part], key: &str| parts.iter().find(|part| part.key == key).cloned();
    let mut all = String::new();
    for part in new {
        all += &section(find(old, &part.key).as_ref(), Some(part));
    }
    for part in old.iter().filter(|part| find(new, &part.key).is_none()) {
        all += &section(Some(part), None);
    }
    all
}

fn section(old: Option<&Part>, new: Option<&Part>) -> String {
    let text = |part: Option<&Part>| part.map(|part| part.text.clone()).unwrap_or_default();
    let title = |part: Option<&Part>| part.map_or("/dev/null", |part| &part.title).to_owned();
    let (before, after) = (text(old), text(new));
    if before == after {
        return String::new();
    }
    let diff = TextDiff::from_lines(&before, &after);
    diff.unified_diff().context_radius(CONTEXT).header(&title(old), &title(new)).to_string()
}

/// A unified diff in the colours in which everybody shows one.
pub(super) fn coloured(diff: &str) -> String {
    let line = |line: &str| {
        let colour = match line.as_bytes().first() {
            _ if line.starts_with("--- ") || line.starts_with("+++ ") => 1,
            Some(b'+') => 32,
            Some(b'-') => 31,
            Some(b'@') => 36,
            _ => return line.to_owned(),
        };
        let text = line.trim_end_matches('\n');
        format!("\x1b[{colour}m{text}\x1b[0m{}", &line[text.len()..])
    };
    diff.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(key: &str, text: &str) -> Part {
        Part { key: key.to_owned(), title: format!("{key} (Till)"), text: text.to_owned() }
    }

    #[test]
    fn parts_that_are_new_different_and_gone() {
        let old = [part("a", "one: 1\ntwo: 2\n"), part("b", "same: 1\n"), part("c", "three: 3\n")];
        let new = [part("a", "one: 1\ntwo: 3\n"), part("b", "same: 1\n"), part("d", "four: 4\n")];
        insta::assert_snapshot!(difference(&old, &new), @"
        --- a (Till)
        +++ a (Till)
        @@ -1,2 +1,2 @@
         one: 1
        -two: 2
        +two: 3
        --- /dev/null
        +++ d (Till)
        @@ -0,0 +1 @@
        +four: 4
        --- c (Till)
        +++ /dev/null
        @@ -1 +0,0 @@
        -three: 3
        ");
        assert_eq!(difference(&old, &old), "");
        assert_eq!(difference(&[], &[part("a", "")]), "", "nothing is said, and nothing was");
    }

    #[test]
    fn colours_change_no_text() {
        let diff = difference(&[part("a", "one: 1\ntwo: 2\n")], &[part("a", "one: 1\ntwo: 3\n")]);
        let shown = coloured(&diff);
        assert!(shown.contains("\x1b[31m-two: 2\x1b[0m\n\x1b[32m+two: 3\x1b[0m\n"));
        let plain = ["\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"];
        assert_eq!(plain.iter().fold(shown, |text, code| text.replace(code, "")), diff);
    }
}
