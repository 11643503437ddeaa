//! Random code: nothing but whitespace changes, a second run changes nothing, and nothing panics.

use std::str::FromStr;

use as_a_macro::flat;
use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;

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

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    flat(proc_macro2::TokenStream::from_str(text).unwrap(), &mut tokens);
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
            prop_assert!(proc_macro2::TokenStream::from_str(text).is_err());
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

/// Whitespace and comments, as they may stand between any two tokens.
fn gap() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(" ".to_owned()),
        4 => string_regex("\n{1,3} {0,9}").unwrap(),
        1 => string_regex(" ?// note-[0-9]{3} ?\n {0,5}").unwrap(),
        1 => string_regex(" ?/\\* note-[0-9]{3}(\n {0,7}x)? \\*/( |\n {0,7})").unwrap(),
        1 => string_regex("\n?/// note-[0-9]{3} ?\n {0,5}").unwrap(),
    ]
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "id", "r#type", "x9", "spec", "at_provider"]).prop_map(str::to_owned)
}

/// One token or a few, without brackets.
fn leaf() -> impl Strategy<Value = String> {
    let odd = vec![
        "1", "-1", "1.5", "..", "..=", "::", ":", ",", ";", "&", "&&", "|", "'a", "'x'", "=>", "->", "<", ">", "#", "!", "$",
        "\"a\"", "\"a\n   b\"", "r#\"note \" // no\n comment\"#", "b\"x\"", "c\"y\"", "text", "resource", "status",
        "macro_rules!", "vpc.status.id", "HashMap::<A, B>::new()", "#[rustfmt::skip]", "#![rustfmt::skip]", "let",
    ];
    prop_oneof![2 => word(), 3 => prop::sample::select(odd).prop_map(str::to_owned)]
}

/// Tokens between brackets that close, in any order.
fn soup() -> impl Strategy<Value = String> {
    leaf().prop_recursive(6, 60, 6, |inner| {
        let many = prop::collection::vec((inner, gap()), 0..6)
            .prop_map(|parts| parts.into_iter().map(|(part, gap)| part + &gap).collect::<String>());
        let brackets = vec![
            ("(", ")"), ("{", "}"), ("[", "]"), ("resource!(cx, a: B {", "})"), ("resource!(", ")"), ("status!(cx,{", "})"),
            ("text!(\"{}\",", ")"), ("text!{", "}"), ("a: {", "},"), ("a.b: [{", "}],"), ("macro_rules! m {", "}"),
            ("f(|x| {", "})"),
        ];
        (prop::sample::select(brackets), many).prop_map(|((open, close), inside)| format!("{open}\n{inside}{close}"))
    })
}

/// An expression, such as stands after a colon.
fn expression(literals: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let calls = (word(), gap(), literals.clone(), gap()).prop_map(|(name, before, inner, after)| {
        format!("{name}.map(|{name}| {{{before}{inner}{after}}})")
    });
    let text = (gap(), literals.clone(), gap(), any::<bool>()).prop_map(|(before, inner, after, comma)| {
        format!("text!({before}\"a {{}}\n b\",{after}{inner}{})", if comma { "," } else { "" })
    });
    let short = (prop::collection::vec(word(), 1..9), any::<bool>()).prop_map(|(words, comma)| {
        format!("text!(\"{{}}\", {}{})", words.join(" +b."), if comma { "," } else { "" })
    });
    let plain = prop::sample::select(vec![
        "true", "parameters.id", "&vpc", "(tags(a))", "\"x\n  y\"", "-1", "::std::x", "HashMap::<A, B>::new()", "[1, 2]",
        "a.b.c[0].d", "match a { _ if b => c, _ => d }", "\"a string of some length\"",
    ]);
    prop_oneof![6 => plain.prop_map(str::to_owned), 1 => calls, 1 => text, 2 => short, 1 => literals]
}

/// A block with entries.
fn block(values: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let path = prop_oneof![
        prop::collection::vec(word(), 1..4).prop_map(|words| words.join(".")),
        Just("\"example.org/key\"".to_owned()),
        (word(), word()).prop_map(|(a, b)| format!("{a} . {b}")),
    ];
    let colon = prop_oneof![9 => Just(":".to_owned()), 3 => Just(" : ".to_owned()), 1 => gap().prop_map(|gap| format!(":{gap}"))];
    let comma = prop_oneof![9 => Just(",".to_owned()), 1 => gap().prop_map(|gap| format!("{gap},"))];
    let entry = (gap(), path, colon, values, comma)
        .prop_map(|(before, path, colon, value, comma)| (format!("{before}{path}{colon}{value}"), comma));
    (prop::collection::vec(entry, 0..5), any::<bool>(), gap()).prop_map(|(entries, comma_at_end, after)| {
        let last = entries.len().saturating_sub(1);
        let text: String = entries
            .into_iter()
            .enumerate()
            .map(|(place, (entry, comma))| if place < last || comma_at_end { entry + &comma } else { entry })
            .collect();
        format!("{{{text}{after}}}")
    })
}

/// A literal, with others in it.
fn literal() -> impl Strategy<Value = String> {
    let none = Just("resource!(cx, a: B {})".to_owned()).boxed();
    none.prop_recursive(3, 24, 4, |inner| {
        let value = expression(inner.clone()).boxed();
        let nested = block(value.clone()).boxed();
        let list = prop::collection::vec((gap(), nested.clone()), 1..3).prop_map(|blocks| {
            let blocks: Vec<String> = blocks.into_iter().map(|(gap, block)| gap + &block).collect();
            format!("[{}]", blocks.join(","))
        });
        let hugging = nested.clone().prop_map(|block| format!("[{block}]"));
        let values = prop_oneof![4 => value, 2 => nested, 1 => list, 1 => hugging];
        (gap(), block(values), any::<bool>(), gap(), any::<bool>()).prop_map(|(gap, block, keyed, after, comma)| {
            let comma = if comma { "," } else { "" };
            let head = if keyed { "resource!(cx, \"a-{b}\": Kind" } else { "status!(cx," };
            format!("{head}{gap}{block}{comma}{after})")
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn literals_keep_their_tokens(text in literal(), margin in 0..12_usize, max_width in 20..120_usize) {
        holds(&format!("fn f() {{\n{}let a = {text};\n}}\n", " ".repeat(margin)), max_width)?;
    }

    #[test]
    fn soup_keeps_its_tokens(parts in prop::collection::vec((soup(), gap()), 0..5), max_width in 20..120_usize) {
        holds(&parts.into_iter().map(|(part, gap)| part + &gap).collect::<String>(), max_width)?;
    }

    #[test]
    fn any_text_is_laid_out_or_refused(text in "([a-z!:,.&'\"#/*\\\\ \n\t{}()\\[\\]\u{feff}é]|resource!\\(|text!\\{|// |/\\*){0,60}") {
        holds(&text, 60)?;
    }
}
