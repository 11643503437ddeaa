//! What happens while somebody works: files change, and at last a signal comes.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use anyhow::Context as _;
use fs_err as fs;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::inputs::Inputs;
use super::project::{Project, Work};

/// How long nothing may happen before what has happened is looked at. Editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// Something that happened.
#[derive(Debug)]
pub(super) enum Happened {
    /// These files are not what they were.
    Changed(Vec<PathBuf>),
    /// So much changed that the system does not say what.
    Lost,
    /// Somebody wants this to end.
    Stop,
}

/// Watches files as long as it lives.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    /// The folders whose own folders are watched.
    roots: Vec<PathBuf>,
}

impl Watch {
    /// Begins to watch a project and its inputs.
    pub(super) fn begin(project: &Project, inputs: &Inputs, to: Sender<Happened>) -> anyhow::Result<Watch> {
        let tell = move |event: notify::Result<Event>| {
            if let Some(happened) = happened(event) {
                // Nobody listens any more when the program ends.
                let _ = to.send(happened);
            }
        };
        let watcher = notify::recommended_watcher(tell).context("files cannot be watched here")?;
        let mut watch = Watch { watcher, roots: project.roots.clone() };
        for root in &project.roots {
            watch.add(root, RecursiveMode::NonRecursive)?;
            for entry in fs::read_dir(root)? {
                let path = entry?.path();
                if path.is_dir() && project.matters(&path) {
                    watch.add(&path, RecursiveMode::Recursive)?;
                }
            }
        }
        for place in inputs.places() {
            let outside = !project.roots.iter().any(|root| place.starts_with(root));
            match place.parent() {
                _ if !outside => {}
                _ if place.is_dir() => watch.add(&place, RecursiveMode::Recursive)?,
                // A file is watched by its folder: editors put a new one in its place.
                Some(folder) if folder.is_dir() => watch.add(folder, RecursiveMode::NonRecursive)?,
                _ => {}
            }
        }
        Ok(watch)
    }

    fn add(&mut self, path: &Path, mode: RecursiveMode) -> anyhow::Result<()> {
        let remedy = "if there are too many files for the system, raise its limit: on Linux, the setting \
                      fs.inotify.max_user_watches";
        self.watcher.watch(path, mode).with_context(|| format!("cannot watch {}; {remedy}", path.display()))
    }

