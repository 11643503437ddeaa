//! What holds for every request, whatever its bytes: the fuzz target searches for one for which it does not hold, and the sdk's
//! test `corpus` holds it for those that were searched from and found.

use std::rc::Rc;

use planewright::compose::Composer;
use planewright::state::{Function, Response, Source};
use planewright::wire::Request;
use serde_json::{Map, Value, json};
use ui_tests::protocol::{self, field};
use ui_tests::seen::seen;
use ui_tests::world::bucket_and_policy;

/// A step that changes something of everything that earlier steps said.
struct Busy;

impl Function for Busy {
    fn run(&self, source: Rc<dyn Source>) -> Response {
        let mut response = Response { status: Some(Map::new()), output: Some(json!({"a": 1})), ..Response::default() };
        response.context.insert("a".to_owned(), json!({"b": [1, null]}));
        for key in source.desired_keys() {
            response.ready.insert(key.to_owned(), true.into());
        }
        response
    }
}

/// Holds what is promised of requests against one, which need not be one.
///
/// # Panics
/// When a promise is broken.
pub fn hold(bytes: &[u8]) {
    let bytes: Rc<[u8]> = bytes.into();
    let Ok(request) = Request::parse(bytes.to_vec()) else { return };
    let wanted = wanted();
    let said = seen(&request, &wanted);
    // A step that says nothing hands on what it was given.
    let silent = request.answer(Response::default());
    let next = seen(&next(&silent), &wanted);
    for part in ["desired", "status", "context"] {
        assert_eq!(next[part], said[part], "a silent step changes {part}");
    }
    let composed = Composer::new(bucket_and_policy);
    for function in [&Busy as &dyn Function, &composed] {
        let answer = request.respond(function);
        assert_eq!(answer, Request::parse(bytes.to_vec()).unwrap().respond(function), "two answers to one request");
        let tag = field(&answer, 1)[0].bytes().to_vec();
        let tag = field(&tag, 1).first().map(|tag| tag.text()).unwrap_or_default();
        assert_eq!(tag, request.tag(), "the tag");
        self::next(&answer);
    }
}

/// The names that a request is asked for which does not list them.
fn wanted() -> Value {
    let names = ["", "a", "apiVersion", "kind", "status", "ä.b/c"];
    let names: Map<String, Value> = names.map(|name| (name.to_owned(), Value::Null)).into_iter().collect();
    json!({"context": names, "required": names, "schemas": names, "credentials": names})
}

/// The request that the next step of a pipeline gets.
fn next(answer: &[u8]) -> Request {
    let part = |number| field(answer, number).first().map(|part| part.bytes().to_vec()).unwrap_or_default();
    let next = [protocol::bytes(3, part(2)), protocol::bytes(5, part(4))].concat();
    Request::parse(next).expect("an answer is the next step's request")
}
