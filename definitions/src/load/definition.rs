//! One document: which definition it is, if it is one.

use serde_json::Value;

use super::{Problem, Warning, lenient};
use crate::crd::Crd;
use crate::mrd::{Mrd, MrdSpec};
use crate::xrd::Xrd;
use crate::yaml::{self, Document, Limits, YamlError};

/// A definition of a kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    /// A CustomResourceDefinition, `apiextensions.k8s.io/v1`.
    Crd(Box<Crd>),
    /// A CompositeResourceDefinition, `apiextensions.crossplane.io/v1` or `v2`.
    Xrd(Box<Xrd>),
    /// A ManagedResourceDefinition, `apiextensions.crossplane.io`.
    Mrd(Box<Mrd>),
}

impl Definition {
    /// The kind of the definition itself.
    pub fn kind(&self) -> &'static str {
        match self {
            Definition::Crd(_) => CRD,
            Definition::Xrd(_) => XRD,
            Definition::Mrd(_) => MRD,
        }
    }

    /// `metadata.name`.
    pub fn name(&self) -> &str {
        match self {
            Definition::Crd(crd) => &crd.metadata.name,
            Definition::Xrd(xrd) => &xrd.metadata.name,
            Definition::Mrd(mrd) => &mrd.metadata.name,
        }
    }
}

const CRD: &str = "CustomResourceDefinition";
const XRD: &str = "CompositeResourceDefinition";
const MRD: &str = crate::mrd::KIND;
const API_VERSION: &str = crate::mrd::API_VERSION;

/// What one document holds.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) definitions: Vec<(Definition, Vec<Warning>)>,
    /// Documents, or items of a list, that are no definitions.
    pub(crate) foreign: usize,
    pub(crate) problems: Vec<Problem>,
}

/// Reads what a document defines.
pub(crate) fn read(document: &Document<'_>, file: &str, limits: &Limits) -> Found {
    let reader = Reader { document, file, limits };
    let mut found = Found::default();
    if let Err(problem) = reader.read(&mut found) {
        found.problems.push(problem);
    }
    found
}

/// Which kind of document it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Crd,
    Xrd,
    Mrd,
    List,
    Foreign,
}

