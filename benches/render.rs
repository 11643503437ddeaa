//! How long a render takes in process: the `Network` composition, by the number of composed resources.
//!
//! `cargo bench --bench render`. What is measured begins with parsed JSON and ends with what Crossplane would apply:
//! admission and defaulting of the composite resource, the composition, and all that Crossplane adds. The last case
//! prints the answer as YAML too, as the command line does.

use std::error::Error;
use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion};
use planewright::platform::Composition;
use planewright::render::{Format, Inputs};
use reference_platform::network::network;
use reference_platform::platform::Network;
use serde_json::{Value, json};

/// The resources of a network beside its subnets; each subnet adds itself and its association with the route table.
const SHARED: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let composition = Composition::new::<Network, _>("network", network).auto_ready();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("render");
    for resources in [26, 200] {
        let composite = network_of(resources);
        let first = composition.render(composite.clone(), Inputs::default())?;
        if first.resources.len() != resources {
            return Err(format!("{} resources instead of {resources}", first.resources.len()).into());
        }
        let observed: Vec<Value> = first.resources.values().map(|one| settled(one.resource.clone())).collect();
        let settled = Inputs { observed, ..Inputs::default() };
        for (case, inputs) in [("nothing observed", Inputs::default()), ("all observed", settled.clone())] {
            group.bench_with_input(BenchmarkId::new(case, resources), &inputs, |bencher, inputs| {
                bencher.iter_batched(
                    || (composite.clone(), inputs.clone()),
                    |(composite, inputs)| composition.render(black_box(composite), black_box(inputs)),
                    BatchSize::PerIteration,
                );
            });
        }
        group.bench_with_input(BenchmarkId::new("all observed, as YAML", resources), &settled, |bencher, inputs| {
            bencher.iter_batched(
                || (composite.clone(), inputs.clone()),
                |(composite, inputs)| -> Result<String, Box<dyn Error>> {
                    Ok(composition.render(black_box(composite), black_box(inputs))?.show(Format::Yaml)?)
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// A network of this many composed resources.
fn network_of(resources: usize) -> Value {
    let subnets: Vec<Value> = (0..(resources - SHARED) / 2)
        .map(|index| {
            let access = ["public", "private"][index % 2];
            json!({
                "availabilityZone": format!("eu-central-1{}", ["a", "b", "c"][index % 3]),
                "type": access,
                "cidrBlock": format!("10.40.{index}.0/24"),
            })
        })
        .collect();
    json!({
        "apiVersion": "aws.platform.upbound.io/v1alpha1",
        "kind": "Network",
        "metadata": {"name": "large", "namespace": "bench"},
        "spec": {"parameters": {
            "id": "large", "region": "eu-central-1", "vpcCidrBlock": "10.40.0.0/16", "subnets": subnets,
        }},
    })
}

/// A resource as its provider leaves it: named in AWS, ready, and with all its parameters in `atProvider`.
fn settled(mut resource: Value) -> Value {
    let name = resource["metadata"]["name"].clone();
    resource["metadata"]["annotations"]["crossplane.io/external-name"] = name.clone();
    let mut at_provider = resource["spec"]["forProvider"].clone();
    at_provider["id"] = name.clone();
    at_provider["arn"] = format!("arn:aws:ec2:eu-central-1:111122223333:thing/{name}").into();
    let condition = |kind: &str, reason: &str| json!({"type": kind, "status": "True", "reason": reason, "lastTransitionTime": "2024-01-01T00:00:00Z"});
    resource["status"] = json!({
        "atProvider": at_provider,
        "conditions": [condition("Ready", "Available"), condition("Synced", "ReconcileSuccess")],
    });
    resource
}
