//! Where `render` differs from the engine on purpose. There is no other place for that.

use serde_json::Value;
use similar::TextDiff;

use crate::Failure;
use crate::answer::Answer;

/// Something that the engine says and `render` does not, or the other way round.
#[derive(Debug)]
pub struct Difference {
    /// What it is.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Takes it out of what the engine and `render` answered, and says whether it was there.
    remove: fn(engine: &mut Value, render: &mut Value) -> bool,
}

/// All of them.
pub const MEANT: [Difference; 3] = [
    Difference {
        what: "the event that a Composition was selected",
        why: "render runs the pipeline that it is given: there is nothing to select, and no Composition to name",
        remove: |engine, _| without(engine, "events", |event| event["reason"] == "SelectComposition"),
    },
    Difference {
        what: "a composite resource that is shown whole, and without what it refers to",
        why: "the engine shows what it last wrote: after a fatal result, where the status does not change, and where it is \
              paused or being deleted, that is the composite resource before anything was composed. render shows what may change: \
              the status, and once something was composed the references",
        remove: |engine, render| {
            let whole = engine.pointer("/composite/metadata/uid").is_some();
            if let (true, Some(Value::Object(composite))) = (whole, engine.get_mut("composite")) {
                composite.shift_remove("spec");
                if let Some(Value::Object(metadata)) = composite.get_mut("metadata") {
                    metadata.retain(|field, _| field == "name" || field == "namespace");
                }
                if let Some(Value::Object(composite)) = render.get_mut("composite") {
                    composite.shift_remove("spec");
                }
            }
            whole
        },
    },
    Difference {
        what: "what to do about requirements that never settle",
        why: "an error of ours says what to do about it",
        remove: |_, render| {
            let remedy = "; ask for the same in every run, whatever was found";
            let error = render["error"].as_str().and_then(|error| error.strip_suffix(remedy)).map(str::to_owned);
            let found = error.is_some();
            if let Some(error) = error {
                render["error"] = error.into();
            }
            found
        },
    },
];

/// Takes the items of a list that are meant out of a document; an empty list goes.
fn without(document: &mut Value, field: &str, meant: impl Fn(&Value) -> bool) -> bool {
    let Some(Value::Array(items)) = document.get_mut(field) else { return false };
    let before = items.len();
    items.retain(|item| !meant(item));
    let (after, left) = (items.len(), !items.is_empty());
    if let (false, Value::Object(document)) = (left, document) {
        document.shift_remove(field);
    }
    after < before
}

/// The differences in which two answers differ as it is meant, or how they differ otherwise.
///
/// # Errors
/// With the lines that differ (`-` engine, `+` render).
pub fn compare(engine: &Answer, render: &Answer) -> Result<Vec<&'static str>, Failure> {
    let (mut engine, mut render) = (engine.clone(), render.clone());
    let removed = MEANT.iter().filter(|meant| (meant.remove)(engine.document_mut(), render.document_mut()));
    let used = removed.map(|meant| meant.what).collect();
    if engine == render {
        return Ok(used);
    }
    let (engine, render) = (engine.yaml()?, render.yaml()?);
    let diff = TextDiff::from_lines(&engine, &render);
    Err(diff.unified_diff().context_radius(4).header("engine", "render").to_string().into())
}
