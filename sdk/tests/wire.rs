//! Requests as bytes: they mean what the same requests in JSON mean, for whatever reads them and whatever is answered.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use planewright::codec::Reader;
use planewright::codec::json::read_value;
use planewright::compose::Composer;
use planewright::state::{
    Composed, ConditionStatus, ConnectionDetails, Desired, Function, FunctionResult, Observed, Place, Ready, Request,
    Requirements, ResourceMatch, ResourceSelector, Response, SchemaSelector, Severity, Source, Target,
    TargetedCondition,
};
use planewright::wire;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::protocol;
use support::world::{bucket_and_policy, observed_bucket, observed_policy, store_xr};

/// What of a name may be asked for: there, not there, and awkward.
const NAMES: [&str; 6] = ["a", "b", "ä.b/c", "", "status", "apiVersion"];

fn read(reader: Option<Box<dyn Reader + '_>>) -> Value {
    match reader.map(|mut reader| read_value(&mut *reader)) {
        None => json!("nothing"),
        Some(Ok(value)) => json!({"value": value}),
        Some(Err(error)) => json!({"error": error.to_string()}),
    }
}

fn show(details: Option<&ConnectionDetails>) -> Value {
    json!(
        details.map(|details| details
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<BTreeMap<_, _>>())
    )
}

/// All that a source tells.
fn everything(source: &dyn Source) -> Value {
    let places = |keys: Vec<&'static str>| keys.into_iter().map(Place::Composed).chain([Place::Composite]);
    let at = |place: Place<'_>| {
        json!({
            "observed": read(source.observed(place)),
            "connection": show(source.connection(place)),
            "desired": read(source.desired(place)),
            "ready": source.desired_ready(place).as_str(),
        })
    };
    let named = |name: &&str| {
        json!({
            "context": read(source.context(name)),
            "required": source.required(name).map(|found| found.into_iter().map(|one| read(Some(one))).collect::<Vec<_>>()),
            "schema": read(source.schema(name)),
            "credentials": show(source.credentials(name)),
            "capability": source.has_capability(name),
        })
    };
    json!({
        "places": places(NAMES.to_vec()).map(at).collect::<Vec<_>>(),
        "observed": source.observed_keys(),
        "desired": source.desired_keys(),
        "input": read(source.input()),
        "named": NAMES.iter().map(named).collect::<Vec<_>>(),
        "capability": source.has_capability("REQUIRED_SCHEMAS"),
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    const SAFE: i64 = 1 << 53;
    let number = prop_oneof![-SAFE..=SAFE, Just(SAFE), Just(-SAFE), -3..3_i64].prop_map(Value::from);
    let double = prop_oneof![any::<f64>(), Just(-0.5), Just(1e300)].prop_filter("finite", |double| double.is_finite());
    let text = prop_oneof![".{0,8}", "[a-z]{120,140}"].prop_map(Value::from);
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, double.prop_map(Value::from), text];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = vec(inner.clone(), 0..4).prop_map(Value::from);
        let object = btree_map(prop_oneof![name(), ".{0,4}"], inner, 0..4);
        prop_oneof![list, object.prop_map(|object| Value::Object(object.into_iter().collect()))]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    btree_map(name(), value(), 0..4).prop_map(|object| object.into_iter().collect())
}

fn details() -> impl Strategy<Value = ConnectionDetails> {
    btree_map(name(), vec(any::<u8>(), 0..4), 0..3).prop_map(|details| details.into_iter().collect())
}

fn ready() -> impl Strategy<Value = Ready> {
    prop::sample::select(&[Ready::Unspecified, Ready::True, Ready::False][..])
}

fn observed() -> impl Strategy<Value = Observed> {
    (object(), details()).prop_map(|(object, connection)| Observed { resource: object.into(), connection })
}

fn composed() -> impl Strategy<Value = Composed> {
    (object(), ready()).prop_map(|(object, ready)| Composed { resource: Value::Object(object).into(), ready })
}

fn desired() -> impl Strategy<Value = Desired> {
    (object(), ready(), details(), btree_map(name(), composed(), 0..4))
        .prop_map(|(status, ready, connection, composed)| Desired { status, ready, connection, composed })
}

