//! External names, connection secrets, required resources, the environment, mapped conditions.

mod support;

use planewright::compose::{Composer, Cx, ENVIRONMENT, Result, Wanted};
use planewright::resource::Kind as _;
use planewright::shapes::{ConditionStatus, EnvironmentConfig};
use planewright::state::{ConnectionDetails, Function as _, Ready, Request, Target};
use planewright::{field, path};
use serde_json::{Value, json};
use support::world::*;
use support::{Bucket, BucketPolicy, Fleet, Store};

#[test]
fn an_external_name_is_known_once_the_provider_has_written_it() {
    let mut bare = observed_bucket();
    bare["metadata"]["annotations"]["crossplane.io/external-name"] = json!("");
    for (observed, expected) in [
        (vec![], "Pending(bucket: metadata.annotations[\"crossplane.io/external-name\"])"),
        (vec![("bucket", bare)], "Pending(bucket: metadata.annotations[\"crossplane.io/external-name\"])"),
        (vec![("bucket", observed_bucket())], "Known(_)"),
    ] {
        run(with(&observed), |cx| {
            let bucket = cx.resource("bucket", bucket_in("eu"));
            assert_eq!(format!("{:?}", bucket.external_name()), expected);
            Ok(())
        });
    }
}

#[test]
fn an_external_name_can_be_given_and_is_kept_while_it_is_unknown() {
    let compose = |cx: &mut Cx<Store>| -> Result<()> {
        let first = cx.resource("first", bucket_in("eu"));
        let mut given = cx.draft::<Bucket>("given");
        given.external_name("mine").external_name(None::<String>);
        given.compose();
        let mut later = cx.draft::<Bucket>("later");
        later.external_name(first.read(path!(status.at_provider.id)).map(|id| format!("{id}-copy")));
        later.compose();
        Ok(())
    };
    let response = run(with(&[]), compose);
    assert_eq!(keys(&response), ["first", "given"]);
    assert_eq!(
        response.composed["given"].resource["metadata"]["annotations"],
        json!({"crossplane.io/external-name": "mine"}),
        "what is unset leaves it alone"
    );
    let response = run(with(&[("later", observed_bucket())]), compose);
    assert_eq!(
        response.composed["later"].resource["metadata"]["annotations"]["crossplane.io/external-name"],
        "blue-red"
    );
}

fn connected(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = cx.resource("bucket", bucket_in("eu"));
    cx.connection_secret("connection")
        .name("blue-connection")
        .label("team", "red")
        .detail("password", bucket.connection_detail("password"))
        .detail("arn", bucket.read(path!(status.at_provider.arn)))
        .detail("nothing", None::<String>)
        .compose();
    Ok(())
}

#[test]
fn a_connection_secret_appears_with_the_first_detail_and_is_ready_with_the_last() {
    let response = run(with(&[]), connected);
    assert_eq!(keys(&response), ["bucket"]);
    insta::assert_snapshot!(said(&response), @"
    connection is held back: data.password waits for bucket: connection detail password
    connection is held back: data.arn waits for bucket: status.atProvider.arn
    ");

    let mut world = with(&[("bucket", observed_bucket())]);
    let response = run(world.clone(), connected);
    insta::assert_snapshot!(said(&response), @"connection is kept as it is: data.password waits for bucket: connection detail password");
    insta::assert_json_snapshot!(response.composed["connection"].resource, @r#"
    {
      "apiVersion": "v1",
      "kind": "Secret",
      "data": {
        "arn": "YXJuOmJ1Y2tldC9ibHVlLXJlZA=="
      },
      "metadata": {
        "name": "blue-connection",
        "labels": {
          "team": "red"
        }
      }
    }
    "#);
    assert_eq!(response.composed["connection"].ready, Ready::False);

    let secret = response.composed["connection"].resource.clone();
    world.observed.insert("connection".to_owned(), secret.into_json().into());
    if let Some(bucket) = world.observed.get_mut("bucket") {
        bucket.connection = ConnectionDetails::from_iter([("password".to_owned(), b"s3cret".to_vec())]);
    }
    let response = run(world, connected);
    assert_eq!(said(&response), "");
    assert_eq!(response.composed["connection"].resource["data"]["password"], "czNjcmV0");
    assert_eq!(response.composed["connection"].ready, Ready::True);
}

#[test]
fn a_connection_secret_keeps_what_it_has() {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "blue-connection", "namespace": "shop"},
        "data": {"password": "b2xk", "arn": "b2xk", "foreign": "eA=="},
    });
    let response = run(with(&[("connection", secret)]), connected);
    insta::assert_snapshot!(said(&response), @"
    connection is kept as it is: data.password waits for bucket: connection detail password
    connection is kept as it is: data.arn waits for bucket: status.atProvider.arn
    ");
    assert_eq!(
        response.composed["connection"].resource["data"],
        json!({"arn": "b2xk", "password": "b2xk"}),
        "what others wrote into it is theirs"
    );
}

