//! From tokens to the pieces of a literal. Nothing is refused: what is half-typed stays as far as it goes, so that the
//! editor completes it, and what makes no sense is a fault beside the rest.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::diagnose::Faults;
use crate::split::{at_commas, group, is_path_separator, punct, stream, trees};
use crate::tree::{Block, Entry, Key, Read, ReadStep, Resource, Segment, Spread, Status, Value};

/// Splits `cx, key: Kind { … }`.
pub(crate) fn resource(input: TokenStream) -> (Resource, Faults) {
    let mut faults = Faults::default();
    let tokens = trees(input);
    let (cx, rest) = first_part(&tokens);
    if cx.is_empty() {
        faults.add(Span::call_site(), "expected `resource!(cx, key: Kind { … })`");
    }
    let (key, rest) = match rest.first() {
        Some(TokenTree::Ident(name)) if punct(rest.get(1), ':').is_some() => (Key::Name(name.clone()), &rest[1..]),
        Some(TokenTree::Literal(text)) => (Key::Text(text.clone()), &rest[1..]),
        Some(TokenTree::Group(expression)) if expression.delimiter() == Delimiter::Parenthesis => {
            (Key::Expression(expression.clone()), &rest[1..])
        }
        other => {
            if !cx.is_empty() {
                let span = other.map_or_else(|| last_span(&tokens), TokenTree::span);
                faults.add(
                    span,
                    "expected a key and a kind: `vpc: VPC { … }`, `\"subnet-{zone}\": Subnet { … }` or `(expression): Subnet { … }`",
                );
            }
            (Key::Missing, &rest[rest.len()..])
        }
    };
    let rest = match (punct(rest.first(), ':'), &key) {
        (Some(_), _) => &rest[1..],
        (None, Key::Missing) => rest,
        (None, _) => {
            let span = rest.first().map_or_else(|| last_span(&tokens), TokenTree::span);
            faults.add(span, "expected `:` and a kind after the key");
            rest
        }
    };
    let brace = rest.iter().position(|tree| group(Some(tree), Delimiter::Brace).is_some()).unwrap_or(rest.len());
    let (kind, rest) = rest.split_at(brace);
    let body = group(rest.first(), Delimiter::Brace).map(|braces| block(braces, true, &mut faults));
    if body.is_none() && !matches!(key, Key::Missing) {
        faults.add(last_span(&tokens), "expected the resource's fields: `{ spec.for_provider: { … } }`");
    }
    trailing(rest.get(1..).unwrap_or_default(), &mut faults);
    let kind_name = kind.iter().rev().find_map(|tree| match tree {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    });
    let kind_span = kind.first().map_or_else(|| last_span(&tokens), TokenTree::span);
    (Resource { cx: stream(cx), key, kind: stream(kind), kind_span, kind_name, body }, faults)
}

/// Splits `cx, { … }`.
pub(crate) fn status(input: TokenStream) -> (Status, Faults) {
    let mut faults = Faults::default();
    let tokens = trees(input);
    let (cx, rest) = first_part(&tokens);
    let body = group(rest.first(), Delimiter::Brace).map(|braces| block(braces, false, &mut faults));
    if cx.is_empty() || body.is_none() {
        faults.add(last_span(&tokens), "expected `status!(cx, { field: value })`");
    }
    trailing(rest.get(1..).unwrap_or_default(), &mut faults);
    (Status { cx: stream(cx), body }, faults)
}

/// A value as an argument of `text!`.
pub(crate) fn argument(tokens: &[TokenTree]) -> Value {
    match read(tokens) {
        Some(read) => Value::Read(read),
        None => Value::Expression(tokens.to_vec()),
    }
}

/// What stands before the first comma, and after it.
fn first_part(tokens: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let first = at_commas(tokens).into_iter().next().unwrap_or_default();
    (first, tokens.get(first.len() + 1..).unwrap_or_default())
}

fn trailing(rest: &[TokenTree], faults: &mut Faults) {
    let rest = if punct(rest.first(), ',').is_some() { &rest[1..] } else { rest };
    if let Some(tree) = rest.first() {
        faults.add(tree.span(), "nothing may follow the braces");
    }
}

fn last_span(tokens: &[TokenTree]) -> Span {
    tokens.last().map_or_else(Span::call_site, TokenTree::span)
}

