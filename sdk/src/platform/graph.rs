//! `graph`: which composed resources need which others.

use clap::{Args, ValueEnum};

use super::Composition;
use super::commands::Output;
use super::render::{self, InputArgs};
use crate::render::GraphFormat;

/// Show which composed resources of a composite resource need which others.
///
/// Renders the composite resource and prints what each composed resource reads from others: values it waits for, values
/// it has, and references by name. The order of deletions is part of it. What is held back or fails goes to standard error,
/// as with `render`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  A list:
      graph examples/xr/network.yaml
  A picture, with Graphviz:
      graph examples/xr/network.yaml --format dot | dot -Tsvg -o network.svg
  A picture in Markdown:
      graph examples/xr/network.yaml --format mermaid

Exit codes: as those of render.")]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    inputs: InputArgs,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A list for people.
    Text,
    /// The language of Graphviz.
    Dot,
    /// The language of Mermaid.
    Mermaid,
}

/// Renders, and shows the graph.
pub(crate) fn run(args: &GraphArgs, compositions: &[Composition]) -> Output {
    let format = match args.format {
        Form::Text => GraphFormat::Text,
        Form::Dot => GraphFormat::Dot,
        Form::Mermaid => GraphFormat::Mermaid,
    };
    render::with(&args.inputs, compositions, &|rendered| Ok(rendered.graph(format)))
}
