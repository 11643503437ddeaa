//! The health of composite resources as the engines would judge it: what is emitted for them is run here, Argo CD's in Lua 5.1,
//! which is the language of its interpreter, and Flux's in CEL with optional fields.

use cel::parser::Parser;
use cel::{Context, Value as CelValue};
use mlua::{Lua, LuaSerdeExt as _};
use planewright::emit::{Delivery, Emission, Prune, Source};
use serde_json::{Value, json};

use crate::platform::{package, platform};

fn emission() -> Emission {
    let source = || Source::git("https://git.example.org/acme/deploy.git", "main");
    let package = package()
        .deliver(Delivery::argo_cd(source()).workloads("claims", Prune::Never))
        .deliver(Delivery::flux(source()).workloads("claims", Prune::Never));
    platform(&["shop"], package).emit().unwrap()
}

/// What Argo CD's check of a kind says of an object: its status and message.
fn argo_cd(kind: &str, object: &Value) -> (String, String) {
    let emission = emission();
    let checks = &emission.object("delivery/argo-cd/health.yaml").unwrap()["data"];
    let check = checks[format!("resource.customizations.health.{kind}")].as_str().unwrap();
    let lua = Lua::new();
    // Argo CD has no nulls in objects, and neither has the API server.
    lua.globals().set("obj", lua.to_value(object).unwrap()).unwrap();
    let health: Value = lua.from_value(lua.load(check).eval().unwrap()).unwrap();
    (health["status"].as_str().unwrap().to_owned(), health["message"].as_str().unwrap().to_owned())
}

/// What Flux makes of an object: `current`, `failed` or `inProgress`, evaluated in its order; `unknown` where it cannot tell, which it
/// asks again for until it can.
fn flux(object: &Value) -> &'static str {
    let emission = emission();
    let workloads = emission.object("delivery/flux/kustomization-workloads-claims.yaml").unwrap();
    let checks = workloads["spec"]["healthCheckExprs"].as_array().unwrap();
    judged(checks.iter().find(|check| check["kind"] == object["kind"]).unwrap(), object)
}

fn judged(check: &Value, object: &Value) -> &'static str {
    let mut context = Context::default();
    for (field, value) in object.as_object().unwrap() {
        context.add_variable_from_value(field, cel::to_value(value).unwrap());
    }
    for state in ["inProgress", "failed", "current"] {
        let Some(expression) = check[state].as_str() else { continue };
        let parsed = Parser::default().enable_optional_syntax(true).parse(expression).unwrap();
        match CelValue::resolve(&parsed, &context) {
            Ok(CelValue::Bool(true)) => return state,
            Ok(CelValue::Bool(false)) => {}
            _ => return "unknown",
        }
    }
    "inProgress"
}

/// A shop of the second generation.
fn shop(status: Value) -> Value {
    let mut shop = json!({
        "apiVersion": "example.org/v1",
        "kind": "Shop",
        "metadata": { "name": "corner", "generation": 2 },
        "spec": {},
    });
    if status != Value::Null {
        shop["status"] = status;
    }
    shop
}

fn condition(kind: &str, status: &str, generation: u64) -> Value {
    json!({
        "type": kind, "status": status, "reason": "Because", "message": format!("{kind} is {status}"),
        "observedGeneration": generation,
    })
}

fn conditions(list: &[Value]) -> Value {
    shop(json!({ "conditions": list }))
}

/// The judgement of both.
fn both(shop: &Value) -> (String, &'static str) {
    (argo_cd("example.org_Shop", shop).0, flux(shop))
}

fn said(argo_cd: &str, flux: &'static str) -> (String, &'static str) {
    (argo_cd.to_owned(), flux)
}

#[test]
fn without_a_status_it_is_on_its_way() {
    assert_eq!(argo_cd("example.org_Shop", &shop(Value::Null)).1, "Waiting for Crossplane");
    assert_eq!(both(&shop(Value::Null)), said("Progressing", "unknown"));
    assert_eq!(both(&shop(json!({}))), said("Progressing", "inProgress"));
    assert_eq!(both(&conditions(&[])), said("Progressing", "inProgress"));
    assert_eq!(both(&conditions(&[condition("Synced", "True", 2)])), said("Progressing", "inProgress"));
}

#[test]
fn what_crossplane_cannot_synchronise_is_degraded() {
    let shop = conditions(&[condition("Ready", "True", 2), condition("Synced", "False", 2)]);
    assert_eq!(both(&shop), said("Degraded", "failed"));
    assert_eq!(argo_cd("example.org_Shop", &shop).1, "Synced is False");
    let mut silent = condition("Synced", "False", 2);
    silent.as_object_mut().unwrap().remove("message");
    assert_eq!(argo_cd("example.org_Shop", &conditions(&[silent])).1, "Because");
}

