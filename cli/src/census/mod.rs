//! `planewright census`: what is in a set of definitions, in figures.

mod count;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use planewright_definitions::load::{Loaded, Loader};
use planewright_definitions::reference::KnownKinds;
use serde::Serialize;

use crate::exit::Outcome;
use crate::terminal::Terminal;
use count::Counted;

/// Count kinds, fields, required parameters and references, and name every reference that leads nowhere
///
/// A reference is a field with a target that upjet describes in a fixed wording. It is a convention and no interface:
/// run this on a new version of a provider to see that all of them are still understood.
#[derive(Args)]
#[command(after_long_help = "\
What is counted:
  kinds       CRDs and ManagedResourceDefinitions; for an XRD its composite resource, and its claim if it offers one
  fields      every entry of every `properties`, apiVersion, kind and metadata included, in the versions at which
              objects are stored
  required    parameters that must be set, once for each served version of a kind:
    schema      by `required` of the object and of every object around it
    cel         by a CEL rule of upjet's two forms, which holds unless the managementPolicies leave out `*`, Create and
                Update
  references  reference and selector fields in the versions at which objects are stored:
    resolved    the target is a kind among the PATHs, and the field that it populates stands beside it
    unresolved  each one with its kind, path and description (or what was kept of it)
  warnings    what is odd in a schema, and what becomes of it, in the versions at which objects are stored

Examples:
  planewright census provider-aws/package/crds
  planewright census schemas apis -o json | jq .references.unresolved")]
pub(crate) struct Census {
    /// Files, folders or globs with CRDs, MRDs and XRDs
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Lines for people
    Text,
    /// `{kinds, fields, required: {schema, cel}, references: {resolved, unresolved: [{kind, path, text}]},
    /// warnings: [{file, path, reason}]}`
    Json,
}

/// The figures, in the form in which they are printed as JSON.
#[derive(Debug, Default, Serialize)]
struct Figures {
    kinds: usize,
    fields: usize,
    required: Required,
    references: References,
    warnings: Vec<count::Warning>,
}

#[derive(Debug, Default, Serialize)]
struct Required {
    schema: usize,
    cel: usize,
}

#[derive(Debug, Default, Serialize)]
struct References {
    resolved: usize,
    unresolved: Vec<Unresolved>,
}

#[derive(Debug, Serialize)]
struct Unresolved {
    kind: String,
    path: String,
    text: String,
}

pub(crate) fn run(command: &Census, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let progress = terminal.progress("counting");
    let each = |loaded: Loaded| {
        progress.inc(1);
        count::definition(loaded)
    };
    let counted = Loader::new().paths(&command.paths).load(each)?.results;
    progress.finish_and_clear();
    let counted = counted.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let figures = figures(counted.into_iter().flatten().collect());
    match command.output {
        Format::Text => text(&figures, terminal)?,
        Format::Json => writeln!(terminal.out(), "{}", serde_json::to_string_pretty(&figures)?)?,
    }
    Ok(Outcome::Done)
}

fn figures(counted: Vec<Counted>) -> Figures {
    let known: KnownKinds = counted.iter().map(|kind| (kind.group.as_str(), kind.kind.as_str())).collect();
    let mut figures = Figures::default();
    for kind in counted {
        figures.kinds += 1;
        figures.fields += kind.fields;
        figures.required.schema += kind.required_by_schema;
        figures.required.cel += kind.required_by_cel;
        for reference in kind.references {
            let found = reference.fact.as_ref().is_some_and(|fact| known.resolve(&kind.group, fact).is_some());
            if found && reference.has_sibling {
                figures.references.resolved += 1;
            } else {
                let name = format!("{}/{}", kind.group, kind.kind);
                let unresolved = Unresolved { kind: name, path: reference.path, text: reference.text };
                figures.references.unresolved.push(unresolved);
            }
        }
        figures.warnings.extend(kind.warnings);
    }
    figures
}

fn text(figures: &Figures, terminal: &mut Terminal) -> std::io::Result<()> {
    let Figures { kinds, fields, required, references, warnings } = figures;
    let all = references.resolved + references.unresolved.len();
    let out = terminal.out();
    writeln!(out, "kinds       {kinds}")?;
    writeln!(out, "fields      {fields}")?;
    writeln!(out, "required    {} by schema, {} by CEL rules", required.schema, required.cel)?;
    writeln!(out, "references  {} of {all} resolved", references.resolved)?;
    for Unresolved { kind, path, text } in &references.unresolved {
        writeln!(out, "  {kind} {path}: {text}")?;
    }
    writeln!(out, "warnings    {}", warnings.len())?;
    for count::Warning { file, path, reason } in warnings {
        writeln!(out, "  {file}: {path}: {reason}")?;
    }
    Ok(())
}
