//! `EKS`: a Kubernetes cluster in the public subnets of a network, with its nodes, storage driver and credentials.

use planewright::compose::{Cx, Defaults, Error, Handle, Lazy, Path, Result};
use planewright::shapes::{Condition, ConditionStatus};
use planewright::{composition, path, resource, status, text};
use sha2::{Digest, Sha256};

use crate::aws::ec2::SecurityGroup;
use crate::aws::eks::{
    AccessEntry, AccessPolicyAssociation, Addon, Cluster, ClusterAuth, NodeGroup, PodIdentityAssociation,
};
use crate::aws::iam::Role;
use crate::network::NETWORK_ID;
use crate::platform::EKS;
use crate::{helm, kubernetes};

/// Composes a cluster, one thing after the other: the control plane, credentials for it, its network addon, the nodes, and
/// what runs on them. What exists stays, whatever becomes of the things before it.
#[composition(xr = EKS)]
pub fn eks(cx: &mut Cx<EKS>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters;
    let count = parameters.nodes.count;
    if count < 1 {
        return Err(Error::new(format!(
            "spec.parameters.nodes.count: {count} is too few: the node group always keeps a node; give 1 to 100"
        )));
    }
    cx.defaults(
        Defaults::new()
            .management_policies(parameters.management_policies.iter().flatten().map(|policy| policy.as_str()))
            .provider_config(&parameters.provider_config_name),
    );

    // Who may take over which role. The texts are those of the published API, white space included: an existing role is not
    // updated when this platform takes over.
    let policy = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
    resource!(cx, controlplaneRole: Role {
        metadata.labels: { "role": "controlplane" },
        spec.for_provider: {
            assume_role_policy: include_str!("eks/control-plane-trust.json"),
            force_detach_policies: true,
            managed_policy_arns: [policy("AmazonEKSClusterPolicy")],
        },
    });
    resource!(cx, nodegroupRole: Role {
        metadata.labels: { "role": "nodegroup" },
        spec.for_provider: {
            assume_role_policy: include_str!("eks/nodes-trust.json"),
            force_detach_policies: true,
            managed_policy_arns: [
                policy("AmazonEKSWorkerNodePolicy"),
                policy("AmazonEKS_CNI_Policy"),
                policy("service-role/AmazonEBSCSIDriverPolicy"),
                policy("AmazonEC2ContainerRegistryReadOnly"),
            ],
        },
    });
    resource!(cx, ebsCSIDriverRole: Role {
        metadata.labels: { "role": "ebs-csi-driver" },
        spec.for_provider: {
            assume_role_policy: include_str!("eks/pods-trust.json"),
            force_detach_policies: true,
            managed_policy_arns: [policy("service-role/AmazonEBSCSIDriverPolicy")],
        },
    });

    let cluster = resource!(cx, kubernetesCluster: Cluster {
        spec.for_provider: {
            access_config: {
                authentication_mode: parameters.access_config.authentication_mode.map(|mode| mode.as_str()),
                bootstrap_cluster_creator_admin_permissions:
                    parameters.access_config.bootstrap_cluster_creator_admin_permissions,
            },
            region: parameters.region,
            role_arn_selector: { match_controller_ref: true, match_labels: { "role": "controlplane" } },
            vpc_config: {
                endpoint_private_access: true,
                subnet_id_selector.match_labels: { (NETWORK_ID): parameters.id, "access": "public" },
            },
        },
    });
    // AWS makes the cluster's security group; the platform takes it over to tag it, for as long as the cluster reports it.
    let group = cluster.read_when(path!(status.at_provider.vpc_config.cluster_security_group_id), |id| !id.is_empty());
    if let Some(id) = group.known() {
        resource!(cx, clusterSecurityGroupImport: SecurityGroup {
            metadata.annotations: { "crossplane.io/external-name": id },
            spec.for_provider: {
                region: parameters.region,
                tags: { "eks.aws.platform.upbound.io/discovery": parameters.id },
            },
        });
    } else {
        cx.drop_resource("clusterSecurityGroupImport");
    }

    let secret = text!("{}-ekscluster", cx.metadata().uid.as_deref().unwrap_or_default());
    let auth = resource!(cx, kubernetesClusterAuth: ClusterAuth {
        spec.for_provider: {
            cluster_name_selector.match_controller_ref: true,
            refresh_period: "10m0s",
            region: parameters.region,
        },
        spec.write_connection_secret_to_ref.name: secret.clone(),
    });
    auth.after(ready(&cluster, path!(status.at_provider)));

    let cni = resource!(cx, "vpc-cni-addon": Addon {
        spec.for_provider: {
            addon_name: "vpc-cni",
            cluster_name_selector.match_controller_ref: true,
            configuration_values: r#"{"env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"false"}}"#,
            region: parameters.region,
        },
    });
    cni.after(ready(&auth, path!(status.at_provider)));

    let nodes = resource!(cx, nodeGroupPublic: NodeGroup {
        spec.for_provider: {
            cluster_name_selector.match_controller_ref: true,
            instance_types: [parameters.nodes.instance_type.clone()],
            node_role_arn_selector: { match_controller_ref: true, match_labels: { "role": "nodegroup" } },
            region: parameters.region,
            scaling_config: { max_size: 100, min_size: 1 },
            subnet_id_selector.match_labels: { (NETWORK_ID): parameters.id, "access": "public" },
        },
        // Where the nodes begin; later it is up to whatever scales them.
        spec.init_provider.scaling_config.desired_size: count,
    });
    nodes.after(ready(&cni, path!(status.at_provider)));
    let nodes_ready = ready(&nodes, path!(status.at_provider));

    let identity = resource!(cx, ebsCSIDriverPodIdentityAssociation: PodIdentityAssociation {
        spec.for_provider: {
            cluster_name_selector.match_controller_ref: true,
            namespace: "kube-system",
            region: parameters.region,
            role_arn_selector: { match_controller_ref: true, match_labels: { "role": "ebs-csi-driver" } },
            service_account: "ebs-csi-controller-sa",
        },
    });
    let storage = resource!(cx, "aws-ebs-csi-driver-addon": Addon {
        spec.for_provider: {
            addon_name: "aws-ebs-csi-driver",
            cluster_name_selector.match_controller_ref: true,
            configuration_values: r#"{"defaultStorageClass": {"enabled": true}}"#,
            region: parameters.region,
        },
    });
    storage.after(ready(&identity, path!(status.at_provider))).after(nodes_ready.as_ref());

    // Unlike everything else, this addon goes while the nodes are not ready, and comes back with them.
    if nodes_ready.is_known() {
        resource!(cx, "eks-pod-identity-agent-addon": Addon {
            spec.for_provider: {
                addon_name: "eks-pod-identity-agent",
                cluster_name_selector.match_controller_ref: true,
                region: parameters.region,
            },
        });
    } else {
        cx.drop_resource("eks-pod-identity-agent-addon");
    }

    let principal = parameters.iam.as_ref().and_then(|iam| iam.principal_arn.as_deref());
    if let Some(arn) = principal.filter(|arn| !arn.is_empty()) {
        resource!(cx, (sha256(&format!("accessEntry-{arn}"))): AccessEntry {
            spec.for_provider: {
                cluster_name_selector.match_controller_ref: true,
                principal_arn: arn,
                region: parameters.region,
                r#type: "STANDARD",
            },
        });
        resource!(cx, (sha256(&format!("accessPolicyAssociation-{arn}"))): AccessPolicyAssociation {
            spec.for_provider: {
                access_scope.r#type: "cluster",
                cluster_name_selector.match_controller_ref: true,
                policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                principal_arn_selector.match_controller_ref: true,
                region: parameters.region,
            },
        });
    }
    // The access of an administrator who is no longer named goes. No other key looks like a hash.
    cx.drop_matching(|key| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()));

    resource!(cx, "providerConfig-kubernetes": kubernetes::ProviderConfig {
        metadata.name: parameters.id,
        spec.credentials: {
            source: kubernetes::provider_config::Source::Secret,
            secret_ref: { namespace: cx.namespace(), name: secret.clone(), key: "kubeconfig" },
        },
    })
    .ready(true);
    resource!(cx, "providerConfig-helm": helm::ProviderConfig {
        metadata.name: parameters.id,
        spec.credentials: {
            source: helm::provider_config::Source::Secret,
            secret_ref: { namespace: cx.namespace(), name: secret, key: "kubeconfig" },
        },
    })
    .ready(true);

    status!(cx, {
        eks: {
            "clusterName": cluster.metadata.name,
            "nodeGroupArn": nodes.status.at_provider.arn,
        },
    });
    cx.connection_detail("kubeconfig", auth.connection_detail("kubeconfig"));
    Ok(())
}

/// Known once a resource has been seen in AWS and every condition that it has is met.
fn ready<K, A: Clone>(resource: &Handle<K>, at_provider: Path<K, A>) -> Lazy<A> {
    let met = |condition: &Condition| condition.status == Some(ConditionStatus::True);
    resource.when(|all| all.iter().all(met)).and_then(|_| resource.read(at_provider))
}

/// The lower-case hexadecimal SHA-256 of a text.
fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
