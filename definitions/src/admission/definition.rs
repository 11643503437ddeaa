//! A CRD as a whole: names, group, versions, printer columns, subresources, conversion.

use serde_json::{Map, Value};

use super::{defaults, naming, openapi, structural};
use crate::crd::{Crd, CrdVersion, Names};
use crate::refusal::{Path, Refusals, Stage};

/// Where the parts of a derived CRD come from, so that a refusal names the place in the XRD.
pub(super) struct Origin {
    /// The name of the CRD.
    pub(super) name: Path,
    /// Its names.
    pub(super) names: Path,
    /// Its annotations.
    pub(super) annotations: Path,
    /// Its labels.
    pub(super) labels: Path,
    /// Whether a printer column is `jsonPath` of `spec.versions[…]`, and so on: always below this.
    pub(super) spec: Path,
}

/// Every reason for which the API server refuses a CRD that has its defaults, CEL expressions apart.
pub(super) fn check(crd: &Crd, from: &Origin) -> Refusals {
    let mut check = Check { refusals: Refusals::default() };
    check.metadata(crd, from);
    check.group(&crd.spec.group, &from.spec.child("group"));
    check.names(&crd.spec.names, &from.names);
    check.versions(&crd.spec.versions, &from.spec.child("versions"));
    if let Some(conversion) = &crd.spec.conversion {
        check.conversion(conversion, &from.spec.child("conversion"));
    }
    check.refusals
}

struct Check {
    refusals: Refusals,
}

impl Check {
    fn refuse(&mut self, path: &Path, reason: impl Into<String>, remedy: impl Into<String>) {
        self.refusals.add(Stage::Core, path, reason, remedy);
    }

    fn metadata(&mut self, crd: &Crd, from: &Origin) {
        let (name, spec) = (&crd.metadata.name, &crd.spec);
        let expected = format!("{}.{}", spec.names.plural, spec.group);
        if let Some(wrong) = naming::dns_subdomain(name) {
            self.refuse(&from.name, format!("Invalid value: {name:?}: {wrong}"), format!("name it {expected}"));
        }
        if *name != expected {
            let reason = format!("Invalid value: {name:?}: must be spec.names.plural+\".\"+spec.group");
            self.refuse(&from.name, reason, format!("set metadata.name to {expected}"));
        }
        for (key, value) in &crd.metadata.labels {
            if let Some(wrong) = naming::qualified_name(key) {
                self.refuse(&from.labels, format!("Invalid value: {key:?}: {wrong}"), "correct the key of the label");
            }
            if let Some(wrong) = naming::label_value(value) {
                let reason = format!("Invalid value: {value:?}: {wrong}");
                self.refuse(&from.labels, reason, format!("correct the value of the label {key:?}"));
            }
        }
        for key in crd.metadata.annotations.keys() {
            if let Some(wrong) = naming::qualified_name(&key.to_lowercase()) {
                let reason = format!("Invalid value: {key:?}: {wrong}");
                self.refuse(&from.annotations, reason, "correct the key of the annotation");
            }
        }
        let all = crd.metadata.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        if let Some(wrong) = naming::annotations_too_large(all) {
            self.refuse(&from.annotations, wrong, "shorten the annotations");
        }
        self.approval(crd, from);
    }

    /// Groups of the Kubernetes project need an approval.
    fn approval(&mut self, crd: &Crd, from: &Origin) {
        const ANNOTATION: &str = "api-approved.kubernetes.io";
        let group = &crd.spec.group;
        if !["k8s.io", "kubernetes.io"].iter().any(|own| group == own || group.ends_with(&format!(".{own}"))) {
            return;
        }
        let path = from.annotations.key(ANNOTATION);
        let remedy = "use a group of a domain of your own";
        match crd.metadata.annotations.get(ANNOTATION).map(String::as_str) {
            None | Some("") => self.refuse(
                &path,
                format!(
                    "Required value: protected groups must have approval annotation {ANNOTATION:?}, see \
                     https://github.com/kubernetes/enhancements/pull/1111"
                ),
                remedy,
            ),
            Some(text) if text.starts_with("unapproved") || is_url(text) => {}
            Some(text) => self.refuse(
                &path,
                format!(
                    "Invalid value: {text:?}: protected groups must have approval annotation {ANNOTATION:?} with either \
                     a URL or a reason starting with \"unapproved\", see \
                     https://github.com/kubernetes/enhancements/pull/1111"
                ),
                remedy,
            ),
        }
    }

