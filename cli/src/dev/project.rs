//! Where a platform's files are, and what has to be done when one of them changes.

use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use fs_err as fs;

use super::inputs::Inputs;
use super::process;
use crate::build::metadata::Metadata;
use crate::build::program::cargo;
use crate::folder::real;

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
    /// Ask cargo which folders there are, build, and render.
    Find,
}

impl Project {
    /// The project of the current folder. Where cargo does not understand its manifest, the folder of the manifest, until cargo
    /// does.
    pub(super) async fn find(here: &Path) -> anyhow::Result<Project> {
        let without = || format!("cannot run {}; install Rust", cargo().display());
        let output = process::output(Metadata::command()).await.with_context(without)?;
        if !output.status.success()
            && let Some(root) = here.ancestors().find(|folder| folder.join("Cargo.toml").is_file())
        {
            return Ok(Project::at(root));
        }
        Ok(Project::of(&Metadata::of(&output)?))
    }

    /// The project in a folder, of which nothing else is known.
    pub(super) fn at(root: &Path) -> Project {
        let root = real(root);
        Project { target: root.join("target"), roots: vec![root] }
    }

    fn of(metadata: &Metadata) -> Project {
        let root = real(&metadata.workspace_root);
        let mut roots: Vec<PathBuf> = metadata.by_path().map(real).filter(|path| !path.starts_with(&root)).collect();
        roots.sort();
        roots.dedup();
        roots.insert(0, root);
        Project { roots, target: real(&metadata.target_directory) }
    }

    /// What is to be done about a change of a file, if anything; `program` is the one that renders, if there is any.
    pub(super) fn work(&self, inputs: &Inputs, program: Option<&Path>, path: &Path) -> Option<Work> {
        // Where an input lies is for those to say who named it.
        if inputs.hold(path) && !program.is_none_or(|program| is_source(program, path)) {
            return Some(Work::Render);
        }
        if !self.matters(path) {
            return inputs.hold(path).then_some(Work::Render);
        }
        Some(if path.ends_with("Cargo.toml") { Work::Find } else { Work::Build })
    }

    /// Whether a change of a file is worth giving up a build for, and not one that the build may have made itself, or that follows from
    /// what it says: of an input, of code, or of what the last program was made from.
    pub(super) fn is_urgent(inputs: &Inputs, program: Option<&Path>, path: &Path) -> bool {
        let code = path.ends_with("Cargo.toml") || path.extension().is_some_and(|end| end == "rs");
        code || inputs.hold(path) || program.is_some_and(|program| is_source(program, path))
    }

    /// Whether a path is in the project, and of something that somebody wrote. Cargo decides which of those a program
    /// is made from.
    pub(super) fn matters(&self, path: &Path) -> bool {
        let below = self.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        !path.starts_with(&self.target) && below.is_some_and(|below| !below.components().any(is_passing))
    }
}

/// Whether a program is made from a file, by what cargo wrote beside it: what the compiler read, and what build scripts name. It is,
/// where nothing is known.
fn is_source(program: &Path, path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(program.with_extension("d")) else { return true };
    // One rule of a makefile, `program: source source`, with `\` before a space in a path.
    let Some((_, sources)) = text.split_once(": ") else { return true };
    let sources = sources.trim_end().replace("\\ ", "\0");
    sources.split(' ').map(|source| real(Path::new(&source.replace('\0', " ")))).any(|source| path.starts_with(source))
}

