//! What goes wrong, and stays without consequences for others.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Request;
use http_body::Frame;
use planewright::compose::{Cx, Result};
use planewright::serve::{Bytes, Code, Options, Status};
use planewright::state;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower_service::Service as _;

use crate::client::{By, RUN, RUN_LABELS, Serving, logged, platform, run, with_metrics};
use crate::support::Store;
use crate::support::protocol::{self, field};
use crate::support::world::{bucket_and_policy, store_xr};

#[tokio::test]
async fn malformed_requests_are_refused_and_others_served() {
    let serving = Serving::insecure(platform(bucket_and_policy)).await;
    let client = serving.client().await;
    let good = protocol::request(&state::Request::new(store_xr()));
    for broken in [vec![0xff; 100], b"GET / HTTP/1.1".to_vec(), good[..good.len() - 1].to_vec(), vec![0x0a, 0xff, 0xff]]
    {
        let status = client.call(broken).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        assert!(status.message().starts_with("malformed RunFunctionRequest: "), "{status}");
    }
    client.call(good).await.unwrap();
}

#[tokio::test]
async fn missing_fields_are_fatal_results() {
    let serving = Serving::insecure(platform(bucket_and_policy)).await;
    let client = serving.client().await;
    let mut xr = store_xr();
    xr.as_object_mut().unwrap().remove("spec");
    let kindless = json!({"apiVersion": "storage.example.org/v1"});
    let requests = [Vec::new(), protocol::bytes(2, ""), protocol::bytes(2, protocol::bytes(1, ""))];
    let requests = requests.into_iter().chain([xr, kindless].map(|xr| protocol::request(&state::Request::new(xr))));
    for request in requests {
        let answer = client.call(request).await.unwrap();
        let [result] = field(&answer, 3).try_into().unwrap();
        assert_eq!(field(result.bytes(), 1)[0].number(), 1);
        assert!(field(&answer, 2).iter().all(|state| state.bytes().is_empty()), "{answer:?}");
    }
}

#[tokio::test]
async fn large_requests_are_served_and_larger_ones_are_told_the_flag() {
    let options = Options { insecure: true, max_message: 51 << 20, ..Options::default() };
    let serving = Serving::with(By(|request: Bytes| Ok(Bytes::from(request.len().to_string()))), options).await;
    let client = serving.client().await;
    let large = Bytes::from(vec![7; 50 << 20]);
    assert_eq!(client.call(large).await.unwrap(), (50 << 20).to_string());
    let status = client.call(Bytes::from(vec![7; (51 << 20) + 1])).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    insta::assert_snapshot!(status.message(), @"the request is larger than the 51 MB that are accepted: Error, decoded message length too large: found 53477377 bytes, the limit is: 53477376 bytes; raise --max-recv-message-size");
    client.call(Bytes::new()).await.unwrap();
}

#[tokio::test]
async fn fifty_megabytes_of_observed_state_are_composed() {
    let compose = |cx: &mut Cx<Store>| -> Result<()> {
        cx.drop_matching(|key| key.starts_with("filler-"));
        let last = cx.resource("filler-49", json!({"apiVersion": "v1", "kind": "ConfigMap"}));
        let text = last.pointer("/data/filler").known().unwrap_or_default();
        let length = text.as_str().map_or(0, str::len).to_string();
        cx.resource("length", json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"length": length}}));
        Ok(())
    };
    let serving = Serving::insecure(platform(compose)).await;
    let client = serving.client().await;
    // All in one message: pieces of the observed state would be put together, which takes a copy.
    let mut observed = protocol::bytes(1, protocol::bytes(1, protocol::object(&store_xr())));
    let filler = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"filler": "x".repeat(1 << 20)}});
    let filler = protocol::bytes(1, protocol::object(&filler));
    for index in 0..50 {
        observed.extend(protocol::entry(2, &format!("filler-{index}"), &filler));
    }
    let request = protocol::bytes(2, observed);
    assert!(request.len() > 50 << 20);
    let answer = client.call(request).await.unwrap();
    let desired = protocol::entries(field(&answer, 2)[0].bytes(), 2);
    assert_eq!(desired.keys().collect::<Vec<_>>(), ["filler-49", "length"]);
    assert_eq!(protocol::read_resource(&desired["length"])["resource"]["data"]["length"], "1048576");
}

#[tokio::test]
async fn a_panic_is_a_fatal_result_with_the_compositions_name() {
    let explosive = |cx: &mut Cx<Store>| -> Result<()> {
        assert!(cx.name() != "blue", "no {} today", cx.name());
        Ok(())
    };
    let serving = Serving::insecure(platform(explosive)).await;
    let client = serving.client().await;
    let answer = run(&client, &state::Request::new(store_xr())).await;
    let [result] = field(&answer, 3).try_into().unwrap();
    assert_eq!(field(result.bytes(), 1)[0].number(), 1);
    let message = field(result.bytes(), 2)[0].text();
    assert!(message.starts_with("store panicked") && message.contains("no blue today"), "{message}");
    let mut xr = store_xr();
    xr["metadata"]["name"] = json!("green");
    let answer = run(&client, &state::Request::new(xr)).await;
    assert!(field(&answer, 3).is_empty());
}

