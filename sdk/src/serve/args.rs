//! The flags of `serve`: those that Crossplane documents for functions, with their names and environment.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Network, Options};

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Log more: from level debug on.
    #[arg(short, long)]
    pub debug: bool,
    /// The kind of network to listen on.
    #[arg(long, value_enum, default_value_t = Network::Tcp)]
    pub network: Network,
    /// Address to listen at for gRPC: HOST:PORT, or :PORT for every interface; with --network unix a path.
    #[arg(long, default_value = "0.0.0.0:9443")]
    pub address: String,
    /// Folder with the certificates: ca.crt, tls.crt and tls.key. Renewed files are served without a restart.
    #[arg(long, env = "TLS_SERVER_CERTS_DIR", value_name = "DIR")]
    pub tls_certs_dir: Option<PathBuf>,
    /// Serve without TLS: whoever can connect can call. --tls-certs-dir is then ignored.
    #[arg(long)]
    pub insecure: bool,
    /// The largest request, in MB.
    #[arg(long, default_value_t = 64, value_name = "MB", value_parser = clap::value_parser!(u16).range(1..=2047))]
    pub max_recv_message_size: u16,
    /// How many requests one connection may have under way; its client holds further ones back.
    #[arg(long, default_value_t = 256, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_concurrent_requests: u32,
    /// How long a request may take to arrive, in seconds.
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..))]
    pub request_timeout: u16,
    /// How long requests that are being answered may take once the process is asked to end, in seconds.
    #[arg(long, default_value_t = 25, value_name = "SECONDS")]
    pub shutdown_timeout: u16,
    /// Address to serve metrics at, over HTTP at /metrics; empty for none.
    #[arg(long, env = "METRICS_ADDRESS", default_value = ":8080", value_name = "ADDRESS")]
    pub metrics_address: String,
}

impl ServeArgs {
    /// What the flags say.
    pub fn options(&self) -> Options {
        // An environment variable that is set to nothing is not set.
        let certificates = self.tls_certs_dir.clone().filter(|folder| !folder.as_os_str().is_empty());
        Options {
            network: self.network,
            address: self.address.clone(),
            certificates: certificates.filter(|_| !self.insecure),
            insecure: self.insecure,
            max_message: usize::from(self.max_recv_message_size) << 20,
            max_concurrent_requests: self.max_concurrent_requests,
            request_timeout: Duration::from_secs(self.request_timeout.into()),
            shutdown_timeout: Duration::from_secs(self.shutdown_timeout.into()),
            metrics_address: Some(self.metrics_address.clone()).filter(|address| !address.is_empty()),
            ..Options::default()
        }
    }
}
