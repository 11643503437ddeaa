//! What the generator writes, pinned: a change of these files is a change of every user's code.
//!
//! `PLANEWRIGHT_UPDATE=1 cargo test --test golden` writes them anew. The files are compiled into this test, without
//! warnings, and its other tests use the types.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use planewright::codec::{Mask, json};
use planewright_codegen::{Drift, configure};
use serde_json::json;

/// The golden claims.
#[deny(warnings)]
#[rustfmt::skip]
#[path = "golden/claims/lib.rs"]
pub mod claims;
/// The golden types.
#[deny(warnings)]
#[rustfmt::skip]
#[path = "golden/expected/mod.rs"]
pub mod expected;

use expected::org::example::hard::v1::{Contraption, Mesh, Option_, XGadget, contraption, x_gadget};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(path)
}

fn generator() -> planewright_codegen::Config {
    configure().pretty(true).out_dir(here("expected"))
}

#[test]
fn generated_code_is_the_golden_code() {
    let (schemas, apis) = ([here("input")], [here("apis")]);
    if std::env::var_os("PLANEWRIGHT_UPDATE").is_some() {
        generator().generate(&schemas, &apis).unwrap();
    }
    let _ = std::fs::remove_file(here("expected/.planewright"));
    let drift = generator().check(&schemas, &apis).unwrap();
    assert_eq!(drift, [], "run with PLANEWRIGHT_UPDATE=1 and review the difference");
}

#[test]
fn generated_claims_are_the_golden_claims() {
    for file in configure().claims(&[here("apis")]).unwrap() {
        let path = here("claims").join(&file.path);
        if std::env::var_os("PLANEWRIGHT_UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &file.contents).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == file.contents, "{}: run with PLANEWRIGHT_UPDATE=1 and review the difference", file.path);
    }
}

#[test]
fn oddities_are_warnings_that_name_file_and_path() {
    let folder = tempfile::tempdir().unwrap();
    let report = configure().out_dir(folder.path()).generate(&[here("input")], &[] as &[PathBuf]).unwrap();
    let warnings: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    let warnings = warnings.join("\n").replace(here("input").to_str().unwrap(), "INPUT");
    insta::assert_snapshot!(warnings, @r#"
    INPUT/contraptions.yaml: Contraption spec.forProvider: `required` names `ghost`, which is not among the properties; left out
    INPUT/contraptions.yaml: Contraption spec.forProvider.untyped: there is no `type`; taken as any JSON value
    INPUT/contraptions.yaml: Contraption spec.forProvider.boolString: `type: BoolString` is not a type of OpenAPI; taken as any JSON value
    INPUT/contraptions.yaml: Contraption spec.forProvider.listWithoutItems: a list without `items`; its items are taken as any JSON values
    INPUT/contraptions.yaml: Contraption spec.forProvider.weightOf: `enum` has values that are not numbers; taken as any number
    "#);
}

#[test]
fn the_same_input_gives_the_same_bytes_in_any_folder() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = two.path().join("schemas");
    std::fs::create_dir(&copy).unwrap();
    std::fs::copy(here("input/contraptions.yaml"), copy.join("contraptions.yaml")).unwrap();
    let run = |out: &Path, schemas: PathBuf| {
        configure().out_dir(out.join("out")).generate(&[schemas], &[here("apis")]).unwrap();
    };
    run(one.path(), here("input"));
    run(two.path(), copy);
    let drift = configure().out_dir(two.path().join("out")).check(&[here("input")], &[here("apis")]).unwrap();
    assert_eq!(drift, []);
    let stamp = |folder: &Path| std::fs::read_to_string(folder.join("out/.planewright")).unwrap();
    assert_eq!(stamp(one.path()), stamp(two.path()));
}

#[test]
fn nothing_is_written_where_nothing_changed_and_drift_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let generator = configure().out_dir(folder.path());
    let run = || generator.generate(&[here("input")], &[here("apis")]).unwrap().changed;
    assert!(run() > 5);
    assert_eq!(run(), 0);
    let file = folder.path().join("org/example/hard/v1/mesh.rs");
    std::fs::write(&file, "// edited").unwrap();
    assert_eq!(generator.check(&[here("input")], &[here("apis")]).unwrap(), [Drift::Changed(file.clone())]);
    assert_eq!(run(), 1, "a file that somebody edited is written anew");
    // A kind that is no longer selected takes its file with it.
    let fewer = configure().out_dir(folder.path()).select("hard.example.org/Contraption");
    fewer.generate(&[here("input")], &[here("apis")]).unwrap();
    assert!(!file.exists());
}

