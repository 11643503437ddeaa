//! A repository of a registry, and what may be tried again.

use std::time::Duration;

use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError as Failure, OciEnvelope, OciErrorCode as Code};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};

use super::credentials;
use crate::exit::Refused;

/// A repository that is pushed to.
pub(super) struct Registry {
    client: Client,
    registry: String,
    path: String,
    auth: RegistryAuth,
}

/// How often something is tried, and how long is waited before the second time; then twice as long.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(100);

impl Registry {
    /// A repository, with the credentials that there are for its registry.
    pub(super) fn open(repository: &str) -> anyhow::Result<Self> {
        let (registry, path) = repository.split_once('/').unwrap_or((repository, ""));
        // There may be one already, and then it is this one: no other is compiled in.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
        let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let config = ClientConfig {
            protocol: if here { ClientProtocol::Http } else { ClientProtocol::Https },
            // A blob in one request: what is cut off is begun anew, and no registry has to join pieces.
            use_monolithic_push: true,
            connect_timeout: Some(Duration::from_secs(10)),
            read_timeout: Some(Duration::from_secs(120)),
            ..ClientConfig::default()
        };
        let client = Client::try_from(config).map_err(|error| {
            Refused::new(format!("no connection can be made: {error}"), "check the certificates of this machine")
        })?;
        let auth = credentials::of(registry)?;
        Ok(Registry { client, registry: registry.to_owned(), path: path.to_owned(), auth })
    }

    /// `REGISTRY/PATH`.
    pub(super) fn repository(&self) -> String {
        format!("{}/{}", self.registry, self.path)
    }

    /// The digest of what a tag names, if there is such a tag.
    pub(super) async fn tagged(&self, tag: &str) -> anyhow::Result<Option<String>> {
        let at = self.at(tag);
        // Credentials that do not do are found before anything is sent.
        self.retry(async || self.client.auth(&at, &self.auth, RegistryOperation::Push).await.map(drop)).await?;
        self.retry(async || match self.client.fetch_manifest_digest(&at, &self.auth).await {
            Ok(digest) => Ok(Some(digest)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Pushes a blob that is not there. It is named by its digest, so it can be pushed again and again.
    pub(super) async fn blob(&self, bytes: &[u8], digest: &str) -> anyhow::Result<()> {
        let at = self.at("latest");
        self.retry(async || {
            if self.client.blob_exists(&at, digest).await? {
                return Ok(());
            }
            match self.client.push_blob(&at, bytes.to_vec(), digest).await {
                Ok(_) => Ok(()),
                // Some registries take a blob and do not say where it is, which nobody asks.
                Err(Failure::RegistryNoLocationError) if self.client.blob_exists(&at, digest).await? => Ok(()),
                Err(error) => Err(error),
            }
        })
        .await
    }

    /// Pushes a manifest or index under a tag. The same bytes under the same tag are the same thing, however often.
    pub(super) async fn manifest(&self, tag: &str, media_type: &'static str, bytes: &[u8]) -> anyhow::Result<()> {
        let at = self.at(tag);
        self.retry(async || {
            let media_type = http::HeaderValue::from_static(media_type);
            self.client.push_manifest_raw(&at, bytes.to_vec(), media_type).await.map(drop)
        })
        .await
    }

    fn at(&self, tag: &str) -> Reference {
        Reference::with_tag(self.registry.clone(), self.path.clone(), tag.to_owned())
    }

    /// Does something, again where it failed for a reason that may pass.
    async fn retry<T>(&self, mut what: impl AsyncFnMut() -> Result<T, Failure>) -> anyhow::Result<T> {
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match what().await {
                Err(error) if may_pass(&error) => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                ended => return ended.map_err(|error| self.refused(&error)),
            }
        }
        what().await.map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &Failure) -> anyhow::Error {
        let Registry { registry, auth, .. } = self;
        let (reason, remedy) = match error {
            Failure::RequestError(error) if error.is_connect() || error.is_timeout() => (
                format!("the registry {registry} cannot be reached"),
                "check its name and the network, and push again: that goes on where this ended".to_owned(),
            ),
            Failure::UnauthorizedError { .. } | Failure::AuthenticationFailure(_) => {
                (unauthorised(registry, auth), format!("log in anew with `docker login {registry}`"))
            }
            Failure::RegistryError { envelope, .. } if says(envelope, &[Code::Unauthorized, Code::Denied]) => (
                unauthorised(registry, auth),
                format!("log in with `docker login {registry}` as somebody who may push"),
            ),
            Failure::ServerError { code: 401 | 403, .. } => {
                (unauthorised(registry, auth), format!("log in anew with `docker login {registry}`"))
            }
            other => (
                format!("the registry {registry} refuses {}: {other}", self.path),
                "push again when the registry is in order: that goes on where this ended, and no version names what is not whole".to_owned(),
            ),
        };
        // Not a fault of the input, though it is told in the same way.
        anyhow::Error::msg(Refused::new(reason, remedy).to_string())
    }
}

fn unauthorised(registry: &str, auth: &RegistryAuth) -> String {
    match auth {
        RegistryAuth::Anonymous => {
            format!("the registry {registry} wants credentials, and Docker's configuration has none for it")
        }
        _ => format!(
            "the registry {registry} does not take the credentials of Docker's configuration: they are wrong or have expired"
        ),
    }
}

/// Whether a registry says one of these things.
fn says(envelope: &OciEnvelope, codes: &[Code]) -> bool {
    envelope.errors.iter().any(|error| codes.contains(&error.code))
}

/// Whether a manifest is not there.
fn is_missing(error: &Failure) -> bool {
    match error {
        Failure::ImageManifestNotFoundError(_) | Failure::ServerError { code: 404, .. } => true,
        Failure::RegistryError { envelope, .. } => {
            says(envelope, &[Code::ManifestUnknown, Code::NameUnknown, Code::NotFound])
        }
        _ => false,
    }
}

/// Whether the same request may succeed a moment later.
fn may_pass(error: &Failure) -> bool {
    match error {
        Failure::RequestError(error) => error.is_connect() || error.is_timeout() || error.is_request(),
        Failure::ServerError { code, .. } => *code == 429 || *code >= 500,
        Failure::RegistryError { envelope, .. } => says(envelope, &[Code::Toomanyrequests]),
        _ => false,
    }
}
