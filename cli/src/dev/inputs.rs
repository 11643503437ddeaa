//! The composite resources that are rendered, and what is observed of them.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::project::is_passing;
use crate::folder::real;

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

/// All renders that there are to make.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// In order: each composite resource as nothing of it exists, and again with what is observed of it, if anything is.
    pub(super) inputs: Vec<Input>,
    /// What was named and has no composite resource in it.
    pub(super) missing: Vec<PathBuf>,
}

/// Where inputs are looked for, by a path as the system tells of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The path, without links and `..` as far as there is anything at it.
    pub(super) path: PathBuf,
    /// Whether inputs are in its folders too.
    pub(super) deep: bool,
}

impl Inputs {
    /// The inputs seen from the folder `here`.
    pub(super) fn below(here: &Path, composites: &[PathBuf], observed: &Path) -> Inputs {
        let composites = if composites.is_empty() { vec![PathBuf::from(DEFAULT)] } else { composites.to_vec() };
        Inputs { here: here.to_owned(), composites, observed: observed.to_owned() }
    }

    /// Whether a path is of an input, or of a folder of inputs.
    pub(super) fn hold(&self, path: &Path) -> bool {
        self.places().iter().any(|place| match path.strip_prefix(&place.path) {
            Ok(below) if below == Path::new("") => true,
            Ok(below) if place.deep => !below.components().any(is_passing),
            Ok(below) => below.components().count() == 1 && is_object(below),
            Err(_) => false,
        })
    }

    /// Where inputs are. A link is in two places.
    pub(super) fn places(&self) -> Vec<Place> {
        let named = self.composites.iter().map(|path| (path, false)).chain([(&self.observed, true)]);
        let mut places = Vec::new();
        for (path, deep) in named {
            let path = self.here.join(path);
            let link = path.parent().zip(path.file_name()).map(|(folder, name)| real(folder).join(name));
            for path in [Some(real(&path)), link].into_iter().flatten() {
                let place = Place { path, deep };
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }

    /// All renders.
    pub(super) fn find(&self) -> io::Result<Found> {
        let (mut found, mut known) = (Found::default(), BTreeSet::new());
        for path in &self.composites {
            let composites = files(&self.here, path)?;
            if composites.is_empty() {
                found.missing.push(path.clone());
            }
            for composite in composites {
                if !known.insert(real(&self.here.join(&composite))) {
                    continue;
                }
                let observed = self.observed_of(&composite);
                found.inputs.push(Input { composite: composite.clone(), observed: None });
                found.inputs.extend(observed.map(|observed| Input { composite, observed: Some(observed) }));
            }
        }
        Ok(found)
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
    for entry in fs::read_dir(&absolute)? {
        let name = PathBuf::from(entry?.file_name());
        if is_object(&name) && !absolute.join(&name).is_dir() {
            files.push(path.join(name));
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file, by its name, is one in which somebody keeps an object.
fn is_object(name: &Path) -> bool {
    let end = name.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known));
    end && !name.components().any(is_passing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(files: &[&str]) -> tempfile::TempDir {
        let here = tempfile::tempdir().unwrap();
        for file in files {
            let path = here.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        here
    }

    fn below(here: &Path, composites: &[&str]) -> Inputs {
        let composites: Vec<PathBuf> = composites.iter().map(PathBuf::from).collect();
        Inputs::below(here, &composites, Path::new("observed"))
    }

    #[test]
    fn what_is_observed_is_rendered_beside_what_is_not() {
        let here = place(&[
            "xr/b.yaml",
            "xr/a.yaml",
            "xr/notes.txt",
            "xr/.hidden.yaml",
            "xr/folder.yaml/d.yaml",
            "xr/c.json",
            "observed/a.yaml",
            "observed/c/one.yaml",
            "other.yaml",
        ]);
        let found = |composites: &[&str]| -> (Vec<String>, Vec<PathBuf>) {
            let Found { inputs, missing } = below(here.path(), composites).find().unwrap();
            (inputs.iter().map(Input::name).collect(), missing)
        };
        let names = |composites: &[&str]| found(composites).0;
        assert_eq!(
            names(&["xr"]),
            ["xr/a.yaml", "xr/a.yaml with observed/a.yaml", "xr/b.yaml", "xr/c.json", "xr/c.json with observed/c"]
        );
        assert_eq!(names(&["other.yaml", "xr/b.yaml"]), ["other.yaml", "xr/b.yaml"]);
        assert_eq!(names(&["xr/b.yaml", ".", "xr/../other.yaml"]), ["xr/b.yaml", "./other.yaml"], "each once");
        assert_eq!(
            found(&["gone.yaml", "xr/b.yaml"]),
            (vec!["xr/b.yaml".to_owned()], vec![PathBuf::from("gone.yaml")])
        );
        assert_eq!(found(&[]), (vec![], vec![PathBuf::from(DEFAULT)]));
    }

    #[test]
    fn a_folder_of_inputs_does_not_make_all_that_is_in_it_inputs() {
        let here = place(&["a.yaml", "src/lib.rs", "src/b.yaml", "observed/a/one.yaml"]);
        let real = fs::canonicalize(here.path()).unwrap();
        let held = |composites: &[&str], path: &str| below(here.path(), composites).hold(&real.join(path));
        for path in ["a.yaml", "new.json", "observed/a/one.yaml", "observed/b.yaml"] {
            assert!(held(&["."], path), "{path}");
        }
        for path in ["src/lib.rs", "src/b.yaml", "Cargo.toml", ".gitlab-ci.yml", "observed/.a.yaml.swp"] {
            assert!(!held(&["."], path), "{path}");
        }
        assert!(held(&["src/../a.yaml"], "a.yaml") && held(&["src/.."], "a.yaml"));
        assert!(!held(&["src/b.yaml"], "src/c.yaml"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_watched_and_so_is_what_it_points_to() {
        let here = place(&["elsewhere/a.yaml", "xr/b.yaml"]);
        std::os::unix::fs::symlink(here.path().join("elsewhere/a.yaml"), here.path().join("xr/a.yaml")).unwrap();
        let real = fs::canonicalize(here.path()).unwrap();
        let inputs = below(here.path(), &["xr/a.yaml"]);
        assert!(inputs.hold(&real.join("elsewhere/a.yaml")) && inputs.hold(&real.join("xr/a.yaml")));
        assert!(!inputs.hold(&real.join("xr/b.yaml")));
    }
}
