//! The platforms of this repository, each in process and as a program.

use std::path::{Path, PathBuf};

use planewright::platform::Composition;
use planewright_definitions::yaml;
use serde::Deserialize;
use serde_json::Value;

use crate::{Failure, behaviours};

/// A platform that scenarios are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// The compositions of this package.
    #[default]
    Behaviours,
    /// The reference platform.
    ReferencePlatform,
    /// The platform that the guide builds.
    Stores,
    /// The platform whose API is declared in Rust.
    Archives,
}

impl Platform {
    /// All of them.
    pub const ALL: [Platform; 4] =
        [Platform::Behaviours, Platform::ReferencePlatform, Platform::Stores, Platform::Archives];

    /// The name of its program.
    pub fn program(self) -> &'static str {
        match self {
            Platform::Behaviours => "behaviours",
            Platform::ReferencePlatform => "reference-platform",
            Platform::Stores => "stores",
            Platform::Archives => "archives",
        }
    }

    /// Its compositions, as its program has them.
    pub fn compositions(self) -> Vec<Composition> {
        match self {
            Platform::Behaviours => vec![
                Composition::new("notes", behaviours::notes),
                Composition::new("names", behaviours::names),
                Composition::new("misnamed", behaviours::misnamed),
                Composition::new("says", behaviours::says),
                Composition::new("fails", behaviours::fails),
                Composition::new("decides", behaviours::decides),
                Composition::new("first", behaviours::first),
                Composition::new("second", behaviours::second),
                Composition::new("requires", behaviours::requires),
                Composition::new("never_settles", behaviours::never_settles),
                Composition::new("trusted", behaviours::trusted),
                Composition::new("waits", behaviours::waits),
                Composition::new("everywhere", behaviours::everywhere),
                Composition::new("user", behaviours::user),
            ],
            Platform::ReferencePlatform => vec![
                Composition::new("network", reference_platform::network::network),
                Composition::new("sql_instance", reference_platform::sql_instance::sql_instance),
                Composition::new("eks", reference_platform::eks::eks),
            ],
            Platform::Stores => vec![Composition::new("store", stores::store::store)],
            Platform::Archives => vec![Composition::new("archive", archives::archive::archive)],
        }
    }

    /// The XRD of a kind of composite resources.
    ///
    /// # Errors
    /// When the platform's `apis/` cannot be read or have no such XRD.
    pub fn definition(self, composite: &Value) -> Result<Value, Failure> {
        let folder = match self {
            Platform::Behaviours => "tests/oracle/engine/apis",
            Platform::ReferencePlatform => "apis",
            Platform::Stores => "examples/stores/apis",
            Platform::Archives => "examples/archives/apis",
        };
        let group =
            composite["apiVersion"].as_str().and_then(|version| version.split_once('/')).map(|(group, _)| group);
        for file in files(&root().join(folder))? {
            let text = fs_err::read_to_string(&file)?;
            for document in yaml::documents(&text) {
                let definition: Value = yaml::read(&document, &file.display().to_string())?;
                let spec = &definition["spec"];
                if spec["group"].as_str() == group && spec["names"]["kind"] == composite["kind"] {
                    return Ok(definition);
                }
            }
        }
        Err(format!("{folder} has no XRD of {} ({})", composite["kind"], composite["apiVersion"]).into())
    }
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The YAML files of a folder and the folders in it, sorted.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
