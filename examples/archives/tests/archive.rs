//! From Rust types to an XRD, from the XRD to Rust types, and back.

use archives::api::Archive;
use planewright::emit::Package;
use planewright::platform::{CompositeKind, Composition, Platform};
use planewright::testing::Scenario;
use serde_json::{Value, json};

const ACCOUNTS: &str = include_str!("../archive.yaml");

fn composition() -> Composition {
    Composition::new("archive", archives::archive::archive)
}

#[test]
fn the_platform_emits_the_definition_that_was_declared() {
    let declared = archives_api::definitions().emit().expect("sound");
    let platform = Platform::new("archives", "0.1.0")
        .composition(composition())
        .package(Package::new("registry.example.org/acme/archives"));
    let emitted = platform.emit().expect("sound");
    let path = "apis/archives/definition.yaml";
    assert_eq!(emitted.object(path), declared.object(path));
}

#[test]
fn the_generated_types_take_what_the_declared_ones_write() {
    let declared: archives_api::ArchiveSpec = from(json!({
        "region": "eu-central-1",
        "keep": "Forever",
        "drawers": [{ "name": "invoices", "days": 30, "coldAfterDays": 31 }, { "name": "drafts", "days": 1 }],
        "tags": { "team": "red" },
    }));
    let spec = serde_json::to_value(&declared).expect("JSON");
    let generated: archives::api::archive::Spec = from(spec.clone());
    assert_eq!(serde_json::to_value(&generated).expect("JSON"), spec);
    // The same fields of the same types: this would not compile otherwise.
    let drawers = generated.drawers.into_iter().map(|drawer| archives_api::Drawer {
        name: drawer.name,
        days: drawer.days,
        cold_after_days: drawer.cold_after_days,
    });
    let keep = match generated.keep {
        archives::api::archive::Keep::Year => archives_api::Keep::Year,
        archives::api::archive::Keep::Decade => archives_api::Keep::Decade,
        archives::api::archive::Keep::Forever => archives_api::Keep::Forever,
    };
    let again = archives_api::ArchiveSpec {
        region: generated.region,
        keep,
        drawers: drawers.collect(),
        tags: generated.tags.into_iter().collect(),
    };
    assert_eq!(again, declared);
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("fits")
}

#[test]
fn defaults_and_bounds_of_the_declared_types_hold() {
    let kind = CompositeKind::of::<Archive>();
    let schema = serde_json::to_value(kind.schema().expect("a schema")).expect("JSON");
    let drawers = &schema["properties"]["spec"]["properties"]["drawers"];
    assert_eq!((&drawers["maxItems"], &drawers["items"]["properties"]["days"]["default"]), (&json!(20), &json!(3653)));

    // References wait for what they lead to.
    let accounts = Scenario::new(ACCOUNTS);
    let first = accounts.render(&composition());
    let rendered = accounts.observe_rendered(&first).render(&composition());
    let keys: Vec<&str> = rendered.resources.keys().map(String::as_str).collect();
    assert_eq!(keys, ["bucket-drafts", "bucket-invoices", "lifecycle-drafts", "lifecycle-invoices"]);
    let rule = |key: &str| rendered.resources[key].resource["spec"]["forProvider"]["rule"][0].clone();
    assert_eq!(
        rule("lifecycle-invoices"),
        json!({ "id": "drawer", "status": "Enabled", "expiration": [{ "days": 3653 }], "transition": [{ "days": 90, "storageClass": "GLACIER" }] })
    );
    assert_eq!(
        rule("lifecycle-drafts"),
        json!({ "id": "drawer", "status": "Enabled", "expiration": [{ "days": 30 }] })
    );
}
