//! Parameters that must be set.
//!
//! Upjet hardly uses `required`: 96 % of what a provider insists on stands in CEL rules of `spec`, because a parameter is
//! only needed where the resource is created or updated. All of them have one of two forms, which are recognised here by
//! their shape; nothing evaluates CEL.

use crate::schema::ValidationRule;

use super::{Object, Type};

/// A parameter that must be set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// Its path in the object, such as `spec.forProvider.region`.
    pub path: String,
    /// Who says so.
    pub by: RequiredBy,
}

/// Who says that a parameter must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequiredBy {
    /// The schema's `required`, of the object and of every object around it.
    Schema,
    /// A CEL rule, which applies unless the management policies leave out `*`, `Create` and `Update`.
    Rule {
        /// Whether the parameter may be set under `spec.initProvider` instead.
        or_init_provider: bool,
    },
}

const UNLESS_ONLY_OBSERVED: &str = "!('*' in self.managementPolicies || 'Create' in self.managementPolicies || \
                                    'Update' in self.managementPolicies) || has(self.forProvider.";

/// Recognises one of the two forms of upjet's rules, and names the parameter.
pub(super) fn of_rule(rule: &ValidationRule) -> Option<Requirement> {
    let text = rule.rule.split_whitespace().collect::<Vec<_>>().join(" ");
    let (parameter, rest) = text.strip_prefix(UNLESS_ONLY_OBSERVED)?.split_once(')')?;
    let or_init_provider = rest == format!(" || (has(self.initProvider) && has(self.initProvider.{parameter}))");
    let is_path = parameter.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    if !is_path || !(or_init_provider || rest.is_empty()) {
        return None;
    }
    // CEL escapes field names that are words of its own: `__type__` and the like.
    let parameter = parameter.strip_prefix("__").and_then(|p| p.strip_suffix("__")).unwrap_or(parameter);
    Some(Requirement { path: format!("spec.forProvider.{parameter}"), by: RequiredBy::Rule { or_init_provider } })
}

/// The paths that `required` makes inevitable: every object on the way is required too.
pub(super) fn of_schema(object: &Object, at: &str, into: &mut Vec<Requirement>) {
    for field in object.fields.iter().filter(|field| field.required && field.default.is_none()) {
        let path = if at.is_empty() { field.name.to_string() } else { format!("{at}.{}", field.name) };
        match &field.ty {
            Type::Object(inner) if inner.fields.iter().any(|f| f.required) => of_schema(inner, &path, into),
            _ => into.push(Requirement { path, by: RequiredBy::Schema }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rule: &str) -> Option<(String, RequiredBy)> {
        of_rule(&ValidationRule { rule: rule.into(), ..Default::default() }).map(|r| (r.path, r.by))
    }

    const POLICIES: &str = "!('*' in self.managementPolicies || 'Create' in self.managementPolicies || 'Update' in self.managementPolicies)";

    #[test]
    fn recognises_both_forms() {
        assert_eq!(
            of(&format!(
                "{POLICIES}\n  || has(self.forProvider.engine) || (has(self.initProvider) && has(self.initProvider.engine))"
            )),
            Some(("spec.forProvider.engine".into(), RequiredBy::Rule { or_init_provider: true }))
        );
        assert_eq!(
            of(&format!("{POLICIES} || has(self.forProvider.passwordSecretRef)")),
            Some(("spec.forProvider.passwordSecretRef".into(), RequiredBy::Rule { or_init_provider: false }))
        );
    }

    #[test]
    fn takes_nothing_else_for_a_requirement() {
        assert_eq!(of("has(self.forProvider.engine)"), None);
        assert_eq!(of(&format!("{POLICIES} || has(self.forProvider.a) || has(self.forProvider.b)")), None);
        assert_eq!(
            of(&format!(
                "{POLICIES} || has(self.forProvider.a) || (has(self.initProvider) && has(self.initProvider.b))"
            )),
            None
        );
    }
}
