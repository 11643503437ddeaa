//! Random code: nothing but whitespace changes, a second run changes nothing, and nothing panics.

use std::str::FromStr;

use as_a_macro::flat;
use proptest::prelude::*;

use super::*;
use crate::fmt::source::program_line;

/// Reads tokens as a macro gets them.
mod as_a_macro {
    use proc_macro2::{Delimiter, TokenStream, TokenTree};

    /// The tokens of a text, without their places.
    pub(super) fn flat(stream: TokenStream, into: &mut Vec<String>) {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    into.push(open.to_owned());
                    flat(group.stream(), into);
                    into.push(close.to_owned());
                }
                other => into.push(other.to_string()),
            }
        }
    }
}

/// A text from where its tokens may begin: after a byte order mark, and after a line that names a program.
fn code(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    &text[program_line(text)..]
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    flat(proc_macro2::TokenStream::from_str(code(text)).unwrap(), &mut tokens);
    tokens
}

/// The numbers of the comments that the strategies make, as they come in a text.
fn comments(text: &str) -> Vec<&str> {
    let numbered = text.split("note-").skip(1);
    numbered.map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())]).collect()
}

fn holds(text: &str, max_width: usize) -> Result<(), TestCaseError> {
    let style = Style { max_width, ..Style::default() };
    let once = match format(text, &style) {
        Ok(formatted) => formatted.text,
        Err(Refusal::NotRust(_)) => {
            let is_code = proc_macro2::TokenStream::from_str(code(text)).is_ok();
            // proc-macro2 passes over a second mark, which compilers refuse.
            let is_marked_twice = code(text).starts_with('\u{feff}');
            prop_assert!(!is_code || is_marked_twice);
            return Ok(());
        }
        Err(Refusal::Changed) => return Err(TestCaseError::fail("the layout changed code")),
    };
    prop_assert_eq!(tokens(text), tokens(&once));
    prop_assert_eq!(comments(text), comments(&once));
    let twice = format(&once, &style).map(|formatted| formatted.text).ok();
    prop_assert_eq!(twice.as_deref(), Some(once.as_str()), "formatted twice");
    Ok(())
}

/// Random choices, taken from random bytes: the fewer are left, the simpler what is made of them.
struct Dice<'a> {
    bytes: std::slice::Iter<'a, u8>,
    comments: usize,
}

impl<'a> Dice<'a> {
    fn new(bytes: &'a [u8]) -> Dice<'a> {
        Dice { bytes: bytes.iter(), comments: 0 }
    }

    /// A number below `limit`; 0 when there are no bytes any more.
    fn roll(&mut self, limit: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % limit)
    }

    fn one_of(&mut self, texts: &[&str]) -> String {
        texts[self.roll(texts.len())].to_owned()
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("note-{}", self.comments)
    }

    /// Whitespace and comments, as they may stand between any two tokens.
    fn gap(&mut self) -> String {
        let margin = " ".repeat(self.roll(9));
        match self.roll(16) {
            0..8 => " ".to_owned(),
            8..10 => format!("\n{margin}"),
            10 => format!("\n\n\n{margin}"),
            11 => format!(" // {} \n{margin}", self.comment()),
            12 => format!("\n{margin}/* {}\n{margin}* x */ ", self.comment()),
            13 => format!(" /* {} */ ", self.comment()),
            14 => format!("\n/* {} */\n{margin}", self.comment()),
            _ => format!("\n{margin}/// {} \n{margin}", self.comment()),
        }
    }

    fn rarely_gap(&mut self) -> String {
        if self.roll(6) == 5 { self.gap() } else { String::new() }
    }

