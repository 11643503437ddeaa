//! What Crossplane's specification of functions asks of every answer.

use std::collections::BTreeMap;
use std::time::Duration;

use planewright::compose::{Cx, OperationCx, Result, Version};
use planewright::platform::{Composition, Operation, Platform};
use planewright::state::{
    Composed, ConditionStatus, ConnectionDetails, Desired, Ready, Request, ResourceSelector, SchemaSelector, Severity,
    Target, TargetedCondition,
};
use serde_json::{Map, Value, json};

use crate::client::{RUN, RUN_BETA, Serving, logged, platform, run};
use crate::support::protocol::{self, entries, entry, field, read_struct};
use crate::support::world::{bucket_and_policy, bucket_in, observed_bucket, observed_policy, store_xr, with};
use crate::support::{Bucket, Store};

/// A test's own runtime.
macro_rules! served {
    ($platform:expr, |$client:ident| $test:expr) => {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let serving = Serving::insecure($platform).await;
            let $client = serving.client().await;
            $test;
            serving.end().await.unwrap();
        })
    };
}

/// A request with a tag and capabilities (numbers of the protocol), as Crossplane numbers its calls.
fn tagged(request: &Request, tag: &str) -> Vec<u8> {
    // Of messages that come twice, the fields are merged.
    [protocol::request(request), protocol::bytes(1, protocol::bytes(1, tag))].concat()
}

/// The desired state of an answer: composed resources by key.
fn desired(answer: &[u8]) -> BTreeMap<String, Value> {
    let state = field(answer, 2);
    let resources = state.iter().flat_map(|state| entries(state.bytes(), 2));
    resources.map(|(key, resource)| (key, Value::Object(read_struct(field(&resource, 1)[0].bytes())))).collect()
}

/// The desired composite resource of an answer.
fn composite(answer: &[u8]) -> Value {
    let state = field(answer, 2);
    let composite = state.iter().flat_map(|state| field(state.bytes(), 1)).next();
    composite.map_or(Value::Null, |composite| {
        field(composite.bytes(), 1).first().map_or(Value::Null, |object| Value::Object(read_struct(object.bytes())))
    })
}

/// The results of an answer: severity, message, reason, target.
fn results(answer: &[u8]) -> Vec<(u64, String, Option<String>, u64)> {
    let result = |result: &[u8]| {
        let text = |number| field(result, number).first().map(|payload| payload.text());
        let number = |number| field(result, number).first().map_or(0, |payload| payload.number());
        (number(1), text(2).unwrap_or_default(), text(3), number(4))
    };
    field(answer, 3).iter().map(|payload| result(payload.bytes())).collect()
}

fn fatal(answer: &[u8]) -> String {
    let fatal: Vec<String> =
        results(answer).into_iter().filter(|result| result.0 == 1).map(|(_, message, ..)| message).collect();
    assert_eq!(fatal.len(), 1, "{fatal:?}");
    fatal.into_iter().next().unwrap()
}

#[test]
fn the_tag_comes_back() {
    served!(platform(bucket_and_policy), |client| {
        for tag in ["", "a", "sha256:4f0c", &"long ".repeat(1000)] {
            let answer = client.call(tagged(&Request::new(store_xr()), tag)).await.unwrap();
            let echoed = field(field(&answer, 1)[0].bytes(), 1).first().map(|tag| tag.text()).unwrap_or_default();
            assert_eq!(echoed, tag);
        }
    });
}

#[test]
fn an_answer_is_good_for_a_minute_or_as_long_as_it_says() {
    let ttl = |answer: &[u8]| {
        let ttl = field(field(answer, 1)[0].bytes(), 2);
        let part = |number| field(ttl[0].bytes(), number).first().map_or(0, |part| part.number());
        (part(1), part(2))
    };
    served!(platform(bucket_and_policy), |client| {
        assert_eq!(ttl(&run(&client, &Request::new(store_xr())).await), (60, 0));
    });
    let hasty = |cx: &mut Cx<Store>| {
        cx.ttl(Duration::from_millis(1500));
        Ok(())
    };
    served!(platform(hasty), |client| {
        assert_eq!(ttl(&run(&client, &Request::new(store_xr())).await), (1, 500_000_000));
    });
}

