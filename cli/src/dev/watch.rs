//! What happens to files while somebody works, and what has to be done about it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fs_err as fs;
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use same_file::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::batch::{self, Batch, Happened};
use super::inputs::Inputs;
use super::known::Known;
use super::project::{Project, Work};

/// Watches the files of a project as long as it lives.
pub(super) struct Watch<'a> {
    inputs: &'a Inputs,
    project: Project,
    watcher: RecommendedWatcher,
    /// The folders that are watched, and whether with all that is in them.
    watched: BTreeMap<PathBuf, bool>,
    from: UnboundedReceiver<Happened>,
    /// What has happened and was not looked at yet.
    batch: Batch,
    /// What is to be done after the work about what has happened during it.
    later: Option<Next>,
    known: Known,
    /// The files that the streams of this program go to: they change with everything that it says.
    own: Vec<Handle>,
    /// The program that renders, if there is one.
    pub(super) program: Option<PathBuf>,
}

/// Something to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) work: Work,
    /// The first of the files because of which; nothing where the system does not say.
    pub(super) because: Option<PathBuf>,
}

impl Next {
    /// There is more to do.
    fn add(next: &mut Option<Next>, work: Work, because: Option<PathBuf>) {
        match next {
            Some(next) => next.work = next.work.max(work),
            None => *next = Some(Next { work, because }),
        }
    }
}

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum During {
    /// Nothing is at work.
    Rest,
    /// Something is built and rendered.
    Work,
    /// Something was a moment ago, and the system still tells of what the builders wrote.
    Echo,
}

