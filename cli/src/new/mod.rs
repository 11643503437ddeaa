//! `planewright new`: a platform that builds, tests and packages at once.

#[cfg(test)]
mod ci;
mod manifest;
mod name;
mod stage;
mod template;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use fs_err as fs;
use planewright_codegen::{Error as Codegen, RefusedXrd};
use planewright_definitions::{admission, yaml};
use serde_json::Value;

use crate::exit::{Outcome, Refused};
use crate::folder::real;
use crate::terminal::Terminal;
use crate::{claims, docs, schemas};
use manifest::Crates;
use stage::Stage;

/// Write a new platform: a crate with one API that builds, tests and packages at once
///
/// The project has an API of its own, `Archive`, and a composition for it that makes a private S3 bucket; the schemas
/// of what it composes, pinned; tests with a snapshot; a crate of typed claims for services; and continuous integration
/// that checks all of it, and packages it for two architectures. Its README says what to change first.
///
/// Nothing is fetched, and nothing is written unless all of it is.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
The crates of planewright come from the registry, at the version of this program. In a checkout of planewright, and
with --sdk, they come from there by path.

Examples:
  planewright new storage-platform --group platform.acme.io
  cd storage-platform && cargo test && planewright dev
  planewright new demo --sdk ../planewright --ci github")]
pub(crate) struct New {
    /// The name of the platform: of its crate, its program, and its packages
    name: String,
    /// The folder to write, which must not be there, or be empty [default: the name]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// The group of its APIs: a domain that is yours. It cannot be changed once a cluster has it
    #[arg(long, value_name = "GROUP", default_value = "platform.example.org")]
    group: String,
    /// A checkout of planewright whose crates it depends on, by path
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
    /// Which continuous integration to write; may be repeated [default: github and gitlab]
    #[arg(long, value_enum, value_name = "WHERE")]
    ci: Vec<Ci>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ci {
    /// A workflow of GitHub Actions
    Github,
    /// A pipeline of GitLab
    Gitlab,
    /// Nothing
    None,
}

/// What makes a project somebody's own.
struct Project {
    /// The name of its crate.
    name: String,
    /// The group of its API.
    group: String,
    /// The path of the module with the types of its API.
    module: String,
}

pub(crate) fn run(command: &New, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let name = name::krate(&command.name)?;
    let group = name::group(&command.group)?;
    let module = module(&group)?;
    let project = Project { name, group, module };
    // Manifests name folders by the way to them, and a link on it would lead it elsewhere.
    let folder = real(&std::path::absolute(command.path.as_deref().unwrap_or(Path::new(&project.name)))?);
    let stage = Stage::of(&folder)?;
    let crates = match &command.sdk {
        Some(path) => Crates::named(path)?,
        None => Crates::around(&folder)?,
    };
    if command.ci.contains(&Ci::None) && command.ci.len() > 1 {
        return Err(Refused::new("`--ci none` stands beside another `--ci`", "leave one of them out").into());
    }

    write(&stage.project(), &folder, &project, &crates, &command.ci, terminal)?;
    stage.publish()?;

    let shown = command.path.clone().unwrap_or_else(|| PathBuf::from(&project.name));
    let shown = shown.display();
    terminal.note(format_args!("{shown}: the platform {}, with the API Archive of {}", project.name, project.group));
    match &crates {
        Crates::Published => {}
        Crates::Checkout(checkout) => terminal.note(format_args!(
            "note: its crates of planewright are those in {}, by path; continuous integration finds published ones only",
            checkout.display()
        )),
    }
    terminal.note(format_args!("next:\n  cd {shown}\n  cargo test\n  planewright dev"));
    Ok(Outcome::Done)
}

/// The path of the module with the API's types. A group that a control plane would refuse is refused with its reasons.
fn module(group: &str) -> anyhow::Result<String> {
    let definition: Value = yaml::from_str(&template::definition(group), template::DEFINITION)?;
    let admitted = admission::admit(&definition).map_err(|refusals| {
        let name = definition.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Codegen::Refused(vec![RefusedXrd { place: format!("--group {group}"), name, refusals }])
    })?;
    let none = || Refused::new(format!("types of the group `{group}` have no place in Rust"), "name another group");
    Ok(name::module(&admitted.composite).ok_or_else(none)?)
}

/// Writes a project into `at`, as it will stand in `folder`.
fn write(
    at: &Path,
    folder: &Path,
    project: &Project,
    crates: &Crates,
    ci: &[Ci],
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let put = |path: &str, text: &str| -> anyhow::Result<()> {
        let path = at.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(fs::write(path, text)?)
    };
    let wanted = |one: Ci| ci.is_empty() || ci.contains(&one);
    let ci = [(Ci::Github, template::GITHUB), (Ci::Gitlab, template::GITLAB)];
    let ci: Vec<_> = ci.into_iter().filter(|(one, _)| wanted(*one)).map(|(_, file)| file).collect();
    for (path, text) in template::files(&ci) {
        put(path, &template::named(text, project))?;
    }
    for (path, text) in template::MANIFESTS {
        let manifest = folder.join(path);
        let beside = manifest.parent().unwrap_or(folder);
        put(path, &crates.put_into(&template::named(text, project), beside)?)?;
    }
    // By the same code as for everybody's schemas and claims: the locks name the types of this group.
    let (schemas, apis) = (at.join("schemas"), at.join("apis"));
    let definitions = tempfile::tempdir()?;
    for (path, text) in template::SCHEMAS {
        fs::write(definitions.path().join(path.trim_start_matches("schemas/")), text)?;
    }
    let source = schemas::Source { name: template::SOURCE, version: template::SOURCE_VERSION, docs: docs::Docs::None };
    schemas::pin(definitions.path(), &source, &schemas, &apis, terminal)?;
    for file in claims::files(&apis, &schemas, docs::Docs::Full)? {
        put(&format!("generated/src/{}", file.path), &file.contents)?;
    }
    Ok(())
}
