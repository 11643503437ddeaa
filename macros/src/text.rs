//! `text!("arn:{}/*", bucket.status.at_provider.arn)`: text made of values of which some are known later.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use crate::diagnose::Faults;
use crate::expand::expression;
use crate::key::{Piece, pieces, string};
use crate::parse::argument;
use crate::split::{at_commas, punct, stream, trees};

/// The expression of a text: a `Lazy<String>`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut faults = Faults::default();
    let tokens = trees(input);
    let parts = at_commas(&tokens);
    let format = match parts.first() {
        Some([TokenTree::Literal(literal)]) => string(literal).map(|text| (literal.clone(), text)),
        _ => None,
    };
    let Some((literal, text)) = format else {
        let span = tokens.first().map_or_else(Span::call_site, TokenTree::span);
        faults.add(span, "expected a format string: `text!(\"arn:{}/*\", bucket.status.at_provider.arn)`");
        let (faults, tokens) = (faults.statements(), stream(&tokens));
        return quote!({ #faults let _ = (#tokens); ::planewright::compose::literal::Text::default().finish(None) });
    };
    let mut statements = TokenStream::new();
    let mut known: Vec<Ident> = Vec::new();
    let mut arguments = Vec::new();
    let mut named = Vec::new();
    // Where the comma before a part is.
    let mut comma = 0;
    for (before, part) in parts.iter().zip(parts.iter().skip(1)) {
        comma += before.len();
        let span = tokens.get(comma).map_or_else(Span::call_site, TokenTree::span);
        comma += 1;
        if part.is_empty() {
            continue;
        }
        let (name, value) = match part {
            [TokenTree::Ident(name), equals, value @ ..]
                if punct(Some(equals), '=').is_some() && punct(value.first(), '=').is_none() =>
            {
                (Some(name.clone()), value)
            }
            value => (None, *value),
        };
        let variable = format_ident!("__a{}", known.len());
        let value = expression(&argument(value));
        let take = quote_spanned!(span=> __text.known);
        statements.extend(quote!(let #variable = #take(#value);));
        arguments.push(match &name {
            Some(name) => quote!(#name = #variable),
            None => quote!(#variable),
        });
        named.extend(name.map(|name| name.to_string()));
        known.push(variable);
    }
    for name in captures(&text) {
        if named.contains(&name) {
            continue;
        }
        let Ok(mut ident) = syn::parse_str::<Ident>(&name) else { continue };
        ident.set_span(literal.span());
        let variable = format_ident!("__a{}", known.len());
        let take = quote_spanned!(literal.span()=> __text.known);
        statements.extend(quote!(let #variable = #take(&#ident);));
        arguments.push(quote!(#ident = #variable));
        known.push(variable);
        named.push(name);
    }
    let faults = faults.statements();
    let whole = match known.is_empty() {
        true => quote!(::core::option::Option::Some(::std::format!(#literal))),
        false => quote!(match (#(#known,)*) {
            (#(::core::option::Option::Some(#known),)*) => {
                ::core::option::Option::Some(::std::format!(#literal, #(#arguments),*))
            }
            _ => ::core::option::Option::None,
        }),
    };
    quote!({
        use ::planewright::compose::literal as __pw;
        #[allow(unused_imports)]
        use __pw::{AnyHop as _, PlainRead as _};
        #[allow(unused_mut)]
        let mut __text = __pw::Text::default();
        #statements
        let __whole = #whole;
        #faults
        __text.finish(__whole)
    })
}

/// The variables that a format string names.
fn captures(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in pieces(text) {
        if let Piece::Value(name) = piece
            && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}