    fn group(&mut self, group: &str, path: &Path) {
        let remedy = "use a domain that you own, such as platform.example.org";
        if group.is_empty() {
            self.refuse(path, "Required value", remedy);
        } else if let Some(wrong) = naming::dns_subdomain(group) {
            self.refuse(path, format!("Invalid value: {group:?}: {wrong}"), remedy);
        } else if !group.contains('.') {
            let reason = format!("Invalid value: {group:?}: should be a domain with at least one dot");
            self.refuse(path, reason, remedy);
        }
    }

    fn names(&mut self, names: &Names, path: &Path) {
        let written = |name: &Option<String>| name.clone().unwrap_or_default();
        let (singular, list_kind) = (written(&names.singular), written(&names.list_kind));
        let lower = "use lower case letters, digits and dashes, a letter first";
        for (field, name) in [("plural", &names.plural), ("singular", &singular)] {
            self.label(&path.child(field), name, name, "", lower);
        }
        let mixed = "may have mixed case, but should otherwise match: ";
        for (field, name) in [("kind", &names.kind), ("listKind", &list_kind)] {
            self.label(&path.child(field), name, &name.to_lowercase(), mixed, "use letters and digits, a letter first");
        }
        for (field, list) in [("shortNames", &names.short_names), ("categories", &names.categories)] {
            for (i, name) in list.iter().enumerate() {
                let path = path.child(field).index(i);
                if let Some(wrong) = naming::dns_label(name) {
                    self.refuse(&path, format!("Invalid value: {name:?}: {wrong}"), lower);
                }
            }
        }
        if !names.kind.is_empty() && names.kind == list_kind {
            let reason = format!("Invalid value: {list_kind:?}: kind and listKind may not be the same");
            self.refuse(&path.child("listKind"), reason, format!("remove it: it is {}List by default", names.kind));
        }
    }

    fn label(&mut self, path: &Path, shown: &str, name: &str, words: &str, remedy: &str) {
        if name.is_empty() {
            self.refuse(path, "Required value", remedy);
        } else if let Some(wrong) = naming::dns_label(name) {
            self.refuse(path, format!("Invalid value: {shown:?}: {words}{wrong}"), remedy);
        }
    }

    fn versions(&mut self, versions: &[CrdVersion], path: &Path) {
        for (i, version) in versions.iter().enumerate() {
            self.version(version, &path.index(i));
        }
        let duplicate = |i: usize| versions.iter().take(i).any(|other| other.name == versions[i].name);
        if let Some(i) = (0..versions.len()).find(|i| duplicate(*i)) {
            let name = &versions[i].name;
            let reason = format!("Invalid value: {name:?}: must contain unique version names");
            self.refuse(path, reason, format!("rename or remove the second {name}"));
        }
        let stored: Vec<_> = versions.iter().filter(|v| v.storage).map(|v| v.name.as_str()).collect();
        if stored.len() != 1 {
            let shown = serde_json::to_string(&stored).unwrap_or_default();
            let reason = format!("Invalid value: {shown}: must have exactly one version marked as storage version");
            self.refuse(path, reason, "mark exactly one version with referenceable: true: XRs are stored at that one");
        }
    }

