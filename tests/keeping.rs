//! Nothing is deleted by accident, over the whole reference platform: whatever part of the observed state is hidden, what
//! still exists stays desired, or the step ends with a fatal result, at which Crossplane deletes nothing.
//!
//! Every input in `examples/xr` is brought to the end by a provider that is made up here, and what it then observes is what
//! parts are hidden of. The inputs stay the same, so nothing in the source says that anything is to go.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::rc::Rc;

use planewright::platform::Composition;
use planewright::render::admit;
use planewright::state::{ConnectionDetails, Observed, Request, Response};
use proptest::prelude::*;
use proptest::sample::Index;
use reference_platform::{eks, network, sql_instance};
use serde_json::{Map, Value, json};

/// The reference platform.
fn compositions() -> Vec<Composition> {
    vec![
        Composition::new("eks", eks::eks),
        Composition::new("network", network::network),
        Composition::new("sql_instance", sql_instance::sql_instance),
    ]
}

/// What a composition takes away in so many words, for what is observed and not for what is asked: both belong to `EKS`.
const WITHDRAWN: [&str; 2] = ["clusterSecurityGroupImport", "eks-pod-identity-agent-addon"];

/// A composite resource with all that exists of it once nothing waits any more.
#[derive(Clone)]
struct World {
    name: String,
    composition: usize,
    request: Request,
}

/// The world of every example.
fn worlds() -> Vec<World> {
    let compositions = compositions();
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/xr"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut worlds = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let xr: Value = planewright_definitions::yaml::from_str(&text, &name).unwrap();
        let same = |composition: &Composition| xr["kind"] == composition.kind().kind;
        let composition = compositions.iter().position(same).unwrap_or_else(|| panic!("{name}: nothing composes it"));
        let mut xr = admit(compositions[composition].kind(), xr).unwrap();
        xr["metadata"]["uid"] = json!("2b1c6a52-7f0e-4c55-8a3e-4f0c4d7a1e90");
        let request = converge(&name, &compositions[composition], Request::new(xr));
        worlds.push(World { name, composition, request });
    }
    worlds
}

fn run(composition: &Composition, request: &Request) -> Response {
    composition.function().run(Rc::new(request.clone()))
}

/// Runs the composition and a made-up provider in turn, until nothing waits.
fn converge(name: &str, composition: &Composition, mut request: Request) -> Request {
    for round in 0.. {
        let response = run(composition, &request);
        assert_eq!(response.fatal(), None, "{name}, round {round}");
        let before = request.observed.len();
        for (key, composed) in &response.composed {
            let observed = request.observed.entry(key.clone()).or_default();
            let status = observed.resource.get("status").cloned();
            observed.resource = composed.resource.clone().into_json();
            provide(key, status, observed);
        }
        for wait in response.waiting.iter().flat_map(|waiting| &waiting.on) {
            if let Some(observed) = request.observed.get_mut(&wait.key) {
                match wait.path.strip_prefix("connection detail ") {
                    Some(detail) => observed.connection.insert(detail, format!("{detail} of {}", wait.key)),
                    // What the provider has reported meanwhile is not made up.
                    None if observed.resource.pointer(&format!("/{}", wait.path.replace('.', "/"))).is_some() => {}
                    None => put(&mut observed.resource, &wait.path, format!("{} of {}", wait.path, wait.key).into()),
                }
            }
        }
        if response.waiting.is_empty() && before == request.observed.len() {
            break;
        }
        assert!(round < 20, "{name} still waits:\n{:#?}", response.waiting);
    }
    request
}

/// What the API server and the provider add to a resource.
fn provide(key: &str, status: Option<Value>, observed: &mut Observed) {
    let condition = |type_| json!({"type": type_, "status": "True", "reason": "Available"});
    let resource = &mut observed.resource;
    put(resource, "metadata.name", json!(key));
    resource["metadata"]["annotations"]["crossplane.io/external-name"] = json!(format!("{key}-1"));
    resource["status"] = status.unwrap_or_else(|| json!({"atProvider": {"id": format!("{key}-1")}}));
    if resource["kind"] == "Cluster" {
        put(resource, "status.atProvider.vpcConfig.clusterSecurityGroupId", json!("sg-1"));
    }
    resource["status"]["conditions"] = json!([condition("Synced"), condition("Ready")]);
    if observed.connection.is_empty() {
        observed.connection = ConnectionDetails::from_iter([("some".to_owned(), b"detail".to_vec())]);
    }
}

