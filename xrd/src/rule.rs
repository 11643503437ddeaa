//! CEL rules.

use schemars::Schema;
use schemars::transform::Transform;
use serde_json::{Map, Value};

/// The word of schemas under which rules stand.
pub(crate) const RULES: &str = "x-kubernetes-validations";

/// On the schema of what may not change, until the rule for its owner is made.
pub(crate) const IMMUTABLE: &str = "x-planewright-immutable";

/// A rule in CEL that values must fulfil: an entry of `x-kubernetes-validations`.
///
/// As a transform of schemars it goes onto a field or a type, where `self` is its value; in `rules` of `#[xr(…)]`, `self` is the whole
/// object, of which CEL sees apiVersion, kind, `metadata.name`, spec and status.
///
/// ```
/// use planewright_xrd::Rule;
/// use planewright_xrd::schemars::{self, JsonSchema};
///
/// #[derive(JsonSchema)]
/// #[schemars(transform = Rule::new("self.min <= self.max").message("min is at most max"))]
/// struct Bounds {
///     min: u8,
///     max: u8,
/// }
///
/// let schema = schemars::schema_for!(Bounds).to_value();
/// assert_eq!(schema["x-kubernetes-validations"][0]["message"], "min is at most max");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    rule: String,
    message: Option<String>,
    message_expression: Option<String>,
    reason: Option<String>,
    field_path: Option<String>,
    optional_old_self: bool,
    immutable: bool,
}

impl Rule {
    /// A rule by its expression, which must be true. With `oldSelf` in it, it is a rule about changes.
    ///
    /// The expression itself is not looked at here. `planewright xrd emit` refuses one that is no CEL, and the API server one with fields that are not there, or that costs too much.
    pub fn new(rule: &str) -> Self {
        Rule {
            rule: rule.to_owned(),
            message: None,
            message_expression: None,
            reason: None,
            field_path: None,
            optional_old_self: false,
            immutable: false,
        }
    }

    /// What the API server says when it is not fulfilled; by default, the rule.
    #[must_use]
    pub fn message(self, text: &str) -> Self {
        Rule { message: Some(text.to_owned()), ..self }
    }

    /// A CEL expression that makes the message.
    #[must_use]
    pub fn message_expression(self, expression: &str) -> Self {
        Rule { message_expression: Some(expression.to_owned()), ..self }
    }

    /// The reason in the API server's answer: `FieldValueInvalid` (default), `FieldValueForbidden`, `FieldValueRequired` or
    /// `FieldValueDuplicate`.
    #[must_use]
    pub fn reason(self, reason: &str) -> Self {
        Rule { reason: Some(reason.to_owned()), ..self }
    }

    /// The field that the answer names, from the rule's own place: `.size`.
    #[must_use]
    pub fn field_path(self, path: &str) -> Self {
        Rule { field_path: Some(path.to_owned()), ..self }
    }

    /// Lets a rule about changes hold for new values as well: `oldSelf` is then a CEL optional.
    #[must_use]
    pub fn optional_old_self(self) -> Self {
        Rule { optional_old_self: true, ..self }
    }

    /// The rule as schemas have it.
    pub(crate) fn value(&self) -> Value {
        let mut value = Map::new();
        let words = [
            ("rule", Some(&self.rule)),
            ("message", self.message.as_ref()),
            ("messageExpression", self.message_expression.as_ref()),
            ("reason", self.reason.as_ref()),
            ("fieldPath", self.field_path.as_ref()),
        ];
        for (word, text) in words {
            if let Some(text) = text {
                value.insert(word.to_owned(), text.clone().into());
            }
        }
        if self.optional_old_self {
            value.insert("optionalOldSelf".to_owned(), true.into());
        }
        Value::Object(value)
    }
}

impl Transform for Rule {
    fn transform(&mut self, schema: &mut Schema) {
        let map = schema.ensure_object();
        if let Value::Array(rules) = map.entry(RULES).or_insert_with(|| Value::Array(Vec::new())) {
            rules.push(self.value());
        }
        if self.immutable {
            map.insert(IMMUTABLE.to_owned(), true.into());
        }
    }
}

/// What has this rule keeps its value for good: `#[schemars(transform = immutable())]`.
///
/// An optional field can neither be added later nor be taken away, as long as the object that it is a field of stays; where that one is
/// optional too, it is what should be immutable. For whatever may change once, write a [`Rule`].
pub fn immutable() -> Rule {
    Rule { immutable: true, ..Rule::new("self == oldSelf").message("it cannot be changed once it is set") }
}