    /// Watches folders that were made since, where those around them are not watched with all that is in them.
    fn follow(&mut self, project: &Project, changed: &[PathBuf]) -> anyhow::Result<()> {
        for path in changed {
            let new = path.parent().is_some_and(|parent| self.roots.iter().any(|root| root == parent));
            if new && path.is_dir() && project.matters(path) {
                self.add(path, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    /// Waits until there is something to do; nothing if it is to end.
    pub(super) fn next(
        &mut self,
        project: &Project,
        inputs: &Inputs,
        from: &Receiver<Happened>,
    ) -> anyhow::Result<Option<Work>> {
        loop {
            match batch(from) {
                Batch::Stop => return Ok(None),
                Batch::Lost => return Ok(Some(Work::Build)),
                Batch::Changed(paths) => {
                    self.follow(project, &paths)?;
                    if let Some(work) = project.work(inputs, &paths) {
                        return Ok(Some(work));
                    }
                }
            }
        }
    }
}

/// What an event of the system means. That a file was read means nothing: cargo reads them all.
fn happened(event: notify::Result<Event>) -> Option<Happened> {
    match event {
        Ok(event) if event.need_rescan() => Some(Happened::Lost),
        Ok(Event { kind: EventKind::Access(_), .. }) => None,
        Ok(event) => Some(Happened::Changed(event.paths)),
        Err(_) => Some(Happened::Lost),
    }
}

/// What happened until nothing happened for a while.
#[derive(Debug, PartialEq, Eq)]
enum Batch {
    Changed(Vec<PathBuf>),
    Lost,
    Stop,
}

/// Waits for something to happen, and for what comes with it.
fn batch(from: &Receiver<Happened>) -> Batch {
    let (mut changed, mut lost) = (Vec::new(), false);
    let mut next = from.recv().map_err(|_| RecvTimeoutError::Disconnected);
    loop {
        match next {
            Ok(Happened::Changed(paths)) => changed.extend(paths),
            Ok(Happened::Lost) => lost = true,
            Ok(Happened::Stop) => return Batch::Stop,
            // Whoever could tell of more is gone: what was told is still to be done, and then nothing.
            Err(RecvTimeoutError::Disconnected) if changed.is_empty() && !lost => return Batch::Stop,
            Err(_) if lost => return Batch::Lost,
            Err(_) => return Batch::Changed(changed),
        }
        next = from.recv_timeout(QUIET);
    }
}

/// Whether somebody has already said that it is to end. What else has happened is not lost.
pub(super) fn is_over(from: &Receiver<Happened>, to: &Sender<Happened>) -> bool {
    let waiting: Vec<Happened> = from.try_iter().collect();
    let over = waiting.iter().any(|happened| matches!(happened, Happened::Stop));
    for happened in waiting {
        let _ = to.send(happened);
    }
    over
}

/// Tells of Ctrl-C, and of the signal with which others end programs. Cargo, if it is at work, gets the first of them
/// too.
pub(super) fn signals(to: Sender<Happened>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = {
        let _entered = runtime.enter();
        ended()?
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(ended);
        let _ = to.send(Happened::Stop);
    })?;
    Ok(())
}

/// Comes to an end when a signal comes. From now on signals no longer end the program by themselves.
#[cfg(unix)]
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Comes to an end when Ctrl-C comes. From now on it no longer ends the program by itself.
#[cfg(windows)]
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use notify::event::{AccessKind, AccessMode, CreateKind, Flag, ModifyKind};

    use super::*;

    fn of(happened: Vec<Happened>) -> Batch {
        let (to, from) = channel();
        happened.into_iter().for_each(|one| to.send(one).unwrap());
        drop(to);
        batch(&from)
    }

    fn changed(path: &str) -> Happened {
        Happened::Changed(vec![PathBuf::from(path)])
    }

    #[test]
    fn what_happens_together_is_looked_at_together() {
        let both = vec![PathBuf::from("a"), PathBuf::from("b")];
        assert_eq!(of(vec![changed("a"), changed("b")]), Batch::Changed(both));
        assert_eq!(of(vec![changed("a"), Happened::Lost]), Batch::Lost);
        assert_eq!(of(vec![changed("a"), Happened::Stop, changed("b")]), Batch::Stop);
        assert_eq!(of(vec![]), Batch::Stop);
    }

    #[test]
    fn an_end_is_seen_early_and_nothing_is_lost() {
        let (to, from) = channel();
        to.send(changed("a")).unwrap();
        assert!(!is_over(&from, &to));
        to.send(Happened::Stop).unwrap();
        assert!(is_over(&from, &to));
        assert_eq!(from.try_iter().count(), 2);
    }

    #[test]
    fn reading_a_file_changes_nothing() {
        let event = |kind| happened(Ok(Event::new(kind).add_path(PathBuf::from("a"))));
        assert!(event(EventKind::Access(AccessKind::Open(AccessMode::Any))).is_none());
        assert!(event(EventKind::Access(AccessKind::Close(AccessMode::Write))).is_none());
        assert!(matches!(event(EventKind::Modify(ModifyKind::Any)), Some(Happened::Changed(_))));
        assert!(matches!(event(EventKind::Create(CreateKind::Any)), Some(Happened::Changed(_))));
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(matches!(happened(Ok(overflow)), Some(Happened::Lost)));
        assert!(matches!(happened(Err(notify::Error::generic("gone"))), Some(Happened::Lost)));
    }
}