struct Reader<'a> {
    document: &'a Document<'a>,
    file: &'a str,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn read(&self, found: &mut Found) -> Result<(), Problem> {
        let kind = match head(self.document.text) {
            Some((api_version, kind)) => self.kind(api_version, kind)?,
            None => Kind::Foreign,
        };
        // The text only looked foreign: the parser has the word, and what is not YAML is a problem in any document.
        let kind = match kind {
            Kind::Foreign => self.kind_of(&self.parse()?)?,
            kind => kind,
        };
        match kind {
            Kind::Crd => match self.parse_typed::<Crd>() {
                Ok(crd) => found.definitions.push((self.checked(crd)?, Vec::new())),
                Err(error) => found.definitions.push(self.lenient_crd(self.parse()?, "", Some(&error))?),
            },
            Kind::Xrd => found.definitions.push((self.xrd(self.parse()?, "")?, Vec::new())),
            Kind::Mrd => found.definitions.push(self.mrd(self.parse()?, "")?),
            Kind::List => self.list(self.parse()?, found),
            Kind::Foreign => found.foreign += 1,
        }
        Ok(())
    }

    fn parse<T: serde::de::DeserializeOwned + Send>(&self) -> Result<T, Problem> {
        self.parse_typed().map_err(Problem::from)
    }

    fn parse_typed<T: serde::de::DeserializeOwned + Send>(&self) -> Result<T, YamlError> {
        yaml::read_with(self.document, self.file, self.limits)
    }

    fn problem(&self, path: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem::at(self.document, self.file, path, reason, remedy)
    }

    fn kind_of(&self, value: &Value) -> Result<Kind, Problem> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        self.kind(text("apiVersion"), text("kind"))
    }

    /// What a document of this apiVersion and kind is; an error where it would be a definition if it were newer.
    fn kind(&self, api_version: &str, kind: &str) -> Result<Kind, Problem> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        match (group, kind) {
            ("apiextensions.k8s.io", CRD) if version == "v1" => Ok(Kind::Crd),
            ("apiextensions.k8s.io", CRD) => Err(self.problem(
                "apiVersion",
                format!(
                    "a CustomResourceDefinition of {api_version}, which no API server serves since Kubernetes 1.22"
                ),
                "convert it to apiextensions.k8s.io/v1: every entry of spec.versions has a schema of its own, and \
                 spec.validation, spec.version and spec.preserveUnknownFields go",
            )),
            ("apiextensions.crossplane.io", XRD) if version == "v1" || version == "v2" => Ok(Kind::Xrd),
            ("apiextensions.crossplane.io", XRD) => Err(self.problem(
                "apiVersion",
                format!("a CompositeResourceDefinition of {api_version}, which Crossplane does not serve"),
                "convert it to apiextensions.crossplane.io/v2, or to v1 if it has claims",
            )),
            ("apiextensions.crossplane.io", MRD) => Ok(Kind::Mrd),
            ("", "List") => Ok(Kind::List),
            ("apiextensions.k8s.io" | "apiextensions.crossplane.io", kind) if is_list_of_definitions(kind) => {
                Ok(Kind::List)
            }
            _ => Ok(Kind::Foreign),
        }
    }

    /// The items of a list, as `kubectl get crd -o yaml` prints it.
    fn list(&self, mut list: Value, found: &mut Found) {
        let Some(Value::Array(items)) = list.get_mut("items").map(Value::take) else {
            found.foreign += 1;
            return;
        };
        for (index, item) in items.into_iter().enumerate() {
            if let Err(problem) = self.item(item, &format!("items[{index}]"), found) {
                found.problems.push(problem);
            }
        }
    }

    fn item(&self, item: Value, path: &str, found: &mut Found) -> Result<(), Problem> {
        match self.kind_of(&item)? {
            Kind::Crd => found.definitions.push(self.lenient_crd(item, path, None)?),
            Kind::Xrd => found.definitions.push((self.xrd(item, path)?, Vec::new())),
            Kind::Mrd => found.definitions.push(self.mrd(item, path)?),
            Kind::List | Kind::Foreign => found.foreign += 1,
        }
        Ok(())
    }

    /// A CRD that the typed reading refused, node by node; `error` is why it did.
    fn lenient_crd(
        &self,
        value: Value,
        path: &str,
        error: Option<&YamlError>,
    ) -> Result<(Definition, Vec<Warning>), Problem> {
        let mut odd = Vec::new();
        let crd = lenient::crd(value, path, &mut odd).map_err(|fault| {
            let problem = self.problem(&fault.path, fault.reason, "correct it; the API server would refuse it as well");
            // Where nothing else is odd, this is what the typed reading stumbled over, and it knows the line.
            match error {
                Some(error) if odd.is_empty() => problem.shown_as(error),
                _ => problem,
            }
        })?;
        let warnings = odd
            .into_iter()
            .map(|odd| {
                Warning::at(self.document, self.file, odd.path, odd.reason, "taken as a schema that allows anything")
            })
            .collect();
        Ok((self.checked(crd)?, warnings))
    }

    /// A CRD that can be worked with.
    fn checked(&self, crd: Crd) -> Result<Definition, Problem> {
        let spec = &crd.spec;
        let texts = [
            ("metadata.name", &crd.metadata.name),
            ("spec.group", &spec.group),
            ("spec.names.kind", &spec.names.kind),
            ("spec.names.plural", &spec.names.plural),
        ];
        if let Some((path, _)) = texts.iter().find(|(_, text)| text.is_empty()) {
            return Err(self.missing("", path, CRD));
        }
        if spec.versions.is_empty() {
            return Err(self.problem("spec.versions", "a CRD without versions", "write at least one version"));
        }
        for (index, version) in spec.versions.iter().enumerate() {
            if version.schema().is_none() {
                return Err(self.problem(
                    &format!("spec.versions[{index}].schema.openAPIV3Schema"),
                    format!("version `{}` of {} has no schema", version.name, crd.metadata.name),
                    "write the schema: the API server refuses a version without one. Where any object is to be \
                     allowed: {type: object, x-kubernetes-preserve-unknown-fields: true}",
                ));
            }
        }
        Ok(Definition::Crd(Box::new(crd)))
    }

    fn missing(&self, path: &str, field: &str, kind: &str) -> Problem {
        self.problem(path, format!("`{field}` is missing"), format!("write it; a {kind} cannot be without"))
    }

    /// An XRD. What its schemas say is read when it is derived.
    fn xrd(&self, value: Value, path: &str) -> Result<Definition, Problem> {
        self.named(&value, XRD, path)?;
        let xrd: Xrd = serde_json::from_value(value)
            .map_err(|error| self.problem(path, error.to_string(), "correct it; Crossplane would refuse it as well"))?;
        Ok(Definition::Xrd(Box::new(xrd)))
    }

    /// An MRD: the spec of a CRD, read as leniently.
    fn mrd(&self, value: Value, path: &str) -> Result<(Definition, Vec<Warning>), Problem> {
        self.named(&value, MRD, path)?;
        let mut mrd = match serde_json::from_value::<Mrd>(value.clone()) {
            Ok(mrd) => return Ok((Definition::Mrd(Box::new(mrd)), Vec::new())),
            Err(_) => Mrd { api_version: API_VERSION.to_owned(), kind: MRD.to_owned(), ..Mrd::default() },
        };
        let (definition, warnings) = self.lenient_crd(value, path, None)?;
        if let Definition::Crd(crd) = definition {
            let crate::crd::CrdSpec { group, names, scope, versions, conversion } = crd.spec;
            mrd.metadata = crd.metadata;
            mrd.spec = MrdSpec { group, names, scope, versions, conversion, ..MrdSpec::default() };
        }
        Ok((Definition::Mrd(Box::new(mrd)), warnings))
    }

    fn named(&self, value: &Value, kind: &str, path: &str) -> Result<(), Problem> {
        match value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default() {
            "" => Err(self.missing(path, "metadata.name", kind)),
            _ => Ok(()),
        }
    }
}