#[test]
fn the_work_of_earlier_steps_goes_through_and_is_merged_into() {
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "1"}, "future": [null, 1.5]});
    let bucket = json!({
        "apiVersion": "storage.example.org/v1", "kind": "Bucket",
        "metadata": {"labels": {"theirs": "yes"}}, "spec": {"forProvider": {"tags": {"by": "them"}}},
    });
    let composed = |resource: &Value| Composed { resource: resource.clone().into(), ready: Ready::True };
    let mut request = Request::new(store_xr());
    request.desired = Desired {
        status: json!({"theirs": 1}).as_object().unwrap().clone(),
        composed: [("theirs".to_owned(), composed(&theirs)), ("bucket".to_owned(), composed(&bucket))].into(),
        ..Desired::default()
    };
    request.context = json!({"their/context": {"deep": [1, "2", null]}}).as_object().unwrap().clone();
    let compose = |cx: &mut Cx<Store>| {
        cx.resource("bucket", bucket_in("eu"));
        cx.set_context("ours", 7)?;
        Ok(())
    };
    served!(platform(compose), |client| {
        let answer = run(&client, &request).await;
        let desired = desired(&answer);
        assert_eq!(desired["theirs"], theirs);
        assert_eq!(desired["bucket"]["metadata"]["labels"], json!({"theirs": "yes"}));
        assert_eq!(desired["bucket"]["spec"]["forProvider"], json!({"tags": {"by": "them"}, "region": "eu"}));
        assert_eq!(composite(&answer)["status"], json!({"theirs": 1}));
        let context = read_struct(field(&answer, 4)[0].bytes());
        assert_eq!(Value::Object(context), json!({"their/context": {"deep": [1, "2", null]}, "ours": 7}));
    });
}

#[test]
fn fields_that_nobody_here_knows_go_through() {
    // A field 900 in an earlier step's resource, as a later Crossplane may send it.
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap"});
    let theirs = [protocol::bytes(1, protocol::object(&object)), protocol::bytes(900, "from the future")].concat();
    let request = [
        protocol::request(&Request::new(store_xr())),
        protocol::bytes(3, entry(2, "theirs", theirs)),
        protocol::bytes(901, "from the future"),
    ];
    served!(platform(bucket_and_policy), |client| {
        let answer = client.call(request.concat()).await.unwrap();
        let resources = entries(field(&answer, 2)[0].bytes(), 2);
        assert_eq!(field(&resources["theirs"], 900)[0].text(), "from the future");
    });
}

#[test]
fn requirements_are_the_same_at_every_call() {
    let compose = |cx: &mut Cx<Store>| {
        let buckets =
            cx.require_any("buckets", ResourceSelector::labelled::<Bucket>([("team", "red")]).in_namespace("shop"));
        cx.require_any("named", ResourceSelector::named::<Bucket>("b"));
        if cx.has_capability("REQUIRED_SCHEMAS") {
            cx.require_schema("schema", SchemaSelector::of::<Bucket>());
        }
        // A function sees what was found, and asks on.
        cx.set_context("found", buckets.all::<Bucket>().map_or(0, |found| found.len()))?;
        Ok(())
    };
    served!(platform(compose), |client| {
        let mut request = Request::new(store_xr());
        let first = run(&client, &request).await;
        request.required.insert("buckets".to_owned(), vec![observed_bucket()]);
        request.required.insert("named".to_owned(), Vec::new());
        let second = run(&client, &request).await;
        assert_eq!(field(&first, 5)[0].bytes(), field(&second, 5)[0].bytes());
        assert_eq!(read_struct(field(&second, 4)[0].bytes())["found"], 1);
        let asked = entries(field(&first, 5)[0].bytes(), 2);
        assert_eq!(asked.keys().collect::<Vec<_>>(), ["buckets", "named"]);
        assert_eq!(field(&asked["buckets"], 2)[0].text(), "Bucket");
        assert_eq!(entries(field(&asked["buckets"], 4)[0].bytes(), 1)["team"], b"red");
        assert_eq!(field(&asked["buckets"], 5)[0].text(), "shop");
        assert_eq!(field(&asked["named"], 3)[0].text(), "b");
        // Crossplane that does not say that it can is not asked for schemas.
        assert!(entries(field(&first, 5)[0].bytes(), 3).is_empty());
        request.capabilities.insert("REQUIRED_SCHEMAS".to_owned());
        let able = run(&client, &request).await;
        assert_eq!(entries(field(&able, 5)[0].bytes(), 3).keys().collect::<Vec<_>>(), ["schema"]);
    });
}

