//! Metrics of the server, with the names and labels that functions on Crossplane's official SDKs have.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tonic::Code;

use super::router::Method;

/// The names of gRPC's status codes by number, as gRPC's Go implementation writes them into labels.
const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    grpc_type: &'static str,
    grpc_service: &'static str,
    grpc_method: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct HandledLabels {
    grpc_type: &'static str,
    grpc_service: &'static str,
    grpc_method: &'static str,
    grpc_code: &'static str,
}

/// The counters of one method, looked up once.
struct MethodCounters {
    started: Counter,
    received: Counter,
    sent: Counter,
    handled: [Counter; CODES.len()],
}

/// The counters of the server: calls that began and ended, by status, and messages that came and went. Each starts at zero,
/// so that a rate can be told from the first call on.
pub(super) struct Metrics {
    registry: Registry,
    methods: Vec<(Method, MethodCounters)>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let started = Family::<Labels, Counter>::default();
        let received = Family::<Labels, Counter>::default();
        let sent = Family::<Labels, Counter>::default();
        let handled = Family::<HandledLabels, Counter>::default();
        let methods = Method::ALL.into_iter().map(|method| {
            let (grpc_service, grpc_method) = method.names();
            let grpc_type = method.grpc_type();
            let labels = Labels { grpc_type, grpc_service, grpc_method };
            let counters = MethodCounters {
                started: started.get_or_create_owned(&labels),
                received: received.get_or_create_owned(&labels),
                sent: sent.get_or_create_owned(&labels),
                handled: CODES.map(|grpc_code| {
                    handled.get_or_create_owned(&HandledLabels { grpc_type, grpc_service, grpc_method, grpc_code })
                }),
            };
            (method, counters)
        });
        let methods = methods.collect();
        let mut registry = Registry::default();
        // The encoder adds `_total` to the names and a full stop to the texts.
        registry.register("grpc_server_started", "Total number of RPCs started on the server", started);
        registry.register(
            "grpc_server_handled",
            "Total number of RPCs completed on the server, regardless of success or failure",
            handled,
        );
        registry.register(
            "grpc_server_msg_received",
            "Total number of RPC stream messages received on the server",
            received,
        );
        registry.register("grpc_server_msg_sent", "Total number of gRPC stream messages sent by the server", sent);
        Metrics { registry, methods }
    }

    /// Counts a call that begins. One that is never said to have ended was cancelled: its client went away.
    pub(super) fn begin(&self, method: Method) -> Option<Call<'_>> {
        // Only calls of one message each way are counted, as by the official SDKs.
        let counters = method.is_unary().then(|| self.methods.iter().find(|(known, _)| *known == method)).flatten();
        counters.map(|(_, counters)| {
            counters.started.inc();
            counters.received.inc();
            Call { counters, code: Code::Cancelled }
        })
    }

    /// All metrics in the OpenMetrics text format.
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A call that is being answered.
pub(super) struct Call<'a> {
    counters: &'a MethodCounters,
    code: Code,
}

impl Call<'_> {
    /// The call ends with a status.
    pub(super) fn end(mut self, code: Code) {
        self.code = code;
        if code == Code::Ok {
            self.counters.sent.inc();
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if let Some(handled) = self.counters.handled.get(self.code as usize) {
            handled.inc();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_their_end() {
        let metrics = Metrics::new();
        metrics.begin(Method::RunFunction).unwrap().end(Code::Ok);
        drop(metrics.begin(Method::RunFunction));
        metrics.begin(Method::HealthCheck).unwrap().end(Code::NotFound);
        assert!(metrics.begin(Method::HealthWatch).is_none());
        let text = metrics.text().unwrap();
        let nonzero: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.ends_with(" 0")).collect();
        insta::assert_snapshot!(sorted(nonzero), @r#"
        grpc_server_handled_total{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction",grpc_code="Canceled"} 1
        grpc_server_handled_total{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction",grpc_code="OK"} 1
        grpc_server_handled_total{grpc_type="unary",grpc_service="grpc.health.v1.Health",grpc_method="Check",grpc_code="NotFound"} 1
        grpc_server_msg_received_total{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction"} 2
        grpc_server_msg_received_total{grpc_type="unary",grpc_service="grpc.health.v1.Health",grpc_method="Check"} 1
        grpc_server_msg_sent_total{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction"} 1
        grpc_server_started_total{grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction"} 2
        grpc_server_started_total{grpc_type="unary",grpc_service="grpc.health.v1.Health",grpc_method="Check"} 1
        "#);
        assert!(text.contains("# HELP grpc_server_started Total number of RPCs started on the server.\n"), "{text}");
    }

    fn sorted(mut lines: Vec<&str>) -> String {
        lines.sort_unstable();
        lines.join("\n")
    }
}
