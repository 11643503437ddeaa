//! `render`: what Crossplane would make of a composite resource, without Crossplane.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use planewright_definitions::yaml::WriteError;
use serde_json::{Map, Value};

use super::commands::{Exit, Output};
use super::files::{self, FileError};
use super::{Composition, select};
use crate::render::{Format, Input, Inputs, RenderError, Rendered};
use crate::state::Severity;

/// Show what Crossplane would make of a composite resource, without a cluster.
///
/// Prints the composite resource with its status and the composed resources it would apply, with the names, labels and
/// owners that Crossplane gives them. What steps have to say, and what waits for what, goes to standard error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  A new composite resource, as nothing of it exists yet:
      render examples/xr/network.yaml
  The same once some of it exists: each observed object names its key in the annotation
  crossplane.io/composition-resource-name
      render examples/xr/network.yaml --observed observed.yaml
  What would be applied, deleted, held back and ready, at a glance:
      render examples/xr/network.yaml --observed observed/ -o summary

Exit codes: 0 done; 1 a file could not be read, or the pipeline never settled; 2 wrong command line or input (not YAML,
unknown kind, against its schema); 3 the composition ended with a fatal result.")]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    inputs: InputArgs,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Form::Yaml)]
    output: Form,
}

/// What to render.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// File with the composite resource (XR) to render, as a user writes it.
    #[arg(value_name = "XR")]
    composite: PathBuf,
    /// The composition, where the platform has several for the kind.
    #[arg(long, value_name = "NAME")]
    composition: Option<String>,
    /// File or folder with observed composed resources. Can be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    observed: Vec<PathBuf>,
    /// File or folder with objects that the composition may ask for. Can be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    required: Vec<PathBuf>,
    /// File with observed connection details: key, then name and base64 value of each detail.
    #[arg(long, value_name = "FILE")]
    connection: Option<PathBuf>,
    /// File with the input of the composition's step, as its Composition has it.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// A value of the pipeline's context. Can be repeated.
    #[arg(long, value_name = "KEY=JSON", value_parser = context)]
    context: Vec<(String, Value)>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A YAML stream: the composite resource, then the composed resources sorted by key.
    Yaml,
    /// One JSON object with everything; connection details in base64.
    Json,
    /// A short table for people.
    Summary,
}

fn context(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=JSON, such as region='\"eu\"'")?;
    let value = serde_json::from_str(value)
        .map_err(|error| format!("the value is not JSON: {error}; strings need quotes, as in region='\"eu\"'"))?;
    Ok((key.to_owned(), value))
}

/// Renders, and says how it went.
pub(crate) fn run(args: &RenderArgs, compositions: &[Composition]) -> Output {
    let format = match args.output {
        Form::Yaml => Format::Yaml,
        Form::Json => Format::Json,
        Form::Summary => Format::Summary,
    };
    with(&args.inputs, compositions, &|rendered| rendered.show(format))
}

/// Renders, shows the render as `form` does, and says how it went.
pub(crate) fn with(
    args: &InputArgs,
    compositions: &[Composition],
    form: &dyn Fn(&Rendered) -> Result<String, WriteError>,
) -> Output {
    let mut output = Output { exit: Exit::Done, data: String::new(), notes: String::new() };
    output.exit = match rendered(args, compositions) {
        Ok(rendered) => show(&rendered, form, &mut output),
        Err((exit, message)) => {
            let _ = writeln!(output.notes, "{}", message.trim_end());
            exit
        }
    };
    output
}

fn rendered(args: &InputArgs, compositions: &[Composition]) -> Result<Rendered, (Exit, String)> {
    let unreadable = |error: FileError| match error {
        FileError::Io(_) => (Exit::Error, error.to_string()),
        FileError::Yaml(_) | FileError::Content { .. } => (Exit::BadInput, error.to_string()),
    };
    let file = args.composite.display();
    let composite = files::object(&args.composite).map_err(unreadable)?;
    let composition = find(&composite, compositions, args.composition.as_deref())
        .map_err(|message| (Exit::BadInput, format!("error: {file}: {message}")))?;
    let (observed_files, observed): (Vec<String>, Vec<Value>) =
        files::objects(&args.observed).map_err(unreadable)?.into_iter().unzip();
    let connection = args.connection.as_deref().map(files::connection).transpose().map_err(unreadable)?;
    let inputs = Inputs {
        observed,
        required: files::objects(&args.required).map_err(unreadable)?.into_iter().map(|(_, object)| object).collect(),
        connection: connection.unwrap_or_default(),
        input: args.input.as_deref().map(files::object).transpose().map_err(unreadable)?,
        context: args.context.iter().cloned().collect::<Map<String, Value>>(),
        ..Inputs::default()
    };
    composition.render(composite, inputs).map_err(|error| match error {
        RenderError::Pipeline(message) => (Exit::Error, format!("error: {message}")),
        RenderError::Input(faults) => {
            let lines = faults.iter().map(|fault| {
                let file = match fault.input {
                    Input::Composite => Some(file.to_string()),
                    Input::Observed(position) => observed_files.get(position).cloned(),
                    Input::Connection => args.connection.as_ref().map(|path| path.display().to_string()),
                };
                format!("error: {}: {fault}", file.unwrap_or_default())
            });
            (Exit::BadInput, lines.collect::<Vec<_>>().join("\n"))
        }
    })
}

/// The composition for a composite resource.
fn find<'a>(
    composite: &Value,
    compositions: &'a [Composition],
    named: Option<&str>,
) -> Result<&'a Composition, String> {
    let text = |name: &str| composite.get(name).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    if api_version.is_empty() || kind.is_empty() {
        let known = select::kinds(compositions);
        return Err(format!("it does not say its apiVersion and kind; this platform composes {known}"));
    }
    select::composition(compositions, api_version, kind, named)
}

fn show(rendered: &Rendered, form: &dyn Fn(&Rendered) -> Result<String, WriteError>, output: &mut Output) -> Exit {
    for entry in &rendered.results {
        let severity = match entry.result.severity {
            Severity::Fatal => "fatal",
            Severity::Warning => "warning",
            Severity::Normal => "note",
        };
        let _ = writeln!(output.notes, "{severity}: {}: {}", entry.step, entry.result.message);
    }
    for event in rendered.events.iter().filter(|event| event.reason == "NamespaceOverridden") {
        let _ = writeln!(output.notes, "warning: {}", event.message);
    }
    for waiting in &rendered.waiting {
        let _ = writeln!(output.notes, "waiting: {waiting}");
    }
    for gone in &rendered.deleted {
        let _ = writeln!(output.notes, "deleted: {} ({} {}) is no longer desired", gone.key, gone.kind, gone.name);
    }
    if rendered.fatal.is_some() && rendered.results.iter().all(|entry| entry.result.severity != Severity::Fatal) {
        let _ = writeln!(output.notes, "fatal: {}", rendered.fatal.as_deref().unwrap_or_default());
    }
    match form(rendered) {
        Ok(data) => output.data = data,
        Err(error) => {
            let _ = writeln!(output.notes, "error: the render cannot be written as YAML: {error}");
            return Exit::Error;
        }
    }
    if rendered.fatal.is_some() { Exit::Fatal } else { Exit::Done }
}
