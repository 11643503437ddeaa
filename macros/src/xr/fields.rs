//! Fields of a spec that Crossplane has itself. Those that come in by `flatten`, and those of a status, are found when the XRD is made.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Expr, Field, Lit, Meta, Token};

/// Lets the compiler look for reserved names, which `planewright_xrd` knows. Where the scope is not known, as for further versions, those that are reserved in any.
pub(super) fn check(input: &DeriveInput, scope: Option<&str>, is_claimed: bool) -> TokenStream {
    let Data::Struct(data) = &input.data else { return TokenStream::new() };
    let is_camel = says(&input.attrs, "rename_all").as_deref() == Some("camelCase");
    let is_legacy = scope == Some("LegacyCluster");
    let fields = data.fields.iter().filter_map(|field| wire(field, is_camel).zip(field.ident.as_ref()));
    let checks = fields.map(|(wire, ident)| {
        let message =
            format!("Crossplane has `spec.{wire}` itself, and would overwrite this field; name it differently");
        quote_spanned! { ident.span()=>
            const _: () = if ::planewright_xrd::is_reserved(#wire, #is_legacy, #is_claimed) {
                ::core::panic!(#message)
            };
        }
    });
    checks.collect()
}

/// The name of a field in objects, if it has one of its own.
fn wire(field: &Field, is_camel: bool) -> Option<String> {
    let is = |word: &str| metas(&field.attrs).any(|meta| meta.path().is_ident(word));
    if is("flatten") || is("skip") || is("skip_deserializing") {
        return None;
    }
    let ident = field.ident.as_ref()?.to_string();
    let ident = ident.trim_start_matches("r#");
    Some(says(&field.attrs, "rename").unwrap_or_else(|| if is_camel { camel(ident) } else { ident.to_owned() }))
}

/// The text of `word = "…"` in `#[schemars(…)]`, which has the last word, or `#[serde(…)]`.
fn says(attributes: &[Attribute], word: &str) -> Option<String> {
    let text = |meta: Meta| match meta {
        Meta::NameValue(pair) if pair.path.is_ident(word) => match pair.value {
            Expr::Lit(literal) => match literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let mut found: Vec<String> = metas(attributes).filter_map(text).collect();
    found.pop()
}

/// Everything in `#[serde(…)]`, then everything in `#[schemars(…)]`. What cannot be read is the other derive's to refuse.
fn metas(attributes: &[Attribute]) -> impl Iterator<Item = Meta> {
    let of = |name: &'static str| attributes.iter().filter(move |attribute| attribute.path().is_ident(name));
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    of("serde").chain(of("schemars")).filter_map(move |attribute| attribute.parse_args_with(parse).ok()).flatten()
}

/// A name as serde's `camelCase` writes it.
fn camel(snake: &str) -> String {
    let mut camel = String::new();
    let mut raise = false;
    for c in snake.chars() {
        if c == '_' {
            raise = true;
        } else if std::mem::take(&mut raise) && !camel.is_empty() {
            camel.push(c.to_ascii_uppercase());
        } else {
            camel.push(c);
        }
    }
    camel
}