/// Puts a value at a path such as `status.atProvider.identity[0].issuer`, making what is around it.
fn put(object: &mut Value, path: &str, value: Value) {
    let mut at = object;
    for step in path.replace('[', ".[").split('.') {
        at = match step.strip_prefix('[').and_then(|index| index.strip_suffix(']')) {
            Some(quoted) if quoted.starts_with('"') => member(at, quoted.trim_matches('"')),
            Some(index) => {
                let index: usize = index.parse().unwrap();
                if !at.is_array() {
                    *at = json!([]);
                }
                let items = at.as_array_mut().unwrap();
                items.resize_with((index + 1).max(items.len()), || json!({}));
                &mut items[index]
            }
            None => member(at, step),
        };
    }
    *at = value;
}

fn member<'a>(at: &'a mut Value, name: &str) -> &'a mut Value {
    if !at.is_object() {
        *at = json!({});
    }
    at.as_object_mut().unwrap().entry(name).or_insert_with(|| Value::Object(Map::new()))
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{}", escaped(key)), out));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

/// Hides what stands at a pointer: an entry, or an item of a list.
fn hide(value: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.shift_remove(&last.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(items)) => drop(items.remove(last.parse().unwrap())),
        _ => {}
    }
}

/// What is hidden: of which resource, and which place of it; everything of it at one place in eight.
fn hidden() -> impl Strategy<Value = Vec<(Index, Index, bool)>> {
    prop::collection::vec((any::<Index>(), any::<Index>(), prop::bool::weighted(0.125)), 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn hiding_observed_state_never_removes_what_exists(world in any::<Index>(), hidden in hidden()) {
        thread_local! {
            static PLATFORM: (Vec<Composition>, Vec<World>) = (compositions(), worlds());
        }
        PLATFORM.with(|(compositions, worlds)| {
            let mut world = world.get(worlds).clone();
            for (which, place, whole) in hidden {
                let keys: Vec<String> = world.request.observed.keys().cloned().collect();
                if keys.is_empty() {
                    break;
                }
                let key = which.get(&keys);
                if whole {
                    world.request.observed.remove(key);
                    continue;
                }
                let observed = world.request.observed.get_mut(key).unwrap();
                let mut pointers = Vec::new();
                places(&observed.resource, "", &mut pointers);
                match place.get(&pointers).as_str() {
                    "" => observed.connection = ConnectionDetails::new(),
                    pointer => hide(&mut observed.resource, pointer),
                }
            }
            let response = run(&compositions[world.composition], &world.request);
            for key in world.request.observed.keys() {
                let kept = response.composed.contains_key(key) && !response.dropped.contains(key);
                let withdrawn = response.dropped.contains(key) && WITHDRAWN.contains(&&**key);
                prop_assert!(response.fatal().is_some() || kept || withdrawn, "{}: {key} vanished", world.name);
            }
            Ok(())
        })?;
    }
}

#[test]
fn every_composition_has_an_example_that_comes_to_an_end() {
    let compositions = compositions();
    let worlds = worlds();
    let shown: BTreeSet<&str> = worlds.iter().map(|world| compositions[world.composition].name()).collect();
    assert_eq!(shown, compositions.iter().map(Composition::name).collect());
    for world in worlds {
        let response = run(&compositions[world.composition], &world.request);
        assert_eq!((response.fatal(), response.waiting.as_slice()), (None, [].as_slice()), "{}", world.name);
        let desired: BTreeSet<&String> = response.composed.keys().collect();
        let observed: BTreeSet<&String> = world.request.observed.keys().collect();
        assert_eq!(desired, observed, "{}: all that exists is desired", world.name);
        assert!(WITHDRAWN.iter().all(|key| world.name != "eks.yaml" || response.composed.contains_key(*key)));
        assert!(observed.len() >= 2, "{}: it is a world", world.name);
    }
}