#[test]
fn a_cluster_scoped_composite_says_the_namespace_of_its_connection_secret() {
    let compose = |namespace: Option<&'static str>| {
        Composer::new(move |cx: &mut Cx<Fleet>| -> Result<()> {
            let secret = cx.connection_secret("connection").detail("host", "here");
            match namespace {
                Some(namespace) => secret.namespace(namespace).compose(),
                None => secret.compose(),
            };
            Ok(())
        })
    };
    let fleet = json!({"apiVersion": "storage.example.org/v1", "kind": "Fleet", "metadata": {"name": "all"}});
    let run = |namespace| compose(namespace).run(std::rc::Rc::new(Request::new(fleet.clone())));
    insta::assert_snapshot!(said(&run(None)), @r#"Fatal: composed resource "connection": a Secret lives in a namespace, and Fleet does not; say which with .namespace(..)"#);
    let response = run(Some("shop"));
    assert_eq!(response.composed["connection"].resource["metadata"], json!({"namespace": "shop"}));
}

/// A policy for a bucket that somebody else made, and one for each bucket of a team.
fn requiring(cx: &mut Cx<Store>) -> Result<()> {
    let shared = cx.require::<Bucket>("shared", Wanted::named("shared").in_namespace("shop"));
    let team = cx.require::<Bucket>("team", Wanted::labelled([("team", "red")]).in_namespace("shop"));
    let mut policy = cx.draft::<BucketPolicy>("policy");
    policy.set(field!(spec.for_provider.region), "eu");
    policy.set(field!(spec.for_provider.policy), shared.read(path!(status.at_provider.arn)));
    policy.compose();
    for bucket in team.all().known().unwrap_or_default() {
        let name = bucket.metadata.and_then(|metadata| metadata.name).unwrap_or_default();
        cx.resource(format!("team-{name}"), bucket_in("eu"));
    }
    Ok(())
}

fn named(name: &str) -> Value {
    let mut bucket = observed_bucket();
    bucket["metadata"]["name"] = json!(name);
    bucket
}