/// A request whose body never ends to arrive.
struct Pending(Option<Bytes>);

impl http_body::Body for Pending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Status>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Poll::Pending,
        }
    }
}

/// Begins a call that announces a message of this length and sends one byte of it. The call goes on until the handle is
/// aborted.
pub async fn begun(
    mut channel: Channel,
    length: u32,
) -> JoinHandle<std::result::Result<http::Response<Body>, tonic::transport::Error>> {
    let mut start = vec![0];
    start.extend(length.to_be_bytes());
    start.push(7);
    let request = Request::post(format!("http://function.example{RUN}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Body::new(Pending(Some(start.into()))))
        .unwrap();
    std::future::poll_fn(|cx| channel.poll_ready(cx)).await.unwrap();
    tokio::spawn(channel.call(request))
}

#[tokio::test]
async fn a_request_that_does_not_arrive_is_given_up() {
    let options = Options { insecure: true, request_timeout: Duration::from_millis(50), ..Options::default() };
    let serving = Serving::with(By(Ok), options).await;
    let response = begun(serving.channel().await, 100).await.await.unwrap().unwrap();
    let status = Status::from_header_map(response.headers()).unwrap();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    insta::assert_snapshot!(status.message(), @"the request did not arrive within 50ms (--request-timeout); look for a slow network, or a proxy in between");
    serving.client().await.call(Bytes::new()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_goes_away_is_counted_and_forgotten() {
    let serving = Serving::with(By(Ok), with_metrics()).await;
    // A client with a runtime of its own, with which its connection goes.
    let address = serving.address.clone();
    let (leave, left) = std::sync::mpsc::channel::<()>();
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
            let call = begun(channel, 100).await;
            let left = tokio::task::spawn_blocking(move || left.recv());
            left.await.unwrap().unwrap();
            call.abort();
        });
    });
    serving.counted(&format!("grpc_server_started_total{{{RUN_LABELS}}} 1")).await;
    leave.send(()).unwrap();
    client.join().unwrap();
    serving.counted(&format!("grpc_server_handled_total{{{RUN_LABELS},grpc_code=\"Canceled\"}} 1")).await;
    serving.client().await.call(Bytes::new()).await.unwrap();
    serving.end().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let options = Options { insecure: true, greeting_timeout: Duration::from_millis(50), ..Options::default() };
    let serving = Serving::with(By(Ok), options).await;
    // Nothing, and half of what HTTP/2 begins with.
    for said in ["", "PRI * HTTP/2.0\r\n"] {
        let mut stream = TcpStream::connect(&serving.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        // Ends when the server closes the connection.
        stream.read_to_end(&mut Vec::new()).await.unwrap_or_default();
    }
    // Who has begun to speak may be silent afterwards.
    let client = serving.client().await;
    client.call(Bytes::new()).await.unwrap();
    serving.end().await.unwrap();
}

#[test]
fn a_handshake_that_does_not_end_is_given_up() {
    use crate::certificates::Authority;

    let log = logged(|_| async {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        authority.sign(2100).mount(folder.path(), &authority);
        let options = Options {
            certificates: Some(folder.path().to_owned()),
            greeting_timeout: Duration::from_millis(50),
            ..Options::default()
        };
        let serving = Serving::with(By(Ok), options).await;
        let mut stream = TcpStream::connect(&serving.address).await.unwrap();
        // The head of a handshake record, and no more.
        stream.write_all(&[22, 3, 1, 2, 0]).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap_or_default();
    });
    assert!(log.contains("the client did not complete the TLS handshake in time"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_at_once_get_their_own_answers() {
    let serving = Serving::insecure(platform(bucket_and_policy)).await;
    let mut callers = Vec::new();
    for connection in 0..20 {
        let client = serving.client().await;
        for caller in 0..50 {
            let client = client.clone();
            let mut xr = store_xr();
            xr["spec"]["region"] = json!(format!("region-{connection}-{caller}"));
            let request = protocol::request(&state::Request::new(xr));
            callers.push(tokio::spawn(async move { (connection, caller, client.call(request).await) }));
        }
    }
    for caller in callers {
        let (connection, caller, answer) = caller.await.unwrap();
        let resources = protocol::entries(field(&answer.unwrap(), 2)[0].bytes(), 2);
        let bucket = protocol::read_struct(field(&resources["bucket"], 1)[0].bytes());
        assert_eq!(bucket["spec"]["forProvider"]["region"], format!("region-{connection}-{caller}"));
    }
    serving.end().await.unwrap();
}
