//! A literal as it was written: pieces of the author's own tokens, whole or half-typed.

use proc_macro2::{Group, Ident, Literal, Punct, Span, TokenStream, TokenTree};

/// `resource!(cx, key: Kind { … })`.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) cx: TokenStream,
    pub(crate) key: Key,
    /// The type's tokens; none while it is being typed.
    pub(crate) kind: TokenStream,
    pub(crate) kind_span: Span,
    /// The type's last identifier.
    pub(crate) kind_name: Option<String>,
    pub(crate) body: Option<Block>,
}

/// `status!(cx, { … })`.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) cx: TokenStream,
    pub(crate) body: Option<Block>,
}

/// The key of a composed resource.
#[derive(Debug)]
pub(crate) enum Key {
    /// `vpc`: the key is the name.
    Name(Ident),
    /// `"subnet-{zone}"`: text with captures.
    Text(Literal),
    /// `(expression)`.
    Expression(Group),
    /// Not typed yet.
    Missing,
}

/// What stands between braces: the fields of an object or the entries of a map.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) entries: Vec<Entry>,
    /// `..base`, at the end.
    pub(crate) spread: Option<Spread>,
    pub(crate) span: Span,
}

/// `..base`, or `..` alone.
#[derive(Debug)]
pub(crate) struct Spread {
    pub(crate) span: Span,
    pub(crate) base: TokenStream,
}

/// One entry of a block.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A place where a field may be typed.
    Empty,
    /// `spec.for_provider.region: value`.
    Field { path: Vec<Segment>, colon: Option<Punct>, value: Option<Value> },
    /// `"key": value` or `(key): value`.
    Pair { key: TokenTree, colon: Option<Punct>, value: Option<Value> },
}

/// A step of a field's path, with the dot before it.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) dot: Option<Punct>,
    /// Absent while it is being typed.
    pub(crate) ident: Option<Ident>,
}

impl Segment {
    /// The Rust name, without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.as_ref().map_or_else(String::new, plain)
    }
}

/// An identifier's text, without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// What a field is set to.
#[derive(Debug)]
pub(crate) enum Value {
    /// `{ … }`.
    Block(Block),
    /// `[{ … }, { … }]`.
    List(Vec<Block>),
    /// `&handle`, `[&one, &other]`: references to composed resources.
    References(TokenStream),
    /// `vpc.status.at_provider.id`, perhaps with method calls after it.
    Read(Read),
    /// Any other expression.
    Expression(Vec<TokenTree>),
}

/// A dotted path that is read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) head: TokenStream,
    pub(crate) steps: Vec<ReadStep>,
    /// What follows: method calls.
    pub(crate) suffix: TokenStream,
    pub(crate) span: Span,
}

/// A step of a read.
#[derive(Debug)]
pub(crate) enum ReadStep {
    /// `.name`, or nothing while the name is being typed.
    Field(Option<(Punct, Ident)>),
    /// `[0]` or `["key"]`.
    Index(Literal),
}