#[test]
fn what_is_set_is_written_and_nothing_else() {
    let contraption = Contraption {
        spec: Some(contraption::Spec {
            for_provider: Some(contraption::ForProvider {
                r#type: Some("fast".into()),
                self_: Some(true),
                tags: Some(Default::default()),
                replicas: Some(planewright::codec::Nullable::Null),
                mode: Some("digital signature".into()),
                open: Some(contraption::Open {
                    named: Some("a".into()),
                    extra: json!({"b": 1}).as_object().unwrap().clone(),
                }),
                host_aliases: Some("camel".into()),
                host_aliases_snake: Some("snake".into()),
                ..Default::default()
            }),
            init_provider: Some(Default::default()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let written = json::encode(&contraption).unwrap();
    let expected = json!({"spec": {
        "forProvider": {
            "type": "fast", "self": true, "hostAliases": "camel", "host_aliases": "snake", "tags": {}, "replicas": null,
            "mode": "digital signature", "open": {"named": "a", "b": 1},
        },
        "initProvider": {},
    }});
    assert_eq!(written, expected);
    assert_eq!(json::decode::<Contraption>(&written, Mask::ALL).unwrap(), contraption);
}

#[test]
fn what_the_schema_does_not_know_survives_and_what_it_contradicts_is_named() {
    let unlisted = json!({"spec": {"forProvider": {"mode": "NEWER", "unknown": 1}}});
    let read: Contraption = json::decode(&unlisted, Mask::ALL).unwrap();
    let mode = read.spec.unwrap().for_provider.unwrap().mode;
    assert_eq!(mode, Some(contraption::Mode::Unlisted("NEWER".into())));

    let wrong = json!({"spec": {"forProvider": {"listeners": [{"port": 1}, {"port": "http"}]}}});
    let error = json::decode::<Contraption>(&wrong, Mask::ALL).unwrap_err();
    insta::assert_snapshot!(error, @"spec.forProvider.listeners[1].port: expected an integer, found a string");

    let large = Contraption {
        spec: Some(contraption::Spec {
            for_provider: Some(contraption::ForProvider { count: Some((1 << 53) + 1), ..Default::default() }),
            ..Default::default()
        }),
        ..Default::default()
    };
    insta::assert_snapshot!(json::encode(&large).unwrap_err(), @"spec.forProvider.count: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number");
}

#[test]
fn requirements_come_from_required_and_from_rules() {
    use planewright::resource::{Kind, Resource, Scope};
    let always = Contraption::REQUIRED.iter().filter(|r| !r.when_present);
    assert_eq!(
        always.map(|r| (r.path, r.by_rule, r.or_init_provider)).collect::<Vec<_>>(),
        [
            ("spec.forProvider.region", false, false),
            ("spec.forProvider.engine", true, true),
            ("spec.forProvider.passwordSecretRef", true, false),
        ]
    );
    let within = Contraption::REQUIRED.iter().filter(|r| r.when_present);
    assert_eq!(within.map(|r| r.path).collect::<Vec<_>>(), ["spec.forProvider.listeners[].port"]);
    assert_eq!((Contraption::SCOPE, Option_::SCOPE), (Scope::Namespaced, Scope::Cluster));
    assert_eq!((Option_::KIND, Mesh::API_VERSION), ("Option", "hard.example.org/v1"));
}

#[test]
fn an_admitted_composite_has_what_is_required_or_defaulted() {
    let object = json!({
        "apiVersion": "hard.example.org/v1", "kind": "XGadget", "metadata": {"name": "g"},
        "spec": {"size": 2, "colour": "green", "parts": [{"name": "p"}], "claimRef": {"name": "machinery"}},
    });
    let gadget: XGadget = serde_json::from_value(object).unwrap();
    assert_eq!((gadget.spec.size, gadget.spec.colour), (2, x_gadget::Colour::Green));
    assert_eq!(gadget.spec.parts[0].r#type, None);
    let status = x_gadget::Status { address: Some("a".into()), ..Default::default() };
    assert_eq!(json::encode(&status).unwrap(), json!({"address": "a"}));
}

#[test]
fn secrets_are_not_shown() {
    let for_provider =
        contraption::ForProvider { token: Some("s3cret".into()), region: Some("eu".into()), ..Default::default() };
    let shown = format!("{for_provider:?}");
    assert!(shown.starts_with("ForProvider {") && shown.contains(r#"region: Some("eu")"#), "{shown}");
    let object = json!({
        "apiVersion": "hard.example.org/v1", "kind": "XGadget", "metadata": {"name": "g"},
        "spec": {"size": 2, "colour": "green", "parts": [], "pin": "s3cret"},
    });
    let gadget: XGadget = serde_json::from_value(object).unwrap();
    let spec = claims::gadget::Spec { pin: Some("s3cret".into()), ..claims::gadget::Spec::new(2, []) };
    for shown in [shown, format!("{gadget:?}"), format!("{spec:?}")] {
        assert!(!shown.contains("s3cret") && shown.contains("[secret]"), "{shown}");
    }
}
