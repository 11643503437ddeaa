//! Where a platform's files are, and what has to be done when one of them changes.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::Deserialize;

use super::inputs::Inputs;
use crate::build::program::cargo;
use crate::exit::Refused;

/// The folders of a platform, as cargo knows them.
#[derive(Debug)]
pub(super) struct Project {
    /// The workspace, and the folders of the crates outside of it that it depends on by path.
    pub(super) roots: Vec<PathBuf>,
    /// Where cargo builds.
    target: PathBuf,
}

/// What is to be done. The later one does all that the earlier one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    /// Render with the program that is there.
    Render,
    /// Build the program, and render.
    Build,
}

impl Project {
    /// The project of the current folder.
    pub(super) fn find() -> anyhow::Result<Project> {
        let cargo = cargo();
        let output = Command::new(&cargo)
            .args(["metadata", "--no-deps", "--format-version=1"])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot run {}; install Rust", cargo.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let remedy = "go to the folder of a platform; `planewright new` writes one";
            return Err(Refused::new(format!("cargo finds no project here\n{}", said.trim_end()), remedy).into());
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout).context("what cargo says of the project")?;
        Ok(Project::of(metadata))
    }

    fn of(metadata: Metadata) -> Project {
        let root = metadata.workspace_root;
        let dependencies = metadata.packages.into_iter().flat_map(|package| package.dependencies);
        let mut roots: Vec<PathBuf> =
            dependencies.filter_map(|dependency| dependency.path).filter(|path| !path.starts_with(&root)).collect();
        roots.sort();
        roots.dedup();
        roots.insert(0, root);
        Project { roots, target: metadata.target_directory }
    }

    /// What is to be done about a change of these files, if anything.
    pub(super) fn work(&self, inputs: &Inputs, changed: &[PathBuf]) -> Option<Work> {
        let work = |path: &PathBuf| {
            // Where an input lies is for those to say who named it; what editors put beside it is none.
            if inputs.hold(path) {
                return path.components().next_back().is_none_or(|name| !is_passing(name)).then_some(Work::Render);
            }
            self.matters(path).then_some(Work::Build)
        };
        changed.iter().filter_map(work).max()
    }

    /// Whether a path is in the project, and of something that somebody wrote. Cargo decides which of those a program
    /// is made from.
    pub(super) fn matters(&self, path: &Path) -> bool {
        let below = self.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        !path.starts_with(&self.target) && below.is_some_and(|below| !below.components().any(is_passing))
    }
}

/// Whether a part of a path says that tools or editors keep something there for themselves.
fn is_passing(part: Component<'_>) -> bool {
    let Component::Normal(name) = part else { return false };
    let name = name.to_string_lossy();
    // `4913` is how vim finds out whether it may write to a folder.
    name.starts_with(['.', '#']) || name.ends_with(['~', '#']) || name.ends_with(".snap.new") || name == "4913"
}

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> (Project, Inputs) {
        let metadata = serde_json::json!({
            "workspace_root": "/demo",
            "target_directory": "/demo/target",
            "packages": [
                {"dependencies": [{"path": null}, {"path": "/planewright/sdk"}, {"path": "/demo/generated"}]},
                {"dependencies": [{"path": "/planewright/sdk"}]},
            ],
        });
        let inputs = Inputs::below(Path::new("/demo"), &[], Path::new("examples/observed"));
        (Project::of(serde_json::from_value(metadata).unwrap()), inputs)
    }

    fn work(paths: &[&str]) -> Option<Work> {
        let (project, inputs) = project();
        project.work(&inputs, &paths.iter().map(PathBuf::from).collect::<Vec<_>>())
    }

    #[test]
    fn crates_by_path_are_watched_once_and_those_inside_with_the_rest() {
        assert_eq!(project().0.roots, [PathBuf::from("/demo"), PathBuf::from("/planewright/sdk")]);
    }

    #[test]
    fn sources_are_built_and_inputs_only_rendered() {
        for path in
            ["/demo/src/a.rs", "/demo/Cargo.toml", "/demo/apis/a/definition.yaml", "/planewright/sdk/src/lib.rs"]
        {
            assert_eq!(work(&[path]), Some(Work::Build), "{path}");
        }
        for path in ["/demo/examples/xr/a.yaml", "/demo/examples/observed/a.yaml", "/demo/examples/observed/b/c.yaml"] {
            assert_eq!(work(&[path]), Some(Work::Render), "{path}");
        }
        assert_eq!(work(&["/demo/examples/xr/a.yaml", "/demo/src/a.rs"]), Some(Work::Build));
        assert_eq!(work(&["/demo/src/a.rs", "/demo/examples/xr/a.yaml"]), Some(Work::Build));
    }

    #[test]
    fn what_tools_keep_for_themselves_changes_nothing() {
        for path in [
            "/demo/target/debug/demo",
            "/demo/.git/index",
            "/demo/src/.archive.rs.swp",
            "/demo/src/archive.rs~",
            "/demo/src/#archive.rs#",
            "/demo/src/.#archive.rs",
            "/demo/src/4913",
            "/demo/tests/snapshots/a.snap.new",
            "/demo/examples/xr/.a.yaml.swp",
            "/elsewhere/a.rs",
        ] {
            assert_eq!(work(&[path]), None, "{path}");
        }
        assert_eq!(work(&[]), None);
        let named = Inputs::below(Path::new("/demo"), &[PathBuf::from("/home/.tmp/a.yaml")], Path::new("observed"));
        assert_eq!(project().0.work(&named, &[PathBuf::from("/home/.tmp/a.yaml")]), Some(Work::Render));
        // What is above the project says nothing of it.
        let (mut hidden, inputs) = project();
        hidden.roots = vec![PathBuf::from("/home/.work/demo")];
        assert_eq!(hidden.work(&inputs, &[PathBuf::from("/home/.work/demo/src/a.rs")]), Some(Work::Build));
    }
}
