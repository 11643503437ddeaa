//! The command line of a platform.

#![allow(clippy::unwrap_used, reason = "what a test cannot prepare fails it")]

mod support;

use std::ffi::OsString;
use std::path::Path;

use planewright::compose::Cx;
use planewright::platform::{Composition, Exit, Output, run};
use support::Store;
use support::world::bucket_and_policy;

const XR: &str = "apiVersion: storage.example.org/v1
kind: Store
metadata: {name: blue, namespace: shop}
spec: {region: eu}
";

const OBSERVED: &str = "apiVersion: storage.example.org/v1
kind: Bucket
metadata: {name: b, namespace: shop, annotations: {crossplane.io/composition-resource-name: bucket}}
status: {atProvider: {arn: 'arn:bucket/b'}}
";

/// Runs the platform in a folder with these files. In what it writes, the folder is `.`.
fn platform(files: &[(&str, &str)], arguments: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut all: Vec<OsString> = vec!["platform".into()];
    all.extend(arguments.split_whitespace().map(|argument| {
        let path = folder.path().join(argument);
        if path.exists() || argument.contains("missing") { path.into() } else { OsString::from(argument) }
    }));
    let mut output = run("platform", "1.2.3", &[Composition::new("stores::store", bucket_and_policy)], all);
    let here = |text: &str, path: &Path| text.replace(&path.display().to_string(), ".");
    output.data = here(&output.data, folder.path());
    output.notes = here(&output.notes, folder.path());
    output
}

