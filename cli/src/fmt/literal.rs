//! What stands in `resource!`, `status!` and `text!`, taken apart as far as layout goes.
//!
//! The grammar is that of the macros, and as tolerant as they are: values are cut at commas and never parsed.

use std::ops::Range;

use super::find;
use super::source::{Kind, Source};

/// How deep literals, blocks and lists may be in one another. Nothing real comes near; it keeps the stack.
const DEEPEST: usize = 64;

/// One call of a macro of the language.
#[derive(Debug)]
pub(super) struct Invocation {
    /// The index of the macro's name.
    pub(super) name: usize,
    /// The index of the bracket after the `!`.
    pub(super) open: usize,
    /// The index of the bracket at the end.
    pub(super) close: usize,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// `resource!` and `status!`: what comes before the block, the block, and what comes after it.
    Literal { head: Head, block: List, tail: Tail },
    /// `text!`: a format string and its arguments.
    Arguments(List),
}

/// What stands before the block of a literal.
#[derive(Debug)]
pub(super) enum Head {
    /// `cx`, or `cx`, `key` and `Type`.
    Parts(Vec<Plain>),
    /// With comments between: everything from the bracket of the macro to the brace of the block, both included.
    Kept(Plain),
}

/// What stands after the block of a literal.
#[derive(Debug)]
pub(super) enum Tail {
    /// Nothing, or a comma.
    Comma(Option<usize>),
    /// Comments too: everything up to the bracket of the macro, this included.
    Kept(Plain),
}

/// What stands between two brackets, cut at its commas.
#[derive(Debug)]
pub(super) struct List {
    pub(super) open: usize,
    pub(super) close: usize,
    /// Comments on the line of the opening bracket.
    pub(super) opening: Range<usize>,
    pub(super) items: Vec<Item>,
    /// Comments after the last item, on lines of their own.
    pub(super) rest: Range<usize>,
}

/// What stands between two commas, with its comments.
#[derive(Debug)]
pub(super) struct Item {
    /// Comments before it.
    pub(super) before: Range<usize>,
    pub(super) body: Value,
    pub(super) comma: Option<usize>,
    /// Comments after it on the same line.
    pub(super) after: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Value {
    /// `path: value`.
    Entry { path: Range<usize>, value: Box<Value> },
    /// `{ entries }`.
    Block(List),
    /// `[{ entries }, { entries }]`.
    Blocks(List),
    /// Anything else.
    Plain(Plain),
}

/// Rust of which the text stays, and the literals in it.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) tokens: Range<usize>,
    pub(super) nested: Vec<Invocation>,
}

/// Why an invocation is left alone, and at which token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The name of the macro.
    pub(super) name: usize,
    pub(super) token: usize,
    pub(super) reason: String,
}

/// A walk through the tokens of a source.
pub(super) struct Parser<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    /// The names of the macros that are ours.
    pub(super) names: Vec<&'static str>,
    /// What could not be understood.
    pub(super) unknown: Vec<Unknown>,
    depth: usize,
}

type Parsed<T> = Result<T, Unknown>;

impl<'s, 'a> Parser<'s, 'a> {
    pub(super) fn new(source: &'s Source<'a>) -> Self {
        Parser { source, names: find::names(source), unknown: Vec::new(), depth: 0 }
    }

    /// The invocation of the macro whose name is at `name`, and whose bracket is at `open`.
    pub(super) fn invocation(&mut self, name: usize, open: usize, close: usize) -> Parsed<Invocation> {
        let macro_name = self.source.token(name);
        let body = self.deeper(open, |parser| match macro_name {
            "text" => Ok(Body::Arguments(parser.list(open, close, Self::argument)?)),
            "resource" => parser.literal(open, close, true),
            _ => parser.literal(open, close, false),
        });
        Ok(Invocation { name, open, close, body: body.map_err(|unknown| Unknown { name, ..unknown })? })
    }

