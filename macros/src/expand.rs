//! From the pieces of a literal to calls of `planewright::compose::literal`.
//!
//! Five rules keep an editor working inside a literal, where nothing is whole while it is typed: values are never parsed;
//! every token of the author's appears once, as what it is, with its own place; nothing that comes before such a token
//! depends on its text; an empty place has the same beginning as a field; and calls that check a value have the place of
//! the colon before it, so that the compiler underlines what the author wrote.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::diagnose::Faults;
use crate::split::{at_commas, stream, trees};
use crate::tree::{Block, Entry, Read, ReadStep, Resource, Segment, Status, Value, plain};
use crate::validate::{only_observed, says_namespace};

/// A composed resource.
pub(crate) fn resource(resource: &Resource, faults: &Faults) -> TokenStream {
    let Resource { cx, key, kind, kind_span, body, .. } = resource;
    let faults = faults.statements();
    let key = key.expression();
    if cx.is_empty() {
        return quote!({ #faults });
    }
    let kind = if kind.is_empty() { quote!(_) } else { kind.clone() };
    let Some(body) = body else {
        return quote!({
            let __composed = ::planewright::compose::literal::begin::<_, #kind>(#cx, #key).compose();
            #faults
            __composed
        });
    };
    let begin = match says_namespace(body) {
        true => quote!(begin_in_namespace),
        false => quote!(begin),
    };
    let spread = body.spread.as_ref().filter(|spread| !spread.base.is_empty()).map(|spread| {
        let base = &spread.base;
        quote_spanned!(spread.span=> __draft.start_from(#base);)
    });
    let mut written = Written::default();
    let statements = block(body, "", &mut written);
    let (values, objects, paths) = written.arguments();
    let (value_count, object_count) = (values.len(), objects.len());
    let reads = written.traits();
    let only_observed = only_observed(body);
    let spreads = spread.is_some();
    // `..` alone says that other steps set the rest: nothing is checked.
    let complete = match body.spread.as_ref().is_some_and(|spread| spread.base.is_empty()) {
        true => quote!(true),
        false => {
            // The call has the place of the kind, for the compiler; its name has not, for editors that look it up there.
            let mut check =
                Group::new(Delimiter::Parenthesis, quote!(__pw::complete::<#kind, #value_count, #object_count>));
            let mut arguments = Group::new(
                Delimiter::Parenthesis,
                quote!([#(#values),*], [#(#objects),*], #paths, #only_observed, #spreads),
            );
            check.set_span(*kind_span);
            arguments.set_span(*kind_span);
            quote!({ const __COMPLETE: bool = #check #arguments; __COMPLETE })
        }
    };
    quote!({
        use ::planewright::compose::literal as __pw;
        #reads
        let mut __draft = __pw::#begin::<_, #kind>(#cx, #key);
        #spread
        {
            let (mut __n, __at) = __draft.parts();
            #statements
        }
        #faults
        __draft.finish(#complete)
    })
}

/// The composite resource's status.
pub(crate) fn status(status: &Status, faults: &Faults) -> TokenStream {
    let Status { cx, body } = status;
    let faults = faults.statements();
    if cx.is_empty() {
        return quote!({ #faults });
    }
    let mut written = Written::default();
    let statements = body.as_ref().map(|body| block(body, "", &mut written));
    let reads = written.traits();
    quote!({
        use ::planewright::compose::literal as __pw;
        #reads
        let mut __draft = __pw::begin_status(#cx);
        {
            let (mut __n, __at) = __draft.parts();
            #statements
        }
        #faults
        __draft.finish()
    })
}

/// What a literal sets, as paths in Rust names: for the check of what must be set.
#[derive(Default)]
struct Written {
    values: Vec<String>,
    objects: Vec<String>,
    /// Whether a value is a dotted path that is read.
    reads: bool,
}

/// The statements that write a block into `__n`.
fn block(block: &Block, path: &str, written: &mut Written) -> TokenStream {
    let mut out = TokenStream::new();
    for entry in &block.entries {
        out.extend(match entry {
            Entry::Empty => anchor(),
            Entry::Field { path: segments, colon, value } => {
                let at = colon.as_ref().map_or_else(Span::call_site, |colon| colon.span());
                field(segments, at, value.as_ref(), path, written)
            }
            Entry::Pair { key, colon, value } => {
                let at = colon.as_ref().map_or_else(|| key.span(), |colon| colon.span());
                pair(key, at, value.as_ref(), path, written)
            }
        });
    }
    out
}

/// Where a field may be typed: its beginning is that of a field.
fn anchor() -> TokenStream {
    quote!(let _ = &mut __n;)
}

fn field(segments: &[Segment], colon: Span, value: Option<&Value>, path: &str, written: &mut Written) -> TokenStream {
    let Some((segment, rest)) = segments.split_first() else { return TokenStream::new() };
    let dot = segment.dot.as_ref().map_or_else(|| quote!(.), |dot| quote!(#dot));
    // Half-typed: a dot with nothing after it would leave the compiler with nothing at all to say of the rest.
    let Some(ident) = &segment.ident else { return anchor() };
    let path = join(path, &segment.name());
    if !rest.is_empty() {
        let inner = field(rest, colon, value, &path, written);
        if rest.iter().all(|segment| segment.ident.is_some()) && value.is_some() {
            written.object(&path);
        }
        let leave = if value.is_some_and(always_set) { Leave::Surely } else { Leave::Close };
        return within(&quote!(__n #dot #ident), &inner, leave);
    }
    match value {
        None => quote!(let _ = &mut __n #dot #ident;),
        Some(Value::Block(inner)) => {
            written.object(&path);
            let statements = block(inner, &path, written);
            let leave = match inner.entries.iter().all(|entry| matches!(entry, Entry::Empty)) {
                true => Leave::Keep,
                false if sets_something(inner) => Leave::Surely,
                false => Leave::Close,
            };
            within(&quote!(__n #dot #ident), &statements, leave)
        }
        Some(Value::List(items)) => {
            written.object(&path);
            let items = items.iter().enumerate().map(|(index, item)| {
                let path = format!("{path}[{index}]");
                written.object(&path);
                let statements = block(item, &path, written);
                quote!({
                    let mut __n = __pw::item(__list);
                    #statements
                })
            });
            let items: TokenStream = items.collect();
            let list = quote_spanned!(colon=> __pw::list);
            quote!({ let __list = #list(&mut __n #dot #ident, __at); #items })
        }
        Some(Value::References(references)) if !is_reference_field(&segment.name()) => {
            let around = path.rsplit_once('.').map_or("", |(around, _)| around).to_owned();
            written.value(&path);
            let refer = quote_spanned!(colon=> __pw::refer);
            let mut none = ident.clone();
            none.set_span(Span::call_site());
            // Where the block has no method of the field's name, the one of this trait is found, which says so.
            quote!({
                trait __Refer: Sized {
                    fn #none<F>(self) -> __pw::Referable<'static, F>
                    where
                        Self: __pw::HasReference,
                    {
                        loop {}
                    }
                }
                impl<T> __Refer for T {}
                #refer(__n #dot #ident (), #references, __at, #around);
            })
        }
        Some(other) => {
            written.value(&path);
            written.reads |= matches!(other, Value::Read(_));
            let put = quote_spanned!(colon=> __pw::put);
            let other = expression(other);
            quote!(#put(&mut __n #dot #ident, #other, __at, #path);)
        }
    }
}

/// Fields that hold references themselves.
fn is_reference_field(name: &str) -> bool {
    name.ends_with("_ref") || name.ends_with("_refs")
}

fn pair(key: &TokenTree, colon: Span, value: Option<&Value>, path: &str, written: &mut Written) -> TokenStream {
    let name = match key {
        TokenTree::Literal(literal) => crate::key::string(literal),
        _ => None,
    };
    let key = unwrap(std::slice::from_ref(key));
    let step = name.map_or_else(|| "[]".to_owned(), |name| format!("[{name:?}]"));
    let inner_path = format!("{path}{step}");
    match value {
        None => quote!(let _ = #key;),
        Some(Value::Block(inner)) => {
            written.object(&inner_path);
            let statements = block(inner, &inner_path, written);
            let at_key = quote_spanned!(colon=> __pw::at_key);
            quote!({
                let mut __n = #at_key(__n, #key, __at);
                #statements
            })
        }
        Some(other) => {
            written.value(&inner_path);
            written.reads |= matches!(other, Value::Read(_));
            let entry = quote_spanned!(colon=> __pw::entry);
            let other = match other {
                Value::References(tokens) => tokens.clone(),
                other => expression(other),
            };
            quote!(#entry(__n, #key, #other, __at, #path);)
        }
    }
}

/// How an object that may have had to be made is left.
#[derive(Clone, Copy)]
enum Leave {
    /// Taken away again if nothing was set in it.
    Close,
    /// Kept, though nothing was set in it: it was written as `{}`.
    Keep,
    /// As it is, for something is set in it whatever the values are. This costs the compiler one call in place of three.
    Surely,
}

/// Statements inside an object that may have to be made.
fn within(place: &TokenStream, statements: &TokenStream, leave: Leave) -> TokenStream {
    let leave = match leave {
        Leave::Close => quote!(close(__at)),
        Leave::Keep => quote!(keep(__at)),
        Leave::Surely => {
            return quote!({
                let mut __n = __pw::enter(&mut #place);
                #statements
            });
        }
    };
    quote!({
        let mut __object = __pw::open(&mut #place, __at);
        {
            let mut __n = __object.inner();
            #statements
        }
        __object.#leave;
    })
}

/// Whether a block has an entry that is set whatever the values of the others are.
fn sets_something(block: &Block) -> bool {
    block.entries.iter().any(|entry| match entry {
        Entry::Empty => false,
        Entry::Field { value, .. } | Entry::Pair { value, .. } => value.as_ref().is_some_and(always_set),
    })
}

/// Whether a value is there for certain: literals of Rust, lists of blocks, and blocks with such values.
fn always_set(value: &Value) -> bool {
    match value {
        Value::Block(block) => block.entries.is_empty() || sets_something(block),
        Value::List(_) => true,
        Value::Expression(tokens) => match tokens.as_slice() {
            [TokenTree::Literal(_)] => true,
            [TokenTree::Ident(word)] => word == "true" || word == "false",
            _ => false,
        },
        Value::References(_) | Value::Read(_) => false,
    }
}

impl Written {
    fn value(&mut self, path: &str) {
        self.values.push(path.to_owned());
    }

    fn object(&mut self, path: &str) {
        if !self.objects.iter().any(|object| object == path) {
            self.objects.push(path.to_owned());
        }
    }

    /// The traits by which a dotted path reads what is not a handle, where there is one: importing them costs the compiler
    /// more than a field.
    fn traits(&self) -> Option<TokenStream> {
        self.reads.then(|| {
            quote!(
                use __pw::{AnyHop as _, PlainRead as _};
            )
        })
    }

    /// The arguments of the check: the values' fingerprints, the objects with theirs and their fields', the objects' paths.
    fn arguments(&self) -> (Vec<u64>, Vec<u64>, String) {
        let values = self.values.iter().map(|path| fingerprint(path)).collect();
        let mut objects = Vec::new();
        for object in &self.objects {
            let within = |path: &&String| {
                path.strip_prefix(object.as_str())
                    .is_some_and(|rest| rest.strip_prefix('.').is_some_and(|rest| !rest.contains(['.', '['])))
            };
            let fields: Vec<u64> =
                self.values.iter().chain(&self.objects).filter(within).map(|path| fingerprint(path)).collect();
            objects.extend([fingerprint(object), fields.len() as u64]);
            objects.extend(fields);
        }
        (values, objects, self.objects.join("\n"))
    }
}

/// The number that stands for a path, as in `planewright::resource::fingerprint`: 64-bit FNV-1a over letters and digits in
/// lower case, dots, and a `[` for every index.
fn fingerprint(path: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut index = false;
    for byte in path.bytes().map(|byte| byte.to_ascii_lowercase()) {
        let counts = !index && (matches!(byte, b'.' | b'[') || byte.is_ascii_alphanumeric());
        index = (index || byte == b'[') && byte != b']';
        if counts {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    hash
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A value as an expression.
pub(crate) fn expression(value: &Value) -> TokenStream {
    match value {
        Value::Read(read) => read_expression(read),
        Value::Expression(tokens) => unwrap(tokens),
        Value::References(tokens) => tokens.clone(),
        // Braces and brackets of braces never come here.
        Value::Block(_) | Value::List(..) => TokenStream::new(),
    }
}

/// The tokens of an expression, without the parentheses that told it from a read.
pub(crate) fn unwrap(tokens: &[TokenTree]) -> TokenStream {
    if let [TokenTree::Group(group)] = tokens
        && group.delimiter() == Delimiter::Parenthesis
    {
        let inner = trees(group.stream());
        // `(a, b)` and `()` are values of their own.
        if !inner.is_empty() && at_commas(&inner).len() == 1 {
            return group.stream();
        }
    }
    stream(tokens)
}

/// `head.__read(|o| …, &[…])`: the field access first, the path's text after it.
fn read_expression(read: &Read) -> TokenStream {
    let Read { head, steps, suffix, span } = read;
    let mut chain = quote!(__o);
    let mut path = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if index > 0 {
            // A match, because the compiler takes longer over `?`.
            chain = quote!(match __pw::Hop(&#chain).hop() {
                ::core::option::Option::Some(__o) => __o,
                _ => return ::core::option::Option::None,
            });
        }
        match step {
            ReadStep::Field(Some((dot, name))) => {
                chain = quote!(#chain #dot #name);
                let name = plain(name);
                path.push(quote!(__pw::Step::Field(#name)));
            }
            ReadStep::Field(None) => {}
            ReadStep::Index(index) => {
                chain = quote!((*#chain.get(#index)?));
                path.push(match crate::key::string(index) {
                    Some(key) => quote!(__pw::Step::Key(#key)),
                    None => {
                        let index = number(index);
                        quote!(__pw::Step::Index(#index))
                    }
                });
            }
        }
    }
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(|__o| __pw::Hop(&#chain).hop(), &[#(#path),*]));
    arguments.set_span(*span);
    // Not at the place of a name: an editor that looks that up would find this method.
    let at = match steps.first() {
        Some(ReadStep::Field(Some((dot, _)))) => dot.span(),
        _ => *span,
    };
    let method = quote_spanned!(at=> .__read);
    quote!(#head #method #arguments #suffix)
}

/// The number of an index; a literal that is none is left to the compiler, which sees it too.
fn number(index: &Literal) -> usize {
    syn::parse2::<syn::LitInt>(quote!(#index)).ok().and_then(|number| number.base10_parse().ok()).unwrap_or_default()
}
