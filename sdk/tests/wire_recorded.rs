//! Requests that were recorded with what the official message types see in them (`tests/oracle/protocol`): whole ones, ones with
//! fields moved, repeated, split and unknown, and pairs that are merged. They are the corpus of what is damaged at random, too.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use planewright::state::{Function, Response, Source};
use planewright::wire;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::protocol;
use support::seen::seen;

/// The recorded requests, by name.
fn recorded() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut requests: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|suffix| suffix == "bin")).collect();
    requests.sort();
    requests.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

/// A step that looks at everything and changes something of everything.
struct Busy;

impl Function for Busy {
    fn run(&self, source: Rc<dyn Source>) -> Response {
        let mut response = Response { status: Some(Map::new()), ..Response::default() };
        response.context.insert("a".to_owned(), json!(1));
        for key in source.desired_keys() {
            response.ready.insert(key.to_owned(), true.into());
        }
        response
    }
}

#[test]
fn recorded_requests_say_what_the_official_types_see_in_them() {
    let recorded = recorded();
    assert_eq!(recorded.len(), 36, "requests are missing");
    for (file, bytes) in recorded {
        let expected: Value = serde_json::from_slice(&std::fs::read(file.with_extension("json")).unwrap()).unwrap();
        let request = wire::Request::parse(bytes).unwrap();
        assert_eq!(seen(&request, &expected), expected, "{}", file.display());
    }
}

/// A step that says nothing hands on what it was given: the answer, as the request of the next step, says the same.
#[test]
fn silence_hands_on_what_earlier_steps_said() {
    for (file, bytes) in recorded() {
        let expected: Value = serde_json::from_slice(&std::fs::read(file.with_extension("json")).unwrap()).unwrap();
        let silent = wire::Request::parse(bytes).unwrap().answer(Response::default());
        let part =
            |number| protocol::field(&silent, number).first().map(|part| part.bytes().to_vec()).unwrap_or_default();
        let next = [protocol::bytes(3, part(2)), protocol::bytes(5, part(4))].concat();
        let next = seen(&wire::Request::parse(next).unwrap(), &expected);
        for part in ["desired", "status", "context"] {
            assert_eq!(next[part], expected[part], "{} {part}", file.display());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a request on its way, it is answered or refused.
    #[test]
    fn no_damage_brings_it_down(
        request in prop::sample::select(recorded()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (_, mut bytes) = request;
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        if let Ok(request) = wire::Request::parse(bytes) {
            let some = json!({"context": {"a": 0}, "required": {"a": 0}, "schemas": {"a": 0}, "credentials": {"a": 0}});
            seen(&request, &some);
            request.respond(&Busy);
        }
    }
}