    /// `cx, key: Type { … }` or `cx, { … }`, up to a comma at the end.
    fn literal(&mut self, open: usize, close: usize, keyed: bool) -> Parsed<Body> {
        let comma = self.next(open + 1..close, |parser, token| parser.is(token, ','));
        let comma = comma.ok_or_else(|| unknown(open, "no comma after the first argument"))?;
        let cx = open + 1..comma;
        let mut start = comma + 1;
        let mut key = None;
        if keyed {
            let colon = self.next(start..close, |parser, token| parser.is_colon(token));
            let colon = colon.ok_or_else(|| unknown(comma, "no `key: Type` after the first argument"))?;
            key = Some(start..colon);
            start = colon + 1;
        }
        let brace = self.next(start..close, |parser, token| parser.source.token(token) == "{");
        let brace = brace.ok_or_else(|| unknown(comma, "no braces around the fields"))?;
        let kind = keyed.then_some(start..brace);
        if kind.is_none()
            && let Some(odd) = self.next(start..brace, |_, _| true)
        {
            return Err(unknown(odd, "something stands before the braces"));
        }
        let parts: Vec<Range<usize>> = [Some(cx), key, kind].into_iter().flatten().collect();
        if parts.iter().any(|part| self.next(part.clone(), |_, _| true).is_none()) {
            return Err(unknown(open, "something is missing before the braces"));
        }
        let end = self.end(brace);
        let after: Vec<usize> = (end + 1..close).filter(|token| !self.source.is_comment(*token)).collect();
        if let Some(odd) = after.iter().enumerate().find(|(place, token)| *place > 0 || !self.is(**token, ',')) {
            return Err(unknown(*odd.1, "something stands after the braces"));
        }
        let head = if self.source.has_comment(open..brace) {
            Head::Kept(Plain { tokens: open..brace + 1, ..self.plain(open + 1..brace)? })
        } else {
            Head::Parts(parts.into_iter().map(|part| self.plain(part)).collect::<Parsed<_>>()?)
        };
        let tail = if self.source.has_comment(end..close) {
            Tail::Kept(Plain { tokens: end + 1..close + 1, nested: Vec::new() })
        } else {
            Tail::Comma(after.first().copied())
        };
        Ok(Body::Literal { head, block: self.list(brace, end, Self::entry)?, tail })
    }

    /// Cuts what is between two brackets at its commas.
    fn list(
        &mut self,
        open: usize,
        close: usize,
        body: impl Fn(&mut Self, Range<usize>) -> Parsed<Value>,
    ) -> Parsed<List> {
        let mut items = Vec::new();
        let opening = self.on_the_line(open + 1, close);
        let mut at = opening.end;
        loop {
            let Some(first) = self.next(at..close, |_, _| true) else {
                return Ok(List { open, close, opening, items, rest: at..close });
            };
            let mut comma = self.next(first..close, |parser, token| parser.is(token, ','));
            // `Map::<Key, Value>::new()` has a comma of its own.
            while let Some(here) = comma
                && self.angles(first..here) > 0
            {
                comma = self.next(here + 1..close, |parser, token| parser.is(token, ','));
            }
            if comma == Some(first) {
                return Err(unknown(first, "nothing stands before the comma"));
            }
            let last = self.last(first..comma.unwrap_or(close));
            // A comment between a value and its comma stays there: the comma becomes part of the text that is kept.
            let kept = comma.filter(|comma| last + 1 < *comma);
            let value = match kept {
                Some(comma) => Value::Plain(self.plain(first..comma + 1)?),
                None => body(self, first..last + 1)?,
            };
            let comma = comma.filter(|_| kept.is_none());
            let end = comma.or(kept).unwrap_or(last);
            let after = self.on_the_line(end + 1, close);
            items.push(Item { before: at..first, body: value, comma, after: after.clone() });
            at = after.end;
        }
    }

    /// `path: value`, or `..rest`.
    fn entry(&mut self, tokens: Range<usize>) -> Parsed<Value> {
        if self.is(tokens.start, '.') && self.is(tokens.start + 1, '.') && self.touches(tokens.start + 1) {
            return Ok(Value::Plain(self.plain(tokens)?));
        }
        let colon = self.next(tokens.clone(), |parser, token| parser.is_colon(token));
        let colon = colon.ok_or_else(|| unknown(tokens.start, "no `:` after the name of the field"))?;
        let path = tokens.start..colon;
        if !self.is_path(path.clone()) {
            return Err(unknown(tokens.start, "neither a path of fields nor a string before the `:`"));
        }
        let value = colon + 1..tokens.end;
        if value.is_empty() {
            return Err(unknown(colon, "no value after the `:`"));
        }
        let expression = self.source.token(path.start) == "(";
        if expression || self.source.has_comment(path.clone()) || self.source.is_comment(value.start) {
            return Ok(Value::Plain(self.plain(tokens)?));
        }
        Ok(Value::Entry { path, value: Box::new(self.value(value)?) })
    }

    /// An argument of `text!`.
    fn argument(&mut self, tokens: Range<usize>) -> Parsed<Value> {
        Ok(Value::Plain(self.plain(tokens)?))
    }

    /// A block of a list of blocks.
    fn block(&mut self, tokens: Range<usize>) -> Parsed<Value> {
        let (open, close) = (tokens.start, tokens.end - 1);
        Ok(Value::Block(self.deeper(open, |parser| parser.list(open, close, Self::entry))?))
    }

