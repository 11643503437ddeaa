//! Files that change together: complete before the first of them takes its place, and all as they were where one cannot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fs_err as fs;

/// How the names of what is there for a moment begin.
const HIDDEN: &str = ".planewright-";

/// A hidden folder inside the one to be changed, where files are complete before they take the place of others.
pub(crate) struct Stage {
    folder: PathBuf,
    stage: tempfile::TempDir,
}

/// A file that waits for its place.
pub(crate) struct Staged {
    staged: PathBuf,
    path: PathBuf,
}

impl Stage {
    /// Makes `folder` where there is none, and the stage in it.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Stage> {
        let stage = || -> std::io::Result<tempfile::TempDir> {
            fs::create_dir_all(folder)?;
            tempfile::Builder::new().prefix(HIDDEN).tempdir_in(folder)
        };
        Ok(Stage { folder: folder.to_owned(), stage: stage().with_context(|| unwritable(folder))? })
    }

    /// Writes a file on the stage, for the same path in the folder.
    pub(crate) fn file(&self, path: &str, contents: impl AsRef<[u8]>) -> anyhow::Result<Staged> {
        let staged = self.stage.path().join(path);
        let write = || -> std::io::Result<()> {
            if let Some(parent) = staged.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&staged, contents)
        };
        write().with_context(|| {
            let remedy = "make room for it, or write to another folder";
            told(format_args!("{} cannot be written", self.folder.join(path).display()), remedy)
        })?;
        Ok(Staged { staged, path: self.folder.join(path) })
    }

    /// Where files wait.
    pub(crate) fn path(&self) -> &Path {
        self.stage.path()
    }

    /// Moves files to their places, each at once, in this order, and then removes those that are `gone`. Whether every folder can be
    /// written to is tried before; where a file cannot be moved or removed all the same, those before it are taken back.
    pub(crate) fn publish(&self, files: &[Staged], gone: &[PathBuf]) -> anyhow::Result<()> {
        let mut done = Done::default();
        let published = self.exchange(files, gone, &mut done);
        if published.is_err() {
            done.take_back()
                .context("error: some files have changed, and could not be taken back\n = help: write anew")?;
        }
        published
    }

    fn exchange(&self, files: &[Staged], gone: &[PathBuf], done: &mut Done) -> anyhow::Result<()> {
        let gone: Vec<&Path> =
            gone.iter().map(PathBuf::as_path).filter(|path| path.symlink_metadata().is_ok()).collect();
        let places = || files.iter().map(|file| file.path.as_path()).chain(gone.iter().copied());
        for folder in places().filter_map(Path::parent).collect::<BTreeSet<&Path>>() {
            done.make(folder).and_then(|()| self.try_out(folder)).with_context(|| unwritable(folder))?;
        }
        let kept = tempfile::Builder::new().prefix(HIDDEN).tempdir_in(self.path())?.keep();
        let mut old = Vec::new();
        for (number, path) in places().enumerate() {
            old.push(keep(path, kept.join(number.to_string()))?);
        }
        let mut old = old.into_iter();
        for Staged { staged, path } in files {
            fs::rename(staged, path).with_context(|| unchanged(path))?;
            done.changed.push((path.clone(), old.next().flatten()));
        }
        for path in gone {
            fs::remove_file(path).with_context(|| unchanged(path))?;
            done.changed.push((path.to_owned(), old.next().flatten()));
        }
        Ok(())
    }

    /// Moves an empty file from the stage to a folder, as others are to be moved, and removes it.
    fn try_out(&self, folder: &Path) -> std::io::Result<()> {
        let file = tempfile::Builder::new().prefix(HIDDEN).tempfile_in(self.path())?.into_temp_path();
        let Some(name) = file.file_name() else { return Ok(()) };
        let place = folder.join(name);
        file.persist_noclobber(&place).map_err(|error| error.error)?;
        fs::remove_file(place)
    }
}

/// Keeps what is at a place, under another name: as the same file where the file system can have it twice, or else as a copy.
fn keep(path: &Path, kept: PathBuf) -> anyhow::Result<Option<PathBuf>> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(found) if found.is_dir() => {
            let remedy = "move the folder away, or write to another one";
            anyhow::bail!(told(format_args!("{} is a folder, and a file belongs there", path.display()), remedy));
        }
        _ => {}
    }
    fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(drop)).with_context(|| unchanged(path))?;
    Ok(Some(kept))
}

