//! `AutoReady` beside what function-auto-ready said of the same objects, as `tests/oracle/protocol` recorded it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::rc::Rc;

use planewright::compose::AutoReady;
use planewright::state::{Function, Ready};
use planewright::wire;
use serde_json::{Value, json};
use support::protocol::{self, Payload, field};
use support::verdicts::{self, Asked, MEANT};

fn recorded() -> Vec<(Asked, Option<String>)> {
    verdicts::read(include_str!("auto_ready/verdicts.jsonl"))
}

/// What `AutoReady` says of each, asked in the function protocol.
fn answers(recorded: &[(Asked, Option<String>)]) -> Vec<Option<&'static str>> {
    let mut answers = Vec::new();
    for some in recorded.chunks(500) {
        let request = protocol::request(&verdicts::request(some.iter().map(|(asked, _)| asked)));
        let answer = wire::respond(&AutoReady, &request).unwrap();
        let resources = protocol::entries(field(&answer, 2)[0].bytes(), 2);
        answers.extend((0..some.len()).map(|number| {
            let ready = field(resources.get(&number.to_string())?, 3).last().map_or(0, Payload::number);
            Some(["Unspecified", "True", "False"][ready as usize])
        }));
    }
    answers
}

#[test]
fn it_says_what_function_auto_ready_said() {
    let recorded = recorded();
    assert!(recorded.len() > 5_000, "cases are missing: {}", recorded.len());
    let answers = answers(&recorded);
    let mut found = MEANT.map(|_| 0);
    let mut wrong = Vec::new();
    for ((asked, theirs), ours) in recorded.iter().zip(answers) {
        if theirs.as_deref() == ours {
            continue;
        }
        match MEANT.iter().position(|difference| asked.is_case_of(difference)) {
            Some(meant) => found[meant] += 1,
            None => wrong.push(format!("it said {theirs:?}, we say {ours:?} of {asked:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} differ, such as:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    for (difference, found) in MEANT.iter().zip(found) {
        assert!(found > 0, "{} make no difference any more; take it out ({})", difference.what, difference.why);
    }
}

/// Both backings of a request say the same.
#[test]
fn it_says_the_same_of_json() {
    let recorded = recorded();
    let answers = answers(&recorded);
    let request = verdicts::request(recorded.iter().map(|(asked, _)| asked));
    let said = AutoReady.run(Rc::new(request.clone())).ready;
    for (number, ((asked, _), answer)) in recorded.iter().zip(answers).enumerate() {
        let number = number.to_string();
        let before = request.desired.composed.get(&number).map(|composed| composed.ready);
        assert_eq!(said.get(&number).copied().or(before).map(Ready::as_str), answer, "{asked:?}");
    }
}

/// Of all else that earlier steps said it says nothing, as the real function.
#[test]
fn it_hands_on_everything_else() {
    let recorded = &recorded()[..40];
    let bytes = protocol::request(&verdicts::request(recorded.iter().map(|(asked, _)| asked)));
    let answer = wire::respond(&AutoReady, &bytes).unwrap();
    let (mut before, mut after) = [(&bytes, 3), (&answer, 2)]
        .map(|(message, number)| protocol::read_state(field(message, number)[0].bytes()))
        .into();
    for state in [&mut before, &mut after] {
        for (_, resource) in state["resources"].as_object_mut().unwrap() {
            resource["ready"] = Value::Null;
        }
    }
    assert_eq!(after, before);
    assert_eq!(after["composite"]["connection"], json!({"user": "me"}));
    assert_eq!(protocol::read_struct(field(&answer, 4)[0].bytes()), protocol::read_struct(field(&bytes, 5)[0].bytes()));
    let numbers: Vec<u64> = protocol::fields(&answer).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [1, 2, 4], "meta, desired and context; neither results nor requirements nor conditions");
}

/// The recording holds every sort of case.
#[test]
fn both_verdicts_are_recorded_of_every_kind() {
    let mut seen = std::collections::BTreeMap::<String, [bool; 2]>::new();
    for (asked, answer) in recorded() {
        if let Some(kind) = asked.observed.as_ref().and_then(|object| object["kind"].as_str()) {
            seen.entry(kind.to_owned()).or_default()[usize::from(answer.as_deref() == Some("True"))] = true;
        }
    }
    for (kind, [unready, ready]) in seen {
        assert!(unready && ready || kind == "other" || kind.is_empty(), "{kind}");
    }
}