    fn version(&mut self, version: &CrdVersion, path: &Path) {
        if let Some(wrong) = naming::dns_label(&version.name) {
            let reason = format!("Invalid value: {:?}: {wrong}", version.name);
            self.refuse(&path.child("name"), reason, "name it like v1, v1beta2 or v2alpha1");
        }
        self.deprecation(version, &path.child("deprecationWarning"));
        if let Some(schema) = version.schema() {
            let path = path.child("schema").child("openAPIV3Schema");
            let before = self.refusals.0.len();
            structural::check(schema, &path, &mut self.refusals);
            // Kubernetes judges defaults only by a schema that it understands.
            if self.refusals.0.len() == before {
                defaults::check(schema, &path, &mut self.refusals);
            }
            openapi::check(schema, &path, &mut self.refusals);
        } else {
            let path = path.child("schema").child("openAPIV3Schema");
            self.refuse(&path, "Required value", "give the version a schema");
        }
        for (i, column) in version.additional_printer_columns.iter().enumerate() {
            self.column(column, &path.child("additionalPrinterColumns").index(i));
        }
        if let Some(scale) = version.subresources.as_ref().and_then(|all| all.get("scale")) {
            self.scale(scale, &path.child("subresources").child("scale"));
        }
    }

    fn deprecation(&mut self, version: &CrdVersion, path: &Path) {
        let Some(warning) = &version.deprecation_warning else { return };
        let mut refuse = |rule: &str, remedy: &str| {
            self.refuse(path, format!("Invalid value: {warning:?}: {rule}"), remedy);
        };
        if !version.deprecated {
            refuse("can only be set for deprecated versions", "set deprecated: true, or remove the warning");
            return;
        }
        if warning.len() > 256 {
            refuse("must be <= 256 characters long", "shorten it");
        }
        if warning.is_empty() {
            refuse("must not be an empty string", "write a warning, or remove it: there is a default");
        }
        if let Some((i, _)) = warning.char_indices().find(|(_, c)| c.is_control()) {
            let rule =
                format!("must only contain printable UTF-8 characters; non-printable character found at index {i}");
            refuse(&rule, "write it on one line, without control characters");
        }
    }

    fn column(&mut self, column: &Value, path: &Path) {
        const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
        const FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
        let text = |field: &str| column.get(field).and_then(Value::as_str).unwrap_or_default();
        if text("name").is_empty() {
            self.refuse(&path.child("name"), "Required value", "give the column a title");
        }
        let rule = format!("must be one of {}", TYPES.join(","));
        match text("type") {
            "" => self.refuse(&path.child("type"), format!("Required value: {rule}"), "set the type"),
            other if !TYPES.contains(&other) => {
                let reason = format!("Invalid value: {other:?}: {rule}");
                self.refuse(&path.child("type"), reason, "set one of these types");
            }
            _ => {}
        }
        let format = text("format");
        if !format.is_empty() && !FORMATS.contains(&format) {
            let reason = format!("Invalid value: {format:?}: must be one of {}", FORMATS.join(","));
            self.refuse(&path.child("format"), reason, "set one of these formats, or remove it");
        }
        self.json_path(text("jsonPath"), &path.child("jsonPath"), &[]);
    }

    fn scale(&mut self, scale: &Value, path: &Path) {
        let text = |field: &str| scale.get(field).and_then(Value::as_str);
        self.json_path(text("specReplicasPath").unwrap_or_default(), &path.child("specReplicasPath"), &[".spec."]);
        self.json_path(
            text("statusReplicasPath").unwrap_or_default(),
            &path.child("statusReplicasPath"),
            &[".status."],
        );
        if let Some(selector) = text("labelSelectorPath").filter(|path| !path.is_empty()) {
            self.json_path(selector, &path.child("labelSelectorPath"), &[".spec.", ".status."]);
        }
    }

