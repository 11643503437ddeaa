//! The composite resources that are rendered, and what is observed of them.

use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;

/// Where composite resources are looked for if nobody names any.
pub(super) const DEFAULT: &str = "examples/xr";

/// Which files are inputs.
#[derive(Debug)]
pub(super) struct Inputs {
    /// The current folder, from which people see paths.
    here: PathBuf,
    /// Files, and folders of files.
    composites: Vec<PathBuf>,
    /// The folder with what is observed, in files or folders of the names of the composites.
    observed: PathBuf,
}

/// One render: of a composite resource of which nothing exists, or of one of which something does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Input {
    /// The composite resource.
    pub(super) composite: PathBuf,
    /// What exists of it.
    pub(super) observed: Option<PathBuf>,
}

impl Input {
    /// What people call it.
    pub(super) fn name(&self) -> String {
        match &self.observed {
            None => self.composite.display().to_string(),
            Some(observed) => format!("{} with {}", self.composite.display(), observed.display()),
        }
    }
}

impl Inputs {
    /// The inputs seen from the folder `here`.
    pub(super) fn below(here: &Path, composites: &[PathBuf], observed: &Path) -> Inputs {
        let composites = if composites.is_empty() { vec![PathBuf::from(DEFAULT)] } else { composites.to_vec() };
        Inputs { here: here.to_owned(), composites, observed: observed.to_owned() }
    }

    /// Whether a file, by its absolute path, is an input or in a folder of inputs.
    pub(super) fn hold(&self, path: &Path) -> bool {
        self.places().any(|place| path.starts_with(place))
    }

    /// The absolute paths of all that inputs are in.
    pub(super) fn places(&self) -> impl Iterator<Item = PathBuf> {
        self.composites.iter().chain([&self.observed]).map(|path| self.here.join(path))
    }

    /// What people named, as they named it.
    pub(super) fn named(&self) -> String {
        self.composites.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }

    /// All renders, in order: each composite resource as nothing of it exists, and again with what is observed of it,
    /// if anything is.
    pub(super) fn find(&self) -> io::Result<Vec<Input>> {
        let mut inputs = Vec::new();
        for path in &self.composites {
            for composite in files(&self.here, path)? {
                let observed = self.observed_of(&composite);
                inputs.push(Input { composite: composite.clone(), observed: None });
                inputs.extend(observed.map(|observed| Input { composite, observed: Some(observed) }));
            }
        }
        inputs.dedup();
        Ok(inputs)
    }

    /// What is observed of a composite resource: a file of the same name, or a folder called as it without its
    /// extension.
    fn observed_of(&self, composite: &Path) -> Option<PathBuf> {
        let file = self.observed.join(composite.file_name()?);
        let folder = self.observed.join(composite.file_stem()?);
        [file, folder].into_iter().find(|path| self.here.join(path).exists())
    }
}

/// A file, or the YAML and JSON files of a folder, sorted by name.
fn files(here: &Path, path: &Path) -> io::Result<Vec<PathBuf>> {
    let absolute = here.join(path);
    if !absolute.is_dir() {
        return Ok(if absolute.exists() { vec![path.to_owned()] } else { Vec::new() });
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(absolute)? {
        let name = PathBuf::from(entry?.file_name());
        if name.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known)) {
            files.push(path.join(name));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_observed_is_rendered_beside_what_is_not() {
        let here = tempfile::tempdir().unwrap();
        for file in [
            "xr/b.yaml",
            "xr/a.yaml",
            "xr/notes.txt",
            "xr/c.json",
            "observed/a.yaml",
            "observed/c/one.yaml",
            "other.yaml",
        ] {
            let path = here.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let names = |composites: &[&str]| -> Vec<String> {
            let composites: Vec<PathBuf> = composites.iter().map(PathBuf::from).collect();
            let inputs = Inputs::below(here.path(), &composites, Path::new("observed"));
            inputs.find().unwrap().iter().map(Input::name).collect()
        };
        assert_eq!(
            names(&["xr"]),
            ["xr/a.yaml", "xr/a.yaml with observed/a.yaml", "xr/b.yaml", "xr/c.json", "xr/c.json with observed/c"]
        );
        assert_eq!(names(&["other.yaml", "xr/b.yaml"]), ["other.yaml", "xr/b.yaml"]);
        assert!(names(&["gone.yaml"]).is_empty());
        assert!(names(&[]).is_empty(), "examples/xr is not there");
    }
}