#[test]
fn what_is_not_ready_is_on_its_way_and_says_why() {
    for status in ["False", "Unknown"] {
        let shop = conditions(&[condition("Synced", "True", 2), condition("Ready", status, 2)]);
        assert_eq!(both(&shop), said("Progressing", "inProgress"));
        assert_eq!(argo_cd("example.org_Shop", &shop).1, format!("Ready is {status}"));
    }
}

#[test]
fn what_is_ready_is_healthy() {
    let shop = conditions(&[condition("Synced", "True", 2), condition("Ready", "True", 2)]);
    assert_eq!(both(&shop), said("Healthy", "current"));
    // Crossplane v1 says no generation.
    let old = conditions(&[json!({ "type": "Ready", "status": "True" })]);
    assert_eq!(both(&old), said("Healthy", "current"));
}

#[test]
fn what_is_said_of_an_older_generation_counts_for_nothing() {
    let ready = conditions(&[condition("Synced", "True", 1), condition("Ready", "True", 1)]);
    assert_eq!(both(&ready), said("Progressing", "inProgress"));
    let failed = conditions(&[condition("Synced", "False", 1), condition("Ready", "True", 2)]);
    assert_eq!(both(&failed), said("Healthy", "current"));
}

#[test]
fn what_is_paused_has_not_failed() {
    let mut paused = condition("Synced", "False", 2);
    paused["reason"] = "ReconcilePaused".into();
    let mut shop = conditions(&[condition("Ready", "True", 2), paused.clone()]);
    shop["metadata"]["annotations"] = json!({ "crossplane.io/paused": "true" });
    // Flux has no word for it; it goes on with what it knows.
    assert_eq!(both(&shop), said("Suspended", "current"));
    let mut shop = conditions(&[condition("Ready", "False", 2), paused]);
    shop["metadata"]["annotations"] = json!({ "crossplane.io/paused": "true" });
    assert_eq!(both(&shop), said("Suspended", "inProgress"));
    let mut running = conditions(&[condition("Ready", "True", 2)]);
    running["metadata"]["annotations"] = json!({ "crossplane.io/paused": "false" });
    assert_eq!(both(&running), said("Healthy", "current"));
}

#[test]
fn what_is_being_deleted_is_on_its_way() {
    let mut shop = conditions(&[condition("Synced", "True", 2), condition("Ready", "True", 2)]);
    shop["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    assert_eq!(both(&shop), said("Progressing", "inProgress"));
    assert_eq!(argo_cd("example.org_Shop", &shop).1, "Being deleted");
}

#[test]
fn claims_are_judged_like_what_they_stand_for() {
    let mut claim = conditions(&[condition("Synced", "True", 2), condition("Ready", "True", 2)]);
    claim["kind"] = "ShopClaim".into();
    assert_eq!(argo_cd("example.org_ShopClaim", &claim).0, "Healthy");
    assert_eq!(flux(&claim), "current");
}

#[test]
fn an_application_is_as_healthy_as_it_says() {
    let application = |status: Value| json!({ "kind": "Application", "metadata": {}, "status": status });
    let judged = |object: &Value| argo_cd("argoproj.io_Application", object).0;
    assert_eq!(judged(&json!({ "kind": "Application", "metadata": {} })), "Progressing");
    assert_eq!(judged(&application(json!({}))), "Progressing");
    assert_eq!(judged(&application(json!({ "health": { "status": "Degraded" } }))), "Degraded");
    assert_eq!(judged(&application(json!({ "health": { "status": "Healthy", "message": "m" } }))), "Healthy");
}

#[test]
fn packages_and_definitions_are_waited_for_until_crossplane_is_done_with_them() {
    let emission = emission();
    let check = |tier: &str, kind: &str| {
        let file = emission.object(&format!("delivery/flux/kustomization-{tier}.yaml")).unwrap();
        let checks = file["spec"]["healthCheckExprs"].as_array().unwrap();
        checks.iter().find(|check| check["kind"] == kind).unwrap().clone()
    };
    for (check, word) in [
        (check("bootstrap", "Function"), "Healthy"),
        (check("bootstrap", "Provider"), "Healthy"),
        (check("api-shops", "CompositeResourceDefinition"), "Established"),
    ] {
        let object =
            |status: &str| json!({ "metadata": {}, "status": { "conditions": [{ "type": word, "status": status }] } });
        assert_eq!(judged(&check, &object("True")), "current");
        assert_eq!(judged(&check, &object("False")), "inProgress");
        assert_eq!(judged(&check, &json!({ "metadata": {}, "status": {} })), "inProgress");
    }
}
