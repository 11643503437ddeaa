//! How the function runs in the cluster.

use serde_json::{Value, json};

use super::error::Faults;
use super::names::{Names, is_namespace};

/// How the function runs: how many Pods, what they ask for, where they are.
///
/// A function keeps nothing between requests, so any Pod can answer any request. Crossplane reaches them through a headless
/// Service and spreads its requests over them.
///
/// The defaults follow from measurements of the reference platform (`benches/README.md`): a request costs 0.15 ms of CPU, and the program holds 10 MiB after
/// ten thousand of them. A tenth of a core then answers several hundred requests a second.
#[derive(Clone, Debug)]
#[must_use]
pub struct Runtime {
    pub(super) replicas: u32,
    pub(super) autoscaling: Option<Autoscaling>,
    pub(super) namespace: String,
    cpu_millicores: u32,
    memory_mib: u32,
    memory_limit_mib: u32,
}

/// How many Pods there are, by their load.
///
/// **Know what it costs.** Crossplane v2 itself owns `spec.replicas` of the Deployment and writes it whenever it reconciles the function's
/// revision (to the smallest number, which is emitted for it), so after each reconcile the autoscaler begins anew. And as an autoscaler finds the Deployment by its
/// name, all revisions of the function must share one: while a new version is rolled out there is a moment without Pods, in which composite resources wait. A
/// fixed number of [replicas](Runtime::replicas) has neither, and a Pod answers thousands of requests a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Autoscaling {
    /// The smallest number of Pods.
    pub least: u32,
    /// The largest number of Pods.
    pub most: u32,
    /// The mean use of CPU that is aimed at, in percent of what a Pod asks for.
    pub cpu_percent: u32,
}

impl Default for Runtime {
    fn default() -> Self {
        Runtime::new()
    }
}

impl Runtime {
    /// Two Pods in the namespace `crossplane-system`, each asking for a tenth of a core and 32 MiB of memory, of which it gets
    /// 256 MiB at most.
    pub fn new() -> Self {
        Runtime {
            replicas: 2,
            autoscaling: None,
            namespace: "crossplane-system".to_owned(),
            cpu_millicores: 100,
            memory_mib: 32,
            memory_limit_mib: 256,
        }
    }

    /// A fixed number of Pods. Default: 2.
    pub fn replicas(self, replicas: u32) -> Self {
        Runtime { replicas, autoscaling: None, ..self }
    }

    /// As many Pods as the load needs; see [`Autoscaling`] for what it costs. Default: a fixed number.
    pub fn autoscale(self, autoscaling: Autoscaling) -> Self {
        Runtime { replicas: autoscaling.least, autoscaling: Some(autoscaling), ..self }
    }

    /// The namespace in which Crossplane runs functions: its own. Default: `crossplane-system`.
    pub fn namespace(self, namespace: impl Into<String>) -> Self {
        Runtime { namespace: namespace.into(), ..self }
    }

    /// What a Pod asks for: CPU in thousandths of a core, memory in MiB. Default: 100 and 32.
    pub fn requests(self, cpu_millicores: u32, memory_mib: u32) -> Self {
        Runtime { cpu_millicores, memory_mib, ..self }
    }

    /// How much memory a Pod gets at most, in MiB. Default: 256. There is no limit of CPU: it would only slow answers down.
    pub fn memory_limit(self, mib: u32) -> Self {
        Runtime { memory_limit_mib: mib, ..self }
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        let place = "runtime";
        if self.replicas == 0 {
            faults.add(place, "no Pod would run the function", "give one replica at least");
        }
        if let Some(Autoscaling { least, most, cpu_percent }) = self.autoscaling
            && (most < least || cpu_percent == 0)
        {
            let remedy = "give 1 or more at least, not less at most, and a percentage above 0";
            faults.add(place, format!("{least} to {most} Pods at {cpu_percent} % of CPU cannot be"), remedy);
        }
        if self.cpu_millicores == 0 || self.memory_mib == 0 || self.memory_limit_mib < self.memory_mib {
            faults.add(
                place,
                format!(
                    "{} thousandths of a core, {} MiB of memory and {} MiB at most cannot be",
                    self.cpu_millicores, self.memory_mib, self.memory_limit_mib
                ),
                "ask for more than nothing, and for no more memory than there is at most",
            );
        }
        if !is_namespace(&self.namespace) {
            faults.add(place, format!("{:?} is no namespace", self.namespace), "name the one that Crossplane runs in");
        }
    }

    /// The DeploymentRuntimeConfig.
    ///
    /// Crossplane fills in what runs and who runs it only where nothing is said, so the container's security context is
    /// said as a whole, with the user that Crossplane itself would take.
    pub(super) fn config(&self, names: &Names) -> Value {
        let function = &names.function;
        let spread = |key: &str| {
            json!({
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": { "matchLabels": { LABEL: function } },
                "matchLabelKeys": ["pod-template-hash"],
            })
        };
        let container = json!({
            "name": "package-runtime",
            "resources": {
                "requests": { "cpu": format!("{}m", self.cpu_millicores), "memory": format!("{}Mi", self.memory_mib) },
                "limits": { "memory": format!("{}Mi", self.memory_limit_mib) },
            },
            "securityContext": {
                "allowPrivilegeEscalation": false,
                "capabilities": { "drop": ["ALL"] },
                "privileged": false,
                "readOnlyRootFilesystem": true,
                "runAsGroup": 2000,
                "runAsNonRoot": true,
                "runAsUser": 2000,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
        });
        let mut template = json!({
            "spec": {
                "replicas": self.replicas,
                // The schema wants one; Crossplane replaces it.
                "selector": {},
                "template": {
                    "spec": {
                        "containers": [container],
                        "topologySpreadConstraints":
                            [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")],
                    },
                },
            },
        });
        if self.autoscaling.is_some() {
            // The autoscaler finds the Deployment by its name, which otherwise differs from revision to revision.
            template = json!({ "metadata": { "name": function }, "spec": template["spec"] });
        }
        json!({
            "apiVersion": "pkg.crossplane.io/v1beta1",
            "kind": "DeploymentRuntimeConfig",
            "metadata": { "name": function },
            "spec": { "deploymentTemplate": template },
        })
    }
}

/// The label that Crossplane gives to the Pods of every revision of a function.
pub(super) const LABEL: &str = "pkg.crossplane.io/function";
