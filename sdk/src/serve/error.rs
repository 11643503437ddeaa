//! Why a function cannot be served.

use std::path::PathBuf;

use thiserror::Error;

/// Why a function cannot be served, and what to do about it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Neither certificates nor the word that none are wanted.
    #[error(
        "there are no certificates to serve with: Crossplane mounts them and names their folder in \
         TLS_SERVER_CERTS_DIR. Set that, or --tls-certs-dir, to a folder with ca.crt, tls.crt and tls.key; or, where \
         only this machine can connect, pass --insecure"
    )]
    NoCertificates,
    /// A file of the certificates' folder.
    #[error("{}: {reason}; {remedy}", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The address is not one.
    #[error("--address {address}: {reason}; write HOST:PORT, such as 0.0.0.0:9443, or a path with --network unix")]
    Address {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing can listen there.
    #[error("cannot listen at {address}: {source}; let no other program use it, or choose another with --address")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The machine lets no server run.
    #[error("the server cannot run: {0}")]
    Runtime(#[from] std::io::Error),
    /// The transport ended.
    #[error("the server ended: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// Connections had not ended when the time for that was over.
    #[error(
        "requests were cut off that were not answered within --shutdown-timeout; allow more, and more than that to the Pod"
    )]
    CutOff,
}