#[test]
fn renders_yaml_and_tells_what_waits() {
    let output = platform(&[("xr.yaml", XR)], "render xr.yaml");
    assert_eq!(output.exit, Exit::Done);
    insta::assert_snapshot!(output.data, @r#"
    apiVersion: storage.example.org/v1
    kind: Store
    metadata:
      name: blue
      namespace: shop
    spec:
      crossplane:
        resourceRefs:
        - apiVersion: storage.example.org/v1
          kind: Bucket
          name: blue-a81a69f83f73
    status:
      conditions:
      - type: Responsive
        status: "True"
        reason: WatchCircuitClosed
        lastTransitionTime: "2024-01-01T00:00:00Z"
      - type: Synced
        status: "True"
        reason: ReconcileSuccess
        lastTransitionTime: "2024-01-01T00:00:00Z"
      - type: Ready
        status: "False"
        reason: Creating
        lastTransitionTime: "2024-01-01T00:00:00Z"
        message: "Unready resources: bucket"
    ---
    apiVersion: storage.example.org/v1
    kind: Bucket
    metadata:
      name: blue-a81a69f83f73
      generateName: blue-
      namespace: shop
      labels:
        crossplane.io/composite: blue
      annotations:
        crossplane.io/composition-resource-name: bucket
      ownerReferences:
      - apiVersion: storage.example.org/v1
        blockOwnerDeletion: true
        controller: true
        kind: Store
        name: blue
        uid: ef453abe-cf0a-5f1c-b3ad-20dee7d32d90
    spec:
      forProvider:
        region: eu
    "#);
    insta::assert_snapshot!(output.notes, @"
    waiting: policy is held back: spec.forProvider.bucketRef waits for bucket: metadata.name
    waiting: policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn
    ");
}

#[test]
fn renders_a_summary() {
    let output =
        platform(&[("xr.yaml", XR), ("observed/b.yaml", OBSERVED)], "render xr.yaml -o summary --observed observed");
    insta::assert_snapshot!(output.data, @"
    Store blue: 2 composed resources
      Synced=True (ReconcileSuccess)
      Ready=False (Creating): Unready resources: bucket, policy

    KEY     KIND          NAME               STATE
    bucket  Bucket        b                  readiness not said
    policy  BucketPolicy  blue-9a806e8cf6d7  readiness not said
    ");
    let output = platform(&[("xr.yaml", XR)], "render xr.yaml -o summary");
    insta::assert_snapshot!(output.data, @"
    Store blue: 1 composed resource
      Synced=True (ReconcileSuccess)
      Ready=False (Creating): Unready resources: bucket

    KEY     KIND    NAME               STATE
    bucket  Bucket  blue-a81a69f83f73  readiness not said
    policy                             held back
    ");
}

#[test]
fn renders_one_json_object() {
    let output = platform(
        &[("xr.yaml", XR), ("observed.yaml", OBSERVED), ("connection.yaml", "bucket: {password: czNjcmV0}")],
        "render xr.yaml -o json --observed observed.yaml --connection connection.yaml --context region=\"eu\"",
    );
    assert_eq!((output.exit, output.notes.as_str()), (Exit::Done, ""));
    let value: serde_json::Value = serde_json::from_str(&output.data).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_debug_snapshot!(keys, @r#"
    [
        "composite",
        "resources",
        "deleted",
        "connection",
        "results",
        "conditions",
        "requirements",
        "waiting",
        "events",
        "context",
    ]
    "#);
    assert_eq!(value["resources"]["bucket"]["ready"], "Unspecified");
    assert_eq!(value["context"]["region"], "eu");
    assert!(!output.data.contains("czNjcmV0"), "observed connection details are not for printing");
}

#[test]
fn the_composition_sees_the_input_of_its_step() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).into_os_string()
    };
    let (xr, input) = (at("xr.yaml", XR), at("input.yaml", "compositionVersion: v0.3.1"));
    let said = |more: &[OsString]| {
        let compose = |cx: &mut Cx<Store>| {
            cx.normal(format!("{:?}", cx.composition_version().map(|version| version.to_string())));
            Ok(())
        };
        let arguments = ["platform".into(), "render".into(), xr.clone()].into_iter().chain(more.iter().cloned());
        run("platform", "1.2.3", &[Composition::new("store", compose)], arguments).notes
    };
    assert_eq!(said(&[]), "note: store: None\n");
    assert_eq!(said(&["--input".into(), input]), "note: store: Some(\"0.3.1\")\n");
}

#[test]
fn a_fatal_result_has_its_own_exit_code() {
    let gone = OBSERVED.replace("name: bucket}", "name: gone}");
    let output = platform(&[("xr.yaml", XR), ("observed.yaml", &gone)], "render xr.yaml --observed observed.yaml");
    assert_eq!(output.exit, Exit::Fatal);
    insta::assert_snapshot!(output.notes, @r#"
    fatal: store: composed resource "gone" exists, and this run does not declare it: Crossplane would delete it. If it is to be deleted, say so with cx.drop_resource("gone") or cx.drop_matching(..); if a later step composes it, with cx.leave_resource("gone"); otherwise declare it in every run, whatever is known so far
    waiting: policy is held back: spec.forProvider.bucketRef waits for bucket: metadata.name
    waiting: policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn
    "#);
    insta::assert_snapshot!(output.data, @r#"
    apiVersion: storage.example.org/v1
    kind: Store
    metadata:
      name: blue
      namespace: shop
    status:
      conditions:
      - type: Responsive
        status: "True"
        reason: WatchCircuitClosed
        lastTransitionTime: "2024-01-01T00:00:00Z"
      - type: Synced
        status: "False"
        reason: ReconcileError
        lastTransitionTime: "2024-01-01T00:00:00Z"
        message: "cannot compose resources: pipeline step \"store\" returned a fatal result: composed resource \"gone\" exists, and this run does not declare it: Crossplane would delete it. If it is to be deleted, say so with cx.drop_resource(\"gone\") or cx.drop_matching(..); if a later step composes it, with cx.leave_resource(\"gone\"); otherwise declare it in every run, whatever is known so far"
    "#);
}

/// Everything that can be wrong with what a user hands in: file, place, reason, remedy.
#[test]
fn bad_input_is_told_with_file_place_and_remedy() {
    let mut told = String::new();
    let mut tell = |files: &[(&str, &str)], arguments: &str| {
        let output = platform(files, arguments);
        assert!(output.data.is_empty(), "{}", output.data);
        told += &format!("$ {arguments}\n{:?}: {}\n", output.exit, output.notes);
    };
    let xr = |from: &str, to: &str| XR.replace(from, to);
    tell(&[], "render missing.yaml");
    tell(&[("xr.yaml", "")], "render xr.yaml");
    tell(&[("xr.yaml", "a: [1")], "render xr.yaml");
    tell(&[("xr.yaml", "just text")], "render xr.yaml");
    tell(&[("xr.yaml", &xr("Store", "Shop"))], "render xr.yaml");
    tell(&[("xr.yaml", &xr("spec", "Spec"))], "render xr.yaml");
    tell(&[("xr.yaml", &xr("region: eu", "region: mars, color: red, size: big"))], "render xr.yaml");
    tell(&[("xr.yaml", &xr("region: eu", "region: mars, size: big"))], "render xr.yaml");
    tell(&[("xr.yaml", &xr("region: eu", ""))], "render xr.yaml");
    tell(&[("xr.yaml", &xr(", namespace: shop", ""))], "render xr.yaml");
    tell(&[("xr.yaml", XR), ("o.yaml", "a: 1")], "render xr.yaml --observed o.yaml");
    let other = OBSERVED.replace("shop", "elsewhere");
    tell(&[("xr.yaml", XR), ("o/1.yaml", OBSERVED), ("o/2.yaml", &other)], "render xr.yaml --observed o");
    tell(&[("xr.yaml", XR), ("c.yaml", "bucket: {password: '***'}")], "render xr.yaml --connection c.yaml");
    tell(&[("xr.yaml", XR), ("c.yaml", "bucket: {password: czNjcmV0}")], "render xr.yaml --connection c.yaml");
    tell(&[("xr.yaml", XR)], "render xr.yaml --context region=eu");
    tell(&[("xr.yaml", XR)], "render");
    insta::assert_snapshot!(told, @r#"
    $ render missing.yaml
    Error: error: failed to open file `./missing.yaml`: No such file or directory (os error 2); check the path and who may read it

    $ render xr.yaml
    BadInput: error: the file is empty: it holds no document
    --> ./xr.yaml
     = help: remove the file, or write the definition that belongs in it

    $ render xr.yaml
    BadInput: error: not YAML: unclosed bracket '['
     --> ./xr.yaml:1:4
      |
    1 | a: [1
      |    ^^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`

    $ render xr.yaml
    BadInput: error: ./xr.yaml: it does not say its apiVersion and kind; this platform composes Store (storage.example.org/v1)

    $ render xr.yaml
    BadInput: error: ./xr.yaml: nothing here composes Shop (storage.example.org/v1); this platform composes Store (storage.example.org/v1)

    $ render xr.yaml
    BadInput: error: ./xr.yaml: Store "blue": Spec: unknown field `Spec`; did you mean `spec`?

    $ render xr.yaml
    BadInput: error: ./xr.yaml: Store "blue": spec.color: unknown field `color`; remove it; the fields here are `region`, `size`, `teams`

    $ render xr.yaml
    BadInput: error: ./xr.yaml: Store "blue": spec.region: "mars" is not a supported value; use one of `eu`, `us`
    error: ./xr.yaml: Store "blue": spec.size: "big" is a string, and an integer belongs here; write an integer

    $ render xr.yaml
    BadInput: error: ./xr.yaml: Store "blue": spec.region: required, and missing; add it: a string

    $ render xr.yaml
    BadInput: error: ./xr.yaml: Store "blue": metadata.namespace: the kind lives in namespaces, and none is set; set metadata.namespace

    $ render xr.yaml --observed o.yaml
    BadInput: error: ./o.yaml: line 1: document 1 is not a Kubernetes object: it has no kind; remove it, or give it apiVersion and kind

    $ render xr.yaml --observed o
    BadInput: error: ./o/2.yaml: observed Bucket "b": metadata.namespace: it is not in the namespace of the composite resource, "shop"; a namespaced composite resource observes its own namespace only

    $ render xr.yaml --connection c.yaml
    BadInput: error: ./c.yaml: bucket.password: the value is not base64; encode it, as in a Secret's data

    $ render xr.yaml --connection c.yaml
    BadInput: error: ./c.yaml: connection details of "bucket": the resource is not observed; observe it too, or remove its details

    $ render xr.yaml --context region=eu
    BadInput: error: invalid value 'region=eu' for '--context <KEY=JSON>': the value is not JSON: expected value at line 1 column 1; strings need quotes, as in region='"eu"'

    For more information, try '--help'.

    $ render
    BadInput: error: the following required arguments were not provided:
      <XR>

    Usage: platform render <XR>

    For more information, try '--help'.
    "#);
}

#[test]
fn what_the_api_server_says_of_metadata_and_status_is_said_here() {
    let mut told = String::new();
    let mut tell = |from: &str, to: &str| {
        let output = platform(&[("xr.yaml", &XR.replace(from, to))], "render xr.yaml");
        assert_eq!((output.exit, output.data.as_str()), (Exit::BadInput, ""), "{to}");
        told += &output.notes;
    };
    tell("namespace: shop", "namespace: shop, labels: {cost: 1}");
    tell("name: blue", "name: Blue_1");
    tell("namespace: shop", "namespace: The Shop");
    tell("spec:", "status: {arnn: x}\nspec:");
    insta::assert_snapshot!(told, @r#"
    error: ./xr.yaml: Store "blue": metadata.labels.cost: expected a string, found the integer 1; labels and annotations are texts: quote numbers and booleans
    error: ./xr.yaml: Store "Blue_1": metadata.name: "Blue_1" is no name of Kubernetes; use lower case letters, digits and `-`, beginning and ending with a letter or digit
    error: ./xr.yaml: Store "blue": metadata.namespace: "The Shop" is no namespace; use lower case letters, digits and `-`, beginning and ending with a letter or digit
    error: ./xr.yaml: Store "blue": status.arnn: unknown field `arnn`; did you mean `arn`?
    "#);
}

#[test]
fn observed_resources_may_be_a_list_and_a_folder_without_any_is_a_mistake() {
    let item = OBSERVED.replace('\n', "\n  ");
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}\n", item.trim_end());
    let one = platform(&[("xr.yaml", XR), ("o.yaml", OBSERVED)], "render xr.yaml --observed o.yaml");
    let listed = platform(&[("xr.yaml", XR), ("o.yaml", &list)], "render xr.yaml --observed o.yaml");
    assert_eq!((listed.exit, listed.data), (Exit::Done, one.data));
    let empty = platform(&[("xr.yaml", XR), ("o/notes.txt", "")], "render xr.yaml --observed o");
    insta::assert_snapshot!(empty.notes, @"error: ./o: there is no YAML or JSON file in this folder; check the path");
}

#[test]
fn what_is_not_built_yet_says_what_to_do() {
    for command in ["explain", "validate"] {
        let output = platform(&[], command);
        assert_eq!((output.exit, output.data.as_str()), (Exit::Error, ""));
        assert!(output.notes.starts_with(&format!("error: {command} is not built yet")), "{}", output.notes);
        assert!(output.notes.contains("until then, "), "{}", output.notes);
    }
}

#[test]
fn compositions_without_a_platform_around_them_emit_nothing() {
    let output = platform(&[], "emit");
    assert_eq!((output.exit, output.data.as_str()), (Exit::BadInput, ""));
    insta::assert_snapshot!(output.notes, @"error: these compositions have no package; run the platform's own program");
}

#[test]
fn several_compositions_of_a_kind_are_chosen_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("xr.yaml");
    std::fs::write(&file, XR).unwrap();
    let render = |rest: &[&str]| {
        let compositions = ["one", "two"].map(|name| Composition::new(name, bucket_and_policy));
        let arguments = ["platform", "render"].into_iter().chain(rest.iter().copied()).map(OsString::from);
        run("platform", "1.2.3", &compositions, arguments.chain([file.clone().into()]))
    };
    let unnamed = render(&[]);
    assert_eq!(unnamed.exit, Exit::BadInput);
    assert!(unnamed.notes.contains("several compositions here compose Store"), "{}", unnamed.notes);
    assert_eq!(render(&["--composition", "two"]).exit, Exit::Done);
    assert_eq!(render(&["--composition", "three"]).exit, Exit::BadInput);
}

#[test]
fn help_teaches_and_the_version_is_the_platforms() {
    insta::assert_snapshot!(platform(&[], "-h").data, @"
    Compositions:
      store                    Store (storage.example.org/v1)

    A Crossplane platform: its compositions as one program

    Usage: platform [OPTIONS]
           platform <COMMAND>

    Commands:
      render    Show what Crossplane would make of a composite resource, without a cluster
      graph     Show which composed resources of a composite resource need which others
      serve     Serve the platform's compositions to Crossplane: gRPC with mutual TLS. This runs when no command is named
      emit      Print everything that a cluster needs of this platform: definitions, Compositions, packages, runtime, access
      promise   Turn the request of a Kratix Promise into the composite resource or claim that it asks for
      explain   Later: show the fields of a kind
      validate  Later: give the API server's verdict on files
      help      Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Options of serve, which runs when no command is named:
      -d, --debug                        Log more: from level debug on
          --network <NETWORK>            The kind of network to listen on [default: tcp] [possible values: tcp, tcp4, tcp6, unix]
          --address <ADDRESS>            Address to listen at for gRPC: HOST:PORT, or :PORT for every interface; with --network unix a path [default: 0.0.0.0:9443]
          --tls-certs-dir <DIR>          Folder with the certificates: ca.crt, tls.crt and tls.key. Renewed files are served without a restart [env: TLS_SERVER_CERTS_DIR=]
          --insecure                     Serve without TLS: whoever can connect can call. --tls-certs-dir is then ignored
          --max-recv-message-size <MB>   The largest request, in MB [default: 64]
          --max-concurrent-requests <N>  How many requests one connection may have under way; its client holds further ones back [default: 256]
          --request-timeout <SECONDS>    How long a request may take to arrive, in seconds [default: 60]
          --shutdown-timeout <SECONDS>   How long requests that are being answered may take once the process is asked to end, in seconds [default: 25]
          --metrics-address <ADDRESS>    Address to serve metrics at, over HTTP at /metrics; empty for none [env: METRICS_ADDRESS=] [default: :8080]

    Exit codes: 0 done; 1 a file could not be read, the pipeline never settled, or the server could not run; 2 wrong command line or input (not YAML, unknown kind, against its schema); 3 the composition ended with a fatal result.
    ");
    insta::assert_snapshot!(platform(&[], "render --help").data, @"
    Show what Crossplane would make of a composite resource, without a cluster.

    Prints the composite resource with its status and the composed resources it would apply, with the names, labels and owners that Crossplane gives them. What steps have to say, and what waits for what, goes to standard error.

    Usage: platform render [OPTIONS] <XR>

    Arguments:
      <XR>
              File with the composite resource (XR) to render, as a user writes it

    Options:
          --composition <NAME>
              The composition, where the platform has several for the kind

          --observed <FILE|DIR>
              File or folder with observed composed resources. Can be repeated

          --required <FILE|DIR>
              File or folder with objects that the composition may ask for. Can be repeated

          --connection <FILE>
              File with observed connection details: key, then name and base64 value of each detail

          --input <FILE>
              File with the input of the composition's step, as its Composition has it

          --context <KEY=JSON>
              A value of the pipeline's context. Can be repeated

      -o, --output <OUTPUT>
              How to print it

              Possible values:
              - yaml:    A YAML stream: the composite resource, then the composed resources sorted by key
              - json:    One JSON object with everything; connection details in base64
              - summary: A short table for people
              
              [default: yaml]

      -h, --help
              Print help (see a summary with '-h')

    Examples:
      A new composite resource, as nothing of it exists yet:
          render examples/xr/network.yaml
      The same once some of it exists: each observed object names its key in the annotation
      crossplane.io/composition-resource-name
          render examples/xr/network.yaml --observed observed.yaml
      What would be applied, deleted, held back and ready, at a glance:
          render examples/xr/network.yaml --observed observed/ -o summary

    Exit codes: 0 done; 1 a file could not be read, or the pipeline never settled; 2 wrong command line or input (not YAML,
    unknown kind, against its schema); 3 the composition ended with a fatal result.
    ");
    assert_eq!(platform(&[], "--version").data, "platform 1.2.3\n");
}

#[test]
fn no_bytes_make_it_panic() {
    for text in [
        "\u{0}",
        "---\n---\n",
        "&a [*a]",
        "? {a: b}\n: c",
        "!!binary aaaa",
        "metadata: 5\nkind: Store\napiVersion: storage.example.org/v1",
    ] {
        let output = platform(&[("xr.yaml", text), ("o.yaml", text)], "render xr.yaml --observed o.yaml");
        assert_ne!(output.exit, Exit::Done, "{text:?}");
    }
}
