//! The literals of the composition language: `resource!`, `status!`, `text!`, and the attribute `#[composition]`; and the derives of
//! code-first XRDs, `Xr` and `XrVersion`, which expand to calls of `planewright_xrd`.
//!
//! The literals are sugar over `planewright::compose`, whose calls are all they expand to; they are documented in the crate
//! `planewright`, which exports them. Each goes the same way: `parse` splits tokens and never fails, `validate` finds
//! what is certainly wrong, `expand` writes the calls, and `diagnose` adds all that was found, so that one mistake
//! hides neither another nor the rest of the literal from the editor.

mod composition;
mod diagnose;
mod expand;
mod key;
mod names;
mod parse;
#[cfg(test)]
mod robust;
mod scan;
mod split;
mod text;
mod tree;
mod validate;
mod xr;

use proc_macro::TokenStream;

/// A composed resource.
#[proc_macro]
pub fn resource(input: TokenStream) -> TokenStream {
    resource_tokens(input.into()).into()
}

/// The composite resource's status.
#[proc_macro]
pub fn status(input: TokenStream) -> TokenStream {
    status_tokens(input.into()).into()
}

/// Text made of values of which some are known later.
#[proc_macro]
pub fn text(input: TokenStream) -> TokenStream {
    text::expand(input.into()).into()
}

/// A composition function.
#[proc_macro_attribute]
pub fn composition(arguments: TokenStream, item: TokenStream) -> TokenStream {
    composition::expand(arguments.into(), item.into()).into()
}

/// The spec of a composite resource, at the version that Compositions refer to.
#[proc_macro_derive(Xr, attributes(xr))]
pub fn xr(input: TokenStream) -> TokenStream {
    xr::expand(input.into(), xr::Role::Referenceable).into()
}

/// The spec of a composite resource, at a further version.
#[proc_macro_derive(XrVersion, attributes(xr))]
pub fn xr_version(input: TokenStream) -> TokenStream {
    xr::expand(input.into(), xr::Role::Other).into()
}

fn resource_tokens(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let (resource, mut faults) = parse::resource(input);
    validate::resource(&resource, &mut faults);
    expand::resource(&resource, &faults)
}

fn status_tokens(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let (status, mut faults) = parse::status(input);
    validate::status(&status, &mut faults);
    expand::status(&status, &faults)
}