/// What has been done to a folder so far.
#[derive(Default)]
struct Done {
    /// Folders that were not there, the outer before the inner.
    made: Vec<PathBuf>,
    /// Files that are new, other, or no longer there, and where what was at their place is kept.
    changed: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Done {
    /// Makes a folder and those around it that are missing.
    fn make(&mut self, folder: &Path) -> std::io::Result<()> {
        let is_missing = |path: &&Path| *path != Path::new("") && path.symlink_metadata().is_err();
        let mut missing: Vec<PathBuf> = folder.ancestors().take_while(is_missing).map(Path::to_owned).collect();
        missing.reverse();
        self.made.extend(missing);
        fs::create_dir_all(folder)
    }

    /// Makes everything as it was.
    fn take_back(self) -> std::io::Result<()> {
        for (path, kept) in self.changed.iter().rev() {
            match kept {
                Some(kept) => fs::rename(kept, path)?,
                None => fs::remove_file(path)?,
            }
        }
        for folder in self.made.iter().rev() {
            // One that is not there was not made, and one that is not empty is in use by others.
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }
}

/// What people are told where a folder cannot be written to.
fn unwritable(folder: &Path) -> String {
    let remedy =
        "let it be a folder that you may write to, on the file system of all of the output; or write to another folder";
    told(format_args!("nothing can be written to {}, so all is as it was", folder.display()), remedy)
}

/// What people are told where a single file is in the way.
fn unchanged(path: &Path) -> String {
    let remedy = "look at who holds or protects that file, or write to another folder";
    told(format_args!("{} cannot be replaced, so all is as it was", path.display()), remedy)
}

fn told(reason: std::fmt::Arguments<'_>, remedy: &str) -> String {
    format!("error: {reason}\n = help: {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a folder with their texts, and its folders.
    fn contents(folder: &Path) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(contents(&path));
                found.push((path, String::new()));
            } else {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
        found.sort();
        found
    }

    /// A folder with the files `a` and `deep/old`.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old a").unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/old"), "old").unwrap();
        folder
    }

    #[test]
    fn files_come_and_go_together() {
        let folder = folder();
        let at = |path: &str| folder.path().join(path);
        let stage = Stage::new(folder.path()).unwrap();
        let files = [("a", "new a"), ("new/deep/b", "b")].map(|(path, text)| stage.file(path, text).unwrap());
        stage.publish(&files, &[at("deep/old"), at("never/there")]).unwrap();
        drop(stage);
        let found: Vec<String> = contents(folder.path())
            .into_iter()
            .map(|(path, text)| format!("{} {text}", path.strip_prefix(folder.path()).unwrap().display()))
            .collect();
        assert_eq!(found, ["a new a", "deep ", "new ", "new/deep ", "new/deep/b b"]);
    }

    #[test]
    fn files_that_went_before_one_that_cannot_go_are_taken_back() {
        let folder = folder();
        let before = contents(folder.path());
        let stage = Stage::new(folder.path()).unwrap();
        let files = [("a", "new a"), ("new/b", "b"), ("c", "c")].map(|(path, text)| stage.file(path, text).unwrap());
        // Somebody has taken the last away, after all that can be tried was tried.
        fs::remove_file(stage.path().join("c")).unwrap();
        let error = stage.publish(&files, &[folder.path().join("deep/old")]).unwrap_err().to_string();
        assert!(error.contains("c cannot be replaced, so all is as it was\n = help: look at who"), "{error}");
        drop(stage);
        assert_eq!(contents(folder.path()), before);
    }

    #[test]
    fn what_is_in_the_way_is_found_before_a_file_is_moved() {
        let folder = folder();
        let before = contents(folder.path());
        let refused = |path: &str| {
            let stage = Stage::new(folder.path()).unwrap();
            let files = [("a", "new a"), (path, "b")].map(|(path, text)| stage.file(path, text).unwrap());
            let error = stage.exchange(&files, &[], &mut Done::default()).unwrap_err().to_string();
            error.replace(&folder.path().display().to_string(), "OUT")
        };
        insta::assert_snapshot!(refused("deep"), @"
        error: OUT/deep is a folder, and a file belongs there
         = help: move the folder away, or write to another one
        ");
        insta::assert_snapshot!(refused("deep/old/b"), @"
        error: nothing can be written to OUT/deep/old, so all is as it was
         = help: let it be a folder that you may write to, on the file system of all of the output; or write to another folder
        ");
        assert_eq!(contents(folder.path()), before, "without anything to take back");
    }
}
