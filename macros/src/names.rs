//! What Kubernetes accepts as names and labels.

/// What is wrong with the name of an object: an RFC 1123 subdomain. Kinds of RBAC may have `:` in it.
pub(crate) fn object_name(name: &str, rbac: bool) -> Option<String> {
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.') || (rbac && c == ':');
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || (rbac && c == ':');
    let parts = name.split('.').all(|part| part.starts_with(ends) && part.ends_with(ends));
    (name.len() > 253 || !name.chars().all(allowed) || !parts).then(|| {
        format!(
            "Kubernetes refuses the name {name:?}: it takes up to 253 lower-case letters, digits, `-` and `.`, beginning and \
             ending with a letter or digit"
        )
    })
}

/// What is wrong with the name of a namespace: an RFC 1123 label.
pub(crate) fn namespace(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (name.len() > 63 || !name.chars().all(allowed) || !name.starts_with(ends) || !name.ends_with(ends)).then(|| {
        format!(
            "Kubernetes refuses the namespace {name:?}: it takes up to 63 lower-case letters, digits and `-`, beginning and \
             ending with a letter or digit"
        )
    })
}

/// What is wrong with the key of a label or an annotation: `prefix/name`.
pub(crate) fn qualified_key(key: &str) -> Option<String> {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let good = is_qualified(name) && prefix.is_none_or(|prefix| object_name(prefix, false).is_none());
    (!good).then(|| {
        format!(
            "Kubernetes refuses the key {key:?}: it takes up to 63 letters, digits, `-`, `_` and `.`, beginning and ending \
             with a letter or digit, perhaps after a domain name and `/`"
        )
    })
}

/// What is wrong with the value of a label.
pub(crate) fn label_value(value: &str) -> Option<String> {
    (!value.is_empty() && !is_qualified(value)).then(|| {
        format!(
            "Kubernetes refuses the label value {value:?}: it takes up to 63 letters, digits, `-`, `_` and `.`, beginning \
             and ending with a letter or digit; an annotation takes any text"
        )
    })
}

/// What is wrong with the key of a composed resource. It becomes an annotation's value, so almost anything goes.
pub(crate) fn resource_key(key: &str) -> Option<String> {
    if key.is_empty() {
        return Some("the key is empty; give it one that is the same in every run".to_owned());
    }
    let bad = key.chars().any(|c| c.is_control() || c.is_whitespace()) || key.len() > 253;
    bad.then(|| {
        format!("{key:?} cannot be the key of a composed resource: it takes up to 253 characters, none of them a space or a control character")
    })
}

fn is_qualified(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ends = |c: char| c.is_ascii_alphanumeric();
    (1..=63).contains(&text.len()) && text.chars().all(allowed) && text.starts_with(ends) && text.ends_with(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_names_are_subdomains() {
        for good in ["a", "a-b.c", "0", "a.b.c-0"] {
            assert_eq!(object_name(good, false), None, "{good}");
        }
        for bad in ["", "A", "a_b", "-a", "a-", "a..b", "a.-b", "a:b", &"a".repeat(254)] {
            assert!(object_name(bad, false).is_some(), "{bad}");
        }
        assert_eq!(object_name("system:view", true), None);
    }

    #[test]
    fn namespaces_are_labels() {
        assert_eq!(namespace("team-a"), None);
        for bad in ["", "a.b", "A", "a-", &"a".repeat(64)] {
            assert!(namespace(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn keys_and_values_of_labels() {
        for good in ["app", "example.org/app", "a_b.C-d"] {
            assert_eq!(qualified_key(good), None, "{good}");
        }
        for bad in ["", "a b", "Example.org/app", "/app", "example.org/", "a/b/c", "-a"] {
            assert!(qualified_key(bad).is_some(), "{bad}");
        }
        assert_eq!(label_value(""), None);
        assert_eq!(label_value("V1.0_x"), None);
        for bad in ["a b", "a/b", "-a", &"a".repeat(64)] {
            assert!(label_value(bad).is_some(), "{bad}");
        }
    }
}
