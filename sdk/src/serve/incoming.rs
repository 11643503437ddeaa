//! Connections, as they come in.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_rustls::TlsAcceptor;

use super::connection::{Connection, Stream};
use super::tls::{self, Certificates};

/// How long a client may take to shake hands and begin to speak HTTP/2.
pub(super) const GREETING: Duration = Duration::from_secs(10);

/// How long to wait when no more connections can be accepted, as all file descriptors are in use.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// Where connections come from.
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    async fn accept(&self) -> io::Result<(Box<dyn Stream>, String)> {
        match self {
            Listener::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are written at once: nothing is gained by waiting for more.
                stream.set_nodelay(true)?;
                Ok((Box::new(stream), peer.to_string()))
            }
            #[cfg(unix)]
            Listener::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Box::new(stream), "a local process".to_owned()))
            }
        }
    }
}

/// The connections that are ready to be served: handshakes go on beside each other, and one that fails or lasts too long
/// concerns nobody else.
pub(super) struct Incoming(mpsc::Receiver<Connection>);

impl Incoming {
    /// Accepts connections until it is dropped. A client has until `greeting` is over to begin.
    pub(super) fn new(listener: Listener, certificates: Option<Arc<Certificates>>, greeting: Duration) -> Self {
        let (ready, receiver) = mpsc::channel(1);
        tokio::spawn(accept(listener, certificates, greeting, ready));
        Incoming(receiver)
    }
}

impl tokio_stream::Stream for Incoming {
    type Item = io::Result<Connection>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|connection| connection.map(Ok))
    }
}

async fn accept(
    listener: Listener,
    certificates: Option<Arc<Certificates>>,
    greeting: Duration,
    ready: mpsc::Sender<Connection>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ready.closed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (certificates, ready) = (certificates.clone(), ready.clone());
                tokio::spawn(greet(stream, peer, certificates, Instant::now() + greeting, ready));
            }
            // The client was gone before it was accepted.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; raise the limit of open files if it is reached");
                sleep(EXHAUSTED).await;
            }
        }
    }
}

/// Shakes hands with one client, and hands it on.
async fn greet(
    stream: Box<dyn Stream>,
    peer: String,
    certificates: Option<Arc<Certificates>>,
    deadline: Instant,
    ready: mpsc::Sender<Connection>,
) {
    let silence = Box::pin(sleep_until(deadline));
    let connection = match certificates {
        None => Connection::new(stream, silence),
        Some(certificates) => {
            let handshake = TlsAcceptor::from(certificates.current()).accept(stream);
            match timeout_at(deadline, handshake).await {
                Ok(Ok(stream)) => Connection::new(stream, silence),
                Ok(Err(error)) => {
                    let reason = tls::explain(&error);
                    return tracing::warn!(peer, reason, "refused a connection");
                }
                Err(_) => {
                    let reason = "the client did not complete the TLS handshake in time";
                    return tracing::warn!(peer, reason, "refused a connection");
                }
            }
        }
    };
    // The server may have ended in the meantime.
    let _ = ready.send(connection).await;
}
