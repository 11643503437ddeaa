//! What happens together is looked at together: editors write a file in several steps, and git writes many files.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use notify::{Event, EventKind};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, timeout_at};

/// How long nothing may happen before what has happened is looked at.
const QUIET: Duration = Duration::from_millis(40);

/// How long things may go on happening until they are looked at all the same: somebody may be writing a log.
const LONGEST: Duration = Duration::from_millis(500);

/// Something that happened.
#[derive(Debug)]
pub(super) enum Happened {
    /// These files are not what they were.
    Changed(Vec<PathBuf>),
    /// So much changed that the system does not say what.
    Lost,
}

/// What an event of the system means. That a file was read means nothing: cargo reads them all.
pub(super) fn happened(event: notify::Result<Event>) -> Option<Happened> {
    match event {
        Ok(event) if event.need_rescan() => Some(Happened::Lost),
        Ok(Event { kind: EventKind::Access(_), .. }) => None,
        Ok(event) => Some(Happened::Changed(event.paths)),
        Err(_) => Some(Happened::Lost),
    }
}

/// What happened together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// The files that are not what they were.
    pub(super) changed: BTreeSet<PathBuf>,
    /// Whether the system does not say of all of them.
    pub(super) lost: bool,
}

impl Batch {
    /// Waits until something has happened, and for what comes with it. May be given up at any time: nothing is lost.
    pub(super) async fn gather(&mut self, from: &mut UnboundedReceiver<Happened>) {
        if *self == Batch::default() {
            match from.recv().await {
                Some(happened) => self.add(happened),
                // Nobody can tell of anything any more.
                None => std::future::pending().await,
            }
        }
        self.settle(from).await;
    }

    /// Waits for what comes now, until nothing happens for a while.
    pub(super) async fn settle(&mut self, from: &mut UnboundedReceiver<Happened>) {
        let end = Instant::now() + LONGEST;
        while Instant::now() < end {
            match timeout_at(end.min(Instant::now() + QUIET), from.recv()).await {
                Ok(Some(happened)) => self.add(happened),
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn add(&mut self, happened: Happened) {
        match happened {
            Happened::Changed(paths) => self.changed.extend(paths),
            Happened::Lost => self.lost = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, CreateKind, Flag, ModifyKind};
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::{sleep, timeout};

    use super::*;

    fn changed(path: &str) -> Happened {
        Happened::Changed(vec![PathBuf::from(path)])
    }

    fn batch(paths: &[&str], lost: bool) -> Batch {
        Batch { changed: paths.iter().map(PathBuf::from).collect(), lost }
    }

    // The clock of these tests stands still, but for when everybody waits.

    #[tokio::test(start_paused = true)]
    async fn what_happens_together_is_looked_at_together() {
        let (to, mut from) = unbounded_channel();
        to.send(changed("b")).unwrap();
        to.send(changed("a")).unwrap();
        to.send(Happened::Lost).unwrap();
        let mut both = Batch::default();
        both.gather(&mut from).await;
        assert_eq!(both, batch(&["a", "b"], true));
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_ends_is_looked_at_too() {
        let (to, mut from) = unbounded_channel();
        tokio::spawn(async move {
            while to.send(changed("log")).is_ok() {
                sleep(QUIET / 2).await;
            }
        });
        let (mut log, begun) = (Batch::default(), Instant::now());
        timeout(LONGEST * 2, log.gather(&mut from)).await.unwrap();
        assert_eq!((log, begun.elapsed()), (batch(&["log"], false), LONGEST));
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_loses_nothing() {
        let (to, mut from) = unbounded_channel();
        let mut kept = Batch::default();
        to.send(changed("a")).unwrap();
        assert!(timeout(QUIET / 2, kept.gather(&mut from)).await.is_err());
        assert_eq!(kept, batch(&["a"], false));
        kept.gather(&mut from).await;
        // And nothing is made up where nothing happens.
        assert!(timeout(LONGEST * 2, Batch::default().gather(&mut from)).await.is_err());
        drop(to);
        assert!(timeout(LONGEST * 2, Batch::default().gather(&mut from)).await.is_err());
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