/// Whether a part of a path says that tools or editors keep something there for themselves.
pub(super) fn is_passing(part: Component<'_>) -> bool {
    let Component::Normal(name) = part else { return false };
    let name = name.to_string_lossy();
    // `4913` is how vim finds out whether it may write to a folder.
    name.starts_with(['.', '#']) || name.ends_with(['~', '#']) || name.ends_with(".snap.new") || name == "4913"
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
        (Project::of(&serde_json::from_value(metadata).unwrap()), inputs)
    }

    fn work(path: &str) -> Option<Work> {
        let (project, inputs) = project();
        // What cargo wrote beside the program.
        let built = tempfile::tempdir().unwrap();
        let program = built.path().join("demo");
        fs::write(
            program.with_extension("d"),
            "/demo/target/debug/demo: /demo/src/a.rs /demo/a\\ b/c.yaml /demo/apis\n",
        )
        .unwrap();
        project.work(&inputs, Some(&program), Path::new(path))
    }

    #[test]
    fn crates_by_path_are_watched_once_and_those_inside_with_the_rest() {
        assert_eq!(project().0.roots, [PathBuf::from("/demo"), PathBuf::from("/planewright/sdk")]);
    }

    #[test]
    fn sources_are_built_and_inputs_only_rendered() {
        for path in
            ["/demo/src/a.rs", "/demo/apis/a/definition.yaml", "/planewright/sdk/src/lib.rs", "/demo/examples/xr/a.txt"]
        {
            assert_eq!(work(path), Some(Work::Build), "{path}");
        }
        for path in ["/demo/Cargo.toml", "/planewright/sdk/Cargo.toml"] {
            assert_eq!(work(path), Some(Work::Find), "{path}");
        }
        for path in ["/demo/examples/xr/a.yaml", "/demo/examples/observed/a.yaml", "/demo/examples/observed/b/c.yaml"] {
            assert_eq!(work(path), Some(Work::Render), "{path}");
            let (project, inputs) = project();
            let unknown = [None, Some(Path::new("/nowhere/demo"))];
            assert!(
                unknown.iter().all(|program| project.work(&inputs, *program, Path::new(path)) == Some(Work::Build))
            );
        }
    }

    #[test]
    fn what_is_both_a_source_and_an_input_is_built() {
        let built = tempfile::tempdir().unwrap();
        let program = built.path().join("demo");
        fs::write(program.with_extension("d"), "/demo/demo: /demo/a\\ b/c.yaml /demo/apis\n").unwrap();
        let work = |input: &str, path: &str| {
            let inputs = Inputs::below(Path::new("/demo"), &[PathBuf::from(input)], Path::new("observed"));
            project().0.work(&inputs, Some(&program), Path::new(path))
        };
        assert_eq!(work("a b/c.yaml", "/demo/a b/c.yaml"), Some(Work::Build));
        assert_eq!(work("a b/d.yaml", "/demo/a b/d.yaml"), Some(Work::Render));
        assert_eq!(work("apis/a.yaml", "/demo/apis/a.yaml"), Some(Work::Build));
    }

    #[test]
    fn a_build_is_given_up_for_what_matters_to_it() {
        let built = tempfile::tempdir().unwrap();
        let program = built.path().join("demo");
        fs::write(program.with_extension("d"), "/demo/demo: /demo/apis\n").unwrap();
        let (_, inputs) = project();
        let urgent = |program, path: &str| Project::is_urgent(&inputs, program, Path::new(path));
        for path in ["/demo/src/a.rs", "/demo/Cargo.toml", "/demo/examples/xr/a.yaml"] {
            assert!(urgent(None, path), "{path}");
        }
        assert!(urgent(Some(&program), "/demo/apis/a.yaml") && !urgent(None, "/demo/apis/a.yaml"));
        assert!(!urgent(Some(&program), "/demo/log.txt") && !urgent(None, "/demo/Cargo.lock"));
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
            assert_eq!(work(path), None, "{path}");
        }
        // Who names a hidden file wants it.
        let hidden = Path::new("/home/.tmp/a.yaml");
        let named = Inputs::below(Path::new("/demo"), &[hidden.to_owned()], Path::new("observed"));
        assert_eq!(project().0.work(&named, None, hidden), Some(Work::Render));
        // What is above the project says nothing of it.
        let (mut hidden, inputs) = project();
        hidden.roots = vec![PathBuf::from("/home/.work/demo")];
        assert_eq!(hidden.work(&inputs, None, Path::new("/home/.work/demo/src/a.rs")), Some(Work::Build));
    }
}