fn request() -> impl Strategy<Value = Request> {
    let schema = prop_oneof![
        Just(Value::Null),
        object().prop_map(|object| if object.is_empty() { Value::Null } else { object.into() })
    ];
    let capabilities =
        btree_set(prop::sample::select(&["CAPABILITIES", "REQUIRED_SCHEMAS"][..]).prop_map(str::to_owned), 0..2);
    let state = (observed(), btree_map(name(), observed(), 0..4), desired());
    let besides = (
        prop::option::of(object().prop_map(Value::from)),
        object(),
        btree_map(name(), vec(object().prop_map(Value::from), 0..3), 0..3),
        btree_map(name(), schema, 0..3),
        btree_map(name(), details(), 0..3),
        capabilities,
    );
    (state, besides).prop_map(
        |((composite, observed, desired), (input, context, required, schemas, credentials, capabilities))| Request {
            composite,
            observed,
            desired,
            input,
            context,
            required,
            schemas,
            credentials,
            capabilities,
            wants_edges: false,
        },
    )
}

fn condition() -> impl Strategy<Value = TargetedCondition> {
    let status = prop::sample::select(&[ConditionStatus::True, ConditionStatus::False, ConditionStatus::Unknown][..]);
    (name(), status, name(), prop::option::of(name()), target()).prop_map(
        |(r#type, status, reason, message, target)| TargetedCondition { r#type, status, reason, message, target },
    )
}

fn target() -> impl Strategy<Value = Target> {
    prop::sample::select(&[Target::Composite, Target::CompositeAndClaim][..])
}

fn result() -> impl Strategy<Value = FunctionResult> {
    let severity = prop::sample::select(&[Severity::Fatal, Severity::Warning, Severity::Normal][..]);
    (severity, name(), prop::option::of(name()), target())
        .prop_map(|(severity, message, reason, target)| FunctionResult { severity, message, reason, target })
}

fn requirements() -> impl Strategy<Value = Requirements> {
    let matching = prop_oneof![
        Just(ResourceMatch::All),
        name().prop_map(ResourceMatch::Name),
        btree_map(name(), name(), 0..3).prop_map(ResourceMatch::Labels),
    ];
    let selector =
        (name(), name(), matching, prop::option::of(name())).prop_map(|(api_version, kind, matching, namespace)| {
            ResourceSelector { api_version, kind, matching, namespace }
        });
    let schema = (name(), name()).prop_map(|(api_version, kind)| SchemaSelector { api_version, kind });
    (btree_map(name(), selector, 0..3), btree_map(name(), schema, 0..3))
        .prop_map(|(resources, schemas)| Requirements { resources, schemas })
}

fn response() -> impl Strategy<Value = Response> {
    let desired = (
        prop::option::of(object()),
        prop::option::of(ready()),
        details(),
        btree_map(name(), composed(), 0..4),
        btree_map(name(), ready(), 0..3),
        btree_set(name(), 0..2),
    );
    let said = (vec(result(), 0..3), vec(condition(), 0..3), object(), requirements(), prop::option::of(object()));
    let ttl = prop::option::of((0_u64..100_000, 0_u32..1_000_000_000).prop_map(|(s, n)| Duration::new(s, n)));
    (desired, said, ttl).prop_map(|((status, composite_ready, connection, composed, ready, dropped), said, ttl)| {
        let (results, conditions, context, requirements, output) = said;
        let output = output.map(Value::from);
        // What is declared is not dropped: the two are one or the other, here as in a composition.
        let dropped = dropped.into_iter().filter(|key| !composed.contains_key(key)).collect();
        Response {
            status,
            composite_ready,
            connection,
            composed,
            ready,
            dropped,
            results,
            conditions,
            context,
            requirements,
            ttl,
            output,
            ..Response::default()
        }
    })
}

/// Numbers as every backing hands them out.
fn plain(value: &Value) -> Value {
    protocol::read_value(&protocol::value(value))
}

/// A desired state as [`protocol::read_state`] shows it, without what the composite resource is.
fn shown(desired: &Desired) -> Value {
    let text = |details: &ConnectionDetails| -> BTreeMap<String, String> {
        details.iter().map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned())).collect()
    };
    let number = |ready: Ready| match ready {
        Ready::Unspecified => 0,
        Ready::True => 1,
        Ready::False => 2,
    };
    let resources: BTreeMap<_, _> = desired
        .composed
        .iter()
        .map(|(key, one)| {
            (key, json!({"resource": plain(&one.resource), "connection": {}, "ready": number(one.ready)}))
        })
        .collect();
    let status = plain(&Value::Object(desired.status.clone()));
    json!({
        "status": status, "ready": number(desired.ready), "connection": text(&desired.connection), "resources": resources,
    })
}

