//! `planewright push`: packages into a registry, which here is one in memory.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::emission::{DEFINITION, EMISSION, platform, script};
use support::registry::{Registry, digest};
use support::{Place, Ran};

/// Pushes to a registry, with the folder `docker` as Docker's configuration. What differs from run to run is left out.
fn push(place: &Place, registry: &str, more: &str) -> Ran {
    let line = format!("push --platform ./platform --registry {registry} {more}");
    let path = std::env::join_paths(
        std::iter::once(place.path("")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_planewright"))
        .args(line.split_whitespace())
        .current_dir(place.path(""))
        .env("DOCKER_CONFIG", place.path("docker"))
        .env("PATH", path.unwrap())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| {
        String::from_utf8(bytes)
            .unwrap()
            .replace(registry, "REGISTRY")
            .replace(&place.path("").display().to_string(), "")
    };
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

const BOTH: &str = "--binary linux/amd64=amd64 --binary linux/arm64=arm64";

#[test]
fn a_platform_is_pushed_and_found_whole_under_its_version() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    let ran = push(&place, &registry.host, BOTH);
    assert_eq!(ran.code, 0, "{}", ran.err);
    registry.held(|held| {
        let (media_type, index) = &held.manifests["acme/function-shops:v1.2.3"];
        assert_eq!(media_type, "application/vnd.oci.image.index.v1+json");
        assert_eq!(
            ran.out.lines().next(),
            Some(&*format!("REGISTRY/acme/function-shops:v1.2.3@{}", digest(index))),
            "what is printed is what was pushed"
        );
        let index: Value = serde_json::from_slice(index).unwrap();
        let platforms: Vec<&Value> =
            index["manifests"].as_array().unwrap().iter().map(|one| &one["platform"]).collect();
        assert_eq!(
            platforms,
            [&json!({"architecture": "amd64", "os": "linux"}), &json!({"architecture": "arm64", "os": "linux"})]
        );
        for image in index["manifests"].as_array().unwrap() {
            let (_, manifest) = &held.manifests[image["digest"].as_str().unwrap()];
            let manifest: Value = serde_json::from_slice(manifest).unwrap();
            let layers = manifest["layers"].as_array().unwrap();
            assert_eq!(layers[0].get("annotations"), None);
            assert_eq!(layers[1]["annotations"], json!({"io.crossplane.xpkg": "base"}), "Crossplane finds it by this");
        }
        let (media_type, _) = &held.manifests["acme/shops:v1.2.3"];
        assert_eq!(media_type, "application/vnd.oci.image.manifest.v1+json");
        let tags: Vec<&String> =
            held.done.iter().filter(|done| done.starts_with("PUT") && done.contains("/manifests/")).collect();
        assert_eq!(
            tags.last().map(|tag| &***tag),
            Some("PUT /v2/acme/shops/manifests/v1.2.3"),
            "the Configuration is last"
        );
        assert_eq!(tags.len(), 4);
    });
}

#[test]
fn what_is_there_is_not_pushed_again() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    let first = push(&place, &registry.host, BOTH);
    registry.held(|held| held.done.clear());
    let second = push(&place, &registry.host, BOTH);
    assert_eq!((second.code, &second.out), (0, &first.out));
    assert_eq!(
        second.err,
        "REGISTRY/acme/function-shops:v1.2.3 was there already\nREGISTRY/acme/shops:v1.2.3 was there already\n"
    );
    assert!(registry.held(|held| held.done.iter().all(|done| !done.starts_with('P'))), "nothing was sent");
}

#[test]
fn a_version_is_not_overwritten_unless_it_is_asked_for() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    push(&place, &registry.host, BOTH);
    let before = registry.held(|held| held.manifests.clone());
    std::fs::copy(place.path("arm64"), place.path("other")).unwrap();
    let ran = push(&place, &registry.host, "--binary linux/arm64=other");
    let there = digest(&before["acme/function-shops:v1.2.3"].1);
    insta::assert_snapshot!(ran.told().replace(&there, "DIGEST"), @"
    exit 2
    error: REGISTRY/acme/function-shops:v1.2.3 is there already, and is another package (DIGEST)
     = help: give the crate a new version, or push with --overwrite if nobody has installed this one
    ");
    assert!(registry.held(|held| held.manifests == before));
    assert_eq!(push(&place, &registry.host, "--binary linux/arm64=other --overwrite").code, 0);
    assert!(registry.held(|held| held.manifests["acme/function-shops:v1.2.3"] != before["acme/function-shops:v1.2.3"]));
}

/// A definition that no cluster would take reaches none.
#[test]
fn what_a_cluster_lets_nobody_change_is_not_pushed() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    place.write("deployed/live.yaml", &DEFINITION.replace("group:", "scope: Cluster\n  group:"));
    insta::assert_snapshot!(push(&place, &registry.host, &format!("{BOTH} --against deployed")).told(), @r#"
    exit 2
    error: deployed/live.yaml: spec.scope may not change, and a cluster that has "shops.example.org" would refuse it
     = help: give the new API a name of its own, another plural or group; if no cluster has the old one, do not compare with it
    "#);
    assert!(registry.held(|held| held.done.is_empty()));
    place.write("deployed/live.yaml", DEFINITION);
    let ran = push(&place, &registry.host, &format!("{BOTH} --against deployed"));
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn what_passes_is_tried_again_and_goes_on_where_it_ended() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    registry.held(|held| held.fault = Some(("PUT", "/manifests/v1.2.3", 503, 2)));
    let ran = push(&place, &registry.host, BOTH);
    assert_eq!(ran.code, 0, "{}", ran.err);

    let registry = Registry::start();
    registry.held(|held| held.fault = Some(("PUT", "/manifests/v1.2.3", 503, usize::MAX)));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @r#"
    exit 1
    error: the registry REGISTRY refuses acme/function-shops: Server error: url http://REGISTRY/v2/acme/function-shops/manifests/v1.2.3, code: 503, message: {"errors": [{"code": "UNKNOWN", "message": "no", "detail": null}]}
     = help: push again when the registry is in order: that goes on where this ended, and no version names what is not whole
    "#);
    let (blobs, tagged) = registry.held(|held| {
        held.fault = None;
        (held.blobs.len(), held.manifests.keys().any(|name| name.ends_with(":v1.2.3")))
    });
    assert!(!tagged, "who looks for the version finds all of it or nothing");
    registry.held(|held| held.done.clear());
    assert_eq!(push(&place, &registry.host, BOTH).code, 0);
    registry.held(|held| {
        let sent = held.done.iter().filter(|done| done.contains("digest=")).count();
        assert_eq!(sent, held.blobs.len() - blobs, "no blob is sent twice");
    });
}

#[test]
fn credentials_are_those_of_docker() {
    let place = platform(EMISSION);
    let basic = |pair: &str| STANDARD.encode(pair);
    let secured = || {
        let registry = Registry::start();
        registry.held(|held| held.secret = Some(format!("Basic {}", basic("me:secret"))));
        registry
    };
    let configured = |config: Value| {
        place.write("docker/config.json", &config.to_string());
    };
    let registry = secured();
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 1
    error: the registry REGISTRY wants credentials, and Docker's configuration has none for it
     = help: log in anew with `docker login REGISTRY`
    ");

    configured(json!({ "auths": { &registry.host: { "auth": basic("me:wrong") } } }));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 1
    error: the registry REGISTRY does not take the credentials of Docker's configuration: they are wrong or have expired
     = help: log in anew with `docker login REGISTRY`
    ");

    configured(json!({ "auths": { &registry.host: { "auth": basic("me:secret") } } }));
    let ran = push(&place, &registry.host, BOTH);
    assert_eq!(ran.code, 0, "{}", ran.err);

    let registry = secured();
    configured(
        json!({ "auths": { format!("http://{}/v2/", registry.host): { "username": "me", "password": "secret" } } }),
    );
    assert_eq!(push(&place, &registry.host, BOTH).code, 0);

    let registry = secured();
    let answer =
        r#"read host; [ "$host" = "$(cat "$(dirname "$0")/host")" ] && echo '{"Username": "me", "Secret": "secret"}'"#;
    script(&place, "docker-credential-ours", answer);
    place.write("host", &registry.host);
    configured(json!({ "credHelpers": { &registry.host: "ours" }, "credsStore": "never" }));
    let ran = push(&place, &registry.host, BOTH);
    assert_eq!(ran.code, 0, "{}", ran.err);

    configured(json!({ "credHelpers": { &registry.host: "absent" } }));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 2
    error: the credential helper docker-credential-absent cannot be run: No such file or directory (os error 2)
     = help: log in anew with `docker login REGISTRY`, or correct Docker's config.json
    ");
    // A store that does not know a registry by its name may know the address of its index. That it fails then ends it before anything is sent.
    let asked =
        r#"read host; echo "$host" >>"$(dirname "$0")/asked"; echo 'credentials not found in native keychain'; exit 1"#;
    script(&place, "docker-credential-none", asked);
    configured(json!({ "credsStore": "none" }));
    assert_ne!(push(&place, "localhost:1", BOTH).code, 0);
    assert_eq!(place.read("asked"), "localhost:1\nhttps://index.localhost:1/v1/\n");
    script(&place, "docker-credential-fails", "echo 'secret: oh no'; exit 1");
    configured(json!({ "credsStore": "fails" }));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 2
    error: the credential helper docker-credential-fails failed (exit status: 1)
     = help: log in anew with `docker login REGISTRY`, or correct Docker's config.json
    ");
    place.write("docker/config.json", "{\"auths\": {\"a\": \"secret\"}}");
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 2
    error: docker/config.json: line 1: it is not what Docker writes
     = help: log in anew with `docker login REGISTRY`
    ");
    configured(json!({ "auths": { &registry.host: { "auth": "secret" } } }));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 2
    error: docker/config.json: what it has for REGISTRY is not USER:PASSWORD in base64
     = help: log in anew with `docker login REGISTRY`
    ");
    configured(json!({ "auths": { &registry.host: { "identitytoken": "secret" } } }));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 2
    error: docker/config.json has an identity token for REGISTRY, which cannot be used to push from here
     = help: log in with a user name and a password or access token
    ");
}

#[test]
fn a_registry_that_refuses_or_is_not_there_is_told_of() {
    let (place, registry) = (platform(EMISSION), Registry::start());
    registry.held(|held| held.fault = Some(("POST", "/blobs/uploads/", 403, usize::MAX)));
    insta::assert_snapshot!(push(&place, &registry.host, BOTH).told(), @"
    exit 1
    error: the registry REGISTRY wants credentials, and Docker's configuration has none for it
     = help: log in anew with `docker login REGISTRY`
    ");
    assert!(registry.held(|held| held.manifests.is_empty()));
    // A port at which nobody listens any more.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = taken.local_addr().unwrap().to_string();
    drop(taken);
    insta::assert_snapshot!(push(&place, &host, BOTH).told(), @"
    exit 1
    error: the registry REGISTRY cannot be reached
     = help: check its name and the network, and push again: that goes on where this ended
    ");
    insta::assert_snapshot!(push(&place, "https://example.org", BOTH).told(), @r#"
    exit 2
    error: "REGISTRY" is no registry
     = help: name its host, such as localhost:5000
    "#);
    insta::assert_snapshot!(push(&place, &registry.host, "").told(), @"
    exit 2
    error: there is no program for the image of the function
     = help: give --compile linux/amd64, or --binary linux/amd64=PATH, for each platform that it is to run on: a Configuration without its function cannot be installed
    ");
}
