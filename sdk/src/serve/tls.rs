//! Certificates: read from a folder, and read again when they are renewed there.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error, RootCertStore, ServerConfig, version};

use super::ServeError;

const AUTHORITY: &str = "ca.crt";
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";

const MOUNT: &str = "mount the Secret that Crossplane makes for the function, with ca.crt, tls.crt and tls.key";

/// The certificates in a folder: the function's (`tls.crt`, `tls.key`), and the authority (`ca.crt`) whose clients it
/// serves, which in a cluster is Crossplane alone. TLS is version 1.3.
///
/// They are read again for the first connection after they changed, so that a renewed certificate is served without a
/// restart; connections that stand go on. While what is there cannot be used, half-written say, what was read last is.
pub struct Certificates {
    folder: PathBuf,
    provider: Arc<CryptoProvider>,
    current: Mutex<Current>,
}

struct Current {
    config: Arc<ServerConfig>,
    stamp: Stamp,
}

/// What tells that a file has changed, of each file.
type Stamp = [Option<(SystemTime, u64)>; 3];

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({:?})", self.folder)
    }
}

impl Certificates {
    /// Reads the certificates in a folder.
    ///
    /// # Errors
    /// When one of the three files is missing, unreadable or not what its name says, and when key and certificate do not
    /// belong together.
    pub fn read(folder: impl Into<PathBuf>) -> Result<Self, ServeError> {
        let folder = folder.into();
        let provider = Arc::new(ring::default_provider());
        let stamp = stamp(&folder);
        let config = Arc::new(config(&folder, &provider)?);
        Ok(Certificates { folder, provider, current: Mutex::new(Current { config, stamp }) })
    }

    /// How to serve the next connection.
    pub(super) fn current(&self) -> Arc<ServerConfig> {
        // A thread that panicked in between has left the old certificates or the new ones, never a mixture.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.folder);
        if stamp != current.stamp {
            // Whether or not it can be used, what is there is looked at once.
            current.stamp = stamp;
            match config(&self.folder, &self.provider) {
                Ok(config) => {
                    current.config = Arc::new(config);
                    tracing::info!(folder = %self.folder.display(), "serving with renewed certificates");
                }
                Err(error) => {
                    tracing::error!(%error, "the renewed certificates cannot be used; serving with those read before");
                }
            }
        }
        current.config.clone()
    }
}

fn stamp(folder: &Path) -> Stamp {
    // A mounted Secret is renewed by pointing a link elsewhere, so what counts is the file that the link leads to.
    [AUTHORITY, CERTIFICATE, KEY].map(|name| {
        let found = std::fs::metadata(folder.join(name)).ok()?;
        Some((found.modified().ok()?, identity(&found)))
    })
}

#[cfg(unix)]
fn identity(file: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn identity(file: &std::fs::Metadata) -> u64 {
    file.len()
}

fn config(folder: &Path, provider: &Arc<CryptoProvider>) -> Result<ServerConfig, ServeError> {
    let refused =
        |name: &str, reason: String, remedy| ServeError::Certificate { file: folder.join(name), reason, remedy };
    let read = |name: &str| {
        std::fs::read(folder.join(name)).map_err(|error| refused(name, format!("cannot be read: {error}"), MOUNT))
    };
    let certificates = |name: &str| {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(name)?).collect();
        match found {
            Ok(found) if !found.is_empty() => Ok(found),
            Ok(_) => Err(refused(name, "holds no certificate in PEM form".to_owned(), MOUNT)),
            Err(error) => Err(refused(name, format!("is not PEM: {error:?}"), MOUNT)),
        }
    };
    let mut authorities = RootCertStore::empty();
    for certificate in certificates(AUTHORITY)? {
        authorities.add(certificate).map_err(|error| refused(AUTHORITY, error.to_string(), MOUNT))?;
    }
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider.clone())
        .build()
        .map_err(|error| refused(AUTHORITY, error.to_string(), MOUNT))?;
    let chain = certificates(CERTIFICATE)?;
    // The error quotes nothing of the key.
    let key = PrivateKeyDer::from_pem_slice(&read(KEY)?)
        .map_err(|_| refused(KEY, "holds no private key in PEM form".to_owned(), MOUNT))?;
    let paired = "let tls.crt and tls.key come from the same issue of the certificate";
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&version::TLS13])
        .map_err(|error| refused(CERTIFICATE, error.to_string(), paired))?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)
        .map_err(|error| refused(KEY, format!("does not go with {CERTIFICATE}: {error}"), paired))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // A resumed session would not look at the client's certificate again, which may have expired since.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// Why a handshake failed, and what to do about it.
pub(super) fn explain(error: &std::io::Error) -> String {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return format!("{error}; the client hung up, or does not speak TLS");
    };
    let (reason, remedy) = match error {
        Error::NoCertificatesPresented => ("the client shows no certificate", "let it show one of ca.crt's authority"),
        Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                ("the client's certificate has expired", "renew it")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                ("the client's certificate is not valid yet", "compare the clocks of both machines")
            }
            CertificateError::UnknownIssuer | CertificateError::BadSignature => (
                "the client's certificate is not from the authority in ca.crt",
                "let Crossplane and the function use certificates of one authority",
            ),
            _ => ("the client's certificate is refused", "issue it anew"),
        },
        Error::AlertReceived(
            AlertDescription::CertificateExpired
            | AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown,
        ) => ("the client refuses this function's certificate", "renew tls.crt, with the name that clients connect to"),
        Error::PeerIncompatible(_) => ("client and server have no version of TLS in common", "let it use TLS 1.3"),
        Error::InvalidMessage(_) => ("the client does not speak TLS", "serve it with --insecure, or let it use TLS"),
        _ => ("the TLS handshake failed", "see the reason"),
    };
    format!("{reason} ({error}); {remedy}")
}
