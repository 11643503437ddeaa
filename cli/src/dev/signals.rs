//! The signals by which people and systems end programs.

use std::io;

/// Says when this program is to end. As long as it lives, signals do not end the program by themselves: what it has
/// started would stay.
pub(super) struct Signals {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl Signals {
    /// Listens for Ctrl-C, for the signal with which others end programs, and for the end of the terminal.
    pub(super) fn listen() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        let [interrupt, terminate, hangup] = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Ok(Signals { signals: [signal(interrupt)?, signal(terminate)?, signal(hangup)?] })
    }

    /// Waits for one of them.
    pub(super) async fn end(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(windows)]
impl Signals {
    /// Listens for Ctrl-C.
    pub(super) fn listen() -> io::Result<Signals> {
        Ok(Signals { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for it.
    pub(super) async fn end(&mut self) {
        self.interrupt.recv().await;
    }
}