#[test]
fn results_and_conditions_arrive_with_reason_and_target() {
    let compose = |cx: &mut Cx<Store>| {
        cx.normal("made");
        cx.result(Severity::Warning, "old".to_owned(), Some("Deprecated".to_owned()), Target::CompositeAndClaim);
        cx.condition("BucketReady", ConditionStatus::False, "Creating", "two to go".to_owned());
        cx.targeted_condition(TargetedCondition {
            r#type: "Paid".to_owned(),
            status: ConditionStatus::True,
            reason: "Invoiced".to_owned(),
            message: None,
            target: Target::CompositeAndClaim,
        });
        Ok(())
    };
    served!(platform(compose), |client| {
        let answer = run(&client, &Request::new(store_xr())).await;
        let expected = [(3, "made".to_owned(), None, 1), (2, "old".to_owned(), Some("Deprecated".to_owned()), 2)];
        assert_eq!(results(&answer), expected);
        let conditions: Vec<_> = field(&answer, 6)
            .iter()
            .map(|condition| {
                let condition = condition.bytes();
                let text = |number| field(condition, number).first().map(|payload| payload.text());
                let number = |number| field(condition, number).first().map_or(0, |payload| payload.number());
                (text(1).unwrap(), number(2), text(3).unwrap(), text(4), number(5))
            })
            .collect();
        let expected = [
            ("BucketReady".to_owned(), 3, "Creating".to_owned(), Some("two to go".to_owned()), 1),
            ("Paid".to_owned(), 2, "Invoiced".to_owned(), None, 2),
        ];
        assert_eq!(conditions, expected);
    });
}

#[test]
fn readiness_is_said_of_each_resource() {
    let compose = |cx: &mut Cx<Store>| {
        cx.resource("one", bucket_in("eu"));
        cx.resource("two", bucket_in("eu"));
        cx.ready("one", true).ready("two", false).composite_ready(false);
        Ok(())
    };
    served!(platform(compose), |client| {
        let answer = run(&client, &Request::new(store_xr())).await;
        let state = field(&answer, 2);
        let resources = entries(state[0].bytes(), 2);
        assert_eq!(field(&resources["one"], 3)[0].number(), 1);
        assert_eq!(field(&resources["two"], 3)[0].number(), 2);
        assert_eq!(field(field(state[0].bytes(), 1)[0].bytes(), 3)[0].number(), 2);
    });
}

#[test]
fn only_the_status_of_the_composite_resource_and_never_that_of_composed_ones_is_set() {
    served!(platform(bucket_and_policy), |client| {
        let request = with(&[("bucket", observed_bucket()), ("policy", observed_policy())]);
        let answer = run(&client, &request).await;
        let composite = composite(&answer);
        let mut parts: Vec<&String> = composite.as_object().unwrap().keys().collect();
        parts.retain(|part| !["apiVersion", "kind"].contains(&part.as_str()));
        assert_eq!(parts, ["status"]);
        assert_eq!(composite["status"]["arn"], "arn:bucket/blue-red");
        let desired = desired(&answer);
        assert_eq!(desired.len(), 2);
        for (key, resource) in &desired {
            assert!(resource.get("status").is_none(), "{key}");
        }
    });
    let presumptuous = |cx: &mut Cx<Store>| {
        let observed: Map<String, Value> = observed_bucket().as_object().unwrap().clone();
        cx.resource("bucket", Value::Object(observed));
        Ok(())
    };
    served!(platform(presumptuous), |client| {
        let answer = run(&client, &Request::new(store_xr())).await;
        assert!(fatal(&answer).contains("its status is set"), "{}", fatal(&answer));
        assert!(desired(&answer).is_empty());
    });
}

#[test]
fn integers_survive_or_are_refused() {
    let compose = |cx: &mut Cx<Store>| {
        cx.set_context("largest", 9_007_199_254_740_992_i64)?;
        cx.set_context("smallest", -9_007_199_254_740_992_i64)?;
        let size: Option<Value> = cx.context("size")?;
        cx.set_context("same", size)?;
        Ok(())
    };
    served!(platform(compose), |client| {
        let mut request = Request::new(store_xr());
        request.context.insert("size".to_owned(), json!([9_007_199_254_740_991_i64, 0.5]));
        let context = read_struct(field(&run(&client, &request).await, 4)[0].bytes());
        assert_eq!(context["largest"].as_f64(), Some(9_007_199_254_740_992.0));
        assert_eq!(context["smallest"].as_f64(), Some(-9_007_199_254_740_992.0));
        assert_eq!(context["same"][0].as_f64(), Some(9_007_199_254_740_991.0));
        assert_eq!(context["same"][1].as_f64(), Some(0.5));
    });
    let careless = |cx: &mut Cx<Store>| cx.set_context("beyond", 9_007_199_254_740_993_i64).map(drop);
    served!(platform(careless), |client| {
        let said = fatal(&run(&client, &Request::new(store_xr())).await);
        assert!(said.contains("9007199254740993"), "{said}");
    });
}