    fn comma(&mut self) -> &'static str {
        ["", ","][self.roll(2)]
    }

    fn word(&mut self) -> String {
        self.one_of(&["a", "id", "r#type", "x9", "spec", "at_provider"])
    }

    /// Tokens and brackets that close, in any order.
    fn soup(&mut self, depth: usize) -> String {
        const LEAVES: [&str; 37] = [
            "a",
            "id",
            "spec",
            "1",
            "-1",
            "1.5",
            "..",
            "..=",
            "::",
            ":",
            ",",
            ";",
            "&",
            "&&",
            "|",
            "'a",
            "'x'",
            "=>",
            "->",
            "<",
            ">",
            "#",
            "!",
            "$",
            "\"a\"",
            "\"a\n   b\"",
            "r#\"/* // no\n comment\"#",
            "b\"x\"",
            "c\"y\"",
            "text",
            "resource",
            "status",
            "macro_rules!",
            "vpc.status.id",
            "HashMap::<A, B>::new()",
            "#[rustfmt::skip]",
            "let",
        ];
        const BRACKETS: [(&str, &str); 12] = [
            ("(", ")"),
            ("{", "}"),
            ("[", "]"),
            ("resource!(cx, a: B {", "})"),
            ("resource!(", ")"),
            ("status!(cx,{", "})"),
            ("text!(\"{}\",", ")"),
            ("text!{", "}"),
            ("a: {", "},"),
            ("a.b: [{", "}],"),
            ("macro_rules! m {", "}"),
            ("#![rustfmt::skip] (|x| {", "})"),
        ];
        if depth == 0 || self.roll(2) == 0 {
            return self.one_of(&LEAVES);
        }
        let (open, close) = BRACKETS[self.roll(BRACKETS.len())];
        let inside: String = (0..self.roll(6)).map(|_| self.soup(depth - 1) + &self.gap()).collect();
        format!("{open}\n{inside}{close}")
    }

    /// What stands after a colon.
    fn value(&mut self, depth: usize) -> String {
        const PLAIN: [&str; 12] = [
            "true",
            "parameters.id",
            "&vpc",
            "(tags(a))",
            "\"x\n  y\"",
            "-1",
            " ::std::x",
            "HashMap::<A, B>::new()",
            "[1, 2]",
            "a.b.c[0].d",
            "match a { _ if b => c,\n      _ => d }",
            "\"a string of some length\"",
        ];
        match if depth == 0 { 0 } else { self.roll(16) } {
            0..6 => self.one_of(&PLAIN),
            6..9 => self.block(depth - 1),
            9 => format!("[{}]", self.block(depth - 1)),
            10 => {
                let blocks: Vec<_> = (0..=self.roll(3)).map(|_| self.gap() + &self.block(depth - 1)).collect();
                format!("[{}{}]", blocks.join(","), self.comma())
            }
            11 => format!("a.map(|a| {{{}{}{}}})", self.gap(), self.literal(depth - 1), self.gap()),
            12 => {
                format!("text!({}\"a {{}}\n b\",{}{}{})", self.gap(), self.gap(), self.value(depth - 1), self.comma())
            }
            13..15 => {
                let words: Vec<_> = (0..=self.roll(9)).map(|_| self.word()).collect();
                format!("text!(\"{{}}\", {}{})", words.join(" +b."), self.comma())
            }
            _ => self.literal(depth - 1),
        }
    }

    fn block(&mut self, depth: usize) -> String {
        let mut text = "{".to_owned();
        let entries = self.roll(5);
        for entry in 0..entries {
            let words: Vec<_> = (0..=self.roll(3)).map(|_| self.word()).collect();
            let path = match self.roll(4) {
                0 => "\"example.org/key\"".to_owned(),
                1 => words.join(" . "),
                _ => words.join("."),
            };
            let comma = if entry + 1 < entries { "," } else { self.comma() };
            let (before, colon) = (self.gap(), self.one_of(&[":", ": ", " : "]));
            text += &(before + &path + &colon + &self.rarely_gap() + &self.value(depth) + &self.rarely_gap() + comma);
        }
        text + &self.gap() + "}"
    }

    fn literal(&mut self, depth: usize) -> String {
        let head = self.one_of(&["resource!(cx, \"a-{b}\": Kind ", "status!(cx,", "resource! ( cx ,\n (a ( )) :a ::B"]);
        head + &self.rarely_gap() + &self.block(depth) + self.comma() + &self.rarely_gap() + ")"
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

proptest! {
    #[test]
    fn literals_keep_their_tokens(bytes in bytes(), margin in 0..12_usize, max_width in 20..120_usize) {
        let text = Dice::new(&bytes).literal(4);
        let text = std::format!("fn f() {{\n{}let a = {text};\n}}\n", " ".repeat(margin));
        holds(&text, max_width)?;
        let left_alone = format(&text, &Style::default()).map(|formatted| formatted.left_alone);
        prop_assert!(left_alone.as_ref().is_ok_and(Vec::is_empty), "{:?} in {}", left_alone, text);
    }

    #[test]
    fn soup_keeps_its_tokens(bytes in bytes(), max_width in 20..120_usize) {
        let mut dice = Dice::new(&bytes);
        holds(&(0..5).map(|_| dice.soup(6) + &dice.gap()).collect::<String>(), max_width)?;
    }

    /// What names a program is no comment, whatever it looks like.
    #[test]
    fn a_line_that_names_a_program_stays(rest in "(/\\*|//|[a-z \t\n{}!\\[]){0,8}") {
        holds(&format!("#!{rest}"), 60)?;
    }

    #[test]
    fn any_text_is_laid_out_or_refused(text in "([a-z!:,.&'\"#/*\\\\ \n\t{}()\\[\\]\u{feff}é]|resource!\\(|text!\\{|// |/\\*){0,60}") {
        holds(&text, 60)?;
    }
}
