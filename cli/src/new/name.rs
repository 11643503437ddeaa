//! The names of a new project: of its crate, and of the group of its API.

use planewright_codegen::RustKind;
use planewright_codegen::lock::NamesLock;
use planewright_definitions::crd::Crd;
use planewright_definitions::model;
use planewright_definitions::reference::KnownKinds;

use crate::exit::Refused;

/// The longest name of a crate: with what Crossplane adds to it, names of objects in a cluster stay below 63
/// characters.
const LONGEST: usize = 40;

/// Names that cargo or the new project itself have another use for.
const TAKEN: &[&str] = &[
    "alloc",
    "archive",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "insta",
    "package",
    "proc-macro",
    "std",
    "test",
    "types",
];

/// The name of a crate, which is also that of its packages in a registry: lower-case letters, digits and `-`.
pub(super) fn krate(name: &str) -> Result<String, Refused> {
    const REMEDY: &str = "use lower-case letters, digits and `-`, beginning with a letter, such as `storage-platform`";
    let refused =
        |reason: &str, remedy: &str| Err(Refused::new(format!("`{name}` is no name for a platform: {reason}"), remedy));
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase())
        || !name.chars().all(allowed)
        || name.ends_with('-')
        || name.contains("--")
    {
        return refused("crates and packages in registries cannot both have it", REMEDY);
    }
    if name.len() > LONGEST {
        return refused(
            &format!("it has more than {LONGEST} characters"),
            "take a shorter one: objects in clusters are named after it",
        );
    }
    if syn::parse_str::<proc_macro2::Ident>(&ident(name)).is_err() {
        return refused("it is a word of Rust", &format!("add a word to it, such as `{name}-platform`"));
    }
    if TAKEN.contains(&name) || name == "planewright" || name.starts_with("planewright-") {
        return refused(
            "cargo or a crate that it depends on has it already",
            "take another one, such as `storage-platform`",
        );
    }
    Ok(name.to_owned())
}

/// The name of a crate as Rust code spells it.
pub(super) fn ident(name: &str) -> String {
    name.replace('-', "_")
}

/// A group of an API: a name of the DNS with a dot in it. It is never taken for a number where it stands in YAML.
pub(super) fn group(text: &str) -> Result<String, Refused> {
    let label = |label: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        edge(label.chars().next())
            && edge(label.chars().last())
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let labels: Vec<&str> = text.split('.').collect();
    let letter = |label: Option<&&str>| label.is_some_and(|label| label.starts_with(|c: char| c.is_ascii_lowercase()));
    if labels.len() < 2 || !labels.iter().all(|part| label(part)) || !letter(labels.first()) || !letter(labels.last()) {
        let remedy = "name a domain that is yours, in lower case, such as `platform.example.org`";
        return Err(Refused::new(format!("`{text}` is no group of an API"), remedy));
    }
    Ok(text.to_owned())
}

/// The path of the module with the types of an API, below that of all generated types.
pub(super) fn module(api: &Crd) -> Option<String> {
    let kind = model::read(api, api.storage_version()?, true).0;
    let path = RustKind::new(&kind, true, &KnownKinds::default(), &NamesLock::default()).field(&[])?.path?;
    path.rsplit_once("::").map(|(module, _)| module.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_crates_and_packages_can_both_have() {
        for name in ["demo", "storage-platform", "a1", "null", &"a".repeat(LONGEST)] {
            assert_eq!(krate(name).unwrap(), name);
        }
        let long = "a".repeat(LONGEST + 1);
        for name in [
            "",
            "Demo",
            "1a",
            "-a",
            "a-",
            // The compiler warns of the crate, a__b.
            "a--b",
            "archive",
            "a_b",
            "a.b",
            "a b",
            "ä",
            "../a",
            "fn",
            "async",
            "self",
            "test",
            "build",
            "core",
            "planewright",
            "planewright-cli",
            "insta",
            &long,
        ] {
            assert!(krate(name).is_err(), "{name}");
        }
    }

    #[test]
    fn groups_are_domains_that_no_reader_takes_for_a_number() {
        for name in ["platform.example.org", "a.b", "x1.y-2.z3"] {
            assert_eq!(group(name).unwrap(), name);
        }
        for name in
            ["", "org", "a.", ".a", "a..b", "A.b", "a.b-", "-a.b", "1.2", "1.e3", "a.1", "a b.c", "a/b.c", "a.b\n"]
        {
            assert!(group(name).is_err(), "{name}");
        }
    }
}
