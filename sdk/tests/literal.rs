//! Literals: what they set, leave alone, wait for and refuse at run time.

mod support;

use planewright::compose::{Handle, Lazy};
use planewright::shapes::{ManagementPolicy, ProviderConfigReference};
use planewright::{composition, resource, status, text};
use serde_json::json;
use support::world::*;
use support::{Bucket, BucketPolicy, Store, bucket};

use planewright::compose::{Cx, Result};

/// The composition of the other tests, as literals.
#[composition(xr = Store)]
fn bucket_and_policy_in_literals(cx: &mut Cx<Store>) -> Result<()> {
    let xr = cx.xr();
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: xr.spec.region } });
    resource!(cx, policy: BucketPolicy {
        spec.for_provider: {
            bucket: &bucket,
            region: xr.spec.region,
            policy: text!("allow {}", bucket.status.at_provider.arn),
        },
    });
    status!(cx, { arn: bucket.status.at_provider.arn });
    Ok(())
}

#[test]
fn literals_are_the_plain_calls() {
    for observed in [
        vec![],
        vec![("bucket", observed_bucket())],
        vec![("bucket", observed_bucket()), ("policy", observed_policy())],
    ] {
        let (literal, plain) =
            (run(with(&observed), bucket_and_policy_in_literals), run(with(&observed), bucket_and_policy));
        assert_eq!(said(&literal), said(&plain));
        assert_eq!(format!("{:?}", literal.composed), format!("{:?}", plain.composed));
        assert_eq!(literal.status, plain.status);
    }
}

