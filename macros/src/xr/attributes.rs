//! `#[xr(…)]`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as MapEntry;

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Expr, Ident, LitBool, LitInt, LitStr, Token, Type, bracketed};

use super::Role;
use crate::diagnose::Faults;

/// What an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// Nothing, or a text.
    Remark,
    Number,
    YesOrNo,
    Type,
    Types,
    Values,
}

impl Form {
    fn shown(self) -> &'static str {
        match self {
            Form::Text => "a text: `= \"…\"`",
            Form::OneOf(_) => "one of a few texts: `= \"…\"`",
            Form::Remark => "nothing, or a text: `= \"…\"`",
            Form::Number => "a number: `= 40`",
            Form::YesOrNo => "`= true` or `= false`",
            Form::Type => "a type: `= ShareStatus`",
            Form::Types => "types: `= [v1beta1::ShareSpec]`",
            Form::Values => "a list: `= [\"…\"]`",
        }
    }
}

/// All attributes: those about a version, those about the kind (only with `Xr`), and the one that only `XrVersion` has.
const OF_VERSIONS: [(&str, Form); 6] = [
    ("version", Form::Text),
    ("status", Form::Type),
    ("columns", Form::Values),
    ("rules", Form::Values),
    ("max_name_length", Form::Number),
    ("deprecated", Form::Remark),
];
const OF_KINDS: [(&str, Form); 16] = [
    ("group", Form::Text),
    ("kind", Form::Text),
    ("scope", Form::Text),
    ("plural", Form::Text),
    ("singular", Form::Text),
    ("short_names", Form::Values),
    ("categories", Form::Values),
    ("versions", Form::Types),
    ("default_composition", Form::Text),
    ("enforced_composition", Form::Text),
    ("update_policy", Form::OneOf(&["Automatic", "Manual"])),
    ("claim", Form::Text),
    ("claim_plural", Form::Text),
    ("connection_secret_keys", Form::Values),
    ("delete_policy", Form::OneOf(&["Background", "Foreground"])),
    ("referenceable", Form::YesOrNo),
];
const OF_OTHERS: [(&str, Form); 2] = [("served", Form::YesOrNo), ("referenceable", Form::YesOrNo)];

/// What an attribute says.
enum Value {
    Nothing,
    Text(LitStr),
    Number(LitInt),
    YesOrNo(LitBool),
    Type(Box<Type>),
    Types(Vec<Type>),
    Values(Vec<Expr>),
}

/// Everything that `#[xr(…)]` says.
pub(super) struct Attributes {
    entries: BTreeMap<String, (Span, Value)>,
    /// Whether there is an attribute at all.
    pub(super) is_said: bool,
}

