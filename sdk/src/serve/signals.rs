//! When to end.

use std::future::Future;
use std::io;

/// Ends when the process is asked to: by SIGTERM, which Kubernetes sends, or SIGINT (Ctrl-C).
///
/// From this call on, and not only once the future is polled, neither signal ends the process by itself.
///
/// # Errors
/// When the operating system lets nobody listen for signals.
#[cfg(unix)]
pub fn terminated() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the process is asked to, by Ctrl-C.
///
/// # Errors
/// None, on this system.
#[cfg(not(unix))]
pub fn terminated() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // Where nobody can listen for it, nothing ever asks.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
