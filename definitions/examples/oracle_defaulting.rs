//! Defaulting against what a real API server made of each object: `oracle_defaulting ORACLE [SCHEMAS]`.
//!
//! Every accepted create is compared, of whatever class; those of the class `defaulting` are counted apart. The
//! metadata of the object itself is left out: what the server adds to it is no defaulting.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::error::Error;
use std::process::ExitCode;

use planewright_definitions::defaulting;
use serde_json::Value;

mod oracle_cases;

fn main() -> ExitCode {
    match compare() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the differences and the counts; the number of failures.
fn compare() -> Result<usize, Box<dyn Error>> {
    // Passed and failed: of the class `defaulting`, and of the others.
    let mut counts = [[0_usize; 2]; 2];
    for recorded in oracle_cases::recorded()? {
        for case in recorded.cases.iter().filter(|case| case.op == "create" && case.accepted && case.object.is_object())
        {
            let Some(version) = recorded.version(&case.object) else { continue };
            let Some(schema) = version.schema() else { continue };
            let mut actual = case.object.clone();
            if case.validation == "Warn" {
                defaulting::prune(&mut actual, schema);
            }
            defaulting::fill(&mut actual, schema);
            // The server stores the object at another version and reads it from there, with that one's defaults.
            if let Some(stored) = recorded.crd.storage_version().filter(|stored| stored.name != version.name) {
                stored.schema().into_iter().for_each(|schema| defaulting::fill(&mut actual, schema));
            }
            let mut expected = case.defaulted.clone().unwrap_or_else(|| case.object.clone());
            let has_status = version.subresources.as_ref().is_some_and(|all| all.get("status").is_some());
            for object in [&mut actual, &mut expected] {
                forget(object, "metadata");
                if has_status {
                    forget(object, "status");
                }
            }
            let equal = same(&actual, &expected);
            counts[usize::from(case.class != "defaulting")][usize::from(!equal)] += 1;
            if !equal {
                println!("{} ({}): expected {expected}\n  found {actual}", case.id, case.class);
            }
        }
    }
    let [[passed, failed], [passed_elsewhere, failed_elsewhere]] = counts;
    println!("class defaulting: {passed} passed, {failed} failed");
    println!("accepted creates of the other classes: {passed_elsewhere} passed, {failed_elsewhere} failed");
    println!("{} passed, {} failed", passed + passed_elsewhere, failed + failed_elsewhere);
    Ok(failed + failed_elsewhere)
}

fn forget(object: &mut Value, key: &str) {
    if let Value::Object(map) = object {
        map.remove(key);
    }
}

/// Equality of JSON; numbers by value, as the recording's own spelling (`1.0`) says nothing.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}
