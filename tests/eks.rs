//! What `EKS` promises, rule by rule.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use planewright::platform::Composition;
use planewright::render::Rendered;
use planewright::state::Ready;
use planewright::testing::{Scenario, insta};
use reference_platform::eks::eks;
use serde_json::{Value, json};

/// What a provider reports of something that exists in AWS.
const SETTLED: &str =
    "{atProvider: {region: eu-north-1}, conditions: [{type: Synced, status: 'True'}, {type: Ready, status: 'True'}]}";

/// What is not enough to go on: each lacks something.
const UNSETTLED: [(&str, &str); 6] = [
    ("nothing is reported", "{}"),
    ("there are no conditions", "{atProvider: {region: eu-north-1}, conditions: []}"),
    ("nothing was seen in AWS", "{conditions: [{type: Ready, status: 'True'}]}"),
    (
        "it is not ready",
        "{atProvider: {}, conditions: [{type: Ready, status: 'False'}, {type: Synced, status: 'True'}]}",
    ),
    (
        "it is not in step",
        "{atProvider: {}, conditions: [{type: Ready, status: 'True'}, {type: Synced, status: 'False'}]}",
    ),
    (
        "an operation goes on",
        "{atProvider: {}, conditions: [{type: Ready, status: 'True'}, {type: AsyncOperation, status: Unknown}]}",
    ),
];

/// What is desired whatever is observed.
const ALWAYS: [&str; 7] = [
    "controlplaneRole",
    "ebsCSIDriverPodIdentityAssociation",
    "ebsCSIDriverRole",
    "kubernetesCluster",
    "nodegroupRole",
    "providerConfig-helm",
    "providerConfig-kubernetes",
];

/// What comes later, and after which others.
const STEPS: [(&str, &[&str]); 4] = [
    ("kubernetesClusterAuth", &["kubernetesCluster"]),
    ("vpc-cni-addon", &["kubernetesClusterAuth"]),
    ("nodeGroupPublic", &["vpc-cni-addon"]),
    ("aws-ebs-csi-driver-addon", &["ebsCSIDriverPodIdentityAssociation", "nodeGroupPublic"]),
];
/// The uid of the cluster, which its resources name as their owner's.
const UID: &str = "5d4be6c3-6f0f-4a8b-9a52-0f6f5b8d7e11";
const AGENT: &str = "eks-pod-identity-agent-addon";
const GROUP: &str = "clusterSecurityGroupImport";

fn kind(key: &str) -> (&'static str, &'static str) {
    const EKS: &str = "eks.aws.m.upbound.io/v1beta1";
    match key {
        "kubernetesCluster" => (EKS, "Cluster"),
        "kubernetesClusterAuth" => (EKS, "ClusterAuth"),
        "nodeGroupPublic" => (EKS, "NodeGroup"),
        "ebsCSIDriverPodIdentityAssociation" => (EKS, "PodIdentityAssociation"),
        GROUP => ("ec2.aws.m.upbound.io/v1beta1", "SecurityGroup"),
        _ if key.ends_with("-addon") => (EKS, "Addon"),
        _ => panic!("{key}"),
    }
}

/// A cluster with further parameters, in flow style, and what is observed: key and status.
fn scenario(parameters: &str, observed: &[(&str, &str)]) -> Scenario {
    let xr = format!(
        "apiVersion: aws.platform.upbound.io/v1alpha1\nkind: EKS\n\
         metadata: {{name: harbour, namespace: logistics, uid: {UID}}}\n\
         spec: {{parameters: {{id: quay, region: eu-north-1, {parameters}}}}}\n"
    );
    let observed: Vec<String> = observed
        .iter()
        .map(|(key, status)| {
            let (api_version, kind) = kind(key);
            format!(
                "apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: harbour-{}\n  namespace: logistics\n  \
                 annotations: {{crossplane.io/composition-resource-name: {key}}}\n  ownerReferences:\n  - {{apiVersion: \
                 aws.platform.upbound.io/v1alpha1, kind: EKS, name: harbour, uid: {UID}, controller: true}}\n\
                 status: {status}\n",
                key.to_lowercase()
            )
        })
        .collect();
    Scenario::new(&xr).observe_yaml(&observed.join("---\n"))
}

