//! The composition of the README, as a program:
//!
//! ```console
//! cargo run --example flat_network -- render examples/xr/network.yaml
//! ```

use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status, text};
use reference_platform::aws::ec2::{SecurityGroup, Subnet, VPC};
use reference_platform::platform::Network;

/// Composes a VPC, its subnets, and a security group.
#[composition(xr = Network)]
pub fn flat_network(cx: &mut Cx<Network>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters; // typed; defaults are filled in

    let vpc = resource!(cx, vpc: VPC {
        spec.for_provider: { region: parameters.region, cidr_block: parameters.vpc_cidr_block },
    });
    for wanted in &parameters.subnets {
        let block = wanted.cidr_block.replace(['.', '/'], "-");
        resource!(cx, "subnet-{block}": Subnet {
            spec.for_provider: {
                region: parameters.region,
                cidr_block: wanted.cidr_block,
                vpc_id: &vpc, // a reference to a VPC, and to nothing else; waits for its name
            },
        });
    }
    cx.drop_matching(|key| key.starts_with("subnet-")); // those that the spec no longer names

    // AWS gives the VPC its ID. Until then the group is held back; if it exists already, it stays as it is.
    resource!(cx, group: SecurityGroup {
        spec.for_provider: {
            region: parameters.region,
            vpc_id: vpc.status.at_provider.id,
            description: text!("Databases in {}", vpc.status.at_provider.id),
        },
    });
    status!(cx, { vpc_id: vpc.status.at_provider.id });
    Ok(())
}

planewright::main!(flat_network);