/// The same of a `State` in bytes.
fn shown_bytes(state: &[u8]) -> Value {
    let mut state = protocol::read_state(state);
    let composite = state["composite"].take();
    let or = |value: &Value, default: Value| if value.is_null() { default } else { value.clone() };
    json!({
        "status": or(&composite["resource"]["status"], json!({})),
        "ready": or(&composite["ready"], json!(0)),
        "connection": or(&composite["connection"], json!({})),
        "resources": state["resources"],
    })
}

/// A function that says the same whatever it is asked.
struct Says(Response);

impl Function for Says {
    fn run(&self, _: Rc<dyn Source>) -> Response {
        self.0.clone()
    }
}

/// A function that says all that it sees.
struct Sees;

impl Function for Sees {
    fn run(&self, source: Rc<dyn Source>) -> Response {
        let message = everything(&*source).to_string();
        let result = FunctionResult { severity: Severity::Normal, message, reason: None, target: Target::Composite };
        Response { results: vec![result], ..Response::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// One meaning, two backings: whatever a function can ask, both answer the same.
    #[test]
    fn bytes_say_what_json_says(request in request()) {
        let bytes = protocol::request(&request);
        let wire = wire::Request::parse(bytes).unwrap();
        prop_assert_eq!(everything(&*wire.source()), everything(&request));
    }

    /// What a function changes of the desired state is the same as what a pipeline makes of its answer in JSON, and everything
    /// else that it says is there.
    #[test]
    fn answers_change_what_json_answers_change(request in request(), response in response()) {
        let bytes = wire::respond(&Says(response.clone()), &protocol::request(&request)).unwrap();

        let mut desired = request.desired.clone();
        desired.apply(&mut response.clone());
        let state = protocol::field(&bytes, 2);
        prop_assert_eq!(state.len(), 1);
        prop_assert_eq!(shown_bytes(state[0].bytes()), shown(&desired));

        let mut context = request.context.clone();
        context.append(&mut response.context.clone());
        let answered = protocol::field(&bytes, 4);
        let answered = answered.first().map(|context| Value::Object(protocol::read_struct(context.bytes())));
        prop_assert_eq!(answered.unwrap_or_else(|| json!({})), plain(&Value::Object(context)));

        let output = protocol::field(&bytes, 7);
        let output = output.first().map(|output| Value::Object(protocol::read_struct(output.bytes())));
        prop_assert_eq!(output, response.output.as_ref().map(plain));

        let meta = protocol::field(&bytes, 1);
        prop_assert_eq!(protocol::field(meta[0].bytes(), 1)[0].text(), "the-tag");
        let ttl = protocol::field(meta[0].bytes(), 2);
        let part = |number| protocol::field(ttl[0].bytes(), number).first().map_or(0, protocol::Payload::number);
        let ttl = Duration::new(part(1), part(2) as u32);
        prop_assert_eq!(ttl, response.ttl.unwrap_or(Duration::from_secs(60)));

        prop_assert_eq!(said(&bytes), expected_words(&response));
    }

    /// A composition on the real codec answers the same on both backings, down to the words.
    #[test]
    fn compositions_answer_the_same(
        bucket in prop::option::of(any::<prop::sample::Index>()),
        policy in prop::option::of(any::<prop::sample::Index>()),
        earlier in btree_map(name(), composed(), 0..3),
    ) {
        let mut request = Request::new(store_xr());
        let mut pick = |key: &str, index: Option<prop::sample::Index>, whole: Value| {
            let mut without = vec![whole.clone()];
            for path in ["/status", "/status/atProvider", "/status/atProvider/arn", "/spec/forProvider/policy", "/kind", "/metadata"] {
                let mut value = whole.clone();
                if let Some(place) = value.pointer_mut(path) {
                    *place = json!(7);
                    without.push(value);
                }
            }
            if let Some(index) = index {
                request.observed.insert(key.to_owned(), index.get(&without).clone().into());
            }
        };
        pick("bucket", bucket, observed_bucket());
        pick("policy", policy, observed_policy());
        request.desired.composed = earlier;
        let bytes = protocol::request(&request);
        let function = Composer::new(bucket_and_policy);

        let mut response = function.run(Rc::new(request.clone()));
        let answer = wire::respond(&function, &bytes).unwrap();
        prop_assert_eq!(said(&answer), expected_words(&response));
        let mut desired = request.desired.clone();
        desired.apply(&mut response);
        prop_assert_eq!(shown_bytes(protocol::field(&answer, 2)[0].bytes()), shown(&desired));
        prop_assert_eq!(&answer, &wire::respond(&function, &bytes).unwrap(), "the same request, the same bytes");
    }

    /// No bytes bring a request down, and what can be parsed can be read and answered.
    #[test]
    fn no_bytes_are_too_broken(bytes in vec(any::<u8>(), 0..200)) {
        let _ = wire::respond(&Sees, &bytes);
    }

    /// The same for requests that were whole once.
    #[test]
    fn no_damage_is_too_great(
        request in request(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = protocol::request(&request);
        for (index, byte) in damage {
            let place = index.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = wire::respond(&Sees, &bytes);
        bytes.truncate(cut.index(bytes.len() + 1));
        let _ = wire::respond(&Sees, &bytes);
    }
}

/// What an answer says besides its objects.
fn said(answer: &[u8]) -> Value {
    let texts = |message: &[u8]| -> Vec<(u64, String)> {
        let show = |payload: protocol::Payload| match payload {
            protocol::Payload::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            protocol::Payload::Number(number) => number.to_string(),
            protocol::Payload::Double(double) => double.to_string(),
        };
        protocol::fields(message).into_iter().map(|(number, payload)| (number, show(payload))).collect()
    };
    let list = |number| -> Vec<_> { protocol::field(answer, number).iter().map(|one| texts(one.bytes())).collect() };
    let requirements: Vec<u8> = protocol::field(answer, 5).first().map(|one| one.bytes().to_vec()).unwrap_or_default();
    let selectors = |number| -> BTreeMap<String, Value> {
        let selector = |message: Vec<u8>| {
            let text = |number| protocol::field(&message, number).first().map(protocol::Payload::text);
            let labels = protocol::field(&message, 4).first().map(|labels| {
                let labels = protocol::entries(labels.bytes(), 1).into_iter();
                labels.map(|(key, value)| (key, String::from_utf8(value).unwrap())).collect::<BTreeMap<_, _>>()
            });
            json!([text(1).unwrap_or_default(), text(2).unwrap_or_default(), text(3), labels, text(5)])
        };
        protocol::entries(&requirements, number).into_iter().map(|(key, message)| (key, selector(message))).collect()
    };
    json!({"results": list(3), "conditions": list(6), "resources": selectors(2), "schemas": selectors(3)})
}

/// The same of an answer in JSON. Proto3 leaves out what is empty, unless the protocol calls it optional.
fn expected_words(response: &Response) -> Value {
    let target = |target: Target| if target == Target::Composite { "1" } else { "2" }.to_owned();
    let full = |number: u64, text: &str| (!text.is_empty()).then(|| (number, text.to_owned()));
    let optional = |number: u64, text: &Option<String>| text.clone().map(|text| (number, text));
    let results = response.results.iter().map(|result| {
        let severity = match result.severity {
            Severity::Fatal => "1",
            Severity::Warning => "2",
            Severity::Normal => "3",
        };
        let target = Some((4, target(result.target)));
        let all = [Some((1, severity.to_owned())), full(2, &result.message), optional(3, &result.reason), target];
        all.into_iter().flatten().collect::<Vec<_>>()
    });
    let conditions = response.conditions.iter().map(|condition| {
        let status = match condition.status {
            ConditionStatus::True => "2",
            ConditionStatus::False => "3",
            ConditionStatus::Unknown | ConditionStatus::Other(_) => "1",
        };
        let all = [
            full(1, &condition.r#type),
            Some((2, status.to_owned())),
            full(3, &condition.reason),
            optional(4, &condition.message),
            Some((5, target(condition.target))),
        ];
        all.into_iter().flatten().collect::<Vec<_>>()
    });
    let resources = response.requirements.resources.iter().map(|(name, selector)| {
        let (by_name, labels) = match &selector.matching {
            ResourceMatch::All => (None, None),
            ResourceMatch::Name(name) => (Some(name), None),
            ResourceMatch::Labels(labels) => (None, Some(labels)),
        };
        (name, json!([selector.api_version, selector.kind, by_name, labels, selector.namespace]))
    });
    let schemas = response.requirements.schemas.iter();
    let schemas = schemas.map(|(name, schema)| (name, json!([schema.api_version, schema.kind, null, null, null])));
    json!({
        "results": results.collect::<Vec<_>>(),
        "conditions": conditions.collect::<Vec<_>>(),
        "resources": resources.collect::<BTreeMap<_, _>>(),
        "schemas": schemas.collect::<BTreeMap<_, _>>(),
    })
}
