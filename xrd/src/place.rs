//! Where a fault is, in words of who wrote the type.

/// A version of a kind, and the type of its spec.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    label: String,
}

impl Place {
    pub(crate) fn of_kind(kind: &str) -> Self {
        Place { label: kind.to_owned() }
    }

    pub(crate) fn of_version(kind: &str, version: &str, rust: &str) -> Self {
        Place { label: format!("{kind} {version} ({rust})") }
    }

    /// The version as such.
    pub(crate) fn whole(&self) -> String {
        self.label.clone()
    }

    /// A field, such as `spec.teams[].name`.
    pub(crate) fn field(&self, path: &str) -> String {
        format!("{}, {path}", self.label)
    }
}

/// A place in an XRD as Kubernetes names it, as one in the objects that it describes: `spec.versions[0].schema.openAPIV3Schema
/// .properties[spec].properties[size]` is `spec.size` of the first version.
pub(crate) fn translate(path: &str, kind: &Place, versions: &[Place]) -> String {
    let in_version = || {
        let (index, rest) = path.strip_prefix("spec.versions[")?.split_once(']')?;
        Some((versions.get(index.parse::<usize>().ok()?)?, rest))
    };
    let Some((version, rest)) = in_version() else {
        return if path.is_empty() { kind.whole() } else { kind.field(path) };
    };
    let Some(mut rest) = rest.strip_prefix(".schema.openAPIV3Schema") else {
        return version.field(rest.trim_start_matches('.'));
    };
    let mut field = String::new();
    loop {
        if let Some((name, after)) = rest.strip_prefix(".properties[").and_then(|rest| rest.split_once(']')) {
            field.push('.');
            field.push_str(name);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(".items") {
            field.push_str("[]");
            rest = after;
        } else if let Some(after) = rest.strip_prefix(".additionalProperties") {
            field.push_str("{}");
            rest = after;
        } else {
            break;
        }
    }
    let field = field.trim_start_matches('.');
    match (field, rest.trim_start_matches('.')) {
        ("", "") => version.whole(),
        ("", word) => version.field(word),
        (field, "") => version.field(field),
        (field, word) => version.field(&format!("{field} ({word})")),
    }
}