impl<'a> Watch<'a> {
    /// Begins to watch a project and its inputs.
    pub(super) fn begin(project: Project, inputs: &'a Inputs) -> anyhow::Result<Watch<'a>> {
        let (to, from) = unbounded_channel();
        let tell = move |event| {
            if let Some(happened) = batch::happened(event) {
                // Nobody listens any more when the program ends.
                let _ = to.send(happened);
            }
        };
        let watcher = notify::recommended_watcher(tell).context("files cannot be watched here")?;
        let own = [Handle::stdout(), Handle::stderr()].into_iter().flatten();
        let own = own.filter(|stream| stream.as_file().metadata().is_ok_and(|data| data.is_file())).collect();
        let mut watch = Watch {
            inputs,
            project,
            watcher,
            watched: BTreeMap::new(),
            from,
            batch: Batch::default(),
            later: None,
            known: Known::default(),
            own,
            program: None,
        };
        watch.watch_all()?;
        Ok(watch)
    }

    /// From now on watches this project.
    pub(super) fn project(&mut self, project: Project) -> anyhow::Result<()> {
        self.project = project;
        self.watch_all()
    }

    /// Waits for something to do that changes what is being built or rendered. May be given up at any time: what has
    /// happened is not lost.
    pub(super) async fn during_work(&mut self) -> anyhow::Result<Next> {
        loop {
            self.batch.gather(&mut self.from).await;
            if let Some(next) = self.look(During::Work)? {
                return Ok(next);
            }
        }
    }

    /// Waits for something to do, after something was built and rendered.
    pub(super) async fn after_work(&mut self) -> anyhow::Result<Next> {
        self.batch.settle(&mut self.from).await;
        if let Some(next) = self.look(During::Echo)? {
            return Ok(next);
        }
        loop {
            self.batch.gather(&mut self.from).await;
            if let Some(next) = self.look(During::Rest)? {
                return Ok(next);
            }
        }
    }

    /// What is to be done about what has happened.
    fn look(&mut self, during: During) -> anyhow::Result<Option<Next>> {
        let Batch { changed, lost } = std::mem::take(&mut self.batch);
        self.forget(&changed);
        self.watch_all()?;
        let (mut now, mut later) = (None, self.later.take());
        // Builds may write so much that the system does not say what.
        if lost {
            Next::add(&mut later, Work::Find, None);
        }
        for path in changed {
            let Some(work) = self.work(&path, during) else { continue };
            let program = self.program.as_deref();
            let waits = during == During::Work && !Project::is_urgent(self.inputs, program, &path);
            Next::add(if waits { &mut later } else { &mut now }, work, Some(path));
        }
        if now.is_none() && during == During::Work {
            self.later = later;
            return Ok(None);
        }
        if let Some(Next { work, because }) = later {
            Next::add(&mut now, work, because);
        }
        Ok(now)
    }

    /// What is to be done about a change of a file. After rest, something always; otherwise only where its content is another: build
    /// scripts may write files of the project, and cargo writes its lock.
    fn work(&mut self, path: &Path, during: During) -> Option<Work> {
        let work = self.project.work(self.inputs, self.program.as_deref(), path)?;
        if self.is_own(path) {
            return None;
        }
        let new = self.known.learn(path);
        let counts = during == During::Rest || (new && !path.ends_with("Cargo.lock"));
        counts.then_some(work)
    }

    fn is_own(&self, path: &Path) -> bool {
        // Anything but a file may make whoever opens it wait.
        !self.own.is_empty() && path.is_file() && Handle::from_path(path).is_ok_and(|file| self.own.contains(&file))
    }

    /// The system has stopped to watch a folder that was removed, also where there is a new one in its place.
    fn forget(&mut self, changed: &BTreeSet<PathBuf>) {
        self.watched.retain(|folder, _| !changed.contains(folder) && folder.is_dir());
    }

    /// Watches all folders that are to be watched and are not.
    fn watch_all(&mut self) -> anyhow::Result<()> {
        for (folder, deep) in self.folders() {
            if self.watched.get(&folder).is_some_and(|now| *now >= deep) {
                continue;
            }
            let mode = if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            match self.watcher.watch(&folder, mode) {
                Ok(()) => drop(self.watched.insert(folder, deep)),
                // It was removed a moment ago, and the folder around it is watched.
                Err(_) if !folder.is_dir() => {}
                Err(error) => {
                    let remedy = "if there are too many files for the system, raise its limit: on Linux, the setting \
                                  fs.inotify.max_user_watches";
                    return Err(error).with_context(|| format!("cannot watch {}; {remedy}", folder.display()));
                }
            }
        }
        Ok(())
    }

    /// The folders that are to be watched, and whether with all that is in them. A root of the project is watched by its
    /// folders, so that what cargo builds in one of them is not.
    fn folders(&self) -> BTreeMap<PathBuf, bool> {
        let mut folders = BTreeMap::new();
        let mut add = |folder: PathBuf, deep: bool| {
            let known = folders.entry(folder).or_insert(deep);
            *known |= deep;
        };
        for root in &self.project.roots {
            add(root.clone(), false);
            for entry in fs::read_dir(root).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() && self.project.matters(&path) {
                    add(path, true);
                }
            }
        }
        for place in self.inputs.places() {
            if self.project.matters(&place.path) {
                continue;
            }
            // A file is watched by its folder, as editors put a new one in its place; and so is what is not there yet.
            let folder = place.path.ancestors().find(|path| path.is_dir());
            let deep = place.deep && folder == Some(&place.path);
            folder.into_iter().for_each(|folder| add(folder.to_owned(), deep));
        }
        folders
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::folder::real;

    /// A project with a file in it.
    fn project() -> (tempfile::TempDir, PathBuf) {
        let here = tempfile::tempdir().unwrap();
        let root = real(here.path());
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("src/a.rs"), "one").unwrap();
        (here, root)
    }

    async fn because(next: impl Future<Output = anyhow::Result<Next>>, root: &Path) -> String {
        let next = tokio::time::timeout(Duration::from_secs(60), next).await.unwrap().unwrap();
        next.because.unwrap().strip_prefix(root).unwrap().display().to_string()
    }

    #[tokio::test]
    async fn what_the_program_says_of_itself_is_no_change() {
        let (_here, root) = project();
        let log = root.join("log.txt");
        fs::write(&log, "").unwrap();
        let inputs = Inputs::below(&root, &[], Path::new("observed"));
        let mut watch = Watch::begin(Project::at(&root), &inputs).unwrap();
        watch.own.push(Handle::from_path(&log).unwrap());
        fs::write(&log, "error").unwrap();
        fs::write(root.join("other.txt"), "error").unwrap();
        assert_eq!(because(watch.after_work(), &root).await, "other.txt");
    }