fn block(braces: &Group, outermost: bool, faults: &mut Faults) -> Block {
    let tokens = trees(braces.stream());
    let mut block = Block { entries: Vec::new(), spread: None, span: braces.span() };
    let parts = at_commas(&tokens);
    let count = parts.len();
    for (index, part) in parts.into_iter().enumerate() {
        if let (Some(first), Some(_)) = (punct(part.first(), '.'), punct(part.get(1), '.')) {
            let span = first.span();
            if !outermost {
                faults.add(
                    span,
                    "`..` can only end the outermost braces of a `resource!`; give this object as a value: `field: (Kind { … })`",
                );
            } else if index + 1 < count && !(index + 2 == count && tokens.last().is_some_and(is_comma)) {
                faults.add(span, "`..` must come last");
            }
            block.spread = Some(Spread { span, base: stream(&part[2..]) });
            continue;
        }
        entries(part, &mut block.entries, faults);
    }
    block
}

fn is_comma(tree: &TokenTree) -> bool {
    punct(Some(tree), ',').is_some()
}

/// The entry that a part holds, or several where commas are missing between them.
fn entries(mut part: &[TokenTree], into: &mut Vec<Entry>, faults: &mut Faults) {
    loop {
        let next = missing_comma(part);
        let (this, rest) = part.split_at(next.unwrap_or(part.len()));
        into.push(entry(this, faults));
        let Some(first) = rest.first().filter(|_| next.is_some()) else { return };
        faults.add(first.span(), "expected `,` before this field");
        part = rest;
    }
}

/// Where, inside a value, the next field begins: `name :` occurs in no expression. Not in a closure's arguments, though,
/// and a label is `'name :`.
fn missing_comma(part: &[TokenTree]) -> Option<usize> {
    let value = part.iter().position(|tree| punct(Some(tree), ':').is_some())? + 1;
    let mut bars = 0;
    for at in value + 1..part.len() {
        bars += usize::from(punct(part.get(at - 1), '|').is_some());
        let starts = matches!(part[at], TokenTree::Ident(_))
            && punct(part.get(at + 1), ':').is_some()
            && !is_path_separator(part, at + 1)
            && bars % 2 == 0
            && punct(part.get(at - 1), '\'').is_none()
            && !is_path_separator(part, at.saturating_sub(2))
            && punct(part.get(at - 1), '.').is_none();
        if starts {
            return Some(at);
        }
    }
    None
}

fn entry(part: &[TokenTree], faults: &mut Faults) -> Entry {
    let Some(first) = part.first() else { return Entry::Empty };
    match first {
        TokenTree::Literal(_) => pair(first, &part[1..], faults),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => pair(first, &part[1..], faults),
        TokenTree::Ident(_) => field(part, faults),
        other => {
            faults.add(other.span(), "expected a field: `region: value` or `spec.for_provider: { … }`");
            Entry::Empty
        }
    }
}

fn pair(key: &TokenTree, rest: &[TokenTree], faults: &mut Faults) -> Entry {
    let colon = punct(rest.first(), ':').cloned();
    if colon.is_none() {
        faults.add(rest.first().map_or_else(|| key.span(), TokenTree::span), "expected `:` and a value after the key");
    }
    let value = colon.as_ref().and_then(|colon| value(&rest[1..], colon.span(), faults));
    Entry::Pair { key: key.clone(), colon, value }
}

fn field(part: &[TokenTree], faults: &mut Faults) -> Entry {
    let mut path = Vec::new();
    let mut at = 0;
    let mut dot = None;
    loop {
        let ident = match part.get(at) {
            Some(TokenTree::Ident(ident)) => Some(ident.clone()),
            _ => None,
        };
        at += usize::from(ident.is_some());
        let typing = ident.is_none();
        path.push(Segment { dot: dot.take(), ident });
        match punct(part.get(at), '.').filter(|_| !typing) {
            Some(punct) => dot = Some(punct.clone()),
            None => break,
        }
        at += 1;
    }
    let last = &part[at.saturating_sub(1).min(part.len() - 1)];
    let colon = punct(part.get(at), ':').cloned().filter(|_| !is_path_separator(part, at));
    if path.last().is_some_and(|segment| segment.ident.is_none()) {
        faults.add(last.span(), "expected the name of a field after `.`");
    } else if colon.is_none() {
        let span = part.get(at).map_or_else(|| last.span(), TokenTree::span);
        faults.add(span, "expected `:` and a value after the field");
    }
    let value = colon.as_ref().and_then(|colon| value(&part[at + 1..], colon.span(), faults));
    Entry::Field { path, colon, value }
}

