//! `EKS`: a Kubernetes cluster in the public subnets of a network, with its nodes, storage driver and credentials.

use planewright::compose::{Cx, Error, Handle, Lazy, Path, Result};
use planewright::path;
use planewright::shapes::{
    Condition, ConditionStatus, LocalSecretReference, NamespacedSelector as Selector, Number, ObjectMeta,
};
use serde_json::Map;
use sha2::{Digest, Sha256};

use crate::aws::ec2::{SecurityGroup, security_group};
use crate::aws::eks::{
    AccessEntry, AccessPolicyAssociation, Addon, Cluster, ClusterAuth, NodeGroup, PodIdentityAssociation, access_entry,
    access_policy_association, addon, cluster, cluster_auth, node_group, pod_identity_association,
};
use crate::aws::iam::{Role, role};
use crate::managed::Shared;
use crate::network::NETWORK_ID;
use crate::platform::EKS;
use crate::platform::eks::Status;
use crate::{helm, kubernetes};

/// Composes a cluster, one thing after the other: the control plane, credentials for it, its network addon, the nodes, and
/// what runs on them. What exists stays, whatever becomes of the things before it.
pub fn eks(cx: &mut Cx<EKS>) -> Result<()> {
    let cx = &*cx;
    let xr = cx.xr();
    let parameters = &xr.spec.parameters;
    let region = || Some(parameters.region.clone());
    let policies = parameters.management_policies.iter().flatten().map(|policy| policy.as_str());
    let shared = Shared::new(policies, &parameters.provider_config_name);
    if parameters.nodes.count < 1 {
        let message = format!(
            "spec.parameters.nodes.count: {} is too few: the node group always keeps a node; give 1 to 100",
            parameters.nodes.count
        );
        return Err(Error::new(message));
    }
    let public_subnets = || Some(Selector::labelled([(NETWORK_ID, parameters.id.as_str()), ("access", "public")]));

    // What the control plane, the nodes and the storage driver may do in AWS.
    let roles: [(&str, &str, String, &[&str]); 3] = [
        ("controlplaneRole", "controlplane", service_trust("eks.amazonaws.com"), &["AmazonEKSClusterPolicy"]),
        (
            "nodegroupRole",
            "nodegroup",
            service_trust("ec2.amazonaws.com"),
            &[
                "AmazonEKSWorkerNodePolicy",
                "AmazonEKS_CNI_Policy",
                "service-role/AmazonEBSCSIDriverPolicy",
                "AmazonEC2ContainerRegistryReadOnly",
            ],
        ),
        ("ebsCSIDriverRole", "ebs-csi-driver", POD_TRUST.to_owned(), &["service-role/AmazonEBSCSIDriverPolicy"]),
    ];
    for (key, name, trust, policies) in roles {
        let mut wanted = shared.managed::<Role>(role::ForProvider {
            assume_role_policy: Some(trust),
            force_detach_policies: Some(true),
            managed_policy_arns: Some(
                policies.iter().map(|policy| format!("arn:aws:iam::aws:policy/{policy}")).collect(),
            ),
            ..Default::default()
        });
        wanted.metadata = Some(ObjectMeta::default().with_label("role", name));
        cx.resource(key, wanted);
    }

    let cluster = cx.resource(
        "kubernetesCluster",
        shared.managed::<Cluster>(cluster::ForProvider {
            access_config: Some(cluster::AccessConfig {
                authentication_mode: parameters.access_config.authentication_mode.map(|mode| mode.as_str().to_owned()),
                bootstrap_cluster_creator_admin_permissions: parameters
                    .access_config
                    .bootstrap_cluster_creator_admin_permissions,
            }),
            region: region(),
            role_arn_selector: Some(Selector::controlled().and_labels([("role", "controlplane")])),
            vpc_config: Some(cluster::VpcConfig {
                endpoint_private_access: Some(true),
                subnet_id_selector: public_subnets(),
                ..Default::default()
            }),
            ..Default::default()
        }),
    );
    // AWS makes the cluster's security group, and the platform takes it over to tag it.
    let group = cluster.read_when(path!(status.at_provider.vpc_config.cluster_security_group_id), |id| !id.is_empty());
    match group.known() {
        Some(id) => {
            let mut wanted = shared.managed::<SecurityGroup>(security_group::ForProvider {
                region: region(),
                tags: Some([("eks.aws.platform.upbound.io/discovery".to_owned(), parameters.id.clone())].into()),
                ..Default::default()
            });
            wanted.metadata = Some(ObjectMeta::default().with_annotation("crossplane.io/external-name", id));
            cx.resource("clusterSecurityGroupImport", wanted);
        }
        // A group that no cluster reports any longer is AWS's to remove.
        None => {
            cx.drop_resource("clusterSecurityGroupImport");
        }
    }

    let connection_secret = format!("{}-ekscluster", cx.metadata().uid.as_deref().unwrap_or_default());
    let mut wanted = shared.managed::<ClusterAuth>(cluster_auth::ForProvider {
        cluster_name_selector: Some(Selector::controlled()),
        refresh_period: Some("10m0s".to_owned()),
        region: region(),
        ..Default::default()
    });
    wanted.spec.get_or_insert_default().write_connection_secret_to_ref =
        Some(LocalSecretReference::named(&connection_secret));
    let auth = cx.resource("kubernetesClusterAuth", wanted);
    auth.after(ready(&cluster, path!(status.conditions), path!(status.at_provider)));

    let addon = |name: &str, configuration: Option<&str>| {
        shared.managed::<Addon>(addon::ForProvider {
            addon_name: Some(name.to_owned()),
            cluster_name_selector: Some(Selector::controlled()),
            configuration_values: configuration.map(str::to_owned),
            region: region(),
            ..Default::default()
        })
    };
    let cni = addon("vpc-cni", Some(r#"{"env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"false"}}"#));
    let cni = cx.resource("vpc-cni-addon", cni);
    cni.after(ready(&auth, path!(status.conditions), path!(status.at_provider)));

    let mut wanted = shared.managed::<NodeGroup>(node_group::ForProvider {
        cluster_name_selector: Some(Selector::controlled()),
        instance_types: Some(vec![parameters.nodes.instance_type.clone()]),
        node_role_arn_selector: Some(Selector::controlled().and_labels([("role", "nodegroup")])),
        region: region(),
        scaling_config: Some(node_group::ScalingConfig {
            max_size: Some(Number::from(100)),
            min_size: Some(Number::from(1)),
            ..Default::default()
        }),
        subnet_id_selector: public_subnets(),
        ..Default::default()
    });
    // Said once: later it is up to whatever scales the nodes.
    wanted.spec.get_or_insert_default().init_provider = Some(node_group::ForProvider {
        scaling_config: Some(node_group::ScalingConfig {
            desired_size: Some(Number::from(parameters.nodes.count)),
            ..Default::default()
        }),
        ..Default::default()
    });
    let nodes = cx.resource("nodeGroupPublic", wanted);
    nodes.after(ready(&cni, path!(status.conditions), path!(status.at_provider)));
    let nodes_ready = ready(&nodes, path!(status.conditions), path!(status.at_provider));

    let pod_identity = cx.resource(
        "ebsCSIDriverPodIdentityAssociation",
        shared.managed::<PodIdentityAssociation>(pod_identity_association::ForProvider {
            cluster_name_selector: Some(Selector::controlled()),
            namespace: Some("kube-system".to_owned()),
            region: region(),
            role_arn_selector: Some(Selector::controlled().and_labels([("role", "ebs-csi-driver")])),
            service_account: Some("ebs-csi-controller-sa".to_owned()),
            ..Default::default()
        }),
    );
    let storage = addon("aws-ebs-csi-driver", Some(r#"{"defaultStorageClass": {"enabled": true}}"#));
    cx.resource("aws-ebs-csi-driver-addon", storage)
        .after(ready(&pod_identity, path!(status.conditions), path!(status.at_provider)))
        .after(nodes_ready.clone());

    // This addon alone goes while the nodes are not ready, and comes back with them.
    if nodes_ready.is_known() {
        cx.resource("eks-pod-identity-agent-addon", addon("eks-pod-identity-agent", None));
    } else {
        cx.drop_resource("eks-pod-identity-agent-addon");
    }

    let administrator = parameters.iam.as_ref().and_then(|iam| iam.principal_arn.as_deref());
    if let Some(arn) = administrator.filter(|arn| !arn.is_empty()) {
        cx.resource(
            sha256(&format!("accessEntry-{arn}")),
            shared.managed::<AccessEntry>(access_entry::ForProvider {
                cluster_name_selector: Some(Selector::controlled()),
                principal_arn: Some(arn.to_owned()),
                region: region(),
                r#type: Some("STANDARD".to_owned()),
                ..Default::default()
            }),
        );
        cx.resource(
            sha256(&format!("accessPolicyAssociation-{arn}")),
            shared.managed::<AccessPolicyAssociation>(access_policy_association::ForProvider {
                access_scope: Some(access_policy_association::AccessScope {
                    r#type: Some("cluster".to_owned()),
                    ..Default::default()
                }),
                cluster_name_selector: Some(Selector::controlled()),
                policy_arn: Some("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy".to_owned()),
                principal_arn_selector: Some(Selector::controlled()),
                region: region(),
                ..Default::default()
            }),
        );
    }
    // The access of an administrator who is no longer named goes.
    cx.drop_matching(|key| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let mut wanted = kubernetes::ProviderConfig::default();
    wanted.metadata = Some(ObjectMeta { name: Some(parameters.id.clone()), ..Default::default() });
    wanted.spec = Some(kubernetes::provider_config::Spec {
        credentials: Some(kubernetes::provider_config::Credentials {
            secret_ref: Some(kubernetes::provider_config::SecretRef {
                key: Some("kubeconfig".to_owned()),
                name: Some(connection_secret.clone()),
                namespace: cx.namespace().map(str::to_owned),
            }),
            source: Some(kubernetes::provider_config::Source::Secret),
            ..Default::default()
        }),
        ..Default::default()
    });
    cx.resource("providerConfig-kubernetes", wanted).ready(true);
    let mut wanted = helm::ProviderConfig::default();
    wanted.metadata = Some(ObjectMeta { name: Some(parameters.id.clone()), ..Default::default() });
    wanted.spec = Some(helm::provider_config::Spec {
        credentials: Some(helm::provider_config::Credentials {
            secret_ref: Some(helm::provider_config::SecretRef {
                key: Some("kubeconfig".to_owned()),
                name: Some(connection_secret),
                namespace: cx.namespace().map(str::to_owned),
            }),
            source: Some(helm::provider_config::Source::Secret),
            ..Default::default()
        }),
        ..Default::default()
    });
    cx.resource("providerConfig-helm", wanted).ready(true);

    let name = cluster.name().known().map(|name| ("clusterName".to_owned(), name.into()));
    let arn = nodes.read(path!(status.at_provider.arn)).known().map(|arn| ("nodeGroupArn".to_owned(), arn.into()));
    cx.status(Status { eks: Some(name.into_iter().chain(arn).collect::<Map<_, _>>()) });
    cx.connection_detail("kubeconfig", auth.connection_detail("kubeconfig"));
    Ok(())
}

/// Known once a resource has been observed in AWS and every condition that it has is met.
fn ready<K, A: Clone>(
    resource: &Handle<K>,
    conditions: Path<K, Vec<Condition>>,
    at_provider: Path<K, A>,
) -> Lazy<(Vec<Condition>, A)> {
    let met = |all: &Vec<Condition>| {
        !all.is_empty() && all.iter().all(|condition| condition.status == Some(ConditionStatus::True))
    };
    resource.read_when(conditions, met).zip(resource.read(at_provider))
}

/// The lower-case hexadecimal SHA-256 of a text.
fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The policy by which an AWS service may take over a role.
fn service_trust(service: &str) -> String {
    SERVICE_TRUST.replace("SERVICE", service)
}

// The texts are those of existing roles, white space included, so that nothing is updated when this platform takes over.
const SERVICE_TRUST: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Service": [
                    "SERVICE"
                ]
            },
            "Action": [
                "sts:AssumeRole"
            ]
        }
    ]
  }
"#;
const POD_TRUST: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Service": "pods.eks.amazonaws.com"
            },
            "Action": [
                "sts:AssumeRole",
                "sts:TagSession"
            ]
        }
    ]
}
"#;
