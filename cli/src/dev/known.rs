//! What files had in them when they were last looked at.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use fs_err as fs;

/// What is known of files that have changed before.
#[derive(Default)]
pub(super) struct Known(BTreeMap<PathBuf, Content>);

#[derive(PartialEq, Eq)]
enum Content {
    /// It is not there, or cannot be read.
    None,
    /// Something that has no content of its own, such as a folder.
    Other,
    /// The hash of its bytes.
    Bytes(u64),
}

impl Known {
    /// Looks into a file, and says whether there is something else in it than before. There is where nobody has looked before.
    pub(super) fn learn(&mut self, path: &Path) -> bool {
        let content = Content::of(path);
        self.0.get(path) != Some(&content) && {
            self.0.insert(path.to_owned(), content);
            true
        }
    }
}

impl Content {
    fn of(path: &Path) -> Content {
        match fs::metadata(path) {
            Err(_) => Content::None,
            // Whoever opens anything else may wait for ever.
            Ok(data) if !data.is_file() => Content::Other,
            Ok(_) => fs::read(path).map_or(Content::None, |bytes| {
                let mut hasher = DefaultHasher::new();
                bytes.hash(&mut hasher);
                Content::Bytes(hasher.finish())
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_content_is_new() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("a");
        let mut known = Known::default();
        assert!(known.learn(&path), "nobody has looked before");
        assert!(!known.learn(&path));
        fs::write(&path, "one").unwrap();
        assert!(known.learn(&path));
        fs::write(&path, "one").unwrap();
        assert!(!known.learn(&path), "it was written, and says the same");
        fs::write(&path, "two").unwrap();
        assert!(known.learn(&path));
        fs::remove_file(&path).unwrap();
        assert!(known.learn(&path));
        fs::create_dir(&path).unwrap();
        assert!(known.learn(&path) && !known.learn(&path));
    }
}
