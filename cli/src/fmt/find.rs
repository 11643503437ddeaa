//! Where in a file the literals are.

use std::ops::Range;

use super::literal::{Invocation, Parser};
use super::source::{Kind, Source};

/// The macros whose bodies have a layout.
const MACROS: [&str; 3] = ["resource", "status", "text"];

/// The invocations among some tokens, without those within one another. What cannot be understood is noted and passed by.
pub(super) fn invocations(parser: &mut Parser<'_, '_>, tokens: Range<usize>) -> Vec<Invocation> {
    let source = parser.source;
    let mut found = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        if let Some(end) = definition(source, at).or_else(|| skipped(source, at, tokens.end)) {
            at = end;
            continue;
        }
        let Some((open, close)) = call(source, at).filter(|_| parser.names.contains(&source.token(at))) else {
            at += 1;
            continue;
        };
        match parser.invocation(at, open, close) {
            Ok(invocation) => found.push(invocation),
            Err(reason) => parser.unknown.push(reason),
        }
        at = close + 1;
    }
    found
}

/// The brackets of a call of one of our macros: `resource!(`, also with `planewright::` before it. A macro of that name from
/// another crate is none.
fn call(source: &Source<'_>, name: usize) -> Option<(usize, usize)> {
    if source.kind(name) != Some(Kind::Word) || source.token(name + 1) != "!" {
        return None;
    }
    let from_elsewhere = name >= 2
        && source.token(name - 1) == ":"
        && source.token(name - 2) == ":"
        && !(name >= 3 && source.token(name - 3) == "planewright");
    match source.kind(name + 2) {
        Some(Kind::Open(close)) if !from_elsewhere => Some((name + 2, close)),
        _ => None,
    }
}

/// The macros that are ours in a source: not those that it defines itself.
pub(super) fn names(source: &Source<'_>) -> Vec<&'static str> {
    let defined = |name: &str| {
        (2..source.tokens.len())
            .any(|at| source.token(at) == name && source.token(at - 1) == "!" && source.token(at - 2) == "macro_rules")
    };
    MACROS.into_iter().filter(|name| !defined(name)).collect()
}

/// The end of a `macro_rules!` that begins here: there, `resource!` is a pattern.
fn definition(source: &Source<'_>, at: usize) -> Option<usize> {
    if source.token(at) != "macro_rules" || source.token(at + 1) != "!" {
        return None;
    }
    match source.kind(at + 3) {
        Some(Kind::Open(close)) => Some(close + 1),
        _ => None,
    }
}

/// The end of what `#[rustfmt::skip]` keeps from being formatted, if it stands here: an item or a statement; with
/// `#![rustfmt::skip]` all that comes after.
fn skipped(source: &Source<'_>, at: usize, end: usize) -> Option<usize> {
    if source.token(at) != "#" {
        return None;
    }
    let inner = source.token(at + 1) == "!";
    let open = at + 1 + usize::from(inner);
    let Some(Kind::Open(close)) = source.kind(open) else { return None };
    let words = (open + 1..close).filter(|token| !source.is_comment(*token)).map(|token| source.token(token));
    if words.collect::<String>() != "rustfmt::skip" {
        return None;
    }
    if inner {
        return Some(enclosing_end(source, close + 1, end));
    }
    // Other attributes may come between.
    let mut at = close + 1;
    while at < end && (source.is_comment(at) || source.token(at) == "#") {
        at = match source.kind(at + 1) {
            Some(Kind::Open(close)) if !source.is_comment(at) => close + 1,
            _ => at + 1,
        };
    }
    let ends_at_semicolon = source.token(at) == "let";
    while at < end {
        match (source.kind(at), source.token(at)) {
            (Some(Kind::Open(close)), "{") if !ends_at_semicolon => return Some(close + 1),
            (Some(Kind::Open(close)), _) => at = close,
            (Some(Kind::Close), _) => return Some(at),
            (_, ";") => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    Some(end)
}

/// The bracket that closes what is around a token.
fn enclosing_end(source: &Source<'_>, mut at: usize, end: usize) -> usize {
    while at < end {
        match source.kind(at) {
            Some(Kind::Open(close)) => at = close + 1,
            Some(Kind::Close) => return at,
            _ => at += 1,
        }
    }
    end
}
