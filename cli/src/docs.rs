//! `--docs`.

use clap::ValueEnum;

/// How much of the descriptions is kept
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Docs {
    /// All of each description
    Full,
    /// The first sentence of each
    First,
    /// Nothing; what stands only in a description (the target of a reference) is kept as a fact
    None,
}

impl From<Docs> for planewright_codegen::Docs {
    fn from(docs: Docs) -> Self {
        match docs {
            Docs::Full => planewright_codegen::Docs::Full,
            Docs::First => planewright_codegen::Docs::First,
            Docs::None => planewright_codegen::Docs::None,
        }
    }
}