fn value(tokens: &[TokenTree], after: Span, faults: &mut Faults) -> Option<Value> {
    let Some(first) = tokens.first() else {
        faults.add(after, "expected a value after `:`");
        return None;
    };
    if let ([_], Some(braces)) = (tokens, group(Some(first), Delimiter::Brace)) {
        return Some(Value::Block(block(braces, false, faults)));
    }
    if let ([_], Some(brackets)) = (tokens, group(Some(first), Delimiter::Bracket)) {
        let items = trees(brackets.stream());
        let items: Vec<_> = at_commas(&items).into_iter().filter(|item| !item.is_empty()).collect();
        let blocks: Vec<_> = items.iter().filter_map(|item| group(item.first(), Delimiter::Brace)).collect();
        if !blocks.is_empty() && blocks.len() == items.len() && items.iter().all(|item| item.len() == 1) {
            let blocks = blocks.into_iter().map(|braces| block(braces, false, faults)).collect();
            return Some(Value::List(blocks));
        }
        if !items.is_empty() && items.iter().all(|item| is_reference(item)) {
            return Some(Value::References(stream(tokens)));
        }
    }
    if is_reference(tokens) {
        return Some(Value::References(stream(tokens)));
    }
    Some(argument(tokens))
}

/// `&name`, the way that composed resources are referred to.
fn is_reference(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [and, TokenTree::Ident(_)] if punct(Some(and), '&').is_some())
}

/// The dotted path at the head of an expression: identifiers, and literal indexes. A name that is called is a method, and
/// a name after `::` is none of a value's. `cx.xr()` is read like a variable that holds the composite resource.
fn read(tokens: &[TokenTree]) -> Option<Read> {
    let TokenTree::Ident(_) = tokens.first()? else { return None };
    let mut at = if is_xr(tokens) { 4 } else { 1 };
    let head = &tokens[..at];
    let mut steps = Vec::new();
    loop {
        if let Some(brackets) = group(tokens.get(at), Delimiter::Bracket).filter(|_| !steps.is_empty()) {
            let index = trees(brackets.stream());
            let [TokenTree::Literal(index)] = index.as_slice() else { break };
            steps.push(ReadStep::Index(index.clone()));
            at += 1;
            continue;
        }
        let Some(dot) = punct(tokens.get(at), '.').filter(|dot| !is_range(tokens, at, dot.spacing())) else { break };
        match tokens.get(at + 1) {
            Some(TokenTree::Ident(name)) => {
                let called = group(tokens.get(at + 2), Delimiter::Parenthesis).is_some()
                    || (is_path_separator(tokens, at + 2) && punct(tokens.get(at + 4), '<').is_some());
                if called || name == "await" {
                    break;
                }
                steps.push(ReadStep::Field(Some((dot.clone(), name.clone()))));
                at += 2;
            }
            None => {
                steps.push(ReadStep::Field(None));
                at += 1;
            }
            Some(_) => break,
        }
    }
    let rest = &tokens[at..];
    // Only method calls go on from a value that is read; with an operator after it, the whole is an expression of Rust.
    if steps.is_empty() || !is_calls(rest) {
        return None;
    }
    let span = tokens[at - 1].span();
    Some(Read { head: stream(head), steps, suffix: stream(rest), span })
}

/// Whether `cx.xr()` stands here, in front of a field.
fn is_xr(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [_, _, TokenTree::Ident(name), _, dot, ..] if name == "xr" && punct(Some(dot), '.').is_some())
        && punct(tokens.get(1), '.').is_some()
        && group(tokens.get(3), Delimiter::Parenthesis).is_some_and(|arguments| arguments.stream().is_empty())
}

/// Whether nothing but method calls stands here.
fn is_calls(mut rest: &[TokenTree]) -> bool {
    while let [dot, TokenTree::Ident(_), after @ ..] = rest {
        if punct(Some(dot), '.').is_none() {
            return false;
        }
        let call = after.iter().position(|tree| group(Some(tree), Delimiter::Parenthesis).is_some());
        let Some(call) = call.filter(|call| *call == 0 || is_path_separator(after, 0)) else { return false };
        rest = &after[call + 1..];
    }
    rest.is_empty()
}

fn is_range(tokens: &[TokenTree], at: usize, spacing: proc_macro2::Spacing) -> bool {
    spacing == proc_macro2::Spacing::Joint && punct(tokens.get(at + 1), '.').is_some()
}
