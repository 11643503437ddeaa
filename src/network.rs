//! `Network`: a VPC with subnets, a route to the internet and a security group for databases.

use std::collections::BTreeMap;

use planewright::compose::{Cx, Error, Handle, Lazy, Result};
use planewright::path;
use planewright::resource::Managed;
use planewright::shapes::{
    ManagementPolicy, NamespacedSelector as Selector, Number, ObjectMeta, ProviderConfigReference,
};

use crate::aws::ec2::{
    InternetGateway, MainRouteTableAssociation, Route, RouteTable, RouteTableAssociation, SecurityGroup,
    SecurityGroupRule, Subnet, VPC, internet_gateway, main_route_table_association, route, route_table,
    route_table_association, security_group, security_group_rule, subnet, vpc,
};
use crate::platform::Network;
use crate::platform::network::{ManagementPolicies, Parameters, Status, Subnets, Type};

/// The label by which others find the resources of a network.
pub const NETWORK_ID: &str = "networks.aws.platform.upbound.io/network-id";

/// Composes a network.
///
/// Resources point to one another by controller, so all of them can be created at once and nothing waits.
pub fn network(cx: &mut Cx<Network>) -> Result<()> {
    let cx = &*cx;
    let xr = cx.xr();
    let parameters = &xr.spec.parameters;
    let region = || Some(parameters.region.clone());
    if let Some((one, other)) = equal_subnets(&parameters.subnets) {
        let message = format!(
            "spec.parameters.subnets: items {one} and {other} are equal; remove one, or give it another zone, type or block"
        );
        return Err(Error::new(message));
    }

    let vpc = managed::<VPC>(
        cx,
        parameters,
        "vpc",
        &[],
        vpc::ForProvider {
            cidr_block: Some(parameters.vpc_cidr_block.clone()),
            enable_dns_hostnames: Some(true),
            enable_dns_support: Some(true),
            region: region(),
            tags: Some([("Name".to_owned(), xr.metadata.name.clone().unwrap_or_default())].into()),
            ..Default::default()
        },
    );
    managed::<InternetGateway>(
        cx,
        parameters,
        "igw",
        &[],
        internet_gateway::ForProvider {
            region: region(),
            vpc_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    managed::<RouteTable>(
        cx,
        parameters,
        "rt",
        &[],
        route_table::ForProvider {
            region: region(),
            vpc_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    managed::<Route>(
        cx,
        parameters,
        "route",
        &[],
        route::ForProvider {
            destination_cidr_block: Some("0.0.0.0/0".to_owned()),
            gateway_id_selector: Some(Selector::controlled()),
            region: region(),
            route_table_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    managed::<MainRouteTableAssociation>(
        cx,
        parameters,
        "mrt",
        &[],
        main_route_table_association::ForProvider {
            region: region(),
            route_table_id_selector: Some(Selector::controlled()),
            vpc_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    let group = managed::<SecurityGroup>(
        cx,
        parameters,
        "sg",
        &[],
        security_group::ForProvider {
            description: Some("Allow access to databases".to_owned()),
            name: Some("platform-ref-aws-cluster".to_owned()),
            region: region(),
            vpc_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    for (key, port) in [("sgr-postgres", 5432), ("sgr-mysql", 3306)] {
        managed::<SecurityGroupRule>(cx, parameters, key, &[], database_access(parameters, port));
    }

    let mut status = Status {
        vpc_id: vpc.read(path!(status.at_provider.id)).known(),
        subnet_ids: Some(Vec::new()),
        public_subnet_ids: Some(Vec::new()),
        private_subnet_ids: Some(Vec::new()),
        security_group_ids: Some(vec![group.read(path!(status.at_provider.id)).known().unwrap_or_default()]),
    };
    for wanted in &parameters.subnets {
        if let Some(id) = compose_subnet(cx, parameters, wanted).known() {
            let side = match wanted.r#type {
                Type::Public => &mut status.public_subnet_ids,
                Type::Private => &mut status.private_subnet_ids,
            };
            side.get_or_insert_default().push(id.clone());
            status.subnet_ids.get_or_insert_default().push(id);
        }
    }
    // A subnet that the spec no longer names goes, and its association with it. Nothing else ever does.
    cx.drop_matching(|key| key.starts_with("subnet-") || key.starts_with("rta-"));
    cx.status(status);
    Ok(())
}

/// A subnet and its association with the route table. Known once AWS has given it an ID.
fn compose_subnet(cx: &Cx<Network>, parameters: &Parameters, wanted: &Subnets) -> Lazy<String> {
    let public = wanted.r#type == Type::Public;
    let (zone, access) = (wanted.availability_zone.as_str(), wanted.r#type.as_str());
    let id = format!("{zone}-{}-{access}", wanted.cidr_block.replace(['.', '/'], "-"));
    let region = Some(parameters.region.clone());
    let tags = match public {
        true => vec![("kubernetes.io/role/elb", "1"), (NETWORK_ID, &parameters.id)],
        false => vec![("kubernetes.io/role/internal-elb", "1")],
    };
    let tags = tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));

    let labels = [("access", access), ("zone", zone)];
    let subnet = managed::<Subnet>(
        cx,
        parameters,
        &format!("subnet-{id}"),
        &labels,
        subnet::ForProvider {
            availability_zone: Some(zone.to_owned()),
            cidr_block: Some(wanted.cidr_block.clone()),
            map_public_ip_on_launch: public.then_some(true),
            region: region.clone(),
            tags: Some(tags.collect()),
            vpc_id_selector: Some(Selector::controlled()),
            ..Default::default()
        },
    );
    managed::<RouteTableAssociation>(
        cx,
        parameters,
        &format!("rta-{id}"),
        &[],
        route_table_association::ForProvider {
            region,
            route_table_id_selector: Some(Selector::controlled()),
            subnet_id_selector: Some(Selector::controlled().and_labels(labels)),
            ..Default::default()
        },
    );
    subnet.read(path!(metadata.annotations["crossplane.io/external-name"]))
}

/// The positions of two subnets that say the same, counted from 0.
fn equal_subnets(subnets: &[Subnets]) -> Option<(usize, usize)> {
    let mut seen = BTreeMap::new();
    subnets.iter().enumerate().find_map(|(position, wanted)| {
        let identity = (&wanted.availability_zone, &wanted.cidr_block, wanted.r#type);
        Some((seen.insert(identity, position)?, position))
    })
}

/// A rule that lets everybody in to a database's port; the VPC keeps them out.
fn database_access(parameters: &Parameters, port: i32) -> security_group_rule::ForProvider {
    security_group_rule::ForProvider {
        cidr_blocks: Some(vec!["0.0.0.0/0".to_owned()]),
        description: Some("Everywhere".to_owned()),
        from_port: Some(Number::from(port)),
        protocol: Some("tcp".to_owned()),
        region: Some(parameters.region.clone()),
        security_group_id_selector: Some(Selector::controlled()),
        to_port: Some(Number::from(port)),
        r#type: Some("ingress".to_owned()),
        ..Default::default()
    }
}

/// Declares a managed resource with what all resources of a network share.
fn managed<K: Managed<ProviderConfig = ProviderConfigReference>>(
    cx: &Cx<Network>,
    parameters: &Parameters,
    key: &str,
    labels: &[(&str, &str)],
    for_provider: K::Parameters,
) -> Handle<K> {
    let mut resource = K::default();
    let labels = labels.iter().copied().chain([(NETWORK_ID, parameters.id.as_str())]);
    let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
    *resource.metadata() = Some(ObjectMeta { labels: Some(labels.collect()), ..Default::default() });
    *resource.for_provider() = Some(for_provider);
    *resource.management_policies() = Some(policies(&parameters.management_policies));
    *resource.provider_config_ref() = match parameters.provider_config_name.as_str() {
        "" => None,
        name => Some(ProviderConfigReference { kind: Some("ProviderConfig".to_owned()), name: Some(name.to_owned()) }),
    };
    cx.resource(key, resource)
}

/// No policies at all would mean that nothing is to be done; the API's users mean everything.
fn policies(wanted: &[ManagementPolicies]) -> Vec<ManagementPolicy> {
    match wanted {
        [] => vec![ManagementPolicy::All],
        _ => wanted.iter().map(|policy| policy.as_str().into()).collect(),
    }
}