#[test]
fn every_form_of_entry_sets_its_field() {
    let response = run(with(&[]), |cx| {
        let size = Some(5);
        let key = "computed";
        resource!(cx, "bucket-{key}": Bucket {
            metadata.labels: { "team": "red", (key): cx.xr().spec.region.clone() },
            metadata.annotations: [("note", "any text")],
            spec.provider_config_ref: ProviderConfigReference { name: Some("main".into()), ..Default::default() },
            spec.for_provider: {
                region: "eu",
                size: size,
                r#type: (["hot"].concat()),
                rule: [{ name: "first", days: 1.5 }, { name: "second", target: Lazy::Known("cold") }],
                tags: {},
            },
        });
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["bucket-computed"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "metadata": {
        "labels": {
          "computed": "eu",
          "team": "red"
        },
        "annotations": {
          "note": "any text"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu",
          "size": 5,
          "tags": {},
          "rule": [
            {
              "name": "first",
              "days": 1.5
            },
            {
              "name": "second",
              "target": "cold"
            }
          ],
          "type": "hot"
        },
        "providerConfigRef": {
          "name": "main"
        }
      }
    }
    "#);
}

#[test]
fn what_is_unset_leaves_no_empty_objects() {
    let response = run(with(&[]), |cx| {
        let xr = cx.xr();
        let none: Option<String> = None;
        resource!(cx, bucket: Bucket {
            metadata.labels: { "a": none.clone() },
            spec.for_provider: { region: "eu", size: xr.spec.size, tags: { "a": none.clone(), "b": none } },
            spec.provider_config_ref.name: Lazy::<String>::unset(),
        });
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "spec": {
        "forProvider": {
          "region": "eu"
        }
      }
    }
    "#);
    assert_eq!(said(&response), "");
}

#[test]
fn what_is_not_known_is_waited_for_where_it_stands() {
    let response = run(with(&[("bucket", observed_bucket())]), |cx| {
        let other = resource!(cx, other: Bucket { spec.for_provider: { region: "eu" } });
        resource!(cx, bucket: Bucket {
            metadata.annotations: { "about": other.status.at_provider.arn },
            spec.for_provider: {
                region: "eu",
                rule: [{ name: "first" }, { name: other.status.at_provider.id }],
            },
        });
        resource!(cx, policy: BucketPolicy {
            spec.for_provider: { bucket: &other, region: other.metadata.annotations["crossplane.io/external-name"] },
        });
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"
    Fatal: composed resource "bucket": it exists, metadata.annotations.about waits for other: status.atProvider.arn, and it has no observed value to keep. Nothing was changed. Give the field a value that is always known, let it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource("bucket")
    policy is held back: spec.forProvider.bucketRef waits for other: metadata.name
    policy is held back: spec.forProvider.region waits for other: metadata.annotations["crossplane.io/external-name"]
    "#);
}

#[test]
fn a_spread_is_checked_in_the_run() {
    let response = run(with(&[]), |cx| {
        let base = Bucket::default();
        resource!(cx, bare: Bucket { spec.for_provider: { size: 1 }, ..base });
        resource!(cx, whole: Bucket { spec.for_provider: { size: 1 }, ..bucket_in("eu") });
        resource!(cx, by_value: Bucket { spec.for_provider: bucket::ForProvider::default() });
        resource!(cx, elsewhere: Bucket { spec.for_provider: { size: 1 }, .. });
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"
    Fatal: composed resource "bare": this `Bucket` lacks required fields: spec.forProvider.region. Set them in the literal or in the value that it begins from
    Fatal: composed resource "by_value": this `Bucket` lacks required fields: spec.forProvider.region. Set them in the literal or in the value that it begins from
    "#);
}

#[test]
fn rules_lift_what_they_ask_for() {
    let response = run(with(&[]), |cx| {
        resource!(cx, observed: Bucket { spec.management_policies: [ManagementPolicy::Observe] });
        resource!(cx, initial: Bucket { spec.init_provider: { region: "eu" } });
        let base = Bucket::default();
        resource!(cx, spread: Bucket { spec.management_policies: [ManagementPolicy::Observe], ..base });
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(keys(&response), ["initial", "observed", "spread"]);
}

#[test]
fn text_shows_values_and_waits_for_lazy_ones() {
    let response = run(with(&[("bucket", observed_bucket())]), |cx| {
        let xr = cx.xr();
        let bucket: Handle<Bucket> = cx.handle("bucket");
        let arn = bucket.read(planewright::path!(status.at_provider.arn));
        let n = 2;
        let known = text!("{{{arn}}} {n:03} {} {region}", xr.spec.teams[0], region = xr.spec.region);
        assert_eq!(known.known().as_deref(), Some("{arn:bucket/blue-red} 002 red eu"));
        assert!(text!("{}", xr.spec.size).is_unset());
        assert!(text!("{}-{}", xr.spec.size, bucket.status.at_provider.arn).is_unset());
        assert_eq!(text!("plain").known().as_deref(), Some("plain"));
        let policy = cx.handle::<BucketPolicy>("policy");
        let waits = text!("{} {arn}", policy.spec.for_provider.policy);
        assert_eq!(format!("{waits:?}"), "Pending(policy: spec.forProvider.policy)");
        resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
        resource!(cx, policy: BucketPolicy {});
        Ok(())
    });
    assert_eq!(said(&response), "");
}

#[test]
fn mistakes_in_helpers_are_fatal_with_the_words_of_the_compiler() {
    fn declare(cx: &Cx<Store>) {
        resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    }
    let response = run(with(&[]), |cx| {
        declare(cx);
        declare(cx);
        cx.handle::<Bucket>("bukcet");
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"
    Fatal: composed resource "bucket": it is declared twice; every composed resource needs a key of its own, made of what tells it apart from the others, and the same in every run
    Fatal: composed resource "bukcet" is read but never declared, so it would never be known; declare it, or correct the key
    "#);
}

#[test]
fn a_literal_may_hold_others() {
    let response = run(with(&[("inner", observed_bucket())]), |cx| {
        resource!(cx, outer: BucketPolicy {
            spec.for_provider: {
                policy: resource!(cx, inner: Bucket { spec.for_provider: { region: "eu" } })
                    .read(planewright::path!(status.at_provider.arn)),
                statement: [{ resource: text!("{}", cx.name()) }],
            },
        });
        Ok(())
    });
    assert_eq!(
        response.composed["outer"].resource["spec"],
        json!({
            "forProvider": {"policy": "arn:bucket/blue-red", "statement": [{"resource": "blue"}]}
        })
    );
}
