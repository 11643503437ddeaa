//! `#[composition(xr = Network)]`: the function as it is, and what a look at its body finds.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ItemFn, Pat, Token, Type};

use crate::diagnose::Faults;
use crate::scan::scan;

/// Hands the function back unchanged, with what is wrong with it beside it.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut faults = Faults::default();
    let composite = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => Some(arguments.composite),
        Err(error) => {
            faults.add(error.span(), error.to_string());
            None
        }
    };
    // While the function is being typed it is no function yet, and the compiler says why.
    let Ok(function) = syn::parse2::<ItemFn>(item.clone()) else {
        let faults = faults.items();
        return quote!(#item #faults);
    };
    let checks = composite.and_then(|composite| signature(&function, &composite, &mut faults));
    scan(&function, &mut faults);
    let faults = faults.items();
    quote!(#item #checks #faults)
}

/// `xr = Network`.
struct Arguments {
    composite: Type,
}

const USAGE: &str = "expected `#[composition(xr = Kind)]`, the type of the composite resource";

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), USAGE));
        }
        let name: Ident = input.parse()?;
        if name != "xr" {
            return Err(syn::Error::new(name.span(), format!("unknown argument `{name}`; {USAGE}")));
        }
        input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), USAGE))?;
        let composite = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(syn::Error::new(input.span(), format!("nothing may follow; {USAGE}")));
        }
        Ok(Arguments { composite })
    }
}

/// An assertion that the function is one that `planewright::main!` takes.
fn signature(function: &ItemFn, composite: &Type, faults: &mut Faults) -> Option<TokenStream> {
    let signature = &function.sig;
    let name = &signature.ident;
    let expected = "a composition is `fn name(cx: &mut Cx<Kind>) -> Result<()>`";
    if let Some(token) = &signature.asyncness {
        faults.add(token.span, format!("a composition is not async, for all that it reads is there; {expected}"));
        return None;
    }
    if !signature.generics.params.is_empty() {
        faults.add(signature.generics.span(), format!("a composition has no parameters of its own; {expected}"));
        return None;
    }
    if signature.inputs.len() != 1 {
        faults.add(signature.ident.span(), expected);
        return None;
    }
    let span = composite.span();
    Some(quote_spanned! {span=>
        const _: fn(&mut ::planewright::compose::Cx<#composite>) -> ::planewright::compose::Result<()> = #name;
    })
}

/// The name of the function's context.
pub(crate) fn context(function: &ItemFn) -> Option<&Ident> {
    match function.sig.inputs.first()? {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
