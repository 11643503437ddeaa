//! Who is let in.

use std::sync::Arc;

use planewright::serve::{Bytes, Options, Status};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;

use crate::certificates::{Authority, Signed, client};
use crate::client::{By, Client, Serving, logged};
use crate::connector::channel;

/// Calls once over a connection of its own.
async fn call(serving: &Serving, config: Arc<ClientConfig>) -> Result<Bytes, Status> {
    let channel =
        channel(serving.address.clone(), config).await.map_err(|error| Status::unavailable(format!("{error:?}")))?;
    Client::new(channel).call(Bytes::from_static(b"hello")).await
}

/// A server with certificates in a folder.
async fn secured(folder: &tempfile::TempDir) -> Serving {
    let certificates = Some(folder.path().to_owned());
    Serving::with(By(Ok), Options { certificates, ..Options::default() }).await
}

fn folder(server: &Signed, clients: &Authority) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    server.mount(folder.path(), clients);
    folder
}

#[tokio::test]
async fn a_client_of_the_authority_is_served() {
    let authority = Authority::new();
    let folder = folder(&authority.sign(2100), &authority);
    let serving = secured(&folder).await;
    assert_eq!(call(&serving, client(&authority, Some(&authority.sign(2100)))).await.unwrap(), "hello");
    serving.end().await.unwrap();
}

/// What the log says of a client that is not served.
fn refused(shown: impl Fn(&Authority) -> Option<Signed>) -> String {
    let log = logged(|log| async move {
        let authority = Authority::new();
        let folder = folder(&authority.sign(2100), &authority);
        let serving = secured(&folder).await;
        call(&serving, client(&authority, shown(&authority).as_ref())).await.unwrap_err();
        while log.entries("refused a connection").is_empty() {
            tokio::task::yield_now().await;
        }
        // Others are served all the same.
        call(&serving, client(&authority, Some(&authority.sign(2100)))).await.unwrap();
        serving.end().await.unwrap();
    });
    let entries: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refusal = entries.iter().find(|entry| entry["message"] == "refused a connection").unwrap();
    assert!(refusal["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{refusal}");
    refusal["reason"].as_str().unwrap().to_owned()
}

#[test]
fn an_expired_client_is_refused() {
    let said = refused(|authority| Some(authority.sign(2001)));
    assert!(said.starts_with("the client's certificate has expired ("), "{said}");
    assert!(said.ends_with("; renew it"), "{said}");
}

#[test]
fn a_client_of_another_authority_is_refused() {
    let said = refused(|_| Some(Authority::new().sign(2100)));
    assert!(said.starts_with("the client's certificate is not from the authority in ca.crt ("), "{said}");
}

#[test]
fn a_client_without_a_certificate_is_refused() {
    let said = refused(|_| None);
    assert!(said.starts_with("the client shows no certificate ("), "{said}");
}

#[test]
fn a_client_that_does_not_speak_tls_is_refused() {
    let log = logged(|log| async move {
        let authority = Authority::new();
        let folder = folder(&authority.sign(2100), &authority);
        let serving = secured(&folder).await;
        let mut stream = TcpStream::connect(&serving.address).await.unwrap();
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap_or_default();
        while log.entries("refused a connection").is_empty() {
            tokio::task::yield_now().await;
        }
    });
    assert!(log.contains("the client does not speak TLS"), "{log}");
}

#[test]
fn a_client_that_refuses_the_function_is_told_of() {
    let log = logged(|log| async move {
        let authority = Authority::new();
        let folder = folder(&authority.sign(2001), &authority);
        let serving = secured(&folder).await;
        call(&serving, client(&authority, Some(&authority.sign(2100)))).await.unwrap_err();
        while log.entries("refused a connection").is_empty() {
            tokio::task::yield_now().await;
        }
    });
    assert!(log.contains("the client refuses this function's certificate"), "{log}");
}

#[tokio::test]
async fn a_renewed_certificate_is_served_and_connections_stand() {
    let (old, new) = (Authority::new(), Authority::new());
    let folder = folder(&old.sign(2100), &old);
    let serving = secured(&folder).await;
    let standing = Client::new(channel(serving.address.clone(), client(&old, Some(&old.sign(2100)))).await.unwrap());
    assert_eq!(standing.call(Bytes::from_static(b"before")).await.unwrap(), "before");
    new.sign(2100).mount(folder.path(), &new);
    // The new authority's clients are served, and see the new certificate; the old one's no more.
    assert_eq!(call(&serving, client(&new, Some(&new.sign(2100)))).await.unwrap(), "hello");
    call(&serving, client(&old, Some(&old.sign(2100)))).await.unwrap_err();
    assert_eq!(standing.call(Bytes::from_static(b"after")).await.unwrap(), "after");
}

#[test]
fn half_a_renewal_is_not_served() {
    let log = logged(|_| async {
        let authority = Authority::new();
        let folder = folder(&authority.sign(2100), &authority);
        let serving = secured(&folder).await;
        let caller = client(&authority, Some(&authority.sign(2100)));
        // The key of another certificate.
        std::fs::write(folder.path().join("tls.key"), authority.sign(2100).key).unwrap();
        assert_eq!(call(&serving, caller.clone()).await.unwrap(), "hello");
        std::fs::remove_file(folder.path().join("tls.key")).unwrap();
        assert_eq!(call(&serving, caller.clone()).await.unwrap(), "hello");
        authority.sign(2100).mount(folder.path(), &authority);
        assert_eq!(call(&serving, caller).await.unwrap(), "hello");
    });
    assert!(log.contains("the renewed certificates cannot be used; serving with those read before"), "{log}");
    assert!(log.contains("does not go with tls.crt"), "{log}");
    assert!(log.contains("serving with renewed certificates"), "{log}");
    assert!(!log.contains("PRIVATE KEY"), "{log}");
}
