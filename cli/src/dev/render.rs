//! Renders by the platform's program.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use planewright_definitions::yaml;
use serde_json::Value;

use super::inputs::Input;
use super::process;
use crate::exit::Refused;

/// What the program answered.
pub(super) enum Answer {
    /// A render, and what it says to people: what waits for what.
    Rendered { data: String, notes: String },
    /// Why there is none: the input is refused, or the composition ended with a fatal result.
    Failed { notes: String },
}

/// A part of a render that is compared with what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// What is the same about it in every render: the key of a composed resource.
    pub(super) key: String,
    /// What people call it.
    pub(super) title: String,
    /// What it says, in lines.
    pub(super) text: String,
}

/// Asks a program for a render in a form of its `--output`.
pub(super) async fn ask(program: &Path, input: &Input, form: &str) -> anyhow::Result<Answer> {
    let mut command = Command::new(program);
    command.arg("render").arg(&input.composite).args(["--output", form]).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(observed) = &input.observed {
        command.arg("--observed").arg(observed);
    }
    let output = process::output(command).await.map_err(|error| {
        Refused::new(format!("cannot run {}: {error}", program.display()), "build for this machine, without `--target`")
    })?;
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.success() {
        true => Ok(Answer::Rendered { data: String::from_utf8_lossy(&output.stdout).into_owned(), notes }),
        false if notes.is_empty() => {
            Ok(Answer::Failed { notes: format!("error: {} ended with {}\n", program.display(), output.status) })
        }
        false => Ok(Answer::Failed { notes }),
    }
}

/// The parts of a render: the status of the composite resource, each composed resource, and what is said to people.
/// What all composed resources have in common, their owner, and what follows from them, the composite resource's
/// references, is left out.
pub(super) fn parts(data: &str, notes: &str) -> anyhow::Result<Vec<Part>> {
    let mut render: Value = serde_json::from_str(data).context("what the program renders is not understood")?;
    let text =
        |object: &Value, pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let composite = render["composite"].take();
    let mut parts = vec![Part {
        key: String::new(),
        title: format!("status of {} {}", text(&composite, "/kind"), text(&composite, "/metadata/name")),
        text: yaml::to_string(&composite["status"])?,
    }];
    for (key, rendered) in render["resources"].as_object_mut().into_iter().flatten() {
        let mut resource = rendered["resource"].take();
        if let Some(metadata) = resource["metadata"].as_object_mut() {
            metadata.shift_remove("ownerReferences");
        }
        let ready = format!("# ready: {}\n", text(rendered, "/ready"));
        let title = format!("{key} ({})", text(&resource, "/kind"));
        parts.push(Part { key: key.clone(), title, text: yaml::to_string(&resource)? + &ready });
    }
    // No key of a composed resource has a space in it.
    parts.push(Part { key: "what is said".to_owned(), title: "what is said".to_owned(), text: notes.to_owned() });
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_render_say_what_is_their_own() {
        let data = serde_json::json!({
            "composite": {"kind": "Shop", "metadata": {"name": "a"}, "spec": {"crossplane": {}}, "status": {"open": true}},
            "resources": {
                "till": {"ready": "True", "resource": {"kind": "Till", "metadata": {"name": "a-1", "ownerReferences": [{"name": "a"}]}}},
            },
        });
        let parts = parts(&data.to_string(), "waiting: door\n").unwrap();
        let shown: Vec<String> = parts.iter().map(|part| format!("== {}\n{}", part.title, part.text)).collect();
        insta::assert_snapshot!(shown.concat(), @"
        == status of Shop a
        open: true
        == till (Till)
        kind: Till
        metadata:
          name: a-1
        # ready: True
        == what is said
        waiting: door
        ");
        assert!(super::parts("no json", "").is_err());
    }
}
