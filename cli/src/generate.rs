//! `planewright generate`: Rust types in a folder.

use std::path::{Component, Path, PathBuf};

use clap::Args;
use planewright_codegen::File;

use crate::apis;
use crate::docs::Docs;
use crate::exit::{Outcome, Refused};
use crate::folder;
use crate::terminal::{Terminal, counted};

/// Generate Rust types from CRDs and XRDs into a folder
///
/// Platforms need this seldom, as their build script generates what they use. It is for looking at what would be
/// generated, and for a crate of types that several platforms share.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
CRDs and ManagedResourceDefinitions become provider types, XRDs become composite resources. Without --select every
kind is generated, at the version at which its objects are stored. In a folder with a planewright.lock the schemas are
verified first, and names.lock is obeyed.

Files in DIR that planewright did not generate are never overwritten; generated ones that are no longer made are removed.

Examples:
  planewright generate schemas apis --out src/types
  planewright generate crds/ --select 'ec2.aws.m.upbound.io/*' --select 's3.*/Bucket/v1beta1' --out types
  planewright generate crds/ --crate aws-types --sdk ../sdk --out aws-types
  planewright generate schemas apis --out src/types --check")]
pub(crate) struct Generate {
    /// Files, folders or globs with CRDs, MRDs and XRDs
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write a whole crate of this name: Cargo.toml and src/
    ///
    /// In a workspace, add it to the members.
    #[arg(long = "crate", value_name = "NAME")]
    package: Option<String>,
    /// The folder of the sdk that the crate depends on [default: the published version]
    #[arg(long, value_name = "PATH", requires = "package")]
    sdk: Option<PathBuf>,
    /// Only kinds that fit: GROUP/KIND or GROUP/KIND/VERSION, where `*` stands for any text; may be repeated
    #[arg(long, value_name = "GLOB")]
    select: Vec<String>,
    /// How much of the descriptions becomes documentation
    #[arg(long, value_enum, default_value_t = Docs::First)]
    docs: Docs,
    /// Write nothing; list what differs, with exit code 3 if anything does
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(command: &Generate, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let progress = terminal.progress("generating");
    let mut files = types(command, terminal)?;
    if let Some(name) = &command.package {
        for file in &mut files {
            file.path.insert_str(0, "src/");
        }
        files.push(File {
            path: "Cargo.toml".to_owned(),
            contents: manifest(name, command.sdk.as_deref(), &command.out)?,
        });
    }
    progress.finish_and_clear();
    write(&command.out, &files, command.check, terminal)
}

fn types(command: &Generate, terminal: &Terminal) -> anyhow::Result<Vec<File>> {
    let root = if command.package.is_some() { "lib.rs" } else { "mod.rs" };
    let config = planewright_codegen::configure().docs(command.docs.into()).pretty(true).root_file(root);
    let config = command.select.iter().fold(config, |config, pattern| config.select(pattern));
    let apis = apis::with_xrds(&command.paths)?;
    let (files, report) = config.files(&command.paths, &apis)?;
    for warning in &report.warnings {
        terminal.note(format_args!("warning: {warning}"));
    }
    if report.kinds == 0 {
        return Err(Refused::new(
            format!("no kind fits {}", command.select.join(", ")),
            "`*` stands for any text: `*/*` is every kind, `*/*/*` every version of every kind",
        )
        .into());
    }
    Ok(files)
}

/// Writes a folder, or lists how it differs.
pub(crate) fn write(out: &Path, files: &[File], check: bool, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let drift = folder::drift(out, files, folder::Reach::SOURCES)?;
    if check {
        folder::list(&drift, terminal)?;
        return Ok(if drift.is_empty() { Outcome::Done } else { Outcome::Differences });
    }
    folder::replace(out, files, &drift)?;
    let same =
        files.len() - drift.iter().filter(|drift| !matches!(drift, planewright_codegen::Drift::Stale(_))).count();
    terminal.note(format_args!(
        "{}: {} written or removed, {same} as before",
        out.display(),
        counted(drift.len(), "file", "files")
    ));
    Ok(Outcome::Done)
}

fn manifest(name: &str, sdk: Option<&Path>, out: &Path) -> anyhow::Result<String> {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(letters) {
        let remedy = "use lower-case letters, digits, `-` and `_`, beginning with a letter, such as `aws-types`";
        return Err(Refused::new(format!("`{name}` is no name for a crate"), remedy).into());
    }
    let sdk = match sdk {
        Some(folder) if !folder.join("Cargo.toml").is_file() => {
            let reason = format!("no crate is in {}: it has no Cargo.toml", folder.display());
            return Err(Refused::new(reason, "name the folder `sdk` of a checkout of planewright with --sdk").into());
        }
        Some(folder) => format!("{{ path = {} }}", toml_text(&seen_from(folder, out)?)),
        None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
    };
    Ok(format!(
        "# {}. Changes here are lost.\n[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\nplanewright = {sdk}\n",
        folder::MARK
    ))
}

/// A text as TOML writes it. Its basic strings escape as JSON does.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The path of a folder as the manifest in `out` has to say it: an absolute one stays, so that nothing surprises, and a
/// relative one is turned round, so that no path of this machine is written down.
pub(crate) fn seen_from(folder: &Path, out: &Path) -> std::io::Result<String> {
    if folder.is_absolute() {
        return Ok(folder.display().to_string());
    }
    Ok(between(&std::path::absolute(out)?, &std::path::absolute(folder)?).display().to_string())
}

/// The way from one folder to another; both paths are absolute.
pub(crate) fn between(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (plain(from), plain(to));
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let way: PathBuf =
        std::iter::repeat_n("..", from.len() - shared).chain(to[shared..].iter().map(String::as_str)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

/// The parts of an absolute path, with each `..` taken at its word.
fn plain(path: &Path) -> Vec<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::CurDir => {}
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts
}
