//! The names by which the emitted objects refer to each other, and the syntax of names.

use semver::Version;

use super::Platform;
use super::error::Faults;
use super::repository::Repository;

/// The names of one platform's objects.
pub(crate) struct Names {
    /// Of everything that belongs to the platform as a whole: the last part of its repository.
    pub(crate) platform: String,
    /// The repository of the function's package.
    pub(crate) function_repository: Repository,
    /// Of the Function in the cluster, of its runtime, and of `functionRef`s.
    pub(crate) function: String,
    /// The version of the packages, such as `v0.1.0`.
    pub(crate) version: String,
}

impl Names {
    /// The names of a platform. What cannot be named is a fault.
    pub(crate) fn of(platform: &Platform<'_>, faults: &mut Faults) -> Self {
        let package = platform.package;
        let place = "package";
        let mut parse = |text: &str| match Repository::parse(text) {
            Ok(repository) => Some(repository),
            Err(reason) => {
                let remedy = "name it as REGISTRY/ORGANISATION/NAME, such as registry.example.org/acme/networks";
                faults.add(place, format!("the repository {text:?} is none: {reason}"), remedy);
                None
            }
        };
        let repository = parse(&package.repository);
        let function = package.function.as_deref().map(&mut parse);
        // Stands in for what is a fault already.
        let nothing = Repository::unnamed();
        let name = repository.as_ref().map_or("platform", Repository::name).to_owned();
        let function_repository = match function {
            Some(named) => named.unwrap_or_else(|| nothing.clone()),
            None => repository.map_or(nothing, |repository| repository.beside(&format!("function-{name}"))),
        };
        // Crossplane's own command line calls the functions of a project after it.
        let of_project = function_repository.to_string().starts_with(&format!("{}_", package.repository));
        if !function_repository.name().starts_with("function-") && !of_project {
            let reason = format!("the function's package is called {:?}", function_repository.name());
            let remedy = "Crossplane asks that names of function packages begin with `function-`";
            faults.add(place, reason, remedy);
        }
        let tag = with_v(platform.version);
        if version(&tag).is_none() {
            faults.add(
                place,
                format!("the version {:?} of the crate is not MAJOR.MINOR.PATCH", platform.version),
                "correct `version` in Cargo.toml",
            );
        }
        Names { platform: label(&name), function: function_repository.object_name(), function_repository, version: tag }
    }
}

/// A name of Rust as a DNS label: `network_v2` is `network-v2`.
pub(crate) fn label(name: &str) -> String {
    let lower = name.trim_start_matches("r#").to_ascii_lowercase();
    lower
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}

/// Whether `text` can be the name of an object: an RFC 1123 subdomain.
pub(crate) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether `text` can be the name of a namespace: an RFC 1123 label.
pub(crate) fn is_namespace(text: &str) -> bool {
    is_label(text)
}

fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= 63 && text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || c == '-')
}

/// Whether `text` can be the key of a label or annotation: a name of 63 characters at most, perhaps with a DNS prefix.
pub(crate) fn is_label_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    prefix.is_none_or(is_subdomain) && !name.is_empty() && is_label_value(name)
}

/// Whether `text` can be the value of a label.
pub(crate) fn is_label_value(text: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    text.is_empty()
        || (text.len() <= 63
            && text.starts_with(ends)
            && text.ends_with(ends)
            && text.chars().all(|c| ends(c) || matches!(c, '-' | '_' | '.')))
}

/// An exact version with its `v`, such as `v1.2.3` or `v1.2.3-rc.1`, as tags of packages have it.
pub(crate) fn version(text: &str) -> Option<Version> {
    // `+` of a build cannot be in a tag.
    Version::parse(text.strip_prefix('v')?).ok().filter(|version| version.build.is_empty())
}

/// A version as tags of packages have it.
pub(crate) fn with_v(version: &str) -> String {
    format!("v{}", version.strip_prefix('v').unwrap_or(version))
}

/// Whether `text` is a constraint of versions as Crossplane's package manager reads it, such as `>=v2.0.0, <v3` or `^v1.2 || v3.x`.
pub(crate) fn is_constraint(text: &str) -> bool {
    let bound = |bound: &str| {
        let version = bound.trim_start_matches(['=', '!', '<', '>', '~', '^']);
        let operator = bound.strip_suffix(version).unwrap_or_default();
        let version = version.trim();
        let version = version.strip_prefix('v').unwrap_or(version);
        let (numbers, before) =
            version.split_once('-').map_or((version, None), |(numbers, rest)| (numbers, Some(rest)));
        let is_part = |part: &str| {
            !part.is_empty() && (part.chars().all(|c| c.is_ascii_digit()) || matches!(part, "x" | "X" | "*"))
        };
        matches!(operator, "" | "=" | "!=" | "<" | ">" | "<=" | ">=" | "=<" | "=>" | "~" | "~>" | "^")
            && numbers.split('.').count() <= 3
            && numbers.split('.').all(is_part)
            && before.is_none_or(|rest| !rest.is_empty() && rest.split('.').all(|part| !part.is_empty()))
    };
    text.split("||").all(|all| all.split(',').all(|one| bound(one.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_constraints_are_told_from_other_text() {
        assert!(["v1.2.3", "v0.0.1-rc.1"].into_iter().all(|text| version(text).is_some()));
        assert!(
            !["1.2.3", "v1.2", "latest", "v1.2.x", "v1.2.3+build", "v1.2.3-"]
                .into_iter()
                .any(|text| version(text).is_some())
        );
        assert!(
            [">=v2.0.0", ">= 2.0.0-0, <v3", "^v1.2 || v3.x", "*", "v1.2.3", "~>1.1"].into_iter().all(is_constraint)
        );
        assert!(!["", "latest", ">>v1", ">=", "v1.2.3.4", ">=v2 <v3 or so"].into_iter().any(is_constraint));
    }

    #[test]
    fn labels_follow_the_rules_of_kubernetes() {
        assert!(["provider", "example.org/tier", "a_b.c"].into_iter().all(is_label_key));
        assert!(!["", "/a", "Example.org/tier", "-a", "a b"].into_iter().any(is_label_key));
        assert!(is_label_value("") && is_label_value("v1.2_3") && !is_label_value("a/b"));
        assert_eq!(label("r#network_v2"), "network-v2");
    }
}
