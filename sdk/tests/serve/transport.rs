//! What stands beside the function: health, reflection, metrics, and the end.

use std::sync::mpsc;

use planewright::serve::{Bytes, Code, Options, Server};
use tokio::net::TcpStream;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::client::{By, RUN, RUN_BETA, RUN_LABELS, Serving, with_metrics};
use crate::support::protocol::field;

const FUNCTION_RUNNER: &str = "apiextensions.fn.proto.v1.FunctionRunnerService";

fn echo() -> By<impl Fn(Bytes) -> Result<Bytes, planewright::serve::Status> + Send + Sync> {
    By(Ok)
}

#[tokio::test]
async fn bytes_come_as_they_were_sent() {
    let serving = Serving::insecure(echo()).await;
    let client = serving.client().await;
    for path in [RUN, RUN_BETA] {
        for length in [0, 1, 70_000, 3 << 20] {
            let bytes: Bytes = (0..length).map(|index: usize| index.to_le_bytes()[0]).collect();
            assert!(client.call_at(path, bytes.clone()).await.unwrap() == bytes, "{path} {length}");
        }
    }
    let unknown = client.call_at("/apiextensions.fn.proto.v1.FunctionRunnerService/Other", Bytes::new()).await;
    assert_eq!(unknown.unwrap_err().code(), Code::Unimplemented);
}

#[tokio::test]
async fn health_says_when_it_serves_and_when_it_ends() {
    let mut serving = Serving::insecure(echo()).await;
    let mut health = HealthClient::new(serving.channel().await);
    for service in ["", FUNCTION_RUNNER, "apiextensions.fn.proto.v1beta1.FunctionRunnerService"] {
        let request = HealthCheckRequest { service: service.to_owned() };
        let status = health.check(request).await.unwrap().into_inner().status();
        assert_eq!(status, ServingStatus::Serving, "{service}");
    }
    let request = HealthCheckRequest { service: FUNCTION_RUNNER.to_owned() };
    let mut watched = health.watch(request).await.unwrap().into_inner();
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    serving.ask();
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    // The watch ends too: nobody who watches holds up the end.
    assert!(watched.message().await.unwrap().is_none());
    serving.end().await.unwrap();
}

/// Asks the reflection service.
async fn reflected(serving: &Serving, request: MessageRequest) -> MessageResponse {
    let mut client = ServerReflectionClient::new(serving.channel().await);
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(request) };
    let mut answers = client.server_reflection_info(OneMessage(Some(request))).await.unwrap().into_inner();
    answers.message().await.unwrap().unwrap().message_response.unwrap()
}

/// A stream of one message.
struct OneMessage(Option<ServerReflectionRequest>);

impl tokio_stream::Stream for OneMessage {
    type Item = ServerReflectionRequest;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take())
    }
}

#[tokio::test]
async fn reflection_describes_the_protocol() {
    let serving = Serving::insecure(echo()).await;
    let listed = reflected(&serving, MessageRequest::ListServices(String::new())).await;
    let MessageResponse::ListServicesResponse(listed) = listed else { panic!("{listed:?}") };
    let mut services: Vec<String> = listed.service.into_iter().map(|service| service.name).collect();
    services.sort();
    let expected = [
        FUNCTION_RUNNER,
        "apiextensions.fn.proto.v1beta1.FunctionRunnerService",
        "grpc.reflection.v1.ServerReflection",
    ];
    assert_eq!(services, expected);
    let symbol = "apiextensions.fn.proto.v1.RunFunctionRequest".to_owned();
    let found = reflected(&serving, MessageRequest::FileContainingSymbol(symbol)).await;
    let MessageResponse::FileDescriptorResponse(found) = found else { panic!("{found:?}") };
    let file = found.file_descriptor_proto[0].clone();
    // `message_type` of the file, and in it `field`: their numbers in descriptor.proto.
    let text =
        |message: &[u8], number| field(message, number).first().map(|payload| payload.text()).unwrap_or_default();
    let messages = field(&file, 4);
    let message = messages.iter().find(|message| text(message.bytes(), 1) == "RunFunctionRequest").unwrap();
    let fields: Vec<(u64, String, u64, String)> = field(message.bytes(), 2)
        .iter()
        .map(|described| {
            let described = described.bytes();
            let number = |at| field(described, at)[0].number();
            (number(3), text(described, 1), number(4), text(described, 6))
        })
        .collect();
    let (optional, repeated) = (1, 3);
    let expected = |number, name: &str, label, of: &str| (number, name.to_owned(), label, of.to_owned());
    assert_eq!(fields[1], expected(2, "observed", optional, ".apiextensions.fn.proto.v1.State"));
    assert_eq!(fields[3], expected(4, "input", optional, ".google.protobuf.Struct"));
    let entries = ".apiextensions.fn.proto.v1.RunFunctionRequest.RequiredResourcesEntry";
    assert_eq!(fields[7], expected(8, "required_resources", repeated, entries));
    // Older clients ask in the words of v1alpha.
    let mut older =
        tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient::new(serving.channel().await);
    let request = tonic_reflection::pb::v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(
            tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(
                FUNCTION_RUNNER.to_owned(),
            ),
        ),
    };
    let mut answers = older.server_reflection_info(tokio_stream::once(request)).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let described = format!("{answer:?}");
    assert!(described.starts_with("FileDescriptorResponse("), "{described}");
    // What it imports can be asked for.
    let imports = field(&file, 3);
    assert_eq!(imports.len(), 2);
    for import in imports {
        let found = reflected(&serving, MessageRequest::FileByFilename(import.text())).await;
        assert!(matches!(found, MessageResponse::FileDescriptorResponse(_)), "{import:?}: {found:?}");
    }
}

