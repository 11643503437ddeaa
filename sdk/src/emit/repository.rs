//! Where packages are in registries.

use std::fmt;

/// A repository of a registry, as `REGISTRY/PATH`: fully qualified and without a tag, as Crossplane v2 wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Repository {
    registry: String,
    path: String,
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.path)
    }
}

impl Repository {
    /// Understands a repository.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let Some((registry, path)) = text.split_once('/') else {
            return Err("it names no registry".to_owned());
        };
        let host = registry.split(':').next().unwrap_or_default();
        if !(registry.contains('.') || registry.contains(':') || host == "localhost") {
            return Err(format!("{registry:?} is no registry: Crossplane v2 has no default registry"));
        }
        let of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !registry.chars().all(of_host) {
            return Err(format!("{registry:?} is no name of a registry"));
        }
        if path.contains(':') || path.contains('@') {
            return Err("it has a tag or digest, which follows from the version".to_owned());
        }
        match path.split('/').find(|part| !is_path_part(part)) {
            Some(part) => Err(format!(
                "{part:?} cannot be part of a repository's path: lower case letters, digits, and single . _ - between them"
            )),
            None => Ok(Repository { registry: registry.to_owned(), path: path.to_owned() }),
        }
    }

    /// What stands for a repository that is not known.
    pub(crate) fn unnamed() -> Self {
        Repository { registry: "localhost".to_owned(), path: "function-unnamed".to_owned() }
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The repository beside this one with another last part.
    pub(crate) fn beside(&self, name: &str) -> Self {
        let path = match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        };
        Repository { registry: self.registry.clone(), path }
    }

    /// The name of the object by which a cluster installs the package: what Crossplane's package manager itself makes of the path
    /// when it installs a dependency, so that both mean the same object.
    pub(crate) fn object_name(&self) -> String {
        let last = self.path.len().saturating_sub(1);
        let mut label = String::new();
        for (index, c) in self.path.char_indices().take(63) {
            match c {
                'a'..='z' | '0'..='9' => label.push(c),
                '.' | '/' | ':' | '-' if index != 0 && index != 62 && index != last => label.push('-'),
                _ => {}
            }
        }
        label.trim_matches('-').to_owned()
    }
}

fn is_path_part(part: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    part.starts_with(plain)
        && part.ends_with(plain)
        && part.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'))
        && !part.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_installed_under_the_name_that_the_package_manager_gives_it() {
        let name = |text: &str| Repository::parse(text).map(|repository| repository.object_name());
        assert_eq!(name("xpkg.example.org/acme/function-auto-ready").as_deref(), Ok("acme-function-auto-ready"));
        assert_eq!(name("localhost:5000/a.b_c/d").as_deref(), Ok("a-bc-d"));
        let long = format!("example.org/{}/function-network", "a".repeat(50));
        assert_eq!(name(&long).as_deref(), Ok(&*format!("{}-function-net", "a".repeat(50))));
    }

    #[test]
    fn what_is_no_repository_is_refused_with_the_reason() {
        let refused = |text: &str| Repository::parse(text).err();
        assert_eq!(refused("networks").as_deref(), Some("it names no registry"));
        assert!(refused("acme/networks").is_some_and(|reason| reason.contains("no default registry")));
        assert!(refused("example.org/acme/networks:v1").is_some_and(|reason| reason.contains("tag")));
        assert!(refused("example.org/Acme/networks").is_some_and(|reason| reason.contains("\"Acme\"")));
        assert!(refused("example.org//networks").is_some());
        assert!(refused("exa mple.org/networks").is_some());
    }
}
