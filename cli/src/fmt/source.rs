//! Rust source as tokens that know their place in the text: what is no token is whitespace.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, LexError, LineColumn, TokenStream, TokenTree, token_stream};

/// What a token is, as far as layout cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or a keyword.
    Word,
    /// A string, number or character.
    Literal,
    /// One character of an operator, or another punctuation mark.
    Mark(char),
    /// An opening bracket, and the index of the token that closes it.
    Open(usize),
    /// A closing bracket.
    Close,
    /// A comment; the compiler sees nothing of it.
    Comment,
    /// A documentation comment. To the compiler it is an attribute, and every character of it counts.
    Doc,
}

/// A token, and where it is in the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

/// Why a text is not Rust: a bracket, string or comment without an end, or a character that Rust does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotRust {
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The column, counted from 1.
    pub(super) column: usize,
}

/// A text with its tokens.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The text, all of it.
    pub(super) text: &'a str,
    /// The tokens, comments among them, in order.
    pub(super) tokens: Vec<Token>,
}

impl<'a> Source<'a> {
    /// Reads a whole file.
    pub(super) fn read(text: &'a str) -> Result<Source<'a>, NotRust> {
        // What stands before the first token and is none: a byte order mark, and `#!` with the name of a program.
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        if text[mark..].starts_with('\u{feff}') {
            return Err(NotRust { line: 1, column: 2 });
        }
        let start = mark + program_line(&text[mark..]);
        let stream = TokenStream::from_str(&text[start..]).map_err(|error| not_rust(&error, &text[..start]))?;
        let mut source = Source { text, tokens: Vec::new() };
        source.fill(stream, start);
        Ok(source)
    }

    fn fill(&mut self, stream: TokenStream, start: usize) {
        // The brackets that are open: what follows in the bracket around, the index and the place of the end.
        let mut open: Vec<(token_stream::IntoIter, usize, Range<usize>)> = Vec::new();
        let mut rest = stream.into_iter();
        // Where the last token ended.
        let mut end = start;
        loop {
            let Some(tree) = rest.next() else {
                let Some((outer, opening, at)) = open.pop() else { break };
                self.comments(end..at.start);
                self.tokens[opening].kind = Kind::Open(self.tokens.len());
                end = at.end;
                self.push(Kind::Close, at);
                rest = outer;
                continue;
            };
            let at = range(&tree, start);
            if at.start < end {
                // What else a documentation comment was taken apart into.
                continue;
            }
            self.comments(end..at.start);
            end = at.end;
            let kind = match tree {
                _ if self.text[at.clone()].starts_with("//") || self.text[at.clone()].starts_with("/*") => Kind::Doc,
                TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                    let closing = group.span_close().byte_range();
                    let closing = closing.start + start..closing.end + start;
                    let opening = group.span_open().byte_range();
                    end = opening.end + start;
                    open.push((rest, self.tokens.len(), closing));
                    self.push(Kind::Open(0), opening.start + start..end);
                    rest = group.stream().into_iter();
                    continue;
                }
                TokenTree::Ident(_) => Kind::Word,
                TokenTree::Punct(mark) => Kind::Mark(mark.as_char()),
                TokenTree::Literal(_) | TokenTree::Group(_) => Kind::Literal,
            };
            self.push(kind, at);
        }
        self.comments(end..self.text.len());
    }

    /// Takes the comments from a part of the text that has no tokens.
    fn comments(&mut self, part: Range<usize>) {
        let mut start = part.start;
        while let Some(found) = self.text[start..part.end].find('/') {
            start += found;
            let end = start + comment_length(&self.text[start..part.end]);
            self.push(Kind::Comment, start..end);
            start = end;
        }
    }

    fn push(&mut self, kind: Kind, at: Range<usize>) {
        self.tokens.push(Token { kind, at });
    }

    pub(super) fn kind(&self, token: usize) -> Option<Kind> {
        self.tokens.get(token).map(|token| token.kind)
    }

    pub(super) fn token(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |token| &self.text[token.at.clone()])
    }

    /// Whether a token is a comment of any sort.
    pub(super) fn is_comment(&self, token: usize) -> bool {
        matches!(self.kind(token), Some(Kind::Comment | Kind::Doc))
    }

    /// Whether there is a comment among some tokens.
    pub(super) fn has_comment(&self, tokens: Range<usize>) -> bool {
        tokens.into_iter().any(|token| self.is_comment(token))
    }

    /// How many line breaks are between a token and the one before.
    pub(super) fn breaks_before(&self, token: usize) -> usize {
        let start = token.checked_sub(1).map_or(0, |before| self.tokens[before].at.end);
        let end = self.tokens.get(token).map_or(self.text.len(), |token| token.at.start);
        self.text[start..end].matches('\n').count()
    }

    /// The text from the first to the last of some tokens.
    pub(super) fn span(&self, tokens: &Range<usize>) -> &'a str {
        match (self.tokens.get(tokens.start), self.tokens.get(tokens.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if !tokens.is_empty() => &self.text[first.at.start..last.at.end],
            _ => "",
        }
    }

    /// The line of a token, counted from 1.
    pub(super) fn line(&self, token: usize) -> usize {
        let end = self.tokens.get(token).map_or(self.text.len(), |token| token.at.start);
        self.text[..end].matches('\n').count() + 1
    }

    /// The whitespace with which the line of a token begins.
    pub(super) fn margin(&self, token: usize) -> &'a str {
        let end = self.tokens.get(token).map_or(self.text.len(), |token| token.at.start);
        margin(&self.text[..end])
    }
}

/// The whitespace with which the last line of a text begins.
pub(super) fn margin(text: &str) -> &str {
    let line = &text[text.rfind('\n').map_or(0, |before| before + 1)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn range(tree: &TokenTree, start: usize) -> Range<usize> {
    let at = tree.span().byte_range();
    at.start + start..at.end + start
}

/// The length of the first line where it names a program: it begins with `#!`, and is not the beginning of `#![…]`.
pub(super) fn program_line(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("#!") else { return 0 };
    if rest.trim_start().starts_with('[') { 0 } else { text.find('\n').unwrap_or(text.len()) }
}

/// The length of the comment with which a text begins; block comments nest.
fn comment_length(text: &str) -> usize {
    if text.starts_with("//") {
        let line = &text[..text.find('\n').unwrap_or(text.len())];
        return line.trim_end_matches('\r').len();
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Where an error is, in a text of which `before` was not read.
fn not_rust(error: &LexError, before: &str) -> NotRust {
    let LineColumn { line, column } = error.span().start();
    // The line with the program goes up to its line break, so that lines stay what they are.
    let shift = if line <= 1 { before.chars().count() } else { 0 };
    NotRust { line, column: column + shift + 1 }
}
