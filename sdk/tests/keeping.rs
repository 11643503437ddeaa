//! Nothing is deleted by accident.

mod support;

use planewright::compose::{Cx, Result};
use planewright::state::{Composed, Ready, Severity};
use planewright::{field, path};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::world::*;
use support::{BucketPolicy, Store, bucket_policy};

/// The bucket without what its provider reported: it exists, and nothing is known of it.
fn bare_bucket() -> Value {
    let mut bucket = observed_bucket();
    bucket["status"] = json!({});
    bucket
}

#[test]
fn an_existing_resource_keeps_the_observed_value_of_a_field_that_is_unknown() {
    let response = run(with(&[("bucket", bare_bucket()), ("policy", observed_policy())]), bucket_and_policy);
    assert_eq!(keys(&response), ["bucket", "policy"]);
    insta::assert_snapshot!(said(&response), @"policy is kept as it is: spec.forProvider.policy waits for bucket: status.atProvider.arn");
    assert_eq!(response.composed["policy"].resource["spec"]["forProvider"]["policy"], "allow arn:bucket/blue-red");
}

#[test]
fn without_an_observed_value_the_step_ends() {
    let mut policy = observed_policy();
    policy["spec"] = json!({});
    let response = run(with(&[("bucket", bare_bucket()), ("policy", policy)]), bucket_and_policy);
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "policy": it exists, spec.forProvider.policy waits for bucket: status.atProvider.arn, and it has no observed value to keep. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("policy")"#);
}

#[test]
fn a_field_inside_a_list_is_never_guessed() {
    let mut policy = observed_policy();
    policy["spec"]["forProvider"]["statement"] = json!([{"resource": "arn:bucket/blue-red"}]);
    let response = run(with(&[("bucket", bare_bucket()), ("policy", policy)]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.statement[0].resource), bucket.read(path!(status.at_provider.arn)));
        policy.compose();
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "policy": it exists, spec.forProvider.statement[0].resource waits for bucket: status.atProvider.arn, and a field inside a list cannot keep its observed value. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("policy")"#);
}

#[test]
fn an_object_that_is_set_as_a_whole_waits_for_nothing_that_was_set_in_it() {
    let response = run(with(&[("bucket", bare_bucket()), ("policy", observed_policy())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.policy), bucket.read(path!(status.at_provider.arn)));
        let whole = bucket_policy::ForProvider { policy: Some("deny".to_owned()), ..Default::default() };
        policy.set(field!(spec.for_provider), whole);
        policy.compose();
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(response.composed["policy"].resource["spec"], json!({"forProvider": {"policy": "deny"}}));
}

#[test]
fn the_composition_may_choose_otherwise() {
    let compose = |fatal: bool| {
        move |cx: &mut Cx<Store>| -> Result<()> {
            let bucket = cx.resource("bucket", bucket_in("eu"));
            let arn = bucket.read(path!(status.at_provider.arn));
            let mut policy = cx.draft::<BucketPolicy>("policy");
            policy.set(field!(spec.for_provider.region), "eu");
            policy.set(field!(spec.for_provider.policy), if fatal { arn.or_fatal() } else { arn.or_omit() });
            policy.compose();
            Ok(())
        }
    };
    let existing = || with(&[("bucket", bare_bucket()), ("policy", observed_policy())]);
    insta::assert_snapshot!(said(&run(existing(), compose(true))), @r#"Fatal: composed resource "policy": it exists, spec.forProvider.policy waits for bucket: status.atProvider.arn, and the composition says that it must be known. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("policy")"#);
    insta::assert_snapshot!(said(&run(with(&[]), compose(true))), @"policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn");
    for request in [existing(), with(&[])] {
        let response = run(request, compose(false));
        assert_eq!(said(&response), "");
        assert_eq!(response.composed["policy"].resource["spec"], json!({"forProvider": {"region": "eu"}}));
    }
}

#[test]
fn what_is_set_later_is_known() {
    let response = run(with(&[]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.policy), bucket.read(path!(status.at_provider.arn)));
        policy.set(field!(spec.for_provider.policy), "allow nothing");
        policy.compose();
        Ok(())
    });
    assert_eq!(keys(&response), ["bucket", "policy"]);
}