    #[tokio::test]
    async fn what_builders_write_again_does_not_begin_the_work_anew() {
        let (_here, root) = project();
        let inputs = Inputs::below(&root, &[], Path::new("observed"));
        let mut watch = Watch::begin(Project::at(&root), &inputs).unwrap();
        fs::write(root.join("src/a.rs"), "two").unwrap();
        assert_eq!(because(watch.after_work(), &root).await, "src/a.rs");
        fs::write(root.join("Cargo.lock"), "new").unwrap();
        fs::write(root.join("src/a.rs"), "two").unwrap();
        fs::write(root.join("src/b.rs"), "one").unwrap();
        assert_eq!(because(watch.during_work(), &root).await, "src/b.rs");
        // Nor does it after the work; then, whoever touches a file wants something to be done.
        fs::write(root.join("src/a.rs"), "two").unwrap();
        watch.batch.gather(&mut watch.from).await;
        assert_eq!(watch.look(During::Echo).unwrap(), None);
        fs::write(root.join("src/a.rs"), "two").unwrap();
        watch.batch.gather(&mut watch.from).await;
        assert_eq!(watch.look(During::Rest).unwrap().unwrap().work, Work::Build);
    }

    #[tokio::test]
    async fn what_may_follow_from_the_work_itself_waits_for_its_end() {
        let (_here, root) = project();
        let inputs = Inputs::below(&root, &[], Path::new("observed"));
        let mut watch = Watch::begin(Project::at(&root), &inputs).unwrap();
        // As `| tee log.txt` does, of which nobody here can know.
        fs::write(root.join("log.txt"), "Compiling").unwrap();
        watch.batch.gather(&mut watch.from).await;
        assert_eq!(watch.look(During::Work).unwrap(), None);
        assert_eq!(because(watch.after_work(), &root).await, "log.txt");
        fs::write(root.join("log.txt"), "Finished").unwrap();
        watch.batch.gather(&mut watch.from).await;
        assert_eq!(watch.look(During::Work).unwrap(), None);
        fs::write(root.join("src/a.rs"), "two").unwrap();
        assert_eq!(because(watch.during_work(), &root).await, "src/a.rs");
        assert_eq!(watch.later, None, "it is begun anew for both");
    }

    #[tokio::test]
    async fn what_the_system_lost_during_work_is_looked_for_afterwards() {
        let (_here, root) = project();
        let inputs = Inputs::below(&root, &[], Path::new("observed"));
        let mut watch = Watch::begin(Project::at(&root), &inputs).unwrap();
        watch.batch.lost = true;
        assert_eq!(watch.look(During::Work).unwrap(), None, "or no build that writes much would ever end");
        let next = tokio::time::timeout(Duration::from_secs(60), watch.after_work()).await.unwrap().unwrap();
        assert_eq!(next, Next { work: Work::Find, because: None });
    }

    #[tokio::test]
    async fn folders_that_come_and_go_are_watched() {
        let (_here, root) = project();
        let elsewhere = tempfile::tempdir().unwrap();
        let xr = real(elsewhere.path()).join("to/come/xr");
        let inputs = Inputs::below(&root, &[xr.join("a.yaml")], Path::new("observed"));
        let mut watch = Watch::begin(Project::at(&root), &inputs).unwrap();
        fs::create_dir_all(&xr).unwrap();
        // A folder after the other: each time there is something new, one further is watched.
        while !watch.watched.contains_key(&xr) {
            watch.batch.gather(&mut watch.from).await;
            watch.look(During::Rest).unwrap();
        }
        fs::write(xr.join("a.yaml"), "").unwrap();
        assert!(because(watch.after_work(), &xr).await == "a.yaml");

        fs::remove_dir_all(root.join("src")).unwrap();
        because(watch.after_work(), &root).await;
        fs::create_dir(root.join("src")).unwrap();
        assert_eq!(because(watch.after_work(), &root).await, "src");
        fs::write(root.join("src/b.rs"), "").unwrap();
        assert_eq!(because(watch.after_work(), &root).await, "src/b.rs");
    }
}
