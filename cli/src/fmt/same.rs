//! Whether two texts are the same code: the proof that a layout changed nothing.

use super::source::{Kind, Source};

/// Whether two sources have the same tokens and the same comments. Whitespace is no difference, but where it parts the
/// characters of an operator, or begins or ends a line of a comment that is no documentation.
pub(super) fn is_same(before: &Source<'_>, after: &Source<'_>) -> bool {
    before.tokens.len() == after.tokens.len()
        && (0..before.tokens.len()).all(|token| {
            let texts = (before.token(token), after.token(token));
            let comment = before.kind(token) == Some(Kind::Comment);
            let equal = if comment { lines(texts.0).eq(lines(texts.1)) } else { texts.0 == texts.1 };
            equal && joins(before, token) == joins(after, token)
        })
}

fn lines(comment: &str) -> impl Iterator<Item = &str> {
    comment.split('\n').map(str::trim)
}

/// Whether a token and the one before are read as one operator, or as part of one.
fn joins(source: &Source<'_>, token: usize) -> bool {
    let Some(before) = token.checked_sub(1) else { return false };
    let (Some(Kind::Mark(first)), Some(Kind::Mark(second))) = (source.kind(before), source.kind(token)) else {
        return false;
    };
    let operator = match second {
        '=' => "=!<>+-*/%^&|.".contains(first),
        '>' => "=->".contains(first),
        '-' => first == '<',
        ':' | '.' | '&' | '|' | '<' => first == second,
        _ => false,
    };
    operator && source.tokens[before].at.end == source.tokens[token].at.start
}
