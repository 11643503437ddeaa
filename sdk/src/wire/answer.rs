//! A function's answer, written as a `RunFunctionResponse`: what the step says, and unchanged what it does not speak of.

use std::time::Duration;

use serde_json::{Map, Value};

use super::desired::{self, Desired};
use super::index::Index;
use super::protobuf::{put_bytes, put_head, put_number};
use super::value;
use super::writer::{encode_entry, encode_struct};
use crate::state::{
    ConditionStatus, FunctionResult, Requirements, ResourceMatch, ResourceSelector, Response, SchemaSelector, Severity,
    Target, TargetedCondition,
};

/// How long an answer is good for if the step does not say: what the official SDKs say.
const DEFAULT_TTL: Duration = Duration::from_secs(60);

/// Writes the answer to a request.
///
/// An answer that the protocol cannot carry (an integer beyond 2^53, say) becomes a fatal result, which says where.
pub(super) fn encode(index: &Index, mut response: Response) -> Vec<u8> {
    match Carried::new(index, &response) {
        Ok(carried) => write(index, &response, &carried),
        Err(message) => {
            let severity = Severity::Fatal;
            response.results.push(FunctionResult { severity, message, reason: None, target: Target::Composite });
            write(index, &response, &Carried::unchanged(index))
        }
    }
}

/// The parts of an answer that hold objects, encoded.
struct Carried<'a> {
    desired: Desired<'a>,
    context: Option<Vec<u8>>,
    output: Option<Vec<u8>>,
}

impl<'a> Carried<'a> {
    fn new(index: &'a Index, response: &'a Response) -> Result<Self, String> {
        let mut output = None;
        if let Some(value) = &response.output {
            let mut bytes = Vec::new();
            encode_struct(value, &mut bytes).map_err(|error| format!("the step's output: {error}"))?;
            output = Some(bytes);
        }
        Ok(Carried {
            desired: desired::change(index, response)?,
            context: changed_context(index, &response.context)?,
            output,
        })
    }

    /// What earlier steps said.
    fn unchanged(index: &'a Index) -> Self {
        Carried { desired: Desired::unchanged(index), context: None, output: None }
    }
}

/// The context with the entries that the step set; `None` if it set none.
fn changed_context(index: &Index, set: &Map<String, Value>) -> Result<Option<Vec<u8>>, String> {
    if set.is_empty() {
        return Ok(None);
    }
    let earlier = index.context.map(|context| index.buffer.get(context)).unwrap_or_default();
    let mut out = Vec::with_capacity(earlier.len() + 256);
    value::copy_without(earlier, |key| set.contains_key(key), &mut out)
        .map_err(|broken| format!("the context of the pipeline is malformed: {broken}"))?;
    for (key, value) in set {
        encode_entry(key, value, &mut out).map_err(|error| format!("the context entry {key:?}: {error}"))?;
    }
    Ok(Some(out))
}

fn write(index: &Index, response: &Response, carried: &Carried<'_>) -> Vec<u8> {
    let context = match &carried.context {
        Some(context) => Some(context.as_slice()),
        None => index.context.map(|context| index.buffer.get(context)),
    };
    let objects = carried.desired.len() + context.map_or(0, <[u8]>::len) + carried.output.as_ref().map_or(0, Vec::len);
    let mut out = Vec::with_capacity(objects + 1024);
    put_bytes(&mut out, 1, &response_meta(index, response.ttl.unwrap_or(DEFAULT_TTL)));
    put_head(&mut out, 2, carried.desired.len());
    carried.desired.write(&mut out);
    for result in &response.results {
        put_bytes(&mut out, 3, &function_result(result));
    }
    if let Some(context) = context {
        put_bytes(&mut out, 4, context);
    }
    if !response.requirements.is_empty() {
        put_bytes(&mut out, 5, &requirements(&response.requirements));
    }
    for condition in &response.conditions {
        put_bytes(&mut out, 6, &targeted_condition(condition));
    }
    if let Some(output) = &carried.output {
        put_bytes(&mut out, 7, output);
    }
    out
}

