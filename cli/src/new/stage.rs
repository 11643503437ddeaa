//! A place where a project is complete before it gets its name: all of it is there, or nothing.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use fs_err as fs;

use crate::exit::Refused;

/// A hidden folder on the file system of the project, since nothing is renamed from one to another. When it is dropped, nothing
/// of it is left.
pub(super) struct Stage {
    hidden: tempfile::TempDir,
    /// Where the project is to be.
    folder: PathBuf,
    target: Target,
}

/// What becomes of the project when it is complete.
enum Target {
    /// The folder is not there, nor perhaps some of those around it: the first of them that is missing, and the project's path
    /// from the one around that.
    Missing { first: OsString, below: PathBuf },
    /// The folder is there and empty. It stays the one that it is: it may be somebody's current folder, or a file system of its own.
    Empty,
}

impl Stage {
    /// A stage for a project in a folder, by its absolute path, which is not there or empty.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Stage> {
        refuse_occupied(folder)?;
        let above = folder.ancestors().find(|above| above.is_dir()).context("there is no folder above")?;
        let below = folder.strip_prefix(above)?.to_owned();
        if below.components().any(|part| part == Component::ParentDir) {
            let reason = format!("{} leads through folders that are not there", folder.display());
            return Err(Refused::new(reason, "name the folder without `..`").into());
        }
        let target = match below.components().next() {
            Some(first) => Target::Missing { first: first.as_os_str().to_owned(), below },
            None => Target::Empty,
        };
        let hidden = tempfile::Builder::new().prefix(".planewright-").tempdir_in(above);
        let hidden = hidden.with_context(|| {
            format!(
                "nothing can be written to {}; name another folder with --path, or make this one writable",
                above.display()
            )
        })?;
        let stage = Stage { hidden, folder: folder.to_owned(), target };
        // The hidden folder is for nobody else's eyes; that of the project is as any other.
        fs::create_dir_all(stage.project())?;
        Ok(stage)
    }

    /// Where to write the project.
    pub(super) fn project(&self) -> PathBuf {
        match &self.target {
            Target::Missing { below, .. } => self.hidden.path().join(below),
            Target::Empty => self.hidden.path().join("project"),
        }
    }

    /// Moves the project to its place: with one step where the folder is not there yet. Into an empty folder go its parts, and where
    /// that fails, those that went before are taken back.
    pub(super) fn publish(self) -> anyhow::Result<()> {
        match &self.target {
            Target::Missing { first, .. } => {
                let above = self.hidden.path().parent().context("there is no folder above")?;
                let place = above.join(first);
                if place.symlink_metadata().is_ok() {
                    return Err(occupied(&place, "was made in the meantime").into());
                }
                Ok(fs::rename(self.hidden.path().join(first), place)?)
            }
            Target::Empty => {
                let mut moved = Vec::new();
                let done = self.fill(&mut moved);
                if done.is_err() {
                    for (from, to) in moved {
                        fs::rename(to, from)?;
                    }
                }
                done
            }
        }
    }

    /// Moves all parts of the project into its folder, and tells from where to where.
    fn fill(&self, moved: &mut Vec<(PathBuf, PathBuf)>) -> anyhow::Result<()> {
        let mut names =
            fs::read_dir(self.project())?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<OsString>>>()?;
        // Last the one that makes a project of a folder.
        names.sort_by_key(|name| (name == "Cargo.toml", name.clone()));
        for name in names {
            let (from, to) = (self.project().join(&name), self.folder.join(&name));
            if to.symlink_metadata().is_ok() {
                return Err(occupied(&to, "was made in the meantime").into());
            }
            fs::rename(&from, &to)?;
            moved.push((from, to));
        }
        Ok(())
    }
}

/// Only a folder with nothing in it is written to.
fn refuse_occupied(folder: &Path) -> anyhow::Result<()> {
    for path in folder.ancestors() {
        match fs::symlink_metadata(path) {
            Err(_) => continue,
            Ok(_) if !path.is_dir() => return Err(occupied(path, "is there, and is no folder").into()),
            Ok(_) if path == folder && fs::read_dir(path)?.next().is_some() => {
                return Err(occupied(path, "is there, and is not empty").into());
            }
            Ok(_) => break,
        }
    }
    Ok(())
}

fn occupied(path: &Path, what: &str) -> Refused {
    Refused::new(format!("{} {what}", path.display()), "name another folder with --path, or move away what is there")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stage with a project of three parts on it.
    fn stage(folder: &Path) -> Stage {
        let stage = Stage::of(folder).unwrap();
        for part in ["Cargo.toml", "README.md", "src/lib.rs"] {
            let path = stage.project().join(part);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, part).unwrap();
        }
        stage
    }

    /// What is in a folder.
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_project_comes_with_all_folders_around_it_or_with_none() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("a/b/demo");
        drop(stage(&folder));
        assert!(names(here.path()).is_empty(), "it was given up");
        stage(&folder).publish().unwrap();
        assert_eq!(names(here.path()), ["a"]);
        assert_eq!(names(&folder), ["Cargo.toml", "README.md", "src"]);
    }

    #[test]
    fn what_somebody_made_in_the_meantime_is_left_alone() {
        let here = tempfile::tempdir().unwrap();
        let missing = stage(&here.path().join("a/demo"));
        fs::create_dir(here.path().join("a")).unwrap();
        let error = missing.publish().unwrap_err().to_string();
        assert!(error.contains("a was made in the meantime\n = help: "), "{error}");
        assert_eq!(names(here.path()), ["a"]);
        assert!(names(&here.path().join("a")).is_empty());

        let empty = here.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let filled = stage(&empty);
        fs::write(empty.join("src"), "mine").unwrap();
        let error = filled.publish().unwrap_err().to_string();
        assert!(error.contains("src was made in the meantime"), "{error}");
        assert_eq!(names(&empty), ["src"], "README.md was there for a moment, and was taken back");
        assert_eq!(fs::read_to_string(empty.join("src")).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn an_empty_folder_stays_the_one_that_it_is() {
        use std::os::unix::fs::{MetadataExt as _, symlink};
        let here = tempfile::tempdir().unwrap();
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        let empty = here.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let before = inode(&empty);
        stage(&empty).publish().unwrap();
        assert_eq!(
            (names(&empty), inode(&empty)),
            (vec!["Cargo.toml".into(), "README.md".into(), "src".into()], before)
        );

        // Where a folder leads to another file system, nothing can be renamed from beside it into it.
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        let shared = Path::new("/dev/shm");
        if !shared.is_dir() || device(shared) == device(here.path()) {
            return;
        }
        let elsewhere = tempfile::tempdir_in(shared).unwrap();
        let link = here.path().join("link");
        symlink(elsewhere.path(), &link).unwrap();
        stage(&link).publish().unwrap();
        assert_eq!(names(elsewhere.path()), ["Cargo.toml", "README.md", "src"]);
    }
}
