//! `planewright xrd convert`: what a control plane makes of an XRD.

use std::io::{Error, ErrorKind, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use planewright_codegen::{Error as Codegen, RefusedXrd};
use planewright_definitions::crd::Crd;
use planewright_definitions::load::Problem;
use planewright_definitions::{admission, xcrd, xrd, yaml};
use serde_json::Value;

use crate::exit::Outcome;
use crate::terminal::{Terminal, counted};

/// Print the CRDs that Crossplane derives from an XRD
///
/// First the CRD of the composite resource, then that of the claim, if the XRD offers one. An XRD that the API server or
/// Crossplane would refuse is refused here, with every reason at once.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
The official `crossplane xrd convert` takes every XRD for a v1 one. This command applies the defaults of the XRD's own
version, as a cluster does: a v2 XRD without `scope` is Namespaced.

Examples:
  planewright xrd convert apis/networks/definition.yaml
  planewright xrd convert apis/networks/definition.yaml | kubectl diff -f -")]
pub(crate) struct Convert {
    /// A file with an XRD; `-` reads standard input
    #[arg(value_name = "XRD")]
    path: PathBuf,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Yaml)]
    output: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A stream of YAML documents
    Yaml,
    /// A JSON array
    Json,
}

pub(super) fn run(command: &Convert, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let Convert { path, output } = command;
    let crds = convert(&read(path)?, &path.display().to_string())?;
    match output {
        Format::Yaml => terminal.out().write_all(yaml::stream(&crds)?.as_bytes())?,
        Format::Json => writeln!(terminal.out(), "{}", serde_json::to_string_pretty(&crds)?)?,
    }
    Ok(Outcome::Done)
}

fn read(path: &PathBuf) -> anyhow::Result<String> {
    let file = path.display().to_string();
    let unreadable = |error: &Error| match error.kind() {
        ErrorKind::NotFound => {
            Problem::of_file(&file, "there is no such file", "check the path and the folder you are in")
        }
        ErrorKind::InvalidData => Problem::of_file(&file, "the file is not UTF-8", "save it as UTF-8"),
        kind => Problem::of_file(&file, format!("cannot be read: {kind}"), "name a file that you may read"),
    };
    let text = match path.as_os_str() == "-" {
        true => std::io::read_to_string(std::io::stdin()),
        false => std::fs::read_to_string(path),
    };
    text.map_err(|error| unreadable(&error).into())
}

/// The CRDs of every XRD in a text.
fn convert(text: &str, file: &str) -> anyhow::Result<Vec<Crd>> {
    let (mut crds, mut refused, mut others) = (Vec::new(), Vec::new(), 0);
    for document in yaml::documents(text) {
        let value: Value = yaml::read(&document, file).map_err(Problem::from)?;
        if value.get("kind").and_then(Value::as_str) != Some(xrd::KIND) {
            others += 1;
            continue;
        }
        match admission::admit(&value) {
            Ok(admitted) => {
                crds.push(xcrd::composite(&admitted.xrd)?);
                crds.extend(xcrd::claim(&admitted.xrd)?);
            }
            Err(refusals) => {
                let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("without a name");
                let place = format!("{file}:{}", document.line);
                refused.push(RefusedXrd { place, name: name.to_owned(), refusals });
            }
        }
    }
    if !refused.is_empty() {
        return Err(Codegen::Refused(refused).into());
    }
    if crds.is_empty() {
        let others = counted(others, "other document was", "other documents were");
        let remedy = "name a file with a CompositeResourceDefinition of apiextensions.crossplane.io";
        return Err(Problem::of_file(file, format!("no XRD is here; {others} passed over"), remedy).into());
    }
    Ok(crds)
}
