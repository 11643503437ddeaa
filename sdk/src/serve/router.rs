//! From the path of a call to what answers it.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tonic::body::Body;
use tonic::server::{Grpc, UnaryService};
use tonic::{Code, Status};
use tower_service::Service;

use super::Answer;
use super::codec::RawBytes;
use super::metrics::Metrics;
use super::protocol::{FUNCTION_RUNNER, FUNCTION_RUNNER_BETA};

/// A method that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    RunFunction,
    RunFunctionBeta,
    HealthCheck,
    HealthWatch,
    Reflection,
    ReflectionAlpha,
}

const HEALTH: &str = "grpc.health.v1.Health";
const REFLECTION: &str = "grpc.reflection.v1.ServerReflection";
const REFLECTION_ALPHA: &str = "grpc.reflection.v1alpha.ServerReflection";

impl Method {
    pub(super) const ALL: [Method; 6] = [
        Method::RunFunction,
        Method::RunFunctionBeta,
        Method::HealthCheck,
        Method::HealthWatch,
        Method::Reflection,
        Method::ReflectionAlpha,
    ];

    /// The names of its service and of the method in it.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        match self {
            Method::RunFunction => (FUNCTION_RUNNER, "RunFunction"),
            Method::RunFunctionBeta => (FUNCTION_RUNNER_BETA, "RunFunction"),
            Method::HealthCheck => (HEALTH, "Check"),
            Method::HealthWatch => (HEALTH, "Watch"),
            Method::Reflection => (REFLECTION, "ServerReflectionInfo"),
            Method::ReflectionAlpha => (REFLECTION_ALPHA, "ServerReflectionInfo"),
        }
    }

    /// How many messages go each way, in the words of the metrics.
    pub(super) fn grpc_type(self) -> &'static str {
        match self {
            Method::RunFunction | Method::RunFunctionBeta | Method::HealthCheck => "unary",
            Method::HealthWatch => "server_stream",
            Method::Reflection | Method::ReflectionAlpha => "bidi_stream",
        }
    }

    /// Whether one message goes each way.
    pub(super) fn is_unary(self) -> bool {
        self.grpc_type() == "unary"
    }

    fn of(path: &str) -> Option<Self> {
        let (service, method) = path.strip_prefix('/')?.split_once('/')?;
        Self::ALL.into_iter().find(|known| known.names() == (service, method))
    }
}

pub(super) type Answered = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

/// A service whose type does not matter.
pub(super) type AnyService = Arc<dyn Fn(Request<Body>) -> Answered + Send + Sync>;

/// Lets a service's type not matter.
pub(super) fn any<S>(service: S) -> AnyService
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    // Such a service is always ready: tonic's generated services say so.
    Arc::new(move |request| Box::pin(service.clone().call(request)))
}

/// What a server serves.
pub(super) struct Services {
    pub(super) answer: Box<dyn Answer>,
    pub(super) health: AnyService,
    pub(super) reflection: AnyService,
    pub(super) reflection_alpha: AnyService,
    pub(super) metrics: Arc<Metrics>,
    /// The largest request, in bytes.
    pub(super) max_message: usize,
    /// How long a request may take to arrive.
    pub(super) deadline: Duration,
}

/// Hands each call to its service, and counts it.
#[derive(Clone)]
pub(super) struct Router(pub(super) Arc<Services>);

impl Service<Request<Body>> for Router {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answered {
        let services = self.0.clone();
        Box::pin(async move {
            let Some(method) = Method::of(request.uri().path()) else {
                return Ok(Status::unimplemented("functions serve RunFunction, health and reflection").into_http());
            };
            let call = services.metrics.begin(method);
            let response = match method {
                Method::RunFunction | Method::RunFunctionBeta => run(&services, request).await,
                Method::HealthCheck | Method::HealthWatch => (services.health)(request).await?,
                Method::Reflection => (services.reflection)(request).await?,
                Method::ReflectionAlpha => (services.reflection_alpha)(request).await?,
            };
            if let Some(call) = call {
                // An answer without a status in its head ends well: the status follows its body.
                call.end(Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code()));
            }
            Ok(response)
        })
    }
}

/// Receives a request and answers it.
async fn run(services: &Services, request: Request<Body>) -> Response<Body> {
    let received = AtomicBool::new(false);
    let mut grpc = Grpc::new(RawBytes).apply_max_message_size_config(Some(services.max_message), None);
    let answered = grpc.unary(Run { services, received: &received }, request);
    let response = tokio::time::timeout(services.deadline, answered).await.unwrap_or_else(|_| {
        let message = format!(
            "the request did not arrive within {:?} (--request-timeout); look for a slow network, or a proxy in between",
            services.deadline
        );
        Status::deadline_exceeded(message).into_http()
    });
    let Some(status) = Status::from_header_map(response.headers()) else { return response };
    let status = match status.code() {
        // The stream broke off: that is all that the transport knows.
        Code::Unknown if !received.load(Ordering::Relaxed) => {
            Status::cancelled(format!("the client went away before its request had arrived: {}", status.message()))
        }
        Code::OutOfRange => Status::resource_exhausted(format!(
            "the request is larger than the {} MB that are accepted: {}; raise --max-recv-message-size",
            services.max_message >> 20,
            status.message()
        )),
        _ => status,
    };
    match status.code() {
        Code::Cancelled => tracing::debug!(reason = status.message(), "gave up a request"),
        code => tracing::error!(?code, reason = status.message(), "refused a request"),
    }
    status.into_http()
}

/// One call of `RunFunction`.
struct Run<'a> {
    services: &'a Services,
    /// Whether the whole request has arrived.
    received: &'a AtomicBool,
}

impl UnaryService<Bytes> for Run<'_> {
    type Response = Bytes;
    type Future = Ready<Result<tonic::Response<Bytes>, Status>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        self.received.store(true, Ordering::Relaxed);
        ready(self.services.answer.answer(request.into_inner()).map(tonic::Response::new))
    }
}
