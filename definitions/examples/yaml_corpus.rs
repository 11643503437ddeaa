//! Tricky values and how they are written, one JSON array `[value, text]` a line, for `tests/yaml11.py`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::process::ExitCode;

use planewright_definitions::yaml;
use serde_json::{Value, json};
use tricky::TRICKY;

#[path = "../tests/tricky/mod.rs"]
mod tricky;

fn main() -> ExitCode {
    let mut values: Vec<Value> =
        vec![json!(1), json!(-1), json!(1.5), json!(1e21), json!(1e-7), json!(true), json!([[], {}])];
    for text in TRICKY {
        values.extend([json!(text), json!({ *text: text }), json!([{ "a": [text] }])]);
    }
    for value in values {
        match yaml::to_string(&value) {
            Ok(text) => println!("{}", json!([value, text])),
            Err(error) => {
                eprintln!("{value}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
