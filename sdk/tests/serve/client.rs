//! A server under test, and a client that sends bytes and gets bytes.

use std::future::Future;
use std::sync::{Arc, Mutex};

use planewright::compose::{Cx, Result};
use planewright::platform::{Composition, Platform};
use planewright::serve::{Answer, Bytes, Options, ServeError, Server, Status};
use planewright::state::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

use crate::support::Store;
use crate::support::protocol;

pub use crate::raw::{Client, RUN};
pub const RUN_BETA: &str = "/apiextensions.fn.proto.v1beta1.FunctionRunnerService/RunFunction";

/// The labels of the metrics of `RunFunction`.
pub const RUN_LABELS: &str = concat!(
    r#"grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService","#,
    r#"grpc_method="RunFunction""#
);

/// Without TLS, and with metrics.
pub fn with_metrics() -> Options {
    Options { insecure: true, metrics_address: Some("127.0.0.1:0".to_owned()), ..Options::default() }
}

/// A server that runs until it is told to end, or its test does.
pub struct Serving {
    pub address: String,
    pub metrics: Option<std::net::SocketAddr>,
    shutdown: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::result::Result<(), ServeError>>,
}

impl Serving {
    /// Serves without TLS.
    pub async fn insecure(answer: impl Answer) -> Self {
        Self::with(answer, Options { insecure: true, ..Options::default() }).await
    }

    pub async fn with(answer: impl Answer, options: Options) -> Self {
        let bound = Server::new(answer, options).bind().await.unwrap();
        let (address, metrics) = (bound.address().to_owned(), bound.metrics_address());
        let (shutdown, asked) = oneshot::channel();
        let served = tokio::spawn(bound.serve(async { asked.await.unwrap_or_default() }));
        Serving { address, metrics, shutdown: Some(shutdown), served }
    }

    pub async fn client(&self) -> Client {
        Client::new(self.channel().await)
    }

    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    /// What the metrics' server answers.
    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.metrics.unwrap()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Waits until the metrics have a line.
    pub async fn counted(&self, line: &str) {
        while !self.get("/metrics").await.lines().any(|counted| counted == line) {}
    }

    /// Asks it to end.
    pub fn ask(&mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
    }

    /// Asks it to end, if nobody has, and waits until it did.
    pub async fn end(mut self) -> std::result::Result<(), ServeError> {
        drop(self.shutdown.take());
        self.served.await.unwrap()
    }
}

/// A platform of one composition.
pub fn platform(compose: impl Fn(&mut Cx<Store>) -> Result<()> + Send + Sync + 'static) -> Platform {
    Platform::new("platform", "1.2.3").composition(Composition::new("stores::store", compose))
}

/// What a platform answers to a request.
pub async fn run(client: &Client, request: &Request) -> Vec<u8> {
    client.call(protocol::request(request)).await.unwrap().to_vec()
}

/// Answers with a function.
pub struct By<F>(pub F);

impl<F: Fn(Bytes) -> std::result::Result<Bytes, Status> + Send + Sync + 'static> Answer for By<F> {
    fn answer(&self, request: Bytes) -> std::result::Result<Bytes, Status> {
        (self.0)(request)
    }
}

/// Runs a test of which everything, the server included, happens on this thread, and returns what was logged meanwhile.
pub fn logged<F: Future<Output = ()>>(test: impl FnOnce(Log) -> F) -> String {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(lines, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(test(log.clone()));
    });
    log.text()
}

/// What is logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The entries with this message.
    pub fn entries(&self, message: &str) -> Vec<serde_json::Value> {
        let text = self.text();
        let entries = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        entries.filter(|entry| entry["message"] == message).collect()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
