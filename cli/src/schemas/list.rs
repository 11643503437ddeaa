//! `planewright schemas list`.

use std::io::Write;

use clap::{Args, ValueEnum};
use planewright_codegen::Docs;
use planewright_codegen::lock::SchemasLock;
use serde_json::{Value, json};

use super::Folder;
use crate::exit::Outcome;
use crate::terminal::Terminal;

/// List the sources of the pinned schemas
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    folder: Folder,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Columns for people
    Table,
    /// `{sources: [{name, version, docs, kinds, files: [{path, digest}]}]}`
    Json,
}

pub(crate) fn run(command: &List, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let lock = super::lock(&command.folder.path)?;
    match command.output {
        Format::Table => table(&lock, terminal)?,
        Format::Json => writeln!(terminal.out(), "{}", serde_json::to_string_pretty(&value(&lock))?)?,
    }
    Ok(Outcome::Done)
}

fn table(lock: &SchemasLock, terminal: &mut Terminal) -> std::io::Result<()> {
    let mut rows = vec![["SOURCE", "VERSION", "DOCS", "KINDS"].map(str::to_owned)];
    rows.extend(lock.sources.iter().map(|source| {
        [source.name.clone(), source.version.clone(), word(source.docs).to_owned(), source.files.len().to_string()]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    for [name, version, docs, kinds] in &rows {
        let [a, b, c] = widths;
        writeln!(terminal.out(), "{name:a$}  {version:b$}  {docs:c$}  {kinds}")?;
    }
    Ok(())
}

fn value(lock: &SchemasLock) -> Value {
    let sources = lock.sources.iter().map(|source| {
        json!({
            "name": source.name,
            "version": source.version,
            "docs": source.docs,
            "kinds": source.files.len(),
            "files": source.files,
        })
    });
    json!({ "sources": sources.collect::<Vec<_>>() })
}

fn word(docs: Docs) -> &'static str {
    match docs {
        Docs::Full => "full",
        Docs::First => "first",
        Docs::None => "none",
    }
}