#[test]
fn a_field_of_an_object_that_is_unknown_is_what_it_is_set_to_later() {
    let compose = |cx: &mut Cx<Store>| -> Result<()> {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let whole = bucket.read(path!(status.at_provider.arn));
        let whole = whole.map(|arn| bucket_policy::ForProvider { policy: Some(arn), ..Default::default() });
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.policy), "forgotten: the whole object is set later");
        policy.set(field!(spec.for_provider), whole);
        policy.set(field!(spec.for_provider.region), "us");
        policy.compose();
        Ok(())
    };
    let response = run(with(&[("bucket", bare_bucket()), ("policy", observed_policy())]), compose);
    insta::assert_snapshot!(said(&response), @"policy is kept as it is: spec.forProvider waits for bucket: status.atProvider.arn");
    insta::assert_json_snapshot!(response.composed["policy"].resource["spec"]["forProvider"], @r#"
    {
      "bucketRef": {
        "name": "blue-1f"
      },
      "region": "us",
      "policy": "allow arn:bucket/blue-red"
    }
    "#);
    let response = run(with(&[("bucket", observed_bucket())]), compose);
    assert_eq!(
        response.composed["policy"].resource["spec"]["forProvider"],
        json!({"policy": "arn:bucket/blue-red", "region": "us"})
    );
}

#[test]
fn an_item_of_a_list_that_is_unknown_does_not_stand_for_the_list() {
    let mut policy = observed_policy();
    policy["spec"]["forProvider"]["statement"] = json!([{"resource": "a"}, {"resource": "b"}]);
    let response = run(with(&[("bucket", bare_bucket()), ("policy", policy)]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let list = bucket.read(path!(status.at_provider.arn));
        let list = list.map(|arn| vec![bucket_policy::Statement { resource: Some(arn) }]);
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.statement), list);
        policy.set(field!(spec.for_provider.statement[0].resource), "c");
        policy.compose();
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "policy": it exists, spec.forProvider.statement[0].resource waits for bucket: status.atProvider.arn, and a field inside a list cannot keep its observed value. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("policy")"#);
}

#[test]
fn a_known_value_gives_way_to_one_that_is_left_out() {
    let response = run(with(&[("bucket", bare_bucket()), ("policy", observed_policy())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.region), "eu");
        policy.set(field!(spec.for_provider.policy), "deny");
        policy.set(field!(spec.for_provider.policy), bucket.read(path!(status.at_provider.arn)).or_omit());
        policy.compose();
        let mut bare = cx.draft::<BucketPolicy>("bare");
        bare.set(field!(spec.for_provider.policy), bucket.read(path!(status.at_provider.arn)).or_omit());
        bare.compose();
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(response.composed["policy"].resource["spec"], json!({"forProvider": {"region": "eu"}}));
    assert_eq!(response.composed["bare"].resource.get("spec"), None, "nothing is made around what is left out");
}

#[test]
fn a_resource_that_an_earlier_step_desires_is_not_held_back() {
    let mut request = with(&[]);
    let resource = json!({
        "apiVersion": "storage.example.org/v1", "kind": "BucketPolicy", "spec": {"forProvider": {"policy": "deny"}},
    });
    let ready = Ready::Unspecified;
    request.desired.composed.insert("policy".to_owned(), Composed { resource: resource.into(), ready });
    let response = run(request, |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.region), "eu");
        policy.set(field!(spec.for_provider.policy), bucket.read(path!(status.at_provider.arn)));
        policy.compose();
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @"policy is kept as it is: spec.forProvider.policy waits for bucket: status.atProvider.arn");
    assert_eq!(
        response.composed["policy"].resource["spec"],
        json!({"forProvider": {"policy": "deny", "region": "eu"}})
    );
}

