//! The composition of the README, as a program:
//!
//! ```console
//! cargo run --example flat_network -- render examples/xr/network.yaml
//! ```

use planewright::compose::{Cx, Result};
use planewright::{field, path};
use reference_platform::aws::ec2::{SecurityGroup, Subnet, VPC};
use reference_platform::platform::Network;
use reference_platform::platform::network::Status;

/// Composes a VPC, its subnets, and a security group.
pub fn flat_network(cx: &mut Cx<Network>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters; // typed; defaults are filled in

    let mut vpc = cx.draft::<VPC>("vpc");
    vpc.set(field!(spec.for_provider.region), &parameters.region);
    vpc.set(field!(spec.for_provider.cidr_block), &parameters.vpc_cidr_block);
    let vpc = vpc.compose();

    for wanted in &parameters.subnets {
        let mut subnet = cx.draft::<Subnet>(format!("subnet-{}", wanted.cidr_block.replace(['.', '/'], "-")));
        subnet.set(field!(spec.for_provider.region), &parameters.region);
        subnet.set(field!(spec.for_provider.cidr_block), &wanted.cidr_block);
        subnet.set(field!(spec.for_provider.vpc_id_ref), &vpc); // of a VPC, and nothing else; waits for its name
        subnet.compose();
    }
    cx.drop_matching(|key| key.starts_with("subnet-")); // those that the spec no longer names

    // AWS gives the VPC its ID. Until then the group is held back; if it exists already, it stays as it is.
    let id = vpc.read(path!(status.at_provider.id));
    let mut group = cx.draft::<SecurityGroup>("group");
    group.set(field!(spec.for_provider.region), &parameters.region);
    group.set(field!(spec.for_provider.vpc_id), id.clone());
    group.set(field!(spec.for_provider.description), id.clone().map(|id| format!("Databases in {id}")));
    group.compose();

    cx.status(Status { vpc_id: id.known(), ..Status::default() });
    Ok(())
}

planewright::main!(flat_network);
