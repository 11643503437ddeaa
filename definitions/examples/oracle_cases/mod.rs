//! The recorded verdicts of a control plane: the CRD of each file, and its cases.

#![allow(dead_code, reason = "every example that includes this module reads a part of it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use planewright_definitions::crd::{Crd, CrdVersion};
use planewright_definitions::yaml;
use serde::Deserialize;
use serde_json::Value;

/// One recorded request.
#[derive(Deserialize)]
pub(crate) struct Case {
    /// Its name.
    pub(crate) id: String,
    /// `create`, `update` or `update-status`.
    pub(crate) op: String,
    /// What it exercises.
    pub(crate) class: String,
    /// The object that was sent, where it is JSON.
    #[serde(default)]
    pub(crate) object: Value,
    /// `Warn`, or nothing for `Strict`.
    #[serde(default)]
    pub(crate) validation: String,
    /// Whether it was accepted.
    pub(crate) accepted: bool,
    /// What came back, where it differs from the object.
    pub(crate) defaulted: Option<Value>,
    /// Why it was refused.
    #[serde(default)]
    pub(crate) causes: Vec<Cause>,
    /// Why it was refused, where not for its fields.
    pub(crate) error: Option<Value>,
}

/// One cause of a refusal.
#[derive(Deserialize)]
pub(crate) struct Cause {
    /// The field.
    pub(crate) field: String,
    /// The message.
    pub(crate) message: String,
}

/// Cases of one kind.
pub(crate) struct Recorded {
    /// The kind's definition.
    pub(crate) crd: Crd,
    /// The cases.
    pub(crate) cases: Vec<Case>,
}

impl Recorded {
    /// The version of a case's object.
    pub(crate) fn version(&self, object: &Value) -> Option<&CrdVersion> {
        let version = object.get("apiVersion")?.as_str()?.split_once('/')?.1;
        self.crd.spec.versions.iter().find(|known| known.name == version)
    }
}

#[derive(Deserialize)]
struct Entry {
    crd: PathBuf,
}

/// Everything that was recorded: the oracle's folder, and the folder of shared schemas, beside it unless named.
pub(crate) fn recorded() -> Result<Vec<Recorded>, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let oracle = PathBuf::from(arguments.next().ok_or("name the folder of the oracle")?);
    let schemas = arguments.next().map_or_else(|| oracle.join("../schemas"), PathBuf::from);
    let verdicts = oracle.join("verdicts");
    let index: BTreeMap<String, Entry> = serde_json::from_str(&std::fs::read_to_string(verdicts.join("index.json"))?)?;
    let mut recorded = Vec::new();
    for (name, entry) in index {
        let path = match entry.crd.strip_prefix("schemas") {
            Ok(path) => schemas.join(path),
            Err(_) => oracle.join(&entry.crd),
        };
        let crd = read_crd(&path)?;
        let text = std::fs::read_to_string(verdicts.join(format!("{name}.jsonl")))?;
        let cases = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        recorded.push(Recorded { crd, cases });
    }
    Ok(recorded)
}

fn read_crd(path: &Path) -> Result<Crd, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(yaml::from_str(&text, &path.display().to_string())?)
}