#[test]
fn an_existing_resource_that_is_not_declared_ends_the_step() {
    let response = run(with(&[("bucket", observed_bucket()), ("old", observed_bucket())]), |cx| {
        cx.resource("bucket", bucket_in("eu"));
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "old" exists, and this run does not declare it: Crossplane would delete it. If it is to be deleted, say so with cx.drop_resource("old") or cx.drop_matching(..); if a later step composes it, with cx.leave_resource("old"); otherwise declare it in every run, whatever is known so far"#);
}

#[test]
fn a_resource_goes_when_the_composition_says_so() {
    let observed =
        || with(&[("bucket-a", observed_bucket()), ("bucket-b", observed_bucket()), ("x", observed_bucket())]);
    let response = run(observed(), |cx| {
        cx.resource("bucket-a", bucket_in("eu"));
        cx.drop_matching(|key| key.starts_with("bucket-"));
        cx.drop_resource("x").drop_resource("never-there");
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(keys(&response), ["bucket-a"], "what matches and is declared stays");
    let response = run(observed(), |cx| {
        cx.resource("bucket-a", bucket_in("eu"));
        cx.leave_matching(|key| key.starts_with("bucket-"));
        cx.leave_resource("x");
        Ok(())
    });
    assert_eq!(said(&response), "");
}

#[test]
fn what_an_earlier_step_desires_needs_no_word() {
    let mut request = with(&[("bucket", observed_bucket())]);
    request.desired.composed.insert(
        "bucket".to_owned(),
        Composed {
            resource: json!({"apiVersion": "storage.example.org/v1", "kind": "Bucket"}).into(),
            ready: Ready::Unspecified,
        },
    );
    let response = run(request.clone(), |_| Ok(()));
    assert_eq!(said(&response), "");
    // Dropping takes it out of the earlier step's intent too.
    let mut response = run(request.clone(), |cx| {
        cx.drop_resource("bucket");
        Ok(())
    });
    request.desired.apply(&mut response);
    assert!(request.desired.composed.is_empty());
}

/// A composition with everything that may wait: chained reads, optional resources, one resource for each team.
fn store(cx: &mut Cx<Store>) -> Result<()> {
    bucket_and_policy(cx)?;
    let xr = cx.xr();
    let policy = cx.handle::<BucketPolicy>("policy");
    for team in &xr.spec.teams {
        let mut chained = cx.draft::<BucketPolicy>(format!("team-{team}"));
        chained.set(field!(spec.for_provider.region), &xr.spec.region);
        chained.set(field!(spec.for_provider.policy), policy.name());
        chained.compose();
    }
    if let Some(name) = policy.name().known() {
        cx.resource("only-when-known", json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"policy": name}}));
    }
    Ok(())
}

/// All that exists once everything is there.
fn whole() -> Vec<(&'static str, Value)> {
    let mut team = observed_policy();
    team["spec"]["forProvider"]["policy"] = json!("blue-2f");
    vec![
        ("bucket", observed_bucket()),
        ("policy", observed_policy()),
        ("team-red", team),
        ("only-when-known", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {}})),
    ]
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{}", key.replace('/', "~1")), out));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.shift_remove(&last.replace("~1", "/"));
        }
        Some(Value::Array(items)) => {
            if let Ok(index) =
                last.parse::<usize>().map_err(drop).and_then(|index| items.get(index).map(|_| index).ok_or(()))
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}

proptest! {
    /// Whatever part of the observed state is hidden, a resource that is still observed stays desired, or the step ends
    /// with a fatal result, at which Crossplane deletes nothing.
    #[test]
    fn hiding_observed_state_never_removes_what_exists(hidden in prop::collection::vec((0_usize..4, any::<prop::sample::Index>()), 0..6)) {
        let mut world = whole();
        for (which, place) in hidden {
            let mut pointers = Vec::new();
            places(&world[which].1, "", &mut pointers);
            let pointer = place.get(&pointers).clone();
            if pointer.is_empty() {
                world[which].1 = Value::Null;
            } else {
                remove(&mut world[which].1, &pointer);
            }
        }
        world.retain(|(_, object)| !object.is_null());
        let response = run(with(&world), store);
        let fatal = response.results.iter().any(|result| result.severity == Severity::Fatal);
        for (key, _) in &world {
            prop_assert!(fatal || response.composed.contains_key(*key), "{key} vanished:\n{}", said(&response));
        }
    }
}

