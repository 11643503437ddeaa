//! Splitting tokens without understanding them.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// The tokens of a stream.
pub(crate) fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().flat_map(flatten).collect()
}

/// Tokens from `macro_rules!` come in groups without delimiters: what is in them counts.
fn flatten(tree: TokenTree) -> Vec<TokenTree> {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => trees(group.stream()),
        tree => vec![tree],
    }
}

/// The punctuation character that a token is.
pub(crate) fn punct(tree: Option<&TokenTree>, char: char) -> Option<&Punct> {
    match tree {
        Some(TokenTree::Punct(punct)) if punct.as_char() == char => Some(punct),
        _ => None,
    }
}

/// The group that a token is.
pub(crate) fn group(tree: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match tree {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// Whether `::` stands at a position.
pub(crate) fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    punct(tokens.get(at), ':').is_some_and(|colon| colon.spacing() == Spacing::Joint)
        && punct(tokens.get(at + 1), ':').is_some()
}

/// The parts between the commas of a list, whether or not a comma ends it. The commas of `::<A, B>` are none of the
/// list's.
pub(crate) fn at_commas(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut parts = Vec::new();
    let (mut start, mut angles, mut at) = (0, 0_usize, 0);
    while at < tokens.len() {
        if is_path_separator(tokens, at) && punct(tokens.get(at + 2), '<').is_some() {
            angles += 1;
            at += 2;
        } else if angles > 0 && punct(tokens.get(at), '<').is_some() {
            angles += 1;
        } else if angles > 0 && punct(tokens.get(at), '>').is_some() && !is_arrow(tokens, at) {
            angles -= 1;
        } else if angles == 0 && punct(tokens.get(at), ',').is_some() {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
        at += 1;
    }
    parts.push(&tokens[start..]);
    parts
}

/// Whether the `>` at a position ends `->` or `=>`.
fn is_arrow(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    [punct(before, '-'), punct(before, '=')].into_iter().flatten().any(|punct| punct.spacing() == Spacing::Joint)
}

/// A stream of these tokens.
pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}
