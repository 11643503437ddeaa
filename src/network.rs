//! `Network`: a VPC with subnets, a route to the internet and a security group for databases.

use std::collections::BTreeMap;

use planewright::compose::{Cx, Defaults, Error, Result};
use planewright::{composition, path, resource, status};

use crate::aws::ec2::{
    InternetGateway, MainRouteTableAssociation, Route, RouteTable, RouteTableAssociation, SecurityGroup,
    SecurityGroupRule, Subnet, VPC,
};
use crate::platform::Network;
use crate::platform::network::{Subnets, Type};

/// The label by which others find the resources of a network.
pub const NETWORK_ID: &str = "networks.aws.platform.upbound.io/network-id";

/// Composes a network.
///
/// Resources point to one another by controller, so all of them can be created at once and nothing waits.
#[composition(xr = Network)]
pub fn network(cx: &mut Cx<Network>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters;
    if let Some((one, other)) = equal_subnets(&parameters.subnets) {
        return Err(Error::new(format!(
            "spec.parameters.subnets: items {one} and {other} are equal; remove one, or give it another zone, type or block"
        )));
    }
    cx.defaults(
        Defaults::new()
            .label(NETWORK_ID, &parameters.id)
            .management_policies(parameters.management_policies.iter().map(|policy| policy.as_str()))
            .provider_config(&parameters.provider_config_name),
    );

    let vpc = resource!(cx, vpc: VPC {
        spec.for_provider: {
            cidr_block: parameters.vpc_cidr_block,
            enable_dns_hostnames: true,
            enable_dns_support: true,
            region: parameters.region,
            tags: { "Name": cx.name() },
        },
    });
    resource!(cx, igw: InternetGateway {
        spec.for_provider: { region: parameters.region, vpc_id_selector.match_controller_ref: true },
    });
    resource!(cx, rt: RouteTable {
        spec.for_provider: { region: parameters.region, vpc_id_selector.match_controller_ref: true },
    });
    resource!(cx, route: Route {
        spec.for_provider: {
            destination_cidr_block: "0.0.0.0/0",
            gateway_id_selector.match_controller_ref: true,
            region: parameters.region,
            route_table_id_selector.match_controller_ref: true,
        },
    });
    resource!(cx, mrt: MainRouteTableAssociation {
        spec.for_provider: {
            region: parameters.region,
            route_table_id_selector.match_controller_ref: true,
            vpc_id_selector.match_controller_ref: true,
        },
    });
    let group = resource!(cx, sg: SecurityGroup {
        spec.for_provider: {
            description: "Allow access to databases",
            name: "platform-ref-aws-cluster",
            region: parameters.region,
            vpc_id_selector.match_controller_ref: true,
        },
    });
    // Everybody may come as far as the databases' ports; the VPC keeps them out.
    for (engine, port) in [("postgres", 5432), ("mysql", 3306)] {
        resource!(cx, "sgr-{engine}": SecurityGroupRule {
            spec.for_provider: {
                cidr_blocks: ["0.0.0.0/0"],
                description: "Everywhere",
                from_port: port,
                protocol: "tcp",
                region: parameters.region,
                security_group_id_selector.match_controller_ref: true,
                to_port: port,
                r#type: "ingress",
            },
        });
    }

    let (mut all_ids, mut public_ids, mut private_ids) = (Vec::new(), Vec::new(), Vec::new());
    for wanted in &parameters.subnets {
        let (zone, access) = (&wanted.availability_zone, wanted.r#type.as_str());
        let (public, private) = (wanted.r#type == Type::Public, wanted.r#type == Type::Private);
        let id = format!("{zone}-{}-{access}", wanted.cidr_block.replace(['.', '/'], "-"));
        let subnet = resource!(cx, "subnet-{id}": Subnet {
            metadata.labels: { "access": access, "zone": zone },
            spec.for_provider: {
                availability_zone: zone,
                cidr_block: wanted.cidr_block,
                map_public_ip_on_launch: public.then_some(true),
                region: parameters.region,
                tags: {
                    "kubernetes.io/role/elb": public.then_some("1"),
                    "kubernetes.io/role/internal-elb": private.then_some("1"),
                    (NETWORK_ID): public.then_some(&parameters.id),
                },
                vpc_id_selector.match_controller_ref: true,
            },
        });
        resource!(cx, "rta-{id}": RouteTableAssociation {
            spec.for_provider: {
                region: parameters.region,
                route_table_id_selector.match_controller_ref: true,
                subnet_id_selector: { match_controller_ref: true, match_labels: { "access": access, "zone": zone } },
            },
        });
        if let Some(id) = subnet.external_name().known() {
            if public { &mut public_ids } else { &mut private_ids }.push(id.clone());
            all_ids.push(id);
        }
    }
    // A subnet that the spec no longer names goes, and its association with it. Nothing else ever does.
    cx.drop_matching(|key| key.starts_with("subnet-") || key.starts_with("rta-"));

    status!(cx, {
        vpc_id: vpc.status.at_provider.id,
        subnet_ids: all_ids,
        public_subnet_ids: public_ids,
        private_subnet_ids: private_ids,
        security_group_ids: [group.read(path!(status.at_provider.id)).known().unwrap_or_default()],
    });
    Ok(())
}

/// The positions of two subnets that say the same, counted from 0.
fn equal_subnets(subnets: &[Subnets]) -> Option<(usize, usize)> {
    let mut seen = BTreeMap::new();
    subnets.iter().enumerate().find_map(|(position, wanted)| {
        let identity = (&wanted.availability_zone, &wanted.cidr_block, wanted.r#type);
        Some((seen.insert(identity, position)?, position))
    })
}