    fn value(&mut self, tokens: Range<usize>) -> Parsed<Value> {
        let (open, close) = (tokens.start, tokens.end - 1);
        if self.end(open) == close && close > open {
            match self.source.token(open) {
                "{" => return self.block(tokens),
                "[" if self.are_blocks(open + 1..close) => {
                    return Ok(Value::Blocks(self.deeper(open, |parser| parser.list(open, close, Self::block))?));
                }
                _ => {}
            }
        }
        Ok(Value::Plain(self.plain(tokens)?))
    }

    /// Whether there is nothing but brace blocks between commas.
    fn are_blocks(&self, tokens: Range<usize>) -> bool {
        let mut block_before = false;
        let mut at = tokens.start;
        while let Some(token) = self.next(at..tokens.end, |_, _| true) {
            let is_block = self.source.token(token) == "{";
            if is_block == block_before || !(is_block || self.is(token, ',')) {
                return false;
            }
            block_before = is_block;
            at = self.end(token) + 1;
        }
        true
    }

    fn plain(&mut self, tokens: Range<usize>) -> Parsed<Plain> {
        let nested = self.deeper(tokens.start, |parser| Ok(find::invocations(parser, tokens.clone())))?;
        Ok(Plain { tokens, nested })
    }

    fn deeper<T>(&mut self, token: usize, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST {
            return Err(unknown(token, "too many brackets in one another"));
        }
        self.depth += 1;
        let parsed = inner(self);
        self.depth -= 1;
        parsed
    }

    /// The first token outside of brackets that is no comment and fits.
    fn next(&self, tokens: Range<usize>, fits: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let mut at = tokens.start;
        while at < tokens.end {
            if !self.source.is_comment(at) && fits(self, at) {
                return Some(at);
            }
            at = self.end(at) + 1;
        }
        None
    }

    /// The last of some tokens that is no comment. The first is none.
    fn last(&self, tokens: Range<usize>) -> usize {
        tokens.clone().rev().find(|token| !self.source.is_comment(*token)).unwrap_or(tokens.start)
    }

    /// The token itself, or what closes it.
    fn end(&self, token: usize) -> usize {
        match self.source.kind(token) {
            Some(Kind::Open(close)) => close,
            _ => token,
        }
    }

    /// The comments from `start` on that stand on the line where the token before ended, unless something else than a
    /// comment follows on the line where the last of them ends: then they belong to that.
    fn on_the_line(&self, start: usize, close: usize) -> Range<usize> {
        let mut end = start;
        while end < close && self.source.is_comment(end) && self.source.breaks_before(end) == 0 {
            end += 1;
        }
        let ends_the_line = self.source.breaks_before(end) > 0 || end == close;
        start..if ends_the_line { end } else { start }
    }

    fn is(&self, token: usize, mark: char) -> bool {
        self.source.kind(token) == Some(Kind::Mark(mark))
    }

    /// Whether nothing is between a token and the one before.
    fn touches(&self, token: usize) -> bool {
        self.source.tokens[token].at.start == self.source.tokens[token - 1].at.end
    }

    /// Whether a token is a `:` that is not a half of `::`.
    fn is_colon(&self, token: usize) -> bool {
        let half = |first: usize| {
            self.is(first, ':')
                && self.is(first + 1, ':')
                && first + 1 < self.source.tokens.len()
                && self.touches(first + 1)
        };
        self.is(token, ':') && !half(token) && !token.checked_sub(1).is_some_and(half)
    }

    /// Whether tokens are names with dots between, or the key of a map: a string, or an expression in parentheses.
    fn is_path(&self, tokens: Range<usize>) -> bool {
        let significant: Vec<usize> = tokens.clone().filter(|token| !self.source.is_comment(*token)).collect();
        match significant[..] {
            [open, ..] if self.source.token(open) == "(" && self.end(open) + 1 == tokens.end => true,
            [one] if self.source.kind(one) == Some(Kind::Literal) => self.source.token(one).ends_with(['"', '#']),
            _ => {
                let fits = |(place, token): (usize, &usize)| match place % 2 {
                    0 => self.source.kind(*token) == Some(Kind::Word),
                    _ => self.is(*token, '.'),
                };
                significant.len() % 2 == 1 && significant.iter().enumerate().all(fits)
            }
        }
    }

    /// How many of the angle brackets of `::<` are open after some tokens.
    fn angles(&self, tokens: Range<usize>) -> usize {
        let mut open = 0_usize;
        let mut at = tokens.start;
        while at < tokens.end {
            let after_path = at >= tokens.start + 2 && self.is(at - 1, ':') && self.is(at - 2, ':');
            if self.is(at, '<') && (open > 0 || after_path) {
                open += 1;
            } else if self.is(at, '>') && !(self.is(at - 1, '-') && self.touches(at)) {
                open = open.saturating_sub(1);
            }
            at = self.end(at) + 1;
        }
        open
    }
}

fn unknown(token: usize, reason: &str) -> Unknown {
    Unknown { name: token, token, reason: reason.to_owned() }
}