#[tokio::test]
async fn metrics_have_the_names_of_the_official_sdks() {
    let serving = Serving::with(echo(), with_metrics()).await;
    let before = serving.get("/metrics").await;
    assert!(before.starts_with("HTTP/1.1 200 OK"), "{before}");
    assert!(before.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"), "{before}");
    let run =
        r#"grpc_type="unary",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_method="RunFunction""#;
    let none = format!("grpc_server_handled_total{{{run},grpc_code=\"OK\"}} 0");
    assert!(before.contains(&none), "{before}");
    let client = serving.client().await;
    for _ in 0..3 {
        client.call(Bytes::new()).await.unwrap();
    }
    let after = serving.get("/metrics").await;
    for counter in ["started", "msg_received", "msg_sent"] {
        assert!(after.contains(&format!("grpc_server_{counter}_total{{{run}}} 3")), "{after}");
    }
    assert!(after.contains(&format!("grpc_server_handled_total{{{run},grpc_code=\"OK\"}} 3")), "{after}");
    assert!(serving.get("/").await.starts_with("HTTP/1.1 404 Not Found"));
}

#[tokio::test]
async fn a_taken_address_of_metrics_does_not_keep_it_from_serving() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics_address = Some(taken.local_addr().unwrap().to_string());
    let serving = Serving::with(echo(), Options { insecure: true, metrics_address, ..Options::default() }).await;
    assert_eq!(serving.metrics, None);
    serving.client().await.call(Bytes::new()).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_served_says_why() {
    let bind = async |options| Server::new(echo(), options).bind().await.unwrap_err().to_string();
    insta::assert_snapshot!(bind(Options::default()).await, @"there are no certificates to serve with: Crossplane mounts them and names their folder in TLS_SERVER_CERTS_DIR. Set that, or --tls-certs-dir, to a folder with ca.crt, tls.crt and tls.key; or, where only this machine can connect, pass --insecure");
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = bind(Options { insecure: true, address: address.clone(), ..Options::default() }).await;
    insta::assert_snapshot!(said.replace(&address, "ADDRESS"), @"cannot listen at ADDRESS: Address already in use (os error 98); let no other program use it, or choose another with --address");
    let folder = tempfile::tempdir().unwrap();
    let said = bind(Options { certificates: Some(folder.path().to_owned()), ..Options::default() }).await;
    insta::assert_snapshot!(said.replace(&folder.path().display().to_string(), "DIR"), @"DIR/ca.crt: cannot be read: No such file or directory (os error 2); mount the Secret that Crossplane makes for the function, with ca.crt, tls.crt and tls.key");
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_of_the_file_system_serves_too() {
    use planewright::serve::Network;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let address = path.display().to_string();
    let options = Options { insecure: true, network: Network::Unix, address: address.clone(), ..Options::default() };
    let serving = Serving::with(echo(), options).await;
    assert_eq!(serving.address, address);
    let channel =
        tonic::transport::Endpoint::from_shared(format!("unix://{address}")).unwrap().connect().await.unwrap();
    let answer = crate::client::Client::new(channel).call(Bytes::from_static(b"x")).await.unwrap();
    assert_eq!(answer, "x");
    serving.end().await.unwrap();
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_end_waits_for_requests_under_way() {
    let (begin, begun) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new((begin, released));
    let mut serving = Serving::insecure(By(move |request: Bytes| {
        let gate = gate.lock().unwrap();
        gate.0.send(()).unwrap();
        gate.1.recv().unwrap();
        Ok(request)
    }))
    .await;
    let client = serving.client().await;
    let call = tokio::spawn(async move { client.call(Bytes::from_static(b"under way")).await });
    tokio::task::spawn_blocking(move || begun.recv()).await.unwrap().unwrap();
    serving.ask();
    // Nobody is accepted any more, though the request is under way.
    while TcpStream::connect(&serving.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    assert_eq!(call.await.unwrap().unwrap(), "under way");
    serving.end().await.unwrap();
}

#[tokio::test]
async fn the_end_waits_no_longer_than_it_may() {
    let options = Options { shutdown_timeout: std::time::Duration::ZERO, ..with_metrics() };
    let serving = Serving::with(echo(), options).await;
    // A request that never ends to arrive.
    let _pending = crate::faults::begun(serving.channel().await, 100).await;
    serving.counted(&format!("grpc_server_started_total{{{RUN_LABELS}}} 1")).await;
    insta::assert_snapshot!(serving.end().await.unwrap_err(), @"requests were cut off that were not answered within --shutdown-timeout; allow more, and more than that to the Pod");
}
