//! The rules of Kubernetes for names, labels and annotations, in the words of its API server.

/// Bytes that the keys and values of all annotations of an object may have together.
const MAX_ANNOTATIONS: usize = 256 << 10;

/// RFC 1123 subdomains: groups and the names of definitions.
pub(super) fn dns_subdomain(name: &str) -> Option<String> {
    let label = |label: &str| is_label(label, |first| first.is_ascii_lowercase() || first.is_ascii_digit());
    problems(
        name.len() > 253,
        253,
        !name.split('.').all(label),
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start \
         and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    )
}

/// RFC 1035 labels: names of kinds in lower case, short names, categories and versions.
pub(super) fn dns_label(name: &str) -> Option<String> {
    problems(
        name.len() > 63,
        63,
        !is_label(name, |first| first.is_ascii_lowercase()),
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
         character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation \
         is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    )
}

/// Qualified names: keys of labels and annotations, with or without a domain before a slash.
pub(super) fn qualified_name(key: &str) -> Option<String> {
    let (prefix, name) = match key.split_once('/') {
        Some((_, rest)) if rest.contains('/') => {
            return Some(
                "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with \
                 an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                 '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. \
                 'example.com/MyName')"
                    .to_owned(),
            );
        }
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let mut found = Vec::new();
    match prefix {
        Some("") => found.push("prefix part must be non-empty".to_owned()),
        Some(prefix) => found.extend(dns_subdomain(prefix).map(|wrong| format!("prefix part {wrong}"))),
        None => {}
    }
    if name.is_empty() {
        found.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        found.push("name part must be no more than 63 characters".to_owned());
    }
    if !is_loose_label(name) {
        found.push(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
             alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
             '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
                .to_owned(),
        );
    }
    (!found.is_empty()).then(|| found.join("; "))
}

/// Values of labels.
pub(super) fn label_value(value: &str) -> Option<String> {
    problems(
        value.len() > 63,
        63,
        !value.is_empty() && !is_loose_label(value),
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start \
         and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation \
         is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    )
}

/// Whether annotations are larger than an object may carry.
pub(super) fn annotations_too_large<'a>(annotations: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let bytes: usize = annotations.map(|(key, value)| key.len() + value.len()).sum();
    (bytes > MAX_ANNOTATIONS).then(|| format!("Too long: may not be more than {MAX_ANNOTATIONS} bytes"))
}

fn problems(too_long: bool, limit: usize, malformed: bool, words: &str) -> Option<String> {
    let mut found = Vec::new();
    if too_long {
        found.push(format!("must be no more than {limit} characters"));
    }
    if malformed {
        found.push(words.to_owned());
    }
    (!found.is_empty()).then(|| found.join(","))
}

fn is_label(label: &str, first: impl Fn(char) -> bool) -> bool {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    label.starts_with(first) && label.ends_with(lower) && label.chars().all(|c| lower(c) || c == '-')
}

fn is_loose_label(label: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    label.starts_with(alphanumeric)
        && label.ends_with(alphanumeric)
        && label.chars().all(|c| alphanumeric(c) || matches!(c, '-' | '_' | '.'))
}
