//! Connections over TLS, for a client of tonic.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::transport::{Channel, Endpoint, Error};
use tower_service::Service;

/// Connects with TLS.
struct Connector {
    address: String,
    config: Arc<ClientConfig>,
}

pub async fn connect(address: &str, config: Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    // As gRPC's clients do: a request goes in several pieces, and none waits for the last to be acknowledged.
    stream.set_nodelay(true)?;
    TlsConnector::from(config).connect(ServerName::try_from("function.example").unwrap(), stream).await
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TlsStream<TcpStream>>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let (address, config) = (self.address.clone(), self.config.clone());
        Box::pin(async move { connect(&address, config).await.map(TokioIo::new) })
    }
}

/// A connection to `function.example`, which is at an address.
pub async fn channel(address: String, config: Arc<ClientConfig>) -> Result<Channel, Error> {
    Endpoint::from_static("http://function.example").connect_with_connector(Connector { address, config }).await
}