fn composition() -> Composition {
    Composition::new("eks", eks)
}

#[track_caller]
fn render(parameters: &str, observed: &[(&str, &str)]) -> Rendered {
    let rendered = scenario(parameters, observed).render(&composition());
    assert_eq!(rendered.fatal, None);
    rendered
}

fn keys(rendered: &Rendered) -> Vec<&str> {
    rendered.resources.keys().map(String::as_str).collect()
}

fn deleted(rendered: &Rendered) -> Vec<&str> {
    rendered.deleted.iter().map(|gone| gone.key.as_str()).collect()
}

#[track_caller]
fn at<'a>(rendered: &'a Rendered, key: &str, pointer: &str) -> Option<&'a Value> {
    rendered.resources.get(key).unwrap_or_else(|| panic!("{key} is not desired")).resource.pointer(pointer)
}

fn observed_all(status: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = STEPS.iter().map(|(key, _)| (*key, status)).collect();
    all.extend([("kubernetesCluster", status), ("ebsCSIDriverPodIdentityAssociation", status), (AGENT, status)]);
    all
}

#[test]
fn the_first_reconcile_desires_what_depends_on_nothing() {
    let rendered = render("nodes: {count: 2}", &[]);
    assert_eq!(keys(&rendered), ALWAYS);
    let waiting: Vec<String> = rendered.waiting.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(waiting.join("\n"), @r"
    kubernetesClusterAuth is held back: its creation waits for kubernetesCluster: status.conditions
    vpc-cni-addon is held back: its creation waits for kubernetesClusterAuth: status.conditions
    nodeGroupPublic is held back: its creation waits for vpc-cni-addon: status.conditions
    aws-ebs-csi-driver-addon is held back: its creation waits for ebsCSIDriverPodIdentityAssociation: status.conditions
    aws-ebs-csi-driver-addon is held back: its creation waits for nodeGroupPublic: status.conditions
    ");
}

#[test]
fn all_resources_in_aws_have_the_region_the_policies_and_the_provider_config_of_the_cluster() {
    let parameters = "nodes: {count: 2}, managementPolicies: [Observe, Create], providerConfigName: harbour-account";
    let rendered =
        render(&format!("{parameters}, iam: {{principalArn: arn:aws:iam::1:role/a}}"), &observed_all(SETTLED));
    assert_eq!(rendered.resources.len(), 14);
    for (key, one) in &rendered.resources {
        let spec = &one.resource["spec"];
        if key.starts_with("providerConfig-") {
            assert_eq!(spec.as_object().unwrap().keys().collect::<Vec<_>>(), ["credentials"], "{key}");
            continue;
        }
        assert_eq!(spec["managementPolicies"], json!(["Observe", "Create"]), "{key}");
        assert_eq!(spec["providerConfigRef"], json!({"kind": "ProviderConfig", "name": "harbour-account"}), "{key}");
        let region = spec["forProvider"].get("region");
        assert_eq!(region.is_none(), one.resource["kind"] == "Role", "{key}");
        assert!(region.is_none_or(|region| region == "eu-north-1"), "{key}");
    }
}

#[test]
fn no_policies_mean_all_and_an_empty_name_leaves_the_provider_config_out() {
    for parameters in ["nodes: {count: 2}", "nodes: {count: 2}, managementPolicies: []"] {
        let rendered = render(parameters, &[]);
        assert_eq!(at(&rendered, "nodegroupRole", "/spec/managementPolicies"), Some(&json!(["*"])), "{parameters}");
        assert_eq!(at(&rendered, "nodegroupRole", "/spec/providerConfigRef/name"), Some(&json!("default")));
    }
    let rendered = render("nodes: {count: 2}, providerConfigName: ''", &[]);
    assert_eq!(at(&rendered, "nodegroupRole", "/spec/providerConfigRef"), None);
}

#[test]
fn each_step_is_taken_when_the_one_before_it_has_settled() {
    for (key, after) in STEPS {
        let settled: Vec<_> = after.iter().map(|before| (*before, SETTLED)).collect();
        assert!(keys(&render("nodes: {count: 2}", &settled)).contains(&key), "{key}");
        // What was seen may be nothing in particular.
        let bare = "{atProvider: {}, conditions: [{type: Ready, status: 'True'}]}";
        let settled_barely: Vec<_> = after.iter().map(|before| (*before, bare)).collect();
        assert!(keys(&render("nodes: {count: 2}", &settled_barely)).contains(&key), "{key}");
        // Without any one of them, and with any one of them unsettled, it waits for just that one.
        for (missing, before) in after.iter().enumerate() {
            for (why, status) in UNSETTLED.into_iter().map(|(why, status)| (why, Some(status))).chain([("gone", None)])
            {
                let mut observed = settled.clone();
                match status {
                    Some(status) => observed[missing].1 = status,
                    None => drop(observed.remove(missing)),
                }
                let rendered = render("nodes: {count: 2}", &observed);
                assert!(!keys(&rendered).contains(&key), "{key} although of {before} {why}");
                let waiting = rendered.waiting.iter().find(|waiting| waiting.key == key).unwrap();
                assert!(waiting.on.iter().all(|wait| wait.key == *before), "{waiting}");
            }
        }
    }
}

#[test]
fn a_step_that_was_taken_is_never_taken_back() {
    for (key, after) in STEPS {
        let alone = render("nodes: {count: 2}", &[(key, "{}")]);
        assert!(keys(&alone).contains(&key), "{key} with nothing before it");
        for (why, status) in UNSETTLED {
            let mut observed = vec![(key, "{}")];
            observed.extend(after.iter().map(|before| (*before, status)));
            let rendered = render("nodes: {count: 2}", &observed);
            assert!(keys(&rendered).contains(&key), "{key} although {why}");
            assert_eq!(deleted(&rendered), [""; 0], "{key} although {why}");
        }
    }
}

#[test]
fn what_exists_stays_when_the_cluster_is_gone() {
    let mut observed = observed_all(SETTLED);
    observed.retain(|(key, _)| *key != "kubernetesCluster");
    let rendered = render("nodes: {count: 2}", &observed);
    for (key, _) in STEPS {
        assert!(keys(&rendered).contains(&key), "{key}");
    }
    assert_eq!(deleted(&rendered), [""; 0]);
}

#[test]
fn the_agent_comes_and_goes_with_the_nodes() {
    let settled = render("nodes: {count: 2}", &[("nodeGroupPublic", SETTLED)]);
    assert!(keys(&settled).contains(&AGENT));
    assert_eq!(at(&settled, AGENT, "/spec/forProvider/configurationValues"), None);
    for (why, status) in UNSETTLED {
        let rendered = render("nodes: {count: 2}", &[("nodeGroupPublic", status), (AGENT, SETTLED)]);
        assert!(!keys(&rendered).contains(&AGENT), "although {why}");
        assert_eq!(deleted(&rendered), [AGENT], "although {why}");
    }
    assert_eq!(deleted(&render("nodes: {count: 2}", &[(AGENT, SETTLED)])), [AGENT]);
}

#[test]
fn the_security_group_is_taken_over_for_as_long_as_the_cluster_reports_it() {
    let creating =
        "{atProvider: {vpcConfig: {clusterSecurityGroupId: sg-0f1}}, conditions: [{type: Ready, status: 'False'}]}";
    let rendered = render("nodes: {count: 2}", &[("kubernetesCluster", creating)]);
    assert_eq!(at(&rendered, GROUP, "/metadata/annotations/crossplane.io~1external-name"), Some(&json!("sg-0f1")));
    let tags = json!({"region": "eu-north-1", "tags": {"eks.aws.platform.upbound.io/discovery": "quay"}});
    assert_eq!(at(&rendered, GROUP, "/spec/forProvider"), Some(&tags));
    for status in ["{}", "{atProvider: {vpcConfig: {}}}", "{atProvider: {vpcConfig: {clusterSecurityGroupId: ''}}}"] {
        let rendered = render("nodes: {count: 2}", &[("kubernetesCluster", status), (GROUP, SETTLED)]);
        assert_eq!(deleted(&rendered), [GROUP], "{status}");
    }
    assert_eq!(deleted(&render("nodes: {count: 2}", &[(GROUP, SETTLED)])), [GROUP]);
}

#[test]
fn an_administrator_has_an_entry_and_a_policy_under_names_of_their_own() {
    // printf 'accessEntry-arn:aws:iam::1:user/ada' | sha256sum, and with accessPolicyAssociation-.
    let (entry, policy) = (
        "887b627eee5c51a544131826845439f3a55e55245271633b20a6ea73daba0b59",
        "55ddb54eb9d7430b1056139afc87ef49bbc62852d99e93ad5b2a39249eac8e6a",
    );
    let ada = "nodes: {count: 2}, iam: {principalArn: 'arn:aws:iam::1:user/ada'}";
    let first = render(ada, &[]);
    assert_eq!(at(&first, entry, "/spec/forProvider/principalArn"), Some(&json!("arn:aws:iam::1:user/ada")));
    assert_eq!(at(&first, entry, "/spec/forProvider/type"), Some(&json!("STANDARD")));
    assert_eq!(at(&first, policy, "/kind"), Some(&json!("AccessPolicyAssociation")));
    assert_eq!(first.resources.len(), ALWAYS.len() + 2);

    // Another administrator replaces both; none removes them.
    for (parameters, count) in [
        ("nodes: {count: 2}, iam: {principalArn: 'arn:aws:iam::1:user/eve'}", 2),
        ("nodes: {count: 2}, iam: {principalArn: ''}", 0),
        ("nodes: {count: 2}, iam: {}", 0),
        ("nodes: {count: 2}", 0),
    ] {
        let rendered = scenario(parameters, &[]).observe_rendered(&first).render(&composition());
        assert_eq!(deleted(&rendered), [policy, entry], "{parameters}");
        assert_eq!(rendered.resources.len(), ALWAYS.len() + count, "{parameters}");
    }
}

#[test]
fn the_version_has_no_effect() {
    for version in ["1.31", "1.34"] {
        let rendered = render(&format!("nodes: {{count: 2}}, version: '{version}'"), &[]);
        assert_eq!(at(&rendered, "kubernetesCluster", "/spec/forProvider/version"), None);
    }
}

#[test]
fn access_is_configured_as_far_as_it_is_given() {
    let access = |given: &str| {
        let rendered = render(&format!("nodes: {{count: 2}}{given}"), &[]);
        at(&rendered, "kubernetesCluster", "/spec/forProvider/accessConfig").cloned()
    };
    let whole = json!({"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": true});
    assert_eq!(access(""), Some(whole));
    let given = ", accessConfig: {bootstrapClusterCreatorAdminPermissions: false}";
    assert_eq!(access(given), Some(json!({"bootstrapClusterCreatorAdminPermissions": false})));
    let given = ", accessConfig: {authenticationMode: API_AND_CONFIG_MAP}";
    assert_eq!(access(given), Some(json!({"authenticationMode": "API_AND_CONFIG_MAP"})));
}

#[test]
fn the_node_count_is_where_the_nodes_begin() {
    let rendered = render("nodes: {count: 7}", &[("vpc-cni-addon", SETTLED)]);
    let desired = at(&rendered, "nodeGroupPublic", "/spec/initProvider");
    assert_eq!(desired, Some(&json!({"scalingConfig": {"desiredSize": 7}})));
    let scaling = at(&rendered, "nodeGroupPublic", "/spec/forProvider/scalingConfig");
    assert_eq!(scaling, Some(&json!({"maxSize": 100, "minSize": 1})));
    let machines = at(&rendered, "nodeGroupPublic", "/spec/forProvider/instanceTypes");
    assert_eq!(machines, Some(&json!(["t3.small"])));
}

#[test]
fn too_few_nodes_are_refused_with_a_reason() {
    for count in ["0", "-3"] {
        let rendered = scenario(&format!("nodes: {{count: {count}}}"), &[]).render(&composition());
        let fatal = rendered.fatal.unwrap();
        assert!(fatal.contains(&format!("spec.parameters.nodes.count: {count} is too few")), "{fatal}");
        assert!(rendered.resources.is_empty() && rendered.deleted.is_empty());
    }
}

#[test]
fn control_plane_and_nodes_are_in_the_public_subnets_of_the_network_with_the_clusters_id() {
    let rendered = render("nodes: {count: 2}", &[("vpc-cni-addon", SETTLED)]);
    let labels = json!({"matchLabels": {"access": "public", "networks.aws.platform.upbound.io/network-id": "quay"}});
    let of_cluster = at(&rendered, "kubernetesCluster", "/spec/forProvider/vpcConfig/subnetIdSelector");
    assert_eq!(of_cluster, Some(&labels));
    assert_eq!(at(&rendered, "nodeGroupPublic", "/spec/forProvider/subnetIdSelector"), Some(&labels));
}

#[test]
fn both_provider_configs_use_the_secret_that_the_credentials_are_written_to() {
    let rendered = render("nodes: {count: 2}", &[("kubernetesCluster", SETTLED)]);
    let secret = "5d4be6c3-6f0f-4a8b-9a52-0f6f5b8d7e11-ekscluster";
    let written = at(&rendered, "kubernetesClusterAuth", "/spec/writeConnectionSecretToRef");
    assert_eq!(written, Some(&json!({"name": secret})));
    assert_eq!(at(&rendered, "kubernetesClusterAuth", "/spec/forProvider/refreshPeriod"), Some(&json!("10m0s")));
    for key in ["providerConfig-helm", "providerConfig-kubernetes"] {
        assert_eq!(at(&rendered, key, "/metadata/name"), Some(&json!("quay")));
        let credentials = json!({
            "source": "Secret",
            "secretRef": {"namespace": "logistics", "name": secret, "key": "kubeconfig"},
        });
        assert_eq!(at(&rendered, key, "/spec/credentials"), Some(&credentials), "{key}");
    }
}

#[test]
fn only_the_provider_configs_are_ready_by_themselves() {
    let rendered = render("nodes: {count: 2}", &observed_all(SETTLED));
    for (key, one) in &rendered.resources {
        let expected = if key.starts_with("providerConfig-") { Ready::True } else { Ready::Unspecified };
        assert_eq!(one.ready, expected, "{key}");
    }
}

#[test]
fn the_status_says_what_is_known_and_no_more() {
    let status = |observed: &[(&str, &str)]| {
        let rendered = render("nodes: {count: 2}", observed);
        rendered.composite.pointer("/status/eks").cloned()
    };
    assert_eq!(status(&[]), None);
    // Neither needs to be ready.
    assert_eq!(status(&[("kubernetesCluster", "{}")]), Some(json!({"clusterName": "harbour-kubernetescluster"})));
    let nodes = ("nodeGroupPublic", "{atProvider: {arn: 'arn:nodes'}, conditions: [{type: Ready, status: 'False'}]}");
    assert_eq!(status(&[nodes]), Some(json!({"nodeGroupArn": "arn:nodes"})));
}

#[test]
fn the_kubeconfig_is_passed_on_as_soon_as_it_is_there() {
    let without = scenario("nodes: {count: 2}", &[("kubernetesClusterAuth", "{}")]);
    assert!(without.render(&composition()).connection.is_empty());
    let with = without.connection_detail("kubernetesClusterAuth", "kubeconfig", "kind: Config");
    assert_eq!(with.render(&composition()).connection.get("kubeconfig"), Some(b"kind: Config".as_slice()));
}
