//! Keys of composed resources as they stand in the source.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

use crate::expand::unwrap;
use crate::tree::{Key, plain};

/// A piece of a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text as it is.
    Text(String),
    /// `{name}` or `{}`, with the name.
    Value(String),
}

/// The text of a string literal; nothing if it is another literal.
pub(crate) fn string(literal: &Literal) -> Option<String> {
    syn::parse2::<syn::LitStr>(quote!(#literal)).ok().map(|text| text.value())
}

/// The pieces of a format string; what is malformed is left to `format!` to report.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '{' | '}' if rest.peek() == Some(&c) => {
                plain.push(c);
                rest.next();
            }
            '{' => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let inside: String = rest.by_ref().take_while(|c| *c != '}').collect();
                let name = inside.split(':').next().unwrap_or_default().trim();
                pieces.push(Piece::Value(name.to_owned()));
            }
            c => plain.push(c),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

impl Key {
    /// Its pieces, if the source shows them.
    pub(crate) fn pieces(&self) -> Option<Vec<Piece>> {
        match self {
            Key::Name(name) => Some(vec![Piece::Text(plain(name))]),
            Key::Text(text) => Some(pieces(&string(text)?)),
            Key::Expression(_) | Key::Missing => None,
        }
    }

    /// The expression that it becomes.
    pub(crate) fn expression(&self) -> TokenStream {
        match self {
            Key::Name(name) => {
                let name = plain(name);
                quote!(#name)
            }
            Key::Text(text) => {
                let braces = string(text).is_some_and(|text| text.contains(['{', '}']));
                if braces { quote!(::std::format!(#text)) } else { quote!(#text) }
            }
            // Without the parentheses, which the compiler would find unnecessary.
            Key::Expression(expression) => unwrap(&[TokenTree::Group(expression.clone())]),
            Key::Missing => quote!(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_strings_come_apart() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let value = |name: &str| Piece::Value(name.to_owned());
        assert_eq!(pieces("subnet-{zone}-{n:02}"), [text("subnet-"), value("zone"), text("-"), value("n")]);
        assert_eq!(pieces("{{x}}"), [text("{x}")]);
        assert_eq!(pieces("{}"), [value("")]);
        assert_eq!(pieces("{open"), [value("open")]);
        assert_eq!(pieces(""), []);
    }
}
