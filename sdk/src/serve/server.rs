//! The server: where it listens, how it serves and how it ends.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use super::incoming::{GREETING, Incoming, Listener};
use super::metrics::Metrics;
use super::protocol::{FUNCTION_RUNNER, FUNCTION_RUNNER_BETA};
use super::router::{Router, Services, any};
use super::{Answer, Certificates, ServeError, exposition, reflection};

/// How often a silent connection is asked whether its client is still there, and how long that may take.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How much of a heap may lie idle at first, in bytes: what a request of a hundred resources takes.
const IDLE: usize = 512 << 10;

/// Lets the allocator keep what requests have freed for those that follow. glibc hands the end of a heap back to the system once 128 KiB of
/// it are free, so with requests of 70 KB it did with each, and asked for the pages again with the next. The limit is twice the
/// largest block that was mapped by itself and freed (mallopt(3), `M_MMAP_THRESHOLD`): this frees one. Nothing is ever written to it. Larger
/// requests raise it further by themselves. Other allocators go by other rules.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(IDLE / 2)));
}

/// The kinds of network to listen on, with Go's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Network {
    /// TCP, over IPv4 or IPv6 as the address says.
    #[default]
    Tcp,
    /// TCP over IPv4.
    Tcp4,
    /// TCP over IPv6.
    Tcp6,
    /// A Unix domain socket; the address is its path.
    #[cfg(unix)]
    Unix,
}

/// How to serve. The defaults are those of [`ServeArgs`](super::ServeArgs), with an address on the loopback interface whose
/// port the system chooses, and without metrics.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kind of network.
    pub network: Network,
    /// Where to listen.
    pub address: String,
    /// The folder with the certificates.
    pub certificates: Option<PathBuf>,
    /// Whether to serve without certificates.
    pub insecure: bool,
    /// The largest request, in bytes.
    pub max_message: usize,
    /// How many requests one connection may have under way.
    pub max_concurrent_requests: u32,
    /// How long a request may take to arrive. A composition that runs is not interrupted.
    pub request_timeout: Duration,
    /// How long a client may take from connecting to the first words of HTTP/2, handshake included. Default: 10 s.
    pub greeting_timeout: Duration,
    /// How long requests may take once the server is asked to end.
    pub shutdown_timeout: Duration,
    /// Where to serve metrics; `None` for nowhere.
    pub metrics_address: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            network: Network::Tcp,
            address: "127.0.0.1:0".to_owned(),
            certificates: None,
            insecure: false,
            max_message: 64 << 20,
            max_concurrent_requests: 256,
            request_timeout: Duration::from_secs(60),
            greeting_timeout: GREETING,
            shutdown_timeout: Duration::from_secs(25),
            metrics_address: None,
        }
    }
}

/// A function to be served.
pub struct Server {
    answer: Box<dyn Answer>,
    options: Options,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({:?})", self.options)
    }
}

impl Server {
    /// Serves what `answer` answers.
    pub fn new(answer: impl Answer, options: Options) -> Self {
        Server { answer: Box::new(answer), options }
    }

    /// Begins to listen. From then on clients can connect; they are served once [`Bound::serve`] runs.
    ///
    /// # Errors
    /// When there are no certificates or they cannot be used, and when the address is not one or is taken. Metrics that
    /// cannot be served are only logged.
    pub async fn bind(self) -> Result<Bound, ServeError> {
        let Server { answer, options } = self;
        let certificates = match &options.certificates {
            _ if options.insecure => None,
            Some(folder) => Some(Arc::new(Certificates::read(folder)?)),
            None => return Err(ServeError::NoCertificates),
        };
        let (listener, address) = listen(&options).await?;
        let exposed = match &options.metrics_address {
            None => None,
            Some(address) => match exposition::listen(address).await {
                Ok(listener) => Some(listener),
                Err(error) => {
                    tracing::error!(%error, address, "metrics are not served; choose another --metrics-address");
                    None
                }
            },
        };
        Ok(Bound { answer, options, certificates, listener, address, exposed })
    }
}

/// A server that listens.
pub struct Bound {
    answer: Box<dyn Answer>,
    options: Options,
    certificates: Option<Arc<Certificates>>,
    listener: Listener,
    address: String,
    exposed: Option<TcpListener>,
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bound({})", self.address)
    }
}