impl Attributes {
    /// Reads the attributes of a struct.
    pub(super) fn read(input: &DeriveInput, role: Role, faults: &mut Faults) -> Self {
        let mut attributes = Attributes { entries: BTreeMap::new(), is_said: false };
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("xr")) {
            attributes.is_said = true;
            let read = attribute.parse_args_with(|input: ParseStream<'_>| {
                while !input.is_empty() {
                    attributes.add(Entry::parse(input, role)?, faults);
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(())
            });
            if let Err(error) = read {
                faults.add(error.span(), error.to_string());
            }
        }
        let needed: &[&str] = match role {
            Role::Referenceable => &["group", "version", "kind"],
            Role::Other => &["version"],
        };
        if !attributes.is_said {
            let example = match role {
                Role::Referenceable => {
                    "#[xr(group = \"files.example.org\", version = \"v1\", kind = \"Share\", scope = \"Namespaced\")]"
                }
                Role::Other => "#[xr(version = \"v1beta1\")]",
            };
            faults.add(input.ident.span(), format!("say what it is the spec of: `{example}`"));
        } else if faults.is_empty() {
            for name in needed.iter().filter(|name| attributes.text(name).is_none()) {
                faults.add(input.ident.span(), format!("`{name}` is missing: `#[xr({name} = \"…\")]`"));
            }
        }
        attributes
    }

    fn add(&mut self, entry: Entry, faults: &mut Faults) {
        let span = entry.name.span();
        let name = entry.name.to_string();
        if name == "referenceable" {
            let message = "`referenceable` follows from what is derived: `Xr` makes the one version that is, `XrVersion` all others";
            faults.add(span, message);
            return;
        }
        match self.entries.entry(name) {
            MapEntry::Occupied(first) => {
                faults.add(span, format!("`{}` is said twice; keep one of the two", first.key()));
            }
            MapEntry::Vacant(place) => {
                place.insert((span, entry.value));
            }
        }
    }

    /// Where an attribute is, if it is there.
    pub(super) fn span(&self, name: &str) -> Option<Span> {
        self.entries.get(name).map(|(span, _)| *span)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.entries.get(name).map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&LitStr> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<&LitInt> {
        match self.value(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn is_false(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::YesOrNo(value)) if !value.value)
    }

    pub(super) fn ty(&self, name: &str) -> Option<&Type> {
        match self.value(name)? {
            Value::Type(ty) => Some(ty),
            _ => None,
        }
    }

    pub(super) fn types(&self, name: &str) -> &[Type] {
        match self.value(name) {
            Some(Value::Types(types)) => types,
            _ => &[],
        }
    }

    pub(super) fn values(&self, name: &str) -> &[Expr] {
        match self.value(name) {
            Some(Value::Values(values)) => values,
            _ => &[],
        }
    }
}

/// `name`, or `name = value`.
struct Entry {
    name: Ident,
    value: Value,
}

impl Entry {
    fn parse(input: ParseStream<'_>, role: Role) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let form = form(&name, role)?;
        let takes = || format!("`{name}` takes {}", form.shown());
        if !input.peek(Token![=]) {
            return match form {
                Form::Remark => Ok(Entry { name, value: Value::Nothing }),
                _ => Err(syn::Error::new(name.span(), takes())),
            };
        }
        input.parse::<Token![=]>()?;
        let value = value(input, form).map_err(|error| syn::Error::new(error.span(), takes()))?;
        if let (Form::OneOf(texts), Value::Text(text)) = (form, &value)
            && !texts.contains(&text.value().as_str())
        {
            let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
            return Err(syn::Error::new(text.span(), format!("`{name}` is {}", texts.join(" or "))));
        }
        Ok(Entry { name, value })
    }
}

fn value(input: ParseStream<'_>, form: Form) -> syn::Result<Value> {
    Ok(match form {
        Form::Text | Form::OneOf(_) | Form::Remark => Value::Text(input.parse()?),
        Form::Number => Value::Number(input.parse()?),
        Form::YesOrNo => Value::YesOrNo(input.parse()?),
        Form::Type => Value::Type(input.parse()?),
        Form::Types => Value::Types(list(input)?),
        Form::Values => Value::Values(list(input)?),
    })
}

fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// What an attribute takes, or that there is none of the name here.
fn form(name: &Ident, role: Role) -> syn::Result<Form> {
    let find = |known: &[(&str, Form)]| known.iter().find(|(known, _)| name == known).map(|(_, form)| *form);
    let own: &[(&str, Form)] = match role {
        Role::Referenceable => &OF_KINDS,
        Role::Other => &OF_OTHERS,
    };
    if let Some(form) = find(&OF_VERSIONS).or_else(|| find(own)) {
        return Ok(form);
    }
    let message = match role {
        Role::Referenceable if name == "served" => {
            "the referenceable version is always served; `served` is for others, which derive `XrVersion`".to_owned()
        }
        Role::Other if find(&OF_KINDS).is_some() => {
            format!("`{name}` is said once, of the kind: beside `derive(Xr)`, on the referenceable version")
        }
        _ => {
            let known: Vec<&str> = OF_VERSIONS.iter().chain(own).map(|(name, _)| *name).collect();
            format!("unknown attribute `{name}`; there are: {}", known.join(", ").replace(", referenceable", ""))
        }
    };
    Err(syn::Error::new(name.span(), message))
}
