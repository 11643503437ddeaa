//! What is wrong with a literal, all of it, each at its place.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Span, String)>);

impl Faults {
    /// Adds a fault at a place.
    pub(crate) fn add(&mut self, span: Span, message: impl Into<String>) {
        self.0.push((span, message.into()));
    }

    /// Whether nothing was found so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Statements that report every fault.
    pub(crate) fn statements(&self) -> TokenStream {
        self.0.iter().map(|(span, message)| quote_spanned!(*span=> ::core::compile_error!(#message);)).collect()
    }

    /// Items that report every fault.
    pub(crate) fn items(&self) -> TokenStream {
        self.statements()
    }

    /// The messages.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<&str> {
        self.0.iter().map(|(_, message)| message.as_str()).collect()
    }
}