#[test]
fn the_whole_world_is_desired_as_it_is() {
    let response = run(with(&whole()), store);
    assert_eq!(said(&response), "");
    assert_eq!(keys(&response), ["bucket", "only-when-known", "policy", "team-red"]);
}

/// A policy that takes nothing of the bucket, and comes after it.
fn policy_after_a_full_bucket(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = cx.resource("bucket", bucket_in("eu"));
    let full = bucket.read_when(path!(status.at_provider.size), |size| size.as_f64() >= 7.0);
    cx.resource("policy", BucketPolicy::default()).after(full);
    Ok(())
}

/// The bucket with a size.
fn bucket_of_size(size: i64) -> Value {
    let mut bucket = observed_bucket();
    bucket["status"]["atProvider"]["size"] = size.into();
    bucket
}

#[test]
fn what_comes_after_another_is_created_once_that_has_come_so_far() {
    let waits = "policy is held back: its creation waits for bucket: status.atProvider.size\n";
    for observed in [&[][..], &[("bucket", bare_bucket())], &[("bucket", bucket_of_size(6))]] {
        let response = run(with(observed), policy_after_a_full_bucket);
        assert_eq!((keys(&response), said(&response)), (vec!["bucket"], waits.to_owned()));
    }
    let mut request = with(&[("bucket", bucket_of_size(7))]);
    request.wants_edges = true;
    let response = run(request, policy_after_a_full_bucket);
    assert_eq!((keys(&response), said(&response)), (vec!["bucket", "policy"], String::new()));
    let edges: Vec<String> = response.edges.iter().map(ToString::to_string).collect();
    assert_eq!(edges, ["policy: its creation from bucket: status.atProvider.size"]);
}

#[test]
fn conditions_are_known_once_they_hold() {
    let with_conditions = |conditions: Value| {
        let mut bucket = observed_bucket();
        bucket["status"]["conditions"] = conditions;
        let response = run(with(&[("bucket", bucket)]), |cx| {
            let bucket = cx.resource("bucket", bucket_in("eu"));
            let ready = bucket.when(|conditions| conditions.iter().any(|condition| condition.is_true("Ready")));
            cx.resource("policy", BucketPolicy::default()).after(ready);
            Ok(())
        });
        said(&response)
    };
    let waits = "policy is held back: its creation waits for bucket: status.conditions\n";
    assert_eq!(with_conditions(json!([])), waits);
    assert_eq!(with_conditions(json!([{"type": "Ready", "status": "False"}])), waits);
    assert_eq!(with_conditions(json!([{"type": "Ready", "status": "True"}])), "");
    insta::assert_snapshot!(with_conditions(json!("ready")), @r#"
    Fatal: observed composed resource "bucket": status.conditions: expected a list, found a string; correct the controller that wrote it
    policy is held back: its creation waits for bucket: status.conditions
    "#);
}

#[test]
fn what_is_unset_is_not_waited_for() {
    let response = run(with(&[]), |cx| {
        cx.resource("policy", BucketPolicy::default()).after(planewright::compose::Lazy::<String>::unset());
        Ok(())
    });
    assert_eq!((keys(&response), said(&response)), (vec!["policy"], String::new()));
}

#[test]
fn what_came_after_another_stays_without_it() {
    for observed in [&[][..], &[("bucket", bucket_of_size(6))]] {
        let observed = [observed, &[("policy", observed_policy())]].concat();
        let mut request = with(&observed);
        let response = run(request.clone(), policy_after_a_full_bucket);
        assert_eq!((keys(&response), said(&response)), (vec!["bucket", "policy"], String::new()));
        // The same if it does not exist yet, and an earlier step desires it.
        let policy = request.observed.remove("policy").unwrap();
        request
            .desired
            .composed
            .insert("policy".to_owned(), Composed { resource: policy.resource.into(), ..Composed::default() });
        let response = run(request, policy_after_a_full_bucket);
        assert_eq!(keys(&response), ["bucket", "policy"]);
    }
}
