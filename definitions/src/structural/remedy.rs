//! Words for remedies.

/// The most names that a message lists.
const MANY: usize = 12;

/// Names for a message, shortened where they are many.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().take(MANY).map(|name| format!("`{}`", name.as_ref())).collect();
    match names.len().checked_sub(MANY) {
        None | Some(0) => quoted.join(", "),
        Some(more) => format!("{} and {more} more", quoted.join(", ")),
    }
}

/// The name that was probably meant: equal but for case, `_` and `-`, or the nearest by edits, if it is near.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let bare = |name: &str| name.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_lowercase();
    let wanted = bare(name);
    let distance = |known: &&'a str| (strsim::damerau_levenshtein(&wanted, &bare(known)), *known);
    let (edits, best) = known.iter().map(distance).min()?;
    // A third of the letters may be wrong, and one at least.
    (edits <= (wanted.chars().count() / 3).max(1)).then_some(best)
}

/// A type with its article.
pub(super) fn a_type(name: &str) -> &'static str {
    match name {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        _ => "another value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_near() {
        let known = ["region", "regions", "forProvider", "cidrBlock", "id"];
        assert_eq!(nearest("regoin", &known), Some("region"));
        assert_eq!(nearest("for_provider", &known), Some("forProvider"));
        assert_eq!(nearest("CIDRBlock", &known), Some("cidrBlock"));
        assert_eq!(nearest("ip", &known), Some("id"));
        assert_eq!(nearest("tags", &known), None);
        assert_eq!(nearest("x", &[]), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..14).map(|n| n.to_string()).collect();
        assert!(list(&names).ends_with("`11` and 2 more"));
        assert_eq!(list(&["a", "b"]), "`a`, `b`");
    }
}