#[test]
fn the_same_request_has_the_same_answer() {
    served!(platform(bucket_and_policy), |client| {
        let request = protocol::request(&with(&[("bucket", observed_bucket()), ("policy", observed_policy())]));
        let first = client.call_at(RUN, request.clone()).await.unwrap();
        assert_eq!(client.call_at(RUN, request.clone()).await.unwrap(), first);
        // Both versions of the protocol are the same on the wire.
        assert_eq!(client.call_at(RUN_BETA, request).await.unwrap(), first);
    });
}

#[test]
fn credentials_are_read_and_never_logged() {
    let compose = |cx: &mut Cx<Store>| {
        let read = cx.credentials("cloud").and_then(|cloud| cloud.get("password")).map(<[u8]>::len);
        cx.set_context("length", read)?;
        cx.resource("bucket", bucket_in("sesame-region"));
        Ok(())
    };
    let log = logged(|_| async move {
        let serving = Serving::insecure(platform(compose)).await;
        let client = serving.client().await;
        let mut request = with(&[("bucket", observed_bucket())]);
        let details = |value: &str| ConnectionDetails::from_iter([("password".to_owned(), value.into())]);
        request.credentials.insert("cloud".to_owned(), details("sesame-credential"));
        request.observed.get_mut("bucket").unwrap().connection = details("sesame-connection");
        request.input = Some(json!({"token": "sesame-input"}));
        request.context.insert("secret".to_owned(), json!("sesame-context"));
        let answer = run(&client, &request).await;
        assert_eq!(read_struct(field(&answer, 4)[0].bytes())["length"], 17);
        // Broken requests are not quoted either.
        let mut broken = protocol::request(&request);
        broken.truncate(broken.len() - 3);
        client.call(broken).await.unwrap_err();
        serving.end().await.unwrap();
    });
    assert!(log.contains("\"answered\"") && log.contains("refused a request"), "{log}");
    assert!(!log.contains("sesame"), "{log}");
}

#[test]
fn every_request_is_one_entry_of_the_log() {
    logged(|log| async move {
        let serving = Serving::insecure(platform(bucket_and_policy)).await;
        let client = serving.client().await;
        client.call(tagged(&Request::new(store_xr()), "t-1")).await.unwrap();
        let [entry] = log.entries("answered").try_into().unwrap();
        let about =
            ["tag", "step", "api_version", "kind", "namespace", "composite"].map(|name| entry["span"][name].clone());
        assert_eq!(about, ["t-1", "store", "storage.example.org/v1", "Store", "shop", "blue"]);
        assert_eq!([&entry["resources"], &entry["waiting"], &entry["warnings"]], [1, 2, 0]);
        assert!(entry["seconds"].as_f64().unwrap() > 0.0);
        serving.end().await.unwrap();
    });
}

#[test]
fn an_unknown_kind_is_told_which_kinds_there_are() {
    served!(platform(bucket_and_policy), |client| {
        let mut xr = store_xr();
        xr["kind"] = json!("Shop");
        let answer = run(&client, &Request::new(xr)).await;
        insta::assert_snapshot!(fatal(&answer), @"nothing here composes Shop (storage.example.org/v1); this platform composes Store (storage.example.org/v1)");
        let answer = client.call(protocol::bytes(1, protocol::bytes(1, "t"))).await.unwrap();
        insta::assert_snapshot!(fatal(&answer), @"the request names no composite resource with apiVersion and kind, and this platform has no operations; call it from a composition pipeline");
    });
}

#[test]
fn the_input_chooses_among_compositions_of_a_kind() {
    let says = |message: &'static str| {
        move |cx: &mut Cx<Store>| {
            cx.normal(message);
            Ok(())
        }
    };
    let platform = Platform::new("platform", "1.2.3")
        .composition(Composition::new("v1::store", says("one")))
        .composition(Composition::new("v2::store_v2", says("two")));
    served!(platform, |client| {
        let mut request = Request::new(store_xr());
        insta::assert_snapshot!(fatal(&run(&client, &request).await), @"several compositions here compose Store (storage.example.org/v1): store, store_v2; name one of them, in a pipeline as `composition` in the step's input");
        for (name, said) in [("store", "one"), ("store_v2", "two")] {
            request.input = Some(json!({"apiVersion": "example.org/v1", "kind": "Input", "composition": name}));
            assert_eq!(results(&run(&client, &request).await)[0].1, said);
        }
        request.input = Some(json!({"composition": "store_v3"}));
        insta::assert_snapshot!(fatal(&run(&client, &request).await), @r#"no composition "store_v3" here composes Store (storage.example.org/v1); those that do are store, store_v2"#);
    });
}