impl Bound {
    /// Where it listens: the address with its port, or the path of the socket.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where it serves metrics, if it does.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.exposed.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Serves until `shutdown` ends. Then no connection is accepted any more, clients are told to go elsewhere, and
    /// requests under way are answered.
    ///
    /// # Errors
    /// When connections did not end in the time allowed ([`Options::shutdown_timeout`]).
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let Bound { answer, options, certificates, listener, address, exposed } = self;
        keep_freed_memory();
        let metrics = Arc::new(Metrics::new());
        let exposition = exposed.map(|listener| tokio::spawn(exposition::expose(listener, metrics.clone())));
        let mut health = HealthReporter::new();
        for service in [FUNCTION_RUNNER, FUNCTION_RUNNER_BETA] {
            health.set_service_status(service, ServingStatus::Serving).await;
        }
        let router = Router(Arc::new(Services {
            answer,
            health: any(HealthServer::new(HealthService::from_health_reporter(health.clone()))),
            reflection: reflection::service(),
            reflection_alpha: reflection::service_alpha(),
            metrics,
            max_message: options.max_message,
            deadline: options.request_timeout,
        }));
        tracing::info!(address, insecure = certificates.is_none(), "serving");
        let incoming = Incoming::new(listener, certificates, options.greeting_timeout);
        let (ending, ended) = oneshot::channel();
        let shutdown = async move {
            shutdown.await;
            tracing::info!("asked to end: answering what is under way");
            // Whoever watches its health hears of it, and then that the watch is over.
            for service in ["", FUNCTION_RUNNER, FUNCTION_RUNNER_BETA] {
                health.set_service_status(service, ServingStatus::NotServing).await;
                health.clear_service_status(service).await;
            }
            // The receiver is gone only when serving has ended.
            let _ = ending.send(());
        };
        let serving = tonic::transport::Server::builder()
            .max_concurrent_streams(options.max_concurrent_requests)
            .http2_keepalive_interval(Some(KEEPALIVE))
            .serve_with_incoming_shutdown(router, incoming, shutdown);
        let too_late = async {
            match ended.await {
                Ok(()) => tokio::time::sleep(options.shutdown_timeout).await,
                Err(_) => std::future::pending().await,
            }
        };
        let outcome = tokio::select! {
            served = serving => served.map_err(ServeError::from),
            () = too_late => Err(ServeError::CutOff),
        };
        if let Some(exposition) = exposition {
            exposition.abort();
        }
        #[cfg(unix)]
        if options.network == Network::Unix {
            // It may have been removed already.
            let _ = std::fs::remove_file(&options.address);
        }
        outcome
    }
}

async fn listen(options: &Options) -> Result<(Listener, String), ServeError> {
    let address = &options.address;
    let unavailable = |source: io::Error| ServeError::Listen { address: address.clone(), source };
    #[cfg(unix)]
    if options.network == Network::Unix {
        let listener = tokio::net::UnixListener::bind(address).map_err(unavailable)?;
        return Ok((Listener::Unix(listener), address.clone()));
    }
    let candidates = resolve(options.network, address)?;
    let mut failed = None;
    for candidate in candidates {
        match TcpListener::bind(candidate).await {
            Ok(listener) => {
                let bound = listener.local_addr().map_err(unavailable)?;
                return Ok((Listener::Tcp(listener), bound.to_string()));
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Err(unavailable(failed.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into())))
}

/// The addresses that an address stands for, in the order in which they are tried.
fn resolve(network: Network, address: &str) -> Result<Vec<SocketAddr>, ServeError> {
    let refused = |reason: String| ServeError::Address { address: address.to_owned(), reason };
    let everywhere = match network {
        Network::Tcp6 => format!("[::]{address}"),
        _ => format!("0.0.0.0{address}"),
    };
    let full = if address.starts_with(':') { &everywhere } else { address };
    let found = full.to_socket_addrs().map_err(|error| refused(error.to_string()))?;
    let found: Vec<SocketAddr> = found
        .filter(|address| match network {
            Network::Tcp4 => address.is_ipv4(),
            Network::Tcp6 => address.is_ipv6(),
            _ => true,
        })
        .collect();
    if found.is_empty() { Err(refused("it has no address of this kind of network".to_owned())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_gos() {
        let one = |network, address| resolve(network, address).map(|found| found[0].to_string());
        assert_eq!(one(Network::Tcp, ":9443").unwrap(), "0.0.0.0:9443");
        assert_eq!(one(Network::Tcp6, ":9443").unwrap(), "[::]:9443");
        assert_eq!(one(Network::Tcp, "127.0.0.1:1").unwrap(), "127.0.0.1:1");
        assert_eq!(one(Network::Tcp, "[::1]:1").unwrap(), "[::1]:1");
        insta::assert_snapshot!(one(Network::Tcp4, "[::1]:1").unwrap_err(), @"--address [::1]:1: it has no address of this kind of network; write HOST:PORT, such as 0.0.0.0:9443, or a path with --network unix");
        insta::assert_snapshot!(one(Network::Tcp, "9443").unwrap_err(), @"--address 9443: invalid socket address; write HOST:PORT, such as 0.0.0.0:9443, or a path with --network unix");
    }
}
