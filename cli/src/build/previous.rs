//! Objects as a cluster may have them already: those of an earlier build, those that Git has, and those that somebody names.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use fs_err as fs;
use planewright_codegen::File;
use planewright_definitions::load::{Paths, Problem, Source as _};
use planewright_definitions::yaml;
use serde_json::Value;

use crate::apis;

/// An object as it was.
pub(crate) struct Previous {
    pub(super) object: Value,
    /// The file that it stands in.
    pub(super) path: String,
    /// Who has that file.
    pub(super) origin: Origin,
}

/// Who has the file of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The folder that is written to.
    Output,
    /// Somebody named it, as what a cluster has.
    Named,
    /// The last commit.
    Git,
}

/// What objects are compared with.
#[derive(Args)]
pub(crate) struct Against {
    /// Refuse what a cluster with these objects would let nobody change: an earlier output, a folder that is delivered, or what `kubectl get
    /// xrd,composition -o yaml` writes. Can be repeated. Default: what Git has committed in apis/
    #[arg(long, value_name = "FILE|DIR")]
    against: Vec<PathBuf>,
}

impl Against {
    /// The objects that somebody names, or else those that Git has.
    pub(crate) fn objects(&self) -> anyhow::Result<Vec<Previous>> {
        if self.against.is_empty() { Ok(committed()) } else { named(&self.against) }
    }
}

/// Those at the places of these files.
pub(crate) fn of_files(out: &Path, files: &[File]) -> anyhow::Result<Vec<Previous>> {
    let mut found = Vec::new();
    for file in files {
        let path = out.join(&file.path);
        if path.is_file() {
            let text = fs::read_to_string(&path)?;
            found.extend(objects(&text, &path.display().to_string(), Origin::Output).unwrap_or_default());
        }
    }
    Ok(found)
}

/// Those of files and folders that somebody names.
fn named(paths: &[PathBuf]) -> anyhow::Result<Vec<Previous>> {
    let mut found = Vec::new();
    // One path, one problem at most.
    let streams = paths.iter().map(|path| Paths::new([path]).streams().map_err(|mut problems| problems.swap_remove(0)));
    for stream in streams.collect::<Result<Vec<_>, Problem>>()?.into_iter().flatten() {
        let text = fs::read_to_string(stream.name())?;
        found.extend(objects(&text, stream.name(), Origin::Named)?);
    }
    Ok(found)
}

/// Those in `apis/` as Git has them at the commit that is checked out. Nothing where there is no Git or no such folder: who asks for nothing gets what there is.
fn committed() -> Vec<Previous> {
    let archive = Command::new("git")
        .args(["archive", "--format=tar", "HEAD", "--", apis::DEFAULT])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Some(archive) = archive.ok().filter(|output| output.status.success()) else { return Vec::new() };
    let mut archive = tar::Archive::new(&*archive.stdout);
    let mut found = Vec::new();
    for entry in archive.entries().into_iter().flatten() {
        let Ok(mut entry) = entry else { break };
        let path = entry.path().map(|path| path.display().to_string()).unwrap_or_default();
        let mut text = String::new();
        if path.ends_with(".yaml") && entry.read_to_string(&mut text).is_ok() {
            found.extend(objects(&text, &path, Origin::Git).unwrap_or_default());
        }
    }
    found
}

/// The objects of a stream, and of lists in it, as `kubectl get -o yaml` writes them.
fn objects(text: &str, path: &str, origin: Origin) -> Result<Vec<Previous>, yaml::YamlError> {
    let mut found = Vec::new();
    for document in yaml::documents(text) {
        let mut object: Value = yaml::read(&document, path)?;
        let items = match object["kind"] == "List" {
            true => object["items"].as_array_mut().map(std::mem::take).unwrap_or_default(),
            false => vec![object],
        };
        found.extend(items.into_iter().map(|object| Previous { object, path: path.to_owned(), origin }));
    }
    Ok(found)
}
