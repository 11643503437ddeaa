//! The syntax of CEL rules. An API server refuses a whole definition of which it cannot read one rule.
//!
//! Only the syntax is looked at: which fields there are, of what types, and what a rule costs is for the API server to say.

use std::thread;

use anyhow::Context as _;
use cel::parser::{ParseError, Parser};
use planewright_definitions::emission::{EmittedFile, Faults};
use serde_json::Value;

/// The word of schemas under which rules stand.
const RULES: &str = "x-kubernetes-validations";

/// How much stack the parser may take, in bytes: it nests as deep as an expression does, and gives up at a hundred levels.
const STACK: usize = 64 << 20;

/// Judges the rules of every definition, of composite resources and others.
///
/// # Errors
/// Every expression that cannot be read, with its file, version and field.
pub(super) fn check(files: &[EmittedFile]) -> anyhow::Result<()> {
    let judged = thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || faults(files))?;
        parser.join().map_err(|_| std::io::Error::other("the parser of CEL came to grief"))
    });
    judged.context("cannot judge the rules of definitions")?.or(())?;
    Ok(())
}

fn faults(files: &[EmittedFile]) -> Faults {
    let mut faults = Faults::default();
    for EmittedFile { path, object } in files {
        let versions = object.pointer("/spec/versions").and_then(Value::as_array);
        for version in versions.into_iter().flatten() {
            if let Some(schema) = version.pointer("/schema/openAPIV3Schema") {
                let name = version["name"].as_str().unwrap_or_default();
                node(schema, "", &format!("{path}: {name}"), &mut faults);
            }
        }
    }
    faults
}

/// Judges the rules at a place of a schema, and those below.
fn node(schema: &Value, field: &str, version: &str, faults: &mut Faults) {
    for (i, rule) in schema[RULES].as_array().into_iter().flatten().enumerate() {
        for word in ["rule", "messageExpression"] {
            // A message that says nothing is none.
            if let Some(expression) = rule[word].as_str().filter(|expression| word == "rule" || !expression.is_empty())
                && let Some(error) = unreadable(expression)
            {
                let field = if field.is_empty() { String::new() } else { format!(", {field}") };
                faults.add(
                    format!("{version}{field}, {RULES}[{i}].{word}"),
                    format!("an API server cannot read {expression:?}: {error}"),
                    "correct the expression; it is one of CEL, such as `self.min <= self.max`",
                );
            }
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let field = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
        node(property, &field, version, faults);
    }
    for (word, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
        if let Some(inner) = schema.get(word) {
            node(inner, &format!("{field}{mark}"), version, faults);
        }
    }
}

/// Why an expression cannot be read, if that is so. One that is nested deeper than this parser goes counts as readable.
fn unreadable(expression: &str) -> Option<String> {
    let parser = Parser::new().enable_optional_syntax(true).enable_ident_escape_syntax(true);
    let errors = parser.parse(expression).err()?.errors;
    if errors.iter().any(|error| error.msg.contains("Recursion limit")) {
        return None;
    }
    let ParseError { msg, pos: (line, column), .. } = errors.first()?;
    // What follows is a list of all that CEL knows.
    let said = msg.split(" expecting {").next()?.trim_start_matches("Syntax error: ").replace("'<EOF>'", "the end");
    Some(match *line {
        1 => format!("{said} (column {column})"),
        line => format!("{said} (line {line}, column {column})"),
    })
}