fn is_list_of_definitions(kind: &str) -> bool {
    kind.strip_suffix("List").is_some_and(|kind| [CRD, XRD, MRD].contains(&kind))
}

/// apiVersion and kind of a block mapping at column 0, told by the text alone: a key at column 0 is always one of the
/// document's own keys, as everything within a value of theirs is indented. Nothing where either is not found.
fn head(text: &str) -> Option<(&str, &str)> {
    let mut api_version = None;
    let mut kind = None;
    for line in text.lines() {
        if let Some(value) = line.strip_prefix("apiVersion:") {
            api_version = api_version.or(plain(value));
        } else if let Some(value) = line.strip_prefix("kind:") {
            kind = kind.or(plain(value));
        }
        if let (Some(api_version), Some(kind)) = (api_version, kind) {
            return Some((api_version, kind));
        }
    }
    None
}

/// The text of a scalar on the line of its key, without quotes and comment.
fn plain(value: &str) -> Option<&str> {
    let value = value.split(" #").next()?.trim();
    let value = value.trim_matches(['"', '\'']);
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_told_by_the_text_of_block_mappings() {
        assert_eq!(head("kind: B # x\nspec:\n  kind: C\napiVersion: 'a/v1'\n"), Some(("a/v1", "B")));
        assert_eq!(head("{\"apiVersion\": \"a/v1\", \"kind\": \"B\"}"), None);
        assert_eq!(head("apiVersion: a/v1\nkind:\n  B\n"), None);
        assert_eq!(head("---\r\napiVersion: a/v1\r\nkind: B\r\n"), Some(("a/v1", "B")));
    }
}
