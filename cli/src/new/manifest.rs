//! Where a new project has the crates of Planewright from.

use std::path::{Path, PathBuf};

use fs_err as fs;
use serde::Deserialize;
use toml_edit::{DocumentMut, InlineTable, Item, Value};

use crate::exit::Refused;
use crate::generate::{between, seen_from};

/// The crates that a project depends on, and their folders in a checkout.
const CRATES: &[(&str, &str)] =
    &[("planewright", "sdk"), ("planewright-codegen", "codegen"), ("planewright-definitions", "definitions")];

/// Where the crates are.
pub(super) enum Crates {
    /// In cargo's registry, at the version of this program.
    Published,
    /// In a checkout of Planewright.
    Checkout(PathBuf),
}

impl Crates {
    /// The crates of the checkout that was named: its folder, or that of the sdk in it.
    pub(super) fn named(path: &Path) -> Result<Crates, Refused> {
        let checkout = [Some(path), path.parent()].into_iter().flatten().find(|folder| is_checkout(folder));
        checkout.map(|folder| Crates::Checkout(folder.to_owned())).ok_or_else(|| {
            let reason = format!("the crates of planewright are not in {}", path.display());
            Refused::new(reason, "name a checkout of planewright with --sdk, or leave it out for the published crates")
        })
    }

    /// The crates for a project in `folder`, an absolute path: those of the checkout that it lies in or that is worked in, or else the
    /// published ones.
    pub(super) fn around(folder: &Path) -> std::io::Result<Crates> {
        let here = std::path::absolute(".")?;
        Ok(match folder.ancestors().skip(1).chain(here.ancestors()).find(|folder| is_checkout(folder)) {
            Some(checkout) => Crates::Checkout(between(&here, checkout)),
            None => Crates::Published,
        })
    }

    /// The manifest with dependencies on these crates, as seen from `folder`, in which it will lie.
    pub(super) fn put_into(&self, manifest: &str, folder: &Path) -> anyhow::Result<String> {
        let mut manifest: DocumentMut = manifest.parse()?;
        for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let Some(dependencies) = manifest.get_mut(table).and_then(Item::as_table_mut) else { continue };
            for (name, at) in CRATES {
                let Some(old) = dependencies.get(name).and_then(Item::as_inline_table) else { continue };
                let mut new = InlineTable::new();
                match self {
                    Crates::Published => new.insert("version", env!("CARGO_PKG_VERSION").into()),
                    Crates::Checkout(checkout) => new.insert("path", seen_from(&checkout.join(at), folder)?.into()),
                };
                new.extend(
                    old.iter().filter(|(key, _)| *key != "version").map(|(key, value)| (key.to_owned(), value.clone())),
                );
                new.fmt();
                dependencies.insert(name, Item::Value(Value::InlineTable(new)));
            }
        }
        Ok(manifest.to_string())
    }
}

/// Whether a folder holds the sdk, by the name in its manifest.
fn is_checkout(folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let named = |(name, at): &(&str, &str)| {
        let text = fs::read_to_string(folder.join(at).join("Cargo.toml")).ok()?;
        Some(toml::from_str::<Manifest>(&text).ok()?.package.name == *name)
    };
    CRATES.iter().all(|krate| named(krate) == Some(true))
}
