//! The seam between the transport and what is served.

use bytes::Bytes;
use tonic::Status;

/// Answers the bytes of a `RunFunctionRequest` with those of a `RunFunctionResponse`.
pub trait Answer: Send + Sync + 'static {
    /// Answers one request, wholly on the thread that calls it.
    ///
    /// # Errors
    /// When the bytes are no request, above all. Whatever a composition has to say against a request is a fatal result in
    /// the answer instead: Crossplane shows that to the owner of the composite resource.
    fn answer(&self, request: Bytes) -> Result<Bytes, Status>;
}
