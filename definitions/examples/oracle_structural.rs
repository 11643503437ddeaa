//! The structural verdict against a real API server's: `oracle_structural ORACLE [SCHEMAS] [CLASS]`.
//!
//! Refusing what was accepted is a failure. Of what was refused, the table tells by class how much is refused here
//! too; refusals for CEL rules or for the object's own metadata alone are counted apart, as they are not judged here.
//! With a CLASS, what was missed in it is printed.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use planewright_definitions::defaulting;
use planewright_definitions::structural::{Status, admit};

mod oracle_cases;
use oracle_cases::Case;

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

/// Of one class: accepted, of these refused here; refused, of these refused here; not ours to judge.
type Row = [usize; 5];

/// Prints the table; the number of false alarms.
fn compare() -> Result<usize, Box<dyn Error>> {
    let asked = std::env::args().nth(3);
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for recorded in oracle_cases::recorded()? {
        for case in recorded.cases.iter().filter(|case| case.op == "create" && case.object.is_object()) {
            let Some(version) = recorded.version(&case.object) else { continue };
            let Some(schema) = version.schema() else { continue };
            let has_status = version.subresources.as_ref().is_some_and(|all| all.get("status").is_some());
            let status = if has_status { Status::Subresource } else { Status::Field };
            let mut object = case.object.clone();
            if case.validation == "Warn" {
                defaulting::prune(&mut object, schema);
            }
            let violations = admit(&mut object, schema, status);
            let row = rows.entry(case.class.clone()).or_default();
            let refused = !violations.is_empty();
            if case.accepted {
                row[0] += 1;
                row[1] += usize::from(refused);
                if refused {
                    println!("FALSE ALARM {} ({}):", case.id, case.class);
                    violations.iter().for_each(|violation| println!("  {violation}"));
                }
            } else if is_structural(case) {
                row[2] += 1;
                row[3] += usize::from(refused);
                if !refused && asked.as_ref() == Some(&case.class) {
                    println!("missed {}: {}", case.id, reasons(case));
                }
            } else {
                row[4] += 1;
            }
        }
    }
    println!(
        "{:28} {:>9} {:>12} {:>8} {:>12} {:>10}",
        "class", "accepted", "false alarms", "refused", "refused here", "not judged"
    );
    let mut total = Row::default();
    for (class, row) in &rows {
        print(class, row);
        total.iter_mut().zip(row).for_each(|(total, count)| *total += count);
    }
    print("all", &total);
    println!("{} passed, {} failed", total[0] - total[1], total[1]);
    Ok(total[1])
}

fn print(class: &str, [accepted, alarms, refused, found, others]: &Row) {
    println!("{class:28} {accepted:>9} {alarms:>12} {refused:>8} {found:>12} {others:>10}");
}

/// Whether a refusal has a cause that a structural schema is the reason of: not a CEL rule, not metadata.
fn is_structural(case: &Case) -> bool {
    if case.causes.is_empty() {
        return reasons(case).contains("unknown field \\\"spec") || reasons(case).contains("unknown field \\\"status");
    }
    case.causes.iter().any(|cause| {
        let structural = ["in body ", "Required value", "Unsupported value", "Duplicate value", "Too many", "Too long"];
        !cause.field.starts_with("metadata") && structural.iter().any(|part| cause.message.contains(part))
    })
}

fn reasons(case: &Case) -> String {
    match &case.error {
        Some(error) => error.to_string(),
        None => {
            case.causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect::<Vec<_>>().join("; ")
        }
    }
}
