//! No token stream makes a macro panic, and what is well-formed becomes an expression.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;

use crate::xr::{self, Role};
use crate::{composition, resource_tokens, status_tokens, text};

/// Any tokens at all, those of the language more often than others.
fn tokens() -> impl Strategy<Value = TokenStream> {
    let word = prop::sample::select(vec![
        "cx",
        "vpc",
        "VPC",
        "spec",
        "for_provider",
        "metadata",
        "labels",
        "status",
        "name",
        "fn",
        "for",
        "if",
        "match",
        "resource",
        "xr",
        "self",
        "r#type",
        "async",
        "enumerate",
    ]);
    let ident = word.prop_map(|word| {
        TokenTree::Ident(match word.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, Span::call_site()),
            None => Ident::new(word, Span::call_site()),
        })
    });
    let punct = (prop::sample::select(".,:&|<>=-!?#'+*;".chars().collect::<Vec<_>>()), any::<bool>()).prop_map(
        |(char, joint)| TokenTree::Punct(Punct::new(char, if joint { Spacing::Joint } else { Spacing::Alone })),
    );
    let literal = prop_oneof![
        "[a-z{}:\" \u{0}-\u{2f}\\\\]{0,6}".prop_map(|text| Literal::string(&text)),
        any::<u64>().prop_map(Literal::u64_unsuffixed),
        any::<u8>().prop_map(|byte| Literal::byte_string(&[byte])),
        any::<char>().prop_map(Literal::character),
    ]
    .prop_map(TokenTree::Literal);
    let leaf = prop_oneof![4 => ident, 4 => punct, 2 => literal];
    let tree = leaf.prop_recursive(4, 40, 8, |inner| {
        let delimiter = prop::sample::select(vec![
            Delimiter::Brace,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::Parenthesis,
            Delimiter::None,
        ]);
        (delimiter, prop::collection::vec(inner, 0..8))
            .prop_map(|(delimiter, trees)| TokenTree::Group(Group::new(delimiter, trees.into_iter().collect())))
    });
    prop::collection::vec(tree, 0..12).prop_map(|trees| trees.into_iter().collect())
}

/// The entries of a block, as an author would write them.
fn entries(depth: u32) -> BoxedStrategy<String> {
    let value = if depth == 0 {
        prop::sample::select(vec![
            "5",
            "\"eu\"",
            "xr.spec.region",
            "(f(a, b))",
            "Some(x)",
            "v::<A, B>()",
            "-1",
            "a + b",
        ])
        .prop_map(str::to_owned)
        .boxed()
    } else {
        prop_oneof![
            prop::sample::select(vec!["5", "\"eu\"", "xr.spec.region", "(f(a, b))", "v::<A, B>()"])
                .prop_map(str::to_owned),
            entries(depth - 1).prop_map(|inner| format!("{{ {inner} }}")),
            entries(depth - 1).prop_map(|inner| format!("[{{ {inner} }}, {{}}]")),
            Just("&handle".to_owned()),
            Just("vpc.status.list[0].id.map(|id| id)".to_owned()),
            Just("text!(\"{}\", vpc.status.id)".to_owned()),
        ]
        .boxed()
    };
    prop::collection::vec(value, 0..4)
        .prop_map(|values| {
            let entry = |(index, value): (usize, &String)| match value.contains('&') {
                // References are given under names that are no map's.
                true => format!("field{index}: {value}"),
                false => format!("field{index}.inner: {value}"),
            };
            values.iter().enumerate().map(entry).collect::<Vec<_>>().join(", ")
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_tokens_make_a_macro_panic(tokens in tokens(), more in tokens()) {
        resource_tokens(tokens.clone());
        resource_tokens(quote::quote!(cx, vpc: VPC { #tokens }));
        resource_tokens(quote::quote!(cx, vpc: VPC { spec.for_provider: { region: #tokens, #more } }));
        status_tokens(tokens.clone());
        status_tokens(quote::quote!(cx, { #tokens }));
        text::expand(tokens.clone());
        text::expand(quote::quote!("{} {a}", #tokens));
        composition::expand(tokens.clone(), more.clone());
        composition::expand(quote::quote!(xr = X), quote::quote!(fn f(cx: &mut Cx<X>) { resource!(#tokens); #more }));
        for role in [Role::Referenceable, Role::Other] {
            xr::expand(tokens.clone(), role);
            xr::expand(quote::quote!(#[xr(#tokens)] struct S { a: String }), role);
            xr::expand(quote::quote!(#[xr(version = "v1", columns = [#tokens])] struct S { #[serde(#more)] a: #tokens }), role);
        }
    }

    #[test]
    fn what_is_well_formed_becomes_an_expression(entries in entries(3)) {
        let source = format!("cx, \"key-{{x}}\": Kind {{ {entries} }}");
        let tokens: TokenStream = source.parse().expect("tokens");
        let expanded = resource_tokens(tokens);
        prop_assert!(!expanded.to_string().contains("compile_error"), "{source}\n{expanded}");
        prop_assert!(syn::parse2::<syn::Expr>(expanded.clone()).is_ok(), "{source}\n{expanded}");
    }
}