fn response_meta(index: &Index, ttl: Duration) -> Vec<u8> {
    let mut meta = Vec::with_capacity(64);
    put_string(&mut meta, 1, index.buffer.get(index.tag));
    let mut duration = Vec::new();
    if ttl.as_secs() > 0 {
        // A protobuf duration ends at 10,000 years.
        put_number(&mut duration, 1, ttl.as_secs().min(315_576_000_000));
    }
    if ttl.subsec_nanos() > 0 {
        put_number(&mut duration, 2, ttl.subsec_nanos().into());
    }
    put_bytes(&mut meta, 2, &duration);
    meta
}

/// Writes a string field that is left out when it is empty.
fn put_string(out: &mut Vec<u8>, number: u8, text: &[u8]) {
    if !text.is_empty() {
        put_bytes(out, number, text);
    }
}

fn target_number(target: Target) -> u64 {
    match target {
        Target::Composite => 1,
        Target::CompositeAndClaim => 2,
    }
}

fn function_result(result: &FunctionResult) -> Vec<u8> {
    let mut out = Vec::with_capacity(result.message.len() + 16);
    let severity = match result.severity {
        Severity::Fatal => 1,
        Severity::Warning => 2,
        Severity::Normal => 3,
    };
    put_number(&mut out, 1, severity);
    put_string(&mut out, 2, result.message.as_bytes());
    if let Some(reason) = &result.reason {
        put_bytes(&mut out, 3, reason.as_bytes());
    }
    put_number(&mut out, 4, target_number(result.target));
    out
}

fn targeted_condition(condition: &TargetedCondition) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    put_string(&mut out, 1, condition.r#type.as_bytes());
    let status = match condition.status {
        ConditionStatus::Unknown | ConditionStatus::Other(_) => 1,
        ConditionStatus::True => 2,
        ConditionStatus::False => 3,
    };
    put_number(&mut out, 2, status);
    put_string(&mut out, 3, condition.reason.as_bytes());
    if let Some(message) = &condition.message {
        put_bytes(&mut out, 4, message.as_bytes());
    }
    put_number(&mut out, 5, target_number(condition.target));
    out
}

/// What the step needs. Only the fields of Crossplane v2 are written: a caller that is asked in the deprecated field too would
/// fetch everything twice.
fn requirements(requirements: &Requirements) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, selector) in &requirements.resources {
        put_entry(&mut out, 2, name, &resource_selector(selector));
    }
    for (name, selector) in &requirements.schemas {
        put_entry(&mut out, 3, name, &schema_selector(selector));
    }
    out
}

/// Writes an entry of a map whose keys are strings.
fn put_entry(out: &mut Vec<u8>, number: u8, key: &str, value: &[u8]) {
    let mut entry = Vec::with_capacity(key.len() + value.len() + 8);
    put_bytes(&mut entry, 1, key.as_bytes());
    put_bytes(&mut entry, 2, value);
    put_bytes(out, number, &entry);
}

fn resource_selector(selector: &ResourceSelector) -> Vec<u8> {
    let mut out = Vec::new();
    put_string(&mut out, 1, selector.api_version.as_bytes());
    put_string(&mut out, 2, selector.kind.as_bytes());
    match &selector.matching {
        ResourceMatch::All => {}
        ResourceMatch::Name(name) => put_bytes(&mut out, 3, name.as_bytes()),
        ResourceMatch::Labels(labels) => {
            let mut match_labels = Vec::new();
            for (key, value) in labels {
                put_entry(&mut match_labels, 1, key, value.as_bytes());
            }
            put_bytes(&mut out, 4, &match_labels);
        }
    }
    if let Some(namespace) = &selector.namespace {
        put_bytes(&mut out, 5, namespace.as_bytes());
    }
    out
}

fn schema_selector(selector: &SchemaSelector) -> Vec<u8> {
    let mut out = Vec::new();
    put_string(&mut out, 1, selector.api_version.as_bytes());
    put_string(&mut out, 2, selector.kind.as_bytes());
    out
}