#[test]
fn required_resources_are_typed_sorted_and_wait_for_a_look() {
    let mut request = with(&[]);
    let response = run(request.clone(), requiring);
    assert_eq!(keys(&response), Vec::<&str>::new());
    insta::assert_snapshot!(said(&response), @r#"policy is held back: spec.forProvider.policy waits for required resource "shared": status.atProvider.arn"#);
    assert_eq!(response.requirements.resources.keys().collect::<Vec<_>>(), ["shared", "team"]);

    request.required.insert("shared".to_owned(), vec![]);
    request.required.insert("team".to_owned(), vec![named("b"), named("a")]);
    let response = run(request.clone(), requiring);
    assert_eq!(keys(&response), ["team-a", "team-b"]);
    insta::assert_snapshot!(said(&response), @r#"policy is held back: spec.forProvider.policy waits for required resource "shared": status.atProvider.arn"#);

    request.required.insert("shared".to_owned(), vec![observed_bucket()]);
    let response = run(request.clone(), |cx| {
        requiring(cx)?;
        let team = cx.require::<Bucket>("team", Wanted::labelled([("team", "red")]).in_namespace("shop"));
        let names: Option<Vec<_>> =
            team.all().known().into_iter().flatten().map(|bucket| bucket.metadata?.name).collect();
        assert_eq!(names, Some(vec!["a".to_owned(), "b".to_owned()]));
        let first =
            team.first().known().flatten().and_then(|bucket| bucket.metadata).and_then(|metadata| metadata.name);
        assert_eq!(first.as_deref(), Some("a"));
        assert!(team.is_known() && team.found().is_known());
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(response.composed["policy"].resource["spec"]["forProvider"]["policy"], "arn:bucket/blue-red");
}

#[test]
fn nothing_counts_as_deleted_and_nothing_must_be_known_before_crossplane_has_looked() {
    let mut bare = observed_policy();
    bare["spec"] = json!({});
    let mut request = with(&[("policy", bare), ("team-a", named("a"))]);
    let response = run(request.clone(), requiring);
    assert_eq!(response.fatal(), None, "a fatal result would keep Crossplane from calling again");
    assert_eq!(keys(&response), ["policy"]);
    // Once it has looked, the usual rules hold.
    request.required.insert("shared".to_owned(), vec![]);
    request.required.insert("team".to_owned(), vec![]);
    insta::assert_snapshot!(said(&run(request, requiring)), @r#"
    Fatal: composed resource "policy": it exists, spec.forProvider.policy waits for required resource "shared": status.atProvider.arn, and it has no observed value to keep. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("policy")
    Fatal: composed resource "team-a" exists, and this run does not declare it: Crossplane would delete it. If it is to be deleted, say so with cx.drop_resource("team-a") or cx.drop_matching(..); if a later step composes it, with cx.leave_resource("team-a"); otherwise declare it in every run, whatever is known so far
    "#);
}

#[test]
fn what_is_wrong_with_a_required_resource_is_told() {
    let mut request = with(&[]);
    let mut odd = observed_bucket();
    odd["status"]["atProvider"]["arn"] = json!(7);
    request.required.insert("shared".to_owned(), vec![odd]);
    request.required.insert("team".to_owned(), vec![]);
    insta::assert_snapshot!(said(&run(request, requiring)), @r#"
    Fatal: required resource "shared": status.atProvider.arn: expected a string, found the integer 7; ask for the version of the kind that this platform was built from
    policy is held back: spec.forProvider.policy waits for required resource "shared": status.atProvider.arn
    "#);
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Environment {
    account: String,
}

#[test]
fn the_environment_is_typed() {
    let environment = |value: Option<Value>| {
        let mut request = with(&[]);
        request.context.extend(value.map(|value| (ENVIRONMENT.to_owned(), value)));
        run(request, |cx| {
            let environment: Option<Environment> = cx.environment()?;
            cx.normal(format!("{:?}", environment.map(|environment| environment.account)));
            Ok(())
        })
    };
    let made = json!({"apiVersion": "internal.crossplane.io/v1alpha1", "kind": "Environment", "account": "42"});
    assert_eq!(said(&environment(Some(made))), "Normal: Some(\"42\")\n");
    assert_eq!(said(&environment(None)), "Normal: None\n");
    insta::assert_snapshot!(said(&environment(Some(json!({"account": 42})))), @"Fatal: the environment is not what this composition expects: invalid type, expected a string; correct the EnvironmentConfigs that the pipeline selects");
}

#[test]
fn environment_configs_can_be_asked_for() {
    let mut request = with(&[]);
    let config = json!({
        "apiVersion": "apiextensions.crossplane.io/v1beta1", "kind": "EnvironmentConfig", "metadata": {"name": "prod"},
        "data": {"account": "42"},
    });
    request.required.insert("environment".to_owned(), vec![config]);
    let response = run(request, |cx| {
        let config = cx.require::<EnvironmentConfig>("environment", Wanted::named("prod"));
        let environment = config.found().known().map(|config| config.data_as::<Environment>()).transpose()?;
        cx.normal(environment.map(|environment| environment.account).unwrap_or_default());
        Ok(())
    });
    assert_eq!(said(&response), "Normal: 42\n");
    let asked = &response.requirements.resources["environment"];
    assert_eq!(
        (asked.kind.as_str(), asked.api_version.as_str()),
        ("EnvironmentConfig", EnvironmentConfig::API_VERSION)
    );
}

#[test]
fn conditions_of_composed_resources_become_conditions_of_the_composite() {
    let conditioned = |status: &str, message: &str| {
        let mut bucket = observed_bucket();
        bucket["status"]["conditions"] = json!([
            {"type": "Ready", "status": "True", "reason": "Available"},
            {"type": "Synced", "status": status, "reason": "ReconcileError", "message": message},
        ]);
        bucket
    };
    let world = with(&[
        ("good", conditioned("True", "")),
        ("bad", conditioned("False", "access denied")),
        ("bare", observed_bucket()),
    ]);
    let response = run(world, |cx| {
        let good = cx.resource("good", bucket_in("eu"));
        let bad = cx.resource("bad", bucket_in("eu"));
        let bare = cx.resource("bare", bucket_in("eu"));
        let new = cx.resource("new", bucket_in("eu"));
        cx.map_condition(&good, "Synced", "GoodSynced");
        cx.map_condition_to_claim(&bad, "Synced", "BadSynced");
        cx.map_condition(&bare, "Synced", "BareSynced");
        cx.map_condition(&new, "Synced", "NewSynced");
        cx.map_conditions(["good", "bare", "bad"], "Synced", "AllSynced", Target::Composite);
        cx.map_conditions(["good", "good"], "Synced", "BothSynced", Target::Composite);
        let nothing: [&str; 0] = [];
        cx.map_conditions(nothing, "Synced", "NoneSynced", Target::Composite);
        let status = good.observed_condition("Ready").and_then(|condition| condition.status);
        assert_eq!(status, Some(ConditionStatus::True));
        Ok(())
    });
    let shown = response.conditions.iter().map(|condition| {
        format!(
            "{}={} ({}) {} {}",
            condition.r#type,
            condition.status.as_str(),
            condition.reason,
            condition.target.as_str(),
            condition.message.as_deref().unwrap_or_default()
        )
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @"
    GoodSynced=True (ReconcileError) Composite 
    BadSynced=False (ReconcileError) CompositeAndClaim access denied
    BareSynced=Unknown (NotObserved) Composite bare: it has no condition Synced yet
    NewSynced=Unknown (NotObserved) Composite new: it does not exist yet
    AllSynced=False (ReconcileError) Composite bad: access denied
    BothSynced=True (ReconcileError) Composite
    ");
}
