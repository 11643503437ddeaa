//! Where cargo says that a project is, and which crates it names by path.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Context as _;
use serde::Deserialize;

use super::program::cargo;
use crate::exit::Refused;

/// What `cargo metadata` says of a workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Its folder.
    pub(crate) workspace_root: PathBuf,
    /// Where cargo builds it.
    pub(crate) target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}

impl Metadata {
    /// The command that asks about the project of the current folder, for [`Metadata::of`]. It needs no network and no lock file,
    /// for it asks nothing of the crates that the project depends on.
    pub(crate) fn command() -> Command {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--no-deps", "--format-version=1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What the command has answered.
    pub(crate) fn of(output: &Output) -> anyhow::Result<Metadata> {
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let remedy = "go to the folder of a platform; `planewright new` writes one";
            return Err(Refused::new(format!("cargo finds no project here\n{}", said.trim_end()), remedy).into());
        }
        serde_json::from_slice(&output.stdout).context("what cargo says of the project")
    }

    /// The folders of the crates that those of the workspace depend on by path. Some may be there several times.
    pub(crate) fn by_path(&self) -> impl Iterator<Item = &Path> {
        let dependencies = self.packages.iter().flat_map(|package| &package.dependencies);
        dependencies.filter_map(|dependency| dependency.path.as_deref())
    }
}