#[test]
fn a_composition_knows_the_version_of_its_revision_and_a_newer_one_is_logged() {
    let compose = |cx: &mut Cx<Store>| {
        let version = cx.composition_version();
        cx.normal(version.as_ref().map_or("none".to_owned(), ToString::to_string));
        let is_old = version.is_some_and(|version| version < Version::new(1, 2, 0));
        cx.resource("bucket", bucket_in(if is_old { "old" } else { "new" }));
        Ok(())
    };
    let log = logged(|_| async move {
        // Its own version is 1.2.3.
        let serving = Serving::insecure(platform(compose)).await;
        let client = serving.client().await;
        let cases = [
            (json!("v1.1.9"), "1.1.9", "old"),
            (json!("v1.2.3"), "1.2.3", "new"),
            (json!("1.3.0"), "1.3.0", "new"),
            (json!("next"), "none", "new"),
            (json!(["v1"]), "none", "new"),
            (Value::Null, "none", "new"),
        ];
        for (version, said, region) in cases {
            let mut request = Request::new(store_xr());
            request.input = Some(json!({"compositionVersion": version}));
            let answer = run(&client, &request).await;
            assert_eq!(results(&answer)[0].1, said);
            assert_eq!(desired(&answer)["bucket"]["spec"]["forProvider"]["region"], region, "{said}");
        }
        serving.end().await.unwrap();
    });
    let entries: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let warnings = entries.iter().filter(|entry| entry["level"] == "WARN");
    let shown: Vec<String> =
        warnings.map(|entry| format!("{}: {}", entry["span"]["composition_version"], entry["message"])).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    "1.3.0": "the Composition is newer than this program; unless an upgrade is under way, install the Function package of the Composition's version"
    null: "what the step's input says as `compositionVersion` is no version, and counts as not said; install the Composition that the platform emits"
    null: "what the step's input says as `compositionVersion` is no version, and counts as not said; install the Composition that the platform emits"
    "#);
    let answered = entries.iter().filter(|entry| entry["message"] == "answered");
    let versions: Vec<&Value> = answered.map(|entry| &entry["span"]["composition_version"]).collect();
    assert_eq!(versions, [&json!("1.1.9"), &json!("1.2.3"), &json!("1.3.0"), &Value::Null, &Value::Null, &Value::Null]);
}

/// Tags the bucket whose change started it.
fn tag(op: &mut OperationCx) -> Result<()> {
    let Some(bucket) = op.watched().first::<Bucket>() else {
        op.warning("nothing is watched");
        return Ok(());
    };
    let name = bucket.metadata.and_then(|metadata| metadata.name).unwrap_or_default();
    op.resource(
        "bucket",
        json!({
            "apiVersion": "storage.example.org/v1", "kind": "Bucket",
            "metadata": {"name": name, "namespace": "shop", "labels": {"seen": "yes"}},
        }),
    );
    op.output(json!({"tagged": name}))
}

#[test]
fn an_operation_sees_what_it_watches_and_leaves_its_output() {
    let platform = platform(bucket_and_policy).operation(Operation::new("tags::tag", tag));
    served!(platform, |client| {
        let mut request = Request::new(json!({}));
        request.required.insert("ops.crossplane.io/watched-resource".to_owned(), vec![observed_bucket()]);
        let answer = run(&client, &request).await;
        assert_eq!(desired(&answer)["bucket"]["metadata"]["name"], "blue-1f");
        assert_eq!(Value::Object(read_struct(field(&answer, 7)[0].bytes())), json!({"tagged": "blue-1f"}));
        assert_eq!(results(&answer), []);
        // The same program goes on composing.
        assert_eq!(desired(&run(&client, &Request::new(store_xr())).await).len(), 1);
    });
    let nameless = |op: &mut OperationCx| {
        op.resource("bucket", bucket_in("eu"));
        Ok(())
    };
    let platform = Platform::new("platform", "1.2.3")
        .operation(Operation::new("one", nameless))
        .operation(Operation::new("two", tag));
    served!(platform, |client| {
        let mut request = Request::new(json!({}));
        insta::assert_snapshot!(fatal(&run(&client, &request).await), @"this platform has several operations: one, two; name one of them as `operation` in the step's input");
        request.input = Some(json!({"operation": "one"}));
        insta::assert_snapshot!(fatal(&run(&client, &request).await), @r#"resource "bucket": it has no metadata.name; an Operation applies objects by their names: set it"#);
        request.input = Some(json!({"operation": "three"}));
        insta::assert_snapshot!(fatal(&run(&client, &request).await), @r#"there is no operation "three" here; there are one, two"#);
    });
}
