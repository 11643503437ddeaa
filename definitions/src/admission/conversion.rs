//! Conversion between the versions of a CRD: a webhook that the API server could call.

use serde_json::{Map, Value};

use super::naming;
use crate::refusal::{Path, Refusals, Stage};

const FORM: &str = "desired format: https://host[/path]";

/// Checks `spec.conversion`.
pub(super) fn check(conversion: &Value, path: &Path, refusals: &mut Refusals) {
    let mut check = Check { refusals };
    let webhook = conversion.get("webhook").and_then(Value::as_object);
    match conversion.get("strategy").and_then(Value::as_str).unwrap_or_default() {
        "Webhook" => check.webhook(webhook, &path.child("webhook")),
        "None" => {
            let names_versions = !review_versions(webhook).is_empty();
            if names_versions || webhook.is_some_and(|webhook| webhook.contains_key("clientConfig")) {
                let reason = "Forbidden: should not be set when strategy is not set to Webhook";
                check.refuse(&path.child("webhook"), reason, "remove it, or set strategy: Webhook");
            }
        }
        "" => check.refuse(&path.child("strategy"), "Required value", "set None or Webhook"),
        other => {
            let reason = format!("Unsupported value: {other:?}: supported values: \"None\", \"Webhook\"");
            check.refuse(&path.child("strategy"), reason, "set None or Webhook");
        }
    }
}

struct Check<'a> {
    refusals: &'a mut Refusals,
}

impl Check<'_> {
    fn refuse(&mut self, path: &Path, reason: impl Into<String>, remedy: &str) {
        self.refusals.add(Stage::Core, path, reason, remedy);
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
                (Some(url), None) => self.url(url, &client_path.child("url")),
                (None, Some(service)) => self.service(service, &client_path.child("service")),
                _ => {
                    let reason = "Required value: exactly one of url or service is required";
                    self.refuse(&client_path, reason, "keep one of the two");
                }
            },
        }
        self.review_versions(&review_versions(webhook), &path.child("conversionReviewVersions"));
    }

    fn url(&mut self, url: &str, path: &Path) {
        let mut refuse = |part: &str, rule: &str| {
            self.refuse(path, format!("Invalid value: {part:?}: {rule}; {FORM}"), "use a plain https URL");
        };
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        if !scheme.eq_ignore_ascii_case("https") {
            refuse(scheme, "'https' is the only allowed URL scheme");
        }
        let (before, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (before, query) = before.split_once('?').unwrap_or((before, ""));
        let authority = if scheme.is_empty() { "" } else { before.split('/').next().unwrap_or_default() };
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if host.is_empty() {
            refuse(host, "host must be specified");
        }
        if !user.is_empty() {
            // What stands there may be a password.
            refuse("", "user information is not permitted in the URL");
        }
        if !fragment.is_empty() {
            refuse(fragment, "fragments are not permitted in the URL");
        }
        if !query.is_empty() {
            refuse(query, "query parameters are not permitted in the URL");
        }
    }

    fn service(&mut self, service: &Value, path: &Path) {
        let text = |field: &str| service.get(field).and_then(Value::as_str).unwrap_or_default();
        for field in ["name", "namespace"] {
            if text(field).is_empty() {
                self.refuse(&path.child(field), "Required value", "name the service and its namespace");
            }
        }
        if let Some(port) = service.get("port").filter(|port| !matches!(port.as_i64(), Some(1..=65535))) {
            let reason = format!("Invalid value: {port}: port is not valid: must be between 1 and 65535, inclusive");
            self.refuse(&path.child("port"), reason, "set the port of the service, or remove it for 443");
        }
        self.path(text("path"), &path.child("path"));
    }

    fn path(&mut self, at: &str, path: &Path) {
        if matches!(at, "" | "/") {
            return;
        }
        let mut refuse = |rule: String| {
            self.refuse(path, format!("Invalid value: {at:?}: {rule}"), "write a path such as /convert");
        };
        let Some(segments) = at.strip_prefix('/') else {
            refuse("must start with a '/'".to_owned());
            return;
        };
        for (i, segment) in segments.strip_suffix('/').unwrap_or(segments).split('/').enumerate() {
            if segment.is_empty() {
                refuse(format!("segment[{i}] may not be empty"));
            } else if let Some(wrong) = naming::dns_subdomain(segment) {
                refuse(format!("segment[{i}]: {wrong}"));
            }
        }
    }

    fn review_versions(&mut self, versions: &[&str], path: &Path) {
        if versions.is_empty() {
            self.refuse(path, "Required value", "name v1");
            return;
        }
        for (i, version) in versions.iter().enumerate() {
            let mut refuse = |wrong: String| {
                let reason = format!("Invalid value: {version:?}: {wrong}");
                self.refuse(&path.index(i), reason, "name each version once, such as v1");
            };
            if versions.iter().take(i).any(|other| other == version) {
                refuse("duplicate version".to_owned());
            } else if let Some(wrong) = naming::dns_label(version) {
                refuse(wrong);
            }
        }
        if !versions.iter().any(|version| matches!(*version, "v1" | "v1beta1")) {
            let shown = serde_json::to_string(versions).unwrap_or_default();
            let reason = format!("Invalid value: {shown}: must include at least one of v1, v1beta1");
            self.refuse(path, reason, "add v1");
        }
    }
}

fn review_versions(webhook: Option<&Map<String, Value>>) -> Vec<&str> {
    let versions = webhook.and_then(|webhook| webhook.get("conversionReviewVersions")).and_then(Value::as_array);
    versions.into_iter().flatten().filter_map(Value::as_str).collect()
}