    /// A path from the object's root, below one of `parents` if there are any.
    fn json_path(&mut self, json_path: &str, path: &Path, parents: &[&str]) {
        let example = parents.first().map_or(".spec.region".to_owned(), |parent| format!("{parent}replicas"));
        if json_path.is_empty() {
            self.refuse(path, "Required value", format!("set a path such as {example}"));
        } else if !json_path.starts_with('.') {
            let reason = format!("Invalid value: {json_path:?}: must be a simple json path starting with .");
            self.refuse(path, reason, format!("write .{json_path}"));
        } else if !parents.is_empty() && !parents.iter().any(|parent| json_path.starts_with(parent)) {
            let under = match parents {
                [one] => format!("under {}", one.trim_end_matches('.')),
                _ => "under either .spec or .status".to_owned(),
            };
            let reason = format!("Invalid value: {json_path:?}: should be a json path {under}");
            self.refuse(path, reason, format!("set a path such as {example}"));
        }
    }

    fn conversion(&mut self, conversion: &Value, path: &Path) {
        let webhook = conversion.get("webhook").and_then(Value::as_object);
        match conversion.get("strategy").and_then(Value::as_str).unwrap_or_default() {
            "Webhook" => self.webhook(webhook, &path.child("webhook")),
            "None" => {
                if webhook.is_some_and(|webhook| !webhook.is_empty()) {
                    let reason = "Forbidden: should not be set when strategy is not set to Webhook";
                    self.refuse(&path.child("webhook"), reason, "remove it, or set strategy: Webhook");
                }
            }
            "" => self.refuse(&path.child("strategy"), "Required value", "set None or Webhook"),
            other => {
                let reason = format!("Unsupported value: {other:?}: supported values: \"None\", \"Webhook\"");
                self.refuse(&path.child("strategy"), reason, "set None or Webhook");
            }
        }
    }

    fn webhook(&mut self, webhook: Option<&Map<String, Value>>, path: &Path) {
        let client = webhook.and_then(|webhook| webhook.get("clientConfig")).and_then(Value::as_object);
        let client_path = path.child("clientConfig");
        match client {
            None => {
                let reason = "Required value: required when strategy is set to Webhook";
                self.refuse(&client_path, reason, "say where the webhook is: a service or an https URL");
            }
            Some(client) => match (client.get("url").and_then(Value::as_str), client.get("service")) {
                (Some(url), None) => {
                    if !url.starts_with("https://") {
                        let reason = format!(
                            "Invalid value: {url:?}: 'https' is the only allowed URL scheme; desired format: https://host[/path]"
                        );
                        self.refuse(&client_path.child("url"), reason, "use an https URL");
                    }
                }
                (None, Some(_)) => {}
                _ => {
                    let reason = "Required value: exactly one of url or service is required";
                    self.refuse(&client_path, reason, "keep one of the two");
                }
            },
        }
        let path = path.child("conversionReviewVersions");
        let versions = webhook.and_then(|webhook| webhook.get("conversionReviewVersions")).and_then(Value::as_array);
        let versions: Vec<_> = versions.into_iter().flatten().filter_map(Value::as_str).collect();
        if versions.is_empty() {
            self.refuse(&path, "Required value", "name v1");
            return;
        }
        for (i, version) in versions.iter().enumerate() {
            let mut refuse = |wrong: String| {
                self.refuse(
                    &path.index(i),
                    format!("Invalid value: {version:?}: {wrong}"),
                    "name each version once, such as v1",
                );
            };
            if versions.iter().take(i).any(|other| other == version) {
                refuse("duplicate version".to_owned());
            } else if let Some(wrong) = naming::dns_label(version) {
                refuse(wrong);
            }
        }
        if !versions.iter().any(|version| matches!(*version, "v1" | "v1beta1")) {
            let shown = serde_json::to_string(&versions).unwrap_or_default();
            self.refuse(&path, format!("Invalid value: {shown}: must include at least one of v1, v1beta1"), "add v1");
        }
    }
}

fn is_url(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty() && !rest.starts_with('/'))
}
