//! The layout of literals: an entry a line, a step to the right for each block, one line for what was on one and fits.

use std::ops::Range;

use super::literal::{Body, Head, Invocation, Item, List, Plain, Tail, Value};
use super::source::{self, Kind, Source};
use super::style::Style;

/// A source with its literals laid out anew. Only whitespace is different.
pub(super) fn lay_out(source: &Source<'_>, invocations: &[Invocation], style: &Style) -> String {
    let newline = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut layout = Layout { source, style, newline, out: String::with_capacity(source.text.len()) };
    let mut at = 0;
    for invocation in invocations {
        layout.out.push_str(&source.text[at..source.tokens[invocation.name].at.start]);
        let after = layout.closers(invocation.close + 1..source.tokens.len());
        layout.invocation(invocation, after);
        at = source.tokens[invocation.close].at.end;
    }
    layout.out.push_str(&source.text[at..]);
    layout.out
}

struct Layout<'s, 'a> {
    source: &'s Source<'a>,
    style: &'s Style,
    newline: &'static str,
    out: String,
}

impl<'a> Layout<'_, 'a> {
    /// Writes an invocation, after which `after` more characters follow on the line.
    fn invocation(&mut self, invocation: &Invocation, after: usize) {
        if let Some(line) = self.flat_invocation(invocation)
            && self.fits(&line, after)
        {
            return self.out.push_str(&line);
        }
        let Invocation { name, open, close, body } = invocation;
        self.out.push_str(self.source.token(*name));
        self.out.push('!');
        match body {
            Body::Arguments(list) => self.arguments(list),
            Body::Literal { head, block, tail } => {
                match head {
                    Head::Parts(parts) => {
                        self.out.push_str(&self.opened(*open));
                        self.parts(parts);
                    }
                    Head::Kept(plain) => self.kept_to_brace(plain),
                }
                let tail_width = match tail {
                    Tail::Comma(comma) => self.closed(*close).len() + usize::from(comma.is_some()),
                    Tail::Kept(_) => 0,
                };
                self.braces(block, tail_width + after);
                match tail {
                    Tail::Comma(comma) => {
                        self.comma(*comma);
                        self.out.push_str(&self.closed(*close));
                    }
                    Tail::Kept(plain) => {
                        let shift = self.shift(plain.tokens.start - 1);
                        self.gap(plain.tokens.start, shift);
                        self.plain_shifted(plain, shift, after);
                    }
                }
            }
        }
    }

    /// `cx, key: Type ` before a block.
    fn parts(&mut self, parts: &[Plain]) {
        for (place, part) in parts.iter().enumerate() {
            self.plain(part, 2);
            self.out.push_str(match (place, parts.len()) {
                (0, _) => ", ",
                (1, _) => ": ",
                _ => " ",
            });
        }
    }

    /// A head with comments, as it is, without the brace at its end.
    fn kept_to_brace(&mut self, plain: &Plain) {
        let brace = plain.tokens.end - 1;
        if self.source.token(plain.tokens.start) == "{" {
            self.out.push(' ');
        }
        let shift = self.shift(plain.tokens.start);
        self.tokens(plain.tokens.start..brace, &plain.nested, shift, 0);
        self.gap(brace, shift);
    }

    /// A block, of which the brace begins here.
    fn braces(&mut self, block: &List, after: usize) {
        match self.flat_list(block) {
            Some(line) if self.fits(&line, after) => self.out.push_str(&line),
            _ => self.list(block),
        }
    }

    /// The arguments of `text!`. rustfmt lays them out too, where they are plain expressions: what it makes of them is
    /// kept as it is.
    fn arguments(&mut self, list: &List) {
        if list.open_brace(self.source) {
            self.out.push(' ');
        }
        let on_lines_of_their_own = list.separators().any(|token| self.source.breaks_before(token) > 0);
        if on_lines_of_their_own || self.flat_list(list).is_some() {
            return self.list(list);
        }
        // An argument of several lines, such as a closure.
        self.out.push_str(self.source.token(list.open));
        for (place, item) in list.items.iter().enumerate() {
            let space = if place > 0 { " " } else { "" };
            self.out.push_str(space);
            self.inline_comments(item.before.clone(), "", " ");
            self.value(&item.body, 1);
            self.comma(item.comma);
            self.inline_comments(item.after.clone(), " ", "");
        }
        self.out.push_str(self.source.token(list.close));
    }

    fn inline_comments(&mut self, comments: Range<usize>, before: &str, after: &str) {
        for comment in comments {
            self.out.push_str(before);
            self.comment(comment);
            self.out.push_str(after);
        }
    }

    /// Brackets with an item a line.
    fn list(&mut self, list: &List) {
        let margin = self.columns();
        let inner = margin + self.style.tab_spaces;
        self.out.push_str(self.source.token(list.open));
        self.inline_comments(list.opening.clone(), " ", "");
        let mut first = true;
        for item in &list.items {
            let start = item.before.end;
            self.own_lines(item.before.start..start, &mut first, inner);
            self.begin(start, item.before.clone(), &mut first, inner);
            self.value(&item.body, usize::from(item.comma.is_some()));
            self.comma(item.comma);
            self.inline_comments(item.after.clone(), " ", "");
        }
        self.own_lines(list.rest.clone(), &mut first, inner);
        let empty = first && list.opening.is_empty();
        if !empty {
            self.line(margin);
        }
        self.out.push_str(self.source.token(list.close));
    }

    /// Comments between items.
    fn own_lines(&mut self, comments: Range<usize>, first: &mut bool, margin: usize) {
        for comment in comments.clone() {
            self.begin(comment, comments.start..comment, first, margin);
            self.comment(comment);
        }
    }

    /// Goes to where a token of a list begins: on a line of its own, or after a comment that is on its line.
    fn begin(&mut self, token: usize, comments_before: Range<usize>, first: &mut bool, margin: usize) {
        let breaks = self.source.breaks_before(token);
        if breaks == 0 && !comments_before.is_empty() {
            self.out.push(' ');
        } else {
            if breaks > 1 && !*first {
                self.out.push_str(self.newline);
            }
            self.line(margin);
        }
        *first = false;
    }

    /// A value, after which `after` more characters follow on the line.
    fn value(&mut self, value: &Value, after: usize) {
        match value {
            Value::Entry { path, value } => {
                self.out.push_str(&self.path(path.clone()));
                self.out.push(':');
                if self.fits_only_below(value, after) {
                    self.line(self.columns() + self.style.tab_spaces);
                } else {
                    self.out.push(' ');
                }
                self.value(value, after);
            }
            Value::Block(list) => self.braces(list, after),
            Value::Blocks(list) => match self.flat_list(list) {
                Some(line) if self.fits(&line, after) => self.out.push_str(&line),
                _ => self.blocks(list),
            },
            Value::Plain(plain) => self.plain(plain, after),
        }
    }

    /// A list of blocks over several lines. The brackets of a single block may hug it.
    fn blocks(&mut self, list: &List) {
        match &list.items[..] {
            [Item { before, body, comma, after }]
                if [before, after, &list.opening, &list.rest].iter().all(|comments| comments.is_empty())
                    && list.separators().all(|token| self.source.breaks_before(token) == 0) =>
            {
                self.out.push_str(self.source.token(list.open));
                self.value(body, 1 + usize::from(comma.is_some()));
                self.comma(*comma);
                self.out.push_str(self.source.token(list.close));
            }
            _ => self.list(list),
        }
    }

    /// Whether a value of one line is too long for the line of its name, and fits below it, a step to the right.
    fn fits_only_below(&self, value: &Value, after: usize) -> bool {
        let Value::Plain(plain) = value else { return false };
        let text = self.source.span(&plain.tokens);
        // A literal within has lines of its own.
        plain.nested.is_empty()
            && !text.contains('\n')
            && !self.fits(text, " ".len() + after)
            && self.columns() + self.style.tab_spaces + text.chars().count() + after <= self.style.max_width
    }

    /// Rust of which the text stays: its lines move with the line on which it begins.
    fn plain(&mut self, plain: &Plain, after: usize) {
        let shift = self.shift(plain.tokens.start);
        self.plain_shifted(plain, shift, after);
    }

    fn plain_shifted(&mut self, plain: &Plain, shift: isize, after: usize) {
        self.tokens(plain.tokens.clone(), &plain.nested, shift, after);
    }

    fn tokens(&mut self, tokens: Range<usize>, nested: &[Invocation], shift: isize, after: usize) {
        let mut nested = nested.iter().peekable();
        let mut token = tokens.start;
        while token < tokens.end {
            if token > tokens.start {
                self.gap(token, shift);
            }
            if let Some(invocation) = nested.next_if(|invocation| invocation.name == token) {
                let rest = invocation.close + 1..tokens.end;
                let closers = self.closers(rest.clone());
                let to_the_end = if closers == rest.len() { after } else { 0 };
                self.invocation(invocation, closers + to_the_end);
                token = invocation.close;
            } else if self.source.kind(token) == Some(Kind::Comment) {
                self.shifted_comment(token, shift);
            } else {
                self.out.push_str(self.source.token(token));
            }
            token += 1;
        }
    }

    /// The whitespace before a token of a text that stays.
    fn gap(&mut self, token: usize, shift: isize) {
        let tokens = &self.source.tokens;
        let gap = &self.source.text[tokens[token - 1].at.end..tokens[token].at.start];
        let Some(last) = gap.rfind('\n') else {
            return self.out.push_str(gap);
        };
        for _ in gap.matches('\n') {
            self.out.push_str(self.newline);
        }
        self.out.push_str(&self.moved(&gap[last + 1..], shift));
    }

    fn comment(&mut self, token: usize) {
        let shift = self.shift(token);
        self.shifted_comment(token, shift);
    }

    /// A comment. The lines of a block move together; of a documentation comment every character counts.
    fn shifted_comment(&mut self, token: usize, shift: isize) {
        let text = self.source.token(token);
        if self.source.kind(token) == Some(Kind::Doc) {
            return self.out.push_str(text);
        }
        for (place, line) in text.trim_end().split('\n').enumerate() {
            if place == 0 {
                self.out.push_str(line);
                continue;
            }
            self.out.push('\n');
            let margin = source::margin(line);
            let rest = &line[margin.len()..];
            if !rest.trim_end().is_empty() {
                self.out.push_str(&self.moved(margin, shift));
            }
            self.out.push_str(rest);
        }
    }

    fn comma(&mut self, comma: Option<usize>) {
        if comma.is_some() {
            self.out.push(',');
        }
    }

    /// A whole invocation on one line, if it was on one.
    fn flat_invocation(&self, invocation: &Invocation) -> Option<String> {
        let Invocation { name, open, close, body } = invocation;
        let name = self.source.token(*name);
        if self.source.span(&(*open..close + 1)).contains('\n') {
            return None;
        }
        Some(match body {
            Body::Arguments(list) => {
                let space = if list.open_brace(self.source) { " " } else { "" };
                format!("{name}!{space}{}", self.flat_list(list)?)
            }
            Body::Literal { head: Head::Parts(parts), block, tail: Tail::Comma(comma) } => {
                let parts = parts.iter().map(|part| self.flat_plain(part)).collect::<Vec<_>>();
                let head = match &parts[..] {
                    [cx, key, kind] => format!("{cx}, {key}: {kind}"),
                    // With the comma that is between it and the block.
                    _ => parts.concat() + ",",
                };
                let comma = if comma.is_some() { "," } else { "" };
                format!("{name}!{}{head} {}{comma}{}", self.opened(*open), self.flat_list(block)?, self.closed(*close))
            }
            Body::Literal { .. } => return None,
        })
    }

    /// Brackets and what is in them on one line, if they were on one.
    fn flat_list(&self, list: &List) -> Option<String> {
        if self.source.span(&(list.open..list.close + 1)).contains('\n') {
            return None;
        }
        let comments = |range: &Range<usize>| range.clone().map(|token| self.source.token(token).to_owned());
        let mut words: Vec<String> = comments(&list.opening).collect();
        for item in &list.items {
            words.extend(comments(&item.before));
            let comma = if item.comma.is_some() { "," } else { "" };
            words.push(self.flat_value(&item.body)? + comma);
            words.extend(comments(&item.after));
        }
        words.extend(comments(&list.rest));
        let pad = if list.open_brace(self.source) && !words.is_empty() { " " } else { "" };
        let (open, close) = (self.source.token(list.open), self.source.token(list.close));
        Some(format!("{open}{pad}{}{pad}{close}", words.join(" ")))
    }

    fn flat_value(&self, value: &Value) -> Option<String> {
        match value {
            Value::Entry { path, value } => Some(format!("{}: {}", self.path(path.clone()), self.flat_value(value)?)),
            Value::Block(list) | Value::Blocks(list) => self.flat_list(list),
            Value::Plain(plain) => Some(self.flat_plain(plain)),
        }
    }

    /// Text without line breaks, with its literals laid out.
    fn flat_plain(&self, plain: &Plain) -> String {
        let tokens = &self.source.tokens;
        let mut at = tokens[plain.tokens.start].at.start;
        let mut text = String::new();
        for invocation in &plain.nested {
            let (start, end) = (tokens[invocation.name].at.start, tokens[invocation.close].at.end);
            text.push_str(&self.source.text[at..start]);
            match self.flat_invocation(invocation) {
                Some(flat) => text.push_str(&flat),
                None => text.push_str(&self.source.text[start..end]),
            }
            at = end;
        }
        text + &self.source.text[at..tokens[plain.tokens.end - 1].at.end]
    }

    /// Names with dots between, or one string.
    fn path(&self, tokens: Range<usize>) -> String {
        tokens.map(|token| self.source.token(token)).collect()
    }

    /// The bracket of a macro, with the spaces that braces have around them.
    fn opened(&self, open: usize) -> String {
        match self.source.token(open) {
            "{" => " { ".to_owned(),
            bracket => bracket.to_owned(),
        }
    }

    fn closed(&self, close: usize) -> String {
        match self.source.token(close) {
            "}" => " }".to_owned(),
            bracket => bracket.to_owned(),
        }
    }

    /// How many brackets, commas and the like follow on the same line.
    fn closers(&self, tokens: Range<usize>) -> usize {
        let closes = |token: &usize| {
            matches!(self.source.kind(*token), Some(Kind::Close | Kind::Mark(',' | ';' | '?')))
                && self.source.breaks_before(*token) == 0
        };
        tokens.take_while(closes).count()
    }

    /// Whether so much more fits into the line.
    fn fits(&self, text: &str, after: usize) -> bool {
        let line = &self.out[self.out.rfind('\n').map_or(0, |before| before + 1)..];
        let margin = source::margin(line);
        let before = self.style.columns(margin) + line[margin.len()..].chars().count();
        before + text.chars().count() + after <= self.style.max_width
    }

    /// How far to the right the line begins that is being written.
    fn columns(&self) -> usize {
        self.style.columns(source::margin(&self.out))
    }

    /// How far text moves of which a token has stood on a line of the source, and stands on the one being written.
    fn shift(&self, token: usize) -> isize {
        self.columns() as isize - self.style.columns(self.source.margin(token)) as isize
    }

    /// The whitespace at the beginning of a line that moves.
    fn moved(&self, margin: &'a str, shift: isize) -> String {
        if shift == 0 {
            return margin.to_owned();
        }
        self.style.margin(self.style.columns(margin).saturating_add_signed(shift))
    }

    fn line(&mut self, columns: usize) {
        self.out.push_str(self.newline);
        self.out.push_str(&self.style.margin(columns));
    }
}

impl List {
    fn open_brace(&self, source: &Source<'_>) -> bool {
        source.token(self.open) == "{"
    }

    /// The tokens before which a line break puts items on lines of their own.
    fn separators(&self) -> impl Iterator<Item = usize> {
        let items = self.items.iter().flat_map(|item| {
            let commas = item.comma.into_iter().chain(item.after.clone());
            item.before.clone().chain([item.before.end]).chain(commas)
        });
        self.opening.clone().chain(items).chain(self.rest.clone()).chain([self.close])
    }
}
